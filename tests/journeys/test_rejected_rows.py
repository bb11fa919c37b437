"""Rejected rows come back as a workbook; corrected, the same plan reads them."""

from __future__ import annotations

import openpyxl
import pytest

from .desk import AS_OF, PLAN, RECORDS, call, lay_out


@pytest.fixture
def workbook(tmp_path, capsys):
    def rejected(records, plan=PLAN):
        folder = lay_out(tmp_path / "desk", records=records, plan=plan)
        path = tmp_path / "rejected.xlsx"
        code, _, _ = call(capsys, "track", folder, *AS_OF, "--rejected", path)
        assert code == 4
        return folder, path

    return rejected


def rows(path):
    sheet = openpyxl.load_workbook(path).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_rejected_rows_have_their_columns_reason_remedy_and_place(workbook):
    _, path = workbook(RECORDS + "2023-12-01,华楠,B,007\n昨天,华南,B,=1\n")
    title, _, header, first, second = rows(path)
    assert title[0] == "被拒绝的行"
    assert header == ["日期", "区域", "产品", "销售额", "原因", "建议", "文件", "工作表", "行"]
    assert first[:4] == ["2023-12-01", "华楠", "B", "007"]
    assert first[4] == "区域: 区域中没有这个名称；是否为 华南、华东"
    assert first[6:] == ["records.csv", None, 4]
    assert second[:4] == ["昨天", "华南", "B", "=1"]
    assert second[4] == "日期: 不是日期；销售额: 是公式的文本，不是数值"


def test_corrected_rows_are_read_by_the_same_plan(workbook, capsys):
    folder, path = workbook(RECORDS + "2023-12-01,华楠,B,7.25\n昨天,华南,B,1\n")
    book = openpyxl.load_workbook(path)
    book.active["B4"], book.active["A5"] = "华南", "2023-12-02"
    book.save(folder / "corrected.xlsx")
    plan = PLAN + '\n[[actuals]]\npath = "corrected.xlsx"\n'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "records.csv").write_text(RECORDS, encoding="utf-8")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--format", "csv")
    assert (code, "接受 4" in said) == (0, True)
    assert "1408.75" in printed


def test_the_unit_line_goes_with_the_rows(workbook, capsys):
    records = "销售日报,,,\n单位：万元,,,\n" + RECORDS.replace("900.50", "0.09005").replace(
        "B,500", "B,5x"
    )
    folder, path = workbook(records)
    assert rows(path)[1][0] == "单位：万元"
    book = openpyxl.load_workbook(path)
    book.active["D4"] = "0.05"
    book.save(folder / "corrected.xlsx")
    plan = PLAN + '\n[[actuals]]\npath = "corrected.xlsx"\n'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    _, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "csv")
    assert "1400.50" in printed


def test_without_rejected_rows_no_workbook_is_written(tmp_path, capsys):
    path = tmp_path / "rejected.xlsx"
    code, _, _ = call(capsys, "track", lay_out(tmp_path / "desk"), *AS_OF, "--rejected", path)
    assert (code, path.exists()) == (0, False)
