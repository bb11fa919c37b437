"""The ledger in a database: a SQLite file next to the plan, or PostgreSQL by its URL."""

from salesgoal.store.changes import Change
from salesgoal.store.feed import Feed, SyncRun, Taken
from salesgoal.store.ledger_store import LedgerStore, has_ledger, open_ledger

__all__ = [
    "Change",
    "Feed",
    "LedgerStore",
    "SyncRun",
    "Taken",
    "has_ledger",
    "open_ledger",
]
