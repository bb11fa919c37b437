from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.tally import TALLIES, TOTALS, DaySpan, Ordered

MAY = [date(2023, 5, day) for day in range(1, 32)]


def told(aggregation, *changes, of=TALLIES):
    tally = of[aggregation]()
    return tally, [list(tally.take([each])) for each in changes]


def test_the_least_number_is_known_while_others_come_and_go():
    ordered = Ordered()
    for number in (5, 3, 9, 3):
        ordered.change(number, 1)
    assert (ordered.change(3, -1), ordered.least) == (1, 3)
    assert (ordered.change(3, -1), ordered.least) == (0, 5)
    assert (ordered.change(9, -1), ordered.least) == (0, 5)
    assert (ordered.change(9, 1), ordered.least) == (1, 5)
    assert (ordered.change(5, -1), ordered.least) == (0, 9)
    assert (ordered.change(9, -1), ordered.least) == (0, None)


def test_numbers_that_went_do_not_pile_up():
    ordered = Ordered()
    ordered.change(0, 1)
    for number in range(1, 1_000):
        ordered.change(number, 1)
        ordered.change(number, -1)
    assert len(ordered.heap) < 50
    assert ordered.least == 0


def test_an_extreme_gives_way_to_the_next_one():
    tally, answers = told(Aggregation.MAXIMUM, (7, 1), (9, 1), (8, 1), (9, -1), (7, -1))
    assert answers == [[(7, 1)], [(7, -1), (9, 1)], [], [(9, -1), (8, 1)], []]
    assert (tally.value, tally.reading, tally.empty) == (8, 8, False)
    assert list(tally.take([(8, -1)])) == [(8, -1)]
    assert (tally.value, tally.empty) == (None, True)


def test_the_smallest_is_kept_likewise():
    tally, _ = told(Aggregation.MINIMUM, (7, 1), (-2, 1), (-2, -1))
    assert tally.value == 7


def test_the_balance_before_comes_back_when_the_later_one_goes():
    tally, answers = told(
        Aggregation.LAST, ((MAY[3], 40), 1), ((MAY[5], 60), 1), ((MAY[3], 2), 1)
    )
    assert answers == [[((MAY[3], 40), 1)], [((MAY[3], 40), -1), ((MAY[5], 60), 1)], []]
    assert (tally.reading, tally.value) == ((MAY[5], 60), 60)
    tally.take([((MAY[5], 60), -1)])
    assert (tally.reading, tally.value) == ((MAY[3], 42), 42)
    tally.take([((MAY[3], 40), -1), ((MAY[3], 2), -1)])
    assert (tally.reading, tally.value, tally.empty) == (None, None, True)


def test_balances_of_goals_add():
    tally, answers = told(Aggregation.LAST, ((MAY[3], 40), 1), ((MAY[5], -40), 1), of=TOTALS)
    assert (tally.value, tally.reading, tally.empty) == (0, 0, False)
    assert answers == [[((MAY[3], 40), 1)], [((MAY[5], -40), 1)]]
    tally.take([((MAY[3], 40), -1), ((MAY[5], -40), -1)])
    assert (tally.value, tally.empty) == (None, True)


def test_a_mean_weighs_shared_readings_by_their_share():
    half = Fraction(1, 2)
    tally, answers = told(Aggregation.AVERAGE, ((10, 1), 1), ((20 * half, half), 1))
    assert tally.value == Fraction(40, 3)
    assert tally.reading == (20, Fraction(3, 2))
    assert answers[0] == [((10, 1), 1)]
    tally.take([((10, 1), -1)])
    assert tally.value == 20
    tally.take([((20 * half, half), -1)])
    assert (tally.value, tally.reading, tally.empty) == (None, None, True)


def test_a_key_is_told_when_it_comes_first_and_goes_last():
    tally, answers = told(Aggregation.DISTINCT, ("a", 1), ("a", 1), ("b", 1), ("a", -1))
    assert answers == [[("a", 1)], [], [("b", 1)], []]
    assert (tally.value, tally.reading) == (2, {"a", "b"})
    assert list(tally.take([("a", -1), ("b", -1)])) == [("a", -1), ("b", -1)]
    assert (tally.value, tally.reading, tally.empty) == (0, None, True)


def test_the_span_of_days_shrinks_when_its_ends_go():
    span = DaySpan()
    assert span.days is None
    for day in (MAY[3], MAY[9], MAY[9]):
        span.take(day, day, 1)
    assert span.take(MAY[0], MAY[8], 1)
    assert span.days == (MAY[0], MAY[9])
    assert not span.take(MAY[5], MAY[5], 1)
    assert not span.take(MAY[9], MAY[9], -1)
    assert span.take(MAY[9], MAY[9], -1)
    assert span.days == (MAY[0], MAY[8])
    for first, last in ((MAY[0], MAY[8]), (MAY[5], MAY[5]), (MAY[3], MAY[3])):
        span.take(first, last, -1)
    assert span.days is None


@pytest.mark.parametrize("aggregation", TALLIES)
def test_a_tally_without_readings_says_nothing_above(aggregation):
    for tally in (TALLIES[aggregation](), TOTALS[aggregation]()):
        assert tally.empty
        assert not tally.take([])
        assert tally.reading is None
        assert not tally.value
