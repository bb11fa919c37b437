"""Targets in arrays: derived by the order of `domain.target`, all goals at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.period import Period
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Typed
from salesgoal.frames.array_column import ArrayColumn, Known, nothing
from salesgoal.frames.exact_sum import Units, magnitude, to_units_array
from salesgoal.frames.tree_arrays import TreeArrays
from salesgoal.frames.typed_column import TypedColumn

__all__ = ["Derivation", "find_mismatch"]

_LIMIT = 2**63

_OVER_TIME: Mapping[Aggregation | Ratio, np.ufunc | None] = {
    Aggregation.SUM: np.add,
    Aggregation.DISTINCT: np.add,
    Aggregation.LAST: None,  # the latest takes the place of those before it
    Aggregation.MAXIMUM: np.maximum,
    Aggregation.MINIMUM: np.minimum,
}

_OVER_CHILDREN: Mapping[Aggregation | Ratio, np.ufunc] = {
    Aggregation.SUM: np.add,
    Aggregation.DISTINCT: np.add,
    Aggregation.LAST: np.add,
    Aggregation.MAXIMUM: np.maximum,
    Aggregation.MINIMUM: np.minimum,
}


@attrs.define(eq=False)
class Derivation:
    """The targets of one metric and measure, for any period asked for.

    Attributes:
        arrays: The tree.
        metric: What is typed.
        typed: The typed values.
    """

    arrays: TreeArrays
    metric: Metric
    typed: Typed

    def column(self, period: Period) -> ArrayColumn:
        """Returns the target of every goal."""
        inside = [each for each in self.typed if period.covers(each) and each != period]
        inside.sort(key=lambda each: (each.start, -each.days))
        if self.metric.aggregation not in _OVER_TIME:
            inside = []
        together = self._together(inside)
        placed = together or [(each, *self.place(self.typed[each])) for each in inside]
        written = self.place(self.typed[period]) if period in self.typed else None
        all_units = [units for _, units, _ in placed] + ([written[0]] if written else [])
        if not all_units:
            return nothing(len(self.arrays))
        dtype = np.int64 if sum(map(magnitude, all_units)) < _LIMIT else object
        units, known = self._over_time(placed, dtype)
        if written:
            units[written[1]] = written[0][written[1]]
            known |= written[1]
        combine = _OVER_CHILDREN.get(self.metric.aggregation)
        if combine is not None:
            self._over_children(combine, units, known)
        return ArrayColumn(units, None if known.all() else known)

    def _together(self, inside: Sequence[Period]) -> list[tuple[Period, Units, Known]]:
        """Sub-periods that lie apart and are typed for the same scopes, combined before.

        Nothing where they do not.
        """
        columns = [self.typed[each] for each in inside]
        whole = [
            each for each in columns if isinstance(each, TypedColumn) and each.known is None
        ]
        apart = all(one.stop <= other.start for one, other in pairwise(inside))
        if not apart or not whole or len(whole) < len(columns):
            return []
        index, units = whole[0].index, [each.units for each in whole]
        if any(each.index is not index for each in whole):
            return []
        combine = _OVER_TIME[self.metric.aggregation]
        if combine is np.add and sum(map(magnitude, units)) >= _LIMIT:
            units[0] = units[0].astype(object)
        merged = reduce(combine, units) if combine else units[-1]
        return [(inside[0], *self.place(TypedColumn(index, merged)))]

    def place(self, column: Mapping[Codes, int]) -> tuple[Units, Known]:
        """Returns what is typed at each goal, 0 where nothing is, and where something is."""
        size = len(self.arrays)
        known = np.zeros(size, bool)
        if not isinstance(column, TypedColumn):
            return self._place_one_by_one(column)
        placed, units = self.arrays.find(column.index.codes), column.units
        found = np.zeros(size, units.dtype)
        if placed.whole is not None and column.known is None:
            found[placed.whole], known[placed.whole] = units, True
            return found, known
        chosen = placed.nodes >= 0
        if column.known is not None:
            chosen &= column.known
        nodes = placed.nodes[chosen]
        found[nodes], known[nodes] = units[chosen], True
        return found, known

    def _place_one_by_one(self, column: Mapping[Codes, int]) -> tuple[Units, Known]:
        goals = self.arrays.tree.by_scope
        pairs = [(goals[codes], value) for codes, value in column.items() if codes in goals]
        nodes = np.array([node for node, _ in pairs], np.intp)
        units = to_units_array([value for _, value in pairs])
        found, known = np.zeros(len(self.arrays), units.dtype), np.zeros(len(self.arrays), bool)
        found[nodes], known[nodes] = units, True
        return found, known

    def _over_time(
        self,
        placed: list[tuple[Period, Units, Known]],
        dtype: Any,  # noqa: ANN401 - numpy's
    ) -> tuple[Units, Known]:
        """Typed sub-periods; where they overlap, the longer that begins first counts."""
        size, combine = len(self.arrays), _OVER_TIME.get(self.metric.aggregation)
        units, known = np.zeros(size, dtype), np.zeros(size, bool)
        behind = np.zeros(size, np.int64)
        for period, values, typed in placed:
            taken = typed & (behind <= period.start.toordinal())
            later = taken & known if combine else np.zeros(size, bool)
            first = taken & ~later
            units[first] = values[first]
            if combine:
                units[later] = combine(units[later], values[later])
            behind[taken] = period.stop.toordinal()
            known |= taken
        return units, known

    def _over_children(self, combine: np.ufunc, units: Units, known: Known) -> None:
        """Fills in goals without a target of their own, from the lowest level up."""
        neutral = _neutral(combine, units)
        for level in self.arrays.levels:
            run = slice(level.start, level.stop)
            padded = np.where(known[run], units[run], neutral)
            found = combine.reduceat(padded, level.runs)[:: level.every]
            some = np.logical_or.reduceat(known[run], level.runs)[:: level.every]
            missing = ~known[level.inner] & some
            units[level.inner] = np.where(missing, found, units[level.inner])
            known[level.inner] |= missing


def find_mismatch(arrays: TreeArrays, column: ArrayColumn) -> ArrayColumn:
    """Returns what each goal's amount leaves over after its children's, signed.

    Args:
        arrays: The tree.
        column: Whole numbers.
    """
    size, present = len(arrays), column.present
    units = np.where(present, column.units, 0)
    if units.dtype != object and magnitude(units) >= _LIMIT:
        units = units.astype(object)
    found, known = np.zeros(size, units.dtype), np.zeros(size, bool)
    for level in arrays.levels:
        some = np.logical_or.reduceat(present[level.start : level.stop], level.runs)
        known[level.inner] = present[level.inner] & some[:: level.every]
        found[level.inner] = units[level.inner] - level.reduce(np.add, units)
    return ArrayColumn(found, known)


def _neutral(combine: np.ufunc, units: Units) -> Any:  # noqa: ANN401 - an integer of any size
    """What changes nothing where at least one value is present."""
    if combine is np.add:
        return 0
    return units.min() if combine is np.maximum else units.max()
