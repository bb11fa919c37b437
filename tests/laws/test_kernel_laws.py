"""Kernels, DESIGN section 4.

"Engines: rows, pandas, Polars, pyarrow, DuckDB, Spark give identical integers." Lists and
arrays give the same columns for any plan and facts: ragged and moving members, overlays, two
breakdowns, reports of several atoms, every aggregation, amounts on both sides of 64 bits.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.plan import make_plan, whole_span
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import MEASURES, Target
from salesgoal.domain.work_calendar import Weekdays
from salesgoal.errors import PlanRefused
from salesgoal.frames.array_cells import from_cells
from salesgoal.frames.kernel import ArrayKernel

METRICS = (
    Metric(id="sales", negative=True),
    Metric(id="cash", decimals=2, baseline=3, negative=True),
    Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales"), negative=True),
    Metric(id="share", aggregation=Ratio("mean", "sales"), negative=True),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT, negative=True),
    Metric(id="debt", aggregation=Aggregation.LAST, negative=True),
    Metric(id="mean", aggregation=Aggregation.AVERAGE, negative=True),
    Metric(id="most", aggregation=Aggregation.MAXIMUM, negative=True),
    Metric(id="least", aggregation=Aggregation.MINIMUM, negative=True),
)
QUARTER = ("2023Q4", "2023-10", "2023-11", "2023-12")
PERIODS = st.sampled_from([*QUARTER, *QUARTER[1:], "2023-10w2", "2023-11w1"])
FIRST, LAST = date(2023, 10, 1), date(2023, 12, 31)
DAYS = st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3))
SPANS = st.tuples(DAYS, DAYS).map(lambda ends: whole_span(min(ends), max(ends)))
PRODUCTS = Dimension("product", ["甲", Member("乙"), Member("丙", parent="乙")])
MOVED = [
    Member("华东"),
    Member("华南"),
    Member("张三", parent="华东", until=date(2023, 11, 9)),
    Member("张三", parent="华南", since=date(2023, 11, 10)),
    Member("李四", parent="华南"),
    Member("王五", parent="华东", overlay=True),
]
STAYED = ["华东", "华南", Member("张三", parent="华东"), Member("李四", parent="华南")]
PRODUCT = st.none() | st.sampled_from(["甲", "乙", "丙"])
PERSON = st.none() | st.sampled_from(["华东", "华南", "张三", "李四"])
UNITS = st.integers(-1000, 1000) | st.sampled_from([0, 10**12, -(10**12)])
HUGE = st.sampled_from([0, 7, 9 * 10**12, -9 * 10**12])
VALUES = st.fixed_dictionaries(
    {"sales": UNITS, "cash": HUGE},
    optional={
        "buyers": st.sampled_from("abc"),
        "debt": UNITS,
        "mean": UNITS,
        "most": UNITS,
        "least": UNITS,
    },
)
SETTINGS = st.sampled_from(
    [
        PaceSettings(),
        PaceSettings(),
        PaceSettings(basis=PaceBasis.DAYS),
        PaceSettings(basis=PaceBasis.PROFILE, profile=(Fraction(1),) * 12),
    ]
)


def members(product, person):
    pairs = {"product": product, "person": person}
    return {name: each for name, each in pairs.items() if each is not None}


@st.composite
def targets(draw):
    made = {}
    for _ in range(draw(st.integers(0, 9))):
        scope = members(draw(PRODUCT), draw(PERSON))
        metric = draw(st.sampled_from([each.id for each in METRICS] + ["sales"] * 6))
        period, measure = draw(PERIODS), draw(st.sampled_from((*MEASURES, "target")))
        amount = draw(st.integers(-20, 90) | HUGE)
        key = (*scope.items(), metric, period, measure)
        made[key] = Target(scope=scope, metric=metric, period=period, **{measure: amount})
    return list(made.values())


@st.composite
def facts(draw, *, overlay):
    found = []
    for _ in range(draw(st.integers(0, 8))):
        product, person = draw(PRODUCT), draw(PERSON)
        on, values = draw(DAYS | SPANS), draw(VALUES)
        if draw(st.booleans()):
            found.append(Actual(on=on, members=members(product, person), values=values))
        else:
            credits_ = [
                Credit("person", "李四", Fraction(1, 3)),
                Credit("person", "张三", Fraction(2, 3)),
                *([Credit("person", "王五")] if overlay else []),
            ]
            found.append(
                Actual(
                    on=on,
                    members=members(product, None),
                    values=values,
                    credits=credits_,
                )
            )
    return found


@st.composite
def held(draw, view=View.AS_WAS):
    """A plan held against its facts in lists, and the same in arrays."""
    moves = draw(st.booleans())
    people = Dimension("person", MOVED if moves else STAYED)
    as_of = draw(st.dates(FIRST, LAST + timedelta(days=9)))
    try:
        plan = make_plan(
            name="Q4",
            period="2023Q4",
            metrics=METRICS,
            dimensions=[PRODUCTS, people],
            breakdowns=[["product", "person"], Breakdown(["person"], every_member=True)],
            targets=draw(targets()),
            workdays=draw(st.sampled_from([None, Weekdays()])),
            pace=draw(SETTINGS),
        )
        lists = hold_against(plan, draw(facts(overlay=moves)), as_of=as_of)
        cells, coverage = lists[0].cells, lists[0].coverage
        if view is View.AS_IS:
            lists = score(plan, cells, coverage, as_of, view)
    except PlanRefused:
        return None
    arrays = score(plan, from_cells(cells), coverage, as_of, view, kernel=ArrayKernel())
    return lists, arrays


def assert_same(one, other):
    """All columns of two scorecards are equal, figure by figure."""
    assert one.tree == other.tree
    assert one.columns.keys() == other.columns.keys()
    for key, column in one.columns.items():
        twin = other.columns[key]
        assert (column.reported, column.days) == (twin.reported, twin.days)
        assert column.targets.keys() == twin.targets.keys()
        for measure, values in column.targets.items():
            assert list(twin.targets[measure]) == list(values), (key, measure)
        for name in ("actual", "unassigned", "mismatch", "expected"):
            values, same = getattr(column, name), getattr(twin, name)
            assert (values is None) == (same is None)
            assert values is None or list(same) == list(values), (key, name)


@given(held())
def test_arrays_and_lists_give_the_same_columns(both):
    for one, other in zip(*(both or ((), ())), strict=True):
        assert_same(one, other)


@settings(max_examples=min(20, settings().max_examples // 5))
@given(held(view=View.AS_IS))
def test_they_do_so_in_the_view_of_today(both):
    for one, other in zip(*(both or ((), ())), strict=True):
        assert_same(one, other)


@settings(max_examples=min(20, settings().max_examples // 5))
@given(held())
def test_rows_and_cuts_are_the_same(both):
    for one, other in zip(*(both or ((), ())), strict=True):
        assert list(other.rows()) == list(one.rows())
        assert_same(one.by("person"), other.by("person"))


@settings(max_examples=min(20, settings().max_examples // 5))
@given(held())
def test_lists_read_cells_in_arrays(both):
    """The kernel of lists on cells in arrays, and that of arrays on lists of cells."""
    for one, other in zip(*(both or ((), ())), strict=True):
        plan, as_of, coverage = one.plan, one.as_of, one.coverage
        (first, *_) = score(plan, other.cells, coverage, as_of)
        (second, *_) = score(plan, one.cells, coverage, as_of, kernel=ArrayKernel())
        assert_same(first, second)
