"""Roll-up: from cells to every goal and period, level by level from below.

parent = sum of the children + *unassigned*, for every goal, period and breakdown: a fact that
matches a goal but none of its children stays with the goal and is shown, never lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, itemgetter
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.reading import READING_RULES, Reading, ReadingRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from salesgoal.domain.cells import Condensed, Slot
    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.goal_tree import GoalTree
    from salesgoal.domain.scope import Codes

__all__ = ["Rolled", "find_homes", "latest_balances", "roll_up"]


@attrs.frozen
class Rolled:
    """What one metric came to in one period, per goal, in smallest units.

    ``unassigned`` is None for metrics that do not add. A value is None where nothing was read
    and zero would be a guess (averages, extremes, balances).
    """

    actual: Sequence[Exact | None]
    unassigned: Sequence[int] | None


def roll_up(
    tree: GoalTree,
    homes: Sequence[int],
    cells: Condensed,
    metric: Metric,
    periods: Iterable[Period],
    people: Mapping[Codes, Codes] | None = None,
) -> dict[Period, Rolled]:
    """Returns a metric for every goal and period.

    Costs goals x (atoms + periods) for metrics that add; for the others readings x periods.

    Args:
        tree: The breakdown.
        homes: The goal of each combination of the cells, from `GoalTree.home`.
        cells: The condensed facts.
        metric: One that facts carry; ratios are made from rolled-up parts.
        periods: The periods asked for.
        people: The combinations of those who moved, from `find_people`: a balance moves along.
    """
    if metric.aggregation is not Aggregation.SUM:
        rule = READING_RULES[metric.reading]
        readings = cells.readings[metric.id]
        moves = people and metric.aggregation is Aggregation.LAST
        seats = _seats(cells, people) if people and moves else {}
        return {
            each: _merge_up(tree, homes, cells, readings, rule, each, seats) for each in periods
        }
    values = cells.units(metric.id)
    if not any(values) and not cells.spans[metric.id]:
        nothing = [0] * len(tree)
        return dict.fromkeys(periods, Rolled(nothing, nothing))
    direct = _by_atom(tree, homes, cells, values)
    own = _Runs([[column[node] for node in tree.inner] for column in direct])
    rolled = _Runs([sum_up(tree, column) for column in direct])
    wanted = sorted(periods, key=lambda period: period.days)
    return {each: _sum(tree, homes, cells, metric, each, own, rolled) for each in wanted}


def find_homes(tree: GoalTree, cells: Condensed, dimensions: Sequence[Dimension]) -> list[int]:
    """Returns the lowest goal of each member combination of the cells; -1 for none.

    Most combinations are just the scope of a lowest goal and are found by it.
    """
    found = map(tree.leaves.get, cells.combos)
    pairs = zip(cells.combos, found, strict=True)
    return [tree.home(codes, dimensions) if node is None else node for codes, node in pairs]


def sum_up(tree: GoalTree, direct: Sequence[int]) -> list[int]:
    """Returns each goal's own units plus those of all goals below it."""
    column = list(direct)
    first, counted = tree.first, tree.counted
    for node in tree.inner:
        column[node] += sum(column[first[node] : counted[node]])
    return column


def _by_atom(
    tree: GoalTree, homes: Sequence[int], cells: Condensed, values: Sequence[int]
) -> list[list[int]]:
    """One column an atom: what lies at each goal itself, its children not counted.

    Most goals are the home of one combination or none, so columns are picked whole; what the
    further combinations of a goal hold is added after. What has no home falls into the place
    behind the last goal, and out.
    """
    nothing = len(homes)
    only = [nothing] * (len(tree) + 1)
    further = []
    for position, node in enumerate(homes):
        if only[node] == nothing:
            only[node] = position
        else:
            further.append((node, position))
    columns, pick = [], itemgetter(*only)
    for atom in range(len(cells.timeline)):
        held = [*values[atom :: cells.stride], 0]
        column = list(pick(held))
        for node, position in further:
            column[node] += held[position]
        column.pop()
        columns.append(column)
    return columns


def _sum(
    tree: GoalTree,
    homes: Sequence[int],
    cells: Condensed,
    metric: Metric,
    period: Period,
    own: _Runs,
    rolled: _Runs,
) -> Rolled:
    """One period: ``own`` at the inner goals, ``rolled`` at all."""
    run = cells.timeline.run(period)
    kept = own.total(run)
    actual = rolled.total(run)
    spans = _spans(homes, cells, metric, period, len(tree))
    if spans:
        kept = _add(kept, [spans[node] for node in tree.inner])
        actual = _add(actual, sum_up(tree, spans))
    unassigned = [0] * len(tree)
    for node, units in zip(tree.inner, kept, strict=True):
        unassigned[node] = units
    return Rolled(actual, unassigned)


