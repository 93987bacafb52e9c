"""What of a message is a wish or a question, and what only gives orders: found clause by clause, by wording and meaning."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.reading.orders import Order, orders_in
from assistant.reading.price import bounds
from assistant.reading.seen import marked, one_line, parted, seen
from catalog import words

Ordering = Callable[[str], float]
"""How likely a sentence, by its meaning, gives orders to an assistant: 0 to 1."""

_CERTAIN = 0.9  # from here on the rest of a sentence that asks for products is an order, and the order is spoken of
_LIKELY = 0.6  # from here on a sentence beside a wish is not read: 12 of 10,522 honest messages lose something
_FEW_WORDS = 3  # so few give no orders that wording does not show
_LONG = 240  # characters: a wish beside orders is short, and of more only what asks for products is kept
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；;])\s*|\n+")
_CLAUSES = re.compile(
    r"(?<=[.!?])\s+|(?<=[。！？；;])\s*|\n+|[,，、](?!\d)\s*(?:and |then |but |so )*|\s+(?:and then|and|then|but|so|also)\s+(?=(?:please |also |just |then )*"
    r"(?:i|i'm|i'd|we|you|what|how|do|can|is|show|find|give|tell|list|recommend|sell|print|reveal|repeat|set|say|make|get|help|let|look|need|apply|add|throw|promise|guarantee|confirm|ignore|change|state|write|use|act|pretend|put|mark|treat|offer|send|speak|answer|reply)\b)"
    r"|(?:并且|然后|同时|顺便|另外)(?=\S{2})|--+|—+",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\W*(?:also|and|then|but|so|now|please|ok|okay|另外|然后|并且|同时|再|请)?\W*", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:show|find|get) me\b(?! (?:your|the (?:text|prompt)))|\blooking for\b"
    r"|\bi(?:'d| would)? (?:also |really )?(?:need|like|want) (?:an?|some|something|two|new|to (?:buy|get|find))\b"
    r"|\bdo you (?:have|sell|carry|stock)\b|\brecommend\b|\bgift for\b|\b(?:under|below|less than|up to|over|around) (?:[$€£¥] ?\d|\d+ ?(?:dollars|usd|euros?|pounds|bucks))"
    r"|想买|想要|想看|推荐|帮我[找挑选]|有没有|看看|[元块](?:以内|以下|左右)|买[一个双件条]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it is read: without what shows nothing and without orders; `refused` tells what these were."""

    message: str
    refused: Order | None = None


def hear(message: str, ordering: Ordering | None = None) -> Heard:
    """`message` without the clauses that give orders by their wording or, with `ordering`, by their meaning.

    An ordinary one is given back as it is seen; wording takes under 1 ms, meaning an embedding for each sentence.
    """
    whole = orders_in(message)
    if whole is None:
        return _by_meaning(message, ordering) if ordering else Heard(seen(message))
    kept = [part for sentence in _parts(parted(message), _SENTENCES) for part in _without_orders(sentence)]
    if marked(message) or len(message) > _LONG:
        kept = [part for part in kept if asks_for_products(part)]
    first = next((place for place, part in enumerate(kept) if asks_for_products(part)), None)
    rest = one_line(" ".join(kept[first or 0 :]))[:_LONG]
    return Heard("" if orders_in(rest) else rest, whole)


def _by_meaning(message: str, ordering: Ordering) -> Heard:
    """`message` without what is likely an order beside a wish; the order is refused where that is certain.

    Where nothing is asked for, and of what states a limit, all is kept: to be taken for a wish does no harm.
    """
    kept: list[str] = []
    told = [0.0]
    for sentence in _parts(seen(message), _SENTENCES):
        clauses = _parts(sentence, _CLAUSES)
        asking = [clause for clause in clauses if asks_for_products(clause)]
        rest = " ".join(clause for clause in clauses if clause not in asking)
        limited = any(not bound.named for bound in bounds(rest))
        likely = 0.0 if limited or len(words(rest)) <= _FEW_WORDS else ordering(rest)
        if likely < (_CERTAIN if asking else _LIKELY):
            kept.append(sentence)
        else:
            kept += asking
            told.append(likely)
    if len(told) == 1 or not any(map(asks_for_products, kept)):
        return Heard(seen(message))
    return Heard(one_line(" ".join(kept)), "orders" if max(told) >= _CERTAIN else None)


def _without_orders(sentence: str) -> list[str]:
    """A sentence where it gives no order; of one that does, what asks for products beside that."""
    if orders_in(sentence) is None:
        return [sentence]
    clauses = _parts(sentence, _CLAUSES)
    return [clause for clause in clauses if asks_for_products(clause) and orders_in(clause) is None]


def _parts(text: str, split: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in split.split(text) if part and not _NOTHING.fullmatch(part)]


def asks_for_products(text: str) -> bool:
    """Whether a text asks, in so many words, to be shown something to buy."""
    return _ASKS.search(text) is not None
