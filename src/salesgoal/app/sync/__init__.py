"""Synchronising a ledger with a service: runs, checkpoints, and the rows of a plan."""
