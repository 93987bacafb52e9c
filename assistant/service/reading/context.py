"""What "it" and "them" stand for in a part of a message: the things and the order that were named last."""

import re

from assistant.service.reading.lines import thing_in, things_in
from assistant.service.reading.masking import Masked
from assistant.service.reading.objects import is_pronoun
from assistant.service.reading.parts import Part
from assistant.service.reading.said import ItemSaid
from assistant.service.reading.words import pattern

_I = re.IGNORECASE
_LIST = re.compile(r"\s*(?:,|,?\s*and|&)?\s*", _I)
_GOT = re.compile(r"\b(?:got|received|bought|ordered|purchased|returning|sent me|delivered)\s+(?:me\s+)?$", _I)
_WAS_GOT = re.compile(
    r"\s*,?\s*(?:(?:that|which)\s+)?(?:i|we)(?:'ve| have)?\s+(?:just |recently |already )?(?:got|received|bought|ordered|purchased)\b",
    _I,
)


def context_of(part: Part, message: Masked, *, always: bool = False) -> tuple[ItemSaid, ...]:
    """The things that were named last, in one list, where a verb only says "it" or "them", or in any case."""
    if not part.pointing and not always:
        return ()
    for text in (part.before, part.earlier):
        found = [match for match in pattern("items", "noun").finditer(text) if _is_thing(match, text, message)]
        for place in range(len(found) - 1, 0, -1):
            if not _LIST.fullmatch(text[found[place - 1].end() : found[place].start()]):
                found = found[place:]
                break
        if found:
            return tuple(ItemSaid(message.bare(match["thing"]).strip(" ,.")) for match in found)
    named = things_in(message.bare(f"{part.earlier} {part.before}")) if always else ()
    return (ItemSaid(named[-1]),) if named else ()


def ids_of(part: Part, message: Masked) -> tuple[str, ...]:
    """The order numbers of a clause; where it only says "it", the one that was named last."""
    own = message.order_ids(part.after) or message.order_ids(part.before)
    return own or (message.order_ids(part.earlier)[-1:] if part.pointing and part.cue.deed else ())


def _is_thing(match: re.Match[str], text: str, message: Masked) -> bool:
    """Whether a noun is something that one buys: by its name, or since it was got."""
    said = message.bare(match["thing"])
    if is_pronoun(said):
        return False
    return (
        thing_in(said)
        or _GOT.search(text[: match.start()]) is not None
        or _WAS_GOT.match(text[match.end() :]) is not None
    )
