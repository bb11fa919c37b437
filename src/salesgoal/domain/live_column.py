"""Live columns: a metric and period for every goal, kept current, and frozen when asked for.

The figures of a live column change in place. What a reader holds is a frozen copy, made again
only where the column has moved since; targets are never changed in place, so both share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

import attrs

from salesgoal.domain.kernel import ExactColumn
from salesgoal.domain.lazy_column import LazyColumn
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.progress import RunningDays
from salesgoal.domain.score_column import ScoreColumn
from salesgoal.domain.tally import Tally
from salesgoal.domain.target import Measure

__all__ = ["LiveColumn", "Quotients", "make_divide", "ratio_column", "sum_column"]

Divide = Callable[[Exact | None, Exact | None], Exact | None]


@attrs.frozen(eq=False)
class Quotients(Sequence[Exact | None]):
    """One column over another, each quotient made when it is asked for."""

    above: Sequence[Exact | None]
    below: Sequence[Exact | None]
    divide: Divide

    def __len__(self) -> int:
        """How many goals."""
        return len(self.above)

    @overload
    def __getitem__(self, at: int) -> Exact | None: ...
    @overload
    def __getitem__(self, at: slice) -> list[Exact | None]: ...

    def __getitem__(self, at: int | slice) -> Exact | list[Exact | None] | None:
        """The quotient of a goal, or those of a run of goals."""
        if isinstance(at, slice):
            return list(map(self.divide, self.above[at], self.below[at]))
        return self.divide(self.above[at], self.below[at])

    def __iter__(self) -> Iterator[Exact | None]:
        """The quotients in order."""
        return map(self.divide, self.above, self.below)

    def __eq__(self, other: object) -> bool:
        """Whether another column has the same values, however it is kept."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


@attrs.define(eq=False, kw_only=True)
class LiveColumn:
    """One metric and period for every goal of a tree; see `ScoreColumn`.

    Attributes:
        metric: Its metric.
        period: Its period.
        actual: Changed in place.
        unassigned: Likewise; None for metrics that do not add.
        targets: By measure; replaced where they change.
        mismatch: Likewise.
        expected: Likewise.
        days: How far the period has run.
        tallies: Goal -> what is kept of its readings; none for metrics that add.
        moved: Whether the figures changed since they were last frozen.
    """

    metric: Metric
    period: Period
    actual: list[Exact | None]
    unassigned: list[int] | None
    targets: Mapping[Measure, Sequence[Exact | None]]
    mismatch: Sequence[Exact | None] | None
    expected: Sequence[Exact | None]
    days: RunningDays
    tallies: dict[int, Tally] = attrs.field(factory=dict, init=False)
    moved: bool = attrs.field(default=True, init=False)
    _frozen: ScoreColumn | None = attrs.field(default=None, init=False)

    @classmethod
    def of(cls, metric: Metric, period: Period, column: ScoreColumn) -> LiveColumn:
        """Returns a live column that begins as a column of a scorecard."""
        return cls(
            metric=metric,
            period=period,
            actual=list(column.actual),
            unassigned=None if column.unassigned is None else list(column.unassigned),
            targets={measure: _worked_out(each) for measure, each in column.targets.items()},
            mismatch=None if column.mismatch is None else _worked_out(column.mismatch),
            expected=_worked_out(column.expected),
            days=column.days,
        )

    def current(self, *, reported: bool) -> ScoreColumn:
        """Returns it as it is at this moment; what is returned goes on changing."""
        return self._column(self.actual, self.unassigned, reported=reported)

    def freeze(self, *, reported: bool) -> ScoreColumn:
        """Returns it as it is, for good; the same object as before where nothing changed."""
        last = self._frozen
        if last is None or self.moved:
            kept = None if self.unassigned is None else list(self.unassigned)
            self._frozen = self._column(list(self.actual), kept, reported=reported)
        elif (
            last.reported is not reported
            or last.targets is not self.targets
            or last.expected is not self.expected
        ):
            self._frozen = self._column(last.actual, last.unassigned, reported=reported)
        self.moved = False
        assert self._frozen is not None
        return self._frozen

    def _column(
        self,
        actual: Sequence[Exact | None],
        unassigned: Sequence[int] | None,
        *,
        reported: bool,
    ) -> ScoreColumn:
        return ScoreColumn(
            reported=reported,
            targets=self.targets,
            actual=actual,
            unassigned=unassigned,
            mismatch=self.mismatch,
            expected=self.expected,
            days=self.days,
        )


def _worked_out(column: ExactColumn) -> ExactColumn:
    """The column itself, so that no reader has to wait for it."""
    return column.values if isinstance(column, LazyColumn) else column


def sum_column(column: LiveColumn, actual: Sequence[Exact | None], kept: Sequence[int]) -> None:
    """Puts the figures of a metric that adds into a live column, in place."""
    assert column.unassigned is not None
    column.actual[:] = actual
    column.unassigned[:] = kept
    column.moved = True


def make_divide(metric: Metric, parts: tuple[Metric, Metric]) -> Divide:
    """Returns what makes the ratio of two amounts; None where either is absent, or over zero.

    Args:
        metric: A ratio.
        parts: Its numerator and its denominator.
    """

    def divide(above: Exact | None, below: Exact | None) -> Exact | None:
        if above is None or below is None:
            return None
        return metric.ratio_units(above, below, parts)

    return divide


def ratio_column(
    own: LiveColumn, over: ScoreColumn, under: ScoreColumn, divide: Divide
) -> ScoreColumn:
    """Returns the column of a ratio from those of its parts."""
    return ScoreColumn(
        reported=over.reported and under.reported,
        targets=own.targets,
        actual=Quotients(over.actual, under.actual, divide),
        unassigned=None,
        mismatch=None,
        expected=own.expected,
        days=own.days,
    )
