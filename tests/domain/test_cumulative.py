from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.cumulative import cumulate, tile_plan
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan, whole_span
from salesgoal.domain.target import Target
from salesgoal.domain.work_calendar import Weekdays

SALES = Metric(id="sales", decimals=2)
ORDERS = Metric(id="orders")
REGION = Dimension("region", ["华东", "华南", Member("专家", overlay=True)])


def plan(targets, *, metrics=(SALES,), period="2023Q4", levels=None):
    return make_plan(
        name="团队",
        period=period,
        metrics=metrics,
        dimensions=[REGION],
        targets=targets,
        levels=levels,
    )


def target(period, amount, region="华东", metric="sales"):
    return Target(scope={"region": region}, metric=metric, period=period, target=amount)


def sale(on, amount, region="华东", **values):
    return Actual(
        on=on, members={"region": region}, values={"sales": Decimal(amount), **values}
    )


def points(made, actuals, as_of, metric="sales"):
    (card,) = hold_against(made, actuals, as_of=as_of)
    return cumulate(card)[metric]


def test_targets_and_actuals_add_up_tile_by_tile_to_the_plans_own():
    made = plan([target("2023-10", 10), target("2023-11", 20), target("2023-12", 30)])
    facts = [sale(date(2023, 10, 5), 7), sale(date(2023, 11, 6), 5), sale(date(2023, 12, 9), 1)]
    found = points(made, facts, date(2023, 12, 31))
    assert [each.period.label for each in found] == ["2023-10", "2023-11", "2023-12"]
    assert [each.target for each in found] == [10_00, 30_00, 60_00]
    assert [each.expected for each in found] == [10_00, 30_00, 60_00]
    assert [each.actual for each in found] == [7_00, 12_00, 13_00]
    assert [each.own_actual for each in found] == [7_00, 5_00, 1_00]
    assert [each.own_target for each in found] == [10_00, 20_00, 30_00]


def test_what_has_not_begun_has_no_actual_and_what_runs_counts_to_the_day():
    made = plan([target("2023-10", 31), target("2023-11", 30), target("2023-12", 31)])
    found = points(made, [sale(date(2023, 10, 5), 7)], date(2023, 11, 15))
    assert [each.actual for each in found] == [7_00, 7_00, None]
    assert [each.own_actual for each in found] == [7_00, None, None]
    assert [each.expected for each in found] == [31_00, 46_00, 92_00]


def test_a_month_begins_on_its_first_day():
    made = plan([target("2023-10", 31), target("2023-11", 30), target("2023-12", 31)])
    first = date(2023, 11, 1)
    found = points(made, [sale(date(2023, 10, 5), 7), sale(first, 2)], first)
    assert [each.actual for each in found] == [7_00, 9_00, None]
    assert [each.expected for each in found] == [31_00, 32_00, 92_00]
    assert [each.own_actual for each in found] == [7_00, 2_00, None]


def test_what_is_expected_follows_the_workdays_and_the_seasons_of_the_plan():
    seasons = tuple(Fraction(each) for each in [1] * 9 + [3, 2, 5])
    shaped = PaceSettings(basis=PaceBasis.PROFILE, profile=seasons)
    for more, expected in (
        ({"workdays": Weekdays()}, [22_00, 29_00, 65_00]),
        ({"pace": shaped}, [19_50, 19_50 + 3_90, 65_00]),
    ):
        made = attrs.evolve(plan([target("2023Q4", 65)]), **more)
        found = points(made, [], date(2023, 11, 9))
        assert [each.expected for each in found] == expected


def test_a_month_without_a_target_leaves_the_sum_open_but_not_the_whole():
    made = plan([target("2023Q4", 92)])
    found = points(made, [], date(2023, 10, 31))
    assert [each.target for each in found] == [None, None, 92_00]
    assert [each.expected for each in found] == [31_00, 61_00, 92_00]
    assert [each.actual for each in found] == [None, None, None]


def test_a_total_over_several_tiles_counts_where_it_is_whole():
    quarter = plan([target("2023Q4", 92)]).period
    made = plan([target("2023Q4", 92)])
    fact = Actual(on=quarter, members={"region": "华东"}, values={"sales": Decimal(9)})
    found = points(made, [fact], date(2023, 12, 31))
    assert [each.actual for each in found] == [0, 0, 9_00]
    assert [each.own_actual for each in found] == [0, 0, 0]


def test_overlays_add_nothing():
    made = plan([target("2023-10", 10), target("2023-10", 5, "专家")])
    shared = [Credit("region", "华东"), Credit("region", "专家")]
    facts = [
        sale(date(2023, 10, 5), 7),
        Actual(on=date(2023, 10, 6), credits=shared, values={"sales": Decimal(3)}),
    ]
    assert points(made, facts, date(2023, 10, 31))[0].actual == 10_00


