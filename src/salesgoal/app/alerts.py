"""Alerts: what changed in a plan since an earlier day."""

from __future__ import annotations

from datetime import date, datetime, time

import attrs

from salesgoal.app.load import load_plan
from salesgoal.app.plan_file.alerts import make_milestones
from salesgoal.app.track import Tracking, track
from salesgoal.domain.alert import Alert, find_alerts
from salesgoal.domain.membership import View
from salesgoal.errors import UsageError
from salesgoal.ports.plugins import Plugins

__all__ = ["Alerts", "alerts_since"]


@attrs.frozen(kw_only=True)
class Alerts:
    """What changed.

    Attributes:
        since: The earlier day.
        before: The plan as of that day, with the revisions known by its end.
        after: The plan now.
        found: The alerts.
    """

    since: date
    before: Tracking
    after: Tracking
    found: tuple[Alert, ...]


def alerts_since(tracking: Tracking, since: date, *, plugins: Plugins | None = None) -> Alerts:
    """Returns what changed in a plan since a day.

    Both days are of the same files: facts of later days do not count on the earlier one, and
    revisions recorded after its end (where the computer is) neither. Actions and corrected
    files are as they are now; they have no second clock.

    Args:
        tracking: The plan now, from `track`.
        since: The earlier day.
        plugins: As `load_plan`.

    Raises:
        UsageError: The day is not before the day of the tracking.
        SourceRefused, PlanRefused: As `load_plan` and `track`.
    """
    if since >= tracking.as_of:
        raise UsageError(
            f"--since {since} is not before {tracking.as_of} - give an earlier day",
            f"--since {since} 不早于 {tracking.as_of} - 给出更早的日期",
        )
    end = datetime.combine(since, time.max).astimezone()
    known = tracking.loaded.known_at
    moment = end if known is None else min(end, known)
    loaded = load_plan(tracking.loaded.path, plugins, known_at=moment)
    before = track(loaded, as_of=since, view=View(tracking.view))
    milestones = make_milestones(tracking.loaded.document.alerts)
    found = find_alerts(before.scorecards, tracking.scorecards, milestones=milestones)
    return Alerts(since=since, before=before, after=tracking, found=found)
