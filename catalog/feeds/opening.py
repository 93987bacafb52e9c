"""A feed's bytes, packed or not, within bounds, and the encoding they are written in.

The encoding is told from the first half megabyte; a line that is written in another is the reader's to reject.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO, cast

from charset_normalizer import from_bytes

from catalog.errors import FeedError

LONGEST_LINE = 4_000_000
_MOST_UNPACKED = 4 * 2**30
_SAMPLE = 512 * 1024
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODINGS = ["cp1252", "gb18030", "cp1250", "cp1251", "shift_jis", "big5", "euc_kr"]


class _Bounded(io.RawIOBase):
    """What a packed file unpacks to; refuses to unpack without end."""

    def __init__(self, packed: gzip.GzipFile, path: Path) -> None:
        self._packed = packed
        self._path = path
        self._left = _MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._packed.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise FeedError(f"{self._path} unpacks to more than {_MOST_UNPACKED // 2**30} GB: give it in parts")
        buffer[: len(data)] = data
        return len(data)


class Meter:
    """How much of a feed has been read, by the farthest place that each of its files was read at."""

    def __init__(self, feed: Path) -> None:
        files = [file for file in feed.rglob("*") if file.is_file()] if feed.is_dir() else [feed]
        self._total = sum(file.stat().st_size for file in files if file.exists())
        self._places: dict[Path, int] = {}
        self._open: list[tuple[Path, BinaryIO]] = []

    def enter(self, path: Path, file: BinaryIO) -> None:
        self._open.append((path, file))

    def leave(self, path: Path, file: BinaryIO) -> None:
        self._read(path, file)
        self._open.remove((path, file))

    def share(self) -> float:
        """From 0 to 1; of a packed feed by its packed bytes."""
        for path, file in self._open:
            self._read(path, file)
        return min(sum(self._places.values()) / self._total, 1.0) if self._total else 1.0

    def _read(self, path: Path, file: BinaryIO) -> None:
        if not file.closed:  # as by the text reader over it
            self._places[path] = max(self._places.get(path, 0), file.tell())


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(feed: Path) -> Iterator[Meter]:
    """Tells how far reading `feed` is, while it is read in this context."""
    meter = Meter(feed)
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of the feed at `path`, unpacked where it is a gzip file whatever its name.

    Raises FeedError where it cannot be read, is cut off within its packing, or unpacks without end.
    """
    try:
        with path.open("rb") as file, _measured(path, file):
            if file.peek(2)[:2] != b"\x1f\x8b":
                yield file
                return
            with gzip.GzipFile(fileobj=file) as packed, io.BufferedReader(_Bounded(packed, path), 2**16) as unpacked:
                yield cast(BinaryIO, unpacked)
    except FileNotFoundError as error:
        raise FeedError(f"no feed at {path}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FeedError(f"{path} is cut off or damaged within its packing ({error}): nothing was changed") from error
    except OSError as error:
        raise FeedError(f"the feed {path} cannot be read: {error.strerror or error}") from error


@contextmanager
def _measured(path: Path, file: BinaryIO) -> Iterator[None]:
    meter = _meter.get()
    if meter:
        meter.enter(path, file)
    try:
        yield
    finally:
        if meter:
            meter.leave(path, file)


def sample(path: Path) -> bytes:
    """The first half megabyte of the feed."""
    with opened(path) as file:
        return file.read(_SAMPLE)


def encoding_of(path: Path) -> str:
    """The encoding that most of the feed's beginning is written in, by the name Python has for it."""
    head = sample(path)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    if head[1:200:2].count(0) > 40 or head[:200:2].count(0) > 40:
        return "utf-16-le" if head[1:200:2].count(0) > head[:200:2].count(0) else "utf-16-be"
    foreign = [line for line in head.splitlines()[:20_000] if not line.isascii()]
    if len(head) == _SAMPLE and foreign:
        foreign.pop()  # the last may be cut within a character
    if 2 * sum(map(_is_utf8, foreign)) >= len(foreign):
        return "utf-8"
    best = from_bytes(b"\n".join(foreign)[:100_000], cp_isolation=_ENCODINGS).best()
    return best.encoding if best else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
