"""Hypothesis strategies for the values of salesgoal; what fails shrinks to something small.

Every strategy gives values that salesgoal accepts. The simplest plan has one metric, one
dimension with one member, the months of the Gregorian calendar, and no targets.
"""

from __future__ import annotations

from salesgoal.testing.strategies.calendars import (
    calendar_days,
    calendars,
    explicit_calendars,
    month_calendars,
    paired_calendars,
    periods,
    ruled_calendars,
    week_calendars,
    week_month_calendars,
    work_calendars,
    write_out,
)
from salesgoal.testing.strategies.pages import cells, pages, raw_rows
from salesgoal.testing.strategies.plans import (
    PlanDay,
    actuals,
    plan_days,
    plans,
    reviews,
    targets,
)
from salesgoal.testing.strategies.values import (
    amounts,
    attainments,
    breakdowns,
    dimension_sets,
    dimensions,
    metric_sets,
    metrics,
    names,
    ownerships,
    places,
    problems,
    share_rules,
)

__all__ = [
    "PlanDay",
    "actuals",
    "amounts",
    "attainments",
    "breakdowns",
    "calendar_days",
    "calendars",
    "cells",
    "dimension_sets",
    "dimensions",
    "explicit_calendars",
    "metric_sets",
    "metrics",
    "month_calendars",
    "names",
    "ownerships",
    "pages",
    "paired_calendars",
    "periods",
    "places",
    "plan_days",
    "plans",
    "problems",
    "raw_rows",
    "reviews",
    "ruled_calendars",
    "share_rules",
    "targets",
    "week_calendars",
    "week_month_calendars",
    "work_calendars",
    "write_out",
]
