"""Another kind of value than a call takes is refused in our words, never calculated with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import salesgoal as sg
from salesgoal.domain.kind import (
    all_of,
    in_order,
    one_of,
    require_count,
    require_day,
    require_exact,
    require_number,
)
from salesgoal.domain.membership import View
from salesgoal.errors import (
    FloatRefused,
    KindRefused,
    NumberRefused,
    SalesgoalError,
    UsageError,
)

CALENDAR = sg.MonthCalendar()
MONTH = sg.parse_period(CALENDAR, "2023-10")
SALES = sg.Metric(id="sales", name="销售额", unit="元", decimals=2)
REGION = sg.Dimension("region", ["华东", "华南"], name="区域")
DAY = date(2023, 10, 6)


def plan(**said):
    usual = {"metrics": [SALES], "dimensions": [REGION], "name": "十月", "period": "2023-10"}
    return sg.make_plan(**{**usual, **said})


def propose(**said):
    return sg.propose(**{"plan": target(), "goal": "", "period": "2023-10", "to": 5, **said})


def target(**said):
    usual = {"scope": {"region": "华东"}, "metric": "sales", "period": "2023-10", "target": 5}
    return plan(targets=[sg.Target(**{**usual, **said})])


def actual(**said):
    fact = sg.Actual(**{"on": DAY, "values": {"sales": 5}, **said})
    return sg.hold_against(plan(), [fact], as_of=DAY)


def review(**said):
    usual = {"scope": {}, "period": "2023-10", "cause": "天气"}
    return plan(reviews=[sg.Review(**{**usual, **said})])


def week(**said):
    usual = {"anchor": "last", "weekday": "sat", "end_month": 12}
    return sg.WeekCalendar(**{**usual, **said})


CALLS = {
    "apportion": (sg.apportion, {"total": 10, "weights": [1, 2]}),
    "split": (sg.split, {"total": 10, "among": ["甲", "乙"], "rule": sg.ShareRule()}),
    "distribute": (sg.distribute, {"total": 10, "periods": [MONTH], "rule": sg.ShareRule()}),
    "rule": (
        lambda **said: sg.split(10, ["甲", "乙"], sg.ShareRule(**said)),
        {"weights": {"甲": 1, "乙": 2}, "typed": {"甲": 1}, "floors": {"乙": 1}, "caps": {}}
        | {"over_assignment": Fraction(1, 20), "step": 1},
    ),
    "percent": (sg.percent, {"ratio": Fraction(1, 3)}),
    "to_amount": (sg.to_amount, {"value": 123, "decimals": 2}),
    "to_units": (sg.to_units, {"amount": Decimal("1.5"), "decimals": 2}),
    "judge": (sg.judge, {"metric": SALES, "target": 10, "actual": 5}),
    "parse_period": (sg.parse_period, {"calendar": CALENDAR, "text": "2023-10"}),
    "format_period": (sg.format_period, {"calendar": CALENDAR, "period": MONTH}),
    "style": (
        lambda style: sg.format_period(CALENDAR, MONTH, style=style),
        {"style": "chinese"},
    ),
    "explain": (sg.explain, {"card": actual()[0], "metric": "sales", "period": "2023-10"}),
    "shift": (sg.shift, {"calendar": CALENDAR, "period": MONTH, "years": 1, "periods": 1}),
    "to_date": (sg.to_date, {"calendar": CALENDAR, "level": "year", "day": DAY}),
    "whole_span": (sg.whole_span, {"since": DAY, "until": DAY}),
    "Metric": (sg.Metric, {"id": "sales", "name": "销售额", "decimals": 2}),
    "Member": (
        lambda **said: sg.Dimension("rep", [sg.Member(**said)]),
        {"name": "甲", "aliases": ["小甲"], "since": DAY, "until": DAY},
    ),
    "Dimension": (sg.Dimension, {"id": "rep", "members": ["甲"], "name": "人"}),
    "Breakdown": (sg.Breakdown, {"by": ["region"]}),
    "Ownership": (sg.Ownership, {"due_on": DAY}),
    "Target": (target, {"scope": {}, "metric": "sales", "period": "2023-10", "target": 5}),
    "Actual": (actual, {"on": DAY, "members": {}, "values": {"sales": 5}, "credits": []}),
    "Credit": (
        lambda **said: actual(credits=[sg.Credit(**said)]),
        {"dimension": "region", "member": "华东", "share": Fraction(1)},
    ),
    "Review": (review, {"scope": {}, "period": "2023-10", "cause": "a", "action": "b"}),
    "make_plan": (
        plan,
        {"name": "a", "period": "2023-10", "metrics": [SALES], "dimensions": [REGION]}
        | {"targets": [], "reviews": []},
    ),
    "hold_against": (sg.hold_against, {"plan": plan(), "actuals": [], "as_of": DAY}),
    "propose": (
        propose,
        {"plan": target(), "goal": "", "period": "2023-10", "rule": "restate"},
    ),
    "row": (
        actual()[0].row,
        {"goal": "", "metric": "sales", "period": "2023-10"},
    ),
    "MonthCalendar": (sg.MonthCalendar, {"start_month": 4, "start_day": 1, "year_name": "end"}),
    "WeekCalendar": (week, {"anchor": "last", "weekday": "sat", "pattern": None}),
    "load_plan": (sg.load_plan, {"path": "no such plan"}),
}
WRONG = {
    "text": "abc",
    "bytes": b"ab",
    "whole": -7,
    "float": 1.5,
    "dict": {"a": 1, "b": 2},
    "set": {1, 2},
    "list": [1, "b", None],
    "floats": [1.5, 2.5],
    "bool": True,
    "moment": datetime(2023, 10, 6, 8, tzinfo=UTC),
    "day": date(2023, 10, 6),
    "whole of numpy": np.int64(7),
    "float of numpy": np.float64(1.5),
    "fraction": Fraction(3, 2),
    "nan": Decimal("NaN"),
    "complex": 1j,
    "class": Decimal,
    "object": object(),
    "period": MONTH,
    "metric": SALES,
    "plan": plan(),
}
PLACES = [(name, field) for name, (_, good) in CALLS.items() for field in good]


@pytest.mark.parametrize(("name", "field"), PLACES)
def test_another_kind_is_refused_in_our_words_or_taken(name, field):
    call, good = CALLS[name]
    refused, said = 0, []
    for value in (*WRONG.values(), (each for each in (1, 2))):
        try:
            call(**{**good, field: value})
        except SalesgoalError as error:
            refused += 1
            said.append(error.message("zh") if isinstance(error, UsageError) else "…")
    assert all(said)
    assert refused > len(WRONG) // 3


SILENT = [
    (lambda: sg.apportion(10, {1, 2}), "weights is {1, 2}, a set - give a list"),
    (lambda: sg.apportion(10, {"甲": 1}), "weights is {'甲': 1}, a dict - give a list"),
    (lambda: sg.apportion(10, b"ab"), "weights is b'ab', a bytes"),
    (lambda: sg.apportion(10, ["1", "2"]), "'1' is no number to weigh by"),
    (lambda: sg.apportion(True, [1, 2]), "True is no whole number"),  # noqa: FBT003 - the fault
    (lambda: sg.split(10, "华东"), "among is '华东', a str - give a list"),
    (lambda: sg.split(10, ["甲"], {"甲": 1}), "a dict - give ShareRule(weights=[6, 4])"),
    (lambda: sg.distribute(10, "12"), "periods is '12', a str"),
    (lambda: sg.distribute(10, ["2023-10"]), "a period is '2023-10', a str"),
    (lambda: sg.ShareRule(step=0), "step is 0, an int - give a whole number from 1 on"),
    (lambda: sg.ShareRule(typed={"甲": "5"}), "'5' is no whole number"),
    (lambda: sg.ShareRule(over_assignment=Decimal("inf")), "Infinity is not a finite number"),
    (lambda: sg.percent("12"), "'12' is not in smallest units"),
    (lambda: sg.percent(None), "None is no number"),
    (lambda: sg.to_units(5, -3), "decimals is -3, an int - give a whole number from 0 on"),
    (lambda: sg.to_units(True, 2), "True is bool, no number"),  # noqa: FBT003 - the fault
    (lambda: sg.to_amount(5, "2"), "decimals is '2', a str"),
    (lambda: sg.to_amount(5, -1), "decimals is -1"),
    (lambda: sg.shift(CALENDAR, MONTH, years=None), "years is None, a NoneType"),
    (lambda: sg.shift(CALENDAR, MONTH, periods=[]), "periods is [], a list"),
    (lambda: sg.Dimension("region", "华东"), "members is '华东', a str"),
    (lambda: sg.Member("王五", "小王"), "aliases is '小王', a str"),
    (lambda: sg.Breakdown("region"), "by is 'region', a str"),
    (lambda: sg.Ownership(due_on="2023-10-31"), "due_on is '2023-10-31', a str - give a date"),
    (lambda: sg.MonthCalendar(start_month=True), "start_month is True, a bool"),
    (lambda: sg.MonthCalendar(year_name="middle"), "give one of start, end"),
    (lambda: sg.format_period(CALENDAR, MONTH, style="Chinese"), "one of canonical, chinese"),
    (lambda: sg.explain((1,), metric="sales", period="2023-10"), "card is (1,), a tuple"),
    (lambda: plan(metrics=["sales"]), "one of metrics is 'sales', a str - give Metric(…)"),
]


@pytest.mark.parametrize(("call", "said"), SILENT)
def test_what_would_give_a_plausible_wrong_answer_is_refused(call, said):
    with pytest.raises((KindRefused, NumberRefused)) as refused:
        call()
    assert said in str(refused.value)


def test_whole_numbers_of_an_array_do_not_overflow():
    total, weights = np.int64(9 * 10**18), np.array([3, 5, 7]) * 10**9
    parts = sg.apportion(total, weights)
    assert parts == sg.apportion(9 * 10**18, [3, 5, 7])
    assert {type(part) for part in (*parts, *sg.split(total, ["甲"]).values())} == {int}


def test_a_generator_is_read_once_and_kept():
    rule = sg.ShareRule(weights=(weight for weight in (1, 2)))
    assert sg.split(3, ["甲", "乙"], rule) == sg.split(3, ["甲", "乙"], rule)
    assert sg.split(3, (name for name in "甲乙"), rule) == {"甲": 1, "乙": 2}
    assert sg.apportion(3, (weight for weight in (1, 2))) == [1, 2]
    assert sg.distribute(3, (each for each in (MONTH,))) == {MONTH: 3}


SENTENCES = [
    (lambda: actual(values=[1]), "values is [1], a list - give a dict, by name"),
    (
        lambda: one_of(View, "then", "view"),
        "view is 'then', a str - give one of as_was, as_is",
    ),
    (
        lambda: require_day("today", "as_of"),
        "as_of is 'today', a str - give a date without a time, as date(2023, 10, 31)",
    ),
    (lambda: require_count("2", "decimals"), "decimals is '2', a str - give a whole number"),
    (
        lambda: require_count(-1, "decimals", 0),
        "decimals is -1, an int - give a whole number from 0 on",
    ),
    (
        lambda: sg.hold_against("plan", [], as_of=DAY),
        "plan is 'plan', a str - give make_plan(…)",
    ),
    (
        lambda: sg.hold_against(plan(), [], as_of="today"),
        "as_of is 'today', a str - give a date without a time, as date(2023, 10, 31)",
    ),
    (
        lambda: sg.hold_against(plan(), 5, as_of=DAY),
        "actuals is 5, an int - give [Actual(on=…, values=…)]",
    ),
    (
        lambda: sg.hold_against(plan(), ["x"], as_of=DAY),
        "one of actuals is 'x', a str - give Actual(on=…, values=…)",
    ),
    *(
        (call, f"decimals is {decimals!r}, {kind} - give a whole number from 0 on")
        for decimals, kind in (("2", "a str"), (-1, "an int"))
        for call in (
            lambda decimals=decimals: sg.to_units(1, decimals),
            lambda decimals=decimals: sg.to_amount(1, decimals),
        )
    ),
    (
        lambda: all_of("ab", str, "names"),
        "names is 'ab', a str - give a list, in the order that the parts shall have",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), SENTENCES)
def test_a_refusal_names_the_value_and_what_to_give(call, sentence):
    with pytest.raises(KindRefused) as refused:
        call()
    assert str(refused.value) == sentence


@pytest.mark.parametrize("require", [require_exact, require_number])
@pytest.mark.parametrize(
    ("number", "error"), [(0.5, FloatRefused), ("1", NumberRefused), (1j, NumberRefused)]
)
def test_what_is_no_exact_number_is_refused(require, number, error):
    with pytest.raises(error) as refused:
        require(number)
    assert refused.value.value == (number if error is FloatRefused else repr(number))
    assert getattr(refused.value, "code", "not-a-number") == "not-a-number"


def test_decimals_of_an_array_may_be_none():
    assert sg.to_units(7, np.int64(0)) == 7
    assert sg.to_amount(7, np.int64(0)) == Decimal(7)


def test_a_weight_that_is_no_number_has_the_code_of_a_cell():
    with pytest.raises(NumberRefused) as refused:
        sg.apportion(3, [1, "2"])
    assert refused.value.code == "not-a-number"


def test_what_is_not_known_is_exact_but_no_number():
    require_exact(None)
    with pytest.raises(NumberRefused) as refused:
        require_number(None)
    assert refused.value.code == "not-a-number"


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(KindRefused, match=r"^weights is \{'a{58}…, a dict - "):
        in_order({"a" * 99: 1}, "weights")


def test_a_style_may_be_a_plain_word():
    assert sg.format_period(CALENDAR, MONTH, style="chinese") == "2023年10月"
    assert sg.format_period(CALENDAR, MONTH, style="canonical") == "2023-10"


def test_a_count_knows_its_least():
    require_count(0, "decimals", 0)
    require_count(np.int64(3), "decimals")
    with pytest.raises(FloatRefused, match=r"^2\.0 is a float"):
        require_count(2.0, "decimals")


def test_any_mapping_will_do():
    class Named(Mapping):
        def __getitem__(self, name):
            return {"region": "华东"}[name]

        def __iter__(self):
            return iter(["region"])

        def __len__(self):
            return 1

    (card,) = actual(members=Named())
    assert card.row("", metric="sales", period="2023-10").actual == 500
