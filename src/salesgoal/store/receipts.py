"""The documents of a ledger, read back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from salesgoal.domain.entry import moment_of
from salesgoal.domain.ledger import Receipt
from salesgoal.store.rows import make_receipt
from salesgoal.store.schema import documents, undos

__all__ = ["last_moment", "read_receipts"]


def read_receipts(connection: Connection, source: str | None = None) -> tuple[Receipt, ...]:
    """Returns what was recorded, in that order; of one source, or of all where None."""
    query = (
        select(
            documents,
            undos.c.undone_by,
            undos.c.reason,
            undos.c.recorded_at.label("undone_at"),
        )
        .outerjoin_from(documents, undos, undos.c.document == documents.c.id)
        .order_by(documents.c.id)
    )
    if source is not None:
        query = query.where(documents.c.source == source)
    return tuple(map(make_receipt, connection.execute(query)))


def last_moment(connection: Connection) -> datetime | None:
    """Returns when the last event was recorded; None where there was none."""
    found = [
        connection.execute(select(func.max(table.c.recorded_at))).scalar()
        for table in (documents, undos)
    ]
    return max((moment_of(each) for each in found if each is not None), default=None)
