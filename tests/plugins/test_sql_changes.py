from __future__ import annotations

from datetime import UTC, datetime

import pytest

from salesgoal.errors import (
    BadResponse,
    ConfigError,
)
from salesgoal.plugins.sql import changes
from salesgoal.ports.importer import ReadRequest

from .sql_orders import (
    NOON,
    SELECT,
    keys,
    minute,
    postgres_orders,
    sqlite_orders,
)


@pytest.fixture(autouse=True)
def _small_questions(monkeypatch):
    """As many rows a question as a page has, so that a few rows are many questions."""
    monkeypatch.setattr(changes, "BATCH", 1)


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
