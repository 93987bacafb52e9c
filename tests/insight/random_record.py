"""A record filled at random through its own doors: several days, languages, versions and arms, with late and odd events."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from assistant.record import Deed, Record
from assistant.record.changes import changed
from assistant.record.database import writing
from assistant.record.insight_tables import ExperimentRow, ExposureRow, OfferRow, SurveyRow
from assistant.record.tables import RatingRow
from assistant.surveys import PACKAGED, load_rules
from assistant.types import Need, Reply, Slate, SlateItem, TicketDraft, Turn, Utterance, Versions
from catalog import Product

START = datetime(2026, 9, 20, tzinfo=UTC)
DAYS = 50
PRODUCTS = [
    Product(f"p{n}", f"Product {n}", 1_000 + 700 * n, category=("Lamps", "Chairs", "")[n % 3]) for n in range(8)
]
REASONS = ("products", "price", "too slow", "说得不对")
VERSIONS = [
    Versions("tiny", "", "p@1", "i", "r@1"),
    Versions("big", "", "p@1", "i", "r@2"),
    Versions("", "", "", "", ""),
]


class Clock:
    """A clock that is set."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class RandomRecord:
    """Grows a record; all it does is decided by its seed."""

    def __init__(self, url, seed):
        self.clock = Clock()
        self.record = Record(url, clock=self.clock)
        self.engine = self.record.engine
        if self.engine.dialect.name == "sqlite":  # it need not survive the machine
            self.engine.dispose()
            event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.random = random.Random(seed)
        self.turns = []  # of every turn: its id, its session's, what was shown
        self.sessions = []
        self._keys = 0
        self._made = False

    def grow(self, conversations):
        """Some more conversations on random days."""
        for _ in range(conversations):
            self.clock.now = START + timedelta(seconds=self.random.randrange(DAYS * 86_400))
            self._conversation()

    def change(self, times):
        """News of conversations that are there already, weeks later as a rule."""
        r = self.random
        for _ in range(times):
            self.clock.now = START + timedelta(days=DAYS - 10 + r.random() * 20)
            turn_id, session_id, shown = r.choice(self.turns)
            r.choice((self._event, self._event, self._rating, self._answer, self._offer, self._see, self._expose))(
                turn_id, session_id, shown
            )

    def _conversation(self):
        r = self.random
        locale, session_id = r.choice(("en", "zh")), None
        mark, shopper = r.choice((None,) * 12 + ("bot", "staff")), self._shopper()
        if r.random() < 0.1:  # one in which nothing is ever said
            self.record.open_session(locale)
            return
        for _ in range(r.choice((1, 1, 2, 3, 6))):
            self.clock.now += timedelta(seconds=r.randrange(1, 60))
            said = Utterance("a lamp", mark=mark, shopper_id=shopper)
            opened = self.record.open_turn(said, locale, session_id=session_id)
            session_id = opened.session_id
            shown = self._turn(opened.turn_id, session_id, locale)
            self.turns.append((opened.turn_id, session_id, shown))
            for _ in range(r.choice((0, 1, 3, 5))):
                r.choice((self._event, self._event, self._rating, self._see, self._offer))(
                    opened.turn_id, session_id, shown
                )
        self.sessions.append(session_id)
        if r.random() < 0.3:
            kind = r.choice(("person", "question", "stock", "complaint"))
            self.record.open_ticket(opened.turn_id, TicketDraft(kind, f"how? {session_id}"))
        if r.random() < 0.4:
            self._expose(opened.turn_id, session_id, shown)

    def _turn(self, turn_id, session_id, locale):
        """What was shown; now and then the turn is never closed."""
        r = self.random
        shown = r.sample(PRODUCTS, r.choice((0, 0, 1, 3, 4)))
        slate = Slate(tuple(self._item(product) for product in shown), len(shown))
        if shown:
            self.record.show(turn_id, slate)
        if r.random() < 0.1:
            return [product.id for product in shown]
        kind = "recommend" if shown else r.choice(("no_match", "chat", "answer"))
        failure = "boom" if r.random() < 0.1 else None
        reply = Reply(kind, "here")
        versions = r.choice(VERSIONS)
        turn = Turn(turn_id, session_id, "a lamp", locale, Need(), slate, reply, (), {}, versions, failure=failure)
        self.record.close_turn(self._told(turn))
        return [product.id for product in shown]

    def _shopper(self):
        """Who comes; nobody is known here."""

    def _item(self, product):
        return SlateItem(product, 0.5)

    def _told(self, turn):
        """The turn with what else it holds."""
        return turn

    def _event(self, turn_id, session_id, shown):
        r = self.random
        product = r.choice(shown) if shown and r.random() < 0.85 else r.choice(PRODUCTS).id
        kind = r.choice(("click", "click", "cart", "purchase", "purchase", "dwell", "dwell"))
        paid = {}
        if kind == "purchase" and r.random() < 0.5:
            paid = {"amount_minor": r.randrange(0, 90_000), "currency": "USD"}
        self._keys += 1
        deed = Deed(
            turn_id,
            product,
            kind,
            key=r.choice((None, f"key-{self._keys}")),
            quantity=r.choice((None, 1, 3)) if kind != "dwell" else None,
            dwell_ms=r.randrange(1_000, 90_000) if kind == "dwell" else None,
            mark=r.choice((None,) * 9 + ("bot", "staff")),
            **paid,
        )
        for _ in range(r.choice((1, 1, 2))):
            self.record.happened(deed)

    def _rating(self, turn_id, session_id, shown):
        r = self.random
        kind, value = r.choice(
            (
                ("thumb", r.choice(("up", "down"))),
                ("thumb", "down"),
                ("stars", r.randint(1, 5)),
                ("nps", r.randint(0, 10)),
                ("comment", "ok"),
            )
        )
        if kind == "thumb" and r.random() < 0.5:  # one that is given reasons afterwards, or taken back
            self.record.rate(turn_id, kind, r.choice(("up", "down")), r.choice(((), REASONS[:1])))
        reasons = r.sample(REASONS, r.choice((0, 1, 2))) if value == "down" else []
        self.record.rate(turn_id, kind, value, reasons + (["agent"] if kind != "thumb" and r.random() < 0.2 else []))

    def _see(self, turn_id, session_id, shown):
        self.record.seen(turn_id, [(id, 1_200) for id in shown if self.random.random() < 0.7])

    def _offer(self, turn_id, session_id, shown):
        """A survey, put and sometimes answered."""
        r, now = self.random, self.clock.now
        offer_id = f"offer-{r.getrandbits(64):x}"
        subject = r.choice(("assistant", "assistant", "agent"))
        with Session(writing(self.engine)) as session, session.begin():
            if session.get(SurveyRow, "s") is None:
                session.add(SurveyRow(id="s", data=load_rules(PACKAGED).form.to_json(), at=now))
                session.flush()
            session.add(
                OfferRow(id=offer_id, survey_id="s", session_id=session_id, turn_id=turn_id, shopper_id=None,
                         subject=subject, trigger="idle", channel="chat", agent_id=None, at=now)
            )  # fmt: skip
            changed(session, [session_id])
        if r.random() < 0.5:
            self._answered(offer_id, session_id, None if r.random() < 0.5 else turn_id, subject)

    def _answer(self, turn_id, session_id, shown):
        """A rating that nobody asked for and that was collected elsewhere: it belongs to no conversation."""
        row = {"kind": "stars", "value": "1", "number": 1, "score": 0.0, "reasons": [], "at": self.clock.now}
        with writing(self.engine).begin() as connection:
            connection.execute(insert(RatingRow).values(**row))

    def _answered(self, offer_id, session_id, turn_id, subject):
        stars = self.random.randint(1, 4)
        with Session(writing(self.engine)) as session, session.begin():
            session.add(
                RatingRow(turn_id=turn_id, offer_id=offer_id, versions_id=None, kind="own", value=str(stars), number=stars,
                          score=(stars - 1) / 3, subject=subject, source="mail", locale="en", key=None, reasons=[],
                          at=self.clock.now)
            )  # fmt: skip
            changed(session, [session_id])

    def _expose(self, turn_id, session_id, shown):
        r = self.random
        with Session(writing(self.engine)) as session, session.begin():
            for id in r.sample(("wording", "ranking"), r.choice((1, 2))):
                if session.get(ExperimentRow, id) is None:
                    session.add(ExperimentRow(id=id, plan={}, agent_id=None, at=self.clock.now))
                    session.flush()
                if not session.query(ExposureRow).filter_by(experiment_id=id, session_id=session_id).count():
                    session.add(
                        ExposureRow(experiment_id=id, session_id=session_id, turn_id=turn_id, unit=session_id,
                                    arm=r.choice(("a", "b")), at=self.clock.now)
                    )  # fmt: skip
            changed(session, [session_id])
