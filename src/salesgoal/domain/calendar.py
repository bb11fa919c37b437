"""Calendars: families of partitions of the day line, all derived from one primitive.

`Calendar.at` says which period of a level a day lies in; everything else on this page follows
from it, for every kind of calendar.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from salesgoal.domain.label import Label, parse_label
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, NotNested, OutOfCalendar

__all__ = ["Calendar", "between", "next_period", "parse_period", "prev_period", "span", "split"]


class Calendar(Protocol):
    """What every calendar offers: frozen, equal by value."""

    @property
    def id(self) -> str:
        """A text that tells two different calendars apart."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels it has, longest first."""

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in: the primitive.

        Raises:
            OutOfCalendar: The calendar lacks the level or the day.
        """

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names.

        Raises:
            LabelRefused: It names none.
            OutOfCalendar: What it names lies outside.
        """


def next_period(calendar: Calendar, period: Period) -> Period:
    """Returns the period of the same level that begins where this one stops.

    Raises:
        OutOfCalendar: The calendar ends here.
    """
    return calendar.at(period.level, period.stop)


def prev_period(calendar: Calendar, period: Period) -> Period:
    """Returns the period of the same level that stops where this one begins.

    Raises:
        OutOfCalendar: The calendar begins here.
    """
    return calendar.at(period.level, period.start - timedelta(days=1))


def span(calendar: Calendar, level: Level, start: date, stop: date) -> tuple[Period, ...]:
    """Returns the periods of a level that share a day with ``start`` .. ``stop`` (exclusive).

    The first and last may stick out, as ISO weeks do at the ends of a month.

    Raises:
        OutOfCalendar: The calendar lacks the level or a day.
    """
    periods = []
    day = start
    while day < stop:
        periods.append(calendar.at(level, day))
        day = periods[-1].stop
    return tuple(periods)


def split(calendar: Calendar, period: Period, level: Level) -> tuple[Period, ...]:
    """Returns the periods of a finer level that tile this one without gap or overlap.

    Raises:
        NotNested: They stick out, or the level is not finer.
        OutOfCalendar: The calendar lacks the level.
    """
    parts = span(calendar, level, period.start, period.stop)
    if parts[0].start != period.start or parts[-1].stop != period.stop:
        raise NotNested(period.label, level)
    return parts


def between(calendar: Calendar, level: Level, period: Period) -> tuple[Period, ...]:
    """Returns the periods of a level that lie whole inside this one.

    Raises:
        OutOfCalendar: The calendar lacks the level or a day.
    """
    parts = span(calendar, level, period.start, period.stop)
    return tuple(part for part in parts if period.covers(part))


def parse_period(calendar: Calendar, text: str) -> Period:
    """Returns the period that a label names, canonical or Chinese.

    Raises:
        LabelRefused: The text is no label, or the calendar has no such period.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> parse_period(MonthCalendar(), "2023年第四季度").label
    '2023Q4'
    """
    label = parse_label(text)
    try:
        return calendar.locate(label)
    except OutOfCalendar as error:
        raise LabelRefused(text, f"is outside the calendar {calendar.id}") from error
