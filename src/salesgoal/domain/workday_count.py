"""Counting workdays: of a period, of its part that is over, of several to weigh them.

Periods without a workday are normal: week 1 of October 2024 is holiday from end to end. They
are measured in calendar days instead, and the value says so in its ``basis``.

    workdays of the period   elapsed share                      basis
    one or more              workdays up to as_of / workdays    workdays
    none                     days up to as_of / days            calendar_days
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.work_calendar import WorkCalendar

__all__ = [
    "DayBasis",
    "ElapsedShare",
    "WorkdayCount",
    "WorkdayWeights",
    "count_workdays",
    "elapsed_share",
    "workday_weights",
]


class DayBasis(StrEnum):
    """Which days a share or a weight is counted in."""

    WORKDAYS = "workdays"
    CALENDAR_DAYS = "calendar_days"


@attrs.frozen(kw_only=True)
class WorkdayCount:
    """The workdays of a period.

    Attributes:
        workdays: How many days are worked.
        days: How many days there are.
        estimated: How many of them, worked or not, are estimated.
    """

    workdays: int
    days: int
    estimated: int = 0

    @property
    def provisional(self) -> bool:
        """Whether any day is estimated."""
        return self.estimated > 0


@attrs.frozen(kw_only=True)
class ElapsedShare:
    """How much of a period is over.

    Attributes:
        elapsed: The days of the basis up to ``as_of``, that day included.
        total: The days of the basis in the whole period, one or more.
        basis: Workdays, or calendar days where the period has no workday.
        provisional: Whether any day of the period is estimated.
    """

    elapsed: int
    total: int
    basis: DayBasis
    provisional: bool

    @property
    def share(self) -> Fraction:
        """From 0 before the period to 1 from its last day on, exact."""
        return Fraction(self.elapsed, self.total)


@attrs.frozen(kw_only=True)
class WorkdayWeights:
    """What periods weigh when an amount is distributed over them.

    Attributes:
        weights: One a period, in their order; 0 for a period without a workday.
        basis: Workdays, or calendar days where no period has a workday.
        provisional: Whether any day of any period is estimated.
    """

    weights: tuple[int, ...]
    basis: DayBasis
    provisional: bool


def count_workdays(calendar: WorkCalendar, period: Period) -> WorkdayCount:
    """Returns how many days of a period are worked.

    Raises:
        UnknownWorkdays: A day is neither known nor estimated.

    >>> from salesgoal.domain.period import Level
    >>> from salesgoal.domain.work_calendar import Weekdays
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> count_workdays(Weekdays(), october).workdays
    22
    """
    workdays = sum(calendar.is_workday(day) for day in period)
    known = sum(calendar.known(day) for day in period)
    return WorkdayCount(workdays=workdays, days=period.days, estimated=period.days - known)


def elapsed_share(calendar: WorkCalendar, period: Period, as_of: date) -> ElapsedShare:
    """Returns how much of a period is over at the end of ``as_of``.

    Raises:
        UnknownWorkdays: A day of the period is neither known nor estimated, even one that is
            not over yet.

    >>> from salesgoal.domain.period import Level
    >>> from salesgoal.domain.work_calendar import Weekdays
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> elapsed_share(Weekdays(), october, date(2023, 10, 13)).share
    Fraction(5, 11)
    """
    whole = count_workdays(calendar, period)
    if whole.workdays:
        over = (day for day in period if day <= as_of)
        elapsed, total = sum(calendar.is_workday(day) for day in over), whole.workdays
        basis = DayBasis.WORKDAYS
    else:
        over_days = (as_of - period.start).days + 1
        elapsed, total = min(max(over_days, 0), period.days), period.days
        basis = DayBasis.CALENDAR_DAYS
    return ElapsedShare(
        elapsed=elapsed, total=total, basis=basis, provisional=whole.provisional
    )


def workday_weights(calendar: WorkCalendar, periods: Sequence[Period]) -> WorkdayWeights:
    """Returns the workdays of each period, to distribute an amount by.

    A single period without a workday weighs nothing; only where none of them has any do all
    weigh their calendar days.

    Raises:
        UnknownWorkdays: A day is neither known nor estimated.

    >>> from salesgoal.domain.period import Level
    >>> from salesgoal.domain.work_calendar import Weekdays
    >>> weekend = Period(date(2023, 10, 7), date(2023, 10, 9), Level.SPAN, "weekend")
    >>> weighed = workday_weights(Weekdays(), [weekend])
    >>> weighed.weights, weighed.basis.value
    ((2,), 'calendar_days')
    """
    counts = [count_workdays(calendar, period) for period in periods]
    worked = any(count.workdays for count in counts)
    return WorkdayWeights(
        weights=tuple(count.workdays if worked else count.days for count in counts),
        basis=DayBasis.WORKDAYS if worked else DayBasis.CALENDAR_DAYS,
        provisional=any(count.provisional for count in counts),
    )
