"""Surveys in the record: what was asked is committed before it is shown, each answer is a row, the last one counts."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import Conflict, UnknownId
from assistant.record.changes import changed
from assistant.record.database import writing
from assistant.record.desk import log
from assistant.record.insight_tables import OfferRow, SkipRow, SurveyRow
from assistant.record.ratings import Asked, rate
from assistant.record.survey_standing import closed_by_people, last_of, standing_of
from assistant.record.tables import RatingRow, SessionRow
from assistant.surveys.deciding import Chance, What, Why, again_after, decide
from assistant.surveys.form import Form, Subject, form_from_json
from assistant.surveys.rules import Rules, Trigger
from catalog import Locale

_LOCK = 0x6169736C65 + 4  # any constant: it names the advisory lock under which offers are counted and made
_TOKEN_BYTES = 18
_MOST_RATINGS = 20  # of one offer: whoever holds its link can fill no disk

ArmOf = Callable[[str, str | None], str | None]
"""From a session's id and a shopper's to the arm of an experiment that names the wording, if any."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """A survey as it was put to a shopper; `id` is the secret of its link. `value` is the answer that counts so far.

    `over` where it can be answered no longer, `marked` where the conversation is a bot's or staff's.
    """

    id: str
    session_id: str
    turn_id: str
    subject: Subject
    trigger: Trigger
    channel: str
    form: Form
    agent: str
    locale: Locale
    at: datetime
    expires_at: datetime
    over: bool = False
    value: int | None = None
    comment: str | None = None
    skipped: bool = False
    marked: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits for the shopper: neither answered nor declined, and not over."""
        return not (self.over or self.skipped or self.value is not None or self.comment is not None)


@dataclass(frozen=True, slots=True)
class Due:
    """The offer to show now, or why there is none; after `again` without anything said it may be asked again."""

    offer: Offer | None
    why: Why | None = None
    again: timedelta | None = None


