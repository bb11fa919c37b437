"""Where every goal stands in a period, in arrays, by the tables of `domain.progress`."""

from __future__ import annotations

from fractions import Fraction

import attrs
import numpy as np

from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.pace import ACCUMULATING, Pace, PaceSettings, judge_pace
from salesgoal.domain.progress import RunningDays, growth_of
from salesgoal.frames.array_column import ArrayColumn, Known, nothing
from salesgoal.frames.attainment_columns import attain, fall_short
from salesgoal.frames.column_math import at_least, subtract, times
from salesgoal.frames.tree_arrays import Nodes

__all__ = ["PACES", "ProgressColumns"]

PACES = (*map(str, Pace), None)
"""What `ProgressColumns.pace` numbers; the last is no pace."""

_NOWHERE = len(PACES) - 1


@attrs.frozen(kw_only=True)
class ProgressColumns:
    """One metric and period of some goals, on the day of a report.

    Attributes:
        metric: What the targets are of.
        parts: Of a ratio: its numerator and its denominator.
        settings: The thresholds of the plan.
        days: Of the period.
        target: Of the whole period.
        expected: By now.
        actual: By now.
    """

    metric: Metric
    parts: tuple[Metric, Metric] | None
    settings: PaceSettings
    days: RunningDays
    target: ArrayColumn
    expected: ArrayColumn
    actual: ArrayColumn

    def pace(self) -> Nodes:
        """Returns which of `PACES` each goal keeps."""
        known = self.target.present & self.expected.present & self.actual.present
        if self.metric.baseline is not None and self.metric.aggregation in ACCUMULATING:
            return self._pace_one_by_one()
        met = self._met(self.target)
        done = met if self.days.over else met & self._keeps()
        ratio = attain(self.metric, self.expected, self.actual)
        level = self._met(self.expected)
        found = np.where(ratio.present | ~level, _at(Pace.BEHIND), _at(Pace.ON_TRACK))
        for limit, pace in (
            (self.settings.at_risk, Pace.AT_RISK),
            (self.settings.on_track, Pace.ON_TRACK),
            (self.settings.ahead, Pace.AHEAD),
        ):
            found[at_least(ratio, limit)] = _at(pace)
        if self.days.over:
            found[:] = _at(Pace.BEHIND)
        found[done] = _at(Pace.ACHIEVED)
        found[~known] = _NOWHERE
        return found

    def projected(self) -> ArrayColumn:
        """Returns what each goal comes to if it goes on like this."""
        if self.days.over:
            return self.actual
        elapsed = self.days.elapsed
        if elapsed is None:
            return nothing(len(self.actual))
        way = growth_of(self.metric, self.parts)
        if not way:
            return self.actual
        if way < 0:
            return times(self.actual, Fraction(elapsed.elapsed, elapsed.total))
        if not elapsed.elapsed:
            return nothing(len(self.actual))
        return times(self.actual, Fraction(elapsed.total, elapsed.elapsed))

    def required(self) -> ArrayColumn:
        """Returns what each workday left must bring."""
        left = self.days.left
        grows = self.metric.direction is Direction.MAXIMISE
        grows &= self.metric.aggregation in ACCUMULATING
        if left is None or not left.workdays or not grows:
            return nothing(len(self.actual))
        short = subtract(self.target, self.actual)
        still = attrs.evolve(short, units=np.where(short.units > 0, short.units, 0))
        return times(still, Fraction(1, left.workdays))

    def _met(self, target: ArrayColumn) -> Known:
        short = fall_short(self.metric, target, self.actual)
        return np.asarray(short.units <= 0).astype(bool)

    def _keeps(self) -> Known:
        """Where a target that is met stays met by going on."""
        if self.metric.direction is Direction.MINIMISE:
            keeps = self.metric.aggregation is Aggregation.MINIMUM
            return np.broadcast_to(keeps, len(self.target))
        grows = self.metric.aggregation in {*ACCUMULATING, Aggregation.MAXIMUM}
        return np.asarray(self.target.units >= 0).astype(bool) & grows

    def _pace_one_by_one(self) -> Nodes:
        """Of a sum with a baseline, whose part by now differs from goal to goal."""
        paces = (
            judge_pace(self.metric, *figures, over=self.days.over, settings=self.settings)
            for figures in zip(self.target, self.expected, self.actual, strict=True)
        )
        return np.array([_NOWHERE if each is None else _at(each.pace) for each in paces], int)


def _at(pace: Pace) -> int:
    return PACES.index(str(pace))
