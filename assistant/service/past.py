"""What was answered before: the shop's own rules and the conversations that agents have closed, found for a new question.

A question is near an entry in its meaning, in the topics that both are about, and in rare words; in either language.
What is private is taken out before anything is kept.
"""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from assistant.sense import Embed, Matrix
from assistant.service.learnt import Learnt
from assistant.service.private import Masker
from catalog import Locale, Policy, sentences, tokens

Rows = NDArray[np.intp]

# What the same topics and all words of the question count beside a cosine, and how score and lead tell whether the best is
# right: set on the development half of evals/past_cases.yaml. There more of the topics would do as well, but other shops
# have other topics.
_TOPICS = 0.2
_WORDS = 0.03
_SURE = (5.6, 27.6, -6.5)
_LONGEST = 1500  # characters of an answer that are looked at


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that an agent closed: what the shopper asked first and the answer that settled it.

    `known` are names, addresses and numbers that stand for its shopper: they are masked, and never kept.
    """

    id: str
    question: str
    answer: str
    locale: Locale
    at: datetime
    known: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Past:
    """An answer that was given before. `score` is how likely it answers, 0 to 1; `source` is `policy:ID` or `ticket:ID`."""

    question: str
    answer: str
    score: float
    source: str
    ticket_id: str | None
    locale: Locale


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry with what it is compared by: `sections` are its parts in their order, `twin` is shared across languages."""

    past: Past
    twin: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Index:
    """All entries of one moment. `owner` gives for each row of `parts` the entry that it is a sentence of."""

    entries: tuple[_Entry, ...]
    titles: Matrix
    wholes: Matrix
    parts: Matrix
    owner: Rows
    topics: Matrix
    frequency: Counter[str]


class PastAnswers:
    """Finds past answers. Safe to share between threads; what is learnt is found from then on."""

    def __init__(
        self,
        policies: Iterable[Policy],
        embed: Embed,
        known: Embed,
        topics: Learnt,
        cases: Iterable[Case] = (),
        *,
        ours: Callable[[str], bool] | None = None,
        news: Callable[[], Iterable[Case]] = tuple,
        rules: Callable[[], Sequence[Policy]] | None = None,
    ) -> None:
        """`embed` embeds questions, `known` what is kept, whose vectors it may keep; `ours` as in `Masker`.

        `news` gives what was closed since it was last asked and `rules` the policies of now: both are taken up before the
        next answer is looked for.
        """
        self._embed = embed
        self._known = known
        self._topics = topics
        self._ours = ours
        self._news = news
        self._writing = threading.Lock()
        self._policies = tuple(policies)
        self._rules = rules or (lambda: self._policies)
        kept = [_of_case(self._masked(case)) for case in cases]
        self._index = self._paired(self._indexed([*map(_of_rule, self._policies), *kept], None))

    def __len__(self) -> int:
        return len(self._index.entries)

    def learn(self, case: Case) -> None:
        """Take up a closed conversation, or what became of one that is known already."""
        entry = _of_case(self._masked(case))
        with self._writing:
            before = self._index
            kept = [one for one in before.entries if one.past.source != entry.past.source]
            anew = not kept or len(kept) < len(before.entries)
            self._index = self._indexed([*kept, entry], None) if anew else self._indexed([entry], before)

    def best(self, question: str, locale: Locale, limit: int = 3) -> tuple[Past, ...]:
        """The `limit` answers most likely right, best first; of a section in both languages the one in `locale`."""
        for case in self._news():
            self.learn(case)
        self._heed(tuple(self._rules()))
        index = self._index
        if not index.entries or not question.strip():
            return ()
        scores = self._scores(question, index)
        groups: dict[str, tuple[float, Past]] = {}
        for place in np.argsort(-scores, kind="stable").tolist():
            entry, score = index.entries[place], float(scores[place])
            top, before = groups.get(entry.twin, (score, entry.past))
            groups[entry.twin] = (top, entry.past if entry.past.locale == locale != before.locale else before)
        ranked = sorted(groups.values(), key=lambda found: -found[0])[: limit + 1]
        first, second = ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0.0
        leads = [first - second, *(score - first for score, _ in ranked[1:])]
        return tuple(
            replace(past, score=round(_sure(score, lead), 3))
            for (score, past), lead in zip(ranked[:limit], leads, strict=False)
        )

    def telling(self, question: str, past: Past, limit: int) -> tuple[str, ...]:
        """The sentences of an answer that tell most of a question, in their order: all, or its first and the nearest."""
        told = sentences(past.answer[:_LONGEST])
        if len(told) <= limit:
            return tuple(told)
        near = self._known(_lines(past)) @ self._embed([question])[0]
        nearest = sorted(range(1, len(told)), key=lambda place: -float(near[place]))[: limit - 1]
        return tuple(told[place] for place in sorted([0, *nearest]))

    def _heed(self, policies: tuple[Policy, ...]) -> None:
        """Answer by these policies from now on, where they are others than before."""
        if policies == self._policies:
            return
        with self._writing:
            cases = [one for one in self._index.entries if one.past.ticket_id is not None]
            self._index = self._paired(self._indexed([*map(_of_rule, policies), *cases], None))
            self._policies = policies

    def _masked(self, case: Case) -> Case:
        masker = Masker(case.known, self._ours)
        return replace(case, question=masker.mask(case.question), answer=masker.mask(case.answer), known=())

    def _scores(self, question: str, index: _Index) -> Matrix:
        """The score of every entry for a question."""
        vector = self._embed([question])
        near = index.parts @ vector[0]
        closest = np.full(len(index.entries), -1.0, dtype=np.float32)
        np.maximum.at(closest, index.owner, near)
        meant = (index.titles @ vector[0] + index.wholes @ vector[0] + closest) / 3
        shared = np.sqrt(index.topics) @ np.sqrt(self._topics.shares(vector)[0])  # Bhattacharyya (1943)
        found: Matrix = meant + _TOPICS * shared + _WORDS * _shared(question, index)
        return found

    def _indexed(self, entries: Sequence[_Entry], before: _Index | None) -> _Index:
        """`entries` behind those of `before`."""
        texts = [f"{one.past.question}. {one.past.answer[:_LONGEST]}" for one in entries]
        lines = [_lines(one.past) for one in entries]
        counts = [len(several) for several in lines]
        wholes, titles = self._known(texts), self._known([one.past.question for one in entries])
        parts = self._known([line for several in lines for line in several])
        owner = np.repeat(np.arange(len(entries), dtype=np.intp), counts)
        about = self._topics.shares(parts) if len(parts) else np.zeros((0, len(self._topics.names)), dtype=np.float32)
        mean = np.zeros((len(entries), len(self._topics.names)), dtype=np.float32)
        np.add.at(mean, owner, about / np.repeat(np.asarray(counts), counts)[:, None])
        if entries:
            mean = ((self._topics.shares(titles) + self._topics.shares(wholes) + mean) / 3).astype(np.float32)
        frequency = Counter(word for one in entries for word in one.words)
        if before is None:
            return _Index(tuple(entries), titles, wholes, parts, owner, mean, frequency)
        return _Index(
            (*before.entries, *entries),
            np.concatenate([before.titles, titles]),
            np.concatenate([before.wholes, wholes]),
            np.concatenate([before.parts, parts]),
            np.concatenate([before.owner, owner + len(before.entries)]),
            np.concatenate([before.topics, mean]),
            before.frequency + frequency,
        )

    def _paired(self, index: _Index) -> _Index:
        """Sections of a file that are each other's nearest in the other language's file are one answer in two languages."""
        files: dict[str, dict[str, list[int]]] = {}
        for place, entry in enumerate(index.entries):
            if entry.past.ticket_id is None:
                name, _, _ = entry.twin.rpartition(".")
                files.setdefault(name.rpartition(".")[0], {}).setdefault(entry.past.locale, []).append(place)
        entries = list(index.entries)
        for by_locale in files.values():
            if len(by_locale) == 2:
                these, those = by_locale.values()
                for one, other in _mutual(these, those, index.wholes):
                    entries[other] = replace(entries[other], twin=entries[one].twin)
        return replace(index, entries=tuple(entries))


