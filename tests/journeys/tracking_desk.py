"""A sales assistant's desk for tracking workbooks: a plan, hands that fill cells, and looks."""

from __future__ import annotations

import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl

from .desk import call

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

PLAN = """\
[plan]
name = "十月"
period = "2023-10"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[metrics.payments]
name = "回款额"
unit = "元"
decimals = 2

[metrics.orders]
name = "订单数"
unit = "个"

[metrics.receivables]
name = "应收余额"
unit = "元"
decimals = 2
aggregation = "last"

[metrics.customers]
name = "新客户数"
unit = "个"
aggregation = "distinct"

[metrics.payment_rate]
name = "回款率"
unit = "%"
decimals = 2
aggregation = "ratio"
numerator = "payments"
denominator = "sales"

[metrics.order_value]
name = "客单价"
unit = "元"
decimals = 2
aggregation = "ratio"
numerator = "sales"
denominator = "orders"

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[dimensions.person]
name = "销售员"
members = ["张三", { name = "李四", aliases = ["小李"] }, "王五"]

[dimensions.kind]
name = "客户类型"
members = ["新客户", "老客户"]

[[breakdowns]]
by = ["region", "person"]

[[targets]]
path = "targets.csv"
"""

TARGETS = """\
区域,销售员,期间,指标,目标,责任人
华东,张三,2023-10,sales,800000,张经理
华东,李四,2023-10,sales,700000,张经理
华南,王五,2023-10,sales,500000.50,王经理
华东,张三,2023-10,orders,40,张经理
华东,张三,2023-10,payment_rate,90,张经理
"""

WEEKS = ("第一周实际(元)", "第二周实际(元)", "第三周实际(元)", "第四周实际(元)")
MONTH = "月度销售业绩跟踪表"
END = ("--as-of", "2023-10-31")
RECORDS = """\
日期,区域,销售员,客户类型,客户,sales,orders
2023-10-03,华东,张三,新客户,云帆,150000,2
2023-10-09,华东,张三,老客户,恒信,180000.55,3
2023-10-18,华南,王五,新客户,安泰,20,1
"""


def lay_out(folder, *, plan=PLAN, targets=TARGETS, **tables):
    """Writes the plan and its tables; further tables by name, such as records_csv."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"plan.toml": plan, "targets.csv": targets}
    contents |= {name.replace("_csv", ".csv"): text for name, text in tables.items()}
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


RECORDED = PLAN + '\n[[actuals]]\npath = "records.csv"\ncolumns = { customers = "客户" }\n'


def make(capsys, folder, *options, name="跟踪表-2023-10.xlsx"):
    """Makes the workbook of a plan; returns its path."""
    code, _, said = call(capsys, "template", folder, "-o", folder, *END, *options)
    assert code == 0, said
    return folder / name


class Hand:
    """Fills in a workbook as a person would: by the headers and names that people see."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def page(self, title=MONTH):
        return self.book[title]

    def header(self, page):
        return next(
            row for row in page.iter_rows() if str(row[0].value).startswith("salesgoal:")
        )

    def column(self, title, page=None):
        page = page or self.page()
        found = [cell.column for cell in self.header(page) if cell.value == title]
        assert len(found) == 1, (title, [cell.value for cell in self.header(page)])
        return found[0]

    def row(self, *names, page=None):
        page = page or self.page()
        for row in page.iter_rows(min_row=self.header(page)[0].row + 1):
            shown = [cell.value for cell in row]
            if all(name in shown for name in names):
                return row[0].row
        raise AssertionError(names)

    def cell(self, title, *names, page=None):
        page = page or self.page()
        return page.cell(self.row(*names, page=page), self.column(title, page))

    def put(self, value, title, *names, page=None):
        cell = self.cell(title, *names, page=page)
        cell.value = value
        return cell.coordinate

    def save(self, path=None):
        self.path = path or self.path
        self.book.save(self.path)
        return self.path


def take(capsys, folder, workbook, *options):
    """Imports a workbook with --yes; returns the exit code, the changes, what is said."""
    code, out, said = call(
        capsys, "import", folder, workbook, "--yes", "--format", "json", *END, *options
    )
    return code, (json.loads(out) if out else {}), said


def figures(capsys, folder, *options):
    """Goal, metric and period -> actual as text, from the machine's report."""
    code, out, said = call(capsys, "track", folder, "--format", "json", *END, *options)
    assert code in {0, 1}, said
    rows = json.loads(out)["rows"]
    return {
        (row["goal"], row["metric"], row["period"]): (row["actual"], row["attainment_pct"])
        for row in rows
    }


def recalculate(workbook, folder):
    """Lets a spreadsheet program open and save a workbook into another folder."""
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / workbook.name


def exact(number):
    return Decimal(format(number, ".15g"))


def problems(said):
    """The codes of what was said, in order."""
    return [
        line.rpartition("[")[2].rstrip("]") for line in said.splitlines() if line.endswith("]")
    ]
