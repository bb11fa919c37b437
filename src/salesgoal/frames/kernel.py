"""The kernel of arrays: the columns of a scorecard on 64-bit integers, level by level.

It answers what `domain.kernel.LISTS` answers, to the unit. Every column is worked out when it
is first read. Before anything is added the total of all magnitudes is compared with the border
of 64 bits; beyond it the same steps run on Python integers. What is rare (balances of people
who moved, profiles, targets scaled to their parts) is left to the lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

import attrs
import numpy as np

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.cells import Condensed
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.kernel import LISTS, ExactColumn
from salesgoal.domain.lazy_column import LazyColumn
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.pace import PaceSettings
from salesgoal.domain.period import Period
from salesgoal.domain.roll_up import Rolled
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Typed
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.frames.array_cells import ArrayCells
from salesgoal.frames.array_column import ArrayColumn, nothing, to_array_column
from salesgoal.frames.array_expectation import expect
from salesgoal.frames.array_roll_up import Homes, Rolling
from salesgoal.frames.array_targets import Derivation, find_mismatch
from salesgoal.frames.exact_sum import magnitude
from salesgoal.frames.tree_arrays import TreeArrays, make_tree_arrays

__all__ = ["ArrayKernel"]

_LIMIT = 2**63


@attrs.frozen(eq=False)
class ArrayKernel:
    """Works out columns in arrays; one for each report, as it keeps the arrays of its trees."""

    _trees: dict[int, TreeArrays] = attrs.field(factory=dict, init=False, repr=False)

    def arrays(self, tree: GoalTree) -> TreeArrays:
        """Returns the arrays of a tree; made once."""
        found = self._trees.get(id(tree))
        if found is None:
            # The arrays keep their tree, so that no other can take its id.
            found = self._trees[id(tree)] = make_tree_arrays(tree)
        return found

    def find_homes(
        self, tree: GoalTree, cells: Condensed, dimensions: Sequence[Dimension]
    ) -> Sequence[int]:
        """Returns the lowest goal of each combination of the cells; -1 for none."""
        if not isinstance(cells, ArrayCells):
            return LISTS.find_homes(tree, cells, dimensions)
        return Homes(self.arrays(tree).homes(cells.codes, dimensions))

    def roll_up(
        self,
        tree: GoalTree,
        homes: Sequence[int],
        cells: Condensed,
        metric: Metric,
        periods: Iterable[Period],
        people: Mapping[Codes, Codes],
    ) -> Mapping[Period, Rolled]:
        """Returns a metric for every goal and period; see `domain.roll_up`."""
        size = len(tree)

        def merged(period: Period) -> ExactColumn:
            return LISTS.roll_up(tree, homes, cells, metric, [period], people)[period].actual

        if not metric.is_additive:
            return {
                each: Rolled(LazyColumn(size, partial(merged, each)), None) for each in periods
            }
        if not isinstance(cells, ArrayCells):
            return LISTS.roll_up(tree, homes, cells, metric, periods, people)
        if not isinstance(homes, Homes):
            homes = Homes(np.asarray(homes, np.intp))
        rolling = Rolling(self.arrays(tree), homes, cells, metric)
        return {
            each: Rolled(
                LazyColumn(size, partial(rolling.actual, each)),
                LazyColumn(size, partial(rolling.unassigned, each)),
            )
            for each in periods
        }

    def derive_targets(
        self,
        tree: GoalTree,
        metric: Metric,
        typed: Typed,
        periods: Sequence[Period],
        people: Mapping[Codes, Codes],
    ) -> Mapping[Period, Sequence[int | None]]:
        """Returns the target of every goal for every period; see `domain.target`."""
        if not typed:
            return dict.fromkeys(periods, nothing(len(tree)))
        if people and metric.aggregation is Aggregation.LAST:
            return LISTS.derive_targets(tree, metric, typed, periods, people)
        work = Derivation(self.arrays(tree), metric, typed)
        return {each: LazyColumn(len(tree), partial(work.column, each)) for each in periods}

    def find_mismatch(self, tree: GoalTree, column: ExactColumn) -> ExactColumn:
        """Returns what each goal's amount leaves over after its children's, signed."""
        return find_mismatch(self.arrays(tree), to_array_column(column))

    def expected_column(
        self,
        tree: GoalTree,
        metric: Metric,
        targets: ExactColumn,
        typed: Typed,
        period: Period,
        as_of: date,
        *,
        settings: PaceSettings,
        calendar: Calendar,
        workdays: WorkCalendar | None,
    ) -> ExactColumn:
        """Returns what every goal should have reached; see `domain.expectation`."""
        if as_of < period.start:
            return nothing(len(tree))
        if as_of >= period.last:
            return targets
        found = expect(
            self.arrays(tree),
            metric,
            to_array_column(targets),
            typed,
            period,
            as_of,
            settings=settings,
            workdays=workdays,
        )
        if found is not None:
            return found
        return LISTS.expected_column(
            tree,
            metric,
            targets,
            typed,
            period,
            as_of,
            settings=settings,
            calendar=calendar,
            workdays=workdays,
        )

    def divide(
        self,
        metric: Metric,
        parts: tuple[Metric, Metric],
        numerators: ExactColumn,
        denominators: ExactColumn,
    ) -> Sequence[Fraction | None]:
        """Returns the ratio of every goal, by `Metric.ratio_units`; None where a part is."""

        def make() -> Sequence[Fraction | None]:
            over, under = to_array_column(numerators), to_array_column(denominators)
            if not (over.is_whole and under.is_whole):
                return LISTS.divide(metric, parts, over, under)
            return _quotients(over, under, metric.unit_times(parts))

        return LazyColumn(len(numerators), make)

    def fill_in(self, typed: ExactColumn, derived: ExactColumn) -> ExactColumn:
        """Returns what is typed, and where it is absent what is derived."""

        def make() -> ExactColumn:
            return derived if to_array_column(typed).is_empty else LISTS.fill_in(typed, derived)

        return LazyColumn(len(typed), make)


def _quotients(over: ArrayColumn, under: ArrayColumn, times: Fraction) -> ArrayColumn:
    above, below = over.units, under.units
    for units, factor in ((above, times.numerator), (below, times.denominator)):
        if magnitude(units) * factor >= _LIMIT:
            above, below = above.astype(object), below.astype(object)
    return ArrayColumn(
        above * times.numerator,
        over.present & under.present & (below != 0).astype(bool),
        below * times.denominator,
    )
