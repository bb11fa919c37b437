"""The ledger in a database: a SQLite file next to the plan, or PostgreSQL by its URL."""

from salesgoal.store.ledger_store import LedgerStore, open_ledger

__all__ = ["LedgerStore", "open_ledger"]
