"""What a ledger in a database answers while a document is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs
from sqlalchemy import Connection, delete, exists, func, insert, select

from salesgoal.domain.ledger import Claim
from salesgoal.domain.recording import Found, add_claim
from salesgoal.store.rows import make_place
from salesgoal.store.schema import entries, standing, tally
from salesgoal.store.view import precedence_of

__all__ = ["StoredClaims", "count_withdrawn"]

_AT_ONCE = 500


@attrs.define
class StoredClaims:
    """The claims of a ledger in a database, for one document.

    How often the document said the same before is kept in a table too, not in memory: a
    document may have millions of rows.
    """

    connection: Connection
    names: Mapping[int, str]
    _counts_rows: bool = attrs.field(default=False, init=False)

    def ordinals(self, contents: Sequence[bytes]) -> list[int]:
        """Returns how many rows of this document said the same before each of these."""
        if not self._counts_rows:
            tally.create(self.connection)
            self._counts_rows = True
        different = list(dict.fromkeys(contents))
        seen: dict[bytes, int] = {}
        for some in _batches(different):
            found = select(tally).where(tally.c.content.in_(some))
            seen.update({row.content: row.rows for row in self.connection.execute(found)})
        if seen:
            for some in _batches(list(seen)):
                self.connection.execute(delete(tally).where(tally.c.content.in_(some)))
        counts = Counter(seen)
        ordinals = []
        for content in contents:
            ordinals.append(counts[content])
            counts[content] += 1
        rows = [{"content": content, "rows": rows} for content, rows in counts.items()]
        self.connection.execute(insert(tally), rows)
        return ordinals

    def find(self, facts: Sequence[bytes]) -> Found:
        """Returns the claims on these facts, this document's own included."""
        found = Found()
        query = select(
            entries.c.fact,
            entries.c.content,
            entries.c.document,
            entries.c.origin,
            entries.c.sheet,
            entries.c.row,
            entries.c.record,
            standing.c.is_prior,
            *(each.label(name) for each, name in zip(_ORDER, _NAMES, strict=True)),
        ).join_from(entries, standing, standing.c.document == entries.c.document)
        for some in _batches(facts):
            for row in self.connection.execute(query.where(entries.c.fact.in_(some))):
                order = (row.stamp, row.rank, row.place)
                claim = Claim(row.content, order, make_place(row, self.names[row.document]))
                add_claim(found, row.fact, claim, is_prior=row.is_prior)
        return found


_ORDER = precedence_of(entries, standing)
_NAMES = ("stamp", "rank", "place")


def count_withdrawn(connection: Connection, prior: int, document: int) -> int:
    """Returns how many facts of the version before the document no longer has."""
    kept = entries.alias("kept")
    if_kept = exists().where(kept.c.fact == entries.c.fact, kept.c.document == document)
    found = connection.execute(
        select(func.count(entries.c.fact.distinct())).where(
            entries.c.document == prior, ~entries.c.deleted, ~if_kept
        )
    ).scalar()
    return found or 0


def _batches(found: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE)]
