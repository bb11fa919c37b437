"""Live scores: the columns of all breakdowns, moved by one fact at a time.

A fact touches its cell, and at each goal from its home up to the root the periods that hold
its day: depth x periods. Nothing else is looked at. What is kept equals, column by column, what
`score` gives for the same facts; the laws hold it to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.credit import parts_of
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.live_cells import LiveCells
from salesgoal.domain.live_column import LiveColumn, make_divide, ratio_column, sum_column
from salesgoal.domain.live_fact import LiveFact
from salesgoal.domain.live_reading import LivePlace, LiveReadings
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.domain.scope import Codes
from salesgoal.domain.score_column import ScoreColumn
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.tally import DaySpan
from salesgoal.domain.timeline import Coverage, covers
from salesgoal.domain.view import reseat_as_is, view_as_is

__all__ = ["LiveScore"]

Days = tuple[date, date]


class LiveScore:
    """The columns of all breakdowns of a plan on a day.

    Args:
        plan: What is to be reached, as it was given.
        as_of: The last day that counts.
        view: Where those who moved are shown.
        declared: Source -> the days that it speaks of, by metric, whatever facts it gives.

    Attributes:
        shown: The plan with everybody where the view shows them.
        control: `SUM` metric -> units read, added up apart from the cells.
        columns: One mapping a breakdown: metric id and period -> column; ratios too.

    Raises:
        PlanRefused, UnknownWorkdays: As `score`.
    """

    def __init__(
        self, plan: Plan, as_of: date, view: View, declared: Mapping[str, Coverage]
    ) -> None:
        self.as_of = as_of
        self.view = view
        self.shown = plan
        self.cells = empty_cells(plan, as_of)
        self._reseat = reseat_as_is(plan, as_of) if view is View.AS_IS else None
        if view is View.AS_IS:
            self.shown, _ = view_as_is(plan, self.cells, as_of)
        self.control = dict.fromkeys(self.cells.sums, 0)
        cards = score(self.shown, self.cells, {}, as_of)
        self.trees: Sequence[GoalTree] = self.shown.trees
        self.columns: list[dict[tuple[str, Period], LiveColumn]] = [
            {
                place: LiveColumn.of(self.shown.metric(place[0]), place[1], column)
                for place, column in card.columns.items()
            }
            for card in cards
        ]
        self._readings = {
            each.id: LiveReadings(each) for each in self.cells.metrics if not each.is_additive
        }
        self.live_cells = LiveCells(self.cells, self._readings)
        self._declared = declared
        self._spans: dict[tuple[str, str], DaySpan] = {}
        self._reported: dict[str, Mapping[Period, bool]] = {}
        self._places: dict[Codes, LivePlace] = {}
        self._seated: dict[Codes, LivePlace] = {}
        self._slots: dict[date | Period, Slot] = {}
        self._touched: dict[str, dict[Slot, Sequence[Sequence[LiveColumn]]]] = {
            each.id: {} for each in self.cells.metrics
        }
        self._loading = False

    # Facts.

    def load(self, facts: Iterable[LiveFact]) -> None:
        """Books many facts; metrics that add are rolled up once, at the end."""
        self._loading = True
        for fact in facts:
            self.book(fact, 1)
        self._loading = False
        periods, metrics = self.shown.periods, self.cells.metrics
        for tree, columns in zip(self.trees, self.columns, strict=True):
            homes = find_homes(tree, self.cells, self.shown.dimensions)
            for metric in (each for each in metrics if each.is_additive):
                rolled = roll_up(tree, homes, self.cells, metric, periods)
                for period, each in rolled.items():
                    assert each.unassigned is not None
                    sum_column(columns[metric.id, period], each.actual, each.unassigned)

    def book(self, fact: LiveFact, sign: int) -> None:
        """Takes a fact over (1) or back (-1).

        Cost: depth x periods that hold its day, for each credit, metric and breakdown. For a
        reading that may give way to another one, times the logarithm of how many there are.
        """
        on, cells = fact.on, self.cells
        slot = cells.rejected if fact.rejected else self._slots.get(on)
        if slot is None:
            slot = self._slots[on] = cells.slot(on)
        last = on.last if isinstance(on, Period) else on
        groups = fact.groups
        plain = len(groups) == len(groups[0].credits) == 1
        for metric, value in fact.values:
            if metric.id in self.control:
                self.control[metric.id] += sign * value
            if plain:
                self._move(groups[0].credits[0][0], slot, metric, value, last, None, sign)
                continue
            for group in groups:
                if group.overlay and slot in {cells.outside, cells.rejected}:
                    continue
                parts = parts_of(metric, value, [share for _, share in group.credits])
                for (codes, share), part in zip(group.credits, parts, strict=True):
                    self._move(codes, slot, metric, part, last, share, sign)
        said = cells.timeline.said_days(on)
        if said is not None:
            for metric, _ in fact.values:
                self._span(fact.source, metric.id, *said, sign)

    def _move(
        self,
        codes: Codes,
        slot: Slot,
        metric: Metric,
        value: Any,  # noqa: ANN401 - units or a key
        last: date,
        share: Fraction | None,
        sign: int,
    ) -> None:
        """Moves one cell and the goals above it."""
        place = self._places.get(codes) or self._take_up(codes)
        name = metric.id
        self.live_cells.changed.add(name)
        self.live_cells.use(place.position, sign)
        touched = self._touched[name].get(slot)
        if touched is None:
            touched = self._touched[name][slot] = self._find_touched(name, slot)
        if name in self._readings:
            self._readings[name].move(place, slot, touched, value, last, share, sign)
            return
        units = sign * value
        if isinstance(slot, Period):
            self.live_cells.add_span(name, place.position, slot, units)
        else:
            self.cells.sums[name][place.base + slot] += units
        if self._loading:
            return
        for way, inner, columns in zip(place.ways, place.inner, touched, strict=True):
            for column in columns:
                column.moved = True
                actual: list[Any] = column.actual
                for node in way:
                    actual[node] += units
                if inner and column.unassigned is not None:
                    column.unassigned[way[0]] += units

    def _take_up(self, codes: Codes) -> LivePlace:
        """Where the facts of a combination of members count; found once."""
        seated = codes if self._reseat is None else self._reseat(codes)
        place = self._seated.get(seated)
        if place is None:
            place = self._seated[seated] = self._seat(seated)
        self._places[codes] = place
        return place

    def _seat(self, codes: Codes) -> LivePlace:
        base = self.live_cells.take_up(codes)
        dimensions, ways, inner = self.shown.dimensions, [], []
        for tree in self.trees:
            way, node = [], tree.home(codes, dimensions)
            while node >= 0:
                way.append(node)
                node = tree.adds_to[node]
            ways.append(tuple(way))
            inner.append(bool(way) and len(tree.counted_children(way[0])) > 0)
        place = LivePlace(base // self.cells.stride, base, tuple(ways), tuple(inner))
        people = [
            dimension.seats.person(code) if code >= 0 else code
            for dimension, code in zip(dimensions, codes, strict=True)
        ]
        for readings in self._readings.values():
            readings.take_up(place, tuple(people))
        return place

    def _find_touched(self, name: str, slot: Slot) -> Sequence[Sequence[LiveColumn]]:
        """For each breakdown the columns of the periods that hold a slot."""
        run = self.cells.timeline.run
        periods = [
            each
            for each in self.shown.periods
            if (each.covers(slot) if isinstance(slot, Period) else slot in run(each))
        ]
        return [[columns[name, each] for each in periods] for columns in self.columns]

    # Which days are spoken of.

    def _span(self, source: str, metric: str, first: date, last: date, sign: int) -> None:
        span = self._spans.get((source, metric))
        if span is None:
            span = self._spans[source, metric] = DaySpan()
        if span.take(first, last, sign):
            self._reported.pop(metric, None)

    @property
    def coverage(self) -> Coverage:
        """Metric id -> the days that its sources speak of; none for a metric without any."""
        found = {each.id: self._days(each.id) for each in self.cells.metrics}
        return {metric: days for metric, days in found.items() if days}

    def _days(self, metric: str) -> list[Days]:
        """What a source declares, else from its first to its last day read."""
        found: list[Days] = []
        for declared in self._declared.values():
            found += declared.get(metric, ())
        for (source, name), span in self._spans.items():
            if name == metric and span.days and name not in self._declared.get(source, {}):
                found.append(span.days)
        return found

    def reported(self, metric: str, period: Period) -> bool:
        """Whether a source speaks of the period by ``as_of``."""
        known = self._reported.get(metric)
        if known is None:
            heard = [each for each in self._days(metric) if each[0] <= self.as_of]
            known = {each: covers(heard, each) for each in self.shown.periods}
            self._reported[metric] = known
        return known[period]

    # What readers see.

    def current(self, tree: int) -> Scorecard:
        """Returns a breakdown as it is at this moment; what is returned goes on changing."""
        return self._card(tree, self.cells, {}, _Current(self, tree))

    def freeze(self) -> tuple[Scorecard, ...]:
        """Returns the scorecards as they are, for good.

        Cost: the columns, and for those that changed since the last time their goals; for
        each metric that changed its cells.
        """
        cells, coverage = self.live_cells.freeze(), self.coverage
        return tuple(
            self._card(tree, cells, coverage, self._freeze_columns(tree))
            for tree in range(len(self.trees))
        )

    def _card(
        self,
        tree: int,
        cells: Cells,
        coverage: Coverage,
        columns: Mapping[tuple[str, Period], ScoreColumn],
    ) -> Scorecard:
        return Scorecard(
            plan=self.shown,
            tree=self.trees[tree],
            as_of=self.as_of,
            cells=cells,
            coverage=coverage,
            periods=self.shown.periods,
            columns=columns,
        )

    def _freeze_columns(self, tree: int) -> Mapping[tuple[str, Period], ScoreColumn]:
        found: dict[tuple[str, Period], ScoreColumn] = {}
        for place, column in self.columns[tree].items():
            if isinstance(column.metric.aggregation, Ratio):
                found[place] = self.ratio(column, found)
            else:
                found[place] = column.freeze(reported=self.reported(*place))
        return found

    def ratio(
        self, column: LiveColumn, parts: Mapping[tuple[str, Period], ScoreColumn]
    ) -> ScoreColumn:
        """Returns the column of a ratio, made from those of its parts."""
        both = self.shown.parts_of(column.metric)
        assert both is not None
        over, under = (parts[each.id, column.period] for each in both)
        return ratio_column(column, over, under, make_divide(column.metric, both))


@attrs.frozen
class _Current(Mapping[tuple[str, Period], ScoreColumn]):
    """The columns of a breakdown as they are at this moment."""

    live: LiveScore
    tree: int

    def __getitem__(self, place: tuple[str, Period]) -> ScoreColumn:
        column = self.live.columns[self.tree][place]
        if isinstance(column.metric.aggregation, Ratio):
            return self.live.ratio(column, self)
        return column.current(reported=self.live.reported(*place))

    def __iter__(self) -> Any:  # noqa: ANN401
        return iter(self.live.columns[self.tree])

    def __len__(self) -> int:
        return len(self.live.columns[self.tree])
