"""Text as a person sees it: without characters that show nothing, letters in disguise, tags or a model's own marks."""

import base64
import binascii
import re
import unicodedata

_MARKED = re.compile(
    r"<\|[^|<>\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|</?(?:system|assistant|user|message|prompt|instructions?)>"
)  # what chat templates set between messages
_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z!][^<>]{0,300}>?", re.DOTALL)
# Control and format characters, and the variation selectors that can carry a text of their own.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe0e\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_DISGUISED = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2460-\u24ff\u2100-\u214f\U0001d400-\U0001d7ff]")
_KEPT = frozenset("℃℉№™℗℠Ω")
_MIXED = re.compile(r"\w*(?:[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z])\w*")
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНοαερνικΟΑΕΡΝΙΚ", "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHoaepvikOAEPNIK"
)
_SPACED = re.compile(r"(?<![^\W_])[a-zA-Z](?:[\s.\-_*|]{1,3}[a-zA-Z]){5,}(?![^\W_])")
_SPACED_ZH = re.compile(r"(?<=[\u4e00-\u9fff])[\s.\-_*|]+(?=[\u4e00-\u9fff])")
_EMPHASIS = re.compile(r"[*_~`]{1,3}|^\s*#+\s*", re.MULTILINE)
_STYLED = re.compile(r"[*_~`#]")
_CODED = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")


def seen(text: str) -> str:
    """`text` without invisible characters, disguised letters, tags and marks; ordinary text is returned as it is."""
    text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = _DISGUISED.sub(lambda found: found[0] if found[0] in _KEPT else _letter(found[0]), text)
        text = _MIXED.sub(lambda found: found[0].translate(_LOOKALIKES), text)
    return _TAG.sub(" ", _MARKED.sub(" ", text)) if "<" in text or "[" in text else text


def marked(text: str) -> bool:
    """Whether `text` holds marks that only a model's own prompts have."""
    return _MARKED.search(text) is not None


def parted(text: str) -> str:
    """`text` with a line's end in place of every mark."""
    return _MARKED.sub("\n", text)


def one_line(text: str) -> str:
    """`seen` text on one line: how a value stands in a prompt, where a line break would begin another value."""
    return " ".join(seen(text).split())


def readings(text: str) -> tuple[str, ...]:
    """All that `text` may say to one who decodes: as it is seen, with its letters drawn together, from base64."""
    shown = seen(text)
    shown = _EMPHASIS.sub("", shown) if _STYLED.search(shown) else shown
    found = [" ".join(shown.split())]
    joined = _SPACED_ZH.sub("", _SPACED.sub(_joined, shown))
    if joined != shown:
        found.append(" ".join(joined.split()))
    found += [decoded for run in _CODED.findall(shown) if (decoded := _decoded(run))]
    return tuple(found)


def _joined(run: re.Match[str]) -> str:
    """Spaced letters as words: wider gaps are those between words, where there are any."""
    return " ".join(re.sub(r"[^a-zA-Z]", "", word) for word in re.split(r"\s{2,}", run[0]))


def _letter(char: str) -> str:
    return unicodedata.normalize("NFKC", char)


def _decoded(run: str) -> str:
    """What a run of base64 says, where that is text."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return text if text.isprintable() else ""
