"""A calendar given row by row: for years that follow no rule.

Every level must be a partition: no gap, no overlap, no label twice. Years, halves, quarters and
months must be tiled by the next shorter level that has rows, months by their 旬, and all by
days; weeks need not nest in anything, as they straddle months and years in most firms. Outside
its rows it knows nothing and says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

import attrs

from salesgoal.domain.label import Label, no_label, parse_label
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import CalendarRefused, LabelRefused, OutOfCalendar

__all__ = ["ExplicitCalendar"]


_LONG = (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH)
_NESTING = ((*_LONG, Level.TENDAY, Level.DAY), (Level.WEEK, Level.DAY))


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
    _meanings: dict[tuple[object, ...], Period] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

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
        """Returns the row with that label, or with one that means the same.

        A row labelled 2023-10 is also found as 2023年10月.

        Raises:
            LabelRefused: There is none.
            OutOfCalendar: It names a day outside the rows.
        """
        row = self._meanings.get((label.text,)) or self._meanings.get(label.meaning)
        if row is not None:
            return row
        if label.level is Level.DAY and label.year:
            try:
                day = date(label.year, label.major, label.minor)
            except ValueError as error:
                en, zh = f"is no day of {label.year}", f"不是 {label.year} 年的日期"
                raise LabelRefused(label.text, en, zh) from error
            return self.at(Level.DAY, day)
        en, zh = f"is no period of calendar {self.name}", f"不是日历 {self.name} 的期间"
        raise no_label(label, en, zh)

    def _problems(self) -> Iterator[Problem]:
        place = Place(self.name)
        if not self.rows:
            yield _fault(place, "没有任何行", "it has no rows")
        for rows in self.rows.values():
            for row in rows:
                label = parse_label(row.label)
                for key in {(label.text,), label.meaning}:
                    if self._meanings.setdefault(key, row) is not row:
                        yield _fault(
                            place, f"{row.label} 出现了两次", f"{row.label} stands twice"
                        )
                        break
            for earlier, later in pairwise(rows):
                if earlier.stop != later.start:
                    overlap = later.start < earlier.stop
                    zh, en = ("重叠", "overlap") if overlap else ("之间有空缺", "leave a gap")
                    yield _fault(
                        place,
                        f"{earlier.label} 与 {later.label} {zh}（{earlier.level.zh}）",
                        f"{earlier.level} {earlier.label} and {later.label} {en}",
                    )
        for chain in _NESTING:
            present = [level for level in chain if level in self.rows]
            for longer, shorter in pairwise(present):
                yield from self._untiled(longer, shorter, place)

    def _untiled(self, longer: Level, shorter: Level, place: Place) -> Iterator[Problem]:
        rows = self.rows[shorter]
        borders = {row.start for row in rows} | {row.stop for row in rows}
        for row in self.rows[longer]:
            if row.start not in borders or row.stop not in borders:
                yield _fault(
                    place,
                    f"{row.label} 没有被其中的{shorter.zh}恰好铺满",
                    f"{row.label} is not tiled by its {shorter} periods",
                )


def _fault(place: Place, reason_zh: str, reason: str) -> Problem:
    return problem("bad-calendar", place, reason=reason, reason_zh=reason_zh)
