"""Which sheets make the books of explanations and alerts."""

from __future__ import annotations

from salesgoal.app.alerts import Alerts
from salesgoal.app.books import plan_meta
from salesgoal.app.explain import Explained
from salesgoal.sheets.alert_sheet import alert_sheet
from salesgoal.sheets.explanation_sheet import contribution_sheet, explanation_sheet
from salesgoal.sheets.sheet import Book, Words

__all__ = ["alert_book", "explanation_book"]


def explanation_book(found: Explained) -> Book:
    """Returns how one row came about, and the rows behind its actual."""
    tracking, row = found.tracking, found.explanation.row
    plan = tracking.loaded.plan
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(
            explanation_sheet(found.explanation, found.revisions, plan.name),
            contribution_sheet(found.behind, found.outside, found.rejected, plan.name),
        ),
        meta={
            **plan_meta(tracking.loaded, tracking.as_of),
            "view": str(tracking.view),
            "goal": row.goal,
            "breakdown": found.explanation.breakdown,
            "metric": row.metric.id,
            "period": row.period.label,
            "status": str(row.status),
        },
    )


def alert_book(found: Alerts) -> Book:
    """Returns what changed in a plan since a day."""
    tracking = found.after
    plan = tracking.loaded.plan
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(alert_sheet(found.found, plan.name, found.since, tracking.as_of),),
        meta={
            **plan_meta(tracking.loaded, tracking.as_of),
            "view": str(tracking.view),
            "since": found.since.isoformat(),
            "target_version_before": found.before.loaded.plan.version,
        },
    )
