"""The Markdown renderer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.bar import bar_of, find_bullets
from salesgoal.sheets.sheet import Book, Kind, Line, Role, Sheet, shown

__all__ = ["salesgoal_renderers"]

_FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINK = re.compile(r"(https?|ftp|mailto|www)[:.]", re.IGNORECASE)


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
    """Writes a heading and a table for every sheet; a sheet without lines has no table."""
    parts = [f"# {_escaped(book.title.of(options.lang))}"]
    for sheet in book.sheets:
        if sheet.is_hidden:
            continue
        parts.append(f"## {_escaped(sheet.title.of(options.lang))}")
        parts += [_escaped(note) for note in sheet.remarks(options.lang, options.scale)]
        parts.append("\n".join(_table(sheet, options)))
    stream.write(("\n\n".join(parts) + "\n").encode())


def _table(sheet: Sheet, options: RenderOptions) -> Iterator[str]:
    columns = [at for at in sheet.shown if not sheet.columns[at].is_hidden]
    titles = dict(zip(sheet.shown, sheet.header(options.lang, options.scale), strict=True))
    bullets = find_bullets(sheet)
    head = [_escaped(titles[at]) for at in columns]
    marks = ["---:" if sheet.columns[at].kind in _FIGURES else "---" for at in columns]
    yield _row([*head, *([""] if bullets else ())])
    yield _row([*marks, *(["---"] if bullets else ())])
    for number, line in enumerate(sheet.lines):
        cells = [_cell(sheet, line, at, options) for at in columns]
        yield _row([*cells, *([bar_of(sheet, bullets, number).rstrip()] if bullets else ())])


def _cell(sheet: Sheet, line: Line, at: int, options: RenderOptions) -> str:
    text = _escaped(shown(sheet, line, at, options.lang, options.scale))
    if sheet.columns[at].tree:
        text = "&emsp;" * line.depth + text
    return f"**{text}**" if text and line.role is Role.TOTAL else text


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """A text without meaning to Markdown or HTML."""
    for sign in ("\\", "|", "*", "_", "`", "[", "#", "~", "$"):
        text = text.replace(sign, f"\\{sign}")
    text = _CONTROLS.sub(" ", text)
    return _LINK.sub(r"\1&#58;", text.replace("&", "&amp;").replace("<", "&lt;"))
