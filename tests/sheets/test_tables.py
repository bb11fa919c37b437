"""The scorecard and the three tables as sheets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Direction, Metric, Ratio
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.reconciliation import RowCounts, reconcile
from salesgoal.domain.target import Target
from salesgoal.domain.week_month_calendar import WeekMonthCalendar
from salesgoal.errors import NotNested, UnknownName
from salesgoal.sheets.account_sheets import counts_sheet, problem_sheet, reconciliation_sheet
from salesgoal.sheets.score_sheet import rate_formula, score_sheet
from salesgoal.sheets.sheet import Add, Less, Percent, Role, Total, shown
from salesgoal.sheets.three_tables import personal_month, product_year, team_quarter
from salesgoal.sheets.words import named, period_words

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
COST = Metric(id="cost", decimals=2, direction=Direction.MINIMISE)
REGION = Dimension("region", ["华东", "华南", "华北"], name="区域")


def card(period, *targets, actuals=(), every_member=False):
    typed = [
        Target(
            scope={"region": region} if region else {}, metric="sales", period=when, target=t
        )
        for region, when, t in targets
    ]
    plan = make_plan(
        name="团队",
        period=period,
        metrics=(SALES, COST),
        dimensions=[REGION],
        breakdowns=[Breakdown(["region"], every_member)],
        targets=typed,
    )
    facts = [
        Actual(on=on, members={"region": region} if region else {}, values={"sales": amount})
        for region, on, amount in actuals
    ]
    (found,) = hold_against(plan, facts, as_of=date(2023, 12, 31))
    return found


def lines(sheet, lang="zh"):
    return [[shown(sheet, line, at, lang) for at in sheet.shown] for line in sheet.lines]


OCTOBER = [("华东", "2023-10", 100), ("华南", "2023-10", 50)]
DAY = date(2023, 10, 6)


def test_what_no_line_has_stands_on_a_line_of_its_own():
    found = card("2023-10", *OCTOBER, actuals=[("华东", DAY, 60), (None, DAY, 5)])
    sheet = personal_month(found, SALES, found.plan.period)
    assert [line.role for line in sheet.lines] == [Role.BODY, Role.BODY, Role.REST, Role.TOTAL]
    assert [row[0] for row in lines(sheet)] == ["华东", "华南", "未分配", "合计"]
    assert lines(sheet)[2][1:7] == ["0.00", "5.00", "", "", "", "5.00"]
    assert lines(sheet)[3][1:7] == ["150.00", "65.00", "", "", "", "65.00"]


def test_formulas_stand_only_where_they_are_true():
    whole = card("2023-10", *OCTOBER, actuals=[("华东", DAY, 60)])
    sheet = personal_month(whole, SALES, whole.plan.period)
    at = sheet.position("actual")
    assert sheet.lines[0].cells[at].formula == Add(("week1", "week2", "week3", "week4"))
    assert sheet.lines[-1].cells[at].formula == Total()
    month = whole.plan.period
    part = card("2023-10", *OCTOBER, actuals=[("华东", month, 60)])
    sheet = personal_month(part, SALES, part.plan.period)
    assert lines(sheet)[0][at] == "60.00"
    assert sheet.lines[0].cells[at].formula is None


def test_goals_without_figures_have_no_line_but_facts_alone_do():
    facts = [("华东", DAY, 1), ("华南", DAY, 2)]
    found = card("2023-10", OCTOBER[0], actuals=facts, every_member=True)
    assert found.tree.path == ("", "华东", "华南", "华北")
    sheet = personal_month(found, SALES, found.plan.period)
    assert [row[0] for row in lines(sheet)] == ["华东", "华南", "合计"]


def test_a_table_without_targets_has_no_rates():
    found = card("2023-10", actuals=[("华东", DAY, 60)])
    sheet = personal_month(found, SALES, found.plan.period)
    at = sheet.position("attainment")
    assert lines(sheet)[-1][at] == ""
    assert sheet.lines[-1].cells[sheet.position("target")].formula is None


def test_a_quarter_shows_one_month_in_detail():
    months = [("华东", f"2023-{month}", 10) for month in (10, 11, 12)]
    found = card("2023Q4", *months, actuals=[("华东", date(2023, 11, 1), 9)])
    november = found.plan.parse("2023-11")
    sheet = team_quarter(found, SALES, found.plan.period, november)
    assert sheet.header("zh") == (
        *("区域", "季度目标(元)", "10月目标(元)", "11月目标(元)", "11月实际(元)"),
        *("11月达成率(%)", "12月目标(元)", "季度累计目标(元)", "季度累计实际(元)"),
        *("季度达成率(%)", "关键问题提示"),
    )
    assert sheet.header("en")[:4] == (
        "Region",
        "Quarter target (元)",
        "Oct target (元)",
        "Nov target (元)",
    )
    assert lines(sheet)[0][5] == "90.00 ▼"


def test_a_year_says_who_answers():
    quarters = [("华东", f"2023Q{number}", number) for number in (1, 2, 3, 4)]
    found = card("2023", *quarters)
    sheet = product_year(found, SALES, found.plan.period)
    assert sheet.title.zh == "销售目标分解表(按区域)"
    assert lines(sheet)[0] == ["华东", "10.00", "1.00", "2.00", "3.00", "4.00", "", ""]


def test_a_period_that_the_plan_does_not_show_is_refused():
    found = card("2023-10", *OCTOBER)
    with pytest.raises(UnknownName):
        product_year(found, SALES, found.plan.parse("2023"))
    with pytest.raises(NotNested):
        product_year(found, SALES, found.plan.period)


def test_the_scorecard_is_a_line_a_goal_metric_and_period():
    found = card("2023-10", *OCTOBER, actuals=[("华东", DAY, 60)])
    sheet = score_sheet(found.rows(level="month"), "团队")
    rows = lines(sheet, "en")
    assert rows[0] == [
        *("团队", "", "销售额", "2023-10", "150.00", "60.00", "40.00 ▼", "unmet", "90.00"),
        *("0.00", "0.00"),
    ]
    assert [row[0] for row in rows if row[2] == "销售额"] == ["团队", "华东", "华南"]
    gap = sheet.lines[0].cells[sheet.position("gap")]
    assert gap.formula == Less("target", "actual")
    cost = sheet.lines[1].cells[sheet.position("gap")]
    assert (cost.value, cost.formula) == (None, None)


def test_people_see_commits_where_a_row_has_one():
    plan = make_plan(
        name="团队",
        period="2023-10",
        metrics=(SALES, COST),
        targets=[Target(metric="sales", period="2023-10", target=9, commit=7)],
    )
    (found,) = hold_against(plan, [], as_of=date(2023, 12, 31))
    sheet = score_sheet(found.rows(), "团队")
    at = sheet.header("zh").index("承诺值")
    assert sheet.header("zh")[at : at + 2] == ("承诺值", "承诺差额")
    assert lines(sheet)[0][at : at + 2] == ["7.00", "-2.00"]
    assert lines(sheet)[1][at : at + 2] == ["", ""]
    at = sheet.position("commit_difference")
    assert sheet.lines[0].cells[at].formula == Less("commit", "target")
    assert sheet.lines[1].cells[at].formula is None
    plain = score_sheet(card("2023-10", *OCTOBER).rows(), "团队")
    assert "承诺值" not in plain.header("zh")
    assert plain.position("commit") == sheet.position("commit")


def test_a_commit_difference_of_rounded_amounts_is_no_formula():
    ratio = Metric(id="mean", decimals=2, aggregation=Ratio("sales", "cost"))
    plan = make_plan(
        name="团队",
        period="2023-10",
        metrics=(SALES, COST, ratio),
        targets=[
            Target(metric="sales", period="2023-10", target=10),
            Target(metric="cost", period="2023-10", target=3),
            Target(metric="mean", period="2023-10", commit=3),
        ],
    )
    (found,) = hold_against(plan, [], as_of=date(2023, 12, 31))
    sheet = score_sheet(found.rows(metric="mean"), "团队")
    cell = sheet.lines[0].cells[sheet.position("commit_difference")]
    assert (cell.value, cell.formula) == (Fraction(-100, 3), None)


@pytest.mark.parametrize(
    ("metric", "target", "actual", "formula"),
    [
        (SALES, 5, 4, Percent("actual", "target")),
        (COST, 5, 4, Percent("target", "actual")),
        (SALES, 0, 4, None),
        (SALES, -5, 4, None),
        (SALES, None, 4, None),
        (SALES, 5, Fraction(1, 3), None),
        (SALES, Fraction(16, 3), 4, None),
        (Metric(id="m", baseline=3), 5, 4, None),
    ],
)
def test_a_rate_is_a_quotient_only_where_it_is_one(metric, target, actual, formula):
    assert rate_formula(metric, target, actual) == formula


def test_accounts_add_up_by_formula():
    found = card("2023-10", *OCTOBER, actuals=[("华东", DAY, Decimal("60.50"))])
    sheet = reconciliation_sheet(found.plan, reconcile(found, {"sales": 60_50}))
    assert lines(sheet)[0] == ["销售额", "60.50", "60.50", *["0.00"] * 3]
    assert isinstance(sheet.lines[0].cells[2].formula, Add)
    counts = counts_sheet(RowCounts(read=3, accepted=2, rejected=1))
    assert lines(counts) == [["3", "2", "0", "1", "0", "0", "0", ""]]
    ruled = counts_sheet(RowCounts(read=3, ignored=3, rules={"total": 1, "测试": 2}))
    assert lines(ruled)[0][-3:] == ["3", "0", "合计行 1，测试 2"]


def test_rejected_rows_without_an_amount_are_said_beside():
    found = card("2023-10", *OCTOBER, actuals=[("华东", DAY, Decimal("60.50"))])
    rows = RowCounts(read=3, accepted=1, rejected=2, without_amount=2)
    sheet = reconciliation_sheet(found.plan, reconcile(found, {"sales": 60_50}), rows)
    assert lines(sheet)[0] == ["销售额", "60.50", "60.50", *["0.00"] * 3]
    assert sheet.notes[0].zh == "另有 2 行被拒绝、金额不明，不在上述金额中"
    assert lines(counts_sheet(rows))[0][-2:] == ["2", ""]


def test_problems_are_lines_in_either_language():
    sheet = problem_sheet(
        [
            problem("blank-required", Place("a.csv", row=7), column="金额"),
            problem("encoding-assumed", Place("a.csv"), encoding="GB18030"),
        ]
    )
    assert lines(sheet)[0] == [
        *("错误 !", "a.csv, 第7行", "金额", "", "不能为空", "填写该单元格", "blank-required"),
    ]
    assert lines(sheet, "en")[1][0] == "warning !"
    assert lines(sheet, "en")[0][1] == "a.csv, row 7"


@pytest.mark.parametrize(
    ("level", "label", "index", "zh", "en"),
    [
        (Level.MONTH, "2023-10", 1, "10月", "Oct"),
        (Level.MONTH, "FY2023P10", 1, "FY2023P10", "FY2023P10"),
        (Level.WEEK, "2023-10w2", 2, "第二周", "Week 2"),
        (Level.WEEK, "2023-W41", 11, "第11周", "Week 11"),
        (Level.QUARTER, "2023Q4", 4, "Q4", "Q4"),
        (Level.YEAR, "2023", 1, "2023", "2023"),
    ],
)
def test_periods_have_short_names(level, label, index, zh, en):
    words = period_words(Period(date(2023, 10, 1), date(2023, 11, 1), level, label), index)
    assert (words.zh, words.en) == (zh, en)


def test_a_month_of_whole_weeks_is_called_by_its_name_and_not_by_its_first_day():
    january = WeekMonthCalendar().at(Level.MONTH, date(2020, 1, 11))
    assert january.start == date(2019, 12, 30)
    words = period_words(january, 1)
    assert (words.zh, words.en) == ("1月", "Jan")


def test_a_row_of_no_calendar_month_keeps_its_label():
    odd = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-13")
    assert period_words(odd, 1).zh == "2023-13"


def test_an_id_stands_in_for_the_english_name():
    assert named("客户类型", "customer_type").of("en") == "Customer type"
