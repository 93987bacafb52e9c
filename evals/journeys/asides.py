"""Acts that speak of what is on the shelf, or of none of it: references, questions, comparisons, the shop's rules, courtesies."""

from collections.abc import Callable
from dataclasses import replace

from evals.journeys.checks import Expect
from evals.journeys.phrasing import part_of_name, phrases
from evals.journeys.shops import DEMO, Item, qualities
from evals.journeys.stage import Act, Stage, Step, apart


def ask_nth(stage: Stage) -> Step | None:
    """A question about the product at a place."""
    place = stage.rng.randrange(min(len(stage.shelf), 4)) if stage.shelf else 0
    if not stage.shelf or (place == 3 and len(stage.shelf) != 4):
        return None
    locale = stage.voice.locale()
    return _asked(stage, "ask_ordinal", stage.shelf[place], stage.voice.nth(place, locale), locale)


def ask_name(stage: Stage) -> Step | None:
    """A question about the product that part of its name tells from the others."""
    locale = stage.voice.locale()
    for item in stage.rng.sample(stage.shelf, len(stage.shelf)):
        name = part_of_name(item, stage.shelf, locale) if len(stage.shelf) > 1 else None
        if name:
            return _asked(stage, "ask_name", item, _reference(stage, "name_ref", locale, name=name), locale)
    return None


def ask_cheapest(stage: Stage) -> Step | None:
    """A question about the cheapest of the shelf."""
    return _by_price(stage, "cheapest_ref", min)


def ask_dearest(stage: Stage) -> Step | None:
    """A question about the dearest of the shelf."""
    return _by_price(stage, "dearest_ref", max)


def ask_cheaper_of_two(stage: Stage) -> Step | None:
    """A question about the cheaper one of two that are compared."""
    return _by_price(stage, "cheaper_of_two", min) if len(stage.shelf) == 2 else None


def _by_price(stage: Stage, phrase: str, pick: Callable[..., Item]) -> Step | None:
    if len(stage.shelf) < 2:
        return None
    item = pick(stage.shelf, key=lambda one: one.price)
    if not apart([one.price for one in stage.shelf], item.price):
        return None
    locale = stage.voice.locale()
    return _asked(stage, "ask_by_price", item, _reference(stage, phrase, locale), locale)


def ask_look(stage: Stage) -> Step | None:
    """A question about the one product of the shelf that has a look."""
    return _by_look(stage, several=False)


def ask_ambiguous(stage: Stage) -> Step | None:
    """A question about a look that two products of the shelf have: it is asked which is meant."""
    return _by_look(stage, several=True)


def _by_look(stage: Stage, *, several: bool) -> Step | None:
    locale = stage.voice.locale()
    for quality in stage.rng.sample(qualities(), len(qualities())):
        said = quality.said(locale)
        having = [item for item in stage.shelf if quality.says[0] in item.facts or said in item.facts]
        hinted = [item for item in stage.shelf if item.may_be(quality)]
        if (
            quality.sort != "Color"
            or len(stage.shelf) < 2
            or len(hinted) != len(having)
            or any(q == quality for q in stage.goal.wanted)
        ):
            continue
        if not several and len(having) == 1:
            return _asked(stage, "ask_by_look", having[0], _reference(stage, "look_ref", locale, word=said), locale)
        if several and 1 < len(having) < len(stage.shelf):
            message = _question(stage, "ask_price", _reference(stage, "look_ref", locale, word=said), locale)
            return stage.step("ambiguous", message, Expect(kinds=("clarify",), same_need=True))
    return None


def ask_it(stage: Stage) -> Step | None:
    """A question about what was last spoken of."""
    locale = stage.voice.locale()
    return _asked(stage, "ask_it", stage.focus, _reference(stage, "it", locale), locale) if stage.focus else None


def beyond(stage: Stage) -> Step | None:
    """A place that the shelf does not have."""
    message = stage.voice.say("beyond") if len(stage.shelf) > 1 else None
    return stage.step("beyond", message, Expect(kinds=("clarify",), same_need=True))


