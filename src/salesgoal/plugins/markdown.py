"""The Markdown renderer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book, Kind, Line, Role, Sheet, shown

__all__ = ["salesgoal_renderers"]

_FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the Markdown renderer."""
    return [
        RendererSpec(
            name="markdown",
            title="Markdown",
            suffix=".md",
            media_type="text/markdown; charset=utf-8",
            write=_write,
            text=True,
        )
    ]


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes a heading and a table for every sheet."""
    parts = [f"# {_escaped(book.title.of(options.lang))}"]
    for sheet in book.sheets:
        parts.append(f"## {_escaped(sheet.title.of(options.lang))}")
        parts += [_escaped(note.of(options.lang)) for note in sheet.notes]
        parts.append("\n".join(_table(sheet, options.lang)))
    stream.write(("\n\n".join(parts) + "\n").encode())


def _table(sheet: Sheet, lang: str) -> Iterator[str]:
    yield _row(map(_escaped, sheet.header(lang)))
    yield _row("---:" if sheet.columns[at].kind in _FIGURES else "---" for at in sheet.shown)
    for line in sheet.lines:
        yield _row(_cell(sheet, line, at, lang) for at in sheet.shown)


def _cell(sheet: Sheet, line: Line, at: int, lang: str) -> str:
    text = _escaped(shown(sheet, line, at, lang))
    if sheet.columns[at].tree:
        text = "&emsp;" * line.depth + text
    return f"**{text}**" if text and line.role is Role.TOTAL else text


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """A text without meaning to Markdown or HTML."""
    for sign in ("\\", "|", "*", "_", "`", "[", "#"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")
