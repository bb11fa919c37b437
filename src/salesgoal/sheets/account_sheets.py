"""The sheets that account for what was read: reconciliation, rows and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem, Severity
from salesgoal.domain.reconciliation import Reconciliation, RowCounts
from salesgoal.domain.role import Role
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.sheet import Add, Cell, Column, Flag, Kind, Line, Sheet, Words

__all__ = ["by_rule_words", "counts_sheet", "problem_sheet", "reconciliation_sheet"]

_AMOUNTS = (
    ("read", Words("读入合计", "Read")),
    ("root", Words("计入总目标", "Root")),
    ("outside_period", Words("期间外", "Outside period")),
    ("rejected", Words("被拒绝", "Rejected")),
    ("duplicate", None),
    ("ignored", None),
    ("unassigned", Words("其中未分配", "Of which unassigned")),
)
"""Nothing is read of duplicate and ignored rows: programs find zeros there, people nothing."""
_ROWS = (
    ("read", Words("读入合计", "Read")),
    ("accepted", Words("接受", "Accepted")),
    ("outside_period", Words("期间外", "Outside period")),
    ("rejected", Words("被拒绝", "Rejected")),
    ("duplicate", Words("重复", "Duplicate")),
    ("ignored", Words("忽略", "Ignored")),
)
_RULES = {
    "blank": Words("空行", "blank"),
    "repeated-header": Words("重复表头", "repeated header"),
    "total": Words("合计行", "total"),
}
_PARTS = ("root", "outside_period", "rejected")


def reconciliation_sheet(
    plan: Plan, found: Mapping[str, Reconciliation], rows: RowCounts | None = None
) -> Sheet:
    """Returns one line a metric: read = root + outside + rejected, of the amounts known.

    Args:
        plan: Whose metrics.
        found: Metric id -> its amounts.
        rows: What was read, where that is known. Where rejected ones have no known amount, a
            note says how many they are.
    """
    names = (
        Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
        Column(key="metric", title=None),
    )
    amounts = (Column(key=key, title=title, kind=Kind.AMOUNT) for key, title in _AMOUNTS)
    unknown = rows.without_amount if rows else 0
    lines = []
    for name, one in found.items():
        metric = plan.metric(name)
        values = attrs.asdict(one)
        cells = [Cell(values.get(key, 0)) for key, _ in _AMOUNTS]
        cells[0] = Cell(one.read, formula=Add(_PARTS))
        named = (Cell(metric.name), Cell(name))
        line = Line((*named, *cells), decimals=metric.decimals, unit=scalable_unit(metric))
        lines.append(line)
    return Sheet(
        id="reconciliation",
        title=Words("对账", "Reconciliation"),
        columns=(*names, *amounts),
        lines=tuple(lines),
        notes=_unknown(unknown),
        keyed_by="metric",
    )


def _unknown(rows: int) -> tuple[Words, ...]:
    """The note on rejected rows whose amounts nobody knows."""
    zh = f"另有 {rows:,} 行被拒绝、金额不明，不在上述金额中"
    en = f"rejected beside these, with no amount that is known: rows {rows:,}"
    return (Words(zh, en),) if rows else ()


def counts_sheet(rows: RowCounts) -> Sheet:
    """Returns the rows read, by outcome."""
    unknown = ("without_amount", Words("拒绝中金额不明", "Rejected without amount"))
    columns = tuple(
        Column(key=name, title=title, kind=Kind.AMOUNT, decimals=0)
        for name, title in (*_ROWS, unknown)
    )
    by_rule = Column(key="ignored_by_rule", title=Words("忽略（按规则）", "Ignored by rule"))
    cells = [Cell(getattr(rows, each.key)) for each in columns]
    cells[0] = Cell(rows.read, formula=Add(tuple(name for name, _ in _ROWS[1:])))
    return Sheet(
        id="row_counts",
        title=Words("读入行数", "Rows read"),
        columns=(*columns, by_rule),
        lines=(Line((*cells, Cell(by_rule_words(rows)))),),
    )


def by_rule_words(rows: RowCounts) -> Words | None:
    """Returns the ignored rows by rule, as people read it; None where there are none.

    >>> by_rule_words(RowCounts(read=3, ignored=3, rules={"total": 1, "blank": 2})).zh
    '合计行 1，空行 2'
    """
    if not rows.rules:
        return None
    named = [(_RULES.get(rule, Words(rule, rule)), count) for rule, count in rows.rules.items()]
    return Words(
        "，".join(f"{words.zh} {count:,}" for words, count in named),
        ", ".join(f"{words.en} {count:,}" for words, count in named),
    )


def problem_sheet(problems: Iterable[Problem]) -> Sheet:
    """Returns one line a problem: where it stands, what arrived, which rule, what to do."""
    keys = ("severity", "where", "column", "value", "message", "remedy", "code")
    titles = (
        Words("级别", "Severity"),
        Words("位置", "Where"),
        Words("列", "Column"),
        Words("内容", "Value"),
        Words("问题", "Problem"),
        Words("处理办法", "Remedy"),
        Words("代码", "Code"),
    )
    words = {
        str(Severity.ERROR): Words("错误", "error"),
        str(Severity.WARNING): Words("警告", "warning"),
    }
    columns = tuple(
        Column(key=key, title=title, words=words if key == "severity" else {})
        for key, title in zip(keys, titles, strict=True)
    )
    lines = tuple(Line(_problem_cells(one)) for one in problems)
    return Sheet(id="problems", title=Words("问题", "Problems"), columns=columns, lines=lines)


def _problem_cells(one: Problem) -> tuple[Cell, ...]:
    spoken = (Words(say("zh"), say("en")) for say in (one.where.text, one.message, one.remedy))
    where, message, remedy = spoken
    column = Words(one.column.zh, one.column) if isinstance(one.column, Role) else one.column
    values = (str(one.severity), where, column, one.value, message, remedy, one.code)
    return tuple(
        Cell(value, Flag.PROBLEM if not at else Flag.NONE) for at, value in enumerate(values)
    )
