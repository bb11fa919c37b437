"""Sales goals, exact to the fen: split, track, explain, correct.

The front door: every public name, loaded from its room when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesgoal.app.load import load_plan
    from salesgoal.app.track import track
    from salesgoal.domain.actual import Actual
    from salesgoal.domain.attainment import Attainment, Status, judge
    from salesgoal.domain.calendar import Calendar, format_period, parse_period, shift, to_date
    from salesgoal.domain.cascade import cascade
    from salesgoal.domain.condense import hold_against
    from salesgoal.domain.credit import Credit
    from salesgoal.domain.dimension import Dimension, Member
    from salesgoal.domain.explanation import explain
    from salesgoal.domain.explicit_calendar import ExplicitCalendar
    from salesgoal.domain.goal_tree import Breakdown
    from salesgoal.domain.membership import View
    from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
    from salesgoal.domain.month_calendar import MonthCalendar
    from salesgoal.domain.number import apportion, percent, to_amount, to_units
    from salesgoal.domain.period import Level, Period
    from salesgoal.domain.plan import Plan, make_plan, whole_span
    from salesgoal.domain.problem import Place, Problem
    from salesgoal.domain.review import Review
    from salesgoal.domain.revision import propose, revise
    from salesgoal.domain.scorecard import Scorecard, ScoreRow
    from salesgoal.domain.share_rule import ShareRule, distribute, split
    from salesgoal.domain.target import Ownership, Target
    from salesgoal.domain.tracker import Tracker
    from salesgoal.domain.week_calendar import WeekCalendar
    from salesgoal.domain.week_month_calendar import WeekMonthCalendar
    from salesgoal.domain.work_calendar import WorkCalendar

__version__ = "0.1.0"

__all__ = [
    "Actual",
    "Aggregation",
    "Attainment",
    "Breakdown",
    "Calendar",
    "Credit",
    "Dimension",
    "Direction",
    "ExplicitCalendar",
    "Level",
    "Member",
    "Metric",
    "MonthCalendar",
    "Ownership",
    "Period",
    "Place",
    "Plan",
    "Problem",
    "Ratio",
    "Review",
    "ScoreRow",
    "Scorecard",
    "ShareRule",
    "Status",
    "Target",
    "Tracker",
    "View",
    "WeekCalendar",
    "WeekMonthCalendar",
    "WorkCalendar",
    "apportion",
    "cascade",
    "distribute",
    "explain",
    "format_period",
    "hold_against",
    "judge",
    "load_plan",
    "make_plan",
    "parse_period",
    "percent",
    "propose",
    "revise",
    "shift",
    "split",
    "to_amount",
    "to_date",
    "to_units",
    "track",
    "whole_span",
]

_ROOMS = {
    "Actual": "salesgoal.domain.actual",
    "Aggregation": "salesgoal.domain.metric",
    "Attainment": "salesgoal.domain.attainment",
    "Breakdown": "salesgoal.domain.goal_tree",
    "Calendar": "salesgoal.domain.calendar",
    "Credit": "salesgoal.domain.credit",
    "Dimension": "salesgoal.domain.dimension",
    "Direction": "salesgoal.domain.metric",
    "ExplicitCalendar": "salesgoal.domain.explicit_calendar",
    "Level": "salesgoal.domain.period",
    "Member": "salesgoal.domain.dimension",
    "Metric": "salesgoal.domain.metric",
    "MonthCalendar": "salesgoal.domain.month_calendar",
    "Ownership": "salesgoal.domain.target",
    "Period": "salesgoal.domain.period",
    "Place": "salesgoal.domain.problem",
    "Plan": "salesgoal.domain.plan",
    "Problem": "salesgoal.domain.problem",
    "Ratio": "salesgoal.domain.metric",
    "Review": "salesgoal.domain.review",
    "ScoreRow": "salesgoal.domain.scorecard",
    "Scorecard": "salesgoal.domain.scorecard",
    "ShareRule": "salesgoal.domain.share_rule",
    "Status": "salesgoal.domain.attainment",
    "Target": "salesgoal.domain.target",
    "Tracker": "salesgoal.domain.tracker",
    "View": "salesgoal.domain.membership",
    "WeekCalendar": "salesgoal.domain.week_calendar",
    "WeekMonthCalendar": "salesgoal.domain.week_month_calendar",
    "WorkCalendar": "salesgoal.domain.work_calendar",
    "apportion": "salesgoal.domain.number",
    "cascade": "salesgoal.domain.cascade",
    "distribute": "salesgoal.domain.share_rule",
    "explain": "salesgoal.domain.explanation",
    "format_period": "salesgoal.domain.calendar",
    "hold_against": "salesgoal.domain.condense",
    "judge": "salesgoal.domain.attainment",
    "load_plan": "salesgoal.app.load",
    "make_plan": "salesgoal.domain.plan",
    "parse_period": "salesgoal.domain.calendar",
    "percent": "salesgoal.domain.number",
    "propose": "salesgoal.domain.revision",
    "revise": "salesgoal.domain.revision",
    "shift": "salesgoal.domain.calendar",
    "split": "salesgoal.domain.share_rule",
    "to_amount": "salesgoal.domain.number",
    "to_date": "salesgoal.domain.calendar",
    "to_units": "salesgoal.domain.number",
    "track": "salesgoal.app.track",
    "whole_span": "salesgoal.domain.plan",
}


def __getattr__(name: str) -> object:
    """Loads a public name from its room."""
    if name not in _ROOMS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*__all__, "__version__"]
