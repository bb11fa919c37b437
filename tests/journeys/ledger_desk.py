"""A desk whose daily and weekly reports go through a ledger."""

from __future__ import annotations

import csv
import json
import os

from .desk import TARGETS, TEAM, call

ZONED = TEAM.replace('"2023Q4"\n', '"2023Q4"\nzone = "Asia/Shanghai"\n')
PLAN = (
    ZONED.replace("\n[metrics", "\n[plan.workdays]\n\n[metrics")
    + """
[[actuals]]
path = "日报/*.csv"
source = "orders"

[[actuals]]
path = "周报/*.csv"
source = "orders"

[ledger]
"""
)
KEYED = PLAN.replace('source = "orders"', 'source = "orders"\nkey = ["订单号"]')

EAST = ("2023-10-06", "华东", "A", "900.50")
SOUTH = ("2023-10-09", "华南", "B", "500")
WRONG = ("2023-10-09", "华楠", "B", "500")


def lay_out(folder, plan=PLAN):
    for name in (folder, folder / "日报", folder / "周报"):
        name.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


def put(folder, name, *rows, at=0, header=("日期", "区域", "产品", "销售额")):
    """Writes a report as of so many hours after the seventh of October."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    moment = 1_696_636_800 + at * 3600
    os.utime(path, (moment, moment))
    return path


def put_keyed(folder, name, *rows, at=0):
    return put(folder, name, *rows, at=at, header=("订单号", "日期", "区域", "产品", "销售额"))


def imported(capsys, folder, *arguments):
    """Imports: the exit code, document -> its outcomes above zero, and what is said."""
    code, printed, said = call(
        capsys, "import", folder, *arguments, "--format", "json", "--lang", "en"
    )
    lines = json.loads(printed)["imported"] if printed else []
    found = {line["document"]: outcomes(line) for line in lines if line["document"]}
    return code, found, said


def outcomes(line):
    names = "added unchanged corrected duplicate conflict stale retired rejected ignored"
    counts = {name: int(line[name]) for name in [*names.split(), "withdrawn"]}
    found = {name: rows for name, rows in counts.items() if rows}
    return {**found, "result": line["result"]}


def total(capsys, folder, *arguments):
    """What the root reached by the ledger, and the exit code."""
    code, printed, said = call(
        capsys, "track", folder, "--as-of", "2023-12-31", "--format", "json", *arguments
    )
    assert printed, said
    content = json.loads(printed)
    (root,) = (row for row in content["rows"] if not row["goal"] and row["period"] == "2023Q4")
    return code, root["actual"]
