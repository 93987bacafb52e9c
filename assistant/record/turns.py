"""The rows of a turn made from it, and the turn made from its rows."""

import hashlib
import json
from dataclasses import astuple
from datetime import datetime
from typing import Any, cast

from assistant.record import codec
from assistant.record.tables import ReplyRow, TurnRow, VersionsRow
from assistant.types import Kind, Need, Reply, Slate, Turn, Versions
from catalog import Locale

INTERRUPTED = "interrupted"


def impression_rows(turn_id: str, slate: Slate, now: datetime) -> list[dict[str, Any]]:
    """What is put before the shopper, best first; category and price as they are at this moment."""
    return [
        {
            "turn_id": turn_id,
            "product_id": item.product.id,
            "position": position,
            "score": item.score,
            "category": item.category or item.product.category,
            "price_minor": item.product.price_minor,
            "currency": item.product.currency,
            "propensity": item.propensity,
            "team": item.team,
            "shown_at": now,
        }
        for position, item in enumerate(slate.items, start=1)
    ]


def versions_row(versions: Versions) -> dict[str, str]:
    """One combination of parts; its digest is its id."""
    names = ("model", "quantisation", "prompt", "index", "ranker")
    values: tuple[str, ...] = astuple(versions)
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    return {"id": digest, **dict(zip(names, values, strict=True))}


def reply_row(turn: Turn, versions_id: str, now: datetime) -> ReplyRow:
    """What the assistant made of a turn."""
    return ReplyRow(
        turn_id=turn.id,
        versions_id=versions_id,
        kind=turn.reply.kind,
        text=turn.reply.text,
        need=codec.need_to_json(turn.need),
        slate=codec.slate_to_json(turn.slate),
        evidence=[codec.evidence_to_json(one) for one in turn.evidence],
        claims=[codec.claim_to_json(one) for one in turn.reply.claims],
        quick_replies=list(turn.reply.quick_replies),
        timings_ms=turn.timings_ms,
        failure=turn.failure,
        comparison=codec.comparison_to_json(turn.comparison) if turn.comparison else None,
        question=codec.question_to_json(turn.question) if turn.question else None,
        variety=turn.variety,
        service=dict(turn.service) if turn.service else None,
        finished_at=now,
    )


def turn_of(said: TurnRow, reply: ReplyRow | None, versions: VersionsRow | None, products: codec.Products) -> Turn:
    """The turn as it was closed; without a reply one that was interrupted."""
    locale = cast(Locale, said.locale)
    if reply is None or versions is None:
        return _interrupted(said, locale)
    return Turn(
        id=said.id,
        session_id=said.session_id,
        message=said.message,
        locale=locale,
        need=codec.need_from_json(reply.need),
        slate=codec.slate_from_json(reply.slate, products, locale),
        reply=Reply(
            cast(Kind, reply.kind),
            reply.text,
            tuple(codec.claim_from_json(one) for one in reply.claims),
            tuple(reply.quick_replies),
        ),
        evidence=tuple(codec.evidence_from_json(one) for one in reply.evidence),
        timings_ms={stage: float(ms) for stage, ms in reply.timings_ms.items()},
        versions=Versions(versions.model, versions.quantisation, versions.prompt, versions.index, versions.ranker),
        failure=reply.failure,
        comparison=codec.comparison_from_json(reply.comparison) if reply.comparison else None,
        question=codec.question_from_json(reply.question) if reply.question else None,
        variety=reply.variety or 0.0,
        service=reply.service,
    )


def _interrupted(said: TurnRow, locale: Locale) -> Turn:
    return Turn(
        id=said.id,
        session_id=said.session_id,
        message=said.message,
        locale=locale,
        need=Need() if said.need is None else codec.need_from_json(said.need),
        slate=Slate(),
        reply=Reply("chat", ""),
        evidence=(),
        timings_ms={},
        versions=Versions("", "", "", "", ""),
        failure=INTERRUPTED,
    )
