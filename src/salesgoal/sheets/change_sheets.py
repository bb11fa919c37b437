"""What a tracking workbook would change, as sheets: totals, then causes and actions."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.sheets.sheet import Cell, Column, Kind, Less, Line, Sheet, Words

__all__ = ["ShownTotal", "remark_change_sheet", "total_change_sheet"]

_NEW = Words("新增", "new")
_CORRECTED = Words("更正", "corrected")
_TAKEN_BACK = Words("撤销", "taken back")


@attrs.frozen(kw_only=True)
class ShownTotal:
    """One total that would change.

    Attributes:
        cell: Where it stands, as people look it up.
        goal: Of whom.
        metric: Of what.
        period: When.
        before: In units; None where nothing is known.
        after: In units; None where it is taken back.
        told: What other sources say, where they say anything.
    """

    cell: str
    goal: str
    metric: Metric
    period: Period
    before: Exact | None
    after: Exact | None
    told: Exact | None


def total_change_sheet(totals: Iterable[ShownTotal]) -> Sheet:
    """Returns one line a total: where, whose, what it was, what it becomes."""
    columns = (
        Column(key="cell", title=Words("单元格", "Cell")),
        Column(key="goal", title=Words("目标", "Goal")),
        Column(key="metric", title=Words("指标", "Metric")),
        Column(key="period", title=Words("期间", "Period")),
        Column(key="verb", title=Words("变更", "Change")),
        Column(key="before", title=Words("原值", "Before"), kind=Kind.AMOUNT),
        Column(key="after", title=Words("新值", "After"), kind=Kind.AMOUNT),
        Column(key="difference", title=Words("差额", "Difference"), kind=Kind.AMOUNT),
        Column(key="told", title=Words("其他来源", "Other sources"), kind=Kind.AMOUNT),
    )
    return Sheet(
        id="total_changes",
        title=Words("实际数变更", "Changes of totals"),
        columns=columns,
        lines=tuple(map(_line, totals)),
    )


def _line(one: ShownTotal) -> Line:
    verb = _CORRECTED
    if one.after is None:
        verb = _TAKEN_BACK
    elif one.before is None:
        verb = _NEW
    difference = Cell()
    if one.before is not None and one.after is not None:
        difference = Cell(one.after - one.before, formula=Less("after", "before"))
    cells = (
        Cell(one.cell),
        Cell(one.goal),
        Cell(one.metric.name),
        Cell(one.period.label),
        Cell(verb),
        Cell(one.before),
        Cell(one.after),
        difference,
        Cell(one.told),
    )
    return Line(cells, decimals=one.metric.decimals)


def remark_change_sheet(changes: Iterable[tuple[str, Words]]) -> Sheet:
    """Returns one line a cause or action: where it stands, and what becomes of it."""
    return Sheet(
        id="remark_changes",
        title=Words("原因与措施变更", "Changes of causes and actions"),
        columns=(
            Column(key="cell", title=Words("单元格", "Cell")),
            Column(key="change", title=Words("变更", "Change")),
        ),
        lines=tuple(Line((Cell(cell), Cell(words))) for cell, words in changes),
    )
