"""Databases: any URL that SQLAlchemy knows and a SELECT, read whole or by changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from salesgoal.plugins.sql.options import SqlChangesOptions, SqlOptions
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, ReadRequest


def _read_whole(request: ReadRequest) -> Iterator[Page]:
    from salesgoal.plugins.sql.whole import read_whole

    return read_whole(request)


def _read_changes(request: ReadRequest) -> Iterator[Page]:
    from salesgoal.plugins.sql.changes import read_changes

    return read_changes(request)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """Returns the importers of databases: of a whole table, and of its changes."""
    return [
        ImporterSpec(name="sql", title="SQL", read=_read_whole, options=SqlOptions),
        ImporterSpec(
            name="sql-changes",
            title="SQL 增量 changes",
            read=_read_changes,
            options=SqlChangesOptions,
            incremental=True,
        ),
    ]
