import pytest

from catalog import mentions


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Two mugs", "mug"), ("A mug", "mugs"), ("T-shirts for all", "t-shirt"), ("a running shoe", "Running Shoes"),
        ("USB-C charging", "usb-c"), ("a 2.4GHz link", "2.4 GHz"), ("Café au lait", "café"), ("men’s boots", "men's"),
        ("纯棉床单", "棉"), ("白色cotton床单", "cotton"), ("42码", "42"), ("boxes", "box"), ("berries", "berry"),
    ],
)  # fmt: skip
def test_a_word_is_mentioned_in_singular_and_plural(text: str, term: str) -> None:
    assert mentions(text, term)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("a smug look", "mug"), ("leatherette", "leather"), ("1.7 L", "7 L"), ("42.5", "42"), ("women's", "S"), ("", "mug"),
        ("anything", ""), ("anything", "?"), ("床单", "被"), ("shoe, running", "running shoe"), ("2 x 5", "2 x 2"),
    ],
)  # fmt: skip
def test_part_of_a_word_is_no_mention(text: str, term: str) -> None:
    assert not mentions(text, term)
