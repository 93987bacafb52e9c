"""The record's tables of figures (`insight_*`): all of them can be worked out anew from the log.

What each conversation adds (`insight_sessions`, `insight_items`) stands beside the sums of groups of conversations that
have a period, language, version, category, kind of visitor and arm in common. A conversation is in several groups
(`insight_memberships`): of its day and of its month; of each of its arms besides "" for whatever arm; and once more of
those with "*" for whatever language, version and category.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.record.columns import Counter
from assistant.record.tables import Base


class Counted:
    """The columns of everything that is counted; docs/insights.md says what each means. Scores are in millionths."""

    conversations: Mapped[int]
    with_slate: Mapped[int]
    with_click: Mapped[int]
    with_cart: Mapped[int]
    with_purchase: Mapped[int]
    turns: Mapped[int]
    slates: Mapped[int]
    failed_turns: Mapped[int]
    no_match: Mapped[int]
    handoffs: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    offered: Mapped[int]
    answered: Mapped[int]
    rated: Mapped[int]
    satisfied: Mapped[int]
    score_micro: Mapped[int] = mapped_column(BigInteger)
    score_square_micro: Mapped[int] = mapped_column(BigInteger)
    agent_rated: Mapped[int]
    agent_satisfied: Mapped[int]
    agent_score_micro: Mapped[int] = mapped_column(BigInteger)
    agent_score_square_micro: Mapped[int] = mapped_column(BigInteger)
    nps_rated: Mapped[int]
    promoters: Mapped[int]
    detractors: Mapped[int]
    thumbs_up: Mapped[int]
    thumbs_down: Mapped[int]
    impressions: Mapped[int]
    views: Mapped[int]
    clicks: Mapped[int]
    carts: Mapped[int]
    purchases: Mapped[int]
    dwells: Mapped[int]
    dwell_ms: Mapped[int] = mapped_column(BigInteger)


class ChangeRow(Base):
    """A session of which the log has something new; gone once the figures know of it."""

    __tablename__ = "insight_changes"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    session_id: Mapped[str]


class StateRow(Base):
    """The one row that says which generation of figures is read, which is being built if any, and when they were kept."""

    __tablename__ = "insight_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generation: Mapped[int]
    building: Mapped[int | None]
    kept_at: Mapped[datetime | None]


_STRATA = (  # all that the correction for those who do not answer reads
    "generation", "day", "who", "locale", "with_purchase", "with_click", "handoffs", "turns", "rated", "satisfied",
    "score_micro",
)  # fmt: skip


class FactsRow(Counted, Base):
    """What one conversation adds to the figures: exactly what it added, so that it can be taken out again."""

    __tablename__ = "insight_sessions"
    __table_args__ = (
        UniqueConstraint("session_id", "generation"),
        Index("ix_insight_sessions_newest", "generation", "day", "started_at", "session_id"),
        Index("ix_insight_sessions_strata", *_STRATA),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    generation: Mapped[int]
    session_id: Mapped[str]
    started_at: Mapped[datetime]
    day: Mapped[str]
    locale: Mapped[str]
    versions_id: Mapped[str]
    category: Mapped[str]
    who: Mapped[str]


class ItemRow(Base):
    """A product at a position in one conversation; position 0 is where it was not shown in the turn it was bought from."""

    __tablename__ = "insight_items"
    __table_args__ = (Index("ix_insight_items_product", "product_id", "facts_id"), {"sqlite_with_rowid": False})

    facts_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    impressions: Mapped[int]
    views: Mapped[int]
    clicks: Mapped[int]
    carts: Mapped[int]
    purchases: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    dwells: Mapped[int]
    dwell_ms: Mapped[int] = mapped_column(BigInteger)


class GroupRow(Counted, Base):
    """Sums of the conversations of one group. `period` is a day (2026-11-28) or a month (2026-11)."""

    __tablename__ = "insight_groups"
    __table_args__ = (
        UniqueConstraint(
            "generation", "period", "locale", "versions_id", "category", "who", "arm", name="uq_insight_groups"
        ),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    generation: Mapped[int]
    period: Mapped[str]
    locale: Mapped[str]
    versions_id: Mapped[str]
    category: Mapped[str]
    who: Mapped[str]
    arm: Mapped[str]


class MembershipRow(Base):
    """A conversation that is in a group."""

    __tablename__ = "insight_memberships"
    __table_args__ = ({"sqlite_with_rowid": False},)

    group_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    facts_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False, index=True)


class ProductRow(Counted, Base):
    """Sums of the conversations of one group in which a product was, and of what came of showing it.

    Groups of a day that leave nothing open have none: they would be as many as the items.
    """

    __tablename__ = "insight_products"
    __table_args__ = ({"sqlite_with_rowid": False},)

    group_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(primary_key=True)


class PositionRow(Counted, Base):
    """Sums of the conversations of one group in which something was at a position, and of what came of showing it."""

    __tablename__ = "insight_positions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    group_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
