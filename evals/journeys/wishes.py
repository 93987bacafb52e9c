"""Acts that change what is searched for: needs, limits, refusals, corrections, relaxations, relative requests, gifts."""

from dataclasses import replace

from evals.journeys.checks import Expect, Goal, Measure, Wish
from evals.journeys.phrasing import phrases
from evals.journeys.shops import Kind, tables
from evals.journeys.stage import Act, Stage, Step

_FOUND = ("recommend",)


def open_kind(stage: Stage) -> Step | None:
    """A kind of product and nothing more."""
    return _opened(stage, "open", Goal(stage.new_kind()))


def open_limit(stage: Stage) -> Step | None:
    """A kind and a limit at once."""
    kind = stage.new_kind()
    limit = stage.limit(Goal(kind)) if kind else None
    return _opened(stage, "open_limit", Goal(kind, high=limit), holds=("high",)) if limit else None


def open_all(stage: Stage) -> Step | None:
    """A kind, a quality and a limit at once."""
    kind = stage.new_kind()
    stage.goal = Goal(kind)
    word = stage.quality(wanted=True) if kind else None
    if word is None:
        return _opened(stage, "open", Goal(kind))
    goal = Goal(kind, wanted=(word,))
    limit = stage.limit(goal, 0.5, 0.9)
    return _opened(stage, "open_all", replace(goal, high=limit), holds=("high", "wanted"))


def open_typo(stage: Stage) -> Step | None:
    """A kind, mistyped in English; Chinese is typed by sound and choice, where slips make other words."""
    if stage.language != "en":
        return open_limit(stage)
    kind = stage.new_kind(lambda kind: len(kind.said) > 5 and " " not in kind.said)
    limit = stage.limit(Goal(kind), 0.5, 0.9) if kind else None
    if kind is None or limit is None:
        return open_kind(stage)
    message = stage.voice.say("typo", kind=kind, limit=limit)
    limited = any(char.isdigit() for char in message)
    return stage.step(
        "typo",
        message,
        Expect(searched=True, holds=("high",) if limited else ()),
        Goal(kind, high=limit if limited else None),
    )


def too_low(stage: Stage) -> Step | None:
    """A kind under a limit that nothing of it meets."""
    kind = stage.new_kind()
    least = min((item.price for item in stage.shop.of(kind)), default=0) if kind else 0
    if least < 4:
        return None
    return _opened(
        stage, "nothing_fits", Goal(kind, high=max(int(least * 0.5), 1)), phrase="open_limit", holds=("high",)
    )


def _opened(stage: Stage, act: str, goal: Goal, *, phrase: str = "", holds: tuple[Wish, ...] = ()) -> Step | None:
    if goal.kind is None:
        return None
    word = goal.wanted[0] if goal.wanted else None
    message = stage.voice.say(phrase or act, kind=goal.kind, word=word, limit=goal.high)
    gone: tuple[Wish, ...] = tuple(wish for wish in ("high", "low", "refused", "wanted") if wish not in holds)
    return stage.step(act, message, Expect(searched=True, holds=holds, gone=gone), goal)


def limit(stage: Stage) -> Step | None:
    """An upper limit."""
    amount = stage.limit(stage.goal)
    goal = replace(stage.goal, high=amount, below=None)
    return stage.step(
        "limit",
        stage.voice.say("limit", limit=amount) if amount else None,
        Expect(searched=True, holds=_held(goal)),
        goal,
    )


def between(stage: Stage) -> Step | None:
    """A lower and an upper limit."""
    low, high = stage.limit(stage.goal, 0.0, 0.3), stage.limit(stage.goal, 0.6, 1.0)
    if not low or not high or high - low < 5:
        return None
    goal = replace(stage.goal, low=low, high=high, below=None)
    return stage.step(
        "range", stage.voice.say("range", low=low, high=high), Expect(searched=True, holds=_held(goal)), goal
    )


