"""History: what came before a period, cut alike, without what no source wholly covers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.past import cut_past, fill_cuts, namesakes, pair_cuts, periods_before
from salesgoal.domain.period import Level
from salesgoal.domain.week_calendar import ISO
from salesgoal.domain.work_calendar import Weekdays

MONTHS = MonthCalendar()
OCTOBER = parse_period(MONTHS, "2023-10")


def test_weeks_53_have_no_namesake():
    assert namesakes(ISO, ISO.at(Level.WEEK, date(2020, 12, 31))) == (None, None, None)
    assert namesakes(MONTHS, OCTOBER)[0] == "2022-10"


def test_a_cut_counts_workdays():
    months = periods_before(MONTHS, OCTOBER, since=date(2023, 9, 1))
    (september,) = cut_past(MONTHS, Weekdays(), months, Fraction(1, 3))
    assert (september.elapsed, september.total) == (7, 21)
    assert september.part.last == date(2023, 9, 11)


def test_less_than_half_a_day_is_no_part():
    months = periods_before(MONTHS, OCTOBER, since=date(2023, 9, 1))
    (september,) = cut_past(MONTHS, None, months, Fraction(1, 100))
    assert (september.part, september.elapsed) == (None, 0)
    (cut,) = fill_cuts([september], lambda _: 90)
    assert (cut.actual, cut.whole) == (0, 90)
    assert fill_cuts([september], lambda _: 90, steady=True) == ()


def test_a_period_that_no_source_wholly_covers_is_left_out():
    months = periods_before(MONTHS, OCTOBER, since=date(2023, 7, 1))
    past = cut_past(MONTHS, None, months, Fraction(1, 2))
    known = {each: 5 for month in past[1:] for each in (month.period, month.part)}
    del known[past[2].part]
    assert [each.key for each in fill_cuts(past, known.get)] == ["2023-08"]


def test_a_ratio_has_the_periods_that_both_its_parts_have():
    months = periods_before(MONTHS, OCTOBER, since=date(2023, 7, 1))
    past = cut_past(MONTHS, None, months, Fraction(1, 2))
    over, under = fill_cuts(past, lambda _: 6), fill_cuts(past[1:], lambda _: 4, steady=True)
    found = pair_cuts(over, under, Fraction(100))
    assert [each.key for each in found] == ["2023-08", "2023-09"]
    assert found[0].whole == 150
    assert found[0].years == ("2022-08", "2021-08", "2020-08")
    assert not found[0].steady
