"""The tables of a ledger and the numbered steps from one version of them to the next.

Rows are only ever added, but for the checkpoints of synced sources. A row of ``documents`` is
written last, after its entries, in the same transaction; so a document is either there as a
whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    inspect,
    select,
    text,
    update,
)

from salesgoal.domain.ledger import Outcome
from salesgoal.errors import LedgerRefused

__all__ = [
    "VERSION",
    "checkpoints",
    "documents",
    "entries",
    "is_ready",
    "known_version",
    "meta",
    "prepare",
    "standing",
    "tally",
    "undos",
]

VERSION = 3
"""The version of the tables that this release reads and writes."""

_MARK = "salesgoal ledger"
_OTHER = ("is not a ledger - name another file or database", "不是台账 - 换用别的文件或数据库")

_LOCK = 0x5A1E560A
"""Held on a server while the tables are made."""

_metadata = MetaData()

meta = Table(
    "meta",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mark", String(40), nullable=False),
    Column("schema_version", Integer, nullable=False),
)

documents = Table(
    "documents",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", String(128), nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, unique=True),
    *(Column(each.value, Integer, nullable=False) for each in Outcome),
    Column("withdrawn", Integer, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
    Column("cursor", Text),
)
"""Moments are microseconds since 1970; ``seal`` is a digest over the document's entries."""

entries = Table(
    "entries",
    _metadata,
    Column(
        "document",
        Integer,
        ForeignKey("documents.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("fact", LargeBinary(16), nullable=False),
    Column("content", LargeBinary(16), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("key", Text),
    Column("revision", BigInteger),
    Column("deleted", Integer, nullable=False),
    Column("first", String(10)),
    Column("last", String(10)),
    Column("level", String(10)),
    Column("label", Text),
    Column("members", Text, nullable=False),
    Column("amounts", Text, nullable=False),
    Column("origin", Text),
    Column("sheet", Text),
    Column("row", Integer),
    Column("record", Text),
    Index("entries_by_fact", "fact", "document", "revision"),
    sqlite_with_rowid=False,
)
"""``deleted`` is 0, 1, or 2 where the row cannot be read; ``last``, ``level`` and ``label`` are
there only for periods and ``origin`` only where it is not the document's name; ``members`` and
``amounts`` are JSON."""

undos = Table(
    "undos",
    _metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("undone_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, unique=True),
)

checkpoints = Table(
    "checkpoints",
    _metadata,
    Column("source", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("importer", Text, nullable=False),
    Column("identity", String(64), nullable=False),
    Column("reading", String(64), nullable=False),
    Column("cursor", Text),
    Column("completed_at", BigInteger),
)
"""Where each synced source goes on. The one table whose rows change: it holds no facts, and
what is lost with it is only read again. ``version`` counts the changes, so that of two runs at
once the slower one notices."""

_passing = MetaData()

standing = Table(
    "salesgoal_standing",
    _passing,
    Column("document", Integer, primary_key=True, autoincrement=False),
    Column("rank", Integer, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("is_prior", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)
"""The documents whose claims count for the question at hand; gone with the connection."""

tally = Table(
    "salesgoal_tally",
    _passing,
    Column("content", LargeBinary(16), primary_key=True),
    Column("again", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""How many rows of the document at hand repeat one further up."""


def _to_2(connection: Connection) -> None:
    """Sources that are asked for changes go on where they were."""
    connection.execute(text("ALTER TABLE documents ADD COLUMN cursor TEXT"))


def _to_3(connection: Connection) -> None:
    """Sources are synced page by page."""
    checkpoints.create(connection)


_STEPS: dict[int, Callable[[Connection], None]] = {1: _to_2, 2: _to_3}
"""Version -> the step to the next one."""


def prepare(connection: Connection, target: str, *, create: bool) -> None:
    """Makes the tables in an empty database, or brings those of an older release up to date.

    Args:
        connection: In a transaction of its own.
        target: What to call the database in errors.
        create: Whether tables may be made where there are none.

    Raises:
        LedgerRefused: It holds something else, the tables of a newer release, or nothing yet.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    names = set(inspect(connection).get_table_names())
    if "meta" not in names:
        if names & set(_metadata.tables) or (names and connection.dialect.name == "sqlite"):
            raise LedgerRefused(target, *_OTHER)
        if not create:
            en = "there is no such ledger - import something first"
            raise LedgerRefused(target, en, "没有这个台账 - 请先导入")
        _metadata.create_all(connection)
        connection.execute(meta.insert().values(id=1, mark=_MARK, schema_version=VERSION))
        return
    found = known_version(connection, target)
    while found < VERSION:
        _STEPS[found](connection)
        found += 1
        connection.execute(update(meta).values(schema_version=found))


def is_there(connection: Connection, target: str) -> bool:
    """Returns whether the tables of a ledger are there, of whatever release.

    Raises:
        LedgerRefused: They are no ledger's.
    """
    inspector = inspect(connection)
    if not inspector.has_table("meta"):
        return False
    if {each["name"] for each in inspector.get_columns("meta")} != set(meta.c.keys()):
        raise LedgerRefused(target, *_OTHER)
    return True


def is_ready(connection: Connection, target: str) -> bool:
    """Returns whether the tables are there, in the version of this release.

    Raises:
        LedgerRefused: They are no ledger's, or of a newer release.
    """
    if not is_there(connection, target):
        return False
    return _version(connection, target, lock=False) == VERSION


def known_version(connection: Connection, target: str) -> int:
    """Returns the version of the tables, locking out other writers in a writing transaction.

    Raises:
        LedgerRefused: They are no ledger's, or of a newer release.
    """
    return _version(connection, target, lock=True)


def _version(connection: Connection, target: str, *, lock: bool) -> int:
    query = select(meta.c.mark, meta.c.schema_version).where(meta.c.id == 1)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or row.mark != _MARK:
        raise LedgerRefused(target, *_OTHER)
    version: int = row.schema_version
    if version > VERSION:
        raise LedgerRefused(
            target,
            f"was written by a newer salesgoal (tables {version}) - update salesgoal",
            f"由更新版本的 salesgoal 写成（表版本 {version}）- 请升级 salesgoal",
        )
    return version
