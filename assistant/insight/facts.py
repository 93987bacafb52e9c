"""What each of some conversations adds to the figures, counted from the log by the database itself.

The statements are for a list of sessions; how the counts come into sums is not known here.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from assistant.insight.filters import NONE
from assistant.insight.measures import COUNTS, MICRO
from assistant.record.figure_tables import FactsRow, ItemRow
from assistant.record.insight_tables import OfferRow, ViewRow
from assistant.record.ratings import last_thumb
from assistant.record.tables import EventRow, ImpressionRow, RatingRow, ReplyRow, SessionRow, TicketRow, TurnRow

SATISFIED = 0.75  # of a scale from 0 to 1: four of five stars
PROMOTER, DETRACTOR = 9, 6  # of 10
HANDED = ("person", "complaint", "service", "approval", "safety")
_DEEDS = ("click", "cart", "purchase")
SHOWN_COUNTS = ("impressions", "views", "clicks", "carts", "purchases")
WHEREVER_COUNTS = ("revenue_minor", "dwells", "dwell_ms")  # whether or not the turn had shown the product
_ITEM_COUNTS = (*SHOWN_COUNTS, *WHEREVER_COUNTS)
_DEED_COUNTS = ("clicks", "carts", "purchases", *WHEREVER_COUNTS)
_S, _T, _R, _I, _E, _V = SessionRow, TurnRow, ReplyRow, ImpressionRow, EventRow, ViewRow


def add_facts(connection: Connection, generation: int, session_ids: Sequence[str]) -> None:
    """Count these sessions from the log; none of them has facts of this generation yet."""
    _add_sessions(connection, generation, session_ids)
    _add_items(connection, generation, session_ids)
    _sum_items(connection, generation, session_ids)


def utc_day(connection: Connection, moment: Any) -> ColumnElement[str]:
    """The day of a moment in UTC, such as 2026-11-28."""
    if connection.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")
    return func.substr(cast(moment, Text), 1, 10)


def total(condition: Any) -> ColumnElement[int]:
    """How many rows meet the condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _add_sessions(connection: Connection, generation: int, ids: Sequence[str]) -> None:
    talk, reply, shown = _talk(ids), _first_reply(ids), _first_impression(ids)
    scores, thumbs, offers = _last_scores(ids), _thumbs(ids), _offers(ids)
    by_shopper = select(scores).where(scores.c.agent == 0).subquery("by_shopper")
    of_agent = select(scores).where(scores.c.agent == 1).subquery("of_agent")
    handed = exists().where(TicketRow.session_id == _S.id, TicketRow.kind.in_(HANDED))
    values: dict[str, Any] = {
        "generation": literal(generation),
        "session_id": _S.id,
        "started_at": _S.started_at,
        "day": utc_day(connection, _S.started_at),
        "locale": _S.locale,
        "versions_id": func.coalesce(reply.c.versions_id, ""),
        "category": func.coalesce(func.nullif(shown.c.category, ""), NONE),
        "who": func.coalesce(func.nullif(_S.mark, ""), "shopper"),
        **dict.fromkeys(COUNTS, literal(0)),
        "conversations": literal(1),
        "handoffs": case((handed, 1), else_=0),
        **{name: talk.c[name] for name in ("turns", "slates", "failed_turns", "no_match")},
        **{name: func.coalesce(offers.c[name], 0) for name in ("offered", "answered")},
        **{name: func.coalesce(thumbs.c[name], 0) for name in ("thumbs_up", "thumbs_down")},
        **_rated(by_shopper, ""),
        **_rated(of_agent, "agent_"),
        **_recommended(by_shopper),
    }
    found = (
        select(*(value.label(name) for name, value in values.items()))
        .join(talk, talk.c.session_id == _S.id)
        .outerjoin(reply, reply.c.session_id == _S.id)
        .outerjoin(shown, shown.c.session_id == _S.id)
        .outerjoin(by_shopper, by_shopper.c.session_id == _S.id)
        .outerjoin(of_agent, of_agent.c.session_id == _S.id)
        .outerjoin(thumbs, thumbs.c.session_id == _S.id)
        .outerjoin(offers, offers.c.session_id == _S.id)
        .where(_S.id.in_(ids))
    )
    connection.execute(insert(FactsRow).from_select(list(values), found))


