"""A small shop for the pages' tests: rows of the demo catalogue, a scripted assistant, a record in memory."""

import itertools
import json
import tempfile
import threading
import time
from collections import Counter as Counted
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import catalog
from assistant.cart import CartChange
from assistant.errors import Busy, UnknownId
from assistant.phrases import say
from assistant.record.database import open_database
from assistant.record.events import Deed, Outcome, Receipt
from assistant.record.memory import Memory
from assistant.types import (
    Cell,
    Claim,
    Comparison,
    DoneEvent,
    Event,
    Evidence,
    Handoff,
    Kind,
    Need,
    NeedEvent,
    QueuedEvent,
    Reason,
    Reply,
    Row,
    SentenceEvent,
    Slate,
    SlateEvent,
    SlateItem,
    TicketDraft,
    Turn,
    Utterance,
    Versions,
)
from catalog import (
    Band,
    Constraint,
    Count,
    Facet,
    Facets,
    Hit,
    Locale,
    Order,
    Policy,
    Product,
    satisfies,
    to_product,
)

DEMO = Path(catalog.__file__).parent / "demo" / "products"
EVIL = '<img src=x onerror="window.pwned=1"> ${window.pwned=2} `{{evil}}` Lamp'
VERSIONS = Versions("fake", "none", "p1", "i1", "r1")
POLICY_TEXT = (
    "Unused goods come back within 30 days of delivery. The shop pays the label. Worn shoes are not taken back."
)
POLICIES = (Policy("returns.en.1", "en", "Returns", POLICY_TEXT),)


def demo_products(*files: str) -> tuple[Product, ...]:
    """The products of the demo catalogue's files, in order."""
    texts = [(DEMO / f"{file}.jsonl").read_text(encoding="utf-8") for file in files]
    return tuple(to_product(json.loads(line)) for text in texts for line in text.splitlines() if line.strip())


