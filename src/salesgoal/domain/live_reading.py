"""Live readings: a metric whose values do not simply add, moved by one reading at a time.

A cell keeps a tally of its readings, and so does every goal for every period. Of a metric that
takes the last, a combination of members keeps one for every period as well, since the latest
day decides before the goals add; and a balance of somebody who moved counts only at the seat
with the latest day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.domain.cells import Slot
from salesgoal.domain.live_column import LiveColumn
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Period
from salesgoal.domain.reading import READING_RULES, Reading
from salesgoal.domain.scope import Codes
from salesgoal.domain.tally import TALLIES, TOTALS, Change, Latest, Tally

__all__ = ["LivePlace", "LiveReadings"]


@attrs.frozen
class LivePlace:
    """Where the facts of one combination of members count.

    Attributes:
        position: Of the combination in the cells.
        base: Where its cells begin.
        ways: For each breakdown the goals from its home up to the last one it adds to.
        inner: For each breakdown whether the home has children that count.
    """

    position: int
    base: int
    ways: tuple[tuple[int, ...], ...]
    inner: tuple[bool, ...]


@attrs.define(eq=False)
class LiveReadings:
    """The readings of one metric.

    Attributes:
        metric: Which does not add.
    """

    metric: Metric
    _cells: dict[tuple[int, Slot], Tally] = attrs.field(factory=dict, init=False)
    _changed: set[tuple[int, Slot]] = attrs.field(factory=set, init=False)
    _frozen: dict[tuple[int, Slot], Reading] = attrs.field(factory=dict, init=False)
    _latest: dict[tuple[int, Period], Tally] = attrs.field(factory=dict, init=False)
    _counted: dict[tuple[int, Period], Reading] = attrs.field(factory=dict, init=False)
    _people: dict[Codes, list[LivePlace]] = attrs.field(factory=dict, init=False)
    _seats: dict[int, list[LivePlace]] = attrs.field(factory=dict, init=False)

    def take_up(self, place: LivePlace, person: Codes) -> None:
        """Takes up a combination of members; all seats of a person are one group."""
        if self.metric.aggregation is Aggregation.LAST:
            group = self._people.setdefault(person, [])
            group.append(place)
            self._seats[place.position] = group

    def move(
        self,
        place: LivePlace,
        slot: Slot,
        touched: Sequence[Sequence[LiveColumn]],
        value: Any,  # noqa: ANN401 - units or a key
        on: date,
        share: Fraction | None,
        sign: int,
    ) -> None:
        """Takes a reading over (1) or back (-1).

        Args:
            place: Of its combination.
            slot: Its cell there.
            touched: For each breakdown the columns of the periods that hold it.
            value: Units, or a key.
            on: Its last day.
            share: The share of the fact that it is; None for all of it.
            sign: 1 or -1.
        """
        aggregation = self.metric.reading
        reading = value
        if aggregation is not Aggregation.DISTINCT:
            rule = READING_RULES[aggregation]
            reading = rule.start(value, on)
            if share is not None and share != 1:
                reading = rule.part(reading, share)
        at = (place.position, slot)
        told = _take(self._cells, at, TALLIES[aggregation], [(reading, sign)])
        self._changed.add(at)
        if aggregation is not Aggregation.LAST:
            for way, columns in zip(place.ways, touched, strict=True):
                for column in columns:
                    _carry(column, way, told)
            return
        for number, column in enumerate(touched[0]):
            period = column.period
            _take(self._latest, (place.position, period), Latest, [(reading, sign)])
            for seat, changes in self._settle(self._seats[place.position], period):
                for way, columns in zip(seat.ways, touched, strict=True):
                    _carry(columns[number], way, changes)

    def _settle(
        self, group: Sequence[LivePlace], period: Period
    ) -> list[tuple[LivePlace, Sequence[Change]]]:
        """Counts the balances of the seats with the latest day; returns what changes."""
        tallies = {each.position: self._latest.get((each.position, period)) for each in group}
        readings: dict[int, tuple[date, int]] = {
            at: tally.reading
            for at, tally in tallies.items()
            if tally is not None and tally.reading is not None
        }
        newest = max((day for day, _ in readings.values()), default=None)
        found: list[tuple[LivePlace, Sequence[Change]]] = []
        for each in group:
            at = (each.position, period)
            before, after = self._counted.pop(at, None), readings.get(each.position)
            if after is not None and after[0] == newest:
                self._counted[at] = after
            else:
                after = None
            if before != after:
                pairs = ((before, -1), (after, 1))
                found.append((each, [pair for pair in pairs if pair[0] is not None]))
        return found

    def freeze(self) -> dict[tuple[int, Slot], Reading]:
        """Returns the readings of the cells as they are, for good."""
        for at in self._changed:
            tally = self._cells.get(at)
            if tally is None:
                self._frozen.pop(at, None)
            else:
                self._frozen[at] = tally.reading
        self._changed.clear()
        return dict(self._frozen)


def _take(
    tallies: dict[Any, Any], at: object, make: Callable[[], Tally], changes: Sequence[Change]
) -> Sequence[Change]:
    """Takes changes into the tally at a place; a tally without readings is not kept."""
    tally = tallies.get(at)
    if tally is None:
        tally = tallies[at] = make()
    told: Sequence[Change] = tally.take(changes)
    if tally.empty:
        del tallies[at]
    return told


def _carry(column: LiveColumn, way: Sequence[int], changes: Sequence[Change]) -> None:
    """Takes changes up a path, as far as they change anything."""
    aggregation = column.metric.reading
    for node in way:
        if not changes:
            return
        changes = _take(column.tallies, node, TOTALS[aggregation], changes)
        tally = column.tallies.get(node)
        nothing = READING_RULES[aggregation].nothing
        column.actual[node] = nothing if tally is None else tally.value
        column.moved = True
