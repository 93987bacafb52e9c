"""How a shopper feels about the conversation, and when a person should take over: by words, repeats and failures.

Knows only what was said and answered; what the words are is in `mood.yaml`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.phrases import say
from assistant.types import Turn
from assistant.unanswered import fell_short
from catalog import Locale, tokens

Sign = Literal[
    "angry",
    "unhappy",
    "corrected",
    "others",
    "repeated",
    "nothing_found",
    "no_answer",
    "failed",
    "shouting",
    "thumbs_down",
    "thanks",
]
Reason = Literal["asked", "dissatisfied", "policy", "unsure", "safety"]
WEIGHTS: dict[Sign, float] = {
    "angry": -0.8,
    "unhappy": -0.4,
    "corrected": -0.3,
    "others": -0.2,
    "repeated": -0.35,
    "nothing_found": -0.15,
    "no_answer": -0.15,
    "failed": -0.2,
    "shouting": -0.2,
    "thumbs_down": -0.5,
    "thanks": 0.4,
}
DISSATISFIED = -0.55  # from here on a person is offered
_FADES = 0.5  # with every turn back
_BACK = 5  # turns
_ROW = 2  # times in a row without an answer
_SAME = 0.6  # of the words of two messages, from which one repeats the other
_CAPITALS = 0.6
_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Mood:
    """`score` is -1 for anger to 1 for content; `why` are the signs that it rests on, the newest first."""

    score: float = 0.0
    why: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Handing:
    """What is known beside the turns: whether a person was asked for, the rule that leaves the matter to one, and how
    often the shopper gave a thumb down of late.
    """

    asked: bool = False
    policy: str = ""
    thumbs_down: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a person should take over. `why` are signs, a rule's code, or the words that speak of danger."""

    reason: Reason
    why: tuple[str, ...]


def mood(turns: Sequence[Turn], message: str = "", *, thumbs_down: int = 0) -> Mood:
    """The mood after `turns`, or at `message` where that is not answered yet; older signs count less."""
    score, why = 0.0, list[Sign]()
    recent = list(turns[-_BACK:])
    said = [turn.message for turn in recent] + ([message] if message else [])
    for back, number in enumerate(range(len(said) - 1, -1, -1)):
        signs = [*_spoken(said[number], said[:number]), *_answered(recent, number)]
        score += _FADES**back * sum(WEIGHTS[sign] for sign in signs)
        why += signs
    if thumbs_down:
        score += WEIGHTS["thumbs_down"] * min(thumbs_down, 2)
        why.insert(0, "thumbs_down")
    return Mood(max(-1.0, min(1.0, round(score, 3))), tuple(dict.fromkeys(why)))


def trouble(turns: Sequence[Turn], message: str = "", handing: Handing | None = None) -> Trouble | None:
    """Why a person should take over now, the gravest reason; None where nothing speaks for it."""
    handing = handing or Handing()
    last = message or (turns[-1].message if turns else "")
    danger = danger_in(last)
    if danger:
        return Trouble("safety", (danger,))
    if handing.asked:
        return Trouble("asked", ())
    if handing.policy:
        return Trouble("policy", (handing.policy,))
    felt = mood(turns, message, thumbs_down=handing.thumbs_down)
    if felt.score <= DISSATISFIED:
        return Trouble("dissatisfied", tuple(sign for sign in felt.why if sign != "thanks"))
    row = _in_a_row(turns)
    return Trouble("unsure", row) if len(row) >= _ROW else None


def danger_in(message: str) -> str:
    """The words of a message that speak of fire, injury, poison or misused data; "" where there are none."""
    found = _pattern("safety").search(message.casefold().replace("’", "'"))
    return found[0].strip() if found else ""


def why_words(mood: Mood, locale: Locale) -> str:
    """The signs that a mood rests on, in words."""
    return say("comma", locale).join(say(f"sum_sign_{sign}", locale) for sign in mood.why)


def _spoken(message: str, before: Sequence[str]) -> list[Sign]:
    """The signs in a message itself."""
    folded = message.casefold().replace("’", "'")
    signs: list[Sign] = [
        name for name in ("angry", "unhappy", "corrected", "others", "thanks") if _pattern(name).search(folded)
    ]
    if "angry" in signs or "unhappy" in signs:
        signs = [sign for sign in signs if sign != "thanks"]  # "thanks for nothing"
    if _shouts(message):
        signs.append("shouting")
    if "thanks" not in signs and any(_same(message, earlier) for earlier in before):
        signs.append("repeated")
    return signs


def _answered(turns: Sequence[Turn], number: int) -> list[Sign]:
    """The sign of how the turn before was answered, which is what the message meets; of the last turn its own too."""
    met = [turns[number - 1]] if 0 < number <= len(turns) else []
    if number == len(turns) - 1:
        met.append(turns[number])
    return [sign for sign in map(short_of, met) if sign]


def short_of(turn: Turn) -> Sign | None:
    """How an answer fell short. A step of a service conversation rests on no line and is none."""
    if turn.failure is not None:
        return "failed"
    if turn.reply.kind == "no_match":
        return "nothing_found"
    if turn.service is not None or turn.handoff is not None:
        return "no_answer" if say("s_not_understood", turn.locale) in turn.reply.text else None
    return "no_answer" if fell_short(turn) else None


def _in_a_row(turns: Sequence[Turn]) -> tuple[Sign, ...]:
    """How the last answers fell short, as long as they did."""
    row: list[Sign] = []
    for turn in reversed(turns[-_BACK:]):
        sign = short_of(turn)
        if sign is None:
            break
        row.append(sign)
    return tuple(row)


def _shouts(message: str) -> bool:
    letters = [char for char in message if char.isascii() and char.isalpha()]
    loud = len(letters) >= _LETTERS and sum(char.isupper() for char in letters) >= _CAPITALS * len(letters)
    return loud or re.search(r"[!！]{2,}|[?？]{3,}|[?？][!！]|[!！][?？]", message) is not None


def _same(message: str, earlier: str) -> bool:
    one, other = set(tokens(message)), set(tokens(earlier))
    return len(one) > 2 and len(one & other) >= _SAME * len(one | other)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """All patterns of that name as one; English ones hold whole words only."""
    both = _table()[name]
    english = "|".join(rf"{line}(?!\w)" if line[-1] != "$" else line for line in both["en"].splitlines())
    return re.compile(rf"(?<!\w)(?:{english})|{'|'.join(both['zh'].splitlines())}")


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
