"""Headers that name a period: 2023-10, 10月, Q4; or 10月目标, a period and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import attrs

from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, OutOfCalendar
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.parse import read_period
from salesgoal.ports.importer import RawValue

__all__ = ["PeriodNames"]

_MOST = 24


@attrs.frozen
class PeriodNames:
    """The periods that headers of a plan's tables may name.

    Attributes:
        calendar: Whose periods.
        span: The plan's own days; a name without a year means the one period inside them.
        form: The `strptime` form of headers that name a day in the period.
        level: Which period of such a day is meant.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> names = PeriodNames(MonthCalendar(), parse_period(MonthCalendar(), "2023Q4"))
    >>> names.find("10月"), names.find("2023年11月"), names.find("华东")
    ('2023-10', '2023-11', None)
    """

    calendar: Calendar
    span: Period | None = None
    form: str | None = None
    level: Level | None = None

    def find(self, header: RawValue) -> str | None:
        """Returns the label of the period that a header names, or None.

        Raises:
            CellRefused: ``no-such-month``: it names one without a year, and the plan has none
                or several of them.
        """
        text = "" if header is None else str(header).strip()
        if not text or len(text) > _MOST:
            return None
        try:
            found = read_period(header, self.calendar, self.form, self.level)
        except CellRefused:
            found = None
        if found is None and self.level is not None:
            found = self._parse(text)
        if found is not None:
            return found.label
        return self._short(text) if self.span is not None else None

    def split(self, header: str, is_known: Callable[[str], bool]) -> tuple[str, str] | None:
        """Returns the label and the rest of a header such as 10月目标, where the rest is known.

        Raises:
            CellRefused: ``no-such-month``.
        """
        for cut in range(min(len(header), _MOST) - 1, 0, -1):
            rest = header[cut:].strip(" _-/")
            if rest and is_known(rest):
                label = self.find(header[:cut].strip(" _-/"))
                if label is not None:
                    return label, rest
        return None

    def _short(self, text: str) -> str | None:
        """The one period of the plan that a name without a year means."""
        assert self.span is not None
        named = list(filter(None, map(self._parse, self._with_year(text))))
        inside = {
            each.label
            for each in named
            if each.start >= self.span.start and each.stop <= self.span.stop
        }
        if len(inside) == 1:
            return inside.pop()
        if named and not text.isdigit():
            raise CellRefused("no-such-month", plan=self.span.label)
        return None

    def _with_year(self, text: str) -> Iterator[str]:
        assert self.span is not None
        first, last = self.span.start, self.span.last
        for year in range(first.year, last.year + 1):
            yield f"{year}{text}"
            yield f"{year}年{text}"
            if "周" in text or "旬" in text:
                for month in range(1, 13):
                    if first <= date(year, month, 28) and date(year, month, 1) <= last:
                        yield f"{year}年{month}月{text}"

    def _parse(self, text: str) -> Period | None:
        try:
            return parse_period(self.calendar, text)
        except (LabelRefused, OutOfCalendar):
            return None