def _mutual(these: Sequence[int], those: Sequence[int], vectors: Matrix) -> Iterable[tuple[int, int]]:
    """The pairs of which each is the nearest of the other."""
    near = vectors[list(these)] @ vectors[list(those)].T
    near -= near.mean(axis=0, keepdims=True) + near.mean(axis=1, keepdims=True)  # some are near to all
    for one, other in enumerate(near.argmax(axis=1).tolist()):
        if int(near[:, other].argmax()) == one:
            yield these[one], those[other]


def _entry(past: Past, twin: str) -> _Entry:
    return _Entry(past, twin, frozenset(tokens(f"{past.question} {past.answer}")))


def _of_rule(policy: Policy) -> _Entry:
    past = Past(policy.title, policy.text, 0.0, f"policy:{policy.id}", None, policy.locale)
    return _entry(past, policy.id)


def _of_case(case: Case) -> _Entry:
    source = f"ticket:{case.id}"
    return _entry(Past(case.question, case.answer, 0.0, source, case.id, case.locale), source)


def _lines(past: Past) -> list[str]:
    """The sentences of an answer, each under its question."""
    title = past.question.rstrip("?？")
    return [f"{title}: {one}" for one in sentences(past.answer[:_LONGEST])] or [title]


def _shared(question: str, index: _Index) -> Matrix:
    """How much of a question each entry holds, rare words weighing most: 0 to 1."""
    total = len(index.entries)
    rarity = {word: math.log((1 + total) / (1 + index.frequency[word])) for word in tokens(question)}
    whole = sum(rarity.values())
    held = [sum(value for word, value in rarity.items() if word in one.words) for one in index.entries]
    return np.asarray(held, dtype=np.float32) / (whole or 1.0)


def _sure(score: float, lead: float) -> float:
    """How likely an answer is right, by its score and its lead over the next."""
    by_score, by_lead, offset = _SURE
    return 1 / (1 + math.exp(-(by_score * score + by_lead * lead + offset)))
