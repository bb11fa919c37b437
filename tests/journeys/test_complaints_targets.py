"""What users of other products complain about, in targets, attainment and roll-up: not here.

Each test bears the number of its complaint in the research of the project: ``c`` of the list of
complaints, ``d`` of the list of defects, ``s`` of those also seen, in their order there.

    c1   target on a parent            c22  another currency dropped
    c3   variance without vouchers     c23  weeks and months
    c4   overall target, empty report  d1   capped, cut to whole percent
    c5   report total, source total    d2   weeks of eight days
    c6   no roll-up of quotas          d3   exactly at a target where less is better
    c7   the wrong period              d4   months told apart by name
    c8   counts and activities         d5   months by days; the fiscal year to date
    c10  target of zero                d6   year / 12 / 4
    c11  no target read as zero        d7   year and months, December, rates, a zero quarter
    c14  in progress for ever          d9   rounded to whole units
    c16  equal months cut by days      d10  mean of ratios
    c17  sign where less is better     s1   the same row twice
    c18  total and details             s2   doubles past a limit of rows
    c19  two halves added              s3   progress below the start
    c20  balances pro-rated
"""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import openpyxl
import pytest

from salesgoal import (
    Actual,
    Aggregation,
    Dimension,
    Direction,
    Level,
    Member,
    Metric,
    MonthCalendar,
    Ratio,
    Status,
    Target,
    hold_against,
    judge,
    make_plan,
    percent,
    to_date,
    whole_span,
)
from salesgoal.domain.month_calendar import YearName
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.week_calendar import ISO

from .desk import AS_OF, PLAN, TARGETS, call, lay_out

SALES = Metric(id="sales", decimals=2)
REGION = Dimension(
    "region", ["中国", Member("华东", parent="中国"), Member("上海", parent="华东")]
)
YEAR_END = date(2023, 12, 31)


def named(region):
    """The scope of a list of one region or none."""
    return {"region": region[0]} if region else {}


def plan(*targets, metric=SALES, period="2023", **more):
    """A plan of one metric; targets are (period, amount) or (period, amount, region)."""
    typed = [
        Target(metric=metric.id, period=when, target=amount, scope=named(region))
        for when, amount, *region in targets
    ]
    dimensions = more.pop("dimensions", [REGION])
    metrics = more.pop("metrics", [metric])
    return make_plan(
        name="计划",
        period=period,
        metrics=metrics,
        dimensions=dimensions,
        targets=typed,
        **more,
    )


def card(made, *facts, as_of=YEAR_END, metric="sales"):
    """The scorecard for facts (day, amount) or (day, amount, region)."""
    actuals = [
        Actual(on=on, values={metric: amount}, members=named(region))
        for on, amount, *region in facts
    ]
    return hold_against(made, actuals, as_of=as_of)[0]


def cell(found, period, goal="", metric="sales"):
    return found.row(goal, metric=metric, period=period)


def day(month, number=6):
    return date(2023, month, number)


def track(capsys, folder, form="json", *arguments):
    code, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", form, *arguments)
    assert code == 0
    return printed


def test_c1_a_target_on_a_parent_is_met_by_all_that_is_sold_below_it():
    found = card(plan(("2023", 100, "中国"), ("2023", 0, "上海")), (day(3), 80, "上海"))
    assert cell(found, "2023", "中国").ratio == Fraction(80, 100)


def test_c3_a_period_without_vouchers_is_short_by_its_whole_target():
    made = plan(("2023-01", 100), ("2023-02", 100), ("2023-03", 100))
    found = card(made, (day(1), 100), (day(3), 50))
    assert [cell(found, f"2023-0{m}").gap for m in (1, 2, 3)] == [0, 100_00, 50_00]


def test_c4_an_overall_target_without_members_gives_a_whole_report(tmp_path, capsys):
    folder = lay_out(tmp_path, targets="期间,目标\n2023Q4,2000\n")
    root = json.loads(track(capsys, folder, "json", "--level", "quarter"))["rows"][0]
    assert (root["goal"], root["target"], root["actual"]) == ("", "2000.00", "1400.50")
    assert root["unassigned"] == "0.00"


def test_c5_the_total_of_the_report_is_the_total_of_the_source(tmp_path, capsys):
    records = (
        "日期,区域,产品,销售额\n2023-10-06,华东,A1,0.10\n2023-10-07,华南,A,0.20\n"
        "2023-09-30,华东,A,7\n2023-10-08,,,0.30\n"
    )
    found = json.loads(track(capsys, lay_out(tmp_path, records=records)))
    account = found["reconciliation"]["sales"]
    assert account["read"] == "7.60"
    parts = ("root", "outside_period", "rejected", "duplicate", "ignored")
    assert sum(Decimal(account[each]) for each in parts) == Decimal("7.60")
    assert found["rows"][0]["actual"] == "0.60"


