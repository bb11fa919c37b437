from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from salesgoal.domain.allocation import allocate
from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import EvenSplit, apportion, weigh
from salesgoal.domain.period import Level
from salesgoal.domain.share_rule import ShareRule, distribute, make_ready, share_out, split
from salesgoal.errors import AllocationRefused, FloatRefused, UnknownName, UsageError

QUARTERS = subdivide(MonthCalendar(), parse_period(MonthCalendar(), "2023"), Level.QUARTER)


@pytest.mark.parametrize(
    ("total", "weights", "asked", "parts"),
    [
        (200, [1, 1, 1], {"typed": {0: 80}}, [80, 60, 60]),
        (200, [0, 7, 5], {"typed": {0: 80}}, [80, 70, 50]),
        (100, [1, 1], {"typed": {0: -20}}, [-20, 120]),
        (100, [1], {"typed": {0: 100}}, [100]),
        (-200, [1, 1, 1], {"typed": {0: -80}}, [-80, -60, -60]),
        (100, [5, 3, 2], {"caps": {0: 30}}, [30, 42, 28]),
        (100, [5, 3, 2], {"floors": {2: 40}}, [38, 22, 40]),
        (100, [8, 1, 1], {"caps": {0: 40}, "floors": {1: 50}}, [40, 50, 10]),
        (100, [5, 3, 2], {"floors": {2: 40}, "caps": {0: 20}}, [20, 40, 40]),
        (-100, [5, 3, 2], {"floors": {0: -30}}, [-30, -42, -28]),
        (100, [1, 1], {"typed": {0: 120}, "floors": {1: -50}}, [120, -20]),
        (100, [1, 2], {"caps": {0: -5}}, [-5, 105]),
        (0, [1, 1], {"floors": {0: 5, 1: -5}}, [5, -5]),
        (12, [0, 1], {"floors": {0: 5}, "caps": {1: 10}}, [5, 7]),
        (1_005, [1, 1, 1], {"step": 100}, [405, 300, 300]),
        (1_005, [1, 2, 1], {"step": 100}, [300, 505, 200]),
        (1_005, [1, 1, 1], {"step": 100, "caps": {0: 400}}, [400, 305, 300]),
        (1_005, [1, 1, 1], {"step": 100, "typed": {0: 333}}, [333, 372, 300]),
        (5, [0, 1], {"step": 10}, [0, 5]),
        (-1_005, [1, 1, 1], {"step": 100}, [-405, -300, -300]),
        (95, [1, 1], {"step": 10, "floors": {1: 41}}, [40, 55]),
        (27, [1, 1], {"step": 10, "caps": {0: 14, 1: 24}}, [10, 17]),
        (70, [1, 1], {"floors": {0: 50}, "caps": {1: 20}}, [50, 20]),
        (20, [1, 1], {"step": 10, "floors": {0: 10}, "caps": {0: 10}}, [10, 10]),
        (20, [1, 1], {"step": 10, "caps": {0: 10, 1: 10}}, [10, 10]),
        (15, [0, 1], {"step": 10, "floors": {0: 10}}, [10, 5]),
        (15, [1, 2], {"step": 10, "floors": {0: 10}}, [15, 0]),
        (15, [1], {"step": 10, "caps": {0: 15}}, [15]),
        (103, [1, 1], {"step": 2}, [53, 50]),
        (103, [1, 1], {"step": 2, "floors": {0: 1}}, [53, 50]),
        (100, [5, 3, 2], {"caps": {0: 60}}, [50, 30, 20]),
        (100, [8, 1, 1], {"caps": {0: 40}, "floors": {1: 15}}, [40, 30, 30]),
        (100, [8, 1, 1], {"caps": {0: 60}, "floors": {1: 15}}, [60, 20, 20]),
        (100, [2, 2, 6], {"floors": {0: 25, 1: 25}, "caps": {2: 52}}, [25, 25, 50]),
    ],
)
def test_parts_keep_to_what_is_asked_and_add_up(total, weights, asked, parts):
    assert allocate(total, weights, **asked) == parts


@pytest.mark.parametrize(
    ("total", "weights", "asked", "code", "facts"),
    [
        (100, [1, 1], {"typed": {0: 120}}, "typed-over", {"typed": 120, "rest": -20}),
        (0, [1, 1], {"typed": {0: -5}}, "typed-over", {"typed": -5, "rest": 5}),
        (100, [1, 1], {"typed": {0: 60, 1: 50}}, "typed-unequal", {"typed": 110}),
        (100, [1, 1], {"floors": {0: 60, 1: 50}}, "floors-above", {"bound": 110}),
        (
            100,
            [1, 1],
            {"floors": {0: 9}, "caps": {0: 8}},
            "floors-above",
            {"bound": 9, "rest": 8},
        ),
        (0, [1, 1], {"typed": {0: -1}}, "typed-over", {"rest": 1}),
        (100, [1, 1], {"caps": {0: 40, 1: 50}}, "caps-below", {"bound": 90, "rest": 100}),
        (-100, [1, 1], {"floors": {0: -40, 1: -50}}, "floors-above", {"bound": -90}),
        (-100, [1, 1], {"caps": {0: -60, 1: -50}}, "caps-below", {"rest": -100}),
        (-100, [1, 1], {"typed": {0: -120}}, "typed-over", {"typed": -120, "total": -100}),
        (25, [1, 1], {"step": 10, "caps": {0: 12, 1: 13}}, "no-step-fits", {"step": 10}),
        (5, [1], {"step": 10, "floors": {0: 5}}, "no-step-fits", {"rest": 5}),
        (8, [1], {"step": 10, "floors": {0: 3}, "caps": {0: 9}}, "no-step-fits", None),
        (27, [1, 1], {"step": 10, "caps": {0: 13, 1: 14}}, "no-step-fits", None),
        (18, [1, 1], {"step": 10, "caps": {0: 14, 1: 7}}, "no-step-fits", None),
        (30, [1, 1], {"step": 10, "floors": {0: 3}, "caps": {0: 9}}, "no-step-fits", None),
        (38, [1, 1], {"step": 10, "caps": {0: 19, 1: 19}}, "no-step-fits", {"step": 10}),
    ],
)
def test_what_cannot_add_up_is_refused_with_its_reason(total, weights, asked, code, facts):
    with pytest.raises(AllocationRefused) as caught:
        allocate(total, weights, **asked)
    assert caught.value.code == code
    assert (facts or {}).items() <= caught.value.facts.items()


