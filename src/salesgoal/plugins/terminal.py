"""The terminal renderer: tables with colours, and signs that need none."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, Literal

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book, Flag, Kind, Line, Role, Sheet, shown

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

__all__ = ["salesgoal_renderers"]

_FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
_COLOURS = {Flag.MET: "green", Flag.UNMET: "bold red", Flag.PROBLEM: "yellow", Flag.NONE: ""}
_ROLES = {Role.BODY: "", Role.REST: "italic yellow", Role.TOTAL: "bold"}
_WIDE = 200
_TEXT = 10
_FRAME = 3


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
            widths = [_least_width(sheet, at, options.lang) for at in sheet.shown]
            fits = sum(widths) + _FRAME * len(widths) < console.width
            draw = _table if fits else _list
            console.print(draw(sheet, options.lang))
            console.print()
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    stream.write("".join(f"{line}\n" for line in lines).encode())


def _table(sheet: Sheet, lang: str) -> Table:
    """A table whose figures are never broken; texts may take several lines."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    notes = _notes(sheet, lang)
    title = Text(sheet.title.of(lang), style="bold")
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left")
    table.caption = Text(notes) if notes else None
    for at, header in zip(sheet.shown, sheet.header(lang), strict=True):
        right = sheet.columns[at].kind in _FIGURES
        justify: Literal["left", "right"] = "right" if right else "left"
        least = _least_width(sheet, at, lang)
        table.add_column(Text(header), justify=justify, overflow="fold", min_width=least)
    for line in sheet.lines:
        cells = (_cell(sheet, line, at, lang) for at in sheet.shown)
        table.add_row(
            *(Text(text, style=style) for text, style in cells), style=_ROLES[line.role]
        )
    return table


def _least_width(sheet: Sheet, at: int, lang: str) -> int:
    """Figures and days are never broken; texts may be, from ten columns on."""
    from rich.cells import cell_len

    widest = max(cell_len(_cell(sheet, line, at, lang)[0]) for line in sheet.lines)
    return widest if sheet.columns[at].kind in _FIGURES else min(widest, _TEXT)


def _list(sheet: Sheet, lang: str) -> Text:
    """One block a line, for terminals too narrow for the table."""
    from rich.text import Text

    headers = sheet.header(lang)
    text = Text(f"{sheet.title.of(lang)}  {_notes(sheet, lang)}".rstrip(), style="bold")
    for line in sheet.lines:
        text.append("\n")
        for at, header in zip(sheet.shown, headers, strict=True):
            value, style = _cell(sheet, line, at, lang)
            if value.strip():
                text.append(f"\n{header}: ")
                text.append(value.strip(), style or _ROLES[line.role])
    return text


def _notes(sheet: Sheet, lang: str) -> str:
    return "  ".join(note.of(lang) for note in sheet.notes)


def _cell(sheet: Sheet, line: Line, at: int, lang: str) -> tuple[str, str]:
    indent = "  " * line.depth if sheet.columns[at].tree else ""
    return indent + shown(sheet, line, at, lang), _COLOURS[line.cells[at].flag]
