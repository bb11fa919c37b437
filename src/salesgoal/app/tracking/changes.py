"""What a tracking workbook that came back would change: totals first, then causes and actions.

A cell counts as changed where it differs from what the same workbook said last: when it was
imported, else when it was handed out. So a workbook that is imported twice changes nothing the
second time, and an old one does not undo what was entered elsewhere. A blank cell that was
blank is no data; one that was cleared takes the total back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.reviews.changes import ReviewChanges, plan_review_changes
from salesgoal.app.tracking.figures import Figures, find_figures
from salesgoal.app.tracking.lines import LineScopes
from salesgoal.app.tracking.memory import BookMemory, read_memory, total_key
from salesgoal.app.tracking.remarks import RemarkReader
from salesgoal.app.tracking.table import TotalKey, TypedTotal
from salesgoal.app.tracking.template import plan_digest
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact, amount_text
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.scope import decode_scope
from salesgoal.intake.parse import CellRefused, read_amount
from salesgoal.intake.readable import readable
from salesgoal.intake.tracking_sheet import TrackedBook, TrackedCell, TrackedLine
from salesgoal.sheets.form import read_scope_key, scope_key
from salesgoal.sheets.form_meanings import Meaning
from salesgoal.sheets.identity_sheet import FORMAT

__all__ = ["TotalChange", "TrackingChanges", "plan_tracking_changes"]


@attrs.frozen(kw_only=True)
class TotalChange:
    """One total that would be typed, corrected or taken back.

    Attributes:
        scope: Of whom.
        metric: Of what.
        period: When.
        before: What the plan says now, in units; None where nothing is known.
        after: What the workbook says; None where the total is taken back.
        told: What other sources say, where the total corrects them.
        where: The cell.
    """

    scope: Mapping[str, str]
    metric: Metric
    period: Period
    before: Exact | None
    after: int | None
    told: Exact | None
    where: Place

    @property
    def key(self) -> TotalKey:
        """By which the total is known."""
        return scope_key(self.scope), self.metric.id, self.period.label


@attrs.frozen(kw_only=True)
class TrackingChanges:
    """What a workbook would change; it is false where nothing would.

    Attributes:
        book: The workbook.
        totals: The totals, in the order of the workbook.
        typed: All typed totals of the plan afterwards.
        reviews: Causes and actions.
        problems: Every fault and everything to look at.
        loaded: The plan that the changes were held against.
    """

    book: TrackedBook
    totals: tuple[TotalChange, ...]
    typed: Mapping[TotalKey, TypedTotal]
    reviews: ReviewChanges
    problems: tuple[Problem, ...]
    loaded: LoadedPlan

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.totals or self.reviews)

    @property
    def is_faulty(self) -> bool:
        """Whether anything in the workbook cannot be read for what it says."""
        return any(each.severity is Severity.ERROR for each in self.problems)


def plan_tracking_changes(
    loaded: LoadedPlan,
    book: TrackedBook,
    as_of: date,
) -> TrackingChanges:
    """Returns what a workbook would change, and every fault; nothing is written.

    Args:
        loaded: The plan.
        book: From `read_tracking`.
        as_of: The day on which totals of running periods stand.

    Raises:
        SourceRefused, PlanRefused, LedgerRefused, LedgerBusy, OutputError: As `find_figures`.
    """
    about = list(_about(loaded, book))
    if any(each.severity is Severity.ERROR for each in about):
        nothing = plan_review_changes(loaded, ())
        return TrackingChanges(
            book=book,
            totals=(),
            typed={},
            reviews=nothing,
            problems=tuple(about),
            loaded=loaded,
        )
    figures = find_figures(loaded, as_of, _levels(loaded, book))
    memory = read_memory(loaded).get(book.facts.get("workbook", ""), BookMemory())
    reader = _Reader(figures, book, as_of, memory)
    reader.read()
    remarks = RemarkReader(figures.loaded.plan, book, memory)
    rows = [row for line, key, goal in reader.goals for row in remarks.rows(line, key, goal)]
    reviews = plan_review_changes(loaded, rows)
    problems = [*about, *book.problems, *reader.problems, *remarks.problems, *reviews.problems]
    return TrackingChanges(
        book=book,
        totals=tuple(reader.changes),
        typed=reader.settle(),
        reviews=reviews,
        problems=tuple(problems),
        loaded=loaded,
    )


def _levels(loaded: LoadedPlan, book: TrackedBook) -> list[Level]:
    """The levels of the periods that a workbook speaks of."""
    columns = [column for form in book.columns.values() for column in form.values()]
    labels = dict.fromkeys(column.meaning.period for column in columns)
    found = {loaded.plan.parse(label).level for label in labels if label}
    return [level for level in loaded.plan.calendar.levels if level in found]


def _about(loaded: LoadedPlan, book: TrackedBook) -> Iterator[Problem]:
    """Whether the workbook is of this plan, this format, and these targets."""
    place, facts = Place(book.name), book.facts
    if facts.get("format") != FORMAT:
        theirs = facts.get("format", "-")
        yield problem("other-format", place, theirs=theirs, ours=FORMAT)
    elif facts.get("plan_digest") != plan_digest(loaded.plan):
        theirs, ours = facts.get("plan", "-"), loaded.plan.name
        yield problem("other-plan", place, theirs=theirs, ours=ours)
    elif facts.get("version") != loaded.plan.version:
        theirs, ours = facts.get("version", "-"), loaded.plan.version
        said = {"theirs_zh": _version_zh(theirs), "ours_zh": _version_zh(ours)}
        yield problem("older-targets", place, theirs=theirs, ours=ours, **said)


def _version_zh(version: str) -> str:
    return "原始" if version == "original" else version


@attrs.define
class _Reader:
    """Reads the totals of a workbook, line by line."""

    figures: Figures
    book: TrackedBook
    as_of: date
    memory: BookMemory
    changes: list[TotalChange] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    goals: list[tuple[TrackedLine, str, str]] = attrs.field(factory=list)
    _paths: dict[str, str] = attrs.field(init=False)
    _seen: dict[tuple[str, str, str], TrackedLine] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Looks up the goals by their keys."""
        plan = self.figures.loaded.plan
        self._paths = {}
        for tree in plan.trees:
            for path, codes in zip(tree.path, tree.scope, strict=True):
                self._paths.setdefault(scope_key(decode_scope(codes, plan.dimensions)), path)

    def read(self) -> None:
        scopes = LineScopes(self.figures.loaded.plan, self.book, self.problems)
        for line in self.book.lines:
            scope = scopes.of(line)
            if scope is None:
                continue
            metric = line.metric
            key = (line.sheet, scope_key(scope), metric)
            first = self._seen.setdefault(key, line)
            if first is not line:
                other = first.where.row
                self.problems.append(problem("line-twice", line.where, other=other))
                continue
            self._check_targets(line, scope)
            for column, form in self.book.columns[line.sheet].items():
                if form.meaning.role == "actual":
                    self._total(line, column, form.meaning, scope)
            path = self._paths.get(scope_key(scope))
            if path is not None:
                self.goals.append((line, scope_key(scope), path))
        for known in self.book.known:
            sheet, name, of = known
            if sheet in self.book.sheets and known not in self._seen:
                place = Place(self.book.name, sheet=self.book.sheets[sheet])
                shown = " ".join(filter(None, (*(read_scope_key(name) or {}).values(), of)))
                self.problems.append(problem("line-missing", place, line=shown))

    # Cells.

    def _check_targets(self, line: TrackedLine, scope: Mapping[str, str]) -> None:
        """Says where a target was overwritten, or is no longer the plan's."""
        for column, form in self.book.columns[line.sheet].items():
            cell = line.cells.get(column)
            if form.meaning.role != "target" or cell is None or not line.key:
                continue
            metric = self._metric(line, form.meaning)
            held = self._held(line, column, metric)
            try:
                said = _said(cell, metric, held)
            except CellRefused:
                said = None if held is not None else 0
            now = self._target(scope, metric, form.meaning)
            if said != held:
                facts = {"held": _shown(held, metric), "value": cell.value}
                code = "target-overwritten"
            elif now is not None and now != held:
                facts = {"now": _shown(now, metric), "value": _shown(held, metric)}
                code = "target-moved"
            else:
                continue
            self.problems.append(problem(code, cell.where, column=cell.column, **facts))

    def _target(
        self, scope: Mapping[str, str], metric: Metric, meaning: Meaning
    ) -> Exact | None:
        plan = self.figures.loaded.plan
        path = self._paths.get(scope_key(scope))
        for card in self.figures.tracking.scorecards:
            if path is not None and path in card.tree.by_path:
                row = card.row(path, metric=metric.id, period=plan.parse(meaning.period))
                return row.target
        return None

    def _total(
        self, line: TrackedLine, column: str, meaning: Meaning, scope: Mapping[str, str]
    ) -> None:
        metric, cell = self._metric(line, meaning), line.cells[column]
        held = self._held(line, column, metric)
        try:
            said = _said(cell, metric, held)
        except CellRefused as refused:
            self._refuse(refused.code, cell, **refused.facts)
            return
        period = self.figures.loaded.plan.parse(meaning.period)
        whole = {**scope, **(read_scope_key(meaning.scope) or {})}
        whole = self.figures.ordered(whole)
        typed = self.figures.typed.totals.get((scope_key(whole), metric.id, period.label))
        key = total_key(whole, metric.id, period.label)
        own = key in self.memory.said
        last = self.memory.units(key, metric) if own else held
        if said == last or (typed is not None and said == typed.typed):
            return
        now = self.figures.known(whole, metric.id, period)
        if said == now and typed is None:
            return
        if said is None and typed is None:
            self._refuse("known-elsewhere", cell, told=_shown(now, metric))
            return
        if metric.id not in self.figures.open_metrics:
            self._refuse("not-typed-here", cell, metric=metric.name)
            return
        if not own and (now or 0) != (held or 0):
            facts = {"held": _shown(held, metric), "now": _shown(now, metric)}
            self._refuse("changed-meanwhile", cell, **facts)
        if period.start > self.as_of:
            self._refuse("period-not-begun", cell, period=period.label)
        told = now if typed is None else None
        if metric.aggregation is Aggregation.SUM and typed is not None:
            told = (now or 0) - typed.amount
        self.changes.append(
            TotalChange(
                scope=whole,
                metric=metric,
                period=period,
                before=now,
                after=said,
                told=told or None,
                where=cell.where,
            )
        )

    def _metric(self, line: TrackedLine, meaning: Meaning) -> Metric:
        return self.figures.loaded.plan.metric(meaning.metric or line.metric)

    def _held(self, line: TrackedLine, column: str, metric: Metric) -> int | None:
        """What the cell held when the workbook was handed out, in units."""
        text = self.book.held.get(((line.sheet, line.key, line.metric), column))
        return None if text is None else read_amount(text, metric, in_percent=True)

    def _refuse(self, code: str, cell: TrackedCell, **facts: object) -> None:
        facts.setdefault("value", cell.value)
        self.problems.append(problem(code, cell.where, column=cell.column, **facts))

    # What it comes to.

    def settle(self) -> dict[TotalKey, TypedTotal]:
        """All typed totals with the changes; inner scopes and shorter periods come first.

        A total of a team is what it says when the totals of its people have changed.
        """
        typed = self.figures.typed.copy()
        order = sorted(self.changes, key=lambda each: (-len(each.scope), each.period.days))
        for each in order:
            typed.drop(each.key)
            if each.after is None:
                continue
            amount = each.after
            if each.metric.aggregation is Aggregation.SUM:
                others = self.figures.known(each.scope, each.metric.id, each.period, typed)
                amount -= int(others or 0)
            typed.put(
                TypedTotal(
                    scope=each.scope,
                    metric=each.metric.id,
                    period=each.period.label,
                    on=self._on(each.period),
                    typed=each.after,
                    amount=amount,
                    workbook=self.book.facts.get("workbook", ""),
                )
            )
        return typed.totals

    def _on(self, period: Period) -> str:
        """Where the fact stands: the period, or the day up to which a running one is told."""
        plan = self.figures.loaded.plan
        whole = (
            plan.calendar.at(period.level, period.start)
            if period.level in plan.calendar.levels
            else period
        )
        if whole == period and not period.start <= self.as_of < period.last:
            return period.label
        return min(max(self.as_of, period.start), period.last).isoformat()


def _said(cell: TrackedCell, metric: Metric, held: int | None) -> int | None:
    """What a cell holds, in units; 0.85 percent is no riddle where nobody has touched it.

    Raises:
        CellRefused: It is no amount that the metric can hold.
    """
    value = readable(cell.value)
    known = read_amount(value, metric, in_percent=True)
    return held if known == held else read_amount(value, metric)


def _shown(units: Exact | None, metric: Metric) -> str:
    return "-" if units is None else amount_text(units, metric.decimals)
