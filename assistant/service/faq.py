"""Answers that agents give often, as entries that the owner may add to the FAQ. Suggests; what stands there is the owner's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.sense import Embed, Matrix
from assistant.service.past import Case
from assistant.service.private import PLACEHOLDER, Masker, without_private
from assistant.service.spelling import code_key
from catalog import Locale

OFTEN = 3
_ALIKE = 0.9  # the mean of the cosines of two questions and of their answers, with the packaged embedder
_LOOKED_AT = 2_000  # the newest
Answered = Callable[[str, Locale], bool]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that came `count` times with the answer it got, and the ids of the conversations, oldest first."""

    question: str
    answer: str
    count: int
    cases: tuple[str, ...]
    locale: Locale

    @property
    def id(self) -> str:
        """What it is known by as it grows: the conversation in which it came first."""
        return self.cases[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer, as it stands in the FAQ or was decided on."""

    locale: Locale
    question: str
    answer: str


def suggested(cases: Sequence[Case], known: Embed, answered: Answered = lambda *_: False) -> tuple[Suggestion, ...]:
    """What was asked and answered alike three times or more, the most frequent first; not what is `answered` already.

    `known` embeds texts. Only the newest answer without anything private of its shopper is suggested.
    """
    newest = [_masked(case) for case in sorted(cases, key=lambda case: (case.at, case.id))[-_LOOKED_AT:]]
    found = []
    for locale in dict.fromkeys(case.locale for case in newest):
        own = [case for case in newest if case.locale == locale]
        questions, answers = (
            known([case.question for case in own]),
            known([without_private(case.answer) or case.answer for case in own]),
        )
        for group in _groups(questions, answers):
            if len(group) >= OFTEN:
                made = _suggestion([own[place] for place in group], questions[group])
                if made is not None and not answered(made.question, locale):
                    found.append(made)
    return tuple(sorted(found, key=lambda one: (-one.count, one.question)))


def unsaid(found: Sequence[Suggestion], said: Sequence[Entry], known: Embed) -> tuple[Suggestion, ...]:
    """Those of `found` that are said nowhere yet: neither in the same words nor as alike as conversations of one group."""
    if not found or not said:
        return tuple(found)
    questions = known([*(one.question for one in found), *(one.question for one in said)])
    answers = known([*(one.answer for one in found), *(one.answer for one in said)])
    n = len(found)
    near = (questions[:n] @ questions[n:].T + answers[:n] @ answers[n:].T) / 2
    keys = {(one.locale, code_key(one.question)) for one in said}
    return tuple(
        one
        for one, row in zip(found, near, strict=True)
        if (one.locale, code_key(one.question)) not in keys
        and not any(x >= _ALIKE and other.locale == one.locale for x, other in zip(row, said, strict=True))
    )


def _masked(case: Case) -> Case:
    masker = Masker(case.known)
    return Case(case.id, masker.mask(case.question), masker.mask(case.answer), case.locale, case.at)


def _groups(questions: Matrix, answers: Matrix) -> list[list[int]]:
    """Cases in groups: each joins the group to whose members it is most alike in the mean, if it is alike enough."""
    groups: list[list[int]] = []
    sums: list[tuple[Matrix, Matrix]] = []  # of each group's vectors
    for place in range(len(questions)):
        q, a = questions[place], answers[place]
        alike = [
            float(q @ sum_q + a @ sum_a) / 2 / len(group) for group, (sum_q, sum_a) in zip(groups, sums, strict=True)
        ]
        best = int(np.argmax(alike)) if alike else -1
        if alike and alike[best] >= _ALIKE:
            groups[best].append(place)
            sums[best] = (sums[best][0] + q, sums[best][1] + a)
        else:
            groups.append([place])
            sums.append((q, a))
    return groups


def _suggestion(cases: Sequence[Case], questions: Matrix) -> Suggestion | None:
    """The most typical question with the newest answer that can be given to anybody; None where none can."""
    typical = np.argsort(-(questions @ questions.sum(axis=0)), kind="stable").tolist()
    asked = next((cases[place].question for place in typical if not PLACEHOLDER.search(cases[place].question)), "")
    answers = (without_private(case.answer) for case in reversed(cases))
    answer = next((one for one in answers if one), "")
    if not asked or not answer:
        return None
    return Suggestion(asked, answer, len(cases), tuple(case.id for case in cases), cases[0].locale)
