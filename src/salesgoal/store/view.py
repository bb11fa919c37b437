"""What counts, as a query: entries of documents that stand, and that no better claim beats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    exists,
    func,
    insert,
    select,
    tuple_,
)

from salesgoal.domain.entry import to_ticks
from salesgoal.domain.ledger import Receipt
from salesgoal.store.schema import documents, entries, standing

__all__ = ["fill_standing", "precedence_of", "select_counting", "select_said", "stands_by_fact"]


def fill_standing(
    connection: Connection,
    stand: Sequence[Receipt],
    *,
    source: str | None = None,
    prior: Receipt | None = None,
) -> None:
    """Notes which documents stand, for the queries of this connection.

    Args:
        connection: In a transaction.
        stand: From `salesgoal.domain.ledger.standing`, in this order.
        source: Only of this source; None is all.
        prior: The version that the document at hand replaces, or None.
    """
    standing.create(connection)
    rows = [
        {"document": each.id, "rank": rank, "as_of": to_ticks(each.document.as_of)}
        for rank, each in enumerate(stand)
        if source in {None, each.document.source}
    ]
    found: list[dict[str, Any]] = [{**row, "is_prior": False} for row in rows]
    if prior is not None:
        as_of = to_ticks(prior.document.as_of)
        found.append({"document": prior.id, "rank": -1, "as_of": as_of, "is_prior": True})
    if found:
        connection.execute(insert(standing), found)


def stands_by_fact(entry: FromClause, document: FromClause) -> ColumnElement[bool]:
    """The join of an entry with its document, for queries that look entries up by their fact.

    The sum keeps SQLite from going through all entries of each document instead.
    """
    return document.c.document == entry.c.document + 0


def precedence_of(entry: FromClause, document: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What decides between rows that speak of one fact: stamp, rank, position."""
    stamp = func.coalesce(entry.c.revision, document.c.as_of)
    return (stamp, document.c.rank, entry.c.position)


def select_counting(states: Sequence[int] = (0,)) -> Select[Any]:
    """Returns the query of the entries that count, in the order of recording.

    Args:
        states: What ``deleted`` may be; with 2, facts whose row cannot be read are among them.
    """
    better, its = entries.alias("better"), standing.alias("its")
    if_beaten = exists(
        select(better.c.fact)
        .join_from(better, its, stands_by_fact(better, its))
        .where(
            better.c.fact == entries.c.fact,
            tuple_(*precedence_of(better, its)) > tuple_(*precedence_of(entries, standing)),
        )
    )
    return (
        select(entries)
        .join_from(entries, standing, standing.c.document == entries.c.document)
        .where(entries.c.deleted.in_(states), ~if_beaten)
        .order_by(entries.c.document, entries.c.position)
    )


def select_said(source: str) -> Select[Any]:
    """Returns the query of whom and when the documents of a source speak, each once."""
    columns = entries.c
    return (
        select(
            columns.document,
            columns.members,
            columns.first,
            columns.last,
            columns.level,
            columns.label,
        )
        .join_from(entries, documents, documents.c.id == columns.document)
        .where(documents.c.source == source, columns.first.is_not(None))
        .distinct()
    )