def test_c6_quotas_roll_up_the_hierarchy():
    found = card(plan(("2023Q1", 30, "上海"), ("2023Q2", 12, "上海")))
    assert [cell(found, "2023", goal).target for goal in ("", "中国", "中国/华东")] == [
        42_00
    ] * 3


def test_c7_a_quota_lands_in_its_own_period_and_in_those_around_it():
    found = card(plan(("2023-12", 90)))
    shown = {row.period.label: row.target for row in found.rows() if row.target is not None}
    assert shown == {"2023": 90_00, "2023Q4": 90_00, "2023-12": 90_00}


def test_c7_a_quota_of_a_fiscal_year_lands_in_the_fiscal_quarter():
    april = MonthCalendar(start_month=4, year_name=YearName.START)
    found = card(
        plan(("2024-01", 90), period="FY2023", calendar=april), as_of=date(2024, 3, 31)
    )
    shown = {row.period.label for row in found.rows() if row.target is not None}
    assert shown == {"FY2023", "FY2023Q4", "2024-01"}


def test_c8_a_target_may_be_a_count_of_visits():
    visits = Metric(id="visits", unit="次")
    made = plan(("2023-10", 3), metric=visits)
    found = card(made, (day(10), 1), (day(10), 1), metric="visits")
    assert cell(found, "2023-10", metric="visits").ratio == Fraction(2, 3)


@pytest.mark.parametrize(
    ("actual", "status"), [(0, Status.MET), (5, Status.MET), (-1, Status.UNMET)]
)
def test_c10_a_target_of_zero_has_a_verdict_and_no_rate(actual, status):
    found = judge(SALES, 0, actual)
    assert (found.ratio, found.status) == (None, status)


@pytest.mark.parametrize("form", ["json", "csv", "terminal", "markdown"])
def test_c10_a_target_of_zero_is_written_without_a_false_figure(tmp_path, capsys, form):
    folder = lay_out(tmp_path, targets="区域,产品,期间,目标\n华东,A,2023Q4,0\n")
    printed = track(capsys, folder, form).casefold()
    assert not re.search(r"\bnan\b|\binf|div/0", printed)
    assert "100.00" not in printed


def test_c10_without_a_target_there_is_no_stretch_either():
    row = cell(card(plan(("2023-10", 5))), "2023-11")
    assert (row.target, row.floor, row.stretch, row.ratio) == (None, None, None, None)


def test_c11_no_target_is_not_a_target_of_zero():
    found = card(plan(("2023-10", 0)), (day(10), 5), (day(11), 5))
    assert cell(found, "2023-10").status is Status.MET
    assert cell(found, "2023-11").status is Status.NO_TARGET
    assert cell(found, "2023-11").gap is None


def test_c11_a_month_without_a_target_stays_in_the_year():
    found = card(plan(("2023-10", 100)), (day(10), 60), (day(11), 30))
    year = cell(found, "2023")
    assert (year.target, year.actual, year.ratio) == (100_00, 90_00, Fraction(9, 10))


@pytest.mark.parametrize("amount", [0, 99])
def test_c14_a_period_that_is_over_is_met_or_not(amount):
    facts = [(day(10), amount), (day(11), 1)]
    found = card(plan(("2023-10", 100), ("2023-12", 5)), *facts, as_of=day(11))
    assert cell(found, "2023-10").status is Status.UNMET
    assert cell(found, "2023-12").status is Status.NOT_STARTED


def test_c16_equal_months_stay_equal():
    made = plan(*((f"2023-{month:02d}", 10_000) for month in range(1, 13)))
    found = card(made)
    months = [row.target for row in found.rows(goal="") if row.period.level is Level.MONTH]
    assert months == [10_000_00] * 12
    assert cell(found, "2023").target == 120_000_00


@pytest.mark.parametrize("level", [Level.QUARTER, Level.MONTH, Level.WEEK, Level.DAY])
def test_c16_d5_d6_a_typed_year_is_never_cut_into_shorter_periods(level):
    made = plan(("2023", 120_000), levels=[Level.YEAR, level])
    targets = {row.target for row in card(made).rows(level=level)}
    assert targets == {None}


COST = Metric(id="sales", decimals=2, direction=Direction.MINIMISE)


@pytest.mark.parametrize(
    ("actual", "gap", "ratio", "status"),
    [
        (110, 10_00, Fraction(10, 11), Status.UNMET),
        (100, 0, Fraction(1), Status.MET),
        (80, -20_00, Fraction(5, 4), Status.MET),
    ],
)
def test_c17_d3_where_less_is_better_the_signs_turn(actual, gap, ratio, status):
    row = cell(card(plan(("2023-10", 100), metric=COST), (day(10), actual)), "2023-10")
    assert (row.gap, row.ratio, row.status) == (gap, ratio, status)


