from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.attainment import Status
from salesgoal.domain.condense import empty_cells, hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.pace import Pace, PaceSettings
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import Ownership, Target, TargetTable
from salesgoal.errors import LabelRefused, UnknownName

OCT_6, NOV_6, NOV_30 = date(2023, 10, 6), date(2023, 11, 6), date(2023, 11, 30)
REVIEW = Review(scope={"region": "华东"}, period="2023-10", cause="客户延期")


def target(period, amount, region=None, metric="sales", **more):
    scope = {"region": region} if region else {}
    return Target(metric=metric, scope=scope, period=period, target=amount, **more)


PLAN = make_plan(
    name="第四季度",
    period="2023Q4",
    metrics=[
        Metric(id="sales"),
        Metric(id="cash"),
        Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
        Metric(id="debt", aggregation=Aggregation.LAST),
    ],
    dimensions=[Dimension("region", ["华东", "华南", "华北"])],
    targets=[
        target("2023Q4", 300),
        target("2023-10", 100, "华东", floor=80, stretch=150, ownership=Ownership(owner="王")),
        target("2023-11", 120, "华东"),
        target("2023-10", 40, "华南"),
        target("2023-10", 0, "华北"),
        target("2023-10", 70, "华东", metric="cash"),
        target("2023-10", 90, "华南", metric="rate"),
    ],
    reviews=[REVIEW],
)


def hold(*facts, as_of=NOV_30):
    actuals = [
        Actual(on=on, members={"region": region} if region else {}, values=values)
        for on, region, values in facts
    ]
    (card,) = hold_against(PLAN, actuals, as_of=as_of)
    return card


CARD = hold(
    (OCT_6, "华东", {"sales": 60, "cash": 30}),
    (OCT_6, "华南", {"sales": 40, "cash": 40}),
    (OCT_6, None, {"sales": 5, "cash": 0}),
    (NOV_6, "华东", {"sales": 120}),
)


def test_a_commit_stands_beside_the_target_with_its_signed_difference():
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=[Metric(id="sales")],
        dimensions=[Dimension("region", ["华东", "华南", "华北"])],
        targets=[
            target("2023-10", 300),
            target("2023-10", 100, "华东", commit=90),
            target("2023-10", 150, "华南", commit=170),
            target("2023-10", 50, "华北"),
        ],
    )
    (card,) = hold_against(plan, [], as_of=NOV_30)
    assert [(row.commit, row.commit_difference) for row in card.rows(level="month")] == [
        *((260, -40), (90, -10), (170, 20), (None, None)),
    ]


def test_a_commit_without_a_target_has_no_difference():
    plan = make_plan(
        name="十月",
        period="2023-10",
        metrics=[Metric(id="sales")],
        targets=[target("2023-10", None, commit=0)],
    )
    (card,) = hold_against(plan, [], as_of=NOV_30)
    row = card.row(metric="sales", period="2023-10")
    assert (row.commit, row.commit_difference, row.status) == (0, None, Status.NO_TARGET)


def values(card, field, metric="sales", period="2023-10"):
    """One field of every goal, in tree order."""
    return [
        getattr(row, field) for row in card.rows(metric=metric) if row.period.label == period
    ]


def test_a_row_holds_everything_about_one_goal_metric_and_period():
    row = CARD.row("华东", metric="sales", period="2023-10")
    assert (row.goal, row.scope, row.depth, row.leaf) == ("华东", {"region": "华东"}, 1, True)
    assert (row.target, row.floor, row.stretch) == (100, 80, 150)
    assert (row.actual, row.ratio, row.status, row.gap) == (60, Fraction(3, 5), "unmet", 40)
    (said,) = row.reviews
    assert (row.ownership.owner, said.cause) == ("王", "客户延期")
    root = CARD.row(metric="sales", period="2023-10")
    assert (root.goal, root.scope, root.depth, root.leaf) == ("", {}, 0, False)
    assert root.ownership == Ownership()
    assert root.reviews == ()


def test_rows_come_in_tree_order_then_metric_then_period():
    rows = list(CARD.rows())
    assert [row.goal for row in rows[::16]] == ["", "华东", "华南", "华北"]
    assert [row.metric.id for row in rows[:16:4]] == ["sales", "cash", "rate", "debt"]
    assert [row.period.label for row in rows[:4]] == ["2023Q4", "2023-10", "2023-11", "2023-12"]


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({}, 64),
        ({"goal": "华东"}, 16),
        ({"goal": ""}, 64),
        ({"metric": "cash"}, 16),
        ({"level": "month"}, 48),
        ({"level": Level.QUARTER, "goal": "华南", "metric": "sales"}, 1),
    ],
)
def test_rows_can_be_chosen(chosen, count):
    assert len(list(CARD.rows(**chosen))) == count


