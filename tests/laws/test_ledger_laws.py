"""Laws of the ledger: replay, shuffle and overlap change nothing; every row has one outcome."""

from __future__ import annotations

from collections import Counter
from itertools import count
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.domain.ledger import Outcome
from salesgoal.domain.memory_ledger import MemoryLedger
from salesgoal.store import open_ledger

from .deliveries import DELIVERIES, Delivery, moment, said

HISTORIES = st.lists(DELIVERIES, max_size=8)


def different(history):
    """Without documents that differ only in their moment: the first of these to come counts."""
    kept = {(each.document.source, each.name, each.document.digest): each for each in history}
    return list(kept.values())


def ledger_of(history, ledger=None):
    ledger = MemoryLedger() if ledger is None else ledger
    for at, each in enumerate(history):
        ledger.record(each.document, each.pages(), recorded_at=moment(at))
    return ledger


@given(HISTORIES, st.data())
def test_a_replayed_and_shuffled_history_counts_the_same(history, data):
    history = different(history)
    again = [*history, *data.draw(st.lists(st.sampled_from(history)))] if history else []
    assert said(ledger_of(history)) == said(ledger_of(data.draw(st.permutations(again))))


@given(HISTORIES)
def test_a_document_that_comes_again_is_not_asked_for_its_rows(history):
    ledger = ledger_of(history)
    before = ledger.documents()
    for each in before:
        if each.document == history[-1].document:
            again = ledger.record(history[-1].document, iter(int, 1), recorded_at=moment(99))
            assert not again.is_new
    assert ledger.documents() == before


@given(HISTORIES)
def test_every_row_has_one_outcome(history):
    ledger = ledger_of(history)
    rows = {(each.document): len(each.rows) + each.rejected for each in history}
    for each in ledger.documents():
        assert each.read == rows[each.document]


@given(HISTORIES, st.integers(1, 5))
def test_how_rows_are_cut_into_pages_changes_nothing(history, size):
    other = MemoryLedger()
    for at, each in enumerate(history):
        other.record(each.document, each.pages(size), recorded_at=moment(at))
    assert other.documents() == ledger_of(history).documents()


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=12), st.data())
def test_overlapping_reports_of_one_feed_count_the_most_of_any(sales, data):
    """A sale without a number of its own counts as often as the report that has it most."""
    rows = [(None, None, amount, False) for amount, _ in sales]
    some = [data.draw(st.lists(st.sampled_from(rows))) if rows else [] for _ in range(2)]
    ledger = ledger_of(
        Delivery("feed", str(at), at, tuple(part)) for at, part in enumerate([rows, *some])
    )
    expected = Counter()
    for part in [rows, *some]:
        expected |= Counter(amount for _, _, amount, _ in part)
    assert Counter(each.values["sales"] for each in ledger.entries()) == expected


@given(HISTORIES)
def test_what_was_known_never_changes(history):
    ledger, known = MemoryLedger(), {}
    for at, each in enumerate(history):
        ledger.record(each.document, each.pages(), recorded_at=moment(-at))
        for receipt in ledger.documents():
            now = said(ledger, known_at=receipt.recorded_at)
            assert known.setdefault(receipt.id, now) == now
        assert said(ledger) == said(ledger, known_at=receipt.recorded_at)


@given(HISTORIES, st.data())
def test_an_undone_document_leaves_the_ledger_as_without_it(history, data):
    history = different(history)
    ledger = ledger_of(history)
    if not history:
        return
    at = data.draw(st.integers(1, len(ledger.documents())))
    gone = ledger.undo(at, by="李雷", reason="错发", recorded_at=moment(50)).document
    rest = [each for each in history if each.document != gone]
    assert said(ledger) == said(ledger_of(rest))
    back = next(each for each in history if each.document == gone)
    ledger.record(back.document, back.pages(), recorded_at=moment(60))
    assert said(ledger) == said(ledger_of(history))


@given(HISTORIES)
@settings(max_examples=min(40, settings().max_examples))
def test_a_database_and_memory_keep_the_same_ledger(history):
    memory = MemoryLedger()
    with TemporaryDirectory() as folder, open_ledger(f"{folder}/a.ledger") as stored:
        for at, each in zip(count(), history, strict=False):
            told = []
            for ledger in (memory, stored):
                notices = []
                ledger.record(
                    each.document, each.pages(), recorded_at=moment(at), notice=notices.append
                )
                told.append([str(notice) for notice in notices])
            assert told[0] == told[1]
        assert stored.documents() == memory.documents()
        for each in (None, *(receipt.recorded_at for receipt in memory.documents())):
            assert list(stored.entries(known_at=each)) == list(memory.entries(known_at=each))
        assert not stored.check()


@given(HISTORIES)
def test_added_and_withdrawn_tell_how_many_facts_a_lonely_document_has(history):
    """With one document only, what counts is what was added less what was taken away."""
    mine = [each for each in history if each.name == "一.xlsx" and each.source == "daily"]
    ledger, facts = MemoryLedger(), 0
    for at, each in enumerate(mine):
        got = ledger.record(each.document, each.pages(), recorded_at=moment(at))
        alive = len(list(ledger.entries()))
        if (
            got.is_new
            and not got.counts.get(Outcome.RETIRED)
            and not any(row[3] for one in mine for row in one.rows)
        ):
            facts += got.counts.get(Outcome.ADDED, 0) - got.withdrawn
            assert alive == facts
