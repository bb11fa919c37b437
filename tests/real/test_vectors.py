"""Calendars against truth that nobody here wrote: ``../shared/vectors``, every row of it.

pandas, CPython, npm retail-calendar and fiscalyear made the rules' rows; filings of listed
companies hold the years and quarters that were really closed. See the README of that folder.
"""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from salesgoal.domain.calendar import next_period, parse_period, subdivide
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, WeekScheme, YearName
from salesgoal.domain.period import Level, Period
from salesgoal.domain.week_calendar import ISO, WeekCalendar
from salesgoal.domain.week_month_calendar import WeekMonthCalendar
from salesgoal.errors import LabelRefused

TOTAL_ROWS = {
    "pandas_fy5253_years.csv": 11_088,
    "pandas_fy5253_quarters_small.csv": 3_744,
    "pandas_fiscal_quarters.csv": 1_980,
    "pandas_fiscal_years.csv": 792,
    "iso_weeks.csv": 3_706,
    "iso_dates.csv": 546,
    "nrf_454_years.csv": 65,
    "company_fiscal_years.csv": 91,
    "company_fiscal_quarters.csv": 184,
    "fiscalyear_dates.csv": 1_208,
    "weeks_of_month_clipped.csv": 2_247,
    "weeks_of_month_majority.csv": 940,
}
NRF = WeekCalendar(
    anchor="nearest", weekday="sat", end_month=1, pattern="4-5-4", year_offset=-1
)
COMPANIES = {
    "AAPL": {"anchor": "last", "weekday": "sat", "end_month": 9, "leap_period": 3},
    "NVDA": {"anchor": "last", "weekday": "sun", "end_month": 1},
    "MRVL": {"anchor": "nearest", "weekday": "sat", "end_month": 1},
    "GOOG": None,
}


@pytest.fixture
def vectors(shared):
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("the vectors of ../shared/vectors are not here")
    return folder


