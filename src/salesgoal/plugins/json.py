"""The JSON renderer: the stable machine output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book, Line, Sheet, written

__all__ = ["salesgoal_renderers"]


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the JSON renderer."""
    return [
        RendererSpec(
            name="json",
            title="JSON",
            suffix=".json",
            media_type="application/json",
            write=_write,
            text=True,
        )
    ]


def _write(book: Book, stream: BinaryIO, _: RenderOptions) -> None:
    """Writes the book's meta and every sheet under its id.

    Numbers are texts in plain decimal notation, absent ones null: no reader rounds them.
    """
    content: dict[str, Any] = {"meta": dict(book.meta)}
    content |= {sheet.id: _sheet(sheet) for sheet in book.sheets}
    stream.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")


def _sheet(sheet: Sheet) -> Any:  # noqa: ANN401 - a JSON value
    lines = [_line(sheet, line) for line in sheet.lines]
    if sheet.keyed_by is None:
        return lines
    return {line.pop(sheet.keyed_by): line for line in lines}


def _line(sheet: Sheet, line: Line) -> dict[str, Any]:
    return {
        column.key: _value(sheet, line, at)
        for at, column in enumerate(sheet.columns)
        if column.machine
    }


def _value(sheet: Sheet, line: Line, at: int) -> Any:  # noqa: ANN401 - a JSON value
    raw = line.cells[at].value
    if isinstance(raw, Mapping):
        return dict(raw)
    value = written(sheet, line, at)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
