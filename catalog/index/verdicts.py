"""What columns can tell of a constraint: for each row that it holds, that it does not, or that the listing must be read.

`constraint.holds` is the one truth; columns only bound it from both sides, so that few listings need reading. A verdict
that was read is remembered.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.attributes.units import BASE_UNITS, measure
from catalog.constraint import (
    GENDER_NAMES,
    NEGATED,
    ONLY_STATED,
    SIZE_NAMES,
    Constraint,
    Op,
    compares,
    holds,
    matches,
    satisfies,
    sizes,
)
from catalog.index.columns import ELSEWHERE, Columns, Mask, Words, key, keys
from catalog.product import Product
from catalog.tokens import has_cjk

NO, YES, READ = 0, 1, 2
Verdicts = NDArray[np.uint8]
Rows = NDArray[np.int64]

_BUDGET = 128_000_000  # bytes of remembered verdicts
_BESIDE = {"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal}
_LIMITS = tuple(_BESIDE)
_NUMBERS = ("price", "rating", "in_stock")  # fields of which a column tells all that a limit asks


class Judge:
    """Tells which rows satisfy constraints. `read` gives the products of some rows, which costs more than columns do."""

    def __init__(self, columns: Columns, ids: Sequence[str], read: Callable[[Rows], list[Product]]) -> None:
        self._columns = columns
        self._ids = ids
        self._read = read
        remembered = min(512, max(16, _BUDGET // max(columns.count, 1)))
        self._verdicts = lru_cache(maxsize=remembered)(self._judged)
        self._speaking = lru_cache(maxsize=remembered)(self._said)
        self._told = lru_cache(maxsize=remembered)(self._all_told)
        self._has_options = bool(columns.options.any())
        self._folded: dict[str, list[int]] | None = None

    def possible(self, constraints: Sequence[Constraint]) -> Mask:
        """The rows that are not known to fail any of `constraints`."""
        if not constraints:
            return np.ones(self._columns.count, dtype=np.bool_)
        allowed = self._perhaps(constraints[0]).copy()
        for constraint in constraints[1:]:
            allowed &= self._perhaps(constraint)
        return allowed

    def certain(self, constraints: Sequence[Constraint]) -> bool:
        """Whether columns tell all of every row, so that the possible rows are those that satisfy."""
        return not (self._has_options and _together(constraints)) and all(map(self._told, constraints))

    def unsure(self, constraints: Sequence[Constraint], rows: Rows) -> Mask:
        """Which of `rows` must be read before anyone can tell, shape (len(rows),)."""
        unsure = self._columns.options[rows] if _together(constraints) else np.zeros(len(rows), dtype=np.bool_)
        for constraint in constraints:
            if not self._told(constraint):
                unsure = unsure | (self._verdicts(constraint)[rows] == READ)
        return unsure

    def settled(self, constraints: Sequence[Constraint], rows: Rows) -> Mask:
        """Which of the possible `rows` satisfy all of `constraints`, reading those that must be read."""
        good = np.ones(len(rows), dtype=np.bool_)
        places = np.flatnonzero(self.unsure(constraints, rows))
        for place, product in zip(places, self._read(rows[places]), strict=True):
            good[place] = self._holds_all(product, int(rows[place]), constraints)
        return good

    def _perhaps(self, constraint: Constraint) -> Mask:
        """The rows that are not known to fail; not to be written to."""
        verdicts = self._verdicts(constraint)
        return verdicts.view(np.bool_) if self._told(constraint) else verdicts != NO

    def _holds_all(self, product: Product, row: int, constraints: Sequence[Constraint]) -> bool:
        for constraint in constraints:
            verdicts = self._verdicts(constraint)
            if verdicts[row] == READ:
                verdicts[row] = YES if holds(product, constraint) else NO
            if verdicts[row] == NO:
                return False
        return not product.variants or satisfies(product, constraints)

    def _all_told(self, constraint: Constraint) -> bool:
        if constraint.field in _NUMBERS and constraint.op in _LIMITS:
            return True
        return not bool((self._verdicts(constraint) == READ).any())

    def _judged(self, constraint: Constraint) -> Verdicts:
        positive = NEGATED.get(constraint.op)
        if positive is None:
            return self._bounds(constraint, constraint.op)
        bounds = self._bounds(constraint, positive)
        verdicts = np.where(bounds == NO, YES, READ).astype(np.uint8)
        sure = ~self._columns.options & (bounds == YES)
        if constraint.field != "type":  # a refusal looks at fewer names than a wish
            verdicts[sure] = NO
        return verdicts

    def _bounds(self, constraint: Constraint, op: Op) -> Verdicts:
        field = constraint.field
        if field in _NUMBERS:
            return self._numbers(constraint, op)
        if field in ("brand", "category"):
            return self._stated(field, constraint, op).astype(np.uint8)
        if field == "id":
            return self._identity(constraint, op)
        if op in _LIMITS and field in ("type", "text"):
            return np.full(self._columns.count, READ, dtype=np.uint8)
        if field == "type":
            return _bounds(self._stated("type", constraint, op), self._mentions(constraint, title=True))
        if field == "text":
            return _bounds(self._columns.none(), self._mentions(constraint))
        return self._attribute(constraint, op)

    def _numbers(self, constraint: Constraint, op: Op) -> Verdicts:
        column = getattr(self._columns, constraint.field)
        if op in _LIMITS:
            limit = measure(constraint.value)
            if limit is None or limit[1] in BASE_UNITS or constraint.field == "in_stock":
                return np.zeros(len(column), dtype=np.uint8)
            told: Mask = _BESIDE[op](column, _bound(limit[0], op) if column.dtype.kind == "i" else limit[0])
            return told.view(np.uint8)
        values, places = np.unique(column, return_inverse=True)
        met = [value == value and matches(value.item(), constraint.field, op, constraint.value) for value in values]
        return np.asarray(met, dtype=np.uint8)[places]

    def _identity(self, constraint: Constraint, op: Op) -> Verdicts:
        verdicts = np.zeros(self._columns.count, dtype=np.uint8)
        wanted = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
        if op == "contains" or op in _LIMITS:
            verdicts[:] = [_meets(id, constraint, op) for id in self._ids]
        else:
            if self._folded is None:
                self._folded = {}
                for row, id in enumerate(self._ids):
                    self._folded.setdefault(id.casefold(), []).append(row)
            for value in wanted:
                verdicts[self._folded.get(str(value).casefold(), [])] = YES
        return verdicts

    def _attribute(self, constraint: Constraint, op: Op) -> Verdicts:
        name = (constraint.attribute or constraint.field).casefold()
        columns, options = self._columns, self._columns.options
        found = self._stated(f"attributes.{key(name)}", constraint, op)
        if op in _LIMITS:
            return np.where(found, np.where(options, READ, YES), NO).astype(np.uint8)
        based = self._stated(f"base.{key(name)}", constraint, op)
        if op == "contains":
            found |= based
        perhaps = self._mentions(constraint)
        if name in SIZE_NAMES:
            perhaps &= options
        elif name in ONLY_STATED:
            stated = columns.none()
            stated[columns.words(f"stated.{key(name)}").rows] = True
            perhaps &= ~stated | options
        if name in GENDER_NAMES:
            perhaps |= based
        verdicts = _bounds(found, perhaps)
        verdicts[options & found] = READ
        return verdicts

    def _stated(self, field: str, constraint: Constraint, op: Op) -> Mask:
        found = self._columns.none()
        self._mark(found, self._columns.words(field), constraint, op)
        return found

    def _mark(self, found: Mask, column: Words, constraint: Constraint, op: Op) -> None:
        """Mark the rows of a column one of whose values meets the constraint."""
        told = np.asarray([_meets(value, constraint, op) for value in column.values], dtype=np.bool_)
        if told.any():
            found[column.rows[told[column.codes]]] = True

    def _mentions(self, constraint: Constraint, *, title: bool = False) -> Mask:
        """The rows that may mention one of the words of a constraint; no other row can."""
        values = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
        found = self._columns.none()
        for value in values:
            found |= self._speaking(str(value), title)
        return found

    def _said(self, term: str, title: bool) -> Mask:
        wanted = [word for word in keys(term) if not has_cjk(term) or has_cjk(word)]
        if not wanted:
            return np.ones(self._columns.count, dtype=np.bool_)
        found: Mask | None = None
        for word in sorted(wanted, key=lambda word: self._columns.said.get(word, 0)):
            mask = self._columns.none()
            if word in self._columns.said:
                rows, where = self._columns.said.rows(word)
                mask[rows[where != ELSEWHERE] if title else rows] = True
            found = mask if found is None else found & mask
        return self._columns.none() if found is None else found


def _bound(limit: float, op: Op) -> float:
    """The whole number that bounds whole numbers as `limit` does: compared with a float, all would be converted first."""
    if not math.isfinite(limit):
        return limit
    return math.ceil(limit) if op in ("lt", "ge") else math.floor(limit)


def _together(constraints: Sequence[Constraint]) -> bool:
    """Whether constraints may have to hold of one and the same variant."""
    return len([c for c in constraints if c.attribute or c.field == "price"]) > 1


def _meets(value: str, constraint: Constraint, op: Op) -> bool:
    if op in _LIMITS:
        return bool(compares(value, op, constraint.value))
    if (constraint.attribute or "").casefold() in SIZE_NAMES:
        return any(matches(size, constraint.field, op, constraint.value) for size in sizes([value]))
    return matches(value, constraint.field, op, constraint.value)


def _bounds(sure: Mask, perhaps: Mask) -> Verdicts:
    return np.where(sure, YES, np.where(perhaps, READ, NO)).astype(np.uint8)
