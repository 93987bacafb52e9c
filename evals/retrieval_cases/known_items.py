"""Known-item search: a shopper half remembers one product, by some words, with a slip of the finger, or by its number."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from catalog import STOPWORDS
from evals.retrieval_cases import Case

Row = Mapping[str, Any]

_WORD = re.compile(r"[A-Za-z0-9][\w'./-]*\w|[A-Za-z0-9]")
_CODE = re.compile(r"(?=[^\d]*\d)(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9./-]{3,}|\d{4,}")
_MEASURED = re.compile(
    r"\d+(?:\.\d+)?[A-Za-z]{1,5}|\d+-?(?:piece|pack|inch|key|string|pin|watt|count|in-1).*", re.IGNORECASE
)
_HEADING = re.compile(r"^#.*$", re.MULTILINE)
_SHARE = (("words", 80), ("gist", 60), ("typo", 60), ("code", 40))
_REMEMBERED = 4


def known_items(rows: Sequence[Row], rng: random.Random, source: str = "vespa_toys_music_24k") -> list[Case]:
    """240 descriptions of random products, fewer where there are fewer; all with the same title are right.

    Titles of less than six words are left out: half of them would say too little.
    """
    same: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        same[row["title"].casefold()].append(str(row["id"]))
    frequency = Counter(word for row in rows for word in set(_words(row["title"].casefold())))
    pool = [row for row in rows if len(_words(row["title"])) >= 6]
    rng.shuffle(pool)
    recall: dict[str, Callable[[Row], str | None]] = {
        "words": lambda row: _some_words(row["title"], rng),
        "gist": lambda row: _gist(row, rng),
        "typo": lambda row: _mistyped(row["title"], frequency, rng),
        "code": lambda row: _number(row["title"], frequency),
    }
    cases = []
    for name, wanted in _SHARE:
        made = 0
        while made < wanted and pool:
            row = pool.pop()
            text = recall[name](row)
            if text is not None:
                id = f"{source}-{name}-{row['id']}"
                gains = dict.fromkeys(same[row["title"].casefold()], 1.0)
                cases.append(Case(id, id, source, "en", text, gains))
                made += 1
    return cases


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _telling(title: str) -> list[str]:
    return [word for word in dict.fromkeys(_words(title)) if word.casefold() not in STOPWORDS and len(word) > 2]


def _some_words(title: str, rng: random.Random) -> str:
    """Four telling words of the title in the order in which they stand, lower case as people type."""
    telling = _telling(title)
    kept = sorted(rng.sample(range(len(telling)), min(_REMEMBERED, len(telling))))
    return " ".join(telling[place] for place in kept).casefold()


def _gist(row: Row, rng: random.Random) -> str | None:
    """Two words of the title among eight of the description's first sentences that the title does not hold."""
    title = {word.casefold() for word in _words(row["title"])}
    body = _HEADING.sub("", row["description"])
    others = [word for word in _telling(body) if word.casefold() not in title][:8]
    if len(others) < 6:
        return None
    return " ".join((*_some_words(row["title"], rng).split()[:2], *others)).casefold()


def _mistyped(title: str, frequency: Mapping[str, int], rng: random.Random) -> str | None:
    """Four words of the title, the longest with two letters swapped, one missing, doubled or another."""
    kept = _some_words(title, rng).split()
    longest = max(kept, key=len)
    if len(longest) < 5 or not longest.isalpha():
        return None
    place = rng.randrange(1, len(longest) - 2)
    head, one, two, tail = longest[:place], longest[place], longest[place + 1], longest[place + 2 :]
    wrong = rng.choice(
        [head + two + one + tail, head + two + tail, head + one + one + two + tail, head + "e" + two + tail]
    )
    if wrong in frequency:
        return None
    return " ".join(wrong if word == longest else word for word in kept)


def _number(title: str, frequency: Mapping[str, int]) -> str | None:
    """The model number in a title, where it holds one that stands in no more than three titles."""
    codes = [word for word in _words(title) if _CODE.fullmatch(word) and not _MEASURED.fullmatch(word)]
    rare = [code for code in codes if frequency[code.casefold()] <= 3 and not re.fullmatch(r"(?:19|20)\d\d", code)]
    return rare[0] if rare else None
