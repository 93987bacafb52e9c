from collections import Counter

from catalog import has_cjk, thing_rows, words
from catalog.query.english import english, is_english
from catalog.query.lexicon import general_rows, named_rows


def test_every_row_has_names_in_both_languages() -> None:
    for row in (*thing_rows(), *general_rows()):
        assert any(has_cjk(name) for name in row), row
        assert not all(has_cjk(name) for name in row), row


def test_no_name_stands_in_two_rows_of_both_lexicons() -> None:
    counts = Counter(name.casefold() for row in (*thing_rows(), *general_rows()) for name in row)
    assert [name for name, count in counts.items() if count > 1] == []


def test_names_are_known_in_the_plural_and_without_hyphens() -> None:
    assert named_rows()["knives"] is named_rows()["knife"]
    assert named_rows()["t shirts"] is named_rows()["t shirt"]
    assert named_rows()["dish racks"] is named_rows()["dish rack"]
    assert named_rows()["batteries"] is named_rows()["battery"]
    assert named_rows()["water resistant"] is named_rows()["waterproof"]


def test_a_name_of_its_own_is_no_plural_of_another() -> None:
    assert named_rows()["shorts"] is not named_rows()["short"]


def test_chinese_names_of_things_are_one_word_in_any_text() -> None:
    split = [
        name for row in thing_rows() for name in row if has_cjk(name) and len(name) > 1 and name not in words(name)
    ]
    assert split == []


def test_english_is_told_from_slips() -> None:
    assert all(map(is_english, ("kayak", "hats", "earphones", "colour", "sony")))
    assert not any(map(is_english, ("headphoens", "lether", "xqz", "")))
    assert english()["running"] == english()["run"]
