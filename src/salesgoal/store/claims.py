"""What a ledger in a database answers while a document is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs
from sqlalchemy import Connection, delete, exists, func, insert, select

from salesgoal.domain.entry import derived_fact
from salesgoal.domain.ledger import Claim
from salesgoal.domain.recording import Found, add_claim
from salesgoal.store.rows import make_place
from salesgoal.store.schema import entries, standing, tally
from salesgoal.store.view import precedence_of, stands_by_fact

__all__ = ["StoredClaims", "count_withdrawn"]

_AT_ONCE = 500


@attrs.define
class StoredClaims:
    """The claims of a ledger in a database, for one document.

    How often the document said the same before is looked up, not remembered: it may have
    millions of rows. Only what it repeats is tallied.

    Attributes:
        connection: Writing.
        document: The id of the document.
        source: Its source.
        names: Document id -> name.
    """

    connection: Connection
    document: int
    source: str
    names: Mapping[int, str]

    def __attrs_post_init__(self) -> None:
        """Makes the table of repeated rows."""
        tally.create(self.connection)

    def ordinals(self, contents: Sequence[bytes]) -> list[int]:
        """Returns how many rows of this document said the same before each of these."""
        firsts = {derived_fact(self.source, each, 0): each for each in contents}
        seen = [firsts[each] for each in self._its_own(list(firsts))]
        counts = Counter(dict.fromkeys(seen, 1))
        counts.update(self._tallied(seen))
        ordinals = []
        for content in contents:
            ordinals.append(counts[content])
            counts[content] += 1
        rows = [
            {"content": content, "again": rows - 1}
            for content, rows in counts.items()
            if rows > 1
        ]
        if rows:
            self.connection.execute(insert(tally), rows)
        return ordinals

    def _tallied(self, contents: Sequence[bytes]) -> dict[bytes, int]:
        """Takes out of the tally how often each of these was repeated."""
        found = {}
        for some in _batches(contents):
            wanted = tally.c.content.in_(some)
            rows = self.connection.execute(select(tally).where(wanted)).all()
            found.update({row.content: row.again for row in rows})
            self.connection.execute(delete(tally).where(wanted))
        return found

    def _its_own(self, facts: Sequence[bytes]) -> Iterator[bytes]:
        """Those of the facts that this document claims already."""
        its_own = entries.c.document + 0 == self.document
        for some in _batches(facts):
            query = select(entries.c.fact).where(entries.c.fact.in_(some), its_own)
            yield from self.connection.execute(query).scalars()

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
        ).join_from(entries, standing, stands_by_fact(entries, standing))
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
    if_kept = exists().where(kept.c.fact == entries.c.fact, kept.c.document + 0 == document)
    found = connection.execute(
        select(func.count(entries.c.fact.distinct())).where(
            entries.c.document == prior, entries.c.deleted == 0, ~if_kept
        )
    ).scalar()
    return found or 0


def _batches(found: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE)]
