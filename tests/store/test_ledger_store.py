"""The ledger in a database, by example; the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place
from salesgoal.errors import NotConserved, UnknownName, UsageError
from salesgoal.store import open_ledger

from .sales import amounts, document, moment, page, sale


def test_an_entry_comes_back_as_it_went_in(ledger):
    october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    east = timezone(timedelta(hours=8))
    entries = [
        sale(150_000_00, key="SO-1", revision=datetime(2023, 10, 6, 8, 0, 0, 1, tzinfo=east)),
        Entry(on=october, values={"客户": "甲'\"\\公司😀"}, where=Place("crm", key="id-7")),
        Entry(on=None, where=Place("日报.xlsx", row=9), key="SO-2", deleted=True),
        Entry(
            on=date(2023, 10, 6),
            members={"rep": "李雷:60%,韩梅梅:40%", "region": "华南"},
            values={"sales": -1, "orders": 10**15},
            where=Place("日报.xlsx"),
        ),
    ]
    ledger.record(document(), [page(*entries)], recorded_at=moment(0))
    assert list(ledger.entries()) == [entries[0], entries[1], entries[3]]
    assert not ledger.check()


def test_equal_sales_without_a_number_stay_two_and_overlap_counts_once(ledger):
    daily = [sale(5, 2), sale(5, 3)]
    first = ledger.record(document(), [page(*daily)], recorded_at=moment(0))
    weekly = [sale(5, row, name="周报.xlsx") for row in (2, 3, 4)]
    told = []
    second = ledger.record(
        document("周报.xlsx", hour=1),
        [page(weekly[0]), page(*weekly[1:])],
        recorded_at=moment(1),
        notice=told.append,
    )
    assert first.counts == {Outcome.ADDED: 2}
    assert second.counts == {Outcome.DUPLICATE: 2, Outcome.ADDED: 1}
    assert amounts(ledger) == [5, 5, 5]
    assert str(told[0]) == (
        "周报.xlsx, 10月, row 2: says what 日报.xlsx, 10月, row 2 says, and counts once - "
        "nothing; if they are two sales, add a column to key that tells them apart "
        "[duplicate-entry]"
    )


def test_the_same_bytes_again_change_nothing(ledger):
    ledger.record(document(), [page(sale(5))], recorded_at=moment(0))
    again = ledger.record(
        document(hour=5, digest="日报.xlsx 0"), iter(int, 1), recorded_at=moment(5)
    )
    assert not again.is_new
    assert again.document.as_of == moment(0)
    assert len(ledger.documents()) == 1


def test_a_corrected_file_replaces_all_it_said(ledger):
    rows = [sale(5, key="a"), sale(6, key="b"), sale(7, key="c")]
    ledger.record(document(), [page(*rows)], recorded_at=moment(0))
    corrected = [sale(5, key="a"), sale(60, key="b"), sale(8, key="d")]
    got = ledger.record(document(hour=1), [page(*corrected)], recorded_at=moment(1))
    assert got.counts == {Outcome.UNCHANGED: 1, Outcome.CORRECTED: 1, Outcome.ADDED: 1}
    assert got.withdrawn == 1
    assert amounts(ledger) == [5, 60, 8]
    assert amounts(ledger, known_at=moment(0)) == [5, 6, 7]


def test_an_older_copy_of_a_file_does_not_count(ledger):
    ledger.record(document(hour=2), [page(sale(6))], recorded_at=moment(2))
    got = ledger.record(document(hour=1), [page(sale(5))], recorded_at=moment(3))
    assert got.counts == {Outcome.STALE: 1}
    assert amounts(ledger) == [6]


def test_an_older_revision_never_beats_a_newer_one(ledger):
    new = sale(6, key="a", revision=moment(9))
    old = sale(5, key="a", revision=moment(8))
    ledger.record(document("一", hour=1), [page(new)], recorded_at=moment(10))
    told = []
    got = ledger.record(
        document("二", hour=2), [page(old)], recorded_at=moment(11), notice=told.append
    )
    assert got.counts == {Outcome.STALE: 1}
    assert [each.code for each in told] == ["stale-entry"]
    assert amounts(ledger) == [6]


def test_two_contents_of_one_revision_are_a_conflict(ledger):
    one = sale(6, key="a", revision=moment(9))
    other = sale(5, key="a", revision=moment(9))
    ledger.record(document("一", hour=1), [page(one)], recorded_at=moment(10))
    told = []
    got = ledger.record(
        document("二", hour=2), [page(other)], recorded_at=moment(11), notice=told.append
    )
    assert got.counts == {Outcome.CONFLICT: 1}
    assert [each.code for each in told] == ["conflicting-entry"]
    assert amounts(ledger) == [5]


def test_a_number_twice_in_one_file_is_a_conflict_across_pages(ledger):
    pages = [page(sale(6, 2, key="a")), page(sale(5, 3, key="a"), sale(5, 4, key="a"))]
    got = ledger.record(document(), pages, recorded_at=moment(0))
    assert got.counts == {Outcome.ADDED: 1, Outcome.CONFLICT: 1, Outcome.DUPLICATE: 1}
    assert amounts(ledger) == [5]


def test_a_deleted_row_empties_its_key_until_a_newer_revision(ledger):
    def crm(hour, entry):
        return ledger.record(
            document(f"page {hour}", hour=hour), [page(entry)], recorded_at=moment(hour)
        )

    crm(1, sale(5, key="deal", revision=moment(1)))
    gone = Entry(on=None, where=Place("crm"), key="deal", revision=moment(2), deleted=True)
    assert crm(2, gone).counts == {Outcome.RETIRED: 1}
    assert amounts(ledger) == []
    crm(3, sale(7, key="deal", revision=moment(3)))
    assert amounts(ledger) == [7]
    assert amounts(ledger, known_at=moment(2)) == []


def test_sources_do_not_share_keys(ledger):
    for source in ("orders", "returns"):
        ledger.record(document(source=source), [page(sale(5, key="a"))], recorded_at=moment(0))
    assert amounts(ledger) == [5, 5]
    assert amounts(ledger, source="returns") == [5]
    assert amounts(ledger, source="nothing") == []


def test_an_undone_document_gives_back_what_it_replaced(ledger):
    ledger.record(document(), [page(sale(5, key="a"))], recorded_at=moment(0))
    wrong = ledger.record(document(hour=1), [page(sale(50, key="a"))], recorded_at=moment(1))
    undone = ledger.undo(wrong.id, by="李雷", reason="错版", recorded_at=moment(2))
    assert (undone.undone.by, undone.undone.reason) == ("李雷", "错版")
    assert ledger.documents()[1] == undone
    assert amounts(ledger) == [5]
    assert amounts(ledger, known_at=moment(1)) == [50]
    assert not ledger.check()


def test_an_undo_needs_a_document_that_counts(ledger):
    with pytest.raises(UnknownName, match="document"):
        ledger.undo(1, by="李雷", reason="错版", recorded_at=moment(0))
    ledger.record(document(), [page(sale(5))], recorded_at=moment(0))
    ledger.undo(1, by="李雷", reason="错版", recorded_at=moment(1))
    with pytest.raises(UsageError, match="undone already"):
        ledger.undo(1, by="李雷", reason="错版", recorded_at=moment(2))


def test_a_document_whose_pages_raise_is_not_there_at_all(ledger):
    def pages():
        yield page(sale(5))
        raise NotConserved("half")

    with pytest.raises(NotConserved, match="half"):
        ledger.record(document(), pages(), recorded_at=moment(0))
    assert ledger.documents() == ()
    assert amounts(ledger) == []


def test_a_cursor_is_recorded_with_its_page_and_undone_with_it(ledger):
    assert ledger.cursor("crm") is None
    for hour in (1, 2):
        one = document(f"page {hour}", hour=hour, source="crm")
        pages = [page(sale(hour), cursor={"since": f"{hour}"})]
        ledger.record(one, pages, recorded_at=moment(hour))
    assert ledger.cursor("crm") == {"since": "2"}
    assert ledger.cursor("orders") is None
    ledger.undo(2, by="李雷", reason="错", recorded_at=moment(3))
    assert ledger.cursor("crm") == {"since": "1"}


def test_rows_that_were_not_entries_are_counted(ledger):
    got = ledger.record(
        document(), [page(sale(5), rejected=2, ignored=1)], recorded_at=moment(0)
    )
    assert got.read == 4
    assert got.counts == {Outcome.ADDED: 1, Outcome.REJECTED: 2, Outcome.IGNORED: 1}
    assert ledger.documents() == (got,)


def test_clocks_that_go_backwards_do_not_change_what_was_known(ledger):
    first = ledger.record(document("一"), [page(sale(5))], recorded_at=moment(9))
    second = ledger.record(document("二"), [page(sale(6))], recorded_at=moment(1))
    assert second.recorded_at == first.recorded_at + timedelta(microseconds=1)
    assert amounts(ledger, known_at=moment(9)) == [5]


def test_a_document_without_rows_withdraws_all(ledger):
    ledger.record(document(), [page(sale(5), sale(5))], recorded_at=moment(0))
    got = ledger.record(document(hour=1), [], recorded_at=moment(1))
    assert (got.read, got.withdrawn) == (0, 2)
    assert amounts(ledger) == []


def test_many_equal_rows_over_many_pages_stay_as_many(ledger):
    pages = [
        page(*(sale(row % 3, row) for row in range(at, at + 40))) for at in range(0, 400, 40)
    ]
    ledger.record(document(), pages, recorded_at=moment(0))
    again = ledger.record(document("周报", hour=1), pages, recorded_at=moment(1))
    assert again.counts == {Outcome.DUPLICATE: 400}
    assert Counter(amounts(ledger)) == {0: 134, 1: 133, 2: 133}
    assert not ledger.check()


def test_a_page_of_more_rows_than_one_query_asks_for(ledger):
    rows = [sale(row, row) for row in range(1200)]
    ledger.record(document(), [page(*rows)], recorded_at=moment(0))
    got = ledger.record(document("周报", hour=1), [page(*rows)], recorded_at=moment(1))
    assert got.counts == {Outcome.DUPLICATE: 1200}


def test_an_iterator_may_be_left_in_the_middle(ledger):
    ledger.record(
        document(), [page(*(sale(row) for row in range(3000)))], recorded_at=moment(0)
    )
    some = ledger.entries()
    next(some)
    some.close()
    ledger.record(document("二"), [page(sale(1))], recorded_at=moment(1))


def test_a_reader_sees_one_state_while_others_write(target):
    with open_ledger(target, wait=1) as reader, open_ledger(target, wait=1) as writer:
        writer.record(document(), [page(sale(5))], recorded_at=moment(0))
        before = list(reader.entries())
        writer.record(document("二"), [page(sale(6))], recorded_at=moment(1))
        assert [each.values["sales"] for each in before] == [5]
        assert amounts(reader) == [5, 6]


def test_moments_need_a_zone():
    with pytest.raises(UsageError, match="zone"):
        sale(5, revision=datetime(2023, 10, 6))  # noqa: DTZ001 - that is the point
    with pytest.raises(UsageError, match="zone"):
        document().__class__(
            source="a",
            name="b",
            digest="c",
            as_of=datetime(2023, 10, 6),  # noqa: DTZ001
        )
    assert moment(0).tzinfo is UTC


@pytest.mark.slow
def test_memory_is_that_of_a_page_not_of_the_document(ledger):
    def pages(rows):
        for at in range(0, rows, 250):
            yield page(*(sale(row, row) for row in range(at, at + 250)))

    def peak(name, rows):
        tracemalloc.start()
        ledger.record(document(name), pages(rows), recorded_at=moment(0))
        count = sum(1 for _ in ledger.entries())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count >= rows
        return most

    peak("warm", 500)
    assert peak("large", 7500) < 2 * peak("small", 1500)


def test_a_preview_tells_what_would_change_and_writes_nothing(ledger):
    ledger.record(document(), [page(sale(1, key="a"), sale(2, key="b"))], recorded_at=moment(0))
    told = []
    receipt, changes = ledger.preview(
        document(hour=1),
        [page(sale(9, key="a"), sale(5, key="c"), rejected=1)],
        recorded_at=moment(1),
        judged=lambda row, outcome: told.append((row.entry.key, outcome.value)),
    )
    assert (receipt.counts, receipt.withdrawn) == (
        {"corrected": 1, "added": 1, "rejected": 1},
        1,
    )
    assert [
        (
            each.outcome and each.outcome.value,
            each.before and each.before.values["sales"],
            each.after and each.after.values["sales"],
        )
        for each in changes
    ] == [("added", None, 5), ("corrected", 1, 9), (None, 2, None)]
    assert told == [("a", "corrected"), ("c", "added")]
    assert (len(ledger.documents()), amounts(ledger)) == (1, [1, 2])
    again, none = ledger.preview(document(), [], recorded_at=moment(1))
    assert (again.is_new, none) == (False, ())


def test_a_document_is_read_back_as_a_whole_and_tells_of_whom_it_speaks(ledger):
    first = ledger.record(document(), [page(sale(1), sale(2))], recorded_at=moment(0))
    ledger.record(document(hour=1), [page(sale(3))], recorded_at=moment(1))
    assert [each.values["sales"] for each in ledger.entries_of(first.id)] == [1, 2]
    said = sorted((number, members, str(on)) for number, members, on in ledger.said("orders"))
    assert said == [(n, {"region": "华东"}, "2023-10-06") for n in (1, 2)]
    assert list(ledger.said("other")) == []
