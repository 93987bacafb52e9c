"""The retail shop's own policy, found section by section for the agent that asks it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from catalog import Locale, load_embedder

_SECTION = re.compile(r"^## ", re.MULTILINE)
_SHOWN = 2


def policy_of(data: Path) -> Callable[[str, Locale], Sequence[str]]:
    """The two sections of `wiki.md` that are nearest to a question, the best first."""
    sections = [part.strip() for part in _SECTION.split((data / "wiki.md").read_text("utf-8")) if part.strip()]
    embedder = load_embedder("packaged")
    held = np.stack(list(embedder.passages(sections)))

    def nearest(question: str, locale: Locale) -> Sequence[str]:
        order = np.argsort(-(held @ embedder.query(question)), kind="stable")
        return [sections[place] for place in order[:_SHOWN].tolist()]

    return nearest
