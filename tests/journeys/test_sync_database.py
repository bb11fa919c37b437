"""Orders of a shop's database in the ledger: whole, or by what changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from tests.servers import ON_A_SERVER

from .crm_desk import PLAN, TOKEN, rewrite, synced, total
from .desk import TARGETS, call

OPTIONS = """\
select = "SELECT id, day, region, product, amount, updated_at, gone FROM orders"
key = "id"
revision = "updated_at"
deleted = "gone"
"""
SALES = PLAN.replace('\nimporter = "acme"', '\nimporter = "{importer}"').replace(
    'counts = {{ column = "won", equals = ["true"] }}\n', ""
)
SALES = SALES.partition("[actuals.options]")[0] + "[actuals.options]\n{options}\n[ledger]\n"


class Shop:
    """A table of orders; moments are texts with a zone, as SQLite keeps them."""

    def __init__(self, folder):
        self.path = folder / f"{TOKEN}.db"
        self.run(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, day TEXT, region TEXT, product TEXT,"
            " amount DECIMAL(12, 2), updated_at TEXT, gone INTEGER)"
        )
        self.minute = 0
        for key, amount in ((1, "900.55"), (2, "0.10"), (3, "0.20")):
            self.put(key, amount)

    def run(self, statement, *values):
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)

    def put(self, key, amount, *, region="华东", gone=0):
        self.minute += 20
        moment = f"2023-10-06T{8 + self.minute // 60:02}:{self.minute % 60:02}:00+08:00"
        self.run(
            "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(key, "2023-10-06", region, "A", float(amount), moment, gone),
        )


@pytest.fixture
def shop(tmp_path, monkeypatch):
    made = Shop(tmp_path)
    monkeypatch.setenv("SHOP_URL", f"sqlite:///{made.path}")
    return made


@pytest.fixture
def lay_out(tmp_path, shop):  # noqa: ARG001 - its url is named in the plan
    def laid_out(importer, options=OPTIONS, url='url = { env = "SHOP_URL" }'):
        folder = tmp_path / "desk"
        folder.mkdir()
        text = SALES.format(importer=importer, options=f"{url}\n{options}")
        (folder / "plan.toml").write_text(text, encoding="utf-8")
        (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
        return folder

    return laid_out


def test_changes_of_orders_are_followed_to_the_fen(capsys, lay_out, shop):
    desk = lay_out("sql-changes")
    code, (line,), said = synced(capsys, desk)
    assert (code, line["added"], line["scope"]) == (0, 3, "first"), said
    assert total(capsys, desk) == "900.85"
    shop.put(2, "99.99")
    shop.put(3, "0.20", gone=1)
    shop.put(4, "1.00")
    code, (line,), said = synced(capsys, desk)
    assert code == 0, said
    assert (line["scope"], line["added"], line["corrected"], line["retired"]) == (
        *("changes", 1, 1, 1),
    )
    assert total(capsys, desk) == "1001.54"


def test_the_url_is_nowhere_in_the_ledger(capsys, lay_out):
    desk = lay_out("sql-changes")
    _, _, said = synced(capsys, desk)
    assert TOKEN not in said
    assert TOKEN.encode() not in (desk / "plan.ledger.db").read_bytes()


def test_a_whole_table_takes_out_what_it_lacks(capsys, lay_out, shop):
    desk = lay_out("sql")
    synced(capsys, desk)
    shop.run("DELETE FROM orders WHERE id = 1")
    code, (line,), said = synced(capsys, desk)
    assert (code, line["scope"], line["withdrawn"]) == (0, "always", 1), said
    assert total(capsys, desk) == "0.30"


def test_a_row_that_is_wrong_is_rejected_and_the_rest_counts(capsys, lay_out, shop):
    desk = lay_out("sql-changes")
    shop.put(5, "1.005")
    shop.put(6, "7", region="火星")
    code, (line,), said = synced(capsys, desk)
    assert (line["added"], line["rejected"]) == (3, 2)
    assert code != 0
    assert "excess-decimals" in said
    assert total(capsys, desk) == "900.85"


@pytest.mark.parametrize(
    ("url", "said_of"),
    [
        ('url = "postgresql://me:pw@host/db"', "a url without a password"),
        ('url = { env = "NO_SUCH_URL" }', "NO_SUCH_URL"),
        ('url = { env = "SHOP_URL" }\nwhere = "x"', "where"),
    ],
)
def test_wrong_options_are_named(capsys, lay_out, url, said_of):
    code, _, said = call(capsys, "sync", lay_out("sql", url=url), "--lang", "en")
    assert code != 0
    assert said_of in said


def test_no_error_shows_the_url(capsys, lay_out, shop):
    desk = lay_out("sql", OPTIONS.replace("FROM orders", "FROM nowhere"))
    code, _, said = call(capsys, "sync", desk, "--lang", "en")
    assert code != 0
    assert "no such table: nowhere" in said
    shop.path.unlink()
    _, _, again = call(capsys, "sync", desk, "--lang", "en")
    assert "there is no file" in again
    for text in (said, again, (desk / "plan.toml").read_text(encoding="utf-8")):
        assert TOKEN not in text


@pytest.mark.parametrize("importer", [pytest.param("sql-changes", marks=ON_A_SERVER)])
def test_orders_of_a_server_are_followed(capsys, lay_out, new_database, monkeypatch, importer):
    import psycopg

    url = new_database()
    monkeypatch.setenv("SHOP_URL", url)
    desk = lay_out(importer)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE orders (id bigint PRIMARY KEY, day timestamptz, region text,"
            " product text, amount numeric(12, 2), updated_at timestamptz, gone boolean)"
        )
        put = (
            "INSERT INTO orders VALUES (%s, %s, '华东', 'A', %s, now(), false) ON CONFLICT (id)"
            " DO UPDATE SET amount = excluded.amount, updated_at = now()"
        )
        # Half past four in the afternoon in London is the next day in Shanghai.
        connection.execute(put, (1, "2023-09-30T16:30:00Z", "900.55"))
        connection.execute(put, (2, "2023-12-31T16:30:00Z", "5"))
        code, (line,), said = synced(capsys, desk)
        assert (code, line["read"]) == (0, 2), said
        assert total(capsys, desk) == "900.55"
        connection.execute(put, (1, "2023-09-30T16:30:00Z", "900.56"))
        assert synced(capsys, desk)[1][0]["corrected"] == 1
    assert total(capsys, desk) == "900.56"
    rewrite(desk, "FROM orders", "FROM orders WHERE id = 1")
    assert synced(capsys, desk)[1][0]["withdrawn"] == 1
    assert total(capsys, desk) == "900.56"
