"""The integrity check of a ledger: everything that can be worked out again is, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select, text

from salesgoal.domain.ledger import Outcome, Receipt, standing
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.recording import name_row, seal_text
from salesgoal.store import schema
from salesgoal.store.rows import make_entry, make_place
from salesgoal.store.view import fill_standing, precedence_of, select_counting

__all__ = ["find_damage"]

_entries = schema.entries
_NOT_ENTRIES = (Outcome.REJECTED, Outcome.IGNORED)


def find_damage(
    connection: Connection, name: str, receipts: Sequence[Receipt]
) -> Iterator[Problem]:
    """Yields what is damaged.

    Args:
        connection: Reading.
        name: What to call the ledger.
        receipts: All documents.
    """
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check")):
            if said != "ok":
                yield _damage(
                    Place(name), f"数据库文件：「{said}」", f"the database says: {said}"
                )
    yield from _events(name, receipts)
    for receipt in receipts:
        yield from _document(connection, receipt)
    yield from _strangers(connection, name, receipts)
    yield from _view(connection, name, receipts)


def _damage(where: Place, reason_zh: str, reason: str) -> Problem:
    return problem("ledger-damaged", where, reason_zh=reason_zh, reason=reason)


def _events(name: str, receipts: Sequence[Receipt]) -> Iterator[Problem]:
    """Documents are numbered without a gap and recorded one after the other."""
    moments = [each.recorded_at for each in receipts]
    if moments != sorted(set(moments)):
        yield _damage(Place(name), "记录时间未递增", "documents are not recorded in order")
    if [each.id for each in receipts] != list(range(1, len(receipts) + 1)):
        yield _damage(Place(name), "文件编号有缺", "documents are missing")


def _document(connection: Connection, receipt: Receipt) -> Iterator[Problem]:
    """The entries of a document are those that were recorded."""
    document = receipt.document
    seal, found, marks = sha256(), 0, 0
    table = schema.documents
    sealed = connection.execute(select(table.c.seal).where(table.c.id == receipt.id)).scalar()
    query = (
        select(_entries)
        .where(_entries.c.document == receipt.id)
        .order_by(_entries.c.position)
        .execution_options(yield_per=1000)
    )
    for row in connection.execute(query):
        where = make_place(row, document.name)
        try:
            named = name_row(
                document.source,
                make_entry(row, document.name),
                position=row.position,
                ordinal=row.ordinal,
            )
        except (ValueError, TypeError, AttributeError):
            yield _damage(where, "此行无法读回", "the row cannot be read back")
            return
        if (named.content, named.fact) != (row.content, row.fact):
            yield _damage(where, "此行与其摘要不符", "the row is not what its digest says")
        if row.position != found:
            yield _damage(where, "此行之前有缺行", "rows before this one are missing")
        found = row.position + 1
        marks += named.entry.rejected
        seal.update(seal_text(named))
    expected = receipt.read - sum(receipt.counts.get(each, 0) for each in _NOT_ENTRIES)
    # A synced row that cannot be read is kept as a mark, and is among the rejected ones.
    expected += marks
    where = Place(document.name, key=f"#{receipt.id}")
    if found != expected:
        reason = f"{found} rows are there, {expected} were recorded"
        yield _damage(where, f"现有 {found} 行，记录时为 {expected} 行", reason)
    if seal.digest() != sealed:
        yield _damage(where, "与封印不符", "the document is not what its seal says")


def _strangers(
    connection: Connection, name: str, receipts: Sequence[Receipt]
) -> Iterator[Problem]:
    """Every entry has its document, and equal rows of a document are told apart."""
    known = {each.id for each in receipts}
    found = set(connection.execute(select(_entries.c.document).distinct()).scalars())
    for each in sorted(found - known):
        yield _damage(Place(name, key=f"#{each}"), "有行而无此文件", "rows without a document")
    twice = (
        select(_entries.c.document)
        .where(_entries.c.key.is_(None))
        .group_by(_entries.c.document, _entries.c.fact)
        .having(func.count() > 1)
    )
    for each in sorted(set(connection.execute(twice).scalars())):
        yield _damage(Place(name, key=f"#{each}"), "行的序号重复", "ordinals repeat")


def _view(connection: Connection, name: str, receipts: Sequence[Receipt]) -> Iterator[Problem]:
    """What the query says that counts is what a walk through all claims says."""
    fill_standing(connection, standing(receipts))
    if _walked(connection) != _queried(connection):
        yield _damage(
            Place(name), "当前视图与重放不符", "what counts is not what a replay says"
        )


def _walked(connection: Connection) -> tuple[int, int]:
    """How many entries count, and the sum of a digest of each: claim after claim, by fact."""
    stands = schema.standing
    stamp, rank, position = precedence_of(_entries, stands)
    columns = (_entries.c.fact, _entries.c.document, _entries.c.deleted)
    query = (
        select(*columns, stamp.label("stamp"), rank.label("rank"), position.label("place"))
        .join_from(_entries, stands, stands.c.document == _entries.c.document)
        .order_by(_entries.c.fact)
        .execution_options(yield_per=1000)
    )
    count, total, best = 0, 0, None
    for row in connection.execute(query):
        if best is not None and best.fact == row.fact:
            best = max(best, row, key=_order)
            continue
        count, total = _added(count, total, best)
        best = row
    return _added(count, total, best)


def _order(row: Any) -> tuple[int, int, int]:  # noqa: ANN401 - a row of the query above
    return (row.stamp, row.rank, row.place)


def _added(count: int, total: int, row: Any) -> tuple[int, int]:  # noqa: ANN401 - likewise
    if row is None or row.deleted:
        return count, total
    return count + 1, total + _mark(row.fact, row.document, row.place)


def _queried(connection: Connection) -> tuple[int, int]:
    """The same, from the query of what counts."""
    count, total = 0, 0
    for row in connection.execute(select_counting().execution_options(yield_per=1000)):
        count += 1
        total += _mark(row.fact, row.document, row.position)
    return count, total


def _mark(fact: bytes, document: int, position: int) -> int:
    said = f"{fact.hex()} {document} {position}".encode()
    return int.from_bytes(sha256(said).digest(), "big")
