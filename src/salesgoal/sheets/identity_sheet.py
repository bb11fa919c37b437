"""The hidden sheet by which a tracking workbook is known again.

It says which plan, period and version of the targets the workbook was made from, what each
column means, which lines there were, and what every cell held when it was handed out. Lines are
known by their keys and columns by their headers, so sheets may be renamed, lines sorted and
columns moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from salesgoal.sheets.form_meanings import Meaning
from salesgoal.sheets.sheet import Cell, Column, Line, Role, Sheet, Words, worded

__all__ = ["FORMAT", "IDENTITY", "MARK", "FormSheet", "identity_sheet"]

IDENTITY = "salesgoal"
MARK = "salesgoal tracking workbook"
"""What the first cell of the sheet says."""

FORMAT = "1"
"""The version of what is written here; a workbook of another one is refused."""

_WIDTH = 7


@attrs.frozen
class FormSheet:
    """A sheet of a form, and what its columns mean; nothing where nobody fills it in."""

    sheet: Sheet
    meanings: tuple[Meaning, ...]


def identity_sheet(facts: Mapping[str, str], forms: Sequence[FormSheet], lang: str) -> Sheet:
    """Returns the sheet.

    Args:
        facts: What the workbook was made from, by name.
        forms: Its sheets.
        lang: In which its headers and words are written.
    """
    rows: list[tuple[str | Words, ...]] = [
        ("fact", name, value) for name, value in facts.items()
    ]
    for form in (each for each in forms if each.meanings):
        rows += _columns(form)
        rows += _held(form, lang)
    title = Words(MARK, MARK)
    return Sheet(
        id=IDENTITY,
        title=title,
        columns=tuple(
            Column(key=f"part{at}", title=Words(f"part{at}", f"part{at}"))
            for at in range(_WIDTH)
        ),
        lines=tuple(
            Line(tuple(Cell(each) for each in (*row, *[None] * (_WIDTH - len(row)))))
            for row in rows
        ),
        is_hidden=True,
        is_protected=True,
    )


def _columns(form: FormSheet) -> Iterator[tuple[str | Words, ...]]:
    """What each column means, by its header."""
    sheet = form.sheet
    for each in form.meanings:
        column = sheet.columns[sheet.position(each.column)]
        heading = Words(column.heading("zh"), column.heading("en"))
        facts = (each.role, each.metric, each.period, each.scope)
        yield ("column", f"{sheet.id}:{each.column}", heading, *facts)


def _held(form: FormSheet, lang: str) -> Iterator[tuple[str | Words, ...]]:
    """What the cells of each line held; a line without any is named all the same."""
    sheet = form.sheet
    roles = {each.column: each.role for each in form.meanings}
    key = next(column for column, role in roles.items() if role == "key")
    metric = next((column for column, role in roles.items() if role == "metric"), None)
    shown = [(at, column) for at, column in enumerate(sheet.columns) if column.key in roles]
    for line in sheet.lines:
        name = _text(sheet, line, sheet.position(key), lang)
        if line.role is not Role.BODY or not name:
            continue
        of = _text(sheet, line, sheet.position(metric), lang) if metric else ""
        yield ("line", sheet.id, name, of)
        for at, column in shown:
            text = _text(sheet, line, at, lang)
            if text and roles[column.key] not in {"key", "metric", "name"}:
                yield ("held", sheet.id, name, of, column.key, text)


def _text(sheet: Sheet, line: Line, at: int, lang: str) -> str:
    value = worded(sheet, line, at, lang)
    return "" if value is None else str(value)
