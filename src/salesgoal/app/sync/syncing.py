"""Syncing: the services of a plan into its ledger, page by page, each page with its cursor.

However a run ends, what was taken over stays and the next run goes on behind it. The five rules
of reading changes are the importer's; here it is seen to that rows which say nothing new add
nothing, that rows which no longer count are taken out, and that nothing is lost on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from time import sleep

import attrs

from salesgoal.app.deliveries import reading_of
from salesgoal.app.load import LoadedPlan
from salesgoal.app.plan_parts import Source
from salesgoal.app.service import identity_of, open_service
from salesgoal.app.sync.rows import SyncRows
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.sync import Checkpoint
from salesgoal.errors import (
    LedgerBusy,
    NotConserved,
    PlanRefused,
    PluginError,
    SalesgoalError,
    SourceError,
    SourceRefused,
    UnknownName,
    UsageError,
)
from salesgoal.ports.guard import guarded_pages
from salesgoal.ports.importer import ImporterSpec, ReadRequest
from salesgoal.store import Change, Feed, LedgerStore, SyncRun, Taken

__all__ = ["SyncResult", "Synced", "Syncing", "Whole", "find_services"]

_MOST_TOLD = 1000
_MOST_CHANGES = 20
_LATER = timedelta(days=1)
_STOPS = (SourceError, SourceRefused, PlanRefused, PluginError, LedgerBusy, UsageError)
"""What ends the run of one source and leaves the others alone."""
_NOTICES = {Outcome.CONFLICT: "conflicting-entry", Outcome.STALE: "stale-entry"}


class SyncResult(StrEnum):
    """What a run of a source came to."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    TRIAL = "trial"


class Whole(StrEnum):
    """Why a run read everything, not only changes."""

    FIRST = "first"
    ASKED = "asked"
    ALWAYS = "always"
    OTHER_SOURCE = "other_source"
    OTHER_READING = "other_reading"
    UNDONE = "undone"


_WITHDRAWING = {Whole.ASKED, Whole.ALWAYS, Whole.OTHER_SOURCE}
"""Where what was not seen is taken out."""


@attrs.frozen(kw_only=True)
class Synced:
    """What became of one source.

    Attributes:
        source: The feed.
        importer: Who read it.
        result: What the run came to.
        whole: Why everything was read; None where it was changes only.
        pages: How many pages were taken over.
        counts: Outcome -> rows; they add up to the rows read.
        withdrawn: Facts that were not seen any more, and do not count now.
        amounts: `SUM` metric -> ``read`` and each outcome -> units.
        problems: Every fault, conflict and stale row, once.
        rules: Rule -> rows left out.
        changes: The first of each kind, with what counted before.
        error: Why it ended early; None where it did not.
    """

    source: str
    importer: str
    result: SyncResult
    whole: Whole | None
    pages: int
    counts: Mapping[Outcome, int] = attrs.field(hash=False)
    withdrawn: int
    amounts: Mapping[str, Mapping[str, int]] = attrs.field(hash=False)
    problems: tuple[Problem, ...]
    rules: Mapping[str, int] = attrs.field(hash=False)
    changes: tuple[Change, ...]
    error: SalesgoalError | None = None

    @property
    def read(self) -> int:
        """How many rows came."""
        return sum(self.counts.values())


def find_services(loaded: LoadedPlan, name: str | None = None) -> list[Source]:
    """Returns the sources of a plan that are synced, or the one of that name.

    Raises:
        UnknownName: There is none of that name.
        UsageError: The plan syncs nothing.
    """
    found = [each for each in loaded.sources if each.service is not None]
    if name is not None:
        names = [each.map.name for each in found]
        if name not in names:
            raise UnknownName("source of the ledger", name, names)
        return [each for each in found if each.map.name == name]
    if not found:
        en = f"{loaded.path.name} syncs nothing - give an [[actuals]] an importer and no path"
        raise UsageError(en, f"{loaded.path.name} 没有可同步的来源 - [[actuals]] 只写 importer")
    return found


@attrs.define(kw_only=True)
class Syncing:
    """One run of syncing.

    Attributes:
        loaded: The plan.
        ledger: Where pages are taken over.
        clock: What time it is.
        full: Read everything, and take out what is not there any more.
        dry_run: Only say what would change.
        step: Who is told how many rows of a source were read.
        wait: How importers wait between tries.
    """

    loaded: LoadedPlan
    ledger: LedgerStore
    clock: Callable[[], datetime]
    full: bool = False
    dry_run: bool = False
    step: Callable[[str, int], None] = lambda _name, _rows: None
    wait: Callable[[float], None] = sleep

    def take(self, source: Source) -> Synced:
        """Syncs one source and returns what became of it, whatever ended it.

        Raises:
            LedgerRefused, OutputError: The ledger cannot be read or written at all.
            NotConserved: A row has no outcome, or two: our bug.
        """
        run = _Run(self, source)
        error: SalesgoalError | None = None
        try:
            run.run()
        except _STOPS as stopped:
            error = stopped
        return run.report(error)


