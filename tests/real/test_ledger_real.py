"""Real plans through a ledger: the same figures as from the files, and once only."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PLANS = [
    ("packt_superstore", "plan_countries_2014.toml", "2014-12-31"),
    ("packt_superstore", "plan_categories_2022.toml", "2022-12-31"),
    ("datawhale_cn", "plan_daily.toml", "2021-12-31"),
    ("ecommerce_in", "plan.toml", "2019-03-31"),
]


def run(*arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "salesgoal", *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stderr[-3000:]
    return done


@pytest.mark.parametrize(("name", "plan", "as_of"), PLANS)
def test_a_real_plan_is_the_same_through_a_ledger(prepared, name, plan, as_of):
    folder = prepared(name)
    recorded = folder / f"recorded_{plan}"
    recorded.write_text((folder / plan).read_text("utf-8") + "\n[ledger]\n", "utf-8")
    asked = ("--as-of", as_of, "--format", "json")
    run("import", recorded)
    files = json.loads(run("track", folder / plan, *asked).stdout)
    ledger = json.loads(run("track", recorded, *asked).stdout)
    assert ledger["rows"] == files["rows"]
    assert ledger["reconciliation"] == files["reconciliation"]
    assert "= 新增 0 + 未变" in run("import", recorded).stderr
    assert json.loads(run("track", recorded, *asked).stdout)["rows"] == files["rows"]
