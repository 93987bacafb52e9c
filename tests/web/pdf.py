"""Reads a PDF as Chromium writes it, as far as tests need: how many pages it has, and the words on each.

Text is drawn by the numbers of glyphs; each font has a table of what they stand for (ISO 32000-1, 9.10.3).
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")


@dataclass(frozen=True)
class _Font:
    """How many digits the number of a glyph has, and what each stands for."""

    digits: int
    stands_for: dict[int, str]


def pages(pdf: bytes) -> list[str]:
    """The words of each page, in the order in which they are drawn, without spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    return [_words(objects, body) for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]


def _words(objects: dict[int, bytes], page: bytes) -> str:
    fonts = {name: _font(objects, int(number)) for name, number in _fonts(objects, page)}
    found, font = [], _Font(4, {})
    for name, glyphs in _SHOWN.findall(_stream(objects, _reference(page, b"Contents"))):
        if name:
            font = fonts[name]
        numbers = (glyphs[at : at + font.digits] for at in range(0, len(glyphs), font.digits))
        found += [font.stands_for.get(int(number, 16), "") for number in numbers]
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(found)))


def _fonts(objects: dict[int, bytes], page: bytes) -> list[tuple[bytes, bytes]]:
    held = re.search(rb"/Font\s*<<(.*?)>>", page, re.DOTALL)
    return re.findall(rb"/(\w+) (\d+) 0 R", held[1]) if held else []


def _font(objects: dict[int, bytes], number: int) -> _Font:
    """What each glyph of a font stands for."""
    table = _stream(objects, _reference(objects[number], b"ToUnicode"))
    width = re.search(rb"begincodespacerange\s*<(\w+)>", table)
    assert width
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        found |= {int(glyph, 16): _characters(code) for glyph, code in re.findall(rb"<(\w+)> <(\w+)>", block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, code in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            start = int(first, 16)
            found |= {glyph: chr(int(code, 16) + glyph - start) for glyph in range(start, int(last, 16) + 1)}
    return _Font(len(width[1]), found)


def _characters(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", body)
    assert found, name
    return int(found[1])


def _stream(objects: dict[int, bytes], number: int) -> bytes:
    body = objects[number]
    raw = body[body.index(b"stream") + 6 : body.rindex(b"endstream")].lstrip(b"\r\n")
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body else raw
