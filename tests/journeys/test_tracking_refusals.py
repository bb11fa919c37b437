"""What a tracking workbook is refused for, what people are told, and plans of other shapes."""

from __future__ import annotations

import openpyxl
import pytest

from .desk import call
from .tracking_desk import (
    END,
    MONTH,
    PLAN,
    RECORDED,
    RECORDS,
    TARGETS,
    WEEKS,
    Hand,
    figures,
    lay_out,
    make,
    problems,
    take,
)

WEEK1, WEEK2, WEEK3, WEEK4 = WEEKS
OTHER = "销售业绩跟踪表"
Z = "华东/张三"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "plan")


# Refusals.


def test_every_refusal_names_its_cell(folder, capsys):
    hand = Hand(make(capsys, folder))
    cells = [
        hand.put("很多", WEEK1, "张三"),
        hand.put(1.005, WEEK2, "张三"),
        hand.put("=1/0", WEEK3, "张三"),
        hand.put("#N/A", WEEK4, "张三"),
        hand.put("明天", "完成时限", "张三"),
        hand.put("差不多", "措施状态", "张三"),
        hand.put("x", "归因金额(元)", "张三"),
    ]
    hand.cell(WEEK4, "张三").data_type = "e"
    hand.put("拜访", "改进措施", "张三")
    hand.save()
    code, _changes, said = take(capsys, folder, hand.path)
    assert code == 3
    assert not (folder / "plan.tracking").exists()
    for cell in cells:
        assert f"跟踪表-2023-10.xlsx {MONTH}!{cell}, " in said, cell
    assert problems(said) == [
        "not-a-number",
        "excess-decimals",
        "formula-not-calculated",
        "excel-error",
        "not-a-number",
        "no-such-date",
        "unknown-state",
    ]
    english = take(capsys, folder, hand.path, "--lang", "en")[2]
    assert f"跟踪表-2023-10.xlsx {MONTH}!{cells[0]}, {WEEK1}: '很多' is not a number" in english


def test_good_cells_are_taken_where_asked_for(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put("很多", WEEK1, "张三")
    hand.put(5, WEEK1, "李四")
    hand.put("差不多", "措施状态", "张三")
    hand.put("拜访", "改进措施", "张三")
    hand.put("回访", "改进措施", "李四")
    hand.save()
    code, _, said = take(capsys, folder, hand.path, "--partial")
    assert code == 4, said
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "5.00"
    text = (folder / "reviews.csv").read_text(encoding="utf-8")
    assert ("回访" in text, "拜访" in text) == (True, False)


def test_a_workbook_of_another_plan_is_refused(folder, tmp_path, capsys):
    path = make(capsys, folder)
    other = lay_out(tmp_path / "other", plan=PLAN.replace("十月", "别的"))
    code, _, said = take(capsys, other, path)
    assert (code, problems(said)) == (3, ["other-plan"])


def test_a_workbook_of_another_format_is_refused(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.book.worksheets[0]
    row = next(row for row in page.iter_rows() if row[1].value == "format")
    row[2].value = "99"
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["other-format"])


def test_older_targets_are_told_and_the_actuals_count(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.put(1, "10月目标(元)", "李四")
    hand.save()
    change = ("--goal", Z, "--period", "2023-10", "--to", "900000", "--reason", "加码")
    said = ("--by", "王", "--approve", "李", "--yes")
    assert call(capsys, "revise", folder, *change, *said)[0] == 0
    code, _, said = take(capsys, folder, hand.path)
    found = set(problems(said))
    assert (code, found) == (
        1,
        {"older-targets", "target-moved", "target-overwritten"},
    ), said
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_lines_that_are_not_the_workbooks_are_refused(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.page()
    page["A4"].value = "region=华东;person=赵六"
    page["C5"].value = "王五"
    for at in range(1, 6):
        page.cell(7, at).value = page.cell(6, at).value
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert code == 3
    assert problems(said) == ["unknown-line", "names-changed", "line-twice", "line-missing"] + [
        "line-missing"
    ] * (problems(said).count("line-missing") - 1)
    assert f"{MONTH}!C5" in said


def test_a_copied_sheet_and_a_lost_header_are_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.book.copy_worksheet(hand.page())
    hand.save(folder / "copied.xlsx")
    assert "sheet-twice" in problems(take(capsys, folder, hand.path)[2])
    hand = Hand(make(capsys, folder))
    hand.cell(WEEK1, "张三", page=hand.page())
    hand.page().cell(3, hand.column(WEEK1)).value = "改名"
    hand.save(folder / "renamed.xlsx")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["missing-column"]), said


def test_a_period_that_has_not_begun_is_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK4, "张三")
    hand.save()
    code, _, said = call(capsys, "import", folder, hand.path, "--yes", "--as-of", "2023-10-10")
    assert (code, problems(said)) == (1, ["period-not-begun"])


def test_a_running_week_counts_from_the_day_it_is_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK2, "张三")
    hand.save()
    day = ("--as-of", "2023-10-10")
    assert call(capsys, "import", folder, hand.path, "--yes", *day)[0] == 0
    assert "2023-10-10" in (folder / "plan.tracking" / "sales.csv").read_text(encoding="utf-8")
    assert figures(capsys, folder, *day)[Z, "sales", "2023-10w2"][0] == "5.00"
    assert call(capsys, "import", folder, hand.path, "--yes", *END)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w2"][0] == "5.00"


