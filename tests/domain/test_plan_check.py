from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan_check import RESERVED, check_names, check_workdays, nearest_facts
from salesgoal.domain.problem import Place
from salesgoal.domain.work_calendar import Overlay, Provisional, Weekdays, WorkdayTable

PLACE = Place("plan.toml")


def found(metrics, dimensions=()):
    problems = check_names(metrics, dimensions, PLACE)
    assert all(each.text("zh") and each.text("en") for each in problems)
    return [(each.code, each.column) for each in problems]


def ratio(over, under):
    return Metric(id="rate", aggregation=Ratio(over, under))


@pytest.mark.parametrize(
    ("metrics", "dimensions", "problems"),
    [
        ([Metric(id="sales")], [Dimension("region", [])], []),
        ([Metric(id="sales")] * 2, [], [("duplicate-name", "metric")]),
        ([], [Dimension("region", [])] * 2, [("duplicate-name", "dimension")]),
        (
            [Metric(id="sales")],
            [Dimension("sales", [])],
            [("duplicate-name", "dimension")],
        ),
        ([Metric(id="period")], [], [("duplicate-name", "metric")]),
        (
            [Metric(id="sales", name="金额"), Metric(id="cash", name="金额")],
            [Dimension("region", [], name="地区"), Dimension("city", [], name="地区")],
            [("duplicate-name", "metric"), ("duplicate-name", "dimension")],
        ),
        ([Metric(id="buyers", name="客户")], [Dimension("client", [], name="客户")], []),
        ([Metric(id="sales"), Metric(id="cash"), ratio("cash", "sales")], [], []),
        ([Metric(id="sales"), ratio("cash", "sales")], [], [("unknown-reference", "rate")]),
        ([ratio("rate", "rate")], [], [("unknown-reference", "rate")] * 2),
    ],
)
def test_names_used_twice_and_ratios_of_nothing_are_problems(metrics, dimensions, problems):
    assert found(metrics, dimensions) == problems


def test_what_people_call_the_same_is_named_with_the_other():
    given = [Metric(id="sales", name="金额"), Metric(id="cash", name="金额")]
    (problem,) = check_names(given, (), PLACE)
    assert "'金额' 名称重复：已被 指标 sales 使用" in problem.text("zh")
    assert "is already the name of the metric sales" in problem.text("en")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_dimension_may_bear_a_column_role(name):
    assert found([], [Dimension(name, [])]) == [("duplicate-name", "dimension")]


def test_suggestions_are_left_out_where_there_are_none():
    assert nearest_facts("metric", "x", ())["nearest_en"] == ""
    facts = nearest_facts("metric", "x", ("y", "z"))
    assert facts["nearest_zh"] == "；是否为 y、z"
    assert facts["nearest_en"] == "; did you mean y、z"


OCTOBER = parse_period(MonthCalendar(), "2023-10")
NOTICE = WorkdayTable("notice", {date(2023, 10, day): day > 6 for day in range(1, 9)})


@pytest.mark.parametrize("workdays", [None, Weekdays(), Overlay(Weekdays(), NOTICE.days)])
def test_days_that_are_all_known_are_no_problem(workdays):
    assert check_workdays(workdays, OCTOBER, PLACE) == []


@pytest.mark.parametrize(
    ("workdays", "codes"),
    [
        (NOTICE, [("unknown-workdays", 23, date(2023, 10, 9))]),
        (Provisional(NOTICE, Weekdays()), [("provisional-workdays", 23, date(2023, 10, 9))]),
        (
            Provisional(NOTICE, WorkdayTable("guess", {date(2023, 10, 20): True})),
            [
                ("unknown-workdays", 22, date(2023, 10, 9)),
                ("provisional-workdays", 1, date(2023, 10, 20)),
            ],
        ),
    ],
)
def test_unknown_days_are_told_apart_from_estimated_ones(workdays, codes):
    problems = check_workdays(workdays, OCTOBER, PLACE)
    found = [(each.code, each.facts["count"], each.facts["first"]) for each in problems]
    assert found == codes
    assert all("2023-10-08" in each.text("zh") for each in problems)


class Endless(Weekdays):
    """Weekdays that do not know the weekend, and never end."""

    def known(self, day):
        return super().is_workday(day)


def test_a_calendar_without_an_end_is_not_said_to_have_one():
    (found,) = check_workdays(Endless(), OCTOBER, PLACE)
    assert found.text("en").startswith(
        "plan.toml, workdays: the workdays of 9 days from 2023-10-01 on are estimated - "
    )
