"""偏差原因表 and the gap split by cause: what was said, and what each cause comes to."""

from __future__ import annotations

from salesgoal.domain.cause import CauseKind
from salesgoal.domain.gap_ledger import LedgerLine
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import decode_scope
from salesgoal.sheets.said import cause_words
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Role,
    Sheet,
    Total,
    Words,
)

__all__ = ["by_cause_sheet", "cause_sheet"]

_KINDS = {
    str(CauseKind.SUBJECTIVE): Words("主观", "subjective"),
    str(CauseKind.OBJECTIVE): Words("客观", "objective"),
}
_KIND = Column(key="kind", title=Words("类别", "Kind"), kind=Kind.WORD, words=_KINDS)
_CAUSE_COLUMNS = (
    Column(key="key", title=Words("原因标识", "Key")),
    Column(key="goal_name", title=Words("目标", "Goal"), machine=False),
    Column(key="goal", title=None),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period")),
    _KIND,
    Column(key="cause_words", title=Words("偏差原因", "Cause"), machine=False),
    Column(key="code", title=None),
    Column(key="text", title=None),
    Column(key="amount", title=Words("归因金额", "Amount"), kind=Kind.AMOUNT),
    Column(key="note", title=Words("备注", "Note")),
    Column(key="author", title=Words("填写人", "By")),
)


def cause_sheet(plan: Plan) -> Sheet:
    """Returns one line a cause that was named, with the key by which it is corrected."""
    lines = []
    for each in plan.reviews.explanations:
        metric = plan.metric(each.metric)
        goal = "/".join(decode_scope(each.codes, plan.dimensions).values())
        values = {
            "key": Cell(each.key),
            "goal_name": Cell(goal or plan.name),
            "goal": Cell(goal),
            "metric_name": Cell(metric.name),
            "metric": Cell(metric.id),
            "period": Cell(each.period.label),
            "kind": Cell(None if each.kind is None else str(each.kind)),
            "cause_words": Cell(cause_words(each.cause, each.text)),
            "code": Cell(None if each.cause is None else each.cause.code),
            "text": Cell(each.text),
            "amount": Cell(each.amount_units),
            "note": Cell(each.note),
            "author": Cell(each.author),
        }
        cells = tuple(values[column.key] for column in _CAUSE_COLUMNS)
        lines.append(Line(cells, decimals=metric.decimals))
    note = Words(
        "用 salesgoal review PLAN --correct 标识 更正，--withdraw 标识 撤回",
        "salesgoal review PLAN --correct KEY corrects, --withdraw KEY withdraws",
    )
    return Sheet(
        id="causes",
        title=Words("偏差原因表", "Causes"),
        columns=_CAUSE_COLUMNS,
        lines=tuple(lines),
        notes=(note,),
    )


def by_cause_sheet(found: LedgerLine, root: str) -> Sheet:
    """Returns a gap by cause, here and below; the lines add up to the gap.

    Args:
        found: A line with a gap.
        root: What the root goal is called.
    """
    row = found.row
    decimals = row.metric.decimals
    columns = (
        Column(key="cause", title=Words("偏差原因", "Cause")),
        _KIND,
        Column(key="remarks", title=Words("次数", "Remarks"), kind=Kind.AMOUNT, decimals=0),
        Column(
            key="effect",
            title=Words("对缺口的影响", "Effect on the gap"),
            kind=Kind.AMOUNT,
            decimals=decimals,
        ),
    )
    lines = [
        Line(
            (
                Cell(cause_words(each.cause, each.text)),
                Cell(None if each.kind is None else str(each.kind)),
                Cell(each.remarks),
                Cell(each.units),
            )
        )
        for each in found.by_cause()
    ]
    flag = Flag.PROBLEM if found.is_over_explained else Flag.NONE
    rest = (Cell(Words("未解释", "unexplained")), Cell(), Cell(), Cell(found.unexplained, flag))
    total = (Cell(row.goal or root), Cell(), Cell(), Cell(row.gap, formula=Total()))
    where = f"{row.goal or root} · {{}} · {row.period.label}"
    return Sheet(
        id="variance_by_cause",
        title=Words("偏差分解(按原因)", "Gap by cause"),
        columns=columns,
        lines=(*lines, Line(rest, Role.REST), Line(total, Role.TOTAL)),
        notes=(Words(where.format(row.metric.name), where.format(row.metric.id)),),
    )
