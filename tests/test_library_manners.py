"""Whoever calls a function with the wrong kind of value is told at once, and what to give."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import salesgoal as sg
from salesgoal.errors import FloatRefused, NumberRefused, UsageError

SALES = sg.Metric(id="sales", name="销售额", unit="元", decimals=2)
OCTOBER = sg.parse_period(sg.MonthCalendar(), "2023-10")
PLAN = sg.make_plan(
    name="10月",
    period="2023-10",
    metrics=[SALES],
    targets=[sg.Target(metric="sales", period="2023-10", target=100)],
)


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: sg.apportion(wrong, [1, 1]),
        lambda wrong: sg.split(wrong, ["a", "b"]),
        lambda wrong: sg.distribute(wrong, [OCTOBER]),
        lambda wrong: sg.judge(SALES, target=wrong, actual=1),
        lambda wrong: sg.judge(SALES, target=1, actual=wrong),
    ],
)
@pytest.mark.parametrize(
    ("wrong", "error", "remedy"),
    [
        (1.5, FloatRefused, "Decimal('1.5')"),
        (np.float64(2), FloatRefused, "Decimal"),
        (Decimal("1.5"), NumberRefused, "to_units"),
        ("100", NumberRefused, "to_units"),
    ],
)
def test_only_whole_units_are_shared_out_and_judged(call, wrong, error, remedy):
    with pytest.raises(error, match=r"units|float") as refused:
        call(wrong)
    assert remedy in refused.value.message("en")
    assert remedy in refused.value.message("zh")


def test_whole_numbers_of_any_kind_are_shared_out():
    assert sg.apportion(np.int64(10), [1, 1, 1]) == [4, 3, 3]


def test_fractions_are_judged_and_not_shared_out():
    assert sg.judge(SALES, target=Fraction(3, 2), actual=Fraction(3, 2)).status == "met"
    with pytest.raises(NumberRefused, match="whole number of smallest units"):
        sg.apportion(Fraction(3, 2), [1])


def test_a_float_is_no_ratio():
    with pytest.raises(FloatRefused):
        sg.percent(0.5)


@pytest.mark.parametrize("wrong", ["2023-10-06", datetime(2023, 10, 6, 12), None, 20231006])  # noqa: DTZ001
def test_a_fact_stands_on_a_day(wrong):
    with pytest.raises(UsageError, match=r"on is .* - give a date without a time") as refused:
        sg.Actual(on=wrong, values={"sales": 1})
    assert "给出不带时刻的日期" in refused.value.message("zh")
    assert sg.Actual(on=OCTOBER, values={"sales": 1}).on == OCTOBER


@pytest.mark.parametrize("wrong", ["2023-10-06", datetime(2023, 10, 6, 12)])  # noqa: DTZ001
def test_a_plan_is_held_against_its_facts_as_of_a_day(wrong):
    with pytest.raises(UsageError, match=r"as_of is .* - give a date without a time"):
        sg.hold_against(PLAN, [], as_of=wrong)


def test_a_scorecard_is_shown_in_a_line():
    (card,) = sg.hold_against(PLAN, [], as_of=date(2023, 10, 6))
    assert repr(card) == (
        "Scorecard(plan='10月', tree=<1 goals>, as_of=datetime.date(2023, 10, 6), periods=<5>)"
    )
