"""Writing workbooks: live formulas with cached values, in the same bytes every time."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, BinaryIO

import attrs
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from salesgoal.plugins.xlsx.entry_cells import ENTRY_INK, EntryCells, is_open
from salesgoal.plugins.xlsx.formula_text import FormulaText
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.sheet import (
    RATE_DECIMALS,
    Book,
    Flag,
    Kind,
    Line,
    Percent,
    Quotient,
    Role,
    Sheet,
    worded,
)

__all__ = ["write"]

_Page = Any
"""A worksheet of XlsxWriter, which has no types."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_BAD_NAME = re.compile(r"[\[\]:*?/\\']")
_HEADER_ROW = 2
_MOST_WIDE = 42
_LONG = 96
_COMMENT = {"author": "salesgoal", "x_scale": 2}
_VERDICTS = {Flag.MET, Flag.UNMET}
_FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}

_INK: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#666666"},
    "header": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "border_color": "#B7C3D0",
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "unmet": {"bg_color": "#FDE9E7", "font_color": "#B3261E", "num_format": '"▼ "#,##0.00'},
    "met": {"font_color": "#1E6B34", "num_format": '"✓ "#,##0.00'},
}
_ROLE_INK: Mapping[Role, Mapping[str, Any]] = {
    Role.BODY: {},
    Role.REST: {"italic": True, "font_color": "#8A5A00"},
    Role.TOTAL: {"bold": True, "top": 1, "bg_color": "#F3F6FA"},
}


