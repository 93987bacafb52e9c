"""The reject report: a CSV of what was left out of an import and why, safe to open in a spreadsheet."""

import csv
from pathlib import Path
from typing import TextIO

from catalog.feeds.row import Reject

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class RejectReport:
    """Writes rejects to `path` as they come; there is no file, nor one of an earlier import, where none came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIO | None = None
        path.unlink(missing_ok=True)

    def add(self, reject: Reject) -> None:
        """Append one reject; a cell that a spreadsheet would calculate begins with an apostrophe."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            csv.writer(self._file).writerow(["source", "line", "field", "reason"])
        cells = [reject.source, str(reject.line), reject.field, reject.reason]
        csv.writer(self._file).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
        self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()
