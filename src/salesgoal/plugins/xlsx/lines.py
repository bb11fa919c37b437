"""The lines of a sheet as cells: what is the same for a whole column is found once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.plugins.xlsx.entry_cells import ENTRY_INK, is_open
from salesgoal.plugins.xlsx.formula_text import FIRST_ROW, FormulaText
from salesgoal.plugins.xlsx.look import INK, ROLE_INK, Looks, number_format, plain, text_width
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Sheet,
    is_money,
    worded,
)

__all__ = ["FIGURES", "LineWriter", "figure_of", "note_cell"]

FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
_VERDICTS = {Flag.MET, Flag.UNMET}
_COMMENT = {"author": "salesgoal", "x_scale": 2}
_MOST_INDENT = 15


@attrs.define
class LineWriter:
    """Writes the lines of one sheet, and measures them.

    Attributes:
        page: A worksheet of XlsxWriter.
        sheet: What is written.
        live: Writes its formulas.
        looks: The formats of the workbook.
        lang: Of words.
        scale: In what amounts of money are shown.
        widths: How many columns each column's texts take.
    """

    page: Any
    sheet: Sheet
    live: FormulaText
    looks: Looks
    lang: str
    scale: Scale
    widths: list[int] = attrs.field(init=False)
    _forms: dict[tuple[object, ...], Any] = attrs.field(factory=dict)
    _ends: list[tuple[float, float]] = attrs.field(init=False)

    def write(self) -> None:
        """Writes every line, from the first row on."""
        sheet = self.sheet
        titles = sheet.header(self.lang)
        self.widths = [text_width(title) for title in titles]
        self._ends = [(0.0, 0.0)] * len(titles)
        columns = [(at, p, sheet.columns[p]) for at, p in enumerate(sheet.shown)]
        for row, line in enumerate(sheet.lines, start=FIRST_ROW):
            for at, position, column in columns:
                self._cell(line, position, column, row, at)
        for at, _, column in columns:
            self._measure(at, column)

    def _cell(self, line: Line, position: int, column: Column, row: int, at: int) -> None:
        cell = line.cells[position]
        form = self._form(line, position, column, cell)
        value = cell.value
        if column.kind in FIGURES and isinstance(value, int | Fraction):
            number = figure_of(self.sheet, line, position)
            low, high = self._ends[at]
            if not low <= number <= high:
                self._ends[at] = (min(low, number), max(high, number))
            if cell.formula is None:
                self.page.write_number(row, at, number, form)
            else:
                text = self.live.of(cell.formula, row, at)
                self.page.write_formula(row, at, text, form, number)
        elif cell.formula is not None and cell.formula.is_sparse:
            self.page.write_formula(row, at, self.live.of(cell.formula, row, at), form, "")
        elif value is None:
            self.page.write_blank(row, at, None, form)
        else:
            self._text(line, position, column, row, at, form)
        if cell.note is not None:
            note_cell(self.page, row, at, cell, self.lang)

    def _text(
        self,
        line: Line,
        position: int,
        column: Column,
        row: int,
        at: int,
        form: Any,  # noqa: ANN401
    ) -> None:
        value = worded(self.sheet, line, position, self.lang)
        if isinstance(value, date):
            self.page.write_datetime(row, at, value, form)
        elif isinstance(value, Decimal):
            self.page.write_number(row, at, float(value), form)
        else:
            self.page.write_string(row, at, str(value), form)
        width = text_width(str(value)) + (2 * line.depth if column.tree else 0)
        self.widths[at] = max(self.widths[at], width)

    def _form(self, line: Line, position: int, column: Column, cell: Cell) -> Any:  # noqa: ANN401
        depth = line.depth if column.tree else 0
        opened = column.entry is not None and is_open(self.sheet, line, position)
        told = cell.flag if cell.formula is None or column.kind is not Kind.PERCENT else None
        is_day = isinstance(cell.value, date)
        key = (position, line.role, line.decimals, line.unit, depth, opened, told, is_day)
        if key not in self._forms:
            self._forms[key] = self.looks.of(self._look(line, position, cell))
        return self._forms[key]

    def _look(self, line: Line, position: int, cell: Cell) -> dict[str, Any]:
        column = self.sheet.columns[position]
        look: dict[str, Any] = {"valign": "vcenter", **ROLE_INK[line.role]}
        if column.kind not in FIGURES:
            depth = line.depth if column.tree else 0
            look |= {"align": "left", "indent": min(depth + 1, _MOST_INDENT)}
        decimals = column.decimals if line.decimals is None else line.decimals
        scale = self.scale if is_money(self.sheet, line, position) else None
        kind = Kind.DATE if isinstance(cell.value, date) else column.kind
        shape = number_format(kind, decimals, scale)
        look |= {} if shape is None else {"num_format": shape}
        if column.kind is Kind.PERCENT and cell.formula is None and cell.flag in _VERDICTS:
            look |= INK[str(cell.flag)]
        elif column.kind not in FIGURES and cell.flag is not Flag.NONE:
            look |= {"font_color": INK[str(cell.flag)]["font_color"]}
        if is_open(self.sheet, line, position):
            look |= ENTRY_INK
        wraps = any(each.is_long for each in self.sheet.columns)
        return look | ({"text_wrap": True, "valign": "top"} if wraps else {})

    def _measure(self, at: int, column: Column) -> None:
        """Makes room for the longest figures of a column, as they are shown unscaled."""
        decimals = max(
            (each.decimals for each in self.sheet.lines if each.decimals is not None),
            default=column.decimals,
        )
        places = 2 if column.kind is Kind.PERCENT else decimals
        for end in self._ends[at]:
            self.widths[at] = max(self.widths[at], len(f"{end:,.{places}f}"))


def figure_of(sheet: Sheet, line: Line, position: int) -> float:
    """Returns the figure that a cell holds: the nearest number to the exact decimal."""
    value = worded(sheet, line, position, "en")
    assert isinstance(value, Decimal)
    return float(value)


def note_cell(page: Any, row: int, at: int, cell: Cell, lang: str) -> None:  # noqa: ANN401
    """Writes what is to be known about a cell."""
    assert cell.note is not None
    page.write_comment(row, at, plain(cell.note.of(lang)), _COMMENT)
