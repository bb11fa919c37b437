"""Attainment: the truth table, case by case, and verdicts that no rounding can change.

Protects: a goal that is called met because its rate is shown as 100.00 %, or missed because of
a sign. Every combination of a small world is enumerated, so nothing is left to chance.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.attainment import Status, gap, judge
from salesgoal.domain.metric import Direction, Metric
from salesgoal.domain.number import percent

TARGETS = (None, -2, -1, Fraction(-1, 2), 0, Fraction(1, 3), 1, 2, 3)
ACTUALS = (None, -3, -1, Fraction(-1, 2), 0, Fraction(1, 3), 1, 2, 4)
BASELINES = (None, -1, 0, 1, 2, 3)
MORE, LESS = Direction.MAXIMISE, Direction.MINIMISE


def ratio_of(direction, baseline, target, actual):
    """The rate, by cases: what must be larger for the goal to be nearer stands above."""
    if baseline is None and direction is MORE:
        return Fraction(actual, 1) / target if target > 0 else None
    if baseline is None:
        return Fraction(target, 1) / actual if target > 0 and actual > 0 else None
    if direction is MORE:
        way = target - baseline
        return Fraction(actual - baseline, 1) / way if way > 0 else None
    way = baseline - target
    return Fraction(baseline - actual, 1) / way if way > 0 else None


def status_of(direction, target, actual, started):
    if not started:
        return Status.NOT_STARTED
    if target is None:
        return Status.NO_TARGET
    if actual is None:
        return Status.NO_DATA
    missed = actual < target if direction is MORE else actual > target
    return Status.UNMET if missed else Status.MET


def every_case():
    for direction, baseline in product(Direction, BASELINES):
        metric = Metric(id="m", direction=direction, baseline=baseline, negative=True)
        for target, actual, started in product(TARGETS, ACTUALS, (True, False)):
            yield metric, target, actual, started


def test_the_truth_table_by_exhaustive_enumeration():
    seen = set()
    for metric, target, actual, started in every_case():
        case = (metric.direction, metric.baseline, target, actual, started)
        found = judge(metric, target, actual, started=started)
        assert found.status is status_of(metric.direction, target, actual, started), case
        judged = found.status in {Status.MET, Status.UNMET}
        expected = ratio_of(*case[:4]) if judged else None
        assert found.ratio == expected, case
        seen.add(case)
    assert len(seen) == 2 * 6 * 9 * 9 * 2


def test_a_rate_reaches_one_just_where_the_goal_is_met():
    for metric, target, actual, _ in every_case():
        found = judge(metric, target, actual)
        if found.ratio is not None:
            assert (found.ratio >= 1) is (found.status is Status.MET)


def test_a_gap_is_above_zero_just_where_the_goal_is_missed():
    for metric, target, actual, _ in every_case():
        short = gap(metric, target, actual)
        assert (short is None) is (target is None or actual is None)
        if short is not None:
            assert (short > 0) is (judge(metric, target, actual).status is Status.UNMET)


@given(st.integers(1, 10**15), st.integers(0, 10**4), st.integers(0, 9))
def test_a_verdict_never_changes_by_rounding(target, short, decimals):
    """One fen of a billion is shown as 100.00 % and is missed all the same."""
    metric = Metric(id="m", decimals=decimals)
    found = judge(metric, target, target - short)
    assert found.status is (Status.UNMET if short else Status.MET)
    assert judge(metric, target * 7, (target - short) * 7) == found
    if short and short * 20_000 < target:
        assert str(percent(found.ratio)) == "100.00"


def test_rates_that_round_to_the_target_are_judged_before_rounding():
    sales, days = Metric(id="sales", decimals=2), Metric(id="days", direction=LESS)
    for metric, target, actual, shown, status in (
        (sales, 16_000, 26_716, "166.98", Status.MET),
        (sales, 100_000, 99_996, "100.00", Status.UNMET),
        (sales, 1_000_000, 999_950, "100.00", Status.UNMET),
        (sales, 1_000_000, 1_000_049, "100.00", Status.MET),
        (days, 99_996, 100_000, "100.00", Status.UNMET),
        (days, 100_000, 99_996, "100.00", Status.MET),
    ):
        found = judge(metric, target, actual)
        assert (str(percent(found.ratio)), found.status) == (shown, status)
