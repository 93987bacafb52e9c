"""What is left out of an import and why, and its report: a CSV that is safe to open in a spreadsheet."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

LONGEST_ID = 200  # characters of a product's id

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out: where it stands and what is wrong with which field.

    `product_id` is the product that it would have been or belonged to, where that can be read. `withdrawn` says that
    nothing is wrong: the shop itself does not offer the product (a draft, hidden, not for sale by itself).
    """

    source: str
    line: int
    field: str
    reason: str
    product_id: str | None = None
    withdrawn: bool = False

    def __str__(self) -> str:
        text = f"{self.source}:{self.line}: {self.field}: {self.reason}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class FieldError(ValueError):
    """What a foreign row says in `field` cannot be brought to an Aisle row."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class NotOfferedError(FieldError):
    """What a foreign row says is sound: the product is not for sale."""


class _Placed(Protocol):
    @property
    def source(self) -> str: ...

    @property
    def line(self) -> int: ...


def reject(row: _Placed, error: FieldError, product_id: str | None) -> Reject:
    """The Reject of `row`, which `error` kept from becoming the product `product_id`."""
    return Reject(
        row.source, row.line, error.field, str(error), storable_id(product_id), isinstance(error, NotOfferedError)
    )


def storable_id(value: Any) -> str | None:
    """`value` as the id under which a product is stored; None where it cannot be one."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    text = str(value).strip()
    if not 0 < len(text) <= LONGEST_ID or "\0" in text:
        return None
    return None if any("\ud800" <= c <= "\udfff" for c in text) else text


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
            csv.writer(self._file).writerow(["source", "line", "product_id", "field", "reason"])
        cells = [reject.source, str(reject.line), reject.product_id or "", reject.field, reject.reason]
        csv.writer(self._file).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
        self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()
