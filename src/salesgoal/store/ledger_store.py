"""A ledger in a database.

What it decides is decided by `salesgoal.domain.recording`, as for a ledger in memory; here it
is kept, looked up and streamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import attrs
from sqlalchemy import Connection, Select, insert, select, update

from salesgoal.domain.entry import Entry, to_ticks
from salesgoal.domain.ledger import (
    Document,
    EntryPage,
    Notice,
    Receipt,
    Undo,
    find_same,
    latest_cursor,
    moment_after,
    prior_version,
    standing,
    take_back,
)
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Problem
from salesgoal.domain.recording import Judged, Recording
from salesgoal.store import schema
from salesgoal.store.changes import Change, Changes, TakenBack
from salesgoal.store.check import find_damage
from salesgoal.store.claims import StoredClaims, count_withdrawn
from salesgoal.store.database import Database, connect_to
from salesgoal.store.feed import Feed
from salesgoal.store.receipts import last_moment, read_receipts
from salesgoal.store.rows import (
    entry_columns,
    make_entry,
    read_said,
    receipt_columns,
)
from salesgoal.store.view import fill_standing, select_counting, select_said

__all__ = ["LedgerStore", "has_ledger", "open_ledger"]

_WAIT = 30
"""How many seconds a call waits for another writer."""


def open_ledger(target: str | Path, *, create: bool = True, wait: int = _WAIT) -> LedgerStore:
    """Returns the ledger in a SQLite file, or in a PostgreSQL database by its URL.

    Args:
        target: ``plan.ledger``, ``sqlite:///plan.ledger``,
            ``postgresql://name:password@host/database``.
        create: Whether to make it where there is none.
        wait: How many seconds to wait for another writer.

    Raises:
        LedgerRefused: It is something else, damaged, out of reach, or of a newer release.
        LedgerBusy: Another writer held it all the while.
        MissingExtra: The driver of PostgreSQL is not installed.
        UsageError: A URL of another kind of database.
    """
    database = connect_to(target, wait=wait, create=create)
    with database.reading() as connection:
        ready = schema.is_ready(connection, database.name)
    if not ready:
        with database.writing() as connection:
            schema.prepare(connection, database.name, create=create)
    return LedgerStore(database)


def has_ledger(target: str | Path) -> bool:
    """Returns whether there is a ledger yet; nothing is made.

    Raises:
        LedgerRefused: What is there is something else, damaged or out of reach.
        LedgerBusy: A writer held it all the while.
        MissingExtra: The driver of PostgreSQL is not installed.
        UsageError: A URL of another kind of database.
    """
    if isinstance(target, Path) and not target.exists():
        return False
    database = connect_to(target, wait=_WAIT, create=False)
    with database.reading() as connection:
        return schema.is_there(connection, database.name)


@attrs.frozen(eq=False)
class LedgerStore:
    """What documents say, and what of it counts; made by `open_ledger`.

    It holds no connection between calls, so it may be kept open and shared by threads. Every
    call can raise `LedgerBusy` and `LedgerRefused`, those that write also `OutputError`.

    >>> from datetime import UTC, date, datetime
    >>> from tempfile import TemporaryDirectory
    >>> from salesgoal.domain.problem import Place
    >>> now = datetime(2023, 10, 7, 18, tzinfo=UTC)
    >>> sale = Entry(on=date(2023, 10, 6), members={"region": "华东"},
    ...     values={"sales": 150_000_00}, where=Place("日报.xlsx", row=2))
    >>> daily = Document(source="orders", name="日报.xlsx", digest="9f86d0", as_of=now)
    >>> with TemporaryDirectory() as folder, open_ledger(f"{folder}/plan.ledger") as ledger:
    ...     page = EntryPage(entries=[sale, sale], read=2)
    ...     first = ledger.record(daily, [page], recorded_at=now)
    ...     again = ledger.record(daily, [page], recorded_at=now)
    ...     print(first.counts, again.is_new, len(list(ledger.entries())))
    {<Outcome.ADDED: 'added'>: 2} False 2
    """

    _database: Database

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets go of the database."""
        self.close()

    def close(self) -> None:
        """Lets go of the database."""
        self._database.engine.dispose()

    def documents(self) -> tuple[Receipt, ...]:
        """Returns what was recorded, in that order."""
        with self._database.reading() as connection:
            return read_receipts(connection)

    def cursor(self, source: str) -> Mapping[str, str] | None:
        """Returns where the next run of a source may begin; None for the very beginning."""
        return latest_cursor(self.documents(), source)

    def record(
        self,
        document: Document,
        pages: Iterable[EntryPage],
        *,
        recorded_at: datetime,
        notice: Notice | None = None,
        judged: Judged | None = None,
    ) -> Receipt:
        """Takes over a document in one transaction, or nothing where its pages raise.

        Memory is that of a page, however many there are. Other writers wait meanwhile.

        Args:
            document: Which one.
            pages: Its rows; not asked for where the very same document is there already.
            recorded_at: When; aware. It counts as later than everything recorded before.
            notice: Who is told of duplicates, conflicts and stale rows, while they are read.
            judged: Who is told the outcome of every row, while they are read.

        Raises:
            LedgerBusy: Another writer held the ledger all the while.
            OutputError: The ledger could not be written; it is as it was.
        """
        with self._database.writing() as connection:
            schema.known_version(connection, self._database.name)
            return _record(connection, document, pages, recorded_at, (notice, judged))

    def preview(
        self,
        document: Document,
        pages: Iterable[EntryPage],
        *,
        recorded_at: datetime,
        notice: Notice | None = None,
        judged: Judged | None = None,
        most: int = 20,
    ) -> tuple[Receipt, tuple[Change, ...]]:
        """Returns what `record` would, and what would change; nothing is written.

        It is recorded and taken back at once, so other writers wait meanwhile.

        Args:
            document: Which one.
            pages: Its rows.
            recorded_at: As if then.
            notice: As in `record`.
            judged: As in `record`.
            most: How many changes of each kind are told; the receipt counts them all.

        Raises:
            LedgerBusy: Another writer held the ledger all the while.
            OutputError: There is no room to try it.
        """
        told = Changes(most, judged)
        with suppress(TakenBack), self._database.writing() as connection:
            schema.known_version(connection, self._database.name)
            receipts = read_receipts(connection)
            receipt = _record(connection, document, pages, recorded_at, (notice, told.note))
            names = {each.id: each.document.name for each in (*receipts, receipt)}
            prior = prior_version(receipts, document) if receipt.is_new else None
            changes = told.look_up(connection, receipt, prior, names)
            raise TakenBack
        return receipt, changes

    def undo(self, document: int, *, by: str, reason: str, recorded_at: datetime) -> Receipt:
        """Takes a document back, by the id of its receipt; its history stays.

        Raises:
            UnknownName: There is no such document.
            UsageError: It is undone already.
            LedgerBusy: Another writer held the ledger all the while.
            OutputError: The ledger could not be written; it is as it was.
        """
        with self._database.writing() as connection:
            schema.known_version(connection, self._database.name)
            moment = moment_after(recorded_at, last_moment(connection))
            undo = Undo(document=document, by=by, reason=reason, recorded_at=moment)
            receipt = take_back(read_receipts(connection), undo)
            connection.execute(
                insert(schema.undos).values(
                    document=document,
                    undone_by=by,
                    reason=reason,
                    recorded_at=to_ticks(moment),
                )
            )
            _start_over(connection, receipt.document.source)
            return receipt

    def entries(
        self, *, source: str | None = None, known_at: datetime | None = None
    ) -> Iterator[Entry]:
        """Yields what counts, in the order in which it was recorded; memory stays flat.

        Entries of the same members share one mapping. Close the iterator where it is not read
        to its end.

        Args:
            source: Only of this source; None is all.
            known_at: As known at this moment; None is now.

        Yields:
            Each entry that counts, once.
        """
        with self._database.reading() as connection:
            stand = standing(read_receipts(connection), known_at)
            names = {each.id: each.document.name for each in stand}
            fill_standing(connection, stand, source=source)
            with closing(connection.execute(_streamed(select_counting()))) as rows:
                for row in rows:
                    yield make_entry(row, names[row.document])

    def entries_of(self, document: int) -> Iterator[Entry]:
        """Yields what one document says, counting or not, in its order; memory stays flat.

        Args:
            document: The id of its receipt.

        Yields:
            Each entry, deleted ones too.
        """
        with self._database.reading() as connection:
            table = schema.documents
            name = connection.execute(
                select(table.c.name).where(table.c.id == document)
            ).scalar_one()
            query = select(schema.entries).where(schema.entries.c.document == document)
            query = query.order_by(schema.entries.c.position)
            with closing(connection.execute(_streamed(query))) as rows:
                for row in rows:
                    yield make_entry(row, name)

    def said(self, source: str) -> Iterator[tuple[int, Mapping[str, str], date | Period]]:
        """Yields of whom and when the documents of a source speak, whether it counts or not.

        Args:
            source: The feed.

        Yields:
            The id of the document's receipt, members, and the day or period; each once.
        """
        with (
            self._database.reading() as connection,
            closing(connection.execute(_streamed(select_said(source)))) as rows,
        ):
            for row in rows:
                yield row.document, *read_said(row)

    def feed(self, source: str) -> Feed:
        """Returns a source that is synced page by page."""
        return Feed(self._database, source)

    def check(self) -> tuple[Problem, ...]:
        """Returns what is damaged: empty for a sound ledger.

        Every entry is read again and held against its digests, every document against its
        seal and counts, and what counts is worked out a second way. Time is that of a few
        readings.
        """
        with self._database.reading() as connection:
            return tuple(
                find_damage(connection, self._database.name, read_receipts(connection))
            )


