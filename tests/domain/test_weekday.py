from __future__ import annotations

from datetime import date

from salesgoal.domain.weekday import Weekday


def test_weekdays_are_numbered_as_dates_number_them():
    assert [day.number for day in Weekday] == list(range(7))
    assert date(2023, 10, 11).weekday() == Weekday.WED.number
