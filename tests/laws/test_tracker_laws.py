"""The tracker, DESIGN sections 4 and 7.

"One fact more costs O(depth)"; "add then remove restores"; "the pure path is the oracle": what
a tracker says after anything that happened is what a scorecard made at once from the facts that
remain says, column by column.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.domain.actual import Actual
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Member
from salesgoal.domain.membership import View
from salesgoal.domain.tracker import Tracker

from . import test_people_laws as people
from .trackers import EDITS, PACES, WORKDAYS, Model, edited, picture, steps_of
from .worlds import FIRST, LAST, METRICS, facts_of, worlds

SOME = settings(max_examples=max(10, settings().max_examples // 4))
"""An example is a whole story, held against a scorecard made at once."""

DAYS = st.dates(FIRST - timedelta(days=2), LAST + timedelta(days=4))


@st.composite
def models(draw):
    """A world with targets of all kinds, and what happens in it."""
    world = draw(worlds(most_facts=4))
    baseline = draw(st.sampled_from([None, 50]))
    metrics = [
        attrs.evolve(each, baseline=baseline) if each.id == "debt" else each for each in METRICS
    ]
    plan = attrs.evolve(
        world.plan(), pace=draw(PACES), workdays=draw(WORKDAYS), metrics=tuple(metrics)
    )
    plan = attrs.evolve(edited(plan, draw(EDITS)), original=None)
    model = Model(plan, world.as_of, facts=dict(enumerate(world.facts)))
    return model, draw(steps_of(facts_of(world.dimensions), DAYS)), world


@st.composite
def moving_models(draw):
    """People who move, share and stand beside, and what happens."""
    expert = Member(people.BESIDE, overlay=True)
    others = [row for row in draw(people.histories()).rows if row[0] != people.PEOPLE[0]]
    moved = draw(st.dates(people.FIRST + timedelta(9), people.LAST - timedelta(9)))
    seats = [(None, moved - timedelta(1)), (moved, None)]
    mover = [
        (people.PEOPLE[0], team, *days) for team, days in zip(people.TEAMS, seats, strict=False)
    ]
    dimension = people.History((*others, *mover)).members(expert)
    targets = draw(people.TARGETS)
    plan = people.plan_of(dimension, {**targets, people.BESIDE: 5})
    plan = attrs.evolve(edited(plan, draw(EDITS)), original=None)
    view = draw(st.sampled_from([View.AS_WAS, View.AS_WAS, View.AS_IS]))
    owed = [
        Actual(on=day, members={"rep": people.PEOPLE[0]}, values={"debt": units}, key=key)
        for key, (day, units) in zip("abcd", draw(OWED), strict=False)
    ]
    facts = {each.key: each for each in owed}
    as_of = draw(st.sampled_from([people.LAST, moved]) | people.TODAYS)
    model = Model(plan, as_of, view=view, facts=facts)
    return model, draw(steps_of(shared_facts(), people.TODAYS))


OWED = st.lists(st.tuples(people.TODAYS, st.integers(1, 99)), min_size=3, max_size=4)
"""Balances of one person, who may sit elsewhere on each of the days."""


@st.composite
def shared_facts(draw):
    """A fact of one, or shared by several with an expert beside, or of nobody known."""
    day = draw(people.TODAYS)
    values = draw(people.VALUES)
    product = draw(st.sampled_from([{}, {"product": "A"}, {"product": "B"}]))
    named = draw(st.lists(st.sampled_from(people.PEOPLE), max_size=3, unique=True))
    weights = draw(st.lists(st.integers(1, 5), min_size=len(named), max_size=len(named)))
    shares = [Fraction(each, sum(weights)) for each in weights]
    shared = [Credit("rep", *each) for each in zip(named, shares, strict=True)]
    if draw(st.booleans()):
        shared.append(Credit("rep", people.BESIDE))
    return Actual(on=day, members=product, values=values, credits=shared)


@SOME
@given(models())
def test_after_anything_it_says_what_a_scorecard_made_at_once_says(drawn):
    model, steps, _ = drawn
    for step in steps:
        model.do(step)
    model.agrees()


@SOME
@given(moving_models())
def test_so_it_does_where_people_move_share_and_stand_beside(drawn):
    model, steps = drawn
    for step in steps:
        model.do(step)
    model.agrees()


@SOME
@given(models())
def test_what_a_reader_was_given_never_changes(drawn):
    model, steps, _ = drawn
    given_out = []
    for step in steps:
        cards = model.tracker.snapshot()
        given_out.append((cards, picture(cards)))
        model.do(step)
    for cards, before in given_out:
        assert picture(cards) == before


@SOME
@given(models(), st.data())
def test_adding_and_then_removing_restores(drawn, data):
    model, steps, world = drawn
    for step in steps:
        model.do(step)
    before = picture(model.tracker.snapshot())
    added = data.draw(st.lists(facts_of(world.dimensions), min_size=1, max_size=3))
    told = [attrs.evolve(each, key=f"new {at}") for at, each in enumerate(added)]
    for each in told:
        model.tracker.add(each)
    for each in data.draw(st.permutations(told)):
        model.tracker.remove("", each.key)
    assert picture(model.tracker.snapshot()) == before


@SOME
@given(models(), st.data())
def test_the_order_of_facts_with_keys_of_their_own_changes_nothing(drawn, data):
    model, _, world = drawn
    facts = data.draw(st.lists(facts_of(world.dimensions), max_size=4))
    told = [attrs.evolve(each, key=f"new {at}") for at, each in enumerate(facts)]
    answers = []
    for order in (told, data.draw(st.permutations(told))):
        tracker = Tracker(model.plan, as_of=model.as_of)
        for each in order:
            tracker.add(each)
        answers.append(picture(tracker.snapshot()))
    assert answers[0] == answers[1]


@SOME
@given(models(), EDITS)
def test_revising_and_going_back_restores(drawn, edits):
    model, steps, _ = drawn
    for step in steps:
        model.do(step)
    plan, before = model.plan, picture(model.tracker.snapshot())
    model.tracker.revise(edited(plan, edits))
    model.tracker.revise(plan)
    assert picture(model.tracker.snapshot()) == before


@SOME
@given(models(), st.data())
def test_of_versions_of_a_fact_the_newest_counts_in_whatever_order_they_come(drawn, data):
    model, _, world = drawn
    facts = data.draw(st.lists(facts_of(world.dimensions), min_size=1, max_size=4))
    gone = data.draw(st.integers(0, len(facts)))
    versions = [
        attrs.evolve(each, key="a", revision=datetime(2024, 2, 1, 8, at, tzinfo=UTC))
        for at, each in enumerate(facts)
    ]
    for at in data.draw(st.permutations(range(len(versions)))):
        if at == gone:
            model.tracker.remove("", "a", revision=versions[at].revision)
        else:
            model.tracker.add(versions[at])
    if gone != len(versions) - 1:
        model.facts["a"] = versions[-1]
    model.agrees()
