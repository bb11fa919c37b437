from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage, Outcome
from salesgoal.domain.memory_ledger import MemoryLedger
from salesgoal.domain.problem import Place
from salesgoal.errors import UnknownName, UsageError

NOW = datetime(2023, 10, 7, tzinfo=UTC)


def deliver(ledger, name, *amounts, **more):
    entries = [
        Entry(on=date(2023, 10, 6), values={"sales": amount}, where=Place(name, row=row))
        for row, amount in enumerate(amounts, start=2)
    ]
    page = EntryPage(entries=entries, read=len(entries), cursor=more.pop("cursor", None))
    document = Document(source="orders", name=name, digest=f"{name}{amounts}", as_of=NOW)
    return ledger.record(document, [page], recorded_at=NOW, **more)


def test_two_documents_that_overlap_count_once_and_say_so():
    ledger, told = MemoryLedger(), []
    deliver(ledger, "日报", 5, 5, cursor={"since": "1"})
    got = deliver(ledger, "周报", 5, 6, notice=told.append)
    assert got.counts == {Outcome.DUPLICATE: 1, Outcome.ADDED: 1}
    (notice,) = told
    assert notice.text("zh").startswith("周报, 第2行: 与 日报, 第2行 相同，只计一次 - 无需处理")
    assert sorted(each.values["sales"] for each in ledger.entries()) == [5, 5, 6]
    assert ledger.cursor("orders") == {"since": "1"}


def test_an_undo_needs_a_document_that_counts():
    ledger = MemoryLedger()
    with pytest.raises(UnknownName):
        ledger.undo(1, by="李", reason="错", recorded_at=NOW)
    deliver(ledger, "日报", 5)
    undone = ledger.undo(1, by="李", reason="错", recorded_at=NOW)
    assert undone.undone.recorded_at > NOW
    with pytest.raises(UsageError, match="undone already"):
        ledger.undo(1, by="李", reason="错", recorded_at=NOW)


def test_only_the_source_asked_for_is_shown():
    ledger = MemoryLedger()
    deliver(ledger, "日报", 5)
    assert len(list(ledger.entries(source="orders"))) == 1
    assert not list(ledger.entries(source="returns"))


def test_the_outcome_of_every_row_is_told():
    told = []
    sale = Entry(on=date(2023, 10, 6), values={"sales": 1}, where=Place("a"), key="SO-1")
    now = datetime(2023, 10, 7, tzinfo=UTC)
    MemoryLedger().record(
        Document(source="orders", name="a", digest="a", as_of=now),
        [EntryPage(entries=[sale], read=1)],
        recorded_at=now,
        judged=lambda row, outcome: told.append((row.entry.key, outcome.value)),
    )
    assert told == [("SO-1", "added")]


def test_the_very_same_document_is_not_taken_over_again():
    ledger = MemoryLedger()
    first = deliver(ledger, "日报", 5, 6)
    again = deliver(ledger, "日报", 5, 6)
    assert (first.is_new, again.is_new) == (True, False)
    assert attrs.evolve(again, is_new=True) == first == ledger.documents()[0]
    assert len(ledger.documents()) == 1


def test_an_undo_says_what_by_whom_and_why():
    ledger = MemoryLedger()
    deliver(ledger, "日报", 5)
    undo = ledger.undo(1, by="李", reason="错", recorded_at=NOW).undone
    assert (undo.document, undo.by, undo.reason) == (1, "李", "错")
    assert ledger.documents()[0].undone == undo
    with pytest.raises(UnknownName) as refused:
        ledger.undo(7, by="李", reason="错", recorded_at=NOW)
    assert (refused.value.kind, refused.value.name) == ("document", "7")


def test_rows_alike_in_one_document_are_as_many_facts_and_as_many_duplicates():
    ledger, told = MemoryLedger(), []
    assert deliver(ledger, "日报", 5, 5, 5).counts == {Outcome.ADDED: 3}
    assert deliver(ledger, "周报", 5, 5, 5, 5, notice=told.append).counts == {
        Outcome.DUPLICATE: 3,
        Outcome.ADDED: 1,
    }
    assert [each.facts["other"].row for each in told] == [2, 3, 4]
    assert [each.values["sales"] for each in ledger.entries()] == [5] * 4


def keyed(key, amount, *, row=2, deleted=False):
    values = {} if deleted else {"sales": amount}
    return Entry(
        on=date(2023, 10, 6), values=values, where=Place("a", row=row), key=key, deleted=deleted
    )


def version(ledger, day, *entries, **more):
    as_of = datetime(2023, 10, day, tzinfo=UTC)
    document = Document(source="crm", name="orders", digest=str(day), as_of=as_of)
    page = EntryPage(entries=entries, read=len(entries))
    return ledger.record(document, [page], recorded_at=as_of, **more)


def test_a_newer_version_withdraws_what_it_no_longer_says():
    ledger = MemoryLedger()
    assert version(ledger, 7, keyed("A", 1), keyed("B", 2, row=3)).withdrawn == 0
    newer = version(ledger, 8, keyed("B", 3))
    assert (newer.withdrawn, newer.counts) == (1, {Outcome.CORRECTED: 1})
    assert [each.values["sales"] for each in ledger.entries()] == [3]
    seventh = datetime(2023, 10, 7, 12, tzinfo=UTC)
    assert sorted(each.values["sales"] for each in ledger.entries(known_at=seventh)) == [1, 2]
    late = version(ledger, 6, keyed("A", 9))
    assert late.withdrawn == 0
    assert [each.values["sales"] for each in ledger.entries()] == [3]


def test_rows_left_out_are_counted_page_by_page():
    ledger = MemoryLedger()
    document = Document(source="orders", name="日报", digest="x", as_of=NOW)
    pages = [EntryPage(entries=[], read=3, ignored=2, rejected=1) for _ in range(2)]
    got = ledger.record(document, pages, recorded_at=NOW)
    assert got.counts == {Outcome.IGNORED: 4, Outcome.REJECTED: 2}


def test_an_older_version_is_stale_row_by_row_and_a_deletion_takes_out():
    ledger, told = MemoryLedger(), []
    version(ledger, 8, keyed("A", 1), keyed("B", 2, row=3))
    stale = version(
        ledger, 7, keyed("A", 9), judged=lambda row, what: told.append((row.entry.key, what))
    )
    assert stale.counts == {Outcome.STALE: 1}
    assert told == [("A", Outcome.STALE)]
    gone = version(ledger, 9, keyed("A", 0, deleted=True), keyed("B", 2, row=3))
    assert gone.counts == {Outcome.RETIRED: 1, Outcome.UNCHANGED: 1}
    assert [each.key for each in ledger.entries()] == ["B"]


def test_a_conflict_names_the_key_and_the_row_that_it_conflicts_with():
    ledger, told = MemoryLedger(), []
    version(ledger, 7, keyed("A", 1))
    document = Document(source="crm", name="other", digest="o", as_of=NOW)
    page = EntryPage(entries=[keyed("A", 1, row=5)], read=1)
    ledger.record(document, [page], recorded_at=NOW, notice=told.append)
    (notice,) = told
    assert (notice.value, notice.where.row, notice.facts["other"].row) == ("A", 5, 2)
