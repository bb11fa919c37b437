"""The scorecard as a sheet: one line a goal, metric and period."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from salesgoal.domain.attainment import Status
from salesgoal.domain.metric import Direction, Metric
from salesgoal.domain.scorecard import ScoreRow
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Flag,
    Formula,
    Kind,
    Less,
    Line,
    Percent,
    Sheet,
    Words,
)
from salesgoal.sheets.words import PACE_WORDS, PROVISIONAL_NOTE, STATUS_WORDS

__all__ = ["FLAGS", "bullets", "gap_formula", "rate_formula", "score_sheet"]

FLAGS = {Status.MET: Flag.MET, Status.UNMET: Flag.UNMET}

_COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), tree=True, machine=False),
    Column(key="goal", title=None),
    Column(key="scope", title=None, kind=Kind.SCOPE),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False, is_filter=True),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period"), is_filter=True),
    Column(key="level", title=None),
    Column(key="start", title=None, kind=Kind.DATE),
    Column(key="last", title=None, kind=Kind.DATE),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="floor", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="stretch", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="original", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="commit", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="commit_difference", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
    Column(key="attainment_pct", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
    Column(
        key="status",
        title=Words("状态", "Status"),
        kind=Kind.WORD,
        words={str(status): words for status, words in STATUS_WORDS.items()},
        is_filter=True,
        is_spare=True,
    ),
    Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT),
    Column(key="mismatch", title=Words("分解差额", "Mismatch"), kind=Kind.AMOUNT),
    Column(key="unassigned", title=Words("未分配", "Unassigned"), kind=Kind.AMOUNT),
    Column(key="expected", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(
        key="pace",
        title=None,
        kind=Kind.WORD,
        words={str(pace): words for pace, words in PACE_WORDS.items()},
    ),
    Column(key="projected", title=None, kind=Kind.AMOUNT, is_spare=True),
    Column(key="required_per_workday", title=None, kind=Kind.RATE, is_spare=True),
)

_SOMETIMES = {
    "floor": Words("保底目标", "Floor"),
    "stretch": Words("挑战目标", "Stretch"),
    "original": Words("原目标值", "Original target"),
    "commit": Words("承诺值", "Commit"),
    "commit_difference": Words("承诺差额", "Commit less target"),
}


_PACE_TITLES = {
    "expected": Words("应完成", "Expected"),
    "pace": Words("进度", "Pace"),
    "projected": Words("预计完成", "Projected"),
    "required_per_workday": Words("所需日均", "Required a day"),
}


def score_sheet(rows: Iterable[ScoreRow], root: str) -> Sheet:
    """Returns the rows as a sheet, in their order.

    People see floors, stretches and commits where a row has one, original targets where a
    revision has changed one, the pace of what still runs, and what each workday left must bring
    where the plan says which days are worked.

    Args:
        rows: From `Scorecard.rows`.
        root: What the root goal is called.
    """
    seen: set[str] = set()
    running, provisional, lines = False, False, []
    for row in rows:
        lines.append(_line(row, root))
        seen |= {key for key in _SOMETIMES if getattr(row, key) is not None}
        seen |= {"revised"} if row.original != row.target else set()
        running = running or (
            row.progress.pace is not None and row.progress.expected != row.target
        )
        provisional = provisional or row.progress.provisional
        seen |= {"required"} if row.progress.required is not None else set()
    wanted = seen if "revised" in seen else seen - {"original"}
    titles = {key: words for key, words in _SOMETIMES.items() if key in wanted}
    titles |= _PACE_TITLES if running else {}
    if "required" not in seen:
        titles.pop("required_per_workday", None)
    columns = (attrs.evolve(each, title=titles.get(each.key, each.title)) for each in _COLUMNS)
    return Sheet(
        id="rows",
        title=Words("达成情况", "Scorecard"),
        columns=tuple(columns),
        lines=tuple(lines),
        notes=(PROVISIONAL_NOTE,) if provisional else (),
        is_outline=True,
        charts=(bullets(len(lines), "name"),),
    )


def bullets(lines: int, labels: str) -> Chart:
    """Returns what draws actual, target and expected in each of the first lines."""
    return Chart(
        id="bullets",
        title=Words("目标与实际", "Target and actual"),
        kind=ChartKind.BULLETS,
        labels=labels,
        series=("actual", "target", "expected"),
        lines=range(lines),
    )


def gap_formula(row: ScoreRow) -> Less | None:
    """Returns what a gap means in terms of other columns; None where it is no whole number.

    Fractions of smallest units are shown rounded, and what is rounded does not add up.
    """
    if not (isinstance(row.target, int) and isinstance(row.actual, int)):
        return None
    if row.metric.direction is Direction.MAXIMISE:
        return Less("target", "actual")
    return Less("actual", "target")


def rate_formula(
    metric: Metric,
    target: object,
    actual: object,
    *,
    over: str = "actual",
    under: str = "target",
) -> Formula | None:
    """Returns what an attainment means in terms of other columns; None where it is no quotient.

    Args:
        metric: Its direction decides which is divided by which.
        target: The target, in units.
        actual: The actual, in units; a fraction is shown rounded, and gives another rate.
        over: The column of the actual.
        under: The column of the target.
    """
    if not (isinstance(target, int) and isinstance(actual, int)):
        return None
    if target <= 0 or metric.baseline is not None:
        return None
    if metric.direction is Direction.MINIMISE:
        over, under = under, over
    return Percent(over, under)


def _line(row: ScoreRow, root: str) -> Line:
    flag = FLAGS.get(row.status, Flag.NONE)
    metric = row.metric
    rate = rate_formula(metric, row.target, row.actual) if row.ratio is not None else None
    values: dict[str, Cell] = {
        "name": Cell(row.goal.rpartition("/")[2] or root),
        "goal": Cell(row.goal),
        "scope": Cell(row.scope),
        "owner": Cell(row.ownership.owner),
        "metric_name": Cell(metric.name),
        "metric": Cell(metric.id),
        "period": Cell(row.period.label),
        "level": Cell(str(row.period.level)),
        "start": Cell(row.period.start),
        "last": Cell(row.period.last),
        "target": Cell(row.target),
        "floor": Cell(row.floor),
        "stretch": Cell(row.stretch),
        "original": Cell(row.original),
        "commit": Cell(row.commit),
        "commit_difference": Cell(
            row.commit_difference,
            formula=(
                Less("commit", "target") if isinstance(row.commit_difference, int) else None
            ),
        ),
        "actual": Cell(row.actual),
        "attainment_pct": Cell(row.ratio, flag, rate),
        "status": Cell(str(row.status), flag if row.ratio is None else Flag.NONE),
        "gap": Cell(row.gap, formula=gap_formula(row)),
        "mismatch": Cell(row.mismatch),
        "unassigned": Cell(row.unassigned),
        "expected": Cell(row.progress.expected),
        "pace": Cell(None if row.progress.pace is None else str(row.progress.pace)),
        "projected": Cell(row.progress.projected),
        "required_per_workday": Cell(row.progress.required),
    }
    cells = tuple(values.get(column.key, Cell()) for column in _COLUMNS)
    return Line(cells, depth=row.depth, decimals=metric.decimals, unit=scalable_unit(metric))
