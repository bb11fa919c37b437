"""Every public value can be drawn, and the simplest one is simple."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import salesgoal
from salesgoal.domain.condense import hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan import make_plan
from salesgoal.domain.share_rule import split
from salesgoal.ports.guard import page_fault
from salesgoal.ports.importer import Page, RawRow
from salesgoal.testing import strategies as kit

RARE = settings(max_examples=2000, phases=[Phase.generate], database=None, derandomize=True)
FEWER = settings(max_examples=settings.default.max_examples // 4)
PLANS = kit.plans(moves=True)
METRIC_SETS = kit.metric_sets()
REVIEWS = PLANS.flatmap(lambda plan: kit.reviews(plan).map(lambda review: (plan, review)))
CARDS = kit.plan_days().map(lambda day: hold_against(day.plan, day.facts, as_of=day.as_of)[0])
FACTS = PLANS.flatmap(kit.actuals)
OF_TYPE = {
    salesgoal.Actual: FACTS,
    salesgoal.Attainment: kit.attainments(),
    salesgoal.Breakdown: kit.breakdowns(["region", "rep"]).map(lambda found: found[0]),
    salesgoal.Credit: FACTS.filter(lambda fact: fact.credits).map(lambda fact: fact.credits[0]),
    salesgoal.Dimension: kit.dimensions(),
    salesgoal.ExplicitCalendar: kit.explicit_calendars(),
    salesgoal.Member: kit.dimensions().map(lambda dimension: dimension.given[0]),
    salesgoal.Metric: kit.metrics(),
    salesgoal.MonthCalendar: kit.month_calendars(),
    salesgoal.Ownership: kit.ownerships(),
    salesgoal.Period: kit.periods(),
    salesgoal.Place: kit.places(),
    salesgoal.Plan: PLANS,
    salesgoal.Problem: kit.problems(),
    salesgoal.Ratio: METRIC_SETS.map(lambda found: [m.aggregation for m in found])
    .filter(lambda found: any(isinstance(each, salesgoal.Ratio) for each in found))
    .map(lambda found: next(each for each in found if isinstance(each, salesgoal.Ratio))),
    salesgoal.Review: REVIEWS.map(lambda pair: pair[1]),
    salesgoal.ScoreRow: CARDS.map(lambda card: next(iter(card.rows()))),
    salesgoal.Scorecard: CARDS,
    salesgoal.ShareRule: kit.share_rules(),
    salesgoal.Target: kit.targets(
        MonthCalendar(),
        MonthCalendar().at(salesgoal.Level.QUARTER, date(2024, 2, 14)),
        (salesgoal.Metric(id="sales"),),
        [salesgoal.Dimension("region", ["华东", "华南"])],
        salesgoal.Breakdown(["region"]),
    ),
    salesgoal.WeekCalendar: kit.week_calendars(),
    salesgoal.WeekMonthCalendar: kit.week_month_calendars(),
    Page: kit.pages(),
    RawRow: kit.raw_rows(),
}


def public_values():
    found = (getattr(salesgoal, name) for name in salesgoal.__all__)
    return [each for each in found if isinstance(each, type) and attrs.has(each)]


def test_every_public_value_has_a_strategy():
    assert set(public_values()) <= OF_TYPE.keys()


@pytest.mark.parametrize("kind", OF_TYPE)
def test_every_public_value_can_be_drawn(kind):
    @settings(max_examples=5, suppress_health_check=list(HealthCheck), database=None)
    @given(OF_TYPE[kind])
    def draw(value):
        assert isinstance(value, kind)

    draw()


@FEWER
@given(kit.plan_days(moves=True))
def test_targets_are_typed_at_any_goal_and_facts_can_be_held_against_the_plan(day):
    for card in hold_against(day.plan, day.facts, as_of=day.as_of):
        assert card.tree in day.plan.trees


@given(kit.problems())
def test_problems_can_be_said_in_both_languages(problem):
    assert problem.text("zh")
    assert problem.text("en")


@given(kit.pages())
def test_pages_keep_the_contract_of_importers(page):
    assert page_fault(page) is None


@FEWER
@given(REVIEWS)
def test_reviews_fit_their_plan(pair):
    plan, review = pair
    again = make_plan(
        name=plan.name,
        period=plan.period,
        metrics=plan.metrics,
        dimensions=plan.dimensions,
        breakdowns=[attrs.evolve(tree.breakdown, every_member=True) for tree in plan.trees],
        reviews=[review],
        calendar=plan.calendar,
        levels=plan.levels,
    )
    assert again.reviews


@given(kit.share_rules(), st.integers(-(10**9), 10**9))
def test_share_rules_can_be_kept(rule, total):
    parts = split(total, ["a", "b", "c"], rule)
    assert abs(sum(parts.values()) - total * (1 + rule.over_assignment)) < 1


def test_the_simplest_plan_is_simple():
    plan = find(kit.plans(), lambda _: True, settings=settings(RARE, max_examples=5))
    assert plan.calendar == MonthCalendar()
    assert [metric.id for metric in plan.metrics] == ["sales"]
    assert [[each.name for each in found.members] for found in plan.dimensions] == [["region0"]]
    assert not plan.targets.typed


@pytest.mark.parametrize("wanted", ["people who move", "shared facts", "aliases", "weeks"])
def test_what_is_rare_is_drawn_too(wanted):
    found = {
        "people who move": lambda day: any(
            member.since for each in day.plan.dimensions for member in each.given
        ),
        "shared facts": lambda day: any(
            isinstance(c, Credit) for f in day.facts for c in f.credits
        ),
        "aliases": lambda day: any(
            name.startswith("别名") for fact in day.facts for name in fact.members.values()
        ),
        "weeks": lambda day: any(period.level == "week" for period in day.plan.periods),
    }[wanted]
    assert find(kit.plan_days(moves=True), found, settings=RARE)
