"""Cells that people fill in: what is open, what may be typed, and the lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import attrs
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from salesgoal.plugins.xlsx.formula_text import FIRST_ROW
from salesgoal.sheets.entry_rule import EntryKind, EntryRule
from salesgoal.sheets.sheet import Line, Role, Sheet

__all__ = ["ENTRY_INK", "EntryCells", "is_open"]

ENTRY_INK: Mapping[str, Any] = {
    "locked": False,
    "bg_color": "#FFFBE6",
    "border": 1,
    "border_color": "#D9D2B0",
}
"""How a cell looks that is filled in."""

_LISTS = "_lists"
_FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LAST_DAY = datetime(2199, 12, 31, tzinfo=UTC).replace(tzinfo=None)
_MOST_SAID = 250
_LIMIT = 10**13
_ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def is_open(sheet: Sheet, line: Line, position: int) -> bool:
    """Whether people type into a cell."""
    body = line.role is Role.BODY
    entry = sheet.columns[position].entry
    return body and entry is not None and not line.cells[position].is_locked


@attrs.define
class EntryCells:
    """The rules of a workbook's open cells.

    Attributes:
        workbook: Where the lists of choices are put, on a hidden sheet of their own.
        lang: Of what is said.
    """

    workbook: xlsxwriter.Workbook
    lang: str
    _lists: dict[tuple[str, ...], int] = attrs.field(factory=dict)

    def guard(self, page: Any, sheet: Sheet) -> None:  # noqa: ANN401 - it has no types
        """Locks a sheet but for its open cells, and lays down what these take."""
        for at, position in enumerate(sheet.shown):
            column = sheet.columns[position]
            if column.entry is None:
                continue
            for start, stop in _open_runs(sheet, position):
                first = xl_rowcol_to_cell(start, at, col_abs=False)
                line = sheet.lines[start - FIRST_ROW]
                decimals = column.decimals if line.decimals is None else line.decimals
                rule = self._rule(column.entry, first, decimals)
                page.data_validation(start, at, stop - 1, at, rule)
        if sheet.is_protected:
            page.protect("", _ALLOWED)
            page.set_footer("&L&A&R&P / &N")
            page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        if sheet.is_hidden:
            page.hide()

    def finish(self) -> None:
        """Writes the lists of choices."""
        if not self._lists:
            return
        page = self.workbook.add_worksheet(_LISTS)
        for choices, column in self._lists.items():
            for row, text in enumerate(choices):
                page.write_string(row, column, text)
        page.hide()

    def _rule(self, entry: EntryRule, first: str, decimals: int) -> dict[str, Any]:
        rule: dict[str, Any] = {"ignore_blank": True}
        match entry.kind:
            case EntryKind.AMOUNT:
                fits = f"ROUND({first},{decimals})={first},ABS({first})<{_LIMIT}"
                rule |= {"validate": "custom", "value": f"=AND(ISNUMBER({first}),{fits})"}
            case EntryKind.DATE:
                rule |= {"validate": "date", "criteria": "between"}
                rule |= {"minimum": _FIRST_DAY, "maximum": _LAST_DAY}
            case EntryKind.CHOICE:
                rule |= {"validate": "list", "source": self._list(entry)}
            case _:
                rule |= {"validate": "any"}
        if entry.prompt is not None:
            rule["input_message"] = entry.prompt.of(self.lang)[:_MOST_SAID]
        if entry.refusal is not None:
            rule["error_message"] = entry.refusal.of(self.lang)[:_MOST_SAID]
        if not entry.is_strict:
            rule["error_type"] = "warning"
        return rule

    def _list(self, entry: EntryRule) -> str:
        choices = tuple(each.of(self.lang) for each in entry.choices)
        column = self._lists.setdefault(choices, len(self._lists))
        cells = xl_range_abs(0, column, max(len(choices), 1) - 1, column)
        return f"='{_LISTS}'!{cells}"


def _open_runs(sheet: Sheet, position: int) -> Iterator[tuple[int, int]]:
    """The first row of each stretch of open cells of one kind, and the row behind it."""
    marks = [(is_open(sheet, line, position), line.decimals) for line in sheet.lines]
    start = FIRST_ROW
    for (opened, _), run in groupby(marks):
        stop = start + len(list(run))
        if opened:
            yield start, stop
        start = stop