def write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes a workbook with one sheet a table; empty tables keep their header."""
    content = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, settings) as workbook:
        title = book.title.of(options.lang)
        workbook.set_properties({"title": title, "created": _MADE})
        workbook.set_calc_mode("auto")
        entries = EntryCells(workbook, options.lang)
        painter = _Painter(workbook, options.lang, entries)
        for sheet in book.sheets:
            painter.draw(sheet)
        painter.open_at(book)
        entries.finish()
    stream.write(content.getvalue())


@attrs.define
class _Painter:
    workbook: xlsxwriter.Workbook
    lang: str
    entries: EntryCells
    _formats: dict[tuple[tuple[str, Any], ...], Any] = attrs.field(factory=dict)
    _names: set[str] = attrs.field(factory=set)
    _tabs: dict[str, tuple[str, Sheet]] = attrs.field(factory=dict)

    def draw(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(self._name(sheet))
        self._tabs[sheet.id] = (page.name, sheet)
        seen = (at for at, p in enumerate(sheet.shown) if not sheet.columns[p].is_hidden)
        first = next(seen, 0)
        page.write_string(0, first, sheet.title.of(self.lang), self._format(**_INK["title"]))
        note = "  ".join(note.of(self.lang) for note in sheet.notes)
        page.write_string(1, first, note, self._format(**_INK["note"]))
        for at, text in enumerate(sheet.header(self.lang)):
            page.write_string(_HEADER_ROW, at, text, self._format(**_INK["header"]))
        for number, line in enumerate(sheet.lines):
            for at, position in enumerate(sheet.shown):
                self._cell(page, sheet, line, position, _HEADER_ROW + 1 + number, at)
        self._verdicts(page, sheet)
        self._set_up(page, sheet)
        self.entries.guard(page, sheet)

    def open_at(self, book: Book) -> None:
        """Lets a workbook that begins with hidden sheets open at the first that people see."""
        seen = next((sheet for sheet in book.sheets if not sheet.is_hidden), None)
        if seen is not None and book.sheets[0].is_hidden:
            page = self.workbook.get_worksheet_by_name(self._tabs[seen.id][0])
            page.activate()
            page.set_first_sheet()

    def _cell(
        self,
        page: _Page,
        sheet: Sheet,
        line: Line,
        position: int,
        row: int,
        at: int,
    ) -> None:
        cell, value = line.cells[position], worded(sheet, line, position, self.lang)
        look = self._look(sheet, line, position)
        form = self._format(**look)
        live = FormulaText(sheet, self._tabs)
        number = float(value) if isinstance(value, Decimal) else None
        if cell.formula is not None and number is not None:
            page.write_formula(row, at, live.of(cell.formula, row, at), form, number)
        elif cell.formula is not None and cell.formula.is_sparse:
            page.write_formula(row, at, live.of(cell.formula, row, at), form, "")
        elif number is not None:
            page.write_number(row, at, number, form)
        elif isinstance(value, date):
            page.write_datetime(row, at, value, form)
        elif value is None:
            page.write_blank(row, at, None, form)
        else:
            page.write_string(row, at, str(value), form)
        if cell.note is not None:
            page.write_comment(row, at, cell.note.of(self.lang), _COMMENT)

    def _look(self, sheet: Sheet, line: Line, position: int) -> dict[str, Any]:
        """How a cell looks."""
        cell, column = line.cells[position], sheet.columns[position]
        look: dict[str, Any] = {"valign": "vcenter", **_ROLE_INK[line.role]}
        if column.kind not in _FIGURES:
            depth = line.depth if column.tree else 0
            look |= {"align": "left", "indent": min(depth + 1, 15)}
        look |= self._number_format(sheet, line, position)
        if cell.flag in _VERDICTS and column.kind is Kind.PERCENT and cell.formula is None:
            look |= _INK[str(cell.flag)]
        if is_open(sheet, line, position):
            look |= ENTRY_INK
        if any(each.is_long for each in sheet.columns):
            look |= {"text_wrap": True, "valign": "top"}
        return look

    def _number_format(self, sheet: Sheet, line: Line, position: int) -> dict[str, Any]:
        column = sheet.columns[position]
        decimals = column.decimals if line.decimals is None else line.decimals
        if column.kind is Kind.RATE:
            decimals = max(decimals, RATE_DECIMALS)
        places = f".{'0' * decimals}" if decimals else ""
        match column.kind:
            case Kind.AMOUNT | Kind.RATE:
                return {"num_format": f"#,##0{places}"}
            case Kind.PERCENT:
                return {"num_format": "#,##0.00"}
            case Kind.DATE:
                return {"num_format": "yyyy-mm-dd"}
        is_day = isinstance(line.cells[position].value, date)
        return {"num_format": "yyyy-mm-dd"} if is_day else {}

    def _at(self, sheet: Sheet, key: str) -> int:
        return sheet.shown.index(sheet.position(key))

    def _verdicts(self, page: _Page, sheet: Sheet) -> None:
        """Colours and signs that follow the figures when people change them."""
        text = FormulaText(sheet, self._tabs)
        for at, position in enumerate(sheet.shown):
            rates = [line.cells[position].formula for line in sheet.lines]
            start = _HEADER_ROW + 1
            for formula, run in groupby(rates):
                stop = start + len(list(run))
                if isinstance(formula, Percent):
                    keys = (formula.over, formula.under)
                    over, under = (
                        xl_rowcol_to_cell(start, self._at(sheet, key), col_abs=True)
                        for key in keys
                    )
                    self._judge(page, (over, under), (start, stop, at))
                elif isinstance(formula, Quotient) and formula.target is not None:
                    self._judge(page, text.sides(formula, start), (start, stop, at))
                start = stop

    def _judge(self, page: _Page, sides: tuple[str, str], where: tuple[int, int, int]) -> None:
        start, stop, at = where
        shown = xl_rowcol_to_cell(start, at, col_abs=True)
        for verdict, sign in ((Flag.UNMET, "<"), (Flag.MET, ">=")):
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({shown}),{sides[0]}{sign}{sides[1]})",
                "format": self._format(**_INK[str(verdict)]),
            }
            page.conditional_format(start, at, stop - 1, at, rule)

    def _set_up(self, page: _Page, sheet: Sheet) -> None:
        """Widths, frozen header and names, filter, and A4 landscape with repeated header."""
        names = 1 + max(
            (at for at, p in enumerate(sheet.shown) if self._is_name(sheet, p)), default=-1
        )
        page.freeze_panes(_HEADER_ROW + 1, names)
        page.set_default_row(19)
        page.set_row(0, 26)
        page.set_row(_HEADER_ROW, 32)
        for at, position in enumerate(sheet.shown):
            texts = [self._text(sheet, line, position) for line in sheet.lines]
            header = sheet.header(self.lang)[at]
            width = max(map(_width, (*texts, header)), default=0)
            hidden = {"hidden": True} if sheet.columns[position].is_hidden else {}
            width = min(max(width + 3, 10), _MOST_WIDE)
            if sheet.columns[position].is_long:
                width = _LONG
                self._let_run(page, texts)
            page.set_column(at, at, width, None, hidden)
        last = sum(line.role is not Role.TOTAL for line in sheet.lines)
        last = last if sheet.is_protected else len(sheet.lines)
        if last and not sheet.is_hidden:
            page.autofilter(_HEADER_ROW, 0, _HEADER_ROW + last, len(sheet.shown) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(_HEADER_ROW)

    def _let_run(self, page: _Page, texts: Sequence[str]) -> None:
        """Makes the rows of long texts as high as these need."""
        for number, text in enumerate(texts):
            rows = sum(-(-max(_width(part), 1) // (_LONG - 2)) for part in text.split("\n"))
            page.set_row(_HEADER_ROW + 1 + number, 19 * rows)

    def _is_name(self, sheet: Sheet, position: int) -> bool:
        """Whether a column names its line: the texts before the first figure."""
        kinds = [column.kind for column in sheet.columns[: position + 1]]
        return all(kind in {Kind.TEXT, Kind.SCOPE} for kind in kinds)

    def _text(self, sheet: Sheet, line: Line, position: int) -> str:
        value = worded(sheet, line, position, self.lang)
        text = (
            f"{value:,f}" if isinstance(value, Decimal) else "" if value is None else str(value)
        )
        return "  " * (line.depth if sheet.columns[position].tree else 0) + text

    def _format(self, **look: Any) -> Any:  # noqa: ANN401
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(look)
        return self._formats[key]

    def _name(self, sheet: Sheet) -> str:
        """The name of a tab: unique, without the signs that a workbook forbids."""
        plain = _BAD_NAME.sub("", sheet.title.of(self.lang)).partition("(")[0].strip()[:27]
        name, number = plain, 2
        while name.casefold() in self._names:
            name, number = f"{plain} {number}", number + 1
        self._names.add(name.casefold())
        return name


def _width(text: str) -> int:
    """How many columns a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