@attrs.frozen
class _Account:
    """What the rows said that were taken over: of a page that was not, nothing is told."""

    control: Mapping[str, int] = attrs.field(factory=dict)
    refused: Mapping[str, int] = attrs.field(factory=dict)
    rules: Mapping[str, int] = attrs.field(factory=dict)
    nameless: int = 0
    passed: int = 0


@attrs.define
class _Run:
    """The run of one source."""

    syncing: Syncing
    source: Source
    rows: SyncRows = attrs.field(init=False)
    run_: SyncRun = attrs.field(init=False)
    feed: Feed = attrs.field(init=False)
    base: Checkpoint = attrs.field(init=False)
    whole: Whole | None = attrs.field(default=None, init=False)
    cursor: Mapping[str, str] | None = attrs.field(default=None, init=False)
    pages: int = attrs.field(default=0, init=False)
    read: int = attrs.field(default=0, init=False)
    withdrawn: int = attrs.field(default=0, init=False)
    seen: set[bytes] = attrs.field(factory=set, init=False)
    counts: Counter[Outcome] = attrs.field(factory=Counter, init=False)
    account: _Account = attrs.field(factory=_Account, init=False)
    sums: dict[str, Counter[str]] = attrs.field(factory=dict, init=False)
    notices: list[Problem] = attrs.field(factory=list, init=False)
    changes: dict[Outcome | None, list[Change]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up where the source stands."""
        plan = self.syncing.loaded.plan
        self.rows = SyncRows(plan, self.source)
        self.run_ = SyncRun(
            started_at=self.syncing.clock(),
            reading=reading_of(plan, self.source),
            trial={} if self.syncing.dry_run else None,
        )
        self.feed = self.syncing.ledger.feed(self.source.map.name)
        self.base = self.feed.checkpoint()

    def run(self) -> None:
        """Reads what there is to read, and takes it over."""
        assert self.source.service is not None
        spec, options = open_service(self.source.service, self.syncing.loaded.plugins)
        identity = identity_of(spec, options)
        self.whole = self._whole(spec, identity)
        self.rows.derives = not spec.incremental
        self.cursor = None if self.whole else self.base.cursor
        after = attrs.evolve(
            self.base,
            importer=spec.name,
            identity=identity,
            reading=self.run_.reading,
            cursor=self.cursor,
        )
        # Where facts are withdrawn at the end, what stands stays until the end is reached: a
        # run that is killed before goes on, or begins anew, as if this one had not been.
        behind = None if self.whole in _WITHDRAWING else after
        asked = ReadRequest(
            options=options, until=self.run_.started_at, sleep=self.syncing.wait
        )
        self._pass(spec, asked, behind)
        if self.whole in _WITHDRAWING:
            if spec.incremental and self.cursor is not None:
                # What was changed meanwhile was moved beyond the end of the first reading.
                later = attrs.evolve(asked, until=self.syncing.clock() + _LATER)
                self._pass(spec, later, behind)
            self._withdraw()
        if not self.syncing.dry_run:
            after = attrs.evolve(after, cursor=self.cursor, completed_at=self.syncing.clock())
            self.base = self.feed.move(self.base, after)

    def _whole(self, spec: ImporterSpec, identity: str) -> Whole | None:
        """Why everything is to be read; None where changes will do."""
        base = self.base
        if not spec.incremental:
            return Whole.ALWAYS
        if not base.version:
            return Whole.FIRST
        if self.syncing.full:
            return Whole.ASKED
        if not base.identity:
            return Whole.UNDONE
        if base.identity != identity:
            return Whole.OTHER_SOURCE
        if base.reading != self.run_.reading:
            return Whole.OTHER_READING
        return None if base.cursor is not None else Whole.FIRST

    def _pass(self, spec: ImporterSpec, asked: ReadRequest, behind: Checkpoint | None) -> None:
        """Takes over page after page, each with the checkpoint behind it, if any."""
        request = attrs.evolve(asked, since=self.cursor)
        with closing(guarded_pages(spec, request)) as pages:
            for page in pages:
                entries = self.rows.take(page)
                cursor = self.cursor if page.cursor is None else page.cursor
                after = self.base if behind is None else attrs.evolve(behind, cursor=cursor)
                self.base, taken = self.feed.take(
                    entries,
                    self.run_,
                    base=self.base,
                    after=after,
                    recorded_at=self.syncing.clock(),
                    eager=self.whole is not None,
                )
                self.cursor = cursor
                self.pages += 1
                self.read += len(page.rows)
                self._note(taken)
                self.syncing.step(self.source.map.name, self.read)

    def _note(self, taken: Sequence[Taken]) -> None:
        """Adds up what became of the rows of a page that was taken over."""
        rows = self.rows
        self.account = _Account(
            dict(rows.control),
            dict(rows.refused),
            dict(rows.rules),
            rows.nameless,
            rows.passed,
        )
        for one in taken:
            self.counts[one.outcome] += 1
            if self.whole in _WITHDRAWING:
                self.seen.add(one.fact)
            for name, value in one.entry.values.items():
                if isinstance(value, int) and name in self.rows.control:
                    sums = self.sums.setdefault(name, Counter())
                    sums[one.outcome.value] += value
            if one.claim is not None or one.outcome is Outcome.STALE:
                self._change(one.outcome, Change(one.outcome, one.before, one.entry))
            self._notice(one)

    def _notice(self, one: Taken) -> None:
        before, where = one.before, one.entry.where
        if before is None or len(self.notices) >= _MOST_TOLD:
            return
        if one.outcome in _NOTICES:
            code = _NOTICES[one.outcome]
            self.notices.append(problem(code, where, value=one.entry.key, other=before.where))
        elif one.outcome is Outcome.REJECTED and one.claim is not None and not before.deleted:
            self.notices.append(problem("record-emptied", where))

    def _change(self, outcome: Outcome | None, change: Change) -> None:
        kept = self.changes.setdefault(outcome, [])
        if len(kept) < _MOST_CHANGES:
            kept.append(change)

    def _withdraw(self) -> None:
        """Takes out what a whole reading did not show."""
        gone = list(self.feed.unseen(self.seen, self.run_))
        if not gone:
            return
        if not self.seen or (self.rows.nameless and not self.rows.derives):
            place = Place(self.source.map.name)
            self.notices.append(problem("nothing-withdrawn", place))
            return
        for entry in gone[:_MOST_CHANGES]:
            self._change(None, Change(None, entry, None))
        self.withdrawn = len(gone)
        if not self.syncing.dry_run:
            self.base, self.withdrawn = self.feed.withdraw(
                self.seen, self.run_, base=self.base, recorded_at=self.syncing.clock()
            )

    def report(self, error: SalesgoalError | None) -> Synced:
        """What became of the source, with the law of rows and of amounts asserted.

        Raises:
            NotConserved: They do not hold.
        """
        self.counts[Outcome.REJECTED] += self.account.nameless
        self.counts[Outcome.IGNORED] += self.account.passed
        result = SyncResult.TRIAL if self.syncing.dry_run else SyncResult.COMPLETE
        if error is not None:
            result = SyncResult.PARTIAL if self.pages else SyncResult.FAILED
        if self.counts.total() != self.read:
            message = f"{self.source.map.name}: {self.read} rows, {self.counts.total()} judged"
            raise NotConserved(message)
        return Synced(
            source=self.source.map.name,
            importer=self.source.service.importer if self.source.service else "",
            result=result,
            whole=self.whole,
            pages=self.pages,
            counts={each: self.counts[each] for each in Outcome if self.counts[each]},
            withdrawn=self.withdrawn,
            amounts=dict(self._amounts()),
            problems=tuple(_once((*self.rows.problems, *self.notices))),
            rules=self.account.rules,
            changes=tuple(each for kind in _ORDER for each in self.changes.get(kind, ())),
            error=error,
        )

    def _amounts(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Metric -> units read and by outcome, asserted against each other."""
        for name, read in self.account.control.items():
            sums = {**self.sums.get(name, {})}
            if self.account.refused.get(name):
                sums[Outcome.REJECTED.value] = self.account.refused[name]
            if read != sum(sums.values()):
                message = f"{name}: {read} read, {sum(sums.values())} accounted for"
                raise NotConserved(message)
            yield name, {"read": read, **sums}


def _once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The same fault of a record that came again, as where everything is read, is one."""
    told = set()
    for each in problems:
        if each.where.key is None or each not in told:
            yield each
        told.add(each)


_ORDER = (*Outcome, None)
