"""To date: every level at once, on a fiscal calendar, with its past."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from salesgoal.domain.cells import Cells
from salesgoal.domain.condense import fact_metrics
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.forecast import ForecastMethod, Why
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.pace import Pace
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan, whole_span
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import Target
from salesgoal.domain.timeline import make_timeline
from salesgoal.domain.to_date import make_windows, to_date_rows, window_periods
from salesgoal.domain.week_calendar import ISO
from salesgoal.domain.work_calendar import Weekdays, WorkdayTable
from salesgoal.errors import UnknownName

FISCAL = PairedCalendar(MonthCalendar(start_month=4, year_name=YearName.END), ISO)
AS_OF = date(2018, 11, 14)
METRICS = [
    Metric(id="sales"),
    Metric(id="debt", aggregation=Aggregation.LAST),
]


def make(period="FY2019", calendar=FISCAL, **facts):
    return make_plan(
        name="plan",
        period=period,
        calendar=calendar,
        metrics=METRICS,
        dimensions=[Dimension("region", ["华东", "华南"])],
        targets=[
            Target(scope={"region": region}, metric="sales", period=period, target=730)
            for region in ("华东", "华南")
        ],
        **facts,
    )


def rows_of(plan, *, as_of=AS_OF, since=date(2016, 4, 1), **asked):
    """One unit is sold in the East every day from ``since``, three a day from July 2018."""
    windows = make_windows(plan, as_of)
    periods = window_periods(windows)
    cells = Cells(make_timeline(periods, as_of), fact_metrics(plan), len(plan.dimensions))
    base = cells.base((0,))
    day = since
    while day <= as_of:
        slot = cells.slot(day)
        cells.book(base, slot, METRICS[0], 3 if day >= date(2018, 7, 1) else 1, day)
        day += timedelta(days=1)
    cards = score(plan, cells, {"sales": [(since, as_of)]}, as_of, periods=periods)
    return list(to_date_rows(cards[0], windows, **asked))


def test_week_month_quarter_half_and_year_of_a_fiscal_calendar_at_once():
    rows = rows_of(make(), goal="", metric="sales")[:5]
    assert [each.row.period.label for each in rows] == [
        *("2018-W46", "2018-11", "FY2019Q3", "FY2019H2", "FY2019")
    ]
    assert [each.row.actual for each in rows] == [9, 42, 135, 135, 91 + 411]
    expected = [each.row.progress.expected for each in rows]
    assert expected == [None, None, None, None, Fraction(1_460 * 228, 365)]
    assert rows[4].row.progress.pace is Pace.BEHIND


def test_the_year_so_far_is_its_months_and_the_month_so_far():
    rows = rows_of(make(), goal="", metric="sales")[:5]
    months = 30 + 31 + 30 + 3 * (31 + 31 + 30 + 31)
    assert rows[4].row.actual == months + rows[1].row.actual


def test_like_parts_of_the_period_before_and_of_the_year_before():
    rows = rows_of(make(), goal="华东", metric="sales")
    month, year = rows[1], rows[4]
    assert (month.before, month.year) == (42, 14)
    assert (month.before_change.units, month.before_change.ratio) == (0, 0)
    assert (month.year_change.units, month.year_change.ratio) == (28, 2)
    assert year.year == year.before == 228
    assert year.year_change.units == 502 - 228


def test_what_no_source_covers_is_not_compared():
    rows = rows_of(make(), since=date(2018, 4, 1), goal="华东", metric="sales")
    assert (rows[1].before, rows[1].year, rows[1].year_change) == (42, None, None)
    assert (rows[4].before, rows[4].before_change) == (None, None)


def test_a_forecast_has_an_interval_only_with_eight_past_errors():
    rows = rows_of(make(), goal="华东", metric="sales")
    month, year = rows[1].forecast, rows[4].forecast
    assert month.projected == 90
    assert month.errors == 31
    assert month.interval.low == month.interval.high == 90
    assert month.probability is None
    assert (year.errors, year.interval, year.probability) == (2, None, None)
    assert (year.why, rows[4].why, month.why) == (Why.FEW_ERRORS, Why.FEW_ERRORS, None)
    later = rows_of(
        make(), goal="华东", metric="sales", method=ForecastMethod.SHARE_OF_LAST_YEAR
    )
    assert later[4].forecast.projected == Fraction(502 * 365, 228)


def test_what_is_over_needs_no_forecast_and_what_is_unknown_has_none():
    over = rows_of(make(), as_of=date(2018, 11, 30), goal="", metric="sales")
    assert (over[1].forecast, over[1].why) == (None, Why.OVER)
    assert over[0].forecast is not None
    levels = rows_of(make(), goal="", metric="debt")
    assert [(each.forecast, each.why) for each in levels] == [(None, Why.NO_DATA)] * 15


def test_every_goal_and_metric_has_its_rows():
    rows = rows_of(make())
    assert len(rows) == 3 * 2 * 5
    assert [each.row.goal for each in rows[::10]] == ["", "华东", "华南"]


def test_a_period_longer_than_the_plan_has_an_actual_and_no_target():
    days = {day: day.weekday() < 5 for day in FISCAL.at(Level.QUARTER, AS_OF)}
    rows = rows_of(
        make("FY2019Q3", workdays=WorkdayTable("Q3", days)), goal="华东", metric="sales"
    )
    week, month, quarter, half, year = (each.row for each in rows)
    assert (quarter.target, quarter.actual) == (730, 135)
    assert (year.target, year.progress.expected, year.progress.pace) == (None, None, None)
    assert year.progress.projected is None
    assert (half.actual, year.actual) == (135, 502)
    assert (week.period.label, month.target) == ("2018-W46", None)
    assert (rows[2].forecast is None, rows[4].forecast) == (False, None)
    assert (rows[1].why, rows[4].why) == (None, Why.LONGER_THAN_PLAN)


def test_a_week_is_cut_at_the_ends_of_the_plan():
    plan = make(as_span := whole_span(date(2018, 11, 14), date(2018, 12, 31)))
    first = rows_of(plan, goal="华东", metric="sales")
    assert first[0].row.actual == 3
    assert first[-1].row.period == as_span
    assert (first[-1].before, first[-1].year) == (3, None)


def test_outside_the_plan_there_is_no_window():
    assert make_windows(make(), date(2020, 1, 1)) == ()


def test_a_calendar_that_lacks_a_level_on_the_day_leaves_it_out():
    whole = whole_span(date(2018, 1, 1), date(2018, 12, 31))
    months = [MonthCalendar().at(Level.MONTH, date(2018, 11, 1))]
    calendar = ExplicitCalendar("short", months)
    plan = make(whole, calendar=calendar, levels=[Level.SPAN], workdays=Weekdays())
    found = [each.period.label for each in make_windows(plan, AS_OF)]
    assert found == ["2018-11", whole.label]
    before = [each.period.label for each in make_windows(plan, date(2018, 5, 5))]
    assert before == [whole.label]


def test_an_unknown_goal_is_refused():
    with pytest.raises(UnknownName):
        rows_of(make(), goal="西北")


KINDS = [
    Metric(id="sales"),
    *(Metric(id=str(each), aggregation=each) for each in Aggregation if each != "sum"),
    Metric(id="mean", decimals=2, aggregation=Ratio("sales", "distinct")),
    Metric(id="turnover", aggregation=Ratio("sales", "last")),
    Metric(id="spread", unit="%", decimals=1, aggregation=Ratio("last", "maximum")),
]


def kinds_of(as_of, *, months=12, facts=True, method=ForecastMethod.RUN_RATE):
    """Day d of a month sells d to customer d / 3 and reads a level of 100 + d."""
    plan = make_plan(
        name="plan",
        period="2023",
        metrics=KINDS,
        targets=[Target(metric="mean", period="2023-04", target=5)],
    )
    windows = make_windows(plan, as_of)
    periods = window_periods(windows)
    cells = Cells(make_timeline(periods, as_of), fact_metrics(plan), 0)
    day = since = as_of.replace(day=1) - timedelta(days=30 * months)
    while day <= as_of and facts:
        values = {"sales": day.day, "distinct": f"客户{day.day // 3}"}
        for each in KINDS[:6]:
            value = values.get(each.id, 100 + day.day)
            cells.book(cells.base(()), cells.slot(day), each, value, day)
        day += timedelta(days=1)
    coverage = {each.id: [(since, as_of)] for each in KINDS[:6]}
    (card,) = score(plan, cells, coverage, as_of, periods=periods)
    rows = to_date_rows(card, windows, method=method)
    return {each.row.metric.id: each for each in rows if each.row.period.level == "month"}


def test_every_aggregation_is_projected_by_its_own_rule():
    rows = kinds_of(date(2023, 4, 10))
    assert {name: each.forecast.projected for name, each in rows.items()} == {
        "sales": 55 * 3,
        "last": 110,
        "average": Fraction(1055, 10),
        "maximum": 110,
        "minimum": 101,
        "distinct": 4 * 3,
        "mean": Fraction(55 * 100, 4),
        "turnover": Fraction(165, 110),
        "spread": Fraction(1000),
    }
    methods = {name for name, each in rows.items() if each.forecast.method == "so_far"}
    assert methods == {"last", "average", "maximum", "minimum", "spread"}
    scorecard = {name: each.row.progress.projected for name, each in rows.items()}
    assert scorecard == {name: each.forecast.projected for name, each in rows.items()}


def test_levels_and_ratios_learn_from_their_own_past_errors():
    rows = kinds_of(date(2023, 4, 10))
    last = rows["last"].forecast
    assert last.errors == 11
    assert last.interval.high == 131
    assert last.interval.low == Fraction(110 * 128, 109)
    assert rows["average"].forecast.interval.low > rows["average"].forecast.projected
    mean = rows["mean"].forecast
    assert (mean.errors, mean.probability) == (11, Fraction(12, 13))
    assert mean.interval.low > mean.projected
    assert rows["mean"].before is not None


def test_shares_of_the_past_project_both_parts_of_a_ratio():
    rows = kinds_of(date(2023, 4, 10), months=14, method=ForecastMethod.SHARE_OF_LAST_YEAR)
    whole, part = sum(range(1, 31)), sum(range(1, 11))
    assert rows["mean"].forecast.projected == Fraction(whole * 100, 11)
    assert rows["distinct"].forecast.projected == 11
    assert rows["sales"].forecast.projected == Fraction(55 * whole, part)
    assert rows["last"].forecast.method == "so_far"


def test_what_nothing_can_be_said_of_has_its_reason():
    rows = kinds_of(date(2023, 4, 10), months=3)
    assert {each.why for each in rows.values()} == {Why.FEW_ERRORS}
    nothing = kinds_of(date(2023, 4, 10), facts=False)
    assert {name: str(each.why) for name, each in nothing.items()} == {
        "sales": "not_positive",
        "distinct": "not_positive",
        "mean": "no_denominator",
        **dict.fromkeys(
            ["last", "average", "maximum", "minimum", "turnover", "spread"], "no_data"
        ),
    }
