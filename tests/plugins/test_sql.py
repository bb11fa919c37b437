from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesgoal.errors import (
    AuthError,
    ConfigError,
    MissingExtra,
    Unavailable,
    UsageError,
)
from salesgoal.plugins.sql import changes
from salesgoal.plugins.sql.options import SqlChangesOptions, SqlOptions
from salesgoal.plugins.sql.statement import checked_select
from salesgoal.ports.importer import ReadRequest, Unreadable
from salesgoal.ports.secret import Secret

from .sql_orders import (
    NOON,
    PLUGINS,
    SELECT,
    Orders,
    keys,
    minute,
    postgres_orders,
    sqlite_orders,
)


@pytest.fixture(autouse=True)
def _small_questions(monkeypatch):
    """As many rows a question as a page has, so that a few rows are many questions."""
    monkeypatch.setattr(changes, "BATCH", 1)


# Whole tables.


def test_a_table_is_read_whole_in_the_order_of_its_key(orders):
    for key in (3, 1, 2):
        orders.put(key, f"{key}.50")
    pages = orders.whole(size=2, key="id")
    assert [len(page.rows) for page in pages] == [2, 1]
    assert {page.cursor for page in pages} == {None}
    assert {page.columns for page in pages} == {
        ("id", "sold_on", "region", "amount", "updated_at", "is_deleted")
    }
    assert keys(pages) == ["1", "2", "3"]
    row = pages[0].rows[0]
    assert row.where.text() == "sql, 1"
    assert row.values[2] == "华东"
    assert Decimal(row.values[3]) == Decimal("1.50")
    assert not row.deleted


def test_an_empty_table_still_says_its_columns(orders):
    (page,) = orders.whole()
    assert (page.rows, page.columns[:2]) == ((), ("id", "sold_on"))


def test_rows_without_a_key_are_numbered(lite):
    lite.put(7)
    lite.put(9)
    (page,) = lite.whole()
    assert [(row.key, row.where.row) for row in page.rows] == [(None, 1), (None, 2)]


def test_a_row_that_is_marked_as_deleted_says_so(orders):
    orders.put(1, deleted=1)
    orders.put(2)
    (page,) = orders.whole(key="id", deleted="is_deleted")
    assert [row.deleted for row in page.rows] == [True, False]


def test_a_key_of_several_columns_is_one_text(lite):
    lite.put(1, region="a/b")
    lite.put(2, region="a")
    (page,) = lite.whole(key=["region", "id"])
    assert keys([page]) == ["a/2", "a\\/b/1"]


@pytest.mark.parametrize("mark", ["2023-10-06 08:00:00", "是", "T", "yes"])
def test_marks_of_deletion_may_be_words_or_the_moment_of_it(lite, mark):
    lite.put(1, region=mark)
    lite.put(2, region="否")
    (page,) = lite.whole(key="id", deleted="region")
    assert [row.deleted for row in page.rows] == [True, False]


def test_a_mark_of_deletion_that_says_neither_is_refused(lite):
    lite.put(1, region="maybe")
    with pytest.raises(ConfigError, match="column region says neither yes nor no: 'maybe'"):
        lite.whole(key="id", deleted="region")


def test_a_whole_table_may_have_revisions(lite):
    lite.put(1, at=3)
    lite.put(2)
    lite.execute("UPDATE orders SET updated_at = NULL WHERE id = 2")
    (page,) = lite.whole(revision="updated_at")
    assert [row.revision for row in page.rows] == [minute(3), None]
    bare = SELECT.replace("updated_at", "'2023-10-06 12:00' AS updated_at")
    with pytest.raises(ConfigError, match="have no zone; set zone"):
        lite.whole(select=bare, revision="updated_at")
    (page,) = lite.whole(select=bare, revision="updated_at", zone="Asia/Shanghai")
    assert {row.revision for row in page.rows} == {NOON}


def test_a_deleted_row_without_its_key_is_refused(lite):
    lite.execute("INSERT INTO orders (region, is_deleted) VALUES (NULL, 1)")
    with pytest.raises(ConfigError, match="row 1 is deleted and has no key"):
        lite.whole(key="region", deleted="is_deleted")
    with pytest.raises(UsageError, match="a key, by which deleted rows are known"):
        lite.whole(deleted="is_deleted")


# Cells.