def correct_limit(stage: Stage) -> Step | None:
    """The limit, moved."""
    amount = stage.limit(stage.goal, 0.4, 1.0)
    if not amount or stage.goal.high in (None, amount) or (stage.goal.low or 0) >= amount:
        return None
    goal = replace(stage.goal, high=amount, below=None)
    return stage.step(
        "correct_limit", stage.voice.say("correct_limit", limit=amount), Expect(searched=True, holds=_held(goal)), goal
    )


def exclude(stage: Stage) -> Step | None:
    """A colour or material ruled out."""
    word = stage.quality(wanted=False)
    if word is None:
        return None
    goal = replace(stage.goal, refused=(*stage.goal.refused, word))
    return stage.step("exclude", stage.voice.say("exclude", word=word), Expect(searched=True, holds=_held(goal)), goal)


def want(stage: Stage) -> Step | None:
    """A colour or material asked for; one of a sort takes the place of the other."""
    word = stage.quality(wanted=True)
    if word is None or any(q.sort == word.sort for q in (*stage.goal.wanted, *stage.goal.refused)):
        return None
    goal = replace(stage.goal, wanted=(*stage.goal.wanted, word))
    return stage.step("want", stage.voice.say("want", word=word), Expect(searched=True, holds=_held(goal)), goal)


def release_limit(stage: Stage) -> Step | None:
    """The limit no longer matters."""
    if stage.goal.high is None and stage.goal.below is None:
        return None
    goal = replace(stage.goal, high=None, low=None, below=None)
    return stage.step(
        "release_limit",
        stage.voice.say("release_limit"),
        Expect(searched=True, holds=_held(goal), gone=("high",)),
        goal,
    )


def release_word(stage: Stage) -> Step | None:
    """The colour or material no longer matters."""
    if len(stage.goal.wanted) != 1:
        return None
    goal = replace(stage.goal, wanted=())
    message = stage.voice.say("release_word", stage.goal.wanted[0].sort)
    return stage.step("release_word", message, Expect(searched=True, holds=_held(goal), gone=("wanted",)), goal)


def cheaper(stage: Stage) -> Step | None:
    """Cheaper than what was last spoken of, or than the first of the shelf."""
    if not stage.shelf:
        return None
    anchor = stage.focus or stage.shelf[0]
    goal = replace(stage.goal, high=None, below=anchor.price)
    if stage.goal.low is not None or not any(item.price < anchor.price for item in stage.fitting()):
        return None
    return stage.step("cheaper", stage.voice.say("cheaper"), Expect(searched=True, holds=_held(goal)), goal)


def others(stage: Stage) -> Step | None:
    """What has not been shown."""
    if not stage.shelf:
        return None
    unseen = tuple(item.id for item in stage.shelf)
    return stage.step(
        "others", stage.voice.say("others"), Expect(searched=True, holds=_held(stage.goal), unseen=unseen)
    )


def gift(stage: Stage) -> Step | None:
    """Something for a person, with a limit and no kind."""
    return _for_person(stage, "gift", with_kind=False)


def gift_kind(stage: Stage) -> Step | None:
    """A kind for a person, with a limit."""
    return _for_person(stage, "gift_kind", with_kind=True)


def _for_person(stage: Stage, act: str, *, with_kind: bool) -> Step | None:
    gender = stage.rng.choice(("Men", "Women"))
    kind = stage.new_kind() if with_kind else None
    amount = stage.limit(Goal(kind, gender=gender), 0.5, 0.9)
    if amount is None or (with_kind and kind is None):
        return None
    goal = Goal(kind, high=amount, gender=gender)
    message = stage.voice.say(act, kind=kind, limit=amount, who=_who(stage, gender))
    return stage.step(act, _its_language(stage, message, gender), Expect(searched=True, holds=("high", "gender")), goal)


