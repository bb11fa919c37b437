"""Laws that cannot fail protect nothing: each fault planted here must break its law."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesgoal.domain import (
    allocation,
    cascade,
    cells,
    condense,
    credit,
    number,
    roll_up,
    score_column,
    target,
)
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.membership import View
from salesgoal.domain.period import Level

from . import (
    test_allocation_laws,
    test_calendar_laws,
    test_cascade_laws,
    test_conservation_laws,
    test_people_laws,
    test_roll_up_laws,
    test_target_laws,
)
from .worlds import worlds


def breaks(law, *strategies):
    """Whether the law, run on its own body, finds a counterexample."""
    search = settings(
        max_examples=500,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    try:
        search(given(*strategies)(law.hypothesis.inner_test))()
    except AssertionError:
        return True
    return False


def drop_the_remainder(total, weights):
    sign = -1 if total < 0 else 1
    return [sign * (abs(total) * weight // sum(weights)) for weight in weights]


def give_the_remainder_to_the_first(total, weights):
    parts = drop_the_remainder(total, weights)
    return [parts[0] + total - sum(parts), *parts[1:]]


def prefer_later_ties(total, weights):
    return number.apportion(total, weights[::-1])[::-1]


def test_a_dropped_remainder_breaks_the_laws_of_allocation_and_of_targets(monkeypatch):
    monkeypatch.setattr(test_allocation_laws, "apportion", drop_the_remainder)
    monkeypatch.setattr(test_target_laws, "apportion", drop_the_remainder)
    whole = st.lists(st.integers(0, 9), min_size=1).filter(any)
    law = test_allocation_laws.test_parts_sum_to_the_whole
    assert breaks(law, test_allocation_laws.TOTALS, whole)
    law = test_target_laws.test_down_two_levels_and_back_up_is_the_identity
    assert breaks(law, test_target_laws.TOTALS, st.data())


@pytest.mark.parametrize(
    ("fault", "law"),
    [
        (
            give_the_remainder_to_the_first,
            test_allocation_laws.test_each_part_is_floor_or_ceil_of_its_quota,
        ),
        (
            prefer_later_ties,
            test_allocation_laws.test_a_larger_remainder_never_gets_less_and_ties_go_to_the_earlier,
        ),
    ],
)
def test_an_unfair_remainder_breaks_the_laws_of_allocation(monkeypatch, fault, law):
    monkeypatch.setattr(test_allocation_laws, "apportion", fault)
    whole = st.lists(st.integers(0, 9), min_size=1).filter(any)
    assert breaks(law, test_allocation_laws.TOTALS, whole)


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
def test_bounds_pinned_on_the_side_that_is_violated_less_lose_the_total(monkeypatch):
    pinned = allocation._pinned

    def pin_the_other_side(quotas, whole, low, high):
        found = pinned(quotas, whole, low, high)
        both = {
            at: low[at] if quotas[at] < low[at] * whole else high[at]
            for at in quotas
            if quotas[at] < low[at] * whole
            or (high[at] is not None and quotas[at] > high[at] * whole)
        }
        return {at: bound for at, bound in both.items() if at not in found} or found

    monkeypatch.setattr(allocation, "_pinned", pin_the_other_side)
    law = test_allocation_laws.test_bounded_parts_sum_to_the_whole_or_none_could
    assert breaks(law, test_allocation_laws.SMALL, test_allocation_laws.BOUNDED)


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
def test_what_is_left_below_a_step_and_lost_breaks_the_laws_of_steps(monkeypatch):
    in_steps = allocation._Share._in_steps

    def lose_the_rest(self, rest, low, high):
        return in_steps(self, rest - rest % self.step, low, high)

    monkeypatch.setattr(allocation._Share, "_in_steps", lose_the_rest)
    law = test_allocation_laws.test_in_steps_every_part_but_one_is_a_multiple
    sizes = st.integers(2, 9)
    assert breaks(law, test_allocation_laws.SMALL, test_allocation_laws.BOUNDED, sizes)


def test_an_over_assigned_goal_that_is_forgotten_breaks_the_laws_of_cascades(monkeypatch):
    def forget(self):
        self.kept.clear()
        return RESULT(self)

    monkeypatch.setattr(cascade._Fall, "result", forget)
    law = test_cascade_laws.test_an_over_assigned_cascade_has_the_same_root_and_keeps_every_goal
    surplus = test_cascade_laws.ways(test_cascade_laws.SURPLUS)
    assert breaks(law, test_cascade_laws.TOTALS, surplus)


RESULT = cascade._Fall.result


def drop_unassigned(tree, homes, cells, values):
    columns = [[0] * len(tree) for _ in range(len(cells.timeline))]
    for atom, column in enumerate(columns):
        for node, value in zip(homes, values[atom :: cells.stride], strict=True):
            if tree.first[node] == tree.stop[node]:
                column[node] += value
    return columns


def home_in_the_first_child(self, codes, dimensions):
    """The lowest goal, but what matches no child goes to the first one."""
    node = HOME(self, codes, dimensions)
    while self.children(node):
        node = self.first[node]
    return node


HOME = GoalTree.home
ROLL_UP_LAWS = (
    test_roll_up_laws.test_every_figure_is_what_a_count_from_scratch_gives,
    test_roll_up_laws.test_a_parent_is_its_children_and_what_none_of_them_matches,
)
CONSERVATION_LAW = test_conservation_laws.test_root_outside_and_rejected_are_what_was_read


def test_a_lost_unassigned_amount_breaks_conservation(monkeypatch):
    monkeypatch.setattr(roll_up, "_by_atom", drop_unassigned)
    assert breaks(CONSERVATION_LAW, worlds(), st.just(set()))


@pytest.mark.parametrize("law", ROLL_UP_LAWS)
def test_a_lost_unassigned_amount_breaks_the_roll_up_without_its_guard(monkeypatch, law):
    monkeypatch.setattr(roll_up, "_by_atom", drop_unassigned)
    monkeypatch.setattr(condense, "reconcile", lambda *_: {})
    assert breaks(law, worlds())


@pytest.mark.parametrize("law", ROLL_UP_LAWS)
def test_an_unassigned_amount_given_to_a_child_breaks_the_roll_up(monkeypatch, law):
    monkeypatch.setattr(GoalTree, "home", home_in_the_first_child)
    assert breaks(law, worlds())


def test_a_mean_of_ratios_breaks_the_roll_up(monkeypatch):
    def mean_of_ratios(self, metric, period):
        column = RATIO_COLUMN(self, metric, period)
        actual = list(column.actual)
        for node in self.tree.inner:
            parts = [actual[child] or 0 for child in self.tree.children(node)]
            actual[node] = Fraction(sum(parts), len(parts))
        return attrs.evolve(column, actual=actual)

    monkeypatch.setattr(score_column._Columns, "ratio", mean_of_ratios)
    assert breaks(ROLL_UP_LAWS[0], worlds())


RATIO_COLUMN = score_column._Columns.ratio


def test_a_fact_counted_after_as_of_breaks_conservation(monkeypatch):
    made = cells.Cells.slot

    def ignore_as_of(self, on):
        late = attrs.evolve(self.timeline, as_of=self.timeline.borders[-1])
        found = made(attrs.evolve(self, timeline=late), on)
        return self.outside if found == len(late) else found

    monkeypatch.setattr(cells.Cells, "slot", ignore_as_of)
    assert breaks(CONSERVATION_LAW, worlds(), st.just(set()))


def test_a_parent_that_forgets_what_was_typed_breaks_the_laws_of_targets(monkeypatch):
    def forget_the_root(tree, metric, typed, period, people):
        column = COLUMN(tree, metric, typed, period, people)
        children = [column[child] for child in tree.children(0)]
        known = [value for value in children if value is not None]
        return [sum(known) if known else column[0], *column[1:]]

    monkeypatch.setattr(target, "_column", forget_the_root)
    law = test_target_laws.test_what_is_typed_stays_what_it_is
    assert breaks(law, test_target_laws.METRICS, test_target_laws.TYPED)


COLUMN = target._column


def test_a_week_that_loses_the_31st_breaks_the_laws_of_calendars(monkeypatch):
    made = test_calendar_laws.MonthCalendar.at

    def short_weeks(self, level, day):
        found = made(self, level, day)
        if level is Level.WEEK and found.days > 9:
            return attrs.evolve(found, stop=found.last)
        return found

    monkeypatch.setattr(test_calendar_laws.MonthCalendar, "at", short_weeks)
    law = test_calendar_laws.test_every_day_of_a_period_lies_in_that_period_alone
    case = st.tuples(st.builds(test_calendar_laws.MonthCalendar), st.just(Level.WEEK))
    assert breaks(law, case, test_calendar_laws.DAYS, st.data())


PEOPLE_STRATEGIES = (
    test_people_laws.histories(),
    test_people_laws.FACTS,
    test_people_laws.TODAYS,
)


def test_an_overlay_that_counts_breaks_the_laws_of_people(monkeypatch):
    monkeypatch.setattr(Dimension, "is_overlay_head", lambda *_: False)
    law = test_people_laws.test_an_overlay_changes_no_goal_of_the_others
    assert breaks(law, *PEOPLE_STRATEGIES, st.data(), st.sampled_from(View))


def test_a_seat_that_forgets_the_day_breaks_the_laws_of_people(monkeypatch):
    def last(dimension, code, *_):
        return dimension.seats.timetable.get(code, [(0, 0, code)])[-1][2]

    monkeypatch.setattr(credit, "_sit", last)
    law = test_people_laws.test_every_goal_has_the_facts_of_those_who_sit_there_in_the_view
    views = st.sampled_from(View)
    assert breaks(law, *PEOPLE_STRATEGIES, views, test_people_laws.TARGETS)


def test_a_balance_left_behind_breaks_the_laws_of_people(monkeypatch):
    monkeypatch.setattr(roll_up, "_leave_behind", lambda *_: None)
    law = test_people_laws.test_a_balance_moves_along_and_counts_once
    assert breaks(law, test_people_laws.histories(), test_people_laws.BALANCES)


def test_credit_given_whole_to_each_breaks_the_laws_of_people(monkeypatch):
    monkeypatch.setattr(cells, "parts_of", lambda _, value, shares: [value for _ in shares])
    monkeypatch.setattr(condense, "reconcile", lambda *_: {})
    law = test_people_laws.test_splitting_credit_changes_no_ancestor
    assert breaks(law, *PEOPLE_STRATEGIES, st.data(), test_people_laws.SHARES)


def test_without_a_fault_no_law_breaks():
    assert not breaks(ROLL_UP_LAWS[1], worlds(most_facts=2))
    law = test_allocation_laws.test_parts_sum_to_the_whole
    assert not breaks(law, test_allocation_laws.TOTALS, test_allocation_laws.WEIGHTS)
