"""What a deed is about, in a customer's words: items, what is left out, everything, and words that tell the order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.reading.vocabulary import lexicon
from assistant.service.reading.forms import synonyms
from assistant.service.reading.masking import Masked
from assistant.service.reading.methods import methods_in
from assistant.service.reading.said import ItemSaid
from assistant.service.reading.words import pattern, table
from catalog import has_cjk, measures, tokens

_I = re.IGNORECASE
_SEPARATOR = re.compile(
    r"\s*(?:[;；、]|,\s*(?:and|or|as well as|plus|also)?\b|，|\band\b(?:\s+also)?|\bas well as\b|\bplus\b|\balong with\b|\b&\b|和|与|以及|还有|跟|及)\s*",
    _I,
)
_DETERMINER = re.compile(
    r"(?:the|my|an?|one|both|two|three|four|all|some|that|this|those|these|every|each|another|our|his|her)\b|[那这两]|我的|一[个件款双只]",
    _I,
)
_PREPOSITION = re.compile(r"\b(?:from|in|on|of|for|within|out of|under)\s*$", _I)
_SPEAKS = re.compile(r"\b(?:[Ii]|[Ii]'(?:ll|d|m|ve)|you|we|you'(?:ve|re|ll)|would|could|should|will)\b")
_LEAD = re.compile(
    r"^(?:(?:is|are|was|were|be|for|of|on|in|at|from|with|only|just|also|used|process|requests?|procedure|help|money|afford|items?|products?|options?|ones)\b\s*"
    r"(?=(?:for|of|on|in|at|from|with|the|my|an?|this|that|these|those|both|\W|$)\b|$))+", _I)  # fmt: skip
_COURTESY = re.compile(
    r"(?:yes|no|ok(?:ay)?|please|thanks?|thank you|sure|great|hi|hello|hey|sorry"
    r"|something|anything|nothing|well|actually|details?|information|help|whether|because|but|smth|sth|(?:it|they|he|she) \w+)\b.*",
    _I,
)
_ZH_ENDS = re.compile(r"^[了的]+|都$")
_ZH_CLAUSE = re.compile(r"已经|算了|发货|恢复|怎么|谁|什么|吗$|呢$|^求|能换|是那")
_GENERIC_LEAD = re.compile(r"^[^:：‹]{0,60}[:：]\s*")
_OF_KIND = re.compile(r"\b(?:all|every|both|each|any)\b|全部|所有|都|每", _I)
_TO_METHOD = r"(?:,?\s*(?:and |then )?(?:back )?(?:to|onto|on|via|using|with|through|by|from|into|use)\s+)?(?:(?:the|my|an?|our)\s+)?"
_EDGES = " \t\n,.;:!?，。；：！？、\"'-"
_PRONOUN = re.compile(
    r"^\W*(?:(?:it|this|that|them|these|those|one|ones|they|both|all|everything|the|my|an?|of|some|any|anymore|longer|item|items|product|products|thing|things|order|orders|purchase|purchases|part|couple|few|several|other|same|some|just|only|specific|certain|back|few|or|and|two|three|entire|whole|possible|request|process|id|number|mine)\W*)*$",
    _I,
)
_ZH_PRONOUN = re.compile(
    r"^(?:[这那它们个件些东西商品物品订单一的了我把将请帮要想给您你吧啊呢都全部所有能可以再话其他余]|订单)*$"
)


@dataclass(frozen=True, slots=True)
class Objects:
    """The things that a clause speaks of."""

    items: tuple[ItemSaid, ...] = ()
    but: tuple[ItemSaid, ...] = ()
    everything: bool = False
    order_words: str = ""


def objects_in(text: str, message: Masked, *, loosely: bool = True) -> Objects:
    """What a part of a message names behind or before a deed's verb."""
    cut, order_words = without_order(text, loosely=loosely)
    cut, but = _left_out(without_tail(without_got(cut)), message)
    everything = pattern("items", "everything").search(cut) is not None
    cut = pattern("items", "everything").sub(" ", cut) if everything else cut
    lead = _GENERIC_LEAD.match(cut)
    cut = cut[lead.end() :] if lead and is_pronoun(without_method(without_got(lead[0]))) else cut
    items = tuple(item for item in listed(cut, message) if not is_pronoun(item.text))
    if everything and but:
        items = ()
    return Objects(items, but, everything or (bool(but) and not items), message.shown(order_words).strip(_EDGES))


