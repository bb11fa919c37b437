"""Revisions, DESIGN sections 3 and 4.

"Revision: history is append-only; as_known(t) for an old t never changes; revise and revert
restores the numbers." And the rules: RESTATE as if always so, FROM_NOW periods that begin on or
after the effective day, KEEP_TOTAL the difference to the remaining periods or siblings.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.history import Decision, Event, History, Revert
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import apportion, rescale
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.replay import record, replay
from salesgoal.domain.revision import apply_proposal, propose, revise
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import Target
from salesgoal.errors import RevisionRefused

GREGORIAN = MonthCalendar()
YEAR = parse_period(GREGORIAN, "2023")
QUARTERS = subdivide(GREGORIAN, YEAR, Level.QUARTER)[2:]
MONTHS = tuple(month for each in QUARTERS for month in subdivide(GREGORIAN, each, Level.MONTH))
HALF = parse_period(GREGORIAN, "2023H2")
PERIODS = (HALF, *QUARTERS, *MONTHS)
SALES = Metric(id="sales")
AREAS = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
DIMENSIONS = [Dimension("product", ["A", "B"]), AREAS, Dimension("channel", ["直销", "分销"])]
SHAPES = [
    [["product", "region"]],
    [["product", "region"], ["region", "product"], ["channel"]],
    [["channel"], ["region", "product"]],
]
NOON = datetime(2023, 7, 9, 12, tzinfo=UTC)
VALUES = st.integers(1, 60)
FEWER, MANY = (
    settings(max_examples=count, suppress_health_check=[HealthCheck.filter_too_much])
    for count in (min(40, settings().max_examples // 2), max(400, settings().max_examples))
)
"""Each example holds plans against one another several times."""
LONGER = {}
"""Law -> the same law over many more plans: some faults are one plan in hundreds."""
DAYS = st.dates(date(2023, 7, 1), date(2023, 12, 31))
GRID = [
    {"product": product, "region": region, "channel": channel}
    for product in "AB"
    for region in ("上海", "华南")
    for channel in ("直销", "分销")
]


def law(*strategies):
    """A law that is quick with every run, and is kept to be run for longer."""

    def decorate(body):
        LONGER[body.__name__] = MANY(given(*strategies)(body))
        return FEWER(given(*strategies)(body))

    return decorate


def scopes_of(breakdowns):
    """Every scope that the breakdowns can have, the root included."""
    found = [{}]
    for by in breakdowns:
        for depth in range(1, len(by) + 1):
            for leaf in GRID:
                scope = {name: leaf[name] for name in by[:depth]}
                found += [scope] * (scope not in found)
                area = {**scope, "region": "华东"}
                last = by[depth - 1] == "region" and len(breakdowns) == 1
                found += [area] * (last and scope["region"] == "上海" and area not in found)
    return found


def within(scope, leaf):
    region = {leaf["region"], "华东"} if leaf["region"] == "上海" else {leaf["region"]}
    return all(
        member in region if name == "region" else leaf[name] == member
        for name, member in scope.items()
    )


class Case:
    """A plan that shows only what is typed in it."""

    def __init__(self, plan):
        self.plan = plan

    def __repr__(self):
        return f"{[tree.breakdown.name for tree in self.plan.trees]} {told(self.plan)}"


@st.composite
def tied_plans(draw):
    """A plan whose every typed target is the sum of one grid of leaves and months.

    As tables are: goals that fix the same dimensions are typed for the same levels, all their
    periods or none; the lowest goals for one level at least. Where a plan is typed in patches,
    the effect says what no longer ties, and only the value itself is a law.
    """
    breakdowns = draw(st.sampled_from(SHAPES))
    grid = [(leaf, month, draw(VALUES)) for leaf in GRID for month in MONTHS[2:]]
    levels = st.sets(st.sampled_from(range(3)), max_size=2)
    leaf_levels = draw(st.sets(st.sampled_from(range(3)), min_size=1))
    lowest = {tuple(sorted(by)) for by in breakdowns}
    targets = []
    chosen = {}
    for scope in scopes_of(breakdowns):
        leaf = tuple(sorted(scope)) in lowest and scope.get("region") != "华东"
        kind = (*sorted(scope), scope.get("region") == "华东")
        if kind not in chosen:
            chosen[kind] = leaf_levels if leaf else draw(levels)
        for level in sorted(chosen[kind]):
            for period in ([HALF], QUARTERS, MONTHS[2:])[level]:
                parts = (
                    v for each, month, v in grid if within(scope, each) and period.covers(month)
                )
                targets.append((scope, period, sum(parts)))
    return plan_of(targets, breakdowns)


@st.composite
def loose_plans(draw):
    """A plan with targets typed anywhere, tied or not."""
    breakdowns = draw(st.sampled_from(SHAPES))
    scopes = scopes_of(breakdowns)
    places = st.tuples(st.integers(0, len(scopes) - 1), st.sampled_from(PERIODS))
    typed = draw(st.dictionaries(places, VALUES, min_size=1, max_size=12))
    return plan_of(
        [(scopes[at], each, value) for (at, each), value in typed.items()], breakdowns
    )


def plan_of(targets, breakdowns):
    plan = make_plan(
        name="H2",
        period="2023H2",
        metrics=[SALES],
        dimensions=DIMENSIONS,
        breakdowns=breakdowns,
        targets=[
            Target(scope=scope, metric="sales", period=period, target=value)
            for scope, period, value in targets
        ],
    )
    return Case(plan)


def cards(plan):
    return score(plan, empty_cells(plan, plan.period.last), {}, plan.period.last)


def derived(plan):
    """Breakdown, path, period -> target."""
    return {
        (card.tree.breakdown.name, path, period): column.targets["target"][node]
        for card in cards(plan)
        for (_, period), column in card.columns.items()
        for node, path in enumerate(card.tree.path)
    }


def ties(plan):
    """Every goal and period that ties with its children, and with its own sub-periods."""
    found = set()
    values = derived(plan)
    for card in cards(plan):
        name = card.tree.breakdown.name
        for (_, period), column in card.columns.items():
            found |= {
                (name, card.tree.path[node], period, "members")
                for node in card.tree.inner
                if column.mismatch[node] == 0
            }
        for path in card.tree.path:
            for whole, level in ((HALF, Level.QUARTER), *((q, Level.MONTH) for q in QUARTERS)):
                inner = [
                    values[name, path, each] for each in subdivide(GREGORIAN, whole, level)
                ]
                if None not in inner and sum(inner) == values[name, path, whole]:
                    found.add((name, path, whole, "periods"))
    return found


def told(plan):
    """The typed targets, for the reader of a failure."""
    names = {
        codes: path
        for tree in plan.trees
        for codes, path in zip(tree.scope, tree.path, strict=True)
    }
    return {
        (names[codes], period.label): value
        for period, values in plan.targets.of("sales").items()
        for codes, value in values.items()
    }


def some_goal(data, plan):
    paths = list(dict.fromkeys(path for tree in plan.trees for path in tree.path))
    at = data.draw(st.integers(0, len(paths) - 1))
    return paths[at], PERIODS[data.draw(st.integers(0, len(PERIODS) - 1))]


def value_of(plan, goal, period):
    return next(
        value
        for (_, path, each), value in derived(plan).items()
        if path == goal and each == period and value is not None
    )


@given(st.lists(st.integers(0, 99), min_size=1, max_size=6), st.integers(0, 500))
def test_rescaled_parts_sum_to_the_whole_and_are_quotas_rounded(values, total):
    assume(sum(values))
    assert rescale(values, total) == apportion(total, values)


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=6), st.integers(-500, 500))
def test_values_of_any_sign_are_rescaled_to_exactly_the_total(values, total):
    parts = rescale(values, total)
    assert sum(parts) == total


@law(tied_plans(), st.data(), st.integers(0, 500))
def test_a_restatement_reaches_its_value_and_keeps_every_tie(case, data, to):
    """In every breakdown that has the goal; how another shares it is not ours to guess.

    A goal's own periods always make it up. Where two breakdowns part the same leaves and both
    are typed, one is fitted after the other: what the second leaves over between a goal and its
    children stands in the effect. A single breakdown leaves nothing over.
    """
    plan = case.plan
    goal, period = some_goal(data, plan)
    proposal = propose(plan, goal, period=period.label, to=to)
    assume(proposal.before is not None)
    effect = revise(plan, proposal)
    assert value_of(effect.plan, goal, period) == to
    standing = {tree.breakdown.name for tree in plan.trees if goal in tree.by_path}
    broken = {
        each
        for each in ties(plan) - ties(effect.plan)
        if each[0] in standing
        and (
            each[0] != "channel" or (period.covers(each[2]) and f"{each[1]}/".startswith(goal))
        )
    }
    named = {
        (each.breakdown, each.goal, each.period, "members")
        for each in effect.untied
        if len(standing - {"channel"}) > 1
    }
    assert not broken - named, told(effect.plan)


@law(tied_plans(), st.data(), st.integers(0, 500))
def test_a_restatement_moves_the_total_of_its_period_by_as_much(case, data, to):
    """Where every goal above ties: what a goal gains no sibling has to give."""
    plan = case.plan
    goal, period = some_goal(data, plan)
    proposal = propose(plan, goal, period=period.label, to=to)
    assume(proposal.before is not None)
    before, after = derived(plan), derived(revise(plan, proposal).plan)
    tied = ties(plan)
    for name in (tree.breakdown.name for tree in plan.trees if goal in tree.by_path):
        names = goal.split("/")
        above = ["/".join(names[:depth]) for depth in range(len(names))]
        if all((name, each, period, "members") in tied for each in above):
            root = (name, "", period)
            assert after[root] - before[root] == to - proposal.before


@law(loose_plans(), st.data(), st.integers(0, 500))
def test_a_restatement_reaches_its_value_whatever_is_typed(case, data, to):
    goal, period = some_goal(data, case.plan)
    proposal = propose(case.plan, goal, period=period.label, to=to)
    effect = tried(case.plan, proposal)
    assert value_of(effect.plan, goal, period) == to


@law(tied_plans(), st.data(), st.integers(1, 500))
def test_a_restatement_taken_back_restores_the_goals_above_it_in_that_period(case, data, to):
    plan = case.plan
    goal, period = some_goal(data, plan)
    proposal = propose(plan, goal, period=period.label, to=to)
    assume(proposal.before is not None)
    there = revise(plan, proposal).plan
    back = revise(there, propose(there, goal, period=period.label, to=proposal.before)).plan
    before, after = derived(plan), derived(back)
    for (name, path, each), value in before.items():
        above = goal == path or not path or goal.startswith(f"{path}/")
        if above and each == period and name == plan.trees[0].breakdown.name:
            assert after[name, path, each] == value


@law(tied_plans(), st.data(), st.integers(2, 9))
def test_a_restatement_by_a_whole_factor_taken_back_restores_every_number(case, data, times):
    plan = case.plan
    goal, period = some_goal(data, plan)
    proposal = propose(plan, goal, period=period.label, to=0)
    assume(proposal.before)
    more = attrs.evolve(proposal, to=proposal.before * times)
    there = revise(plan, more).plan
    back = revise(there, propose(there, goal, period=period.label, to=proposal.before)).plan
    assert derived(back) == derived(plan)


@law(loose_plans() | tied_plans(), st.data(), DAYS, st.integers(0, 500))
def test_from_now_changes_no_period_that_is_over_by_then(case, data, since, to):
    plan = case.plan
    goal, period = some_goal(data, plan)
    effect = tried(
        plan,
        propose(
            plan,
            goal,
            period=period.label,
            to=to,
            rule=RevisionRule.FROM_NOW,
            effective_on=since,
        ),
    )
    assert all(change.period.last >= since for change in effect.changes)
    for each, values in effect.plan.targets.of("sales").items():
        known = plan.targets.of("sales").get(each, {})
        changed = {codes for codes, value in values.items() if known.get(codes) != value}
        assert each.last >= since or not changed


@law(tied_plans(), st.data(), st.integers(0, 500))
def test_keeping_the_total_keeps_the_enclosing_totals_to_the_unit(case, data, to):
    plan = case.plan
    goal, period = some_goal(data, plan)
    over = data.draw(st.sampled_from(Over))
    rule = RevisionRule.KEEP_TOTAL
    effect = tried(plan, propose(plan, goal, period=period.label, to=to, rule=rule, over=over))
    before, after = derived(plan), derived(effect.plan)
    standing = [tree.breakdown.name for tree in plan.trees if goal in tree.by_path]
    name = standing[0]
    if over is Over.PERIODS:
        assume(all((each, goal, HALF, "periods") in ties(plan) for each in standing))
        assert after[name, goal, HALF] == before[name, goal, HALF]
    else:
        parent = goal.rpartition("/")[0]
        assert after[name, parent, period] == before[name, parent, period]
    assert value_of(effect.plan, goal, period) == to


@law(loose_plans(), st.data(), st.integers(0, 500), st.sampled_from(RevisionRule), DAYS)
def test_a_closed_period_is_never_changed_by_any_rule(case, data, to, rule, since):
    closed = PERIODS[data.draw(st.integers(0, len(PERIODS) - 1))]
    plan = attrs.evolve(case.plan, closed=(closed,))
    goal, period = some_goal(data, plan)
    over = data.draw(st.sampled_from(Over))
    proposal = propose(
        plan, goal, period=period.label, to=to, rule=rule, over=over, effective_on=since
    )
    effect = tried(plan, proposal)
    assert not any(closed.covers(change.period) for change in effect.changes)


@law(loose_plans(), st.data(), st.integers(0, 500), st.sampled_from(RevisionRule), DAYS)
def test_no_revision_makes_a_target_negative_or_takes_one_away(case, data, to, rule, since):
    goal, period = some_goal(data, case.plan)
    proposal = propose(
        case.plan, goal, period=period.label, to=to, rule=rule, effective_on=since
    )
    effect = tried(case.plan, proposal)
    typed = told(effect.plan)
    assert all(value >= 0 for value in typed.values())
    assert told(case.plan).keys() <= typed.keys()
    assert all(change.after is not None for change in effect.changes)


def settled(plan, history, act):
    """The history with an act proposed and approved; refusals are no counterexamples."""
    for each in (act, Decision(len(history.events) + 1, approved=True)):
        base = len(history.events)
        at = NOON + timedelta(minutes=base)
        event = Event(act=each, by="经理", reason="市场变化", recorded_at=at)
        try:
            history, _ = record(plan, history, event, base=base)
        except RevisionRefused as refused:
            assume(refused is None)
            raise
    return history


def some_revision(data, plan, history):
    now = replay(plan, history).plan
    goal, period = some_goal(data, plan)
    rule, over = data.draw(st.sampled_from(RevisionRule)), data.draw(st.sampled_from(Over))
    to, since = data.draw(st.integers(0, 500)), data.draw(DAYS)
    proposal = propose(
        now, goal, period=period.label, to=to, rule=rule, over=over, effective_on=since
    )
    return settled(plan, history, proposal)


@law(loose_plans() | tied_plans(), st.data())
def test_any_last_revision_reverted_restores_every_target_to_the_unit(case, data):
    plan = case.plan
    once = some_revision(data, plan, History())
    twice = some_revision(data, plan, once)
    back = settled(plan, twice, Revert(3))
    assert replay(plan, back).plan.targets == replay(plan, once).plan.targets
    both = settled(plan, back, Revert(1))
    assert replay(plan, both).plan.targets == plan.targets
    assert replay(plan, both).problems == ()
    assert replay(plan, both, known_at=twice.events[-1].recorded_at) == replay(plan, twice)


@law(loose_plans() | tied_plans(), st.data())
def test_an_earlier_revision_reverted_leaves_the_plan_as_if_it_had_not_been(case, data):
    plan = case.plan
    twice = some_revision(data, plan, some_revision(data, plan, History()))
    back = settled(plan, twice, Revert(1))
    later = twice.proposals()[3]
    assert replay(plan, back).plan.targets == apply_proposal(plan, later)[0].targets


def tried(plan, proposal):
    """The effect; a refusal is no counterexample."""
    try:
        return revise(plan, proposal)
    except RevisionRefused as refused:
        assume(refused is None)
        raise


@pytest.mark.slow
@pytest.mark.parametrize("name", LONGER)
def test_each_law_holds_over_many_more_plans(name):
    LONGER[name]()
