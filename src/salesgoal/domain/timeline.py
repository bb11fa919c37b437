"""Timelines: days cut into atoms, so that periods that do not nest are all exact.

The borders of every period asked for, and the day after ``as_of``, cut the days into *atoms*.
Facts are condensed to atoms, and each period is a run of them; an ISO week and a month that
share a few days share exactly the atoms of these days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import attrs

from salesgoal.domain.kind import require_day
from salesgoal.domain.period import Period

__all__ = ["Coverage", "Timeline", "covers", "make_timeline"]

Days = tuple[date, date]
"""First and last day."""


@attrs.frozen
class Timeline:
    """The atoms of a report.

    Attributes:
        borders: The first day of every atom, and the day behind the last one.
        as_of: The last day that counts; facts after it are outside.

    >>> timeline = Timeline((date(2023, 10, 1), date(2023, 10, 8), date(2023, 11, 1)),
    ...     date(2023, 10, 31))
    >>> timeline.atom(date(2023, 10, 8)), timeline.atom(date(2023, 11, 1))
    (1, None)
    """

    borders: tuple[date, ...]
    as_of: date

    def __len__(self) -> int:
        """How many atoms."""
        return len(self.borders) - 1

    def atom(self, day: date) -> int | None:
        """Returns the atom of a day; None outside the timeline and after ``as_of``."""
        if not self.borders[0] <= day < self.borders[-1] or day > self.as_of:
            return None
        return bisect_right(self.borders, day) - 1

    def run(self, period: Period) -> range:
        """Returns the atoms that lie whole in the period."""
        first = bisect_left(self.borders, period.start)
        stop = bisect_right(self.borders, period.stop) - 1
        return range(first, max(first, stop))

    def slot(self, on: date | Period) -> int | Period:
        """Returns the atom of a day or a period, or the period itself where it spans several.

        Behind the last atom, ``len(timeline)``, where it does not count.
        """
        if not isinstance(on, Period):
            atom = self.atom(on)
            return len(self) if atom is None else atom
        if not self.holds(on):
            return len(self)
        run, borders = self.run(on), self.borders
        exact = len(run) == 1 and (borders[run[0]], borders[run[0] + 1]) == (on.start, on.stop)
        return run[0] if exact else on

    def holds(self, period: Period) -> bool:
        """Whether the whole period lies in the timeline and is over at ``as_of``."""
        return self._has(period) and period.last <= self.as_of

    def cut(self, on: date | Period | None) -> Sequence[Period]:
        """Returns the period, where it has begun and is not over at ``as_of``; else nothing.

        Nobody knows how much of its total came by then, so the total does not count.
        """
        if not isinstance(on, Period) or not self._has(on):
            return ()
        return (on,) if on.start <= self.as_of < on.last else ()

    def until(self, on: date | Period) -> date | Period:
        """Returns a day or period; of one that is not over, the days up to ``as_of``.

        For totals that say what came so far: a month to date.
        """
        for period in self.cut(on):
            return attrs.evolve(period, stop=self.as_of + timedelta(days=1))
        return on

    def _has(self, period: Period) -> bool:
        return self.borders[0] <= period.start and period.stop <= self.borders[-1]

    def said_days(self, on: date | Period) -> Days | None:
        """Returns the first and last day that a fact speaks of; None of a total to come.

        The total of a period that is not over at ``as_of`` says nothing of the days until then.
        """
        if not isinstance(on, Period):
            return on, on
        return (on.start, on.last) if on.last <= self.as_of else None


def make_timeline(periods: Iterable[Period], as_of: date) -> Timeline:
    """Returns the timeline of the periods asked for.

    Only days inside one of them matter, but gaps between them are atoms too, so that no day in
    the whole stretch is without one.

    Raises:
        UsageError: ``as_of`` is no day.
    """
    require_day(as_of, "as_of")
    spans = list(periods)
    borders = {each.start for each in spans} | {each.stop for each in spans}
    cut = as_of + timedelta(days=1)
    if min(borders) < cut < max(borders):
        borders.add(cut)
    return Timeline(tuple(sorted(borders)), as_of)


Coverage = Mapping[str, Sequence[Days]]
"""Metric id -> first and last day of each stretch that a source speaks of."""


def covers(spans: Sequence[tuple[date, date]], period: Period) -> bool:
    """Whether a source speaks of any day of the period."""
    return any(first < period.stop and last >= period.start for first, last in spans)
