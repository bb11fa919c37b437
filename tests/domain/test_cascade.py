from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.basis import Profile
from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.cascade import MemberStep, PeriodStep, cascade, cascade_each
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.planned_cascade import Cascade, allocation_problem, run_cascades
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import ANY
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target import Target, TargetTable, derive_targets
from salesgoal.domain.week_calendar import ISO
from salesgoal.errors import AllocationRefused, NotNested, PlanRefused, UsageError

GREGORIAN = MonthCalendar()
OCTOBER = parse_period(GREGORIAN, "2023-10")
WEEKS = subdivide(GREGORIAN, OCTOBER, Level.WEEK)
PRODUCT = Dimension("product", ["A", "B"])
REGION = Dimension("region", ["华东", "华南", Member("上海", parent="华东")])
DIMENSIONS = [PRODUCT, REGION]
ROOT = (ANY, ANY)
SALES = Metric(id="sales")
INTO_WEEKS = PeriodStep(calendar=GREGORIAN, level=Level.WEEK)


def by_product(**rule):
    return MemberStep(dimension=PRODUCT, position=0, members=(0, 1), rule=ShareRule(**rule))


def by_region(members=(0, 1), **rule):
    return MemberStep(dimension=REGION, position=1, members=members, rule=ShareRule(**rule))


def down(total, *steps, **more):
    return cascade(total, goal=ROOT, period=OCTOBER, steps=steps, **more)


def test_only_the_finest_cells_are_made():
    found = down(80, by_product(weights={"A": 3, "B": 1}), INTO_WEEKS)
    assert found == {week: {(0, ANY): 15, (1, ANY): 5} for week in WEEKS}


def test_an_over_assigned_goal_keeps_its_own_and_is_spread_over_the_periods_too():
    found = down(80, by_product(over_assignment=Fraction(1, 4)), INTO_WEEKS)
    assert found[WEEKS[0]] == {ROOT: 20, (0, ANY): 13, (1, ANY): 13}
    assert [sum(column[ANY, ANY] for column in found.values())] == [80]
    assert sum(column[0, ANY] + column[1, ANY] for column in found.values()) == 100


def test_over_assigned_periods_leave_the_whole_as_it_is():
    step = PeriodStep(
        calendar=GREGORIAN, level=Level.WEEK, rule=ShareRule(over_assignment=Fraction(1, 4))
    )
    found = down(80, step)
    assert found[OCTOBER] == {ROOT: 80}
    assert [found[week][ROOT] for week in WEEKS] == [25] * 4


def test_what_a_table_types_stays_and_is_not_made_again():
    typed = {OCTOBER: {(0, ANY): 50}, WEEKS[0]: {(1, ANY): 0}}
    found = down(80, by_product(), INTO_WEEKS, typed=typed)
    assert found[WEEKS[0]] == {(0, ANY): 13}
    assert [found[week][1, ANY] for week in WEEKS[1:]] == [10, 10, 10]
    assert OCTOBER not in found


def test_where_tables_type_everything_nothing_is_made():
    assert down(80, by_product(), typed={OCTOBER: {(0, ANY): 50, (1, ANY): 30}}) == {}


def test_weights_may_differ_from_goal_to_goal():
    sold = {(0, 0): 1, (0, 1): 3}
    step = MemberStep(
        dimension=REGION,
        position=1,
        members=(0, 1),
        weigh=lambda cells: [sold.get(codes, 1) for codes, _ in cells],
    )
    found = down(80, by_product(), step)
    assert found[OCTOBER] == {(0, 0): 10, (0, 1): 30, (1, 0): 20, (1, 1): 20}
    weekly = PeriodStep(
        calendar=GREGORIAN,
        level=Level.WEEK,
        weigh=lambda cells: [week == WEEKS[0] or codes[0] for codes, week in cells],
    )
    found = down(80, by_product(), weekly)
    assert [found[week] for week in WEEKS[:2]] == [
        {(0, ANY): 40, (1, ANY): 10},
        {(0, ANY): 0, (1, ANY): 10},
    ]


def test_a_goal_with_nobody_below_it_stays_as_it_is():
    found = down(80, by_region(weights=[1, 1]), by_region(members=(2,), weights={"上海": 1}))
    assert found == {OCTOBER: {(ANY, 2): 40, (ANY, 1): 40}}


def test_a_rule_may_name_members_of_other_goals():
    lower = by_region(members=(2, 1), weights={"上海": 2, "华南": 1}, floors={"华南": 5})
    found = cascade_each({(0, 0): 10}, period=OCTOBER, steps=[lower])
    assert found == {OCTOBER: {(0, 2): 10}}


