"""Who is no shopper: crawlers, by how they name themselves, and people of the shop, by the desk's sign-in."""

import re
from functools import cache, lru_cache

from starlette.requests import HTTPConnection

from assistant.record.agents import Agents
from assistant.record.events import Mark
from assistant.web.desk.signed import COOKIE
from assistant.web.shop import Shop

# A program that speaks REST may be the shop's own, telling of its shoppers, and a driven browser the shop's own test.
_MAY_BE_OURS = {"http-library", "browser-automation"}
_NAME_CHARS = 1_000


def mark_of(shop: Shop, request: HTTPConnection) -> Mark | None:
    """Who is no shopper, None for one who is. Asks the database only where a cookie of the desk came with the request."""
    if is_bot(request.headers.get("user-agent", "")[:_NAME_CHARS]):
        return "bot"
    agents: Agents | None = shop.desk.agents if shop.desk else None
    token = request.cookies.get(COOKIE)
    return "staff" if agents and token and agents.signed_in(token) else None


@lru_cache(maxsize=4096)
def is_bot(name: str) -> bool:
    """Whether that is how a crawler names itself."""
    return _crawlers().search(name) is not None


@cache
def _crawlers() -> re.Pattern[str]:
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    known = (one["pattern"] for one in CRAWLER_USER_AGENTS_DATA if not _MAY_BE_OURS & set(one.get("tags", ())))
    return re.compile("|".join(known))
