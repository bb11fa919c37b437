from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import LabelStyle, format_period, parse_period, subdivide
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.week_calendar import ISO
from salesgoal.errors import LabelRefused, NotNested, UsageError

APRIL = MonthCalendar(start_month=4, year_name=YearName.END)
BOTH = PairedCalendar(APRIL, ISO)
ROWS = [
    Period(date(2023, 9, 25), date(2023, 10, 2), Level.WEEK, "show week"),
    Period(date(2023, 10, 2), date(2023, 10, 9), Level.WEEK, "golden week"),
]
NAMED = PairedCalendar(MonthCalendar(), ExplicitCalendar("shows", ROWS))


def test_weeks_come_from_the_second_calendar_and_the_rest_from_the_first():
    day = date(2023, 10, 1)
    found = {str(level): BOTH.at(level, day).label for level in BOTH.levels}
    assert found == {
        "year": "FY2024",
        "half": "FY2024H2",
        "quarter": "FY2024Q3",
        "month": "2023-10",
        "week": "2023-W39",
        "tenday": "2023-10t1",
        "day": "2023-10-01",
    }
    assert BOTH.id == "fiscal:04-01:end+weeks:iso"


@pytest.mark.parametrize("text", ["FY2024Q3", "2023-10", "2023-10t1", "2023-W39", "2023-10-01"])
def test_labels_of_both_are_read_and_written(text):
    period = parse_period(BOTH, text)
    assert period.label == text
    for style in LabelStyle:
        assert parse_period(BOTH, format_period(BOTH, period, style=style)) == period


def test_rows_of_the_second_calendar_are_found_by_their_names():
    assert parse_period(NAMED, "golden week") == ROWS[1]
    mixed = PairedCalendar(ExplicitCalendar("own", ROWS), ISO)
    with pytest.raises(LabelRefused, match=r"is no period of calendar explicit:own\+weeks:iso"):
        parse_period(mixed, "golden week")


@pytest.mark.parametrize(
    ("calendar", "text", "reason"),
    [
        (BOTH, "2023-10w1", "is a week, which calendar iso has not"),
        (BOTH, "2023Q4", "which writes FY2023Q4"),
        (BOTH, "soon", "is no period of calendar"),
        (BOTH, "202310", "may mean month 2023-10 or week 2023-W10"),
        (NAMED, "2023-W40", "is no period of calendar shows"),
    ],
)
def test_labels_of_neither_are_refused(calendar, text, reason):
    with pytest.raises(LabelRefused, match=reason):
        parse_period(calendar, text)


def test_no_month_is_cut_into_weeks_that_straddle_it():
    with pytest.raises(NotNested):
        subdivide(BOTH, parse_period(BOTH, "2023-10"), Level.WEEK)


def test_the_second_calendar_must_have_weeks():
    year = Period(date(2023, 1, 1), date(2024, 1, 1), Level.YEAR, "2023")
    with pytest.raises(UsageError, match="calendar explicit:c has no weeks"):
        PairedCalendar(APRIL, ExplicitCalendar("c", [year]))
