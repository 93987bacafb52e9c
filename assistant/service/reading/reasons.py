"""Why a customer wants something, as one of few reasons."""

from typing import cast

from assistant.service.reading.said import Reason
from assistant.service.reading.words import any_of, table


def reason_in(text: str) -> Reason:
    """The reason that a text gives, "" where it gives none."""
    found = [(match.start(), name) for name, rows in table("reasons").items() if (match := any_of(rows).search(text))]
    return cast(Reason, found[0][1]) if found else ""
