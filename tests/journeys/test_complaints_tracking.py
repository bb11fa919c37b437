"""What users of other products complain about once a plan runs, as facts about this one.

Pace, forecast, comparison, gaps, scores and alerts; numbers as in `test_complaints_targets`:
``c`` of the list of complaints, ``d`` of the list of defects, ``s`` of those also seen. What is
said of targets and roll-up stands there; of sharing out, people and revisions in their own.

    c8   counts and activities           c19  compared with a computed column
    c9   MTD and YTD, mid-quarter change c20  balances pro-rated
    c10  target of zero                  c23  weeks and months
    c11  no target read as zero          d1   capped, cut to whole percent
    c12  credit notes and purchases      d3   exactly at a target where less is better
    c13  returns to another team         d7   rates rounded here and cut there; a zero quarter
    c14  in progress for ever            d8   what is lost is forecast in full
    c15  stale actuals                   d9   rounded to whole units
    c16  equal months cut by days        d10  mean of ratios
    c17  sign where less is better       s3   progress below the start, shown red
    c18  total and details               s4   pace on calendar days
    pp   percent of a percent            neg  targets below zero
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from .desk import call

PLAN = """\
[plan]
name = "团队"
period = "2023Q4"
workdays = { kind = "weekdays" }

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2
negative = true

[metrics.cost]
name = "费用"
unit = "元"
direction = "minimise"

[metrics.visits]
name = "拜访数"

[metrics.debt]
name = "应收余额"
aggregation = "last"
direction = "minimise"

[metrics.profit]
name = "毛利"
decimals = 2
negative = true

[metrics.margin]
name = "毛利率"
unit = "%"
decimals = 2
aggregation = "ratio"
numerator = "profit"
denominator = "sales"

[metrics.complaints]
name = "投诉数"
direction = "minimise"
baseline = 60

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"
coverage = { since = 2022-07-01, until = 2023-12-31 }
"""
HEAD = "日期,区域,销售额,费用,拜访数,应收余额,毛利,投诉数\n"
AS_OF = "2023-10-13"
RED = "FFFDE9E7"
"""What the workbook paints what is missed."""
SCORED = """
[score]
missing = "%s"

