"""Targets, DESIGN section 3.

"What is not typed is derived, in this order: sum of its own typed sub-periods; sum of its
children's targets; else absent. A typed parent stays what it is ... Zero, absent and negative
are three different things." and "Down two levels and back up is the identity."
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import apportion
from salesgoal.domain.period import Level
from salesgoal.domain.target import derive_targets

GREGORIAN = MonthCalendar()
QUARTER = parse_period(GREGORIAN, "2023Q4")
MONTHS = subdivide(GREGORIAN, QUARTER, Level.MONTH)
WEEKS = tuple(week for month in MONTHS for week in subdivide(GREGORIAN, month, Level.WEEK))
PERIODS = (QUARTER, *MONTHS, *WEEKS)
DIMENSIONS = [
    Dimension("product", ["A", "B"]),
    Dimension("region", ["华东", Member("上海", parent="华东"), "华南"]),
]
TREE = build_tree(Breakdown(["product", "region"], every_member=True), DIMENSIONS, [])
LEAVES = [node for node in range(len(TREE)) if not TREE.children(node)]
METRICS = st.sampled_from([Metric(id="m", aggregation=each) for each in Aggregation])
SUM = Metric(id="m")
TYPED = st.dictionaries(
    st.sampled_from(PERIODS),
    st.dictionaries(st.sampled_from(TREE.scope), st.integers(-99, 99), max_size=5),
    max_size=5,
)
TOTALS = st.integers(-(10**9), 10**9)


def weights(count):
    return st.lists(st.integers(0, 100), min_size=count, max_size=count).filter(any)


@given(METRICS, TYPED)
def test_deriving_again_from_what_was_derived_changes_nothing(metric, typed):
    derived = derive_targets(TREE, metric, typed, PERIODS)
    full = {
        period: {
            codes: value
            for codes, value in zip(TREE.scope, column, strict=True)
            if value is not None
        }
        for period, column in derived.items()
    }
    assert derive_targets(TREE, metric, full, PERIODS) == derived


@given(METRICS, TYPED)
def test_what_is_typed_stays_what_it_is(metric, typed):
    derived = derive_targets(TREE, metric, typed, PERIODS)
    for period, values in typed.items():
        for codes, value in values.items():
            assert derived[period][TREE.by_scope[codes]] == value


@given(TYPED)
def test_a_target_is_absent_only_where_nothing_is_typed_at_or_below_it(typed):
    derived = derive_targets(TREE, SUM, typed, PERIODS)
    for period in PERIODS:
        inside = [values for each, values in typed.items() if period.covers(each)]
        named = {TREE.by_scope[codes] for values in inside for codes in values}
        for node, value in enumerate(derived[period]):
            assert (value is None) == named.isdisjoint(TREE.reading_order(node))


@given(TYPED)
def test_an_untyped_parent_is_the_sum_of_its_children(typed):
    derived = derive_targets(TREE, SUM, typed, PERIODS)
    for period, column in derived.items():
        own = {
            codes for each, values in typed.items() if period.covers(each) for codes in values
        }
        for node in TREE.inner:
            parts = [column[child] for child in TREE.children(node)]
            known = [part for part in parts if part is not None]
            if TREE.scope[node] not in own:
                assert column[node] == (sum(known) if known else None)


@given(TOTALS, st.data())
def test_down_two_levels_and_back_up_is_the_identity(total, data):
    split_up = {0: total}
    for node in TREE.reading_order():
        children = TREE.children(node)
        if children:
            shares = data.draw(weights(len(children)))
            split_up |= zip(children, apportion(split_up[node], shares), strict=True)
    typed = {period: {} for period in (*MONTHS, *WEEKS)}
    monthly = {}
    for leaf in LEAVES:
        by_month = apportion(split_up[leaf], data.draw(weights(len(MONTHS))))
        for month, amount in zip(MONTHS, by_month, strict=True):
            monthly[leaf, month] = amount
            weeks = subdivide(GREGORIAN, month, Level.WEEK)
            by_week = apportion(amount, data.draw(weights(len(weeks))))
            for week, part in zip(weeks, by_week, strict=True):
                typed[week][TREE.scope[leaf]] = part
    derived = derive_targets(TREE, SUM, typed, PERIODS)
    assert derived[QUARTER] == [split_up[node] for node in range(len(TREE))]
    for (leaf, month), amount in monthly.items():
        assert derived[month][leaf] == amount
