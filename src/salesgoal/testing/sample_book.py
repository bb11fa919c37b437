"""A small book that holds whatever a renderer meets: every kind of cell, sign and flag."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs

from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import (
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Role,
    Sheet,
    Value,
    Words,
)

__all__ = ["NAMES", "TEXTS", "sample_book", "with_flag"]

NAMES = ("华东大区", "𠮷野家 🏬", "Müller & Söhne")
"""What the lines are called; a renderer writes them as they are, escapes aside."""

TEXTS = ("=1+2", "+1+2", "-1+2", "@SUM(A1)", "\t=1+2")
"""Texts of people that a spreadsheet would take for formulas."""

_COLUMNS = (
    Column(key="goal", title=Words("目标", "Goal"), tree=True),
    Column(key="scope", title=None, kind=Kind.SCOPE),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT, unit="元"),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT, unit="元"),
    Column(key="attainment_pct", title=Words("达成率", "Attainment"), kind=Kind.PERCENT),
    Column(key="per_day", title=Words("日均", "Per day"), kind=Kind.RATE, decimals=0),
    Column(key="due_on", title=Words("完成时限", "Due"), kind=Kind.DATE),
    Column(
        key="status",
        title=Words("状态", "Status"),
        kind=Kind.WORD,
        words={"met": Words("已达成", "achieved"), "unmet": Words("没有达成", "missed")},
    ),
    Column(key="note", title=Words("备注", "Note")),
)


def _line(*values: Value | Cell, role: Role = Role.BODY, depth: int = 0) -> Line:
    cells = tuple(each if isinstance(each, Cell) else Cell(each) for each in values)
    return Line(cells, role, depth)


def sample_book(note: str = "说明“甲”") -> Book:
    """Returns the book; ``note`` stands in a line where people write what they like.

    The total is not the sum of the lines, and no rate fits its amounts: whoever calculates
    anew is found out. One line has no target, one a target of zero.
    """
    lines = (
        _line(
            *(NAMES[0], {"region": NAMES[0]}, 12_345_678_901_23, 98_765_432_17),
            *(Cell(Fraction(691, 800), Flag.UNMET), Fraction(4123, 7)),
            *(date(2023, 10, 30), "unmet", note),
        ),
        _line(
            *(NAMES[1], {"region": NAMES[1]}, 0, -4_321_09, Cell(None)),
            *(None, date(2024, 2, 29), "unmet", "c,d;e"),
            depth=1,
        ),
        _line(
            *(NAMES[2], {"region": NAMES[2]}, None, 5_07, Cell(Fraction(7, 6), Flag.MET)),
            *(317, None, "met", None),
            depth=1,
        ),
        _line(
            *(Words("合计", "Total"), {}, 777_777_77, 888_888_88),
            *(Cell(Fraction(3, 8), Flag.UNMET), None, None, None, None),
            role=Role.TOTAL,
        ),
    )
    sheet = Sheet(
        id="rows",
        title=Words("达成情况", "Attainments"),
        columns=_COLUMNS,
        lines=lines,
        notes=(Words("截至十月底", "as of the end of October"),),
        charts=(
            Chart(
                id="bars",
                title=Words("实际与目标", "Actual and target"),
                kind=next(iter(ChartKind)),
                labels="goal",
                series=("actual", "target"),
                lines=range(3),
            ),
        ),
    )
    return Book(
        title=Words("销售目标", "Sales goals"),
        sheets=(sheet,),
        meta={"plan": "销售目标", "as_of": "2023-10-31", "known_at": None},
    )


def with_flag(book: Book, flag: Flag) -> Book:
    """Returns the book with its unmet cells flagged otherwise."""
    sheets = []
    for sheet in book.sheets:
        lines = tuple(
            attrs.evolve(line, cells=tuple(_flagged(cell, flag) for cell in line.cells))
            for line in sheet.lines
        )
        sheets.append(attrs.evolve(sheet, lines=lines))
    return attrs.evolve(book, sheets=tuple(sheets))


def _flagged(cell: Cell, flag: Flag) -> Cell:
    return attrs.evolve(cell, flag=flag) if cell.flag is Flag.UNMET else cell
