"""Who is signed in at the desk, by the cookie of their browser, and that what is sent comes from the desk's own page."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.record.agents import TOKEN_HOLDS, Agent, Agents, SignedIn
from catalog import Locale

COOKIE = "aisle_desk"
_PATH = "/"  # the desk and the owner's page are signed in to together
_READS = ("GET", "HEAD", "OPTIONS")

Who = Callable[[Request], Awaitable[Agent]]


def agent_of(agents: Agents) -> Who:
    """Finds the agent of a request; 401 where nobody is signed in, 403 where another page sent it."""

    async def who(request: Request) -> Agent:
        own_page(request)
        agent = await run_in_threadpool(found, agents, request)
        if agent is None:
            raise HTTPException(401, "sign in first")
        return agent

    return who


def found(agents: Agents, request: Request) -> Agent | None:
    """The agent whose token the request's cookie holds."""
    token = request.cookies.get(COOKIE)
    return agents.signed_in(token) if token else None


def own_page(request: Request) -> None:
    """403 for a write that a browser sends from elsewhere than a page of this shop."""
    if request.method in _READS:
        return
    origin = request.headers.get("origin")
    if origin is not None:
        hosts = (request.headers.get("host"), request.headers.get("x-forwarded-host"))
        if urlsplit(origin).netloc not in hosts or not urlsplit(origin).netloc:
            raise HTTPException(403, "this must be sent from the desk's own page")
    elif request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "this must be sent from the desk's own page")


def let_in(response: Response, request: Request, signed_in: SignedIn) -> None:
    """Give the agent's browser the token, out of reach of scripts and of other sites."""
    response.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=int(TOKEN_HOLDS.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="strict",
        secure="https" in (request.url.scheme, request.headers.get("x-forwarded-proto")),
    )


def let_out(response: Response) -> None:
    """Take the token from the agent's browser."""
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")


def language(request: Request, agent: Agent) -> Locale:
    """The language that the agent's page is in; else the agent's own."""
    asked = request.headers.get("accept-language", "").strip().lower()
    if asked.startswith("zh"):
        return "zh"
    return "en" if asked.startswith("en") else agent.locale
