"""A file is wrong: the command says which, where, what arrived and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .desk import AS_OF, PLAN, RECORDS, TARGETS, call, lay_out

XLSX_PLAN = PLAN.replace("records.csv", "日报.xlsx")

# What is wrong, what is laid out, and the lines that must be said in English and in Chinese.
REFUSED = [
    (
        "an unknown member among the targets",
        {"targets": TARGETS + "华楠,B,2023Q4,1\n"},
        [
            (
                "1. targets.csv, row 4, 区域: '华楠' 区域 has no such member; did you mean "
                "华南、华东 - "
                "correct the name, or add the member or alias to the plan [unknown-member]"
            )
        ],
        [
            (
                "1. targets.csv, 第4行, 区域: '华楠' 区域中没有这个名称；是否为 华南、华东 - "
                "改正名称，或在计划中加入该成员或别名 [unknown-member]"
            )
        ],
    ),
    (
        "a period with a typo",
        {"targets": TARGETS + "华南,A,2023Q5,1\n"},
        [
            "1. targets.csv, row 4, 期间: '2023Q5' names no period of the calendar",
            "- write a period such as 2023-10, 2023Q4 or 2023年10月 [no-such-period]",
        ],
        [
            "1. targets.csv, 第4行, 期间: '2023Q5' 不是此日历的期间",
            "- 写成 2023-10、2023Q4 或 2023年10月 这样的期间 [no-such-period]",
        ],
    ),
    (
        "two children of one goal that overlap",
        {
            "plan": PLAN.replace('["region", "product"]', '["product", "region"]'),
            "targets": "区域,产品,期间,目标\n华东,A,2023Q4,100\n,A1,2023Q4,100\n",
        },
        [
            (
                "1. plan.toml, A: two children of one goal overlap: 华东 and A1 - "
                "let the children of a goal refine one dimension only [overlapping-goals]"
            )
        ],
        [
            (
                "1. plan.toml, A: 同一目标的两个下级重叠：华东 与 A1 - "
                "同一目标的下级只能按同一个维度细分 [overlapping-goals]"
            )
        ],
    ),
    (
        "members that are each other's parents",
        {"plan": PLAN.replace('"A", {', '{ name = "A", parent = "A1" }, {')},
        [
            (
                "1. plan.toml, dimensions.product, A: is its own ancestor: A > A1 > A - "
                "remove one of these parents [parent-cycle]"
            ),
            "2. plan.toml, dimensions.product, A1: is its own ancestor: A1 > A > A1 - ",
        ],
        [
            (
                "1. plan.toml, dimensions.product, A: 上级关系成环：A > A1 > A - "
                "断开其中一个上级 [parent-cycle]"
            )
        ],
    ),
    (
        "records without the column of the amount",
        {"records": RECORDS.replace("销售额", "多少")},
        [
            (
                "1. records.csv, 销售额: the header has no such column; it has "
                "日期, 区域, 产品, 多少 - "
                "add the column, or name the right one in the plan: "
                'columns = { on = "Closed" } [missing-column]'
            )
        ],
        [
            (
                "1. records.csv, 销售额: 表头中没有这一列；现有：日期, 区域, 产品, 多少 - "
                "补上该列；列名不同时在计划中写明，如 "
                'columns = { on = "成交日期" } [missing-column]'
            )
        ],
    ),
    (
        "targets without the column of the amount",
        {"targets": TARGETS.replace("目标", "钱")},
        ["1. targets.csv, target: the header has no such column; it has 区域, 产品, "],
        ["1. targets.csv, 目标值: 表头中没有这一列；现有：区域, 产品, 期间, 钱"],
    ),
    (
        "targets without the column of the period",
        {"targets": TARGETS.replace("期间", "何时")},
        ["1. targets.csv: has no column of periods and no periods as headers; it has"],
        ["1. targets.csv: 没有“期间”列，表头也不是期间；现有："],
    ),
    (
        "a target with three decimals",
        {"targets": TARGETS + '华南,A,2023Q4,"1,200.505"\n'},
        [
            (
                "1. targets.csv, row 4, 目标: '1,200.505' has 3 decimals; 销售额 keeps 2 - "
                'correct the cell, or set decimals or excess_decimals = "round" '
                "[excess-decimals]"
            )
        ],
        [
            (
                "1. targets.csv, 第4行, 目标: '1,200.505' 小数超过 2 位 - "
                '改正单元格，或设置 decimals 或 excess_decimals = "round" [excess-decimals]'
            )
        ],
    ),
    (
        "an empty csv",
        {"records": b""},
        ["1. records.csv: the file is empty (0 bytes) - export it again [file-empty]"],
        ["1. records.csv: 文件为空（0 字节） - 重新导出该文件 [file-empty]"],
    ),
    (
        "keys that are not there, with the nearest",
        {"plan": PLAN.replace("decimals", "decimal") + 'paths = "x"\nzzz = 1\n'},
        [
            (
                "plan.toml, metrics.sales.decimal: there is no such key; did you mean "
                "decimals - "
                "correct or remove it [unknown-key]"
            ),
            "plan.toml, actuals#1.paths: there is no such key; did you mean path - ",
            "plan.toml, actuals#1.zzz: there is no such key; the keys are path, importer, ",
        ],
        [
            (
                "plan.toml, metrics.sales.decimal: 没有这个键；是否为 decimals - "
                "改正或删除该键 [unknown-key]"
            ),
            "plan.toml, actuals#1.zzz: 没有这个键；可用的键：path, importer, ",
        ],
    ),
    (
        "several faults at once",
        {
            "targets": TARGETS
            + "华东区,A,2023Q4,1\n华东,A1,2023-13,1\n华南,,2023Q4,x\n"
            + "华东,A,2023Q4,7\n华南,A,,7\n"
        },
        [
            "targets.csv, row 4, 区域: '华东区' 区域 has no such member; did you mean 华东 - ",
            "targets.csv, row 5, 期间: '2023-13' names no period of the calendar",
            (
                "targets.csv, row 6, 目标: 'x' is not a number - "
                "write digits only, such as 1234.50 [not-a-number]"
            ),
            (
                "targets.csv, row 7, 目标: '7.00' this goal, metric and period already stand "
                "at targets.csv, row 2 - remove one of them [duplicate-target]"
            ),
            "targets.csv, row 8, 期间: must not be blank - fill in the cell [blank-required]",
        ],
        [
            "targets.csv, 第6行, 目标: 'x' 不是数字 - 只写数字，如 1234.50 [not-a-number]",
            "targets.csv, 第8行, 期间: 不能为空 - 填写该单元格 [blank-required]",
        ],
    ),
    (
        "no such file",
        {"records": None},
        ["1. records.csv: there is no such file - put records.csv beside plan.toml"],
        ["1. records.csv: 文件不存在 - ", "[file-missing]"],
    ),
    (
        "a column twice",
        {"records": RECORDS.replace("产品", "销售额", 1)},
        ["1. records.csv, 销售额: the header has this column 2 times - rename or delete"],
        ["1. records.csv, 销售额: 表头中此列出现了 2 次 - 改名或删除多余的列"],
    ),
    (
        "no TOML",
        {"plan": PLAN.replace("[plan]", "[plan")},
        ["1. plan.toml: is not valid TOML: Expected ']'", "- correct that line [toml-syntax]"],
        ["1. plan.toml: TOML 语法错误：第1行第6列：表名后面缺少 ]", "- 改正该行 [toml-syntax]"],
    ),
    (
        "brackets without end",
        {"plan": PLAN + "x = " + "[" * 5_000 + "]" * 5_000 + "\n"},
        ["1. plan.toml: is not valid TOML: brackets are nested too deeply - correct"],
        ["1. plan.toml: TOML 语法错误：括号嵌套太深 - 改正该行 [toml-syntax]"],
    ),
    (
        "a number without end",
        {"plan": PLAN + "x = " + "9" * 10_000 + "\n"},
        ["1. plan.toml: is not valid TOML: a number has too many digits - correct"],
        ["1. plan.toml: TOML 语法错误：有数字的位数太多 - 改正该行 [toml-syntax]"],
    ),
]
LANGUAGES = [("en", 2), ("zh", 3)]


@pytest.mark.parametrize(("lang", "at"), LANGUAGES)
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_a_fault_is_said_with_its_address_and_nothing_is_written(
    tmp_path, capsys, case, lang, at
):
    folder, report = lay_out(tmp_path / "desk", **case[1]), tmp_path / "out.xlsx"
    code, printed, said = call(capsys, "report", folder, "-o", report, *AS_OF, "--lang", lang)
    assert (code, printed) == (3, "")
    for line in case[at]:
        assert line in said
    assert list(tmp_path.iterdir()) == [folder]


def test_only_faults_are_said_and_each_once(tmp_path, capsys):
    targets = TARGETS + "华南,A,2023Q4,x\n华楠,A,2023Q4,x\n"
    code, _, said = call(capsys, "check", lay_out(tmp_path, targets=targets), "--lang", "en")
    codes = sorted(line.rpartition("[")[2] for line in said.splitlines())
    assert (code, codes) == (3, ["not-a-number]", "not-a-number]", "unknown-member]"])


def test_a_report_of_yesterday_stays_as_it_was_where_todays_is_refused(tmp_path, capsys):
    report = tmp_path / "out.xlsx"
    report.write_bytes(b"yesterday")
    folder = lay_out(tmp_path / "desk", records=b"")
    assert call(capsys, "report", folder, "-o", report, *AS_OF)[0] == 3
    assert report.read_bytes() == b"yesterday"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk", "out.xlsx"]


@pytest.mark.parametrize(
    ("content", "said_en", "said_zh"),
    [
        (b"", "the file is empty (0 bytes) - export it again [file-empty]", "文件为空"),
        (
            b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><table>",
            (
                "is not an xlsx workbook but a web page (a login page, or an export as HTML) - "
                "open the original in a spreadsheet program and save it as .xlsx "
                "[not-a-workbook]"
            ),
            "不是 xlsx 工作簿，而是网页",
        ),
        (b"\xd0\xcf\x11\xe0 old", "but an old .xls workbook", "另存为 .xlsx"),
        (b"PK\x03\x04 broken", "is corrupt: BadZipFile: File is not a zip file", "[corrupt-"),
    ],
    ids=["0 bytes", "html", "old xls", "broken zip"],
)
def test_what_is_no_workbook_is_refused_by_its_name(
    tmp_path, capsys, content, said_en, said_zh
):
    folder = lay_out(tmp_path, plan=XLSX_PLAN)
    (folder / "日报.xlsx").write_bytes(content)
    for lang, words in (("en", said_en), ("zh", said_zh)):
        code, printed, said = call(capsys, "track", folder, *AS_OF, "--lang", lang)
        assert (code, printed) == (3, "")
        assert said.startswith("1. 日报.xlsx: ")
        assert words in said


def test_a_report_that_cannot_be_written_is_said_so(tmp_path, capsys):
    folder = lay_out(tmp_path / "desk")
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    report = tmp_path / "taken" / "out.xlsx"
    code, _, said = call(capsys, "report", folder, "-o", report, *AS_OF)
    assert code == 5
    assert said == f"salesgoal: {report} 没有写入：已存在（{tmp_path / 'taken'}）\n"
    _, _, said = call(capsys, "report", folder, "-o", report, *AS_OF, "--lang", "en")
    assert f"salesgoal: {report} was not written: " in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("track",), "缺少参数 PLAN"),
        (("trakc", "."), "没有命令 trakc，是否指 track"),
        (("track", ".", "--as-of", "31.10.2023"), "'31.10.2023' 不是日期，请写成"),
        (("track", ".", "--lang", "fr"), "--lang 只能是 zh、en"),
        (
            ("track", ".", "--format", "xls"),
            "没有名为 'xls' 的输出格式 - 是否为 'xlsx'",
        ),
    ],
)
def test_a_wrong_call_is_usage(capsys, arguments, words):
    code, printed, said = call(capsys, *arguments)
    assert (code, printed) == (2, "")
    assert words in said


def test_a_workbook_without_a_file_to_go_to_is_usage(tmp_path, capsys):
    code, printed, said = call(capsys, "track", lay_out(tmp_path), "--format", "xlsx", *AS_OF)
    assert (code, printed) == (2, "")
    assert "xlsx 不是文本，请用 --output 给出文件" in said


def test_the_installed_command_ends_with_the_same_codes(tmp_path):
    command = Path(sys.executable).with_name("salesgoal")
    folder = lay_out(tmp_path / "desk", records=RECORDS + "昨天,华南,B,1\n")
    for name, expected in ((folder, 4), (tmp_path / "nowhere", 3)):
        done = subprocess.run(
            [command, "track", name, *AS_OF], capture_output=True, check=False, encoding="utf-8"
        )
        assert done.returncode == expected
        assert done.stderr.startswith("1. ")
