"""A sales manager writes the report as a page to look at on the phone."""

from __future__ import annotations

import csv
import random
from itertools import product

import pytest

from .desk import AS_OF, call, lay_out

MOST_BYTES = 300_000
TEAMS = [f"{region}{number}部" for region in "东南西北中" for number in "一二三四五六七八九十"]
PEOPLE = [f"{team}{at:02d}号" for team in TEAMS for at in range(9)][:444]

LARGE_PLAN = """\
[plan]
name = "2026年度"
period = "2026"
levels = ["year", "quarter", "month"]

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[dimensions.team]
name = "团队"
members = [
{members}
]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"

[[reviews]]
path = "reviews.csv"
"""


def test_report_writes_a_page_beside_the_reader(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = lay_out(tmp_path / "plan")
    code, _, said = call(capsys, "report", folder, *AS_OF, "--format", "html")
    assert code == 0
    assert "已写入 report.html" in said
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "销售额：读入合计 1,400.50 = 计入总目标 1,400.50" in page
    assert "<th scope=row>华东" in page


def test_track_writes_a_page_in_english(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    page = tmp_path / "out" / "week.html"
    code, _, _ = call(
        capsys, *("track", folder, *AS_OF, "--format", "html", "-o", page, "--lang", "en")
    )
    assert code == 0
    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_a_page_needs_a_file_where_track_would_print(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--format", "html")
    assert code == 2
    assert printed == ""
    assert "--output" in said


def test_two_runs_give_the_same_page(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    pages = [tmp_path / f"{run}.html" for run in "ab"]
    for page in pages:
        assert call(capsys, "report", folder, *AS_OF, "--format", "html", "-o", page)[0] == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()


def lay_out_500_goals(folder):
    """A plan of five regions, fifty teams and 444 people, targets and sales to the fen."""
    rng = random.Random(5)  # noqa: S311 - figures, not secrets
    members = [f'"{region}"' for region in "东南西北中"]
    members += [f'{{ name = "{team}", parent = "{team[0]}" }}' for team in TEAMS]
    members += [f'{{ name = "{one}", parent = "{one[:3]}" }}' for one in PEOPLE]
    folder.mkdir()
    plan = LARGE_PLAN.replace("{members}", ",\n".join(members))
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    tables = {
        "targets": [("团队", "期间", "目标", "责任人")],
        "records": [("日期", "团队", "销售额")],
        "reviews": [("团队", "期间", "主要偏差原因", "偏差金额", "改进措施", "完成时限")],
    }
    for one, month in product(PEOPLE, months):
        target = rng.randrange(5_000_000, 40_000_000)
        tables["targets"].append((one, month, f"{target / 100:.2f}", f"{one}经理"))
        if month < "2026-12":
            sold = target * rng.randrange(600, 1300) // 1000
            tables["records"].append((f"{month}-15", one, f"{sold / 100:.2f}"))
    for one in PEOPLE[::4]:
        amount = rng.randrange(100_000, 3_000_000) / 100
        cause = rng.choice(["市场竞争加剧", "客户预算延迟"])
        words = f"{one}每周回访重点客户"
        row = (one, rng.choice(months[:11]), cause, f"{amount:.2f}", words, "2026-12-15")
        tables["reviews"].append(row)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    return folder


@pytest.mark.slow
def test_the_whole_report_of_500_goals_and_17_periods_stays_below_300_kilobytes(
    tmp_path, capsys
):
    folder = lay_out_500_goals(tmp_path / "large")
    page = tmp_path / "large.html"
    call(capsys, "report", folder, "--as-of", "2026-11-25", "--format", "html", "-o", page)
    text = page.read_text(encoding="utf-8")
    assert "此表共 8,500 行，这里列出 500 行。" in text
    assert "业绩偏差分析表" in text
    assert "改进措施表" in text
    assert page.stat().st_size <= MOST_BYTES
