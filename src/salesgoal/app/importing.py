"""Importing: files into the plan's ledger, each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from salesgoal.app.corrections import (
    correction_pages,
    correction_sheets,
    is_correction,
    read_corrections,
)
from salesgoal.app.deliveries import Delivery, known_again, make_document
from salesgoal.app.load import LoadedPlan
from salesgoal.app.rejected import RejectedRows
from salesgoal.app.source_rows import SourceRows, open_rows
from salesgoal.app.sources import FileSource
from salesgoal.domain.ledger import Document, EntryPage, Outcome, Receipt
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.recording import NamedRow
from salesgoal.errors import NotConserved, SourceRefused
from salesgoal.intake.entries import Entries
from salesgoal.store import Change, LedgerStore

__all__ = ["Imported", "Importing", "Step"]

_MOST_TOLD = 1000

Step = Callable[[str, int], None]
"""Who is told how many rows of a document were read."""


@attrs.frozen(kw_only=True)
class Imported:
    """What became of one document.

    Attributes:
        name: The document.
        source: Its feed.
        receipt: What the ledger says of it; None where it was refused.
        amounts: `SUM` metric -> ``read`` and each outcome -> units; empty where it was known.
        problems: Every fault, duplicate and conflict.
        rejected: The faulty rows, or None.
        rules: Rule -> rows left out.
        changes: What would change, in a dry run.
        notices: How many duplicates, conflicts and stale rows there are beyond ``problems``.
    """

    name: str
    source: str
    receipt: Receipt | None
    amounts: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict, hash=False)
    problems: tuple[Problem, ...] = ()
    rejected: RejectedRows | None = None
    rules: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    changes: tuple[Change, ...] = ()
    notices: int = 0

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """The rows by outcome; of a document that was known, all of its entries unchanged."""
        if self.receipt is None:
            return {}
        if self.receipt.is_new:
            return self.receipt.counts
        kept = (Outcome.REJECTED, Outcome.IGNORED)
        counts = {each: rows for each, rows in self.receipt.counts.items() if each in kept}
        known = self.receipt.read - sum(counts.values())
        return {Outcome.UNCHANGED: known, **counts} if known else counts


class _Refused(Exception):
    """Rows are faulty and the document must be whole."""


@attrs.define
class _Account:
    """What is told while one document is recorded, added up."""

    plan: Plan
    sums: dict[str, dict[str, int]] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    more: int = 0

    def judged(self, row: NamedRow, outcome: Outcome) -> None:
        for name, value in row.entry.values.items():
            if isinstance(value, int) and self.plan.metric(name).is_additive:
                sums = self.sums.setdefault(name, {})
                sums[outcome.value] = sums.get(outcome.value, 0) + value

    def notice(self, found: Problem) -> None:
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(found)
        else:
            self.more += 1

    def amounts(
        self, control: Mapping[str, int], refused: Mapping[str, int]
    ) -> dict[str, dict[str, int]]:
        """Metric -> units by outcome, asserted against what was read."""
        found = {}
        for name, read in control.items():
            sums = {**self.sums.get(name, {})}
            if refused.get(name):
                sums["rejected"] = refused[name]
            if read != sum(sums.values()):
                message = f"{name}: {read} read, {sum(sums.values())} accounted for"
                raise NotConserved(message)
            found[name] = {"read": read, **sums}
        return found


@attrs.define(kw_only=True)
class Importing:
    """One run of importing.

    Attributes:
        loaded: The plan.
        ledger: Where documents are recorded.
        clock: What time it is.
        as_of: When the documents were made; the times of their files where None.
        partial: Record the good rows of a document that has faulty ones.
        dry_run: Only say what would change.
        step: Who is told how far it is.
    """

    loaded: LoadedPlan
    ledger: LedgerStore
    clock: Callable[[], datetime]
    as_of: datetime | None = None
    partial: bool = False
    dry_run: bool = False
    step: Step = lambda _name, _rows: None

    def take(self, delivery: Delivery) -> Iterator[Imported]:
        """Records a file and yields what became of it.

        A workbook of rejected rows that was corrected goes back into the documents that the
        rows came from, one version of each.

        Raises:
            LedgerBusy, OutputError: As `LedgerStore.record`.
            PlanRefused: The options of an importer are wrong.
        """
        feed = delivery.source.map.name
        try:
            receipts = self.ledger.documents()
            document = make_document(self.loaded.plan, delivery, self.as_of, receipts)
            known = known_again(document, receipts)
            if known is not None:
                known = attrs.evolve(known, is_new=False)
                yield Imported(
                    name=delivery.name, source=feed, receipt=known, problems=_left(known)
                )
                return
            yield from self._read(delivery, document, receipts)
        except SourceRefused as refused:
            yield Imported(
                name=delivery.name, source=feed, receipt=None, problems=refused.problems
            )

    def _read(
        self, delivery: Delivery, document: Document, receipts: Sequence[Receipt]
    ) -> Iterator[Imported]:
        stamp = _stamp(delivery)
        rows, entries = self._open(delivery, delivery.file)
        if is_correction(rows.columns):
            yield from self._correct(delivery, document, receipts)
            return
        pages = self._pages(delivery, rows, entries, stamp)
        yield self._record(document, pages, rows, entries)

    def _open(self, delivery: Delivery, file: FileSource) -> tuple[SourceRows, Entries]:
        """The rows of a file, and how they are read."""
        entries: Entries | None = None
        rows = open_rows(
            self.loaded.plan,
            delivery.source,
            file,
            self.loaded.plugins,
            lambda: entries.control if entries is not None else {},
        )
        identity = delivery.source.identity
        entries = Entries(self.loaded.plan, rows.map, rows.columns, identity=identity)
        return rows, entries

    def _pages(
        self, delivery: Delivery, rows: SourceRows, entries: Entries, stamp: object
    ) -> Iterator[EntryPage]:
        """The entries of a file; raises where it must be whole and is not."""
        left = read = 0
        for page in rows.pages:
            made = entries.take(page)
            ignored = rows.ignored.read - left
            left += ignored
            read += made.read + ignored
            self.step(delivery.name, read)
            if entries.rejected and not self.partial:
                continue  # nothing will be recorded; only the faults are still looked for
            yield attrs.evolve(made, read=made.read + ignored, ignored=made.ignored + ignored)
        ignored = rows.ignored.read - left
        if ignored:
            yield EntryPage(entries=(), read=ignored, ignored=ignored)
        if entries.rejected and not self.partial:
            raise _Refused
        if _stamp(delivery) != stamp:
            raise SourceRefused([problem("file-changing", Place(delivery.file.path.name))])

    def _record(
        self,
        document: Document,
        pages: Iterator[EntryPage],
        rows: SourceRows,
        entries: Entries,
    ) -> Imported:
        account = _Account(self.loaded.plan)
        recorder = self.ledger.preview if self.dry_run else self.ledger.record
        receipt: Receipt | None = None
        changes: tuple[Change, ...] = ()
        try:
            done = recorder(
                document,
                pages,
                recorded_at=self.clock(),
                notice=account.notice,
                judged=account.judged,
            )
            receipt, changes = done if isinstance(done, tuple) else (done, ())
        except _Refused:
            pass
        new = receipt is not None and receipt.is_new
        rejected = None
        if entries.rejected:
            rejected = RejectedRows(
                columns=rows.columns, lines=rows.lines, rows=tuple(entries.rejected)
            )
        problems = [*entries.problems, *rows.left_out.problems]
        return Imported(
            name=document.name,
            source=document.source,
            receipt=receipt,
            amounts=account.amounts(entries.control, entries.refused) if new else {},
            problems=(*problems, *(account.problems if receipt else ())),
            rejected=rejected,
            rules=rows.left_out.counts,
            changes=changes,
            notices=account.more,
        )

    def _correct(
        self,
        delivery: Delivery,
        document: Document,
        receipts: Sequence[Receipt],
    ) -> Iterator[Imported]:
        """Rejected rows that were corrected, each back in its document.

        Files with different headers stand on sheets of their own; all of them are read, and
        without ``partial`` nothing is recorded while a row of any is faulty.
        """
        again = [
            each
            for each in receipts
            if each.is_live()
            and (each.document.source, each.document.digest)
            == (document.source, document.digest)
        ]
        if again:
            for each in again:
                yield Imported(
                    name=each.document.name,
                    source=document.source,
                    receipt=attrs.evolve(each, is_new=False),
                    problems=_left(each),
                )
            return
        sheets = []
        for sheet, file in correction_sheets(delivery.file, self.loaded.plugins):
            rows, entries = self._open(delivery, file)
            if not is_correction(rows.columns):
                raise SourceRefused([problem("no-correction", rows.place)])
            groups = read_corrections(rows, entries, receipts, document.source)
            sheets.append((sheet, rows, entries, groups))
        if not self.partial and any(entries.rejected for _, _, entries, _ in sheets):
            for sheet, rows, entries, _ in sheets:
                if entries.rejected:
                    refused = RejectedRows(
                        columns=rows.columns, lines=rows.lines, rows=tuple(entries.rejected)
                    )
                    yield Imported(
                        name=f"{delivery.name}{sheet}",
                        source=document.source,
                        receipt=None,
                        problems=tuple(entries.problems),
                        rejected=refused,
                    )
            return
        for sheet, rows, _, groups in sheets:
            delivered = attrs.evolve(document, name=f"{document.name}{sheet}")
            for group in groups:
                own = group.document(delivered)
                pages = correction_pages(self.ledger, group)
                yield self._record(own, pages, rows, group.entries)


def _left(receipt: Receipt) -> tuple[Problem, ...]:
    """What is said of a known document some of whose rows were rejected."""
    count = receipt.counts.get(Outcome.REJECTED, 0)
    place = Place(receipt.document.name)
    return (problem("rejected-before", place, count=count),) if count else ()


def _stamp(delivery: Delivery) -> object:
    """What changes when a file is written to while it is read."""
    try:
        found = delivery.file.path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
