"""Tracking: a loaded plan held against its sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from salesgoal.app.column_reading import FileReading
from salesgoal.app.ledger_cells import book_facts
from salesgoal.app.load import LoadedPlan
from salesgoal.app.rejected import RejectedRows
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.membership import View
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem
from salesgoal.domain.reconciliation import Reconciliation, RowCounts, reconcile
from salesgoal.domain.scorecard import Scorecard, score

__all__ = ["Tracking", "track"]


@attrs.frozen(kw_only=True)
class Tracking:
    """A plan held against its sources on a day.

    Attributes:
        loaded: The plan and where its facts come from.
        as_of: The last day that counts.
        view: Where people who moved are shown.
        scorecards: One a breakdown, all of the same root.
        reconciliation: Metric id -> what was read against what counts.
        rows: The rows read, by outcome.
        problems: Every fault of the sources; faulty rows do not count.
        rejected: The faulty rows, file by file.
        readings: Which way the large files were read.
        portion: The owner or member whose goals alone it shows; None for the whole plan. The
            first goal of its scorecards is then theirs, and ``rows`` are still those of all.
    """

    loaded: LoadedPlan
    as_of: date
    view: View
    scorecards: tuple[Scorecard, ...]
    reconciliation: Mapping[str, Reconciliation]
    rows: RowCounts
    problems: tuple[Problem, ...]
    rejected: tuple[RejectedRows, ...] = attrs.field(default=(), repr=False)
    readings: tuple[FileReading, ...] = ()
    portion: str | None = None

    @property
    def plan(self) -> Plan:
        """The plan that the scorecards judge: people where the view shows them."""
        return self.scorecards[0].plan

    @property
    def title(self) -> str:
        """What the root of the scorecards is called: the plan, or the goal of a portion."""
        goal = self.scorecards[0].tree.path[0]
        return f"{self.plan.name} {goal}" if goal else self.plan.name


def track(loaded: LoadedPlan, *, as_of: date, view: View | None = None) -> Tracking:
    """Returns the plan's scorecards for the facts of its sources.

    A faulty row is rejected with its problems, the others count. A file that cannot be read at
    all stops the run: a report without a whole file would be wrong without looking wrong.

    Args:
        loaded: From `load_plan`.
        as_of: The last day that counts; later facts are outside.
        view: Where people who moved are shown; as the plan says by default.

    Raises:
        SourceRefused: A file is missing, unreadable, or lacks a column.
        PlanRefused: The options of an importer are wrong, or the plan has no such view.
        LedgerRefused, LedgerBusy: The plan has a ledger that cannot be read.
    """
    cells = empty_cells(loaded.plan, as_of)
    facts = book_facts(loaded, cells)
    view = view or loaded.document.reports.view
    cards = score(loaded.plan, cells, facts.coverage, as_of, view)
    return Tracking(
        loaded=loaded,
        as_of=as_of,
        view=view,
        scorecards=cards,
        reconciliation=reconcile(cards[0], facts.control),
        rows=facts.counts,
        problems=facts.problems,
        rejected=tuple(
            RejectedRows(
                columns=file.rows.columns,
                lines=file.rows.lines,
                rows=tuple(file.booking.rejected),
            )
            for file in facts.files
            if file.booking.rejected
        ),
        readings=facts.readings,
    )
