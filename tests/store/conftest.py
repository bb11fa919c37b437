"""Ledgers to test with: a SQLite file, and a PostgreSQL database where there is a server."""

from __future__ import annotations

import pytest
from tests.servers import ON_A_SERVER

from salesgoal.store import open_ledger


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def target(request, tmp_path):
    """Where a new ledger may be made."""
    if request.param == "sqlite":
        return str(tmp_path / "plan.ledger")
    return request.getfixturevalue("new_database")()


@pytest.fixture
def ledger(target):
    with open_ledger(target) as opened:
        yield opened
