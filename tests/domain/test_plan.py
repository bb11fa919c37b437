from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.cascade import MemberStep
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.owner import OwnerTable
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import make_plan, name_span, whole_span
from salesgoal.domain.planned_cascade import Cascade
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.scope import ANY
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target import Ownership, Target
from salesgoal.domain.week_calendar import ISO
from salesgoal.domain.work_calendar import Weekdays, WorkdayTable
from salesgoal.errors import LabelRefused, PlanRefused, UnknownName, UsageError

SALES = Metric(id="sales", decimals=2)
REGION = Dimension("region", ["华东", "华南"])
PRODUCT = Dimension("product", ["A", "B"])


def plan(**more):
    made = {"name": "10月", "period": "2023-10", "metrics": [SALES], **more}
    return make_plan(**made)


def target(scope=None, period="2023-10", amount=5):
    return Target(metric="sales", scope=scope or {}, period=period, target=amount)


@pytest.mark.parametrize(
    ("period", "levels"),
    [
        ("2023", ["year", "quarter", "month"]),
        ("2023H2", ["half", "quarter", "month"]),
        ("2023Q4", ["quarter", "month"]),
        ("2023-10", ["month", "week"]),
        ("2023-10w1", ["week"]),
        (
            whole_span(date(2022, 12, 29), date(2023, 12, 31)),
            ["span", "year", "quarter", "month"],
        ),
    ],
)
def test_a_plan_shows_its_own_level_and_the_usual_ones_below(period, levels):
    assert plan(period=period).levels == tuple(levels)


def test_the_periods_of_a_plan_come_longest_first_and_lie_whole_inside():
    quarter = plan(period="2023Q4")
    labels = [each.label for each in quarter.periods]
    assert labels == ["2023Q4", "2023-10", "2023-11", "2023-12"]
    span = plan(
        period=whole_span(date(2022, 12, 29), date(2023, 2, 28)),
        levels=[Level.SPAN, Level.MONTH],
    )
    assert [each.label for each in span.periods] == [
        "2022-12-29..2023-02-28",
        "2023-01",
        "2023-02",
    ]


def test_only_levels_of_the_calendar_are_usual():
    stub = ExplicitCalendar(
        "stub", [Period(date(2023, 1, 1), date(2023, 4, 1), Level.YEAR, "2023 stub")]
    )
    assert plan(period="2023 stub", calendar=stub).levels == (Level.YEAR,)


def test_a_fiscal_plan_reads_its_own_labels():
    fiscal = MonthCalendar(start_month=4, year_name=YearName.END)
    made = plan(period="FY2024", calendar=fiscal)
    assert made.period.start == date(2023, 4, 1)
    assert made.parse("2024财年第一季度") in made.periods


def test_the_label_of_a_span_is_known_to_its_plan():
    span = whole_span(date(2022, 12, 29), date(2023, 12, 31))
    made = plan(period=span, targets=[target(period=span.label)])
    assert made.parse("2022-12-29..2023-12-31") == span
    assert made.targets.of("sales") == {span: {(): 500}}
    with pytest.raises(LabelRefused):
        made.parse("2022-12-30..2023-12-31")


def test_a_span_without_days_is_refused():
    with pytest.raises(UsageError, match="has no day"):
        whole_span(date(2023, 1, 2), date(2023, 1, 1))


def test_metrics_are_found_by_id():
    assert plan().metric("sales") == SALES
    with pytest.raises(UnknownName) as caught:
        plan().metric("cash")
    assert caught.value.nearest == ("sales",)


def test_without_breakdowns_one_runs_over_all_dimensions():
    made = plan(
        dimensions=[PRODUCT, REGION], targets=[target({"product": "A", "region": "华南"})]
    )
    assert [tree.path for tree in made.trees] == [("", "A", "A/华南")]


def test_a_plan_has_one_tree_per_breakdown_of_the_same_root():
    made = plan(
        dimensions=[PRODUCT, REGION],
        breakdowns=[["product"], Breakdown(["region"], every_member=True)],
        targets=[target({"product": "A"})],
    )
    assert [tree.path for tree in made.trees] == [("", "A"), ("", "华东", "华南")]


