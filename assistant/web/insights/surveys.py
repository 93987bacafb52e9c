"""The survey on the owner's page: its wording now, how it is answered by moment and channel, answers from elsewhere."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from assistant.insight.asked import SurveyFigures
from assistant.insight.filters import Filters
from assistant.insight.intervals import Share, share
from assistant.record.survey_figures import Elsewhere, Responses, Some, State, Version
from assistant.record.survey_import import Imported, bring_in
from assistant.surveys import Form, Rules
from assistant.surveys.answers import template
from assistant.web.insights.conversations import Cursor, Limit, Pages, listed
from assistant.web.insights.conversations import Form as File
from assistant.web.insights.parts import Bureau, Json
from assistant.web.insights.show import bounded
from assistant.web.survey import show_form
from catalog import FeedError

_TOLD = 200  # rejected rows that are shown
Named = Annotated[str | None, Query(max_length=80)]


def survey_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of the survey."""
    asked = SurveyFigures(bureau.parts.record.engine)

    @router.get(
        "/surveys", summary="What is asked and when, how many answered by moment and channel, and from elsewhere"
    )
    def surveys(request: Request) -> Json:
        filters, asks = bureau.filters(request), bureau.shop.surveys
        told = asked.answered(filters)
        return {
            "now": show_rules(asks.rules) if asks else None,
            "responses": [_responses(one) for one in told.responses],
            "versions": [_version(one, asks.rules if asks else None) for one in told.versions],
            "elsewhere": [_elsewhere(one) for one in asked.elsewhere(filters)],
        }

    @router.get(
        "/surveys/conversations",
        summary="The conversations behind a number of the survey, newest first",
        response_model=None,
    )
    def conversations(
        request: Request,
        subject: Named = None,
        trigger: Named = None,
        channel: Named = None,
        wording: Named = None,
        state: State = "offered",
        cursor: Cursor = None,
        limit: Limit = 50,
        format: File = "json",
    ) -> Json | Response:
        filters, some = bureau.filters(request), Some(subject, trigger, channel, wording, state)
        pages: Pages = lambda after, n: asked.conversations(filters, some, after, n)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    _importing(router, bureau)


def _importing(router: APIRouter, bureau: Bureau) -> None:
    engine, clock = bureau.parts.record.engine, bureau.parts.clock

    @router.get("/surveys/template", summary="A CSV file to fill in with answers that others collected")
    def form() -> Response:
        headers = {"Content-Disposition": 'attachment; filename="answers.csv"'}
        return Response(template().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/surveys/import", status_code=201, summary="Take in such a file, sent as text/csv")
    async def taken(request: Request) -> Json:
        body = await request.body()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "answers.csv"
            file.write_bytes(body)
            try:
                done = await run_in_threadpool(bring_in, engine, file, clock())
            except FeedError as error:
                raise HTTPException(422, str(error).replace(str(file), "the file")) from error
        return show_imported(done)


def survey_rows(bureau: Bureau, filters: Filters) -> Iterator[Json]:
    """Who answers as lines of a file: counts, shares with their bounds, the mean of the scores."""
    for one in SurveyFigures(bureau.parts.record.engine).answered(filters).responses:
        told = asdict(one)
        mean = told.pop("mean")
        yield told | bounded("response_rate", _rate(one)) | bounded("csat", _csat(one)) | {"score": mean}


def show_rules(rules: Rules) -> Json:
    """The rules as they hold now."""
    forms = [rules.form, *([rules.agent] if rules.agent else []), *rules.variants.values()]
    return {
        "forms": [show_named(one) for one in forms],
        "moments": {
            "resolved": rules.resolved,
            "cart": rules.cart,
            "closed": rules.closed,
            "idle": rules.idle.total_seconds() / 60 if rules.idle else None,
            "turns": rules.turns,
        },
        "minimum_turns": rules.minimum_turns,
        "again_after_days": rules.again_after.days,
        "link_days": rules.link_holds.days,
    }


def show_named(form: Form) -> Json:
    """A form with what it is known by."""
    return {"id": form.digest(), "subject": form.subject, "variant": form.variant, **show_form(form)}


def show_imported(done: Imported) -> Json:
    """What became of a file."""
    told = [
        {"line": one.line, "key": one.product_id, "field": one.field, "reason": one.reason}
        for one in done.rejects[:_TOLD]
    ]
    return {"added": done.added, "repeated": done.repeated, "rejected": done.rejected, "rejects": told}


def _responses(one: Responses) -> Json:
    return asdict(one) | {"response_rate": _show(_rate(one)), "csat": _show(_csat(one))}


def _rate(one: Responses | Version) -> Share:
    return share(one.answered, one.offered)


def _csat(one: Responses) -> Share:
    return share(one.satisfied, one.answered)


def _version(one: Version, rules: Rules | None) -> Json:
    now = rules is not None and one.form in (rules.form, rules.agent, *rules.variants.values())
    return {
        "id": one.id, "since": one.since.isoformat(), "now": now, "form": show_named(one.form),
        "offered": one.offered, "answered": one.answered, "response_rate": _show(_rate(one)),
    }  # fmt: skip


def _elsewhere(one: Elsewhere) -> Json:
    return asdict(one) | {"csat": _show(share(one.satisfied, one.answers))}


def _show(one: Share) -> Json:
    interval = asdict(one.interval) if one.interval else None
    return {"count": one.count, "n": one.n, "value": one.value, "interval": interval}
