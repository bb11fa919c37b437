"""Reading tracking workbooks back: sheets, lines and cells, whatever became of their order.

The workbook is read through the importer of its kind, every sheet of it; what it is stands on
its hidden sheet. Sheets are known by a mark in the header of their first column, columns by
their headers, lines by their keys. Nothing is judged here but the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from salesgoal.domain.dimension import fold_name
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.intake.cell_text import is_filled, plain_text
from salesgoal.ports.importer import Page, RawValue
from salesgoal.sheets.form_meanings import Meaning
from salesgoal.sheets.identity_sheet import MARK

__all__ = ["FormColumn", "TrackedBook", "TrackedCell", "TrackedLine", "read_tracking"]

_MARKED = "salesgoal:"
_NEEDED = {"key", "name", "metric", "actual"}
_ASIDE = {"*", "-"}
"""The keys of lines that are no goals': the total, and what is left over."""

LineKey = tuple[str, str, str]
"""The id of a sheet, the key of a line, the id of its metric."""


@attrs.frozen
class FormColumn:
    """A column of a form: what it means, and its header."""

    meaning: Meaning
    title: str


@attrs.frozen
class TrackedCell:
    """What stands in a cell, its header, and where it is."""

    value: RawValue
    column: str
    where: Place


@attrs.frozen(kw_only=True)
class TrackedLine:
    """One line that somebody may have filled in.

    Attributes:
        sheet: The id of its table.
        key: The key of its goal; blank in a line that was added.
        metric: The id of its metric, where the line says it.
        cells: Column -> what stands there; columns that the sheet lacks are not in it.
        where: The row.
    """

    sheet: str
    key: str
    metric: str
    cells: Mapping[str, TrackedCell]
    where: Place

    def text(self, column: str) -> str:
        """Returns what a cell says as text, blank where it says nothing."""
        cell = self.cells.get(column)
        return "" if cell is None else plain_text(cell.value)


@attrs.define(kw_only=True)
class TrackedBook:
    """A tracking workbook as it came back.

    Attributes:
        name: The file.
        facts: What it was made from: format, plan, plan_digest, period, version, workbook.
        columns: Sheet and column -> what it means.
        known: The lines that it was handed out with.
        held: What a cell held then, by line and column.
        lines: What it holds now.
        problems: Faults of its form.
        sheets: The id of each table that could be read -> what its sheet is called now.
    """

    name: str
    facts: dict[str, str] = attrs.field(factory=dict)
    columns: dict[str, dict[str, FormColumn]] = attrs.field(factory=dict)
    known: list[LineKey] = attrs.field(factory=list)
    held: dict[tuple[LineKey, str], str] = attrs.field(factory=dict)
    lines: list[TrackedLine] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    sheets: dict[str, str] = attrs.field(factory=dict)


_Rows = list[tuple[int, Sequence[RawValue]]]


def read_tracking(pages: Iterable[Page], name: str) -> TrackedBook | None:
    """Returns the tracking workbook of these pages; None where it is none.

    Args:
        pages: The rows of every sheet, those of hidden ones first; no more of them are read
            than it takes to see that it is none.
        name: The file.
    """
    sheets: dict[str, _Rows] = {}
    book: TrackedBook | None = None
    for page in pages:
        places = page.places
        sheet = (places[0].sheet if places else None) or ""
        hidden = any(each.code == "hidden-sheet" for each in page.warnings)
        new = sheet not in sheets
        rows = sheets.setdefault(sheet, [])
        rows += [
            (place.row or 0, values) for place, values in zip(places, page.values, strict=True)
        ]
        if new and _is_identity(rows):
            book = TrackedBook(name=name)
        elif new and places and not hidden and book is None:
            return None
    if book is None:
        return None
    for rows in filter(_is_identity, sheets.values()):
        _read_identity(book, rows)
    for sheet, rows in sheets.items():
        if not _is_identity(rows):
            _read_form(book, sheet, rows)
    return book


