"""The figures of one metric and period as series, by the rules of `ScoreRow`."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from salesgoal.domain.attainment import Status
from salesgoal.domain.metric import Direction, Metric
from salesgoal.domain.period import Period
from salesgoal.domain.score_column import ORIGINAL, ScoreColumn
from salesgoal.domain.scorecard import Scorecard
from salesgoal.frames.array_column import ArrayColumn, Known, nothing, to_array_column
from salesgoal.frames.exact_sum import Units
from salesgoal.frames.tree_arrays import Nodes

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SCORED", "Figures", "Scales"]

SCORED = (
    "target",
    "floor",
    "stretch",
    "original",
    "commit",
    "actual",
    "attainment",
    "status",
    "gap",
    "mismatch",
    "unassigned",
    "expected",
)
"""The columns of figures, in their order."""

ATTAINMENT_PLACES = 6
_LIMIT = 2**63
_STATUS = tuple(map(str, Status))


@attrs.frozen
class Scales:
    """How many decimals the columns of a frame keep."""

    amount: int
    expected: int


@attrs.define
class Figures:
    """One metric and period of a scorecard.

    Attributes:
        card: The scorecard.
        metric: One of its metrics.
        period: One of its periods.
    """

    card: Scorecard
    metric: Metric
    period: Period
    _column: ScoreColumn = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up the column."""
        self._column = self.card.columns[self.metric.id, self.period]

    def series(self, nodes: Nodes, scales: Scales) -> dict[str, pl.Series]:
        """Returns the figures of some goals, by the names of `SCORED`."""
        column = self._column
        take = partial(_take, nodes=nodes)
        started = self.period.start <= self.card.as_of
        counted = started and column.reported
        target, absent = take(column.targets["target"]), nothing(len(nodes))
        actual = take(column.actual) if counted else absent
        scaled = {
            **{name: take(column.targets[name]) for name in ("floor", "stretch", "commit")},
            "target": target,
            "original": take(column.targets[ORIGINAL])
            if ORIGINAL in column.targets
            else target,
            "actual": actual,
            "gap": self._gap(target, actual),
            "mismatch": absent if column.mismatch is None else take(column.mismatch),
            "unassigned": take(column.unassigned)
            if column.unassigned is not None and counted
            else absent,
        }
        decimals = self.metric.decimals
        found = {name: _series(each, decimals, scales.amount) for name, each in scaled.items()}
        found["expected"] = _series(take(column.expected), decimals, scales.expected)
        ratio, status = self._judge(target, actual, started=started)
        found["attainment"] = _series(ratio, 0, ATTAINMENT_PLACES)
        found["status"] = _words(status)
        return found

    def _gap(self, target: ArrayColumn, actual: ArrayColumn) -> ArrayColumn:
        way = (target, actual)
        over, under = way if self.metric.direction is Direction.MAXIMISE else way[::-1]
        return _subtract(over, under)

    def _judge(
        self, target: ArrayColumn, actual: ArrayColumn, *, started: bool
    ) -> tuple[ArrayColumn, Nodes]:
        """The attainment, and which status; by the table of `domain.attainment`."""
        short = self._gap(target, actual)
        status = np.where(short.units <= 0, _at(Status.MET), _at(Status.UNMET))
        status[~actual.present] = _at(Status.NO_DATA)
        status[~target.present] = _at(Status.NO_TARGET)
        if not started:
            status[:] = _at(Status.NOT_STARTED)
            return nothing(len(status)), status
        over, under = self._parts(target, actual)
        measurable = under.present & over.present & (under.units > 0).astype(bool)
        if self.metric.baseline is None:
            measurable &= (target.units > 0).astype(bool)
        return _divide(over, under, measurable), status

    def _parts(
        self, target: ArrayColumn, actual: ArrayColumn
    ) -> tuple[ArrayColumn, ArrayColumn]:
        """What is divided by what; denominators of fractions are above zero."""
        maximise = self.metric.direction is Direction.MAXIMISE
        if self.metric.baseline is None:
            return (actual, target) if maximise else (target, actual)
        start = ArrayColumn(np.broadcast_to(np.int64(self.metric.baseline), len(target)))
        if maximise:
            return _subtract(actual, start), _subtract(target, start)
        return _subtract(start, actual), _subtract(start, target)


