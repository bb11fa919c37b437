from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesgoal.domain.basis import (
    Profile,
    counterpart,
    day_weights,
    grow,
    history_weights,
    last_year,
    percent_weights,
    profile_of_years,
    trailing_year,
)
from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import whole_span
from salesgoal.domain.week_calendar import ISO
from salesgoal.errors import AllocationRefused, FloatRefused, NumberRefused

GREGORIAN = MonthCalendar()


def test_a_profile_is_matched_by_position_and_length():
    profile = Profile("月度分布", [1] * 12)
    assert len(profile.of(12)) == 12
    with pytest.raises(AllocationRefused, match="月度分布 has 12 entries for 18 parts"):
        profile.of(18)


def test_a_profile_needs_weights():
    with pytest.raises(NumberRefused):
        Profile("空", [])


@pytest.mark.parametrize(
    ("percents", "shown"),
    [
        ([Decimal("33.332")] * 3, "99.996"),
        ([50, 51], "101"),
        ([Fraction(100, 3), 66], "298/3"),
    ],
)
def test_percentages_come_to_a_hundred_exactly(percents, shown):
    with pytest.raises(AllocationRefused, match=f"come to {shown}, not to 100") as caught:
        percent_weights(percents)
    assert caught.value.code == "percent-total"


def test_percentages_that_do_are_weights():
    assert percent_weights([Fraction(100, 3)] * 3) == (Fraction(100, 3),) * 3
    with pytest.raises(FloatRefused):
        percent_weights([50.0, 50])


def test_every_year_of_a_profile_counts_the_same():
    profile = profile_of_years("淡旺季", [[10, 30], [100, 100], [0, 0], [-5, 5]])
    assert profile.weights == (Fraction(3, 4), Fraction(9, 4))
    with pytest.raises(AllocationRefused, match="has 3 entries for 2 parts"):
        profile_of_years("淡旺季", [[10, 30], [1, 2, 3]])
    with pytest.raises(NumberRefused):
        profile_of_years("无", [])


def test_periods_weigh_their_days():
    months = subdivide(GREGORIAN, parse_period(GREGORIAN, "2024Q1"), Level.MONTH)
    assert day_weights(months) == (31, 29, 31)


def test_no_history_and_less_than_nothing_weigh_nothing():
    assert history_weights([7, None, 0, -3]) == (7, 0, 0, 0)


def test_week_53_weighs_the_mean_of_the_weeks_that_have_a_counterpart():
    weeks = subdivide(ISO, parse_period(ISO, "2020"), Level.WEEK)[50:]
    assert [week.label for week in weeks] == ["2020-W51", "2020-W52", "2020-W53"]
    sold = {"2019-W51": 10, "2019-W52": 15}
    assert last_year(ISO, weeks, lambda week: sold.get(week.label)) == (10, 15, Fraction(25, 2))


def test_where_no_period_has_a_counterpart_all_weigh_nothing():
    week = parse_period(ISO, "2020-W53")
    assert last_year(ISO, [week], lambda _: 1) == (0,)


def test_a_cut_week_has_the_whole_week_as_its_counterpart():
    week = parse_period(ISO, "2021-W13")
    cut = Period(week.start, date(2021, 4, 1), Level.WEEK, week.label)
    assert counterpart(ISO, cut).label == "2020-W13"


def test_a_span_has_the_same_days_a_year_before():
    before = counterpart(GREGORIAN, whole_span(date(2024, 2, 29), date(2024, 6, 30)))
    assert (before.start, before.last) == (date(2023, 2, 28), date(2023, 6, 30))


def test_outside_an_explicit_calendar_there_is_no_counterpart():
    rows = [Period(date(2023, 1, 1), date(2024, 1, 1), Level.YEAR, "2023")]
    foreign = parse_period(GREGORIAN, "2023-01")
    assert counterpart(ExplicitCalendar("own", rows), foreign) is None


def test_the_trailing_year_ends_where_the_period_begins():
    window = trailing_year(parse_period(GREGORIAN, "2024-03"))
    assert (window.start, window.last) == (date(2023, 3, 1), date(2024, 2, 29))


def test_a_total_grows_exactly_half_up():
    assert grow(333, Fraction(1, 2)) == 500
    assert grow(-333, Decimal("0.5")) == -500
    with pytest.raises(FloatRefused):
        grow(100, 0.1)


def test_what_is_refused_is_named():
    with pytest.raises(AllocationRefused, match="淡旺季 has 3 entries"):
        profile_of_years("淡旺季", [[10, 30], [1, 2, 3]])
    assert profile_of_years("淡旺季", [[1]]).name == "淡旺季"
    for refused in (lambda: percent_weights([50.25]), lambda: grow(100, 50.25)):
        with pytest.raises(FloatRefused, match=r"50\.25"):
            refused()


def test_spans_a_year_before_are_spans_with_their_days_as_label():
    span = whole_span(date(2024, 3, 1), date(2024, 6, 30))
    before, window = counterpart(GREGORIAN, span), trailing_year(span)
    assert (before.level, before.label) == (Level.SPAN, "2023-03-01..2023-06-30")
    assert (window.level, window.label) == (Level.SPAN, "2023-03-01..2024-02-29")
