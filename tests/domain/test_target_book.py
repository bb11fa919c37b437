from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan import whole_span
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import ANY
from salesgoal.domain.target import Ownership, Target
from salesgoal.domain.target_book import book_targets, resolve_period
from salesgoal.errors import FloatRefused

GREGORIAN = MonthCalendar()
YEAR = parse_period(GREGORIAN, "2023")
OCTOBER = parse_period(GREGORIAN, "2023-10")
METRICS = [Metric(id="sales", decimals=2), Metric(id="profit", negative=True)]
REGION = Dimension("region", [Member("华东", ["East"]), "华南"])


def book(*targets, own=YEAR):
    return book_targets(targets, GREGORIAN, own, METRICS, [REGION])


def target(period="2023-10", amount=5, **more):
    return Target(**{"metric": "sales", "period": period, "target": amount, **more})


def test_amounts_are_booked_in_smallest_units_by_measure():
    booked = book(
        target(amount=Decimal("10.50"), floor=8, stretch=12, scope={"region": "East"}),
        Target(metric="profit", period=OCTOBER, target=-3),
    )
    assert booked.problems == []
    assert booked.table.of("sales") == {OCTOBER: {(0,): 1050}}
    assert booked.table.of("sales", "floor") == {OCTOBER: {(0,): 800}}
    assert booked.table.of("sales", "stretch") == {OCTOBER: {(0,): 1200}}
    assert booked.table.of("profit") == {OCTOBER: {(ANY,): -3}}
    assert list(booked.table.scopes()) == [(0,), (ANY,)]


def test_zero_is_a_target_and_absence_is_none():
    assert book(target(amount=0)).table.of("sales") == {OCTOBER: {(ANY,): 0}}
    booked = book(target(amount=None))
    assert booked.table.of("sales") == {}
    assert list(booked.places) == [(ANY,)]


def test_later_rows_fill_in_what_earlier_ones_left_open():
    booked = book(
        target(ownership=Ownership(owner="王"), where=Place("a", row=2)),
        target(ownership=Ownership(owner="李", due_on=date(2023, 12, 1))),
        target("2023-12", ownership=Ownership(department="销售一部")),
    )
    december = parse_period(GREGORIAN, "2023-12")
    assert booked.ownership.rows == {
        (ANY,): {
            OCTOBER: Ownership(owner="王", due_on=date(2023, 12, 1)),
            december: Ownership(department="销售一部"),
        }
    }
    assert booked.places == {(ANY,): Place("a", row=2)}


@pytest.mark.parametrize(
    ("targets", "problems"),
    [
        ([target(scope={"area": "华东"})], [("unknown-reference", "area")]),
        ([target(scope={"region": "华北"})], [("unknown-member", "region")]),
        ([target(metric="sale")], [("unknown-metric", "metric")]),
        (
            [target(metric="zzz", scope={"region": "华北"})] * 1,
            [
                ("unknown-member", "region"),
                ("unknown-metric", "metric"),
            ],
        ),
        ([target("someday")], [("no-such-period", "period")]),
        ([target("someday")] * 2, [("no-such-period", "period")] * 2),
        ([target(amount=Decimal("1.005"))], [("excess-decimals", "target")]),
        ([target(floor=Decimal("NaN"))], [("not-a-number", "floor")]),
        ([target(stretch=10**13)], [("out-of-range", "stretch")]),
        ([target(amount=-1)], [("negative-target", "target")]),
        ([target("2024-01")], [("target-outside-plan", "period")]),
        ([target(), target(amount=6)], [("duplicate-target", "target")]),
        ([target(), target(floor=1, amount=None)], []),
        ([target(), target(scope={"region": "华东"})], []),
        ([target(), target("2023年10月")], [("duplicate-target", "target")]),
    ],
)
def test_every_fault_of_a_target_is_named(targets, problems):
    found = book(*targets).problems
    assert [(each.code, each.column) for each in found] == problems
    assert all(each.text("zh") and each.text("en") for each in found)


def test_a_duplicate_shows_where_it_stood_first_and_the_first_one_stays():
    booked = book(target(where=Place("a", row=2)), target(amount=6, where=Place("a", row=9)))
    (found,) = booked.problems
    assert found.facts == {"first": Place("a", row=2)}
    assert "a, 第2行" in found.text("zh")
    assert "a, row 2" in found.text("en")
    assert booked.table.of("sales") == {OCTOBER: {(ANY,): 500}}


def test_an_unknown_metric_comes_with_the_nearest_one():
    (found,) = book(target(metric="sale")).problems
    assert "did you mean sales" in found.text()
    assert "是否为 sales" in found.text("zh")


NINE_WEEKS = whole_span(date(2023, 9, 15), date(2023, 10, 15))
FIRST_HALF = whole_span(date(2023, 10, 1), date(2023, 10, 15))


@pytest.mark.parametrize(
    ("periods", "crossing"),
    [
        (["2023-10", NINE_WEEKS], ["2023-10"]),
        (["2023-10", FIRST_HALF, "2023Q4"], []),
        (["2023-10", "2023-11"], []),
        (["2023-10", NINE_WEEKS, "2023-09"], [NINE_WEEKS.label, "2023-10"]),
    ],
)
def test_typed_periods_of_one_goal_nest_or_stay_apart(periods, crossing):
    found = book(*map(target, periods)).problems
    assert [each.code for each in found] == ["crossing-periods"] * len(crossing)
    assert sorted(each.value for each in found) == sorted(crossing)
    assert all(each.text("zh") for each in found)


def test_periods_of_different_goals_may_cross():
    booked = book(target(), target(NINE_WEEKS, scope={"region": "华东"}))
    assert booked.problems == []


def test_the_label_of_the_plans_own_span_counts():
    booked = book(target(NINE_WEEKS.label), own=NINE_WEEKS)
    assert booked.table.of("sales") == {NINE_WEEKS: {(ANY,): 500}}


def test_a_period_resolves_from_itself_its_own_label_or_the_calendar():
    assert resolve_period(OCTOBER, GREGORIAN, YEAR) == OCTOBER
    assert resolve_period("2023", GREGORIAN, YEAR) == YEAR
    assert resolve_period("2023年10月", GREGORIAN, YEAR) == OCTOBER


def test_a_float_target_is_misuse():
    with pytest.raises(FloatRefused):
        book(target(amount=0.5))
