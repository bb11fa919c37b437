"""Each fault planted in the ledger must break one of its laws."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from salesgoal.domain import ledger, memory_ledger, recording
from salesgoal.domain.entry import derived_fact

from . import test_ledger_laws as laws
from .test_laws_bite import breaks


def last_recorded_stands(receipts, known_at=None):
    live = [each for each in receipts if each.is_live(known_at)]
    best = {(each.document.source, each.document.name): each for each in live}
    return tuple(sorted(best.values(), key=lambda each: each.id))


def test_order_of_arrival_instead_of_what_documents_say(monkeypatch):
    monkeypatch.setattr(memory_ledger, "standing", last_recorded_stands)
    law = laws.test_a_replayed_and_shuffled_history_counts_the_same
    assert breaks(law, laws.HISTORIES, st.data())


def test_equal_rows_as_one(monkeypatch):
    forgetful = lambda source, content, _: derived_fact(source, content, 0)
    monkeypatch.setattr(recording, "derived_fact", forgetful)
    law = laws.test_overlapping_reports_of_one_feed_count_the_most_of_any
    sales = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=12)
    assert breaks(law, sales, st.data())


def test_keys_that_no_other_document_has(monkeypatch):
    counter = iter(range(10**9))
    unique = lambda source, content, _: derived_fact(source, content, next(counter))
    monkeypatch.setattr(recording, "derived_fact", unique)
    law = laws.test_overlapping_reports_of_one_feed_count_the_most_of_any
    sales = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=12)
    assert breaks(law, sales, st.data())


def test_moments_as_the_clocks_say(monkeypatch):
    monkeypatch.setattr(memory_ledger, "moment_after", lambda given, _: given)
    assert breaks(laws.test_what_was_known_never_changes, laws.HISTORIES)


def test_every_delivery_as_new(monkeypatch):
    monkeypatch.setattr(memory_ledger, "find_same", lambda *_: None)
    law = laws.test_a_document_that_comes_again_is_not_asked_for_its_rows
    with pytest.raises(AttributeError):  # the rows that are none are asked for
        breaks(law, laws.HISTORIES)


def test_a_row_without_outcome(monkeypatch):
    def forgets(self, row, found):
        if row.position:
            judge(self, row, found)

    judge = recording.Recording._judge
    monkeypatch.setattr(recording.Recording, "_judge", forgets)
    assert breaks(laws.test_every_row_has_one_outcome, laws.HISTORIES)


def test_an_undo_that_does_nothing(monkeypatch):
    monkeypatch.setattr(ledger.Receipt, "is_live", lambda *_: True)
    law = laws.test_an_undone_document_leaves_the_ledger_as_without_it
    assert breaks(law, laws.HISTORIES, st.data())
