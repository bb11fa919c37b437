from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.domain.calendar import (
    LabelStyle,
    between,
    confirm_period,
    format_period,
    next_period,
    parse_period,
    prev_period,
    shift,
    span,
    subdivide,
    to_date,
)
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.label import parse_label
from salesgoal.domain.month_calendar import MonthCalendar, WeekScheme, YearName
from salesgoal.domain.period import Level, Period
from salesgoal.domain.week_calendar import ISO as ISO_YEARS
from salesgoal.domain.week_calendar import WeekCalendar
from salesgoal.domain.week_month_calendar import WeekMonthCalendar
from salesgoal.errors import CalendarMismatch, LabelRefused, NotNested, OutOfCalendar

GREGORIAN = MonthCalendar()
Q4 = parse_period(GREGORIAN, "2023Q4")
ISO = ExplicitCalendar(
    "iso",
    [
        Period(date(2023, 9, 25), date(2023, 10, 2), Level.WEEK, "2023-W39"),
        Period(date(2023, 10, 2), date(2023, 10, 9), Level.WEEK, "2023-W40"),
        Period(date(2023, 10, 9), date(2023, 10, 16), Level.WEEK, "2023-W41"),
    ],
)
FORTNIGHT = Period(date(2023, 10, 1), date(2023, 10, 10), Level.SPAN, "1st to 9th")


def labels(periods):
    return [period.label for period in periods]


def test_the_next_and_the_previous_period_are_of_the_same_level():
    assert next_period(GREGORIAN, Q4).label == "2024Q1"
    assert prev_period(GREGORIAN, Q4).label == "2023Q3"


def test_a_calendar_that_ends_says_so():
    with pytest.raises(OutOfCalendar):
        next_period(ISO, ISO.at(Level.WEEK, date(2023, 10, 10)))


def test_periods_that_share_a_day_may_stick_out():
    found = span(ISO, Level.WEEK, FORTNIGHT.start, FORTNIGHT.stop)
    assert labels(found) == ["2023-W39", "2023-W40", "2023-W41"]
    assert span(GREGORIAN, Level.DAY, date(2023, 1, 1), date(2023, 1, 1)) == ()


def test_a_split_tiles_the_period():
    assert labels(subdivide(GREGORIAN, Q4, Level.MONTH)) == ["2023-10", "2023-11", "2023-12"]
    assert subdivide(GREGORIAN, Q4, Level.QUARTER) == (Q4,)


@pytest.mark.parametrize(
    ("calendar", "period", "level"),
    [(ISO, FORTNIGHT, Level.WEEK), (GREGORIAN, Q4, Level.YEAR)],
)
def test_a_period_is_never_cut_where_the_level_has_no_border(calendar, period, level):
    with pytest.raises(NotNested, match=f"periods of level {level}"):
        subdivide(calendar, period, level)


def test_only_whole_periods_lie_between():
    assert labels(between(ISO, Level.WEEK, FORTNIGHT)) == ["2023-W40"]
    assert between(GREGORIAN, Level.YEAR, Q4) == ()


def test_a_label_names_a_period_of_the_calendar():
    assert parse_period(GREGORIAN, "2023年第四季度") == Q4
    assert parse_period(ISO, "2023-W40").start == date(2023, 10, 2)


@pytest.mark.parametrize("text", ["", "1850", "1850-03-01", "2023-W40", "soon"])
def test_a_label_that_names_no_period_is_refused(text):
    with pytest.raises(LabelRefused):
        parse_period(GREGORIAN, text)


APRIL = MonthCalendar(start_month=4, year_name=YearName.END)
CLIPPED = MonthCalendar(week_scheme=WeekScheme.CLIPPED)
RETAIL = WeekCalendar(
    anchor="nearest", weekday="sat", end_month=1, pattern="4-5-4", year_offset=-1
)
MAJORITY = WeekMonthCalendar()


@pytest.mark.parametrize(
    ("calendar", "text", "years", "label"),
    [
        (GREGORIAN, "2023Q4", -1, "2022Q4"),
        (GREGORIAN, "2023-10w2", 2, "2025-10w2"),
        (GREGORIAN, "2024-02-29", 4, "2028-02-29"),
        (GREGORIAN, "2024-02-29", -1, None),
        (GREGORIAN, "9997", 1, None),
        (APRIL, "FY2024Q1", -1, "FY2023Q1"),
        (APRIL, "2023-10", -1, "2022-10"),
        (CLIPPED, "2023-10w6", -1, "2022-10w6"),
        (CLIPPED, "2023-10w6", 1, None),
        (ISO_YEARS, "2020-W53", -1, None),
        (ISO_YEARS, "2020-W53", 6, "2026-W53"),
        (RETAIL, "FY2023W53", -1, None),
        (RETAIL, "FY2023Q4", -1, "FY2022Q4"),
        (MAJORITY, "2020-12w5", -1, None),
        (MAJORITY, "2020-10w5", -1, "2019-10w5"),
        (ISO, "2023-W40", -1, None),
    ],
)
def test_the_counterpart_in_another_year_has_the_same_name(calendar, text, years, label):
    found = shift(calendar, parse_period(calendar, text), years=years)
    assert (found and found.label) == label


