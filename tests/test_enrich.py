import json
from pathlib import Path

import pytest

from assistant.enrich import Readings, enrich, main
from assistant.errors import ModelError
from catalog import CatalogTables, Enriched, Extracted
from tests.catalog.conftest import product
from tests.fakes import scripted

LAMP = product("lamp", description="Tips the scales at 310 g.")
BOWL = product("bowl", description="Holds a litre, 1 L, of soup.")
FOUND = Extracted("Weight", "310 g", "Tips the scales at 310 g.", "en", "model")


@pytest.fixture
def enriched(tmp_path: Path) -> Enriched:
    return Enriched(CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}").engine)


def _answers(prompt: str) -> list[str]:
    listing = prompt.rpartition("The listing")[2]
    weighs = [{"name": "Weight", "line": 1, "value": "310 g"}] if "310 g" in listing else []
    return [json.dumps({"found": weighs})]


def test_what_the_model_finds_is_kept_with_the_progress_shown(enriched: Enriched) -> None:
    shown: list[tuple[str, int, int]] = []
    done = enrich([LAMP, BOWL], enriched, scripted(_answers), lambda *at: shown.append(at))
    assert done == Readings(read=2, found=1, failed=0)
    assert shown == [("listings read", 1, 2), ("listings read", 2, 2)]
    assert [item.extracted for item in enriched.joined([LAMP, BOWL])] == [(FOUND,), ()]
    assert list(enriched.missing([LAMP, BOWL])) == []


def test_a_listing_that_the_model_fails_at_is_left_for_the_next_run(enriched: Enriched) -> None:
    model = scripted(lambda prompt: ["no JSON"] if "soup" in prompt.rpartition("The listing")[2] else _answers(prompt))
    assert enrich([BOWL, LAMP], enriched, model, lambda *_: None) == Readings(read=1, found=1, failed=1)
    assert list(enriched.missing([LAMP, BOWL])) == [BOWL]


def test_a_model_that_is_gone_is_not_asked_for_ever_and_what_was_read_stays(enriched: Enriched) -> None:
    many = [LAMP, *(product(f"p{n}", description="Has room for 2 L, more or less.") for n in range(9))]
    model = scripted(lambda prompt: _answers(prompt) if "310 g" in prompt.rpartition("The listing")[2] else [""])
    with pytest.raises(ModelError):
        enrich(many, enriched, model, lambda *_: None)
    assert len(list(enriched.missing(many))) == 9


def test_an_empty_catalogue_needs_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_CATALOG_URL", raising=False)
    assert main([]) == 0
    assert "every listing has been read" in capsys.readouterr().out


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["--limit", "0"])
