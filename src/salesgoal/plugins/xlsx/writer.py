"""Writing workbooks: live formulas with cached values, in the same bytes every time."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, BinaryIO

import attrs
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from salesgoal.plugins.xlsx.cards import CardWriter, are_cards
from salesgoal.plugins.xlsx.charts import ChartPlace, draw_bars, draw_charts
from salesgoal.plugins.xlsx.entry_cells import EntryCells
from salesgoal.plugins.xlsx.formula_text import FIRST_ROW, FormulaText
from salesgoal.plugins.xlsx.lines import LineWriter
from salesgoal.plugins.xlsx.look import Looks, plain, text_width
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import (
    Book,
    Flag,
    Formula,
    Kind,
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
_BAD_NAME = re.compile(r"[\[\]:*?/\\'!]")
_HEADER_ROW = FIRST_ROW - 1
_MOST_WIDE = 42
_LONG = 96
_DEEPEST = 7


def write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes a workbook with one sheet a table; empty tables keep their header."""
    content = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, settings) as workbook:
        title = plain(book.title.of(options.lang))
        workbook.set_properties({"title": title, "created": _MADE})
        workbook.set_calc_mode("auto")
        entries = EntryCells(workbook, options.lang)
        titles = {_tab(sheet.title.of(options.lang)) for sheet in book.sheets}
        heads = Counter(_head(title) for title in titles)
        painter = _Painter(workbook, options.lang, options.scale, entries, heads)
        for sheet in book.sheets:
            painter.draw(sheet)
        painter.open_at(book)
        entries.finish()
    stream.write(content.getvalue())


