"""What has been written since it was last read: shoppers' own words in chats, their comments, and reviews of products.

A row may become visible later than one that was written after it; so what lies just before the mark is looked at again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session

from assistant.insight.opinions.reading import Source, Text
from assistant.record.tables import RatingRow, ReplyRow, SessionRow, TurnRow
from catalog import Product, Review, has_cjk

Mark = Mapping[str, Any]
SHOPPER = "shopper"
_LATE = timedelta(minutes=2)  # no transaction of the record takes so long
_LATE_ROWS = 300
_T, _R = TurnRow, RatingRow


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts, and the mark once they are read; `more` where the limit cut it short."""

    texts: tuple[Text, ...]
    mark: Mark
    more: bool


class Reads(Protocol):
    """One source of texts."""

    source: Source

    def after(self, session: Session, mark: Mark, limit: int) -> Batch:
        """The next texts after a mark; an empty one is the beginning."""

    def late(self, session: Session, mark: Mark) -> tuple[Text, ...]:
        """The texts shortly before a mark, some of which were perhaps not there yet when it was set."""


class Chats:
    """What shoppers wrote, from `since` on; what they set by chips is none of their words."""

    source: Source = "chat"

    def __init__(self, since: datetime | None = None) -> None:
        self._since = since

    def after(self, session: Session, mark: Mark, limit: int) -> Batch:
        found = _turns().order_by(_T.started_at, _T.id).limit(limit)
        if self._since is not None:
            found = found.where(_T.started_at >= self._since)
        if mark:
            found = found.where(tuple_(_T.started_at, _T.id) > (datetime.fromisoformat(mark["at"]), mark["id"]))
        rows = session.execute(found).all()
        new = {"at": rows[-1].started_at.isoformat(), "id": rows[-1].id} if rows else mark
        return Batch(tuple(map(_chat, rows)), new, len(rows) == limit)

    def late(self, session: Session, mark: Mark) -> tuple[Text, ...]:
        if not mark:
            return ()
        until = datetime.fromisoformat(mark["at"])
        found = _turns().where(_T.started_at >= until - _LATE, _T.started_at <= until)
        return tuple(map(_chat, session.execute(found).all()))


class Comments:
    """What shoppers wrote to explain a rating."""

    source: Source = "comment"

    def after(self, session: Session, mark: Mark, limit: int) -> Batch:
        rows = session.execute(_comments().where(_R.id > mark.get("id", 0)).order_by(_R.id).limit(limit)).all()
        return Batch(tuple(map(_comment, rows)), {"id": rows[-1].id} if rows else mark, len(rows) == limit)

    def late(self, session: Session, mark: Mark) -> tuple[Text, ...]:
        last = mark.get("id", 0)
        found = _comments().where(_R.id > last - _LATE_ROWS, _R.id <= last)
        return tuple(map(_comment, session.execute(found).all()))


class Reviews:
    """The reviews of the catalogue that holds now; read anew, product by product, whenever another one does."""

    source: Source = "review"

    def __init__(self, catalog: Callable[[], Iterable[Product]], clock: Callable[[], datetime]) -> None:
        self._catalog = catalog
        self._clock = clock
        self._known: tuple[Iterable[Product], str, tuple[Text, ...]] | None = None

    def after(self, session: Session, mark: Mark, limit: int) -> Batch:
        version, texts = self._all()
        start = mark.get("place", 0) if mark.get("version") == version else 0
        some = texts[start : start + limit]
        place = start + len(some)
        new = mark if mark.get("version") == version and not some else {"version": version, "place": place}
        return Batch(some, new, place < len(texts))

    def late(self, session: Session, mark: Mark) -> tuple[Text, ...]:
        return ()

    def ids(self) -> frozenset[str]:
        """All reviews of now."""
        return frozenset(text.id for text in self._all()[1])

    def _all(self) -> tuple[str, tuple[Text, ...]]:
        catalog = self._catalog()
        if self._known is None or self._known[0] is not catalog:
            now = self._clock()
            found = {text.id: text for product in catalog for text in _reviews(product, now)}
            version = hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
            self._known = (catalog, version, tuple(found.values()))
        return self._known[1], self._known[2]


def products_of(session: Session, turn_ids: Sequence[str]) -> dict[str, str]:
    """The one product that the answer to a turn rests on, for turns where there is exactly one."""
    found: dict[str, str] = {}
    for turn_id, evidence in session.execute(
        select(ReplyRow.turn_id, ReplyRow.evidence).where(ReplyRow.turn_id.in_(turn_ids))
    ):
        products = {one.get("product_id") for one in evidence} - {None}
        if len(products) == 1:
            found[turn_id] = products.pop()
    return found


def _turns() -> Select[*tuple[Any, ...]]:
    found = (
        select(_T.id, _T.session_id, _T.message, _T.locale, _T.started_at, SessionRow.mark, ReplyRow.turn_id)
        .join(SessionRow, SessionRow.id == _T.session_id)
        .outerjoin(ReplyRow, ReplyRow.turn_id == _T.id)
    )
    return found.where(_T.origin == "said")


def _chat(row: Row[Any]) -> Text:
    answered = row.turn_id is not None
    who = row.mark or SHOPPER
    return Text("chat", row.id, row.message, row.started_at, row.locale, who, row.session_id, settled=answered)


def _comments() -> Select[*tuple[Any, ...]]:
    found = (
        select(_R.id, _R.turn_id, _R.value, _R.locale, _R.at, _T.session_id, SessionRow.mark)
        .outerjoin(_T, _T.id == _R.turn_id)
        .outerjoin(SessionRow, SessionRow.id == _T.session_id)
    )
    return found.where(_R.kind == "comment")


def _comment(row: Row[Any]) -> Text:
    locale = row.locale or ("zh" if has_cjk(row.value) else "en")
    return Text("comment", str(row.id), row.value, row.at, locale, row.mark or SHOPPER, row.session_id)


def _reviews(product: Product, now: datetime) -> Iterator[Text]:
    """Reviews in the language in which they were written: a translation says nothing new."""
    for review in product.reviews:
        words = f"{review.title.rstrip('.。')}. {review.text}" if review.title else review.text
        digest = hashlib.sha256(words.encode()).hexdigest()[:16]
        lean = (review.rating - 3) / 2
        locale = "zh" if has_cjk(words) else "en"
        yield Text(
            "review", f"{product.id}:{digest}", words, _written(review, now), locale, SHOPPER, None, product.id, lean
        )


def _written(review: Review, now: datetime) -> datetime:
    """When a review was written; one without a date counts from when it was first read."""
    try:
        return datetime.fromisoformat(f"{review.date}T12:00:00+00:00") if review.date else now
    except ValueError:
        return now