@pytest.mark.parametrize(
    ("calendar", "text", "periods", "label"),
    [
        (GREGORIAN, "2023Q4", 1, "2024Q1"),
        (GREGORIAN, "2023Q4", -4, "2022Q4"),
        (RETAIL, "FY2023W53", -52, "FY2023W01"),
        (ISO, "2023-W40", 1, "2023-W41"),
        (ISO, "2023-W40", 2, None),
        (ISO, "2023-W40", -2, None),
    ],
)
def test_periods_on_and_back_are_counted(calendar, text, periods, label):
    found = shift(calendar, parse_period(calendar, text), periods=periods)
    assert (found and found.label) == label


def test_years_and_periods_add_up():
    assert shift(GREGORIAN, Q4, years=-1, periods=1).label == "2023Q1"
    assert shift(GREGORIAN, Q4) == Q4


def test_a_row_without_a_year_in_its_name_has_no_counterpart():
    stub = ExplicitCalendar("stub", [attrs.evolve(Q4, label="opening")])
    assert shift(stub, stub.at(Level.QUARTER, Q4.start), years=1) is None


@pytest.mark.parametrize(
    ("calendar", "level", "label", "start"),
    [
        (GREGORIAN, "year", "2023..2023-11-15", "2023-01-01"),
        (GREGORIAN, "half", "2023H2..2023-11-15", "2023-07-01"),
        (GREGORIAN, "quarter", "2023Q4..2023-11-15", "2023-10-01"),
        (GREGORIAN, "month", "2023-11..2023-11-15", "2023-11-01"),
        (GREGORIAN, "week", "2023-11w3..2023-11-15", "2023-11-15"),
        (CLIPPED, "week", "2023-11w3..2023-11-15", "2023-11-13"),
        (ISO_YEARS, "week", "2023-W46..2023-11-15", "2023-11-13"),
        (ISO_YEARS, "year", "2023..2023-11-15", "2023-01-02"),
        (APRIL, "year", "FY2024..2023-11-15", "2023-04-01"),
        (APRIL, "half", "FY2024H2..2023-11-15", "2023-10-01"),
        (RETAIL, "quarter", "FY2023Q4..2023-11-15", "2023-10-29"),
        (MAJORITY, "month", "2023-11..2023-11-15", "2023-10-30"),
    ],
)
def test_to_date_runs_from_the_beginning_of_the_period_to_the_day(
    calendar, level, label, start
):
    found = to_date(calendar, Level(level), date(2023, 11, 15))
    assert (found.level, found.label, str(found.start)) == (Level.SPAN, label, start)
    assert found.last == date(2023, 11, 15)


def test_to_date_needs_a_level_of_the_calendar():
    with pytest.raises(OutOfCalendar, match="quarter is outside"):
        to_date(ISO_YEARS, Level.QUARTER, date(2023, 11, 15))


WEEK_1 = CLIPPED.at(Level.WEEK, date(2023, 10, 1))


def chinese(calendar, period):
    return format_period(calendar, period, style=LabelStyle.CHINESE)


@pytest.mark.parametrize("ask", [confirm_period, shift, chinese])
def test_a_period_of_another_calendar_is_refused(ask):
    reason = "2023-10w1 is the week 2023-10-01 to 2023-10-01, not so in calendar gregorian"
    with pytest.raises(CalendarMismatch, match=reason):
        ask(GREGORIAN, WEEK_1)


@pytest.mark.parametrize("step", [next_period, prev_period])
def test_a_period_whose_neighbour_does_not_touch_it_is_refused(step):
    crooked = attrs.evolve(WEEK_1, start=date(2023, 10, 2), stop=date(2023, 10, 3))
    with pytest.raises(CalendarMismatch, match="not so in calendar gregorian"):
        step(GREGORIAN, crooked)


def test_a_period_of_a_year_that_a_calendar_lacks_is_refused():
    for text in ("FY2024", "FY2024Q1"):
        with pytest.raises(CalendarMismatch, match=f"not so in calendar {GREGORIAN.id}"):
            confirm_period(GREGORIAN, parse_period(APRIL, text))


@pytest.mark.parametrize(
    ("calendar", "text", "written"),
    [
        (GREGORIAN, "2023Q4", "2023年第四季度"),
        (GREGORIAN, "2023-10w2", "2023年10月第二周"),
        (APRIL, "FY2024H1", "2024财年上半年"),
        (ISO_YEARS, "2023-W41", "2023年第41周"),
        (RETAIL, "FY2023W27", "2023财年第27周"),
        (MonthCalendar(start_day=26), "FY2023P10w4", "2023财年第10期第四周"),
    ],
)
def test_a_period_is_written_in_both_styles(calendar, text, written):
    period = parse_period(calendar, written)
    assert format_period(calendar, period) == text
    assert chinese(calendar, period) == written


@pytest.mark.parametrize("label", ["opening", "2023Q7", "2023H3", "2023-10t9", "2023-10w9"])
def test_a_row_of_another_form_keeps_its_label_in_every_style(label):
    calendar = ExplicitCalendar("c", [attrs.evolve(Q4, label=label)])
    period = calendar.at(Level.QUARTER, Q4.start)
    assert chinese(calendar, period) == label


def test_a_span_keeps_its_label():
    assert chinese(GREGORIAN, FORTNIGHT) == "1st to 9th"


@pytest.mark.parametrize(
    ("calendar", "label", "said"),
    [
        (MonthCalendar(), "2026-13", "不是 2026 年的月"),
        (MonthCalendar(), "2026Q5", "一年只有 4 个季度"),
    ],
)
def test_a_level_is_named_in_chinese_where_the_message_is(calendar, label, said):
    with pytest.raises(LabelRefused) as caught:
        calendar.locate(parse_label(label))
    assert said in caught.value.message("zh")
