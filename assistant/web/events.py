"""The events of a turn by name, for the REST stream and for the page alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.types import DoneEvent, Event, NeedEvent, QueuedEvent, SlateEvent
from assistant.web.wire import show_evidence, show_need, show_slate, show_turn
from catalog import Locale


@dataclass(frozen=True, slots=True)
class Named:
    """One event as it goes over the wire."""

    name: str
    data: dict[str, Any]


class Telling:
    """Tells one turn's events; remembers the language that its first event names.

    `cart` tells the cart of a session as it is once the turn is over, `token` the token of a turn.
    """

    def __init__(
        self, currency: str, cart: Callable[[str, Locale], dict[str, Any]], token: Callable[[str], str]
    ) -> None:
        self._currency = currency
        self._cart = cart
        self._token = token
        self._locale: Locale = "en"

    def tell(self, event: Event) -> Named:
        if isinstance(event, NeedEvent):
            self._locale = event.locale
            return Named(
                "need",
                {
                    "session_id": event.session_id,
                    "turn_id": event.turn_id,
                    "token": self._token(event.turn_id),
                    "locale": event.locale,
                    "looking_through": event.looking_through,
                    "need": show_need(event.need, self._currency),
                },
            )
        if isinstance(event, SlateEvent):
            slate = event.slate
            evidence = [show_evidence(e) for e in slate.evidence]
            return Named(
                "slate",
                {
                    "slate": show_slate(slate, self._locale),
                    "matching": slate.matching,
                    "all_counted": slate.all_counted,
                    "evidence": evidence,
                },
            )
        if isinstance(event, QueuedEvent):
            return Named("queued", {"place": event.place, "expected_s": event.expected_s})
        if isinstance(event, DoneEvent):
            turn = event.turn
            cart = self._cart(turn.session_id, turn.locale)
            return Named("done", show_turn(turn, self._currency, self._token(turn.id), cart))
        claim = event.claim
        return Named(
            "sentence",
            {
                "text": claim.text,
                "status": claim.status,
                "evidence": list(claim.evidence),
                "sources": [show_evidence(e) for e in event.evidence],
            },
        )
