"""A database of somebody else: opened to read only, and its errors told without a secret.

Errors of SQLAlchemy carry statements, values of rows and the URL; they are looked at, and
never kept as a cause.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from salesgoal.errors import (
    AuthError,
    BadResponse,
    ConfigError,
    MissingExtra,
    SourceError,
    Unavailable,
)
from salesgoal.ports.importer import Page
from salesgoal.ports.secret import Secret

__all__ = ["Database", "open_database"]

_DENIED = (
    "password",
    "access denied",
    "login failed",
    "authentication",
    "pg_hba",
    "role",
    "not permitted to log in",
)
_GONE = ("08", "53", "57P", "40", "55P")
"""Classes of SQLSTATE: connection, resources, shut down, rolled back, locked."""
_LOCKED = ("database is locked", "database table is locked", "disk i/o error")
_READ_ONLY = {
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}


@attrs.frozen(eq=False)
class Database:
    """Where rows are read from.

    Attributes:
        engine: Of SQLAlchemy.
        hidden: Texts that no error may show.
    """

    engine: Engine
    hidden: tuple[str, ...] = attrs.field(repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite, which has no dates and no exact fractions."""
        return self.engine.dialect.name == "sqlite"

    def told(self, pages: Generator[Page, None, None]) -> Iterator[Page]:
        """Yields pages that are read from it; what its driver raises is told in our errors.

        Raises:
            AuthError: It does not let us in.
            BadResponse: A value in it cannot be what its column says.
            ConfigError: The statement is wrong.
            Unavailable: It cannot be reached, or is locked.
        """
        with closing(pages):
            while True:
                found: SourceError | None = None
                page: Page | None = None
                try:
                    page = next(pages, None)
                except SQLAlchemyError as error:
                    found = self._meaning(error)
                # Outside of the except clause: an error raised inside would keep the other.
                if found is not None:
                    raise found
                if page is None:
                    return
                yield page

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that cannot write, where its kind of database knows such ones.

        Yields:
            The connection; what it sees begins to stand still with the first question.
        """
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    def _meaning(self, error: SQLAlchemyError) -> SourceError:
        cause: Any = getattr(error, "orig", None) or error
        said = self._scrubbed(str(cause).strip().partition("\n")[0])
        state = str(getattr(cause, "sqlstate", None) or "")
        lower = said.casefold()
        denied = not state and any(each in lower for each in _DENIED)
        if state.startswith("28") or denied:
            return AuthError("sql", said)
        connecting = type(cause).__name__ == "OperationalError" and not self.is_sqlite
        if state.startswith(_GONE) or (not state and connecting) or lower.startswith(_LOCKED):
            return Unavailable("sql", said)
        if state.startswith("22"):
            return BadResponse("sql", said)
        return ConfigError("sql", said)

    def _scrubbed(self, text: str) -> str:
        for each in self.hidden:
            text = text.replace(each, "***")
        return text[:300]


def open_database(address: str | Secret, password: Secret | None) -> Database:
    """Returns a database, not yet connected to.

    Raises:
        ConfigError: The URL cannot be read, its driver is not installed, or a file of SQLite
            is not there.
        MissingExtra: The driver of PostgreSQL is not installed.
    """
    url = _url(address, password)
    hidden = {url.password or ""}
    if isinstance(address, Secret):
        hidden |= {address.reveal(), url.render_as_string(hide_password=False)}
        hidden |= {str(each) for each in url.query.values()}
    if url.get_backend_name() == "sqlite":
        _need_file(url, is_secret=isinstance(address, Secret))
    elif url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    missing = ""
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    except ModuleNotFoundError as error:
        missing = error.name or str(error)
    except (NoSuchModuleError, ArgumentError):
        missing = url.drivername
    if missing.startswith("psycopg"):
        raise MissingExtra("psycopg", "postgres")
    if missing:
        en = f"the driver {missing} of this kind of url is not installed"
        raise ConfigError("sql", en, f"此类 url 的驱动 {missing} 未安装")
    statement = _READ_ONLY.get(engine.dialect.name)
    if statement is not None:
        event.listen(engine, "connect", _first(statement))
    return Database(engine, tuple(sorted(filter(None, hidden), key=len, reverse=True)))


def _url(address: str | Secret, password: Secret | None) -> URL:
    url = None
    with suppress(ArgumentError, ValueError):  # Their texts may hold the whole URL.
        url = make_url(address.reveal() if isinstance(address, Secret) else address)
    if url is None or "@" in (url.host or ""):
        en = "the url cannot be read - signs such as @ in a password are written as %40"
        raise ConfigError("sql", en, "看不懂 url - 密码中的 @ 等字符写成 %40")
    return url if password is None else url.set(password=password.reveal())


def _need_file(url: URL, *, is_secret: bool) -> None:
    """Refuses a file of SQLite that is not there; it would be made."""
    path = Path(url.database or "")
    if not path.is_file():
        shown = "of the url" if is_secret else str(path)
        shown_zh = "url 所指的" if is_secret else str(path)
        raise ConfigError("sql", f"there is no file {shown}", f"没有文件 {shown_zh}")


def _first(statement: str) -> Any:  # noqa: ANN401 - a listener of SQLAlchemy
    """What is said on every new connection before anything else."""

    def said(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()

    return said
