"""Tables of orders to read from: a file of SQLite, and a database of a PostgreSQL server."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import attrs

from salesgoal.app.builtins import built_in_plugins
from salesgoal.plugins.sql.options import SqlChangesOptions, SqlOptions
from salesgoal.ports.importer import ReadRequest

PLUGINS = built_in_plugins()
NOON = datetime(2023, 10, 6, 4, tzinfo=UTC)
SELECT = "SELECT id, sold_on, region, amount, updated_at, is_deleted FROM orders"


def minute(number):
    return NOON + timedelta(minutes=number)


@attrs.define
class Orders:
    """The table ``orders``; moments are kept as the database of its kind keeps them."""

    url: str
    execute: object

    def put(self, key, amount="1.00", at=0, *, region="华东", deleted=0):
        moment = minute(at)
        written = f"{moment:%Y-%m-%dT%H:%M:%S}Z" if "sqlite" in self.url else moment
        self.execute("DELETE FROM orders WHERE id = ?", (key,))
        self.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)",
            (key, "2023-10-06", region, amount, written, deleted),
        )

    def whole(self, size=200, select=SELECT, **options):
        options = SqlOptions(url=self.url, select=select, **options)
        return list(PLUGINS.importer("sql").read(ReadRequest(options=options, page_size=size)))

    def changes(self, since=None, size=200, until=60, select=SELECT, **options):
        told = {"key": "id", "revision": "updated_at", "deleted": "is_deleted", **options}
        request = ReadRequest(
            options=SqlChangesOptions(url=self.url, select=select, **told),
            since=since,
            until=minute(until) if isinstance(until, int) else until,
            page_size=size,
        )
        return PLUGINS.importer("sql-changes").read(request)


def sqlite_orders(path, moments="TEXT"):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, sold_on TEXT, region TEXT, amount TEXT,"
        f" updated_at {moments}, is_deleted INTEGER)"
    )
    return Orders(f"sqlite:///{path}", connection.execute), connection


def postgres_orders(url):
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute(
        "CREATE TABLE orders (id bigint PRIMARY KEY, sold_on date, region text,"
        " amount numeric(15, 2), updated_at timestamptz, is_deleted int)"
    )

    def execute(statement, values):
        connection.execute(statement.replace("?", "%s"), values)

    return Orders(url, execute), connection


def keys(pages):
    return [row.key for page in pages for row in page.rows]