class _PlainFormulas(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """A worksheet that takes formulas as they are.

    XlsxWriter searches each one for some forty functions newer than ours, which takes a third
    of the time of a report.
    """

    def _prepare_formula(self, formula: str, *_: object, **__: object) -> str:
        return formula.removeprefix("=")


@attrs.define
class _Painter:
    workbook: xlsxwriter.Workbook
    lang: str
    scale: Scale
    entries: EntryCells
    heads: Counter[str]
    looks: Looks = attrs.field(init=False)
    _names: set[str] = attrs.field(factory=set)
    _tabs: dict[str, tuple[str, Sheet]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.looks = Looks(self.workbook)

    def draw(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(self._name(sheet), worksheet_class=_PlainFormulas)
        self._tabs[sheet.id] = (page.name, sheet)
        seen = (at for at, p in enumerate(sheet.shown) if not sheet.columns[p].is_hidden)
        first = next(seen, 0)
        page.write_string(0, first, sheet.title.of(self.lang), self.looks.ink("title"))
        if remarks := sheet.remarks(self.lang):
            page.write_string(1, first, "  ".join(remarks), self.looks.ink("note"))
        place = self._cards(page, sheet) if are_cards(sheet) else self._table(page, sheet)
        draw_charts(self.workbook, page, sheet, place, lang=self.lang, scale=self.scale)

    def open_at(self, book: Book) -> None:
        """Lets a workbook that begins with hidden sheets open at the first that people see."""
        seen = next((sheet for sheet in book.sheets if not sheet.is_hidden), None)
        if seen is not None and book.sheets[0].is_hidden:
            page = self.workbook.get_worksheet_by_name(self._tabs[seen.id][0])
            page.activate()
            page.set_first_sheet()

    def _cards(self, page: _Page, sheet: Sheet) -> ChartPlace:
        cards = CardWriter(
            page=page, sheet=sheet, looks=self.looks, lang=self.lang, scale=self.scale
        )
        cards.write()
        return cards.place()

    def _table(self, page: _Page, sheet: Sheet) -> ChartPlace:
        for at, text in enumerate(sheet.header(self.lang)):
            page.write_string(_HEADER_ROW, at, text, self.looks.ink("header"))
        live = FormulaText(sheet, self._tabs)
        lines = LineWriter(page, sheet, live, self.looks, self.lang, self.scale)
        lines.write()
        self._verdicts(page, sheet)
        self._set_up(page, sheet, lines.widths)
        self._fold(page, sheet)
        self.entries.guard(page, sheet)
        shown, name = sheet.shown, page.name

        def cells(position: int, chosen: range) -> list[Any]:
            at = shown.index(position)
            return [name, FIRST_ROW + chosen[0], at, FIRST_ROW + chosen[-1], at]

        def title(position: int) -> list[Any]:
            return [name, _HEADER_ROW, shown.index(position)]

        return ChartPlace(row=FIRST_ROW + len(sheet.lines), cells=cells, title=title)

    def _verdicts(self, page: _Page, sheet: Sheet) -> None:
        """Colours and signs that follow the figures when people change them; bars of rates."""
        for at, position in enumerate(sheet.shown):
            if not sheet.lines:
                continue
            rates = [line.cells[position].formula for line in sheet.lines]
            start = FIRST_ROW
            for formula, run in groupby(rates):
                stop = start + len(list(run))
                if sides := self._sides(sheet, formula, start):
                    self._judge(page, sides, (start, stop, at))
                start = stop
            if sheet.columns[position].key == "attainment_pct":
                draw_bars(page, sheet, at, FIRST_ROW, _HEADER_ROW + len(sheet.lines))

    def _sides(self, sheet: Sheet, formula: Formula | None, row: int) -> tuple[str, str] | None:
        """What a rate holds against each other; None where a formula is no such rate."""
        match formula:
            case Percent(over, under):
                places = (sheet.shown.index(sheet.position(key)) for key in (over, under))
                first, second = (xl_rowcol_to_cell(row, at, col_abs=True) for at in places)
                return first, second
            case Quotient(target=str()):
                return FormulaText(sheet, self._tabs).sides(formula, row)
        return None

    def _judge(self, page: _Page, sides: tuple[str, str], where: tuple[int, int, int]) -> None:
        start, stop, at = where
        shown = xl_rowcol_to_cell(start, at, col_abs=True)
        for verdict, sign in ((Flag.UNMET, "<"), (Flag.MET, ">=")):
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({shown}),{sides[0]}{sign}{sides[1]})",
                "format": self.looks.ink(verdict),
            }
            page.conditional_format(start, at, stop - 1, at, rule)

    def _set_up(self, page: _Page, sheet: Sheet, widths: Sequence[int]) -> None:
        """Widths, frozen header and names, filter, and A4 landscape with repeated header."""
        names = 1 + max(
            (at for at, p in enumerate(sheet.shown) if self._is_name(sheet, p)), default=-1
        )
        page.freeze_panes(FIRST_ROW, names)
        page.set_default_row(19)
        page.set_row(0, 26)
        page.set_row(_HEADER_ROW, 32)
        for at, position in enumerate(sheet.shown):
            column = sheet.columns[position]
            hidden = {"hidden": True} if column.is_hidden else {}
            width = min(max(widths[at] + 3, 10), _MOST_WIDE)
            if column.is_long:
                width = _LONG
                self._let_run(page, sheet, position)
            page.set_column(at, at, width, None, hidden)
        last = sum(line.role is not Role.TOTAL for line in sheet.lines)
        last = last if sheet.is_protected else len(sheet.lines)
        if last and not sheet.is_hidden:
            page.autofilter(_HEADER_ROW, 0, _HEADER_ROW + last, len(sheet.shown) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(_HEADER_ROW)

    def _let_run(self, page: _Page, sheet: Sheet, position: int) -> None:
        """Makes the rows of long texts as high as these need."""
        for row, line in enumerate(sheet.lines, start=FIRST_ROW):
            text = str(worded(sheet, line, position, self.lang) or "")
            widths = (max(text_width(part), 1) for part in text.split("\n"))
            page.set_row(row, 19 * sum(-(-width // (_LONG - 2)) for width in widths))

    def _fold(self, page: _Page, sheet: Sheet) -> None:
        """Lets people fold a tree: goals stand above those below them."""
        if not sheet.is_outline:
            return
        page.outline_settings(symbols_below=False)
        for row, line in enumerate(sheet.lines, start=FIRST_ROW):
            if line.depth:
                page.set_row(row, None, None, {"level": min(line.depth, _DEEPEST)})

    def _is_name(self, sheet: Sheet, position: int) -> bool:
        """Whether a column names its line: the texts before the first figure."""
        kinds = [column.kind for column in sheet.columns[: position + 1]]
        return all(kind in {Kind.TEXT, Kind.SCOPE} for kind in kinds)

    def _name(self, sheet: Sheet) -> str:
        """The name of a tab: unique, in brackets only what tells it from the others."""
        title = _tab(sheet.title.of(self.lang))
        head = _head(title)
        named = (title if self.heads[head] > 1 else head)[:27]
        name, number = named, 2
        while name.casefold() in self._names:
            name, number = f"{named} {number}", number + 1
        self._names.add(name.casefold())
        return name


def _tab(title: str) -> str:
    """A title without the signs that a workbook forbids in the name of a tab."""
    return _BAD_NAME.sub("", plain(title)).strip()


def _head(title: str) -> str:
    return title.partition("(")[0].strip()
