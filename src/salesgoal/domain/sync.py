"""Sync: what a source of records says by now, held against what the ledger has of it.

A source of records (a CRM) is asked for changes again and again, and the same rows come again
and again. So a row that says what stands adds nothing; only news are kept. Runs take turns: a
page is taken over only where no other run of the source was faster, so rows come in the order
in which they were read, and what counts is what the source said last.

A row is *gone* where the source deleted it or it no longer counts (a deal that was reopened),
and *faulty* where it cannot be read. Both empty the fact: what it said before is not true any
more, and nobody knows better.

| a row | what stands | its outcome | kept |
|---|---|---|---|
| counts | nothing | `added` | yes |
| counts | the same | `unchanged` | no |
| counts | anything else, newer | `stale` | no |
| counts | anything else, of this revision, read alike | `conflict` | yes |
| counts | anything else | `corrected` | yes |
| gone | nothing, or gone | `ignored` | no |
| gone | anything else, newer | `stale` | no |
| gone | anything else | `retired` | yes |
| faulty | faulty, or anything newer | `rejected` | no |
| faulty | anything else | `rejected` | yes |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import attrs

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Outcome
from salesgoal.errors import LedgerBusy

__all__ = ["Checkpoint", "SyncOvertaken", "SyncedClaim", "judge_synced", "page_name", "run_of"]

_NAME = re.compile(r"(sync [0-9T:.-]+Z) #[0-9]+")


class SyncOvertaken(LedgerBusy):
    """Another run of the same source is under way; this one took nothing more over."""

    def __init__(self, source: str) -> None:
        super().__init__(source, 0)
        self.zh = f"{source} 正由另一次同步处理，将由它继续 - 无需处理"
        self.args = (f"{source} is being synced by another run, which goes on - do nothing",)


@attrs.frozen(kw_only=True)
class Checkpoint:
    """Where the next run of a source begins.

    Attributes:
        source: The feed.
        version: Counts its changes; 0 where there was none yet.
        importer: Who read it.
        identity: A digest of the importer, its options and the contract it was written for.
        reading: A digest of how the plan reads its rows.
        cursor: Everything up to here was taken over; None is the very beginning.
        completed_at: When a run last came to its end; None where none ever did.
    """

    source: str
    version: int = 0
    importer: str = ""
    identity: str = ""
    reading: str = ""
    cursor: Mapping[str, str] | None = attrs.field(default=None, hash=False)
    completed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class SyncedClaim:
    """A claim on a fact: that of a row at hand, or the one that stands.

    Attributes:
        entry: What is said.
        content: From `content_digest`.
        stamp: The revision, or when the page was read, in microseconds.
        reading: How the plan read the row.
    """

    entry: Entry
    content: bytes
    stamp: int
    reading: str


def judge_synced(row: SyncedClaim, stands: SyncedClaim | None) -> tuple[Outcome, bool]:
    """Returns what becomes of a row, and whether it is kept, by the table of this page.

    >>> from salesgoal.domain.problem import Place
    >>> gone = Entry(on=None, key="D-1", deleted=True, where=Place("crm"))
    >>> row = SyncedClaim(entry=gone, content=b"gone", stamp=1, reading="")
    >>> outcome, kept = judge_synced(row, None)
    >>> print(outcome, kept)
    ignored False
    """
    same = stands is not None and stands.content == row.content
    older = stands is not None and row.stamp < stands.stamp
    if row.entry.rejected:
        return Outcome.REJECTED, not same and not older
    if row.entry.deleted and (stands is None or same):
        return Outcome.IGNORED, False
    if stands is None:
        return Outcome.ADDED, True
    if same:
        return Outcome.UNCHANGED, False
    if older:
        return Outcome.STALE, False
    if row.entry.deleted:
        return Outcome.RETIRED, True
    alike = row.stamp == stands.stamp and row.reading == stands.reading
    if alike and not stands.entry.deleted:
        return Outcome.CONFLICT, True
    return Outcome.CORRECTED, True


def page_name(started_at: datetime, number: int) -> str:
    """Returns what a page is called among the documents of the ledger.

    >>> page_name(datetime(2023, 10, 6, 8, tzinfo=UTC), 17)
    'sync 2023-10-06T08:00:00Z #17'
    """
    moment = started_at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"sync {moment}Z #{number}"


def run_of(name: str) -> str | None:
    """Returns the run that a page is of, by its name; None for other documents.

    >>> run_of("sync 2023-10-06T08:00:00Z #17")
    'sync 2023-10-06T08:00:00Z'
    """
    match = _NAME.fullmatch(name)
    return match[1] if match else None
