"""Opening what may be no ledger, an old one, or one that someone else writes to."""

from __future__ import annotations

import sqlite3
import stat
import sys
from contextlib import closing

import pytest
from sqlalchemy import create_engine, event, inspect, update

from salesgoal.domain.ledger import Outcome
from salesgoal.errors import (
    LedgerBusy,
    LedgerRefused,
    MissingExtra,
    OutputError,
    UsageError,
)
from salesgoal.store import open_ledger, schema

from .sales import amounts, document, moment, page, sale

VERSION_1 = """
CREATE TABLE meta (id INTEGER NOT NULL, mark VARCHAR(40) NOT NULL,
  schema_version INTEGER NOT NULL, PRIMARY KEY (id));
CREATE TABLE documents (id INTEGER NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL,
  digest VARCHAR(128) NOT NULL, as_of BIGINT NOT NULL, recorded_at BIGINT NOT NULL,
  added INTEGER NOT NULL, unchanged INTEGER NOT NULL, corrected INTEGER NOT NULL,
  duplicate INTEGER NOT NULL, conflict INTEGER NOT NULL, stale INTEGER NOT NULL,
  retired INTEGER NOT NULL, rejected INTEGER NOT NULL, ignored INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL, seal {bytes} NOT NULL, PRIMARY KEY (id), UNIQUE (recorded_at));
CREATE TABLE entries (document INTEGER NOT NULL, position INTEGER NOT NULL,
  fact {bytes} NOT NULL, content {bytes} NOT NULL, ordinal INTEGER NOT NULL, key TEXT,
  revision BIGINT, deleted INTEGER NOT NULL, first VARCHAR(10), last VARCHAR(10),
  level VARCHAR(10), label TEXT, members TEXT NOT NULL, amounts TEXT NOT NULL, origin TEXT,
  sheet TEXT, "row" INTEGER, record TEXT, PRIMARY KEY (document, position),
  FOREIGN KEY(document) REFERENCES documents (id) DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX entries_by_fact ON entries (fact, document, revision);
CREATE TABLE undos (document INTEGER NOT NULL, undone_by TEXT NOT NULL,
  reason TEXT NOT NULL, recorded_at BIGINT NOT NULL, PRIMARY KEY (document),
  FOREIGN KEY(document) REFERENCES documents (id), UNIQUE (recorded_at));
INSERT INTO meta VALUES (1, 'salesgoal ledger', 1);
INSERT INTO documents VALUES (1, 'orders', '日报.xlsx', 'abc', {as_of}, {as_of},
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0, {seal});
INSERT INTO entries VALUES (1, 0, {fact}, {content}, 0, 'SO-1', NULL, 0, '2023-10-06',
  NULL, NULL, NULL, '{{"region":"华东"}}', '{{"sales":5}}', NULL, '10月', 2, NULL)
"""
DIGESTS = {
    "fact": "ec2db7e36a2fb046186c46a2ff559bd7",
    "content": "43c95cc18dd1b7f7567af54431564c02",
    "seal": "ea6e1db2c5082bbd5887ed0eb5ed49243dd4957058873932e4c66ed83922e491",
    "as_of": 1696636800000000,
}


def raw_engine(target):
    url = target if "://" in target else f"sqlite:///{target}"
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def make_version_1(target):
    """A ledger as the first version of the tables had it, with one sale."""
    engine = raw_engine(target)
    postgres = engine.dialect.name == "postgresql"
    facts = {"bytes": "BYTEA" if postgres else "BLOB"}
    for name, found in DIGESTS.items():
        literal = f"'\\x{found}'" if postgres else f"x'{found}'"
        facts[name] = literal if isinstance(found, str) else found
    with engine.begin() as connection:
        for step in VERSION_1.split(";\n"):
            connection.exec_driver_sql(step.format(**facts))
    engine.dispose()


def test_a_ledger_of_version_1_is_brought_up_to_date(target):
    make_version_1(target)
    with open_ledger(target) as ledger:
        assert amounts(ledger) == [5]
        assert not ledger.check()
        got = ledger.record(
            document(hour=1),
            [page(sale(6, key="SO-1"), cursor={"since": "1"})],
            recorded_at=moment(1),
        )
        assert got.counts == {Outcome.CORRECTED: 1}
        assert ledger.cursor("orders") == {"since": "1"}
    with open_ledger(target) as ledger:
        assert amounts(ledger) == [6]


def columns(target):
    engine = raw_engine(target)
    found = {
        table: {(each["name"], str(each["type"]), each["nullable"]) for each in columns}
        for (_, table), columns in inspect(engine).get_multi_columns().items()
    }
    engine.dispose()
    return found


def test_tables_brought_up_to_date_are_those_made_new(tmp_path):
    make_version_1(str(tmp_path / "old"))
    for name in ("old", "new"):
        open_ledger(tmp_path / name).close()
    assert columns(str(tmp_path / "old")) == columns(str(tmp_path / "new"))


def test_the_tables_of_a_newer_release_are_refused(target):
    open_ledger(target).close()
    engine = raw_engine(target)
    with engine.begin() as connection:
        connection.execute(update(schema.meta).values(schema_version=schema.VERSION + 1))
    engine.dispose()
    with pytest.raises(LedgerRefused, match="newer salesgoal"):
        open_ledger(target)


