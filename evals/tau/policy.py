"""The retail shop's own policy, found section by section as a shop's is, for the agent that asks it."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from catalog import CatalogTables, Locale, VectorTable, load_embedder, load_policies
from catalog.policies import PolicySearch

_SHOWN = 2


def policy_of(data: Path) -> Callable[[str, Locale], Sequence[str]]:
    """The two sections of `wiki.md` that are nearest to a question, the best first."""
    embedder = load_embedder("packaged")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(data / "wiki.md", Path(folder) / "retail.en.md")
        tables = CatalogTables(f"sqlite:///{folder}/catalog.db")
        search = PolicySearch(load_policies(Path(folder)), VectorTable(tables, embedder), embedder.query)
    return lambda question, _: [hit.policy.text for hit in search.nearest(question, "en", _SHOWN)]