@pytest.mark.parametrize(
    "chosen", [{"goal": "华中"}, {"metric": "profit"}, {"level": "week"}, {"level": "day"}]
)
def test_choosing_what_is_not_there_is_refused(chosen):
    with pytest.raises(UnknownName):
        list(CARD.rows(**chosen))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"goal": "华中"}, UnknownName),
        ({"metric": "profit"}, UnknownName),
        ({"period": "2024-01"}, UnknownName),
        ({"period": "someday"}, LabelRefused),
    ],
)
def test_asking_for_a_row_that_is_not_there_is_refused(wrong, error):
    with pytest.raises(error):
        CARD.row(**{"metric": "sales", "period": "2023Q4", **wrong})


@pytest.mark.parametrize(
    ("wrong", "name", "nearest"),
    [
        ({"level": "week"}, "week", ("month", "quarter")),
        ({"level": Level.DAY}, "day", ("month", "quarter")),
    ],
)
def test_an_unknown_level_comes_with_those_that_the_plan_shows(wrong, name, nearest):
    with pytest.raises(UnknownName) as refused:
        list(CARD.rows(**wrong))
    assert (refused.value.name, refused.value.nearest) == (name, nearest)


def test_an_unknown_period_comes_with_those_that_the_plan_shows():
    with pytest.raises(UnknownName) as refused:
        CARD.row(metric="sales", period="2024-01")
    assert refused.value.name == "2024-01"
    assert "2023Q4" in refused.value.nearest


def test_a_row_may_be_asked_for_by_its_period_and_knows_what_was_said_of_its_metric():
    october = PLAN.parse("2023-10")
    row = CARD.row("华东", metric="cash", period=october)
    assert row == CARD.row("华东", metric="cash", period="2023-10")
    assert [each.cause for each in row.reviews] == ["客户延期"]
    own = attrs.evolve(REVIEW, metric="cash")
    plan = make_plan(
        name="十月",
        period="2023-10",
        metrics=PLAN.metrics,
        dimensions=PLAN.dimensions,
        targets=[target("2023-10", 100, "华东")],
        reviews=[own],
    )
    (card,) = hold_against(plan, [], as_of=OCT_6)
    rows = [card.row("华东", metric=each, period="2023-10") for each in ("sales", "cash")]
    assert [len(each.reviews) for each in rows] == [0, 1]


def test_pace_follows_the_thresholds_of_the_plan_in_every_row():
    strict = PaceSettings(ahead=Fraction(2), on_track=Fraction(2), at_risk=Fraction(1))
    made = attrs.evolve(PLAN, pace=strict)
    facts = [Actual(on=NOV_6, members={"region": "华东"}, values={"sales": 40})]
    paces = []
    for plan in (PLAN, made):
        (card,) = hold_against(plan, facts, as_of=date(2023, 11, 9))
        paces.append(card.row("华东", metric="sales", period="2023-11").progress.pace)
    assert paces == [Pace.AHEAD, Pace.AT_RISK]


def test_the_original_target_stands_beside_the_one_that_counts():
    first = TargetTable({("sales", "target"): {PLAN.parse("2023-10"): {(0,): 90}}})
    (card,) = hold_against(attrs.evolve(PLAN, original=first), [], as_of=NOV_30)
    row = card.row("华东", metric="sales", period="2023-10")
    assert (row.target, row.original, row.floor) == (100, 90, 80)
    assert CARD.row("华东", metric="sales", period="2023-10").original == 100


def test_a_frame_holds_the_rows_that_are_asked_for():
    assert len(CARD.to_frame()) == 64
    asked = {"goal": "华南", "level": "quarter", "metric": "sales"}
    for chosen in ({"goal": "华东"}, {"level": "month"}, {"metric": "cash"}, asked):
        assert len(CARD.to_frame(**chosen)) == len(list(CARD.rows(**chosen)))
    assert type(CARD.to_frame()).__module__.startswith("polars")


def test_a_frame_is_of_the_engine_that_is_asked_for():
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = CARD.to_frame("pyarrow")
    assert isinstance(table, pyarrow.Table)
    assert table.num_rows == 64


def test_unassigned_is_shown_where_no_child_matches():
    assert values(CARD, "actual") == [105, 60, 40, 0]
    assert values(CARD, "unassigned") == [5, 0, 0, 0]


