"""To date: a loaded plan read with its past, for every level of its calendar at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from salesgoal.app.column_reading import FileReading
from salesgoal.app.ledger_cells import book_facts
from salesgoal.app.load import LoadedPlan
from salesgoal.domain.cells import Cells
from salesgoal.domain.condense import fact_metrics
from salesgoal.domain.forecast import ForecastMethod
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import make_timeline
from salesgoal.domain.to_date import (
    ToDateRow,
    Window,
    make_windows,
    to_date_rows,
    window_periods,
)
from salesgoal.errors import UsageError

__all__ = ["PastTracking", "ToDate", "to_date", "track_periods"]


@attrs.frozen(kw_only=True)
class PastTracking:
    """The facts of a plan's sources in any periods, also those before the plan.

    Attributes:
        scorecards: One a breakdown, of the periods asked for.
        rows: The rows read, by outcome; those of other days are outside.
        problems: Every fault of the sources.
        readings: Which way the large files were read.
    """

    scorecards: tuple[Scorecard, ...]
    rows: RowCounts
    problems: tuple[Problem, ...]
    readings: tuple[FileReading, ...] = ()


@attrs.frozen(kw_only=True)
class ToDate:
    """A plan's periods so far.

    Attributes:
        loaded: The plan.
        as_of: The last day that counts.
        windows: The periods that the day lies in.
        tracking: The facts, present and past.
    """

    loaded: LoadedPlan
    as_of: date
    windows: tuple[Window, ...]
    tracking: PastTracking

    def rows(
        self, *, goal: str | None = None, by: Sequence[str] = (), metric: str | None = None
    ) -> Iterator[ToDateRow]:
        """The rows of the first breakdown that has the goal, or of a cross-cut.

        Raises:
            UnknownName: No such goal, dimension or metric.
        """
        cards = self.tracking.scorecards
        card = cards[0].by(*by) if by else cards[0]
        if goal and not by:
            card = next((each for each in cards if goal in each.tree.by_path), card)
        method = ForecastMethod(self.loaded.document.pace.forecast)
        return to_date_rows(card, self.windows, method=method, goal=goal, metric=metric)


def track_periods(
    loaded: LoadedPlan, periods: Sequence[Period], *, as_of: date
) -> PastTracking:
    """Returns the facts of a plan's sources in any periods.

    Args:
        loaded: From `load_plan`.
        periods: What is asked for, before the plan's period too.
        as_of: The last day that counts.

    Raises:
        SourceRefused, PlanRefused: As `track`.
    """
    plan = loaded.plan
    cells = Cells(make_timeline(periods, as_of), fact_metrics(plan), len(plan.dimensions))
    facts = book_facts(loaded, cells)
    return PastTracking(
        scorecards=score(plan, cells, facts.coverage, as_of, periods=periods),
        rows=facts.counts,
        problems=facts.problems,
        readings=facts.readings,
    )


def to_date(loaded: LoadedPlan, *, as_of: date) -> ToDate:
    """Returns week, month, quarter, half and year so far, with what they are compared with.

    Args:
        loaded: From `load_plan`.
        as_of: The last day that counts.

    Raises:
        UsageError: The day lies outside the plan's period.
        SourceRefused, PlanRefused: As `track`.
    """
    windows = make_windows(loaded.plan, as_of)
    if not windows:
        period = loaded.plan.period
        raise UsageError(
            f"{as_of} is no day of the plan - give --as-of from {period.start} "
            f"to {period.last}",
            f"{as_of} 不在计划期间内 - --as-of 须为 {period.start} 至 {period.last}",
        )
    tracking = track_periods(loaded, window_periods(windows), as_of=as_of)
    return ToDate(loaded=loaded, as_of=as_of, windows=windows, tracking=tracking)
