import pytest

from catalog import STOPWORDS, has_cjk, stem, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two Red MUGS", ["two", "red", "mugs"]),
        ("USB-C, A4 and 65W", ["usb-c", "a4", "and", "65w"]),
        ("don’t", ["don't"]),
        ("", []),
        ("!?…", []),
    ],
)
def test_words_are_lower_case_and_codes_stay_whole(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_chinese_is_cut_into_words() -> None:
    assert "电热" in words("电热水壶") or "水壶" in words("电热水壶")
    assert words("白色T恤")[0] == "白色"


def test_accents_and_full_width_letters_make_no_other_word() -> None:
    assert words("Pokémon CAFÉ ＵＳＢ－C") == ["pokemon", "cafe", "usb-c"]


def test_a_chinese_name_of_a_thing_is_one_word_alone_and_in_a_listing() -> None:
    assert "手机壳" in words("手机壳") and "手机壳" in words("透明手机壳防摔")


def test_tokens_are_stemmed_and_carry_meaning() -> None:
    assert tokens("I am looking for the running shoes") == [stem("am"), "run", "shoe"]
    assert not set(tokens("我想买一个水壶")) & STOPWORDS
    assert "水壶" in tokens("我想买一个水壶")


def test_a_stem_is_shared_by_singular_plural_and_possessive() -> None:
    assert stem("mugs") == stem("mug") == stem("mug's")
    assert stem("水壶") == "水壶"


def test_cjk_is_seen_anywhere_in_a_text() -> None:
    assert has_cjk("a 壶")
    assert not has_cjk("café")