@pytest.mark.parametrize(
    "steps",
    [
        ["CREATE TABLE meta (id INTEGER)"],
        ["CREATE TABLE entries (id INTEGER)"],
        ["CREATE TABLE meta (id INTEGER, mark TEXT, schema_version INTEGER)"],
        [
            "CREATE TABLE meta (id INTEGER, mark TEXT, schema_version INTEGER)",
            "INSERT INTO meta VALUES (1, 'something else', 1)",
        ],
    ],
)
def test_another_database_is_refused_and_left_alone(target, steps):
    engine = raw_engine(target)
    with engine.begin() as connection:
        for step in steps:
            connection.exec_driver_sql(step)
    before = columns(target)
    with pytest.raises(LedgerRefused, match="is not a ledger"):
        open_ledger(target)
    assert columns(target) == before
    engine.dispose()


def test_a_database_of_other_tables_is_refused_as_a_file_and_shared_on_a_server(target):
    engine = raw_engine(target)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (id INTEGER)")
    engine.dispose()
    if "://" in target:
        open_ledger(target).close()
        return
    with pytest.raises(LedgerRefused, match="is not a ledger"):
        open_ledger(target)


@pytest.mark.parametrize("content", [b"not a database, just words" * 100, b"PK\x03\x04" * 999])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "plan.ledger"
    path.write_bytes(content)
    with pytest.raises(LedgerRefused, match="not a database"):
        open_ledger(path)
    assert path.read_bytes() == content


def test_a_damaged_file_is_refused_or_found_by_the_check(tmp_path):
    path = tmp_path / "plan.ledger"
    with open_ledger(path) as ledger:
        rows = [sale(row, row) for row in range(2000)]
        ledger.record(document(), [page(*rows)], recorded_at=moment(0))
    sound = path.read_bytes()
    for at in range(4096, len(sound), 8192):
        broken = bytearray(sound)
        broken[at : at + 200] = b"\xff" * 200
        path.write_bytes(broken)
        try:
            with open_ledger(path) as ledger:
                assert ledger.check(), at
        except LedgerRefused:
            continue


def test_a_missing_file_or_folder_is_refused(tmp_path):
    with pytest.raises(LedgerRefused, match="import something first"):
        open_ledger(tmp_path / "plan.ledger", create=False)
    with pytest.raises(LedgerRefused, match="folder does not exist"):
        open_ledger(tmp_path / "nowhere" / "plan.ledger")
    with pytest.raises(LedgerRefused, match="unable to open"):
        open_ledger(tmp_path)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("mysql://host/sales", "not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("post gres://:x", "cannot be read"),
    ],
)
def test_other_urls_are_wrong_usage(target, said):
    with pytest.raises(UsageError, match=said):
        open_ledger(target)


def test_a_url_of_a_file_is_that_file(tmp_path):
    open_ledger(f"sqlite:///{tmp_path}/plan.ledger").close()
    assert (tmp_path / "plan.ledger").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["plan.ledger"]


def test_a_missing_driver_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'salesgoal\[postgres\]'"):
        open_ledger("postgresql://host/sales")


def test_a_server_that_is_not_there_is_refused_without_its_password(tmp_path):
    pytest.importorskip("psycopg")
    with pytest.raises(LedgerRefused) as caught:
        open_ledger(f"postgresql://li:secret@/sales?host={tmp_path}")
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
@pytest.mark.slow
def test_a_database_that_is_not_there_is_refused(server):
    with pytest.raises(LedgerRefused, match="does not exist"):
        open_ledger(server.format("nothing"))


def test_a_second_writer_is_told_that_the_ledger_is_busy(target):
    def pages():
        with (
            open_ledger(target, wait=1) as second,
            pytest.raises(LedgerBusy, match="waited 1 s"),
        ):
            second.record(document("二"), [page(sale(6))], recorded_at=moment(0))
        yield page(sale(5))

    with open_ledger(target) as first:
        first.record(document("一"), pages(), recorded_at=moment(0))
        assert amounts(first) == [5]


def test_a_file_that_may_not_be_written_is_an_output_error(tmp_path):
    path = tmp_path / "plan.ledger"
    with open_ledger(path) as ledger:
        ledger.record(document(), [page(sale(5))], recorded_at=moment(0))
        with closing(sqlite3.connect(path)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]

        # A limit on the pages of the file stands for a full disk.
        @event.listens_for(ledger._database.engine, "connect")
        def limit(connection, _):
            connection.execute(f"PRAGMA max_page_count = {pages}").close()

        many = [sale(row, row) for row in range(5000)]
        with pytest.raises(OutputError, match="full"):
            ledger.record(document("二"), [page(*many)], recorded_at=moment(1))
        assert amounts(ledger) == [5]
        assert not ledger.check()


def test_a_ledger_may_be_read_where_it_may_not_be_written(tmp_path):
    path = tmp_path / "plan.ledger"
    with open_ledger(path) as ledger:
        ledger.record(document(), [page(sale(5))], recorded_at=moment(0))
    path.chmod(stat.S_IRUSR)
    with open_ledger(path, create=False) as ledger:
        assert amounts(ledger) == [5]


def test_opening_an_existing_ledger_waits_for_no_writer(target):
    open_ledger(target).close()

    def pages():
        with open_ledger(target, wait=1) as second:
            assert amounts(second) == []
        yield page(sale(5))

    with open_ledger(target) as first:
        first.record(document("一"), pages(), recorded_at=moment(0))
