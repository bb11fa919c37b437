from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.period import Level
from salesgoal.domain.week_calendar import ISO, WeekCalendar
from salesgoal.errors import LabelRefused, OutOfCalendar, UsageError

RETAIL = WeekCalendar(
    anchor="nearest", weekday="sat", end_month=1, pattern="4-5-4", year_offset=-1
)
LONG_Q1 = WeekCalendar(
    anchor="last", weekday="sat", end_month=9, pattern="4-4-5", leap_period=3, year_offset=0
)
THIRTEEN = WeekCalendar(
    anchor="nearest", weekday="sun", end_month=8, pattern="13x4", year_offset=0
)
JANUARY_3 = WeekCalendar(anchor="nearest", weekday="sun", end_month=12, pattern="5-4-4")
BARE = WeekCalendar(anchor="last", weekday="fri", end_month=6, year_offset=0)


@pytest.mark.parametrize(
    ("calendar", "level", "day", "label", "start", "last"),
    [
        (ISO, "week", "2023-10-11", "2023-W41", "2023-10-09", "2023-10-15"),
        (ISO, "week", "2021-01-03", "2020-W53", "2020-12-28", "2021-01-03"),
        (ISO, "week", "2024-12-30", "2025-W01", "2024-12-30", "2025-01-05"),
        (ISO, "year", "2021-01-03", "2020", "2019-12-30", "2021-01-03"),
        (ISO, "day", "2023-10-11", "2023-10-11", "2023-10-11", "2023-10-11"),
        (RETAIL, "year", "2024-02-03", "FY2023", "2023-01-29", "2024-02-03"),
        (RETAIL, "half", "2024-02-03", "FY2023H2", "2023-07-30", "2024-02-03"),
        (RETAIL, "quarter", "2024-02-03", "FY2023Q4", "2023-10-29", "2024-02-03"),
        (RETAIL, "month", "2024-02-03", "FY2023P12", "2023-12-31", "2024-02-03"),
        (RETAIL, "week", "2024-02-03", "FY2023W53", "2024-01-28", "2024-02-03"),
        (LONG_Q1, "quarter", "2022-12-31", "FY2023Q1", "2022-09-25", "2022-12-31"),
        (LONG_Q1, "month", "2022-12-31", "FY2023P03", "2022-11-20", "2022-12-31"),
        (THIRTEEN, "month", "2012-09-02", "FY2012P13", "2012-07-30", "2012-09-02"),
        (JANUARY_3, "year", "2010-01-03", "FY2009", "2008-12-29", "2010-01-03"),
        (JANUARY_3, "month", "2008-12-29", "FY2009P01", "2008-12-29", "2009-02-01"),
        (BARE, "year", "2023-06-30", "FY2023", "2022-06-25", "2023-06-30"),
        (BARE, "week", "2023-06-30", "FY2023W53", "2023-06-24", "2023-06-30"),
    ],
)
def test_a_day_lies_in_its_period(calendar, level, day, label, start, last):
    found = calendar.at(Level(level), date.fromisoformat(day))
    assert (found.label, str(found.start), str(found.last)) == (label, start, last)
    assert parse_period(calendar, label) == found


