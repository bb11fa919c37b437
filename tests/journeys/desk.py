"""A sales assistant's desk: a small plan with its tables, and the command to run on it."""

from __future__ import annotations

from salesgoal.cli.main import run

AS_OF = ("--as-of", "2023-12-31")

TEAM = """\
[plan]
name = "团队"
period = "2023Q4"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[dimensions.product]
name = "产品"
members = ["A", { name = "A1", parent = "A" }, "B"]

[[breakdowns]]
by = ["region", "product"]

[[targets]]
path = "targets.csv"
"""
"""The plan without where its actuals come from."""

PLAN = (
    TEAM
    + """
[[actuals]]
path = "records.csv"
"""
)

TARGETS = """\
区域,产品,期间,目标
华东,A,2023Q4,"1,000.00"
华南,B,2023Q4,500
"""

OWNED = """\
区域,产品,期间,目标,责任人,完成时限
华东,A,2023Q4,"1,000.00",张三,2023-12-31
华南,B,2023Q4,500,李四,2023-12-31
"""
"""The same with owners and due dates: nothing is left to find."""

RECORDS = """\
日期,区域,产品,销售额
2023-10-06,华东,A,900.50
2023-11-07,华南,B,500
"""


def lay_out(folder, *, plan=PLAN, targets=TARGETS, records=RECORDS):
    """Writes the plan and its tables; None leaves a table out, bytes go in as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"plan.toml": plan, "targets.csv": targets, "records.csv": records}
    for name, content in contents.items():
        if content is not None:
            whole = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(whole)
    return folder


def call(capsys, *arguments):
    """Runs the command in this process: its exit code, what it prints, what it says."""
    code = run([str(each) for each in arguments])
    heard = capsys.readouterr()
    return int(code), heard.out, heard.err
