"""The catalogue's words in a message: kinds of products, brands, attribute values, and which of them are ruled out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading.vocabulary import Vocabulary, table
from catalog import STOPWORDS, Constraint, has_cjk, mentions, words

_NOT = re.compile(
    r"(?:\b(?:not|no|without|except|avoid|excluding|nothing|non|isn't|aren't|don't (?:want|like)|hate|dislike|anything but|other than"
    r"|instead of|free of)\b|不要|不想要|不含|不是|不用|不喜欢|除了|别|非|没有|无)"
    r"(?:[\s-]*(?:any|a|an|the|made of|made from|in|of|with|with any|是|用|带|有))*[\s-]*$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\bsize\s+(\d{2}(?:\.5)?|x{0,3}[sl]|m)\b|(?<!\w)(\d{2}|x{0,3}[sl]|m)\s*[码号]", re.IGNORECASE)
_REFUSED = re.compile(
    r"\b(?:nothing|not|no|without|anything but|avoid|except|but not)\s+(?:too |so |very |any |a |an |the )*([a-z]{4,})\b(?!\s+than)"
    r"|(?:不要|不想要|不喜欢|别给我看)(?:任何|太)?([\u4e00-\u9fff]{2,3})的"
)
_NOT_REFUSED = frozenset(
    "more less over under below above sure matter problem idea budget need want only just much many".split()
)
_AFTER_KIND = frozenset("size made which color colour costing priced around within between".split())
_FREE = re.compile(r"^[\s-]*free\b", re.IGNORECASE)
_LINK = re.compile(r"^(?:\s*(?:,|/|or|and|nor|和|或|、|以及|还有)\s*)+$", re.IGNORECASE)
_GOVERNORS = frozenset("for in on with from to at into like of by about using my our his her their your".split())
_DETERMINERS = frozenset("a an the my our his her their your some any small big new".split())
_MODIFIERS = frozenset("的用上里给在")


@dataclass(frozen=True, slots=True)
class Found:
    """What of the catalogue a message names. `type` is the kind of product asked for, if one was."""

    constraints: tuple[Constraint, ...]
    type: str | None
    type_word: str | None


def find_terms(message: str, vocabulary: Vocabulary) -> Found:
    """The constraints on brand, attributes and kind that `message` states."""
    constraints: list[Constraint] = []
    spans = _spans(message, vocabulary)
    negated_until = -1
    for start, end, form in spans:
        negated = _is_negated(message, start, end, negated_until)
        if negated:
            negated_until = end
        if form in vocabulary.brands and form not in vocabulary.terms:
            constraints.append(Constraint("brand", "ne" if negated else "eq", vocabulary.brands[form]))
            continue
        term = vocabulary.terms[form]
        if negated:
            constraints.append(Constraint("text", "not_contains", term.forms))
        else:
            constraints.append(Constraint(f"attributes.{term.attribute}", "contains", term.forms))
    constraints.extend(_refused(message, vocabulary, constraints))
    constraints.extend(_people(message, vocabulary))
    constraints.extend(_sizes(message))
    kind, word = _asked_type(message, vocabulary, spans)
    if kind and word and _is_negated(message, *_place(message, word), -1):
        constraints.append(Constraint("text", "not_contains", (word, kind) if word != kind else (word,)))
        kind = word = None
    return Found(tuple(_merged(constraints)), kind, word)


def _refused(message: str, vocabulary: Vocabulary, known: list[Constraint]) -> Iterator[Constraint]:
    """A refused word that is no attribute value but that listings use ("nothing vintage") is ruled out all the same."""
    ruled_out = {form for c in known if c.op == "not_contains" and isinstance(c.value, tuple) for form in c.value}
    for match in _REFUSED.finditer(message.casefold()):
        word = match[1] or match[2]
        listed = word[0] != "太" if has_cjk(word) else word in vocabulary.prose and word not in STOPWORDS | _NOT_REFUSED
        if listed and word not in ruled_out:
            yield Constraint("text", "not_contains", (word,))


def _sizes(message: str) -> Iterator[Constraint]:
    """A size ("size 42", "size M", "42码") that is asked for must be among those in stock."""
    for match in _SIZE.finditer(message):
        yield Constraint("attributes.Size", "contains", ((match[1] or match[2]).upper(),))


def _place(message: str, word: str) -> tuple[int, int]:
    start = max(message.casefold().find(word), 0)
    return start, start + len(word)


def _spans(message: str, vocabulary: Vocabulary) -> list[tuple[int, int, str]]:
    """Where known values and brands stand, longest first, without overlaps, in order."""
    folded = message.casefold()
    taken: list[tuple[int, int, str]] = []
    candidates = [form for form in (*vocabulary.terms, *vocabulary.brands) if form in folded and mentions(folded, form)]
    for form in sorted(set(candidates), key=len, reverse=True):
        pattern = re.escape(form) if has_cjk(form) else rf"(?<![^\W_]){re.escape(form)}(?![^\W_])"
        for match in re.finditer(pattern, folded):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken) and _is_meant(
                message, match, form, vocabulary
            ):
                taken.append((match.start(), match.end(), form))
    return sorted(taken)


def _is_meant(message: str, match: re.Match[str], form: str, vocabulary: Vocabulary) -> bool:
    """Whether a form is the name it looks like: a brand that is also a plain word must be written with a capital."""
    if form in vocabulary.terms:
        return (
            len(form) > 1 or match.group() not in {"木", "铁", "铝", "铜", "竹", "藤", "瓷", "钢"} or len(message) < 8
        )
    return message[match.start()].isupper() or has_cjk(form) or form not in vocabulary.prose


def _is_negated(message: str, start: int, end: int, negated_until: int) -> bool:
    before, after = message[:start], message[end:]
    if _NOT.search(before) or _FREE.match(after) or re.match(r"\s*(?:以外|之外|除外)", after):
        return True
    return 0 <= negated_until < start and _LINK.match(message[negated_until:start]) is not None


def _people(message: str, vocabulary: Vocabulary) -> Iterator[Constraint]:
    """Whom it is for leaves out what is made for the other; it never demands that a listing states a gender."""
    spoken = {word for word in words(message)} | {word for word in re.findall(r"[a-z']+", message.casefold())}
    spoken |= {word for word in _chinese_people() if word in message and not (word in "男女" and len(message) > 40)}
    named = {gender for gender, forms in table("people").items() if spoken & set(forms)}
    if len(named) == 1:
        other = ("Men", "Boys", "男", "男童") if named == {"Women"} else ("Women", "Girls", "女", "女童")
        yield Constraint("attributes.Gender", "not_in", other)


def _chinese_people() -> list[str]:
    return [form for forms in table("people").values() for form in forms if has_cjk(form)]


def _merged(constraints: list[Constraint]) -> Iterator[Constraint]:
    """Several values wanted of one attribute are alternatives: "black or brown" asks for either."""
    alternatives: dict[tuple[str, str], tuple[str, ...]] = {}
    for constraint in constraints:
        if constraint.op == "contains" and isinstance(constraint.value, tuple):
            key = (constraint.field, constraint.op)
            alternatives[key] = (*alternatives.get(key, ()), *constraint.value)
        else:
            yield constraint
    for (field, _), values in alternatives.items():
        yield Constraint(field, "contains", tuple(dict.fromkeys(values)))


def _asked_type(
    message: str, vocabulary: Vocabulary, spans: list[tuple[int, int, str]]
) -> tuple[str | None, str | None]:
    """The kind that heads the request: not what it is for ("a lamp for my kitchen"), nor what qualifies it ("coffee mug")."""
    return _asked_type_zh(message, vocabulary) if has_cjk(message) else _asked_type_en(message, vocabulary)


def _asked_type_en(message: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    pieces = re.findall(r"[a-z0-9'-]+|[^\sa-z0-9'-]", message.casefold())
    for index, word in enumerate(pieces):
        kind = vocabulary.type_of(word)
        if kind is None or word in STOPWORDS or vocabulary.terms.get(word):
            continue
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        if vocabulary.type_of(following) or _qualifies(following, vocabulary):
            continue
        back = index - 1
        while back >= 0 and pieces[back] not in STOPWORDS and pieces[back].isalnum():
            back -= 1
        while back >= 0 and pieces[back] in _DETERMINERS:
            back -= 1
        if back >= 0 and pieces[back] in _GOVERNORS and not _searching(pieces[: back + 1]):
            continue
        return kind, word
    return None, None


def _qualifies(following: str, vocabulary: Vocabulary) -> bool:
    if following in _AFTER_KIND or following in STOPWORDS or not following.isalpha():
        return False
    return following in vocabulary.prose and len(following) > 3


def _searching(pieces: list[str]) -> bool:
    return " ".join(pieces).endswith(
        ("looking for", "search for", "shopping for", "interested in", "thinking of", "ask for")
    )


def _asked_type_zh(message: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    found: tuple[str | None, str | None] = (None, None)
    for clause in re.split(r"[，。！？,.!?；;\s]", message):
        place = 0
        for word in words(clause):
            place = max(clause.casefold().find(word, place), 0) if word in clause.casefold() else place
            kind = vocabulary.type_of(word)
            after = clause[place + len(word) : place + len(word) + 1]
            before = clause[max(place - 1, 0) : place]
            if kind and word not in vocabulary.terms and after not in _MODIFIERS and before not in {"在", "给"}:
                found = (kind, word)
        if found[0]:
            return found
    return found
