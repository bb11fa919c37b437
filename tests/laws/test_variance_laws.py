"""Every gap is the sum of its parts: by child, driver and cause; scores keep their bounds.

Protects: "where did the shortfall come from" answers that leave a rest nobody explains.
"""

from __future__ import annotations

from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.attainment import Status
from salesgoal.domain.cause import DEFAULT_CAUSES, CauseKind
from salesgoal.domain.composite import (
    MissingRule,
    ScoreRule,
    Weight,
    compose_score,
    rank_scores,
)
from salesgoal.domain.condense import hold_against
from salesgoal.domain.driver import round_to_total, split_by_driver
from salesgoal.domain.gap_ledger import open_gap_ledger
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.domain.variance import PartKind, split_by_child

from .worlds import LEVELS, WHOLE, IsoWeeks, worlds

ADDED = ("sales", "cash", "debt", "buyers")
MONTH = IsoWeeks().at(LEVELS[1], WHOLE.start)


class Cards(list):
    """Scorecards that say what they are of in few words, so that a failing law can be read."""

    def __repr__(self):
        plan = self[0].plan
        said = [(each.scope, each.metric, str(each.period), each.amount) for each in self.given]
        typed = [
            (each.scope, each.metric, str(each.period), each.target) for each in self.targets
        ]
        sold = [(str(each.on), each.members, each.values) for each in self.facts]
        turned = plan.metric("sales").direction
        return f"{turned} as of {self[0].as_of}: targets {typed}, facts {sold}, causes {said}"


@st.composite
def judged(draw):
    """A world's plan with targets of any metric typed at any of its goals, and its cards."""
    world = draw(worlds())
    turned = draw(st.booleans())
    way = Direction.MINIMISE if turned else Direction.MAXIMISE
    metrics = (
        Metric(id="sales", direction=way, negative=True),
        Metric(id="cash", negative=True),
        Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales"), negative=True),
        Metric(id="price", decimals=2, aggregation=Ratio("sales", "cash"), negative=True),
        Metric(id="debt", aggregation=Aggregation.LAST, direction=way, negative=True),
        Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    )
    scopes = [{}, *world.scopes]
    names = ["sales", "cash", "price", "debt", "buyers"]
    places = st.tuples(
        st.sampled_from(scopes), st.sampled_from(names), st.sampled_from([WHOLE, MONTH])
    )
    chosen = draw(st.lists(places, unique_by=str, max_size=12))
    typed = {(str(scope), "sales", WHOLE): (scope, 9) for scope in world.scopes}
    for scope, name, period in chosen:
        typed[str(scope), name, period] = (scope, draw(st.integers(0, 900)))
    targets = [
        Target(scope=scope, metric=name, period=period, target=amount)
        for (_, name, period), (scope, amount) in typed.items()
    ]
    scored = st.tuples(places, st.integers(-500, 500), st.sampled_from(DEFAULT_CAUSES))
    reviews = [
        Review(scope=scope, metric=name, period=period, code=cause.code, amount=amount)
        for (scope, name, period), amount, cause in draw(st.lists(scored, max_size=6))
    ]
    plan = make_plan(
        name="world",
        period=WHOLE,
        metrics=metrics,
        dimensions=world.dimensions,
        breakdowns=world.breakdowns,
        targets=targets,
        reviews=reviews,
        calendar=IsoWeeks(),
        levels=LEVELS,
    )
    plain = {metric.id for metric in metrics}
    facts = [
        attrs.evolve(each, values={k: v for k, v in each.values.items() if k in plain})
        for each in world.facts
    ]
    cards = Cards(hold_against(plan, facts, as_of=world.as_of))
    cards.targets, cards.facts, cards.given = targets, facts, reviews
    return cards


@given(cards=judged())
def test_the_parts_of_every_gap_by_child_add_up_to_it(cards):
    for card in cards:
        for path in card.tree.path:
            for metric in ADDED:
                for period in card.plan.periods:
                    found = split_by_child(card, path, metric=metric, period=period)
                    row = card.row(path, metric=metric, period=period)
                    if found is None:
                        assert row.gap is None or row.leaf
                        continue
                    assert found.difference == 0
                    assert found.gap == row.gap
                    named = [part.goal for part in found.parts if part.goal is not None]
                    children = card.tree.counted_children(card.tree.node(path))
                    assert named == [card.tree.path[node] for node in children]
                    for part in found.parts:
                        if part.kind is PartKind.GAP:
                            child = card.row(part.goal, metric=metric, period=period)
                            assert part.effect == child.gap


