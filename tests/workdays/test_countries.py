from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest

from salesgoal.errors import MissingExtra, UnknownName, UnknownWorkdays
from salesgoal.workdays.countries import country_workdays


@pytest.fixture
def of():
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    return country_workdays


def test_a_holiday_is_not_worked_and_the_day_after_is(of):
    states = of("US")
    assert [states.is_workday(date(2024, 7, day)) for day in (3, 4, 5, 6)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_subdivision_has_holidays_of_its_own(of):
    all_saints = date(2024, 11, 1)
    assert of("DE").is_workday(all_saints)
    assert not of("DE", "BY").is_workday(all_saints)


def test_a_country_has_its_own_weekend(of):
    sunday, friday = date(2024, 3, 3), date(2024, 3, 8)
    assert of("SA").is_workday(sunday)
    assert not of("SA").is_workday(friday)


def test_a_weekend_is_worked_however_it_is_asked_first(of):
    assert of("CN").is_workday(date(2023, 10, 7))


@pytest.mark.parametrize("country", ["CN", "VN", "HU"])
def test_a_year_whose_moved_days_are_not_announced_is_not_known(of, country):
    found = of(country)
    assert found.known(date(2026, 6, 1))
    assert found.known_until < date(2040, 12, 31)
    assert not found.known(date(2040, 6, 1))
    with pytest.raises(UnknownWorkdays, match=f"2040-06-01 .* calendar {country}, "):
        found.is_workday(date(2040, 6, 1))


def test_china_is_not_known_in_any_year_without_make_up_days(of):
    china = of("CN")
    for year in china.known_years:
        weekends = (date(year, 1, 1) + timedelta(days=offset) for offset in range(365))
        assert any(china.is_workday(day) for day in weekends if day.weekday() >= 5), year


@pytest.mark.parametrize("country", ["SG", "AE", "MY", "ID", "IN"])
def test_a_year_with_an_estimated_holiday_is_not_known(of, country):
    found = of(country)
    assert found.known(date(2024, 6, 1))
    assert not found.known(date(2045, 6, 1))
    assert not found.known(date(2099, 6, 1))


def test_a_country_of_estimates_alone_knows_nothing(of):
    uganda = of("UG")
    assert uganda.known_years == frozenset()
    assert uganda.known_until == date(uganda.years.start - 1, 12, 31)
    assert uganda.known_until < date(1970, 1, 1)


def test_a_year_that_the_package_warns_of_is_not_known(of):
    assert not of("IN").known(date(2000, 6, 1))
    assert of("IN").known(date(2001, 6, 1))


def test_an_estimate_answers_and_stays_unknown(of):
    guess = of("CN", estimate=True)
    national_day = date(2040, 10, 1)
    assert not guess.is_workday(national_day)
    assert guess.is_workday(date(2040, 10, 12))
    assert not guess.known(national_day)
    assert guess != of("CN")
    with pytest.raises(UnknownWorkdays):
        guess.is_workday(date(2150, 10, 1))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("XX",), "no country is called 'XX'"),
        (("us",), "no country is called 'us' - did you mean 'US'"),
        (("DE", "Bayern"), "no subdivision of DE is called 'Bayern'"),
        (("SG", "SG"), "no subdivision of SG is called 'SG'"),
    ],
)
def test_an_unknown_country_is_refused(of, names, words):
    with pytest.raises(UnknownName, match=words):
        of(*names)


def test_two_readings_are_equal(of):
    assert of("DE", "BY") == of("DE", "BY") != of("DE")


def test_a_missing_package_is_said_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"pip install 'salesgoal\[holidays\]'"):
        country_workdays("DE")
