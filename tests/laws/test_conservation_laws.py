"""Conservation, DESIGN section 1.

"Every figure adds up to the fen, by construction, at every node, for every period, in every
breakdown; what fits nowhere is shown as unassigned, never lost. Source total = root +
rejected + outside, printed on every report."
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.condense import empty_cells
from salesgoal.domain.reconciliation import NotConserved, RowCounts, reconcile
from salesgoal.domain.scope import encode_scope
from salesgoal.domain.scorecard import score

from .worlds import ADDED, worlds

OUTCOMES = ("accepted", "outside_period", "rejected", "duplicate", "ignored")
COUNTS = st.lists(st.integers(0, 99), min_size=len(OUTCOMES), max_size=len(OUTCOMES))


def book(world, refused):
    """Cells of the world's facts, those at ``refused`` rejected, and what was read."""
    plan = world.plan()
    cells = empty_cells(plan, world.as_of)
    control = dict.fromkeys(ADDED, 0)
    for at, fact in enumerate(world.facts):
        base = cells.base(encode_scope(fact.members, plan.dimensions))
        slot = cells.rejected if at in refused else cells.slot(fact.on)
        for name in ADDED:
            value = fact.values[name]
            cells.book(base, slot, plan.metric(name), value, getattr(fact.on, "last", fact.on))
            control[name] += value
    return plan, cells, control


def counts_outside(world, fact):
    first, last = getattr(fact.on, "start", fact.on), getattr(fact.on, "last", fact.on)
    own = world.plan().period
    return first < own.start or last > min(own.last, world.as_of)


@given(worlds(), st.sets(st.integers(0, 4)))
def test_root_outside_and_rejected_are_what_was_read(world, refused):
    plan, cells, control = book(world, refused)
    for card in score(plan, cells, {}, world.as_of):
        found = reconcile(card, control)
        for name in ADDED:
            amounts = {"outside_period": 0, "rejected": 0, "root": 0}
            for at, fact in enumerate(world.facts):
                place = "outside_period" if counts_outside(world, fact) else "root"
                amounts["rejected" if at in refused else place] += fact.values[name]
            one = found[name]
            assert one.read == control[name] == sum(amounts.values())
            assert {place: getattr(one, place) for place in amounts} == amounts


@given(worlds())
def test_what_no_leaf_holds_is_unassigned(world):
    plan, cells, control = book(world, ())
    for card in score(plan, cells, {}, world.as_of):
        column = card.columns["sales", plan.period]
        leaves = [node for node in range(len(card.tree)) if not card.tree.children(node)]
        held = sum(column.actual[node] for node in leaves)
        assert reconcile(card, control)["sales"].unassigned == column.actual[0] - held


@given(worlds(), st.data(), st.integers(1, 99))
def test_a_cell_that_was_tampered_with_is_noticed(world, data, amount):
    plan, cells, control = book(world, ())
    metric = data.draw(st.sampled_from(ADDED))
    at = data.draw(st.integers(0, len(cells.units(metric)) - 1))
    cells.units(metric)[at] += amount
    for card in score(plan, cells, {}, world.as_of):
        with pytest.raises(NotConserved):
            reconcile(card, control)


@given(worlds(), st.integers(1, 99))
def test_a_span_that_was_tampered_with_is_noticed(world, amount):
    plan, cells, control = book(world, ())
    for place in cells.spans["sales"]:
        cells.spans["sales"][place] += amount
        (card, *_) = score(plan, cells, {}, world.as_of)
        with pytest.raises(NotConserved):
            reconcile(card, control)
        cells.spans["sales"][place] -= amount


@given(COUNTS, COUNTS, st.integers(-9, 9))
def test_every_row_has_exactly_one_outcome(one, other, lost):
    counts = [
        RowCounts(read=sum(each), **dict(zip(OUTCOMES, each, strict=True)))
        for each in (one, other)
    ]
    assert (counts[0] + counts[1]).read == sum(one) + sum(other)
    if lost:
        with pytest.raises(NotConserved):
            RowCounts(read=sum(one) + lost, **dict(zip(OUTCOMES, one, strict=True)))
