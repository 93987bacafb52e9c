"""Why a customer wants something, as one of few reasons."""

import re
from functools import cache
from typing import cast

from assistant.service.reading.said import Reason
from assistant.service.reading.words import any_of, table


def reason_in(text: str) -> Reason:
    """The reason that a text gives, "" where it gives none."""
    return next((name for name, way in _ways().items() if way.search(text)), "")


@cache
def _ways() -> dict[Reason, re.Pattern[str]]:
    """The patterns of every reason, the first that counts first."""
    return {cast(Reason, name): any_of(rows) for name, rows in table("reasons").items()}