def test_reviews_are_found_by_scope_and_period():
    review = Review(scope={"region": "华东"}, period="2023-10", cause="客户延期")
    made = plan(dimensions=[REGION], reviews=[review], targets=[EAST])
    (said,) = made.reviews.of((0,), made.period, "sales")
    assert (said.cause, said.period) == ("客户延期", made.period)


EAST = target({"region": "华东"})
BESIDE = PairedCalendar(MonthCalendar(), ISO)


def test_weeks_that_stick_out_are_shown_by_their_days_inside():
    made = plan(calendar=BESIDE)
    assert made.levels == (Level.MONTH, Level.WEEK)
    weeks = [(each.label, str(each.start), each.days) for each in made.periods[1:]]
    assert weeks == [
        ("2023-W39", "2023-10-01", 1),
        ("2023-W40", "2023-10-02", 7),
        ("2023-W41", "2023-10-09", 7),
        ("2023-W42", "2023-10-16", 7),
        ("2023-W43", "2023-10-23", 7),
        ("2023-W44", "2023-10-30", 2),
    ]
    assert sum(each.days for each in made.periods[1:]) == made.period.days
    assert made.parse("2023-W44") == made.periods[-1]
    assert made.parse("2023-W45").days == 7


def test_a_target_of_a_week_that_sticks_out_does_not_count_and_is_warned_about():
    made = plan(calendar=BESIDE, targets=[target(period="2023-W44")])
    assert codes_of(made.warnings) == ["target-outside-plan"]
    assert not codes_of(plan(calendar=BESIDE, targets=[target(period="2023-W43")]).warnings)


def codes_of(problems):
    return [each.code for each in problems]


def test_a_review_of_a_week_that_sticks_out_stands_at_its_days_inside():
    review = Review(period="2023-W44", cause="客户延期")
    made = plan(calendar=BESIDE, reviews=[review])
    assert [period.days for _, period in made.reviews.said] == [2]


def test_levels_that_the_calendar_lacks_are_refused():
    with pytest.raises(PlanRefused, match="is no level of calendar iso"):
        plan(period="2023", calendar=ISO, levels=["year", "quarter"])


def test_a_calendar_that_does_not_reach_over_the_plan_is_refused():
    stub = [Period(date(2023, 9, 25), date(2023, 10, 9), Level.WEEK, "opening")]
    short = PairedCalendar(MonthCalendar(), ExplicitCalendar("stub", stub))
    with pytest.raises(PlanRefused, match="levels: 'week' 2023-10-09 is outside the calendar"):
        plan(calendar=short)


@pytest.mark.parametrize(
    ("since", "until", "label"),
    [
        ("2023-01-01", "2023-12-31", "2023"),
        ("2023-10-01", "2023-10-31", "2023-10"),
        ("2023-10-02", "2023-10-08", "2023-W40"),
        ("2023-10-02", "2023-10-02", "2023-10-02"),
        ("2023-10-02", "2023-10-09", "2023-10-02..2023-10-09"),
    ],
)
def test_days_that_make_a_period_are_named_by_it(since, until, label):
    days = (date.fromisoformat(since), date.fromisoformat(until))
    assert name_span(BESIDE, *days).label == label


def codes(refused):
    assert all(each.text("zh") and each.text("en") for each in refused.problems)
    return [each.code for each in refused.problems]


@pytest.mark.parametrize(
    ("wrong", "problems"),
    [
        ({"period": "someday"}, ["no-such-period"]),
        ({"metrics": [SALES, SALES]}, ["duplicate-name"]),
        ({"metrics": [SALES, SALES], "period": "x"}, ["duplicate-name", "no-such-period"]),
        ({"breakdowns": [["area"]]}, ["unknown-reference"]),
        ({"breakdowns": [["product"]], "targets": [EAST]}, ["no-such-goal"]),
        ({"targets": [EAST]}, ["no-such-goal"]),
        (
            {"targets": [target(period="2024"), EAST]},
            ["target-outside-plan", "no-such-goal"],
        ),
        (
            {"targets": [target(amount=-1), target(period="x")]},
            ["negative-target", "no-such-period"],
        ),
        ({"reviews": [Review(scope={"area": "x"}, period="2023-10")]}, ["bad-value"]),
        ({"reviews": [Review(period="someday")]}, ["bad-value"]),
    ],
)
def test_every_problem_of_a_plan_is_named_at_once(wrong, problems):
    with pytest.raises(PlanRefused) as caught:
        plan(**{"dimensions": [PRODUCT, REGION], **wrong})
    assert codes(caught.value) == problems


