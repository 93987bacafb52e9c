"""Links, HTML, Markdown and script in a sentence: nothing that an assistant of a shop has to say."""

import re

_LINK = re.compile(
    r"\b(?:https?|ftp|file)\s*:/|\bwww\.\w|\b(?:javascript|vbscript)\s*:|\bdata:(?:text|image|application)/|\bmailto:",
    re.I,
)
_DOMAIN = re.compile(
    r"(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|net|org|biz|info|io|co|cn|ru|top|xyz|shop|store|online|site|app|dev|security)\b",
    re.I,
)
_CODE = re.compile(
    r"</?[a-z!][^<>]*>|<(?:script|img|a|iframe|svg)\b|\[[^\]]*\]\([^)]*\)|!\[|\bon(?:error|load|click)\s*=|\balert\(",
    re.I,
)
_STYLE = re.compile(r"</?[a-z!]|<\||```|`[^`]+`|\*\*|__|&(?:#\d+|[a-z]{2,8});|^\s*(?:#{1,6}|[-*+>])\s", re.I | re.M)


def links(text: str) -> bool:
    """Whether `text` holds a link, HTML or script; a site's name or a heading is none."""
    coded = any(sign in text for sign in "<[=(") and _CODE.search(text) is not None
    return coded or ((":" in text or "www" in text.casefold()) and _LINK.search(text) is not None)


def markup(sentence: str) -> str:
    """What a sentence holds that belongs to a page and not to speech, a site's name included; "" for nothing."""
    for name, pattern in (("link", _LINK), ("markup", _CODE), ("markup", _STYLE), ("link", _DOMAIN)):
        if found := pattern.search(sentence):
            return f"{name} {found[0].strip()}"
    return ""
