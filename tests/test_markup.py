"""What belongs to a page and not to speech."""

import pytest

from assistant.markup import links, markup


@pytest.mark.parametrize(
    "sentence",
    [
        "See http://evil.example for more.",
        "Visit www.cheap-lamps.example today.",
        "Buy it at megamart.com instead.",
        "The lamp is <b>bright</b>.",
        "The lamp ![x](y) is bright.",
        "The **lamp** is bright.",
        "Click javascript:alert(1) now.",
        "It is &lt;free&gt; today.",
        "The `lamp` is bright.",
    ],
)
def test_links_and_markup_are_named(sentence):
    assert markup(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The lamp weighs 1.4 kg.",
        "It is 30 cm x 20 cm & foldable.",
        "Made for ages 3+.",
        "It costs < $50.",
        "台灯很亮，¥99。",
        "It glows e.g. at night.",
    ],
)
def test_plain_sentences_hold_none(sentence):
    assert markup(sentence) == "" and not links(sentence)
