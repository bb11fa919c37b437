"""总览: the headline figures of total goals, and the goals furthest behind, as sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from salesgoal.domain.action import Action
from salesgoal.domain.attainment import Status
from salesgoal.domain.cause import Cause
from salesgoal.domain.pace import Pace
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.said import causes_said, joined
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import FLAGS, bullets, gap_formula, rate_formula
from salesgoal.sheets.sheet import Cell, Column, Flag, Kind, Layout, Line, Sheet, Words
from salesgoal.sheets.words import PACE_WORDS, PROVISIONAL_NOTE, STATUS_WORDS

__all__ = [
    "MOST_BEHIND",
    "BehindGoal",
    "behind_sheet",
    "find_behind",
    "held_cells",
    "overview_sheet",
]

MOST_BEHIND = 5
"""How many goals a metric are named; a note says how many more there are."""

PACE_FLAGS = {
    Pace.ACHIEVED: Flag.MET,
    Pace.AHEAD: Flag.MET,
    Pace.AT_RISK: Flag.PROBLEM,
    Pace.BEHIND: Flag.UNMET,
}
_IN_TIME = {Pace.ACHIEVED, Pace.AHEAD, Pace.ON_TRACK}

_NAME = Column(key="name", title=Words("目标", "Goal"))
_METRIC = (
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period")),
)
_HELD = (
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
    Column(key="attainment_pct", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
)
_STATUS = Column(
    key="status",
    title=Words("状态", "Status"),
    kind=Kind.WORD,
    words={str(status): words for status, words in STATUS_WORDS.items()},
)
_GAP = Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT)
_EXPECTED = Column(key="expected", title=Words("应完成", "Expected"), kind=Kind.AMOUNT)
_PACE = Column(
    key="pace",
    title=Words("进度", "Pace"),
    kind=Kind.WORD,
    words={str(pace): words for pace, words in PACE_WORDS.items()},
)
_OVERVIEW = (
    _NAME,
    *_METRIC,
    *_HELD,
    _STATUS,
    _GAP,
    _EXPECTED,
    _PACE,
    Column(key="projected", title=Words("预计完成", "Projected"), kind=Kind.AMOUNT),
    Column(
        key="required_per_workday", title=Words("所需日均", "Required a day"), kind=Kind.RATE
    ),
)
_BEHIND = (
    Column(key="plan", title=None),
    Column(key="goal", title=Words("目标", "Goal")),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    *_METRIC,
    *_HELD,
    _GAP,
    _PACE,
    Column(key="cause", title=Words("主要偏差原因", "Main cause")),
    Column(key="action", title=Words("未完成的措施", "Open action")),
    Column(key="due_on", title=Words("完成时限", "Due"), kind=Kind.DATE, is_spare=True),
    Column(key="overdue", title=Words("是否逾期", "Overdue")),
)
_OVERDUE = Words("逾期", "overdue")


@attrs.frozen(kw_only=True)
class BehindGoal:
    """A lowest goal that is behind, with what people say and do about it."""

    plan: str
    row: ScoreRow
    causes: Sequence[Cause]
    actions: Sequence[Action]


def overview_sheet(rows: Iterable[tuple[str, ScoreRow]], as_of: date) -> Sheet:
    """Returns the headline figures: a line a total goal and metric, drawn as cards.

    Args:
        rows: What each goal is called, and its row of the plan's period.
        as_of: The last day that counts.
    """
    given = list(rows)
    lines = tuple(_headline(name, row) for name, row in given)
    note = Words(f"截至 {as_of}", f"as of {as_of}")
    provisional = any(row.progress.provisional for _, row in given)
    labels = "metric_name" if len({name for name, _ in given}) == 1 else "name"
    return Sheet(
        id="overview",
        title=Words("总览", "Overview"),
        columns=_OVERVIEW,
        lines=lines,
        notes=(note, PROVISIONAL_NOTE) if provisional else (note,),
        layout=Layout.CARDS,
        charts=(bullets(len(lines), labels), _attainment(len(lines), labels)),
    )


def _attainment(lines: int, labels: str) -> Chart:
    return Chart(
        id="attainment",
        title=Words("达成率(%)", "Attainment (%)"),
        kind=ChartKind.BARS,
        labels=labels,
        series=("attainment_pct",),
        lines=range(lines),
    )


def find_behind(card: Scorecard, name: str) -> list[BehindGoal]:
    """Returns the lowest goals that are short and not in time, the largest gap first.

    Metrics keep their order; of each all goals come that have a gap in the plan's period.

    Args:
        card: Of the breakdown whose goals are named.
        name: What the plan is called.
    """
    tree, plan = card.tree, card.plan
    found: list[BehindGoal] = []
    for metric in plan.metrics:
        rows = []
        for node in tree.reading_order():
            if tree.first[node] == tree.stop[node]:
                row = card.row(tree.path[node], metric=metric.id, period=plan.period)
                if row.status is Status.UNMET and row.progress.pace not in _IN_TIME:
                    rows.append((row, tree.scope[node]))
        rows.sort(key=lambda each: each[0].gap or 0, reverse=True)
        for row, codes in rows:
            actions = [
                each
                for each in plan.reviews.actions
                if each.is_open and each.codes == codes and each.metric == metric.id
            ]
            causes = plan.reviews.causes
            found.append(BehindGoal(plan=name, row=row, causes=causes, actions=actions))
    return found


def behind_sheet(found: Sequence[BehindGoal], as_of: date, *, several: bool = False) -> Sheet:
    """Returns who is furthest behind, at most `MOST_BEHIND` a plan and metric.

    Args:
        found: From `find_behind`.
        as_of: The day at which an action is overdue or not.
        several: Whether the goals are of several plans, which are named.
    """
    lines, more, counts = [], 0, dict[tuple[str, str], int]()
    for each in found:
        key = (each.plan, each.row.metric.id)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] > MOST_BEHIND:
            more += 1
        else:
            lines.append(_behind_line(each, as_of))
    columns = _BEHIND
    if several:
        named = attrs.evolve(columns[0], title=Words("计划", "Plan"), is_filter=True)
        columns = (named, *columns[1:])
    notes = [
        Words(
            "未达成且进度落后或有风险的末级目标，缺口大的在前",
            "lowest goals that are short and behind or at risk, the largest gap first",
        )
    ]
    if more:
        notes.append(Words(f"另有 {more} 个未列出", f"{more} more are not listed"))
    return Sheet(
        id="behind",
        title=Words("落后目标", "Furthest behind"),
        columns=columns,
        lines=tuple(lines),
        notes=tuple(notes),
    )


def held_cells(row: ScoreRow) -> dict[str, Cell]:
    """Returns what a goal's period is held against by column, with live formulas."""
    flag = FLAGS.get(row.status, Flag.NONE)
    rate = rate_formula(row.metric, row.target, row.actual) if row.ratio is not None else None
    pace = row.progress.pace
    return {
        "metric_name": Cell(row.metric.name),
        "metric": Cell(row.metric.id),
        "period": Cell(row.period.label),
        "target": Cell(row.target),
        "actual": Cell(row.actual),
        "attainment_pct": Cell(row.ratio, flag, rate),
        "gap": Cell(row.gap, formula=gap_formula(row)),
        "pace": Cell(
            None if pace is None else str(pace),
            Flag.NONE if pace is None else PACE_FLAGS.get(pace, Flag.NONE),
        ),
    }


