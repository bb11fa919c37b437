"""CSV files: read strictly, written safely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import (
    Grid,
    ImporterSpec,
    NotPlain,
    Page,
    ReadRequest,
    WholeColumns,
)
from salesgoal.ports.renderer import RendererSpec


def _read(request: ReadRequest) -> Iterator[Page]:
    from salesgoal.plugins.csv.reader import read

    return read(request)


def _read_columns(request: ReadRequest) -> WholeColumns | NotPlain:
    from salesgoal.plugins.csv.columns import read_columns

    return read_columns(request)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """Returns the CSV importer."""
    return [
        ImporterSpec(
            name="csv",
            title="CSV",
            read=_read,
            options=CsvOptions,
            grid=Grid.LINES,
            columns=_read_columns,
            matches=lambda head: head.suffix in {".csv", ".tsv", ".txt"},
        )
    ]


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the CSV renderer."""
    from salesgoal.plugins.csv.writer import write

    return [
        RendererSpec(
            name="csv",
            title="CSV",
            suffix=".csv",
            media_type="text/csv; charset=utf-8",
            write=write,
            text=True,
        )
    ]
