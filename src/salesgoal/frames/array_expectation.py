"""Expectation in arrays: what a running period expects by a day, where one formula holds.

It holds for metrics that add up: a goal's own typed parts that come to its target, days where
it has none, and children that come to their parent. `expect` says None wherever a figure would
need another denominator than all others, and leaves the column to `domain.expectation`.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import lcm

import attrs
import numpy as np

from salesgoal.domain.metric import Metric
from salesgoal.domain.pace import ACCUMULATING, PaceBasis, PaceSettings, count_elapsed
from salesgoal.domain.period import Period
from salesgoal.domain.target import Typed
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.frames.array_column import ArrayColumn, Known
from salesgoal.frames.array_targets import Derivation
from salesgoal.frames.exact_sum import Units, magnitude
from salesgoal.frames.tree_arrays import TreeArrays

__all__ = ["expect"]

_LIMIT = 2**63


def expect(
    arrays: TreeArrays,
    metric: Metric,
    targets: ArrayColumn,
    typed: Typed,
    period: Period,
    as_of: date,
    *,
    settings: PaceSettings,
    workdays: WorkCalendar | None,
) -> ArrayColumn | None:
    """Returns what every goal should have reached; None where the lists must say it.

    Args:
        arrays: The tree.
        metric: What the targets are of.
        targets: The target of every goal for the period.
        typed: What is typed for the metric.
        period: One that runs.
        as_of: The last day that counts.
        settings: The plan's.
        workdays: Which days are worked.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of a running part.
    """
    simple = metric.aggregation in ACCUMULATING and metric.baseline is None
    if not simple or settings.basis is PaceBasis.PROFILE or not targets.is_whole:
        return None
    inside = []
    if settings.basis is PaceBasis.TYPED:
        inside = [each for each in typed if period.covers(each) and each.days < period.days]
        inside.sort(key=lambda each: each.start)
    if any(one.stop > other.start for one, other in pairwise(inside)):
        return None
    counted = None if settings.basis is PaceBasis.DAYS else workdays
    work = _Parts(arrays, metric, typed, inside, counted, as_of)
    return work.column(targets, period)


@attrs.define(eq=False)
class _Parts:
    arrays: TreeArrays
    metric: Metric
    typed: Typed
    inside: list[Period]
    workdays: WorkCalendar | None
    as_of: date

    def column(self, targets: ArrayColumn, period: Period) -> ArrayColumn | None:
        running = next((each for each in self.inside if self._runs(each)), None)
        shares = [
            count_elapsed(self.workdays, each, self.as_of).share
            for each in (period, running)
            if each is not None
        ]
        parts = lcm(*(each.denominator for each in shares))
        times = [each.numerator * (parts // each.denominator) for each in shares]
        due, known = targets.units, targets.present
        columns = self._placed()
        bound = magnitude(due) + sum(magnitude(units) for _, units, _ in columns)
        dtype = np.int64 if bound * parts < _LIMIT else object
        found = due.astype(dtype) * times[0]
        if columns:
            given, own = self._own(columns, found, parts, times[-1], running)
            if not np.array_equal(given[own & known], due[own & known]):
                return None
            if not self._add_children(due.astype(dtype), found, known, own):
                return None
        return ArrayColumn(found, targets.known, parts)

    def _runs(self, part: Period) -> bool:
        return part.start <= self.as_of < part.last

    def _placed(self) -> list[tuple[Period, Units, Known]]:
        place = Derivation(self.arrays, self.metric, self.typed).place
        return [(each, *place(self.typed[each])) for each in self.inside]

    def _own(
        self,
        columns: list[tuple[Period, Units, Known]],
        found: Units,
        parts: int,
        share: int,
        running: Period | None,
    ) -> tuple[Units, Known]:
        """Writes what the own parts of goals expect; what they come to, and who has any."""
        given = np.zeros_like(found)
        expected, own = np.zeros_like(found), np.zeros(len(found), bool)
        for period, units, typed in columns:
            given += units
            own |= typed
            if period is running:
                expected += units.astype(found.dtype, copy=False) * share
            elif period.last <= self.as_of:
                expected += units.astype(found.dtype, copy=False) * parts
        # Parts that come to nothing say nothing; of a target of nothing nothing is expected.
        found[own] = np.where((given == 0).astype(bool), 0, expected)[own]
        return given, own

    def _add_children(self, due: Units, found: Units, known: Known, own: Known) -> bool:
        """Writes what the children of goals without own parts expect; whether all of it fits.

        It does where the children's targets come to the goal's own.
        """
        zero = np.where(known, due, 0)
        for level in self.arrays.levels:
            masked = np.where(known, found, 0)
            whole, part = level.reduce(np.add, zero), level.reduce(np.add, masked)
            follows = known[level.inner] & ~own[level.inner] & (whole != 0).astype(bool)
            if np.any(whole[follows] != due[level.inner][follows]):
                return False
            found[level.inner] = np.where(follows, part, found[level.inner])
        return True
