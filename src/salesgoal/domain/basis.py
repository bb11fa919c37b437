"""Bases: what parts weigh when an amount is shared out. Each gives exact weights.

basis                weights
equal                1 each
given                as they are
percent              as they are; they come to 100 exactly, or are refused
workdays             `workday_weights`
days                 the calendar days of each period
profile              a seasonal profile, by position: month 1, month 2 ..., never by name
last year            what was reached in the counterpart of each part a year before
trailing             what was reached in the 12 months before the period begins

History: what was never reached weighs nothing, and so does a total below zero (more returned
than sold). A period that has no counterpart a year before, such as week 53, weighs the mean of
those that have one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from salesgoal.domain.allocation import refused
from salesgoal.domain.calendar import Calendar
from salesgoal.domain.comparison import year_before
from salesgoal.domain.number import Weight, round_units, weigh
from salesgoal.domain.period import Level, Period
from salesgoal.errors import FloatRefused

__all__ = [
    "Profile",
    "counterpart",
    "day_weights",
    "grow",
    "history_weights",
    "last_year",
    "percent_weights",
    "profile_of_years",
    "trailing_year",
]

HUNDRED = 100


def _weights(weights: Sequence[Weight]) -> tuple[Weight, ...]:
    weigh(weights)
    return tuple(weights)


@attrs.frozen
class Profile:
    """A named seasonal profile 月度分布: what the parts of a year weigh, by position.

    Attributes:
        name: How a plan calls it.
        weights: One a part; a year from April begins with April's.

    >>> Profile("旺季", [1, 1, 2]).of(3)
    (1, 1, 2)
    """

    name: str
    weights: tuple[Weight, ...] = attrs.field(converter=_weights)

    def of(self, count: int) -> tuple[Weight, ...]:
        """Returns the weights of so many parts.

        Raises:
            AllocationRefused: The profile has more or fewer: 12 months say nothing of 18.
        """
        if count != len(self.weights):
            raise refused(
                "part-count", name=self.name, found=str(len(self.weights)), expected=str(count)
            )
        return self.weights


def profile_of_years(name: str, years: Sequence[Sequence[int]]) -> Profile:
    """Returns the profile of several years of actuals, each counting the same.

    Every year is turned into shares before they are added, so that a year of strong growth
    does not outweigh the others; a year without any actuals, and months below zero, count 0.

    Raises:
        AllocationRefused: The years have different numbers of parts.
        NumberRefused: There is no year.

    >>> profile_of_years("淡旺季", [[100, 300], [1_000, 1_000]]).weights
    (Fraction(3, 4), Fraction(5, 4))
    """
    sums = [Fraction(0)] * len(years[0] if years else ())
    for year in years:
        if len(year) != len(sums):
            raise refused(
                "part-count", name=name, found=str(len(year)), expected=str(len(sums))
            )
        reached = history_weights(year)
        whole = sum(Fraction(each) for each in reached)
        for at, units in enumerate(reached) if whole else ():
            sums[at] += Fraction(Fraction(units), whole)
    return Profile(name, sums)


def percent_weights(percents: Sequence[Decimal | int | Fraction]) -> tuple[Weight, ...]:
    """Returns percentages as weights.

    Raises:
        AllocationRefused: They do not come to 100 exactly; 99.996 moves a large target.
        FloatRefused: One is a float.

    >>> percent_weights([Decimal("33.34"), Decimal("33.33"), Decimal("33.33")])[0]
    Decimal('33.34')
    """
    for each in percents:
        if isinstance(each, float):
            raise FloatRefused(each)
    total = sum(Fraction(each) for each in percents)
    if total != HUNDRED:
        whole = [each for each in percents if not isinstance(each, Fraction)]
        exact = len(whole) == len(percents)
        raise refused("percent-total", total=str(sum(map(Decimal, whole)) if exact else total))
    return tuple(percents)


def day_weights(periods: Sequence[Period]) -> tuple[int, ...]:
    """Returns the calendar days of each period.

    >>> from datetime import date
    >>> day_weights([Period(date(2024, 2, 1), date(2024, 3, 1), Level.MONTH, "2024-02")])
    (29,)
    """
    return tuple(period.days for period in periods)


def history_weights(reached: Sequence[int | None]) -> tuple[Weight, ...]:
    """Returns what was reached as weights: nothing for no history, and for less than zero.

    >>> history_weights([500, None, -20])
    (500, 0, 0)
    """
    return tuple(max(units or 0, 0) for units in reached)


def last_year(
    calendar: Calendar,
    periods: Sequence[Period],
    reached: Callable[[Period], int | None],
) -> tuple[Weight, ...]:
    """Returns what was reached in the counterpart of each period a year before, as weights.

    A period without a counterpart weighs the mean of the others.

    >>> from salesgoal.domain.calendar import parse_period, subdivide
    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> quarters = subdivide(MonthCalendar(), parse_period(MonthCalendar(), "2024"), "quarter")
    >>> sold = {"2023Q1": 900, "2023Q4": 600}
    >>> last_year(MonthCalendar(), quarters, lambda period: sold.get(period.label))
    (900, 0, 0, 600)
    """
    before = [counterpart(calendar, period) for period in periods]
    known = history_weights([reached(each) for each in before if each is not None])
    mean = Fraction(sum(Fraction(each) for each in known), len(known)) if known else 0
    found = iter(known)
    return tuple(mean if each is None else next(found) for each in before)


def counterpart(calendar: Calendar, period: Period) -> Period | None:
    """Returns the period of the same name a year before; None where there is none.

    A week that is cut at the ends of a plan has the whole week as its counterpart, a span the
    same days a year before.
    """
    if period.level is Level.SPAN:
        first, stop = _a_year_before(period.start), _a_year_before(period.stop)
        return Period(first, stop, Level.SPAN, f"{first}..{stop - timedelta(days=1)}")
    return year_before(calendar, period)


def trailing_year(period: Period) -> Period:
    """Returns the 12 months that end where the period begins.

    >>> from datetime import date
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> trailing_year(october).label
    '2022-10-01..2023-09-30'
    """
    first = _a_year_before(period.start)
    last = period.start - timedelta(days=1)
    return Period(first, period.start, Level.SPAN, f"{first}..{last}")


def grow(base: int, growth: Fraction | Decimal | int) -> int:
    """Returns a total that grows out of a base, in smallest units, half up.

    Raises:
        FloatRefused: The growth is a float.

    >>> grow(1_000_001, Decimal("0.15"))
    1150001
    """
    if isinstance(growth, float):
        raise FloatRefused(growth)
    return round_units(base * (1 + Fraction(growth)))


def _a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
