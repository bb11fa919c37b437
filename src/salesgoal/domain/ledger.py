"""The ledger: what counts, by documents, keys and two clocks.

A *document* is one delivery of a source: a file, a page of a CRM. Everything it says about a
fact is a *claim*. Two rules decide:

1. Of the versions of a document (same source and name) the one made last *stands*; the claims
   of the others do not count. So a corrected file replaces all it said before.
2. Of the standing claims on a fact the one with the newest revision counts, and of equals the
   one of the document made last.

Nothing is changed or removed: a correction, a deletion and an undo are further events. The
business clock is the day of an entry, the other one is ``recorded_at``: what was known at a
moment is what the events until then say. Both rules look at what documents say of themselves,
never at the order in which they arrived.

| a row | its outcome |
|---|---|
| of a fact that nobody claimed | `added` |
| that says what this document said before | `unchanged` |
| that says what another document says | `duplicate`; counted once |
| that differs from what stood, and is newer | `corrected`; `retired` if it deletes |
| that differs from what stands, and is older | `stale`; does not count |
| that differs from what stands, of the same revision | `conflict`; the later document counts |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from salesgoal.domain.entry import Entry
from salesgoal.domain.problem import Place, Problem
from salesgoal.errors import NotConserved, UnknownName, UsageError

__all__ = [
    "Claim",
    "Document",
    "EntryPage",
    "Notice",
    "Outcome",
    "Receipt",
    "Undo",
    "find_same",
    "latest_cursor",
    "moment_after",
    "outcome_of",
    "prior_version",
    "standing",
    "take_back",
]

Notice = Callable[[Problem], None]
"""Who is told of duplicates, conflicts and stale rows, one by one."""


class Outcome(StrEnum):
    """What became of a row of a document; every row has exactly one."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    CORRECTED = "corrected"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    STALE = "stale"
    RETIRED = "retired"
    REJECTED = "rejected"
    IGNORED = "ignored"


def _aware(owner: object, attribute: attrs.Attribute[datetime], value: datetime) -> None:
    if value.utcoffset() is None:
        message = f"{attribute.name} of {type(owner).__name__} is {value} - give its zone"
        raise UsageError(message, f"{attribute.name} 为 {value}，没有时区 - 给出时区")


@attrs.frozen(kw_only=True)
class Document:
    """One delivery of a source.

    Attributes:
        source: The feed. Documents that overlap, such as a daily and a weekly report of the
            same orders, share one.
        name: What it is known by when it comes again; a file's name.
        digest: SHA-256 of its bytes, in hexadecimal.
        as_of: When it was made or received; aware.
    """

    source: str
    name: str
    digest: str
    as_of: datetime = attrs.field(validator=_aware)

    @property
    def precedence(self) -> tuple[datetime, str, str]:
        """What is greater counts more, whenever it arrived."""
        return (self.as_of, self.name, self.digest)


@attrs.frozen(kw_only=True)
class EntryPage:
    """Rows of a document that are taken over together.

    Attributes:
        entries: The rows that could be read.
        read: How many rows there were.
        rejected: How many could not be read; their problems are known elsewhere.
        ignored: How many were left out on purpose.
        cursor: Where the next run may begin, for sources that are asked for changes.
    """

    entries: Sequence[Entry]
    read: int
    rejected: int = 0
    ignored: int = 0
    cursor: Mapping[str, str] | None = None

    def __attrs_post_init__(self) -> None:
        """Asserts the law of rows.

        Raises:
            NotConserved: The outcomes do not add up to the rows read.
        """
        if self.read != len(self.entries) + self.rejected + self.ignored:
            raise NotConserved(
                f"{self.read} rows read, {len(self.entries)} entries, "
                f"{self.rejected} rejected, {self.ignored} ignored"
            )


@attrs.frozen(kw_only=True)
class Undo:
    """A document taken back: from ``recorded_at`` on it counts as if it had not come."""

    document: int
    by: str
    reason: str
    recorded_at: datetime = attrs.field(validator=_aware)


