"""Which products a sentence names, where, and which stretch of it is said of which."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.verify.ground import Ground
from catalog import has_cjk, stem, tokens

MARK = 0xE000  # private characters stand for the products that a sentence names
ANY = "[\ue000-\uf8ff]"
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")
_JOINED = re.compile(rf"^(?:{ANY}|\s|,|、|和|与|及|或|and|or|&|both|the|a|an)*$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[;:,](?=\s)|\bwhile\b|\bwhereas\b|\bbut\b|[；，：]|而")
_ORDINALS = (("first", "第一"), ("second", "第二"), ("third", "第三"), ("fourth", "第四"))


@dataclass(frozen=True, slots=True)
class Named:
    """A sentence with a private character for every product it names, and which products these are, in order."""

    text: str
    ids: tuple[str, ...]

    def id_of(self, mark: str) -> str:
        return self.ids[ord(mark) - MARK]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence and the products it is said of: of each of them."""

    text: str
    about: tuple[str, ...]


class Names:
    """The names that the products of one turn go by."""

    def __init__(self, grounds: Mapping[str, Ground]) -> None:
        self._titles = {id: ground.product.title for id, ground in grounds.items()}
        stems = {id: _stems(title) for id, title in self._titles.items()}
        self._own = {
            id: own - {s for other, theirs in stems.items() if other != id for s in theirs} for id, own in stems.items()
        }
        self._stems = stems

    def read(self, sentence: str) -> Named:
        """The sentence with its products marked: by full title, else by words of a title that no other one has."""
        found: list[tuple[int, int, str]] = []
        for id, title in sorted(self._titles.items(), key=lambda entry: -len(entry[1])):
            found += [(*place, id) for place in _places(title, sentence) if not _taken(place, found)]
        found = found or self._partly(sentence)
        found += [(start, end, id) for start, end, id in self._ordinals(sentence) if not _taken((start, end), found)]
        text, ids, done = "", [], 0
        for start, end, id in sorted(found):
            if id not in ids:
                ids.append(id)
            text += f"{sentence[done:start]}{chr(MARK + ids.index(id))}"
            done = end
        return Named(text + sentence[done:], tuple(ids))

    def _partly(self, sentence: str) -> list[tuple[int, int, str]]:
        found: list[tuple[int, int, str]] = []
        for id, own in self._own.items():
            run = self._run(sentence, id) if not has_cjk(self._titles[id]) else _common(self._titles[id], sentence)
            if run is None:
                continue
            spoken = _stems(sentence[run[0] : run[1]])
            if own and len(own & spoken) >= max(1, (len(own) + 1) // 2) and not _taken(run, found):
                found.append((*run, id))
        return found

    def _run(self, sentence: str, id: str) -> tuple[int, int] | None:
        """The longest run of words that are all in the title."""
        best: tuple[int, int] | None = None
        start = end = -1
        for match in _WORD.finditer(sentence):
            if stem(match[0].casefold()) not in self._stems[id]:
                start = -1
                continue
            start, end = (match.start() if start < 0 else start), match.end()
            if best is None or end - start > best[1] - best[0]:
                best = (start, end)
        return best

    def _ordinals(self, sentence: str) -> list[tuple[int, int, str]]:
        if len(self._titles) < 2:
            return []
        found = []
        for id, (english, chinese) in zip(self._titles, _ORDINALS, strict=False):
            pattern = rf"\bthe {english}(?: one| product| option| item)?\b(?! \w+ing)|{chinese}[款个件]"
            found += [(m.start(), m.end(), id) for m in re.finditer(pattern, sentence, re.IGNORECASE)]
        return found


def parts(named: Named, fallback: Sequence[str]) -> list[Part]:
    """The sentence in stretches: each is said of the products named last before it, the first of the first ones.

    Where a new clause leads up to a name, it belongs to that name. Without a name all is said of `fallback`.
    """
    if not named.ids:
        return [Part(named.text, tuple(fallback))]
    found: list[Part] = []
    about: list[str] = []
    pieces = re.split(f"({ANY})", named.text)
    lead = pieces[0]
    for mark, text in zip(pieces[1::2], pieces[2::2], strict=True):
        about.append(named.id_of(mark))
        if _JOINED.match(text) and mark != pieces[-2]:
            continue
        cut = None if mark == pieces[-2] else _last(_CLAUSE_END, text)
        paid = _PAID.search(text) if mark != pieces[-2] and _PAID.search(lead) else None
        if paid:
            said, ahead = text[: paid.start()], text[paid.start() :]
        else:
            said, ahead = (text[:cut], text[cut:]) if cut is not None and text[:cut].strip(" ,，") else (text, "")
        found.append(Part(f"{lead} {said}".strip(), tuple(dict.fromkeys(about))))
        lead, about = ahead, []
    return found


_PAID = re.compile(  # a price before the name that it is for
    r"(?:[,;，；、]|\b(?:and|or|while|but)\b)?\s*(?:[$€£¥￥]\s?)?\d[\d,.]*\d?\s*(?:元|dollars?|块)?"
    r"\s*(?:for|buys?(?: you)?|gets? you|可以?买到?|就?能买到?|买|是|:|：)\s*(?:the |a )?$",
    re.IGNORECASE,
)


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    return next((match.start() for match in reversed(list(pattern.finditer(text)))), None)


def _places(title: str, sentence: str) -> Iterator[tuple[int, int]]:
    """Where a title stands as whole words."""
    title, sentence = title.lower(), sentence.lower()
    start = sentence.find(title)
    while start >= 0:
        end = start + len(title)
        if not (_is_latin(sentence[start - 1 : start]) or _is_latin(sentence[end : end + 1])):
            yield start, end
        start = sentence.find(title, end)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _taken(span: tuple[int, int], found: Sequence[tuple[int, int, str]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in found)


def _stems(text: str) -> set[str]:
    return set(tokens(text))


def _common(title: str, sentence: str) -> tuple[int, int] | None:
    """Where the longest stretch of three characters or more that a sentence shares with a title stands in it."""
    best: tuple[int, int] | None = None
    for start in range(len(title)):
        size = (best[1] - best[0] if best else 2) + 1
        while start + size <= len(title) and (at := sentence.find(title[start : start + size])) >= 0:
            best = (at, at + size)
            size += 1
    return best
