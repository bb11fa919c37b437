"""Cascades, DESIGN section 3: "Down two levels and back up is the identity."

And in any order of dimensions and periods the root and its margins are the same.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.cascade import MemberStep, PeriodStep, cascade
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.scope import ANY
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target import derive_targets

GREGORIAN = MonthCalendar()
QUARTER = parse_period(GREGORIAN, "2023Q4")
MONTHS = subdivide(GREGORIAN, QUARTER, Level.MONTH)
WEEKS = tuple(week for month in MONTHS for week in subdivide(GREGORIAN, month, Level.WEEK))
PERIODS = (QUARTER, *MONTHS, *WEEKS)
PRODUCT = Dimension("product", ["A", "B", "C"])
REGION = Dimension(
    "region", ["华东", "华南", Member("上海", parent="华东"), Member("杭州", parent="华东")]
)
ROOT = (ANY, ANY)
SUM = Metric(id="m")
TOTALS = st.integers(-(10**6), 10**12)
SURPLUS = st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1, 3)])


def weights(size):
    return st.lists(st.integers(0, 99), min_size=size, max_size=size).filter(any)


def by_member(dimension, position, members, surplus):
    names = [dimension.members[each].name for each in members]
    return st.builds(
        lambda shares, over: MemberStep(
            dimension=dimension,
            position=position,
            members=members,
            rule=ShareRule(weights=dict(zip(names, shares, strict=True)), over_assignment=over),
        ),
        weights(len(members)),
        surplus,
    )


def into(level, size, surplus):
    return st.builds(
        lambda shares, over: PeriodStep(
            calendar=GREGORIAN,
            level=level,
            rule=ShareRule(weights=shares, over_assignment=over),
        ),
        weights(size),
        surplus,
    )


def ways(surplus):
    """Steps in any order in which the months stand before the weeks."""
    steps = st.tuples(
        by_member(PRODUCT, 0, (0, 1, 2), surplus),
        by_member(REGION, 1, (0, 1), surplus),
        into(Level.MONTH, 3, surplus),
        into(Level.WEEK, 4, surplus),
    )

    def ordered(drawn):
        order = st.permutations(range(4)).filter(lambda each: each.index(2) < each.index(3))
        return order.map(lambda each: [drawn[at] for at in each])

    return steps.flatmap(ordered)


def tree_of(steps, found):
    order = [step.dimension.id for step in steps if isinstance(step, MemberStep)]
    scopes = [codes for column in found.values() for codes in column]
    return build_tree(Breakdown(order), [PRODUCT, REGION], scopes)


@given(TOTALS, ways(st.just(Fraction(0))))
def test_a_cascade_and_back_up_is_the_identity(total, steps):
    found = cascade(total, goal=ROOT, period=QUARTER, steps=steps)
    tree = tree_of(steps, found)
    derived = derive_targets(tree, SUM, found, PERIODS)
    assert derived[QUARTER][0] == total
    for period, column in derived.items():
        for node in tree.inner:
            assert column[node] == sum(column[child] for child in tree.children(node)), period


@given(TOTALS, ways(SURPLUS))
def test_an_over_assigned_cascade_has_the_same_root_and_keeps_every_goal(total, steps):
    """Every goal's own target is what was shared out among its parts, less the surplus."""
    found = cascade(total, goal=ROOT, period=QUARTER, steps=steps)
    tree = tree_of(steps, found)
    derived = derive_targets(tree, SUM, found, PERIODS)
    assert derived[QUARTER][0] == total
    for end in range(len(steps)):
        before = cascade(total, goal=ROOT, period=QUARTER, steps=steps[:end])
        short = derive_targets(tree_of(steps[:end], before), SUM, before, PERIODS)
        shorter = tree_of(steps[:end], before)
        for period in before:
            for node, units in enumerate(short[period]):
                assert derived[period][tree.by_scope[shorter.scope[node]]] == units


@given(TOTALS, ways(st.just(Fraction(0))))
def test_in_any_order_there_is_the_same_root_and_exact_margins(total, steps):
    """The first cut decides a margin to the unit; the last one only follows it."""
    found = cascade(total, goal=ROOT, period=QUARTER, steps=steps)
    cells = [
        (codes, period, units)
        for period, column in found.items()
        for codes, units in column.items()
    ]
    assert sum(units for _, _, units in cells) == total
    margins = cascade(total, goal=ROOT, period=QUARTER, steps=steps[:1])
    for period, column in margins.items():
        for codes, units in column.items():
            below = (
                each
                for scope, part, each in cells
                if period.covers(part)
                and all(own in {ANY, code} for own, code in zip(codes, scope, strict=True))
            )
            assert sum(below) == units


@given(st.integers(0, 10**9), st.data())
def test_a_ragged_dimension_is_cut_level_by_level(total, data):
    top = data.draw(by_member(REGION, 1, (0, 1), st.just(Fraction(0))))
    below = data.draw(by_member(REGION, 1, (2, 3), st.just(Fraction(0))))
    found = cascade(total, goal=ROOT, period=QUARTER, steps=[top, below])
    tree = build_tree(Breakdown(["region"]), [PRODUCT, REGION], found[QUARTER])
    assert derive_targets(tree, SUM, found, [QUARTER])[QUARTER][0] == total
    once = cascade(total, goal=ROOT, period=QUARTER, steps=[top])
    column = derive_targets(tree, SUM, found, [QUARTER])[QUARTER]
    assert column[tree.by_path["华东"]] == once[QUARTER][ANY, 0]


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(
    st.integers(1000, 10**9),
    st.dictionaries(st.sampled_from([(0, ANY), (1, ANY)]), st.integers(0, 500)),
    st.data(),
)
def test_what_a_table_types_stays_and_the_total_still_comes_back(total, known, data):
    steps = data.draw(ways(st.just(Fraction(0))))
    by_product = [each for each in steps if isinstance(each, MemberStep) and not each.position]
    steps = by_product + [each for each in steps if each not in by_product]
    typed = {QUARTER: known}
    found = cascade(total, goal=ROOT, period=QUARTER, steps=steps, typed=typed)
    merged = {**found, QUARTER: {**found.get(QUARTER, {}), **known}}
    derived = derive_targets(tree_of(steps, merged), SUM, merged, PERIODS)
    tree = tree_of(steps, merged)
    assert derived[QUARTER][0] == total
    for codes, units in known.items():
        assert codes not in found.get(QUARTER, {})
        parts = [derived[month][tree.by_scope[codes]] for month in MONTHS]
        assert sum(parts) == units
