"""Messy sheets of public repositories: ``../shared/data/messy``, each with a short plan.

What a careful reader should get stands in the README of that folder; here it is reached by the
command, without a script that tidies the sheet first.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from salesgoal.cli.main import run

AS_OF = "2099-12-31"
# openpyxl says which decorations of a sheet it leaves out; only rows are read.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture
def track(shared, tmp_path, capsys):
    """A plan for one messy file -> exit code, what it says, and its JSON.

    ``FILE`` in the plan stands for the file's path.
    """

    def tracked(file, plan, *, as_of=AS_OF):
        path = shared / "data" / "messy" / file
        text = plan.replace("FILE", str(path))
        (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
        arguments = ["track", str(tmp_path), "--as-of", as_of, "--format", "json"]
        code = run([*arguments, "--lang", "en"])
        heard = capsys.readouterr()
        return int(code), heard.err, json.loads(heard.out) if heard.out else None

    return tracked


def rows(answer, metric="sales"):
    """Goal -> its row for the plan's whole period, which comes first."""
    found = {}
    for row in answer["rows"]:
        if row["metric"] == metric:
            found.setdefault(row["goal"], row)
    return found


def plan(period, *, tables, metrics=""):
    return f'[plan]\nname = "表"\nperiod = "{period}"\n{metrics or METRICS}\n{tables}\n'


METRICS = """
[metrics.sales]
name = "金额"
unit = "元"
decimals = 2
[metrics.lines]
name = "行数"
"""


@pytest.mark.parametrize(("column", "accepted"), [("销售数量", 18), ("单价", 19)])
def test_08_rows_with_a_missing_cell_are_rejected_and_never_zero(track, column, accepted):
    metrics = f'[metrics.x]\nname = "{column}"\n'
    tables = '[[actuals]]\npath = "FILE"\n'
    code, said, _ = track(
        "08_cn_销售数据_missing_cells.xlsx", plan("2025", metrics=metrics, tables=tables)
    )
    assert code == 4
    assert f"20 rows read = accepted {accepted} " in said
    assert said.count("[blank-required]") == 20 - accepted


def test_11_a_header_of_two_rows_gives_plan_and_actual_by_month(track, expected):
    people = ["蔡勇仁", "温进", "陶博", "傅炎广", "贺河健", "严雁"]
    people += ["褚凡", "柯茜荷", "江宁寒", "朱薇莉", "冯荣晶", "韩闲"]
    tables = f"""
[dimensions.salesperson]
name = "销售员"
members = {people!r}
[[breakdowns]]
by = ["salesperson"]
[[targets]]
path = "FILE"
options = {{ sheet = "案例3" }}
[[actuals]]
path = "FILE"
options = {{ sheet = "案例3" }}
"""
    code, said, answer = track(
        "11_cn_预计实际_two_level_header.xlsx",
        plan("2021Q1", tables=tables),
        as_of="2021-03-31",
    )
    assert code == 0, said
    figures = [row for row in answer["rows"] if row["metric"] == "sales"]
    found = {(row["goal"], row["period"]): row for row in figures}
    for row in expected("datawhale_cn", "cn_1_plan_actual.csv"):
        period = f"2021-0{row['month']}" if row["period_kind"] == "month" else "2021Q1"
        ours = found[row["salesperson"], period]
        assert (Decimal(ours["target"]), Decimal(ours["actual"])) == (
            Decimal(row["plan"]),
            Decimal(row["actual"]),
        )


@pytest.mark.parametrize("sheet", ["案例1", "案例2", "案例3"])
def test_13_text_dates_without_leading_zeros_read(track, sheet):
    tables = f'[[actuals]]\npath = "FILE"\noptions = {{ sheet = "{sheet}" }}\n'
    tables += 'columns = { sales = "消费金额" }\nvalues = { lines = 1 }\n'
    document = plan("2020", tables=tables).replace(
        'period = "2020"', "period = { since = 2020-01-01, until = 2022-12-31 }"
    )
    code, said, answer = track("13_cn_text_dates.xlsx", document)
    assert code == 0
    assert "10 rows read = accepted 10 " in said
    assert rows(answer, "lines")[""]["actual"] == "10"


def test_12_numbers_and_days_that_are_texts_count(track):
    metrics = "[metrics.real]\n[metrics.text]\n[metrics.lines]\n"
    # No sheet has a day beside its numbers, so each is read for what it holds.
    tables = '[[actuals]]\npath = "FILE"\noptions = { sheet = "真假日期" }\n'
    tables += 'columns = { on = "COLUMN" }\nvalues = { lines = 1 }\n'
    for column in ("真日期", "假日期"):
        document = plan("2021-01", metrics=metrics, tables=tables.replace("COLUMN", column))
        code, said, answer = track("12_cn_假数字假日期.xlsx", document)
        assert code == 0
        assert rows(answer, "lines")[""]["actual"] == "10", said


def test_12_days_written_month_first_need_their_form(track):
    tables = '[[actuals]]\npath = "FILE"\noptions = { sheet = "案例4" }\n'
    tables += 'columns = { on = "不规范日期" }\nvalues = { lines = 1 }\n'
    file = "12_cn_假数字假日期.xlsx"
    code, said, _ = track(file, plan("2021-09", tables=tables))
    assert code == 4
    assert "[ambiguous-date]" in said
    tables += 'date_format = "%m.%d.%Y"\n'
    code, said, answer = track(file, plan("2021-09", tables=tables))
    assert code == 0, said
    assert rows(answer, "lines")[""]["actual"] == "16"


