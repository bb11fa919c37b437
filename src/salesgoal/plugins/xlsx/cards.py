"""Cards: the headline figures of a few lines, beside one another, large enough to print."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from xlsxwriter.utility import xl_rowcol_to_cell

from salesgoal.plugins.xlsx.charts import ChartPlace
from salesgoal.plugins.xlsx.formula_text import FormulaText
from salesgoal.plugins.xlsx.lines import FIGURES, note_cell
from salesgoal.plugins.xlsx.look import INK, Looks, number_format, text_width
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import (
    Add,
    Flag,
    Kind,
    Layout,
    Less,
    Line,
    Percent,
    Sheet,
    is_money,
    worded,
)

__all__ = ["MOST_CARDS", "CardWriter", "are_cards"]

MOST_CARDS = 6
"""More lines are a table."""

_FIRST_ROW = 2
_TITLE_HEIGHT, _ROW_HEIGHT, _RATE_HEIGHT = 24, 24, 40
_NAME_WIDTH, _LEAST, _MOST = 16, 20, 44
_FEW = 3


def are_cards(sheet: Sheet) -> bool:
    """Whether a sheet is drawn as cards: few lines, whose formulas speak of their own line."""
    if sheet.layout is not Layout.CARDS or not 0 < len(sheet.lines) <= MOST_CARDS:
        return False
    formulas = (cell.formula for line in sheet.lines for cell in line.cells)
    return all(each is None or isinstance(each, Add | Less | Percent) for each in formulas)


@attrs.frozen(kw_only=True)
class CardWriter:
    """Writes a card a line: the names of the figures on the left, a column a card."""

    page: Any
    sheet: Sheet
    looks: Looks
    lang: str
    scale: Scale

    def write(self) -> None:
        """Writes every card, and sets the page up."""
        sheet, page = self.sheet, self.page
        titles = sheet.header(self.lang)
        for at, title in enumerate(titles):
            row = _FIRST_ROW + at
            page.write_string(row, 0, title, self.looks.of(self._left(at)))
            kind = sheet.columns[sheet.shown[at]].kind
            page.set_row(row, _RATE_HEIGHT if kind is Kind.PERCENT else _ROW_HEIGHT)
            for number, line in enumerate(sheet.lines):
                self._cell(line, sheet.shown[at], row, 1 + number)
        page.set_column(0, 0, max(_NAME_WIDTH, *map(text_width, titles)) + 2)
        for number, line in enumerate(sheet.lines):
            texts = (str(worded(sheet, line, p, self.lang) or "") for p in sheet.shown)
            widest = max(map(text_width, texts)) + 8
            page.set_column(1 + number, 1 + number, min(max(widest, _LEAST), _MOST))
        page.set_row(0, 30)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 1)
        page.center_horizontally()

    def place(self) -> ChartPlace:
        """Returns where charts stand: beside a few cards, below many; a line a column."""
        shown, name = self.sheet.shown, self.page.get_name()

        def cells(position: int, lines: range) -> list[Any]:
            row = _FIRST_ROW + shown.index(position)
            return [name, row, 1 + lines[0], row, 1 + lines[-1]]

        def title(position: int) -> list[Any]:
            return [name, _FIRST_ROW + shown.index(position), 0]

        if (number := len(self.sheet.lines)) <= _FEW:
            return ChartPlace(row=_FIRST_ROW, column=1 + number, cells=cells, title=title)
        return ChartPlace(row=_FIRST_ROW + len(shown), cells=cells, title=title)

    def _left(self, at: int) -> dict[str, Any]:
        border = {"bottom": 1, "bottom_color": "#DCE3EA"}
        look = {"font_color": "#5B6672", "valign": "vcenter", **border}
        return look if at else {**look, **_HEAD, "align": "left"}

    def _cell(self, line: Line, position: int, row: int, at: int) -> None:
        cell, column = line.cells[position], self.sheet.columns[position]
        value = worded(self.sheet, line, position, self.lang)
        form = self.looks.of(self._look(line, position))
        if isinstance(value, Decimal):
            number = float(value)
            if cell.formula is None:
                self.page.write_number(row, at, number, form)
            else:
                text = FormulaText(self.sheet, {}).on_card(cell.formula, self._places(at))
                self.page.write_formula(row, at, text, form, number)
            if isinstance(cell.formula, Percent):
                self._judge(cell.formula, row, at)
        elif isinstance(value, date):
            self.page.write_datetime(row, at, value, form)
        elif value is None:
            self.page.write_string(row, at, "–" if column.kind in FIGURES else "", form)
        else:
            self.page.write_string(row, at, value, form)
        if cell.note is not None:
            note_cell(self.page, row, at, cell, self.lang)

    def _look(self, line: Line, position: int) -> dict[str, Any]:
        cell, column = line.cells[position], self.sheet.columns[position]
        look: dict[str, Any] = {
            "align": "right",
            "valign": "vcenter",
            "indent": 1,
            "font_size": 12,
            "bottom": 1,
            "bottom_color": "#DCE3EA",
        }
        decimals = column.decimals if line.decimals is None else line.decimals
        scale = self.scale if is_money(self.sheet, line, position) else None
        kind = Kind.DATE if isinstance(cell.value, date) else column.kind
        shape = number_format(kind, decimals, scale)
        look |= {} if shape is None else {"num_format": shape}
        if position == self.sheet.shown[0]:
            look |= {**_HEAD, "align": "right"}
        if column.kind is Kind.PERCENT:
            look |= {"bold": True, "font_size": 24}
        if cell.flag is not Flag.NONE and cell.formula is None:
            ink = INK[str(cell.flag)]
            look |= ink if column.kind is Kind.PERCENT else {"font_color": ink["font_color"]}
        return look

    def _places(self, at: int) -> Any:  # noqa: ANN401 - a function from key to cell
        shown, sheet = self.sheet.shown, self.sheet

        def place(key: str) -> str:
            row = _FIRST_ROW + shown.index(sheet.position(key))
            return str(xl_rowcol_to_cell(row, at))

        return place

    def _judge(self, rate: Percent, row: int, at: int) -> None:
        """Colours and signs that follow the figures when people change them."""
        place, own = self._places(at), xl_rowcol_to_cell(row, at)
        over, under = place(rate.over), place(rate.under)
        for verdict, sign in ((Flag.UNMET, "<"), (Flag.MET, ">=")):
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({own}),{over}{sign}{under})",
                "format": self.looks.ink(verdict),
            }
            self.page.conditional_format(row, at, row, at, rule)


_HEAD = {"bold": True, "bg_color": "#1F3F66", "font_color": "#FFFFFF", "font_size": 13}