def _headline(name: str, row: ScoreRow) -> Line:
    flag = FLAGS.get(row.status, Flag.NONE)
    values = {
        **held_cells(row),
        "name": Cell(name),
        "status": Cell(str(row.status), flag if row.ratio is None else Flag.NONE),
        "expected": Cell(row.progress.expected),
        "projected": Cell(row.progress.projected),
        "required_per_workday": Cell(row.progress.required),
    }
    return line_of(_OVERVIEW, values, row)


def _behind_line(one: BehindGoal, as_of: date) -> Line:
    row = one.row
    due = min((each.due_on for each in one.actions if each.due_on), default=None)
    overdue = any(each.is_overdue(as_of) for each in one.actions)
    values = {
        **held_cells(row),
        "plan": Cell(one.plan),
        "goal": Cell(row.goal or one.plan),
        "owner": Cell(row.ownership.owner),
        "cause": Cell(causes_said(row, one.causes)),
        "action": Cell(joined(Words(each.what, each.what) for each in one.actions)),
        "due_on": Cell(due),
        "overdue": Cell(*((_OVERDUE, Flag.PROBLEM) if overdue else ())),
    }
    return line_of(_BEHIND, values, row)


def line_of(columns: Sequence[Column], values: dict[str, Cell], row: ScoreRow) -> Line:
    """Returns a line in the decimals and unit of the row's metric."""
    cells = tuple(values[column.key] for column in columns)
    return Line(cells, decimals=row.metric.decimals, unit=scalable_unit(row.metric))
