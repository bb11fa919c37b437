"""A team's base in the ledger, from the plan to the figure."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from salesgoal.app import builtins
from salesgoal.app.builtins import built_in_plugins
from salesgoal.cli.main import run
from salesgoal.testing import SENTINEL, Loopback, World
from salesgoal_feishu import salesgoal_importers

from .fake_feishu import APP, TABLE, FakeFeishu

PLAN = """\
[plan]
name = "华东团队"
period = "2026Q1"
zone = "Asia/Shanghai"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[dimensions.stage]
name = "阶段"
members = ["赢单", "洽谈"]

[[breakdowns]]
by = ["stage"]

[[targets]]
path = "targets.csv"

[[actuals]]
importer = "feishu"
source = "商机"
counts = {{ column = "赢单", equals = ["true"] }}
columns = {{ on = "成交日", sales = "金额" }}

[actuals.options]
app_id = "cli_a1"
app_secret = {{ env = "FEISHU_APP_SECRET" }}
app_token = "{app}"
table_id = "{table}"
columns = ["成交日", "阶段", "金额", "赢单"]
base_url = "{url}"

[ledger]
"""


@pytest.fixture
def world(tmp_path, monkeypatch):
    world = World()
    fake = FakeFeishu(world)
    plugin = SimpleNamespace(salesgoal_importers=salesgoal_importers)
    made = built_in_plugins().add(plugin, "feishu", "salesgoal-feishu")
    monkeypatch.setattr(builtins, "load_plugins", lambda: made)
    monkeypatch.setenv("FEISHU_APP_SECRET", SENTINEL)
    with Loopback(answer=fake.answer) as server:
        text = PLAN.format(app=APP, table=TABLE, url=server.base_url)
        (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
        targets = "阶段,期间,目标\n赢单,2026Q1,100000\n"
        (tmp_path / "targets.csv").write_text(targets, encoding="utf-8")
        yield world


def synced(capsys, folder):
    code = run(["sync", str(folder), "--format", "json"])
    heard = capsys.readouterr()
    assert SENTINEL not in heard.out + heard.err
    assert code == 0, heard.err
    return json.loads(heard.out)["synced"][0]


def reached(capsys, folder):
    run(["track", str(folder), "--as-of", "2026-03-31", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    return next(row["actual"] for row in rows if not row["goal"] and row["period"] == "2026Q1")


def test_a_base_becomes_a_figure_and_stays_true(capsys, world, tmp_path):
    world.put("A", "150000.05")
    world.put("B", "0.10", won=False)
    world.put("C", "0.01")
    assert int(synced(capsys, tmp_path)["read"]) == 3
    assert reached(capsys, tmp_path) == "150000.06"
    world.advance(60)
    world.edit("A", amount="9.99")
    world.edit("B", amount="0.10", won=True)
    world.delete("C")
    world.put("D", "1.00")
    line = synced(capsys, tmp_path)
    assert int(line["withdrawn"]) == 1
    assert reached(capsys, tmp_path) == "11.09"
    assert SENTINEL.encode() not in (tmp_path / "plan.ledger.db").read_bytes()
