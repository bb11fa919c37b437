"""Roll-up, DESIGN section 4.

"parent = sum of children + unassigned for sums; ratio = ratio of sums; order of facts, order of
dimensions and number of splits of a leaf change nothing; any breakdown has the same root; add
then remove restores."
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.scope import decode_scope

from .worlds import ADDED, AMOUNTS, columns, facts_of, worlds


def lineage(dimension, name):
    """A member's name and those above it, by asking each for its parent."""
    parents = {member.name: member.parent for member in dimension.members}
    names = []
    while name is not None:
        names.append(name)
        name = parents[name]
    return names


def matching(world, scope):
    """The facts under every member of the scope."""
    return [
        fact
        for fact in world.facts
        if all(
            each.id not in scope
            or (
                each.id in fact.members
                and scope[each.id] in lineage(each, fact.members[each.id])
            )
            for each in world.dimensions
        )
    ]


def last_day(fact):
    return fact.on if isinstance(fact.on, date) else fact.on.last


def counted(world, facts, period):
    """Those of the facts that lie whole in the period and are over at ``as_of``."""
    found = []
    for fact in facts:
        first = fact.on if isinstance(fact.on, date) else fact.on.start
        if period.start <= first and last_day(fact) <= min(period.last, world.as_of):
            found.append(fact)
    return found


def balance(facts):
    """The latest balances of each combination of members, added up."""
    latest = {}
    for fact in facts:
        place = frozenset(fact.members.items())
        day, units = latest.get(place, (date.min, 0))
        if last_day(fact) > day:
            latest[place] = (last_day(fact), fact.values["debt"])
        elif last_day(fact) == day:
            latest[place] = (day, units + fact.values["debt"])
    return sum(units for _, units in latest.values()) if latest else None


def oracle(metric, facts):
    """What the facts come to, from scratch."""
    if metric == "rate":
        cash, sales = (sum(fact.values[part] for fact in facts) for part in ("cash", "sales"))
        return Fraction(100 * cash, sales) if sales else None
    having = [fact for fact in facts if metric in fact.values]
    values = [fact.values[metric] for fact in having]
    if metric in ADDED:
        return sum(values)
    if metric == "buyers":
        return len(set(values))
    if not values:
        return None
    made = {
        "debt": lambda: balance(having),
        "mean": lambda: Fraction(sum(values), len(values)),
        "most": lambda: max(values),
        "least": lambda: min(values),
    }
    return made[metric]()


@given(worlds())
def test_every_figure_is_what_a_count_from_scratch_gives(world):
    for card in world.hold():
        for node, codes in enumerate(card.tree.scope):
            facts = matching(world, decode_scope(codes, world.dimensions))
            for (metric, period), column in card.columns.items():
                expected = oracle(metric, counted(world, facts, period))
                assert column.actual[node] == expected, (card.tree.path[node], metric, period)


@given(worlds())
def test_a_parent_is_its_children_and_what_none_of_them_matches(world):
    for card in world.hold():
        scopes = [decode_scope(codes, world.dimensions) for codes in card.tree.scope]
        for metric in ADDED:
            for period in card.plan.periods:
                column = card.columns[metric, period]
                for node in range(len(card.tree)):
                    children = card.tree.children(node)
                    parts = sum(column.actual[child] for child in children)
                    taken = [
                        fact for child in children for fact in matching(world, scopes[child])
                    ]
                    left = [fact for fact in matching(world, scopes[node]) if fact not in taken]
                    alone = oracle(metric, counted(world, left, period)) if children else 0
                    assert column.unassigned[node] == alone
                    assert not children or column.actual[node] == parts + alone


@given(worlds(), st.data())
def test_the_order_of_facts_changes_nothing(world, data):
    shuffled = tuple(data.draw(st.permutations(world.facts)))
    for before, after in zip(world.hold(), world.hold(facts=shuffled), strict=True):
        assert columns(after) == columns(before)


@given(worlds(), st.data())
def test_the_order_of_dimensions_changes_nothing(world, data):
    shuffled = tuple(data.draw(st.permutations(world.dimensions)))
    for before, after in zip(world.hold(), world.hold(dimensions=shuffled), strict=True):
        assert columns(after) == columns(before)


@given(worlds(), st.data())
def test_any_breakdown_and_any_cut_has_the_same_root(world, data):
    ids = [each.id for each in world.dimensions]
    order = data.draw(st.permutations(ids))
    depth = data.draw(st.integers(0, len(ids)))
    drawn = Breakdown(order[:depth], every_member=data.draw(st.booleans()))
    cards = world.hold(breakdowns=(*world.breakdowns, drawn))
    cards = (*cards, cards[0].by(*order[:depth]))
    for place, first in cards[0].columns.items():
        assert {card.columns[place].actual[0] for card in cards} == {first.actual[0]}


@given(worlds(), st.data())
def test_adding_and_then_removing_restores(world, data):
    added = data.draw(facts_of(world.dimensions))
    values = {metric: added.values[metric] for metric in ADDED}
    removed = {metric: -units for metric, units in values.items()}
    both = (attrs.evolve(added, values=values), attrs.evolve(added, values=removed))
    at = data.draw(st.integers(0, len(world.facts)))
    more = (*world.facts[:at], *both, *world.facts[at:])
    for before, after in zip(world.hold(), world.hold(facts=more), strict=True):
        assert columns(after) == columns(before)


@given(worlds(), st.data(), AMOUNTS)
def test_splitting_a_fact_changes_nothing(world, data, part):
    whole = data.draw(facts_of(world.dimensions))
    values = {metric: whole.values[metric] for metric in ADDED}
    rest = {metric: units - part for metric, units in values.items()}
    pieces = [attrs.evolve(whole, values=each) for each in (rest, dict.fromkeys(ADDED, part))]
    one = world.hold(facts=(*world.facts, attrs.evolve(whole, values=values)))
    two = world.hold(facts=(*world.facts, *pieces))
    for before, after in zip(one, two, strict=True):
        assert columns(after) == columns(before)
