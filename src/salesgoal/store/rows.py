"""Entries as rows of a table, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from salesgoal.domain.entry import Entry, moment_of, to_ticks
from salesgoal.domain.ledger import Document, Outcome, Receipt, Undo
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place
from salesgoal.domain.recording import NamedRow

__all__ = [
    "REJECTED",
    "entry_columns",
    "make_entry",
    "make_place",
    "make_receipt",
    "read_said",
    "receipt_columns",
]

REJECTED = 2
"""What stands in ``deleted`` for a fact whose row cannot be read."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
_day = lru_cache(maxsize=4096)(date.fromisoformat)


def entry_columns(row: NamedRow, *, document: int, name: str) -> dict[str, Any]:
    """Returns the row of a table for an entry.

    Args:
        row: The entry with its identity.
        document: The id of its document.
        name: The name of its document.
    """
    entry, where = row.entry, row.entry.where
    on = entry.on
    period = on if isinstance(on, Period) else None
    first = period.start if period is not None else on
    return {
        "document": document,
        "position": row.position,
        "fact": row.fact,
        "content": row.content,
        "ordinal": row.ordinal,
        "key": entry.key,
        "revision": None if entry.revision is None else to_ticks(entry.revision),
        "deleted": entry.deleted + entry.rejected,
        "first": None if first is None else str(first),
        "last": period and str(period.last),
        "level": period and period.level.value,
        "label": period and period.label,
        "members": _members_text(tuple(entry.members.items())),
        "amounts": _encode(entry.values),
        "origin": None if where.source == name else where.source,
        "sheet": where.sheet,
        "row": where.row,
        "record": where.key,
    }


def make_entry(row: Row[Any], name: str) -> Entry:
    """Returns the entry of a row of ``entries``; ``name`` is its document's."""
    columns = tuple(row)
    key, revision, deleted = columns[5:8]
    origin, sheet, number, record = columns[14:]
    return Entry(
        on=_when(*columns[8:12]),
        members=_members(columns[12]),
        values=_decode(columns[13]),
        where=Place(origin or name, sheet, number, record),
        key=key,
        revision=None if revision is None else moment_of(revision),
        deleted=bool(deleted),
        rejected=deleted == REJECTED,
    )


def read_said(row: Row[Any]) -> tuple[Mapping[str, str], date | Period]:
    """Returns the members, and the day or period, of a row of `select_said`."""
    when = _when(row.first, row.last, row.level, row.label)
    assert when is not None
    return _members(row.members), when


def make_place(row: Row[Any], name: str) -> Place:
    """Returns where an entry stands; ``name`` is its document's."""
    return Place(row.origin or name, row.sheet, row.row, row.record)


def receipt_columns(receipt: Receipt, seal: bytes) -> dict[str, Any]:
    """Returns the row of a table for a document that was just recorded."""
    document = receipt.document
    return {
        "id": receipt.id,
        "source": document.source,
        "name": document.name,
        "digest": document.digest,
        "as_of": to_ticks(document.as_of),
        "recorded_at": to_ticks(receipt.recorded_at),
        **{each.value: receipt.counts.get(each, 0) for each in Outcome},
        "withdrawn": receipt.withdrawn,
        "seal": seal,
        "cursor": None if receipt.cursor is None else _encode(receipt.cursor),
    }


def make_receipt(row: Row[Any]) -> Receipt:
    """Returns the receipt of a document, joined with its undo."""
    found: Any = row._mapping  # noqa: SLF001 - its public name, as SQLAlchemy has it
    undo = None
    if row.undone_at is not None:
        undo = Undo(
            document=row.id,
            by=row.undone_by,
            reason=row.reason,
            recorded_at=moment_of(row.undone_at),
        )
    return Receipt(
        id=row.id,
        document=Document(
            source=row.source, name=row.name, digest=row.digest, as_of=moment_of(row.as_of)
        ),
        recorded_at=moment_of(row.recorded_at),
        counts={each: found[each.value] for each in Outcome if found[each.value]},
        withdrawn=row.withdrawn,
        cursor=None if row.cursor is None else _decode(row.cursor),
        undone=undo,
    )


@lru_cache(maxsize=20_000)
def _members_text(members: tuple[tuple[str, str], ...]) -> str:
    return _encode(dict(members))


@lru_cache(maxsize=20_000)
def _members(text: str) -> Mapping[str, str]:
    """Members of many rows are the same; they share one mapping."""
    found: Mapping[str, str] = _decode(text)
    return found


def _when(
    first: str | None, last: str | None, level: str | None, label: str | None
) -> date | Period | None:
    if first is None:
        return None
    if last is None or level is None or label is None:
        return _day(first)
    stop = date.fromordinal(_day(last).toordinal() + 1)
    return Period(_day(first), stop, Level(level), label)
