"""Cumulative figures of the total goal (累计): what it came to from the plan's first day on.

A *tile* is a period of the shortest level whose periods cut the plan's period without gap or
overlap. At the end of each tile:

    figure     is
    target     that of the tiles so far: added up, or of a longer period of the plan just as
               long; for `LAST` the tile's own; for a ratio that of its parts; else none
    expected   what the whole target expects by the tile's last day; by ``as_of`` while it runs
    actual     what the days so far came to; none where the tile has not begun
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

import attrs

from salesgoal.domain.expectation import expected_column, own_parts
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.domain.scope import find_people
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.timeline import covers

__all__ = ["CumulativePoint", "cumulate", "tile_plan"]

_Figures = list[Exact | None]


@attrs.frozen(kw_only=True)
class CumulativePoint:
    """One metric of the total goal at the end of a tile, in smallest units.

    Attributes:
        period: The tile.
        own_target: The target of the tile alone.
        own_actual: What the tile alone came to.
        target: From the plan's first day to the end of the tile.
        expected: What the whole target expects by then.
        actual: What the days so far came to.
    """

    period: Period
    own_target: Exact | None
    own_actual: Exact | None
    target: Exact | None
    expected: Exact | None
    actual: Exact | None


def tile_plan(plan: Plan) -> tuple[Period, ...]:
    """Returns the periods of the plan's shortest level that tile it; at least its own."""
    for level in reversed(plan.levels):
        tiles = tuple(each for each in plan.periods if each.level is level)
        ends = (plan.period.start, *(each.stop for each in tiles))
        starts = (*(each.start for each in tiles), plan.period.stop)
        if ends == starts:
            return tiles
    return (plan.period,)


def cumulate(card: Scorecard) -> Mapping[str, tuple[CumulativePoint, ...]]:
    """Returns metric id -> the points of the total goal, tile by tile.

    Args:
        card: Of one of the plan's breakdowns, no cross-cut.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of a running part.

    Cost: facts x tiles for metrics that do not add; goals x tiles where the root has no typed
    periods of its own.
    """
    tiles = tile_plan(card.plan)
    spans = [_span(card.plan, each) for each in tiles]
    targets: dict[str, _Figures] = {}
    actuals = _actuals(card, spans)
    ratios = [each for each in card.plan.metrics if isinstance(each.aggregation, Ratio)]
    for metric in card.plan.metrics:
        if metric not in ratios:
            targets[metric.id] = _targets(card, metric, tiles, spans)
    for metric in ratios:
        targets[metric.id] = _ratios(card.plan, metric, targets)
        actuals[metric.id] = _ratios(card.plan, metric, actuals)
    return {
        metric.id: tuple(
            CumulativePoint(
                period=tile,
                own_target=card.columns[metric.id, tile].targets["target"][0],
                own_actual=_own_actual(card, metric, tile),
                target=targets[metric.id][at],
                expected=_expected(card, metric, tile),
                actual=actuals[metric.id][at],
            )
            for at, tile in enumerate(tiles)
        )
        for metric in card.plan.metrics
    }


def _span(plan: Plan, tile: Period) -> Period:
    """From the plan's first day to the end of a tile; a period of the plan where it is one."""
    start, stop = plan.period.start, tile.stop
    known = {(each.start, each.stop): each for each in reversed(plan.periods)}
    found = known.get((start, stop))
    return found or Period(start, stop, Level.SPAN, f"{start}..{tile.last}")


def _actuals(card: Scorecard, spans: Sequence[Period]) -> dict[str, _Figures]:
    """What facts say of the root; overlays and what is of no goal add nothing to it."""
    plan, cells, tree = card.plan, card.cells, card.tree
    beside = tree.beside
    homes = [
        -1 if node < 0 or beside[node] else 0
        for node in find_homes(tree, cells, plan.dimensions)
    ]
    people = find_people([*cells.combos, *plan.targets.scopes()], plan.dimensions)
    found: dict[str, _Figures] = {}
    for metric in plan.metrics:
        if isinstance(metric.aggregation, Ratio):
            continue
        heard = [each for each in card.coverage.get(metric.id, ()) if each[0] <= card.as_of]
        rolled = roll_up(_alone(tree), homes, cells, metric, spans, people)
        found[metric.id] = [
            rolled[each].actual[0] if covers(heard, each) and begun else None
            for each, begun in zip(spans, _begun(card, spans), strict=True)
        ]
    return found


def _begun(card: Scorecard, spans: Sequence[Period]) -> list[bool]:
    """Whether the last tile of each span has begun."""
    starts = [card.plan.period.start, *(each.stop for each in spans[:-1])]
    return [start <= card.as_of for start in starts]


def _alone(tree: GoalTree) -> GoalTree:
    """The root of a tree without any goal below it."""
    return attrs.evolve(
        tree,
        parent=(-1,),
        first=(1,),
        counted=(1,),
        stop=(1,),
        step=tree.step[:1],
        scope=tree.scope[:1],
        path=tree.path[:1],
    )


def _targets(
    card: Scorecard, metric: Metric, tiles: Sequence[Period], spans: Sequence[Period]
) -> _Figures:
    own = [card.columns[metric.id, each].targets["target"][0] for each in tiles]
    if metric.aggregation is Aggregation.LAST:
        return own
    running: _Figures = [None] * len(own)
    if metric.is_additive:
        running = list(accumulate(own, _plus))
    for at, span in enumerate(spans):
        if (metric.id, span) in card.columns:
            running[at] = card.columns[metric.id, span].targets["target"][0]
    return running


def _plus(left: Exact | None, right: Exact | None) -> Exact | None:
    return None if left is None or right is None else left + right


def _own_actual(card: Scorecard, metric: Metric, tile: Period) -> Exact | None:
    column = card.columns[metric.id, tile]
    return column.actual[0] if column.reported and tile.start <= card.as_of else None


def _expected(card: Scorecard, metric: Metric, tile: Period) -> Exact | None:
    plan, tree = card.plan, card.tree
    by: date = min(tile.last, card.as_of) if tile.start <= card.as_of else tile.last
    typed = plan.targets.of(metric.id)
    due = card.columns[metric.id, plan.period].targets["target"]
    if tree.scope[0] in own_parts(typed, plan.period):
        tree, due = _alone(tree), due[:1]
    column = expected_column(
        tree,
        metric,
        due,
        typed,
        plan.period,
        by,
        settings=plan.pace,
        calendar=plan.calendar,
        workdays=plan.workdays,
    )
    return column[0]


def _ratios(plan: Plan, metric: Metric, found: Mapping[str, _Figures]) -> _Figures:
    assert isinstance(metric.aggregation, Ratio)
    over, under = (
        plan.metric(name)
        for name in (metric.aggregation.numerator, metric.aggregation.denominator)
    )
    return [
        None
        if left is None or right is None
        else metric.ratio_units(left, right, (over, under))
        for left, right in zip(found[over.id], found[under.id], strict=True)
    ]
