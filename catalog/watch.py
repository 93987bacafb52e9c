"""Notices that another process has published a new catalogue, and opens it beside the one that is being read.

Policies that were written anew make a new catalogue too.
"""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from catalog.errors import CatalogError
from catalog.index import CatalogIndex
from catalog.search import Catalog
from catalog.tables import CatalogTables

_log = logging.getLogger(__name__)


class Watch(threading.Thread):
    """Looks every `every_s` seconds and gives `take` each new catalogue as `reopen` opens it, until `stop`.

    `rewritten` gives the catalogue under policies that were written since it was last asked; None where none were. A
    failure is tried again.
    """

    def __init__(
        self,
        tables: CatalogTables,
        index: CatalogIndex,
        reopen: Callable[[], Catalog],
        take: Callable[[Catalog], None],
        *,
        rewritten: Callable[[], Catalog | None] = lambda: None,
        every_s: float = 3.0,
    ) -> None:
        super().__init__(name="catalogue watch", daemon=True)
        self._tables, self._index, self._reopen, self._take = tables, index, reopen, take
        self._rewritten = rewritten
        self._every_s = every_s
        self._version = tables.version()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.wait(self._every_s):
            try:
                self.look()
            except (CatalogError, SQLAlchemyError, OSError) as error:
                _log.warning("the new catalogue cannot be opened yet: %s", error)

    def look(self) -> bool:
        """Open the catalogue if it is another than before and the import has written its index; say whether it was."""
        version = self._tables.version()
        if version == self._version:
            ruled = self._rewritten()
            if ruled is not None:
                self._take(ruled)
            return ruled is not None
        if self._index.being_written():
            return False
        self._take(self._reopen())
        self._version = version
        return True
