"""Comparison: with the period before (环比) and with the year before (同比), like for like.

A period that is over is compared whole. One that is running is compared with the *like part*
of the other: its first days, up to the same share of its workdays (rounded half up to whole
days), so that a month of 21 workdays and one of 19 are held against each other fairly.

    the other period                              compared with
    running period over                           the whole other period
    n of N days over, the other has M             the other up to its (n x M / N)-th day
    nothing over yet, or less than half a day     nothing
    no counterpart (week 53, 29 February)         nothing
    not wholly covered by a source                nothing

Days are workdays where the plan names them, both periods have some and every day of both is
known; else calendar days, for both.

>>> change(120, 100), change(80, 100)
(Change(units=20, ratio=Fraction(1, 5)), Change(units=-20, ratio=Fraction(-1, 5)))
>>> change(120, 0), change(120, -50)
(Change(units=120, ratio=None), Change(units=170, ratio=None))
>>> print(change(120, None), change(None, 100))
None None
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs

from salesgoal.domain.calendar import Calendar, prev_period, shift
from salesgoal.domain.number import Exact, round_units
from salesgoal.domain.period import Level, Period
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.domain.workday_count import count_workdays
from salesgoal.errors import CalendarMismatch, OutOfCalendar, UnknownWorkdays

__all__ = [
    "Change",
    "basis_days",
    "change",
    "covers_whole",
    "like_part",
    "part_of",
    "period_before",
    "year_before",
]


@attrs.frozen
class Change:
    """What is more than in another period, below zero where it is less.

    Attributes:
        units: The difference, in smallest units.
        ratio: The difference over the other value; None where that is not above zero, and
            for percentages.
    """

    units: Exact
    ratio: Fraction | None


def change(actual: Exact | None, other: Exact | None, *, points: bool = False) -> Change | None:
    """Returns the change from another period's value; None where either is absent.

    Args:
        actual: Of the period.
        other: Of the other period.
        points: Whether both are percentages: their difference is in percentage points (百分点),
            and a percent of a percent is not given.

    >>> change(690_000, 600_000).ratio
    Fraction(3, 20)
    >>> change(20_00, 25_00, points=True)
    Change(units=-500, ratio=None)
    """
    if actual is None or other is None:
        return None
    ratio = Fraction(actual - other, other) if other > 0 and not points else None
    return Change(actual - other, ratio)


def period_before(calendar: Calendar, period: Period) -> Period | None:
    """Returns the period of the same level before this one; None where the calendar has none.

    Of a span it is as many days before; of a week that a plan cuts, the whole week before.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> print(period_before(MonthCalendar(), october))
    2023-09
    """
    if period.level is Level.SPAN:
        start = period.start - timedelta(days=period.days)
        last = period.start - timedelta(days=1)
        return Period(start, period.start, Level.SPAN, f"{start}..{last}")
    try:
        return prev_period(calendar, calendar.at(period.level, period.start))
    except (OutOfCalendar, CalendarMismatch):
        return None


def year_before(calendar: Calendar, period: Period, *, years: int = 1) -> Period | None:
    """Returns the period of the same name some years before; None where there is none.

    Week 53 has a counterpart in few years, a span none.

    >>> from salesgoal.domain.week_calendar import ISO
    >>> print(year_before(ISO, ISO.at(Level.WEEK, date(2020, 12, 31))))
    None
    >>> print(year_before(ISO, ISO.at(Level.WEEK, date(2021, 1, 7))))
    2020-W01
    """
    if period.level is Level.SPAN:
        return None
    try:
        return shift(calendar, calendar.at(period.level, period.start), years=-years)
    except (OutOfCalendar, CalendarMismatch):
        return None


def like_part(
    workdays: WorkCalendar | None, period: Period, as_of: date, other: Period
) -> Period | None:
    """Returns the part of another period that is like what is over of this one.

    Args:
        workdays: Which days are worked; calendar days count where it is None.
        period: The one that may be running.
        as_of: The last day that counts.
        other: The one to compare with.

    >>> from salesgoal.domain.work_calendar import Weekdays
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> september = Period(date(2023, 9, 1), date(2023, 10, 1), Level.MONTH, "2023-09")
    >>> print(like_part(Weekdays(), october, date(2023, 10, 13), september).last)
    2023-09-14
    """
    if as_of >= period.last:
        return other
    if as_of < period.start:
        return None
    over = attrs.evolve(period, stop=as_of + timedelta(days=1))
    counted = _worked([period, other], workdays)
    if counted is None:
        share = Fraction(over.days, period.days)
    else:
        here = count_workdays(counted, over).workdays
        share = Fraction(here, count_workdays(counted, period).workdays)
    return part_of(counted, other, share)


def part_of(workdays: WorkCalendar | None, period: Period, share: Fraction) -> Period | None:
    """Returns the first days of a period, up to a share of its days; None for less than half.

    Args:
        workdays: Which days are worked; calendar days count where it is None, where one is not
            known, or where the period has none.
        period: The whole.
        share: From 0 to 1, rounded half up to whole days of the basis.

    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> print(part_of(None, october, Fraction(1, 2)))
    2023-10..2023-10-16
    """
    days = basis_days(workdays, period)
    number = round_units(share * len(days))
    if not number:
        return None
    last = days[number - 1]
    stop = last + timedelta(days=1)
    return Period(period.start, stop, Level.SPAN, f"{period.label}..{last}")


def basis_days(workdays: WorkCalendar | None, period: Period) -> list[date]:
    """Returns the days of a period that a share counts: its workdays, else all its days."""
    counted = _worked([period], workdays)
    return [day for day in period if counted is None or counted.is_workday(day)]


def covers_whole(spans: Sequence[tuple[date, date]], period: Period) -> bool:
    """Whether sources speak of a period from its first day to its last.

    Days in between count as spoken of: one without a sale is no gap in the source.

    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> covers_whole([(date(2023, 10, 2), date(2023, 12, 31))], october)
    False
    """
    if not spans:
        return False
    first, last = min(each[0] for each in spans), max(each[1] for each in spans)
    return first <= period.start and period.last <= last


def _worked(periods: Sequence[Period], workdays: WorkCalendar | None) -> WorkCalendar | None:
    """The work calendar, where it knows all the periods and each has a workday."""
    if workdays is None:
        return None
    try:
        worked = all(count_workdays(workdays, period).workdays for period in periods)
    except UnknownWorkdays:
        return None
    return workdays if worked else None
