"""Formulas by meaning, as a spreadsheet program reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from salesgoal.sheets.form_formula import Summand
from salesgoal.sheets.sheet import (
    Add,
    Extreme,
    Formula,
    Latest,
    Less,
    Percent,
    Quotient,
    Role,
    Running,
    Sheet,
    Total,
    TotalLike,
)

__all__ = ["FIRST_ROW", "FormulaText"]

_ROW = "\0"
"""Stands for the number of the row in a formula that is the same in every row."""

FIRST_ROW = 3
"""The row of the first line, counted from 0: title, notes and header stand above it."""


@attrs.frozen
class FormulaText:
    """Writes the formulas of one sheet.

    Attributes:
        sheet: Whose formulas.
        tabs: Of the sheets drawn so far, by id: the name of the tab, and the sheet.
    """

    sheet: Sheet
    tabs: Mapping[str, tuple[str, Sheet]]
    _rows: dict[Formula, str] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def of(self, formula: Formula, row: int, at: int) -> str:
        """Returns a formula for the cell of a row and column, both counted from 0.

        An absent value counts as zero, as it does for us.
        """
        match formula:
            case Total(is_sparse):
                first = xl_rowcol_to_cell(FIRST_ROW, at)
                above = f"{first}:{xl_rowcol_to_cell(row - 1, at)}"
                whole = f"SUM({above})"
                return _unless(f"COUNT({above})=0", whole) if is_sparse else f"={whole}"
            case Running(key, lines):
                column = self._at(self.sheet, key)
                first = xl_rowcol_to_cell(row - lines + 1, column)
                return f"=SUM({first}:{xl_rowcol_to_cell(row, column)})"
            case TotalLike(column):
                return self._total_like(column, row, at)
        if formula not in self._rows:
            self._rows[formula] = self.on_card(formula, self._in_any_row)
        return self._rows[formula].replace(_ROW, str(row + 1))

    def on_card(self, formula: Formula, place: Callable[[str], str]) -> str:
        """Returns a formula that speaks of its own line only.

        Args:
            formula: No `Total`, `Running` or `TotalLike`.
            place: Gives the cell of a column, by its key.
        """
        match formula:
            case Add(keys, is_sparse):
                whole = "+".join(f"N({place(key)})" for key in keys)
                counted = f"COUNT({','.join(map(place, keys))})=0"
                return _unless(counted, whole) if is_sparse else f"={whole}"
            case Less(key, minus, is_sparse):
                rest = f"{place(key)}-{place(minus)}"
                counted = f"COUNT({place(key)},{place(minus)})<2"
                return _unless(counted, rest) if is_sparse else f"={rest}"
            case Percent(over, under, is_sparse):
                rate = f"ROUND({place(over)}/{place(under)}*100,2)"
                nothing = f"N({place(under)})=0"
                if is_sparse:
                    nothing = f"OR({nothing},NOT(ISNUMBER({place(over)})))"
                return _unless(nothing, rate)
            case Latest(keys):
                return f"={_latest([place(key) for key in keys])}"
            case Extreme(keys, is_largest):
                cells = ",".join(map(place, keys))
                name = "MAX" if is_largest else "MIN"
                return _unless(f"COUNT({cells})=0", f"{name}({cells})")
        assert isinstance(formula, Quotient)
        return self._quotient(formula, place)

    def sides(self, formula: Quotient, row: int) -> tuple[str, str]:
        """Returns what is compared where a quotient is held against its target, unrounded."""
        own = xl_rowcol_to_cell(row, self._at(self.sheet, formula.key), col_abs=True)
        target = xl_rowcol_to_cell(
            row, self._at(self.sheet, formula.target or ""), col_abs=True
        )
        over, _ = self._summed(formula.over, own)
        under, _ = self._summed(formula.under, own)
        return f"{over}*{formula.times}", f"{under}*{target}"

    def _in_any_row(self, key: str) -> str:
        return f"{xl_col_to_name(self._at(self.sheet, key))}{_ROW}"

    def _total_like(self, column: str, row: int, at: int) -> str:
        stop = FIRST_ROW + _above_totals(self.sheet)
        own = xl_rowcol_to_cell(row, self._at(self.sheet, column), col_abs=True)
        like = _run(self._at(self.sheet, column), stop)
        values = _run(at, stop)
        mask = f"EXACT({like},{own})"
        known = f"SUMPRODUCT({mask}*ISNUMBER({values}))=0"
        return _unless(known, f"SUMPRODUCT({mask}*1,{values})")

    def _quotient(self, formula: Quotient, place: Callable[[str], str]) -> str:
        own = place(formula.key)
        over, known = self._summed(formula.over, own)
        under, _ = self._summed(formula.under, own)
        nothing = [f"{known}=0", f"{under}=0"]
        if formula.target is None:
            found = f"ROUND({over}/{under}*{formula.times},{formula.decimals})"
        else:
            nothing.append(f"N({place(formula.target)})=0")
            found = f"ROUND({over}/{under}*{formula.times}/{place(formula.target)}*100,2)"
        return _unless(f"OR({','.join(nothing)})", found)

    def _summed(self, one: Summand, own: str) -> tuple[str, str]:
        """The sum of the cells meant, and how many of them are filled."""
        name, sheet = self.tabs[one.sheet]
        stop = FIRST_ROW + len(sheet.lines)
        columns = [_run(self._at(sheet, key), stop, name) for key in (one.key, one.column)]
        mask = f"EXACT({columns[0]},{own})"
        if one.like is not None:
            column, value = one.like
            run = _run(self._at(sheet, column), stop, name)
            text = value.replace('"', '""')
            mask += f'*EXACT({run},"{text}")'
        values = columns[1]
        return f"SUMPRODUCT({mask}*1,{values})", f"SUMPRODUCT({mask}*ISNUMBER({values}))"

    def _at(self, sheet: Sheet, key: str) -> int:
        return sheet.shown.index(sheet.position(key))


def _unless(nothing: str, found: str) -> str:
    return f'=IF({nothing},"",{found})'


def _latest(places: Sequence[str]) -> str:
    found = '""'
    for place in places:
        found = f"IF(ISNUMBER({place}),{place},{found})"
    return found


def _run(column: int, stop: int, tab: str | None = None) -> str:
    """The cells of a column from the first line to the row before ``stop``."""
    first = xl_rowcol_to_cell(FIRST_ROW, column, row_abs=True, col_abs=True)
    last = xl_rowcol_to_cell(stop - 1, column, row_abs=True, col_abs=True)
    return f"{first}:{last}" if tab is None else f"'{tab}'!{first}:{last}"


def _above_totals(sheet: Sheet) -> int:
    totals = (number for number, line in enumerate(sheet.lines) if line.role is Role.TOTAL)
    return next(totals, len(sheet.lines))
