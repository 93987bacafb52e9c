"""One file per prompt and language; what the record knows of them."""

import pytest

from assistant import prompts
from assistant.prompts import Prompt, prompt, systems, version

BLANKS = {
    "recommend": {"message": "a lamp", "title": "Alder", "facts": "Oak."},
    "answer": {"lines": "1. Oak.", "question": "Is it oak?"},
    "draft": {"lines": "1. Returns are free.", "question": "Who pays?"},
    "translate": {"text": "Where is it?"},
    "service": {"message": "where is my parcel?"},
}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder of prompts of its own, with nothing remembered of another."""
    monkeypatch.setattr(prompts, "_FOLDER", tmp_path)
    for cached in (prompts.prompt, prompts.version):
        cached.cache_clear()
    yield tmp_path
    for cached in (prompts.prompt, prompts.version):
        cached.cache_clear()


def test_every_prompt_is_there_in_both_languages():
    names = {file.stem for file in prompts._FOLDER.glob("*.md")}
    assert names == {f"{name}.{locale}" for name in BLANKS for locale in ("en", "zh")}


@pytest.mark.parametrize("name", BLANKS)
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_prompt_is_filled_with_all_its_values(name, locale):
    asked = prompt(name, locale)
    filled = asked.fill(**BLANKS[name])
    assert all(value in filled for value in BLANKS[name].values())
    assert "{" not in filled
    assert asked.system


@pytest.mark.parametrize("name", BLANKS)
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_missing_blank_raises(name, locale):
    for blank in BLANKS[name]:
        rest = {key: value for key, value in BLANKS[name].items() if key != blank}
        with pytest.raises(KeyError, match=blank):
            prompt(name, locale).fill(**rest)


def test_braces_in_a_value_or_in_the_system_text_are_left_alone():
    assert prompt("answer", "en").system.count('{"line"') >= 1
    assert "{title}" in prompt("recommend", "en").fill(**BLANKS["recommend"] | {"message": "{title} {0}"})


def test_an_unknown_prompt_raises():
    with pytest.raises(FileNotFoundError):
        prompt("sell-at-any-price", "en")


def test_the_version_changes_with_any_text(folder):
    (folder / "a.en.md").write_text("Be kind.\n---\n{message}")
    before = version()
    version.cache_clear()
    assert version() == before
    (folder / "a.en.md").write_text("Be brief.\n---\n{message}")
    version.cache_clear()
    assert version() != before
    assert systems() == ("Be brief.",)
    assert prompt("a", "en") == Prompt("a.en", "Be brief.", "{message}")
