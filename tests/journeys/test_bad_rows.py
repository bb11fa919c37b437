"""Single rows are wrong: they are rejected by their address, and the good ones count."""

from __future__ import annotations

import pytest

from .desk import AS_OF, RECORDS, call, lay_out

REJECTED = [
    (
        '2023-12-01,华南,B,"1,200.505"',
        (
            "records.csv, row 4, 销售额: '1,200.505' has 3 decimals; 销售额 keeps 2 - "
            'correct the cell, or set decimals or excess_decimals = "round" [excess-decimals]'
        ),
        (
            "records.csv, 第4行, 销售额: '1,200.505' 小数超过 2 位 - "
            '改正单元格，或设置 decimals 或 excess_decimals = "round" [excess-decimals]'
        ),
    ),
    (
        '2023-12-01,华南,B,"12,34"',
        (
            "records.csv, row 4, 销售额: '12,34' has its thousands separators in the wrong "
            "places - write 1,234.50 or 1234.50 [bad-grouping]"
        ),
        (
            "records.csv, 第4行, 销售额: '12,34' 千位分隔符位置不对 - "
            "写成 1,234.50 或 1234.50 [bad-grouping]"
        ),
    ),
    (
        "昨天,华南,B,12",
        (
            "records.csv, row 4, 日期: '昨天' is not a date - write it as 2023-10-06 "
            "[no-such-date]"
        ),
        "records.csv, 第4行, 日期: '昨天' 不是日期 - 写成 2023-10-06 [no-such-date]",
    ),
    (
        "2023-12-01,华北东,B,12",
        (
            "records.csv, row 4, 区域: '华北东' 区域 has no such member; did you mean 华东 - "
            "correct the name, or add the member or alias to the plan [unknown-member]"
        ),
        (
            "records.csv, 第4行, 区域: '华北东' 区域中没有这个名称；是否为 华东 - "
            "改正名称，或在计划中加入该成员或别名 [unknown-member]"
        ),
    ),
    (
        "2023-12-01,华南,B,1,234",
        (
            "records.csv, row 4: the row has 5 cells, the header 4 - complete it or remove the "
            "surplus (a comma inside a text needs quotes) [row-width]"
        ),
        (
            "records.csv, 第4行: 此行有 5 个单元格，表头有 4 列 - "
            "补齐或删去多余的单元格（文本中的逗号需加引号） [row-width]"
        ),
    ),
    (
        "2023-12-01,华南",
        "records.csv, row 4: the row has 2 cells, the header 4 - ",
        "records.csv, 第4行: 此行有 2 个单元格，表头有 4 列 - ",
    ),
    (
        "2023-12-01,华南,B,#N/A",
        (
            "records.csv, row 4, 销售额: '#N/A' is an error value of the spreadsheet - "
            "correct the formula in the sheet [excel-error]"
        ),
        "records.csv, 第4行, 销售额: '#N/A' 是表格公式错误值 - 在表格中改正公式 [excel-error]",
    ),
    (
        "2023-12-01,华南,B,",
        "records.csv, row 4, 销售额: must not be blank - fill in the cell [blank-required]",
        "records.csv, 第4行, 销售额: 不能为空 - 填写该单元格 [blank-required]",
    ),
    (
        ",华南,B,12",
        "records.csv, row 4, 日期: must not be blank - fill in the cell [blank-required]",
        "records.csv, 第4行, 日期: 不能为空 - 填写该单元格 [blank-required]",
    ),
    (
        "2023-12-01,华南,B,10000000000000",
        "records.csv, row 4, 销售额: '10000000000000' is 10,000,000,000,000 or more - ",
        "records.csv, 第4行, 销售额: '10000000000000' 超出范围（须小于 10 万亿） - ",
    ),
]


@pytest.mark.parametrize(("row", "said_en", "said_zh"), REJECTED)
def test_a_bad_row_is_rejected_and_the_good_ones_still_count(
    tmp_path, capsys, row, said_en, said_zh
):
    records = f"{RECORDS}{row}\n,,,\n2024-01-05,华东,A,1\n"
    folder, report = lay_out(tmp_path / "desk", records=records), tmp_path / "out.csv"
    wanted = ("-o", report, "--format", "csv", *AS_OF)
    code, _, said = call(capsys, "report", folder, *wanted, "--lang", "en")
    assert code == 4
    assert f"1. {said_en}" in said
    assert (
        "5 rows read = accepted 2 + outside period 1 + rejected 1 + duplicate 0 + "
        "ignored 1 (blank 1)\n"
    ) in said
    assert "1400.50" in report.read_text("utf-8-sig")
    code, _, said = call(capsys, "report", folder, *wanted, "--lang", "zh")
    assert code == 4
    assert f"1. {said_zh}" in said
    assert "读入 5 行 = 接受 2 + 期间外 1 + 拒绝 1 + 重复 0 + 忽略 1（空行 1）\n" in said


def test_rejected_amounts_stay_in_the_reconciliation(tmp_path, capsys):
    records = RECORDS + "2023-12-01,华楠,B,7.25\n昨天,华南,B,1\n"
    folder = lay_out(tmp_path, records=records)
    code, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "csv", "--lang", "en")
    assert code == 4
    assert "销售额,1408.75,1400.50,0.00,8.25,0.00" in printed


def test_beyond_twenty_faults_only_their_number_is_said_and_the_report_has_them_all(
    tmp_path, capsys
):
    records = RECORDS + "昨天,华南,B,1\n" * 25
    folder, report = lay_out(tmp_path / "desk", records=records), tmp_path / "out.md"
    wanted = ("-o", report, "--format", "markdown", *AS_OF)
    code, _, said = call(capsys, "report", folder, *wanted, "--lang", "en")
    assert code == 4
    assert said.count("[no-such-date]") == 20
    assert "20 of 25 problems shown; the report lists them all" in said
    assert report.read_text("utf-8").count("| no-such-date |") == 25
    assert "共 25 个问题，以上为前 20 个" in call(capsys, "report", folder, *wanted)[2]


def test_a_warning_alone_is_no_fault(tmp_path, capsys):
    folder = lay_out(tmp_path, records=RECORDS.encode("gb18030"))
    code, _, said = call(capsys, "track", folder, *AS_OF, "--lang", "en")
    assert code == 0
    assert "1. records.csv: is not UTF-8 and was read as GB18030 - check the names" in said