[score.metrics]
sales = { weight = 60, cap = 120 }
visits = { weight = 40 }
"""


@pytest.fixture
def tell(tmp_path, capsys):
    """Targets (region, period, metric, target) and facts (day, region, values) -> a teller."""

    def lay_out(targets, facts, more=""):
        lines = [",".join(map(str, each)) for each in targets]
        table = "区域,期间,指标,目标\n" + "".join(f"{line}\n" for line in lines)
        (tmp_path / "plan.toml").write_text(PLAN + more, encoding="utf-8")
        (tmp_path / "targets.csv").write_text(table, encoding="utf-8")
        (tmp_path / "records.csv").write_text(HEAD + rows(facts), encoding="utf-8")
        return Teller(tmp_path, capsys)

    return lay_out


def rows(facts):
    names = ("sales", "cost", "visits", "debt", "profit", "complaints")
    return "".join(
        ",".join([on, region, *(str(values.get(name, "")) for name in names)]) + "\n"
        for on, region, values in facts
    )


class Teller:
    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys

    def ask(self, *arguments):
        command = (arguments[0], self.folder, *arguments[1:], "--format", "json")
        code, printed, said = call(self.capsys, *command)
        assert code in {0, 1}, said
        return json.loads(printed)

    def row(self, metric="sales", period="2023-10", goal="", as_of=AS_OF):
        for each in self.ask("track", "--as-of", as_of)["rows"]:
            if (each["metric"], each["period"], each["goal"]) == (metric, period, goal):
                return each
        raise AssertionError(metric)

    def so_far(self, metric="sales", level="month", goal="", as_of=AS_OF):
        for each in self.ask("track", "--to-date", "--as-of", as_of)["to_date"]:
            if (each["metric"], each["level"], each["goal"]) == (metric, level, goal):
                return each
        raise AssertionError(metric)

    def gap(self, metric="sales", period="2023-10", goal="", as_of=AS_OF):
        for each in self.ask("review", "--list", "--as-of", as_of)["gaps"]:
            if (each["metric"], each["period"], each["goal"]) == (metric, period, goal):
                return each
        return None

    def alerts(self, since, as_of=AS_OF):
        found = self.ask("alerts", "--since", since, "--as-of", as_of)["alerts"]
        return [(each["kind"], each["metric"], each["period"]) for each in found]

    def report(self, as_of=AS_OF):
        path = self.folder / "report.xlsx"
        code, _, said = call(self.capsys, "report", self.folder, "--as-of", as_of, "-o", path)
        assert code in {0, 1}, said
        return openpyxl.load_workbook(path, data_only=True)


def test_c8_counts_have_a_pace_and_a_forecast_too(tell):
    said = tell([("", "2023-10", "visits", 44)], [("2023-10-10", "华东", {"visits": 15})])
    row = said.row("visits")
    assert (row["expected"], row["pace"], row["projected"]) == ("20", "behind", "33")


def test_c9_month_quarter_and_year_to_date_stand_side_by_side(tell):
    targets = [("", "2023-10", "sales", 220), ("", "2023-11", "sales", 440)]
    facts = [("2023-10-10", "华东", {"sales": 200}), ("2023-11-03", "华东", {"sales": 90})]
    said = tell([*targets, ("", "2023-12", "sales", 100)], facts)
    month, quarter = (
        said.so_far(level=level, as_of="2023-11-10") for level in ("month", "quarter")
    )
    assert (month["target"], month["actual"]) == ("440.00", "90.00")
    assert (quarter["target"], quarter["actual"]) == ("760.00", "290.00")
    assert (month["expected"], quarter["expected"]) == ("160.00", "380.00")


def test_c9_a_target_may_change_in_the_middle_of_a_quarter_and_both_stay(tell):
    said = tell([("", "2023-10", "sales", 220)], [("2023-10-10", "华东", {"sales": 100})])
    change = ("--period", "2023-10", "--to", "440", "--reason", "扩编", "--by", "王")
    code, _, heard = call(
        said.capsys, "revise", said.folder, *change, "--approve", "李", "--yes"
    )
    assert code == 0, heard
    row = said.row()
    assert (row["original"], row["target"], row["expected"]) == ("220.00", "440.00", "200.00")
    assert row["pace"] == "behind"


@pytest.mark.parametrize("actual", ["0", "50", "-50"])
def test_c10_a_target_of_zero_has_a_pace_a_gap_and_no_false_rate(tell, actual):
    facts = [("2023-10-10", "华东", {"sales": actual})]
    said = tell([("", "2023-10", "sales", 0)], facts, SCORED % "zero")
    row, so_far = said.row(), said.so_far()
    met = Decimal(actual) >= 0
    assert (row["attainment_pct"], so_far["pace_pct"]) == (None, None)
    assert (row["status"], row["pace"]) == (("met", "achieved") if met else ("unmet", "behind"))
    assert (said.gap() is None) is met
    book = said.report()
    texts = {str(cell.value) for sheet in book for line in sheet for cell in line}
    assert not {each for each in texts if each.lower() in {"nan", "inf", "#div/0!"}}


@pytest.mark.parametrize(("missing", "score"), [("refuse", None), ("reweigh", "75.00")])
def test_c11_a_target_that_nobody_set_is_not_a_target_of_zero(tell, missing, score):
    facts = [("2023-10-10", "华东", {"sales": 75, "visits": 900})]
    said = tell([("华东", "2023-10", "sales", 100)], facts, SCORED % missing)
    row, so_far = said.row("visits"), said.so_far("visits")
    assert [row[each] for each in ("status", "expected", "pace", "gap")] == (
        ["no_target", None, None, None]
    )
    assert (so_far["projected"], so_far["probability_pct"]) == ("1,980".replace(",", ""), None)
    assert said.gap("visits") is None
    book = said.report("2023-12-31")
    header, *lines = list(book["综合得分排名"].iter_rows(min_row=3, values_only=True))
    found = dict(zip(header, next(each for each in lines if "华东" in each), strict=True))
    shown = None if score is None else float(score)
    assert (found["综合得分"], found["缺少的指标"]) == (shown, "拜访数")


def test_c12_credit_notes_are_taken_off_once(tell):
    facts = [
        ("2023-10-06", "华东", {"sales": "10000.00"}),
        ("2023-10-10", "华东", {"sales": "-3000.00"}),
    ]
    said = tell([("", "2023-10", "sales", 22_000)], facts)
    row = said.row()
    assert (row["actual"], row["gap"]) == ("7000.00", "15000.00")
    assert row["projected"] == "15400.00"


def test_c12_what_is_no_sale_is_left_out_by_rule_and_counted(tell):
    ignore = '\n[[actuals.ignore]]\ncolumn = "类型"\nequals = ["采购"]\n'
    said = tell([("", "2023-10", "sales", 100)], [], ignore)
    text = "日期,区域,销售额,类型\n2023-10-06,华东,70,销售\n2023-10-06,华东,900,采购\n"
    (said.folder / "records.csv").write_text(text, encoding="utf-8")
    code, printed, heard = call(
        said.capsys, "track", said.folder, "--as-of", AS_OF, "--format", "json"
    )
    assert code == 0
    assert json.loads(printed)["reconciliation"]["sales"]["root"] == "70.00"
    assert "忽略 1" in heard


def test_c13_a_return_counts_where_the_sale_did_and_on_its_own_day(tell):
    facts = [
        ("2023-10-30", "华东", {"sales": 100}),
        ("2023-10-30", "华南", {"sales": 100}),
        ("2023-11-02", "华东", {"sales": -100}),
    ]
    targets = [(each, "2023Q4", "sales", 100) for each in ("华东", "华南")]
    said = tell(targets, facts)
    kept, back = (
        said.row(goal=each, period="2023Q4", as_of="2023-12-31") for each in ("华南", "华东")
    )
    assert (kept["status"], back["status"], back["actual"]) == ("met", "unmet", "0.00")
    assert said.row(goal="华东", as_of="2023-11-30")["actual"] == "100.00"


def test_c14_what_is_over_is_never_on_track(tell):
    facts = [("2023-10-02", "华东", {"sales": 98, "cost": 98, "visits": 98})]
    targets = [("", "2023-10", metric, 100) for metric in ("sales", "cost", "visits")]
    said = tell(targets, facts)
    assert said.row("visits", as_of="2023-10-30")["pace"] in {"on_track", "ahead"}
    for metric, pace in (("sales", "behind"), ("cost", "achieved"), ("visits", "behind")):
        for as_of in ("2023-10-31", "2023-12-31"):
            row = said.row(metric, as_of=as_of)
            assert (row["pace"], row["required_per_workday"]) == (pace, None)
    assert said.so_far("visits", as_of="2023-10-31")["why"] == "over"


def test_c14_a_value_that_never_changed_fails_when_the_period_ends(tell):
    facts = [("2023-10-02", "华东", {"visits": 10})]
    said = tell([("", "2023-10", "visits", 100)], facts)
    assert said.row("visits", as_of="2023-10-31")["status"] == "unmet"
    assert said.gap("visits", as_of="2023-10-31")["gap"] == "90"


def test_c15_every_report_reads_the_sources_anew(tell):
    said = tell([("", "2023-10", "sales", 100)], [("2023-10-02", "华东", {"sales": 10})])
    assert said.row()["actual"] == "10.00"
    with (said.folder / "records.csv").open("a", encoding="utf-8") as table:
        table.write(rows([("2023-10-03", "华南", {"sales": 90})]))
    assert (said.row()["actual"], said.row()["pace"]) == ("100.00", "achieved")


def test_c16_equal_months_are_expected_as_equal_months(tell):
    targets = [("", f"2023-{month}", "sales", 10_000) for month in (10, 11, 12)]
    said = tell(targets, [("2023-10-02", "华东", {"sales": 10})])
    ends = ("2023-10-31", "2023-11-30", "2023-12-31")
    due = [said.row(period="2023Q4", as_of=as_of)["expected"] for as_of in ends]
    assert due == ["10000.00", "20000.00", "30000.00"]


def test_c17_where_less_is_better_pace_forecast_and_alert_turn(tell):
    facts = [("2023-10-04", "华东", {"cost": 40}), ("2023-10-13", "华东", {"cost": 40})]
    said = tell([("", "2023-10", "cost", 110)], facts)
    row = said.row("cost")
    assert (row["expected"], row["actual"], row["pace"]) == ("50", "80", "behind")
    assert (row["projected"], said.so_far("cost")["pace_pct"]) == ("176", "62.50")
    assert ("forecast", "cost", "2023-10") in said.alerts("2023-10-03")
    cheap = tell([("", "2023-10", "cost", 200)], facts)
    assert (cheap.row("cost")["pace"], cheap.gap("cost")) == ("ahead", None)
    assert not [each for each in cheap.alerts("2023-10-03") if each[2] == "2023-10"]


def test_c18_the_gap_is_the_gaps_of_its_details(tell):
    targets = [("华东", "2023-10", "sales", 60), ("华南", "2023-10", "sales", 50)]
    facts = [("2023-10-04", "华东", {"sales": "10.01"}), ("2023-10-04", "", {"sales": 7})]
    said = tell([*targets, ("", "2023-10", "sales", 120)], facts)
    total = said.row()
    parts = sum(Decimal(said.row(goal=each)["gap"]) for each in ("华东", "华南"))
    rest = Decimal(total["mismatch"]) - Decimal(total["unassigned"])
    assert Decimal(total["gap"]) == parts + rest == Decimal("102.99")


def test_c19_the_expected_is_computed_from_two_typed_halves():
    from salesgoal import Actual, Metric, Target, hold_against, make_plan

    halves = [("2023H1", 40), ("2023H2", 60)]
    plan = make_plan(
        name="年",
        period="2023",
        metrics=[Metric(id="sales")],
        targets=[Target(metric="sales", period=each, target=due) for each, due in halves],
    )
    sold = [Actual(on=date(2023, 3, 1), values={"sales": 40})]
    (card,) = hold_against(plan, sold, as_of=date(2023, 9, 30))
    row = card.row(metric="sales", period="2023")
    assert row.progress.expected == 40 + Fraction(60 * 92, 184)


def test_c20_a_balance_is_neither_pro_rated_nor_extrapolated(tell):
    facts = [("2023-10-02", "华东", {"debt": 90}), ("2023-10-12", "华东", {"debt": 80})]
    said = tell([("", "2023-10", "debt", 85)], facts)
    row, so_far = said.row("debt"), said.so_far("debt")
    assert (row["expected"], row["projected"], row["pace"]) == ("85", "80", "ahead")
    assert (so_far["method"], so_far["projected"]) == ("so_far", "80")
    assert row["required_per_workday"] is None


def test_c23_weeks_and_months_so_far_add_up_the_same_facts(tell):
    days = (date(2023, 10, 1) + timedelta(days=each) for each in range(31))
    facts = [(day.isoformat(), "华东", {"sales": f"{day.day}.01"}) for day in days]
    said = tell([("", "2023-10", "sales", 500)], facts)
    ends = ("2023-10-07", "2023-10-14", "2023-10-21", "2023-10-31")
    weeks = sum(Decimal(said.so_far(level="week", as_of=each)["actual"]) for each in ends)
    assert Decimal(said.so_far(as_of="2023-10-31")["actual"]) == weeks == Decimal("496.31")


def test_d1_a_pace_is_neither_capped_nor_cut_and_a_score_only_where_asked(tell):
    facts = [("2023-10-10", "华东", {"sales": "250.00", "visits": 100})]
    targets = [("华东", "2023-10", "sales", 100), ("华东", "2023-10", "visits", 100)]
    said = tell(targets, facts, SCORED % "refuse")
    assert said.row()["attainment_pct"] == "250.00"
    assert said.so_far()["pace_pct"] == "550.00"
    header, *lines = said.report("2023-12-31")["综合得分排名"].iter_rows(
        min_row=3, values_only=True
    )
    found = dict(zip(header, next(each for each in lines if "华东" in each), strict=True))
    assert (found["销售额计分达成率(%)"], found["综合得分"]) == (120, 112)


@pytest.mark.parametrize(("actual", "pace"), [("99.99", "behind"), ("100.00", "achieved")])
def test_d1_a_fen_short_is_short(tell, actual, pace):
    said = tell([("", "2023-10", "sales", 100)], [("2023-10-10", "华东", {"sales": actual})])
    row = said.row(as_of="2023-10-31")
    assert row["pace"] == pace
    assert (said.gap(as_of="2023-10-31") is None) is (pace == "achieved")


@pytest.mark.parametrize("metric", ["cost", "complaints", "debt"])
def test_d3_exactly_at_a_target_where_less_is_better_is_met_in_full(tell, metric):
    said = tell([("", "2023-10", metric, 30)], [("2023-10-10", "华东", {metric: 30})])
    row = said.row(metric, as_of="2023-10-31")
    assert (row["attainment_pct"], row["status"], row["pace"], row["gap"]) == (
        *("100.00", "met", "achieved", "0"),
    )


@pytest.mark.parametrize(
    ("target", "actual", "shown", "status"),
    [("16000", "26716", "166.98", "met"), ("100000", "99996", "100.00", "unmet")],
)
def test_d7_a_rate_is_the_same_in_every_output_and_decides_nothing(
    tell, target, actual, shown, status
):
    said = tell([("", "2023-10", "sales", target)], [("2023-10-10", "华东", {"sales": actual})])
    row = said.row(as_of="2023-10-31")
    assert (row["attainment_pct"], row["status"]) == (shown, status)
    line = said.gap(as_of="2023-10-31")
    assert (line and line["attainment_pct"]) == (None if status == "met" else shown)
    book = said.report("2023-10-31")
    values = [cell.value for each in book["达成情况"] for cell in each]
    assert float(shown) in values
    words = {"met": "达成", "unmet": "未达成"}
    code, printed, _ = call(
        said.capsys,
        "track",
        said.folder,
        "--as-of",
        "2023-10-31",
        "--level",
        "month",
        "--metric",
        "sales",
    )
    total = next(line for line in printed.splitlines() if "团队" in line)
    assert code == 0
    assert shown in total
    assert words[status] in total.split()


def test_d8_nothing_is_forecast_that_was_not_sold(tell):
    said = tell([("", "2023-10", "sales", 100)], [("2023-10-02", "华东", {"visits": 3})])
    row = said.row()
    assert (row["actual"], row["projected"], row["pace"]) == ("0.00", "0.00", "behind")


def test_d9_what_is_required_a_day_reaches_the_target_to_the_fen(tell):
    said = tell(
        [("", "2023-10", "sales", "100.03")], [("2023-10-10", "华东", {"sales": "0.02"})]
    )
    row = said.row()
    assert (row["gap"], row["required_per_workday"]) == ("100.01", "8.33")


def test_d10_a_ratio_is_forecast_from_its_parts(tell):
    facts = [
        ("2023-10-10", "华东", {"sales": 10_000, "profit": 5_000}),
        ("2023-10-10", "华南", {"sales": 90_000, "profit": 9_000}),
    ]
    targets = [(each, "2023-10", "margin", 20) for each in ("", "华东", "华南")]
    said = tell(targets, facts)
    row = said.row("margin")
    assert (row["actual"], row["projected"]) == ("14.00", "14.00")
    parts = [said.row("margin", goal=each)["actual"] for each in ("华东", "华南")]
    assert parts == ["50.00", "10.00"]


def follows(sheet, cell):
    """Whether a live rule paints a cell red as long as the actual is below the target."""
    return any(
        cell.coordinate in each.sqref
        and rule.formula[0].endswith("$F4<$E4)")
        and rule.dxf.fill.bgColor.rgb == RED
        for each in sheet.conditional_formatting
        for rule in each.rules
    )


@pytest.mark.parametrize(
    ("metric", "target", "actual", "rate"),
    [("sales", 100, -20, "-20.00"), ("complaints", 30, 75, "-50.00")],
)
def test_s3_progress_below_the_start_is_shown_and_red(tell, metric, target, actual, rate):
    said = tell([("", "2023-10", metric, target)], [("2023-10-10", "华东", {metric: actual})])
    row = said.row(metric)
    assert (row["attainment_pct"], row["status"], row["pace"]) == (rate, "unmet", "behind")
    sheet = said.report()["达成情况"]
    below = [cell for each in sheet for cell in each if cell.value == float(rate)]
    assert any(cell.fill.fgColor.rgb == RED or follows(sheet, cell) for cell in below)


def test_s4_a_holiday_week_expects_nothing(tell):
    workdays = 'workdays = { kind = "weekdays" }'
    said = tell([("", "2023-10", "sales", 160)], [("2023-10-09", "华东", {"sales": 10})])
    plan = (said.folder / "plan.toml").read_text(encoding="utf-8")
    holiday = 'workdays = { kind = "weekdays", overlay = "holidays.csv" }'
    (said.folder / "plan.toml").write_text(plan.replace(workdays, holiday), encoding="utf-8")
    days = "".join(f"2023-10-0{day},休\n" for day in range(2, 7))
    text = f"日期,工作日\n{days}2023-10-07,班\n"
    (said.folder / "holidays.csv").write_text(text, encoding="utf-8")
    assert said.row(as_of="2023-10-06")["expected"] == "0.00"
    row = said.row(as_of="2023-10-09")
    assert (row["expected"], row["pace"]) == ("17.78", "behind")


def test_pp_a_percentage_changes_by_points(tell):
    facts = [
        ("2022-10-03", "华东", {"sales": 100, "profit": 20}),
        ("2023-09-04", "华东", {"sales": 100, "profit": 25}),
        ("2023-10-04", "华东", {"sales": 100, "profit": 20}),
    ]
    said = tell([("", "2023-10", "margin", 25)], facts)
    margin, sales = said.so_far("margin"), said.so_far()
    assert (margin["before_change_pp"], margin["before_change_pct"]) == ("-5.00", None)
    assert (margin["year_change_pp"], margin["year_change_pct"]) == ("0.00", None)
    assert (sales["before_change_pp"], sales["before_change_pct"]) == (None, "0.00")
    line = said.gap("margin")
    assert (line["gap"], line["attainment_pct"]) == ("5.00", "80.00")


@pytest.mark.parametrize(
    ("actual", "status", "gap"), [(-400, "met", "-100.00"), (-600, "unmet", "100.00")]
)
def test_neg_a_planned_loss_is_judged_by_comparison_and_its_gap_closes(
    tell, actual, status, gap
):
    said = tell([("", "2023-10", "sales", -500)], [("2023-10-10", "华东", {"sales": actual})])
    row = said.row(as_of="2023-10-31")
    assert (row["attainment_pct"], row["status"], row["gap"]) == (None, status, gap)
    line = said.gap(as_of="2023-10-31")
    assert (line and line["unexplained"]) == (gap if status == "unmet" else None)