def test_c18_a_total_is_its_details_and_what_fits_none():
    made = plan(("2023", 1, "上海"), ("2023", 1, "中国"))
    facts = [(day(3), Decimal("0.10"), "上海"), (day(4), Decimal("0.20"), "华东"), (day(5), 7)]
    found = card(made, *facts)
    for goal, child in pairwise(["", "中国", "中国/华东", "中国/华东/上海"]):
        whole, part = cell(found, "2023", goal), cell(found, "2023", child)
        assert whole.actual == part.actual + whole.unassigned
    assert cell(found, "2023").actual == 7_30


def test_c19_two_halves_make_the_year_to_compare_with():
    found = card(plan(("2023H1", 40), ("2023H2", 60)), (day(3), 50))
    assert cell(found, "2023").ratio == Fraction(1, 2)


def test_c20_a_balance_is_the_last_one_and_not_a_share():
    debt = Metric(id="sales", aggregation=Aggregation.LAST)
    made = plan(("2023-10", 100), ("2023-11", 90), ("2023-12", 80), metric=debt)
    found = card(made, (day(10), 100), (day(12), 85))
    quarter = cell(found, "2023Q4")
    assert (quarter.target, quarter.actual) == (80, 85)


@pytest.mark.parametrize("amount", ["$1000", "USD 1000", "1000€", "1000 ABC"])
def test_c22_another_currency_is_refused_aloud(tmp_path, capsys, amount):
    records = f"日期,区域,产品,销售额\n2023-10-06,华东,A,{amount}\n2023-10-07,华东,A,5\n"
    folder = lay_out(tmp_path, records=records)
    code, _, said = call(capsys, "track", folder, *AS_OF, "--lang", "en")
    assert code == 4
    assert "row 2" in said
    assert "rejected 1" in said


def test_c23_weeks_and_months_both_add_up_to_the_same_year():
    facts = [(date(2023, 1, 1) + timedelta(days=n), n) for n in range(365)]
    paired = PairedCalendar(MonthCalendar(), ISO)
    made = plan(("2023", 1), calendar=paired, levels=[Level.YEAR, Level.MONTH, Level.WEEK])
    found = card(made, *facts)
    totals = {
        level: sum(row.actual for row in found.rows(goal="", level=level))
        for level in (Level.YEAR, Level.MONTH, Level.WEEK)
    }
    assert set(totals.values()) == {100 * sum(range(365))}


@pytest.mark.parametrize(
    ("actual", "shown"), [("99.99", "99.99"), ("250", "250.00"), ("99.995", "100.00")]
)
def test_d1_a_rate_is_neither_capped_nor_cut(actual, shown):
    found = judge(SALES, 100_000, int(Decimal(actual) * 1000))
    assert percent(found.ratio) == Decimal(shown)
    assert (found.status is Status.MET) is (Decimal(actual) >= 100)


def test_d2_a_day_lies_in_one_week():
    made = make_plan(
        name="十月",
        period=whole_span(day(10, 2), day(10, 29)),
        metrics=[SALES],
        calendar=ISO,
        levels=[Level.SPAN, Level.WEEK],
    )
    weeks = [each for each in made.periods if each.level is Level.WEEK]
    assert [week.days for week in weeks] == [7] * 4
    assert all(one.stop == other.start for one, other in pairwise(weeks))
    found = hold_against(made, [Actual(on=day(10, 9), values={"sales": 5})], as_of=YEAR_END)[0]
    assert [row.actual for row in found.rows(level="week")].count(500) == 1


def test_d4_two_januaries_are_two_months():
    eighteen = whole_span(date(2023, 1, 1), date(2024, 6, 30))
    made = plan(("2023-01", 10), ("2024-01", 20), period=eighteen)
    found = card(made, as_of=date(2024, 6, 30))
    assert [cell(found, f"{year}-01").target for year in (2023, 2024)] == [10_00, 20_00]
    assert cell(found, eighteen).target == 30_00


def test_d5_the_year_to_date_starts_with_the_fiscal_year():
    april = MonthCalendar(start_month=4, year_name=YearName.START)
    assert to_date(april, Level.YEAR, date(2024, 2, 10)).start == date(2023, 4, 1)


MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]
YEARLY = PLAN.replace("2023Q4", "2023")


def yearly(year="1200", **cells):
    amounts = [cells.get(f"m{month}", "100") for month in range(1, 13)]
    return f"区域,2023,{','.join(MONTHS)}\n华东,{year},{','.join(amounts)}\n"


