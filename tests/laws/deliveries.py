"""Deliveries for the laws of the ledger: documents of two sources that overlap, correct one
another, delete and conflict, drawn so small that all of it happens often.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
from hypothesis import strategies as st

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage
from salesgoal.domain.problem import Place

START = datetime(2023, 10, 1, tzinfo=UTC)


def moment(hours):
    return START + timedelta(hours=hours)


@attrs.frozen
class Delivery:
    """A document with its rows; the digest is that of the rows."""

    source: str
    name: str
    hour: int
    rows: tuple[tuple, ...]
    rejected: int = 0

    @property
    def document(self):
        digest = ascii((self.source, self.rows, self.rejected))
        return Document(
            source=self.source, name=self.name, digest=digest, as_of=moment(self.hour)
        )

    def pages(self, size=2):
        entries = [make_entry(self.name, at, row) for at, row in enumerate(self.rows, start=2)]
        for start in range(0, max(len(entries), 1), size):
            some = entries[start : start + size]
            rejected = 0 if start else self.rejected
            yield EntryPage(entries=some, read=len(some) + rejected, rejected=rejected)


def make_entry(name, at, row):
    key, revision, amount, deleted = row
    return Entry(
        on=date(2023, 10, 6),
        members={"region": "华东"},
        values={"sales": amount},
        where=Place(name, row=at),
        key=key,
        revision=None if revision is None else moment(revision),
        deleted=deleted and key is not None,
    )


ROWS = st.tuples(
    st.sampled_from([None, None, "a", "b", "c"]),
    st.none() | st.integers(0, 2),
    st.integers(1, 2),
    st.sampled_from([False, False, False, True]),
)
DELIVERIES = st.builds(
    Delivery,
    source=st.sampled_from(["daily", "crm"]),
    name=st.sampled_from(["一.xlsx", "二.xlsx", "三.xlsx"]),
    hour=st.integers(0, 3),
    rows=st.lists(ROWS, max_size=5).map(tuple),
    rejected=st.integers(0, 1),
)


def said(ledger, **asked):
    """What counts, without the order in which it came."""
    return sorted(
        ascii((each.where, each.key, each.values)) for each in ledger.entries(**asked)
    )
