"""Work calendars, issue 3: work-day counts are additive; unknown days are never guessed.

"unknown years raise or are marked provisional, never guessed in silence. Zero-workday periods
have a stated fallback."
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.period import Level, Period
from salesgoal.domain.weekday import Weekday
from salesgoal.domain.work_calendar import (
    Overlay,
    Provisional,
    Weekdays,
    WorkdayTable,
)
from salesgoal.domain.workday_count import (
    DayBasis,
    count_workdays,
    elapsed_share,
    workday_weights,
)
from salesgoal.errors import UnknownWorkdays

FIRST = date(2023, 9, 1)
DAYS = st.integers(0, 120).map(lambda offset: FIRST + timedelta(days=offset))
GIVEN_DAYS = st.dictionaries(DAYS, st.booleans(), max_size=60)
WEEKDAYS = st.sets(st.sampled_from(Weekday), min_size=1).map(Weekdays)
TABLES = st.dictionaries(DAYS, st.booleans(), min_size=1).map(
    lambda days: WorkdayTable("given", days)
)
PARTIAL = TABLES | st.builds(Overlay, TABLES, GIVEN_DAYS)
WHOLE = st.recursive(
    WEEKDAYS
    | st.just(Overlay(Weekdays(), dict.fromkeys(map(FIRST.replace, range(1, 31)), False))),
    lambda inner: (
        st.builds(Overlay, inner, GIVEN_DAYS) | st.builds(Provisional, PARTIAL, inner)
    ),
    max_leaves=4,
)


@st.composite
def periods(draw):
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Period(first, last + timedelta(days=1), Level.SPAN, f"{first}..{last}")


def cut(period, borders):
    edges = [period.start, *sorted(day for day in borders if day > period.start), period.stop]
    edges = [edge for edge in edges if edge <= period.stop]
    pairs = [(one, other) for one, other in pairwise(edges) if one < other]
    return [Period(one, other, Level.SPAN, f"{one}..{other}") for one, other in pairs]


@given(WHOLE, periods(), st.sets(DAYS))
def test_workdays_add_up_over_any_split(calendar, period, borders):
    parts = [count_workdays(calendar, part) for part in cut(period, borders)]
    whole = count_workdays(calendar, period)
    assert sum(part.workdays for part in parts) == whole.workdays
    assert sum(part.estimated for part in parts) == whole.estimated
    assert sum(part.days for part in parts) == whole.days


@given(WHOLE, periods())
def test_workdays_lie_between_none_and_all(calendar, period):
    count = count_workdays(calendar, period)
    assert 0 <= count.workdays <= count.days == period.days
    assert 0 <= count.estimated <= count.days


@given(WHOLE, periods(), DAYS, DAYS)
def test_a_period_never_elapses_backwards(calendar, period, one, other):
    earlier, later = sorted([one, other])
    before = elapsed_share(calendar, period, earlier)
    after = elapsed_share(calendar, period, later)
    assert 0 <= before.share <= after.share <= 1
    assert (before.total, before.basis) == (after.total, after.basis)


@given(WHOLE, periods(), st.integers(0, 400))
def test_a_period_has_elapsed_by_none_before_it_and_wholly_from_its_last_day(
    calendar, period, days
):
    before = period.start - timedelta(days=1 + days)
    assert elapsed_share(calendar, period, before).share == 0
    assert elapsed_share(calendar, period, period.last + timedelta(days=days)).share == 1


@given(WHOLE, periods(), DAYS)
def test_the_basis_is_calendar_days_exactly_where_nothing_is_worked(calendar, period, as_of):
    found = elapsed_share(calendar, period, as_of)
    workdays = count_workdays(calendar, period).workdays
    assert (found.basis is DayBasis.CALENDAR_DAYS) == (workdays == 0)
    assert found.total == (workdays or period.days)


@given(WHOLE, st.lists(periods(), min_size=1, max_size=5))
def test_weights_are_never_all_zero(calendar, some):
    weighed = workday_weights(calendar, some)
    assert len(weighed.weights) == len(some)
    assert sum(weighed.weights) > 0
    counted = [count_workdays(calendar, period) for period in some]
    assert weighed.provisional == any(count.provisional for count in counted)


@given(WHOLE, DAYS)
def test_an_overlay_of_nothing_changes_nothing(calendar, day):
    overlay = Overlay(calendar, {})
    assert overlay.is_workday(day) == calendar.is_workday(day)
    assert overlay.known(day) == calendar.known(day)
    assert overlay.known_until == calendar.known_until


@given(WHOLE, GIVEN_DAYS, DAYS)
def test_an_overlay_answers_its_own_days_and_leaves_the_others(calendar, days, day):
    expected = days[day] if day in days else calendar.is_workday(day)
    assert Overlay(calendar, days).is_workday(day) == expected


@given(PARTIAL, WHOLE, DAYS)
def test_exactly_the_days_not_known_officially_are_estimated_and_marked(
    official, estimate, day
):
    calendar = Provisional(official, estimate)
    assert calendar.known(day) == official.known(day)
    asked = official if official.known(day) else estimate
    assert calendar.is_workday(day) == asked.is_workday(day)


@given(PARTIAL, DAYS)
def test_a_day_is_answered_where_it_is_known_and_refused_where_it_is_not(calendar, day):
    if calendar.known(day):
        assert calendar.is_workday(day) in {True, False}
        return
    with pytest.raises(UnknownWorkdays) as refused:
        calendar.is_workday(day)
    assert refused.value.day == day
