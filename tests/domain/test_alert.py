"""Alerts by example: who fell behind, recovered, reached, will miss, is overdue."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.alert import Alert, AlertKind, find_alerts
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.pace import Pace
from salesgoal.domain.plan import make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.target import Ownership, Target

REGION = Dimension("region", ["华东", "华南"])
OCTOBER = "2023-10"


def day(number):
    return date(2023, 10, number)


def plan(target=310, *, metric=None, reviews=(), breakdowns=()):
    return make_plan(
        name="10月",
        period=OCTOBER,
        metrics=[metric or Metric(id="sales")],
        dimensions=[REGION],
        breakdowns=breakdowns,
        targets=[
            Target(
                scope={"region": "华东"},
                metric="sales",
                period=OCTOBER,
                target=target,
                ownership=Ownership(owner="张三"),
            )
        ],
        reviews=reviews,
    )


def sold(*pairs):
    return [
        Actual(on=day(on), members={"region": "华东"}, values={"sales": units})
        for on, units in pairs
    ]


def alerts(made, facts, then, now, **settings):
    cards = (hold_against(made, facts, as_of=day(each)) for each in (then, now))
    return [each for each in find_alerts(*cards, **settings) if each.goal == "华东"]


def kinds(*arguments, **settings):
    return [each.kind for each in alerts(*arguments, **settings)]


def test_falling_behind_is_said_once():
    facts = sold((1, 50), (20, 1))
    assert alerts(plan(), facts, 4, 10)[0] == Alert(
        kind=AlertKind.BEHIND,
        goal="华东",
        metric=plan().metrics[0],
        period=plan().period,
        before=Pace.AHEAD,
        after=Pace.BEHIND,
        target=310,
        actual=50,
        expected=100,
        owner="张三",
    )
    assert AlertKind.BEHIND not in kinds(plan(), facts, 10, 12)


def test_from_at_risk_to_behind_is_behind_again():
    facts = sold((1, 90), (30, 0))
    assert [each.after for each in alerts(plan(), facts, 9, 10)] == [
        Pace.AT_RISK,
        Fraction(279),
    ]
    found = alerts(plan(), facts, 10, 20)
    assert [(each.kind, each.before, each.after) for each in found] == [
        (AlertKind.BEHIND, Pace.AT_RISK, Pace.BEHIND)
    ]


def test_catching_up_is_recovering():
    facts = sold((1, 10), (20, 240))
    found = alerts(plan(), facts, 10, 20)
    assert [each.kind for each in found] == [AlertKind.RECOVERED, AlertKind.MILESTONE]
    assert (found[0].before, found[0].after) == (Pace.BEHIND, Pace.AHEAD)


def test_a_milestone_is_reached_by_just_reaching_it():
    (found,) = [
        each
        for each in alerts(plan(100), sold((1, 10), (5, 40)), 1, 5)
        if each.kind is AlertKind.MILESTONE
    ]
    assert (found.milestone, found.after) == (Fraction(1, 2), Fraction(1, 2))


def test_a_forecast_says_what_it_was_and_what_it_is():
    facts = sold((1, 20), (31, 0))
    (found,) = [each for each in alerts(plan(), facts, 1, 4) if each.kind is AlertKind.FORECAST]
    assert (found.before, found.after) == (620, 155)


def test_what_is_short_on_the_first_day_already_is_said():
    made, facts = plan(), sold((1, 5))
    then = hold_against(made, [], as_of=date(2023, 9, 30))
    found = find_alerts(then, hold_against(made, facts, as_of=day(1)))
    (short,) = [
        each for each in found if (each.goal, each.kind) == ("华东", AlertKind.FORECAST)
    ]
    assert (short.before, short.after) == (None, 155)


def test_the_highest_milestone_is_said():
    found = alerts(plan(100), sold((1, 10), (5, 85)), 1, 5)[-1]
    assert (found.kind, found.milestone) == (AlertKind.MILESTONE, Fraction(4, 5))
    assert (found.before, found.after) == (Fraction(1, 10), Fraction(19, 20))


def test_a_milestone_may_be_the_plans_own():
    facts = sold((1, 10), (5, 20))
    assert AlertKind.MILESTONE not in kinds(plan(100), facts, 1, 5)
    quarter = kinds(plan(100), facts, 1, 5, milestones=[Fraction(1, 4)])
    assert AlertKind.MILESTONE in quarter


def test_less_is_no_milestone_where_less_is_better():
    cost = Metric(id="sales", direction=Direction.MINIMISE)
    assert AlertKind.MILESTONE not in kinds(plan(100, metric=cost), sold((2, 50)), 1, 5)


def test_a_forecast_below_the_goal_is_said_while_the_period_runs():
    facts = sold((1, 20), (31, 0))
    assert AlertKind.FORECAST in kinds(plan(), facts, 1, 3)
    assert AlertKind.FORECAST not in kinds(plan(), facts, 3, 4)
    assert AlertKind.FORECAST not in kinds(plan(), facts, 1, 31)


@pytest.mark.parametrize("then", [1, 9])
def test_no_data_and_no_target_are_no_alert(then):
    assert kinds(plan(), [], then, 20) == []
    cards = (hold_against(plan(), sold((1, 5)), as_of=day(each)) for each in (then, 20))
    assert [each for each in find_alerts(*cards) if each.goal == "华南"] == []


def test_an_action_becomes_overdue_once():
    visit = Review(
        scope={"region": "华东"},
        period=OCTOBER,
        metric="sales",
        action="拜访5家客户",
        due_on=day(15),
    )
    made = plan(reviews=[visit])
    (found,) = alerts(made, [], 15, 16)
    assert (found.kind, found.action.what, found.owner) == (
        AlertKind.OVERDUE,
        "拜访5家客户",
        "张三",
    )
    assert (found.metric, found.period) == (made.metrics[0], made.period)
    assert kinds(made, [], 16, 20) == []


def test_without_scorecards_there_is_nothing_to_say():
    assert find_alerts((), hold_against(plan(), [], as_of=day(5))) == ()


def test_a_goal_of_two_breakdowns_is_spoken_of_once():
    made = plan(breakdowns=[["region"], ["region"]])
    facts = sold((1, 310))
    found = kinds(made, facts, 1, 2)
    assert found.count(AlertKind.MILESTONE) == 0
    then, now = ([], hold_against(made, facts, as_of=day(2)))
    reached = [each for each in find_alerts(then, now) if each.goal == "华东"]
    assert [each.kind for each in reached] == [AlertKind.MILESTONE]


@pytest.mark.parametrize(
    ("aggregation", "direction", "said"),
    [
        (Aggregation.MAXIMUM, Direction.MAXIMISE, False),
        (Aggregation.MAXIMUM, Direction.MINIMISE, True),
        (Aggregation.MINIMUM, Direction.MINIMISE, False),
        (Aggregation.MINIMUM, Direction.MAXIMISE, True),
        (Aggregation.LAST, Direction.MAXIMISE, True),
    ],
)
def test_what_can_only_come_closer_makes_no_forecast_alert(aggregation, direction, said):
    metric = Metric(id="sales", aggregation=aggregation, direction=direction)
    units = 400 if direction is Direction.MINIMISE else 100
    found = kinds(plan(metric=metric), sold((2, units), (31, units)), 1, 5)
    assert (AlertKind.FORECAST in found) is said