def compare(stage: Stage) -> Step | None:
    """Two products of the shelf, side by side."""
    if len(stage.shelf) < 2:
        return None
    one, two = sorted(stage.rng.sample(range(min(len(stage.shelf), 3)), 2))
    locale = stage.voice.locale()
    message = _phrased(stage, "compare", locale).format(
        nth=stage.voice.nth(one, locale), mth=stage.voice.nth(two, locale)
    )
    both = (stage.shelf[one].id, stage.shelf[two].id)
    return stage.step("compare", message, Expect(kinds=("compare",), same_need=True, shelf=both))


def why(stage: Stage) -> Step | None:
    """Why a product is on the shelf."""
    if not stage.shelf:
        return None
    place, locale = stage.rng.randrange(min(len(stage.shelf), 3)), stage.voice.locale()
    message = _phrased(stage, "why", locale).format(nth=stage.voice.nth(place, locale))
    step = stage.step("why", message, Expect(kinds=("answer",), same_need=True))
    return replace(step, spoken_of=stage.shelf[place]) if step else None


def policy(stage: Stage) -> Step | None:
    """A question to the shop; where it has rules, the answer rests on one."""
    evidence = "policy" if stage.shop.source == DEMO else ""
    return stage.step(
        "policy", stage.voice.say("policy"), Expect(kinds=("service",), same_need=True, evidence=evidence)
    )


def greeting(stage: Stage) -> Step | None:
    """A greeting and nothing more."""
    return stage.step("greeting", stage.voice.say("greeting"), Expect(kinds=("chat",), same_need=True))


def thanks(stage: Stage) -> Step | None:
    """Thanks and nothing more."""
    return stage.step("thanks", stage.voice.say("thanks"), Expect(kinds=("chat",), same_need=True))


def sold_out(stage: Stage) -> Step | None:
    """A product that is not in stock, by its name."""
    gone = [item for item in stage.shop.items if not item.in_stock]
    gone = gone[::2] if stage.split == "dev" else gone[1::2]
    if not gone:
        return None
    item, locale = stage.rng.choice(gone), stage.voice.locale()
    title = item.titles.get(locale) or item.titles["en"]
    expect = Expect(kinds=("answer", "no_match"), evidence="in_stock", unseen=(item.id,))
    return stage.step("out_of_stock", _phrased(stage, "sold_out", locale).format(title=title), expect)


def _asked(stage: Stage, act: str, item: Item, reference: str, locale: str) -> Step | None:
    stated = [name for name in ("Material", "Weight") if name in item.stated]
    asked = stage.rng.choice(["price", "price", *stated])
    phrase = "ask_price" if asked == "price" else f"ask_{asked}"
    expect = Expect(kinds=("answer",), same_need=True, about=(item.id,), evidence="price" if asked == "price" else "")
    return Step(act, _question(stage, phrase, reference, locale), expect, stage.goal, item)


def _question(stage: Stage, phrase: str, reference: str, locale: str) -> str:
    return _phrased(stage, phrase, locale).format(ref=reference).replace("的的", "的")


def _reference(stage: Stage, phrase: str, locale: str, **slots: str) -> str:
    return _phrased(stage, phrase, locale).format(**slots)


def _phrased(stage: Stage, act: str, locale: str) -> str:
    return str(stage.rng.choice(phrases(stage.split)[act][locale]))


ASIDES: dict[str, Act] = {
    "ask": ask_nth, "ask_name": ask_name, "ask_cheapest": ask_cheapest, "ask_dearest": ask_dearest,
    "ask_cheaper_of_two": ask_cheaper_of_two, "ask_look": ask_look, "ambiguous": ask_ambiguous, "ask_it": ask_it,
    "beyond": beyond, "compare": compare, "why": why, "policy": policy, "greeting": greeting, "thanks": thanks,
    "sold_out": sold_out,
}  # fmt: skip