def test_the_refusal_says_what_is_there_and_what_to_do():
    with pytest.raises(AllocationRefused) as caught:
        allocate(2_000_000, [1, 1], typed={0: 2_100_000})
    assert str(caught.value) == (
        "the typed amounts come to 2,100,000, which leaves -100,000 of 2,000,000 for the "
        "others - type less, or raise the total"
    )


def test_where_only_weights_of_zero_have_room_they_share_evenly_and_say_so():
    with pytest.warns(EvenSplit, match="^every free weight is zero, split evenly$"):
        assert allocate(40, [0, 0, 0], caps={0: 15}) == [14, 13, 13]
    with pytest.warns(EvenSplit):
        assert allocate(100, [0, 0, 1], caps={2: 40}) == [30, 30, 40]
    assert allocate(40, [0, 0, 1], caps={2: 40}) == [0, 0, 40]
    assert allocate(0, [0, 0], caps={0: 5}) == [0, 0]


def test_a_step_is_at_least_one():
    with pytest.raises(UsageError, match="step is 0"):
        allocate(5, [1], step=0)


@pytest.mark.parametrize("name", ["typed", "floors", "caps"])
def test_the_position_of_no_part_is_refused(name):
    with pytest.raises(UsageError, match="no part 2 - positions are 0 to 1"):
        allocate(100, [1, 2], **{name: {2: 3}})


def test_members_share_by_name():
    rule = ShareRule(weights={"华东": 8, "华南": 7, "华北": 5}, caps={"华东": 700})
    assert split(2_000, ["华北", "华东", "华南"], rule) == {
        "华北": 542,
        "华东": 700,
        "华南": 758,
    }


def test_periods_share_by_label_or_period():
    by_label = distribute(100, QUARTERS, ShareRule(typed={"2023Q2": 40}))
    assert by_label == distribute(100, QUARTERS, ShareRule(typed={QUARTERS[1]: 40}))
    assert list(by_label.values()) == [20, 40, 20, 20]


def test_over_assigned_parts_come_to_more_and_the_total_stays():
    rule = ShareRule(over_assignment=Decimal("0.05"))
    assert split(1_001, ["甲", "乙"], rule) == {"甲": 526, "乙": 525}
    assert split(-1_001, ["甲", "乙"], rule) == {"甲": -526, "乙": -525}


@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        (ShareRule(weights={"甲": 1, "丙": 1}), UnknownName, "no part is called '丙'"),
        (ShareRule(weights={"甲": 1}), UnknownName, "no weight is called '乙'"),
        (ShareRule(typed={"丙": 1}), UnknownName, "no part is called '丙'"),
        (ShareRule(weights=[1, 2, 3]), AllocationRefused, "weights has 3 entries for 2 parts"),
    ],
)
def test_a_rule_of_other_parts_is_refused(rule, error, message):
    with pytest.raises(error, match=message):
        split(10, ["甲", "乙"], rule)


def test_a_part_that_is_typed_needs_no_weight():
    assert split(10, ["甲", "乙"], ShareRule(weights={"乙": 1}, typed={"甲": 4})) == {
        "甲": 4,
        "乙": 6,
    }


def test_a_part_comes_once():
    with pytest.raises(UsageError, match="names a part twice"):
        share_out(10, ["甲", "甲"], ShareRule())


def test_a_float_share_is_refused():
    with pytest.raises(FloatRefused):
        ShareRule(over_assignment=0.05)


def test_weights_made_ready_serve_any_rule():
    assert share_out(10, "ab", ShareRule(weights=weigh([1, 4]))) == [2, 8]
    ready = make_ready(ShareRule(floors={"a": 3}), "ab")
    assert ready.share(10, weights=[0, 1]) == [3, 7]
    assert ready.share(10, typed={1: 1}) == [9, 1]
    assert ready.share_each([10, 4]) == [(5, 3), (5, 1)]


def test_shares_can_be_fractions():
    thirds = ShareRule(weights=[Fraction(1, 3), Fraction(2, 3)])
    assert share_out(10, "ab", thirds) == apportion(10, [1, 2]) == [3, 7]


def test_a_name_that_is_not_there_comes_with_those_that_look_like_it():
    with pytest.raises(UnknownName, match=r"did you mean.*华东区"):
        split(10, ["华东区", "华南区"], ShareRule(weights={"华东": 1}))
    with pytest.raises(UnknownName, match=r"did you mean.*华东区"):
        split(10, ["华东区"], ShareRule(weights={"华东区": 1}, typed={"华东": 1}))
    with pytest.raises(UnknownName, match=r"did you mean.*华东区"):
        split(10, ["华东区", "华东"], ShareRule(weights={"华东区": 1}))
    with pytest.raises(FloatRefused, match=r"0\.25"):
        ShareRule(over_assignment=0.25)
    with pytest.raises(UsageError, match=r"^甲, 甲 names a part twice"):
        split(10, ["甲", "甲"])
