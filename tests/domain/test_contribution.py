"""Contributions: what stands behind an actual, what lies outside and what was rejected."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.contribution import Contribution, ContributionBook, Contributions, Rest
from salesgoal.domain.credit import CreditGroup
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import ANY
from salesgoal.errors import UnknownName

SALES, DEBT, MEAN, MOST, BUYERS = METRICS = (
    Metric(id="sales"),
    Metric(id="debt", aggregation=Aggregation.LAST),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="most", aggregation=Aggregation.MAXIMUM),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
)
DAY, LATER, BEFORE = date(2023, 10, 3), date(2023, 11, 7), date(2023, 9, 30)
EAST, SHANGHAI, SOUTH = 0, 1, 2
ONE, HALF = Fraction(1), Fraction(1, 2)


@pytest.fixture(name="card", scope="module")
def fixture_card():
    plan = make_plan(
        name="计划",
        period="2023Q4",
        levels=[Level.QUARTER, Level.MONTH],
        metrics=METRICS,
        dimensions=[Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])],
        breakdowns=[Breakdown(["region"], every_member=True)],
    )
    balances = [(date(2023, 10, 2), "上海", 4), (DAY, "上海", 6), (DAY, "华南", 9)]
    facts = [
        Actual(on=on, members={"region": region}, values={"debt": units})
        for on, region, units in balances
    ]
    return hold_against(plan, facts, as_of=date(2023, 12, 31))[0]


def to(code, share=ONE, *, overlay=False):
    return CreditGroup((((code,), share),), overlay=overlay)


def row(number):
    return Place("十月.csv", row=number)


def book_of(card, *taken, metric=SALES, **settings):
    book = ContributionBook(card, **settings)
    for number, (groups, on, value) in enumerate(taken, start=2):
        book.take(row(number), groups, on, metric, value)
    return book


def behind(book, goal="", label="2023Q4", metric="sales"):
    return book.behind(goal, metric=metric, period=book.card.plan.parse(label))


def test_a_fact_stands_behind_its_goal_and_every_goal_above_it(card):
    book = book_of(
        card, ([to(SHANGHAI)], DAY, 50), ([to(EAST)], DAY, 20), ([to(ANY)], LATER, 5)
    )
    own = Contribution(where=row(2), on=DAY, value=50, goal="华东/上海")
    east = Contribution(where=row(3), on=DAY, value=20, goal="华东")
    root = Contribution(where=row(4), on=LATER, value=5, goal="")
    assert behind(book, "华东/上海").shown == (own,)
    assert behind(book, "华东").shown == (own, east)
    assert behind(book).shown == (own, east, root)
    assert behind(book, label="2023-10").shown == (own, east)
    assert behind(book, "华南") == Contributions(metric=SALES)


def test_what_counts_to_none_of_the_children_is_counted_and_summed(card):
    book = book_of(
        card,
        ([to(EAST)], DAY, 20),
        ([to(SHANGHAI)], DAY, 50),
        ([to(EAST)], DAY, 7),
    )
    assert (behind(book, "华东").direct, behind(book, "华东").direct_units) == (2, 27)
    assert (behind(book).direct, behind(book).direct_units) == (0, 0)
    keys = book_of(card, ([to(EAST)], DAY, "甲"), metric=BUYERS)
    direct = behind(keys, "华东", metric="buyers")
    assert (direct.direct, direct.direct_units) == (1, 0)


@pytest.mark.parametrize(
    ("metric", "values", "rest", "value"),
    [
        (SALES, [50, 20, 7], Rest(rows=2, units=27, weight=Fraction(2)), 77),
        (MOST, [50, 70, 7], Rest(rows=2, units=70, weight=Fraction(2)), 70),
        (MEAN, [50, 20, 8], Rest(rows=2, units=28, weight=Fraction(2)), 26),
        (BUYERS, ["甲", "乙", "甲"], Rest(rows=2, units=1, weight=Fraction(2)), 2),
    ],
)
def test_what_is_not_shown_is_counted_so_that_both_make_the_actual(
    card, metric, values, rest, value
):
    facts = [([to(EAST)], DAY, each) for each in values]
    found = behind(book_of(card, *facts, metric=metric, most=1), metric=metric.id)
    assert [each.value for each in found.shown] == values[:1]
    assert (found.rest, found.value, found.rows) == (rest, value, 3)


def test_a_shared_fact_is_shown_by_its_parts_with_their_shares(card):
    both = CreditGroup((((EAST,), HALF), ((SOUTH,), HALF)), overlay=False)
    book = book_of(card, ([both, to(SHANGHAI, overlay=True)], DAY, 101))
    (east, overlay), (south,) = behind(book, "华东").shown, behind(book, "华南").shown
    assert (east.value, east.share, east.goal) == (51, HALF, "华东")
    assert (south.value, south.share, south.goal) == (50, HALF, "华南")
    assert (overlay.value, overlay.share, overlay.goal) == (101, ONE, "华东/上海")


def test_what_lies_outside_the_days_of_the_plan_stays_there_once(card):
    book = book_of(
        card,
        ([to(SHANGHAI, overlay=True), to(EAST)], BEFORE, 101),
        ([to(EAST)], BEFORE, 1),
    )
    found = book.outside("华东", metric="sales")
    assert [(each.value, each.goal) for each in found.shown] == [(101, "华东"), (1, "华东")]
    assert (found.direct, found.rows, found.value) == (0, 2, 102)
    assert book.outside(metric="sales").rows == 2
    assert book.outside("华东/上海", metric="sales") == Contributions(metric=SALES)
    assert behind(book) == Contributions(metric=SALES)


def test_a_rejected_row_keeps_its_day_and_says_why(card):
    book = ContributionBook(card)
    book.reject(row(2), DAY, SALES, 5, ["unknown-member", "late"])
    (one,) = book.rejected("sales").shown
    assert one == Contribution(
        where=row(2), on=DAY, value=5, why=("unknown-member", "late"), goal=None
    )
    assert book.rejected("sales").direct == 0
    assert book.rejected("debt") == Contributions(metric=DEBT)
    with pytest.raises(UnknownName):
        book.rejected("profit")


def test_only_what_is_asked_for_is_gathered(card):
    october = card.plan.parse("2023-10")
    book = book_of(card, ([to(SHANGHAI)], DAY, 50), sought=[("华东", "sales", october)])
    assert behind(book, "华东", "2023-10").rows == 1
    assert behind(book, "华东").rows == 0
    assert behind(book, "华东/上海", "2023-10").rows == 0
    with pytest.raises(UnknownName):
        ContributionBook(card, [("华北", "sales", october)])


def test_balances_that_a_later_one_replaced_are_counted(card):
    earlier = [([to(SHANGHAI)], date(2023, 10, day), 4) for day in (1, 2)]
    book = book_of(card, *earlier, ([to(SHANGHAI)], DAY, 6), ([to(SOUTH)], DAY, 9), metric=DEBT)
    found = behind(book, metric="debt")
    assert [each.value for each in found.shown] == [6, 9]
    assert (found.superseded, found.value) == (2, 15)
    none = book_of(card, ([to(EAST)], DAY, 9), metric=DEBT)
    assert behind(none, "华东", metric="debt").superseded == 1


def test_a_total_of_a_month_counts_to_the_periods_that_hold_it(card):
    quarter, october = card.plan.parse("2023Q4"), card.plan.parse("2023-10")
    book = book_of(card, ([to(EAST)], october, 30), ([to(EAST)], quarter, 90))
    assert [each.value for each in behind(book).shown] == [30, 90]
    assert [each.value for each in behind(book, label="2023-10").shown] == [30]
    closing = book_of(card, ([to(SOUTH)], october, 9), metric=DEBT)
    assert behind(closing, metric="debt").superseded == 1


def test_a_fact_is_seated_before_it_counts(card):
    book = book_of(card, ([to(SHANGHAI)], DAY, 50), seat=lambda _: (SOUTH,))
    assert behind(book, "华南").shown[0].goal == "华南"
    assert behind(book, "华东").rows == 0
