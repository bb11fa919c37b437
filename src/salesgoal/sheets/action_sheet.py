"""改进措施表: every action with who, until when, how far, and what became of the gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.plan import Plan
from salesgoal.domain.recovery import Recovery, RecoveryStatus
from salesgoal.domain.scope import decode_scope
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.sheet import Cell, Column, Flag, Kind, Less, Line, Sheet, Words

__all__ = ["action_sheet"]

_STATES = {
    str(ActionState.OPEN): Words("未开始", "open"),
    str(ActionState.DOING): Words("进行中", "doing"),
    str(ActionState.DONE): Words("已完成", "done"),
    str(ActionState.DROPPED): Words("已取消", "dropped"),
}
_RECOVERY = {
    str(RecoveryStatus.NO_LATER_PERIOD): Words("计划中没有后续期间", "no later period"),
    str(RecoveryStatus.PENDING): Words("后续期间未结束", "later period not over"),
    str(RecoveryStatus.NO_GAP): Words("缺口未知", "gap not known"),
    str(RecoveryStatus.JUDGED): Words("已对比", "compared"),
}
_COLUMNS = (
    Column(key="number", title=Words("措施编号", "No")),
    Column(key="goal", title=Words("目标", "Goal")),
    Column(key="metric", title=Words("指标", "Metric")),
    Column(key="period", title=Words("期间", "Period"), is_filter=True),
    Column(key="action", title=Words("改进措施", "Action")),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    Column(key="due_on", title=Words("完成时限", "Due"), kind=Kind.DATE),
    Column(key="state", title=Words("状态", "State"), kind=Kind.WORD, words=_STATES),
    Column(key="overdue", title=Words("是否逾期", "Overdue")),
    Column(key="expected", title=Words("预计挽回", "Expected"), kind=Kind.AMOUNT),
    Column(key="later", title=Words("后续期间", "Later period")),
    Column(key="before", title=Words("措施前缺口", "Gap before"), kind=Kind.AMOUNT),
    Column(key="after", title=Words("后续缺口", "Gap after"), kind=Kind.AMOUNT),
    Column(key="narrowed", title=Words("缺口缩小", "Narrowed by"), kind=Kind.AMOUNT),
    Column(
        key="share_pct",
        title=Words("缩小占预计(%)", "Of the expected (%)"),
        kind=Kind.PERCENT,
    ),
    Column(
        key="compared", title=Words("对比情况", "Compared"), kind=Kind.WORD, words=_RECOVERY
    ),
    Column(key="outcome", title=Words("措施结果", "Outcome")),
    Column(key="author", title=Words("填写人", "By")),
)
_OVERDUE = Words("逾期", "overdue")


def action_sheet(plan: Plan, found: Sequence[Recovery], as_of: date) -> Sheet:
    """Returns one line an action.

    Args:
        plan: Whose actions they are.
        found: What became of each.
        as_of: The day at which an action is overdue or not.
    """
    note = Words(
        f"截至 {as_of}；缺口缩小只说明缺口的变化，不说明是由措施造成",
        f"as of {as_of}; that a gap narrowed does not say that the action did it",
    )
    return Sheet(
        id="actions",
        title=Words("改进措施表", "Actions"),
        columns=_COLUMNS,
        lines=tuple(_line(plan, each, as_of) for each in found),
        notes=(note,),
    )


def _line(plan: Plan, one: Recovery, as_of: date) -> Line:
    action, metric = one.action, plan.metric(one.action.metric)
    overdue = action.is_overdue(as_of)
    live = Less("before", "after") if isinstance(one.narrowed, int) else None
    values: dict[str, Cell] = {
        "number": Cell(str(action.number)),
        "goal": Cell(_goal(plan, action)),
        "metric": Cell(metric.name),
        "period": Cell(action.period.label),
        "action": Cell(action.what),
        "owner": Cell(action.owner or plan.ownership.of(action.codes, action.period).owner),
        "due_on": Cell(action.due_on),
        "state": Cell(str(action.state)),
        "overdue": Cell(*((_OVERDUE, Flag.PROBLEM) if overdue else ())),
        "expected": Cell(action.recovery_units),
        "later": Cell(one.later.label if one.later else None),
        "before": Cell(one.before),
        "after": Cell(one.after),
        "narrowed": Cell(one.narrowed, formula=live),
        "share_pct": Cell(one.share),
        "compared": Cell(str(one.status)),
        "outcome": Cell(action.outcome),
        "author": Cell(action.author),
    }
    cells = tuple(values[column.key] for column in _COLUMNS)
    return Line(cells, decimals=metric.decimals, unit=scalable_unit(metric))


def _goal(plan: Plan, action: Action) -> str:
    return "/".join(decode_scope(action.codes, plan.dimensions).values()) or plan.name
