"""The past: periods that are over, cut at a share of their days, to learn from.

>>> from salesgoal.domain.month_calendar import MonthCalendar
>>> from salesgoal.domain.period import Level
>>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
>>> months = periods_before(MonthCalendar(), october, since=date(2023, 7, 15))
>>> [str(month) for month in months]
['2023-08', '2023-09']
>>> cut = cut_past(MonthCalendar(), None, months, Fraction(1, 2))
>>> [(str(each.part), each.elapsed, each.total) for each in cut]
[('2023-08..2023-08-16', 16, 31), ('2023-09..2023-09-15', 15, 30)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.comparison import basis_days, part_of, period_before, year_before
from salesgoal.domain.forecast import Cut, RatioCut
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.work_calendar import WorkCalendar

__all__ = ["PastPeriod", "cut_past", "fill_cuts", "namesakes", "pair_cuts", "periods_before"]

_YEARS_BACK = (1, 2, 3)


@attrs.frozen(kw_only=True)
class PastPeriod:
    """A period that is over, and its first days.

    Attributes:
        period: The whole.
        part: Its first days; None where the share is less than half a day.
        elapsed: The days of the part, counted in the basis.
        total: The days of the whole, counted in the basis.
        years: The labels of its namesakes one, two and three years before.
    """

    period: Period
    part: Period | None
    elapsed: int
    total: int
    years: tuple[str | None, ...]


def periods_before(calendar: Calendar, period: Period, *, since: date) -> tuple[Period, ...]:
    """Returns the periods of the same level before one, from ``since`` on, oldest first."""
    found = []
    before = period_before(calendar, period)
    while before is not None and before.start >= since:
        found.append(before)
        before = period_before(calendar, before)
    return tuple(reversed(found))


def cut_past(
    calendar: Calendar,
    workdays: WorkCalendar | None,
    periods: Iterable[Period],
    share: Fraction,
) -> tuple[PastPeriod, ...]:
    """Returns periods cut at a share of their days."""
    return tuple(_cut(calendar, workdays, period, share) for period in periods)


def fill_cuts(
    past: Sequence[PastPeriod],
    value: Callable[[Period], Exact | None],
    *,
    steady: bool = False,
) -> tuple[Cut, ...]:
    """Returns the cuts with what was reached, without periods that no source wholly covers.

    Args:
        past: Oldest first.
        value: What a goal reached in a period; None where no source covers all of it.
        steady: Whether the metric is projected as it stands; a part without a day, in which
            what grows has come to nothing, then has no figure at all.
    """
    cuts = []
    for each in past:
        whole = value(each.period)
        part = (None if steady else 0) if each.part is None else value(each.part)
        if whole is not None and part is not None:
            cuts.append(
                Cut(
                    key=each.period.label,
                    actual=part,
                    elapsed=each.elapsed,
                    total=each.total,
                    whole=whole,
                    years=each.years,
                    steady=steady,
                )
            )
    return tuple(cuts)


def pair_cuts(
    over: Iterable[Cut], under: Iterable[Cut], times: Fraction
) -> tuple[RatioCut, ...]:
    """Returns the cuts of a ratio: those that both its parts have, oldest first.

    Args:
        over: Of the numerator, oldest first.
        under: Of the denominator.
        times: The factor of the ratio in its smallest units.
    """
    known = {each.key: each for each in under}
    return tuple(
        RatioCut(over=each, under=known[each.key], times=times)
        for each in over
        if each.key in known
    )


def namesakes(calendar: Calendar, period: Period) -> tuple[str | None, ...]:
    """Returns the labels of the same period one, two and three years before.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> from salesgoal.domain.period import Level
    >>> october = MonthCalendar().at(Level.MONTH, date(2023, 10, 1))
    >>> namesakes(MonthCalendar(), october)
    ('2022-10', '2021-10', '2020-10')
    """
    found = (year_before(calendar, period, years=years) for years in _YEARS_BACK)
    return tuple(None if each is None else each.label for each in found)


def _cut(
    calendar: Calendar, workdays: WorkCalendar | None, period: Period, share: Fraction
) -> PastPeriod:
    part = part_of(workdays, period, share)
    days = basis_days(workdays, period)
    return PastPeriod(
        period=period,
        part=part,
        elapsed=0 if part is None else sum(day in part for day in days),
        total=len(days),
        years=namesakes(calendar, period),
    )
