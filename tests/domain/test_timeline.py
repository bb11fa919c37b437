from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.timeline import covers, make_timeline

OCTOBER = parse_period(MonthCalendar(), "2023-10")
DECEMBER = parse_period(MonthCalendar(), "2023-12")
ISO_44 = Period(date(2023, 10, 30), date(2023, 11, 6), Level.WEEK, "2023-W44")


def test_periods_that_do_not_nest_share_the_atoms_of_their_common_days():
    timeline = make_timeline([OCTOBER, ISO_44], date(2023, 12, 31))
    assert timeline.borders == (
        date(2023, 10, 1),
        date(2023, 10, 30),
        date(2023, 11, 1),
        date(2023, 11, 6),
    )
    assert list(timeline.run(OCTOBER)) == [0, 1]
    assert list(timeline.run(ISO_44)) == [1, 2]
    assert len(timeline) == 3


@pytest.mark.parametrize(
    ("as_of", "atoms"),
    [
        (date(2023, 9, 1), 1),
        (date(2023, 9, 30), 1),
        (date(2023, 10, 1), 2),
        (date(2023, 10, 30), 2),
        (date(2023, 10, 31), 1),
        (date(2023, 12, 1), 1),
    ],
)
def test_the_day_after_as_of_is_a_border_only_inside(as_of, atoms):
    assert len(make_timeline([OCTOBER], as_of)) == atoms


@pytest.mark.parametrize(
    ("day", "atom"),
    [
        (date(2023, 9, 30), None),
        (date(2023, 10, 1), 0),
        (date(2023, 10, 7), 0),
        (date(2023, 10, 8), None),
        (date(2023, 11, 1), None),
    ],
)
def test_days_outside_and_after_as_of_have_no_atom(day, atom):
    assert make_timeline([OCTOBER], date(2023, 10, 7)).atom(day) == atom


def test_days_between_the_periods_have_atoms_too():
    timeline = make_timeline([OCTOBER, DECEMBER], date(2024, 1, 31))
    assert timeline.atom(date(2023, 11, 15)) == 1


def test_a_period_without_whole_atoms_has_an_empty_run():
    timeline = make_timeline([OCTOBER], date(2023, 12, 31))
    assert not timeline.run(ISO_44)
    assert not timeline.run(parse_period(MonthCalendar(), "2022-10"))
    assert not timeline.run(DECEMBER)


@pytest.mark.parametrize(
    ("as_of", "held"), [(date(2023, 10, 30), False), (date(2023, 10, 31), True)]
)
def test_a_period_is_held_when_it_is_inside_and_over(as_of, held):
    timeline = make_timeline([OCTOBER], as_of)
    assert timeline.holds(OCTOBER) is held
    assert not timeline.holds(ISO_44)


@pytest.mark.parametrize(
    ("as_of", "cut", "said"),
    [
        (date(2023, 9, 30), False, False),
        (date(2023, 10, 1), True, False),
        (date(2023, 10, 30), True, False),
        (date(2023, 10, 31), False, True),
        (date(2023, 11, 30), False, True),
    ],
)
def test_a_total_that_is_not_over_is_cut_and_says_nothing_of_any_day(as_of, cut, said):
    timeline = make_timeline([OCTOBER], as_of)
    assert timeline.cut(OCTOBER) == ((OCTOBER,) if cut else ())
    assert timeline.said_days(OCTOBER) == ((OCTOBER.start, OCTOBER.last) if said else None)
    so_far = timeline.until(OCTOBER)
    assert (so_far.start, so_far.last) == (OCTOBER.start, as_of if cut else OCTOBER.last)
    assert timeline.holds(so_far) is (cut or said)
    assert not timeline.cut(as_of)
    assert timeline.until(as_of) == as_of
    assert timeline.said_days(as_of) == (as_of, as_of)


def test_a_period_elsewhere_is_not_cut():
    assert not make_timeline([OCTOBER], DECEMBER.start).cut(DECEMBER)
    assert not make_timeline([OCTOBER], ISO_44.start).cut(ISO_44)
    assert not make_timeline([OCTOBER], OCTOBER.start).cut(None)


@pytest.mark.parametrize(
    ("spans", "spoken"),
    [
        ([], False),
        ([(date(2023, 9, 1), date(2023, 9, 30))], False),
        ([(date(2023, 9, 1), date(2023, 10, 1))], True),
        ([(date(2023, 11, 1), date(2023, 11, 2))], False),
        ([(date(2023, 9, 1), date(2023, 9, 2)), (date(2023, 10, 31),) * 2], True),
    ],
)
def test_a_source_speaks_of_a_period_when_it_speaks_of_one_of_its_days(spans, spoken):
    assert covers(spans, OCTOBER) is spoken
