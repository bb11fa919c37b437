"""China's working days against files that nobody here wrote: every row, nothing passed over."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.work_calendar import Weekdays
from salesgoal.domain.workday_count import count_workdays
from salesgoal.workdays.chinese import chinese_workdays
from salesgoal.workdays.countries import country_workdays


@pytest.fixture
def china():
    pytest.importorskip("chinese_calendar", reason="the extra cn is not installed")
    return chinese_workdays()


@pytest.fixture
def by_country():
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    return country_workdays("CN")


@pytest.fixture
def rows(shared):
    """Name of a file -> its rows, all of them."""

    def read(name):
        path = shared / "vectors" / name
        if not path.is_file():
            pytest.skip(f"{name} is not in ../shared/vectors")
        with path.open(encoding="utf-8", newline="") as stream:
            found = list(csv.DictReader(stream))
        assert len(found) == len(path.read_text("utf-8").splitlines()) - 1 > 0
        return found

    return read


def compare(name, rows, find):
    """Holds ``find(row)``, column -> our figure, against the columns of every row."""
    compared, figures, differences = 0, 0, []
    for row in rows:
        found = find(row)
        wrong = {key: ours for key, ours in found.items() if ours != int(row[key])}
        differences += [(row, wrong)] if wrong else []
        compared += 1
        figures += len(found)
    assert not differences, f"{len(differences)} rows differ, first: {differences[:2]}"
    assert compared == len(rows)
    print(f"{name}: {compared} rows, {figures} figures, 0 mismatches")  # noqa: T201 - by -s


@pytest.mark.parametrize(
    "name", ["china_workdays_2019_2026.csv", "china_workdays_2004_2018.csv"]
)
def test_every_day_is_worked_as_the_notices_say(rows, china, name):
    def find(row):
        day = date.fromisoformat(row["date"])
        assert china.known(day)
        worked = int(china.is_workday(day))
        return {"is_workday": worked, "chinesecalendar_1_11_0": worked}

    compare(name, rows(name), find)


def test_every_day_is_worked_as_the_notices_say_by_country_too(rows, by_country):
    name = "china_workdays_2019_2026.csv"

    def find(row):
        day = date.fromisoformat(row["date"])
        assert by_country.known(day)
        worked = int(by_country.is_workday(day))
        return {"is_workday": worked, "holidays_0_109": worked}

    compare(name, rows(name), find)


def test_every_month_has_its_workdays(rows, china, by_country):
    name = "china_workday_counts_by_month.csv"

    def find(row):
        month = parse_period(MonthCalendar(), row["month"])
        made_up = [day for day in month if china.is_workday(day) and day.weekday() > 4]
        return {
            "workdays_chinesecalendar": count_workdays(china, month).workdays,
            "workdays_holidays": count_workdays(by_country, month).workdays,
            "weekday_only_mon_fri": count_workdays(Weekdays(), month).workdays,
            "makeup_days": len(made_up),
        }

    compare(name, rows(name), find)


def test_two_packages_agree_on_every_year_that_both_know(china, by_country):
    years = [
        year
        for year in sorted(by_country.known_years)
        if china.known(date(year, 1, 1)) and china.known(date(year, 12, 31))
    ]
    assert set(range(2004, 2027)) <= set(years)
    days = [day for year in years for day in parse_period(MonthCalendar(), str(year))]
    differences = [day for day in days if china.is_workday(day) != by_country.is_workday(day)]
    print(f"{years[0]} to {years[-1]}: {len(days)} days, {len(differences)} differ")  # noqa: T201
    # The one known difference: holidays makes it a workday, chinesecalendar and chinese-days
    # do not (see ../shared/vectors/README.md).
    assert set(differences) <= {date(2005, 12, 31)}
