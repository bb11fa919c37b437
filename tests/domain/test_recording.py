from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Claim, Document, EntryPage, Outcome
from salesgoal.domain.problem import Place
from salesgoal.domain.recording import Recording, add_claim, name_row, seal_text
from salesgoal.errors import NotConserved

NOW = datetime(2023, 10, 7, tzinfo=UTC)
HERE = Place("日报.xlsx", row=2)
SALE = Entry(on=date(2023, 10, 6), values={"sales": 5}, where=HERE, key="a")
DAILY = Document(source="orders", name="日报.xlsx", digest="1", as_of=NOW)


class NothingKnown:
    def ordinals(self, contents):
        return range(len(contents))

    def find(self, facts):  # noqa: ARG002 - nothing is known of any
        return {}


def test_a_row_counted_twice_is_our_bug():
    recording = Recording(
        document=DAILY,
        stands=True,
        rank=0,
        claims=NothingKnown(),
        notice=lambda _: recording.counts.update([Outcome.ADDED]),
    )
    with pytest.raises(NotConserved, match="has no outcome, or two"):
        recording.take(EntryPage(entries=[SALE, SALE], read=2))


def test_rows_are_numbered_over_pages_and_told_apart():
    recording = Recording(document=DAILY, stands=True, rank=0, claims=NothingKnown())
    keyless = Entry(on=date(2023, 10, 6), values={"sales": 5}, where=HERE)
    rows = recording.take(EntryPage(entries=[SALE, keyless, keyless], read=3))
    rows += recording.take(EntryPage(entries=[SALE], read=2, ignored=1))
    assert [(row.position, row.ordinal) for row in rows] == [(0, 0), (1, 0), (2, 1), (3, 0)]
    assert len({row.fact for row in rows}) == 3
    assert +recording.counts == {Outcome.ADDED: 4, Outcome.IGNORED: 1}
    assert recording.size == 4


def test_the_seal_shows_every_change_of_a_row():
    rows = [
        name_row("orders", entry, position=0, ordinal=0)
        for entry in (
            SALE,
            Entry(on=SALE.on, values=SALE.values, where=Place("日报.xlsx", row=3), key="a"),
            Entry(on=SALE.on, values=SALE.values, where=HERE, key="a", revision=NOW),
            Entry(on=SALE.on, values={"sales": 6}, where=HERE, key="a"),
            Entry(on=SALE.on, values=SALE.values, where=HERE),
        )
    ]
    assert len({seal_text(row) for row in rows}) == len(rows)


def test_the_best_claim_of_either_kind_is_kept():
    found = {}
    for stamp, is_prior in ((2, False), (1, False), (3, True), (4, True)):
        add_claim(found, b"f", Claim(b"c", (stamp, 0, 0), HERE), is_prior=is_prior)
    rival, prior = found[b"f"]
    assert (rival.stamp, prior.stamp) == (2, 4)
