"""Pace and forecast: what is due adds up to the target; a forecast claims what it can.

Protects: the pace at the end of a period is its attainment; what is expected at the end of each
part is what the parts up to it should reach; bases differ on the way and agree at both ends; an
interval has eight past errors behind it or is none.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.attainment import Status, judge
from salesgoal.domain.backtest import backtest
from salesgoal.domain.comparison import basis_days, like_part, part_of
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.expectation import expected_column, expected_to_date, profile_parts
from salesgoal.domain.forecast import Cut, ForecastMethod, draw_interval, forecast, project
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import (
    Pace,
    PaceBasis,
    PaceSettings,
    count_elapsed,
    count_left,
    judge_pace,
    required_per_workday,
    run_rate,
)
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import TargetTable, derive_targets
from salesgoal.domain.work_calendar import Weekdays

from .worlds import LEVELS, WHOLE, worlds

START = date(2024, 1, 1)
SALES = Metric(id="sales")
CALENDARS = st.none() | st.builds(
    Weekdays, st.sets(st.sampled_from(["mon", "wed", "sun"]), min_size=1)
)
AMOUNTS = st.integers(0, 10**9)
METRICS = st.builds(
    Metric,
    id=st.just("m"),
    aggregation=st.sampled_from(Aggregation),
    direction=st.sampled_from(Direction),
    baseline=st.none() | st.integers(-50, 50),
)


def span_of(start, days):
    return Period(start, start + timedelta(days=days), Level.SPAN, f"{start}+{days}")


@st.composite
def tiled(draw):
    """A period, its parts that tile it, and what each part should reach."""
    lengths = draw(st.lists(st.integers(1, 20), min_size=1, max_size=6))
    parts, day = {}, START
    for days in lengths:
        part = span_of(day, days)
        parts[part] = draw(st.integers(1, 10**6))
        day = part.stop
    return span_of(START, sum(lengths)), parts


@given(METRICS, st.integers(-100, 100), st.integers(-100, 100), CALENDARS)
def test_at_the_end_of_a_period_the_pace_is_the_attainment(metric, target, actual, workdays):
    period = span_of(START, 9)
    expected = expected_to_date(metric, target, period, period.last, workdays=workdays)
    found = judge_pace(metric, target, expected, actual, over=True)
    attained = judge(metric, target, actual)
    assert found.ratio == attained.ratio
    assert (found.pace is Pace.ACHIEVED) is (attained.status is Status.MET)


@given(tiled(), CALENDARS)
def test_at_the_end_of_each_part_the_parts_up_to_it_are_expected(drawn, workdays):
    whole, parts = drawn
    target, due = sum(parts.values()), 0
    for part, amount in parts.items():
        due += amount
        found = expected_to_date(
            SALES, target, whole, part.last, parts=parts, workdays=workdays
        )
        assert found == due


@given(tiled(), AMOUNTS, CALENDARS)
def test_parts_that_come_to_something_else_are_scaled_to_the_target(drawn, target, workdays):
    whole, parts = drawn
    total = sum(parts.values())
    for as_of in whole:
        own = expected_to_date(SALES, target, whole, as_of, parts=parts, workdays=workdays)
        plain = expected_to_date(SALES, total, whole, as_of, parts=parts, workdays=workdays)
        if len(parts) > 1:
            assert own == Fraction(plain * target, total)


@given(tiled(), AMOUNTS, CALENDARS)
def test_what_is_expected_never_falls_from_day_to_day(drawn, target, workdays):
    whole, parts = drawn
    due = [
        expected_to_date(SALES, target, whole, day, parts=parts, workdays=workdays)
        for day in whole
    ]
    assert due == sorted(due)
    assert due[-1] == target
    assert due[0] >= 0


@given(tiled(), AMOUNTS, CALENDARS, CALENDARS)
def test_bases_agree_at_both_ends(drawn, target, one, other):
    whole, parts = drawn
    for kind in (one, other):
        before = expected_to_date(
            SALES, target, whole, START - timedelta(days=1), parts=parts, workdays=kind
        )
        after = expected_to_date(SALES, target, whole, whole.last, parts=parts, workdays=kind)
        assert (before, after) == (None, target)


@given(worlds(), st.sampled_from(PaceBasis))
def test_goals_without_a_target_of_their_own_expect_what_their_children_do(world, basis):
    if basis is PaceBasis.PROFILE:
        settings = PaceSettings(basis=basis, profile=tuple(map(Fraction, range(1, 13))))
    else:
        settings = PaceSettings(basis=basis)
    plan = world.plan()
    tree = plan.trees[0]
    typed = {
        period: {
            codes: 100 + at
            for at, codes in enumerate(tree.scope)
            if tree.first[at] == tree.stop[at]
        }
        for period in plan.periods
        if period.level in LEVELS[1:2]
    }
    table = TargetTable({("sales", "target"): typed})
    targets = derive_targets(tree, SALES, table.of("sales"), [WHOLE])[WHOLE]
    found = expected_column(
        tree,
        SALES,
        targets,
        table.of("sales"),
        WHOLE,
        world.as_of,
        settings=settings,
        calendar=MonthCalendar(),
        workdays=Weekdays(),
    )
    for node in tree.inner:
        children = found[tree.first[node] : tree.stop[node]]
        assert found[node] == sum(children)


@given(worlds())
def test_every_row_that_is_over_expects_its_target(world):
    for card in world.hold():
        for row in card.rows():
            if row.period.last <= world.as_of:
                assert row.progress.expected == row.target
                assert row.progress.pace is None or row.progress.ratio == row.ratio
                assert not row.metric.is_additive or row.progress.projected == row.actual
            if row.period.start > world.as_of:
                stands = row.progress
                assert (stands.expected, stands.pace, stands.projected) == (None, None, None)
                assert stands.required is None


@given(AMOUNTS, AMOUNTS, st.integers(0, 30))
def test_what_is_required_a_day_reaches_the_target_exactly(target, actual, day):
    period = MonthCalendar().at(Level.MONTH, date(2024, 1, 1))
    as_of = START + timedelta(days=day)
    found = required_per_workday(SALES, target, actual, count_left(Weekdays(), period, as_of))
    left = sum(Weekdays().is_workday(each) for each in period if each > as_of)
    if found is None:
        assert not left
    else:
        assert actual + found * left == max(target, actual)


@given(AMOUNTS, st.integers(1, 40), st.integers(0, 39), CALENDARS)
def test_a_run_rate_keeps_its_rate_and_ends_at_the_actual(actual, days, over, workdays):
    period = span_of(START, days)
    elapsed = count_elapsed(workdays, period, START + timedelta(days=over))
    found = run_rate(actual, elapsed)
    if found is None:
        assert not elapsed.elapsed
    else:
        assert found * elapsed.share == actual
        assert found >= actual


CUTS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
        lambda pair: Cut(key=None, actual=pair[0], elapsed=1, total=2, whole=sum(pair))
    ),
    max_size=25,
)
METHODS = st.sampled_from(ForecastMethod)


def keyed(cuts):
    return [
        Cut(
            key=at,
            actual=each.actual,
            elapsed=each.elapsed,
            total=each.total,
            whole=each.whole,
            years=(at - 4, at - 8),
        )
        for at, each in enumerate(cuts)
    ]


@given(METHODS, CUTS, st.integers(1, 10**6), st.integers(1, 50))
def test_a_forecast_speaks_the_same_in_fen_and_in_yuan(method, cuts, target, times):
    past = keyed(cuts)
    now = Cut(key=len(past), actual=7, elapsed=1, total=2, years=(len(past) - 4,))
    larger = [
        Cut(
            key=each.key,
            actual=each.actual * times,
            elapsed=1,
            total=2,
            whole=each.whole * times,
            years=each.years,
        )
        for each in past
    ]
    more = Cut(key=now.key, actual=7 * times, elapsed=1, total=2, years=now.years)
    one = forecast(method, now, past, metric=SALES, target=target)
    other = forecast(method, more, larger, metric=SALES, target=target * times)
    assert one.probability == other.probability
    assert (one.projected is None) is (other.projected is None)
    assert one.projected is None or one.projected * times == other.projected


@given(METHODS, CUTS, st.integers(1, 10**4))
def test_an_interval_has_eight_errors_behind_it_or_is_none(method, cuts, target):
    past = keyed(cuts)
    now = Cut(key=len(past), actual=7, elapsed=1, total=2, years=(len(past) - 4,))
    found = forecast(method, now, past, metric=SALES, target=target)
    assert (found.interval is None) or found.errors >= 8
    assert (found.interval is None) is (found.probability is None)
    if found.interval is not None:
        assert found.interval.low <= found.interval.high
        assert Fraction(7, 9) <= found.interval.nominal < 1
        assert 0 < found.probability < 1
        harder = forecast(method, now, past, metric=SALES, target=target + 1)
        assert harder.probability <= found.probability


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.integers(1, 99))
def test_a_curve_that_repeats_itself_is_projected_without_error(wholes, percent):
    past = [
        Cut(
            key=at, actual=each * percent, elapsed=1, total=2, whole=each * 100, years=(at - 1,)
        )
        for at, each in enumerate(wholes)
    ]
    for method in ForecastMethod:
        if method not in {ForecastMethod.RUN_RATE, ForecastMethod.SO_FAR}:
            found = backtest(method, past)
            assert found.mape == (None if len(past) == 1 else 0)
            last = past[-1]
            assert project(method, last, past[:-1]) in {None, last.whole}


@given(st.lists(st.integers(1, 1000), min_size=8, max_size=60, unique=True))
def test_an_interval_holds_as_many_of_its_own_errors_as_it_promises(errors):
    found = draw_interval(Fraction(1), [Fraction(each) for each in errors])
    held = sum(found.low <= each <= found.high for each in errors)
    # Of n + 1 exchangeable values, so many stand between the two that bound the interval.
    assert found.nominal * (len(errors) + 1) == held - 1


@given(st.integers(1, 60), st.integers(1, 60), st.integers(-1, 60), CALENDARS)
def test_like_parts_are_alike_to_half_a_day(one, other, over, workdays):
    here, there = span_of(START, one), span_of(START + timedelta(days=100), other)
    as_of = START + timedelta(days=over)
    found = like_part(workdays, here, as_of, there)
    if as_of >= here.last:
        assert found == there
    elif found is not None:
        assert found.start == there.start
        assert found.stop <= there.stop
        kinds = [workdays, None]
        gaps = []
        for kind in kinds:
            days, mine = basis_days(kind, there), basis_days(kind, here)
            over_here = sum(day <= as_of for day in mine)
            over_there = sum(day in found for day in days)
            share = Fraction(over_here, len(mine))
            gaps.append(abs(over_there - share * len(days)))
        assert min(gaps) <= Fraction(1, 2)


@given(st.integers(1, 60), CALENDARS)
def test_all_of_a_period_ends_with_its_last_day_that_counts(days, workdays):
    period = span_of(START, days)
    counted = basis_days(workdays, period)
    assert part_of(workdays, period, Fraction(1)).last == counted[-1]
    assert part_of(workdays, period, Fraction(0)) is None


@given(worlds(), st.permutations(["p", "q", "r"]))
def test_every_cross_cut_expects_the_same_at_its_root(world, order):
    """Some goals have typed months, others only the whole, so that shapes differ."""
    plan = world.plan()
    month = next(period for period in plan.periods if period.level is Level.MONTH)
    typed = {
        period: {codes: 5 + at for at, codes in enumerate(world_scopes) if at % 2 or whole}
        for period, whole in ((WHOLE, True), (month, False))
        for world_scopes in [plan.trees[0].leaves]
    }
    table = TargetTable({("sales", "target"): typed})
    plan = attrs.evolve(plan, targets=table, workdays=Weekdays())
    first, *_ = score(plan, empty_cells(plan, world.as_of), {}, world.as_of)
    cut = first.by(*[name for name in order if name in {each.id for each in plan.dimensions}])
    one, other = (
        card.row(metric="sales", period=WHOLE).progress.expected for card in (first, cut)
    )
    assert one == other


SPANS = (st.integers(1, 60), AMOUNTS, CALENDARS)
DUE = (AMOUNTS, CALENDARS)


@given(*SPANS)
def test_nothing_is_expected_before_a_day_counts_and_all_at_the_end(days, target, workdays):
    period = span_of(START, days)
    counted = basis_days(workdays, period)
    due = {
        day: expected_to_date(SALES, target, period, day, workdays=workdays) for day in period
    }
    for day in period:
        over = sum(each <= day for each in counted)
        assert due[day] == Fraction(target * over, len(counted))
        if not over:
            assert due[day] == 0
    assert due[period.last] == target


@given(
    st.lists(st.integers(0, 9), min_size=12, max_size=12).filter(any),
    AMOUNTS,
    CALENDARS,
)
def test_a_profile_that_is_not_negative_never_takes_back_what_was_expected(
    weights, target, workdays
):
    months = MonthCalendar()
    year = months.at(Level.YEAR, START)
    parts = profile_parts([Fraction(each) for each in weights], months, year)
    due = [
        expected_to_date(SALES, target, year, day, parts=parts, workdays=workdays)
        for day in [*list(year)[::7], year.last]
    ]
    assert due == sorted(due)
    assert (due[0] >= 0, due[-1]) == (True, target)
