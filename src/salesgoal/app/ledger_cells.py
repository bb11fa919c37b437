"""The ledger's facts in cells: who they count to is looked up when they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

import attrs

from salesgoal.app.booked import BookedFile, book_sources, cut_totals, find_coverage
from salesgoal.app.column_reading import FileReading
from salesgoal.app.deliveries import reading_ledger, reading_of
from salesgoal.app.load import LoadedPlan
from salesgoal.app.plan_parts import Source
from salesgoal.domain.cells import Cells
from salesgoal.domain.credit import NOBODY, CreditGroup, combine_credits, credit_members
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Outcome, Receipt, standing
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.sync import Checkpoint
from salesgoal.domain.timeline import Coverage
from salesgoal.errors import NumberRefused
from salesgoal.intake.entries import read_credits
from salesgoal.store import Feed

__all__ = ["BookedFacts", "BookedLedger", "book_facts", "book_ledger", "feeds_to_date"]

_Found = tuple[tuple[CreditGroup, ...], tuple[tuple[str, str, Mapping[str, object]], ...]]
"""To whom a fact counts; dimension, code and facts of what is to be said about it."""


@attrs.define
class BookedLedger:
    """The facts of a plan's ledger, booked into cells.

    Attributes:
        plan: Whose names and metrics.
        cells: Where the facts go.
        problems: Names that the plan no longer has, and documents to import again.
        control: `SUM` metric -> units, added up apart from the cells.
        coverage: Metric id -> first and last day of each document.
        counts: The rows of the documents that stand, by outcome.
    """

    plan: Plan
    cells: Cells
    problems: list[Problem] = attrs.field(factory=list, init=False)
    control: dict[str, int] = attrs.field(factory=dict, init=False)
    coverage: dict[str, list[tuple[date, date]]] = attrs.field(factory=dict, init=False)
    counts: RowCounts = attrs.field(factory=RowCounts, init=False)
    _metrics: dict[str, Metric] = attrs.field(init=False)
    _credits: dict[object, _Found] = attrs.field(factory=dict, init=False)
    _moving: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up who moves."""
        self._metrics = {each.id: each for each in self.cells.metrics}
        self._moving = any(each.seats.timetable for each in self.plan.dimensions)

    def counts_on(self, entry: Entry, *, to_date: bool) -> date | Period:
        """Returns the day or period of a fact; ``to_date`` as `SourceMap.totals_to_date`."""
        assert entry.on is not None
        return self.cells.timeline.until(entry.on) if to_date else entry.on

    def take(self, entry: Entry, on: date | Period) -> str:
        """Books one fact and returns what became of it: accepted, outside_period, rejected.

        Args:
            entry: The fact.
            on: From `counts_on`.
        """
        last = on.last if isinstance(on, Period) else on
        groups, faults = self.credit(entry, on)
        values = [
            (self._metrics[name], value)
            for name, value in entry.values.items()
            if name in self._metrics
        ]
        faulty = any(each.severity == "error" for each in faults)
        slot = self.cells.rejected if faulty else self.cells.slot(on)
        self.problems += faults
        for metric, value in values:
            self.cells.credit(groups, slot, metric, value, last)
            if metric.is_additive and isinstance(value, int):
                self.control[metric.id] = self.control.get(metric.id, 0) + value
        if faulty:
            return "rejected"
        return "outside_period" if slot == self.cells.outside else "accepted"

    def take_service(
        self, feed: Feed, source: Source, counts: Mapping[str, int], known_at: datetime | None
    ) -> Checkpoint:
        """Counts the records of a service, each once: as it is by now, readable or not.

        Returns where it stands.

        Args:
            feed: The service in the ledger.
            source: How the plan reads it now.
            counts: Outcome -> records that can be read.
            known_at: As known at this moment; None is now.
        """
        unread = sum(1 for _ in feed.marks(known_at))
        self.counts += RowCounts(
            read=sum(counts.values()) + unread,
            accepted=counts["accepted"],
            outside_period=counts["outside_period"],
            rejected=counts["rejected"] + unread,
            without_amount=unread,
        )
        where = Place(feed.source)
        if unread:
            self.problems.append(problem("records-unread", where, count=unread))
        checkpoint = feed.checkpoint()
        if checkpoint.version and checkpoint.reading != reading_of(self.plan, source):
            self.problems.append(problem("synced-otherwise", where))
        return checkpoint

    def credit(
        self, entry: Entry, on: date | Period
    ) -> tuple[tuple[CreditGroup, ...], list[Problem]]:
        """Returns to whom a fact counts, and what is to be said about it."""
        groups, said = self._groups(entry, on)
        faults = [
            problem(code, entry.where, column=name, **facts) for name, code, facts in said
        ]
        return groups, faults

    def _groups(self, entry: Entry, on: date | Period) -> _Found:
        key: object = tuple(entry.members.items())
        if self._moving:
            key = (key, on)
        found = self._credits.get(key)
        if found is None:
            if len(self._credits) > _REMEMBERED:
                self._credits.clear()
            found = self._credits[key] = self._resolve(entry.members, on)
        return found

    def _resolve(self, members: Mapping[str, str], on: date | Period) -> _Found:
        credited, said = [], []
        for dimension in self.plan.dimensions:
            one = NOBODY
            text = members.get(dimension.id)
            if text is not None:
                named, faults = _named(dimension, text)
                said += faults
                try:
                    one = credit_members(dimension, named, on)
                except NumberRefused as refused:
                    said.append((dimension.name, refused.code, {"value": refused.value}))
                label = on.label if isinstance(on, Period) else str(on)
                said += [
                    (dimension.name, code, {"value": name, "on": label})
                    for code, name in one.said
                ]
            credited.append(one)
        if any(code in _FAULTS for _, code, _ in said):
            credited = [NOBODY] * len(credited)
        return combine_credits(credited), tuple(said)


