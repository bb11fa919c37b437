"""What is said about a figure makes just that figure, for every goal, metric and period.

Protects: an explanation that does not add up to the number that it explains.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.alert import AlertKind, find_alerts
from salesgoal.domain.condense import credit_actual, hold_against
from salesgoal.domain.contribution import ContributionBook
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Member
from salesgoal.domain.explanation import Explainer
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import to_units
from salesgoal.domain.problem import Place
from salesgoal.domain.statement import Rule, Statement, StatementKind
from salesgoal.domain.view import reseat_as_is

from . import test_people_laws as people
from .test_variance_laws import judged
from .worlds import METRICS, worlds


def gather(card, facts, most, plan=None):
    """``plan`` is the one whose members the facts name, where the card shows today's view."""
    book = ContributionBook(card, most=most)
    if plan is not None:
        book.seat = reseat_as_is(plan, card.as_of)
    plan = plan or card.plan
    for number, fact in enumerate(facts, start=1):
        for name, value in fact.values.items():
            metric = card.plan.metric(name)
            distinct = metric.aggregation is Aggregation.DISTINCT
            units = value if distinct else to_units(value, metric.decimals)
            groups = credit_actual(fact, plan.dimensions)
            book.take(Place("facts", row=number), groups, fact.on, metric, units)
    return book


def figures(found):
    """What an explanation says, beside the row that it is of."""
    row = found.row
    expected = (StatementKind.EXPECTED_WHOLE, StatementKind.EXPECTED_LEVEL)
    said = {str(each.kind): each.figure for each in found.others}
    parts = (*expected, StatementKind.EXPECTED_PARTS, StatementKind.EXPECTED_CHILDREN)
    shown = [said[kind] for kind in parts if kind in said]
    if row.target is None:
        assert not shown
    else:
        assert shown == ([] if row.progress.expected is None else [row.progress.expected])
    assert found.target.figure == row.target
    assert found.actual.figure == row.actual
    assert found.attainment.figure == row.ratio
    assert said.get("gap") == row.gap
    assert said.get("mismatch") == row.mismatch
    assert said.get("required") == row.progress.required


def closed(found):
    """Every statement is closed; returns how many have parts."""
    count = 0
    for each in found.statements:
        for _, one in each.all():
            assert one.rest in {0, None}
            assert (one.rest is None) == (one.rule is Rule.ALONE or one.figure is None)
            count += one.rest == 0
    return count


@given(cards=judged())
def test_every_statement_closes_and_says_the_figure_of_its_row(cards):
    for card in cards:
        explainer = Explainer(card)
        for row in card.rows():
            found = explainer.explain(row)
            closed(found)
            figures(found)


@given(world=worlds(), most=st.integers(0, 3))
def test_facts_shown_and_the_rest_make_every_actual(world, most):
    for card in world.hold():
        book = gather(card, world.facts, most)
        for row in card.rows():
            figures(Explainer(card).explain(row))
            if isinstance(row.metric.aggregation, Aggregation) and row.actual is not None:
                behind = book.behind(row.goal, metric=row.metric.id, period=row.period)
                assert behind.value == row.actual
                assert len(behind.shown) <= most
                if row.unassigned is not None and not row.leaf:
                    assert behind.direct_units == row.unassigned


@given(world=worlds())
def test_what_is_asked_for_alone_is_what_all_rows_have(world):
    for card in world.hold():
        whole = gather(card, world.facts, 2)
        for row in list(card.rows())[::7]:
            sought = [(row.goal, row.metric.id, row.period)]
            alone = ContributionBook(card, sought, most=2)
            for fact in world.facts:
                groups = credit_actual(fact, card.plan.dimensions)
                if row.metric.id in fact.values and row.metric.id == "sales":
                    units = to_units(fact.values["sales"], 0)
                    alone.take(Place("facts"), groups, fact.on, row.metric, units)
            if row.metric.id == "sales":
                asked = {"metric": "sales", "period": row.period}
                one, other = (each.behind(row.goal, **asked) for each in (alone, whole))
                assert (one.value, one.rows) == (other.value, other.rows)


@given(
    history=people.histories(),
    facts=people.FACTS,
    today=people.TODAYS,
    view=st.sampled_from(View),
    targets=people.TARGETS,
    most=st.integers(0, 2),
)
def test_rows_of_people_who_move_share_and_stand_beside_make_every_actual(
    history, facts, today, view, targets, most
):
    beside = Member(people.BESIDE, overlay=True)
    plan = people.plan_of(history.members(beside), {**targets, people.BESIDE: 5})
    actuals = []
    for number, each in enumerate(facts):
        shared = [Credit("rep", "张三", Fraction(1, 3)), Credit("rep", "李四", Fraction(2, 3))]
        if number % 2:
            bare = attrs.evolve(each, name=None)
            actuals.append(bare.actual(credits=[*shared, Credit("rep", people.BESIDE)]))
        else:
            actuals.append(each.actual())
    for card in hold_against(plan, actuals, as_of=today, view=view):
        book = gather(card, actuals, most, plan if view is View.AS_IS else None)
        explainer = Explainer(card)
        for row in card.rows():
            found = explainer.explain(row)
            closed(found)
            figures(found)
            if row.actual is not None:
                behind = book.behind(row.goal, metric=row.metric.id, period=row.period)
                assert behind.value == row.actual


@given(cards=judged())
def test_nothing_changed_is_no_alert(cards):
    assert find_alerts(cards, cards) == ()


@given(world=worlds(), days=st.integers(0, 20))
def test_falling_behind_one_way_is_recovering_the_other_way(world, days):
    now = world.hold()
    then = world.hold(as_of=world.as_of - timedelta(days=days))

    def turned(alerts, kind):
        return {
            (each.goal, each.metric.id, each.period, each.before, each.after)
            for each in alerts
            if each.kind is kind and each.before is not None
        }

    behind = turned(find_alerts(then, now), AlertKind.BEHIND)
    recovered = turned(find_alerts(now, then), AlertKind.RECOVERED)
    assert {(*each[:3], each[4], each[3]) for each in behind} == recovered


@given(world=worlds(), days=st.integers(0, 20))
def test_every_alert_speaks_of_a_row_that_says_so(world, days):
    now = world.hold()
    then = world.hold(as_of=world.as_of - timedelta(days=days))
    for each in find_alerts(then, now):
        rows = [
            card.row(each.goal, metric=each.metric.id, period=each.period)
            for card in now
            if each.goal in card.tree.by_path
        ]
        pace = {row.progress.pace for row in rows}
        ratio = {row.ratio for row in rows}
        assert each.after in pace | ratio | {row.progress.projected for row in rows}
        if each.kind is AlertKind.MILESTONE:
            assert each.after >= each.milestone
            assert each.before is None or each.before < each.milestone


def test_the_law_bites():
    part = Statement(StatementKind.CHILD, METRICS[0], 3)
    whole = Statement(StatementKind.CHILD_TARGETS, METRICS[0], 7, Rule.SUM, (part, part))
    assert whole.rest == 1
    assert attrs.evolve(whole, figure=6).rest == 0