class FakeCatalog:
    """Products in a tuple; a search is a filter and keeps their order."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = tuple(products)
        self.policies = POLICIES

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products)

    def get(self, id: str) -> Product | None:
        return next((p for p in self._products if p.id == id), None)

    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.category for p in self._products))

    def count(self, constraints: Iterable[Constraint]) -> int:
        return len(self.search("", constraints, 500))

    def first(self, constraints: Iterable[Constraint], order: Order, limit: int) -> list[Product]:
        found = [hit.product for hit in self.search("", constraints, 500)]
        return sorted(found, key=lambda p: -p.liking if order == "best rated" else p.price_minor)[:limit]

    def similar(self, id: str, constraints: Iterable[Constraint] = (), limit: int = 10) -> list[Hit]:
        return [hit for hit in self.search("", constraints, 500) if hit.product.id != id][:limit]

    def corrections(self, text: str) -> dict[str, str]:
        return {"lmap": "lamp"} if "lmap" in text else {}

    def facets(self, constraints: Iterable[Constraint] = (), *, locale: Locale = "en", text: str = "") -> Facets:
        """By category, colour and in one price band."""
        found = [hit.product for hit in self.search(text, constraints, 500)]
        prices = sorted(p.price_minor for p in found)
        homes = [(p.category, p.localised(locale).category) for p in found]
        colours = [(p.attributes["Color"], p) for p in found if "Color" in p.attributes]
        said = [
            (value, p.localised(locale).attributes.get("颜色" if locale == "zh" else "Color", value))
            for value, p in colours
        ]
        return Facets(
            len(found),
            tuple(Count(value, n, label) for (value, label), n in Counted(homes).most_common()),
            tuple(Count(value, n, value) for value, n in Counted(p.brand for p in found).most_common()),
            (Band(prices[0], prices[-1], len(prices)),) if prices else (),
            (
                Facet(
                    "Color",
                    "颜色" if locale == "zh" else "Color",
                    tuple(Count(value, n, label) for (value, label), n in Counted(said).most_common()),
                ),
            ),
        )

    def search(self, text: str, constraints: Iterable[Constraint] = (), limit: int = 10) -> list[Hit]:
        found = [p for p in self._products if satisfies(p, tuple(constraints))]
        return [Hit(p, 0.5, 0.5, 0.5) for p in found[:limit]]


class FakeRecord:
    """What was told, in lists; knows the turns that it is given."""

    def __init__(self) -> None:
        self.turns: set[str] = set()
        self.ratings: list[tuple[str, str, object, tuple[str, ...]]] = []
        self.deeds: list[Deed] = []
        self.views: dict[tuple[str, str], int] = {}
        self.tickets: list[tuple[str, TicketDraft]] = []
        self.together: dict[str, tuple[tuple[str, int], ...]] = {}
        self.carts: dict[str, list[CartChange]] = {}
        self.broken = False

    def rate(
        self, turn_id: str, kind: str, value: object, reasons: Iterable[str] = (), mark: str | None = None
    ) -> bool:
        self._check(turn_id)
        self.ratings.append((turn_id, kind, value, tuple(reasons)))
        return True

    def happened(self, deed: Deed) -> Outcome:
        self._check(deed.turn_id)
        if deed.key is not None and any(one.key == deed.key for one in self.deeds):
            return "repeated"
        self.deeds.append(deed)
        return "recorded"

    def events(self, deeds: Iterable[Deed]) -> tuple[Receipt, ...]:
        receipts = []
        for deed in deeds:
            try:
                receipts.append(Receipt(self.happened(deed)))
            except UnknownId as error:
                receipts.append(Receipt("rejected", error))
        return tuple(receipts)

    def seen(self, turn_id: str, seen: Iterable[tuple[str, int]]) -> int:
        self._check(turn_id)
        news = {(turn_id, product_id): ms for product_id, ms in seen if (turn_id, product_id) not in self.views}
        self.views |= news
        return len(news)

    def open_ticket(self, turn_id: str, draft: TicketDraft) -> Handoff:
        self._check(turn_id)
        self.tickets.append((turn_id, draft))
        return Handoff(f"ticket-{len(self.tickets)}", draft.kind, draft.question)

    def bought_with(self, product_id: str, limit: int) -> tuple[tuple[str, int], ...]:
        if self.broken:
            raise OSError("disk full")
        return self.together.get(product_id, ())[:limit]

    def open_session(self, locale: Locale, shopper_id: str | None = None, mark: str | None = None) -> str:
        session_id = f"c{len(self.carts) + 1}"
        self.carts[session_id] = []
        return session_id

    def change_cart(self, session_id: str, changes: Iterable[CartChange], turn_id: str | None = None) -> None:
        if self.broken:
            raise OSError("disk full")
        self._cart(session_id).extend(changes)

    def cart_changes(self, session_id: str) -> tuple[CartChange, ...]:
        return tuple(self._cart(session_id))

    def _cart(self, session_id: str) -> list[CartChange]:
        if session_id not in self.carts:
            raise UnknownId("session", session_id)
        return self.carts[session_id]

    @cached_property
    def memory(self) -> Memory:
        """A real one, made only where it is asked for."""
        folder = tempfile.mkdtemp()
        return Memory(open_database(f"sqlite:///{folder}/memory.db"), lambda: datetime(2026, 11, 12, tzinfo=UTC))

    def _check(self, turn_id: str) -> None:
        if self.broken:
            raise OSError("disk full")
        if turn_id not in self.turns:
            raise UnknownId("turn", turn_id)


@dataclass
class FakeAssistant:
    """Answers by a script keyed on words of the message. `closed` counts turns that were closed before their end.

    What is said of a queue stands at `queued` until that is place 0, and beyond a `crowd` everybody is refused.
    """

    catalog: FakeCatalog
    record: FakeRecord
    pace_s: float = 0.0
    closed: int = 0
    heard: list[Utterance] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    queued: QueuedEvent = QueuedEvent(0, 0)
    crowd: bool = False
    sessions: dict[str, list[Turn]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def openers(self, locale: Locale) -> tuple[str, ...]:
        return OPENERS[locale]

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        if session_id not in self.sessions and session_id not in self.record.carts:
            raise UnknownId("session", session_id)
        return tuple(self.sessions.get(session_id, ()))

    def reply(self, utterance: Utterance) -> Iterator[Event]:
        self.heard.append(utterance)
        words = utterance.message
        if self.crowd or "crowd" in words:
            raise Busy(7)
        if utterance.session_id and utterance.session_id not in self.record.carts:
            raise UnknownId("session", utterance.session_id)
        session = utterance.session_id or f"s{next(self._ids)}"
        self.record.carts.setdefault(session, [])
        turn_id = f"t{next(self._ids)}"
        turn = self._plan(utterance, session, turn_id)
        self.record.turns.add(turn_id)
        try:
            yield NeedEvent(session, turn_id, turn.locale, turn.need, len(self.catalog))
            self._pause(words)
            if "explode" in words:
                raise RuntimeError("the script says so")
            if turn.slate.items or turn.reply.kind == "no_match":
                yield SlateEvent(turn.slate)
            for number, claim in enumerate(turn.reply.claims):
                self._pause("")
                if "queue" in words and number == min(1, len(turn.reply.claims) - 1):
                    yield from self._wait()
                cited = tuple(e for e in (*turn.slate.evidence, *turn.evidence) if e.id in claim.evidence)
                yield SentenceEvent(claim, cited)
        except GeneratorExit:
            self.closed += 1
            raise
        self.sessions.setdefault(session, []).append(turn)
        yield DoneEvent(turn)

    def _wait(self) -> Iterator[Event]:
        while self.queued.place:
            yield self.queued
            time.sleep(0.02)
        yield self.queued

    def _pause(self, words: str) -> None:
        if "slowly" in words:
            self.gate.wait(5)
        time.sleep(self.pace_s)

    def _plan(self, utterance: Utterance, session: str, turn_id: str) -> Turn:
        locale: Locale = utterance.locale or "en"
        words = utterance.message
        past = self.sessions.get(session, [])
        need = utterance.need or (past[-1].need if past else FIRST_NEED)
        kind: Kind = "recommend"
        slate = self._slate(need, locale)
        said: tuple[Claim, ...] = tuple(Claim(text, "supported", ids) for text, ids in self._words(slate, locale))
        extra: tuple[Evidence, ...] = ()
        quick: tuple[str, ...] = ()
        if "return" in words:
            extra = (Evidence("p1", "policy", None, "returns", POLICY_TEXT.split(". ")[0]),)
            kind, slate = "service", Slate()
            said = (Claim("You can send it back within 30 days.", "supported", ("p1",)),)
        elif "remote" in words:
            kind, slate = "answer", Slate()
            said = (Claim("The listing does not say whether it comes with a remote control.", "supported"),)
        elif "reviewers" in words:
            kind, slate, (said, extra) = "answer", Slate(), self._opinions()
        elif "remember" in words:
            kind, slate, said = "chat", Slate(), (Claim("Shall I remember this?", "supported"),)
            quick = (say("q_agree", locale), say("q_refuse", locale))
            if past and utterance.shopper_id and words in quick:
                self.record.memory.decide(utterance.shopper_id, words == quick[0])
                quick = ()
        elif "hello" in words:
            kind, slate, said = "chat", Slate(), (Claim("Hello. What are you looking for?", "supported"),)
        elif not slate.items:
            kind, said = "no_match", (Claim("Nothing fits all of that.", "supported"),)
        asks = (say("q_ask_shop", locale),) if "remote" in words else ()
        comparison = None
        if words.startswith(("Compare", "比较")) and len(slate.items) > 1:
            kind, comparison = "compare", _comparison(slate, locale)
        reply = Reply(
            kind, " ".join(c.text for c in said), said, QUICK[locale] if kind == "recommend" else asks or quick
        )
        times = dict.fromkeys(("understand", "retrieve", "rank", "slate", "first_sentence", "total"), 1.0)
        return Turn(
            turn_id, session, words, locale, need, slate, reply, extra, times, VERSIONS, comparison=comparison,
            variety=utterance.variety or 0.0,
        )  # fmt: skip

    def _opinions(self) -> tuple[tuple[Claim, ...], tuple[Evidence, ...]]:
        first, second = itertools.islice(self.catalog, 2)
        lines = [
            Evidence(f"{p.id}/r{n}", "review", p.id, f"reviews.{n}", p.reviews[n].text)
            for p, n in ((second, 0), (first, 0), (first, 1))
        ]
        texts = ("Of another one: “{quote}”", f"Of the {first.title}: “{{quote}}”", "And: “{quote}”")
        said = [Claim(t.format(quote=e.quote), "supported", (e.id,)) for t, e in zip(texts, lines, strict=True)]
        return tuple(said), tuple(lines)

    def _slate(self, need: Need, locale: Locale) -> Slate:
        found = [hit.product for hit in self.catalog.search("", need.constraints, 500)]
        items, evidence = [], []
        for product in found[:4]:
            base = product.localised(locale)
            name, value = list(base.attributes.items())[2]
            quote = base.reviews[0].text
            ids = (f"{product.id}/f", f"{product.id}/r")
            evidence.append(Evidence(ids[0], "field", product.id, f"attributes.{name}", f"{name}: {value}"))
            evidence.append(Evidence(ids[1], "review", product.id, "reviews.0", quote))
            why = Reason(WHY[locale].format(name=name.lower(), value=value), (ids[0],))
            but = Reason(BUT[locale], (ids[1],)) if len(items) % 2 == 0 else None
            items.append(SlateItem(product, 0.9, (why,), but))
        return Slate(tuple(items), len(found), tuple(evidence))

    def _words(self, slate: Slate, locale: Locale) -> list[tuple[str, tuple[str, ...]]]:
        if len(slate.items) < 2:
            return []
        first, second = (item.product.localised(locale) for item in slate.items[:2])
        texts = SENTENCES[locale]
        return [
            (texts[0].format(first=first.title), (f"{first.id}/f",)),
            (texts[1].format(second=second.title), (f"{second.id}/f", f"{second.id}/r")),
            (texts[2], ()),
        ]


def _comparison(slate: Slate, locale: Locale) -> Comparison:
    """The products of a slate by their price and by something that only the first one states."""
    products = [item.product.localised(locale) for item in slate.items]
    prices = tuple(Cell(p.id, f"${p.price:.0f}", (f"{p.id}/f",), place == 1) for place, p in enumerate(products))
    power = tuple(
        Cell(p.id, None if place else "9 W", () if place else (f"{p.id}/f",)) for place, p in enumerate(products)
    )
    rows = (Row("Price", "price", prices), Row("Power", "attributes.Power", power))
    return Comparison(tuple(p.id for p in products), rows, "Take the second one.")


FIRST_NEED = Need(
    "lamp",
    "Lighting",
    (
        Constraint("price", "le", 7000),
        Constraint("attributes.Material", "not_in", ("plastic", "塑料")),
        Constraint("in_stock", "eq", True),
    ),
)
OPENERS: dict[Locale, tuple[str, ...]] = {
    "en": (
        "A warm reading lamp under $60",
        "Coffee gear for a small kitchen",
        "A birthday gift for a six-year-old",
        "Something quiet for sleeping",
    ),
    "zh": ("60 美元以内的暖光阅读灯", "小厨房用的咖啡器具", "送六岁孩子的生日礼物", "安静助眠的小东西"),
}
QUICK: dict[Locale, tuple[str, ...]] = {
    "en": ("Only the dimmable ones", "Something cheaper", "Compare the first two"),
    "zh": ("只看可调光的", "再便宜一点", "比较前两件"),
}
WHY: dict[Locale, str] = {"en": "The listing gives its {name} as {value}", "zh": "商品参数写明{name}为{value}"}
BUT: dict[Locale, str] = {"en": "One shopper would have liked a longer cord", "zh": "有买家希望电源线更长一些"}
SENTENCES: dict[Locale, tuple[str, str, str]] = {
    "en": (
        "For reading at a desk I would start with the {first}: its light can be dimmed in six steps.",
        "The {second} is the better choice if you read in bed, because it weighs next to nothing.",
        "Shall I keep only the ones that can be dimmed?",
    ),
    "zh": (
        "如果是在书桌前看书，我会先看{first}：灯光可以六档调节。",
        "如果习惯在床上看书，{second}更合适，夹在书上，几乎感觉不到重量。",
        "要不要只看可以调光的？",
    ),
}


def evil(product: Product) -> Product:
    """The product with a title and a review that would run if any page took them for markup or a template."""
    return replace(product, title=EVIL, reviews=tuple(replace(r, text=EVIL) for r in product.reviews), translations=())