_REMEMBERED = 100_000
_FAULTS = {"unknown-member", "shares-not-one", "credited-twice"}


def _named(
    dimension: Dimension, text: str
) -> tuple[Sequence[tuple[int, Fraction | None]], list[tuple[str, str, Mapping[str, object]]]]:
    """The members of an entry's text, and who is no member any more."""
    named: list[tuple[int, Fraction | None]] = []
    faults: list[tuple[str, str, Mapping[str, object]]] = []
    for name, share in read_credits(text):
        code = dimension.find(name)
        if code is None:
            unknown = dimension.unknown(name, Place(""))
            facts = {**unknown.facts, "value": name}
            faults.append((dimension.name, "unknown-member", facts))
        else:
            named.append((code, share))
    return ([] if faults else named), faults


@attrs.frozen(kw_only=True)
class BookedFacts:
    """The facts of a plan, from its files and its ledger.

    Attributes:
        files: What the files gave.
        recorded: What the ledger gave.
    """

    files: Sequence[BookedFile]
    recorded: BookedLedger

    @property
    def control(self) -> dict[str, int]:
        """`SUM` metric -> units read, added up apart from the cells."""
        control = dict(self.recorded.control)
        for file in self.files:
            for metric, units in file.booking.control.items():
                control[metric] = control.get(metric, 0) + units
        return control

    @property
    def counts(self) -> RowCounts:
        """The rows read, by outcome."""
        return sum((each.counts for each in self.files), self.recorded.counts)

    @property
    def readings(self) -> tuple[FileReading, ...]:
        """Which way the large files were read."""
        return tuple(each.reading for each in self.files if each.reading is not None)

    @property
    def coverage(self) -> Coverage:
        """Metric id -> the days that are spoken of."""
        own, other = find_coverage(self.files), self.recorded.coverage
        names = dict.fromkeys((*own, *other))
        return {name: [*own.get(name, ()), *other.get(name, ())] for name in names}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every fault of both."""
        found = (each for file in self.files for each in file.problems)
        return (*found, *self.recorded.problems)


def book_facts(loaded: LoadedPlan, cells: Cells) -> BookedFacts:
    """Books the facts of a plan: from its ledger where they go through it, else from files.

    Raises:
        SourceRefused, PlanRefused: A file cannot be read at all.
        LedgerRefused, LedgerBusy: As `book_ledger`.
    """
    from_files = [each for each in loaded.sources if not each.in_ledger]
    files = book_sources(loaded.plan, from_files, loaded.plugins, cells)
    return BookedFacts(files=files, recorded=book_ledger(loaded, cells))


def book_ledger(loaded: LoadedPlan, cells: Cells) -> BookedLedger:
    """Books the facts of the plan's ledger into the cells, as known when the plan says.

    Args:
        loaded: The plan; without a ledger, or before its file is made, nothing is booked.
        cells: Where they go.

    Raises:
        LedgerRefused: It is damaged or out of reach, or a database without a ledger.
        LedgerBusy: A writer is about to finish for longer than one can wait.
    """
    booked = BookedLedger(loaded.plan, cells)
    sources = [each for each in loaded.sources if each.in_ledger]
    known_at, to_date = loaded.known_at, feeds_to_date(sources)
    if not sources:
        return booked
    with reading_ledger(loaded) as ledger:
        if ledger is None:
            return booked
        receipts = ledger.documents()
        for feed in dict.fromkeys(each.map.name for each in sources):
            stand = [
                each for each in standing(receipts, known_at) if each.document.source == feed
            ]
            counts = dict.fromkeys(("accepted", "outside_period", "rejected"), 0)
            days: dict[tuple[str, str], tuple[date, date]] = {}
            cut: Counter[Period] = Counter()
            for entry in ledger.entries(source=feed, known_at=known_at):
                on = booked.counts_on(entry, to_date=feed in to_date)
                outcome = booked.take(entry, on)
                counts[outcome] += 1
                if outcome == "outside_period":
                    cut.update(cells.timeline.cut(on))
                _note_days(days, entry, cells.timeline.said_days(on))
            booked.problems += cut_totals(cut, Place(feed))
            services = [each for each in sources if each.map.name == feed and each.service]
            if services:
                checkpoint = booked.take_service(
                    ledger.feed(feed), services[0], counts, known_at
                )
                if known_at is None:
                    days = _read_until(days, checkpoint, services[0])
            else:
                booked.counts += _row_counts(stand, counts)
                booked.problems += _rejected_before(stand)
            spans = [each.map.coverage for each in sources if each.map.name == feed]
            given = [each for each in spans if each is not None]
            for (_, metric), span in days.items():
                booked.coverage.setdefault(metric, []).extend(given or [span])
        booked.problems += _read_otherwise(loaded, standing(receipts, known_at))
    return booked


def feeds_to_date(sources: Sequence[Source]) -> frozenset[str]:
    """Returns the feeds whose totals of what is not over count; see `SourceMap`."""
    return frozenset(each.map.name for each in sources if each.map.totals_to_date)


def _note_days(
    days: dict[tuple[str, str], tuple[date, date]],
    entry: Entry,
    said: tuple[date, date] | None,
) -> None:
    """The first and last day of each file and metric."""
    if said is None:
        return
    first, last = said
    for metric in entry.values:
        key = (entry.where.source, metric)
        known = days.get(key)
        if known is None:
            days[key] = (first, last)
        elif first < known[0] or last > known[1]:
            days[key] = (min(known[0], first), max(known[1], last))


def _read_until(
    days: Mapping[tuple[str, str], tuple[date, date]], checkpoint: Checkpoint, source: Source
) -> dict[tuple[str, str], tuple[date, date]]:
    """The days that a service speaks of: up to its last whole reading, whatever came of it."""
    if checkpoint.completed_at is None:
        return dict(days)
    until = checkpoint.completed_at.astimezone(source.map.zone).date()
    return {key: (first, max(last, until)) for key, (first, last) in days.items()}


def _row_counts(stand: Sequence[Receipt], counts: Mapping[str, int]) -> RowCounts:
    """The rows of the documents that stand; what does not count beside others is duplicate."""
    read = sum(each.read for each in stand)
    rejected = sum(each.counts.get(Outcome.REJECTED, 0) for each in stand)
    ignored = sum(each.counts.get(Outcome.IGNORED, 0) for each in stand)
    return RowCounts(
        read=read,
        accepted=counts["accepted"],
        outside_period=counts["outside_period"],
        rejected=counts["rejected"] + rejected,
        without_amount=rejected,
        ignored=ignored,
        duplicate=read - rejected - ignored - sum(counts.values()),
    )


def _rejected_before(stand: Sequence[Receipt]) -> list[Problem]:
    return [
        problem("rejected-before", Place(each.document.name), count=count)
        for each in stand
        if (count := each.counts.get(Outcome.REJECTED, 0))
    ]


def _read_otherwise(loaded: LoadedPlan, stand: Sequence[Receipt]) -> list[Problem]:
    """Documents that the plan as it is now would read in another way."""
    ways: dict[str, set[str]] = {}
    for source in loaded.sources:
        if source.in_ledger and source.service is None:
            own = {reading_of(loaded.plan, source, file) for file in source.files[:1]}
            ways.setdefault(source.map.name, set()).update(own)
    old = [
        each
        for each in stand
        if each.document.source in ways
        and each.document.digest[64:] not in ways[each.document.source]
    ]
    if not old:
        return []
    return [problem("read-otherwise", Place(loaded.path.name, key="ledger"), count=len(old))]
