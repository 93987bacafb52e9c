"""Setting the desk up, signing in and out, and the agents of the shop."""

from functools import partial
from hmac import compare_digest
from typing import Annotated

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, HTTPException, Request, Response

from assistant.record.agents import Agent, Agents, SignedIn, must_own
from assistant.web.desk.forms import AgentChangeForm, AgentForm, SetUpForm, SignInForm
from assistant.web.desk.office import Office
from assistant.web.desk.parts import Json
from assistant.web.desk.show import show_agent
from assistant.web.desk.signed import COOKIE, found, let_in, let_out, own_page
from catalog import Locale

_AT_ONCE = 2  # passwords that are looked at: each takes 50 ms of a processor


def people_routes(router: APIRouter, office: Office) -> None:
    """Routes of people."""
    _doors(router, office)
    _agents(router, office)


def _doors(router: APIRouter, office: Office) -> None:
    agents = office.parts.agents
    limiter = anyio.CapacityLimiter(_AT_ONCE)

    @router.post(
        "/setup", status_code=201, summary="Become the desk's first owner, with the key that the start printed"
    )
    async def setup(body: SetUpForm, request: Request, response: Response) -> Json:
        own_page(request)
        signed_in = await run_sync(partial(_set_up, office, body), limiter=limiter)
        let_in(response, request, signed_in)
        return {"agent": show_agent(signed_in.agent)}

    @router.post("/sign-in", summary="Sign in; after several failures one has to wait")
    async def sign_in(body: SignInForm, request: Request, response: Response) -> Json:
        own_page(request)
        signed_in = await run_sync(agents.sign_in, body.email, body.password, limiter=limiter)
        if signed_in is None:
            raise HTTPException(401, "the address or the password is wrong")
        let_in(response, request, signed_in)
        return {"agent": show_agent(signed_in.agent)}

    @router.post("/sign-out", status_code=204, summary="Sign out of this browser")
    def sign_out(request: Request, response: Response) -> None:
        own_page(request)
        agents.sign_out(request.cookies.get(COOKIE, ""))
        let_out(response)

    @router.get("/me", summary="Who is signed in, and whether the desk has to be set up first")
    def me(request: Request, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        agent = found(agents, request)
        shop = {"name": office.shop.settings.shop_name, "currency": office.shop.currency()}
        return {"agent": show_agent(agent) if agent else None, "needs_setup": agents.nobody(), "shop": shop}


def _set_up(office: Office, body: SetUpForm) -> SignedIn:
    agents, key = office.parts.agents, office.parts.setup_key
    if not key or not compare_digest(body.key.encode(), key.encode()):
        if not agents.nobody():
            raise HTTPException(409, "the desk has been set up already: sign in")
        raise HTTPException(403, "the key is not the one that was printed when the shop started")
    agents.add(body.email, body.name, "owner", body.password, _locale(body.locale), first=True)
    return _signed_in(agents, body)


def _signed_in(agents: Agents, body: SetUpForm) -> SignedIn:
    signed_in = agents.sign_in(body.email, body.password)
    if signed_in is None:
        raise HTTPException(401, "sign in with the new password")
    return signed_in


def _agents(router: APIRouter, office: Office) -> None:
    agents = office.parts.agents
    Signed = Annotated[Agent, Depends(office.who)]

    @router.get("/agents", summary="Everybody who may work at the desk")
    def everybody(agent: Signed) -> Json:
        return {"agents": [show_agent(one) for one in agents.all()]}

    @router.post("/agents", status_code=201, summary="Let somebody in: for owners")
    def add(body: AgentForm, agent: Signed) -> Json:
        must_own(agent)
        return show_agent(agents.add(body.email, body.name, body.role, body.password, _locale(body.locale)))

    @router.patch("/agents/{agent_id}", summary="Change somebody's role or password, or shut them out: for owners")
    def change(agent_id: str, body: AgentChangeForm, agent: Signed) -> Json:
        must_own(agent)
        return show_agent(agents.change(agent_id, active=body.active, role=body.role, password=body.password))


def _locale(language: str) -> Locale:
    return "zh" if language == "zh" else "en"
