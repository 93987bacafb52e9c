"""A random record that has something for every view: surveys, gaps, opinions, topics and waits, experiments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assistant.insight.experiments.ledger import Ledger
from assistant.insight.experiments.plan import METRICS, Arm, Plan, plan_data, usual_guardrails
from assistant.insight.keeper import Keeper
from assistant.record.changes import changed
from assistant.record.database import writing
from assistant.record.experiments import Experiments
from assistant.record.insight_tables import ExperimentRow, ExposureRow, OfferRow, OpinionRow, SkipRow, SurveyRow
from assistant.record.tables import RatingRow, SessionRow
from assistant.surveys import PACKAGED, load_rules
from assistant.types import Gap, Need, SlateItem
from catalog import Constraint
from tests.insight.random_record import DAYS, START, RandomRecord

FORMS = (load_rules(PACKAGED).form, replace(load_rules(PACKAGED).form, variant="short"), load_rules(PACKAGED).agent)
TYPES = ("lamp", "灯", "desk lamp", ("chair", "stool"), "", "gizmo")
CATEGORIES = (None, "Home > Lamps", "Lamps", "Chairs", "灯具")
THINGS = ("", "lamp", "Lighting", "灯具", "chair")
IDS = ("oak", "steel", "p1", "p3", None)
ARMS = (Arm("A", 0.0), Arm("B", 0.3, 2.0))
TEAMS = (Arm("one", "standard"), Arm("two", "meaning"))
PLANS = {
    metric: Plan(metric, "variety", ARMS, metric, 0.05, 200, guardrails=usual_guardrails(metric)) for metric in METRICS
}
PLANS |= {"interleaved": Plan("Both", "ranker", TEAMS, "ctr", 0.1, 90, "interleaved")}  # type: ignore[dict-item]


class ViewsRecord(RandomRecord):
    """Grows a record for all views; all it does is decided by its seed."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(url, seed)
        self.ledger = Ledger(Experiments(self.engine, self.clock), lambda: {"ranker": ("standard", "meaning")})
        self.experiments = {name: self.ledger.plan(plan, None) for name, plan in PLANS.items()}
        plan = plan_data(PLANS["interleaved"])
        self._add(None, [ExperimentRow(id=id, plan=plan, agent_id=None, at=START) for id in ("wording", "ranking")])
        self.keeper = Keeper(self.engine, self.clock)

    def fill(self, conversations: int) -> None:
        """Everything at once, with the figures kept."""
        self.grow(conversations)
        self._meet()
        self.change(conversations // 3)
        self._opine(6 * conversations)
        self._hear_from_elsewhere(conversations)
        self.clock.now = START + timedelta(days=DAYS + 20)
        while self.keeper.catch_up():
            pass

    def _shopper(self):
        return self.random.choice((None, f"shopper {self.random.randrange(60)}"))

    def _item(self, product):
        team = self.random.choice((None, "one", "two"))
        return SlateItem(product, self.random.choice((1.0, self.random.random())), team=team)

    def _told(self, turn):
        r = self.random
        wishes = [Constraint("price", "le", 2_000)] * r.choice((0, 0, 1))
        wishes += [Constraint("type", r.choice(("contains", "eq", "ne")), r.choice(TYPES))] * r.choice((0, 1))
        waits = {"first_sentence": r.choice((250, 500.5, 1_000, r.uniform(0, 20_000)))} if r.random() < 0.8 else {}
        reply = replace(turn.reply, kind=r.choice((turn.reply.kind, turn.reply.kind, "service", "handoff")))
        need = Need("", r.choice(CATEGORIES), tuple(wishes))
        gaps = tuple(self._gap() for _ in range(r.choice((0, 0, 1, 2, 3))))
        return replace(turn, reply=reply, need=need, timings_ms=waits, gaps=gaps)

    def _gap(self):
        r, id = self.random, self.random.choice(IDS)
        kind = r.choice(("not_carried", "nothing_fits", "out_of_stock", "unanswered", "unanswered"))
        if kind == "not_carried":
            return Gap(kind, r.choice(("hat", "washing machine")), "hats")
        if kind == "nothing_fits":
            key = r.choice(("price<=20", "Color=red", "several"))
            return Gap(kind, key, "under 20", r.choice(THINGS), id, None, r.choice((None, 350)) if id else None)
        if kind == "out_of_stock":
            return Gap(kind, id or "oak", "a lamp", product_id=id or "oak")
        key = r.choice(("Voltage", "Weight", "other", "rules", "rules: returns"))
        return Gap(kind, key, key, "", None if key.startswith("rules") else id)

    def _meet(self) -> None:
        """Every conversation meets every experiment, in arms that its shopper may not have met before."""
        r = self.random
        with Session(self.engine) as session:
            shoppers = dict(session.execute(select(SessionRow.id, SessionRow.shopper_id)).tuples().all())
        rows = [
            ExposureRow(experiment_id=one.id, session_id=id, turn_id=None, unit=shoppers[id] or id, at=at,
                        arm=r.choice(one.plan.arms).name)
            for id in self.sessions for at in [START + timedelta(days=r.random() * DAYS)]
            for one in self.experiments.values()
        ]  # fmt: skip
        self._add(None, rows)

    def _rating(self, turn_id, session_id, shown):
        """Now and then one that was given days before it came in, on a scale of its own."""
        super()._rating(turn_id, session_id, shown)
        if self.random.random() < 0.4:
            at, number = self.clock.now - timedelta(days=self.random.choice((0, 3))), self.random.randint(1, 9)
            self._add(session_id, [self._rated(number, at, turn_id=turn_id, key=self._key())])

    def _offer(self, turn_id, session_id, shown):
        """A survey in one of its wordings, answered once, twice or not, and sometimes declined before or after."""
        r, now, form = self.random, self.clock.now, self.random.choice(FORMS)
        offer_id = f"offer-{r.getrandbits(64):x}"
        asked = OfferRow(
            id=offer_id, survey_id=form.digest(), session_id=session_id, turn_id=turn_id, shopper_id=None,
            subject=form.subject, trigger=r.choice(("idle", "manual")), channel=r.choice(("chat", "link")), agent_id=None,
            at=now,
        )  # fmt: skip
        answers = [
            self._rated(
                r.randint(1, 9), now, turn_id=r.choice((turn_id, None)), offer_id=offer_id, subject=form.subject
            )
            for _ in range(r.choice((0, 0, 1, 2)))
        ]
        if r.random() < 0.3:
            answers.append(
                RatingRow(turn_id=turn_id, offer_id=offer_id, kind="comment", value="ok", reasons=[], at=now)
            )
        skips = [SkipRow(offer_id=offer_id, at=now)] if r.random() < 0.4 else []
        with Session(self.engine) as session:
            new = session.get(SurveyRow, form.digest()) is None
        wording = [SurveyRow(id=form.digest(), data=form.to_json(), at=now)] if new else []
        self._add(session_id, wording, [asked], [*answers, *skips])

    def _answer(self, turn_id, session_id, shown):
        self._hear_from_elsewhere(1)

    def _hear_from_elsewhere(self, many: int) -> None:
        r = self.random
        rows = [
            self._rated(
                r.randint(1, 9), START + timedelta(days=r.random() * DAYS), subject=r.choice((None, "assistant", "agent")),
                source=r.choice((None, "", "mail", "phone")), kind=r.choice(("own", "nps")), key=self._key(),
            )
            for _ in range(many)
        ]  # fmt: skip
        self._add(None, rows)

    def _opine(self, many: int) -> None:
        r, rows = self.random, []
        for n in range(many):
            at, source = START + timedelta(days=r.random() * DAYS), r.choice(("comment", "chat", "review"))
            rows.append(
                {"source": source, "source_id": f"{n}", "sentence": 0, "product_id": r.choice(IDS),
                 "session_id": None if source == "review" else r.choice(self.sessions), "locale": r.choice(("en", "zh")),
                 "who": r.choice(("shopper",) * 8 + ("bot", "staff")), "aspect": r.choice(("price", "delivery", "whole")),
                 "polarity": r.choice((-0.25, 0.25, r.uniform(-1, 1))), "quote": f"words {n}", "day": at.date().isoformat(),
                 "at": at}
            )  # fmt: skip
        with writing(self.engine).begin() as connection:
            connection.execute(insert(OpinionRow), rows)

    def _rated(self, number, at, *, kind="own", **more):
        return RatingRow(
            kind=kind, value=f"{number}", number=number, score=(number - 1) / 8, reasons=[], at=at,
            **{"subject": None, "source": "chat", "locale": "en", **more},
        )  # fmt: skip

    def _key(self) -> str:
        self._keys += 1
        return f"given-{self._keys}"

    def _add(self, session_id: str | None, *rows: Sequence[object]) -> None:
        """Commit rows, those that others point to first."""
        with Session(writing(self.engine)) as session, session.begin():
            for some in rows:
                session.add_all(some)
                session.flush()
            if session_id:
                changed(session, [session_id])
