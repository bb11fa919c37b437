"""The terminal renderer: tables with colours, and signs that need none."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import BinaryIO

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book, Flag, Kind, Line, Role, Sheet, shown

__all__ = ["salesgoal_renderers"]

_FIGURES = {Kind.AMOUNT, Kind.PERCENT}
_COLOURS = {Flag.MET: "green", Flag.UNMET: "bold red", Flag.PROBLEM: "yellow", Flag.NONE: ""}
_ROLES = {Role.BODY: "", Role.REST: "italic yellow", Role.TOTAL: "bold"}
_WIDE = 200


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the terminal renderer."""
    return [
        RendererSpec(
            name="terminal",
            title="终端",
            suffix=".txt",
            media_type="text/plain; charset=utf-8",
            write=_write,
            text=True,
        )
    ]


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes every sheet as a table; empty ones are left out."""
    from rich.console import Console

    text = io.StringIO()
    console = Console(
        file=text,
        width=options.width or _WIDE,
        force_terminal=options.colour,
        no_color=not options.colour,
        color_system="standard" if options.colour else None,
        highlight=False,
        legacy_windows=False,
    )
    for sheet in book.sheets:
        if sheet.lines:
            console.print(_table(sheet, options.lang))
            console.print()
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    stream.write("".join(f"{line}\n" for line in lines).encode())


def _table(sheet: Sheet, lang: str) -> object:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    notes = "  ".join(note.of(lang) for note in sheet.notes)
    title = Text(sheet.title.of(lang), style="bold")
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left")
    table.caption = Text(notes) if notes else None
    for at, header in zip(sheet.shown, sheet.header(lang), strict=True):
        right = sheet.columns[at].kind in _FIGURES
        table.add_column(Text(header), justify="right" if right else "left", overflow="fold")
    for line in sheet.lines:
        cells = (_cell(sheet, line, at, lang) for at in sheet.shown)
        table.add_row(
            *(Text(text, style=style) for text, style in cells), style=_ROLES[line.role]
        )
    return table


def _cell(sheet: Sheet, line: Line, at: int, lang: str) -> tuple[str, str]:
    indent = "  " * line.depth if sheet.columns[at].tree else ""
    return indent + shown(sheet, line, at, lang), _COLOURS[line.cells[at].flag]
