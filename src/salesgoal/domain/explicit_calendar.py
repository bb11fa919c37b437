"""A calendar given row by row: for years that follow no rule.

Every level must be a partition: no gap, no overlap, no label twice, and every longer period
must be tiled by the shorter ones. Outside its rows it knows nothing and says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

import attrs

from salesgoal.domain.label import Label, plain_label
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import CalendarRefused, LabelRefused, OutOfCalendar

__all__ = ["ExplicitCalendar"]


def _by_level(periods: Iterable[Period]) -> Mapping[Level, tuple[Period, ...]]:
    rows: dict[Level, list[Period]] = {}
    for period in periods:
        rows.setdefault(period.level, []).append(period)
    levels = sorted(rows, key=lambda level: level.rank)
    return {level: tuple(sorted(rows[level], key=lambda row: row.start)) for level in levels}


@attrs.frozen
class ExplicitCalendar:
    """A calendar of the given periods, and of single days inside them.

    >>> from datetime import date
    >>> stub = ExplicitCalendar("stub", [
    ...     Period(date(2023, 1, 1), date(2023, 4, 1), Level.YEAR, "2023 stub"),
    ...     Period(date(2023, 4, 1), date(2024, 4, 1), Level.YEAR, "2024"),
    ... ])
    >>> stub.at(Level.YEAR, date(2023, 2, 1)).label
    '2023 stub'
    """

    name: str
    rows: Mapping[Level, tuple[Period, ...]] = attrs.field(converter=_by_level, hash=False)

    def __attrs_post_init__(self) -> None:
        """Refuses rows that are no partition.

        Raises:
            CalendarRefused: With every gap, overlap, double label and untiled parent.
        """
        problems = list(self._problems())
        if problems:
            raise CalendarRefused(problems)

    @property
    def id(self) -> str:
        """``explicit:`` and the name."""
        return f"explicit:{self.name}"

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of the rows, longest first, and the day."""
        return tuple(dict.fromkeys((*self.rows, Level.DAY)))

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in.

        Raises:
            OutOfCalendar: No row holds the day, or no row has the level.
        """
        rows = self.rows.get(level, ())
        index = bisect_right(rows, day, key=lambda row: row.start) - 1
        if index >= 0 and day in rows[index]:
            return rows[index]
        if level is Level.DAY and Level.DAY not in self.rows:
            self.at(next(iter(self.rows)), day)
            return Period(day, day + timedelta(days=1), level, day.isoformat())
        known = f"{rows[0].start} to {rows[-1].last}" if rows else ", ".join(self.rows)
        raise OutOfCalendar(day if rows else level, known)

    def locate(self, label: Label) -> Period:
        """Returns the row with that label.

        Raises:
            LabelRefused: There is none.
            OutOfCalendar: It names a day outside the rows.
        """
        for rows in self.rows.values():
            for row in rows:
                if plain_label(row.label) == label.text:
                    return row
        if label.level is Level.DAY and label.year:
            try:
                day = date(label.year, label.major, label.minor)
            except ValueError as error:
                raise LabelRefused(label.text, f"is no day of {label.year}") from error
            return self.at(Level.DAY, day)
        raise LabelRefused(label.text, f"is no period of calendar {self.name}")

    def _problems(self) -> Iterable[Problem]:
        place = Place(self.name)
        if not self.rows:
            yield problem("bad-calendar", place, reason="it has no rows")
        labels: dict[str, Period] = {}
        for level, rows in self.rows.items():
            for row in rows:
                if labels.setdefault(row.label, row) is not row:
                    yield problem("bad-calendar", place, reason=f"{row.label} stands twice")
            for earlier, later in pairwise(rows):
                if earlier.stop != later.start:
                    word = "overlap" if later.start < earlier.stop else "leave a gap"
                    reason = f"{level} {earlier.label} and {later.label} {word}"
                    yield problem("bad-calendar", place, reason=reason)
        for (_, longer), (level, shorter) in pairwise(self.rows.items()):
            borders = {row.start for row in shorter} | {row.stop for row in shorter}
            for row in longer:
                if row.start not in borders or row.stop not in borders:
                    reason = f"{row.label} is not tiled by its {level} periods"
                    yield problem("bad-calendar", place, reason=reason)
