"""A book as people see it: units in its titles, amounts of money in a scale.

For renderers that draw figures in ways of their own; the others ask sheet by sheet.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from salesgoal.domain.number import round_units
from salesgoal.sheets.bilingual import Words
from salesgoal.sheets.scale import MONEY, SCALED_DECIMALS, Scale, scale_note
from salesgoal.sheets.sheet import Book, Cell, Column, Line, Sheet, is_money

__all__ = ["show_book"]


def show_book(book: Book, scale: Scale) -> Book:
    """Returns a book that needs no scale and no units any more.

    Amounts that a scale changes are rounded to two decimals, half up, and keep no formula.
    """
    return attrs.evolve(book, sheets=tuple(_sheet(each, scale) for each in book.sheets))


def _sheet(sheet: Sheet, scale: Scale) -> Sheet:
    scaled = scale is not Scale.YUAN
    says = scaled and any(line.unit == MONEY for line in sheet.lines)
    lines = tuple(_line(sheet, line, scale) for line in sheet.lines) if scaled else sheet.lines
    return attrs.evolve(
        sheet,
        columns=tuple(_column(each, scale) for each in sheet.columns),
        lines=lines,
        notes=(*sheet.notes, scale_note(scale)) if says else sheet.notes,
    )


def _column(column: Column, scale: Scale) -> Column:
    if not column.unit:
        return column
    unit = scale.unit(column.unit) if column.is_scaled else column.unit
    title = column.title and Words(f"{column.title.zh}({unit})", f"{column.title.en} ({unit})")
    decimals = column.decimals if unit == column.unit else SCALED_DECIMALS
    return attrs.evolve(column, title=title, unit="", decimals=decimals)


def _line(sheet: Sheet, line: Line, scale: Scale) -> Line:
    cells = tuple(_cell(sheet, line, at, scale) for at in range(len(line.cells)))
    if line.unit != MONEY:
        return attrs.evolve(line, cells=cells)
    return attrs.evolve(line, cells=cells, unit="", decimals=SCALED_DECIMALS)


def _cell(sheet: Sheet, line: Line, at: int, scale: Scale) -> Cell:
    cell = line.cells[at]
    if not isinstance(cell.value, int | Fraction) or not is_money(sheet, line, at):
        return cell
    decimals = sheet.columns[at].decimals if line.decimals is None else line.decimals
    units = Fraction(cell.value * 10**SCALED_DECIMALS, 10 ** (decimals + scale.power))
    return attrs.evolve(cell, value=round_units(units), formula=None)