def test_the_pattern_says_how_long_the_periods_are():
    def weeks(calendar, year):
        whole = parse_period(calendar, year)
        return [month.days // 7 for month in subdivide(calendar, whole, Level.MONTH)]

    assert weeks(RETAIL, "FY2022") == [4, 5, 4] * 4
    assert weeks(RETAIL, "FY2023") == [4, 5, 4] * 3 + [4, 5, 5]
    assert weeks(LONG_Q1, "FY2023") == [4, 4, 6] + [4, 4, 5] * 3
    assert weeks(JANUARY_3, "FY2010") == [5, 4, 4] * 4
    assert weeks(THIRTEEN, "FY2012") == [4] * 12 + [5]


@pytest.mark.parametrize(
    ("calendar", "levels"),
    [
        (ISO, "year week day"),
        (BARE, "year week day"),
        (THIRTEEN, "year month week day"),
        (RETAIL, "year half quarter month week day"),
    ],
)
def test_the_pattern_says_which_levels_there_are(calendar, levels):
    assert calendar.levels == tuple(map(Level, levels.split()))
    for level in set(Level) - set(calendar.levels):
        with pytest.raises(OutOfCalendar, match=f"{level} is outside the calendar"):
            calendar.at(level, date(2023, 10, 11))


@pytest.mark.parametrize(
    ("calendar", "text", "label"),
    [
        (ISO, "2023年第41周", "2023-W41"),
        (ISO, "2023年", "2023"),
        (RETAIL, "2023财年第27周", "FY2023W27"),
        (RETAIL, "2023财年第7期", "FY2023P07"),
        (RETAIL, "2023财年第7期第二周", "FY2023W28"),
        (RETAIL, "FY2023P07w1", "FY2023W27"),
        (RETAIL, "2023财年第三季度", "FY2023Q3"),
        (RETAIL, "2023-10-11", "2023-10-11"),
        (THIRTEEN, "2023财年第13期", "FY2023P13"),
    ],
)
def test_other_ways_to_write_a_period_are_understood(calendar, text, label):
    assert parse_period(calendar, text).label == label


@pytest.mark.parametrize(
    ("calendar", "text", "reason"),
    [
        (ISO, "2021-W53", "2021 has 52 of week"),
        (ISO, "2024-W00", "2024 has 52 of week"),
        (ISO, "2023-10", "is a month, which calendar iso has not"),
        (ISO, "2023-10w2", "is a week, which calendar iso has not"),
        (ISO, "FY2023W41", r"2023-W41 \(2023-10-09 to 2023-10-15\) or the week of a fiscal"),
        (ISO, "202341", "is not a period label"),
        (ISO, "0999", "is outside the calendar iso"),
        (ISO, "2023-02-30", "is no day of 2023"),
        (RETAIL, "2023", r"FY2023 \(2023-01-29 to 2024-02-03\) or the year of the calendar"),
        (RETAIL, "2023-10", r"FY2023P10 \(2023-10-29 to 2023-11-25\) or the month of the"),
        (RETAIL, "2023-W41", r"FY2023W41 \(2023-11-05 to 2023-11-11\) or the week of the"),
        (RETAIL, "FY2023P13", "FY2023 has 12 of month"),
        (RETAIL, "FY2023P07w5", "FY2023P07 has 4"),
        (RETAIL, "FY2023P07t1", "is a tenday"),
        (RETAIL, "2023/24", "FY2023, named by its start, or FY2024"),
        (THIRTEEN, "FY2023Q1", "is a quarter, which"),
    ],
)
def test_labels_of_no_period_say_which_rule_they_break(calendar, text, reason):
    with pytest.raises(LabelRefused, match=reason):
        parse_period(calendar, text)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"end_month": 0}, "end_month is 0 - give 1 to 12"),
        ({"end_month": 13}, "end_month is 13"),
        ({"leap_period": 0}, "give 1 to 12"),
        ({"leap_period": 13}, "give 1 to 12"),
        ({"pattern": None, "leap_period": 1}, "only a pattern has periods"),
        ({"year_offset": 2}, "give -1, 0 or 1"),
    ],
)
def test_a_year_that_cannot_be_cut_is_refused(changed, message):
    wanted = {"anchor": "last", "weekday": "sat", "end_month": 9, "pattern": "4-4-5"}
    with pytest.raises(UsageError, match=message):
        WeekCalendar(**wanted | {"year_offset": 0} | changed)


def test_a_year_that_ends_before_december_must_be_named():
    with pytest.raises(UsageError, match="set year_offset to 0 to name it by"):
        WeekCalendar(anchor="last", weekday="sat", end_month=9)


@pytest.mark.parametrize("day", [date(1000, 12, 31), date(9998, 1, 1)])
def test_days_outside_the_calendar_are_refused(day):
    with pytest.raises(OutOfCalendar, match="1001-01-01 to 9997-12-31"):
        ISO.at(Level.WEEK, day)


def test_the_ids_tell_calendars_apart():
    assert [each.id for each in (ISO, RETAIL, LONG_Q1, THIRTEEN, JANUARY_3, BARE)] == [
        "iso",
        "weeks:nearest-sat-01:4-5-4:leap12:-1",
        "weeks:last-sat-09:4-4-5:leap3:+0",
        "weeks:nearest-sun-08:13x4:leap13:+0",
        "weeks:nearest-sun-12:5-4-4:leap12:+0",
        "weeks:last-fri-06:weeks:+0",
    ]
