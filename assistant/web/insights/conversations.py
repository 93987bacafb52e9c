"""The conversations behind the figures over HTTP: lists of them, and one in full. They are only read here."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.cart import whole_units
from assistant.insight.story import Deed, Shown, Story, Told, story
from assistant.insight.views import Measure
from assistant.web.desk.show import show_item
from assistant.web.insights.parts import Bureau, Json, page_language
from assistant.web.insights.show import show_conversations
from assistant.web.wire import Id
from catalog import Locale

_MEASURES = get_args(Measure)
_EVENTS = 2_000  # of the desk that are shown with one conversation


def conversation_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of conversations."""
    figures, record = bureau.parts.figures, bureau.parts.record

    @router.get("/conversations", summary="The conversations behind a figure, newest first")
    def conversations(
        request: Request,
        measure: str = "conversations",
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Json:
        filters = bureau.filters(request)
        try:
            page = figures.conversations(filters, measure_of(measure), after=cursor, limit=limit)
        except ValueError as error:
            raise HTTPException(422, f"cursor: {error}") from error
        return show_conversations(page, bureau.shop.currency())

    @router.get("/conversations/{session_id}", summary="One conversation in full")
    def conversation(session_id: Id, request: Request) -> Json:
        names = {one.id: one.name for one in record.agents.all()}
        events = record.desk.events(0, limit=_EVENTS, session_id=session_id)
        told = show_story(bureau, story(record.engine, session_id), page_language(request))
        return told | {"desk": [show_item(one, names) for one in events if one.kind != "draft"]}


def measure_of(name: str) -> Measure:
    """The measure of that name; 422 where there is none."""
    for one in _MEASURES:
        if one == name:
            return one  # type: ignore[no-any-return]
    raise HTTPException(422, f"measure: must be one of {', '.join(_MEASURES)}, not {name[:40]!r}")


def show_story(bureau: Bureau, told: Story, locale: Locale) -> Json:
    """A conversation with the names of its products in the page's language."""
    ids = {one.product_id for turn in told.turns for one in turn.shown}
    ids |= {one.product_id for turn in told.turns for one in turn.deeds}
    titles = {id: bureau.title(id, locale) for id in ids}
    return {
        "session_id": told.session_id,
        "started_at": told.started_at.isoformat(),
        "locale": told.locale,
        "who": told.who,
        "known": told.known,
        "arms": list(told.arms),
        "turns": [_turn(turn, titles) for turn in told.turns],
        "tickets": [_plain(asdict(one)) for one in told.tickets],
    }


def _turn(turn: Told, titles: dict[str, str]) -> Json:
    return {
        **{name: getattr(turn, name) for name in ("id", "message", "origin", "kind", "text", "failure", "versions")},
        "at": turn.at.isoformat(),
        "answered_at": turn.answered_at.isoformat() if turn.answered_at else None,
        "total_ms": turn.total_ms,
        "shown": [_shown(one, titles) for one in turn.shown],
        "deeds": [_deed(one, titles) for one in turn.deeds],
        "ratings": [_plain(asdict(one)) for one in turn.ratings],
        "asked": [_plain(asdict(one)) for one in turn.asked],
    }


def _shown(one: Shown, titles: dict[str, str]) -> Json:
    told = asdict(one)
    price = told.pop("price_minor")
    return told | {"title": titles[one.product_id], "price": _units(price, one.currency)}


def _deed(one: Deed, titles: dict[str, str]) -> Json:
    told = asdict(one)
    amount = told.pop("amount_minor")
    return _plain(told) | {"title": titles[one.product_id], "amount": _units(amount, one.currency)}


def _units(minor: int | None, currency: str | None) -> float | None:
    return whole_units(minor, currency) if minor is not None and currency else None


def _plain(told: dict[str, Any]) -> Json:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
