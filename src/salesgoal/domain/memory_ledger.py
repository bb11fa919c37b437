"""A ledger in memory, for programs that keep their documents elsewhere.

It is also the measure that the ledger in a database is held against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from salesgoal.domain.entry import Entry, to_ticks
from salesgoal.domain.ledger import (
    Claim,
    Document,
    EntryPage,
    Notice,
    Receipt,
    Undo,
    find_same,
    latest_cursor,
    moment_after,
    prior_version,
    standing,
    take_back,
)
from salesgoal.domain.recording import Found, Judged, NamedRow, Recording, add_claim

__all__ = ["MemoryLedger"]


@attrs.define(eq=False)
class MemoryLedger:
    """What documents say, and what of it counts.

    >>> from datetime import UTC, date
    >>> from salesgoal.domain.problem import Place
    >>> def daily(amount, day):
    ...     sale = Entry(on=date(2023, 10, 6), values={"sales": amount}, key="SO-1001",
    ...         where=Place("日报.xlsx", row=2))
    ...     document = Document(source="orders", name="日报.xlsx", digest=str(amount),
    ...         as_of=datetime(2023, 10, day, tzinfo=UTC))
    ...     return document, [EntryPage(entries=[sale], read=1)]
    >>> ledger = MemoryLedger()
    >>> seventh = datetime(2023, 10, 7, 18, tzinfo=UTC)
    >>> _ = ledger.record(*daily(100, 7), recorded_at=seventh)
    >>> eighth = ledger.record(*daily(120, 8), recorded_at=datetime(2023, 10, 8, tzinfo=UTC))
    >>> dict(eighth.counts)
    {<Outcome.CORRECTED: 'corrected'>: 1}
    >>> [entry.values["sales"] for entry in ledger.entries()]
    [120]
    >>> [entry.values["sales"] for entry in ledger.entries(known_at=seventh)]
    [100]
    """

    _receipts: dict[int, Receipt] = attrs.field(factory=dict, init=False)
    _rows: dict[int, list[NamedRow]] = attrs.field(factory=dict, init=False)

    def documents(self) -> tuple[Receipt, ...]:
        """Returns what was recorded, in that order."""
        return tuple(self._receipts.values())

    def cursor(self, source: str) -> Mapping[str, str] | None:
        """Returns where the next run of a source may begin; None for the very beginning."""
        return latest_cursor(self.documents(), source)

    def record(
        self,
        document: Document,
        pages: Iterable[EntryPage],
        *,
        recorded_at: datetime,
        notice: Notice | None = None,
        judged: Judged | None = None,
    ) -> Receipt:
        """Takes over a document as a whole, or nothing where its pages raise.

        Args:
            document: Which one.
            pages: Its rows; not asked for where the very same document is there already.
            recorded_at: When; aware.
            notice: Who is told of duplicates, conflicts and stale rows.
            judged: Who is told the outcome of every row.
        """
        same = find_same(self.documents(), document)
        if same is not None:
            return attrs.evolve(same, is_new=False)
        prior = prior_version(self.documents(), document)
        receipt = Receipt(
            id=len(self._receipts) + 1,
            document=document,
            recorded_at=moment_after(recorded_at, self._last),
            counts={},
        )
        ranks = {
            each.id: rank for rank, each in enumerate(standing((*self.documents(), receipt)))
        }
        rows: list[NamedRow] = []
        recording = Recording(
            document=document,
            stands=receipt.id in ranks,
            rank=ranks.get(receipt.id, 0),
            claims=_Claims(self, receipt, rows, ranks, prior),
            notice=notice,
            judged=judged,
        )
        for page in pages:
            rows += recording.take(page)
        withdrawn = 0
        if prior is not None and recording.stands:
            kept = {row.fact for row in rows}
            withdrawn = len(_live_facts(self._rows[prior.id]) - kept)
        receipt = attrs.evolve(
            receipt,
            counts={each: rows for each, rows in recording.counts.items() if rows},
            withdrawn=withdrawn,
            cursor=recording.cursor,
        )
        self._rows[receipt.id] = rows
        self._receipts[receipt.id] = receipt
        return receipt

    def undo(self, document: int, *, by: str, reason: str, recorded_at: datetime) -> Receipt:
        """Takes a document back, by the id of its receipt; its history stays.

        Raises:
            UnknownName: There is no such document.
            UsageError: It is undone already.
        """
        moment = moment_after(recorded_at, self._last)
        undo = Undo(document=document, by=by, reason=reason, recorded_at=moment)
        receipt = take_back(self._receipts.values(), undo)
        self._receipts[document] = receipt
        return receipt

    def entries(
        self, *, source: str | None = None, known_at: datetime | None = None
    ) -> Iterator[Entry]:
        """Yields what counts, in the order in which it was recorded.

        Args:
            source: Only of this source; None is all.
            known_at: As known at this moment; None is now.
        """
        stand = standing(self._receipts.values(), known_at)
        best: dict[bytes, tuple[tuple[int, int, int], int]] = {}
        for rank, each in enumerate(stand):
            if source in {None, each.document.source}:
                for row in self._rows[each.id]:
                    placed = (_precedence(row, each, rank), each.id)
                    best[row.fact] = max(placed, best.get(row.fact, placed))
        winners = sorted((id_, order[2]) for order, id_ in best.values())
        for id_, position in winners:
            entry = self._rows[id_][position].entry
            if not entry.deleted:
                yield entry

    @property
    def _last(self) -> datetime | None:
        undos = (each.undone for each in self._receipts.values() if each.undone)
        moments = [each.recorded_at for each in self._receipts.values()]
        return max((*moments, *(each.recorded_at for each in undos)), default=None)


def _precedence(row: NamedRow, receipt: Receipt, rank: int) -> tuple[int, int, int]:
    """Returns what decides between rows that speak of one fact; the greatest counts."""
    stamp = row.entry.revision or receipt.document.as_of
    return (to_ticks(stamp), rank, row.position)


def _live_facts(rows: Iterable[NamedRow]) -> set[bytes]:
    """Returns the facts that rows claim; a deleted row claims none."""
    return {row.fact for row in rows if not row.entry.deleted}


@attrs.define
class _Claims:
    """The claims of a ledger in memory, for one document."""

    ledger: MemoryLedger
    receipt: Receipt
    rows: list[NamedRow]
    ranks: Mapping[int, int]
    prior: Receipt | None
    seen: Counter[bytes] = attrs.field(factory=Counter, init=False)

    def ordinals(self, contents: Sequence[bytes]) -> list[int]:
        found = []
        for content in contents:
            found.append(self.seen[content])
            self.seen[content] += 1
        return found

    def find(self, facts: Sequence[bytes]) -> Found:
        wanted, found = set(facts), Found()
        receipts = (*self.ledger.documents(), self.receipt)
        prior_id = None if self.prior is None else self.prior.id
        for each in receipts:
            is_prior = each.id == prior_id and prior_id not in self.ranks
            if each.id not in self.ranks and not is_prior:
                continue
            rows = self.rows if each is self.receipt else self.ledger._rows[each.id]  # noqa: SLF001 - its own half
            rank = self.ranks.get(each.id, -1)
            for row in rows:
                if row.fact in wanted:
                    order = _precedence(row, each, rank)
                    add_claim(
                        found,
                        row.fact,
                        Claim(row.content, order, row.entry.where),
                        is_prior=is_prior,
                    )
        return found
