"""HTML as shops paste it, to plain sentences. It does not know what is said: only where one thing ends and the next begins."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from catalog.tokens import has_cjk

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_LONGEST = 100_000  # characters of markup that are read: what is nested a hundred thousand deep is no description
_UNSEEN = "script,style,template,noscript,iframe,object,svg,head,title"
_BLOCKS = "p,div,li,ul,ol,h1,h2,h3,h4,h5,h6,tr,table,section,article,blockquote,dd,dl,pre,figure,header,footer,hr"
_NAMES = "th,dt"
_END, _NAME_END, _SPACE = "\ue000", "\ue001", " "
_MARKS = re.compile(f"[{_END}{_NAME_END}]")
_STOPS = ".!?:;…。！？：；"


def plain(text: str) -> str:
    """`text` without markup: scripts dropped, entities read, each block and list item a sentence of its own."""
    marked = _marked(text)
    return " ".join((_sentences(marked) if _END in marked else marked).split())


def bare(text: str) -> str:
    """A title or another few words without markup; nothing is made a sentence."""
    return " ".join(_MARKS.sub(" ", _marked(text)).split())


def _marked(text: str) -> str:
    """`text` without tags, with a sign of our own where a block or a name ends."""
    text = _MARKS.sub(" ", text[:_LONGEST])
    if not _TAG.search(text):
        text = unescape(text)  # tags that were escaped once too often show themselves now
    return _unmarked(text) if _TAG.search(text) else text


def _unmarked(text: str) -> str:
    tree = LexborHTMLParser(text)
    tree.strip_tags(_UNSEEN.split(","), recursive=True)
    for node in tree.css(_BLOCKS):
        node.insert_before(_END)
        node.insert_after(_END)
    for node in tree.css(_NAMES):
        node.insert_after(_NAME_END)
    for node in tree.css("br,td"):
        node.insert_after(_SPACE)
    body = tree.body
    return body.text(deep=True) if body else ""


def _sentences(text: str) -> str:
    lines = (_tidy(line) for line in text.split(_END))
    return " ".join(_ended(line) for line in lines if line)


def _tidy(line: str) -> str:
    """One line without stray space; a heading cell or term ends in a colon."""
    parts = [" ".join(part.split()) for part in line.split(_NAME_END)]
    names = [part if part[-1] in _STOPS else f"{part}:" for part in parts[:-1] if part]
    return " ".join([*names, parts[-1]]).strip()


def _ended(line: str) -> str:
    if line[-1] in _STOPS:
        return line
    return f"{line}。" if has_cjk(line[-1]) else f"{line}."
