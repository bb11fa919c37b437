"""A table that is read whole: one statement, so one moment of it, streamed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from sqlalchemy import Select, column, literal_column, select

from salesgoal.plugins.sql.database import Database, open_database
from salesgoal.plugins.sql.options import SqlOptions, key_columns
from salesgoal.plugins.sql.rows import Reading
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
    with database.reading() as connection:
        result = connection.execution_options(yield_per=size).execute(asked)
        reading = Reading.of(result, key, options.deleted)
        number = 0
        for rows in result.partitions():
            first, number = number + 1, number + len(rows)
            raw = (reading.row(row, at, None) for at, row in enumerate(rows, start=first))
            yield Page(tuple(raw), reading.columns)
        if not number:
            yield Page((), reading.columns)