def test_a_mismatch_is_parent_less_children_signed():
    assert values(CARD, "target", period="2023Q4") == [300, 220, 40, 0]
    assert values(CARD, "mismatch", period="2023Q4") == [40, None, None, None]
    over = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales")],
        dimensions=PLAN.dimensions,
        targets=[target("2023-10", 100), target("2023-10", 130, "华东")],
    )
    (card,) = hold_against(over, [], as_of=NOV_30)
    assert values(card, "mismatch") == [-30, None]
    assert values(card, "mismatch", period="2023-10w1") == [None, None]


def test_a_derived_parent_has_no_mismatch():
    assert values(CARD, "target") == [140, 100, 40, 0]
    assert values(CARD, "mismatch") == [0, None, None, None]


def test_a_parent_whose_children_have_no_target_has_no_mismatch_to_speak_of():
    made = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales"), Metric(id="cash")],
        dimensions=PLAN.dimensions,
        targets=[target("2023-10", 100), target("2023-10", 1, "华东", metric="cash")],
    )
    (card,) = hold_against(made, [], as_of=NOV_30)
    assert values(card, "mismatch", "sales") == [None, None]


def test_a_ratio_is_the_ratio_of_the_rolled_up_parts():
    assert values(CARD, "actual", "rate") == [Fraction(70, 105) * 100, 50, 100, None]
    assert values(CARD, "mismatch", "rate") == [None] * 4
    assert values(CARD, "unassigned", "rate") == [None] * 4


def test_the_target_of_a_ratio_is_typed_else_the_ratio_of_the_targets():
    assert values(CARD, "target", "rate") == [50, 70, 90, None]


def test_a_ratio_is_reported_where_both_parts_are():
    november = [row.status for row in CARD.rows(metric="rate") if row.period.label == "2023-11"]
    assert november == [Status.NO_TARGET] * 4
    assert values(CARD, "actual", "rate", "2023-11") == [None] * 4


def test_four_ways_to_have_nothing_stay_different():
    card = hold((OCT_6, "华东", {"sales": 60}), as_of=NOV_6)
    statuses = {
        (goal, period): card.row(goal, metric="sales", period=period).status
        for goal in ("华东", "华南", "华北")
        for period in ("2023-10", "2023-11", "2023-12")
    }
    assert statuses["华南", "2023-10"] is Status.UNMET
    assert card.row("华南", metric="sales", period="2023-10").actual == 0
    assert statuses["华北", "2023-10"] is Status.MET
    assert statuses["华东", "2023-11"] is Status.NO_DATA
    assert card.row("华东", metric="sales", period="2023-11").actual is None
    assert statuses["华南", "2023-11"] is Status.NO_TARGET
    assert statuses["华东", "2023-12"] is Status.NOT_STARTED


def test_a_period_that_has_not_begun_shows_nothing_reached():
    card = hold((OCT_6, "华东", {"sales": 60}), (NOV_6, "华东", {"sales": 9}), as_of=OCT_6)
    row = card.row("华东", metric="sales", period="2023-11")
    assert row.status is Status.NOT_STARTED
    assert (row.actual, row.gap, row.unassigned, row.target) == (None, None, None, 120)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2023, 10, 31), Status.NOT_STARTED), (date(2023, 11, 1), Status.NO_DATA)],
)
def test_a_period_begins_on_its_first_day(as_of, status):
    card = hold((OCT_6, "华东", {"sales": 60}), as_of=as_of)
    assert card.row("华东", metric="sales", period="2023-11").status is status


def test_facts_after_as_of_are_outside():
    card = hold((OCT_6, "华东", {"sales": 60}), (NOV_6, "华东", {"sales": 9}), as_of=OCT_6)
    assert values(card, "actual", period="2023Q4") == [60, 60, 0, 0]
    assert card.cells.total("sales", range(card.cells.outside, card.cells.rejected)) == 9


def test_a_source_that_speaks_only_after_as_of_has_said_nothing_yet():
    card = hold((date(2023, 10, 20), "华东", {"sales": 60}), as_of=OCT_6)
    assert values(card, "status") == [Status.NO_DATA] * 4


def test_without_facts_there_is_no_data_and_nothing_unassigned():
    card = hold()
    assert values(card, "status") == [Status.NO_DATA] * 4
    assert values(card, "unassigned") == [None] * 4


def test_declared_coverage_makes_silence_a_reported_zero():
    cells = empty_cells(PLAN, NOV_30)
    declared = {"sales": [(date(2023, 10, 1), NOV_30)], "debt": [(OCT_6, OCT_6)]}
    (card,) = score(PLAN, cells, declared, NOV_30)
    assert values(card, "actual") == [0] * 4
    assert values(card, "actual", "debt") == [None] * 4
    assert values(card, "actual", "cash") == [None] * 4
