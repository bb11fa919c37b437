from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.cells import Cells
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan import whole_span
from salesgoal.domain.roll_up import find_homes, roll_up, sum_up
from salesgoal.domain.scope import ANY
from salesgoal.domain.timeline import make_timeline

Q4, OCTOBER, NOVEMBER, DECEMBER = PERIODS = [
    parse_period(MonthCalendar(), label)
    for label in ("2023Q4", "2023-10", "2023-11", "2023-12")
]
REGION = Dimension("region", ["华东", "华南"])
TREE = build_tree(Breakdown(["region"]), [REGION], [(0,), (1,)])
EAST, SOUTH, NOBODY = (0,), (1,), (ANY,)
OCT_6, OCT_9, NOV_1 = date(2023, 10, 6), date(2023, 10, 9), date(2023, 11, 1)


def rolled(aggregation, facts, as_of=date(2023, 12, 31), **more):
    """Facts as (member codes, day or period, value) -> period -> what they came to."""
    metric = Metric(id="m", aggregation=aggregation)
    cells = Cells(make_timeline(PERIODS, as_of), (metric,), 1)
    for codes, on, value in facts:
        cells.book(cells.base(codes), cells.slot(on), metric, value, getattr(on, "last", on))
    return roll_up(TREE, find_homes(TREE, cells, [REGION]), cells, metric, PERIODS, **more)


def test_a_parent_is_its_children_and_what_is_unassigned():
    found = rolled(Aggregation.SUM, [(EAST, OCT_6, 5), (SOUTH, NOV_1, -2), (NOBODY, OCT_9, 4)])
    assert (found[Q4].actual, found[Q4].unassigned) == ([7, 5, -2], [4, 0, 0])
    assert (found[OCTOBER].actual, found[OCTOBER].unassigned) == ([9, 5, 0], [4, 0, 0])
    assert (found[NOVEMBER].actual, found[NOVEMBER].unassigned) == ([-2, 0, -2], [0, 0, 0])
    assert (found[DECEMBER].actual, found[DECEMBER].unassigned) == ([0, 0, 0], [0, 0, 0])


def test_a_goal_without_children_has_nothing_unassigned():
    assert rolled(Aggregation.SUM, [(EAST, OCT_6, 5)])[Q4].unassigned == [0, 0, 0]


def test_a_total_of_several_atoms_counts_only_where_it_lies_whole():
    two_months = whole_span(date(2023, 10, 1), date(2023, 11, 30))
    one_week = whole_span(date(2023, 10, 2), date(2023, 10, 8))
    found = rolled(
        Aggregation.SUM,
        [
            (EAST, two_months, 100),
            (NOBODY, two_months, 10),
            (EAST, one_week, 5),
            (EAST, OCTOBER, 1),
        ],
    )
    assert (found[Q4].actual, found[Q4].unassigned) == ([116, 106, 0], [10, 0, 0])
    assert (found[OCTOBER].actual, found[OCTOBER].unassigned) == ([6, 6, 0], [0, 0, 0])
    assert found[NOVEMBER].actual == [0, 0, 0]


def test_facts_after_as_of_do_not_count():
    facts = [(EAST, OCT_6, 5), (EAST, OCT_9, 7), (EAST, OCTOBER, 11)]
    assert rolled(Aggregation.SUM, facts, as_of=OCT_6)[Q4].actual == [5, 5, 0]


@pytest.mark.parametrize(
    ("aggregation", "quarter", "october", "december"),
    [
        (Aggregation.LAST, [6, 2, 3], [10, 7, 3], [None, None, None]),
        (
            Aggregation.AVERAGE,
            [Fraction(18, 5), Fraction(14, 3), 3],
            [Fraction(15, 3), Fraction(12, 2), 3],
            [None, None, None],
        ),
        (Aggregation.MAXIMUM, [7, 7, 3], [7, 7, 3], [None, None, None]),
        (Aggregation.MINIMUM, [1, 2, 3], [3, 5, 3], [None, None, None]),
    ],
)
def test_readings_merge_over_time_and_then_over_the_tree(
    aggregation, quarter, october, december
):
    facts = [
        (EAST, OCT_9, 7),
        (EAST, OCT_6, 5),
        (EAST, NOV_1, 2),
        (SOUTH, OCT_6, 3),
        (NOBODY, NOV_1, 1),
    ]
    found = rolled(aggregation, facts)
    assert found[Q4].actual == quarter
    assert found[OCTOBER].actual == october
    assert found[DECEMBER].actual == december
    assert found[Q4].unassigned is None


def test_a_key_seen_twice_counts_once():
    facts = [(EAST, OCT_6, "a"), (EAST, NOV_1, "a"), (SOUTH, OCT_9, "a"), (NOBODY, OCT_9, "b")]
    found = rolled(Aggregation.DISTINCT, facts)
    assert found[Q4].actual == [2, 1, 1]
    assert found[NOVEMBER].actual == [1, 1, 0]
    assert found[DECEMBER].actual == [0, 0, 0]


def test_a_reading_of_a_whole_span_counts_only_where_it_lies_whole():
    found = rolled(Aggregation.MAXIMUM, [(EAST, Q4, 9), (EAST, OCT_6, 5)])
    assert found[Q4].actual == [9, 9, None]
    assert found[OCTOBER].actual == [5, 5, None]


def test_readings_outside_do_not_count():
    found = rolled(Aggregation.LAST, [(EAST, date(2024, 1, 1), 5)])
    assert found[Q4].actual == [None, None, None]


def test_a_column_is_summed_from_below():
    assert sum_up(TREE, [1, 2, 3]) == [6, 2, 3]


ONE_PERSON = {EAST: SOUTH, SOUTH: SOUTH}
"""Somebody who moved from 华东 to 华南."""


def test_a_balance_moves_along_with_who_moved_and_counts_once():
    facts = [(EAST, OCT_6, 8), (SOUTH, NOV_1, 3), (NOBODY, OCT_9, 100)]
    found = rolled(Aggregation.LAST, facts, people=ONE_PERSON)
    assert found[Q4].actual == [103, None, 3]
    assert found[OCTOBER].actual == [108, 8, None]
    assert found[NOVEMBER].actual == [3, None, 3]
    assert rolled(Aggregation.LAST, facts)[Q4].actual == [111, 8, 3]


def test_a_balance_that_was_last_read_at_the_former_seat_stays_there():
    facts = [(SOUTH, OCT_6, 3), (EAST, NOV_1, 8)]
    found = rolled(Aggregation.LAST, facts, people=ONE_PERSON)
    assert found[Q4].actual == [8, 8, None]


def test_balances_of_both_seats_on_one_day_both_count():
    facts = [(SOUTH, OCT_6, 3), (EAST, OCT_6, 8)]
    found = rolled(Aggregation.LAST, facts, people=ONE_PERSON)
    assert found[Q4].actual == [11, 8, 3]


@pytest.mark.parametrize(
    ("aggregation", "column"),
    [
        (Aggregation.AVERAGE, [Fraction(11, 2), 8, 3]),
        (Aggregation.MAXIMUM, [8, 8, 3]),
        (Aggregation.MINIMUM, [3, 8, 3]),
        (Aggregation.SUM, [11, 8, 3]),
    ],
)
def test_nothing_but_a_balance_moves(aggregation, column):
    facts = [(EAST, OCT_6, 8), (SOUTH, NOV_1, 3)]
    assert rolled(aggregation, facts, people=ONE_PERSON)[Q4].actual == column