@pytest.mark.parametrize(
    ("aggregation", "values", "expected"),
    [
        (Aggregation.LAST, (5, 3), [5, 3, 3]),
        (Aggregation.MAXIMUM, (5, 3), [5, 5, 5]),
        (Aggregation.MINIMUM, (5, 3), [5, 3, 3]),
        (Aggregation.AVERAGE, (5, 3), [5, 4, 4]),
        (Aggregation.DISTINCT, ("a", "a"), [1, 1, 1]),
    ],
)
def test_other_metrics_cumulate_by_their_own_rule(aggregation, values, expected):
    metric = Metric(id="m", aggregation=aggregation)
    made = plan([target("2023-10", 4, metric="m")], metrics=[metric])
    days = (date(2023, 10, 5), date(2023, 11, 5))
    facts = [
        Actual(on=on, members={"region": "华东"}, values={"m": value})
        for on, value in zip(days, values, strict=True)
    ]
    (card,) = hold_against(made, facts, as_of=date(2023, 12, 31))
    found = cumulate(card)["m"]
    assert [each.actual for each in found] == expected


def test_a_balance_has_the_target_of_its_own_tile_and_an_average_only_a_typed_one():
    metrics = [Metric(id=each, aggregation=Aggregation(each)) for each in ("last", "average")]
    targets = [
        target(period, amount, metric=metric.id)
        for metric in metrics
        for period, amount in (("2023-10", 4), ("2023-11", 6))
    ]
    targets.append(Target(metric="average", period="2023-10", target=5))
    (card,) = hold_against(plan(targets, metrics=metrics), [], as_of=date(2023, 10, 1))
    found = cumulate(card)
    assert [each.target for each in found["last"]] == [4, 6, None]
    # No more than October is typed of the stretch that begins the plan; a mean has no sum.
    assert [each.target for each in found["average"]] == [5, None, None]


def test_a_ratio_is_the_ratio_of_its_cumulated_parts():
    mean = Metric(id="mean", decimals=2, aggregation=Ratio("sales", "orders"))
    made = plan(
        [
            target("2023-10", 90),
            target("2023-10", 3, metric="orders"),
            target("2023-11", 10),
            target("2023-11", 1, metric="orders"),
        ],
        metrics=[SALES, ORDERS, mean],
    )
    facts = [sale(date(2023, 10, 5), 100, orders=3), sale(date(2023, 11, 5), 20, orders=1)]
    (card,) = hold_against(made, facts, as_of=date(2023, 11, 30))
    found = cumulate(card)["mean"]
    assert [each.actual for each in found] == [Fraction(10000, 3), Fraction(3000), None]
    assert [each.target for each in found] == [Fraction(3000), Fraction(2500), Fraction(2500)]


def test_a_plan_without_shorter_periods_has_one_tile():
    made = plan([target("2023-10", 10)], period="2023-10", levels=[Level.MONTH])
    assert tile_plan(made) == (made.period,)


def test_periods_that_leave_days_out_are_no_tiles():
    odd = whole_span(date(2023, 10, 5), date(2023, 12, 31))
    made = make_plan(
        name="团队",
        period=odd,
        metrics=[SALES],
        dimensions=[REGION],
        calendar=MonthCalendar(),
        levels=[Level.MONTH],
    )
    assert tile_plan(made) == (odd,)


def test_the_last_point_is_the_scorecards_own_row():
    made = plan([target("2023-10", 10), target("2023-11", 20), target("2023-12", 30)])
    (card,) = hold_against(made, [sale(date(2023, 12, 5), 7)], as_of=date(2023, 12, 20))
    row = card.row(metric="sales", period=made.period)
    last = cumulate(card)["sales"][-1]
    assert (last.target, last.actual, last.expected) == (
        row.target,
        row.actual,
        row.progress.expected,
    )


def test_a_root_with_periods_of_its_own_needs_no_goal_below():
    made = plan(
        [
            Target(metric="sales", period="2023-10", target=40),
            Target(metric="sales", period="2023-11", target=60),
            target("2023-10", 10),
        ]
    )
    found = points(made, [], date(2023, 10, 31))
    assert [each.expected for each in found] == [40_00, 100_00, 100_00]


def test_a_balance_moves_along_with_who_moved():
    rep = Dimension(
        "rep",
        [
            "华东",
            "华南",
            Member("张三", parent="华东", until=date(2023, 10, 31)),
            Member("张三", parent="华南", since=date(2023, 11, 1)),
        ],
    )
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = make_plan(name="团队", period="2023Q4", metrics=[debt], dimensions=[rep])
    facts = [
        Actual(on=on, members={"rep": "张三"}, values={"debt": units})
        for on, units in ((date(2023, 10, 5), 8), (date(2023, 11, 6), 3))
    ]
    (card,) = hold_against(made, facts, as_of=date(2023, 12, 31))
    assert [each.actual for each in cumulate(card)["debt"]] == [8, 3, 3]


def test_a_source_that_speaks_from_the_day_of_the_report_on_is_heard():
    made = plan([target("2023-10", 31)])
    found = points(made, [sale(date(2023, 10, 5), 7)], date(2023, 10, 5))
    assert [each.actual for each in found] == [7_00, None, None]
    later = [sale(date(2023, 10, 5), 7), sale(date(2023, 10, 9), 5)]
    assert points(made, later, date(2023, 10, 7))[0].actual == 7_00
