"""Parquet files, from the extra ``fast`` (Polars)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import MissingExtra, SourceRefused, UsageError
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import (
    FileRows,
    ImporterSpec,
    NotPlain,
    Page,
    RawValue,
    ReadRequest,
    Unreadable,
    WholeColumns,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = ["salesgoal_importers"]

_MARK = b"PAR1"
_PLAIN = (str, int, date, Decimal)
_WHOLE_BELOW = 10**15
"""Floats below this hold every whole number, and 15 digits of any other, as it was written."""


def _from_one(_: object, __: object, value: int) -> None:
    if value < 1:
        raise UsageError("a whole number from 1 up", "从 1 开始的整数")


@attrs.frozen(kw_only=True)
class ParquetLimits:
    """What is allowed; a file that passes it is refused before it is unpacked.

    Attributes:
        rows: How many rows the file has.

    选项:
        rows: 文件的行数。
    """

    rows: int = attrs.field(default=100_000_000, validator=_from_one)


@attrs.frozen(kw_only=True)
class ParquetOptions:
    """How much of a Parquet file is read.

    Attributes:
        limits: What a file may hold at most.
    """

    limits: ParquetLimits = attrs.field(factory=ParquetLimits)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """Returns the Parquet importer."""
    return [
        ImporterSpec(
            name="parquet",
            title="Parquet",
            read=_read,
            options=ParquetOptions,
            matches=lambda head: head.suffix in {".parquet", ".pq"},
            columns=_read_columns,
        )
    ]


def _read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows in pages, counted from 1; the first page is there without any row."""
    frame = _load(request)
    assert request.source is not None
    place = Place(request.source.name)
    columns = _names(frame)
    for first in range(0, max(1, frame.height), request.page_size):
        part = frame.slice(first, request.page_size)
        values = tuple(_cells(part))
        numbers = range(first + 1, first + 1 + len(values))
        yield Page(FileRows(values, place, numbers), columns)


def _read_columns(request: ReadRequest) -> WholeColumns | NotPlain:
    return WholeColumns(frame=_load(request), cell=_cell)


def _load(request: ReadRequest) -> pl.DataFrame:
    """The file, with categories as texts and short floats as their own digits say.

    Raises:
        MissingExtra: Polars is not installed.
        SourceRefused: It is no Parquet, damaged, or passes a limit.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("polars", "fast") from error
    path = request.source
    assert path is not None
    options: ParquetOptions = request.options or ParquetOptions()
    try:
        # Opened here, since Polars takes every name for UTF-8.
        with path.open("rb") as file:
            _refuse_too_many(pl.scan_parquet(file), options.limits, path)
            frame = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        detail = str(error).partition("\n")[0]
        raise SourceRefused(
            [problem("not-a-parquet", Place(path.name), detail=detail)]
        ) from error
    return frame.with_columns(_evened(name, kind) for name, kind in frame.schema.items())


def _refuse_too_many(frame: pl.LazyFrame, limits: ParquetLimits, path: Path) -> None:
    import polars as pl

    rows = int(frame.select(pl.len()).collect().item())
    if rows > limits.rows:
        facts = {"limit": "rows", "most": f"{limits.rows:,}"}
        raise SourceRefused([problem("limit-exceeded", Place(path.name), **facts)])


def _evened(name: str, kind: pl.DataType) -> pl.Expr:
    import polars as pl

    column = pl.col(name)
    if isinstance(kind, pl.Categorical | pl.Enum | pl.Null):
        return column.cast(pl.String)
    if kind.is_float() and kind != pl.Float64:
        return column.cast(pl.String).cast(pl.Float64)
    return column


def _names(frame: pl.DataFrame) -> tuple[str, ...]:
    names = enumerate(frame.columns, start=1)
    return tuple(name.strip() or f"#{at}" for at, name in names)


def _cells(frame: pl.DataFrame) -> Iterator[tuple[RawValue, ...]]:
    for row in frame.iter_rows():
        yield tuple(map(_cell, row))


def _cell(value: Any) -> RawValue:  # noqa: ANN401 - whatever a column may hold
    """A cell as the core takes it.

    A float stands for the number of its first 15 digits, as a spreadsheet shows it.

    >>> _cell(731.93999999999994), _cell(2.0), _cell(None)
    (Decimal('731.94'), 2, None)
    """
    if value is None or isinstance(value, _PLAIN):
        found: RawValue = value
        return found
    if not isinstance(value, float):
        kind = type(value).__name__
        return Unreadable(str(value), "unreadable-type", {"kind": kind})
    if not isfinite(value):
        return Unreadable(str(value), "not-a-number")
    if value.is_integer() and abs(value) < _WHOLE_BELOW:
        return int(value)
    return Decimal(f"{value:.15g}")
