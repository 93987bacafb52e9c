"""The baseline: listings in the prompt, the same model, its answer shown as it is. What can be told of its text is asserted."""

import re
from collections.abc import Iterator, Sequence

from langchain_core.messages import HumanMessage, SystemMessage

from assistant.model import ChatModel
from assistant.parts import Parts
from catalog import Product
from evals.journeys.checks import fits, strange_prices
from evals.journeys.play import Journey, Outcome, Played, stage_of, steps
from evals.journeys.shops import Item, Shop
from evals.journeys.stage import Stage, Step

_LISTED = 6
_MAX_TOKENS = 120
_PLAIN = {
    "en": "You are the assistant of an online shop. Recommend products from the list and answer questions about them. Be brief.",
    "zh": "你是网店的导购助手。请从列表中推荐商品并回答顾客的问题。回答要简短。",
}


def plain(journey: Journey, shop: Shop, parts: Parts, model: ChatModel) -> Outcome:
    """The same journey with nothing but retrieval and a prompt; its shelf are the titles it names."""
    stage, said = stage_of(journey, shop), []
    played = []
    for step in steps(journey, stage):
        query = " ".join([*(said if not step.act.startswith(("open", "topic")) else ()), step.message])[-300:]
        hits = [hit.product for hit in parts.catalog.search(query, limit=_LISTED)]
        text, failure = _asked(model, journey.language, hits, said, step.message)
        said.append(step.message)
        titles = sorted((text.find(p.title), p.id) for p in hits if p.title in text)
        named = [shop.by_id[id] for _, id in titles if id in shop.by_id]
        failed = [failure] if failure else list(_failures(step, named, text, stage, shop))
        in_view = [*named, *stage.shelf, *(shop.by_id[p.id] for p in hits if p.id in shop.by_id)]
        broken = [f"price {price}" for price in strange_prices(text, in_view, said)]
        broken += [
            f"{item.id} against the goal" for item in named if step.expect.searched and not fits(item, step.goal)
        ]
        played.append(
            Played(step.act, step.message, "", "", tuple(i.id for i in named), text, tuple(failed), tuple(broken))
        )
        stage.goal = step.goal
        if named and step.expect.searched:
            stage.shelf, stage.focus = tuple(named), None
        else:
            stage.focus = step.spoken_of or stage.focus
    return Outcome(journey, tuple(played))


def _asked(
    model: ChatModel, language: str, hits: Sequence[Product], said: Sequence[str], message: str
) -> tuple[str, str | None]:
    listed = "\n".join(f"- {p.title} | {p.price:g} {p.currency} | {p.description[:160]}" for p in hits)
    prompt = f"{listed}\n\n" + "\n".join([*said, message])
    try:
        system = SystemMessage(_PLAIN["en" if language == "en" else "zh"])
        answer = model.invoke([system, HumanMessage(prompt)], max_tokens=_MAX_TOKENS, stall_timeout_s=120)
    except Exception as error:  # a failed turn is counted as one, and the run goes on
        return "", f"{type(error).__name__}: {error}"
    return re.sub(r"\s+", " ", str(answer.content)).strip(), None


def _failures(step: Step, named: Sequence[Item], text: str, stage: Stage, shop: Shop) -> Iterator[str]:
    """What can be told of a text: that what it names fits and something is named, and that a price asked for is told."""
    if step.expect.searched:
        if not named and any(
            fits(item, step.goal, surely=True) for item in shop.items if item.id not in step.expect.unseen
        ):
            yield "names nothing where something fits"
        yield from (f"{item.id} does not fit" for item in named if not fits(item, step.goal))
        yield from (f"{item.id} named again" for item in named if item.id in step.expect.unseen)
    elif step.spoken_of and step.expect.evidence == "price":
        if f"{step.spoken_of.price:g}" not in text.replace(",", ""):
            yield f"not the price of {step.spoken_of.id}"
    elif step.expect.shelf and not all(shop.by_id[id].row["title"] in text for id in step.expect.shelf):
        yield "does not name both"
