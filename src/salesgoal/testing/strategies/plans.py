"""Plans with trees and targets, and the facts and remarks that belong to them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
from hypothesis import strategies as st

from salesgoal.domain.action import ActionState
from salesgoal.domain.actual import Actual
from salesgoal.domain.calendar import Calendar, span
from salesgoal.domain.cause import DEFAULT_CAUSES, CauseKind
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan, make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.testing.strategies.calendars import (
    month_calendars,
    paired_calendars,
    week_month_calendars,
    work_calendars,
)
from salesgoal.testing.strategies.values import (
    amounts,
    breakdowns,
    dimension_sets,
    metric_sets,
    names,
    ownerships,
)

__all__ = ["PlanDay", "actuals", "plan_days", "plans", "reviews", "targets"]

_DAY = date(2024, 2, 14)
_AROUND = 5
_MOST_UNITS = 10**6
_CUSTOMERS = "abc"


@attrs.frozen
class PlanDay:
    """A plan, facts of it, and the day of a report: what a scorecard is made from."""

    plan: Plan
    facts: tuple[Actual, ...]
    as_of: date


@st.composite
def plans(draw: st.DrawFn, *, moves: bool = False, most_targets: int = 6) -> Plan:
    """Plans of a year, quarter or month with up to three dimensions and two breakdowns.

    Args:
        draw: Given by Hypothesis.
        moves: Whether people may move within the plan's period.
        most_targets: How many targets are typed at most, at any goal and any period.
    """
    calendar: Calendar = draw(
        st.one_of(month_calendars(), week_month_calendars(), paired_calendars())
    )
    levels = [Level.MONTH, Level.MONTH, Level.MONTH, Level.QUARTER, Level.YEAR]
    period = calendar.at(draw(st.sampled_from(levels)), _DAY)
    found = draw(dimension_sets(moves=moves))
    broken_down = draw(breakdowns([each.id for each in found]))
    metrics = draw(metric_sets())
    typed = targets(calendar, period, metrics, found, broken_down[0])
    return make_plan(
        name="plan",
        period=period,
        metrics=metrics,
        dimensions=found,
        breakdowns=broken_down,
        targets=draw(st.lists(typed, max_size=most_targets, unique_by=_said_of)),
        calendar=calendar,
        workdays=draw(st.none() | work_calendars()),
    )


def _said_of(target: Target) -> tuple[str, ...]:
    """What a plan allows to be typed once."""
    period = target.period
    assert isinstance(period, Period)
    scope = (f"{name}={member}" for name, member in sorted(target.scope.items()))
    return (target.metric, str(period.start), str(period.stop), *scope)


@st.composite
def targets(
    draw: st.DrawFn,
    calendar: Calendar,
    period: Period,
    metrics: tuple[Metric, ...],
    dimensions: list[Dimension],
    breakdown: Breakdown,
) -> Target:
    """A target at any goal of a breakdown, and of any period inside the plan's."""
    scope = {}
    known = {each.id: each for each in dimensions}
    for name in breakdown.by[: draw(st.integers(0, len(breakdown.by)))]:
        dimension = known[name]
        at = draw(st.integers(0, len(dimension.leaves) - 1))
        scope[name] = dimension.members[dimension.leaves[at]].name
    metric = draw(st.sampled_from(metrics))
    inside = [period]
    for level in (Level.QUARTER, Level.MONTH):
        if level in calendar.levels:
            own = span(calendar, level, period.start, period.stop)
            inside += [each for each in own if each != period and period.covers(each)]
    value = draw(_values(metric))
    more = draw(st.none() | _values(metric))
    return Target(
        scope=scope,
        metric=metric.id,
        period=draw(st.sampled_from(inside)),
        target=value,
        floor=None if more is None else min(value, more),
        stretch=None if more is None else max(value, more),
        commit=draw(st.none() | _values(metric)),
        ownership=draw(ownerships()),
    )


def _values(metric: Metric) -> st.SearchStrategy[Decimal]:
    return amounts(metric.decimals, least=0, most=_MOST_UNITS)


@st.composite
def actuals(draw: st.DrawFn, plan: Plan) -> Actual:
    """A fact of a plan: a day or a period, members by name or alias, shared or not.

    Some lie a few days outside the plan, some name nobody: these are outside or unassigned.
    """
    first, last = plan.period.start, plan.period.stop - timedelta(days=1)
    days = st.dates(first - timedelta(days=_AROUND), last + timedelta(days=_AROUND))
    on: date | Period = draw(days | st.sampled_from(plan.periods))
    members: dict[str, str] = {}
    shared: list[Credit] = []
    for dimension in plan.dimensions:
        plain = [each for each in dimension.given if not each.overlay]
        picked = draw(st.lists(st.sampled_from(plain), max_size=2, unique_by=lambda m: m.name))
        if len(picked) == 1:
            members[dimension.id] = draw(st.sampled_from([picked[0].name, *picked[0].aliases]))
        elif picked and not shared:
            part = draw(st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=10))
            shares = (part, 1 - part)
            shared = [
                Credit(dimension.id, member.name, share)
                for member, share in zip(picked, shares, strict=True)
            ]
    carried = [each for each in plan.metrics if not isinstance(each.aggregation, Ratio)]
    chosen = draw(st.lists(st.sampled_from(carried), min_size=1, unique_by=lambda m: m.id))
    return Actual(
        on=on,
        members=members,
        credits=shared,
        values={each.id: draw(_reading(each)) for each in chosen},
    )


def _reading(metric: Metric) -> st.SearchStrategy[Decimal | str]:
    if metric.aggregation is Aggregation.DISTINCT:
        return st.sampled_from(_CUSTOMERS)
    return amounts(metric.decimals, least=-_MOST_UNITS, most=_MOST_UNITS)


@st.composite
def plan_days(draw: st.DrawFn, *, moves: bool = False, most_facts: int = 6) -> PlanDay:
    """A plan with up to ``most_facts`` facts, and a day in or shortly after its period."""
    plan = draw(plans(moves=moves))
    facts = draw(st.lists(actuals(plan), max_size=most_facts))
    as_of = draw(st.dates(plan.period.start, plan.period.stop + timedelta(days=_AROUND)))
    return PlanDay(plan, tuple(facts), as_of)


@st.composite
def reviews(draw: st.DrawFn, plan: Plan) -> Review:
    """A remark on a goal of the plan: a cause by code or in own words, an action, or both."""
    tree = plan.trees[0]
    codes = draw(st.sampled_from(tree.scope))
    scope = {
        each.id: each.members[code].name
        for each, code in zip(plan.dimensions, codes, strict=True)
        if code >= 0
    }
    own_words = draw(st.booleans())
    by_code = draw(st.sampled_from(DEFAULT_CAUSES)).code
    has_action = draw(st.booleans())
    return Review(
        scope=scope,
        period=draw(st.sampled_from(plan.periods)),
        metric=plan.metrics[0].id,
        cause=draw(names()) if own_words else None,
        code=None if own_words else by_code,
        kind=draw(st.sampled_from(CauseKind)) if own_words else None,
        amount=draw(st.none() | amounts(plan.metrics[0].decimals)),
        note=draw(st.none() | names()),
        action="二次拜访" if has_action else None,
        owner="张三" if has_action else None,
        due_on=draw(st.none() | st.just(_DAY)) if has_action else None,
        state=draw(st.none() | st.sampled_from(ActionState)) if has_action else None,
    )
