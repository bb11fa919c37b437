"""Plans from arrays are the plans of the same values as targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal import Breakdown, Dimension, Member, Metric, Ownership, Target, make_plan
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.scope import decode_scope
from salesgoal.domain.scorecard import score
from salesgoal.errors import FloatRefused, LabelRefused, PlanRefused, UnknownName, UsageError
from salesgoal.frames.array_cells import from_cells
from salesgoal.frames.kernel import ArrayKernel
from salesgoal.frames.large_plan import TypedUnits, add_targets
from salesgoal.frames.typed_column import ScopeIndex, TypedColumn

SALES, CASH = Metric(id="sales", decimals=2), Metric(id="cash", decimals=9, negative=True)
DIMENSIONS = [
    Dimension("product", ["甲", Member("乙"), Member("丙", parent="乙")]),
    Dimension("region", ["华东", "华南"]),
]
BREAKDOWNS = [["product", "region"], Breakdown(["region"], every_member=True)]
PERIODS = ("2023Q4", "2023-10", "2023-11", "2023-12")
AS_OF = date(2023, 11, 20)


def quarter(targets=(), **changed):
    given_ = {
        "name": "Q4",
        "period": "2023Q4",
        "metrics": [SALES, CASH],
        "dimensions": DIMENSIONS,
        "breakdowns": BREAKDOWNS,
    }
    return make_plan(targets=targets, **(given_ | changed))


def as_targets(plan, scopes, typed):
    return [
        Target(
            scope=decode_scope(codes, plan.dimensions),
            metric=each.metric,
            period=each.period,
            **{each.measure: int(units) // 10 ** plan.metric(each.metric).decimals},
        )
        for each in typed
        for codes, units, known in zip(
            scopes,
            each.units,
            [True] * len(scopes) if each.known is None else each.known,
            strict=True,
        )
        if known
    ]


SCOPES = st.lists(
    st.sampled_from([(p, r) for p in range(3) for r in range(-1, 2)] + [(-1, 0), (-1, -1)]),
    unique=True,
    max_size=6,
)


@st.composite
def columns(draw, size):
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["sales", "cash"]),
                st.sampled_from(PERIODS),
                st.sampled_from(["target", "floor"]),
            ),
            unique=True,
            max_size=6,
        )
    )
    return [
        TypedUnits(
            metric=metric,
            period=period,
            measure=measure,
            units=[
                amount * 10 ** (2 if metric == "sales" else 9)
                for amount in draw(
                    st.lists(st.integers(0, 10**12), min_size=size, max_size=size)
                )
            ],
            known=draw(
                st.none() | st.lists(st.booleans(), min_size=size, max_size=size).map(np.array)
            ),
        )
        for metric, period, measure in keys
    ]


def either(make):
    """A plan, or what it is refused for."""
    try:
        return make(), None
    except PlanRefused as refused:
        return None, sorted(each.code for each in refused.problems)


@settings(max_examples=min(40, settings().max_examples))
@given(st.data(), st.booleans())
def test_it_is_the_plan_of_the_same_targets(data, early):
    before = [Target(metric="sales", period="2023Q4", scope={"region": "华东"}, commit=7)]
    before = before if early else []
    base = quarter(before)
    scopes = data.draw(SCOPES)
    every = typed([0] * len(scopes), period="2023Q4", measure="stretch")
    given_ = [every, *data.draw(columns(len(scopes)))]
    large, faults = either(lambda: add_targets(base, np.array(scopes).reshape(-1, 2), given_))
    plain, same = either(lambda: quarter([*before, *as_targets(base, scopes, given_)]))
    assert faults == same
    if plain is None:
        return
    assert large.trees == plain.trees
    for key, columns_ in plain.targets.typed.items():
        found = {each: values for each, values in large.targets.typed[key].items() if values}
        assert found == columns_
    cells = empty_cells(plain, AS_OF)
    coverage = {"sales": [(date(2023, 10, 1), AS_OF)]}
    cards = score(plain, cells, coverage, AS_OF)
    arrays = score(large, from_cells(cells), coverage, AS_OF, kernel=ArrayKernel())
    lists = score(large, cells, coverage, AS_OF)
    for one, other, third in zip(cards, arrays, lists, strict=True):
        rows = [attrs.evolve(row, ownership=Ownership()) for row in one.rows()]
        assert list(other.rows()) == rows
        assert list(third.rows()) == rows


def refused(*args, **changed):
    with pytest.raises(PlanRefused) as caught:
        add_targets(quarter(**changed), *args)
    return [(each.code, each.where.row) for each in caught.value.problems]


def typed(units, **changed):
    return TypedUnits(**({"metric": "sales", "period": "2023-10", "units": units} | changed))


def test_every_fault_is_found_with_its_row():
    scopes = [[0, 0], [1, 1]]
    assert refused(scopes, [typed([1, -1])]) == [("negative-target", 2)]
    assert refused(scopes, [typed([10**15, 1])]) == [("out-of-range", 1)]
    assert refused(scopes, [typed([2**80, 1])]) == [("out-of-range", 1)]
    assert refused([[0, 0], [0, 0]], [typed([1, 1])]) == [("duplicate-target", 2)]
    assert refused(scopes, [typed([1, 1]), typed([1, 1])]) == [
        ("duplicate-target", 1),
        ("duplicate-target", 2),
    ]
    assert refused([[-1, 0], [1, 1]], [typed([1, 1])], breakdowns=[["product"]]) == [
        ("no-such-goal", 1),
        ("no-such-goal", 2),
    ]
    crossing = [typed([1, 1], period="2023-10w5"), typed([1, 1], period="2023-10")]
    assert add_targets(quarter(), scopes, crossing[1:]).warnings == ()


def test_typed_periods_that_cross_are_refused():
    from salesgoal.domain.plan import whole_span

    odd = whole_span(date(2023, 10, 15), date(2023, 11, 14))
    scopes = [[0, 0], [1, 1]]
    half = np.array([False, True])
    both = [typed([1, 1]), typed([1, 1], period=odd, known=half)]
    assert refused(scopes, both) == [("crossing-periods", 2)]


def test_what_was_typed_before_counts_as_typed():
    before = [Target(metric="sales", period="2023-10", scope={"product": "甲"}, target=1)]
    assert refused([[0, -1]], [typed([1])], targets=before) == [("duplicate-target", 1)]
    twice = add_targets(quarter(), [[0, -1]], [typed([5])])
    again = add_targets(twice, [[1, -1]], [typed([7])])
    october = again.parse("2023-10")
    assert again.targets.of("sales")[october] == {(0, -1): 5, (1, -1): 7}
    with pytest.raises(PlanRefused):
        add_targets(twice, [[0, -1]], [typed([5])])


def test_a_period_outside_the_plan_is_a_warning():
    plan = add_targets(quarter(), [[0, -1]], [typed([5], period="2024-01")])
    assert [each.code for each in plan.warnings] == ["target-outside-plan"]


def test_mistakes_of_the_caller_are_refused_at_once():
    plan = quarter()
    for scopes in ([[3, 0]], [[0, -2]]):
        with pytest.raises(UsageError):
            add_targets(plan, scopes, [])
    with pytest.raises(UsageError):
        add_targets(plan, [[0, 0]], [typed([1, 2])])
    with pytest.raises(UnknownName):
        add_targets(plan, [[0, 0]], [typed([1], metric="profit")])
    with pytest.raises(UnknownName):
        add_targets(plan, [[0, 0]], [typed([1], measure="goal")])
    with pytest.raises(LabelRefused):
        add_targets(plan, [[0, 0]], [typed([1], period="十月份")])
    with pytest.raises(FloatRefused):
        add_targets(plan, [[0, 0]], [typed([1.0])])


def test_a_typed_column_is_read_as_a_mapping():
    index = ScopeIndex(np.array([[0, 0], [1, 1]], np.int32))
    column = TypedColumn(index, np.array([5, 6]), np.array([True, False]))
    assert column == {(0, 0): 5}
    assert column != {(0, 0): 6}
    assert column != 1
    assert list(column.items()) == [((0, 0), 5)]
    assert column.get((1, 1)) is None
    assert (9, 9) not in column
    assert "1 typed" in repr(column)
    assert len(TypedColumn(index, np.array([5, 6]))) == 2
    assert list(TypedColumn(index, np.array([5, 6])).values()) == [5, 6]


@pytest.mark.slow
def test_a_million_goals_are_planned_scored_and_shown():
    sizes = (20, 50, 1000)
    dimensions = [
        Dimension(name, [f"{name}{number}" for number in range(size)])
        for name, size in zip(("product", "area", "person"), sizes, strict=True)
    ]
    year = make_plan(name="2023", period="2023", metrics=[SALES], dimensions=dimensions)
    scopes = np.indices(sizes, np.int32).reshape(3, -1).T
    months = [each for each in year.periods if each.level == "month"]
    units = np.arange(len(scopes), dtype=np.int64)
    plan = add_targets(
        year,
        scopes,
        [TypedUnits(metric="sales", period=month, units=units) for month in months],
    )
    assert len(plan.trees[0]) == 1 + 20 + 20 * 50 + 1_000_000
    cells = from_cells(empty_cells(plan, date(2023, 12, 31)))
    (card,) = score(plan, cells, {}, date(2023, 12, 31), kernel=ArrayKernel())
    total = 12 * sum(range(1_000_000))
    assert card.row(metric="sales", period="2023").target == total
    first = card.row("product0/area0", metric="sales", period="2023Q1")
    assert first.target == 3 * sum(range(1000))
    assert first.mismatch == 0
    frame = card.to_frame(level="year", goal="product19/area49")
    assert frame.height == 1001
    assert frame["target"][-1] == Decimal(12 * 999_999).scaleb(-2)
    assert frame["goal"][-1] == "product19/area49/person999"
