"""A portion is a part of the whole: its figures are the whole's, and nothing else is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.attainment import Status
from salesgoal.domain.cumulative import cumulate, tile_plan
from salesgoal.domain.reconciliation import reconcile_subtree
from salesgoal.domain.subtree import member_goals, take_subtree

from .worlds import METRICS, worlds


@given(worlds(), st.data())
def test_the_rows_of_a_subtree_are_those_of_the_whole(world, data):
    cards = world.hold()
    card = data.draw(st.sampled_from(cards))
    node = data.draw(st.integers(0, len(card.tree) - 1))
    parts = take_subtree(cards, card.tree.scope[node])
    for part in parts:
        whole = next(each for each in cards if each.tree.breakdown == part.tree.breakdown)
        goal = part.tree.path[0]
        expected = list(whole.rows(goal=goal or None))
        found = list(part.rows())
        assert [(row.goal, row.metric.id, row.period) for row in found] == [
            (row.goal, row.metric.id, row.period) for row in expected
        ]
        for mine, theirs in zip(found, expected, strict=True):
            assert (mine.target, mine.actual, mine.gap, mine.unassigned, mine.mismatch) == (
                theirs.target,
                theirs.actual,
                theirs.gap,
                theirs.unassigned,
                theirs.mismatch,
            )
            assert mine.progress == theirs.progress


@given(worlds(), st.data())
def test_the_last_cumulated_figure_is_the_goals_own(world, data):
    cards = world.hold()
    card = data.draw(st.sampled_from(cards))
    node = data.draw(st.integers(0, len(card.tree) - 1))
    for part in take_subtree(cards, card.tree.scope[node]):
        found = cumulate(part)
        begun = tile_plan(part.plan)[-1].start <= part.as_of
        for metric in METRICS:
            row = part.row(metric=metric.id, period=part.plan.period)
            last = found[metric.id][-1]
            assert last.target == row.target
            if begun and row.status is not Status.NO_DATA:
                assert last.actual == row.actual


@given(worlds(), st.data())
def test_a_portion_reconciles_and_the_portions_of_a_dimension_are_apart(world, data):
    cards = world.hold()
    dimension = data.draw(st.sampled_from([each.id for each in world.dimensions]))
    for scopes in member_goals(cards, dimension).values():
        for codes in scopes:
            part = take_subtree(cards, codes)[0]
            for name, one in reconcile_subtree(part).items():
                assert one.read == one.root + one.outside_period + one.rejected
                column = part.columns[name, part.plan.period]
                assert one.root == column.actual[0]
