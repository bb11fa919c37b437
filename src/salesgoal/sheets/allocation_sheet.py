"""The sheet of one goal's total and the parts that it is shared out to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesgoal.domain.metric import Metric
from salesgoal.domain.number import amount_text
from salesgoal.sheets.sheet import Cell, Column, Kind, Line, Role, Sheet, Total, Words

__all__ = ["allocation_sheet"]


def allocation_sheet(
    title: Words,
    by: Words,
    parts: Sequence[tuple[str, int]],
    *,
    total: int,
    metric: Metric,
) -> Sheet:
    """Returns one line a part with its share of the total, and what they come to.

    Args:
        title: Whose total.
        by: What the parts are.
        parts: Name and smallest units.
        total: In smallest units; where the parts come to another amount, a note says so.
        metric: Whose unit.
    """
    columns = (
        Column(key="part", title=by),
        Column(
            key="target",
            title=Words("目标", "Target"),
            kind=Kind.AMOUNT,
            decimals=metric.decimals,
            unit=metric.unit,
        ),
        Column(key="share", title=Words("占总额(%)", "Share (%)"), kind=Kind.PERCENT),
    )
    lines = [
        Line((Cell(name), Cell(units), Cell(_share(units, total)))) for name, units in parts
    ]
    whole = sum(units for _, units in parts)
    end = (
        Cell(Words("合计", "Total")),
        Cell(whole, formula=Total()),
        Cell(_share(whole, total)),
    )
    amount = amount_text(total, metric.decimals)
    notes = [Words(f"总额：{amount}", f"total: {amount}")]
    if whole != total:
        more = amount_text(whole - total, metric.decimals)
        notes.append(Words(f"超额分配：{more}", f"over-assigned: {more}"))
    return Sheet(
        id="allocation",
        title=title,
        columns=columns,
        lines=(*lines, Line(end, role=Role.TOTAL)),
        notes=tuple(notes),
    )


def _share(units: int, total: int) -> Fraction | None:
    return Fraction(units, total) if total else None
