"""Laws of attainment, pace, variance and gap ledger: a fault planted here must break them."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from salesgoal.domain import attainment, driver, expectation, gap_ledger, variance
from salesgoal.domain.attainment import Attainment, Status
from salesgoal.domain.metric import Direction
from salesgoal.domain.variance import PartKind

from . import test_attainment_laws, test_pace_laws
from . import test_variance_laws as gaps
from .test_laws_bite import breaks

TABLE = (
    test_attainment_laws.test_the_truth_table_by_exhaustive_enumeration,
    test_attainment_laws.test_a_rate_reaches_one_just_where_the_goal_is_met,
)
JUDGE, SPLIT, DRIVE = attainment.judge, variance.split_by_child, driver.split_by_driver
LEDGER = gap_ledger.open_gap_ledger


def met_by_two_places(metric, target, actual, **facts):
    """Odoo and others round the rate first and judge it then."""
    found = JUDGE(metric, target, actual, **facts)
    if found.ratio is None:
        return found
    rounded = Fraction(round(found.ratio * 10_000), 10_000)
    return Attainment(found.ratio, Status.MET if rounded >= 1 else Status.UNMET)


def strictly_below(metric, target, actual, **facts):
    """Odoo: a goal where less is better is not complete at exactly its target."""
    found = JUDGE(metric, target, actual, **facts)
    at = target is not None and target == actual and found.status is Status.MET
    less = metric.direction is Direction.MINIMISE
    return Attainment(found.ratio, Status.UNMET) if at and less else found


def zero_is_nothing(metric, target, actual, **facts):
    """Several products: a target of zero is 0 %."""
    found = JUDGE(metric, target, actual, **facts)
    return Attainment(Fraction(0), Status.UNMET) if target == 0 else found


def test_a_verdict_on_rounded_rates_breaks_the_law_of_rounding(monkeypatch):
    monkeypatch.setattr(test_attainment_laws, "judge", met_by_two_places)
    law = test_attainment_laws.test_a_verdict_never_changes_by_rounding
    with pytest.raises(AssertionError):
        law()
    with pytest.raises(AssertionError):
        test_attainment_laws.test_rates_that_round_to_the_target_are_judged_before_rounding()


@pytest.mark.parametrize("fault", [strictly_below, zero_is_nothing])
def test_a_wrong_edge_breaks_the_truth_table(monkeypatch, fault):
    monkeypatch.setattr(test_attainment_laws, "judge", fault)
    with pytest.raises(AssertionError):
        TABLE[0]()


def test_a_sign_that_is_not_turned_breaks_the_law_of_gaps(monkeypatch):
    def untouched(_, target, actual):
        return None if target is None or actual is None else target - actual

    monkeypatch.setattr(test_attainment_laws, "gap", untouched)
    with pytest.raises(AssertionError):
        test_attainment_laws.test_a_gap_is_above_zero_just_where_the_goal_is_missed()


PACE_LAWS = (
    test_pace_laws.test_what_is_expected_never_falls_from_day_to_day,
    test_pace_laws.test_at_the_end_of_each_part_the_parts_up_to_it_are_expected,
    test_pace_laws.test_nothing_is_expected_before_a_day_counts_and_all_at_the_end,
)


def test_a_part_that_is_forgotten_when_it_is_over_breaks_the_laws_of_pace(monkeypatch):
    made = expectation._pieces

    def only_the_running_one(amount, period, parts, days):
        pieces = made(amount, period, parts, days)
        return [(each, 0 if each.last <= days.as_of else due) for each, due in pieces]

    monkeypatch.setattr(expectation, "_pieces", only_the_running_one)
    assert breaks(PACE_LAWS[0], test_pace_laws.tiled(), *test_pace_laws.DUE)
    assert breaks(PACE_LAWS[1], test_pace_laws.tiled(), test_pace_laws.CALENDARS)


def test_a_day_counted_too_many_breaks_the_laws_of_pace(monkeypatch):
    made = expectation.count_elapsed

    def a_day_ahead(*arguments):
        found = made(*arguments)
        return attrs.evolve(found, elapsed=min(found.elapsed + 1, found.total))

    monkeypatch.setattr(expectation, "count_elapsed", a_day_ahead)
    assert breaks(PACE_LAWS[2], *test_pace_laws.SPANS)


VARIANCE_LAW = gaps.test_the_parts_of_every_gap_by_child_add_up_to_it
DRIVER_LAW = gaps.test_the_effects_of_every_driver_add_up_to_the_gap_and_so_do_the_amounts_shown
CAUSE_LAWS = (
    gaps.test_causes_and_what_is_unexplained_add_up_to_every_gap,
    gaps.test_what_adds_up_is_explained_at_the_root_once_and_in_full,
)


@pytest.mark.parametrize("kind", [PartKind.UNASSIGNED, PartKind.MISMATCH])
def test_a_part_of_a_gap_that_is_left_out_breaks_its_law(monkeypatch, kind):
    def without(*arguments, **facts):
        found = SPLIT(*arguments, **facts)
        if found is None:
            return None
        kept = tuple(each for each in found.parts if each.kind is not kind)
        return attrs.evolve(found, parts=kept)

    monkeypatch.setattr(gaps, "split_by_child", without)
    assert breaks(VARIANCE_LAW, gaps.judged())


def test_a_joint_effect_that_nobody_takes_breaks_the_law_of_drivers(monkeypatch):
    def at_planned_volume(*arguments, **facts):
        found = DRIVE(*arguments, **facts)
        return None if found is None else attrs.evolve(found, value=found.value / 2)

    monkeypatch.setattr(gaps, "split_by_driver", at_planned_volume)
    assert breaks(DRIVER_LAW, gaps.judged())


def test_a_cause_counted_at_every_step_up_breaks_the_laws_of_causes(monkeypatch):
    def twice(card):
        found = LEDGER(card)
        below = {key: each * 2 for key, each in found.below.items()}
        return attrs.evolve(found, below=below)

    monkeypatch.setattr(gaps, "open_gap_ledger", twice)
    assert breaks(CAUSE_LAWS[1], gaps.judged())


def test_an_unexplained_rest_that_is_cut_off_at_zero_breaks_the_laws_of_causes(monkeypatch):
    made = gap_ledger.LedgerLine.unexplained.fget

    def no_less_than_zero(line):
        found = made(line)
        return None if found is None else max(found, 0)

    monkeypatch.setattr(gap_ledger.LedgerLine, "unexplained", property(no_less_than_zero))
    assert breaks(CAUSE_LAWS[0], gaps.judged())
