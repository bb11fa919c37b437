from __future__ import annotations

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import rescale
from salesgoal.domain.rescale import Rescaling, longest_inside

QUARTER, OCTOBER, NOVEMBER = (
    parse_period(MonthCalendar(), label) for label in ("2023Q4", "2023-10", "2023-11")
)
TREE = build_tree(Breakdown([]), [], [])


def test_parts_keep_their_proportion_and_lose_nothing():
    assert rescale([80, 70, 50], 101) == [41, 35, 25]
    assert rescale([-80, 20], -120) == [-160, 40]
    assert rescale([5, -5], 3) == [7, -4]


def test_the_longest_periods_inside_stand_side_by_side():
    week = parse_period(MonthCalendar(), "2023-10w1")
    assert longest_inside([week, OCTOBER, QUARTER, NOVEMBER], QUARTER) == [OCTOBER, NOVEMBER]


def test_a_part_does_not_fall_below_zero_because_others_were_rounded_up():
    typed = {QUARTER: {(): 2}, OCTOBER: {(): 2}, NOVEMBER: {(): 0}}
    work = Rescaling([TREE], Metric(id="sales"), typed)
    work.put((), QUARTER, 2, 2)
    work.put((), OCTOBER, 3, 2)
    work.spread_down([()], QUARTER)
    assert work.typed_changes() == {((), OCTOBER): (2, 3)}
