"""What a document would change: the rows of each outcome, with what counted before."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from sqlalchemy import Connection, exists, select

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Outcome, Receipt
from salesgoal.domain.recording import Judged, NamedRow
from salesgoal.store.rows import make_entry
from salesgoal.store.schema import entries, standing
from salesgoal.store.view import precedence_of, stands_by_fact

__all__ = ["Change", "Changes", "TakenBack"]

_WITH_BEFORE = (Outcome.CORRECTED, Outcome.RETIRED, Outcome.CONFLICT, Outcome.STALE)


class TakenBack(Exception):
    """Ends a transaction that was only a trial."""


@attrs.frozen
class Change:
    """What becomes of one fact.

    Attributes:
        outcome: Of the row; None for a fact that the version before had and this one lacks.
        before: What counted, where something did.
        after: The row; None for a fact that is withdrawn.
    """

    outcome: Outcome | None
    before: Entry | None
    after: Entry | None


@attrs.define
class Changes:
    """Keeps the first rows of each outcome while a document is recorded.

    Attributes:
        most: How many of each.
        judged: Who else is told of every row.
    """

    most: int
    judged: Judged | None = None
    _rows: dict[Outcome, list[NamedRow]] = attrs.field(factory=dict, init=False)

    def note(self, row: NamedRow, outcome: Outcome) -> None:
        """Keeps a row where it is among the first of its outcome."""
        kept = self._rows.setdefault(outcome, [])
        if len(kept) < self.most and outcome is not Outcome.UNCHANGED:
            kept.append(row)
        if self.judged is not None:
            self.judged(row, outcome)

    def look_up(
        self,
        connection: Connection,
        receipt: Receipt,
        prior: Receipt | None,
        names: Mapping[int, str],
    ) -> tuple[Change, ...]:
        """Returns the kept rows with what counted before, and facts that are withdrawn.

        Args:
            connection: On which the document was recorded.
            receipt: Of the document.
            prior: The version that it replaces.
            names: Document id -> name.
        """
        found = []
        for outcome in Outcome:
            for row in self._rows.get(outcome, ()):
                before = None
                if outcome in _WITH_BEFORE:
                    before = _before(connection, row.fact, receipt.id, names)
                found.append(Change(outcome, before, row.entry))
        if prior is not None and receipt.withdrawn:
            found += _withdrawn(connection, prior, receipt.id, self.most)
        return tuple(found)


def _before(
    connection: Connection, fact: bytes, document: int, names: Mapping[int, str]
) -> Entry | None:
    """The best claim of other documents; the version before is still among them."""
    query = (
        select(entries)
        .join_from(entries, standing, stands_by_fact(entries, standing))
        .where(entries.c.fact == fact, entries.c.document != document)
        .order_by(*(each.desc() for each in precedence_of(entries, standing)))
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else make_entry(row, names[row.document])


def _withdrawn(
    connection: Connection, prior: Receipt, document: int, most: int
) -> list[Change]:
    kept = entries.alias("kept")
    if_kept = exists().where(kept.c.fact == entries.c.fact, kept.c.document + 0 == document)
    query = (
        select(entries)
        .where(entries.c.document == prior.id, entries.c.deleted == 0, ~if_kept)
        .order_by(entries.c.position)
        .limit(most)
    )
    name = prior.document.name
    return [Change(None, make_entry(row, name), None) for row in connection.execute(query)]
