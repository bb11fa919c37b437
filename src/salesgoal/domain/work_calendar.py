"""Work calendars: which days are worked.

A calendar that does not know a day says so: `UnknownWorkdays`. Only `Provisional` answers such
days, by an estimate, and everything counted from them says that it is provisional.

    the day is                    known    is_workday
    known                         True     True or False
    estimated (`Provisional`)     False    True or False
    unknown                       False    raises UnknownWorkdays
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

import attrs

from salesgoal.domain.weekday import Weekday
from salesgoal.errors import UnknownWorkdays, UsageError

__all__ = ["Overlay", "Provisional", "Weekdays", "WorkCalendar", "WorkdayTable"]


class WorkCalendar(Protocol):
    """What every work calendar offers: frozen, equal by value."""

    @property
    def known_until(self) -> date | None:
        """The last day of what it covers; None where it has no end.

        For people: `known` decides, day by day.
        """

    def known(self, day: date) -> bool:
        """Returns whether the day is known, and neither missing nor estimated."""

    def is_workday(self, day: date) -> bool:
        """Returns whether the day is worked.

        Raises:
            UnknownWorkdays: The day is not known, and nothing was given to estimate it by.
        """


_WEEK = tuple(Weekday)


def _weekdays(days: Iterable[Weekday | str]) -> frozenset[Weekday]:
    try:
        found = frozenset(Weekday(day) for day in days)
    except ValueError as error:
        known = ", ".join(Weekday)
        en, zh = f"{error} - give some of {known}", f"没有这样的星期 - 可用 {known}"
        raise UsageError(en, zh) from error
    if not found:
        known = ", ".join(Weekday)
        en = f"no weekday is worked - give some of {known}"
        raise UsageError(en, f"没有一个工作日 - 从 {known} 中选写")
    return found


@attrs.frozen
class Weekdays:
    """The same weekdays every week, Monday to Friday by default, and no holidays.

    >>> six_days = Weekdays(tuple(Weekday)[:6])
    >>> six_days.is_workday(date(2023, 10, 7)), Weekdays().is_workday(date(2023, 10, 7))
    (True, False)
    """

    days: frozenset[Weekday] = attrs.field(default=_WEEK[:5], converter=_weekdays)

    @property
    def known_until(self) -> date | None:
        """None: it has no end."""
        return None

    def known(self, day: date) -> bool:  # noqa: ARG002 - as every work calendar
        """Returns True: every day has a weekday."""
        return True

    def is_workday(self, day: date) -> bool:
        """Returns whether the day's weekday is worked."""
        return _WEEK[day.weekday()] in self.days


def _day_by_day(days: Mapping[date, bool]) -> dict[date, bool]:
    for day in days:
        if isinstance(day, datetime) or not isinstance(day, date):
            en = f"{day!r} is no day - give a date without a time"
            raise UsageError(en, f"{day!r} 不是日期 - 给出不带时刻的日期")
    return dict(days)


@attrs.frozen
class WorkdayTable:
    """Days given one by one; it knows no others.

    >>> table = WorkdayTable("2023", {date(2023, 10, 6): False, date(2023, 10, 7): True})
    >>> table.is_workday(date(2023, 10, 7)), table.known(date(2023, 10, 8))
    (True, False)
    """

    name: str
    days: Mapping[date, bool] = attrs.field(converter=_day_by_day, hash=False)

    def __attrs_post_init__(self) -> None:
        """Refuses a table without a row.

        Raises:
            UsageError: ``days`` is empty.
        """
        if not self.days:
            en = f"{self.name} has no day - give each day and whether it is worked"
            raise UsageError(en, f"{self.name} 没有任何一天 - 逐日写明是否上班")

    @property
    def known_until(self) -> date | None:
        """The last day given; earlier ones may be missing."""
        return max(self.days)

    def known(self, day: date) -> bool:
        """Returns whether the day is given."""
        return day in self.days

    def is_workday(self, day: date) -> bool:
        """Returns what is given for the day.

        Raises:
            UnknownWorkdays: Nothing is.
        """
        if day not in self.days:
            raise UnknownWorkdays(day, self.name, self.known_until)
        return self.days[day]


@attrs.frozen
class Overlay:
    """A calendar with exceptions: company days, 大小周, make-up days that a firm ignores.

    >>> fair = Overlay(Weekdays(), {date(2023, 10, 7): True})
    >>> fair.is_workday(date(2023, 10, 7)), fair.is_workday(date(2023, 10, 8))
    (True, False)
    """

    base: WorkCalendar
    days: Mapping[date, bool] = attrs.field(converter=_day_by_day, hash=False)

    @property
    def known_until(self) -> date | None:
        """As the calendar below; the exceptions alone do not cover anything."""
        return self.base.known_until

    def known(self, day: date) -> bool:
        """Returns whether the day is an exception, or known to the calendar below."""
        return day in self.days or self.base.known(day)

    def is_workday(self, day: date) -> bool:
        """Returns what the exception says, else the calendar below.

        Raises:
            UnknownWorkdays: Neither knows the day.
        """
        found = self.days.get(day)
        return self.base.is_workday(day) if found is None else found


@attrs.frozen
class Provisional:
    """An official calendar, with an estimate for the days that it does not know yet.

    Next year is planned before its holidays are announced. The estimate answers those days,
    and they stay not `known`, so that what is counted from them is marked.

    >>> table = WorkdayTable("2023", {date(2023, 10, 6): False})
    >>> calendar = Provisional(table, Weekdays())
    >>> calendar.is_workday(date(2023, 10, 6)), calendar.is_workday(date(2023, 10, 9))
    (False, True)
    >>> calendar.known(date(2023, 10, 6)), calendar.known(date(2023, 10, 9))
    (True, False)
    """

    official: WorkCalendar
    estimate: WorkCalendar

    @property
    def known_until(self) -> date | None:
        """As the official calendar."""
        return self.official.known_until

    def known(self, day: date) -> bool:
        """Returns whether the official calendar knows the day."""
        return self.official.known(day)

    def is_workday(self, day: date) -> bool:
        """Returns what the official calendar says, else the estimate.

        Raises:
            UnknownWorkdays: The estimate does not know the day either.
        """
        calendar = self.official if self.official.known(day) else self.estimate
        return calendar.is_workday(day)
