from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.recovery import RecoveryStatus, judge_recovery
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.errors import UnknownName

WEEKS = ("2023-10w1", "2023-10w2", "2023-10w3", "2023-10w4")


def judge(*, period="2023-10w1", due=None, recovery=None, as_of="2023-10-31", targets=WEEKS):
    """Week by week 200,000 is to be reached; 150, 180, 160 and 230 thousand are.

    Of B, which has no target, 7,000 are sold a week: its root is short of less than A.
    """
    product = {"product": "A"}
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH, Level.WEEK],
        metrics=[Metric(id="sales")],
        dimensions=[Dimension("product", ["A", "B"])],
        targets=[
            Target(scope=product, metric="sales", period=week, target=200_000)
            for week in targets
        ],
        reviews=[
            Review(scope=product, period=period, action="拜访", due_on=due, recovery=recovery)
        ],
    )
    reached = zip((3, 10, 17, 24), (150_000, 180_000, 160_000, 230_000), strict=True)
    facts = [
        Actual(on=date(2023, 10, day), members={"product": name}, values={"sales": units})
        for day, of_a in reached
        for name, units in (("A", of_a), ("B", 7_000))
    ]
    card = hold_against(plan, facts, as_of=date.fromisoformat(as_of))[0]
    return judge_recovery(card, plan.reviews.actions[0]), card


def test_the_gap_of_the_next_week_is_held_against_what_was_expected():
    found, _ = judge(recovery=Decimal(40_000))
    assert (found.status, found.later.label) == (RecoveryStatus.JUDGED, "2023-10w2")
    assert (found.before, found.after, found.narrowed) == (50_000, 20_000, 30_000)
    assert found.share == Fraction(3, 4)
    assert found.action.recovery_units == 40_000


def test_whatever_was_expected_above_nothing_is_held_against_it():
    assert judge(recovery=1)[0].share == 30_000
    assert judge(recovery=0)[0].share is None


def test_a_period_is_judged_from_its_last_day_on():
    assert judge(as_of="2023-10-14")[0].status is RecoveryStatus.JUDGED
    assert judge(as_of="2023-10-13")[0].status is RecoveryStatus.PENDING


def test_an_action_due_on_the_last_day_of_a_period_is_judged_by_it():
    assert judge(due=date(2023, 10, 14))[0].later.label == "2023-10w2"


def test_the_later_period_does_not_end_before_the_action_is_due():
    found, _ = judge(due=date(2023, 10, 15), recovery=1)
    assert (found.later.label, found.narrowed) == ("2023-10w3", 10_000)


def test_a_gap_that_grew_narrowed_by_less_than_nothing():
    found, _ = judge(period="2023-10w2")
    assert (found.narrowed, found.share) == (-20_000, None)


@pytest.mark.parametrize(
    ("settings", "status", "known"),
    [
        ({"as_of": "2023-10-13"}, RecoveryStatus.PENDING, ("2023-10w2", 50_000, None)),
        ({"period": "2023-10w4"}, RecoveryStatus.NO_LATER_PERIOD, (None, None, None)),
        ({"period": "2023-10"}, RecoveryStatus.NO_LATER_PERIOD, (None, None, None)),
        ({"targets": WEEKS[:1]}, RecoveryStatus.NO_GAP, ("2023-10w2", 50_000, None)),
        ({"targets": WEEKS[1:]}, RecoveryStatus.NO_GAP, ("2023-10w2", None, 20_000)),
    ],
)
def test_what_cannot_be_judged_says_why_and_what_is_known(settings, status, known):
    found, card = judge(**settings)
    later = found.later and found.later.label
    assert (found.status, found.narrowed, found.share) == (status, None, None)
    assert (later, found.before, found.after) == known
    assert found.action is card.plan.reviews.actions[0]


def test_another_breakdowns_goal_is_refused():
    found, card = judge()
    with pytest.raises(UnknownName) as refused:
        judge_recovery(card, attrs.evolve(found.action, codes=(9,)))
    assert (refused.value.kind, refused.value.name) == ("goal of this breakdown", "of action 1")
