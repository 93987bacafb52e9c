"""Items of an RSS or Atom feed as records, one at a time; no document type, no entity and no outside file is followed.

XML does not survive being cut off: a feed that does not end is an error as a whole, since what is missing is not known.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError  # noqa: S405 (types only: parsing is defusedxml's)

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from catalog.errors import FeedError
from catalog.feeds.opening import opened
from catalog.feeds.separated import Record, plain_name

_ITEMS = frozenset(("item", "entry"))
_LONGEST_ITEM = 4_000_000  # bytes
_DEEPEST = 50
_MANY = {"additional image link": ",", "product highlight": "; "}  # what stands between the texts of several
_DETAIL, _STRUCTURED = "product detail", "structured "


class _Counted:
    """The bytes of a feed line by line, so that the parser's place is known, and no more of them than an item may have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.line = 1
        self.of_item = 0
        self._ended = False

    def read(self, _: int = -1) -> bytes:
        data = self._file.readline(2**16)
        self.line += self._ended
        self._ended = data.endswith(b"\n")
        self.of_item += len(data)
        if self.of_item > _LONGEST_ITEM:
            raise FeedError(f"an item before line {self.line} is longer than {_LONGEST_ITEM} bytes")
        return data


def items(path: Path) -> Iterator[Record]:
    """Each item or entry as a record, its line that of its end.

    Raises FeedError where it is no XML, is cut off, declares entities, or nests or runs without end.
    """
    with opened(path) as file:
        source = _Counted(file)
        open_tags: list[Element] = []
        try:
            for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    open_tags.append(element)
                    if len(open_tags) > _DEEPEST:
                        raise FeedError(f"{path} nests elements more than {_DEEPEST} deep at line {source.line}")
                    continue
                open_tags.pop()
                if _name(element) in _ITEMS:
                    yield Record(path.name, source.line, _cells(element))
                    source.of_item = 0
                if open_tags and not any(_name(outer) in _ITEMS for outer in open_tags):
                    open_tags[-1].remove(element)
        except ParseError as error:
            raise FeedError(f"{path} is no whole XML document ({error}): nothing was changed") from error
        except DefusedXmlException as error:
            raise FeedError(
                f"{path} declares a document type or entities, which are not followed: remove them"
            ) from error
        except (LookupError, ValueError) as error:
            raise FeedError(f"{path} cannot be read as XML ({error}): save it as UTF-8") from error


def _name(element: Element) -> str:
    return plain_name(str(element.tag).rpartition("}")[2])


def _cells(item: Element) -> dict[str, str]:
    """The texts of an item's elements by name; Google's own come before those of the feed's format.

    A detail becomes a cell of its own (`product detail:Water resistance`), a structured title or description a plain one.
    """
    cells: dict[str, str] = {}
    for element in sorted(item, key=lambda e: "base.google.com" not in str(e.tag)):
        name, text = _name(element), _text(element) or element.get("href", "").strip()
        within = {_name(part): _text(part) for part in element}
        if name == _DETAIL and within.get("attribute name"):
            name, text = f"{_DETAIL}:{within['attribute name']}", within.get("attribute value", "")
        elif name.startswith(_STRUCTURED) and "content" in within:
            name, text = name.removeprefix(_STRUCTURED), within["content"]
        if text and name in _MANY and name in cells:
            cells[name] += f"{_MANY[name]}{text}"
        elif text:
            cells.setdefault(name, text)
    return cells


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