def cells(lite, expression):
    (page,) = lite.whole(select=f"SELECT {expression} AS x")
    return page.rows[0].values[0]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1234.5", Decimal("1234.5")),
        ("0.1 + 0.2", Decimal("0.3")),
        ("1234567890123.45", Decimal("1234567890123.45")),
        ("2.0", 2),
        ("12", 12),
        ("9007199254740993", 9007199254740993),
        ("'1,234.50'", "1,234.50"),
        ("NULL", None),
        ("9e999", Unreadable("inf", "not-a-number")),
        ("1e15 + 0.5", Unreadable("1000000000000000.5", "out-of-range")),
        ("x'01'", Unreadable(r"b'\x01'", "no-cell-value", {"kind": "bytes"})),
    ],
)
def test_fractions_of_sqlite_come_as_exact_as_it_keeps_them(lite, expression, value):
    found = cells(lite, expression)
    assert found == value
    assert type(found) is type(value)


def test_a_third_keeps_its_digits_for_the_core_to_refuse(lite):
    assert cells(lite, "1.0 / 3") == Decimal("0.333333333333333")


def test_every_amount_below_1e13_survives_the_binary_fractions_of_sqlite(lite):
    amounts = [Decimal(n * 7919 + 1) / 100 for n in range(0, 10**15 // 7919, 10**9 // 8)]
    lite.execute("CREATE TABLE real_amounts (x REAL)")
    lite.execute("BEGIN")
    for amount in amounts:
        lite.execute("INSERT INTO real_amounts VALUES (?)", (str(amount),))
    lite.execute("COMMIT")
    assert len(amounts) > 1000
    pages = lite.whole(select="SELECT x FROM real_amounts ORDER BY rowid", size=500)
    assert [row.values[0] for page in pages for row in page.rows] == amounts


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1234.50::numeric(12, 2)", Decimal("1234.50")),
        ("0.1::float8 + 0.2::float8", Decimal("0.3")),
        ("1234567.89::float4", Unreadable("1234567.9", "single-precision")),
        ("NULL::float4", None),
        ("DATE '2023-10-06'", date(2023, 10, 6)),
        ("TIMESTAMP '2023-10-06 08:00'", datetime(2023, 10, 6, 8)),  # noqa: DTZ001
        ("TIMESTAMPTZ '2023-10-06 08:00+08'", datetime(2023, 10, 6, 0, tzinfo=UTC)),
        ("TIME '08:00'", "08:00:00"),
        ("true", True),
        (
            "'6f8cbd3e-0000-4000-8000-000000000000'::uuid",
            "6f8cbd3e-0000-4000-8000-000000000000",
        ),
        ("'{\"a\": 1}'::json", Unreadable("{'a': 1}", "no-cell-value", {"kind": "dict"})),
        ("'a :b %s 08:00'", "a :b %s 08:00"),
    ],
)
@pytest.mark.postgres
@pytest.mark.slow
def test_values_of_postgresql_come_exactly(new_database, expression, value):
    found = cells(Orders(new_database(), None), expression)
    assert found == value
    assert type(found) is type(value)


# Statements.


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'a;b' AS x;",
        "  with t as (select 1 as x) select * from t ;\n",
        "-- first; comment\nSELECT 1 AS x -- last; comment",
        '/* ; */ SELECT 1 AS "x;y"',
        "SELECT ' :name 08:00 %s' AS x",
    ],
)
def test_one_select_is_read_whatever_its_quotes_and_comments_hold(lite, statement):
    (page,) = lite.whole(select=statement)
    assert len(page.rows) == 1


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM orders", "begins with 'DELETE'"),
        ("", "begins with ''"),
        ("-- SELECT\nDROP TABLE orders", "begins with 'DROP'"),
        ("SELECT 1; DROP TABLE orders", "more than one statement"),
        ("SELECT 1; SELECT 2;", "more than one statement"),
    ],
)
def test_what_is_no_select_is_not_sent(statement, fault):
    with pytest.raises(ConfigError, match=fault):
        checked_select(statement)


def test_nothing_is_written_whatever_the_select_says(orders):
    orders.put(1)
    writing = "WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone"
    with pytest.raises(ConfigError):
        orders.whole(select=writing)
    assert keys(orders.whole(key="id")) == ["1"]


@pytest.mark.postgres
@pytest.mark.slow
def test_a_column_that_is_there_twice_is_no_key(new_database):
    with pytest.raises(ConfigError, match="has twice the column id"):
        Orders(new_database(), None).whole(
            select="SELECT 1 AS x, 2 AS id, 3 AS id", key="x", deleted="id"
        )


@pytest.mark.postgres
@pytest.mark.slow
def test_a_function_that_writes_is_stopped_by_the_transaction(new_database):
    orders, connection = postgres_orders(new_database())
    connection.execute(
        "CREATE FUNCTION sneak() RETURNS int LANGUAGE sql AS"
        " 'INSERT INTO orders (id) VALUES (9) RETURNING 1'"
    )
    with pytest.raises(ConfigError, match="read-only transaction"):
        orders.whole(select="SELECT sneak() AS x")
    assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)
    connection.close()


