"""Ways in which a feed breaks on its way from one shop's software to another's. Knows no convention."""

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

Mutation = Callable[[random.Random, bytes], bytes]

_HOSTILE = (
    b'=cmd|"/c calc"!A1', b"@SUM(1+1)*cmd", b"<script>alert(1)</script>", b"<img src=x onerror=alert(1)>", b"javascript:alert(1)",
    b"\x00", b"\x00" * 50, b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"&#0;", b"&lol;", b"]]>", b"<!--",
    b'"', b'""', b'"""', b"'", b"\xe2\x80\x9c", b"\r", b"\n", b"\r\n\r\n", b",", b";;;;", b"\t", b"{", b"}", b"[" * 300, b'{"a":' * 300,
    b"1e999999", b"-1", b"NaN", b"Infinity", b"9" * 400, b"1E99999999999999999999", b"1.299", b"12,34,56", b"2026-02-31", b"  ",
    "é".encode("cp1252"), "电热水壶".encode("gb18030"), "灯".encode("utf-16"), b"\x85", b"\xe2\x80\xa8", b"\x1a", b"{{7*7}}", b"%s%n", b"../../etc/passwd",
)  # fmt: skip


def _inserted(rng: random.Random, feed: bytes) -> bytes:
    at = rng.randrange(len(feed) + 1)
    return feed[:at] + rng.choice(_HOSTILE) + feed[at:]


def _overwritten(rng: random.Random, feed: bytes) -> bytes:
    at, text = rng.randrange(len(feed)), rng.choice(_HOSTILE)
    return feed[:at] + text + feed[at + len(text) :]


def _flipped(rng: random.Random, feed: bytes) -> bytes:
    changed = bytearray(feed)
    for _ in range(rng.randint(1, 20)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut_out(rng: random.Random, feed: bytes) -> bytes:
    start = rng.randrange(len(feed))
    return feed[:start] + feed[start + rng.randint(1, 200) :]


def _repeated(rng: random.Random, feed: bytes) -> bytes:
    start = rng.randrange(len(feed))
    end = start + rng.randint(1, 400)
    return feed[:end] + feed[start:end] * rng.randint(1, 30) + feed[end:]


def _shuffled(rng: random.Random, feed: bytes) -> bytes:
    lines = feed.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _quoted_otherwise(rng: random.Random, feed: bytes) -> bytes:
    return feed.replace(b'"', rng.choice((b"", b"'", "“".encode(), b'""', b'\\"')))


def _ended_otherwise(rng: random.Random, feed: bytes) -> bytes:
    return feed.replace(b"\n", rng.choice((b"\r", b"\r\n", b"", b"\n\n", b"\x0b", "\u2028".encode())))


def _of_two_encodings(rng: random.Random, feed: bytes) -> bytes:
    """The rest from somewhere on in another encoding, as where two exports were put together."""
    at = rng.randrange(len(feed))
    rest = feed[at:].decode("utf-8", errors="ignore")
    return feed[:at] + rest.encode(rng.choice(("cp1252", "gb18030", "utf-16", "utf-16-be", "shift_jis")), "replace")


def _in_another_encoding(rng: random.Random, feed: bytes) -> bytes:
    name = rng.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "gb18030", "utf-32", "utf-7"))
    return feed.decode("utf-8-sig").encode(name, "replace")


def _giant(rng: random.Random, feed: bytes) -> bytes:
    at = rng.randrange(len(feed) + 1)
    return feed[:at] + rng.choice((b"x", b"<p>", b"[", b"&amp;", b'"', b"9", "灯".encode())) * 40_000 + feed[at:]


def _packed(rng: random.Random, feed: bytes) -> bytes:
    packed = gzip.compress(feed)
    return packed[: rng.randrange(3, len(packed) + 1)]


def _damaged_pack(rng: random.Random, feed: bytes) -> bytes:
    packed = gzip.compress(feed)
    return packed[:2] + _flipped(rng, packed[2:])


MUTATIONS: tuple[Mutation, ...] = (
    _inserted, _overwritten, _flipped, _cut_out, _repeated, _shuffled, _quoted_otherwise, _ended_otherwise, _of_two_encodings,
    _in_another_encoding, _giant, _packed, _damaged_pack,
)  # fmt: skip


def broken(feed: Path, *, cuts: int, rounds: int, seed: int = 7) -> Iterator[tuple[str, bytes]]:
    """The feed cut off in `cuts` places spread over it, and each mutation `rounds` times; each with a name to find it by."""
    whole = feed.read_bytes()
    for number in range(cuts):
        at = len(whole) * number // cuts
        yield f"cut at byte {at}", whole[:at]
    for mutate in MUTATIONS:
        for turn in range(rounds):
            rng = random.Random(f"{feed.name} {mutate.__name__} {turn} {seed}")
            yield f"{mutate.__name__} {turn}", mutate(rng, whole)