def test_typed_amounts_are_for_one_goal_and_one_period():
    with pytest.raises(UsageError, match="华东 is typed in a step that cuts several"):
        down(80, by_product(), by_region(typed={"华东": 10}))


def test_without_steps_the_total_stands_where_it_begins():
    assert down(80) == {OCTOBER: {ROOT: 80}}


def test_weeks_that_do_not_nest_are_refused_but_cut_at_the_ends_of_the_plan():
    calendar = PairedCalendar(GREGORIAN, ISO)
    with pytest.raises(NotNested):
        down(80, PeriodStep(calendar=calendar, level=Level.WEEK))
    found = down(
        310,
        PeriodStep(
            calendar=calendar,
            level=Level.WEEK,
            weigh_periods=lambda weeks: [week.days for week in weeks],
            own=OCTOBER,
        ),
    )
    assert [(week.label, column[ROOT]) for week, column in found.items()][:2] == [
        ("2023-W39", 10),
        ("2023-W40", 70),
    ]


def run(*cascades, typed=None):
    table = TargetTable({("sales", "target"): typed or {}})
    found = run_cascades(cascades, table, DIMENSIONS)
    return found.table.of("sales"), [each.code for each in found.problems]


def asked(*steps, metric=SALES, goal=ROOT, **more):
    return Cascade(metric=metric, period=OCTOBER, goal=goal, steps=steps, **more)


def test_cascades_run_in_order_and_begin_with_what_is_there():
    made, problems = run(
        asked(by_product(typed={"A": 50}), total=80), asked(INTO_WEEKS, goal=(0, ANY))
    )
    assert not problems
    assert made[OCTOBER] == {(0, ANY): 50, (1, ANY): 30}
    assert made[WEEKS[3]] == {(0, ANY): 12}


def test_every_goal_that_is_typed_can_be_begun_with():
    typed = {OCTOBER: {ROOT: 99, (0, 0): 40, (0, 2): 8, (1, 1): 4}}
    made, problems = run(asked(INTO_WEEKS, every=True), typed=typed)
    assert not problems
    assert made[WEEKS[0]] == {(0, 2): 2, (1, 1): 1}
    made, _ = run(asked(INTO_WEEKS, every=True, goal=(1, ANY)), typed=typed)
    assert made[WEEKS[0]] == {(1, 1): 1}
    alike = {OCTOBER: {(0, 1): 8, (1, 1): 4}}
    made, _ = run(asked(INTO_WEEKS, every=True), typed=alike)
    assert made[WEEKS[0]] == {(0, 1): 2, (1, 1): 1}


@pytest.mark.parametrize(
    ("cascade_", "typed", "code"),
    [
        (asked(INTO_WEEKS), {}, "no-total"),
        (asked(INTO_WEEKS, every=True), {}, "no-total"),
        (asked(INTO_WEEKS, total=80), {OCTOBER: {ROOT: 90}}, "duplicate-target"),
        (asked(INTO_WEEKS, total=-80), {}, "negative-target"),
        (asked(by_product(typed={"A": 90}), total=80), {}, "typed-over"),
        (asked(by_product(weights={"A": 0, "B": 0}), total=80), {}, "even-split"),
        (asked(PeriodStep(calendar=GREGORIAN, level=Level.YEAR), total=8), {}, "bad-value"),
        (
            asked(
                by_product(),
                total=8,
                metric=Metric(id="sales", aggregation=Aggregation.AVERAGE),
            ),
            {},
            "bad-value",
        ),
        (
            asked(INTO_WEEKS, total=8, metric=Metric(id="sales", aggregation=Aggregation.LAST)),
            {},
            "bad-value",
        ),
    ],
)
def test_a_cascade_that_cannot_run_is_a_problem(cascade_, typed, code):
    made, problems = run(cascade_, typed=typed)
    assert problems == [code]
    assert code == "even-split" or made == typed


def test_balances_can_be_split_over_members():
    debt = Metric(id="sales", aggregation=Aggregation.LAST)
    assert run(asked(by_product(), total=8, metric=debt))[1] == []


def test_a_plan_takes_cascades_beside_its_targets():
    plan = make_plan(
        name="10月",
        period="2023-10",
        metrics=[SALES],
        dimensions=DIMENSIONS,
        targets=[Target(scope={"product": "A"}, metric="sales", period="2023-10", target=50)],
        cascades=[asked(by_product(), total=80)],
    )
    assert plan.trees[0].path == ("", "A", "B")
    derived = derive_targets(plan.trees[0], SALES, plan.targets.of("sales"), [OCTOBER])
    assert derived[OCTOBER] == [80, 50, 30]


