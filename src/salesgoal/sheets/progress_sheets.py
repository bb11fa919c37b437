"""累计进度 and 下级目标: the total goal over time, and the goals right below it, as sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from salesgoal.domain.cumulative import CumulativePoint
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.plan import Plan
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.overview_sheets import held_cells
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import bullets
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Kind,
    Line,
    Role,
    Running,
    Sheet,
    Words,
)
from salesgoal.sheets.words import PACE_WORDS, named

__all__ = ["children_sheet", "cumulative_sheet"]

_CUMULATIVE = (
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False, is_filter=True),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period")),
    Column(key="own_target", title=Words("本期目标", "Target of it"), kind=Kind.AMOUNT),
    Column(key="own_actual", title=Words("本期实际", "Actual of it"), kind=Kind.AMOUNT),
    Column(key="target", title=Words("累计目标", "Target to date"), kind=Kind.AMOUNT),
    Column(key="expected", title=Words("累计应完成", "Expected to date"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("累计实际", "Actual to date"), kind=Kind.AMOUNT),
)
_CHILDREN = (
    Column(key="name", title=Words("目标", "Goal")),
    Column(key="goal", title=None),
    Column(key="by", title=None),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False, is_filter=True),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period")),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
    Column(key="attainment_pct", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
    Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT),
    Column(key="expected", title=Words("应完成", "Expected"), kind=Kind.AMOUNT),
    Column(
        key="pace",
        title=Words("进度", "Pace"),
        kind=Kind.WORD,
        words={str(pace): words for pace, words in PACE_WORDS.items()},
    ),
)


def cumulative_sheet(plan: Plan, found: Mapping[str, Sequence[CumulativePoint]]) -> Sheet:
    """Returns the total goal over time: a block a metric, a line a period, a curve a block.

    Args:
        plan: Whose total goal it is.
        found: From `cumulate`.
    """
    lines: list[Line] = []
    charts: list[Chart] = []
    for metric in plan.metrics:
        points = found[metric.id]
        start = len(lines)
        lines += [_point(metric, points, at) for at in range(len(points))]
        charts.append(
            Chart(
                id=f"curve_{metric.id}",
                title=_about(metric, Words("累计进度", "to date")),
                kind=ChartKind.CURVES,
                labels="period",
                series=("target", "expected", "actual"),
                lines=range(start, len(lines)),
            )
        )
    note = Words(
        "从计划第一天起累计；进行中的期间，应完成和实际按截至日计",
        "from the first day of the plan on; a period that runs counts to the day of the report",
    )
    return Sheet(
        id="cumulative",
        title=Words("累计进度", "To date"),
        columns=_CUMULATIVE,
        lines=tuple(lines),
        notes=(note,),
        charts=tuple(charts),
    )


def _point(metric: Metric, points: Sequence[CumulativePoint], at: int) -> Line:
    point = points[at]
    so_far = points[: at + 1]
    target = _running("own_target", point.target, [each.own_target for each in so_far])
    actual = _running("own_actual", point.actual, [each.own_actual for each in so_far])
    cells = (
        Cell(metric.name),
        Cell(metric.id),
        Cell(point.period.label),
        Cell(point.own_target),
        Cell(point.own_actual),
        Cell(point.target, formula=target),
        Cell(point.expected),
        Cell(point.actual, formula=actual),
    )
    return Line(cells, decimals=metric.decimals, unit=scalable_unit(metric))


def _running(column: str, whole: Exact | None, parts: Sequence[Exact | None]) -> Running | None:
    """The figure as a sum over the lines, where it is just that."""
    known = [each for each in parts if isinstance(each, int)]
    if not isinstance(whole, int) or len(known) < len(parts) or sum(known) != whole:
        return None
    return Running(column, len(parts))


def children_sheet(cards: Sequence[Scorecard]) -> Sheet | None:
    """Returns the goals that make up the root: a block a breakdown and metric, with charts.

    What the goals leave over of target and actual stands below each block. None where there is
    no goal below the root.

    Args:
        cards: Of the breakdowns; one whose goals another one has is left out.
    """
    lines: list[Line] = []
    charts: list[Chart] = []
    chosen = list(_with_children(cards))
    for card in chosen:
        for metric in card.plan.metrics:
            start = len(lines)
            broken = card.tree.breakdown
            by = Words(broken.title(card.plan.dimensions), broken.name)
            lines += [_child(row, by) for row in _child_rows(card, metric)]
            charts += _charts(card, metric, range(start, len(lines)), len(chosen) > 1)
            lines += _left_over(card, metric)
    if not lines:
        return None
    return Sheet(
        id="children",
        title=Words("下级目标", "Goals below"),
        columns=_CHILDREN,
        lines=tuple(lines),
        charts=(bullets(len(lines), "name"), *charts),
    )


def _with_children(cards: Sequence[Scorecard]) -> Iterator[Scorecard]:
    seen: set[tuple[object, ...]] = set()
    for card in cards:
        tree = card.tree
        scopes = tuple(tree.scope[node] for node in tree.counted_children(0))
        if scopes and scopes not in seen:
            seen.add(scopes)
            yield card


def _child_rows(card: Scorecard, metric: Metric) -> Iterator[ScoreRow]:
    period = card.plan.period
    for node in card.tree.counted_children(0):
        yield card.row(card.tree.path[node], metric=metric.id, period=period)


def _charts(card: Scorecard, metric: Metric, lines: range, several: bool) -> Iterator[Chart]:  # noqa: FBT001 - private
    by = f"_{card.tree.breakdown.by[0]}" if several else ""
    yield Chart(
        id=f"attainment_{metric.id}{by}",
        title=_about(metric, Words("达成率(%)", "attainment (%)")),
        kind=ChartKind.BARS,
        labels="name",
        series=("attainment_pct",),
        lines=lines,
    )
    yield Chart(
        id=f"target_actual_{metric.id}{by}",
        title=_about(metric, Words("目标与实际", "target and actual")),
        kind=ChartKind.COLUMNS,
        labels="name",
        series=("target", "actual"),
        lines=lines,
    )


def _child(row: ScoreRow, by: Words) -> Line:
    values = {
        **held_cells(row),
        "name": Cell(row.goal.rpartition("/")[2]),
        "goal": Cell(row.goal),
        "by": Cell(by),
        "owner": Cell(row.ownership.owner),
        "expected": Cell(row.progress.expected),
    }
    return _line(values, metric=row.metric)


def _left_over(card: Scorecard, metric: Metric) -> Iterator[Line]:
    """What the goals below leave over of the root, where that is not nothing."""
    root = card.row(metric=metric.id, period=card.plan.period)
    if not (root.mismatch or root.unassigned):
        return
    values = {
        "name": Cell(Words("未分配", "Unassigned")),
        "metric_name": Cell(metric.name),
        "metric": Cell(metric.id),
        "period": Cell(root.period.label),
        "target": Cell(root.mismatch),
        "actual": Cell(root.unassigned),
    }
    yield _line(values, metric=metric, role=Role.REST)


def _line(values: Mapping[str, Cell], *, metric: Metric, role: Role = Role.BODY) -> Line:
    cells = tuple(values.get(column.key, Cell()) for column in _CHILDREN)
    return Line(cells, role, decimals=metric.decimals, unit=scalable_unit(metric))


def _about(metric: Metric, what: Words) -> Words:
    name = named(metric.name, metric.id)
    return Words(f"{name.zh} {what.zh}", f"{name.en} {what.en}")
