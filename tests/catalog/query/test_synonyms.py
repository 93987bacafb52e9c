import pytest

from catalog import tokens
from catalog.query.synonyms import synonyms


def holding(**counts: int) -> dict[str, int]:
    return {token: count for word, count in counts.items() for token in tokens(word.replace("_", "-"))}


def test_another_name_in_the_same_language_weighs_half() -> None:
    assert synonyms("couch", holding(sofa=9)) == {"sofa": 0.5}


def test_the_first_name_in_the_other_language_weighs_as_what_was_said() -> None:
    assert synonyms("耳机", holding(headphone=9, earbud=9)) == {"headphon": 1.0, "earbud": 0.5}
    assert synonyms("headphones", holding(耳机=9)) == {"耳机": 1.0}


def test_the_words_of_a_name_share_its_weight() -> None:
    assert synonyms("coffee maker", holding(coffee=9, machine=9)) == {"coffe": 0.25, "machin": 0.25}


def test_a_name_that_listings_can_not_hold_in_full_brings_nothing() -> None:
    assert synonyms("咖啡机", holding(coffee=9)) == {}


def test_a_name_counts_by_how_common_it_is_beside_the_one_said() -> None:
    assert synonyms("couch", holding(couch=1, sofa=9))["sofa"] == pytest.approx(0.45)
    assert synonyms("sofa", holding(couch=1, sofa=9))["couch"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("phone cases", "壳", "智能手机"), ("大衣柜", "wardrob", "coat"), ("water-resistant", "waterproof", ""), ("water resistant", "waterproof", ""),
        ("shorts", "短裤", "短款"), ("short sleeve", "短袖", "短裤"), ("红色裙子", "red", ""), ("kids' toys", "儿童", ""), ("无线", "wireless", ""),
        ("knives", "刀", ""), ("防水背包", "backpack", ""), ("Wi-Fi", "无线网络", ""), ("花瓶", "vase", "rose"),
        ("玻璃碗", "glass", "vase"), ("玻璃碗", "bowl", ""),
    ],
)  # fmt: skip
def test_the_longest_name_is_understood(text: str, wanted: str, unwanted: str) -> None:
    everything = dict.fromkeys(
        tokens(
            "手机壳 壳 智能手机 wardrobe coat waterproof 短裤 短款 短袖 red dress 儿童 wireless 刀 backpack 无线网络 vase rose 玩具 glass bowl"
        ),
        5,
    )
    found = synonyms(text, everything)
    assert any(wanted in token for token in found)
    assert not any(unwanted in token for token in found) or not unwanted


def test_what_is_in_no_lexicon_has_no_other_names() -> None:
    assert synonyms("zyxwv 123 !? 囍", {"zyxwv": 1}) == {}
    assert synonyms("", {}) == {}
