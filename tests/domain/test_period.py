from __future__ import annotations

from datetime import date, datetime

import pytest

from salesgoal.domain.period import Level, Period
from salesgoal.errors import UsageError

OCTOBER = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
WEEK = Period(date(2023, 10, 30), date(2023, 11, 6), Level.WEEK, "W44")
DAY = Period(date(2023, 10, 31), date(2023, 11, 1), Level.DAY, "2023-10-31")


def test_levels_go_from_the_longest_to_the_shortest():
    ranks = [level.rank for level in Level]
    assert ranks == sorted(ranks)
    assert Level.YEAR.rank == 1
    assert [level.zh for level in Level] == [
        "全期",
        "年度",
        "半年",
        "季度",
        "月",
        "周",
        "旬",
        "日",
    ]


def test_the_last_day_is_inclusive_and_the_stop_is_not():
    assert OCTOBER.last == date(2023, 10, 31)
    assert OCTOBER.days == 31
    assert date(2023, 10, 1) in OCTOBER
    assert date(2023, 10, 31) in OCTOBER
    assert date(2023, 11, 1) not in OCTOBER
    assert date(2023, 9, 30) not in OCTOBER


def test_a_period_iterates_its_days():
    days = list(OCTOBER)
    assert days[0] == OCTOBER.start
    assert days[-1] == OCTOBER.last
    assert len(days) == 31


def test_covering_is_whole_and_overlapping_is_any_day():
    assert OCTOBER.covers(DAY)
    assert OCTOBER.covers(OCTOBER)
    assert not OCTOBER.covers(WEEK)
    assert not WEEK.covers(OCTOBER)
    assert OCTOBER.overlaps(WEEK)
    after = Period(date(2023, 11, 1), date(2023, 12, 1), Level.MONTH, "2023-11")
    assert not OCTOBER.overlaps(after)
    assert not after.overlaps(OCTOBER)


def test_a_period_reads_as_its_label():
    assert str(OCTOBER) == "2023-10"


def test_a_period_without_days_is_refused():
    with pytest.raises(UsageError, match="has no day"):
        Period(date(2023, 10, 1), date(2023, 10, 1), Level.DAY, "nothing")


@pytest.mark.parametrize("moment", [datetime(2023, 10, 1), "2023-10-01", None])  # noqa: DTZ001
def test_only_plain_dates_make_a_period(moment):
    with pytest.raises(UsageError, match="give a date without a time"):
        Period(moment, date(2023, 11, 1), Level.MONTH, "2023-10")


def test_a_clipped_period_keeps_its_level_and_label():
    week = Period(date(2023, 9, 25), date(2023, 10, 2), Level.WEEK, "2023-W39")
    october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    cut = week.clip(october)
    assert (cut.start, cut.last, str(cut)) == (october.start, october.start, "2023-W39")
    assert cut.level is Level.WEEK
    assert october.clip(october) == october
    with pytest.raises(UsageError, match="2023-W39 has no day"):
        week.clip(Period(date(2023, 10, 2), date(2023, 11, 1), Level.SPAN, "rest"))
