"""A table that is read whole: one statement, so one moment of it, streamed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, column, literal_column, select

from salesgoal.plugins.sql.database import Database, open_database
from salesgoal.plugins.sql.moments import read_moment
from salesgoal.plugins.sql.options import SqlOptions, key_columns
from salesgoal.plugins.sql.rows import Reading, find_column
from salesgoal.plugins.sql.statement import as_table, checked_select
from salesgoal.ports.importer import Page, ReadRequest

__all__ = ["read_whole"]


def read_whole(request: ReadRequest) -> Iterator[Page]:
    """Yields every row of a SELECT in pages, in the order of its key where it has one.

    Raises:
        SourceError: As `Database.told`, `open_database` and `checked_select`; also where a
            column that an option names is not there.
    """
    options: SqlOptions = request.options
    statement = checked_select(options.select)
    database = open_database(options.url, options.password)
    yield from database.told(_pages(database, options, statement, request.page_size))


def _pages(
    database: Database, options: SqlOptions, statement: str, size: int
) -> Generator[Page, None, None]:
    key = key_columns(options.key)
    asked: Select[Any] = select(literal_column("*")).select_from(as_table(statement))
    asked = asked.order_by(*map(column, key))
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=size).execute(asked) as result,
    ):
        reading = Reading.of(result, key, options.deleted)
        moment = _moments(options, reading.columns)
        number = 0
        for part in result.partitions():
            first, number = number + 1, number + len(part)
            rows = (reading.row(each, at, moment(each)) for at, each in enumerate(part, first))
            yield Page(tuple(rows), reading.columns)
        if not number:
            yield Page((), reading.columns)


def _moments(
    options: SqlOptions, columns: Sequence[str]
) -> Callable[[Sequence[object]], datetime | None]:
    """What gives the revision of a row."""
    name, zone = options.revision, options.zone and ZoneInfo(options.zone)
    if name is None:
        return lambda _: None
    at = find_column(columns, name)
    return lambda values: read_moment(values[at], zone or None, name)