def test_overlapping_children_of_a_goal_are_refused():
    area = Dimension("region", ["华东", Member("上海", parent="华东")])
    with pytest.raises(PlanRefused) as caught:
        plan(
            dimensions=[area, PRODUCT],
            targets=[target({"region": "上海"}), target({"region": "华东", "product": "A"})],
        )
    assert codes(caught.value) == ["overlapping-goals"]


def test_a_warning_does_not_stop_a_plan():
    made = plan(targets=[target(period="2024-01")])
    assert [each.code for each in made.warnings] == ["target-outside-plan"]


def test_a_missing_goal_names_its_scope_and_the_breakdowns():
    with pytest.raises(PlanRefused, match=r"region=华东.*product > region"):
        plan(dimensions=[PRODUCT, REGION], targets=[target({"region": "华东"})])


def test_a_target_of_one_day_in_a_plan_without_days_is_a_warning():
    day = target({"region": "华东"}, period="2023-10-01")
    made = plan(dimensions=[REGION], targets=[day])
    assert [each.code for each in made.warnings] == ["target-of-a-day"]
    shown = plan(dimensions=[REGION], targets=[day], levels=[Level.MONTH, Level.DAY])
    assert shown.warnings == ()


def test_a_plan_is_what_it_was_told():
    pace = PaceSettings(basis=PaceBasis.DAYS)
    owned = Target(
        metric="sales",
        period="2023-10",
        target=5,
        ownership=Ownership(owner="王"),
        where=Place("t.csv", row=2),
    )
    made = plan(
        targets=[owned],
        workdays=Weekdays(),
        pace=pace,
    )
    assert (made.name, made.workdays, made.pace) == ("10月", Weekdays(), pace)
    assert plan().pace == PaceSettings()
    october = made.period
    assert made.ownership == OwnerTable({(): {october: Ownership(owner="王")}})
    assert made.typed_at["sales", "target", october] == {(): Place("t.csv", row=2)}


def refused(**wrong):
    with pytest.raises(PlanRefused) as caught:
        plan(**wrong)
    return [
        (each.code, each.where.source, each.column, each.value)
        for each in caught.value.problems
    ]


def test_a_problem_of_a_plan_stands_at_its_key():
    assert refused(period="2023-13") == [("no-such-period", "10月", "period", "2023-13")]
    (reference,) = refused(dimensions=[REGION], breakdowns=[["product"]])
    assert reference == ("unknown-reference", "10月", "breakdowns", None)


def test_of_days_that_are_meant_as_months_all_are_named():
    days = [target(period=f"2023-10-0{day}") for day in (2, 1)]
    (found,) = plan(targets=days).warnings
    assert (found.column, found.value) == ("targets", "2023-10-01, 2023-10-02")
    assert found.where.source == "10月"


def test_of_a_cascade_that_reaches_no_breakdown_one_goal_is_named():
    steps = (MemberStep(dimension=PRODUCT, position=1, members=(0, 1), rule=ShareRule()),)
    october = plan().period
    here = Place("plan.toml", key="cascades[0]")
    shared = Cascade(
        metric=SALES, period=october, goal=(ANY, ANY), steps=steps, total=10, where=here
    )
    with pytest.raises(PlanRefused) as caught:
        plan(dimensions=[REGION, PRODUCT], breakdowns=[["region"]], cascades=[shared])
    (found,) = caught.value.problems
    assert (found.code, found.where) == ("no-such-goal", here)
    assert found.facts == {"scope": "product=A", "breakdowns": "region"}


def test_days_that_nobody_knows_stand_at_the_plan():
    assert plan(workdays=Weekdays()).warnings == ()
    known = WorkdayTable("half", {date(2023, 10, 1): True})
    assert refused(workdays=known) == [("unknown-workdays", "10月", "workdays", None)]