def test_12_digits_of_a_day_are_a_day_in_a_column_of_days(track):
    tables = '[[actuals]]\npath = "FILE"\noptions = { sheet = "案例2" }\n'
    tables += 'columns = { on = "使用DAY函数提取日期" }\nvalues = { lines = 1 }\n'
    code, said, answer = track("12_cn_假数字假日期.xlsx", plan("2021-09", tables=tables))
    assert code == 0, said
    assert int(rows(answer, "lines")[""]["actual"]) > 0


def test_14_visits_by_a_due_day_that_a_formula_gave(track):
    metrics = '[metrics.visits]\nname = "客户拜访数"\nunit = "次"\n[metrics.lines]\n'
    tables = '[[actuals]]\npath = "FILE"\ncolumns = { on = "截止日期" }\nvalues = { lines = 1 }'
    code, said, answer = track(
        "14_cn_客户拜访数_截止日期.xlsx", plan("2022-12", metrics=metrics, tables=tables)
    )
    assert code == 0, said
    assert rows(answer, "lines")[""]["actual"] == "9"
    assert rows(answer, "visits")[""]["actual"] == "50"


def test_15_totals_beside_the_data_are_left_out_with_a_warning(track):
    tables = '[[actuals]]\npath = "FILE"\nvalues = { lines = 1 }'
    code, said, answer = track("15_cn_sum_beside_data.xlsx", plan("2019", tables=tables))
    assert code == 0
    assert "SUM求和、100732、SUBTOTAL求和、100732" in said
    assert "[beside-table]" in said
    assert rows(answer)[""]["actual"] == "100732.00"
    assert rows(answer, "lines")[""]["actual"] == "20"


def test_16_two_tables_side_by_side_are_refused_until_one_is_chosen(track):
    file, tables = "16_cn_two_tables_side_by_side.xlsx", '[[actuals]]\npath = "FILE"\n'
    tables += "values = { lines = 1 }\n"
    code, said, _ = track(file, plan("2022", tables=tables))
    assert code == 3
    assert "[two-tables]" in said
    for table in (1, 2):
        chosen = f"{tables}layout = {{ table = {table} }}\n"
        code, said, answer = track(file, plan("2022", tables=chosen))
        assert code == 0, said
        assert rows(answer, "lines")[""]["actual"] == "9"
    code, said, _ = track(file, plan("2022", tables=f"{tables}layout = {{ table = 3 }}\n"))
    assert (code, "[no-such-table]" in said) == (3, True)


TARGETS_22 = """
[dimensions.country]
name = "Country"
members = ["United States", "Canada", "Argentina", "Chile", COLOMBIA]
[[breakdowns]]
by = ["country"]
[[targets]]
path = "FILE"
period_level = "month"
excess_decimals = "round"
"""


def test_22_a_misspelt_name_is_refused_with_a_suggestion(track):
    document = plan("2014", tables=TARGETS_22.replace("COLOMBIA", '"Colombia"'))
    code, said, _ = track("22_targets_formulas_misspelt.xlsx", document)
    assert code == 3
    assert "did you mean Colombia" in said


def test_22_an_alias_settles_it(track):
    member = '{ name = "Colombia", aliases = ["Columbia"] }'
    document = plan("2014", tables=TARGETS_22.replace("COLOMBIA", member))
    code, said, answer = track("22_targets_formulas_misspelt.xlsx", document)
    assert code == 0, said
    assert (
        rows(answer)["Colombia"]["target"] == "15917.14"
    )  # 1000 growing by 5 %, each month half up


def test_23_bare_carriage_returns(track):
    tables = '[[actuals]]\npath = "FILE"\ncolumns = { on = "Order Date", sales = "Sales" }\n'
    tables += 'date_format = "%m/%d/%y"\nvalues = { lines = 1 }\n'
    document = plan("2011", tables=tables).replace(
        '"2011"', "{ since = 2011-01-01, until = 2014-12-31 }"
    )
    code, said, answer = track(
        "23_cr_only_Sales_Chile.csv", document.replace("decimals = 2", "decimals = 6")
    )
    assert code == 0, said
    assert rows(answer, "lines")[""]["actual"] == "143"
    assert Decimal(rows(answer)[""]["actual"]) == Decimal("35447.070720")


def test_24_another_encoding_named_by_the_plan(track):
    tables = '[[actuals]]\npath = "FILE"\noptions = { encoding = "mac_roman" }\n'
    tables += 'columns = { on = "Order Date", sales = "Sales" }\nvalues = { lines = 1 }\n'
    document = plan("2022", tables=tables).replace("decimals = 2", "decimals = 6")
    code, said, answer = track("24_macroman_Superstore_2022.csv", document)
    assert code == 0, said
    assert rows(answer, "lines")[""]["actual"] == "3312"


@pytest.mark.slow
def test_25_test_rows_are_left_out_by_rule_and_counted(track):
    tables = '[[actuals]]\npath = "FILE"\ncolumns = { on = "Order Date", sales = "Sales" }\n'
    tables += 'values = { lines = 1 }\n[[actuals.ignore]]\ncolumn = "Order Date"\n'
    tables += 'since = 2099-01-01\nname = "测试"\n'
    document = plan("2011", tables=tables).replace(
        '"2011"', "{ since = 2011-01-01, until = 2014-12-31 }"
    )
    code, said, answer = track(
        "25_test_rows_float_noise_US.xlsx", document.replace("decimals = 2", "decimals = 6")
    )
    assert code == 0, said
    assert "ignored 3 (测试 3)" in said
    assert rows(answer, "lines")[""]["actual"] == "9994"
    assert Decimal(rows(answer)[""]["actual"]) == Decimal("2297200.860300")
