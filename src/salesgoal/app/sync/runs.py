"""The pages of a sync run among the documents of a ledger: shown and taken back together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import attrs

from salesgoal.domain.ledger import Outcome, Receipt
from salesgoal.domain.sync import run_of

__all__ = ["gather_runs", "pages_of_run"]


def gather_runs(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Returns the documents with the pages of each run as one, named by its first and last.

    It has the id of the first page, the moments of the last, and the rows of all.
    """
    found = []
    for _, group in groupby(receipts, key=_run):
        first, *rest = group
        synced = run_of(first.document.name) is not None
        found.append(_joined(first, rest) if synced else first)
    return found


def pages_of_run(receipts: Sequence[Receipt], document: int) -> list[int]:
    """Returns the ids of all live pages of the run that a document is of, or its own alone."""
    asked = next((each for each in receipts if each.id == document), None)
    run = None if asked is None or not asked.is_live() else run_of(asked.document.name)
    if asked is None or run is None:
        return [document]
    source = asked.document.source
    return [
        each.id
        for each in receipts
        if each.is_live()
        and each.document.source == source
        and run_of(each.document.name) == run
    ]


def _run(receipt: Receipt) -> tuple[str, str, bool]:
    """What the pages of one run share; nothing else shares it with a document that is none."""
    name = run_of(receipt.document.name) or f"#{receipt.id}"
    return (receipt.document.source, name, receipt.is_live())


def _joined(first: Receipt, rest: Sequence[Receipt]) -> Receipt:
    last = rest[-1] if rest else first
    counts: Counter[Outcome] = Counter()
    for each in (first, *rest):
        counts.update(each.counts)
    name = f"sync #{first.id}-{last.id}" if rest else f"sync #{first.id}"
    return attrs.evolve(
        first,
        document=attrs.evolve(first.document, name=name, as_of=last.document.as_of),
        recorded_at=last.recorded_at,
        counts=counts,
        cursor=last.cursor,
    )