def correct_person(stage: Stage) -> Step | None:
    """The other one is meant."""
    if stage.goal.gender is None:
        return None
    gender = "Women" if stage.goal.gender == "Men" else "Men"
    goal = replace(stage.goal, gender=gender)
    message = stage.voice.say("correct_person", who=_who(stage, gender))
    return stage.step(
        "correct_person", _its_language(stage, message, gender), Expect(searched=True, holds=_held(goal)), goal
    )


def _who(stage: Stage, gender: str) -> str:
    return f"<{gender.casefold()}>"


def _its_language(stage: Stage, message: str, gender: str) -> str:
    """The person put in, in the language the phrasing came in."""
    locale = "en" if message.isascii() else "zh"
    return message.replace(_who(stage, gender), stage.rng.choice(phrases(stage.split)[gender.casefold()][locale]))


def topic_change(stage: Stage) -> Step | None:
    """Another kind; what was asked for of the first one is not meant of it."""
    stage.earlier = stage.goal
    step = open_kind(stage)
    return replace(step, act="topic_change") if step else None


def topic_back(stage: Stage) -> Step | None:
    """Back to the kind before."""
    if stage.earlier is None or stage.earlier.kind is None:
        return None
    message = stage.voice.say("back", kind=stage.earlier.kind)
    return stage.step("topic_back", message, Expect(searched=True, holds=_held(stage.earlier)), stage.earlier)


def absent(stage: Stage) -> Step | None:
    """A thing that no shop here has."""
    en, zh = stage.rng.choice(tables()["absent"][stage.split])
    said = zh if stage.language == "zh" else en
    message = stage.voice.say("absent", kind=Kind(said, said, (said,)))
    return stage.step("not_carried", message, Expect(kinds=("no_match",)), Goal())


def size(stage: Stage) -> Step | None:
    """A shoe size that some of what fits comes in."""
    sizes = sorted({size for item in stage.fitting() for size in item.sizes() if size.isdigit()})
    if not sizes or stage.goal.size:
        return None
    goal = replace(stage.goal, size=stage.rng.choice(sizes))
    return stage.step("size", stage.voice.say("size", size=goal.size), Expect(searched=True, holds=_held(goal)), goal)


def measure(stage: Stage) -> Step | None:
    """A limit on the weight or capacity that some of what fits states."""
    for name, at_least, unit in (("Capacity", True, ("L", "升")), ("Weight", False, ("kg", "公斤"))):
        values = sorted(value for item in stage.fitting() if (value := item.measure(name)) is not None)
        if len(values) < 3 or stage.goal.measure:
            continue
        number = round(values[len(values) // 2] / 1000 + (0 if at_least else 0.1), 1)
        if number <= 0.2:
            continue
        goal = replace(stage.goal, measure=Measure(name, at_least, number * 1000))
        locale, text = stage.voice.phrasing(f"measure_{name}")
        said = f"{number:g} {unit[0]}" if locale == "en" else f"{number:g}{unit[1]}"
        return stage.step("measure", text.format(measure=said), Expect(searched=True, holds=_held(goal)), goal)
    return None


def _held(goal: Goal) -> tuple[Wish, ...]:
    """All wishes of a goal: nothing that was said is forgotten."""
    stated: dict[Wish, object] = {
        "high": goal.high if goal.high is not None else goal.below, "low": goal.low, "refused": goal.refused,
        "wanted": goal.wanted, "gender": goal.gender, "size": goal.size, "measure": goal.measure,
    }  # fmt: skip
    return tuple(wish for wish, value in stated.items() if value)


WISHES: dict[str, Act] = {
    "open": open_kind, "open_limit": open_limit, "open_all": open_all, "typo": open_typo, "too_low": too_low, "limit": limit,
    "range": between, "correct_limit": correct_limit, "exclude": exclude, "want": want, "release_limit": release_limit,
    "release_word": release_word, "cheaper": cheaper, "others": others, "gift": gift, "gift_kind": gift_kind,
    "correct_person": correct_person, "topic_change": topic_change, "topic_back": topic_back, "absent": absent, "size": size,
    "measure": measure,
}  # fmt: skip
