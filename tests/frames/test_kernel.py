"""The kernel of arrays at the borders: 64 bits, odd columns, targets that do not come out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from salesgoal import (
    Actual,
    Aggregation,
    Dimension,
    Level,
    Member,
    Metric,
    Ratio,
    Target,
    hold_against,
    make_plan,
)
from salesgoal.domain.kernel import LISTS
from salesgoal.domain.lazy_column import LazyColumn
from salesgoal.domain.plan import whole_span
from salesgoal.domain.scorecard import score
from salesgoal.domain.work_calendar import Weekdays
from salesgoal.frames.array_cells import CellFacts, from_cells, make_array_cells
from salesgoal.frames.array_column import ArrayColumn, nothing, to_array_column
from salesgoal.frames.array_roll_up import Homes
from salesgoal.frames.kernel import ArrayKernel
from salesgoal.frames.large_plan import TypedUnits, add_targets

SALES = Metric(id="sales")
REGIONS = Dimension(
    "region", ["华东", "华南", Member("支援", overlay=True), Member("上海", parent="华东")]
)
AS_OF = date(2023, 10, 20)
BORDER = 2**63


def october(*targets, **changed):
    given = {"period": "2023-10", "metrics": [SALES], "dimensions": [REGIONS]}
    return make_plan(name="10月", targets=targets, **(given | changed))


def sale(region, units, day=6):
    return Actual(on=date(2023, 10, day), members={"region": region}, values={"sales": units})


def target(region, units, period="2023-10", **changed):
    scope = {"region": region} if region else {}
    return Target(metric="sales", period=period, scope=scope, target=units, **changed)


def both(plan, facts=()):
    (lists,) = hold_against(plan, facts, as_of=AS_OF)
    (arrays,) = score(
        plan, from_cells(lists.cells), lists.coverage, AS_OF, kernel=ArrayKernel()
    )
    assert list(arrays.rows()) == list(lists.rows())
    return arrays


def dtype(column):
    while isinstance(column, LazyColumn):
        column = column.values
    return column.units.dtype


@pytest.mark.parametrize("last", [BORDER - 3, BORDER - 2, BORDER - 1, 2**70])
def test_sums_at_the_border_never_wrap(last):
    plan = october(target("上海", 1), target("华南", 1))
    codes = np.array([[3], [1], [-1]])
    facts = CellFacts(np.array([0, 1, 2]), np.array([0, 0, 0]), np.array([last, 1, 1], object))
    timeline = hold_against(plan, (), as_of=AS_OF)[0].cells.timeline
    cells = make_array_cells(timeline, (SALES,), codes, {"sales": facts})
    (card,) = score(plan, cells, {}, AS_OF, kernel=ArrayKernel())
    column = card.columns["sales", plan.period]
    assert column.actual[0] == last + 2
    assert column.unassigned[0] == 1
    assert (dtype(column.actual) == np.int64) == (last + 2 < BORDER)


def test_a_span_may_pass_the_border_alone():
    plan = october(target("上海", 1))
    near = 9 * 10**12
    week = whole_span(date(2023, 10, 2), date(2023, 10, 17))
    (lists,) = hold_against(plan, [sale("上海", near)], as_of=AS_OF)
    cells = from_cells(lists.cells)
    cells.spans["sales"][1, week] = BORDER
    (card,) = score(plan, cells, {}, AS_OF, kernel=ArrayKernel())
    assert card.columns["sales", plan.period].actual[0] == near + BORDER


def test_targets_at_the_border_never_wrap():
    plan = october(dimensions=[REGIONS], metrics=[Metric(id="sales", decimals=5)])
    most = 10**18 - 1
    scopes = [[code] for code in (0, 1, 3)]
    weeks = [each for each in plan.periods if each.level == "week"]
    typed = [
        TypedUnits(metric="sales", period=week, units=[most - 7, most, most]) for week in weeks
    ]
    large = add_targets(plan, scopes, typed)
    cells = from_cells(hold_against(plan, (), as_of=AS_OF)[0].cells)
    (card,) = score(large, cells, {}, AS_OF, kernel=ArrayKernel())
    (lists,) = score(large, cells, {}, AS_OF)
    column = card.columns["sales", plan.period]
    assert column.targets["target"][0] == len(weeks) * (2 * most - 7)
    assert dtype(column.targets["target"]) == np.dtype(object)
    assert list(card.rows()) == list(lists.rows())


def test_typed_columns_of_other_indexes_are_placed_one_by_one():
    plan = october()
    first, second = [each for each in plan.periods if each.level == "week"][:2]
    half = add_targets(plan, [[0]], [TypedUnits(metric="sales", period=first, units=[3])])
    whole = add_targets(half, [[1]], [TypedUnits(metric="sales", period=second, units=[4])])
    assert both(whole).row(metric="sales", period="2023-10").target == 7


def test_balances_over_time_are_the_latest_typed():
    plan = october(metrics=[Metric(id="stock", aggregation=Aggregation.LAST)])
    weeks = [each for each in plan.periods if each.level == "week"]
    typed = [
        TypedUnits(metric="stock", period=week, units=[5 + number, 1])
        for number, week in enumerate(weeks)
    ]
    large = add_targets(plan, [[0], [1]], typed)
    assert both(large).row(metric="stock", period="2023-10").target == 5 + len(weeks)


@pytest.mark.parametrize(
    "targets",
    [
        # A typed month that its weeks do not come to.
        [target("华南", 100), target("华南", 30, "2023-10w1")],
        # Weeks that come to nothing.
        [target("华南", 0), target("华南", 5, "2023-10w1"), target("华南", -5, "2023-10w4")],
        # A root that its regions do not come to; one with weeks of its own, one without.
        [target(None, 500), target("华南", 100), target("华东", 7, "2023-10w2")],
        # Days in no typed week.
        [target("华南", 30, "2023-10w4"), target("华东", 31)],
        # An overlay has targets of its own.
        [target("支援", 9), target("华南", 3, "2023-10w3"), target("华东", 9)],
    ],
)
def test_what_is_expected_is_what_the_lists_expect(targets):
    metric = Metric(id="sales", negative=True)
    for changed in ({}, {"workdays": Weekdays()}):
        plan = october(*targets, metrics=[metric], **changed)
        both(plan, [sale("华南", 7), sale("上海", 2), sale("华东", 1)])


def test_homes_may_be_given_as_a_list():
    plan = october(target("上海", 1))
    (lists,) = hold_against(plan, [sale("上海", 5), sale("华东", 3)], as_of=AS_OF)
    cells, tree, kernel = from_cells(lists.cells), plan.trees[0], ArrayKernel()
    homes = LISTS.find_homes(tree, lists.cells, plan.dimensions)
    rolled = kernel.roll_up(tree, homes, cells, SALES, [plan.period], {})[plan.period]
    assert rolled.actual == [8, 8, 5]
    assert rolled.unassigned == [0, 3, 0]
    found = kernel.find_homes(tree, cells, plan.dimensions)
    assert isinstance(found, Homes)
    assert list(found) == list(homes) == found[:]
    assert len(found) == len(homes)


def test_a_ratio_may_be_typed_here_and_derived_there():
    rate = Metric(id="rate", unit="%", aggregation=Ratio("paid", "sales"))
    plan = october(
        target("华东", 10),
        target("华南", 10),
        Target(metric="paid", period="2023-10", target=5, scope={"region": "华东"}),
        Target(metric="paid", period="2023-10", target=5, scope={"region": "华南"}),
        Target(metric="rate", period="2023-10", target=80, scope={"region": "华南"}),
        metrics=[SALES, Metric(id="paid"), rate],
    )
    card = both(plan)
    assert card.row("华东", metric="rate", period="2023-10").target == 50
    assert card.row("华南", metric="rate", period="2023-10").target == 80


def test_array_columns_are_read_as_lists_are():
    whole = ArrayColumn(np.array([3, 4, 5]), np.array([True, False, True]))
    assert whole == [3, None, 5]
    assert whole[1:] == [None, 5]
    assert (whole[0], whole[1], whole[-1]) == (3, None, 5)
    assert whole != [3, None]
    assert whole != 3
    assert "3 values" in repr(whole)
    halves = ArrayColumn(np.array([1, 3]), None, 2)
    assert halves == [Fraction(1, 2), Fraction(3, 2)]
    assert halves[1] == Fraction(3, 2)
    assert not halves.is_whole
    assert ArrayColumn(np.array([1, 3]), None, np.array([4, 0]))[:] == [Fraction(1, 4), None]
    assert nothing(2) == [None, None]
    assert nothing(2).is_empty
    assert not whole.is_empty


def test_any_column_becomes_one_of_arrays():
    assert to_array_column(nothing(2)) == [None, None]
    assert to_array_column([2**70, None]) == [2**70, None]
    assert to_array_column([Fraction(2**70, 3), 1, None]) == [Fraction(2**70, 3), 1, None]
    lazy = LazyColumn(2, lambda: [1, 2])
    assert to_array_column(lazy).units.tolist() == [1, 2]


def test_levels_that_the_plan_lacks_cost_nothing():
    plan = october(target("上海", 1), levels=[Level.MONTH])
    assert both(plan, [sale("上海", 5)]).row(metric="sales", period="2023-10").actual == 5