def _talk(ids: Sequence[str]) -> Subquery:
    slate = exists().where(_I.turn_id == _T.id)
    later = aliased(_T)
    lost = and_(_R.turn_id.is_(None), exists().where(later.session_id == _T.session_id, later.number > _T.number))
    return (
        select(
            _T.session_id,
            func.count().label("turns"),
            total(slate).label("slates"),
            total(or_(_R.failure.is_not(None), lost)).label("failed_turns"),
            total(_R.kind == "no_match").label("no_match"),
        )
        .outerjoin(_R, _R.turn_id == _T.id)
        .where(_T.session_id.in_(ids))
        .group_by(_T.session_id)
        .subquery("talk")
    )


def _first_reply(ids: Sequence[str]) -> Subquery:
    place = func.row_number().over(partition_by=_T.session_id, order_by=_T.number)
    found = (
        select(_T.session_id, _R.versions_id, place.label("place"))
        .join(_R, _R.turn_id == _T.id)
        .where(_T.session_id.in_(ids))
    )
    return _first(found, "first_reply")


def _first_impression(ids: Sequence[str]) -> Subquery:
    place = func.row_number().over(partition_by=_T.session_id, order_by=(_T.number, _I.position, _I.id))
    found = (
        select(_T.session_id, _I.category, place.label("place"))
        .join(_I, _I.turn_id == _T.id)
        .where(_T.session_id.in_(ids))
    )
    return _first(found, "first_impression")


def _first(found: Select[Any], name: str) -> Subquery:
    rows = found.subquery(f"{name}s")
    return select(rows).where(rows.c.place == 1).subquery(name)


def _last_scores(ids: Sequence[str]) -> CTE:
    """The last rating on a scale of each session, one of the assistant and one of the agent.

    That a rating has no turn is asked in a way for which no index helps: those that came from elsewhere have none either,
    and SQLite would go through all of them.
    """
    row = RatingRow
    agent = case((row.subject == "agent", 1), else_=0).label("agent")
    said = (row.id, row.kind, row.number, row.score, agent, row.at)
    scored = and_(row.score.is_not(None), row.kind != "thumb")
    of_turn = select(_T.session_id, *said).join(row, row.turn_id == _T.id).where(_T.session_id.in_(ids), scored)
    of_offer = (
        select(OfferRow.session_id, *said)
        .join(row, row.offer_id == OfferRow.id)
        .where(OfferRow.session_id.in_(ids), func.coalesce(row.turn_id, "") == "", scored)
    )
    all_ = union_all(of_turn, of_offer).subquery("scored")
    place = func.row_number().over(
        partition_by=(all_.c.session_id, all_.c.agent), order_by=(all_.c.at.desc(), all_.c.id.desc())
    )
    ranked = select(all_, place.label("place")).subquery("ranked")
    return select(ranked).where(ranked.c.place == 1).cte("last_scores")


def _rated(last: Subquery, prefix: str) -> dict[str, ColumnElement[int]]:
    score = last.c.score
    return {
        f"{prefix}rated": case((score.is_not(None), 1), else_=0),
        f"{prefix}satisfied": case((score >= SATISFIED, 1), else_=0),
        f"{prefix}score_micro": _whole(func.coalesce(score, 0) * MICRO),
        f"{prefix}score_square_micro": _whole(func.coalesce(score * score, 0) * MICRO),
    }


def _recommended(last: Subquery) -> dict[str, ColumnElement[int]]:
    asked = last.c.kind == "nps"
    return {
        "nps_rated": case((asked, 1), else_=0),
        "promoters": case((and_(asked, last.c.number >= PROMOTER), 1), else_=0),
        "detractors": case((and_(asked, last.c.number <= DETRACTOR), 1), else_=0),
    }


def _whole(value: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.round(value), Integer)


def _thumbs(ids: Sequence[str]) -> Subquery:
    row = RatingRow
    return (
        select(
            _T.session_id,
            total(row.value == "up").label("thumbs_up"),
            total(row.value == "down").label("thumbs_down"),
        )
        .join(row, row.turn_id == _T.id)
        .where(_T.session_id.in_(ids), last_thumb())
        .group_by(_T.session_id)
        .subquery("thumbs")
    )


def _offers(ids: Sequence[str]) -> Subquery:
    answer = exists().where(RatingRow.offer_id == OfferRow.id, RatingRow.score.is_not(None))
    return (
        select(OfferRow.session_id, func.count().label("offered"), total(answer).label("answered"))
        .where(OfferRow.session_id.in_(ids), OfferRow.subject != "agent")
        .group_by(OfferRow.session_id)
        .subquery("offers")
    )


