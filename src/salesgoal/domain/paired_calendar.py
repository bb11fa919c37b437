"""Two calendars in one: longer periods from the first, weeks from the second.

Most firms plan by months and meet by weeks that straddle them. The pair shows both: its weeks
nest in nothing, so no month is ever cut into them, and each figure is exact by its own days.
"""

from __future__ import annotations

from datetime import date

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.label import Label, no_label
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, UsageError

__all__ = ["PairedCalendar"]


@attrs.frozen
class PairedCalendar:
    """A calendar whose weeks are another calendar's.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> from salesgoal.domain.week_calendar import ISO
    >>> both = PairedCalendar(MonthCalendar(), ISO)
    >>> day = date(2023, 10, 1)
    >>> both.at(Level.MONTH, day).label, both.at(Level.WEEK, day).label
    ('2023-10', '2023-W39')
    """

    periods: Calendar
    weeks: Calendar

    def __attrs_post_init__(self) -> None:
        """Refuses a second calendar that has no weeks.

        Raises:
            UsageError: It has none.
        """
        if Level.WEEK not in self.weeks.levels:
            en = f"calendar {self.weeks.id} has no weeks - name one that has"
            raise UsageError(en, f"日历 {self.weeks.id} 没有周 - 换用有周的日历")

    @property
    def id(self) -> str:
        """The ids of both."""
        return f"{self.periods.id}+weeks:{self.weeks.id}"

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of the first, and the week."""
        found = {*self.periods.levels, Level.WEEK}
        return tuple(sorted(found, key=lambda level: level.rank))

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in.

        Raises:
            OutOfCalendar: The calendar of the level lacks it or the day.
        """
        return (self.weeks if level is Level.WEEK else self.periods).at(level, day)

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names.

        Raises:
            LabelRefused: It names none, or a week of the first calendar.
            OutOfCalendar: What it names lies outside.
        """
        if label.level is Level.WEEK:
            return self.weeks.locate(label)
        if label.level is not None:
            return self.periods.locate(label)
        for calendar in (self.periods, self.weeks):
            try:
                found = calendar.locate(label)
            except LabelRefused:
                continue
            if (found.level is Level.WEEK) is (calendar is self.weeks):
                return found
        raise no_label(label, f"is no period of calendar {self.id}")