def _at(status: Status) -> int:
    return _STATUS.index(str(status))


def _take(column: Any, nodes: Nodes) -> ArrayColumn:  # noqa: ANN401 - any sequence of figures
    """Some goals of a column; denominators are made positive."""
    whole = to_array_column(column)
    known = None if whole.known is None else whole.known[nodes]
    units = whole.units[nodes]
    if whole.parts is None:
        return ArrayColumn(units, known)
    parts = np.broadcast_to(np.asarray(whole.parts), len(whole))[nodes]
    zero, below = (parts == 0).astype(bool), (parts < 0).astype(bool)
    return ArrayColumn(
        np.where(below, -units, units), known, np.where(zero, 1, np.where(below, -parts, parts))
    )


def _highest(*arrays: Units | int) -> int:
    """The product of the largest magnitudes."""
    found = 1
    for each in arrays:
        values = np.asarray(each)
        found *= max(int(values.max(initial=0)), -int(values.min(initial=0)), 1)
    return found


def _exact(bound: int, *arrays: Any) -> tuple[Any, ...]:  # noqa: ANN401 - arrays or integers
    """The arrays as they are where 64 bits hold a bound, else in Python integers."""
    if bound < _LIMIT:
        return arrays
    return tuple(
        each.astype(object) if isinstance(each, np.ndarray) else each for each in arrays
    )


def _subtract(one: ArrayColumn, other: ArrayColumn) -> ArrayColumn:
    known = one.present & other.present
    if one.parts is None and other.parts is None:
        bound = _highest(one.units) + _highest(other.units)
        left, right = _exact(bound, one.units, other.units)
        return ArrayColumn(left - right, known)
    below, under = (1 if each is None else each for each in (one.parts, other.parts))
    bound = _highest(one.units, under) + _highest(other.units, below)
    bound = max(bound, _highest(below, under))
    left, right, below, under = _exact(bound, one.units, other.units, below, under)
    return ArrayColumn(left * under - right * below, known, np.asarray(below * under))


def _divide(over: ArrayColumn, under: ArrayColumn, measurable: Known) -> ArrayColumn:
    above, below = (1 if each.parts is None else each.parts for each in (over, under))
    bound = max(_highest(over.units, below), _highest(under.units, above))
    left, right, above, below = _exact(bound, over.units, under.units, above, below)
    return ArrayColumn(left * below, measurable, np.where(measurable, right * above, 1))


def _series(column: ArrayColumn, decimals: int, places: int) -> pl.Series:
    """Decimals of so many places, half away from zero where a fraction needs more."""
    import polars as pl

    dtype = pl.Decimal(38, places)
    if column.is_empty:
        return pl.Series([None], dtype=dtype).new_from_index(0, len(column))
    units, shift = column.units, decimals
    if column.parts is not None:
        units, shift = _round(column, places - decimals), places
    known = column.known
    if units.dtype == object:
        # Beyond 64 bits there is no way around an object a value.
        flags = column.present.tolist()
        values = [
            Decimal(f"{each}e-{shift}") if here else None
            for each, here in zip(units.tolist(), flags, strict=True)
        ]
        return pl.Series(values, dtype=dtype)
    found: pl.Series = pl.Series(np.ascontiguousarray(units)).cast(dtype) / 10**shift
    found = found.cast(dtype)
    if known is not None:
        absent = pl.Series([None], dtype=dtype)
        found = found.zip_with(pl.Series(np.ascontiguousarray(known)), absent)
    return found


def _round(column: ArrayColumn, places: int) -> Units:
    """Whole numbers of the last of so many places, a half away from zero.

    By long division, one place a step, so that only what does not fit itself needs more than
    64 bits.
    """
    below = np.asarray(column.parts)
    largest = int((abs(column.units) // below).max(initial=0)) + 1
    bound = max(largest * 10**places, _highest(below) * 20)
    units, parts = _exact(bound, column.units, below)
    found, rest = abs(units) // parts, abs(units) % parts
    for _ in range(places):
        rest = rest * 10
        found, rest = found * 10 + rest // parts, rest % parts
    found = found + (2 * rest >= parts)
    signed: Units = np.where((units < 0).astype(bool), -found, found)
    return signed


def _words(status: Nodes) -> pl.Series:
    import polars as pl

    return pl.Series(_STATUS).gather(status)
