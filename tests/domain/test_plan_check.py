from __future__ import annotations

import pytest

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.plan_check import RESERVED, check_names, nearest_facts
from salesgoal.domain.problem import Place

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
        ([Metric(id="sales"), Metric(id="cash"), ratio("cash", "sales")], [], []),
        ([Metric(id="sales"), ratio("cash", "sales")], [], [("unknown-reference", "rate")]),
        ([ratio("rate", "rate")], [], [("unknown-reference", "rate")] * 2),
    ],
)
def test_names_used_twice_and_ratios_of_nothing_are_problems(metrics, dimensions, problems):
    assert found(metrics, dimensions) == problems


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_dimension_may_bear_a_column_role(name):
    assert found([], [Dimension(name, [])]) == [("duplicate-name", "dimension")]


def test_suggestions_are_left_out_where_there_are_none():
    assert nearest_facts("metric", "x", ())["nearest_en"] == ""
    facts = nearest_facts("metric", "x", ("y", "z"))
    assert facts["nearest_zh"] == "；是否为 y、z"
    assert facts["nearest_en"] == "; did you mean y、z"
