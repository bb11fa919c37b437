"""Kernels: how the columns of a scorecard are worked out.

There are two of one contract, and their integers are the same: lists of Python integers, here,
and arrays, in `salesgoal.frames`. Both are handed columns of either kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.cells import Condensed
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.expectation import expected_column
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import PaceSettings
from salesgoal.domain.period import Period
from salesgoal.domain.roll_up import Rolled, find_homes, roll_up
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Typed, derive_targets
from salesgoal.domain.work_calendar import WorkCalendar

__all__ = ["LISTS", "ExactColumn", "Kernel", "ListKernel", "find_mismatch"]

ExactColumn = Sequence[Exact | None]
"""One value a goal, in smallest units; None where it is absent."""


class Kernel(Protocol):
    """What a scorecard asks for; arguments are those of the functions of these names."""

    def find_homes(
        self, tree: GoalTree, cells: Condensed, dimensions: Sequence[Dimension]
    ) -> Sequence[int]:
        """The lowest goal of each combination of the cells; -1 for none."""

    def roll_up(
        self,
        tree: GoalTree,
        homes: Sequence[int],
        cells: Condensed,
        metric: Metric,
        periods: Iterable[Period],
        people: Mapping[Codes, Codes],
    ) -> Mapping[Period, Rolled]:
        """A metric that facts carry, for every goal and period."""

    def derive_targets(
        self,
        tree: GoalTree,
        metric: Metric,
        typed: Typed,
        periods: Sequence[Period],
        people: Mapping[Codes, Codes],
    ) -> Mapping[Period, Sequence[int | None]]:
        """The target of every goal for every period."""

    def find_mismatch(self, tree: GoalTree, column: ExactColumn) -> ExactColumn:
        """What each goal's target leaves over after its children's."""

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
        """What every goal should have reached by a day."""

    def divide(
        self,
        metric: Metric,
        parts: tuple[Metric, Metric],
        numerators: ExactColumn,
        denominators: ExactColumn,
    ) -> Sequence[Fraction | None]:
        """The ratio of every goal."""

    def fill_in(self, typed: ExactColumn, derived: ExactColumn) -> ExactColumn:
        """What is typed, and where it is absent what is derived."""


@attrs.frozen
class ListKernel:
    """The kernel of lists, which needs nothing but Python."""

    find_homes = staticmethod(find_homes)
    roll_up = staticmethod(roll_up)
    derive_targets = staticmethod(derive_targets)
    expected_column = staticmethod(expected_column)

    def find_mismatch(self, tree: GoalTree, column: ExactColumn) -> ExactColumn:
        """As the function of this name."""
        return find_mismatch(tree, column)

    def divide(
        self,
        metric: Metric,
        parts: tuple[Metric, Metric],
        numerators: ExactColumn,
        denominators: ExactColumn,
    ) -> Sequence[Fraction | None]:
        """Returns the ratio of every goal, by `Metric.ratio_units`; None where a part is."""
        return [
            None if above is None or below is None else metric.ratio_units(above, below, parts)
            for above, below in zip(numerators, denominators, strict=True)
        ]

    def fill_in(self, typed: ExactColumn, derived: ExactColumn) -> ExactColumn:
        """Returns what is typed, and where it is absent what is derived."""
        pairs = zip(typed, derived, strict=True)
        return [made if own is None else own for own, made in pairs]


LISTS = ListKernel()


def find_mismatch(tree: GoalTree, column: ExactColumn) -> ExactColumn:
    """Returns what each goal's amount leaves over after its children's, signed.

    None where either is absent. For metrics that add over the tree.
    """
    found: list[Exact | None] = [None] * len(tree)
    for node in tree.inner:
        parts = [
            each for each in column[tree.first[node] : tree.counted[node]] if each is not None
        ]
        own = column[node]
        if own is not None and parts:
            found[node] = own - sum(parts)
    return found
