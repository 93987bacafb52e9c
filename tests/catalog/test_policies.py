from pathlib import Path

import pytest

from catalog import CatalogError, load_policies


def test_each_section_is_a_policy_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "returns.en.md").write_text(
        "\ufeff# Returns\nIntro\n\n## Window\n30 days.\n\nUnused.\n\n## Costs\n### Free\nWe pay.\n"
    )
    (tmp_path / "returns.zh.md").write_text("## 期限\r\n30 天。\r\n", encoding="utf-8")
    (tmp_path / "returns.fr.md").write_text("## Délai\n30 jours.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("## Private\nx\n")
    found = load_policies(tmp_path)
    assert [(p.id, p.locale, p.title, p.text) for p in found] == [
        ("returns.en.1", "en", "Window", "30 days. Unused."),
        ("returns.en.2", "en", "Costs", "### Free We pay."),
        ("returns.zh.1", "zh", "期限", "30 天。"),
    ]


def test_no_folder_is_no_policy(tmp_path: Path) -> None:
    assert load_policies(tmp_path / "none") == ()


def test_a_policy_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "returns.en.md").write_bytes(b"## Caf\xe9\nx\n")
    with pytest.raises(CatalogError, match=r"returns\.en\.md.*UTF-8"):
        load_policies(tmp_path)
