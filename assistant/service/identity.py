"""Who a session is: what is claimed is held against the books, and guessing is stopped.

A failed try counts against the session and against everything in it that tells people and orders apart, so that neither
one visitor nor many together can try out order numbers. Whether a claim was right is not told once tries are used up; the
price is that somebody else's tries can keep a customer waiting for some minutes.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.service.rules import ClaimField, Rules
from assistant.service.spelling import code_key, words_key
from assistant.service.store import Books, Identity
from assistant.service.types import Claimed, Customer, SomebodyElse, TooManyAttempts

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def known_as(books: Books, session_id: str, rules: Rules, now: datetime) -> str | None:
    """The id of the customer that a session proved to be, as long as that is remembered."""
    found = books.identity(session_id)
    if found is None or now - found.at > timedelta(hours=rules.known_hours):
        return None
    return found.customer_id


def identified(books: Books, session_id: str, claimed: Claimed, rules: Rules, now: datetime) -> Customer | None:
    """The customer whom the claim proves; None where it proves none, or another than the session is or once was.

    Raises TooManyAttempts; a claim that says too little to be checked is no try.
    """
    said = replace(claimed, **{name: getattr(claimed, name).strip() for name in Claimed.__slots__})
    ways = [way for way in rules.identify if all(_says(said, name) for name in way)]
    if not ways:
        return None
    keys = _keys(session_id, said)
    since = now - timedelta(minutes=rules.attempts.minutes)
    _require_tries(books, keys, rules, since, now)
    found = {id for way in ways for id in _only(books.matching(said, way))}
    before = books.identity(session_id)
    if len(found) != 1 or (before is not None and found != {before.customer_id}):
        books.fail(keys, now, since)
        return None
    (id,) = found
    books.identify(session_id, Identity(id, now))
    return books.customer(id)


def taken(books: Books, session_id: str, identity: Identity) -> Customer | None:
    """The customer as whom a session is kept from now on; None where there is none. Raises SomebodyElse."""
    before = books.identity(session_id)
    if before is not None and before.customer_id != identity.customer_id:
        raise SomebodyElse(f"the session {session_id!r} is another customer's: begin a new one")
    customer = books.customer(identity.customer_id)
    if customer is not None:
        books.identify(session_id, identity)
    return customer


def ended(identity: Identity) -> Identity:
    """Whose a session was, with nobody known in it any more."""
    return replace(identity, at=_LONG_AGO)


def _says(claimed: Claimed, field: ClaimField) -> bool:
    """Whether anything is said that can be held against the books: signs alone say nothing and would fit what is empty."""
    said = getattr(claimed, field)
    return bool(code_key(said))


def _only(ids: tuple[str, ...]) -> tuple[str, ...]:
    """The one customer that is meant; none where it may be several."""
    return ids if len(ids) == 1 else ()


def _keys(session_id: str, claimed: Claimed) -> list[str]:
    """What tries are counted by."""
    found = [f"session:{session_id}"]
    if claimed.email:
        found.append(f"email:{words_key(claimed.email)}")
    if claimed.order_id:
        found.append(f"order:{code_key(claimed.order_id)}")
    if claimed.customer_id:
        found.append(f"customer:{claimed.customer_id}")
    if claimed.first_name or claimed.last_name:
        names = sorted((words_key(claimed.first_name), words_key(claimed.last_name)))
        found.append(f"name:{' '.join(names).strip()}")
    return found


def _require_tries(books: Books, keys: list[str], rules: Rules, since: datetime, now: datetime) -> None:
    allowed = rules.attempts.allowed
    for key in keys:
        failed = books.failures(key, since)
        if len(failed) >= allowed:
            again = failed[-allowed] + timedelta(minutes=rules.attempts.minutes)
            raise TooManyAttempts(max(1, int((again - now).total_seconds()) + 1))