class BadAnswer(ValueError):
    """What was answered is not on the scale; `field` is what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Surveys:
    """Offers of one record's database under the owner's rules; safe to share between threads.

    `told` is called once the log of the desk has grown; `arm_of` is asked for the wording where experiments have one.
    """

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        *,
        clock: Callable[[], datetime] = _now,
        told: Callable[[], None] = lambda: None,
        arm_of: ArmOf | None = None,
    ) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._clock = clock
        self._told = told
        self.rules = rules
        self.arm_of = arm_of

    def due(
        self,
        session_id: str,
        what: What,
        shopper_id: str | None = None,
        *,
        arm: str | None = None,
        channel: str = "chat",
    ) -> Due:
        """Whether to ask now that `what` has happened in a session: the offer is committed before this returns it."""
        found = self._found(session_id, what, shopper_id)
        if not isinstance(found, Chance):
            return Due(None, found, again_after(self.rules, found))
        if arm is None and self.arm_of is not None:
            arm = self.arm_of(session_id, shopper_id)
        with self._offering() as session:
            found = self._decided(session, session_id, what, shopper_id)
            if not isinstance(found, Chance):
                return Due(None, found, again_after(self.rules, found))
            return Due(self._offered(session, session_id, found, channel, shopper_id, arm))

    def by_mail(self, session_id: str) -> Offer | None:
        """The question for a mail, once people of the shop have closed a conversation that its shopper has left.

        What was asked before and still waits is asked by it once more; None where it was answered or declined, or where
        the rules say that this is no moment. Raises UnknownId.
        """
        due = self.due(session_id, "closed", channel="mail")
        if due.why != "asked":
            return due.offer
        with Session(self._engine) as session:
            standing = standing_of(session, session_id, None)
            new = standing and decide(self.rules, "closed", replace(standing, offered=frozenset()), self._clock())
            if not isinstance(new, Chance):
                return None
            asked = [one for one in self._asked(session, session_id) if new.subject in ("assistant", one.subject)]
        return asked[-1] if asked and all(one.open for one in asked) else None

    def ask(self, session_id: str, channel: str) -> Offer:
        """The question that somebody of the shop puts to a session's shopper, whatever the rules say of the moment.

        About the person who has answered there, else about the assistant. What was asked before and has no answer yet is
        asked once more. Conflict where there is an answer, or nothing has been said; UnknownId.
        """
        with self._offering() as session:
            if session.get(SessionRow, session_id) is None:
                raise UnknownId("session", session_id)
            agent_id = self._to_rate(session, session_id)
            subject: Subject = "agent" if agent_id and self.rules.agent else "assistant"
            before = select(OfferRow.id).where(OfferRow.session_id == session_id, OfferRow.subject == subject)
            asked = session.scalar(before.order_by(OfferRow.at.desc()).limit(1))
            if asked is not None:
                offer = self._read(session, asked)
                if offer.value is not None:
                    raise Conflict("the shopper has answered already")
                if not offer.over:
                    return offer
            if last_of(session, session_id) is None:
                raise Conflict("nothing has been said in this conversation")
            chance = Chance("manual", subject, agent_id if subject == "agent" else None)
            return self._offered(session, session_id, chance, channel, None, None)

    def unanswered(self, session_id: str) -> tuple[Offer, ...]:
        """What was asked in a session and still waits for the shopper, the oldest first. Raises UnknownId."""
        with Session(self._engine) as session:
            if session.get(SessionRow, session_id) is None:
                raise UnknownId("session", session_id)
            return tuple(one for one in self._asked(session, session_id) if one.open)

    def offer(self, offer_id: str) -> Offer:
        """An offer and what has been answered. Raises UnknownId."""
        with Session(self._engine) as session:
            return self._read(session, offer_id)

    def answer(
        self, offer_id: str, value: int | None = None, comment: str | None = None, source: str = "chat"
    ) -> Offer:
        """Commit an answer, or a comment on it; another one takes its place. BadAnswer names what is wrong with it.

        UnknownId where there is no such offer, or its time is over.
        """
        if value is None and not comment:
            raise BadAnswer("value", "an answer has a value or a comment")
        now = self._clock()
        with self._writing() as session:
            offer = self._read(session, offer_id, lock=True)
            if offer.over:
                raise UnknownId("survey that can still be answered", offer_id)
            if len(session.scalars(select(RatingRow.id).where(RatingRow.offer_id == offer_id)).all()) >= _MOST_RATINGS:
                raise Conflict("this has been answered often enough")
            asked = Asked(offer.id, offer.form.scale, offer.subject, source)
            reasons = [offer.subject] if offer.subject == "agent" else []
            told = False
            if value is not None:
                kind = offer.form.scale.kind
                try:
                    told |= rate(session, offer.turn_id, kind, value, reasons, now=now, asked=asked)
                except ValueError as error:
                    low, high = offer.form.scale.low, offer.form.scale.high
                    raise BadAnswer("value", f"must be a whole number from {low} to {high}") from error
            if comment:
                told |= rate(session, offer.turn_id, "comment", comment, reasons, now=now, asked=asked)
        if told:
            self._told()
        return replace(offer, value=offer.value if value is None else value, comment=comment or offer.comment)

    def skip(self, offer_id: str) -> None:
        """Commit that the shopper declined; twice is once. Raises UnknownId."""
        with self._writing() as session:
            offer = self._read(session, offer_id)
            rows = self._insert(SkipRow).values(offer_id=offer.id, at=self._clock())
            session.execute(rows.on_conflict_do_nothing())

    def _found(self, session_id: str, what: What, shopper_id: str | None) -> Chance | Why:
        with Session(self._engine) as session:
            return self._decided(session, session_id, what, shopper_id)

    def _decided(self, session: Session, session_id: str, what: What, shopper_id: str | None) -> Chance | Why:
        standing = standing_of(session, session_id, shopper_id)
        return decide(self.rules, what, standing, self._clock()) if standing else "early"

    def _to_rate(self, session: Session, session_id: str) -> str | None:
        """The person of the shop who has the conversation, or who answered and closed it."""
        states = log.states_of(session, session_id)
        live = log.conversation(states)
        if live is not None and live.live:
            return live.agent_id
        closed = closed_by_people(session, states)
        return closed.agent_id if closed else None

    def _offered(
        self, session: Session, session_id: str, chance: Chance, channel: str, shopper_id: str | None, arm: str | None
    ) -> Offer:
        now, form, row = self._clock(), self.rules.form_of(chance.subject, arm), session.get(SessionRow, session_id)
        last = last_of(session, session_id)
        if row is None or last is None:
            raise UnknownId("session", session_id)
        version = {"id": form.digest(), "data": form.to_json(), "at": now}
        session.execute(self._insert(SurveyRow).values(version).on_conflict_do_nothing())
        id = secrets.token_urlsafe(_TOKEN_BYTES)
        session.add(
            OfferRow(
                id=id, survey_id=version["id"], session_id=session_id, turn_id=last.turn_id,
                shopper_id=shopper_id or row.shopper_id, subject=chance.subject, trigger=chance.trigger,
                channel=channel, agent_id=chance.agent_id, at=now,
            )
        )  # fmt: skip
        session.flush()
        changed(session, [session_id])
        return self._read(session, id)

    def _asked(self, session: Session, session_id: str) -> list[Offer]:
        """All offers of a session, the oldest first."""
        ids = select(OfferRow.id).where(OfferRow.session_id == session_id).order_by(OfferRow.at, OfferRow.id)
        return [self._read(session, id) for id in session.scalars(ids).all()]

    def _read(self, session: Session, offer_id: str, *, lock: bool = False) -> Offer:
        found = select(OfferRow).where(OfferRow.id == offer_id)
        row = session.scalar(found.with_for_update(key_share=True) if lock else found)
        if row is None:
            raise UnknownId("survey", offer_id)
        survey = session.get_one(SurveyRow, row.survey_id)
        answers = session.scalars(select(RatingRow).where(RatingRow.offer_id == offer_id).order_by(RatingRow.id)).all()
        asked_in = session.get_one(SessionRow, row.session_id)
        last = last_of(session, row.session_id)
        return Offer(
            row.id,
            row.session_id,
            row.turn_id,
            cast(Subject, row.subject),
            cast(Trigger, row.trigger),
            row.channel,
            form_from_json(survey.data),
            log.name_of(session, row.agent_id) if row.agent_id else "",
            last.locale if last else cast(Locale, asked_in.locale),
            row.at,
            row.at + self.rules.link_holds,
            self._clock() >= row.at + self.rules.link_holds,
            next((one.number for one in reversed(answers) if one.number is not None), None),
            next((one.value for one in reversed(answers) if one.kind == "comment"), None),
            session.get(SkipRow, offer_id) is not None,
            asked_in.mark is not None,
        )

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(writing(self._engine)) as session, session.begin():
            yield session

    @contextmanager
    def _offering(self) -> Iterator[Session]:
        """One transaction in which nobody else makes an offer (SQLite has one writer anyway)."""
        with self._writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield session
