"""Entering many reviews at once: what they would change first, then the change as one step.

Given again, the same causes and actions change nothing. What a row means:

    cause with a key       that cause as the row says it now; nothing in it withdraws it
    cause without a key    the cause of the same goal, period, metric, name and note where there
                           is one, whose amount may be another; else a new cause
    action with a number   that action; what the row leaves blank stays
    action without one     the action of the same wording there, else a new one

Who says so makes no difference: one cause that two people enter counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from salesgoal.app.load import LoadedPlan, load_plan
from salesgoal.app.reviews.entry import ActionRow, CauseRow, ReviewChange
from salesgoal.app.reviews.planner import ReviewPlanner
from salesgoal.app.reviews.table import append_reviews, writing_alone
from salesgoal.domain.problem import Problem, Severity
from salesgoal.domain.review import Review
from salesgoal.errors import OutputError, PlanRefused

__all__ = ["AppliedReviews", "ReviewChanges", "apply_review_changes", "plan_review_changes"]


@attrs.frozen(kw_only=True)
class ReviewChanges:
    """What rows of causes and actions would change; it is false where nothing would.

    Attributes:
        rows: As they were given.
        reviews: The remarks to be added, numbered.
        changes: One a cause or action that would be new, changed or withdrawn.
        problems: Faults of the rows; with an error among them nothing can be applied.
    """

    rows: tuple[CauseRow | ActionRow, ...]
    reviews: tuple[Review, ...]
    changes: tuple[ReviewChange, ...]
    problems: tuple[Problem, ...]

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.reviews)

    def lines(self) -> Iterator[ReviewChange]:
        """What would change, in the order of the rows."""
        yield from self.changes


@attrs.frozen(kw_only=True)
class AppliedReviews:
    """What was written.

    Attributes:
        path: The table; None where everything was in it already.
        is_new: Whether the table, and its name in the plan file, are new.
        changes: What changed.
    """

    path: Path | None
    is_new: bool
    changes: tuple[ReviewChange, ...]


def plan_review_changes(
    loaded: LoadedPlan, rows: Sequence[CauseRow | ActionRow]
) -> ReviewChanges:
    """Returns what the rows would change, and every fault; nothing is written.

    A key or number may stand in one row only: a row that somebody copied to enter another
    cause would otherwise change the first one. Nor may two rows say different amounts of one
    cause. Cost: linear in the reviews and rows.
    """
    numbers = {row.number for row in rows if isinstance(row, ActionRow) and row.number}
    planner = ReviewPlanner(loaded.plan, numbers)
    for row in rows:
        planner.add(row)
    return ReviewChanges(
        rows=tuple(rows),
        reviews=tuple(planner.reviews),
        changes=tuple(planner.changes),
        problems=tuple(planner.problems),
    )


def apply_review_changes(loaded: LoadedPlan, changes: ReviewChanges) -> AppliedReviews:
    """Writes the changes as one step: all rows are added to the plan's table, or none.

    The plan is read again while nobody else can write reviews. Where all of it has been
    entered by now, nothing is written; where the same rows would change something else than
    ``changes`` say, nothing is written either, and the error says so.

    Raises:
        PlanRefused: The changes have errors, or the plan has by now.
        OutputError: The reviews changed meanwhile; or the table or the plan file cannot be
            written, or is being written.
    """
    _refuse(changes.problems)
    if not changes:
        return AppliedReviews(path=None, is_new=False, changes=())
    with writing_alone(loaded.path):
        fresh = load_plan(loaded.path, loaded.plugins)
        now = plan_review_changes(fresh, changes.rows)
        _refuse(now.problems)
        if not now:
            return AppliedReviews(path=None, is_new=False, changes=())
        if now.reviews != changes.reviews:
            detail = "its reviews changed meanwhile - look at the changes again"
            zh = "其间复盘已有改动 - 请重新查看变化"
            raise OutputError(str(loaded.path), detail, zh)
        path, is_new = append_reviews(fresh, now.reviews)
    return AppliedReviews(path=path, is_new=is_new, changes=now.changes)


def _refuse(problems: Sequence[Problem]) -> None:
    errors = [each for each in problems if each.severity is Severity.ERROR]
    if errors:
        raise PlanRefused(errors)
