"""Expectation: typed parts, gaps, workdays, profiles, levels and baselines."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.expectation import (
    expected_column,
    expected_to_date,
    profile_parts,
    split_expected,
)
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.pace import Pace, PaceBasis, PaceSettings
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.domain.week_calendar import ISO
from salesgoal.domain.work_calendar import Weekdays

MONTHS = MonthCalendar()
SALES = Metric(id="sales")
REGION = Dimension("region", ["华东", "华南"])
DEBT = Metric(id="debt", aggregation=Aggregation.LAST, direction=Direction.MINIMISE)


def period(label):
    return parse_period(MONTHS, label)


YEAR, Q4, OCT, NOV, DEC = map(period, ("2023", "2023Q4", "2023-10", "2023-11", "2023-12"))


def expect(target, whole, day, metric=SALES, **facts):
    return expected_to_date(metric, target, whole, day, **facts)


def test_finished_months_count_whole_and_the_running_one_by_its_workdays():
    parts = {OCT: 300, NOV: 220, DEC: 500}
    found = expect(1_020, Q4, date(2023, 11, 15), parts=parts, workdays=Weekdays())
    assert found == 300 + Fraction(220 * 11, 22)


def test_a_part_goes_down_into_the_parts_inside_it():
    parts = {Q4: 1_000, OCT: 300, NOV: 300, DEC: 400}
    assert expect(4_000, YEAR, date(2023, 10, 31), parts=parts) == 3_000 + 300


def test_gaps_between_parts_share_what_the_parts_leave():
    days = (date(2023, 10, 31), date(2023, 11, 15), date(2023, 11, 30))
    found = [expect(900, Q4, day, parts={OCT: 200, DEC: 100}) for day in days]
    assert found == [200, 500, 800]


def test_gaps_take_nothing_where_the_parts_leave_nothing():
    found = [
        expect(300, Q4, day, parts={NOV: 300, DEC: 300})
        for day in (date(2023, 10, 31), date(2023, 11, 30))
    ]
    assert found == [0, 150]


def test_a_gap_at_the_end_and_one_without_a_workday():
    weekend = Period(date(2023, 12, 30), date(2024, 1, 1), Level.SPAN, "weekend")
    rest = attrs.evolve(DEC, stop=weekend.start, level=Level.SPAN, label="rest")
    day = date(2023, 12, 29)
    assert expect(90, DEC, day, parts={rest: 60}, workdays=Weekdays()) == 90
    assert expect(93, DEC, day, parts={rest: 60}) == 60


def test_parts_of_nothing_say_nothing():
    assert expect(310, OCT, date(2023, 10, 10), parts={}) == 100
    zero = {period("2023-10w1"): 0}
    assert expect(0, OCT, date(2023, 10, 10), parts=zero) == 0


def test_parts_that_overlap_count_once():
    crossing = Period(date(2023, 10, 20), date(2023, 11, 10), Level.SPAN, "crossing")
    found = expect(600, Q4, date(2023, 10, 31), parts={OCT: 200, crossing: 999, NOV: 200})
    assert found == 200


def test_a_level_is_expected_whole_and_a_typed_month_has_its_own():
    assert expect(500, Q4, date(2023, 10, 10), DEBT) == 500
    assert expect(500, Q4, date(2023, 10, 10), DEBT, parts={OCT: 800, DEC: 500}) == 800
    assert expect(500, Q4, date(2023, 11, 10), DEBT, parts={OCT: 800, DEC: 500}) == 500
    assert expect(500, YEAR, date(2023, 11, 10), DEBT, parts={Q4: 700, NOV: 800}) == 800
    mean = Metric(id="mean", aggregation=Aggregation.AVERAGE)
    assert expect(12, OCT, date(2023, 10, 10), mean) == 12


def test_a_level_with_a_baseline_is_expected_on_its_way():
    falling = attrs.evolve(DEBT, baseline=920)
    assert expect(0, Q4, date(2023, 10, 23), falling) == 690
    parts = {OCT: 610, NOV: 310, DEC: 0}
    assert expect(0, Q4, date(2023, 10, 10), falling, parts=parts) == 820
    assert expect(0, Q4, date(2023, 11, 10), falling, parts=parts) == 510
    assert expect(0, Q4, date(2023, 11, 30), falling, parts=parts) == 310


def test_a_level_is_on_its_way_from_the_part_that_ended_last():
    falling = attrs.evolve(DEBT, baseline=920)
    parts = {period("2023H1"): 600, period("2023-05"): 900, period("2023Q3"): 300}
    assert expect(0, YEAR, date(2023, 8, 15), falling, parts=parts) == 450


def test_what_is_expected_is_said_part_by_part():
    parts = {Q4: 1_000, OCT: 300, NOV: 220, DEC: 480}
    day = date(2023, 11, 15)
    found = split_expected(4_000, YEAR, day, parts=parts, workdays=Weekdays())
    assert [(str(each.period.start), each.allotted, each.units) for each in found] == [
        ("2023-01-01", 3_000, 3_000),
        ("2023-10-01", 300, 300),
        ("2023-11-01", 220, 110),
    ]
    whole = expect(4_000, YEAR, day, parts=parts, workdays=Weekdays())
    assert sum(each.units for each in found) == whole == 3_410
    assert found[0].period.level is Level.SPAN
    assert found[0].period.label == "2023-01-01..2023-10-01"


def test_on_the_last_day_of_a_part_all_of_it_is_expected():
    found = split_expected(900, Q4, OCT.last, parts={OCT: 200, NOV: 300, DEC: 400})
    assert [(each.period.label, each.units) for each in found] == [
        ("2023-10", 200),
        ("2023-11", 0),
    ]


def test_a_rest_of_one_unit_goes_to_the_gap():
    assert expect(501, Q4, date(2023, 11, 30), parts={OCT: 200, DEC: 300}) == 201


def test_of_parts_that_begin_together_the_longer_counts_first():
    week = period("2023-10w1")
    found = split_expected(920, Q4, date(2023, 10, 7), parts={week: 70, OCT: 310})
    assert (found[0].period, found[0].units) == (week, 70)
    assert found[1].allotted == 240


def test_a_profile_speaks_of_the_years_of_its_calendar():
    fiscal = MonthCalendar(start_month=4, year_name=YearName.END)
    half = parse_period(fiscal, "FY2019H2")
    weights = [Fraction(each) for each in range(1, 13)]
    assert list(profile_parts(weights, fiscal, half).values()) == [7, 8, 9, 10, 11, 12]
    later = Period(date(2018, 12, 1), date(2019, 5, 1), Level.SPAN, "five months")
    assert list(profile_parts(weights, fiscal, later).values()) == [9, 10, 11, 12, 1]
    fortnight = Period(date(2018, 4, 16), date(2018, 5, 1), Level.SPAN, "fortnight")
    assert list(profile_parts(weights, fiscal, fortnight).values()) == [Fraction(1, 2)]


def test_a_profile_says_nothing_where_the_calendar_has_no_such_parts():
    twelve = [Fraction(1)] * 12
    assert profile_parts(twelve, ISO, ISO.at(Level.YEAR, date(2023, 5, 1))) == {}
    short = ExplicitCalendar("short", [Q4, OCT, NOV, DEC])
    assert profile_parts(twelve, short, Q4) == {}
    four = ExplicitCalendar(
        "four", [YEAR, Period(YEAR.start, YEAR.stop, Level.QUARTER, "2023Q1")]
    )
    assert profile_parts([Fraction(1)] * 4, four, YEAR) == {}


def hold(targets, day, **facts):
    plan = make_plan(
        name="2023Q4",
        period="2023Q4",
        metrics=[SALES, DEBT],
        dimensions=[Dimension("region", ["华东", "华南"])],
        targets=[Target(**each) for each in targets],
        **facts,
    )
    (card,) = hold_against(plan, [], as_of=day)
    return [
        card.row(path, metric="sales", period="2023Q4").progress.expected
        for path in card.tree.path
    ]


EAST, SOUTH = {"region": "华东"}, {"region": "华南"}
SPLIT = [
    {"scope": EAST, "metric": "sales", "period": "2023-10", "target": 90},
    {"scope": EAST, "metric": "sales", "period": "2023-11", "target": 10},
    {"scope": SOUTH, "metric": "sales", "period": "2023Q4", "target": 92},
]


def test_a_goal_expects_what_its_children_do():
    assert hold(SPLIT, date(2023, 10, 31)) == [90 + 31, 90, 31]


def test_a_goal_with_a_target_of_its_own_takes_the_shape_of_its_children():
    own = {"metric": "sales", "period": "2023Q4", "target": 1_920}
    assert hold([*SPLIT, own], date(2023, 10, 31)) == [1_210, 90, 31]


def test_a_goal_with_months_of_its_own_keeps_their_shape():
    own = [
        {"metric": "sales", "period": label, "target": target}
        for label, target in (("2023-10", 500), ("2023-12", 500))
    ]
    assert hold([*SPLIT, *own], date(2023, 10, 31)) == [500, 90, 31]


def test_children_whose_targets_come_to_nothing_have_no_shape():
    zero = [{**each, "target": 0} for each in SPLIT]
    own = {"metric": "sales", "period": "2023Q4", "target": 92}
    assert hold([*zero, own], date(2023, 10, 31)) == [31, 0, 0]


def test_a_goal_below_which_nothing_is_expected_counts_its_days():
    own = [
        {"metric": "sales", "period": "2023Q4", "target": 92},
        {"scope": EAST, "metric": "sales", "period": "2023-12", "target": 92},
    ]
    assert hold(own, date(2023, 10, 31)) == [0, 0]
    assert hold(own[:1], date(2023, 10, 31)) == [31]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (PaceSettings(), 90),
        (PaceSettings(basis=PaceBasis.DAYS), Fraction(100 * 31, 61)),
        (PaceSettings(basis=PaceBasis.WORKDAYS), Fraction(100 * 22, 44)),
        (
            PaceSettings(
                basis=PaceBasis.PROFILE, profile=tuple(map(Fraction, [1] * 9 + [3, 2, 5]))
            ),
            60,
        ),
    ],
)
def test_the_basis_is_the_plans(settings, found):
    span = Period(date(2023, 10, 1), date(2023, 12, 1), Level.SPAN, "two months")
    tree = make_plan(name="x", period="2023", metrics=[SALES]).trees[0]
    typed = {OCT: {(): 90}, NOV: {(): 10}}
    column = expected_column(
        tree,
        SALES,
        [100],
        typed,
        span,
        date(2023, 10, 31),
        settings=settings,
        calendar=MONTHS,
        workdays=Weekdays(),
    )
    assert column == [found]


@pytest.mark.parametrize(("day", "found"), [(Q4.start, 1), (Q4.last, 92)])
def test_a_column_is_expected_from_the_first_day_and_whole_on_the_last(day, found):
    tree = make_plan(name="x", period="2023", metrics=[SALES]).trees[0]
    days = PaceSettings(basis=PaceBasis.DAYS)
    for asked in (Q4, OCT):
        whole = 92 if asked is Q4 else 31
        column = expected_column(
            tree, SALES, [whole], {}, asked, day, settings=days, calendar=MONTHS
        )
        assert column == [min(found, whole)]


def test_a_profile_is_no_level():
    tree = make_plan(name="x", period="2023", metrics=[DEBT]).trees[0]
    settings = PaceSettings(basis=PaceBasis.PROFILE, profile=(Fraction(1),) * 12)
    column = expected_column(
        tree, DEBT, [500], {}, Q4, OCT.last, settings=settings, calendar=MONTHS
    )
    assert column == [500]


def test_a_week_without_a_workday_counts_its_days():
    golden = MONTHS.at(Level.WEEK, date(2023, 10, 1))
    nobody = attrs.evolve(golden, stop=golden.start + timedelta(days=1))
    assert expect(70, golden, date(2023, 10, 3), workdays=Weekdays(["sun"])) == 70
    assert expect(70, nobody, date(2023, 9, 30)) is None
    assert Pace.ACHIEVED.value == "achieved"


def test_a_cut_that_no_breakdown_holds_expects_of_its_root_what_the_plan_does():
    plan = make_plan(
        name="2023Q4",
        period="2023Q4",
        metrics=[SALES],
        dimensions=[Dimension("region", ["华东"]), Dimension("product", ["A"])],
        breakdowns=[["region"]],
        targets=[Target(scope=EAST, metric="sales", period="2023Q4", target=92)],
    )
    (card,) = hold_against(plan, [], as_of=date(2023, 10, 31))
    stands = [
        each.row(metric="sales", period="2023Q4").progress
        for each in (card, card.by("region"), card.by("product"))
    ]
    assert [each.expected for each in stands] == [31, 31, 31]


def test_gaps_of_unlike_length_share_by_their_days():
    parts = {period("2023-02"): 28}
    days = (date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31))
    assert [expect(365, YEAR, day, parts=parts) for day in days] == [31, 59, 90]
    january = split_expected(365, YEAR, date(2023, 3, 31), parts=parts)
    assert [each.allotted for each in january] == [31, 28, 306]


def test_with_a_baseline_a_goal_does_not_take_the_shape_of_its_children():
    tree = build_tree(Breakdown(["region"]), [REGION], [(0,), (1,)])
    typed = {OCT: {(0,): 310}}
    found = {}
    for baseline in (None, 920):
        metric = attrs.evolve(SALES, baseline=baseline)
        found[baseline] = expected_column(
            tree,
            metric,
            [620, 310, 310],
            typed,
            Q4,
            OCT.last,
            settings=PaceSettings(),
            calendar=MONTHS,
        )[0]
    assert found == {None: 310 + Fraction(310 * 31, 92), 920: Fraction(620 * 31, 92)}
