from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.domain.proposal import Over, RevisionRule, make_task
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.target import MEASURES, Target
from salesgoal.domain.work_calendar import WorkdayTable
from salesgoal.errors import RevisionRefused, UnknownName

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


def refused(made, goal, period, to, **more):
    with pytest.raises(RevisionRefused) as caught:
        revise(made, propose(made, goal, period=period, to=to, **more))
    return caught.value.problems[0]


def test_a_refusal_says_where_and_how_much():
    keep = {"rule": RevisionRule.KEEP_TOTAL}
    found = refused(MOVED, "华东/李四", "2023-10", Decimal("90.01"), **keep)
    assert found.where == Place("Q4", key="李四, sales, 2023-10")
    assert dict(found.facts) == {"amount": "-0.01", "at": "2023-11"}
    assert refused(MOVED, "", "2023-12", 1, **keep).where.key == "Q4, sales, 2023-12"


def test_those_who_take_may_come_down_to_zero_and_below_where_the_metric_allows_it():
    keep = {"rule": RevisionRule.KEEP_TOTAL}
    found = changed(MOVED, "华东/李四", "2023-10", 90, **keep)
    assert found["华东/李四", "2023-12"] == (30, 0)
    loss = Metric(id="sales", decimals=2, negative=True)
    made = moved(*(typed(30, month, rep="李四") for month in MONTHS), metrics=[loss])
    assert changed(made, "华东/李四", "2023-10", 100, **keep)["华东/李四", "2023-12"] == (
        30,
        -5,
    )


def test_scope_names_of_several_dimensions_stand_as_a_path():
    made = make_plan(
        name="Q4",
        period="2023Q4",
        metrics=[SALES],
        dimensions=[Dimension("rep", ["李四"]), Dimension("product", ["A"])],
        targets=[typed(5, "2023-10", rep="李四", product="A")],
    )
    keep = {"rule": RevisionRule.KEEP_TOTAL}
    assert refused(made, "李四/A", "2023-10", 1, **keep).where.key == "李四/A, sales, 2023-10"


def changes(made, goal, period, to):
    """Goal and period -> what was typed and is typed now."""
    names = {
        codes: path
        for tree in made.trees
        for path, codes in zip(tree.path, tree.scope, strict=True)
    }
    task = make_task(made, propose(made, goal, period=period, to=to))
    return {(names[codes], each.label): both for (codes, each), both in task.changes().items()}


def test_a_count_of_customers_is_set_alone_and_over_a_move_by_workdays():
    buyers = Metric(id="buyers", aggregation=Aggregation.DISTINCT)
    targets = [
        typed(10, month, metric="buyers", rep=name)
        for month in MONTHS
        for name in ("张三", "李四")
    ]
    made = moved(*targets, metrics=[buyers])
    assert changes(made, {"rep": "张三"}, "2023-11", 20) == {
        ("华东/张三", "2023-11"): (5, 10),
        ("华南/张三", "2023-11"): (5, 10),
    }
    assert changes(made, {"rep": "李四"}, "2023-11", 10) == {}
    only_late = WorkdayTable(
        "late", {date(2023, 10, 1) + timedelta(n): n > 45 for n in range(92)}
    )
    late = moved(*targets, metrics=[buyers], workdays=only_late)
    assert changes(late, {"rep": "张三"}, "2023-11", 20)["华南/张三", "2023-11"] == (10, 20)


def test_the_first_quarter_of_a_goal_whose_children_have_months_takes_nothing_of_a_balance():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = moved(typed(7, metric="debt", rep="李四"), metrics=[debt])
    assert changes(made, "华东", "2023-10", 5) == {
        ("华东", "2023-10"): (None, 5),
        ("华东", "2023Q4"): (None, 7),
    }
    typed_too = moved(
        typed(7, metric="debt", rep="李四"), typed(8, metric="debt", rep="华东"), metrics=[debt]
    )
    assert changes(typed_too, "华东", "2023-10", 5) == {("华东", "2023-10"): (None, 5)}


def unknown(made, **changes):
    """What is said when a proposal with these changes is looked at."""
    proposal = propose(made, "华东/李四", period="2023-10", to=1)
    with pytest.raises(UnknownName) as caught:
        make_task(made, attrs.evolve(proposal, **changes))
    return caught.value.kind, caught.value.name, caught.value.nearest


def test_what_a_plan_lacks_is_named():
    assert unknown(MOVED, measure="hope") == ("measure", "hope", MEASURES)
    assert unknown(MOVED, goal={"rep": "华南"}, period="2024Q1") == (
        "period of this plan",
        "2024Q1",
        ("2023Q4",),
    )
    lonely = moved(typed(30, rep="李四"))
    proposal = propose(lonely, "华东/李四", period="2023Q4", to=1)
    with pytest.raises(UnknownName) as caught:
        make_task(lonely, attrs.evolve(proposal, goal={"rep": "王五"}))
    assert (caught.value.kind, caught.value.name) == ("goal", "王五")


def test_a_refusal_says_what_stands_in_the_way():
    closed = attrs.evolve(MOVED, closed=(MOVED.parse("2023-10"),))
    found = refused(closed, "华东/李四", "2023-10", 1)
    assert (found.code, found.facts["closed"]) == ("period-closed", "2023-10")
    found = refused(MOVED, "华东/李四", "2023-10", -5)
    assert (found.facts["amount"], found.facts["at"]) == ("-5.00", "2023-10")
    crossing = moved(typed(30, "2023-10w2", rep="李四"), typed(9, "2023-10t1", rep="王五"))
    found = refused(crossing, "华东/李四", "2023-10t1", 1)
    assert (found.code, found.facts["other"]) == ("revision-crosses", "2023-10w2")
