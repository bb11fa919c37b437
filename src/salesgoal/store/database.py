"""The database of a ledger: how it is opened, who may write, and what its errors mean.

SQLite keeps a rollback journal, not a write-ahead log: a plan's folder may lie on a network
drive or be synchronised, and then the ledger must be one file whenever nobody writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from salesgoal.errors import LedgerBusy, LedgerRefused, MissingExtra, OutputError, UsageError

__all__ = ["Database", "connect_to"]

_SQLITE_FIRST = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = FILE",
    "PRAGMA cache_size = -65536",
)
_SHOWN = ("host", "port")
"""Parts of a query that are shown; others may hold a secret."""
_REFUSED = {"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN", "SQLITE_FORMAT"}
_UNREACHABLE = ("08", "28", "3D", "57P")
"""Classes of PostgreSQL: connection, authorisation, no such database, shut down."""


@attrs.frozen(eq=False)
class Database:
    """Where a ledger lies.

    Attributes:
        engine: Of SQLAlchemy.
        name: What to call it in errors; without a password.
        wait: How many seconds to wait for another writer.
    """

    engine: Engine
    name: str
    wait: int

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that ends as a whole or not at all.

        Yields:
            The connection; other writers of a SQLite file are locked out from here on.

        Raises:
            LedgerBusy: Another writer held it all the while.
            LedgerRefused: It cannot be reached or is damaged.
            OutputError: It could not be written: the disk is full, the file is read-only.
        """
        with self._telling(), self.engine.connect() as connection:
            connection.execution_options(salesgoal_writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of what is recorded, whatever others write meanwhile.

        Yields:
            The connection.

        Raises:
            LedgerBusy: A writer is about to finish for longer than one can wait.
            LedgerRefused: It cannot be reached or is damaged.
        """
        with self._telling(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._meaning(error) from error

    def _meaning(self, error: DBAPIError) -> Exception:
        """What an error of the driver says to people."""
        cause: Any = error.orig
        name = getattr(cause, "sqlite_errorname", None) or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return LedgerBusy(self.name, self.wait)
        if getattr(cause, "sqlstate", None) == "55P03":
            return LedgerBusy(self.name, self.wait)
        said = str(cause).strip().partition("\n")[0]
        state = getattr(cause, "sqlstate", None)
        if name in _REFUSED or name.startswith("SQLITE_CORRUPT"):
            return LedgerRefused(self.name, said, f"数据库报告「{said}」")
        if not name and (state is None or state.startswith(_UNREACHABLE)):
            return LedgerRefused(self.name, said, f"数据库报告「{said}」")
        return OutputError(self.name, said, f"数据库报告「{said}」")


def connect_to(target: str | Path, *, wait: int, create: bool) -> Database:
    """Returns the database of a ledger, not yet opened.

    Args:
        target: A file, or a URL of ``sqlite`` or ``postgresql``.
        wait: How many seconds to wait for another writer.
        create: Whether a file may be made where there is none.

    Raises:
        LedgerRefused: There is no such file.
        MissingExtra: The driver of PostgreSQL is not installed.
        UsageError: A URL of another kind of database.
    """
    url = _url(target)
    if url.get_backend_name() == "postgresql":
        return _postgres(url, wait)
    if url.get_backend_name() != "sqlite":
        en = f"{url.drivername} is not supported - use a file or postgresql://"
        raise UsageError(en, f"不支持 {url.drivername} - 使用文件或 postgresql://")
    path = Path(url.database or "")
    if not path.name or url.database == ":memory:":
        en = "a ledger needs a file - use MemoryLedger for one in memory"
        raise UsageError(en, "台账需要一个文件 - 在内存中可用 MemoryLedger")
    if not create and not path.exists():
        en = "there is no such ledger - import something first"
        raise LedgerRefused(str(path), en, "没有这个台账 - 请先导入")
    if not path.parent.is_dir():
        en = "its folder does not exist - make it first"
        raise LedgerRefused(str(path), en, "所在文件夹不存在 - 请先建立")
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": wait},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, str(path), wait)


def _url(target: str | Path) -> URL:
    if isinstance(target, Path) or "://" not in target:
        return URL.create("sqlite", database=str(target))
    try:
        url = make_url(target)
    except (ArgumentError, ValueError) as error:
        en = "the URL of the ledger cannot be read - see its form"
        raise UsageError(en, "看不懂台账的 URL - 检查其写法") from error
    if "@" in (url.host or ""):
        # What stands before the last @ would be shown as the host, and is part of a password.
        en = "the URL of the ledger has an @ in its password - write it as %40"
        raise UsageError(en, "台账 URL 的密码中有 @ - 写成 %40")
    return url


def _postgres(url: URL, wait: int) -> Database:
    shown = {key: value for key, value in url.query.items() if key in _SHOWN}
    name = url.set(query=shown).render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={"options": f"-c lock_timeout={wait * 1000}"},
        )
    except ModuleNotFoundError as error:
        raise MissingExtra("psycopg", "postgres") from error
    return Database(engine, name, wait)


def _set_up_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
    """The driver must not begin transactions by itself: it does so too late."""
    connection.isolation_level = None
    for each in _SQLITE_FIRST:
        connection.execute(each).close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("salesgoal_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
