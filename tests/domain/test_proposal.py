from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.target import Target

SALES = Metric(id="sales", decimals=2)
MONTHS = ("2023-10", "2023-11", "2023-12")
NOVEMBER = date(2023, 11, 1)


def typed(amount, period="2023Q4", metric="sales", **scope):
    return Target(metric=metric, scope=scope, period=period, target=amount)


def changed(made, goal, period, to, **more):
    """Goal and period -> before and after, in yuan."""
    effect = revise(made, propose(made, goal, period=period, to=to, **more))
    return {
        (each.goal, each.period.label): (amount(each.before), amount(each.after))
        for each in effect.changes
    }


def amount(units):
    return None if units is None else Decimal(units) / 100


def moved(*targets, **more):
    """张三 sits in 华东 up to 15 November and in 华南 from the 16th on."""
    rep = Dimension(
        "rep",
        [
            Member("华东"),
            Member("华南"),
            Member("张三", parent="华东", until=date(2023, 11, 15)),
            Member("张三", parent="华南", since=date(2023, 11, 16)),
            Member("李四", parent="华东"),
            Member("王五", parent="华南"),
        ],
    )
    made = {"metrics": [SALES], **more}
    return make_plan(name="Q4", period="2023Q4", dimensions=[rep], targets=targets, **made)


MOVED = moved(
    *(typed(60, month, rep="张三") for month in MONTHS),
    *(typed(30, month, rep="李四") for month in MONTHS),
    *(typed(40, month, rep="王五") for month in MONTHS),
)


def test_of_who_moved_the_seat_of_the_period_is_revised_however_the_goal_is_named():
    for goal in ("华东/张三", "华南/张三", {"rep": "张三"}):
        found = changed(MOVED, goal, "2023-10", 50)
        assert found["华东/张三", "2023-10"] == (60, 50)
        assert found["华东", "2023-10"] == (90, 80)
        assert not any(place.startswith("华南") for place, _ in found)


def test_a_revision_over_a_move_goes_to_both_seats_by_what_they_had():
    proposal = propose(MOVED, {"rep": "张三"}, period="2023-11", to=90)
    assert proposal.before == 60
    found = changed(MOVED, {"rep": "张三"}, "2023-11", 90)
    assert found["华东/张三", "2023-11"] == (30, 45)
    assert found["华南/张三", "2023-11"] == (30, 45)
    assert found["", "2023-11"] == (130, 160)
    quarter = changed(MOVED, {"rep": "张三"}, "2023Q4", 360)
    assert quarter["华东/张三", "2023Q4"] == (90, 180)
    assert quarter["华南/张三", "2023-12"] == (60, 120)


def test_who_moved_keeps_the_total_at_the_later_seats_and_among_both_teams():
    keep = {"rule": RevisionRule.KEEP_TOTAL}
    found = changed(MOVED, {"rep": "张三"}, "2023-10", 30, **keep)
    assert found["华东/张三", "2023-11"] == (30, Decimal("37.50"))
    assert found["华南/张三", "2023-12"] == (60, 75)
    assert ("", "2023Q4") not in found
    found = changed(MOVED, {"rep": "张三"}, "2023-11", 40, **keep, over=Over.SIBLINGS)
    assert (found["华东/李四", "2023-11"], found["华南/王五", "2023-11"]) == (
        (30, 40),
        (40, 50),
    )
    assert ("华东", "2023-11") not in found


def test_a_first_target_over_a_move_goes_by_days():
    made = moved(typed(10, rep="张三"), typed(30, "2023-12", rep="李四"))
    found = changed(made, {"rep": "张三"}, "2023-11", 30)
    assert found["华东/张三", "2023-11"] == (None, 15)
    assert found["华南/张三", "2023-11"] == (None, 15)
    ahead = {"rule": RevisionRule.FROM_NOW, "effective_on": NOVEMBER}
    assert changed(made, {"rep": "张三"}, "2023-11", 30, **ahead) == found


def test_a_balance_of_who_moved_is_revised_where_the_person_sits_last():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = moved(
        typed(10, "2023-10", metric="debt", rep="张三"),
        typed(20, "2023-12", metric="debt", rep="张三"),
        typed(5, metric="debt", rep="李四"),
        metrics=[debt],
    )
    assert propose(made, "", period="2023Q4", to=9).before == 25
    assert propose(made, {"rep": "张三"}, period="2023Q4", to=9).before == 20
    effect = revise(made, propose(made, {"rep": "张三"}, period="2023-12", to=9))
    assert {each.goal for each in effect.changes} == {"", "华南", "华南/张三"}
    mean = Metric(id="mean", aggregation=Aggregation.AVERAGE)
    made = moved(typed(10, metric="mean", rep="张三"), metrics=[mean])
    effect = revise(made, propose(made, {"rep": "张三"}, period="2023Q4", to=9))
    assert {each.goal for each in effect.changes} >= {"华东/张三", "华南/张三"}