def listed(text: str, message: Masked) -> Iterator[ItemSaid]:
    """The items of a list; a colour, a size or a measure between commas belongs to the thing beside it."""
    pieces = [piece.strip(_EDGES) for piece in _SEPARATOR.split(without_method(text))]
    pieces = [piece for piece in pieces if piece]
    joined: list[str] = []
    open_piece = False
    for piece in pieces:
        describing = _describes(message.shown(piece))
        if joined and (open_piece and not _DETERMINER.match(piece)):
            joined[-1] = f"{joined[-1]} {piece}"
        elif joined and describing and not _DETERMINER.match(piece):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
        open_piece = describing and (open_piece or joined[-1] == piece)
    for piece in joined:
        said = _LEAD.sub("", _SPEAKS.split(message.bare(piece).strip(_EDGES))[0]).strip(_EDGES)
        said = _PREPOSITION.sub("", said).strip(_EDGES)
        said = _ZH_ENDS.sub("", said)
        if said and not _ZH_CLAUSE.search(said) and not _COURTESY.fullmatch(said) and not _is_nothing(said):
            yield ItemSaid(said, "", _OF_KIND.search(said) is not None)


def _is_nothing(said: str) -> bool:
    """Whether a piece consists of words that name no thing."""
    if "‹" in said or "{" in said or re.search("[\u4e00-\u9fff]", said):
        return False
    left = [word for word in re.findall(r"[a-z][\w'-]*", said.casefold()) if word not in _no_thing()]
    return not tokens(" ".join(left)) and not re.search(r"\d", said)


@cache
def _no_thing() -> frozenset[str]:
    return frozenset(table("items")["no_thing"].split())


def is_pronoun(text: str) -> bool:
    """Whether a piece only points at what was named elsewhere, or names nothing."""
    return _PRONOUN.match(text) is not None or _ZH_PRONOUN.match(text) is not None or not tokens(text)


def without_order(text: str, *, loosely: bool = True) -> tuple[str, str]:
    """A text without the words that tell the order, and these words; "an order for a lamp" only `loosely` tells one."""
    ways = ("order_words", "order_loose") if loosely else ("order_words",)
    match = next((found for way in ways if (found := pattern("items", way).search(text))), None)
    if match:
        text = f"{_PREPOSITION.sub('', text[: match.start()])} {text[match.end() :]}"
    return pattern("items", "order_mark").sub(" ", text), match[0] if match else ""


def without_got(text: str) -> str:
    """A text without the words that only tell that one has got a thing."""
    return pattern("items", "got").sub(" ", text)


def without_tail(text: str) -> str:
    """A text up to where it says why, where the money goes, or only politeness."""
    before = None
    while before != text:
        before = text
        text = _tail().sub("", text).rstrip()
    return text


def without_method(text: str) -> str:
    """A text without the means of payment that it names."""
    for _, start, end in sorted(methods_in(text), key=lambda one: -one[1]):
        lead = re.search(_TO_METHOD + "$", text[:start], _I)
        text = f"{text[: lead.start() if lead else start]} {text[end:]}"
    return re.sub(rf"{_TO_METHOD}‹m\d+›", " ", text, flags=_I)


def _left_out(text: str, message: Masked) -> tuple[str, tuple[ItemSaid, ...]]:
    match = pattern("items", "except").search(text)
    if match and match.start() < 2 and not re.search("[\u4e00-\u9fff]", text):
        match = None
    if match is None:
        return text, ()
    rest = text[match.end() :]
    after = pattern("items", "except_after").search(rest)
    comma = re.search(r"[，,]", rest) if has_cjk(rest) else None
    ends = after or comma
    left, beyond = (rest[: ends.start()], rest[ends.end() :]) if ends else (rest, "")
    but = tuple(item for item in listed(left, message) if not is_pronoun(item.text))
    return f"{text[: match.start()]} {beyond}", but


def _describes(piece: str) -> bool:
    """Whether every word of a piece is a colour, a material, a size or a measure."""
    words = re.findall(r"[a-z][\w'-]*|\d[\w.]*|[\u4e00-\u9fff]+", piece.casefold())
    if not words or len(words) > 4:
        return False
    spans = "".join(piece[one.start : one.end] for one in measures(piece)).casefold()
    return all(_is_value(word) or word in spans for word in words)


def _is_value(word: str) -> bool:
    return (
        word in _VALUE_WORDS
        or word in lexicon()
        or bool(synonyms(word))
        or re.fullmatch(r"\d+\w{0,3}|[smlx]{1,4}", word) is not None
    )


_VALUE_WORDS = frozenset(
    "size color colour in with inch inches gb tb ml l cm mm ft the a an of hour hours no not without and".split()
)


@cache
def _tail() -> re.Pattern[str]:
    rows = table("items")["tail"]
    english = "|".join(f"(?:{line.strip()})" for line in rows["en"].strip().splitlines())
    return re.compile(rf"(?:(?<!\w)(?:{english})|{rows['zh'].strip()})", _I)
