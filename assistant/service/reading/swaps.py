"""What is to become of what: the pairs in "the lamp for a brighter one and the hat for a red one", in both languages."""

import re
from functools import cache

from assistant.service.reading.lines import thing_in
from assistant.service.reading.masking import Masked
from assistant.service.reading.objects import (
    is_pronoun,
    listed,
    without_got,
    without_method,
    without_order,
    without_tail,
)
from assistant.service.reading.said import ItemSaid
from assistant.service.reading.words import table

_I = re.IGNORECASE
_FOR_EN = re.compile(
    r"(?:,?\s+|^)(?:for|to(?: be(?:come)?)?|into|→|->|=>)\s+(?=\S)(?!(?:me\b|my (?:order|wife|husband|son|daughter|mother|father|friend)\b|order\b"
    r"|any (?:price|difference|additional)|the (?:price )?difference|a refund|the (?:original|same) (?:payment|price)|which\b|get the"
    r"|(?:see|know|check|ask|do|free)\b|the reason|example))",
    _I,
)
_WITH_EN = re.compile(r"\s+(?:with|by)\s+(?=(?:an?|the|one|another|my|something|size|‹b)\b|‹b)", _I)
_FOR_ZH = re.compile(
    r"(?:换|改|调|变)(?:成|为|到|一?[个件款双只条台把套](?!\W*$))|[换改]成|换(?=[大小长短][一两]?[点码号些]|[^，。]{1,4}(?:色|码|号|款))|->|→|=>"
)
_PIECE = re.compile(
    r"\s*[;；]\s*|\s*,?\s+\b(?:and|plus)\b(?:\s+also)?\s+|\s*,\s+(?=(?:the|my|‹)\b)|[，,](?=把|将|还有|另外|再把)|[，,](?=[^，,]{1,16}?[换改][成为])|并?且?(?:还|再)?(?=把|将)",
    _I,
)
_FROM_TO = re.compile(r"\bfrom\s+(?P<now>[^,;]+?)\s+(?=to\s)", _I)
_OPTION_OF = re.compile(
    r"^(?:the\s+|its\s+|their\s+)?(?P<option>[a-z]+(?:\s[a-z]+)?)\s+(?:of|on|for)\s+(?=(?:the|my|some|an?|this|that|these|those|one|both)\b)",
    _I,
)
_TELLS_MORE = re.compile(r"\b(?:\w+est|most|least|same|maximum|minimum|highest|lowest)\b", _I)
_OPTION_END = re.compile(
    r"(?P<thing>.*\w)(?:'s)?\s+(?P<option>colou?r|size|material|capacity|height|length|width|style)$", _I
)
_EDGES = " \t\n,.;:!?，。；：！？、-"


def swaps_in(text: str, message: Masked) -> tuple[ItemSaid, ...]:
    """The items of a change or an exchange with what is wanted; several before one "for" all become the same."""
    cut = without_tail(without_got(without_method(without_order(text, loosely=False)[0])))
    cut = _FROM_TO.sub(r"\g<now> ", cut)
    found: list[ItemSaid] = []
    waiting: list[str] = []
    for piece in _pieces(cut):
        parts = _split(piece)
        if parts is None:
            if found and not waiting and _goes_on(piece, found):
                found[-1] = ItemSaid(
                    found[-1].text, f"{found[-1].wanted}, {message.bare(piece).strip(_EDGES)}", found[-1].all_of_kind
                )
            else:
                waiting.append(piece)
            continue
        before, wanted = parts
        said = message.bare(wanted).strip(_EDGES)
        items = [item for one in [*waiting, before] for item in _things(one, message)]
        found += [ItemSaid(item.text, _with_option(item, said), item.all_of_kind) for item in items] or [
            ItemSaid("", _optioned(before, said))
        ]
        waiting = []
    for one in waiting:
        found += _things(one, message)
    return tuple(_plain_item(one) for one in found)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _PIECE.split(text) if piece and piece.strip(_EDGES)]


def _split(piece: str) -> tuple[str, str] | None:
    """What stands before and after the word that makes one thing another."""
    for way in (_FOR_ZH, _FOR_EN, _WITH_EN):
        match = way.search(piece)
        if match:
            return piece[: match.start()], piece[match.end() :]
    return None


def _goes_on(piece: str, found: list[ItemSaid]) -> bool:
    """Whether a piece behind "for a red one" tells more of it rather than naming another item."""
    if found[-1].wanted == "":
        return False
    names = re.match(r"\s*(?:also\s+)?(?:the|my|把|将)\b", piece, _I) is not None
    return not names or (not thing_in(piece) and _TELLS_MORE.search(piece) is not None)


def _things(text: str, message: Masked) -> list[ItemSaid]:
    return [
        item
        for item in listed(_ZH_LEAD.sub("", text), message)
        if not is_pronoun(item.text) and not is_option(item.text)
    ]


_ZH_LEAD = re.compile(r"^(?:请|帮我|麻烦|我想|我要|想|要|把|将|给我|的)+")


def _optioned(before: str, wanted: str) -> str:
    """The wish with the option that stands in the place of an item: "the colour to blue" is the colour blue."""
    option = re.sub(r"^(?:the|its|their|my)\s+", "", before.strip(_EDGES), flags=_I)
    return f"{option} {wanted}".strip() if is_option(option) else wanted


def _plain_item(item: ItemSaid) -> ItemSaid:
    """An item without the name of the option that is to change: "the lamp colour" to black is the lamp, to colour black."""
    text = _without_option(item.text)
    match = _OPTION_END.match(text)
    if match and item.wanted and is_option(match["option"]):
        return ItemSaid(match["thing"], f"{match['option']} {item.wanted}", item.all_of_kind)
    return ItemSaid(text, item.wanted, item.all_of_kind)


def _with_option(item: ItemSaid, wanted: str) -> str:
    match = _OPTION_OF.match(item.text)
    return f"{match['option']} {wanted}" if match and is_option(match["option"]) else wanted


def _without_option(text: str) -> str:
    match = _OPTION_OF.match(text)
    return text[match.end() :] if match and is_option(match["option"]) else text


def is_option(text: str) -> bool:
    """Whether a text is only what an option is called: "the colour", "size"."""
    plain = re.sub(r"^(?:the|its|their|my|a)\s+", "", text.strip(_EDGES).casefold())
    return plain in _option_names() or any(
        plain == f"{one} and {two}" for one in ("size", "color") for two in ("size", "color")
    )


@cache
def _option_names() -> frozenset[str]:
    return frozenset(word for row in table("values")["names"] for word in row)
