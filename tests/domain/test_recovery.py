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
    """Week by week 200,000 is to be reached; 150, 180, 160 and 230 thousand are."""
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
        Actual(on=date(2023, 10, day), members=product, values={"sales": units})
        for day, units in reached
    ]
    card = hold_against(plan, facts, as_of=date.fromisoformat(as_of))[0]
    return judge_recovery(card, plan.reviews.actions[0]), card


def test_the_gap_of_the_next_week_is_held_against_what_was_expected():
    found, _ = judge(recovery=Decimal(40_000))
    assert (found.status, found.later.label) == (RecoveryStatus.JUDGED, "2023-10w2")
    assert (found.before, found.after, found.narrowed) == (50_000, 20_000, 30_000)
    assert found.share == Fraction(3, 4)


def test_the_later_period_does_not_end_before_the_action_is_due():
    found, _ = judge(due=date(2023, 10, 15), recovery=1)
    assert (found.later.label, found.narrowed) == ("2023-10w3", 10_000)


def test_a_gap_that_grew_narrowed_by_less_than_nothing():
    found, _ = judge(period="2023-10w2")
    assert (found.narrowed, found.share) == (-20_000, None)


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"as_of": "2023-10-13"}, RecoveryStatus.PENDING),
        ({"period": "2023-10w4"}, RecoveryStatus.NO_LATER_PERIOD),
        ({"period": "2023-10"}, RecoveryStatus.NO_LATER_PERIOD),
        ({"targets": WEEKS[:1]}, RecoveryStatus.NO_GAP),
    ],
)
def test_what_cannot_be_judged_says_why(settings, status):
    found, _ = judge(**settings)
    assert (found.status, found.narrowed, found.share) == (status, None, None)


def test_another_breakdowns_goal_is_refused():
    found, card = judge()
    with pytest.raises(UnknownName):
        judge_recovery(card, attrs.evolve(found.action, codes=(9,)))