def test_d7_a_year_is_compared_with_its_twelve_months(tmp_path, capsys):
    folder = lay_out(tmp_path, plan=YEARLY, targets=yearly("1300"))
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 1
    assert "华东, 销售额, 2023: the target 1,300.00 and the 1,200.00 of its shorter" in said
    assert (
        "period-mismatch"
        not in call(capsys, "check", lay_out(tmp_path / "same", plan=YEARLY, targets=yearly()))[
            2
        ]
    )


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    ("written", "code"), [("1OO", "not-a-number"), ("-1", "negative-target")]
)
def test_d7_every_month_is_judged_by_the_same_rules(tmp_path, capsys, month, written, code):
    targets = yearly(**{f"m{month}": written})
    folder = lay_out(tmp_path, plan=YEARLY, targets=targets)
    exit_code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert exit_code == 3
    assert "targets.csv, row 2" in said
    assert code in said


def test_d7_a_rate_is_the_same_wherever_it_is_written(tmp_path, capsys):
    records = "日期,区域,产品,销售额\n2023-10-06,华东,A,685.96\n"
    folder = lay_out(
        tmp_path, targets="区域,产品,期间,目标\n华东,A,2023Q4,800\n", records=records
    )
    rows = json.loads(track(capsys, folder))["rows"]
    assert rows[0]["attainment_pct"] == "85.75"
    for form in ("csv", "terminal", "markdown"):
        printed = track(capsys, folder, form)
        assert "85.75" in printed
        assert "85.74" not in printed
    path = tmp_path / "report.xlsx"
    assert call(capsys, "report", folder, *AS_OF, "-o", path)[0] == 0
    cells = openpyxl.load_workbook(path, data_only=True)["达成情况"]
    assert 85.75 in [each.value for row in cells for each in row]


def test_d7_a_quarter_of_zero_does_not_break_the_workbook(tmp_path, capsys):
    folder = lay_out(tmp_path, targets="区域,产品,期间,目标\n华东,A,2023Q4,0\n")
    path = tmp_path / "report.xlsx"
    code, _, _ = call(capsys, "report", folder, *AS_OF, "-o", path)
    assert code == 0
    with zipfile.ZipFile(path) as book:
        parts = [book.read(each).decode() for each in book.namelist() if "sheet" in each]
    assert not any(re.search(r"#DIV/0!|#NUM!|>nan<|>inf<", part) for part in parts)


def test_d9_targets_keep_their_fen():
    row = cell(
        card(plan(("2023-10", Decimal("100.55"))), (day(10), Decimal("100.54"))), "2023-10"
    )
    assert (row.target, row.gap, row.status) == (100_55, 1, Status.UNMET)


def test_d10_a_mean_is_the_ratio_of_the_sums():
    metrics = [
        SALES,
        Metric(id="orders"),
        Metric(id="mean", decimals=2, aggregation=Ratio("sales", "orders")),
    ]
    region = Dimension("region", ["华东", "华南"])
    made = plan(("2023", 1, "华东"), ("2023", 1, "华南"), metrics=metrics, dimensions=[region])
    facts = [
        Actual(on=day(3), members={"region": "华东"}, values={"sales": 10_000, "orders": 1}),
        Actual(on=day(3), members={"region": "华南"}, values={"sales": 9_000, "orders": 30}),
    ]
    found = hold_against(made, facts, as_of=YEAR_END)[0]
    means = [cell(found, "2023", goal, metric="mean").actual for goal in ("华东", "华南", "")]
    assert means == [10_000_00, 300_00, Fraction(19_000_00, 31)]
    assert percent(means[2] / 10_000) == Decimal("612.90")


def test_s1_the_same_row_twice_in_one_table_is_reported(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=TARGETS + "华南,B,2023Q4,500\n")
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 3
    assert "row 4" in said
    assert "already stand at targets.csv, row 3" in said


def test_s2_a_double_is_found_however_many_rows_there_are(tmp_path, capsys):
    names = [f"P{number}" for number in range(3000)]
    members = 'members = ["A"' + "".join(f', "{name}"' for name in names) + "]"
    many = PLAN.replace('members = ["A", { name = "A1", parent = "A" }, "B"]', members)
    rows = [f"华东,{name},2023Q4,1" for name in names]
    targets = "\n".join(["区域,产品,期间,目标", *rows, rows[0]])
    folder = lay_out(tmp_path, plan=many, targets=targets + "\n")
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 3
    assert "row 3002" in said


def test_s3_progress_may_fall_below_the_start():
    row = cell(card(plan(("2023-10", 100)), (day(10), -20)), "2023-10")
    assert (row.ratio, row.status, row.gap) == (Fraction(-1, 5), Status.UNMET, 120_00)
