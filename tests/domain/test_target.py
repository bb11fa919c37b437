from __future__ import annotations

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.scope import ANY
from salesgoal.domain.target import (
    Ownership,
    Target,
    TargetTable,
    add_sub_periods,
    derive_targets,
    merge_targets,
)

A, B, ROOT = (0,), (1,), (ANY,)
TREE = build_tree(Breakdown(["product"]), [Dimension("product", ["A", "B"])], [A, B])
SUM = Metric(id="m")
KINDS = {each: Metric(id="m", aggregation=each) for each in Aggregation}
RATE = Metric(id="rate", aggregation=Ratio("a", "b"))


def on(label):
    return parse_period(MonthCalendar(), label)


def derive(metric, typed, label):
    """The targets of root, A and B."""
    periods = {on(each): values for each, values in typed.items()}
    return derive_targets(TREE, metric, periods, [on(label)])[on(label)]


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ({}, [None, None, None]),
        ({"2023Q4": {ROOT: 9, A: 5, B: 3}}, [9, 5, 3]),
        ({"2023Q4": {A: 5, B: 3}}, [8, 5, 3]),
        ({"2023Q4": {A: 5}}, [5, 5, None]),
        ({"2023Q4": {ROOT: 9}}, [9, None, None]),
        ({"2023Q4": {A: 0}}, [0, 0, None]),
        ({"2023Q4": {ROOT: 0, A: 5}}, [0, 5, None]),
        ({"2023Q4": {A: -2, B: 5}}, [3, -2, 5]),
        ({"2023-10": {A: 2}, "2023-11": {A: 3}}, [5, 5, None]),
        ({"2023-10": {ROOT: 4}, "2023Q4": {A: 5}}, [4, 5, None]),
        ({"2023Q4": {ROOT: 7, A: 5}, "2023-10": {ROOT: 4}}, [7, 5, None]),
        ({"2023": {A: 99}}, [None, None, None]),
        ({"2023-09": {A: 99}}, [None, None, None]),
    ],
)
def test_typed_goes_before_sub_periods_before_children_before_absent(typed, column):
    assert derive(SUM, typed, "2023Q4") == column


def test_the_longest_typed_periods_count_and_those_inside_them_do_not():
    typed = {
        "2023-10": {A: 100},
        "2023Q4": {A: 7},
        "2023-11": {A: 100},
        "2023H1": {A: 5},
        "2023-07": {A: 1},
        "2023-08": {B: 2},
    }
    assert derive(SUM, typed, "2023") == [15, 13, 2]


@pytest.mark.parametrize(
    ("typed", "values", "whole"),
    [
        ({"2023-10": {A: 1}, "2023-11": {A: 2}, "2023-12": {A: 3}}, {A: 6}, {A}),
        ({"2023-10": {A: 1}, "2023-11": {A: 2}}, {A: 3}, set()),
        ({"2023-10": {A: 1, B: 4}, "2023-12": {A: 3}}, {A: 4, B: 4}, set()),
        (
            {"2023-10": {A: 1, B: 4}, "2023-11": {A: 2}, "2023-12": {A: 3, B: 1}},
            {A: 6, B: 5},
            {A},
        ),
        ({"2023-10": {A: 5}, "2023-10w1": {A: 1}}, {A: 5}, set()),
        ({"2023Q4": {A: 5}}, {}, set()),
    ],
)
def test_typed_periods_inside_add_up_and_say_whether_they_leave_a_day_out(typed, values, whole):
    periods = {on(label): column for label, column in typed.items()}
    found = add_sub_periods(SUM, periods, on("2023Q4"))
    assert (found.values, found.whole) == (values, frozenset(whole))


@pytest.mark.parametrize(
    ("aggregation", "over_time", "over_children"),
    [
        (Aggregation.SUM, 8, 8),
        (Aggregation.DISTINCT, 8, 8),
        (Aggregation.LAST, 3, 8),
        (Aggregation.MAXIMUM, 5, 5),
        (Aggregation.MINIMUM, 3, 3),
        (Aggregation.AVERAGE, None, None),
    ],
)
def test_each_aggregation_derives_by_its_own_rule(aggregation, over_time, over_children):
    metric = KINDS[aggregation]
    time = {"2023-11": {A: 3}, "2023-10": {A: 5}}
    assert derive(metric, time, "2023Q4")[1] == over_time
    assert derive(metric, {"2023Q4": {A: 5, B: 3}}, "2023Q4")[0] == over_children


def test_the_target_of_a_ratio_is_typed_or_absent():
    assert derive(RATE, {"2023Q4": {A: 90}, "2023-10": {B: 80}}, "2023Q4") == [None, 90, None]


def test_targets_of_goals_that_the_tree_lacks_are_passed_over():
    assert derive(SUM, {"2023Q4": {(5,): 9, A: 1}}, "2023Q4") == [1, 1, None]


@pytest.mark.parametrize(
    ("metric", "values", "merged"),
    [
        (SUM, [5, None, 3], 8),
        (SUM, [None, None], None),
        (SUM, [None], None),
        (KINDS[Aggregation.MAXIMUM], [5, 3], 5),
        (KINDS[Aggregation.AVERAGE], [5, 3], None),
        (KINDS[Aggregation.AVERAGE], [5, None], None),
        (KINDS[Aggregation.AVERAGE], [5], 5),
        (RATE, [90, 80], None),
        (RATE, [90], 90),
    ],
)
def test_targets_of_several_goals_merge_only_where_they_add_up(metric, values, merged):
    assert merge_targets(metric, values) == merged


def test_a_table_names_each_scope_once_in_the_order_it_came():
    october = on("2023-10")
    table = TargetTable(
        {("m", "target"): {october: {B: 1, A: 2}}, ("m", "floor"): {october: {A: 1, ROOT: 5}}}
    )
    assert list(table.scopes()) == [B, A, ROOT]
    assert table.of("m") == {october: {B: 1, A: 2}}
    assert table.of("m", "stretch") == {}


def test_a_target_says_nothing_until_told():
    target = Target(metric="m", period="2023-10")
    assert (target.target, target.floor, target.stretch) == (None, None, None)
    assert target.ownership == Ownership(owner=None, department=None, due_on=None)


ONE_PERSON = {A: B, B: B}
"""Somebody who moved from A to B."""


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ({"2023-10": {A: 7}, "2023-11": {B: 4}}, [4, None, 4]),
        ({"2023-10": {B: 4}, "2023-11": {A: 7}}, [7, 7, None]),
        ({"2023-10": {A: 7, B: 4}}, [11, 7, 4]),
        ({"2023-10": {A: 7}, "2023-11": {B: 4}, "2023-12": {A: 9}}, [9, 9, None]),
    ],
)
def test_the_latest_target_of_who_moved_stands_at_the_seat_where_it_was_typed_last(
    typed, column
):
    periods = {on(label): values for label, values in typed.items()}
    found = derive_targets(TREE, KINDS[Aggregation.LAST], periods, [on("2023Q4")], ONE_PERSON)
    assert found[on("2023Q4")] == column


def test_targets_that_add_up_do_so_over_all_seats():
    periods = {on("2023-10"): {A: 7}, on("2023-11"): {B: 4}}
    found = derive_targets(TREE, SUM, periods, [on("2023Q4")], ONE_PERSON)
    assert found[on("2023Q4")] == [11, 7, 4]
