"""Workbooks: read behind a guard, written with live formulas beside cached values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import Grid, ImporterSpec, Page, ReadRequest
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book


def _read(request: ReadRequest) -> Iterator[Page]:
    from salesgoal.plugins.xlsx.reader import read

    return read(request)


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    from salesgoal.plugins.xlsx.writer import write

    write(book, stream, options)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """Returns the workbook importer."""
    return [
        ImporterSpec(
            name="xlsx",
            title="Excel (xlsx)",
            read=_read,
            options=XlsxOptions,
            grid=Grid.CELLS,
            matches=lambda head: head.suffix in {".xlsx", ".xlsm"},
        )
    ]


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the workbook renderer."""
    return [
        RendererSpec(
            name="xlsx",
            title="Excel (xlsx)",
            suffix=".xlsx",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write=_write,
        )
    ]
