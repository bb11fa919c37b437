"""业绩偏差分析表, 改进措施表, the split sheets and the ranking, cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesgoal.domain.action import ActionState
from salesgoal.domain.actual import Actual
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.composite import (
    MissingRule,
    ScoreRule,
    Weight,
    compose_score,
    rank_scores,
)
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.driver import split_by_driver
from salesgoal.domain.gap_ledger import open_gap_ledger
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.recovery import judge_recovery
from salesgoal.domain.review import Review
from salesgoal.domain.target import Ownership, Target
from salesgoal.domain.variance import split_by_child
from salesgoal.sheets.action_sheet import action_sheet
from salesgoal.sheets.cause_sheets import by_cause_sheet, cause_sheet
from salesgoal.sheets.composite_sheet import composite_sheet
from salesgoal.sheets.sheet import Add, Flag, Less, Role, Total, worded, written
from salesgoal.sheets.variance_sheets import child_sheet, driver_sheet, gap_sheet

PRODUCT = Dimension("product", ["A", "B"])
METRICS = (
    Metric(id="sales", name="销售额", decimals=2),
    Metric(id="orders", name="订单数"),
    Metric(id="price", name="客单价", decimals=2, aggregation=Ratio("sales", "orders")),
    Metric(id="days", name="回款天数", direction=Direction.MINIMISE),
    Metric(id="mean", name="均价", decimals=2, aggregation=Aggregation.AVERAGE),
)
DAY, AS_OF = date(2023, 10, 6), date(2023, 10, 31)


def said(product="A", **more):
    return Review(scope={"product": product}, period=more.pop("period", "2023-10"), **more)


def target(metric, amount, product="A", period="2023-10"):
    return Target(
        scope={"product": product},
        metric=metric,
        period=period,
        target=amount,
        ownership=Ownership(owner="张三"),
    )


def hold(*reviews, more=()):
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH, Level.WEEK],
        metrics=METRICS,
        dimensions=[PRODUCT],
        targets=[
            target("sales", 8000),
            target("sales", 100, "B"),
            target("orders", 90),
            target("days", 30),
            *more,
        ],
        reviews=reviews,
    )
    values = {"sales": 6900, "orders": 70, "days": 40, "mean": 3}
    facts = [
        Actual(on=DAY, members={"product": "A"}, values=values),
        Actual(on=DAY, members={"product": "B"}, values={"sales": 100, "mean": 4}),
        Actual(on=AS_OF, members={"product": "A"}, values={"sales": 0}),
    ]
    return hold_against(plan, facts, as_of=AS_OF)[0]


def table(sheet, lang="zh"):
    keys = [column.key for column in sheet.columns]
    return [
        dict(zip(keys, (worded(sheet, line, at, lang) for at in range(len(keys))), strict=True))
        for line in sheet.lines
    ]


def gaps(card, lang="zh"):
    sheet = gap_sheet(open_gap_ledger(card).lines(), "十月")
    return sheet, {(each["goal"], each["metric"]): each for each in table(sheet, lang)}


def test_causes_by_kind_and_what_is_unexplained_make_the_gap_live():
    card = hold(
        said(code="budget_delay", amount=300, note="推迟", author="王"),
        said(code="谈判能力不足", amount=Decimal("500.50"), action="培训"),
        said(cause="天气", amount=20),
        said(cause="价格太高"),
    )
    sheet, found = gaps(card)
    row = found["A", "sales"]
    assert (row["gap"], row["subjective"], row["objective"], row["unclassified"]) == (
        Decimal("1100.00"),
        Decimal("500.50"),
        Decimal("300.00"),
        Decimal("20.00"),
    )
    assert (row["explained"], row["unexplained"]) == (Decimal("820.50"), Decimal("279.50"))
    assert row["causes"] == "谈判能力不足 500.50；客户预算延迟 300.00；天气 20.00；价格太高"
    assert (row["notes"], row["authors"], row["actions"]) == ("推迟", "王", "培训")
    assert (row["owner"], row["verdict"]) == ("张三", "尚未完全归因")
    line = next(each for each in sheet.lines if each.cells[sheet.position("goal")].value == "A")
    formulas = {key: line.cells[sheet.position(key)].formula for key in row}
    assert formulas["gap"] == Less("target", "actual")
    assert formulas["explained"] == Add(("subjective", "objective", "unclassified", "below"))
    assert formulas["unexplained"] == Less("gap", "explained")
    root = found["", "sales"]
    assert (root["name"], root["below"], root["verdict"]) == (
        *("十月", Decimal("820.50"), "尚未完全归因"),
    )


def test_english_readers_read_the_causes_in_english():
    _, found = gaps(hold(said(code="budget_delay", amount=300)), "en")
    assert found["A", "sales"]["causes"] == "customer budget delayed 300.00"


@pytest.mark.parametrize(
    ("reviews", "verdict", "flag"),
    [
        ([], "未归因", Flag.NONE),
        ([said(cause="天气")], "已写原因，未计金额", Flag.NONE),
        ([said(cause="天气", amount=1100)], "已全部归因", Flag.NONE),
        ([said(cause="天气", amount=1101)], "超额归因", Flag.PROBLEM),
    ],
)
def test_the_verdict_says_how_far_a_gap_is_explained(reviews, verdict, flag):
    sheet, found = gaps(hold(*reviews))
    assert found["A", "sales"]["verdict"] == verdict
    at = sheet.position("unexplained")
    (cell,) = [
        line.cells[at]
        for line in sheet.lines
        if (line.cells[1].value, line.cells[4].value) == ("A", "sales")
    ]
    assert cell.flag is flag


def test_a_met_or_unknown_gap_has_no_verdict_until_somebody_explains_it():
    _, found = gaps(
        hold(said("B", cause="天气"), said("B", metric="orders", cause="天气", amount=1))
    )
    assert found["B", "sales"]["verdict"] == "已全部归因"
    assert (found["B", "orders"]["verdict"], found["B", "orders"]["unexplained"]) == (
        None,
        None,
    )
    surplus = hold(said("B", code="price_cut"), more=[target("mean", 3, "B")])
    assert gaps(surplus)[1]["B", "sales"]["verdict"] == "已全部归因"


def test_where_less_is_better_the_gap_is_the_other_way_round():
    sheet, found = gaps(hold())
    assert found["A", "days"]["gap"] == Decimal(10)
    line = next(each for each in sheet.lines if each.cells[4].value == "days")
    assert line.cells[sheet.position("gap")].formula == Less("actual", "target")


def test_a_gap_that_is_no_whole_number_has_no_formula():
    sheet, found = gaps(hold(more=[target("price", 100)]))
    assert found["A", "price"]["gap"] == Decimal("1.43")
    line = next(each for each in sheet.lines if each.cells[4].value == "price")
    assert line.cells[sheet.position("gap")].formula is None


def test_columns_of_texts_that_nobody_wrote_are_not_shown():
    sheet, _ = gaps(hold())
    assert "备注" not in sheet.header("zh")
    assert "责任人" in sheet.header("zh")


def test_the_children_add_up_to_the_gap_in_the_sheet():
    card = hold(more=[Target(metric="sales", period="2023-10", target=9000)])
    found = split_by_child(card, metric="sales", period="2023-10")
    sheet = child_sheet(found, "十月")
    rows = table(sheet)
    assert [(each["part"], each["effect"], each["kind"]) for each in rows] == [
        ("A", Decimal("1100.00"), "缺口"),
        ("B", Decimal("0.00"), "缺口"),
        ("分解差额", Decimal("900.00"), "分解差额"),
        ("十月", Decimal("2000.00"), None),
    ]
    assert sheet.lines[-1].role is Role.TOTAL
    assert sheet.lines[-1].cells[4].formula == Total()
    assert [line.cells[4].formula for line in sheet.lines[:3]] == [
        *[Less("target", "actual")] * 2,
        None,
    ]


def test_the_drivers_add_up_to_the_gap_in_the_sheet():
    found = split_by_driver(hold(), "A", ratio="price", period="2023-10")
    sheet = driver_sheet(found, "十月")
    rows = table(sheet)
    assert [each["driver"] for each in rows] == [
        "数量影响（订单数）",
        "单价影响（客单价）",
        "A",
    ]
    assert sum(each["effect"] for each in rows[:-1]) == rows[-1]["effect"] == Decimal("1100.00")


def test_actions_say_who_until_when_and_what_became_of_the_gap():
    weeks = [target("sales", 2000, period=f"2023-10w{n}") for n in (1, 2)]
    card = hold(
        said(
            period="2023-10w1",
            action="二次拜访",
            due_on=date(2023, 10, 10),
            recovery=Decimal(1000),
            owner="李",
            author="王",
        ),
        said(action="试用装", number=5, state=ActionState.DONE, outcome="已发"),
        more=weeks,
    )
    plan = card.plan
    sheet = action_sheet(
        plan, [judge_recovery(card, each) for each in plan.reviews.actions], AS_OF
    )
    first, second = table(sheet)
    assert (first["number"], first["goal"], first["owner"], first["overdue"]) == (
        *("1", "A", "李", "逾期"),
    )
    assert (first["before"], first["after"], first["narrowed"]) == (
        Decimal("-4900.00"),
        Decimal("2000.00"),
        Decimal("-6900.00"),
    )
    assert (first["share_pct"], first["compared"]) == (Decimal("-690.00"), "已对比")
    at = sheet.position("narrowed")
    assert [line.cells[at].formula for line in sheet.lines] == [Less("before", "after"), None]
    assert (second["owner"], second["overdue"], second["state"]) == ("张三", None, "已完成")
    assert (second["later"], second["compared"]) == (None, "计划中没有后续期间")


def test_an_action_of_the_whole_plan_bears_its_name():
    card = hold(Review(period="2023-10", action="复盘会"))
    plan = card.plan
    sheet = action_sheet(plan, [judge_recovery(card, plan.reviews.actions[0])], AS_OF)
    assert table(sheet)[0]["goal"] == "十月"


def test_the_ranking_says_its_weights_and_what_is_missing():
    card = hold()
    rule = ScoreRule(
        weights=(
            Weight(metric="sales", share=Fraction(3, 5)),
            Weight(metric="orders", share=Fraction(2, 5)),
        ),
        missing=MissingRule.REFUSE,
    )
    scores = [compose_score(card, each, rule=rule, period="2023-10") for each in ("", "A", "B")]
    sheet = composite_sheet(card.plan, rule, rank_scores(scores))
    assert "销售额 60.00%、订单数 40.00%；缺指标者不计分" in sheet.notes[0].zh
    rows = [[written(sheet, line, at) for at in range(7)] for line in sheet.lines]
    assert [row[:2] for row in rows] == [[1, "十月"], [2, "A"], [None, "B"]]
    assert rows[2][4:] == [None, None, "订单数"]


def test_a_gap_by_cause_closes_live():
    card = hold(
        said(code="budget_delay", amount=300),
        said(cause="天气", amount=Decimal("20.50"), kind=CauseKind.OBJECTIVE),
        said(cause="价格"),
    )
    line = open_gap_ledger(card).line(metric="sales", period="2023-10")
    sheet = by_cause_sheet(line, "十月")
    found = table(sheet)
    assert [(each["cause"], each["kind"], each["effect"]) for each in found] == [
        ("客户预算延迟", "客观", Decimal("300.00")),
        ("天气", "客观", Decimal("20.50")),
        ("价格", None, Decimal("0.00")),
        ("未解释", None, Decimal("779.50")),
        ("十月", None, Decimal("1100.00")),
    ]
    assert sheet.lines[-1].cells[-1].formula == Total()
    assert sheet.notes[0].en == "十月 · sales · 2023-10"
    assert sheet.lines[-2].cells[-1].flag is Flag.NONE
    over = open_gap_ledger(hold(said(code="price_cut", amount=2000))).line(
        "A", metric="sales", period="2023-10"
    )
    assert by_cause_sheet(over, "十月").lines[-2].cells[-1].flag is Flag.PROBLEM


def test_every_cause_is_listed_with_its_key():
    card = hold(
        said(code="budget_delay", amount=300, note="推迟", author="王"),
        Review(period="2023-10", metric="days", cause="天气", amount=2),
    )
    sheet = cause_sheet(card.plan)
    first, second = table(sheet)
    assert [first[each] for each in ("goal_name", "kind", "cause_words", "code", "amount")] == [
        *("A", "客观", "客户预算延迟", "budget_delay", Decimal("300.00")),
    ]
    assert (first["note"], first["author"]) == ("推迟", "王")
    assert [second[each] for each in ("goal_name", "goal", "kind", "text", "amount")] == [
        *("十月", "", None, "天气", Decimal(2)),
    ]
    assert [each["key"] for each in (first, second)] == [
        each.key for each in card.plan.reviews.explanations
    ]


def test_a_goal_that_is_met_needs_no_cause_whatever_was_said_below():
    card = hold(
        said("B", code="price_cut", amount=40),
        Review(period="2023-10", metric="sales", hint="好"),
        more=[Target(metric="sales", period="2023-10", target=7000)],
    )
    root = gaps(card)[1]["", "sales"]
    assert (root["below"], root["gap"], root["verdict"]) == (40, 0, "已达成")
