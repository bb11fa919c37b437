"""A database as a service: whole tables and changes, through `salesgoal sync`."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from .crm_desk import PLAN, synced, total
from .desk import TARGETS, call

HEAD, _, _ = PLAN.partition("[[actuals]]")
SOURCE = """\
[[actuals]]
importer = "{importer}"
source = "erp"
counts = {{ column = "won", equals = ["1"] }}
columns = {{ on = "day", sales = "amount" }}

[actuals.options]
url = {{ env = "ERP_URL" }}
select = "SELECT * FROM orders"
{more}

[ledger]
"""
KEYED = 'key = "id"\nrevision = "changed"\nzone = "Asia/Shanghai"'


class Orders:
    def __init__(self, path):
        self.path = path
        self.run(
            "CREATE TABLE orders (id TEXT, day TEXT, region TEXT, product TEXT,"
            " amount TEXT, won INTEGER, changed TEXT)"
        )
        for number in range(1, 5):
            self.put(f"SO-{number}", amount=f"{number}00.00")

    def run(self, statement, *values):
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)

    def put(self, key, *, amount="1", won=1, changed="2023-10-07 09:00:00"):
        self.run("DELETE FROM orders WHERE id = ?", key)
        values = (key, "2023-10-06", "华东", "A", amount, won, changed)
        self.run("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", *values)


@pytest.fixture
def orders(tmp_path, monkeypatch):
    pytest.importorskip("sqlalchemy")
    monkeypatch.setenv("ERP_URL", f"sqlite:///{tmp_path / 'erp.db'}")
    return Orders(tmp_path / "erp.db")


def lay_out(folder, importer, more):
    folder.mkdir()
    text = HEAD.format(url="", ledger="") + SOURCE.format(importer=importer, more=more)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("importer", "more"), [("sql", ""), ("sql", KEYED)])
def test_a_whole_table_is_what_counts(tmp_path, capsys, orders, importer, more):
    desk = lay_out(tmp_path / "desk", importer, more)
    code, (line,), said = synced(capsys, desk)
    assert (code, line["added"], line["scope"]) == (0, 4, "always"), said
    orders.put("SO-2", amount="250.00", changed="2023-10-08 09:00:00")
    orders.put("SO-3", won=0, changed="2023-10-08 09:00:00")
    orders.run("DELETE FROM orders WHERE id = 'SO-4'")
    code, _, said = synced(capsys, desk)
    assert code == 0, said
    assert total(capsys, desk) == "350.00"
    code, (line,), _ = synced(capsys, desk)
    assert (code, line.get("added"), line["unchanged"]) == (0, None, 2)


def test_changes_of_a_table_are_taken_over(tmp_path, capsys, orders):
    desk = lay_out(tmp_path / "desk", "sql-changes", KEYED)
    code, (line,), said = synced(capsys, desk)
    assert (code, line["added"], line["scope"]) == (0, 4, "first"), said
    orders.put("SO-2", amount="250.00", changed="2023-10-08 09:00:00")
    orders.put("SO-3", won=0, changed="2023-10-08 09:00:00")
    orders.run("DELETE FROM orders WHERE id = 'SO-4'")
    code, (line,), said = synced(capsys, desk)
    assert (code, line["corrected"], line["retired"]) == (0, 1, 1), said
    assert line["scope"] == "changes"
    assert total(capsys, desk) == "750.00"
    code, (line,), _ = synced(capsys, desk, "--full")
    assert (code, line["withdrawn"]) == (0, 1)
    assert total(capsys, desk) == "350.00"


@pytest.mark.usefixtures("orders")
def test_a_url_of_the_environment_is_never_shown(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ERP_URL", "postgresql://goals:sentinel-4711@127.0.0.1:9/erp")
    desk = lay_out(tmp_path / "desk", "sql", "")
    for lang in ("zh", "en"):
        code, printed, said = call(capsys, "sync", desk, "--lang", lang)
        assert code == 3
        assert "sentinel" not in printed + said
