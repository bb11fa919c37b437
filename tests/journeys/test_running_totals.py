"""A table with a line or column a month, filled in while the month runs."""

from __future__ import annotations

import json
import os

import pytest

from .desk import PLAN, call, lay_out

MONTHS = """\
期间,区域,产品,销售额
2023-10,华东,A,900.50
2023年11月,华东,A,300
2023-12,华东,A,10
"""
WIDE = """\
区域,产品,10月,11月,12月
华东,A,900.50,300,10
"""
MIDDLE = ("--as-of", "2023-11-15")
TO_DATE = "totals_to_date = true\n"


def figures(capsys, folder, *arguments):
    """Period -> actual of the root, and what is said beside."""
    code, printed, said = call(
        capsys, "track", folder, *MIDDLE, "--format", "json", "--lang", "en", *arguments
    )
    assert code == 0, said
    rows = (row for row in json.loads(printed)["rows"] if not row["goal"])
    return {row["period"]: row["actual"] for row in rows}, said


@pytest.fixture(params=["rows", "wide", "fast", "ledger"])
def desk(request, tmp_path, capsys, monkeypatch):
    """Lays out the plan, with more said of its source."""

    def made(more=""):
        monkeypatch.setenv("SALESGOAL_FAST", "1" if request.param == "fast" else "0")
        plan = PLAN + more + ("\n[ledger]\n" if request.param == "ledger" else "")
        records = WIDE if request.param == "wide" else MONTHS
        folder = lay_out(tmp_path / "desk", plan=plan, records=records)
        if request.param == "ledger":
            os.utime(folder / "records.csv", (1_700_000_000, 1_700_000_000))
            assert call(capsys, "import", folder, "--yes")[0] == 0
        return folder

    return made


def test_a_running_month_is_left_out_and_said_to_be(desk, capsys):
    found, said = figures(capsys, desk())
    months = ("2023-10", "2023-11", "2023-12", "2023Q4")
    assert [found[each] for each in months] == ["900.50", None, None, "900.50"]
    line = "1 rows are totals of a period that is not over, left out (2023-11, to 2023-11-30)"
    assert line in said
    assert "totals_to_date = true [period-not-over]" in said


def test_it_counts_where_the_source_says_what_came_so_far(desk, capsys):
    folder = desk(TO_DATE)
    found, said = figures(capsys, folder)
    assert (found["2023-11"], found["2023Q4"]) == ("300.00", "1200.50")
    assert "period-not-over" not in said
    (code, printed, said) = call(
        capsys, "explain", folder, *MIDDLE, "--goal", "华东/A", "--period", "2023-11"
    )
    assert code == 0, said
    assert "300.00" in printed
    assert "10.00" in printed  # December, outside