def test_balances_are_typed_where_nobody_else_tells_them(folder, capsys):
    hand = Hand(make(capsys, folder))
    kpi = hand.page("KPI跟踪表")
    hand.put(900, "第一周实际", "张三", "应收余额", page=kpi)
    hand.put(700, "第二周实际", "张三", "应收余额", page=kpi)
    locked = hand.cell("第一周实际", "张三", "新客户数", page=kpi)
    assert locked.protection.locked
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "receivables", "2023-10"][0] == "700.00"
    again = Hand(make(capsys, folder))
    kpi = again.page("KPI跟踪表")
    assert again.cell("第二周实际", "张三", "应收余额", page=kpi).value == 700
    again.put(3, "第一周实际", "张三", "新客户数", page=kpi)
    again.save()
    code, _, said = take(capsys, folder, again.path)
    assert (code, problems(said)) == (3, ["not-typed-here"])


# At the terminal.


def test_nothing_is_written_without_a_word(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    code, out, said = call(capsys, "import", folder, hand.path, *END)
    assert (code, "--yes" in said, "5.00" in out) == (1, True, True)
    assert call(capsys, "import", folder, hand.path, "--dry-run", *END)[0] == 0
    assert not (folder / "plan.tracking").exists()


def test_a_person_at_the_terminal_is_asked(folder, capsys, monkeypatch):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code in ((False, 1), (True, 0)):
        monkeypatch.setattr("click.confirm", lambda *_, answer=answer, **__: answer)
        found, _, said = call(capsys, "import", folder, hand.path, *END)
        assert (found, "\n未写入\n" in said) == (code, not answer)
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_totals_go_on_into_the_ledger_with_their_keys(tmp_path, capsys):
    plan = RECORDED.replace('period = "2023-10"\n', 'period = "2023-10"\n') + "\n[ledger]\n"
    folder = lay_out(tmp_path / "p", plan=plan, records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    assert call(capsys, "import", folder, folder / "records.csv")[0] == 0
    hand.put(100, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "100.00"
    hand.put(120, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "120.00"
    hand.put(None, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "0.00"
    code, out, _ = call(capsys, "ledger", folder)
    assert (code, out.count("跟踪表")) == (0, 3), out


def test_a_table_that_somebody_broke_is_named(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    take(capsys, folder, hand.path)
    table = folder / "plan.tracking" / "sales.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code in {3, 5}, "sales.csv" in said) == (True, True)


def test_columns_by_customer_type_are_totals_of_these_customers(folder, capsys):
    hand = Hand(make(capsys, folder, "--by", "客户类型"))
    page = hand.page()
    hand.put(30, "新客户实际(元)", "张三", page=page)
    hand.put(12.5, "老客户实际(元)", "张三", page=page)
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] == "42.50"
    assert figures(capsys, folder, "--by", "kind")["新客户", "sales", "2023-10"][0] == "30.00"
    again = Hand(make(capsys, folder, "--by", "kind"))
    assert again.cell("新客户实际(元)", "张三", page=again.page()).value == 30
    weeks = Hand(make(capsys, folder))
    assert weeks.cell("其他实际(元)", "张三").value == 42.5


def test_a_dimension_of_the_breakdown_may_stand_in_the_columns(folder, capsys):
    name = "跟踪表-2023-10-张经理.xlsx"
    hand = Hand(make(capsys, folder, "--by", "person", "--for", "张经理", name=name))
    hand.put(5, "李四实际(元)", "华东")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10"][0] == "5.00"


def test_without_a_dimension_left_there_are_no_lines(tmp_path, capsys):
    plan = PLAN.replace('by = ["region", "person"]', 'by = ["person"]')
    targets = "销售员,期间,目标\n张三,2023-10,5\n"
    folder = lay_out(tmp_path / "p", plan=plan, targets=targets)
    code, _, said = call(capsys, "template", folder, "--by", "person", *END)
    assert (code, "没有可列的行" in said) == (2, True)


def test_a_teams_total_is_what_it_says_when_its_people_report_too(folder, capsys):
    tables = ("--table", "personal", "--table", "team")
    hand = Hand(make(capsys, folder, *tables))
    team = hand.page(OTHER)
    hand.put(100, WEEK1, "张三")
    hand.put(250, WEEK1, "华东", page=team)
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    found = figures(capsys, folder)
    assert found[Z, "sales", "2023-10w1"][0] == "100.00"
    assert found["华东", "sales", "2023-10w1"][0] == "250.00"
    again = Hand(make(capsys, folder, *tables))
    assert again.cell(WEEK1, "华东", page=again.page(OTHER)).value == 250
    assert again.cell(WEEK1, "未分配").value == 150
    assert take(capsys, folder, again.path)[1]["total_changes"] == []


def test_only_the_kpi_sheets(folder, capsys):
    hand = Hand(make(capsys, folder, "--table", "kpi"))
    assert hand.book.sheetnames[2:4] == ["KPI跟踪表", "KPI比率"]
    hand.put(5, "第一周实际", "张三", "销售额", page=hand.page("KPI跟踪表"))
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_iso_weeks_that_stick_out_are_typed_by_their_days_inside(tmp_path, capsys):
    plan = PLAN.replace('period = "2023-10"', 'period = "2023-10"\nweeks = { kind = "iso" }')
    folder = lay_out(tmp_path / "iso", plan=plan)
    hand = Hand(make(capsys, folder))
    titles = [str(cell.value) for cell in hand.header(hand.page())]
    assert sum("周实际" in title for title in titles) == 6
    hand.put(7, "第一周实际(元)", "张三")
    hand.put(9, "第六周实际(元)", "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] == "16.00"


def test_a_week_has_one_column(folder, capsys):
    path = make(capsys, folder, "--period", "2023-10w2", name="跟踪表-2023-10w2.xlsx")
    hand = Hand(path)
    page = hand.page(OTHER)
    titles = [cell.value for cell in hand.header(page)]
    assert sum("实际(元)" in str(title) for title in titles) == 2


def test_a_ratio_may_lead_the_plan(tmp_path, capsys):
    first = PLAN.index("[metrics.sales]")
    ratio = PLAN[PLAN.index("[metrics.payment_rate]") : PLAN.index("[metrics.order_value]")]
    plan = PLAN[:first] + ratio + PLAN[first:].replace(ratio, "")
    folder = lay_out(tmp_path / "p", plan=plan)
    hand = Hand(make(capsys, folder))
    assert not hand.cell(WEEK1, "张三").protection.locked


def test_the_plan_may_lose_a_member_that_totals_were_typed_for(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "王五")
    hand.put(6, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    text = (folder / "plan.toml").read_text(encoding="utf-8").replace(', "王五"]', "]")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    targets = TARGETS.replace("华南,王五,2023-10,sales,500000.50,王经理\n", "")
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, "unknown-line" in problems(said)) == (3, True), said
    again = Hand(make(capsys, folder))
    assert again.cell(WEEK1, "张三").value == 6


def test_what_was_broken_by_hand_is_named(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    (folder / "plan.tracking" / "workbooks.json").write_text("[]", encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, "workbooks.json" in said) == (5, True), said


def test_a_plan_that_cannot_be_added_to_says_what_to_add(folder, capsys):
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text + "\n[reports]\n", encoding="utf-8")
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"
    other = folder / "inline.toml"
    other.write_text("actuals = []\n" + text, encoding="utf-8")
    code, _, said = take(capsys, other, hand.path)
    assert (code, "inline.tracking/*.csv" in said) == (5, True), said


def test_tracking_workbooks_and_documents_go_together(tmp_path, capsys):
    folder = lay_out(tmp_path / "p", plan=RECORDED + "\n[ledger]\n", records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    hand.put(100, WEEK1, "李四")
    hand.save()
    files = (hand.path, folder / "records.csv")
    code, _, said = call(capsys, "import", folder, *files, "--yes", *END)
    assert code == 0, said
    found = figures(capsys, folder)
    assert found["华东/李四", "sales", "2023-10w1"][0] == "100.00"
    assert found[Z, "sales", "2023-10w1"][0] == "150000.00"


def test_an_ordinary_workbook_is_no_tracking_workbook(folder, capsys):
    book = openpyxl.Workbook()
    book.active.append(["日期", "销售额"])
    book.save(folder / "plain.xlsx")
    (folder / "none.xlsx").write_bytes(b"PK")
    for name in ("plain.xlsx", "none.xlsx", "missing.xlsx"):
        code, _, said = call(capsys, "import", folder, folder / name, "--yes", *END)
        assert (code, "ledger" in said) == (2, True), said
