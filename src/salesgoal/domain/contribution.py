"""Contributions: which facts stand behind an actual, the first of them one by one.

Facts are given a second time, in the order in which they were read; for each goal, metric and
period asked for, the first few are kept and the others are counted. Both together give the
actual of the scorecard:

    aggregation        the actual is
    sum                the sum of the values
    last               the sum of the balances that count; earlier ones are ``superseded``
    average            the sum of the values over the sum of the shares
    maximum, minimum   the extreme of the values
    distinct           how many different keys
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.cells import Slot
from salesgoal.domain.credit import ONE, CreditGroup, parts_of
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.roll_up import latest_balances
from salesgoal.domain.scope import Codes, find_people
from salesgoal.domain.scorecard import Scorecard

__all__ = ["Contribution", "ContributionBook", "Contributions", "Rest", "Sought"]

Sought = tuple[str, str, Period]
"""Path of a goal, metric id, period."""

Value = int | str
"""Units, or the key of a `DISTINCT` metric."""

_Place = tuple[int, str, Period]
"""Node, metric id, period."""


@attrs.frozen(kw_only=True)
class Contribution:
    """What one fact brings to a goal.

    Attributes:
        where: The row that it stands in.
        on: Its day, or the period that it is a total of; None where it cannot be read.
        value: Smallest units, or the key of a `DISTINCT` metric; its part where the fact is
            shared out.
        share: How much of the fact it is.
        goal: The path of the lowest goal that it counts to; None where there is none.
        why: The codes of its problems, of a rejected row.
    """

    where: Place
    on: date | Period | None
    value: Value
    share: Fraction = ONE
    goal: str | None = None
    why: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Rest:
    """The contributions that are not shown.

    Attributes:
        rows: How many.
        units: Their sum; of extremes the extreme, of keys how many are not among those shown;
            None where there is nothing.
        weight: The sum of their shares.
    """

    rows: int = 0
    units: Exact | None = None
    weight: Fraction = Fraction(0)


@attrs.frozen(kw_only=True)
class Contributions:
    """What stands behind one actual.

    Attributes:
        metric: Whose.
        shown: The first ones, in the order in which they were read.
        rest: The others.
        direct: How many count to the goal itself and to none of its children.
        direct_units: What they sum to, of a metric that adds.
        superseded: Balances that a later one replaced.
    """

    metric: Metric
    shown: tuple[Contribution, ...] = ()
    rest: Rest = Rest()
    direct: int = 0
    direct_units: int = 0
    superseded: int = 0

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.shown) + self.rest.rows

    @property
    def value(self) -> Exact | None:
        """What all of them come to, by the table of this page; None for nothing."""
        how, rest = self.metric.aggregation, self.rest
        if how is Aggregation.DISTINCT:
            return len({each.value for each in self.shown}) + (rest.units or 0)
        units = [each.value for each in self.shown if isinstance(each.value, int)]
        if how in _EXTREMES:
            found = [*units, *([] if rest.units is None else [rest.units])]
            return _EXTREMES[how](found) if found else None
        if not self.rows:
            return 0 if how is Aggregation.SUM else None
        if how is Aggregation.AVERAGE:
            weight = rest.weight + sum(each.share for each in self.shown)
            pairs = zip(units, self.shown, strict=True)
            total = (rest.units or 0) + sum(value * each.share for value, each in pairs)
            return Fraction(total, weight)
        return sum(units) + (rest.units or 0)


_EXTREMES: Mapping[object, Callable[[Iterable[Exact]], Exact]] = {
    Aggregation.MAXIMUM: max,
    Aggregation.MINIMUM: min,
}


@attrs.define
class _Tally:
    """Contributions as they come."""

    metric: Metric
    most: int
    shown: list[Contribution] = attrs.field(factory=list)
    rows: int = 0
    units: Exact | None = None
    weight: Fraction = Fraction(0)
    keys: dict[Hashable, None] = attrs.field(factory=dict)
    direct: int = 0
    direct_units: int = 0
    superseded: int = 0

    def add(self, one: Contribution, *, direct: bool) -> None:
        if direct:
            self.direct += 1
            self.direct_units += one.value if isinstance(one.value, int) else 0
        if len(self.shown) < self.most:
            self.shown.append(one)
            return
        how, value = self.metric.aggregation, one.value
        self.rows += 1
        self.weight += one.share
        if not isinstance(value, int) or how is Aggregation.DISTINCT:
            self.keys[value] = None
        elif how in _EXTREMES:
            self.units = _EXTREMES[how]([value, value if self.units is None else self.units])
        else:
            part = value * one.share if how is Aggregation.AVERAGE else value
            self.units = (self.units or 0) + part

    def close(self) -> Contributions:
        units = self.units
        if self.metric.aggregation is Aggregation.DISTINCT and self.rows:
            units = len(self.keys.keys() - {each.value for each in self.shown})
        return Contributions(
            metric=self.metric,
            shown=tuple(self.shown),
            rest=Rest(rows=self.rows, units=units, weight=self.weight),
            direct=self.direct,
            direct_units=self.direct_units,
            superseded=self.superseded,
        )


@attrs.define
class ContributionBook:
    """The contributions to some rows of a scorecard, gathered from facts.

    Attributes:
        card: Whose goals; its facts are those that are given.
        sought: What is asked for; every row where it is None.
        most: How many contributions a row shows.
        seat: What turns the codes of a fact into those of the scorecard, from `reseat_as_is`.
    """

    card: Scorecard
    sought: Sequence[Sought] | None = None
    most: int = 20
    seat: Callable[[Codes], Codes] = lambda codes: codes
    _wanted: frozenset[_Place] | None = attrs.field(init=False)
    _tallies: dict[_Place, _Tally] = attrs.field(factory=dict, init=False)
    _outside: dict[tuple[int, str], _Tally] = attrs.field(factory=dict, init=False)
    _rejected: dict[str, _Tally] = attrs.field(factory=dict, init=False)
    _goals: dict[Codes, tuple[int, ...]] = attrs.field(factory=dict, init=False)
    _times: dict[Slot, tuple[Period, ...]] = attrs.field(factory=dict, init=False)
    _balances: dict[tuple[str, Period], Mapping[Codes, tuple[date, int]]] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        """Looks up what is asked for.

        Raises:
            UnknownName: A goal that the scorecard lacks.
        """
        tree = self.card.tree
        self._wanted = None
        if self.sought is not None:
            found = ((tree.node(goal), name, period) for goal, name, period in self.sought)
            self._wanted = frozenset(found)

    def take(
        self,
        where: Place,
        groups: Sequence[CreditGroup],
        on: date | Period,
        metric: Metric,
        value: Value,
    ) -> None:
        """Takes one value of a fact that counts, or lies outside the plan's days."""
        slot = self.card.cells.slot(on)
        outside = slot == self.card.cells.outside
        for group in groups:
            if group.overlay and outside:
                continue  # what lies outside stays there once, as in the cells
            shares = [share for _, share in group.credits]
            parts = [value] if shares == [ONE] else parts_of(metric, value, shares)
            for (codes, share), part in zip(group.credits, parts, strict=True):
                seated = self.seat(codes)
                nodes = self._nodes(seated)
                goal = self.card.tree.path[nodes[0]] if nodes else None
                one = Contribution(where=where, on=on, value=part, share=share, goal=goal)
                if outside:
                    self._leave_out(one, nodes, metric)
                else:
                    self._add(one, seated, nodes, slot, metric)

    def reject(
        self,
        where: Place,
        on: date | Period | None,
        metric: Metric,
        value: Value,
        why: Iterable[str],
    ) -> None:
        """Takes one value of a row that was rejected."""
        tally = self._rejected.setdefault(metric.id, _Tally(metric, self.most))
        one = Contribution(where=where, on=on, value=value, why=tuple(why))
        tally.add(one, direct=False)

    def behind(self, goal: str = "", *, metric: str, period: Period) -> Contributions:
        """Returns what stands behind an actual.

        Raises:
            UnknownName: A goal or metric that the scorecard lacks.
        """
        node = self.card.tree.node(goal)
        tally = self._tallies.get((node, metric, period))
        return tally.close() if tally else Contributions(metric=self.card.plan.metric(metric))

    def outside(self, goal: str = "", *, metric: str) -> Contributions:
        """Returns what matches a goal outside the plan's days or after ``as_of``.

        Raises:
            UnknownName: A goal or metric that the scorecard lacks.
        """
        tally = self._outside.get((self.card.tree.node(goal), metric))
        return tally.close() if tally else Contributions(metric=self.card.plan.metric(metric))

    def rejected(self, metric: str) -> Contributions:
        """Returns the rejected rows of a metric, of whatever goal: that is not known.

        Raises:
            UnknownName: The scorecard lacks the metric.
        """
        tally = self._rejected.get(metric)
        return tally.close() if tally else Contributions(metric=self.card.plan.metric(metric))

    def _add(
        self,
        one: Contribution,
        codes: Codes,
        nodes: Sequence[int],
        slot: Slot,
        metric: Metric,
    ) -> None:
        for period in self._periods(slot):
            counts = self._counts(one, codes, metric, period)
            for node in nodes:
                place = (node, metric.id, period)
                if self._wanted is None or place in self._wanted:
                    tally = self._tallies.setdefault(place, _Tally(metric, self.most))
                    if counts:
                        tally.add(one, direct=node == nodes[0])
                    else:
                        tally.superseded += 1

    def _counts(self, one: Contribution, codes: Codes, metric: Metric, period: Period) -> bool:
        """Whether a balance is the one that counts; everything else does."""
        if metric.aggregation is not Aggregation.LAST:
            return True
        key = (metric.id, period)
        if key not in self._balances:
            card = self.card
            scopes = [*card.cells.combos, *card.plan.targets.scopes()]
            people = find_people(scopes, card.plan.dimensions)
            self._balances[key] = latest_balances(card.cells, metric, period, people)
        balance = self._balances[key].get(codes)
        last = one.on.last if isinstance(one.on, Period) else one.on
        return balance is not None and balance[0] == last

    def _leave_out(self, one: Contribution, nodes: Iterable[int], metric: Metric) -> None:
        for node in nodes:
            tally = self._outside.setdefault((node, metric.id), _Tally(metric, self.most))
            tally.add(one, direct=False)

    def _nodes(self, codes: Codes) -> tuple[int, ...]:
        """The lowest goal of a fact, and those above that it adds to."""
        if codes not in self._goals:
            tree = self.card.tree
            node, found = tree.home(codes, self.card.plan.dimensions), list[int]()
            while node >= 0:
                found.append(node)
                node = tree.adds_to[node]
            self._goals[codes] = tuple(found)
        return self._goals[codes]

    def _periods(self, slot: Slot) -> tuple[Period, ...]:
        if slot not in self._times:
            line = self.card.cells.timeline
            self._times[slot] = tuple(
                each
                for each in self.card.periods
                if (each.covers(slot) if isinstance(slot, Period) else slot in line.run(each))
            )
        return self._times[slot]
