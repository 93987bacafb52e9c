"""Alerts: what to watch, when to look, and what to say. Each kind of rule is a file of its own; sending is the outbox's."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.insight.alerts.digest import digest_of
from assistant.insight.alerts.jumps import Jump, Level, Wanted, jumped, watchable
from assistant.insight.alerts.log import AlertLog, Raised
from assistant.insight.alerts.rules import JumpRule, Rules, Span
from assistant.insight.alerts.safety import Safety
from assistant.insight.alerts.watched import Hours, Series, hour_of, lag_of, name_of
from assistant.insight.alerts.weekly import report_due
from assistant.insight.opinions.sentiment import ZONE
from assistant.insight.opinions.sources import Chats, Comments, Reviews
from assistant.record.database import writing
from assistant.record.insight_tables import MarkRow, OpinionRow
from catalog import Product

_MARK = "alerts:looked"
_GRACE = timedelta(minutes=5)  # after an hour is over, for turns that are under way and opinions that are read
_QUOTES = 3


class Alerts:
    """Watches a record; safe to run in several processes."""

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        log: AlertLog,
        catalog: Callable[[], Iterable[Product]],
        mask: Callable[[str], str],
        clock: Callable[[], datetime],
        opinions_behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._mask = mask
        self._opinions_behind = opinions_behind
        self._hours = Hours(engine, clock)
        sources = (Comments(), Chats(since=clock() - timedelta(days=2)), Reviews(catalog, clock))
        self._safety = Safety(engine, rules.words(), log, sources, mask, clock)
        self.rules = rules
        self.log = log

    def watch(self) -> int:
        """Look through what was just written for danger; how many alerts were raised. Meant for every few seconds."""
        return self._safety.watch()

    def check(self) -> int:
        """Look for jumps in the hours that are over, tell of low scores once a day and of the week once a week; how many
        alerts were raised.
        """
        raised = self._daily_and_weekly()
        hour = hour_of(self._clock() - _GRACE)
        if self._looked() == name_of(hour):
            return self._raise(raised, None)
        self._hours.count()
        return self._raise([*raised, *self._jumps(hour)], hour)

    def _daily_and_weekly(self) -> list[Raised]:
        now = self._clock()
        with Session(self._engine) as session:
            digests = [digest_of(session, rule, now, self._mask) for rule in self.rules.digests()]
            reports = [report_due(session, rule, now) for rule in self.rules.reports()]
        return [one for one in (*digests, *reports) if one is not None]

    def _looked(self) -> str:
        with Session(self._engine) as session:
            row = session.get(MarkRow, _MARK)
            return str(row.mark["hour"]) if row else ""

    def _raise(self, raised: Sequence[Raised], hour: datetime | None) -> int:
        """Add alerts, and note up to which hour was looked."""
        if not raised and hour is None:
            return 0
        with Session(writing(self._engine)) as session, session.begin():
            if hour is not None:
                dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
                mark = {"mark": {"hour": name_of(hour)}, "at": self._clock()}
                made = dialect.insert(MarkRow).values(name=_MARK, **mark)
                session.execute(made.on_conflict_do_update(index_elements=["name"], set_=mark))
            return self.log.raise_all(session, raised)

    def _jumps(self, hour: datetime) -> list[Raised]:
        """What jumped in the hour, day or week that ends with `hour`."""
        watched = {
            (rule, about): series
            for rule in self.rules.jumps()
            for about, series in self._series(rule, hour).items()
            if watchable(series)
        }
        level = Level(self.rules.false_alarms_a_year, self.rules.windows, len(watched))
        spans: tuple[Span, ...] = ("hour", "day", "week") if hour.hour == 0 else ("hour",)
        found: list[Raised] = []
        for (rule, about), series in watched.items():
            jump = jumped(series, spans, Wanted(rule.least, rule.times, rule.falls), level)
            if jump is not None and not self._told(rule, about, hour):
                found.append(self._said(rule, about, jump, hour, len(watched)))
        return found

    def _series(self, rule: JumpRule, hour: datetime) -> dict[str, Series]:
        if not rule.by:
            return {"": self._hours.series(rule.watched, hour)}
        return {} if self._opinions_behind() else dict(self._hours.complaints(rule.by, hour))

    def _told(self, rule: JumpRule, about: str, hour: datetime) -> bool:
        with Session(self._engine) as session:
            told = self.log.told_since(session, rule.name, hour - self.rules.quiet)
        return any(data.get("about") == about for data in told)

    def _said(self, rule: JumpRule, about: str, jump: Jump, hour: datetime, watched: int) -> Raised:
        data: dict[str, Any] = {
            "about": about, "by": rule.by, "span": jump.span, "hits": jump.hits, "trials": jump.trials,
            "usual": round(jump.usual, 6), "times": round(jump.times, 2), "chance": jump.chance, "watched": watched,
            "until": (hour - lag_of(rule.watched)).isoformat(),
            **({"falls": True} if rule.falls else {}), "quotes": self._quotes(rule, about, hour) if rule.by else [],
        }  # fmt: skip
        return Raised(f"{rule.name}:{about}:{name_of(hour)}", rule.name, rule.severity, data)

    def _quotes(self, rule: JumpRule, about: str, hour: datetime) -> list[dict[str, Any]]:
        column = OpinionRow.aspect if rule.by == "aspect" else OpinionRow.product_id
        found = (
            select(OpinionRow.quote, OpinionRow.session_id, OpinionRow.product_id)
            .where(
                column == about,
                OpinionRow.polarity <= -ZONE,
                OpinionRow.source != "review",
                OpinionRow.who == "shopper",
            )
            .where(OpinionRow.day >= (hour - timedelta(days=7)).date().isoformat())
            .order_by(OpinionRow.day.desc(), OpinionRow.at.desc())
            .limit(_QUOTES)
        )
        with Session(self._engine) as session:
            rows = session.execute(found).all()
        return [{"words": row.quote, "session_id": row.session_id, "product_id": row.product_id} for row in rows]