def _record(
    connection: Connection,
    document: Document,
    pages: Iterable[EntryPage],
    recorded_at: datetime,
    told: tuple[Notice | None, Judged | None],
) -> Receipt:
    """Writes the entries of a document page by page, and the document itself at the end."""
    receipts = read_receipts(connection)
    same = find_same(receipts, document)
    if same is not None:
        return attrs.evolve(same, is_new=False)
    receipt = Receipt(
        id=len(receipts) + 1,
        document=document,
        recorded_at=moment_after(recorded_at, last_moment(connection)),
        counts={},
    )
    prior = prior_version(receipts, document)
    stand = standing((*receipts, receipt))
    ranks = {each.id: rank for rank, each in enumerate(stand)}
    replaced = prior if receipt.id in ranks else None
    fill_standing(connection, stand, source=document.source, prior=replaced)
    names = {each.id: each.document.name for each in (*receipts, receipt)}
    recording = Recording(
        document=document,
        stands=receipt.id in ranks,
        rank=ranks.get(receipt.id, 0),
        claims=StoredClaims(connection, receipt.id, document.source, names),
        notice=told[0],
        judged=told[1],
    )
    for page in pages:
        rows = recording.take(page)
        if rows:
            columns = [
                entry_columns(row, document=receipt.id, name=document.name) for row in rows
            ]
            connection.execute(insert(schema.entries), columns)
    withdrawn = 0 if replaced is None else count_withdrawn(connection, replaced.id, receipt.id)
    receipt = attrs.evolve(
        receipt,
        counts={each: rows for each, rows in recording.counts.items() if rows},
        withdrawn=withdrawn,
        cursor=recording.cursor,
    )
    connection.execute(insert(schema.documents), [receipt_columns(receipt, recording.seal)])
    return receipt


def _start_over(connection: Connection, source: str) -> None:
    """What was taken back of a synced source is read again, so its next run is a whole one."""
    table = schema.checkpoints
    changed = {"identity": "", "cursor": None, "version": table.c.version + 1}
    connection.execute(update(table).where(table.c.source == source).values(**changed))


def _streamed(query: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return query.execution_options(yield_per=1000)