def _add_items(connection: Connection, generation: int, ids: Sequence[str]) -> None:
    deeds = _deeds(ids)
    same = and_(deeds.c.turn_id == _I.turn_id, deeds.c.product_id == _I.product_id)
    seen = and_(_V.turn_id == _I.turn_id, _V.product_id == _I.product_id)
    shown = (
        select(
            _T.session_id, _I.product_id, _I.position, literal(1).label("impressions"),
            case((_V.turn_id.is_not(None), 1), else_=0).label("views"),
            *(func.coalesce(deeds.c[name], 0).label(name) for name in _DEED_COUNTS),
        )
        .join(_I, _I.turn_id == _T.id)
        .outerjoin(_V, seen)
        .outerjoin(deeds, same)
        .where(_T.session_id.in_(ids))
    )  # fmt: skip
    elsewhere = select(
        deeds.c.session_id, deeds.c.product_id, literal(0), literal(0), literal(0),
        *(deeds.c[name] for name in _DEED_COUNTS),
    ).where(deeds.c.shown == 0)  # fmt: skip
    rows = union_all(shown, elsewhere).subquery("shown")
    found = (
        select(FactsRow.id, rows.c.product_id, rows.c.position, *(func.sum(rows.c[name]) for name in _ITEM_COUNTS))
        .join(FactsRow, and_(FactsRow.session_id == rows.c.session_id, FactsRow.generation == generation))
        .group_by(FactsRow.id, rows.c.product_id, rows.c.position)
        .order_by(FactsRow.id, rows.c.product_id, rows.c.position)
    )
    connection.execute(insert(ItemRow).from_select(["facts_id", "product_id", "position", *_ITEM_COUNTS], found))


def _deeds(ids: Sequence[str]) -> CTE:
    """What shoppers did with a product of a turn; `shown` is 0 where it was not on the turn's slate."""
    same = and_(_I.turn_id == _E.turn_id, _I.product_id == _E.product_id)
    paid = func.coalesce(_E.amount_minor, func.coalesce(_E.quantity, 1) * _I.price_minor, 0)
    return (
        select(
            _T.session_id,
            _E.turn_id,
            _E.product_id,
            func.max(case((_I.id.is_not(None), 1), else_=0)).label("shown"),
            *(
                func.max(case((_E.kind == kind, 1), else_=0)).label(f"{kind}s")
                for kind in (*_DEEDS, "dwell")
            ),
            func.sum(case((_E.kind == "purchase", paid), else_=0)).label("revenue_minor"),
            func.sum(case((_E.kind == "dwell", func.coalesce(_E.dwell_ms, 0)), else_=0)).label("dwell_ms"),
        )
        .join(_E, _E.turn_id == _T.id)
        .outerjoin(_I, same)
        .where(_T.session_id.in_(ids), _E.mark.is_(None))
        .group_by(_T.session_id, _E.turn_id, _E.product_id)
        .cte("deeds")
    )  # fmt: skip


def item_sums(*, on_slate: bool) -> dict[str, ColumnElement[Any]]:
    """What a group of items comes to, by the names of the counts: their own, and whether there is any (`with_*`).

    With `on_slate` impressions, views, clicks, carts and purchases are of slates only; money, dwell and `with_*` never are.
    """
    items = ItemRow.__table__.c
    counted = ItemRow.position > 0 if on_slate else literal(1) == 1
    return {
        **{name: func.sum(case((counted, items[name]), else_=0)) for name in SHOWN_COUNTS},
        **{name: func.sum(items[name]) for name in WHEREVER_COUNTS},
        "with_slate": func.max(case((items.impressions > 0, 1), else_=0)),
        **{f"with_{kind}": func.max(case((items[f"{kind}s"] > 0, 1), else_=0)) for kind in _DEEDS},
    }


def _sum_items(connection: Connection, generation: int, ids: Sequence[str]) -> None:
    """Give the conversations the sums of their items."""
    counted = item_sums(on_slate=True)
    sums = (
        select(ItemRow.facts_id, *(value.label(name) for name, value in counted.items()))
        .join(FactsRow, FactsRow.id == ItemRow.facts_id)
        .where(FactsRow.session_id.in_(ids), FactsRow.generation == generation)
        .group_by(ItemRow.facts_id)
        .subquery("sums")
    )
    values = {name: sums.c[name] for name in counted}
    connection.execute(update(FactsRow).where(FactsRow.id == sums.c.facts_id).values(values))
