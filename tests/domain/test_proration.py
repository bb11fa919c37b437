from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.proration import find_pieces, prorate
from salesgoal.domain.scope import ANY
from salesgoal.domain.work_calendar import Weekdays, WorkdayTable

JUNE, JULY = date(2023, 6, 30), date(2023, 7, 1)
REP = Dimension(
    "rep",
    [
        "华东",
        "华南",
        Member("张三", parent="华东", until=JUNE),
        Member("张三", parent="华南", since=JULY),
        Member("李四", parent="华东", until=JUNE),
    ],
)
PRODUCT = Dimension("product", [Member("A", since=date(2023, 6, 1), until=date(2023, 7, 31))])
SALES = Metric(id="sales")


def period(label):
    return parse_period(MonthCalendar(), label)


def seats(label, name="张三", **scope):
    codes = (REP.code(name), PRODUCT.code("A") if scope else ANY)
    return find_pieces(codes, [REP, PRODUCT], period(label))


def test_a_period_within_one_seat_goes_there_whole():
    assert [codes for codes, _ in seats("2023Q1")] == [(2, ANY)]
    assert [codes for codes, _ in seats("2023Q4")] == [(3, ANY)]
    assert [codes for codes, _ in seats("2023", "华东")] == [(0, ANY)]


def test_a_period_with_a_move_goes_to_the_seats_in_order():
    assert [codes for codes, _ in seats("2023")] == [(2, ANY), (3, ANY)]


def test_without_a_seat_it_goes_to_the_nearest():
    assert [codes for codes, _ in seats("2023Q4", "李四")] == [(4, ANY)]


def test_only_days_on_which_all_members_are_there_count():
    pieces = seats("2023", product="A")
    assert [(codes, sum(b - a for a, b in days)) for codes, days in pieces] == [
        ((2, 0), 30),
        ((3, 0), 31),
    ]
    assert [codes for codes, _ in seats("2023Q4", product="A")] == [(3, 0)]
    assert [codes for codes, _ in seats("2023-07", "李四", product="A")] == [(4, 0)]


def test_sums_are_parted_by_calendar_days_or_by_workdays():
    pieces = seats("2023")
    assert prorate(SALES, 365, pieces) == [((2, ANY), 181), ((3, ANY), 184)]
    assert prorate(SALES, 260, pieces, Weekdays()) == [((2, ANY), 130), ((3, ANY), 130)]


def test_days_that_are_not_known_or_not_worked_are_calendar_days():
    pieces = seats("2023")
    assert prorate(SALES, 365, pieces, WorkdayTable("t", {JUNE: True})) == prorate(
        SALES, 365, pieces
    )
    span = [((0,), [(1, 2)]), ((1,), [(2, 4)])]
    rest = WorkdayTable("t", {date.fromordinal(day): False for day in range(1, 9)})
    assert prorate(SALES, 3, span, rest) == [((0,), 1), ((1,), 2)]


@pytest.mark.parametrize(
    ("aggregation", "parts"),
    [
        (Aggregation.DISTINCT, [181, 184]),
        (Aggregation.LAST, [365]),
        (Aggregation.AVERAGE, [365, 365]),
        (Aggregation.MAXIMUM, [365, 365]),
        (Ratio("a", "b"), [365, 365]),
    ],
)
def test_each_aggregation_has_its_rule(aggregation, parts):
    metric = Metric(id="m", aggregation=aggregation)
    found = prorate(metric, 365, seats("2023"))
    assert [units for _, units in found] == parts
    assert found[-1][0] == (3, ANY)
