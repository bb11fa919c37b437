from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.composite import (
    Composite,
    MissingRule,
    ScoreRule,
    Weight,
    compose_score,
    rank_scores,
)
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Ownership, Target
from salesgoal.errors import UsageError

DAY = date(2023, 10, 31)


def card(targets, values):
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=[Metric(id="sales"), Metric(id="visits"), Metric(id="cash")],
        dimensions=[Dimension("rep", ["张三"])],
        targets=[
            Target(
                scope={"rep": "张三"},
                metric=metric,
                period="2023-10",
                target=amount,
                ownership=Ownership(owner="张三"),
            )
            for metric, amount in targets.items()
        ],
    )
    facts = [Actual(on=DAY, members={"rep": "张三"}, values=values)]
    return hold_against(plan, facts, as_of=DAY)[0]


def rule(missing="refuse", cap=None, floor=None):
    shares = {"sales": Fraction(3, 5), "visits": Fraction(2, 5)}
    return ScoreRule(
        weights=tuple(
            Weight(metric=metric, share=share, cap=cap, floor=floor)
            for metric, share in shares.items()
        ),
        missing=MissingRule(missing),
    )


def score(targets, values, **settings):
    return compose_score(card(targets, values), "张三", rule=rule(**settings), period="2023-10")


def test_a_score_is_the_weighted_sum_of_exact_attainments():
    found = score({"sales": 300, "visits": 8}, {"sales": 100, "visits": 4})
    assert found.score == Fraction(3, 5) * Fraction(1, 3) + Fraction(2, 5) * Fraction(1, 2)
    assert (found.owner, found.missing) == ("张三", ())
    assert (found.goal, found.period.label) == ("张三", "2023-10")


def test_caps_and_floors_bound_what_one_metric_does():
    found = score(
        {"sales": 100, "visits": 100},
        {"sales": 500, "visits": 1},
        cap=Fraction(6, 5),
        floor=Fraction(1, 2),
    )
    assert [part.counted for part in found.parts] == [Fraction(6, 5), Fraction(1, 2)]
    assert [part.ratio for part in found.parts] == [5, Fraction(1, 100)]


@pytest.mark.parametrize(
    ("missing", "expected"), [("refuse", None), ("zero", Fraction(3, 5)), ("reweigh", 1)]
)
def test_a_missing_metric_follows_the_rule(missing, expected):
    found = score({"sales": 100}, {"sales": 100}, missing=missing)
    assert found.score == expected
    assert [each.id for each in found.missing] == ["visits"]


@pytest.mark.parametrize(
    ("missing", "expected"), [("refuse", None), ("zero", 0), ("reweigh", None)]
)
def test_nothing_at_all_has_no_score_but_where_missing_is_zero(missing, expected):
    found = score({"cash": 1}, {"cash": 1}, missing=missing)
    assert found.score == expected


@pytest.mark.parametrize(("actual", "expected"), [(0, 1), (-1, Fraction(2, 5))])
def test_a_zero_target_counts_by_its_verdict(actual, expected):
    found = score({"sales": 0, "visits": 8}, {"sales": actual, "visits": 8})
    assert found.score == expected


@pytest.mark.parametrize("shares", [[Fraction(1, 2)], [Fraction(3, 2), Fraction(-1, 2)], []])
def test_weights_that_are_no_whole_are_refused(shares):
    with pytest.raises(UsageError, match="not to 1"):
        ScoreRule(weights=tuple(Weight(metric="sales", share=each) for each in shares))


def test_equal_scores_share_a_rank_and_those_without_stand_last():
    def made(goal, value):
        return Composite(goal=goal, owner=None, period=None, score=value, parts=())

    third = Fraction(1, 3)
    given = [made("a", third), made("x", None), made("b", 1), made("c", third), made("d", 0)]
    ranked = [(rank, each.goal) for rank, each in rank_scores(given)]
    assert ranked == [(1, "b"), (2, "a"), (2, "c"), (4, "d"), (None, "x")]
