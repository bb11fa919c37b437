"""Recording: the rows of one document on their way into a ledger, each with one outcome.

It decides and counts; where claims are looked up and kept is the ledger's affair, so that the
one in memory and the one in a database cannot differ in what they decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import attrs

from salesgoal.domain.entry import Entry, content_digest, derived_fact, keyed_fact, to_ticks
from salesgoal.domain.ledger import Claim, Document, EntryPage, Notice, Outcome, outcome_of
from salesgoal.domain.problem import problem
from salesgoal.errors import NotConserved

__all__ = [
    "Claims",
    "Found",
    "Judged",
    "NamedRow",
    "Recording",
    "add_claim",
    "name_row",
    "seal_text",
]

Found = dict[bytes, tuple[Claim | None, Claim | None]]
"""Fact -> the best claim of other documents and of this one so far, and that of its prior
version."""

_NOTICES = {
    Outcome.DUPLICATE: "duplicate-entry",
    Outcome.CONFLICT: "conflicting-entry",
    Outcome.STALE: "stale-entry",
}


class NamedRow(NamedTuple):
    """A row with its identity, ready to be kept."""

    position: int
    entry: Entry
    content: bytes
    ordinal: int
    fact: bytes


Judged = Callable[[NamedRow, Outcome], None]
"""Who is told what became of each row, one by one, while a document is recorded."""


class Claims(Protocol):
    """What a ledger answers while a document is recorded."""

    def ordinals(self, contents: Sequence[bytes]) -> Sequence[int]:
        """Returns how many rows of this document said the same before each of these."""

    def find(self, facts: Sequence[bytes]) -> Found:
        """Returns the claims on these facts, this document's own included."""


def name_row(
    source: str, entry: Entry, *, position: int, ordinal: int, content: bytes | None = None
) -> NamedRow:
    """Returns a row with its identity; the ordinal counts only where the entry has no key."""
    says = content_digest(entry) if content is None else content
    if entry.key is not None:
        fact = keyed_fact(source, entry.key)
    else:
        fact = derived_fact(source, says, ordinal)
    return NamedRow(position, entry, says, ordinal, fact)


def seal_text(row: NamedRow) -> bytes:
    """Returns all of a row as bytes: a digest over them finds what was altered later."""
    entry, where = row.entry, row.entry.where
    revision = None if entry.revision is None else to_ticks(entry.revision)
    rest = (revision, where.source, where.sheet, where.row, where.key, entry.key)
    return row.fact + row.content + ascii(rest).encode()


@attrs.define
class Recording:
    """One document while it is recorded.

    Attributes:
        document: Which one.
        stands: Whether its claims count: no version of it that was made later is known.
        rank: Its place among the documents that stand.
        claims: Where to look up claims.
        notice: Who is told of duplicates, conflicts and stale rows, or None.
        judged: Who is told the outcome of every row, or None.
        counts: Outcome -> rows so far.
        size: How many entries so far.
        cursor: The last one given.
    """

    document: Document
    stands: bool
    rank: int
    claims: Claims
    notice: Notice | None = None
    judged: Judged | None = None
    counts: Counter[Outcome] = attrs.field(factory=Counter, init=False)
    size: int = attrs.field(default=0, init=False)
    cursor: Mapping[str, str] | None = attrs.field(default=None, init=False)
    _stamp: int = attrs.field(init=False)
    _seal: Any = attrs.field(factory=sha256, init=False)

    def __attrs_post_init__(self) -> None:
        """Takes the stamp of rows without a revision from the document."""
        self._stamp = to_ticks(self.document.as_of)

    @property
    def seal(self) -> bytes:
        """The digest over all rows so far, in their order."""
        digest: bytes = self._seal.digest()
        return digest

    def take(self, page: EntryPage) -> list[NamedRow]:
        """Decides about the rows of a page and returns them, to be kept.

        Raises:
            NotConserved: The outcomes do not add up to the rows read.
        """
        rows = self._named(page.entries)
        found = self.claims.find([row.fact for row in rows])
        before = self.counts.total()
        for row in rows:
            self._seal.update(seal_text(row))
            self._judge(row, found)
        self.counts[Outcome.REJECTED] += page.rejected
        self.counts[Outcome.IGNORED] += page.ignored
        self.size += len(rows)
        self.cursor = page.cursor or self.cursor
        if self.counts.total() - before != page.read:
            raise NotConserved(f"{self.document.name}: a row has no outcome, or two")
        return rows

    def _named(self, entries: Sequence[Entry]) -> list[NamedRow]:
        contents = [content_digest(entry) for entry in entries]
        pairs = zip(entries, contents, strict=True)
        keyless = [content for entry, content in pairs if entry.key is None]
        ordinals = iter(self.claims.ordinals(keyless) if keyless else ())
        source = self.document.source
        return [
            name_row(
                source,
                entry,
                position=position,
                ordinal=next(ordinals) if entry.key is None else 0,
                content=content,
            )
            for position, (entry, content) in enumerate(
                zip(entries, contents, strict=True), start=self.size
            )
        ]

    def _judge(self, row: NamedRow, found: Found) -> None:
        entry = row.entry
        rival, prior = found.get(row.fact, (None, None))
        stamp = self._stamp if entry.revision is None else to_ticks(entry.revision)
        claim = Claim(row.content, (stamp, self.rank, row.position), entry.where)
        if not self.stands:
            outcome = Outcome.STALE
        else:
            outcome = outcome_of(claim, deletes=entry.deleted, rival=rival, prior=prior)
            if rival is None or claim.precedence > rival.precedence:
                found[row.fact] = (claim, prior)
        self.counts[outcome] += 1
        if self.judged is not None:
            self.judged(row, outcome)
        if self.notice is not None and rival is not None and outcome in _NOTICES:
            code = _NOTICES[outcome]
            self.notice(problem(code, entry.where, value=entry.key, other=rival.where))


def add_claim(found: Found, fact: bytes, claim: Claim, *, is_prior: bool) -> None:
    """Notes a claim on a fact, where it is better than the one noted before.

    Args:
        found: What is known of the facts by now.
        fact: Of which fact.
        claim: What a row says of it.
        is_prior: Whether the row is of the version that the document replaces.
    """
    rival, prior = found.get(fact, (None, None))
    held = prior if is_prior else rival
    if held is None or claim.precedence > held.precedence:
        found[fact] = (rival, claim) if is_prior else (claim, prior)