@pytest.fixture
def reproduce(vectors):
    """Holds every row of a file against what a calendar says; counts what was checked."""

    def check(name, find):
        checked, wrong = 0, []
        with (vectors / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                expected, found = find(row)
                assert expected
                if found != expected:
                    wrong.append((row, found))
                checked += 1
        print(f"{name}: {checked} rows, {len(wrong)} mismatches")  # noqa: T201 - shown by -s
        assert not wrong, f"{len(wrong)} rows differ, first: {wrong[:2]}"
        assert checked == len((vectors / name).read_text("utf-8").splitlines()) - 1
        assert checked == TOTAL_ROWS[name]

    return check


@cache
def weeks(**parameters):
    return WeekCalendar(**{"pattern": "4-4-5", "year_offset": 0} | parameters)


@cache
def months(end_month):
    return MonthCalendar(start_month=end_month % 12 + 1, year_name=YearName.END)


def ends(period):
    return (str(period.start), str(period.last))


def test_years_of_52_and_53_weeks_match_pandas(reproduce):
    def find(row):
        calendar = weeks(
            anchor=row["variation"],
            weekday=row["weekday"].lower(),
            end_month=int(row["end_month"]),
        )
        year = parse_period(calendar, f"FY{row['end_month_year']}")
        assert calendar.at(Level.YEAR, year.last) == year
        expected = (row["start"], row["end"], int(row["weeks"]))
        return expected, (*ends(year), len(subdivide(calendar, year, Level.WEEK)))

    reproduce("pandas_fy5253_years.csv", find)


def test_quarters_with_a_leap_week_match_pandas(reproduce):
    def find(row):
        calendar = weeks(
            anchor=row["variation"],
            weekday=row["weekday"].lower(),
            end_month=int(row["end_month"]),
            leap_period=3 * int(row["extra_week_quarter"]),
        )
        year = parse_period(calendar, f"FY{row['end_month_year']}")
        quarters = subdivide(calendar, year, Level.QUARTER)
        found = [str(year.start), *(str(quarter.last) for quarter in quarters)]
        found.append("-".join(str(quarter.days // 7) for quarter in quarters))
        keys = ("start", "q1_end", "q2_end", "q3_end", "q4_end", "weeks")
        return [row[key] for key in keys], found

    reproduce("pandas_fy5253_quarters_small.csv", find)


def test_fiscal_quarters_and_years_of_months_match_pandas(reproduce):
    def quarter(row):
        calendar = months(int(row["end_month"]))
        prefix = "FY" if row["end_month"] != "12" else ""
        label = f"{prefix}{row['fy_label_by_end_year']}Q{row['quarter']}"
        found = parse_period(calendar, label)
        assert calendar.at(Level.QUARTER, found.last) == found
        expected = (row["start"], row["end"], prefix + row["label"])
        return expected, (*ends(found), found.label)

    def year(row):
        calendar = months(int(row["end_month"]))
        prefix = "FY" if row["end_month"] != "12" else ""
        found = parse_period(calendar, f"{prefix}{row['fy_label_by_end_year']}")
        return (row["start"], row["end"]), ends(found)

    reproduce("pandas_fiscal_quarters.csv", quarter)
    reproduce("pandas_fiscal_years.csv", year)


def test_iso_weeks_and_dates_match_python(reproduce):
    def week(row):
        label = f"{row['iso_year']}-W{int(row['iso_week']):02d}"
        found, year = parse_period(ISO, label), parse_period(ISO, row["iso_year"])
        expected = (row["monday"], row["sunday"], int(row["weeks_in_iso_year"]))
        return expected, (*ends(found), len(subdivide(ISO, year, Level.WEEK)))

    def day(row):
        on = date.fromisoformat(row["date"])
        found = ISO.at(Level.WEEK, on)
        weekday = (on - found.start).days + 1
        number = found.label.partition("-W")[2]
        expected = (row["iso_year"], int(row["iso_week"]), row["iso_weekday"])
        expected = (*expected, row["strftime_label"])
        year = ISO.at(Level.YEAR, on).label
        return expected, (year, int(number), str(weekday), found.label)

    reproduce("iso_weeks.csv", week)
    reproduce("iso_dates.csv", day)


def test_retail_years_and_their_periods_match(reproduce):
    def find(row):
        year = parse_period(NRF, f"FY{row['fy_label_by_start_year']}")
        periods = subdivide(NRF, year, Level.MONTH)
        expected = [row["start"], row["end"], int(row["weeks"])]
        expected += [row[f"p{number}_start"] for number in range(1, 13)]
        starts = [str(period.start) for period in periods]
        return expected, [*ends(year), year.days // 7, *starts]

    reproduce("nrf_454_years.csv", find)


def test_years_that_companies_closed_match(reproduce):
    def find(row):
        offset = int(row["label_offset_from_end_month_year"])
        end_month = int(row["end_month"])
        if row["rule"] == "months":
            calendar = MonthCalendar(
                start_month=end_month % 12 + 1,
                year_name=YearName.END if not offset else YearName.START,
            )
        else:
            calendar = weeks(
                anchor=row["rule"],
                weekday=row["end_weekday"].lower(),
                end_month=end_month,
                year_offset=offset,
            )
        found = calendar.at(Level.YEAR, date.fromisoformat(row["start"]))
        assert parse_period(calendar, found.label) == found
        named = found.label.removeprefix("FY")
        expected = (row["start"], row["end"], int(row["days"]), row["weeks"])
        whole_weeks = str(found.days // 7) if row["rule"] != "months" else ""
        expected = (*expected, row["fy_label_used_by_company"])
        return expected, (*ends(found), found.days, whole_weeks, named)

    reproduce("company_fiscal_years.csv", find)


def test_quarters_that_companies_closed_match(reproduce):
    def find(row):
        rule = COMPANIES[row["ticker"]]
        calendar = weeks(**rule) if rule else MonthCalendar()
        found = calendar.at(Level.QUARTER, date.fromisoformat(row["start"]))
        whole_weeks = str(found.days // 7) if not found.days % 7 else ""
        expected = (row["start"], row["end"], int(row["days"]), row["weeks"])
        return expected, (*ends(found), found.days, whole_weeks)

    reproduce("company_fiscal_quarters.csv", find)


def test_any_start_month_and_day_match_fiscalyear(reproduce):
    def find(row):
        month, day = int(row["start_month"]), int(row["start_day"])
        # A month that begins late bears the name of the next one, which is our start_month.
        calendar = MonthCalendar(
            start_month=month % 12 + 1 if day >= 16 else month,
            start_day=day,
            year_name=YearName.END if row["start_year"] == "previous" else YearName.START,
        )
        on = date.fromisoformat(row["date"])
        year = calendar.at(Level.YEAR, on)

        def number(level):
            return subdivide(calendar, year, level).index(calendar.at(level, on)) + 1

        keys = ("fiscal_year", "fiscal_quarter", "fiscal_month", "fiscal_day")
        numbers = (number(Level.QUARTER), number(Level.MONTH), (on - year.start).days + 1)
        named = int(year.label.removeprefix("FY"))
        return [int(row[key]) for key in keys], [named, *numbers]

    reproduce("fiscalyear_dates.csv", find)


def test_clipped_weeks_match_python(reproduce):
    @cache
    def clipped(start):
        return MonthCalendar(week_scheme=WeekScheme.CLIPPED, week_start=start.lower())

    def find(row):
        calendar = clipped(row["week_start"])
        found = parse_period(calendar, f"{row['month']}w{row['week_no']}")
        assert calendar.at(Level.WEEK, found.start) == found
        return (row["start"], row["end"], int(row["days"])), (*ends(found), found.days)

    reproduce("weeks_of_month_clipped.csv", find)


def test_weeks_of_the_month_that_holds_most_of_them_match(reproduce):
    calendar = WeekMonthCalendar()

    def find(row):
        found = parse_period(calendar, f"{row['month']}w{row['week_no']}")
        same = parse_period(calendar, row["iso_week"])
        assert found == same == calendar.at(Level.WEEK, found.last)
        iso = ISO.at(Level.WEEK, found.start).label
        return (row["start"], row["end"], row["iso_week"]), (*ends(found), iso)

    reproduce("weeks_of_month_majority.csv", find)


CHECKS = {}


def literal(key):
    """Files the check of one key of a case; it yields what is expected and what is found."""
    return lambda check: CHECKS.setdefault(key, check)


def test_literals_of_other_projects_match(vectors):
    cases = json.loads((vectors / "upstream_literals.json").read_text("utf-8"))
    described = {"id", "rule", "source", "note"}
    checked = 0
    for case in cases:
        keys = case.keys() - described
        calendar = of_rule(case.get("rule"), case)
        assert keys
        for key in sorted(keys):
            pairs = list(CHECKS[key](calendar, case[key], case))
            assert pairs
            for expected, found in pairs:
                assert found == expected, f"{case['id']}, {key}"
            checked += len(pairs)
    print(f"upstream_literals.json: {len(cases)} cases, {checked} values")  # noqa: T201
    assert (len(cases), checked) == (17, 200)


def of_rule(rule, case):
    """The calendar that a case describes."""
    if rule is None:
        return ISO
    if rule["kind"] == "months":
        return MonthCalendar(
            start_month=rule["start_month"],
            start_day=rule["start_day"],
            year_name=rule["label"],
        )
    if rule["kind"] == "weeks_of_month":
        return WeekMonthCalendar(week_start=rule["week_start"].lower())
    if rule["kind"] == "explicit":
        bounds = [[date.fromisoformat(day) for day in each] for each in case["period_bounds"]]
        return ExplicitCalendar(
            case["id"],
            [
                Period(start, last + timedelta(days=1), Level.MONTH, f"FY2010P{number:02d}")
                for number, (start, last) in enumerate(bounds, start=1)
            ],
        )
    wanted = {
        "anchor": rule["kind"],
        "weekday": rule["weekday"].lower(),
        "end_month": rule["end_month"],
        "pattern": rule.get("pattern", "4-4-5"),
        "year_offset": -1 if rule.get("label") == "start_year" else 0,
    }
    leap = rule.get("extra_week_period", 3 * rule.get("extra_week_quarter", 0))
    return WeekCalendar(**wanted, **{"leap_period": leap} if leap else {})


def year_of(calendar, name):
    return parse_period(calendar, f"FY{name}")


@literal("year_ends")
def _(calendar, days, _case):
    for day in days:
        yield day, str(calendar.at(Level.YEAR, date.fromisoformat(day)).last)
    for one, other in pairwise(days):
        following = next_period(calendar, calendar.at(Level.YEAR, date.fromisoformat(one)))
        assert str(following.last) == other


@literal("labels")
def _(calendar, labels, _case):
    for day, year in labels.items():
        yield f"FY{year}", calendar.at(Level.YEAR, date.fromisoformat(day)).label


@literal("year_end_of")
@literal("year_end")
def _(calendar, years, _case):
    for name, day in years.items():
        yield day, str(year_of(calendar, name).last)


@literal("year_start")
def _(calendar, years, _case):
    for name, day in years.items():
        yield day, str(year_of(calendar, name).start)


@literal("period_containing")
def _(calendar, days, _case):
    for day, bounds in days.items():
        yield tuple(bounds), ends(calendar.at(Level.YEAR, date.fromisoformat(day)))


@literal("quarter_ends")
@literal("quarter_ends_include")
@literal("quarter_ends_2019")
def _(calendar, days, _case):
    if isinstance(days, dict):
        for number, day in days.items():
            yield day, str(parse_period(calendar, f"FY2019Q{number}").last)
        return
    for day in days:
        yield day, str(calendar.at(Level.QUARTER, date.fromisoformat(day)).last)


@literal("long_years_end_month_year")
def _(calendar, years, _case):
    for name in years:
        yield 53, year_of(calendar, name).days // 7


@literal("not_long")
def _(calendar, years, _case):
    for name in years:
        yield 52, year_of(calendar, name).days // 7


@literal("years")
def _(calendar, years, _case):
    for name, bounds in years.items():
        yield tuple(bounds), ends(year_of(calendar, name))


@literal("period_starts_fy2019")
@literal("period_starts_2014")
def _(calendar, days, case):
    name = "2019" if "period_starts_fy2019" in case else "2014"
    periods = subdivide(calendar, year_of(calendar, name), Level.MONTH)
    for day, period in zip(days, periods, strict=False):
        yield day, str(period.start)


@literal("year_of_date")
def _(calendar, days, _case):
    for day, year in days.items():
        yield f"FY{year}", calendar.at(Level.YEAR, date.fromisoformat(day)).label


@literal("week_2017_12_5_end")
def _(calendar, day, _case):
    yield day, str(parse_period(calendar, "FY2017P12w5").last)


@literal("period_bounds")
def _(calendar, bounds, case):
    # The rows are one year of a rule too: the Saturday nearest to the end of December.
    ruled = weeks(
        anchor="nearest", weekday="sat", end_month=12, pattern=case["rule"]["pattern"]
    )
    for number, each in enumerate(bounds, start=1):
        label = f"FY2010P{number:02d}"
        assert ends(parse_period(calendar, label)) == tuple(each)
        yield tuple(each), ends(parse_period(ruled, label))


@literal("dates")
def _(calendar, dates, case):
    for key, value in dates.items():
        if case["rule"]["kind"] == "weeks_of_month":
            week = calendar.at(Level.WEEK, date.fromisoformat(key))
            month, _, number = week.label.partition("w")
            yield value, [int(month[-2:]), int(number)]
        else:
            year, period, day = map(int, key.split("-"))
            whole = parse_period(calendar, f"FY{year:04d}P{period:02d}")
            yield value, str(whole.start + timedelta(days=day - 1))


@literal("quarters")
def _(calendar, quarters, _case):
    for label, bounds in quarters.items():
        yield tuple(bounds), ends(parse_period(calendar, label))


@literal("reject")
def _(calendar, labels, _case):
    for label in labels:
        with pytest.raises(LabelRefused, match="is out of range"):
            parse_period(calendar, label)
        yield label, label


@literal("accept")
def _(calendar, labels, _case):
    for label, bounds in labels.items():
        yield tuple(bounds), ends(parse_period(calendar, label))
