from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.cumulative import cumulate
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Direction, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.target import Ownership, Target
from salesgoal.sheets.chart import ChartKind
from salesgoal.sheets.overview_sheets import (
    MOST_BEHIND,
    behind_sheet,
    find_behind,
    overview_sheet,
)
from salesgoal.sheets.progress_sheets import children_sheet, cumulative_sheet
from salesgoal.sheets.sheet import Flag, Layout, Less, Percent, Role, Running, shown

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
ORDERS = Metric(id="orders", name="订单数")
MEAN = Metric(
    id="mean", name="客单价", unit="元", decimals=2, aggregation=Ratio("sales", "orders")
)
COST = Metric(id="cost", name="费用", unit="元", decimals=2, direction=Direction.MINIMISE)
PEOPLE = [f"代表{number}" for number in range(1, 9)]
REGION, REP = Dimension("region", ["华东", "华南"]), Dimension("rep", PEOPLE)
DAY = date(2023, 10, 6)


def target(amount, metric="sales", owner=None, period="2023-10", **scope):
    ownership = Ownership(owner=owner)
    return Target(scope=scope, metric=metric, period=period, target=amount, ownership=ownership)


def fact(on=DAY, region=None, rep=None, **values):
    members = {key: each for key, each in (("region", region), ("rep", rep)) if each}
    exact = {key: Decimal(value) for key, value in values.items()}
    return Actual(on=on, members=members, values=exact)


def card(targets, facts=(), *, metrics=(SALES,), as_of=date(2023, 10, 31), **plan):
    made = make_plan(
        name="团队",
        period="2023-10",
        metrics=metrics,
        dimensions=[REGION, REP],
        targets=targets,
        **plan,
    )
    return hold_against(made, facts, as_of=as_of)


def column(sheet, key):
    at = sheet.position(key)
    return [line.cells[at].value for line in sheet.lines]


def totals(found):
    plan = found.plan
    return [(plan.name, found.row(metric=m.id, period=plan.period)) for m in plan.metrics]


def test_the_overview_has_a_card_a_metric_with_live_formulas():
    (found,) = card(
        [target(100, region="华东"), target(10, "orders", region="华东")],
        [fact(region="华东", sales=80, orders=12)],
        metrics=[SALES, ORDERS, MEAN],
    )
    sheet = overview_sheet(totals(found), found.as_of)
    assert (sheet.id, sheet.layout, len(sheet.lines)) == ("overview", Layout.CARDS, 3)
    assert column(sheet, "attainment_pct") == [Fraction(4, 5), Fraction(6, 5), Fraction(2, 3)]
    rate, gap = (sheet.position(key) for key in ("attainment_pct", "gap"))
    assert sheet.lines[0].cells[rate].formula == Percent("actual", "target")
    assert sheet.lines[0].cells[gap].formula == Less("target", "actual")
    # Fractions of a fen are shown rounded; what is rounded does not add up.
    assert sheet.lines[2].cells[rate].formula is sheet.lines[2].cells[gap].formula is None
    assert [line.unit for line in sheet.lines] == ["元", "", ""]
    assert sheet.notes[0].zh == "截至 2023-10-31"
    assert {chart.labels for chart in sheet.charts} == {"metric_name"}
    assert column(sheet, "status") == ["unmet", "met", "unmet"]


def test_the_overview_names_the_goals_where_there_are_several():
    (found,) = card([target(100, region="华东")], as_of=DAY)
    row = found.row(metric="sales", period="2023-10")
    sheet = overview_sheet([("甲", row), ("乙", row)], found.as_of)
    assert {chart.labels for chart in sheet.charts} == {"name"}
    assert column(sheet, "attainment_pct") == [None, None]
    assert column(sheet, "pace") == [None, None]
    flag = sheet.lines[0].cells[sheet.position("status")].flag
    assert flag is Flag.NONE


def test_those_furthest_behind_come_with_cause_action_and_overdue():
    review = {"scope": {"region": "华东", "rep": "代表1"}, "period": "2023-10"}
    (found,) = card(
        [
            target(100, owner="张三", region="华东", rep="代表1"),
            target(500, owner="李四", region="华东", rep="代表2"),
            target(10, region="华南", rep="代表3"),
        ],
        [
            fact(region="华东", rep="代表2", sales=100),
            fact(rep="代表3", region="华南", sales=11),
        ],
        reviews=[
            Review(**review, cause="缺货", action="催货", due_on=date(2023, 10, 20)),
            Review(**review, action="拜访", due_on=date(2023, 12, 1)),
            Review(**review, action="旧事", state="done"),
        ],
    )
    sheet = behind_sheet(find_behind(found, "团队"), found.as_of)
    assert column(sheet, "goal") == ["华东/代表2", "华东/代表1"]
    assert column(sheet, "owner") == ["李四", "张三"]
    texts = [
        shown(sheet, sheet.lines[1], sheet.position(key))
        for key in ("cause", "action", "due_on", "overdue")
    ]
    assert texts == ["缺货", "催货；拜访", "2023-10-20", "逾期 !"]
    assert sheet.columns[0].title is None
    several = behind_sheet(find_behind(found, "团队"), found.as_of, several=True)
    assert several.columns[0].title.zh == "计划"
    assert column(several, "plan") == ["团队", "团队"]


