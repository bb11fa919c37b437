"""Taking tracking workbooks back: which files are some, and writing what they change.

Totals go into the table beside the plan, and on into its ledger where it has one; causes and
actions into the plan's table of reviews. Nothing is written before it was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import attrs

from salesgoal.app.deliveries import find_deliveries, ledger_target
from salesgoal.app.importing import Importing
from salesgoal.app.load import LoadedPlan, load_plan
from salesgoal.app.reviews.changes import (
    ReviewChanges,
    apply_review_changes,
    plan_review_changes,
)
from salesgoal.app.reviews.entry import ActionRow, CauseRow
from salesgoal.app.reviews.table import writing_alone
from salesgoal.app.sources import FileSource, open_sheets
from salesgoal.app.tracking.changes import TrackingChanges, plan_tracking_changes
from salesgoal.app.tracking.memory import BookMemory, read_memory, total_key, write_memory
from salesgoal.app.tracking.table import is_tracking, write_totals
from salesgoal.domain.number import to_amount
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem, Severity
from salesgoal.domain.scope import decode_scope
from salesgoal.errors import OutputError, PlanRefused, SourceRefused
from salesgoal.intake.tracking_sheet import TrackedBook, read_tracking
from salesgoal.ports.plugins import Plugins
from salesgoal.store import open_ledger

__all__ = ["AppliedTracking", "apply_tracking", "find_tracking", "good_reviews"]


@attrs.frozen(kw_only=True)
class AppliedTracking:
    """What was written.

    Attributes:
        paths: The files beside the plan.
        problems: What the ledger says of the totals.
    """

    paths: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def find_tracking(
    files: Sequence[Path], plugins: Plugins
) -> tuple[list[TrackedBook], list[Path]]:
    """Returns the tracking workbooks among files, and the others.

    A file that cannot be read is among the others; whoever takes these says what is wrong.
    """
    books: list[TrackedBook] = []
    others: list[Path] = []
    for path in files:
        book = None
        try:
            pages = open_sheets(FileSource(path=path), plugins)
            book = None if pages is None else read_tracking(pages, path.name)
        except SourceRefused:
            pass
        if book is None:
            others.append(path)
        else:
            books.append(book)
    return books, others


def good_reviews(changes: TrackingChanges) -> ReviewChanges:
    """Returns the causes and actions whose rows have no error."""
    bad = {each.where for each in changes.reviews.problems if each.severity is Severity.ERROR}
    rows = [row for row in changes.reviews.rows if row.where not in bad]
    return plan_review_changes(changes.loaded, rows)


def apply_tracking(
    changes: TrackingChanges, as_of: date, recorded_at: datetime, *, partial: bool = False
) -> AppliedTracking:
    """Writes what a workbook changes.

    Args:
        changes: As they were shown.
        as_of: The day that they were held against.
        recorded_at: When the ledger takes note.
        partial: Take the good cells where others are faulty.

    Raises:
        PlanRefused: The workbook has faults.
        OutputError: Something else was entered meanwhile, or a file cannot be written.
        LedgerRefused, LedgerBusy: The ledger cannot be written; the totals stand beside the
            plan, and the next import records them.
    """
    if changes.is_faulty and not partial:
        raise PlanRefused(changes.problems)
    loaded = changes.loaded
    paths: list[Path] = []
    with writing_alone(loaded.path):
        fresh = load_plan(loaded.path, loaded.plugins)
        now = plan_tracking_changes(fresh, changes.book, as_of)
        if now.totals != changes.totals:
            detail, zh = (
                "its figures changed meanwhile - import again",
                "其间数字已有改动 - 请重新导入",
            )
            raise OutputError(str(loaded.path), detail, zh)
        if now.totals:
            paths += write_totals(fresh, now.typed)
            _remember(fresh, changes, {})
    reviews = good_reviews(changes) if partial else changes.reviews
    applied = apply_review_changes(loaded, reviews)
    if applied.path is not None:
        paths.append(applied.path)
    after = load_plan(loaded.path, loaded.plugins)
    handles = dict(_handles(after.plan, reviews.rows))
    if handles:
        _remember(after, changes, handles)
    return AppliedTracking(paths=tuple(paths), problems=_record(after, recorded_at))


def _remember(
    loaded: LoadedPlan, changes: TrackingChanges, handles: Mapping[str, Mapping[str, str]]
) -> None:
    """Keeps what the workbook said, for the next time it comes."""
    name = changes.book.facts.get("workbook", "")
    memory = read_memory(loaded)
    old = memory.get(name, BookMemory())
    said = {
        total_key(each.scope, each.metric.id, each.period.label): (
            "" if each.after is None else str(to_amount(each.after, each.metric.decimals))
        )
        for each in changes.totals
    }
    kept = {about: {**old.handles.get(about, {}), **new} for about, new in handles.items()}
    memory[name] = BookMemory(said={**old.said, **said}, handles={**old.handles, **kept})
    write_memory(loaded, memory)


def _handles(
    plan: Plan, rows: Sequence[CauseRow | ActionRow]
) -> Iterator[tuple[str, dict[str, str]]]:
    """By what the plan knows the causes and actions of the rows now."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        scope, period = _scope(plan, row.goal), plan.parse(row.period)
        metric = row.metric or plan.metrics[0].id
        about = total_key(scope, metric, period.label)
        mine = found.setdefault(about, {})
        if isinstance(row, CauseRow):
            for each in plan.reviews.explanations:
                code = each.cause.code if each.cause else None
                place = (decode_scope(each.codes, plan.dimensions), each.metric, each.period)
                same = (code, each.text, each.note) == (row.code, row.text, row.note)
                if place == (scope, metric, period) and (each.key == row.key or same):
                    mine["cause"] = each.key
        else:
            for action in plan.reviews.actions:
                place = (
                    decode_scope(action.codes, plan.dimensions),
                    action.metric,
                    action.period,
                )
                named = action.number == row.number or action.what == row.text
                if place == (scope, metric, period) and named:
                    mine["action"] = str(action.number)
    yield from ((about, mine) for about, mine in found.items() if mine)


def _scope(plan: Plan, goal: str) -> dict[str, str]:
    for tree in plan.trees:
        if goal in tree.by_path:
            return decode_scope(tree.scope[tree.by_path[goal]], plan.dimensions)
    return {}


def _record(loaded: LoadedPlan, recorded_at: datetime) -> tuple[Problem, ...]:
    """Lets the plan's ledger take note of the totals; nothing where it has none."""
    sources = [each for each in loaded.sources if each.in_ledger and is_tracking(loaded, each)]
    if not sources:
        return ()
    found: list[Problem] = []
    with open_ledger(ledger_target(loaded)) as ledger:
        run = Importing(
            loaded=loaded,
            ledger=ledger,
            clock=lambda: recorded_at,
            as_of=recorded_at,
            partial=True,
        )
        for source in sources:
            for delivery in find_deliveries(loaded, (), source.map.name):
                for done in run.take(delivery):
                    found += done.problems
    return tuple(found)
