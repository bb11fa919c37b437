from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.attainment import Attainment, Status, gap, judge
from salesgoal.domain.metric import Direction, Metric

MORE = Metric(id="sales", decimals=2)
LESS = Metric(id="days", direction=Direction.MINIMISE)
FROM_60 = Metric(id="days", direction=Direction.MINIMISE, baseline=60)
FROM_100 = Metric(id="sales", baseline=100)


@pytest.mark.parametrize(
    ("metric", "target", "actual", "ratio", "status"),
    [
        (MORE, None, None, None, Status.NO_TARGET),
        (MORE, None, 5, None, Status.NO_TARGET),
        (MORE, 800, None, None, Status.NO_DATA),
        (MORE, 0, None, None, Status.NO_DATA),
        (MORE, 800, 0, Fraction(0), Status.UNMET),
        (MORE, 800, 799, Fraction(799, 800), Status.UNMET),
        (MORE, 800, 800, Fraction(1), Status.MET),
        (MORE, 1, 1, Fraction(1), Status.MET),
        (LESS, 1, 1, Fraction(1), Status.MET),
        (MORE, 800, -80, Fraction(-1, 10), Status.UNMET),
        (MORE, 0, 0, None, Status.MET),
        (MORE, 0, 9, None, Status.MET),
        (MORE, 0, -1, None, Status.UNMET),
        (MORE, -500, -400, None, Status.MET),
        (MORE, -500, -600, None, Status.UNMET),
        (LESS, 30, 40, Fraction(3, 4), Status.UNMET),
        (LESS, 30, 30, Fraction(1), Status.MET),
        (LESS, 30, 24, Fraction(5, 4), Status.MET),
        (LESS, 30, 0, None, Status.MET),
        (LESS, 30, -5, None, Status.MET),
        (LESS, 0, 0, None, Status.MET),
        (LESS, 0, 1, None, Status.UNMET),
        (LESS, -5, -4, None, Status.UNMET),
        (FROM_60, 30, 45, Fraction(1, 2), Status.UNMET),
        (FROM_60, 30, 75, Fraction(-1, 2), Status.UNMET),
        (FROM_60, 0, 0, Fraction(1), Status.MET),
        (FROM_60, 60, 50, None, Status.MET),
        (FROM_60, 70, 65, None, Status.MET),
        (FROM_100, 200, 150, Fraction(1, 2), Status.UNMET),
        (FROM_100, 200, 300, Fraction(2), Status.MET),
        (FROM_100, 50, 70, None, Status.MET),
    ],
)
def test_the_truth_table_of_attainment(metric, target, actual, ratio, status):
    assert judge(metric, target, actual) == Attainment(ratio, status)


@pytest.mark.parametrize("target", [None, 0, 800])
@pytest.mark.parametrize("actual", [None, 0, 800])
def test_a_period_that_has_not_begun_is_not_judged(target, actual):
    found = judge(MORE, target, actual, started=False)
    assert found == Attainment(None, Status.NOT_STARTED)


def test_a_verdict_is_taken_on_exact_numbers():
    almost = judge(MORE, 100_000_00, 99_999_99)
    assert almost.status is Status.UNMET
    assert almost.ratio < 1


@pytest.mark.parametrize(
    ("metric", "target", "actual", "short"),
    [
        (MORE, 800, 690, 110),
        (MORE, 800, 900, -100),
        (MORE, 0, 0, 0),
        (LESS, 30, 40, 10),
        (LESS, 30, 24, -6),
        (MORE, None, 5, None),
        (MORE, 5, None, None),
        (MORE, None, None, None),
        (MORE, Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)),
    ],
)
def test_a_gap_is_above_zero_where_the_target_is_missed(metric, target, actual, short):
    assert gap(metric, target, actual) == short
