"""The changes of a table since the last run: by revision and key, never by offset.

Every question is one of its own that begins behind the last row, so rows that change meanwhile
move behind it and are met again; a tie longer than its answer is walked by key. The first one
begins ``lookback`` before the last run's end, because a row may become visible later than the
moment it carries.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Numeric,
    String,
    Subquery,
    Uuid,
    and_,
    column,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from salesgoal.errors import ConfigError
from salesgoal.plugins.sql.cursor import Position
from salesgoal.plugins.sql.database import Database, open_database
from salesgoal.plugins.sql.moments import Moments, find_moments
from salesgoal.plugins.sql.options import SqlChangesOptions, key_columns
from salesgoal.plugins.sql.rows import Reading
from salesgoal.plugins.sql.statement import as_table, checked_select
from salesgoal.ports.importer import Page, RawRow, ReadRequest

__all__ = ["read_changes"]

BATCH = 10_000
"""Rows of one question; a database without a fitting index looks at all rows for each."""

_TYPES: dict[type, TypeEngine[Any]] = {
    int: BigInteger(),
    str: String(),
    Decimal: Numeric(),
    UUID: Uuid(),
    date: Date(),
}


def read_changes(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows that changed since the last run, each page with a cursor.

    Raises:
        SourceError: As `Database.told`, `open_database` and `checked_select`; also where a
            column that an option names is not there, is NULL, or is no moment.
    """
    options: SqlChangesOptions = request.options
    statement = checked_select(options.select)
    database = open_database(options.url, options.password)
    yield from database.told(_pages(database, options, as_table(statement), request))


def _pages(
    database: Database, options: SqlChangesOptions, table: Subquery, request: ReadRequest
) -> Generator[Page, None, None]:
    key = key_columns(options.key)
    with database.reading() as connection:
        columns, moments = find_moments(connection, table, key, options)
        if moments is None:
            yield Page((), columns, request.since)
            return
        walk = _Walk(connection, table, moments, key, options, request)
        since = Position.of(request.since) if request.since is not None else None
        if since is not None and not moments.knows(since):
            since = None  # The column is of another kind now, so everything is read.
        last, reached, size = None, since, request.page_size
        while True:
            batch = walk.batch(since, last)
            connection.rollback()  # No view is kept open while the rows are taken over.
            if batch and batch[-1][1] == last:
                en = f"column {options.revision} is finer than a microsecond; CAST it"
                zh = f"列 {options.revision} 比微秒更细，请用 CAST 转换"
                raise ConfigError("sql", en, zh)
            for first in range(0, len(batch) or last is None, size):
                some = batch[first : first + size]
                reached = _later(reached, some[-1][1] if some else None)
                rows = tuple(row for row, _ in some)
                yield Page(rows, columns, None if reached is None else reached.cursor())
            if len(batch) < walk.most:
                return
            last = batch[-1][1]


@attrs.frozen
class _Walk:
    """The questions of one run."""

    connection: Connection
    table: Subquery
    moments: Moments
    key: tuple[str, ...]
    options: SqlChangesOptions
    request: ReadRequest

    @property
    def most(self) -> int:
        """How many rows one question asks for."""
        return max(self.request.page_size, BATCH)

    def batch(
        self, since: Position | None, last: Position | None
    ) -> list[tuple[RawRow, Position]]:
        """The rows behind the last one, or from ``since`` on, each with its position."""
        moments = self.moments
        asked = select(literal_column("*"), moments.column.label("own_moment"))
        asked = asked.select_from(self.table)
        asked = asked.order_by(moments.column, *map(column, self.key)).limit(self.most)
        until = moments.bound(self.request.until)
        if until is not None:
            asked = asked.where(moments.column <= until)
        if last is not None:
            asked = asked.where(self._behind(last))
        elif since is not None:
            first = moments.before(since, self.options.lookback)
            asked = asked.where(moments.column >= first)
        result = self.connection.execute(asked)
        reading = Reading.of(result, self.key, self.options.deleted, more=1)
        at = reading.columns.index(self.options.revision)
        found = []
        for number, values in enumerate(result.all(), start=1):
            revision = moments.revision(values[at], reading.columns[at])
            own = tuple(values[each] for each in reading.key)
            position = Position(moments.exact(values[-1]), revision, own)
            found.append((reading.row(values, number, revision), position))
        return found

    def _behind(self, last: Position) -> ColumnElement[bool]:
        at = self.moments.literal(last.moment)
        moment = self.moments.column
        return and_(moment >= at, or_(moment > at, _greater(self.key, last.key)))


def _greater(names: Sequence[str], values: Sequence[object]) -> ColumnElement[bool]:
    """Whether a key of one column or several comes later."""
    found: ColumnElement[bool] | None = None
    for name, value in reversed(list(zip(names, values, strict=True))):
        one: ColumnElement[Any] = column(name)
        bound = literal(value, _type_of(value))
        found = one > bound if found is None else or_(one > bound, and_(one == bound, found))
    assert found is not None
    return found


def _type_of(value: object) -> TypeEngine[Any]:
    if isinstance(value, datetime):
        return DateTime(timezone=value.tzinfo is not None)
    if type(value) not in _TYPES:
        name = type(value).__name__
        en = f"a key of kind {name} cannot be resumed at; CAST it to text"
        raise ConfigError("sql", en, f"{name} 类型的 key 无法续读；请用 CAST 转为文本")
    return _TYPES[type(value)]


def _later(since: Position | None, position: Position | None) -> Position | None:
    """Where the next run may begin: looking back never takes the cursor back."""
    if since is None or position is None:
        return since or position
    return position if position.moment >= since.moment else since  # type: ignore[operator]
