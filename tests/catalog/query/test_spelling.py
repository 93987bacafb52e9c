import random
import string

import pytest

from catalog import stem
from catalog.query.spelling import Speller

CARRIED = (
    "headphones kettle leather wallet letter table sneakers necklace chocolate ceramic umbrella water bottle backpack mats"
    " song ass acre mile kodak adidas playing mobile jewelry dinosaur running shoes bit fit"
)
SHOP = Speller({stem(word): 20 for word in CARRIED.split()})
SMALL_SHOP = Speller({stem(word): 1 for word in CARRIED.split()})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("headphoens", "headphones"), ("headphnes", "headphones"), ("headdphones", "headphones"), ("ehadphones", "headphones"),
        ("tabel", "table"), ("ketle", "kettle"), ("kettlle", "kettle"), ("lether", "leather"), ("neclace", "necklace"),
        ("choclate", "chocolate"), ("cermaic", "ceramic"), ("umbrela", "umbrella"), ("bakpack", "backpack"), ("jewlery", "jewelry"),
        ("dinosor", "dinosaur"), ("snikers", "sneakers"), ("runing", "running"), ("wallte", "wallet"),
    ],
)  # fmt: skip
def test_a_mistyped_word_stands_for_one_that_listings_hold(typed: str, meant: str) -> None:
    assert SHOP.correction(typed) == (meant,)
    assert SMALL_SHOP.correction(typed) == (meant,)


@pytest.mark.parametrize(
    "word",
    [
        "sushi", "hats", "kayak", "oboe", "yurt", "sony", "nintendo", "mortgage", "couch", "earphones",  # words that people use
        "asus", "acer", "miele", "skechers", "xiaomi", "playmobil", "fitbit",  # names, too unlike what is carried to be slips
        "kettle", "running", "mat", "hte", "wh1000xm4", "1000", "qqqqqqqqqqqq", "水壶", "a",
    ],
)  # fmt: skip
def test_a_word_that_is_used_a_name_and_a_code_stay_as_they_are(word: str) -> None:
    assert SMALL_SHOP.correction(word) == ()


def test_two_words_run_together_are_parted() -> None:
    assert SHOP.correction("waterbottle") == ("water", "bottle")
    assert SHOP.correction("leatherwallet") == ("leather", "wallet")


def test_of_two_words_as_near_the_commoner_one_is_meant() -> None:
    for common, rare in (("leather", "letter"), ("letter", "leather")):
        assert Speller({stem(common): 50, stem(rare): 2}).correction("leter" if common == "letter" else "lether") == (
            common,
        )


def test_a_brand_is_spelt_with_the_ending_that_was_typed() -> None:
    assert SHOP.correction("addidas") == ("adidas",)


def test_a_thing_of_the_lexicon_is_meant_before_a_word_unlike_it() -> None:
    assert Speller({"umbra": 50}).correction("umbrela") == ("umbrella",)


def test_no_vocabulary_and_no_slip_of_another_letter_break_it() -> None:
    empty, letters = Speller({}), random.Random(4)
    for length in range(12):
        empty.correction("".join(letters.choices(string.ascii_lowercase, k=length)))
    assert empty.correction("zzzzxq") == ()


def test_a_warm_speller_reads_the_words_of_the_catalogue_no_more() -> None:
    class Counted(dict[str, int]):
        read = 0

        def __iter__(self):
            self.read += 1
            return super().__iter__()

    frequency = Counted({stem(word): 20 for word in CARRIED.split()})
    speller = Speller(frequency)
    speller.warm()
    before = frequency.read
    assert before > 0
    assert speller.correction("headphoens") == ("headphones",)
    assert frequency.read == before