@attrs.frozen(kw_only=True)
class Receipt:
    """What the ledger knows about a document that it recorded.

    Attributes:
        id: Counts up from 1 in the order of recording.
        document: What was recorded.
        recorded_at: When; later than everything recorded before.
        counts: Outcome -> rows, as they were when it was recorded.
        withdrawn: Facts that the version before claimed and this one does not. They were not
            read, so they stand beside ``counts``.
        cursor: Where the next run of the source may begin.
        undone: Its undo, or None.
        is_new: False where the very same document was there already, and nothing was done.
    """

    id: int
    document: Document
    recorded_at: datetime
    counts: Mapping[Outcome, int] = attrs.field(hash=False)
    withdrawn: int = 0
    cursor: Mapping[str, str] | None = attrs.field(default=None, hash=False)
    undone: Undo | None = None
    is_new: bool = attrs.field(default=True, eq=False)

    @property
    def read(self) -> int:
        """How many rows the document had."""
        return sum(self.counts.values())

    def is_live(self, known_at: datetime | None = None) -> bool:
        """Whether it was recorded and not undone, as known at a moment; None is now."""
        if known_at is None:
            return self.undone is None
        undone = self.undone is not None and self.undone.recorded_at <= known_at
        return self.recorded_at <= known_at and not undone


@attrs.frozen
class Claim:
    """What a row says, as far as it decides about other rows.

    Attributes:
        content: From `content_digest`.
        precedence: Stamp (the revision, or when the document was made), rank of the document
            among those that stand, position in it.
        where: Where the row stands.
    """

    content: bytes
    precedence: tuple[int, int, int]
    where: Place

    @property
    def stamp(self) -> int:
        """The revision, or when the document was made."""
        return self.precedence[0]


def outcome_of(
    claim: Claim, *, deletes: bool, rival: Claim | None, prior: Claim | None
) -> Outcome:
    """Returns what becomes of a row, by the table at the head of this page.

    Args:
        claim: What the row says.
        deletes: Whether it says that the fact is gone.
        rival: The best claim of other documents, or of rows further up in this one.
        prior: The claim of the version before of this document.
    """
    agrees = rival is None or rival.content == claim.content
    if agrees and prior is not None and prior.content == claim.content:
        return Outcome.UNCHANGED
    if rival is not None:
        if agrees:
            return Outcome.DUPLICATE
        if rival.stamp == claim.stamp:
            return Outcome.CONFLICT
        if rival.precedence > claim.precedence:
            return Outcome.STALE
    if deletes:
        return Outcome.RETIRED
    return Outcome.ADDED if rival is None and prior is None else Outcome.CORRECTED


def standing(
    receipts: Iterable[Receipt], known_at: datetime | None = None
) -> tuple[Receipt, ...]:
    """Returns the documents whose claims count, the one that yields to all others first.

    Args:
        receipts: All that was recorded.
        known_at: As known at this moment; None is now.
    """
    best: dict[tuple[str, str], Receipt] = {}
    for each in receipts:
        if each.is_live(known_at):
            place = (each.document.source, each.document.name)
            held = best.get(place)
            if held is None or each.document.precedence > held.document.precedence:
                best[place] = each
    order = lambda each: (each.document.precedence, each.document.source)
    return tuple(sorted(best.values(), key=order))


def prior_version(receipts: Iterable[Receipt], document: Document) -> Receipt | None:
    """Returns the version of the document that stands by now, or None."""
    for each in standing(receipts):
        if (each.document.source, each.document.name) == (document.source, document.name):
            return each
    return None


def find_same(receipts: Sequence[Receipt], document: Document) -> Receipt | None:
    """Returns the receipt of the very same document, so that nothing is to be done.

    That is the version that stands, if its bytes are the same: whoever sends the same bytes
    again later says nothing new. An older version is the same only with its own moment;
    otherwise somebody went back to it.
    """
    stands = prior_version(receipts, document)
    if stands is not None and stands.document.digest == document.digest:
        return stands
    live = (each for each in receipts if each.is_live())
    return next((each for each in live if each.document == document), None)


def latest_cursor(receipts: Iterable[Receipt], source: str) -> Mapping[str, str] | None:
    """Returns where the next run of a source may begin; None for the very beginning."""
    found = None
    for each in receipts:
        if each.document.source == source and each.is_live() and each.cursor is not None:
            found = each.cursor
    return found


def take_back(receipts: Iterable[Receipt], undo: Undo) -> Receipt:
    """Returns the receipt of a document that is taken back.

    Raises:
        UnknownName: There is no such document.
        UsageError: It is undone already.
    """
    for each in receipts:
        if each.id == undo.document:
            if each.undone is not None:
                en = f"document {each.id} is undone already - import it again instead"
                raise UsageError(en, f"文件 {each.id} 已撤销 - 请重新导入")
            return attrs.evolve(each, undone=undo)
    raise UnknownName("document", str(undo.document))


def moment_after(given: datetime, last: datetime | None) -> datetime:
    """Returns when an event counts as recorded: as given, but after every event before it.

    So clocks that disagree never change what was known at an earlier moment.
    """
    return given if last is None or given > last else last + timedelta(microseconds=1)
