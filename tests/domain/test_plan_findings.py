from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.problem import Place, Severity
from salesgoal.domain.review import Review
from salesgoal.domain.target import Ownership

from .findings_plan import REST, find, told, typed

NOBODY = Ownership(due_on=date(2023, 12, 31))
NO_DAY = Ownership(owner="王")


def test_a_plan_without_targets_is_one_finding():
    assert told(find()) == [("no-target", None)]


def test_where_no_goal_has_an_owner_the_plan_is_told_once():
    found = find(
        *[typed("2023", 1, region, ownership=NOBODY) for region in ("华东", "华南", "华北")]
    )
    assert told(found) == [("no-owner", None)]


def test_where_some_have_owners_each_goal_without_one_is_told():
    found = find(
        typed("2023", 1, ownership=NOBODY), typed("2023", 1, "华东", ownership=NOBODY), *REST
    )
    assert told(found) == [("goal-without-owner", "计划"), ("goal-without-owner", "华东")]


def test_due_dates_are_told_like_owners():
    silent = [typed("2023", 1, region, ownership=NO_DAY) for region in ("华东", "华南", "华北")]
    assert told(find(*silent)) == [("no-due-date", None)]
    assert told(find(silent[0], *REST)) == [("goal-without-due-date", "华东")]


def test_derived_goals_need_neither_owner_nor_due_date():
    assert find(typed("2023", 1, "华东", "B"), typed("2023", 1, "华东", "A"), *REST) == []


@pytest.mark.parametrize(
    ("day", "side"),
    [
        (date(2022, 12, 31), "早于"),
        (date(2023, 1, 1), None),
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), "晚于"),
    ],
)
def test_a_due_date_outside_the_plan_is_told(day, side):
    said = Ownership(owner="王", due_on=day)
    found = find(typed("2023", 1, "华东", ownership=said), *REST)
    assert [(each.where.key, each.value, each.facts["side_zh"]) for each in found] == (
        [("华东", str(day), side)] if side else []
    )


def test_a_measure_that_is_due_outside_the_plan_is_told_at_its_own_row():
    row = Place("复盘.csv", row=2)
    late = Review(period="2023", due_on=date(2024, 2, 1), where=row)
    good = Review(period="2023-12", due_on=date(2023, 12, 31))
    (found,) = find(typed("2023", 1, "华东"), *REST, reviews=[late, good])
    assert (found.code, found.where, found.column) == ("due-outside-plan", row, "due_on")
    assert found.text("en") == (
        "复盘.csv, row 2, due_on: '2024-02-01' is due after the plan's period 2023 "
        "(2023-01-01 to 2023-12-31) - correct the day, or leave it if it is meant so "
        "[due-outside-plan]"
    )


def test_every_finding_is_a_warning_and_comes_once():
    two = (["region"], ["region", "product"])
    found = find(typed("2023", 1, "华东", ownership=NOBODY), *REST, breakdowns=two)
    assert told(found) == [("goal-without-owner", "华东")]
    assert {each.severity for each in found} == {Severity.WARNING}
