"""Two rankings on one shelf by turns, so that one shopper's clicks tell which of them is better. Knows no experiment."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from assistant.types import Evidence, Slate, SlateItem


def interleaved(slates: Sequence[Slate], teams: Sequence[str], size: int, chance: Random) -> Slate:
    """The shelf of two slates that pick by turns, each item with the team whose pick it is.

    Team draft (Radlinski, Kurup & Joachims 2008, CIKM, "How does clickthrough data reflect retrieval quality?"): in each
    round a coin says who picks first, and each picks the best of its own that is not on the shelf yet.
    """
    left = [list(slate.items) for slate in slates]
    chosen: list[SlateItem] = []
    while len(chosen) < size and any(left):
        for side in chance.sample(range(len(slates)), len(slates)):
            taken = {item.product.id for item in chosen}
            left[side] = [item for item in left[side] if item.product.id not in taken]
            if left[side] and len(chosen) < size:
                chosen.append(replace(left[side].pop(0), team=teams[side]))
    evidence: dict[str, Evidence] = {line.id: line for slate in slates for line in slate.evidence}
    cited = [id for item in chosen for one in (*item.reasons, item.drawback) if one for id in one.evidence]
    lines = tuple(evidence[id] for id in dict.fromkeys(cited))
    return Slate(tuple(chosen), slates[0].matching, lines, slates[0].all_counted)
