from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.work_calendar import Provisional
from salesgoal.domain.workday_count import DayBasis, count_workdays, elapsed_share
from salesgoal.errors import MissingExtra, UnknownWorkdays
from salesgoal.workdays.chinese import chinese_workdays
from salesgoal.workdays.countries import country_workdays


@pytest.fixture
def china():
    pytest.importorskip("chinese_calendar", reason="the extra cn is not installed")
    return chinese_workdays()


def test_a_weekend_that_is_made_up_for_is_worked(china):
    assert [china.is_workday(date(2023, 10, day)) for day in (6, 7, 8, 14)] == [
        False,
        True,
        True,
        False,
    ]


def test_october_2023_has_19_workdays(china):
    october = parse_period(MonthCalendar(), "2023-10")
    weeks = subdivide(MonthCalendar(), october, Level.WEEK)
    assert count_workdays(china, october).workdays == 19
    assert [count_workdays(china, week).workdays for week in weeks] == [1, 6, 5, 7]


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2024, 2025, 2026])
def test_the_first_week_of_october_has_no_workday(china, year):
    week = parse_period(MonthCalendar(), f"{year}-10w1")
    found = elapsed_share(china, week, date(year, 10, 1))
    assert (found.elapsed, found.total, found.basis) == (1, 7, DayBasis.CALENDAR_DAYS)


def test_a_year_without_its_notice_is_refused(china):
    assert china.known_from <= date(2004, 1, 1)
    assert china.known_until >= date(2026, 12, 31)
    for day in (china.known_until + timedelta(days=1), china.known_from - timedelta(days=1)):
        assert not china.known(day)
        with pytest.raises(UnknownWorkdays, match=f"calendar china, .* {china.known_until}"):
            china.is_workday(day)


def test_next_year_can_be_estimated_by_its_statutory_holidays(china):
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    calendar = Provisional(china, country_workdays("CN", estimate=True))
    year = china.known_until.year + 1
    count = count_workdays(calendar, parse_period(MonthCalendar(), str(year)))
    assert count.estimated == count.days
    assert 240 <= count.workdays <= 255
    assert not calendar.is_workday(date(year, 10, 1))


def test_two_readings_are_equal(china):
    assert china == chinese_workdays()
    assert hash(china) == hash(chinese_workdays())


def test_a_missing_package_is_said_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "chinese_calendar", None)
    with pytest.raises(MissingExtra, match=r"pip install 'salesgoal\[cn\]'") as refused:
        chinese_workdays()
    assert (refused.value.package, refused.value.extra) == ("chinesecalendar", "cn")