def test_goals_that_no_breakdown_has_are_one_problem_a_cascade():
    with pytest.raises(PlanRefused) as caught:
        make_plan(
            name="10月",
            period="2023-10",
            metrics=[SALES],
            dimensions=DIMENSIONS,
            cascades=[asked(by_region(), total=80)],
        )
    (fault,) = caught.value.problems
    assert fault.code == "no-such-goal"
    assert fault.facts["scope"] == "region=华东"


def fault_of(cascade_, typed=None):
    where = Place("plan.toml", key="cascades")
    table = TargetTable({("sales", "target"): typed or {}})
    placed = attrs.evolve(cascade_, where=where)
    (fault,) = run_cascades([placed], table, DIMENSIONS).problems
    assert fault.where == where
    return fault


def test_the_problem_of_a_cascade_says_where_and_how_much():
    fen = Metric(id="sales", decimals=2)
    twice = fault_of(asked(INTO_WEEKS, total=8050, metric=fen), {OCTOBER: {ROOT: 90}})
    assert (twice.value, twice.facts["first"]) == ("80.50", "targets, 2023-10")
    below = fault_of(asked(INTO_WEEKS, total=-8050, metric=fen))
    assert below.value == "-80.50"
    assert fault_of(asked(INTO_WEEKS)).code == "no-total"
    mean = Metric(id="sales", name="均价", aggregation=Aggregation.AVERAGE)
    assert "均价" in fault_of(asked(by_product(), total=8, metric=mean)).message("zh")
    over = fault_of(asked(by_product(typed={"A": 9000}), total=8050, metric=fen))
    assert over.facts["typed"] == "90.00"
    weekly = by_product(weights=Profile("淡旺季", [1]).weights)
    assert fault_of(asked(weekly, total=8)).code == "part-count"
    facts = {"name": "淡旺季", "found": "1", "expected": "12"}
    error = AllocationRefused("…", "part-count", facts, zh="…错")
    assert allocation_problem(error, fen, Place("code")).facts["name"] == "淡旺季"


def test_only_the_goals_at_or_below_the_one_named_are_begun_with():
    typed = {OCTOBER: {(0, ANY): 8, (1, ANY): 4}}
    made, problems = run(asked(INTO_WEEKS, every=True, goal=(1, ANY)), typed=typed)
    assert not problems
    assert made[WEEKS[0]] == {(1, ANY): 1}
    both = {OCTOBER: {(0, ANY): 8, (0, 2): 4, (0, 0): 6}}
    made, _ = run(asked(INTO_WEEKS, every=True), typed=both)
    assert made[WEEKS[0]] == {(0, 2): 1}


def test_weights_floors_and_caps_of_some_members_are_those_named():
    lower = by_region(
        members=(2, 1), weights={"上海": 2, "华南": 1}, floors={"上海": 5}, caps={"华南": 3}
    )
    found = cascade_each({(0, 0): 10, (1, ANY): 12}, period=OCTOBER, steps=[lower])
    assert found == {OCTOBER: {(0, 2): 10, (1, 2): 9, (1, 1): 3}}
    assert cascade_each({(0, 2): 4, (1, 0): 6}, period=OCTOBER, steps=[lower]) == {
        OCTOBER: {(0, 2): 4, (1, 2): 6}
    }
    capped = by_region(members=(2, 1), weights={"上海": 0, "华南": 1}, caps={"上海": 3})
    with pytest.raises(AllocationRefused):
        cascade_each({(0, 0): 10}, period=OCTOBER, steps=[capped])


def test_a_member_shares_only_among_those_below_it():
    deep = Dimension(
        "region", ["华东", Member("上海", parent="华东"), Member("浦东", parent="上海")]
    )
    step = MemberStep(dimension=deep, position=0, members=(2,))
    assert step.below((0,)) == step.below((1,)) == step.below((ANY,)) == (2,)
    assert step.below((2,)) == ()


def test_a_total_of_zero_is_a_total():
    made, problems = run(asked(INTO_WEEKS, total=0))
    assert not problems
    assert made[WEEKS[0]] == {ROOT: 0}


def test_some_of_the_members_share_by_their_own_weights():
    cities = Dimension(
        "region", ["华东", *(Member(city, parent="华东") for city in ("上海", "杭州")), "华南"]
    )
    weights = {"上海": 3, "杭州": 1, "华南": 5}
    step = MemberStep(
        dimension=cities, position=0, members=(1, 2, 3), rule=ShareRule(weights=weights)
    )
    assert cascade_each({(0,): 8}, period=OCTOBER, steps=[step]) == {
        OCTOBER: {(1,): 6, (2,): 2}
    }
    by_place = attrs.evolve(step, rule=ShareRule(weights=[3, 1]))
    assert cascade_each({(0,): 8}, period=OCTOBER, steps=[by_place]) == {
        OCTOBER: {(1,): 6, (2,): 2}
    }