def test_who_keeps_pace_is_not_behind_while_the_period_runs():
    (found,) = card(
        [target(310, region="华东", rep="代表1"), target(310, region="华东", rep="代表2")],
        [fact(rep="代表1", region="华东", sales=60), fact(rep="代表2", region="华东", sales=6)],
        as_of=DAY,
    )
    assert [each.row.goal for each in find_behind(found, "团队")] == ["华东/代表2"]


def test_a_note_says_how_many_more_are_behind():
    (found,) = card(
        [target(100 + at, region="华东", rep=rep) for at, rep in enumerate(PEOPLE)],
        [fact(region="华东", sales=1)],
    )
    behind = find_behind(found, "团队")
    sheet = behind_sheet(behind, found.as_of)
    assert len(sheet.lines) == MOST_BEHIND < len(behind) == 8
    assert sheet.notes[-1].zh == "另有 3 个未列出"
    assert column(sheet, "target") == [107_00, 106_00, 105_00, 104_00, 103_00]


def test_the_goals_below_have_charts_and_what_they_leave_over():
    (found,) = card(
        [target(100, region="华东"), target(50, region="华南"), target(160)],
        [fact(region="华东", sales=120), fact(sales=7)],
        metrics=[SALES, COST],
    )
    sheet = children_sheet([found])
    assert column(sheet, "name")[:2] == ["华东", "华南"]
    rest = sheet.lines[2]
    assert rest.role is Role.REST
    assert [rest.cells[sheet.position(key)].value for key in ("target", "actual")] == [
        10_00,
        7_00,
    ]
    charts = {chart.id: chart for chart in sheet.charts}
    assert list(charts) == [
        "bullets",
        "attainment_sales",
        "target_actual_sales",
        "attainment_cost",
        "target_actual_cost",
    ]
    assert charts["attainment_sales"].kind is ChartKind.BARS
    assert charts["target_actual_sales"].lines == range(2)
    assert charts["attainment_cost"].lines == range(3, 5)
    assert column(sheet, "pace")[:2] == ["achieved", "behind"]
    gap = sheet.position("gap")
    assert sheet.lines[0].cells[gap].formula == Less("target", "actual")


def test_breakdowns_with_the_same_goals_below_come_once():
    by = [Breakdown(["region", "rep"]), Breakdown(["region"]), Breakdown(["rep"])]
    cards = card(
        [target(100, region="华东"), target(50, rep="代表1")],
        [],
        breakdowns=by,
        as_of=date(2023, 9, 1),
    )
    sheet = children_sheet(cards)
    assert [each.en for each in column(sheet, "by")] == ["region > rep", "rep"]
    assert [each.zh for each in column(sheet, "by")] == ["region > rep", "rep"]
    assert [chart.id for chart in sheet.charts][1:3] == [
        "attainment_sales_region",
        "target_actual_sales_region",
    ]
    assert column(sheet, "attainment_pct") == [None, None]


def test_a_plan_without_goals_below_has_no_such_sheet():
    assert children_sheet(card([target(100)])) is None


def test_figures_to_date_add_up_by_formulas_where_they_are_sums():
    (found,) = card(
        [target(10, period=f"2023-10w{week}", region="华东") for week in (1, 2, 3, 4)],
        [fact(region="华东", sales=5), fact(date(2023, 10, 9), region="华东", sales=4)],
        metrics=[SALES, ORDERS, MEAN],
        as_of=date(2023, 10, 16),
    )
    sheet = cumulative_sheet(found.plan, cumulate(found))
    assert column(sheet, "period")[:4] == ["2023-10w1", "2023-10w2", "2023-10w3", "2023-10w4"]
    actual, goal = sheet.position("actual"), sheet.position("target")
    assert [line.cells[actual].value for line in sheet.lines[:4]] == [5_00, 9_00, 9_00, None]
    assert sheet.lines[1].cells[actual].formula == Running("own_actual", 2)
    assert sheet.lines[3].cells[actual].formula is None
    assert sheet.lines[3].cells[goal].formula == Running("own_target", 4)
    # Orders have no targets, and a ratio of whole numbers is still no sum.
    assert sheet.lines[5].cells[goal].formula is None
    assert [chart.id for chart in sheet.charts] == ["curve_sales", "curve_orders", "curve_mean"]
    assert sheet.charts[1].lines == range(4, 8)
    assert sheet.charts[0].kind is ChartKind.CURVES


def test_the_gap_of_what_shall_be_small_is_what_is_too_much():
    (found,) = card(
        [target(100, "cost", region="华东")], [fact(region="华东", cost=120)], metrics=[COST]
    )
    sheet = overview_sheet(totals(found), found.as_of)
    gap = sheet.lines[0].cells[sheet.position("gap")]
    assert (gap.value, gap.formula) == (20_00, Less("actual", "target"))
