"""Explaining: a second reading of the sources that keeps the rows behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from salesgoal.app.deliveries import reading_ledger
from salesgoal.app.ledger_cells import BookedLedger, feeds_to_date
from salesgoal.app.plan_parts import Source
from salesgoal.app.source_rows import open_rows
from salesgoal.app.track import Tracking
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.contribution import ContributionBook, Contributions, Sought
from salesgoal.domain.explanation import RowExplanation, explain
from salesgoal.domain.history import Decision, Revert
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Severity
from salesgoal.domain.replay import replay
from salesgoal.domain.scorecard import Scorecard, ScoreRow, score
from salesgoal.domain.statement import Rule, Statement, StatementKind
from salesgoal.domain.view import reseat_as_is
from salesgoal.intake.row_reader import RowReader, is_row

__all__ = ["Explained", "explain_figure", "gather_contributions", "trace_revisions"]


@attrs.frozen(kw_only=True)
class Explained:
    """One row of a scorecard, explained.

    Attributes:
        tracking: Where it stands.
        explanation: How its figures came about.
        revisions: What each approved revision made of its target, in order.
        behind: The rows behind the actual; of a ratio those of both its parts.
        outside: The rows that match the goal but lie outside the plan's days.
        rejected: The rejected rows of the metric, of whatever goal: that is not known.
    """

    tracking: Tracking
    explanation: RowExplanation
    revisions: tuple[Statement, ...]
    behind: tuple[Contributions, ...]
    outside: tuple[Contributions, ...]
    rejected: tuple[Contributions, ...]


def explain_figure(
    tracking: Tracking,
    goal: str = "",
    *,
    metric: str | None = None,
    period: str | None = None,
    most: int = 20,
) -> Explained:
    """Returns how the figures of one goal, metric and period came about.

    Args:
        tracking: From `track`; its sources are read once more.
        goal: The path of the goal in any breakdown; the root by default.
        metric: Its id; the plan's first by default.
        period: Its label; the plan's own by default.
        most: How many rows are kept one by one; the others are counted.

    Raises:
        UnknownName: No such goal or metric, or a period that the plan does not show.
        LabelRefused: The label names no period.
        SourceRefused, PlanRefused: As `track`.
    """
    cards = tracking.scorecards
    card = next((each for each in cards if goal in each.tree.by_path), cards[0])
    asked = card.plan.metric(metric) if metric else card.plan.metrics[0]
    row = card.row(goal, metric=asked.id, period=period or card.plan.period)
    found = explain(card, goal, metric=asked.id, period=row.period)
    metrics = _carried(card.plan, asked)
    sought = [(goal, each.id, row.period) for each in metrics]
    book = gather_contributions(tracking, card, sought, most=most)
    return Explained(
        tracking=tracking,
        explanation=found,
        revisions=trace_revisions(tracking, row),
        behind=tuple(book.behind(goal, metric=each.id, period=row.period) for each in metrics),
        outside=tuple(book.outside(goal, metric=each.id) for each in metrics),
        rejected=tuple(book.rejected(each.id) for each in metrics),
    )


def gather_contributions(
    tracking: Tracking,
    card: Scorecard,
    sought: Sequence[Sought] | None = None,
    *,
    most: int = 20,
) -> ContributionBook:
    """Returns the contributions to rows of a scorecard, from every row of the sources.

    Args:
        tracking: Whose sources are read.
        card: One of its scorecards.
        sought: Goal, metric and period of the rows; every row where it is None.
        most: How many contributions a row shows.

    Raises:
        SourceRefused, PlanRefused, LedgerRefused, LedgerBusy: As `track`.
    """
    loaded, plan = tracking.loaded, tracking.loaded.plan
    book = ContributionBook(card, sought, most=most)
    if tracking.view is View.AS_IS:
        book.seat = reseat_as_is(plan, tracking.as_of)
    for source in loaded.sources:
        if not source.in_ledger:
            _take_files(book, tracking, source)
    feeds = [each.map.name for each in loaded.sources if each.in_ledger]
    _take_ledger(book, tracking, dict.fromkeys(feeds))
    return book


def _take_files(book: ContributionBook, tracking: Tracking, source: Source) -> None:
    """Every row of the files of a source."""
    plan, plugins = tracking.loaded.plan, tracking.loaded.plugins
    until = book.card.cells.timeline.until
    for file in source.files:
        control: dict[str, int] = {}
        rows = open_rows(plan, source, file, plugins, control.copy)
        reader = RowReader(plan, rows.map, rows.columns)
        for page in rows.pages:
            for row in filter(is_row, page.rows):
                read = reader.read(row)
                why = [each.code for each in read.problems]
                on = read.on
                if on is not None and rows.map.totals_to_date:
                    on = until(on)
                for metric, value in read.amounts:
                    if metric.is_additive and isinstance(value, int):
                        control[metric.id] = control.get(metric.id, 0) + value
                    if read.is_faulty or on is None:
                        book.reject(row.where, read.on, metric, value, why)
                    else:
                        book.take(row.where, read.credits, on, metric, value)


def _take_ledger(book: ContributionBook, tracking: Tracking, feeds: Iterable[str]) -> None:
    """Every fact that the ledger holds of the feeds, as known when the plan says."""
    loaded = tracking.loaded
    names = list(feeds)
    if not names:
        return
    to_date = feeds_to_date(loaded.sources)
    cells = empty_cells(loaded.plan, tracking.as_of)
    metrics = {each.id: each for each in cells.metrics}
    booked = BookedLedger(loaded.plan, cells)
    with reading_ledger(loaded) as ledger:
        if ledger is None:
            return
        for feed in names:
            for entry in ledger.entries(source=feed, known_at=loaded.known_at):
                on = booked.counts_on(entry, to_date=feed in to_date)
                groups, faults = booked.credit(entry, on)
                wrong = any(each.severity is Severity.ERROR for each in faults)
                for name, value in entry.values.items():
                    if name not in metrics:
                        continue
                    if wrong:
                        why = [each.code for each in faults]
                        book.reject(entry.where, on, metrics[name], value, why)
                    else:
                        book.take(entry.where, groups, on, metrics[name], value)


def trace_revisions(tracking: Tracking, row: ScoreRow) -> tuple[Statement, ...]:
    """Returns what each approved revision made of the target of a row, in order.

    Revisions that left it as it was are passed over. Targets before the first and after the
    last one are the row's own ``original`` and ``target``.

    Cost: one roll-up of the targets a revision.
    """
    loaded = tracking.loaded
    history = loaded.history.upto(loaded.known_at)
    if loaded.plan.original is None:
        return ()
    was = row.original
    found: list[Statement] = []
    for number, event in enumerate(history.events, start=1):
        if not isinstance(event.act, Decision) or not event.act.approved:
            continue
        now = _target_known(tracking, row, event.recorded_at)
        if now != was:
            proposal = history.proposals()[event.act.revision]
            asked = history.events[event.act.revision - 1]
            facts = {
                "number": event.act.revision,
                "decision": number,
                "before": was,
                "rule": "revert" if isinstance(proposal, Revert) else str(proposal.rule),
                "by": asked.by,
                "reason": asked.reason,
                "approved_by": event.by,
                "recorded_at": event.recorded_at.isoformat(),
            }
            kind = StatementKind.REVISED
            found.append(Statement(kind, row.metric, now, Rule.ALONE, facts=facts))
        was = now
    return tuple(found)


def _target_known(tracking: Tracking, row: ScoreRow, moment: datetime) -> Exact | None:
    loaded = tracking.loaded
    plan = replay(loaded.unrevised, loaded.history, known_at=moment).plan
    cells = empty_cells(plan, tracking.as_of)
    for card in score(plan, cells, {}, tracking.as_of, tracking.view):
        if row.goal in card.tree.by_path:
            return card.row(row.goal, metric=row.metric.id, period=row.period).target
    return None


def _carried(plan: Plan, metric: Metric) -> list[Metric]:
    """The metrics whose facts stand behind a metric: itself, or the parts of a ratio."""
    how = metric.aggregation
    names = [how.numerator, how.denominator] if isinstance(how, Ratio) else [metric.id]
    return [plan.metric(name) for name in names]
