"""The seed's example: A product misses 800,000 by 110,000 in October."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.gap_ledger import open_gap_ledger
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.errors import UnknownName

REGION, PRODUCT = Dimension("region", ["华东", "华南"]), Dimension("product", ["A", "B"])
AS_OF = date(2023, 12, 31)
MEAN = Metric(id="mean", aggregation=Aggregation.AVERAGE)


def said(amount, period="2023-10", code="budget_delay", row=2, metric=None, **scope):
    return Review(
        scope=scope,
        period=period,
        code=code,
        amount=amount,
        metric=metric,
        where=Place("r.csv", row=row),
    )


def ledger(*reviews, actual=690_000, breakdowns=(["product", "region"],), more=0):
    plan = make_plan(
        name="四季度",
        period="2023Q4",
        levels=[Level.QUARTER, Level.MONTH],
        metrics=[Metric(id="sales"), Metric(id="debt", aggregation=Aggregation.LAST), MEAN],
        dimensions=[REGION, PRODUCT],
        breakdowns=breakdowns,
        targets=[
            Target(scope={"product": "A"}, metric="sales", period="2023-10", target=800_000),
            Target(scope={"product": "B"}, metric="sales", period="2023-10", target=700_000),
            Target(
                scope={"product": "A", "region": "华东"},
                metric="sales",
                period="2023-10",
                target=800_000,
            ),
            Target(scope={"product": "A"}, metric="debt", period="2023-10", target=100),
        ],
        reviews=reviews,
    )
    day = date(2023, 10, 6)
    east = {"product": "A", "region": "华东"}
    facts = [
        Actual(on=day, members=east, values={"sales": actual, "debt": 130}),
        Actual(on=day, members={"product": "B"}, values={"sales": 700_000 + more}),
    ]
    return [open_gap_ledger(card) for card in hold_against(plan, facts, as_of=AS_OF)]


def test_causes_and_what_is_unexplained_make_the_gap():
    (found,) = ledger(said(60_000, product="A"), said(20_000, code="谈判能力不足", product="A"))
    line = found.line("A", metric="sales", period="2023-10")
    assert line.row.gap == 110_000
    assert (line.by_kind(CauseKind.OBJECTIVE), line.by_kind(CauseKind.SUBJECTIVE)) == (
        60_000,
        20_000,
    )
    assert (line.explained, line.unexplained, line.is_over_explained) == (80_000, 30_000, False)


def test_what_is_explained_at_a_child_is_explained_below_at_its_parents_and_longer_periods():
    (found,) = ledger(said(60_000, product="A", region="华东"))
    for goal, period in (("A", "2023-10"), ("", "2023-10"), ("", "2023Q4")):
        line = found.line(goal, metric="sales", period=period)
        assert (line.explanations, line.below_units, line.unexplained) == ((), 60_000, 50_000)
    assert found.line("B", metric="sales", period="2023-10").explained == 0


def test_a_goal_of_another_breakdown_is_below_the_goals_that_hold_it():
    first, second = ledger(
        said(60_000, region="华东"),
        breakdowns=(["product", "region"], Breakdown(["region"], every_member=True)),
    )
    assert first.line(metric="sales", period="2023-10").below_units == 60_000
    assert first.line("A", metric="sales", period="2023-10").below_units == 0
    assert len(second.line("华东", metric="sales", period="2023-10").explanations) == 1


def test_balances_are_explained_over_the_tree_but_not_over_time():
    (found,) = ledger(said(30, product="A", metric="debt"))
    october = found.line(metric="debt", period="2023-10")
    assert (october.below_units, october.unexplained) == (30, -60)
    assert found.line(metric="debt", period="2023Q4").explained == 0


def test_averages_are_explained_only_where_it_is_said():
    (found,) = ledger(said(3, product="A", metric="mean"))
    assert found.line("A", metric="mean", period="2023-10").explained == 3
    assert found.line(metric="mean", period="2023-10").explained == 0
    assert found.line("A", metric="mean", period="2023Q4").explained == 0


def test_unmet_goals_are_listed_with_their_gap_though_nobody_explains_it():
    (found,) = ledger()
    listed = {
        (line.row.goal, line.row.period.label): line.unexplained for line in found.lines()
    }
    assert listed["A", "2023-10"] == 110_000
    assert ("B", "2023-10") not in listed


def test_too_many_causes_show_below_zero_and_are_reported_once():
    (found,) = ledger(said(90_000, product="A", row=7), said(30_000, product="A", row=8))
    line = found.line("A", metric="sales", period="2023-10")
    assert (line.unexplained, line.is_over_explained) == (-10_000, True)
    (one,) = found.problems()
    assert (one.code, one.where.row) == ("over-explained", 7)
    assert one.facts["rest"] == "10,000"


def test_a_sibling_that_did_better_makes_no_cause_too_many():
    (found,) = ledger(said(110_000, product="A"), more=10_000)
    root = found.line(metric="sales", period="2023-10")
    assert (root.row.gap, root.unexplained) == (100_000, -10_000)
    assert not root.is_over_explained
    assert not list(found.problems())


def test_causes_here_and_below_are_too_many_together():
    (found,) = ledger(
        said(110_000, product="A", region="华东", row=3), said(50_000, product="A", row=9)
    )
    assert [(each.where.row, each.facts["goal"]) for each in found.problems()] == [(9, "A")]


@pytest.mark.parametrize(
    ("amount", "actual", "over"),
    [(0, 800_000, False), (5, 800_000, True), (-20, 800_020, False), (-30, 800_020, True)],
)
def test_a_met_goal_may_be_explained_too(amount, actual, over):
    (found,) = ledger(said(amount, product="A", region="华东"), actual=actual)
    line = found.line("A/华东", metric="sales", period="2023-10")
    assert line.is_over_explained is over


def test_without_a_gap_nothing_is_unexplained():
    (found,) = ledger(said(5, period="2023-12", product="A"))
    line = found.line("A", metric="sales", period="2023-12")
    assert (line.row.gap, line.explained, line.unexplained) == (None, 5, None)
    assert not line.is_over_explained


def test_unknown_goals_are_refused():
    (found,) = ledger()
    with pytest.raises(UnknownName):
        found.line("C", metric="sales", period="2023-10")


def test_what_is_said_of_an_overlay_explains_nothing_above_it():
    rep = Dimension("rep", [Member("张三"), Member("专家", overlay=True)])
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=[Metric(id="sales")],
        dimensions=[REGION, rep],
        breakdowns=[Breakdown(["rep"], every_member=True), Breakdown(["region"])],
        reviews=[
            Review(scope={"rep": name}, period="2023-10", code="price_cut", amount=amount)
            for name, amount in (("张三", 1), ("专家", 10))
        ],
    )
    first, second = map(open_gap_ledger, hold_against(plan, [], as_of=AS_OF))
    assert first.line("专家", metric="sales", period="2023-10").explained == 10
    assert first.line(metric="sales", period="2023-10").explained == 1
    assert second.line(metric="sales", period="2023-10").explained == 1


def test_a_gap_by_cause_counts_a_cause_wherever_it_was_named_and_closes():
    own = Review(scope={"product": "A"}, period="2023-10", cause="天气", amount=5_000)
    (found,) = ledger(
        said(60_000, product="A", region="华东"),
        said(10_000, product="A"),
        own,
        said(-30_000, code="谈判能力不足", product="A"),
        attrs.evolve(own, amount=2_000),
        attrs.evolve(own, amount=None, kind=CauseKind.OBJECTIVE),
    )
    line = found.line(metric="sales", period="2023Q4")
    shares = [
        (each.cause and each.cause.code, each.text, each.kind, each.units, each.remarks)
        for each in line.by_cause()
    ]
    assert shares == [
        ("budget_delay", None, CauseKind.OBJECTIVE, 70_000, 2),
        ("weak_negotiation", None, CauseKind.SUBJECTIVE, -30_000, 1),
        (None, "天气", None, 7_000, 2),
        (None, "天气", CauseKind.OBJECTIVE, 0, 1),
    ]
    assert sum(each.units for each in line.by_cause()) + line.unexplained == line.row.gap


@pytest.mark.parametrize(
    ("actual", "amount", "gap", "explained", "rest"),
    [
        (690_000, 150_000, "110,000", "150,000", "40,000"),
        (810_000, -30_000, "-10,000", "-30,000", "20,000"),
    ],
)
def test_what_is_explained_too_much_is_said_as_an_amount_either_way(
    actual, amount, gap, explained, rest
):
    (found,) = ledger(said(amount, product="A"), actual=actual)
    (problem,) = found.problems()
    assert (problem.facts["goal"], problem.facts["period"]) == ("A", "2023-10")
    assert {name: problem.facts[name] for name in ("gap", "explained", "rest")} == {
        "gap": gap,
        "explained": explained,
        "rest": rest,
    }


def test_of_the_whole_plan_too_much_is_said_by_its_name():
    (found,) = ledger(said(150_000))
    assert [each.facts["goal"] for each in found.problems()] == ["四季度"]


def test_a_cause_that_nobody_measured_explains_nothing_and_is_listed():
    (found,) = ledger(said(None, product="A"), actual=800_000)
    line = found.line("A", metric="sales", period="2023-10")
    assert (line.by_kind(CauseKind.OBJECTIVE), line.explained) == (0, 0)
    listed = [(each.row.goal, each.row.period.label) for each in found.lines()]
    assert ("A", "2023-10") in listed
