"""Sales of 100 orders at 50 were planned; 80 at 55 came."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.driver import round_to_total, split_by_driver
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.errors import UsageError

DAY = date(2023, 10, 6)
SALES, ORDERS = Metric(id="sales", decimals=2), Metric(id="orders")
PRICE = Metric(id="price", decimals=2, aggregation=Ratio("sales", "orders"))


def target(amount, metric, product=None):
    scope = {"product": product} if product else {}
    return Target(scope=scope, metric=metric, period="2023-10", target=amount)


def hold(*facts, targets, metrics=(SALES, ORDERS, PRICE)):
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=metrics,
        dimensions=[Dimension("product", ["A", "B"])],
        breakdowns=[Breakdown(["product"], every_member=True)],
        targets=targets,
    )
    actuals = [
        Actual(on=DAY, members={"product": p} if p else {}, values=values)
        for p, values in facts
    ]
    return hold_against(plan, actuals, as_of=DAY)[0]


def split(card, goal="", ratio="price"):
    found = split_by_driver(card, goal, ratio=ratio, period="2023-10")
    assert found.difference == 0
    assert sum(found.shown().values()) == found.gap
    return found


def test_fewer_orders_widen_the_gap_and_dearer_ones_narrow_it():
    card = hold(
        ("A", {"sales": 4400, "orders": 80}),
        targets=[target(5000, "sales", "A"), target(100, "orders", "A")],
    )
    found = split(card, "A")
    assert (found.gap, found.volume, found.value) == (600_00, 1000_00, -400_00)
    assert (found.planning, found.mix, found.children) == (0, 0, ())


def test_the_mix_is_what_moved_to_goals_of_another_value():
    card = hold(
        ("A", {"sales": 1000, "orders": 10}),
        ("B", {"sales": 900, "orders": 30}),
        (None, {"sales": 100, "orders": 2}),
        targets=[
            target(2000, "sales", "A"),
            target(20, "orders", "A"),
            target(600, "sales", "B"),
            target(20, "orders", "B"),
        ],
    )
    found = split(card)
    planned = Fraction(2600_00, 40)
    assert found.gap == 600_00
    assert found.volume == (40 - 42) * planned
    assert found.mix == 10 * (planned - 100_00) + 30 * (planned - 30_00)
    assert found.pure_value == (10 * 100_00 - 1000_00) + (30 * 30_00 - 900_00) + (
        2 * planned - 100_00
    )
    assert [each.goal for each in found.children] == ["A", "B", None]


def test_a_split_names_its_goal_period_and_the_three_metrics():
    card = hold(
        ("A", {"sales": 4400, "orders": 80}),
        ("B", {"sales": 100, "orders": 1}),
        targets=[target(5000, "sales", "A"), target(100, "orders", "A")],
    )
    found = split(card, "A")
    assert (found.goal, found.period) == ("A", card.plan.period)
    assert (found.metric, found.volume_metric, found.value_metric) == (SALES, ORDERS, PRICE)


def test_what_is_of_no_child_is_a_part_of_its_own_where_only_orders_or_only_money_is_left():
    both = [target(5000, "sales", "A"), target(100, "orders", "A")]
    sold = ("A", {"sales": 4400, "orders": 80})
    for rest in ({"orders": 2}, {"sales": 100}):
        found = split(hold(sold, (None, rest), targets=both))
        assert [each.goal for each in found.children] == ["A", "B", None]
    idle = split(hold(sold, targets=both)).children[1]
    assert (idle.goal, idle.value, idle.mix) == ("B", 0, 0)


def test_children_without_a_planned_value_take_the_parents():
    card = hold(
        ("A", {"sales": 1000, "orders": 10}),
        targets=[target(2000, "sales"), target(20, "orders")],
    )
    found = split(card)
    assert found.mix == 0
    assert [each.goal for each in found.children] == ["A", "B"]


def test_a_typed_value_counts_and_what_contradicts_it_is_shown():
    card = hold(
        ("A", {"sales": 10, "orders": 1}),
        targets=[
            target(5000, "sales", "A"),
            target(100, "orders", "A"),
            target(48, "price", "A"),
        ],
    )
    found = split(card, "A")
    assert (found.planning, found.volume) == (200_00, 99 * 48_00)


def test_no_orders_at_all_is_all_volume():
    card = hold(
        ("A", {"sales": 0, "orders": 0}),
        targets=[target(5000, "sales", "A"), target(100, "orders", "A")],
    )
    found = split(card, "A")
    assert (found.volume, found.value) == (5000_00, 0)


def test_rounding_stands_nowhere_of_its_own():
    card = hold(
        ("A", {"sales": 1, "orders": 1}),
        targets=[target(10, "sales", "A"), target(3, "orders", "A")],
    )
    found = split(card, "A")
    assert (found.volume, found.value) == (Fraction(2000, 3), Fraction(700, 3))
    assert found.shown() == {"volume": 667, "mix": 0, "value": 233, "planning": 0}


def test_where_less_is_better_the_effects_are_turned_round():
    cost = attrs.evolve(SALES, direction=Direction.MINIMISE)
    card = hold(
        ("A", {"sales": 60, "orders": 2}),
        targets=[target(40, "sales", "A"), target(1, "orders", "A")],
        metrics=(cost, ORDERS, PRICE),
    )
    found = split(card, "A")
    assert (found.gap, found.volume, found.value) == (20_00, 40_00, -20_00)


@pytest.mark.parametrize(
    "targets",
    [[], [target(5, "sales", "A")], [target(5, "sales", "A"), target(0, "orders", "A")]],
)
def test_without_a_planned_value_there_are_no_drivers(targets):
    card = hold(("A", {"sales": 1, "orders": 1}), targets=targets)
    assert split_by_driver(card, "A", ratio="price", period="2023-10") is None


def test_only_ratios_over_metrics_that_add_name_drivers():
    mean = Metric(id="mean", aggregation=Aggregation.AVERAGE)
    odd = Metric(id="odd", aggregation=Ratio("mean", "orders"))
    card = hold(targets=[], metrics=(SALES, ORDERS, PRICE, mean, odd))
    with pytest.raises(UsageError, match="is no ratio"):
        split_by_driver(card, ratio="sales", period="2023-10")
    with pytest.raises(UsageError, match="does not add up"):
        split_by_driver(card, ratio="odd", period="2023-10")


def test_values_that_do_not_make_the_total_are_refused():
    with pytest.raises(UsageError, match="come to 3, not to 4"):
        round_to_total([1, 2], 4)
