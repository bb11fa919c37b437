from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.condense import empty_cells, hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.plan import make_plan
from salesgoal.domain.retarget import changed_scopes
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import Target, TargetTable
from salesgoal.domain.tracker import Tracker
from salesgoal.domain.work_calendar import Weekdays

TODAY = date(2023, 11, 20)
MONTHS = ("2023-10", "2023-11", "2023-12")
PROFILE = tuple(Fraction(each) for each in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
METRICS = [
    Metric(id="sales"),
    Metric(id="cash"),
    Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
    Metric(id="debt", aggregation=Aggregation.LAST),
    Metric(id="cost", aggregation=Aggregation.LAST, baseline=90),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="most", aggregation=Aggregation.MAXIMUM),
]
PEOPLE = [
    Member("华东"),
    Member("华南"),
    Member("张三", parent="华东", until=date(2023, 11, 10)),
    Member("张三", parent="华南", since=date(2023, 11, 11)),
    Member("李四", parent="华南"),
]


def plan_of(**changed):
    given = {
        "name": "Q4",
        "period": "2023Q4",
        "metrics": METRICS,
        "dimensions": [Dimension("rep", PEOPLE)],
        "targets": [
            Target(scope={"rep": rep}, metric=metric, period=month, target=100)
            for metric in ("sales", "cash", "debt", "cost", "most")
            for rep in ("张三", "李四")
            for month in MONTHS
        ],
    }
    return make_plan(**{**given, **changed})


def edited(plan, metric, period, path, units, measure="target"):
    """The plan with one value typed, or none where ``units`` is None."""
    codes = plan.trees[0].scope[plan.trees[0].node(path)]
    typed = {key: dict(each) for key, each in plan.targets.typed.items()}
    column = dict(typed.setdefault((metric, measure), {}).get(plan.parse(period), {}))
    column.pop(codes, None)
    if units is not None:
        column[codes] = units
    typed[metric, measure][plan.parse(period)] = column
    return attrs.evolve(plan, targets=TargetTable(typed))


def check(*plans):
    """A tracker that takes the plans over one by one says what each says at once."""
    tracker = Tracker(plans[0], as_of=TODAY)
    tracker.snapshot()
    for plan in plans[1:]:
        tracker.revise(plan)
        cards = score(plan, empty_cells(plan, TODAY), {}, TODAY)
        assert [each.columns for each in tracker.snapshot()] == [each.columns for each in cards]
    return tracker


PLAN = plan_of()
LEAF = "华南/李四"


@pytest.mark.parametrize("metric", [each.id for each in METRICS])
@pytest.mark.parametrize("period", ["2023-10", "2023-11", "2023-12", "2023Q4"])
@pytest.mark.parametrize("path", ["", "华南", LEAF, "华东/张三"])
def test_a_typed_value_changes_what_stands_on_it(metric, period, path):
    more = edited(PLAN, metric, period, path, 250)
    check(PLAN, more, edited(more, metric, period, path, None), PLAN)


@pytest.mark.parametrize(
    "pace",
    [
        PaceSettings(basis=PaceBasis.DAYS),
        PaceSettings(basis=PaceBasis.WORKDAYS),
        PaceSettings(basis=PaceBasis.PROFILE, profile=PROFILE),
    ],
)
@pytest.mark.parametrize("metric", ["sales", "debt"])
def test_what_is_expected_follows_the_basis_of_the_plan(pace, metric):
    plan = plan_of(pace=pace, workdays=Weekdays())
    check(plan, edited(plan, metric, "2023-11", LEAF, 250))


def test_the_first_typed_part_of_a_period_changes_what_all_goals_expect():
    plan = plan_of(
        targets=[
            Target(scope={"rep": rep}, metric="sales", period="2023Q4", target=300)
            for rep in ("李四", "华东")
        ]
    )
    first = edited(plan, "sales", "2023-11", LEAF, 250)
    check(plan, first, edited(first, "sales", "2023-11", LEAF, None))


@pytest.mark.parametrize("measure", ["floor", "stretch", "commit"])
def test_other_measures_are_derived_likewise(measure):
    check(PLAN, edited(PLAN, "sales", "2023-11", LEAF, 250, measure))


def test_a_ratio_follows_its_parts_where_it_is_not_typed():
    typed = edited(PLAN, "rate", "2023-11", LEAF, 80)
    tracker = check(PLAN, typed, edited(typed, "cash", "2023-11", LEAF, 50))
    rows = [tracker.row(path, metric="rate", period="2023-11") for path in (LEAF, "华南")]
    assert [row.target for row in rows] == [80, Fraction(100 * (50 + 67), 167)]


def test_the_targets_before_the_first_revision_stand_beside():
    revised = edited(PLAN, "cash", "2023-11", LEAF, 50)
    revised = attrs.evolve(edited(revised, "rate", "2023-12", LEAF, 7), original=PLAN.targets)
    again = edited(revised, "cash", "2023-10", LEAF, 20)
    tracker = check(PLAN, revised, again, PLAN)
    assert tracker.row(LEAF, metric="cash", period="2023-11").original == 100
    tracker = check(revised, again)
    assert tracker.row(LEAF, metric="cash", period="2023-11").original == 100


def test_other_targets_may_be_those_before_any_revision():
    zero = edited(PLAN, "rate", "2023-11", LEAF, 0)
    other = attrs.evolve(edited(PLAN, "cash", "2023-11", LEAF, 50), original=zero.targets)
    tracker = check(PLAN, other)
    assert tracker.row(LEAF, metric="rate", period="2023-11").original == 0
    assert tracker.row(LEAF, metric="rate", period="2023-10").original == 100


def test_only_what_differs_has_changed():
    more = edited(PLAN, "sales", "2023-11", LEAF, 250).targets
    less = edited(PLAN, "sales", "2023-11", LEAF, None).targets
    (codes,) = [PLAN.trees[0].scope[PLAN.trees[0].node(LEAF)]]
    november = PLAN.parse("2023-11")
    for other in (more, less):
        for pair in ((PLAN.targets, other), (other, PLAN.targets)):
            assert changed_scopes(*pair) == {("sales", "target"): {november: {codes}}}
    same = edited(PLAN, "sales", "2023-11", LEAF, 100).targets
    assert not changed_scopes(PLAN.targets, same)


def test_a_target_of_no_goal_of_a_breakdown_changes_nothing_there():
    plan = plan_of(
        metrics=METRICS[:3],
        dimensions=[Dimension("region", ["华东", "华南"]), Dimension("product", ["A", "B"])],
        breakdowns=[["region"], ["product"]],
        targets=[
            Target(scope={name: value}, metric="sales", period="2023Q4", target=9)
            for name, value in (("region", "华东"), ("product", "A"))
        ],
    )
    codes = plan.trees[1].scope[plan.trees[1].node("A")]
    for metric in ("sales", "rate"):
        typed = {**plan.targets.typed, (metric, "target"): {plan.period: {codes: 5}}}
        check(plan, attrs.evolve(plan, targets=TargetTable(typed)))


def test_weeks_that_the_plan_does_not_cover_have_no_target():
    plan = plan_of(targets=[], metrics=METRICS[:1])
    typed = TargetTable({("sales", "target"): {plan.period: {plan.trees[0].scope[0]: 5}}})
    check(plan, attrs.evolve(plan, targets=typed))
    assert not hold_against(plan, [], as_of=TODAY)[0].columns["sales", plan.period].reported
