"""Explanations by example: targets, attainment, what is expected and required by a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.cascade import MemberStep
from salesgoal.domain.condense import hold_against
from salesgoal.domain.contribution import ContributionBook
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.explanation import Explainer, explain
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.planned_cascade import Cascade
from salesgoal.domain.problem import Place
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.scope import ANY
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.statement import Figure, Rule, Statement, StatementKind
from salesgoal.domain.target import Target
from salesgoal.domain.view import reseat_as_is
from salesgoal.domain.work_calendar import Weekdays
from salesgoal.sheets.explanation_sheet import contribution_sheet, explanation_sheet
from salesgoal.sheets.explanation_text import say_statement
from salesgoal.sheets.sheet import shown

REGION = Dimension("region", ["华东", "华南"])


def card_of(targets, *, metric=None, sold=50, period="2023-10", **settings):
    plan = make_plan(
        name="计划",
        period=period,
        metrics=[metric or Metric(id="sales", name="销售额")],
        dimensions=[REGION],
        targets=[
            Target(
                scope=scope, metric="sales", period=when, target=units, where=Place("t", row=n)
            )
            for n, (scope, when, units) in enumerate(targets, start=2)
        ],
        **settings,
    )
    facts = [Actual(on=date(2023, 10, 3), members={"region": "华东"}, values={"sales": sold})]
    return hold_against(plan, facts, as_of=date(2023, 10, 13))[0]


def why(card, goal=""):
    return explain(card, goal, metric="sales", period=card.plan.period)


def other(found, kind):
    return next((each for each in found.others if each.kind is kind), None)


def test_what_is_required_is_short_over_workdays_left():
    found = why(card_of([({}, "2023-10", 200)], workdays=Weekdays()))
    required = other(found, StatementKind.REQUIRED)
    assert [each.figure for each in required.parts] == [150, 12]
    assert (required.figure, required.rest) == (Fraction(25, 2), 0)
    assert say_statement(required.parts[1], "").zh == "剩余 12 个工作日"
    expected = other(found, StatementKind.EXPECTED_PARTS)
    assert expected.parts[0].facts["elapsed"] == 10
    assert "200 x 10/22 workdays = 91" in say_statement(expected.parts[0], "").en


def test_goals_expect_what_those_below_expect_scaled_to_their_own_target():
    card = card_of(
        [
            ({}, "2023-10", 400),
            ({"region": "华东"}, "2023-10w1", 100),
            ({"region": "华东"}, "2023-10w2", 100),
        ]
    )
    expected = other(why(card), StatementKind.EXPECTED_CHILDREN)
    own = card.row("华东", metric="sales", period=card.plan.period).progress.expected
    assert [each.figure for each in expected.parts] == [own * 2]
    assert expected.rest == 0


def test_overlapping_periods_count_the_longer_one():
    quarter = [({}, "2023-10", 300), ({}, "2023-10w1", 100), ({}, "2023-11", 200)]
    card = card_of(quarter, period="2023Q4")
    target = why(card).target
    assert [(each.facts["period"], each.figure) for each in target.parts] == [
        ("2023-10", 300),
        ("2023-11", 200),
    ]
    assert str(target.parts[0].facts["where"]) == "t, row 2"


@pytest.mark.parametrize("basis", [PaceBasis.DAYS, PaceBasis.PROFILE, PaceBasis.WORKDAYS])
def test_what_is_expected_follows_the_plan_s_basis(basis):
    profile = (Fraction(1),) * 12 if basis is PaceBasis.PROFILE else ()
    pace = PaceSettings(basis=basis, profile=profile)
    months = [({}, "2023-10", 300), ({}, "2023-11", 200), ({}, "2023-12", 220)]
    card = card_of(months, period="2023Q4", pace=pace, workdays=Weekdays())
    expected = other(why(card), StatementKind.EXPECTED_PARTS)
    assert expected.figure == card.row(metric="sales", period="2023Q4").progress.expected
    assert expected.rest == 0


def test_where_less_is_better_the_target_is_over_the_actual():
    cost = Metric(id="sales", direction=Direction.MINIMISE)
    found = why(card_of([({}, "2023-10", 30)], metric=cost, sold=40))
    assert [each.kind for each in found.attainment.parts] == [
        StatementKind.TARGET,
        StatementKind.ACTUAL,
    ]
    assert (found.attainment.figure, found.attainment.rest) == (Fraction(3, 4), 0)
    gap = other(found, StatementKind.GAP)
    assert (gap.figure, gap.rest) == (10, 0)
    assert other(found, StatementKind.PACE).rest in {0, None}


def test_the_way_from_a_baseline_is_made_and_to_make():
    days = Metric(
        id="sales", direction=Direction.MINIMISE, baseline=60, aggregation=Aggregation.LAST
    )
    found = why(card_of([({}, "2023-10", 30)], metric=days, sold=45))
    assert [each.figure for each in found.attainment.parts] == [-15, -30]
    assert (found.attainment.figure, found.attainment.rest) == (Fraction(1, 2), 0)
    assert other(found, StatementKind.PACE).rule is Rule.ALONE


def test_a_balance_shows_what_a_later_one_replaced():
    debt = Metric(id="sales", aggregation=Aggregation.LAST)
    card = card_of([({}, "2023-10", 30)], metric=debt)
    book = ContributionBook(card, most=1)
    groups = credits_of(card)
    for day in (2, 3):
        book.take(Place("f", row=day), groups, date(2023, 10, day), debt, 50)
    behind = book.behind(metric="sales", period=card.plan.period)
    assert (behind.value, behind.rows, behind.superseded) == (50, 1, 1)
    sheet = contribution_sheet([behind], [], [], "计划")
    assert shown(sheet, sheet.lines[-1], 0) == "被更晚的余额取代"


def credits_of(card):
    from salesgoal.domain.condense import credit_actual

    fact = Actual(on=date(2023, 10, 3), members={"region": "华东"}, values={"sales": 1})
    return credit_actual(fact, card.plan.dimensions)


def test_rejected_rows_beyond_the_first_are_counted():
    card = card_of([({}, "2023-10", 30)])
    book = ContributionBook(card, most=1)
    for row in (2, 3, 4):
        book.reject(Place("f", row=row), None, card.plan.metrics[0], 5, ["unknown-member"])
    rejected = book.rejected("sales")
    assert (rejected.value, rejected.rows) == (15, 3)
    sheet = contribution_sheet([], [book.outside(metric="sales")], [rejected], "计划")
    assert [shown(sheet, line, sheet.position("rows")) for line in sheet.lines] == ["1", "2"]


def test_an_explanation_is_a_sheet_of_sentences():
    card = card_of([({"region": "华东"}, "2023-10", 200)])
    found = Explainer(card).explain(card.row(metric="sales", period="2023-10"))
    sheet = explanation_sheet(found, [], "计划")
    texts = [shown(sheet, line, 0) for line in sheet.lines]
    assert texts[:2] == ["目标值 200 = 1 个下级目标之和", "华东：200"]
    assert [line.depth for line in sheet.lines[:3]] == [0, 1, 0]


def test_a_revision_of_what_was_absent_says_so():
    card = card_of([({"region": "华东"}, "2023-10", 200)])
    facts = {"number": 1, "before": None, "rule": "restate", "by": "王", "reason": "补录"}
    facts |= {"approved_by": "李", "recorded_at": "2023-10-09"}
    revised = Statement(StatementKind.REVISED, card.plan.metrics[0], 9, facts=facts)
    sheet = explanation_sheet(why(card), [revised], "计划")
    (line,) = (each for each in sheet.lines if each.cells[0].value.zh.startswith("第 1 号调整"))
    assert "– → 9，王 提出（补录），李" in line.cells[0].value.zh
    assert "before" not in line.cells[sheet.position("facts")].value


def test_nobody_moved_is_the_same_codes_today():
    card = card_of([({}, "2023-10", 30)])
    assert reseat_as_is(card.plan, card.as_of)((0,)) == (0,)


@pytest.mark.parametrize(
    ("ratio", "kind", "figure", "said"),
    [
        (None, "projected", 110, "预计完成 110 = 实际值 ÷ 已过天数 × 全部天数"),
        (("debt", "debt"), "projected_as_is", 1, "预计完成 1：维持现值"),
        (("sales", "sales"), "projected_alike", 1, "预计完成 1：分子、分母同步增长"),
        (("sales", "debt"), "projected", Fraction(110, 50), None),
        (("debt", "sales"), "projected_down", Fraction(50, 110), None),
    ],
)
def test_a_projection_says_how_the_figure_goes_on(ratio, kind, figure, said):
    metrics = [Metric(id="sales"), Metric(id="debt", aggregation=Aggregation.LAST)]
    if ratio is not None:
        metrics.append(Metric(id="rate", aggregation=Ratio(*ratio)))
    plan = make_plan(name="计划", period="2023-10", metrics=metrics, workdays=Weekdays())
    facts = [Actual(on=date(2023, 10, 3), values={"sales": 50, "debt": 50})]
    (card,) = hold_against(plan, facts, as_of=date(2023, 10, 13))
    name = metrics[-1].id if ratio else "sales"
    found = explain(card, metric=name, period=plan.period)
    one = other(found, StatementKind(kind))
    assert one.figure == figure == found.row.progress.projected
    assert one.rest in {0, None}
    if said is not None:
        assert say_statement(one, "").zh == said


EAST, SOUTH = {"region": "华东"}, {"region": "华南"}
METRICS = [
    Metric(id="sales", name="销售额"),
    Metric(id="debt", aggregation=Aggregation.LAST, direction=Direction.MINIMISE),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="most", aggregation=Aggregation.MAXIMUM),
    Metric(id="rate", aggregation=Ratio("sales", "debt")),
]
TYPED = [
    (EAST, "sales", ("2023-10", "2023-11", "2023-12"), (310, 300, 310)),
    (SOUTH, "sales", ("2023Q4",), (920,)),
    (EAST, "debt", ("2023-10", "2023-11", "2023-12"), (100, 80, 60)),
    (SOUTH, "debt", ("2023Q4",), (32,)),
    ({}, "mean", ("2023Q4",), (12,)),
    ({}, "most", ("2023-10", "2023-11", "2023-12"), (30, 40, 20)),
]
BOOKED = [
    (date(2023, 10, 3), EAST, {"sales": 50, "mean": 10, "most": 25}),
    (date(2023, 10, 4), SOUTH, {"sales": 70, "mean": 16, "most": 20}),
    (date(2023, 10, 5), {}, {"sales": 5}),
    (date(2023, 11, 3), EAST, {"sales": 20, "debt": 40}),
    (date(2023, 11, 3), SOUTH, {"debt": 30}),
]


@pytest.fixture(name="quarter", scope="module")
def fixture_quarter():
    """The fourth quarter, half over: 46 of its 92 days, 15 of the 30 of November."""
    plan = make_plan(
        name="计划",
        period="2023Q4",
        levels=[Level.QUARTER, Level.MONTH],
        metrics=METRICS,
        dimensions=[REGION],
        targets=[
            Target(scope=scope, metric=metric, period=label, target=units)
            for scope, metric, labels, amounts in TYPED
            for label, units in zip(labels, amounts, strict=True)
        ],
    )
    facts = [Actual(on=on, members=at, values=values) for on, at, values in BOOKED]
    return hold_against(plan, facts, as_of=date(2023, 11, 15))[0]


def outline(card, metric, goal="", label="2023Q4"):
    """Every figure of a row, those that it is made of in brackets behind it."""
    found = explain(card, goal, metric=metric, period=card.plan.parse(label))
    said = {}
    for each in found.statements:
        parts = [(str(one.kind), one.figure) for one in each.parts]
        said[str(each.kind)] = (each.figure, parts)
    return said


def test_every_figure_of_a_sum_is_made_of_figures(quarter):
    assert outline(quarter, "sales") == {
        "child_targets": (1_840, [("child", 920), ("child", 920)]),
        "child_actuals": (145, [("child", 70), ("child", 70), ("unassigned", 5)]),
        "attainment": (Fraction(145, 1_840), [("actual", 145), ("target", 1_840)]),
        "mismatch": (0, [("target", 1_840), ("child", 920), ("child", 920)]),
        "gap": (1_695, [("target", 1_840), ("actual", 145)]),
        "expected_children": (920, [("child", 310 + 150), ("child", 460)]),
        "pace": (Fraction(145, 920), [("actual", 145), ("expected", 920)]),
        "projected": (290, [("actual", 145), ("days_over", 46)]),
    }


def test_months_make_a_quarter_and_what_is_expected_of_it(quarter):
    assert outline(quarter, "sales", "华东") == {
        "sub_periods": (920, [("sub_period", 310), ("sub_period", 300), ("sub_period", 310)]),
        "facts": (70, []),
        "attainment": (Fraction(70, 920), [("actual", 70), ("target", 920)]),
        "gap": (850, [("target", 920), ("actual", 70)]),
        "expected_parts": (460, [("over", 310), ("running", 150)]),
        "pace": (Fraction(70, 460), [("actual", 70), ("expected", 460)]),
        "projected": (140, [("actual", 70), ("days_over", 46)]),
    }


def test_of_a_balance_the_last_month_counts_and_it_stays_as_it_is(quarter):
    assert outline(quarter, "debt", "华东") == {
        "sub_periods": (60, [("sub_period", 100), ("sub_period", 80), ("sub_period", 60)]),
        "facts": (40, []),
        "attainment": (Fraction(60, 40), [("target", 60), ("actual", 40)]),
        "gap": (-20, [("actual", 40), ("target", 60)]),
        "expected_level": (80, []),
        "pace": (Fraction(80, 40), [("expected", 80), ("actual", 40)]),
        "projected_as_is": (40, []),
    }
    whole = outline(quarter, "debt")
    assert whole["child_actuals"] == (70, [("child", 40), ("child", 30), ("unassigned", 0)])
    assert whole["expected_children"] == (112, [("child", 80), ("child", 32)])


def test_what_does_not_add_is_merged_and_a_ratio_is_a_quotient_of_both(quarter):
    mean, most, rate = (outline(quarter, name) for name in ("mean", "most", "rate"))
    assert mean["typed"] == (12, [])
    assert mean["merged_actuals"] == (13, [("child", 10), ("child", 16)])
    assert most["merged_actuals"] == (25, [("child", 25), ("child", 20)])
    assert most["sub_periods"] == (
        40,
        [("sub_period", 30), ("sub_period", 40), ("sub_period", 20)],
    )
    assert rate["ratio_of_targets"] == (20, [("metric", 1_840), ("metric", 92)])
    assert rate["ratio_of_actuals"] == (Fraction(145, 70), [("metric", 145), ("metric", 70)])
    assert rate["expected_level"] == (20, [])


def test_what_is_not_there_is_said_to_be_not_there(quarter):
    assert outline(quarter, "sales", "华东", "2023-12") == {
        "typed": (310, []),
        "not_started": (None, []),
        "no_attainment": (None, []),
    }
    assert outline(quarter, "debt", "华东", "2023-10") == {
        "typed": (100, []),
        "no_data": (None, []),
        "no_attainment": (None, []),
        "expected_whole": (100, []),
    }
    assert outline(quarter, "mean", "华东") == {
        "no_target": (None, []),
        "facts": (10, []),
        "no_attainment": (None, []),
        "projected_as_is": (10, []),
    }


def test_a_revised_target_says_what_it_was_and_by_which_version_it_changed(quarter):
    plan = quarter.plan
    november = plan.parse("2023-11")
    cut = revise(plan, propose(plan, "华东", period=november, metric="sales", to=200)).plan
    card = hold_against(attrs.evolve(cut, version="r1"), [], as_of=date(2023, 11, 15))[0]
    revised = explain(card, "华东", metric="sales", period=november).target
    assert (revised.figure, revised.facts["original"], revised.facts["version"]) == (
        200,
        300,
        "r1",
    )
    october = explain(card, "华东", metric="sales", period=plan.parse("2023-10")).target
    assert "original" not in october.facts


def test_a_target_that_no_table_types_comes_from_a_cascade():
    step = MemberStep(dimension=REGION, position=0, members=(0, 1), rule=ShareRule())
    metric = Metric(id="sales")
    whole = MonthCalendar().at(Level.MONTH, date(2023, 10, 1))
    plan = make_plan(
        name="计划",
        period=whole,
        metrics=[metric],
        dimensions=[REGION],
        targets=[Target(metric="sales", period=whole, target=90, where=Place("t", row=2))],
        cascades=[Cascade(metric=metric, period=whole, goal=(ANY,), steps=(step,))],
    )
    (card,) = hold_against(plan, [], as_of=date(2023, 10, 13))
    typed, made = (
        explain(card, goal, metric="sales", period=whole).target for goal in ("", "华东")
    )
    assert (typed.kind, typed.facts["where"]) == (StatementKind.TYPED, Place("t", row=2))
    assert (made.kind, made.facts["where"]) == (StatementKind.CASCADED, None)
    assert (made.figure, made.facts["period"]) == (45, "2023-10")


def test_of_a_period_that_is_over_all_is_expected(quarter):
    october = outline(quarter, "sales", "华东", "2023-10")
    assert october["expected_whole"] == (310, [])
    assert october["pace"] == (Fraction(50, 310), [("actual", 50), ("expected", 310)])


def test_every_statement_of_every_row_closes_names_its_metric_and_is_said(quarter):
    days = {StatementKind.DAYS_OVER, StatementKind.DAYS_LEFT}
    ratios = {StatementKind.ATTAINMENT, StatementKind.PACE}
    for row in quarter.rows():
        found = Explainer(quarter).explain(row)
        assert (found.row, found.breakdown) == (row, quarter.tree.breakdown.name)
        for statement in found.statements:
            for _, one in statement.all():
                assert one.rest in {None, 0}
                assert one.metric in METRICS
                said = say_statement(one, "")
                assert "None" not in said.zh + said.en
                shown_as = Figure.DAYS if one.kind in days else Figure.AMOUNT
                assert one.shown is (Figure.RATIO if one.kind in ratios else shown_as)
            if statement.figure is not None and statement.parts:
                known = StatementKind.MERGED_ACTUALS, StatementKind.PROJECTED_DOWN
                assert statement.rest == 0 or statement.kind in known
        none = found.attainment
        if none.kind is StatementKind.NO_ATTAINMENT:
            assert none.facts == {"status": str(row.status)}
