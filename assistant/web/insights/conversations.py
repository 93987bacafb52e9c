"""The conversations behind the figures over HTTP: lists of them, and one in full. They are only read here."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from assistant.cart import whole_units
from assistant.insight.story import Deed, Shown, Story, Told, story
from assistant.insight.views import Conversation, Conversations, Measure
from assistant.web.desk.show import show_item
from assistant.web.insights.files import Row, sent
from assistant.web.insights.parts import Bureau, Json, one_of, page_language
from assistant.web.insights.show import show_conversations
from assistant.web.wire import Id
from catalog import Locale

_MEASURES = get_args(Measure)
_EVENTS = 2_000  # of the desk that are shown with one conversation
_PAGE = 500  # conversations that are read at a time for a file
Pages = Callable[[str | None, int], Conversations]
"""A page of a list, after a place in it and of so many at most."""
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]
Form = Annotated[str, Query(max_length=40)]


def conversation_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of conversations."""
    figures, record = bureau.parts.figures, bureau.parts.record

    @router.get("/conversations", summary="The conversations behind a figure, newest first", response_model=None)
    def conversations(
        request: Request,
        measure: str = "conversations",
        cursor: Cursor = None,
        limit: Limit = 50,
        format: Form = "json",
    ) -> Json | Response:
        filters, of = bureau.filters(request), measure_of(measure)
        pages: Pages = lambda after, limit: figures.conversations(filters, of, after=after, limit=limit)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    @router.get(
        "/reasons/conversations",
        summary="The conversations in which a thumb down gave a reason, newest first",
        response_model=None,
    )
    def with_reason(
        request: Request,
        reason: Annotated[str, Query(max_length=80)],
        cursor: Cursor = None,
        limit: Limit = 50,
        format: Form = "json",
    ) -> Json | Response:
        filters = bureau.filters(request)
        pages: Pages = lambda after, n: figures.with_reason(filters, reason, after=after, limit=n)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    @router.get("/conversations/{session_id}", summary="One conversation in full")
    def conversation(session_id: Id, request: Request) -> Json:
        names = {one.id: one.name for one in record.agents.all()}
        events = record.desk.events(0, limit=_EVENTS, session_id=session_id)
        told = show_story(bureau, story(record.engine, session_id), page_language(request))
        return told | {"desk": [show_item(one, names) for one in events if one.kind != "draft"]}


def measure_of(name: str) -> Measure:
    """The measure of that name; 422 where there is none."""
    return one_of("measure", name, _MEASURES)  # type: ignore[no-any-return]


def listed(bureau: Bureau, pages: Pages, cursor: str | None, limit: int, format: str) -> Json | Response:
    """One page of a list as JSON, or all of it as a file; 422 where what is asked for makes no sense."""
    currency = bureau.shop.currency()
    try:
        page = pages(cursor, limit)
    except ValueError as error:
        raise HTTPException(422, str(error).replace("after:", "cursor:", 1)) from error
    if format == "json":
        return show_conversations(page, currency)
    return sent(everything(pages, currency), "conversations", format)


def everything(pages: Pages, currency: str) -> Iterator[Row]:
    """All conversations of a list as rows of a file."""
    after: str | None = None
    while True:
        page = pages(after, _PAGE)
        yield from (_row(one, currency) for one in page.rows)
        after = page.after
        if after is None:
            return


def _row(one: Conversation, currency: str) -> Row:
    return {
        "session_id": one.session_id,
        "started_at": one.started_at.isoformat(),
        "locale": one.locale,
        "who": one.who,
        "category": one.category,
        "first_message": one.first_message,
        "kinds": " ".join(one.kinds),
        "turns": one.turns,
        "score": one.score,
        "clicks": one.clicks,
        "carts": one.carts,
        "purchases": one.purchases,
        "revenue": float(whole_units(one.revenue_minor, currency)),
        "currency": currency,
    }


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
