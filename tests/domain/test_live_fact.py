from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesgoal.domain import live_fact
from salesgoal.domain.actual import Actual
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.live_fact import FactBook, FactReader
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.errors import NumberRefused, UnknownName, UsageError

PLAN = make_plan(
    name="10月",
    period="2023-10",
    metrics=[
        Metric(id="sales", decimals=2),
        Metric(id="buyers", aggregation=Aggregation.DISTINCT),
        Metric(id="rate", aggregation=Ratio("sales", "sales")),
    ],
    dimensions=[Dimension("region", ["华东", "华南"])],
)
DAY = date(2023, 10, 6)


def actual(region="华东", **values):
    return Actual(on=DAY, members={"region": region}, values=values or {"sales": 1})


def at(hour):
    return datetime(2023, 10, 6, hour, tzinfo=UTC)


def fact(sales=1):
    return FactReader(PLAN).read(actual(sales=sales))


def test_names_and_amounts_are_looked_up():
    read = FactReader(PLAN).read(actual(sales=Decimal("1.50"), buyers="k"))
    assert [(metric.id, value) for metric, value in read.values] == [
        ("sales", 150),
        ("buyers", "k"),
    ]
    assert read.groups[0].credits[0][0] == (0,)


def test_the_same_names_are_looked_up_once():
    reader = FactReader(PLAN)
    assert reader.read(actual()).groups is reader.read(actual()).groups
    assert reader.read(actual()).groups is not reader.read(actual("华南")).groups


def test_only_so_many_names_are_remembered(monkeypatch):
    monkeypatch.setattr(live_fact, "_REMEMBERED", 1)
    reader = FactReader(PLAN)
    assert reader.read(actual()).groups is reader.read(actual()).groups
    assert reader.read(actual("华南")).groups == reader.read(actual("华南")).groups
    assert reader.read(actual("华南")).groups is not reader.read(actual("华南")).groups


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (actual("华北"), UnknownName),
        (actual(profit=1), UnknownName),
        (actual(rate=1), UsageError),
        (actual(sales=Decimal("0.001")), NumberRefused),
        (actual(buyers=["k"]), TypeError),
    ],
)
def test_what_is_wrong_is_refused(given, error):
    with pytest.raises(error):
        FactReader(PLAN).read(given)


def test_of_a_faulty_fact_the_amounts_that_can_be_read_are_kept():
    values = {"sales": 1, "buyers": "k", "profit": 3}
    read = FactReader(PLAN).read_rejected(actual("华北", **values))
    assert [(metric.id, value) for metric, value in read.values] == [("sales", 100)]
    assert read.rejected
    for amount in (0.5, "很多", Decimal("0.001")):
        assert not FactReader(PLAN).read_rejected(actual(sales=amount)).values


@pytest.mark.parametrize(
    ("held", "told", "outcome"),
    [
        ((1, None), (2, None), Outcome.CORRECTED),
        ((1, None), (1, None), Outcome.UNCHANGED),
        ((1, at(8)), (2, at(9)), Outcome.CORRECTED),
        ((1, at(8)), (2, None), Outcome.CORRECTED),
        ((1, None), (2, at(8)), Outcome.CORRECTED),
        ((1, at(8)), (2, at(8)), Outcome.CONFLICT),
        ((1, at(8)), (2, at(7)), Outcome.STALE),
        ((1, at(8)), (1, at(7)), Outcome.UNCHANGED),
    ],
)
def test_revisions_decide(held, told, outcome):
    book = FactBook()
    assert book.take("SO-1", fact(held[0]), held[1]) == (Outcome.ADDED, None)
    assert book.take("SO-1", fact(told[0]), told[1]) == (outcome, fact(held[0]))
    counts = held if outcome is Outcome.STALE else told
    assert list(book) == [fact(counts[0])]


def test_a_repetition_keeps_the_newest_revision():
    book = FactBook()
    book.take("SO-1", fact(1), at(8))
    book.take("SO-1", fact(1), at(9))
    book.take("SO-1", fact(1), at(7))
    assert book.take("SO-1", fact(2), at(8))[0] is Outcome.STALE


def test_facts_without_a_key_all_count():
    book = FactBook()
    outcomes = [book.take(None, fact(1), None)[0] for _ in range(2)]
    assert outcomes == [Outcome.ADDED] * 2
    assert list(book) == [fact(1)] * 2


def test_a_fact_is_retired_once():
    book = FactBook()
    book.take("SO-1", fact(1), at(8))
    assert book.retire("", "SO-1", at(7)) == (Outcome.STALE, None)
    assert book.retire("", "SO-1", None) == (Outcome.RETIRED, fact(1))
    assert book.retire("", "SO-1", None) == (Outcome.UNCHANGED, None)
    assert book.take("SO-1", fact(1), at(6))[0] is Outcome.ADDED


def test_a_deletion_with_a_revision_holds_against_what_is_older():
    book = FactBook()
    assert book.retire("", "SO-1", at(9))[0] is Outcome.UNCHANGED
    assert book.retire("", "SO-1", at(8))[0] is Outcome.STALE
    assert book.take("SO-1", fact(1), at(8)) == (Outcome.STALE, None)
    assert book.take("SO-1", fact(1), at(10)) == (Outcome.ADDED, None)


def test_a_faulty_fact_stands_aside_until_it_is_put_right():
    book, faulty = FactBook(), FactReader(PLAN).read_rejected(actual("华北", sales=1))
    assert book.take("SO-1", faulty, None) == (Outcome.REJECTED, None)
    assert book.take("SO-1", fact(1), None) == (Outcome.CORRECTED, faulty)
