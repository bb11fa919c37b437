"""The integrity check finds what was altered behind the ledger's back."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import event

from salesgoal.store import open_ledger

from .sales import document, moment, page, sale

FAULTS = {
    "an amount": ("UPDATE entries SET amounts = '{\"sales\":9}' WHERE position = 1", "digest"),
    "a day": ("UPDATE entries SET first = '2023-10-07' WHERE position = 0", "digest"),
    "no day": ("UPDATE entries SET first = 'Friday' WHERE position = 0", "read back"),
    "no JSON": ("UPDATE entries SET members = '{' WHERE position = 0", "read back"),
    "a place": ("UPDATE entries SET row = 99 WHERE position = 0", "seal"),
    "a revision": ("UPDATE entries SET revision = 1 WHERE position = 0", "seal"),
    "a fact": ("UPDATE entries SET fact = x'00' WHERE position = 0", "digest"),
    "a row gone": ("DELETE FROM entries WHERE position = 0", "missing"),
    "the last row gone": ("DELETE FROM entries WHERE position = 2", "2 rows are there, 3"),
    "an ordinal": ("UPDATE entries SET ordinal = 7 WHERE position = 0", "digest"),
    "two rows as one": (
        "UPDATE entries SET fact = (SELECT min(fact) FROM entries) WHERE key IS NULL",
        "ordinals repeat",
    ),
    "a count": ("UPDATE documents SET added = 8 WHERE id = 1", "3 rows are there, 8"),
    "a document gone": ("DELETE FROM documents WHERE id = 1", "rows without a document"),
    "a document's number": (
        "UPDATE documents SET id = 9 WHERE id = 2",
        "documents are missing",
    ),
    "a moment": ("UPDATE documents SET recorded_at = 1 WHERE id = 2", "not recorded in order"),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "plan.ledger"
    with open_ledger(path) as ledger:
        rows = [sale(5, 2), sale(5, 3), sale(6, 4)]
        ledger.record(document(), [page(*rows)], recorded_at=moment(0))
        ledger.record(document("二"), [page(sale(5, key="a"))], recorded_at=moment(1))
    return path


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_and_named(path, fault):
    step, said = FAULTS[fault]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(step)
    with open_ledger(path) as ledger:
        found = ledger.check()
    assert any(said in str(each) for each in found), list(map(str, found))
    assert {each.code for each in found} == {"ledger-damaged"}


def test_a_damaged_index_is_found(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'entries_by_fact'")
        connection.execute("PRAGMA writable_schema = RESET")
    with open_ledger(path) as ledger:
        assert any("the database says" in str(each) for each in ledger.check())


def test_a_view_that_differs_from_the_replay_is_found(path):
    """The query of what counts is spoiled on its way to the driver."""
    with open_ledger(path) as ledger:

        @event.listens_for(ledger._database.engine, "before_cursor_execute", retval=True)
        def spoil(connection, cursor, statement, *_):  # noqa: ARG001 - SQLAlchemy's signature
            return statement.replace("NOT (EXISTS", "(EXISTS"), _[0]

        assert any("replay" in str(each) for each in ledger.check())


def test_a_sound_ledger_has_nothing_to_say(path):
    with open_ledger(path) as ledger:
        assert ledger.check() == ()
