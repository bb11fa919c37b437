"""Tallies: readings kept so that any of them can be taken back, exactly.

A reading that replaced another one, such as the later balance or the larger extreme, has to
give way again when it is withdrawn. One tally per aggregation, at a cell and at a goal:

    aggregation   keeps                             what a goal above is told
    last          days with their units and count   the balance before and after
    average       units and weight                  every reading
    maximum       values with their count           the extreme before and after
    minimum       likewise                          likewise
    distinct      keys with their count             keys that come and keys that go

So a reading that changes nothing at a goal costs nothing above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Protocol

import attrs

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import Exact
from salesgoal.domain.reading import Reading

__all__ = ["TALLIES", "TOTALS", "Change", "DaySpan", "Latest", "Tally"]

Change = tuple[Reading, int]
"""A reading, and 1 where it comes or -1 where it goes."""

_SPARE = 16


class Tally(Protocol):
    """The readings of one cell, or of one goal and period."""

    @property
    def empty(self) -> bool:
        """Whether there are none."""

    @property
    def reading(self) -> Reading:
        """What they merge to, as a cell holds it; None for none."""

    @property
    def value(self) -> Exact | None:
        """What they come to, in smallest units; None for none, 0 for no keys."""

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """Takes readings over or back; returns what that changes for a goal above."""


@attrs.define(eq=False)
class Ordered:
    """Whole numbers, each as often as it came, and the least of them.

    Cost of a change: the logarithm of how many different ones there are, on average.
    """

    counts: dict[int, int] = attrs.field(factory=dict, init=False)
    heap: list[int] = attrs.field(factory=list, init=False)
    different: int = attrs.field(default=0, init=False)

    @property
    def least(self) -> int | None:
        """The least number; None where there is none."""
        return self.heap[0] if self.heap else None

    def change(self, number: int, sign: int) -> int:
        """Takes one more (1) or one less (-1); returns how often the number is there now."""
        known = self.counts.get(number)
        if known is None:
            heappush(self.heap, number)
        held = (known or 0) + sign
        self.counts[number] = held
        if not known:
            self.different += 1
        elif not held:
            self.different -= 1
            self._settle()
        return held

    def _settle(self) -> None:
        """Numbers that went stay in the heap until they surface, or are too many."""
        if len(self.heap) > 2 * self.different + _SPARE:
            self.counts = {number: held for number, held in self.counts.items() if held}
            self.heap = list(self.counts)
            heapify(self.heap)
        while self.heap and not self.counts[self.heap[0]]:
            del self.counts[heappop(self.heap)]


@attrs.define(eq=False)
class Extreme:
    """The largest of units (``times`` -1), or the smallest (1)."""

    times: int
    _units: Ordered = attrs.field(factory=Ordered, init=False)

    @property
    def empty(self) -> bool:
        """Whether there are none."""
        return self._units.least is None

    @property
    def reading(self) -> int | None:
        """The extreme."""
        least = self._units.least
        return None if least is None else self.times * least

    @property
    def value(self) -> int | None:
        """The extreme."""
        return self.reading

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """As `Tally`: the extreme before goes, the one after comes."""
        before = self.reading
        for units, sign in changes:
            self._units.change(self.times * units, sign)
        return _exchange(before, self.reading)


@attrs.define(eq=False)
class Latest:
    """The balance of the latest day; balances of the same day add."""

    _days: Ordered = attrs.field(factory=Ordered, init=False)
    _units: dict[int, int] = attrs.field(factory=dict, init=False)

    @property
    def empty(self) -> bool:
        """Whether there are none."""
        return not self._units

    @property
    def reading(self) -> tuple[date, int] | None:
        """The latest day and its units."""
        least = self._days.least
        return None if least is None else (date.fromordinal(-least), self._units[least])

    @property
    def value(self) -> int | None:
        """The units of the latest day."""
        least = self._days.least
        return None if least is None else self._units[least]

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """As `Tally`: the balance before goes, the one after comes."""
        before = self.reading
        for (day, units), sign in changes:
            number = -day.toordinal()
            self._units[number] = self._units.get(number, 0) + sign * units
            if not self._days.change(number, sign):
                del self._units[number]
        return _exchange(before, self.reading)


@attrs.define(eq=False)
class Mean:
    """Readings with their weight; a shared one weighs its share."""

    _units: Exact = attrs.field(default=0, init=False)
    _weight: Exact = attrs.field(default=0, init=False)

    @property
    def empty(self) -> bool:
        """Whether there are none."""
        return not self._weight

    @property
    def reading(self) -> tuple[Exact, Exact] | None:
        """The units together and what they weigh."""
        return None if self.empty else (self._units, self._weight)

    @property
    def value(self) -> Fraction | None:
        """The mean, exact."""
        return None if self.empty else Fraction(self._units, self._weight)

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """As `Tally`: every reading goes on."""
        told = tuple(changes)
        for (units, weight), sign in told:
            self._units += sign * units
            self._weight += sign * weight
        return told


@attrs.define(eq=False)
class Keys:
    """Different keys, each as often as it came."""

    _counts: dict[object, int] = attrs.field(factory=dict, init=False)

    @property
    def empty(self) -> bool:
        """Whether there are none."""
        return not self._counts

    @property
    def reading(self) -> frozenset[object] | None:
        """The keys."""
        return frozenset(self._counts) or None

    @property
    def value(self) -> int:
        """How many different keys."""
        return len(self._counts)

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """As `Tally`: a key that is new here, or no longer here."""
        told = []
        for key, sign in changes:
            known = self._counts.get(key, 0)
            self._counts[key] = known + sign
            if not known:
                told.append((key, 1))
            elif not known + sign:
                del self._counts[key]
                told.append((key, -1))
        return told


@attrs.define(eq=False)
class Balances:
    """Balances of several seats or goals; they add."""

    _units: int = attrs.field(default=0, init=False)
    _many: int = attrs.field(default=0, init=False)

    @property
    def empty(self) -> bool:
        """Whether there are none."""
        return not self._many

    @property
    def reading(self) -> int | None:
        """The units together."""
        return None if self.empty else self._units

    @property
    def value(self) -> int | None:
        """The units together."""
        return self.reading

    def take(self, changes: Iterable[Change]) -> Sequence[Change]:
        """As `Tally`: every balance goes on."""
        told = tuple(changes)
        for (_, units), sign in told:
            self._units += sign * units
            self._many += sign
        return told


@attrs.define(eq=False)
class DaySpan:
    """From the first to the last day that facts speak of.

    Attributes:
        days: The first and the last day; None where there are no facts.

    >>> span = DaySpan()
    >>> for day in (6, 9, 7):
    ...     _ = span.take(date(2023, 10, day), date(2023, 10, day), 1)
    >>> span.take(date(2023, 10, 9), date(2023, 10, 9), -1)
    True
    >>> str(span.days[1])
    '2023-10-07'
    """

    _firsts: Ordered = attrs.field(factory=Ordered, init=False)
    _lasts: Ordered = attrs.field(factory=Ordered, init=False)
    days: tuple[date, date] | None = attrs.field(default=None, init=False)

    def take(self, first: date, last: date, sign: int) -> bool:
        """Takes the days of a fact over (1) or back (-1); returns whether the span changed."""
        once = max(sign, 0)
        firsts = self._firsts.change(first.toordinal(), sign)
        lasts = self._lasts.change(-last.toordinal(), sign)
        if once not in {firsts, lasts}:
            return False
        before, low, high = self.days, self._firsts.least, self._lasts.least
        self.days = None
        if low is not None and high is not None:
            self.days = date.fromordinal(low), date.fromordinal(-high)
        return before != self.days


def _exchange(before: Reading, after: Reading) -> Sequence[Change]:
    if before == after:
        return ()
    gone = () if before is None else ((before, -1),)
    return gone if after is None else (*gone, (after, 1))


def _largest() -> Tally:
    return Extreme(-1)


def _smallest() -> Tally:
    return Extreme(1)


TALLIES: Mapping[Aggregation, Callable[[], Tally]] = {
    Aggregation.LAST: Latest,
    Aggregation.AVERAGE: Mean,
    Aggregation.MAXIMUM: _largest,
    Aggregation.MINIMUM: _smallest,
    Aggregation.DISTINCT: Keys,
}
"""What is kept of a cell."""

TOTALS: Mapping[Aggregation, Callable[[], Tally]] = {**TALLIES, Aggregation.LAST: Balances}
"""What is kept of a goal and period."""