def _is_identity(rows: _Rows) -> bool:
    return bool(rows and rows[0][1]) and rows[0][1][0] == MARK


def _read_identity(book: TrackedBook, rows: _Rows) -> None:
    for _, values in rows:
        match [plain_text(value) for value in values]:
            case ["fact", name, *rest]:
                book.facts[name] = "".join(rest[:1])
            case ["column", place, title, role, *rest]:
                sheet, _, column = place.partition(":")
                metric, period, scope = [*rest, "", "", ""][:3]
                meaning = Meaning(
                    column=column, role=role, metric=metric, period=period, scope=scope
                )
                book.columns.setdefault(sheet, {})[column] = FormColumn(meaning, title)
            case ["line", sheet, key, *rest]:
                book.known.append((sheet, key, "".join(rest[:1])))
            case ["held", sheet, key, metric, column, text, *_]:
                book.held[(sheet, key, metric), column] = text


def _read_form(book: TrackedBook, sheet: str, rows: _Rows) -> None:
    """Reads a sheet with a mark; others are people's own."""
    found = next(_marks(rows), None)
    if found is None or found[2] not in book.columns:
        return
    header_row, _, name = found
    place = Place(book.name, sheet=sheet)
    if name in book.sheets:
        other = book.sheets[name]
        book.problems.append(problem("sheet-twice", place, other=other))
        return
    header = next(values for number, values in rows if number == header_row)
    at = dict(_positions(book, name, header, attrs.evolve(place, row=header_row)))
    needed = (column for column, form in book.columns[name].items() if _is_needed(form))
    if not set(needed) <= at.keys():
        return
    book.sheets[name] = sheet
    for number, values in rows:
        if number > header_row:
            line = _line(book, name, at, values, attrs.evolve(place, row=number))
            if line is not None:
                book.lines.append(line)


def _marks(rows: _Rows) -> Iterator[tuple[int, int, str]]:
    """The row, column and name of every mark."""
    for number, values in rows:
        for at, value in enumerate(values):
            if isinstance(value, str) and value.startswith(_MARKED):
                yield number, at, value.removeprefix(_MARKED)


def _positions(
    book: TrackedBook, name: str, header: Sequence[RawValue], place: Place
) -> Iterator[tuple[str, int]]:
    """Where each column stands; one that is needed and is not there is a problem."""
    titles = [fold_name(plain_text(value)) for value in header]
    for column, form in book.columns[name].items():
        found = [at for at, title in enumerate(titles) if title == fold_name(form.title)]
        if len(found) == 1:
            yield column, found[0]
        elif found or _is_needed(form):
            code = "duplicate-column" if found else "missing-column"
            shown = ", ".join(title for title in titles if title)
            fault = problem(code, place, column=form.title, found=shown, count=len(found))
            book.problems.append(fault)


def _is_needed(column: FormColumn) -> bool:
    return column.meaning.role in _NEEDED


def _line(
    book: TrackedBook,
    name: str,
    at: Mapping[str, int],
    values: Sequence[RawValue],
    place: Place,
) -> TrackedLine | None:
    """A line of a goal; None for totals, what is left over, and lines that say nothing."""
    columns = book.columns[name]
    cells = {}
    for column, position in at.items():
        value = values[position] if position < len(values) else None
        where = attrs.evolve(place, cell=f"{_letters(position)}{place.row}")
        cells[column] = TrackedCell(value, columns[column].title, where)
    roles = {form.meaning.role: column for column, form in columns.items()}
    key = plain_text(cells[roles["key"]].value)
    said = [cell for column, cell in cells.items() if is_filled(cell.value)]
    if key in _ASIDE or not said:
        return None
    metric = plain_text(cells[roles["metric"]].value) if "metric" in roles else ""
    return TrackedLine(sheet=name, key=key, metric=metric, cells=cells, where=place)


def _letters(position: int) -> str:
    """The letters of a column, counted from 0.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
