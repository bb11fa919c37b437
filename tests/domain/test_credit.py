from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.credit import (
    NOBODY,
    Credit,
    combine_credits,
    credit_members,
    parts_of,
)
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.scope import ANY
from salesgoal.errors import FloatRefused, NumberRefused

JUNE, JULY = date(2023, 6, 30), date(2023, 7, 1)
REP = Dimension(
    "rep",
    [
        "华东",
        "华南",
        Member("张三", parent="华东", until=JUNE),
        Member("张三", parent="华南", since=JULY),
        Member("李四", parent="华东", until=JUNE),
        Member("专家", parent="华东", overlay=True),
        Member("学徒", parent="专家"),
        Member("顾问", parent="华南", overlay=True),
    ],
)
EAST, SOUTH, ZHANG, ZHANG_SOUTH, LI, EXPERT, PUPIL, ADVISER = range(8)
HALF, THIRD, ONE = Fraction(1, 2), Fraction(1, 3), Fraction(1)


def credited(*named, on=JUNE):
    found = credit_members(REP, named, on)
    return found.plain, found.overlay


def test_a_float_is_no_share():
    with pytest.raises(FloatRefused):
        Credit("rep", "张三", 0.5)


def test_nobody_named_counts_above():
    assert credit_members(REP, []) == NOBODY
    assert NOBODY.plain == ((ANY, ONE),)


def test_members_without_shares_share_alike():
    assert credited((ZHANG, None), (LI, None)) == (((ZHANG, HALF), (LI, HALF)), ())


def test_an_overlay_stands_beside_with_the_whole_unless_said():
    plain = ((ZHANG, ONE),)
    assert credited((ZHANG, None), (EXPERT, None)) == (plain, ((EXPERT, ONE),))
    assert credited((ZHANG, ONE), (EXPERT, THIRD)) == (plain, ((EXPERT, THIRD),))


@pytest.mark.parametrize(
    ("named", "above"),
    [
        ([EXPERT], EAST),
        ([PUPIL], EAST),
        ([EXPERT, PUPIL], EAST),
        ([EXPERT, ADVISER], ANY),
    ],
)
def test_overlays_alone_leave_the_fact_to_who_is_above_them_all(named, above):
    plain, overlay = credited(*((code, None) for code in named))
    assert plain == ((above, ONE),)
    assert overlay == tuple((code, ONE) for code in named)


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ([(ZHANG, HALF), (LI, THIRD)], "shares-not-one"),
        ([(ZHANG, HALF), (LI, None)], "shares-not-one"),
        ([(ZHANG, ONE), (LI, Fraction(0))], "shares-not-one"),
        ([(ZHANG, Fraction(3, 2)), (LI, -HALF)], "shares-not-one"),
        ([(ZHANG, ONE), (EXPERT, Fraction(2))], "shares-not-one"),
        ([(ZHANG, HALF), (ZHANG_SOUTH, HALF)], "credited-twice"),
    ],
)
def test_wrong_shares_are_refused(named, code):
    with pytest.raises(NumberRefused) as refused:
        credit_members(REP, named)
    assert refused.value.code == code


def test_credit_goes_to_the_seat_of_the_day():
    assert credited((ZHANG, None), on=JUNE)[0] == ((ZHANG, ONE),)
    assert credited((ZHANG, None), on=JULY)[0] == ((ZHANG_SOUTH, ONE),)


def test_without_a_seat_credit_goes_above_and_it_is_said():
    found = credit_members(REP, [(ZHANG, HALF), (LI, HALF)], JULY)
    assert found.plain == ((ZHANG_SOUTH, HALF), (ANY, HALF))
    assert found.said == (("no-seat-then", "李四"),)


def test_an_overlay_without_a_seat_has_nothing():
    dimension = Dimension("rep", ["A", Member("专家", parent="A", until=JUNE, overlay=True)])
    found = credit_members(dimension, [(1, None)], JULY)
    assert (found.plain, found.overlay) == (((ANY, ONE),), ())
    assert found.said == (("no-seat-then", "专家"),)


def test_a_total_of_several_days_counts_at_the_last_seat():
    month = MonthCalendar().at(Level.MONTH, JUNE)
    year = MonthCalendar().at(Level.YEAR, JUNE)
    assert credit_members(REP, [(ZHANG, None)], month).said == ()
    found = credit_members(REP, [(ZHANG, None)], year)
    assert found.plain == ((ZHANG_SOUTH, ONE),)
    assert found.said == (("moved-within-period", "张三"),)


def test_shares_of_several_dimensions_multiply_and_overlays_repeat():
    one = credit_members(REP, [(ZHANG, THIRD), (LI, 2 * THIRD), (EXPERT, None)])
    other = credit_members(Dimension("product", ["A", "B"]), [(0, HALF), (1, HALF)])
    plain, beside = combine_credits([one, other])
    assert not plain.overlay
    assert beside.overlay
    assert dict(plain.credits) == {
        (ZHANG, 0): Fraction(1, 6),
        (ZHANG, 1): Fraction(1, 6),
        (LI, 0): THIRD,
        (LI, 1): THIRD,
    }
    assert dict(beside.credits) == {(EXPERT, 0): HALF, (EXPERT, 1): HALF}
    assert combine_credits([])[0].credits == (((), ONE),)


@pytest.mark.parametrize(
    ("aggregation", "parts"),
    [
        (Aggregation.SUM, [34, 33]),
        (Aggregation.LAST, [34, 33]),
        (Aggregation.AVERAGE, [100, 100]),
        (Aggregation.MAXIMUM, [100, 100]),
    ],
)
def test_amounts_are_parted_and_readings_are_not(aggregation, parts):
    assert parts_of(Metric(id="m", aggregation=aggregation), 100, [THIRD, THIRD]) == parts


def test_a_fact_of_the_last_day_that_there_is_has_a_seat():
    found = credit_members(REP, [(REP.code("张三"), None)], date.max)
    assert (found.plain[0][0], found.said) == (REP.code("张三", JULY), ())
