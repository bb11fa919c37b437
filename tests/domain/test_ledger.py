from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from salesgoal.domain.ledger import (
    Claim,
    Document,
    EntryPage,
    Outcome,
    Receipt,
    Undo,
    find_same,
    latest_cursor,
    moment_after,
    outcome_of,
    prior_version,
    standing,
)
from salesgoal.domain.problem import Place
from salesgoal.errors import NotConserved, UsageError

START = datetime(2023, 10, 7, tzinfo=UTC)
HERE = Place("日报.xlsx", row=2)


def moment(hours):
    return START + timedelta(hours=hours)


def receipt(number, name="日报", *, hour=0, undone=None, source="orders", **more):
    document = Document(source=source, name=name, digest=f"{name}{hour}", as_of=moment(hour))
    undo = undone and Undo(document=number, by="李", reason="错", recorded_at=moment(undone))
    return Receipt(
        id=number,
        document=document,
        recorded_at=moment(number),
        counts={},
        undone=undo,
        **more,
    )


def claim(content, stamp, rank=0, position=0):
    return Claim(content, (stamp, rank, position), HERE)


A, B = b"a", b"b"


@pytest.mark.parametrize(
    ("rival", "prior", "expected"),
    [
        (None, None, Outcome.ADDED),
        (None, claim(A, 0), Outcome.UNCHANGED),
        (None, claim(B, 0), Outcome.CORRECTED),
        (claim(A, 0), None, Outcome.DUPLICATE),
        (claim(A, 9), None, Outcome.DUPLICATE),
        (claim(A, 0), claim(A, 0), Outcome.UNCHANGED),
        (claim(A, 0), claim(B, 0), Outcome.DUPLICATE),
        (claim(B, 0), None, Outcome.CORRECTED),
        (claim(B, 0), claim(A, 0), Outcome.CORRECTED),
        (claim(B, 5, rank=0), None, Outcome.CONFLICT),
        (claim(B, 5, rank=2), None, Outcome.CONFLICT),
        (claim(B, 9), None, Outcome.STALE),
    ],
)
def test_the_table_of_outcomes(rival, prior, expected):
    mine = claim(A, 5, rank=1)
    assert outcome_of(mine, deletes=False, rival=rival, prior=prior) is expected


def test_a_deletion_retires_whatever_stood():
    mine = claim(A, 5, rank=1)
    for rival in (None, claim(B, 0)):
        assert outcome_of(mine, deletes=True, rival=rival, prior=None) is Outcome.RETIRED
    assert outcome_of(mine, deletes=True, rival=claim(B, 9), prior=None) is Outcome.STALE


def test_of_the_versions_of_a_document_the_one_made_last_stands():
    versions = [receipt(1, hour=5), receipt(2, hour=3), receipt(3, "周报", hour=4)]
    assert [each.id for each in standing(versions)] == [3, 1]
    assert [each.id for each in standing(versions, moment(0))] == []
    assert prior_version(versions, versions[1].document).id == 1
    assert prior_version(versions, attrs.evolve(versions[0].document, source="b")) is None


def test_an_undone_document_stood_until_its_undo():
    versions = [receipt(1, hour=1), receipt(2, hour=2, undone=5)]
    assert [each.id for each in standing(versions)] == [1]
    assert [each.id for each in standing(versions, moment(4))] == [2]
    assert [each.id for each in standing(versions, moment(5))] == [1]


def test_the_same_document_is_known_again():
    one, two = receipt(1, hour=1), receipt(2, hour=2)
    assert find_same([], one.document) is None
    assert find_same([one, two], one.document) is one
    assert find_same([one, two], attrs.evolve(two.document, as_of=moment(9))) is two
    went_back = attrs.evolve(one.document, as_of=moment(9))
    assert find_same([one, two], went_back) is None


def test_the_cursor_is_that_of_the_last_document_that_counts():
    receipts = [
        receipt(1, "a", cursor={"since": "1"}),
        receipt(2, "b", cursor={"since": "2"}, undone=3),
        receipt(3, "c"),
        receipt(4, "d", cursor={"since": "4"}, source="other"),
    ]
    assert latest_cursor(receipts, "orders") == {"since": "1"}
    assert latest_cursor(receipts, "nobody") is None


def test_events_come_one_after_the_other():
    assert moment_after(moment(0), None) == moment(0)
    assert moment_after(moment(2), moment(1)) == moment(2)
    assert moment_after(moment(1), moment(1)) == moment(1) + timedelta(microseconds=1)


def test_a_page_that_lost_a_row_is_our_bug():
    with pytest.raises(NotConserved, match="3 rows read, 0 entries, 1 rejected, 1 ignored"):
        EntryPage(entries=(), read=3, rejected=1, ignored=1)


def test_moments_without_a_zone_are_refused():
    naive = datetime(2023, 10, 7)  # noqa: DTZ001 - the point
    with pytest.raises(UsageError, match="as_of of Document"):
        Document(source="a", name="b", digest="c", as_of=naive)
    with pytest.raises(UsageError, match="recorded_at of Undo"):
        Undo(document=1, by="a", reason="b", recorded_at=naive)