@given(cards=judged())
def test_unassigned_and_mismatch_are_those_of_the_scorecard(cards):
    for card in cards:
        for path in card.tree.path:
            row = card.row(path, metric="cash", period=WHOLE)
            found = split_by_child(card, path, metric="cash", period=WHOLE)
            effects = {part.kind: part.effect for part in found.parts} if found else {}
            if found is not None:
                assert effects.get(PartKind.UNASSIGNED, 0) == -row.unassigned
                if row.mismatch is not None:
                    assert effects.get(PartKind.MISMATCH, 0) == row.mismatch


@given(cards=judged())
def test_the_effects_of_every_driver_add_up_to_the_gap_and_so_do_the_amounts_shown(cards):
    for card in cards:
        for path in card.tree.path:
            for ratio in ("price", "rate"):
                for period in card.plan.periods:
                    found = split_by_driver(card, path, ratio=ratio, period=period)
                    if found is not None:
                        metric = found.metric.id
                        assert found.difference == 0
                        assert found.gap == card.row(path, metric=metric, period=period).gap
                        assert sum(found.shown().values()) == found.gap


@given(cards=judged())
def test_causes_and_what_is_unexplained_add_up_to_every_gap(cards):
    for card in cards:
        ledger = open_gap_ledger(card)
        for path in card.tree.path:
            for metric in card.plan.metrics:
                for period in card.plan.periods:
                    line = ledger.line(path, metric=metric.id, period=period)
                    kinds = (*CauseKind, None)
                    own = sum(line.by_kind(kind) for kind in kinds)
                    assert line.explained == own + line.below_units
                    assert sum(each.units for each in line.by_cause()) == line.explained
                    if line.row.gap is None:
                        assert line.unexplained is None
                    else:
                        assert line.explained + line.unexplained == line.row.gap


@given(cards=judged())
def test_what_adds_up_is_explained_at_the_root_once_and_in_full(cards):
    for card in cards:
        line = open_gap_ledger(card).line(metric="sales", period=WHOLE)
        named = [
            each.amount_units
            for each in card.plan.reviews.explanations
            if each.metric == "sales" and WHOLE.covers(each.period)
        ]
        assert line.explained == sum(named)


@given(
    cards=judged(),
    share=st.fractions(0, 1),
    cap=st.none() | st.fractions(1, 2),
    floor=st.none() | st.fractions(0, 1),
    missing=st.sampled_from(MissingRule),
)
def test_a_score_lies_between_its_floors_and_caps_and_ranks_by_its_exact_value(
    cards, share, cap, floor, missing
):
    pairs = (("sales", share), ("cash", 1 - share))
    weights = tuple(Weight(metric=m, share=s, cap=cap, floor=floor) for m, s in pairs)
    rule = ScoreRule(weights=weights, missing=missing)
    card = cards[0]
    scores = [compose_score(card, path, rule=rule, period=WHOLE) for path in card.tree.path]
    for each in scores:
        if each.score is None:
            assert missing is not MissingRule.ZERO
            assert each.missing or not any(part.share for part in each.parts)
            continue
        assert cap is None or each.score <= cap
        assert floor is None or each.missing or each.score >= floor
        if missing is not MissingRule.ZERO or not each.missing:
            assert sum(part.share for part in each.parts) in {0, 1}
        if missing is MissingRule.REFUSE:
            assert all(part.status in {Status.MET, Status.UNMET} for part in each.parts)
    ranked = rank_scores(scores)
    assert len(ranked) == len(scores)
    for rank, each in ranked:
        better = [
            one
            for one in scores
            if None not in {one.score, each.score} and one.score > each.score
        ]
        assert rank == (None if each.score is None else len(better) + 1)


@given(values=st.lists(st.fractions(-100, 100, max_denominator=60), max_size=6))
def test_rounded_parts_are_next_to_their_values_and_add_up(values):
    rest = Fraction(round(sum(values)) - sum(values))
    parts = round_to_total([*values, rest], round(sum(values)))
    assert sum(parts) == round(sum(values))
    for part, value in zip(parts, [*values, rest], strict=True):
        assert abs(part - value) < 1
