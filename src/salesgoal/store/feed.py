"""A synced source in a ledger: its pages are taken over one by one, each with its cursor."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from hashlib import sha256

import attrs
from sqlalchemy import Connection, func, insert, select, update

from salesgoal.domain.entry import Entry, content_digest, keyed_fact, moment_of, to_ticks
from salesgoal.domain.ledger import Document, Outcome, Receipt, moment_after, standing
from salesgoal.domain.recording import NamedRow, seal_text
from salesgoal.domain.sync import (
    Checkpoint,
    SyncedClaim,
    SyncOvertaken,
    judge_synced,
    page_name,
)
from salesgoal.store import schema
from salesgoal.store.database import Database
from salesgoal.store.receipts import last_moment, read_receipts
from salesgoal.store.rows import REJECTED, entry_columns, make_entry, receipt_columns
from salesgoal.store.view import fill_standing, select_counting

__all__ = ["Feed", "SyncRun", "Taken"]

_AT_ONCE = 500
_BYTES = 64

Trial = dict[bytes, SyncedClaim]
"""What a dry run would have kept so far, by fact."""


@attrs.frozen(kw_only=True)
class SyncRun:
    """One run over a source.

    Attributes:
        started_at: By which its pages are named.
        reading: A digest of how the plan reads the rows.
        trial: For a dry run: what it would have kept so far; None where it is no trial.
    """

    started_at: datetime
    reading: str
    trial: Trial | None = None


@attrs.frozen(kw_only=True)
class Taken:
    """What became of one row.

    Attributes:
        entry: The row.
        fact: Its identity.
        outcome: What became of it.
        before: What stood, where something did.
        claim: What is kept of it; None where it is no news.
    """

    entry: Entry
    fact: bytes
    outcome: Outcome
    before: Entry | None
    claim: SyncedClaim | None


@attrs.frozen(eq=False)
class Feed:
    """A synced source of a ledger; made by `LedgerStore.feed`.

    Every call can raise `LedgerBusy` and `LedgerRefused`, those that write also `OutputError`.
    """

    _database: Database
    source: str

    def checkpoint(self) -> Checkpoint:
        """Returns where the next run begins."""
        with self._database.reading() as connection:
            return _checkpoint(connection, self.source)

    def take(
        self,
        entries: Sequence[Entry],
        run: SyncRun,
        *,
        base: Checkpoint,
        after: Checkpoint,
        recorded_at: datetime,
        eager: bool = True,
    ) -> tuple[Checkpoint, list[Taken]]:
        """Takes over the news of a page and its checkpoint together, or nothing.

        A page without news whose checkpoint is the base writes nothing and waits for nobody.

        Args:
            entries: The rows, each with its key; gone and faulty ones are deleted entries.
            run: Of which run.
            base: The checkpoint that the page was read on.
            after: Where the next page begins; its version does not matter.
            recorded_at: When; aware.
            eager: Whether the checkpoint is written where the page has no news, too.

        Returns:
            The checkpoint by now, and what became of each row.

        Raises:
            SyncOvertaken: Another run changed the checkpoint since.
        """
        with self._database.reading() as connection:
            receipts = read_receipts(connection, self.source)
            taken = self._judge(connection, receipts, entries, run, recorded_at)
        news = [each for each in taken if each.claim is not None]
        if run.trial is not None:
            run.trial.update((each.fact, each.claim) for each in news if each.claim is not None)
            return base, taken
        if not news and not (eager and _differs(base, after)):
            return base, taken
        with self._database.writing() as connection:
            self._hold(connection, base)
            receipts = read_receipts(connection, self.source)
            taken = self._judge(connection, receipts, entries, run, recorded_at)
            news = [each for each in taken if each.claim is not None]
            if news:
                counts = Counter(each.outcome for each in news)
                rows = [(each.entry, each.fact) for each in news]
                self._write(connection, receipts, run, recorded_at, rows, counts, after.cursor)
            return _move(connection, base, after), taken

    def move(self, base: Checkpoint, after: Checkpoint) -> Checkpoint:
        """Writes where the next run begins, where that is news, and returns it.

        Raises:
            SyncOvertaken: Another run changed the checkpoint since.
        """
        if not _differs(base, after):
            return base
        with self._database.writing() as connection:
            self._hold(connection, base)
            return _move(connection, base, after)

    def unseen(self, seen: Collection[bytes], run: SyncRun) -> Iterator[Entry]:
        """Yields what counts, or waits to be read, and was not among the facts seen."""
        with self._database.reading() as connection:
            yield from _unseen(connection, self.source, seen, run.trial)

    def withdraw(
        self,
        seen: Collection[bytes],
        run: SyncRun,
        *,
        base: Checkpoint,
        recorded_at: datetime,
    ) -> tuple[Checkpoint, int]:
        """Empties every fact that a whole reading of the source did not show.

        Args:
            seen: The facts that it showed.
            run: Of which run.
            base: As it was when the reading ended.
            recorded_at: When; aware.

        Returns:
            The checkpoint by now, and how many facts were emptied.

        Raises:
            SyncOvertaken: Another run changed the checkpoint since.
        """
        with self._database.writing() as connection:
            self._hold(connection, base)
            receipts = read_receipts(connection, self.source)
            gone = [
                (emptied(entry), keyed_fact(self.source, entry.key or ""))
                for entry in _unseen(connection, self.source, seen, None)
            ]
            if not gone:
                return base, 0
            counts = {Outcome.RETIRED: len(gone)}
            self._write(connection, receipts, run, recorded_at, gone, counts, base.cursor)
            return _move(connection, base, base), len(gone)

    def marks(self, known_at: datetime | None = None) -> Iterator[Entry]:
        """Yields the facts whose row cannot be read, as known at a moment; None is now."""
        with self._database.reading() as connection:
            yield from _counting(connection, self.source, (REJECTED,), known_at)

    def _hold(self, connection: Connection, base: Checkpoint) -> None:
        """Locks other writers out and sees that no other run was faster."""
        schema.known_version(connection, self._database.name)
        if _checkpoint(connection, self.source).version != base.version:
            raise SyncOvertaken(self.source)

    def _judge(
        self,
        connection: Connection,
        receipts: Sequence[Receipt],
        entries: Sequence[Entry],
        run: SyncRun,
        recorded_at: datetime,
    ) -> list[Taken]:
        """What becomes of each row; a row further up on the page stands for those below."""
        facts = [keyed_fact(self.source, entry.key or "") for entry in entries]
        stands = _stands(connection, receipts, facts) | (run.trial or {})
        now = to_ticks(_as_of(receipts, recorded_at))
        taken = []
        for entry, fact in zip(entries, facts, strict=True):
            stood = stands.get(fact)
            claim = _claim(entry, stood, now, run.reading)
            outcome, kept = judge_synced(claim, stood)
            if kept:
                stands[fact] = claim
            taken.append(
                Taken(
                    entry=claim.entry,
                    fact=fact,
                    outcome=outcome,
                    before=None if stood is None else stood.entry,
                    claim=claim if kept else None,
                )
            )
        return taken

    def _write(
        self,
        connection: Connection,
        receipts: Sequence[Receipt],
        run: SyncRun,
        recorded_at: datetime,
        rows: Sequence[tuple[Entry, bytes]],
        counts: Mapping[Outcome, int],
        cursor: Mapping[str, str] | None,
    ) -> None:
        """Writes the entries of a page, and the page as a document of its own."""
        number = (connection.execute(select(func.max(schema.documents.c.id))).scalar() or 0) + 1
        named = [
            NamedRow(at, entry, content_digest(entry), 0, fact)
            for at, (entry, fact) in enumerate(rows)
        ]
        seal = sha256(b"".join(map(seal_text, named)))
        document = Document(
            source=self.source,
            name=page_name(run.started_at, number),
            digest=seal.hexdigest()[:_BYTES] + run.reading,
            as_of=_as_of(receipts, recorded_at),
        )
        receipt = Receipt(
            id=number,
            document=document,
            recorded_at=moment_after(recorded_at, last_moment(connection)),
            counts=counts,
            cursor=cursor,
        )
        columns = [entry_columns(row, document=number, name=document.name) for row in named]
        connection.execute(insert(schema.entries), columns)
        connection.execute(insert(schema.documents), [receipt_columns(receipt, seal.digest())])


def _differs(base: Checkpoint, after: Checkpoint) -> bool:
    return attrs.evolve(after, version=base.version) != base or after.cursor != base.cursor


def emptied(entry: Entry) -> Entry:
    """Returns what empties the fact of an entry, of the same revision."""
    return Entry(
        on=None, where=entry.where, key=entry.key, revision=entry.revision, deleted=True
    )


def _claim(entry: Entry, stood: SyncedClaim | None, now: int, reading: str) -> SyncedClaim:
    """The claim of a row; one that is gone and gives no revision is as new as what stands."""
    stamp = now if entry.revision is None else to_ticks(entry.revision)
    if entry.deleted and entry.revision is None and stood is not None:
        stamp = stood.stamp
        entry = attrs.evolve(entry, revision=moment_of(stamp))
    return SyncedClaim(entry=entry, content=content_digest(entry), stamp=stamp, reading=reading)


def _as_of(receipts: Sequence[Receipt], recorded_at: datetime) -> datetime:
    """When the page counts as read: later than all before, whatever the clock says."""
    last = max((each.document.as_of for each in receipts), default=None)
    return moment_after(recorded_at, last)


def _stands(
    connection: Connection, receipts: Sequence[Receipt], facts: Sequence[bytes]
) -> dict[bytes, SyncedClaim]:
    """The best claim on each of the facts."""
    ranks = {each.id: rank for rank, each in enumerate(standing(receipts))}
    documents = {each.id: each.document for each in receipts}
    best: dict[bytes, tuple[tuple[int, int, int], SyncedClaim]] = {}
    for at in range(0, len(facts), _AT_ONCE):
        wanted = schema.entries.c.fact.in_(facts[at : at + _AT_ONCE])
        for row in connection.execute(select(schema.entries).where(wanted)):
            if row.document not in ranks:
                continue
            document = documents[row.document]
            stamp = to_ticks(document.as_of) if row.revision is None else row.revision
            order = (stamp, ranks[row.document], row.position)
            if row.fact not in best or order > best[row.fact][0]:
                claim = SyncedClaim(
                    entry=make_entry(row, document.name),
                    content=row.content,
                    stamp=stamp,
                    reading=document.digest[_BYTES:],
                )
                best[row.fact] = (order, claim)
    return {fact: claim for fact, (_, claim) in best.items()}


def _counting(
    connection: Connection,
    source: str,
    states: Sequence[int],
    known_at: datetime | None = None,
) -> Iterator[Entry]:
    """The entries of a source that decide by now, those in such a state."""
    stand = standing(read_receipts(connection, source), known_at)
    names = {each.id: each.document.name for each in stand}
    fill_standing(connection, stand)
    query = select_counting(states).execution_options(yield_per=1000)
    with closing(connection.execute(query)) as rows:
        for row in rows:
            yield make_entry(row, names[row.document])


def _unseen(
    connection: Connection, source: str, seen: Collection[bytes], trial: Trial | None
) -> Iterator[Entry]:
    for entry in _counting(connection, source, (0, REJECTED)):
        if entry.key is None:
            continue  # of a file that once fed the same source; nobody can ask for it
        fact = keyed_fact(source, entry.key)
        if fact not in seen and fact not in (trial or {}):
            yield entry


def _checkpoint(connection: Connection, source: str) -> Checkpoint:
    table = schema.checkpoints
    row = connection.execute(select(table).where(table.c.source == source)).one_or_none()
    if row is None:
        return Checkpoint(source=source)
    return Checkpoint(
        source=source,
        version=row.version,
        importer=row.importer,
        identity=row.identity,
        reading=row.reading,
        cursor=None if row.cursor is None else json.loads(row.cursor),
        completed_at=None if row.completed_at is None else moment_of(row.completed_at),
    )


def _move(connection: Connection, base: Checkpoint, after: Checkpoint) -> Checkpoint:
    """Writes the checkpoint as the next version of the base."""
    moved = attrs.evolve(after, version=base.version + 1)
    table = schema.checkpoints
    columns = {
        "version": moved.version,
        "importer": moved.importer,
        "identity": moved.identity,
        "reading": moved.reading,
        "cursor": None if moved.cursor is None else json.dumps(dict(moved.cursor)),
        "completed_at": moved.completed_at and to_ticks(moved.completed_at),
    }
    if base.version:
        where = table.c.source == moved.source
        connection.execute(update(table).where(where).values(**columns))
    else:
        connection.execute(insert(table).values(source=moved.source, **columns))
    return moved
