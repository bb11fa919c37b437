"""Alerts as a sheet: what changed since an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salesgoal.domain.alert import Alert, AlertKind
from salesgoal.domain.number import Exact, percent, to_amount
from salesgoal.domain.pace import Pace
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.sheet import Cell, Column, Flag, Kind, Line, Sheet, Words
from salesgoal.sheets.words import PACE_WORDS

__all__ = ["alert_sheet"]

_KINDS = {
    str(AlertKind.BEHIND): Words("进度落后", "behind"),
    str(AlertKind.RECOVERED): Words("进度好转", "recovered"),
    str(AlertKind.MILESTONE): Words("达到里程碑", "milestone"),
    str(AlertKind.FORECAST): Words("预计完不成", "forecast misses the goal"),
    str(AlertKind.OVERDUE): Words("措施逾期", "overdue"),
}
_GOOD = frozenset({AlertKind.RECOVERED, AlertKind.MILESTONE})
_COLUMNS = (
    Column(key="kind", title=Words("提醒", "Alert"), kind=Kind.WORD, words=_KINDS),
    Column(key="goal_name", title=Words("目标", "Goal"), machine=False),
    Column(key="goal", title=None),
    Column(key="owner", title=Words("责任人", "Owner")),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period")),
    Column(key="before_words", title=Words("此前", "Before"), kind=Kind.AMOUNT, machine=False),
    Column(key="after_words", title=Words("现在", "After"), kind=Kind.AMOUNT, machine=False),
    Column(key="before", title=None),
    Column(key="after", title=None),
    Column(key="milestone_pct", title=Words("里程碑(%)", "Milestone (%)"), kind=Kind.PERCENT),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
    Column(key="expected", title=Words("应完成", "Expected"), kind=Kind.AMOUNT),
    Column(key="number", title=Words("措施编号", "Action no")),
    Column(key="action", title=Words("改进措施", "Action")),
    Column(key="due_on", title=Words("完成时限", "Due"), kind=Kind.DATE),
)


def alert_sheet(found: Sequence[Alert], root: str, since: date, as_of: date) -> Sheet:
    """Returns one line an alert.

    Args:
        found: From `find_alerts`.
        root: What the root goal is called.
        since: The earlier day.
        as_of: The later day.
    """
    note = Words(f"{since} 与 {as_of} 相比", f"{as_of} against {since}")
    return Sheet(
        id="alerts",
        title=Words("提醒", "Alerts"),
        columns=_COLUMNS,
        lines=tuple(_line(each, root) for each in found),
        notes=(note,),
    )


def _line(one: Alert, root: str) -> Line:
    flag = Flag.MET if one.kind in _GOOD else Flag.PROBLEM
    action = one.action
    values = {
        "kind": Cell(str(one.kind), flag),
        "goal_name": Cell(one.goal or root),
        "goal": Cell(one.goal),
        "owner": Cell(one.owner),
        "metric_name": Cell(one.metric.name),
        "metric": Cell(one.metric.id),
        "period": Cell(one.period.label),
        "before_words": Cell(_said(one, one.before)),
        "after_words": Cell(_said(one, one.after)),
        "before": Cell(_code(one, one.before)),
        "after": Cell(_code(one, one.after)),
        "milestone_pct": Cell(one.milestone),
        "target": Cell(one.target),
        "actual": Cell(one.actual),
        "expected": Cell(one.expected),
        "number": Cell(None if action is None else str(action.number)),
        "action": Cell(None if action is None else action.what),
        "due_on": Cell(None if action is None else action.due_on),
    }
    cells = tuple(values[column.key] for column in _COLUMNS)
    return Line(cells, decimals=one.metric.decimals, unit=scalable_unit(one.metric))


def _said(one: Alert, value: Pace | Exact | None) -> Words | Exact | None:
    """A pace or a share in words; an amount as it is, shown in the scale of the others."""
    if isinstance(value, Pace):
        return PACE_WORDS[value]
    if value is None or one.kind is not AlertKind.MILESTONE:
        return value
    text = f"{percent(value):,f}%"
    return Words(text, text)


def _code(one: Alert, value: Pace | Exact | None) -> str | None:
    """For machines: a pace, a percent or an amount, in plain notation."""
    if value is None:
        return None
    if isinstance(value, Pace):
        return str(value)
    if one.kind is AlertKind.MILESTONE:
        return f"{percent(value):f}"
    return f"{to_amount(value, one.metric.decimals):f}"
