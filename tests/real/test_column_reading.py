"""The public files read by whole columns and row by row: the same bytes, and mostly at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.ports.importer import NotPlain, ReadRequest

SPEC = built_in_plugins().importer("csv")
PLANS = [
    ("adventureworks_dw", "plan_territory.toml", "2013-12-31", True),
    ("adventureworks_dw", "plan_team_fiscal.toml", "2013-12-31", True),
    ("adventureworks_dw", "plan_product.toml", "2013-12-31", True),
    ("datawhale_cn", "plan.toml", "2018-12-31", True),
    ("ecommerce_in", "plan.toml", "2019-03-31", True),
    ("packt_superstore", "plan_countries_2014.toml", "2014-12-31", False),
]


def track(path, as_of, switch):
    command = [sys.executable, "-m", "salesgoal", "track", str(path), "--as-of", as_of]
    done = subprocess.run(
        [*command, "--format", "json", "--lang", "en"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "SALESGOAL_FAST": switch},
    )
    assert done.returncode in {0, 1, 4}, done.stderr
    return done


@pytest.mark.parametrize(("name", "plan", "as_of", "together"), PLANS)
def test_both_ways_say_the_same_of_real_files(prepared, name, plan, as_of, together):
    path = prepared(name) / plan
    rows, columns = (track(path, as_of, switch) for switch in ("0", "1"))
    assert rows.stdout == columns.stdout
    said = [line for line in columns.stderr.splitlines() if "read by whole" not in line]
    ways = [line for line in said if "read row by row" in line]
    assert [line for line in said if line not in ways] == rows.stderr.splitlines()
    assert ("read by whole columns" in columns.stderr) == together, columns.stderr


def test_every_text_file_is_cut_into_the_same_cells(shared):
    whole = 0
    for path in sorted((shared / "data").rglob("*.csv")):
        request = ReadRequest(source=path, grid=True)
        try:
            strict = [row.values for page in SPEC.read(request) for row in page.rows]
            columns = SPEC.columns(request)
        except SourceRefused:
            continue
        if not isinstance(columns, NotPlain):
            assert columns.frame.rows() == strict, path
            whole += 1
    assert whole > 20
