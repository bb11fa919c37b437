"""Rejected rows, written back: their own columns, why they were refused, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from salesgoal.domain.problem import Problem
from salesgoal.ports.importer import RawRow, RawValue
from salesgoal.sheets.sheet import Book, Cell, Column, Line, Sheet, Value, Words

__all__ = ["REASONS", "RejectedRows", "rejected_book", "surplus_title"]

REASONS = (
    ("reason", Words("原因", "Reason")),
    ("remedy", Words("建议", "Remedy")),
    ("file", Words("文件", "File")),
    ("sheet", Words("工作表", "Sheet")),
    ("row", Words("行", "Row")),
)


@attrs.frozen(kw_only=True)
class RejectedRows:
    """The rejected rows of one file.

    Attributes:
        columns: The header of the file.
        lines: The units that lines above its table state; they go with the rows.
        rows: Each row as it came, with its problems.
    """

    columns: tuple[str, ...]
    lines: tuple[str, ...]
    rows: Sequence[tuple[RawRow, tuple[Problem, ...]]]


def rejected_book(rejected: Iterable[RejectedRows]) -> Book:
    """Returns the rejected rows as sheets, one for every different header.

    Corrected, a sheet is read by the same plan: the header and the unit line are the file's
    own, and the columns beside them are not asked for. Cells that fit no column stand behind
    the file's own; a row counts when they are blank.
    """
    groups: dict[
        tuple[tuple[str, ...], tuple[str, ...]], list[tuple[RawRow, Sequence[Problem]]]
    ]
    groups = {}
    for each in rejected:
        groups.setdefault((each.columns, each.lines), []).extend(each.rows)
    sheets = tuple(
        _sheet(number, columns, lines, rows)
        for number, ((columns, lines), rows) in enumerate(groups.items(), start=1)
    )
    return Book(title=Words("被拒绝的行", "Rejected rows"), sheets=sheets)


def _sheet(
    number: int,
    columns: Sequence[str],
    lines: Sequence[str],
    rows: Iterable[tuple[RawRow, Sequence[Problem]]],
) -> Sheet:
    rows = list(rows)
    names = [Words(name, name) for name in columns]
    width = max([len(columns), *(len(row.values) for row, _ in rows)])
    names += [surplus_title(at) for at in range(1, width - len(columns) + 1)]
    own = tuple(Column(key=f"column{at}", title=name) for at, name in enumerate(names, start=1))
    why = tuple(Column(key=key, title=title) for key, title in REASONS)
    found = tuple(
        Line((*_cells(row, width), *_why(row, problems)), decimals=0) for row, problems in rows
    )
    notes = tuple(Words(f"单位：{unit}", f"单位：{unit}") for unit in lines)
    suffix = "" if number == 1 else f" {number}"
    title = Words(f"被拒绝的行{suffix}", f"Rejected rows{suffix}")
    return Sheet(
        id=f"rejected{number}", title=title, columns=(*own, *why), lines=found, notes=notes
    )


def surplus_title(number: int) -> Words:
    """Returns the header above cells that fit no column of their file."""
    return Words(f"多余的单元格 {number}", f"Surplus cell {number}")


def _cells(row: RawRow, width: int) -> list[Cell]:
    values = [*row.values, *[None] * width][:width]
    return [Cell(_value(value)) for value in values]


def _value(raw: RawValue) -> Value:
    """A cell that reads back as it was: days as days, whole numbers as numbers, else text."""
    if raw is None or isinstance(raw, str | date):
        return raw
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else str(raw)


def _why(row: RawRow, problems: Sequence[Problem]) -> list[Cell]:
    def said(lang: str, what: str) -> str:
        parts = [
            f"{one.column_text(lang)}: {getattr(one, what)(lang)}"
            if one.column
            else getattr(one, what)(lang)
            for one in problems
        ]
        return (
            "；".join(dict.fromkeys(parts)) if lang == "zh" else "; ".join(dict.fromkeys(parts))
        )

    reason, remedy = (
        Words(said("zh", what), said("en", what)) for what in ("message", "remedy")
    )
    where = row.where
    return [Cell(value) for value in (reason, remedy, where.source, where.sheet, where.row)]
