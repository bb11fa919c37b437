from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.servers import ON_A_SERVER

from salesgoal.errors import (
    AuthError,
    BadResponse,
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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def orders(request, tmp_path):
    if request.param == "sqlite":
        made, connection = sqlite_orders(tmp_path / "sales.db")
    else:
        made, connection = postgres_orders(request.getfixturevalue("new_database")())
    yield made
    connection.close()


@pytest.fixture
def lite(tmp_path):
    made, connection = sqlite_orders(tmp_path / "sales.db")
    yield made
    connection.close()


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


# Changes.


def test_changes_are_read_in_the_order_of_revision_and_key(orders):
    orders.put(5, at=1)
    orders.put(2, at=3)
    orders.put(9, at=2)
    pages = list(orders.changes(size=2))
    assert keys(pages) == ["5", "9", "2"]
    assert [row.revision for row in pages[0].rows] == [minute(1), minute(2)]
    assert all(page.cursor for page in pages)


def test_a_second_run_reads_only_what_is_new_and_looks_back(orders):
    orders.put(1, at=0)
    orders.put(2, at=30)
    *_, last = orders.changes()
    orders.put(3, at=40)
    orders.put(4, at=20)  # became visible after it was stamped
    orders.put(5, at=10)  # later still than the look-back allows
    assert keys(orders.changes(last.cursor)) == ["4", "2", "3"]
    assert keys(orders.changes(last.cursor, lookback_minutes=0)) == ["2", "3"]
    assert keys(orders.changes(last.cursor, lookback_minutes=25)) == ["5", "4", "2", "3"]


def test_looking_back_never_takes_the_cursor_back(orders):
    for key in range(1, 6):
        orders.put(key, at=key)
    *_, last = orders.changes()
    first, *_ = orders.changes(last.cursor, size=1)
    assert keys([first]) == ["1"]
    assert first.cursor == last.cursor


def test_nothing_new_keeps_the_cursor(orders):
    orders.put(1, at=0)
    *_, last = orders.changes()
    (page,) = orders.changes(last.cursor, select=f"{SELECT} WHERE id > 1")
    assert (page.rows, page.cursor) == ((), last.cursor)


def test_a_run_can_go_on_after_every_page(orders):
    for key in range(1, 8):
        orders.put(key, at=key // 3)
    everything = set(keys(orders.changes()))
    for stop in range(1, 8):
        pages = orders.changes(size=1)
        read = [next(pages) for _ in range(stop)]
        rest = list(orders.changes(read[-1].cursor, size=3))
        assert {*keys(read), *keys(rest)} == everything


def test_a_tie_longer_than_a_page_is_walked_by_key(orders):
    for key in range(1, 12):
        orders.put(key, at=5)
    assert keys(orders.changes(size=2)) == [str(key) for key in range(1, 12)]


def test_one_question_may_be_many_pages(orders, monkeypatch):
    monkeypatch.setattr(changes, "BATCH", 5)
    for key in range(1, 11):
        orders.put(key, at=key)
    pages = list(orders.changes(size=2))
    assert [len(page.rows) for page in pages] == [2, 2, 1, 2, 2, 1]
    assert keys(pages) == [str(key) for key in range(1, 11)]
    for at, page in enumerate(pages):
        rest = orders.changes(page.cursor, size=3, lookback_minutes=0)
        assert {*keys(pages[: at + 1]), *keys(rest)} == set(keys(pages))


def test_a_row_that_changes_while_it_is_read_is_met_again_later(orders):
    for key in range(1, 7):
        orders.put(key, at=key)
    pages = orders.changes(size=2)
    read = [next(pages)]
    orders.put(1, amount="9.00", at=20)
    orders.put(5, amount="8.00", at=30)
    read += pages
    assert keys(read) == ["1", "2", "3", "4", "6", "1", "5"]


def test_what_changes_after_the_end_of_the_run_waits_for_the_next(orders):
    orders.put(1, at=0)
    orders.put(2, at=61)
    *_, last = orders.changes()
    assert keys([last]) == ["1"]
    assert keys(orders.changes(last.cursor, until=70)) == ["1", "2"]


def test_deletions_come_with_their_marks(orders):
    orders.put(1, at=0)
    *_, last = orders.changes()
    orders.put(1, at=20, deleted=1)
    (page,) = orders.changes(last.cursor, lookback_minutes=0)
    assert [(row.key, row.deleted) for row in page.rows] == [("1", False), ("1", True)][1:]


def test_a_key_of_several_columns_is_walked(orders):
    for key, region in enumerate(["b", "a", "b", "a", "c"], start=1):
        orders.put(key, at=1, region=region)
    pages = list(orders.changes(key=["region", "id"], size=1))
    assert keys(pages) == ["a/2", "a/4", "b/1", "b/3", "c/5"]


def test_rows_whose_changes_could_not_be_seen_are_refused(orders):
    orders.put(1, at=0)
    orders.execute("UPDATE orders SET updated_at = NULL WHERE id = ?", (1,))
    with pytest.raises(ConfigError, match="some rows have no id, updated_at"):
        list(orders.changes())


def test_an_empty_table_has_no_changes(orders):
    (page,) = orders.changes()
    assert (page.rows, page.cursor, page.columns[0]) == ((), None, "id")


def test_the_end_of_time_is_an_end_in_every_zone(lite):
    lite.put(1, at=0)
    lite.execute("UPDATE orders SET updated_at = '2023-10-06 12:00:00'")
    until = ReadRequest().until
    assert keys(lite.changes(zone="Asia/Shanghai", until=until)) == ["1"]


# Moments.


def test_moments_of_sqlite_without_a_zone_need_one(lite):
    lite.put(1, at=0)
    lite.execute("UPDATE orders SET updated_at = '2023-10-06 12:00:00'")
    with pytest.raises(ConfigError, match="the moments of column updated_at have no zone"):
        list(lite.changes())
    (page,) = lite.changes(zone="Asia/Shanghai")
    assert page.rows[0].revision == NOON


@pytest.mark.parametrize("other", ["2023-10-06 12:00:00", "yesterday", 1696564800, 2460223.5])
def test_moments_of_several_forms_are_refused(lite, other):
    lite.put(1, at=0)
    lite.put(2, at=0)
    lite.execute("UPDATE orders SET updated_at = ? WHERE id = 2", (other,))
    with pytest.raises(ConfigError, match="updated_at"):
        list(lite.changes())


def test_moments_with_other_zones_are_compared_as_moments(lite):
    lite.put(1, at=0)
    lite.put(2, at=0)
    lite.execute("UPDATE orders SET updated_at = '2023-10-06 11:59:00+08:00' WHERE id = 2")
    pages = list(lite.changes(size=1))
    assert keys(pages) == ["2", "1"]
    assert [row.revision for page in pages for row in page.rows] == [minute(-1), NOON]


@pytest.mark.parametrize("moments", ["INTEGER", "REAL"])
def test_numbers_are_no_moments(tmp_path, moments):
    made, connection = sqlite_orders(tmp_path / "n.db", moments)
    made.execute("INSERT INTO orders (id, updated_at) VALUES (1, 1696564800.5)")
    with pytest.raises(ConfigError, match="updated_at is of kind"):
        list(made.changes())
    connection.close()


def test_an_hour_that_is_written_twice_is_read_twice(lite):
    """In Berlin clocks went back from 3 to 2 on 29 October 2023, at 1:00 UTC."""
    zone = "Europe/Berlin"
    until = datetime(2023, 10, 29, 2, tzinfo=UTC)
    lite.execute("INSERT INTO orders (id, updated_at) VALUES (1, '2023-10-29 02:59:00')")
    *_, last = lite.changes(zone=zone, until=until)
    lite.execute("INSERT INTO orders (id, updated_at) VALUES (2, '2023-10-29 02:05:00')")
    assert keys(lite.changes(last.cursor, zone=zone, until=until)) == ["2", "1"]


@pytest.mark.postgres
@pytest.mark.slow
def test_moments_of_postgresql_without_a_zone_need_one(new_database):
    orders, connection = postgres_orders(new_database())
    orders.put(1, at=0)
    orders.put(2, at=30)
    bare = "SELECT id, updated_at AT TIME ZONE 'Asia/Shanghai' AS updated_at FROM orders"
    with pytest.raises(ConfigError, match="have no zone"):
        list(orders.changes(select=bare, deleted=None))
    *_, last = orders.changes(select=bare, zone="Asia/Shanghai", deleted=None)
    assert [row.revision for row in last.rows] == [NOON, minute(30)]
    again = orders.changes(last.cursor, select=bare, zone="Asia/Shanghai", deleted=None)
    assert keys(again) == ["2"]
    assert keys(orders.changes(last.cursor, deleted=None)) == ["1", "2"]
    for kind in ("date", "text", "bigint"):
        as_kind = {"bigint": "extract(epoch FROM updated_at)::bigint"}
        expression = as_kind.get(kind, f"updated_at::{kind}")
        select = f"SELECT id, {expression} AS updated_at FROM orders"  # noqa: S608
        with pytest.raises(ConfigError, match="CAST it to a moment"):
            list(orders.changes(select=select, deleted=None))
    connection.close()


@pytest.mark.parametrize("kind", ["uuid", "text", "numeric", "date", "timestamptz"])
@pytest.mark.postgres
@pytest.mark.slow
def test_keys_of_many_kinds_are_walked(new_database, kind):
    orders, connection = postgres_orders(new_database())
    for key in range(1, 6):
        orders.put(key, at=1)
    made = {
        "uuid": "lpad(id::text, 32, '0')::uuid",
        "text": "'Ω' || id",
        "numeric": "id / 4.0",
        "date": "DATE '2023-01-01' + id::int",
        "timestamptz": "TIMESTAMPTZ '2023-01-01Z' + id * interval '1 h'",
    }[kind]
    select = f"SELECT {made} AS k, id, updated_at FROM orders"  # noqa: S608
    pages = list(orders.changes(select=select, key="k", deleted=None, size=2))
    assert [row.values[1] for page in pages for row in page.rows] == [1, 2, 3, 4, 5]
    assert keys(orders.changes(pages[0].cursor, select=select, key="k", deleted=None))
    connection.close()


def test_a_key_that_cannot_be_compared_exactly_is_refused(lite):
    lite.put(1, at=0)
    select = "SELECT id + 0.5 AS k, updated_at FROM orders"
    with pytest.raises(ConfigError, match="a key of kind float cannot be resumed at"):
        list(lite.changes(select=select, key="k", deleted=None))


def test_a_cursor_of_another_kind_is_read_from_the_start(lite):
    lite.put(1, at=0)
    lite.put(2, at=30)
    *_, last = lite.changes()
    for moment in ("2023-10-06T04:30:00", "2023-10-06T04:30:00+00:00"):
        moved = {**last.cursor, "kind": "moment", "moment": moment}
        assert keys(lite.changes(moved)) == ["1", "2"]
    with pytest.raises(BadResponse, match="the cursor cannot be read"):
        list(lite.changes({"page": "2"}))


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
