import pytest

from catalog.feeds.prose import bare, plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Soft&nbsp;cotton &amp; linen</p><p>Washable!</p>", "Soft cotton & linen. Washable!"),
        ("<ul><li>Two pockets</li><li>A hood.</li></ul>", "Two pockets. A hood."),
        ("<table><tr><th>Weight</th><td>3 kg</td></tr></table>", "Weight: 3 kg."),
        ("<dl><dt>Made in:</dt><dd>Oslo</dd></dl>", "Made in: Oslo."),
        ("one<br>two", "one two"),
        ("<p>棉质</p><p>柔软</p>", "棉质。 柔软。"),
        ("a<b>bold</b>move<!-- hidden -->", "aboldmove"),
        ("<p>unclosed <i>tags", "unclosed tags."),
        ("&lt;p&gt;Escaped twice&lt;/p&gt;", "Escaped twice."),
        ("caf&eacute; &#9749;", "café ☕"),
        ("5 < 6 and a > b", "5 < 6 and a > b"),
        ("Tom & Jerry\n\n plain", "Tom & Jerry plain"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_markup_becomes_sentences_and_plain_text_stays(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "svg", "iframe", "title"])
def test_what_a_shopper_would_not_see_is_dropped(tag: str) -> None:
    assert "hidden" not in plain(f"<p>Seen</p><{tag}>hidden</{tag}><p>too</p>")


def test_markup_nested_without_end_is_cut_and_read() -> None:
    assert plain("<div>" * 50_000 + "deep") == ""


def test_a_title_is_made_no_sentence() -> None:
    assert bare("<p>Oak <b>desk</b> &amp; chair</p>") == "Oak desk & chair"