def test_a_file_of_sqlite_that_is_not_there_is_not_made(tmp_path):
    path = tmp_path / "none.db"
    with pytest.raises(ConfigError, match="there is no file"):
        Orders(f"sqlite:///{path}", None).whole()
    assert not path.exists()


def test_a_column_that_is_not_there_is_named_with_those_that_are(lite):
    with pytest.raises(ConfigError, match="has no column sku; its columns are id, sold_on"):
        lite.whole(key="id", deleted="sku")
    with pytest.raises(ConfigError, match="has no column sku"):
        list(lite.changes(revision="sku"))


# Secrets and errors.


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


SENTINEL = "s3ntinel-\u5bc6"


@pytest.mark.parametrize(
    "url",
    [
        Secret(f"postgresql://me:{SENTINEL}@127.0.0.1:1/sales?connect_timeout=1"),
        Secret(f"nonsense:{SENTINEL}"),
        Secret(f"klingon://me:{SENTINEL}@host/db"),
        Secret(f"postgresql://me:{SENTINEL}@p@ss@host/db"),
    ],
)
def test_no_error_shows_a_secret(url):
    pytest.importorskip("psycopg")
    options = SqlOptions(url=url, select="SELECT 1")
    with pytest.raises((ConfigError, Unavailable)) as raised:
        list(PLUGINS.importer("sql").read(ReadRequest(options=options)))
    for error in chain(raised.value):
        assert SENTINEL not in f"{error!r} {error} {getattr(error, '__notes__', '')}"
    assert raised.value.__context__ is None
    assert SENTINEL not in repr(options)


def test_an_error_of_the_database_is_told_in_its_first_line_alone(lite):
    with pytest.raises(ConfigError, match="no such table: nowhere") as raised:
        lite.whole(select="SELECT * FROM nowhere WHERE secret = 'x'")
    assert "SELECT" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_locked_file_is_tried_again_later(tmp_path):
    path = tmp_path / "sales.db"
    _, connection = sqlite_orders(path)
    connection.execute("BEGIN EXCLUSIVE")
    options = SqlOptions(url=f"sqlite:///{path}?timeout=0.1", select=SELECT)
    with pytest.raises(Unavailable, match="database is locked"):
        list(PLUGINS.importer("sql").read(ReadRequest(options=options)))
    connection.close()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_stranger_is_not_let_in(server):
    url = server.format("postgres").replace("postgres@", "stranger@")
    with pytest.raises(AuthError):
        Orders(url, None).whole(select="SELECT 1")
    absent = server.format("absent")
    with pytest.raises(Unavailable, match='database "absent" does not exist'):
        Orders(absent, None).whole(select="SELECT 1")


@pytest.mark.parametrize(
    "url", ["postgresql://me:pw@host/db", "mysql://host/db?password=pw", "sales.db"]
)
def test_a_plan_holds_no_password(url):
    with pytest.raises(UsageError):
        SqlOptions(url=url, select="SELECT 1")


def test_options_are_checked():
    with pytest.raises(UsageError, match="a zone such as"):
        SqlChangesOptions(url="sqlite:///x", select="", key="k", revision="r", zone="Mars/Base")
    with pytest.raises(UsageError, match="from 0 up"):
        SqlChangesOptions(
            url="sqlite:///x", select="", key="k", revision="r", lookback_minutes=-1
        )
    for key in ("", [], ["a", " "]):
        with pytest.raises(UsageError, match="the name of a column"):
            SqlOptions(url="sqlite:///x", select="", key=key)


def test_a_missing_driver_is_named(monkeypatch):
    with pytest.raises(ConfigError, match=r"the driver .* is not installed"):
        Orders("oracle+oracledb://me@host/db", None).whole()
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtra, match="psycopg"):
        Orders("postgresql://me@host/db", None).whole()


def test_a_password_goes_apart_from_its_url():
    pytest.importorskip("psycopg")
    url = "postgresql://me@127.0.0.1:1/sales?connect_timeout=1"
    options = SqlOptions(url=url, password=Secret(SENTINEL), select="SELECT 1")
    with pytest.raises(Unavailable) as raised:
        list(PLUGINS.importer("sql").read(ReadRequest(options=options)))
    assert SENTINEL not in str(raised.value)


def test_a_run_that_is_stopped_leaves_the_file_to_others(lite, tmp_path):
    for key in range(1, 50):
        lite.put(key)
    options = SqlOptions(url=lite.url, select=SELECT)
    pages = PLUGINS.importer("sql").read(ReadRequest(options=options, page_size=2))
    next(pages)
    pages.close()
    with sqlite3.connect(tmp_path / "sales.db", timeout=0) as connection:
        connection.execute("DELETE FROM orders")
    connection.close()