def _add(left: Sequence[int], right: Sequence[int]) -> list[int]:
    return list(map(add, left, right))


class _Runs:
    """Columns by atom, and the totals of runs of them; longer runs reuse shorter ones."""

    def __init__(self, columns: Sequence[list[int]]) -> None:
        self._totals = {(atom, atom + 1): column for atom, column in enumerate(columns)}
        self._stops = {atom: [atom + 1] for atom in range(len(columns))}

    def total(self, run: range) -> list[int]:
        """Returns the sum of the columns of a run; asked from the shortest to the longest."""
        parts, start = [], run.start
        while start < run.stop:
            stop = next(each for each in reversed(self._stops[start]) if each <= run.stop)
            parts.append(self._totals[start, stop])
            start = stop
        self._stops[run.start].append(run.stop)
        return self._totals.setdefault((run.start, run.stop), reduce(_add, parts))


def _spans(
    homes: Sequence[int], cells: Condensed, metric: Metric, period: Period, size: int
) -> list[int]:
    """Facts that give a total of several atoms, where the period covers them whole."""
    inside = [
        (position, units)
        for (position, span), units in cells.spans[metric.id].items()
        if period.covers(span)
    ]
    column = [0] * (size + 1) if inside else []
    for position, units in inside:
        column[homes[position]] += units
    return column[:size]


def _merge_up(
    tree: GoalTree,
    homes: Sequence[int],
    cells: Condensed,
    readings: Mapping[tuple[int, Slot], Reading],
    rule: ReadingRule,
    period: Period,
    seats: Mapping[int, Codes],
) -> Rolled:
    """Merges readings over time, combination by combination, then up the paths."""
    merged: list[Reading] = [None] * len(tree)
    latest = _merge_over_time(cells, readings, rule, period, seats)
    for position, reading in latest.items():
        node = homes[position]
        while node >= 0:
            known = merged[node]
            merged[node] = reading if known is None else rule.over_tree(known, reading)
            node = tree.adds_to[node]
    values = [rule.nothing if each is None else rule.value(each) for each in merged]
    return Rolled(values, None)


def latest_balances(
    cells: Condensed, metric: Metric, period: Period, people: Mapping[Codes, Codes]
) -> dict[Codes, tuple[date, int]]:
    """Returns the day and units of the balance that counts of each member combination.

    Args:
        cells: The condensed facts.
        metric: One that takes the last.
        period: Inside which the balances lie.
        people: The combinations of those who moved, from `find_people`.
    """
    rule, readings = READING_RULES[metric.reading], cells.readings[metric.id]
    found = _merge_over_time(cells, readings, rule, period, _seats(cells, people))
    combos = list(cells.combos)
    return {combos[position]: reading for position, reading in found.items()}


def _merge_over_time(
    cells: Condensed,
    readings: Mapping[tuple[int, Slot], Reading],
    rule: ReadingRule,
    period: Period,
    seats: Mapping[int, Codes],
) -> dict[int, Reading]:
    """Position of a combination -> its reading in a period, former seats left out."""
    latest: dict[int, Reading] = {}
    run = cells.timeline.run(period)
    for (position, slot), reading in readings.items():
        if period.covers(slot) if isinstance(slot, Period) else slot in run:
            known = latest.get(position)
            latest[position] = reading if known is None else rule.over_time(known, reading)
    if seats:
        _leave_behind(latest, seats)
    return latest


def _seats(cells: Condensed, people: Mapping[Codes, Codes]) -> dict[int, Codes]:
    """Position of a combination with a seat of who moved -> who it is."""
    pairs = enumerate(cells.combos)
    return {position: people[codes] for position, codes in pairs if codes in people}


def _leave_behind(latest: dict[int, Reading], seats: Mapping[int, Codes]) -> None:
    """Takes out balances that moved to a later seat: they would count twice."""
    newest: dict[Codes, date] = {}
    known = [position for position in seats if position in latest]
    for position in known:
        day = latest[position][0]
        newest[seats[position]] = max(day, newest.get(seats[position], day))
    for position in known:
        if latest[position][0] < newest[seats[position]]:
            del latest[position]
