from __future__ import annotations

from datetime import UTC, date, datetime

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
