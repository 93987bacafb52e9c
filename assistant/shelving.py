"""Candidates → the shelf as a conversation's treatment has it: which ranker, how many, by chance or by turns."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from assistant import prompts
from assistant.context import Context, Understanding
from assistant.explore import drawn
from assistant.interleave import interleaved
from assistant.rank import Draw, Variety, rank
from assistant.rankers import weights_of
from assistant.retrieve import Retrieval, asks_kind
from assistant.settings import Settings
from assistant.treatment import Ranking, Treatment
from assistant.types import Slate, Utterance, Versions
from assistant.variety import LEVELS, likeness, moved
from catalog import Catalog, Constraint

_SEVERAL = 2  # candidates: a single one stands where it stands


@dataclass(frozen=True)
class Shelving:
    """How one turn's shelf is made. `variety` is the turn's, `own_variety` where the shopper decided on it; chance is the
    turn's, so that its draws can be told again.
    """

    treatment: Treatment
    settings: Settings
    variety: float
    turn_id: str
    own_variety: bool = False

    @property
    def size(self) -> int:
        return self.treatment.slate_size or self.settings.slate_size

    @property
    def temperature(self) -> float:
        explore = self.treatment.explore
        return self.settings.explore if explore is None else explore

    def tried(self, versions: Versions) -> Versions:
        """The versions of a turn, with what was unlike the usual in how it was ranked and asked for."""
        tried = [self.treatment.ranker] if self.treatment.ranker != "standard" else []
        tried += [f"size {self.treatment.slate_size}"] if self.treatment.slate_size else []
        tried += [f"explore {self.temperature:g}"] if self.temperature else []
        tried += ["interleaved"] if self.treatment.teams else []
        variant = self.treatment.prompt
        prompt = f"{versions.prompt}+{variant}@{prompts.version(variant)}" if variant else versions.prompt
        return replace(versions, ranker="+".join((versions.ranker, *tried)), prompt=prompt)

    def shelf(
        self,
        found: Retrieval,
        understood: Understanding,
        context: Context,
        catalog: Catalog,
        likes: Sequence[Constraint] = (),
    ) -> Slate:
        """The slate of what was found."""

        def ranked(ranking: Ranking) -> Slate:
            degree = self.variety if ranking.variety is None else ranking.variety
            varying = _varying(understood, context, degree, catalog)
            draw = None if self.treatment.teams else self._draw()
            weights = weights_of(ranking.ranker)
            return rank(found, understood.need, understood.locale, self.size, varying, likes, weights, draw)

        teams = self.treatment.teams
        if teams is None:
            return ranked(Ranking("", self.treatment.ranker))
        names = [one.name for one in teams]
        return interleaved([ranked(one) for one in teams], names, self.size, self._chance("teams"))

    def met(self, found: Retrieval | None, slate: Slate) -> frozenset[str]:
        """What of a treatment the shelf that is shown could have been different by."""
        if found is None or len(found.candidates) < _SEVERAL or not slate.items:
            return frozenset()
        return frozenset({"ranker", "slate_size", "explore"} | (set() if self.own_variety else {"variety"}))

    def _draw(self) -> Draw | None:
        if not self.temperature:
            return None
        return partial(drawn, temperature=self.temperature, chance=self._chance("explore"))

    def _chance(self, purpose: str) -> Random:
        return Random(hashlib.sha256(f"{purpose}\n{self.turn_id}".encode()).digest())  # noqa: S311  (nothing to guess)


def shelving_of(
    treatment: Treatment,
    settings: Settings,
    utterance: Utterance,
    understood: Understanding,
    context: Context,
    turn_id: str,
) -> Shelving:
    """How a turn's shelf is to be made: with the variety that the shopper set or said, now or before; else what is tried;
    else the shop's own.
    """
    usual = settings.variety if treatment.variety is None else treatment.variety
    before = context.trail.variety if utterance.variety is None else utterance.variety
    variety = moved(usual if before is None else before, understood.variety)
    own = utterance.variety is not None or understood.variety != 0 or variety != usual
    if own and treatment.teams:  # then two rankings differ by their rankers alone
        first, second = (replace(one, variety=None) for one in treatment.teams)
        treatment = replace(treatment, teams=None if first.ranker == second.ranker else (first, second))
    return Shelving(treatment, settings, variety, turn_id, own)


def _varying(understood: Understanding, context: Context, variety: float, catalog: Catalog) -> Variety:
    """The variety to rank with; where something different is wanted also from all that was shown for the need."""
    seen = (*context.trail.seen, *(product.id for product in context.shown)) if understood.different else ()
    unlike = LEVELS[-1] if asks_kind(understood.need) else LEVELS[1]  # of a theme the farthest is off it
    degree = max(variety, unlike) if understood.different else variety
    return Variety(degree, partial(likeness, catalog=catalog, seen=seen))
