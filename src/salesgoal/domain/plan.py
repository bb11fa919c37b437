"""Plans: frozen values that hold everything a report is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

import attrs

from salesgoal.domain.calendar import Calendar, between, parse_period, span
from salesgoal.domain.cause import DEFAULT_CAUSES, Cause
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown, GoalTree, build_tree
from salesgoal.domain.kind import all_of, require_day, require_kind
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.owner import OwnerTable
from salesgoal.domain.pace import PaceSettings
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan_check import check_names, check_workdays, nearest_facts
from salesgoal.domain.planned_cascade import Cascade, Cascaded, run_cascades
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import ReviewBook, book_reviews
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Target, TargetTable
from salesgoal.domain.target_book import TypedKey, book_targets, resolve_period
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.errors import LabelRefused, OutOfCalendar, PlanRefused, UnknownName

__all__ = ["Plan", "make_plan", "name_span", "whole_span"]

_LEVELS_BELOW: Mapping[Level, tuple[Level, ...]] = {
    Level.SPAN: (Level.YEAR, Level.QUARTER, Level.MONTH),
    Level.YEAR: (Level.QUARTER, Level.MONTH),
    Level.HALF: (Level.QUARTER, Level.MONTH),
    Level.QUARTER: (Level.MONTH,),
    Level.MONTH: (Level.WEEK,),
}


@attrs.frozen(kw_only=True)
class Plan:
    """A total goal with its breakdowns, targets and calendar; made by `make_plan`.

    Attributes:
        name: What people see.
        period: What the plan is about: a year, a quarter, a month, or a span.
        calendar: Which days make a period.
        levels: The levels that reports show, longest first.
        metrics: In the order that reports show them; the first one leads.
        dimensions: What facts are told apart by.
        trees: One per breakdown, all of the same root.
        targets: What is typed; the rest is derived.
        ownership: Who answers for which scope, when.
        reviews: What people say about goals and periods: causes and actions.
        workdays: Which days are worked; None where the plan does not say.
        pace: How what is expected by a day is counted, and from where it is on track.
        warnings: Problems that do not stop the plan.
        original: The targets before any revision; None where there was none.
        version: ``original``, or ``r3`` after three approved revisions.
        closed: Periods whose targets may not change.
        typed_at: Where each value was typed, before any revision; two plans that say the same
            are equal wherever they stand.
    """

    name: str
    period: Period
    calendar: Calendar
    levels: tuple[Level, ...]
    metrics: tuple[Metric, ...]
    dimensions: tuple[Dimension, ...]
    trees: tuple[GoalTree, ...]
    targets: TargetTable
    ownership: OwnerTable = attrs.field(factory=OwnerTable, hash=False)
    reviews: ReviewBook = attrs.field(factory=ReviewBook, hash=False)
    workdays: WorkCalendar | None = None
    pace: PaceSettings = attrs.field(factory=PaceSettings)
    warnings: tuple[Problem, ...] = ()
    original: TargetTable | None = None
    version: str = "original"
    closed: tuple[Period, ...] = ()
    typed_at: Mapping[TypedKey, Mapping[Codes, Place]] = attrs.field(
        factory=dict, eq=False, repr=False
    )

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The plan's period and those of its levels inside it, longest first.

        Weeks that stick out of the plan's period are shown by their days inside it, so that a
        row of weeks always adds up; of other levels only whole periods are shown.
        """
        found = [self.period]
        for level in self.levels:
            if level is not self.period.level:
                found += _inside(self.calendar, level, self.period)
        return tuple(found)

    def metric(self, name: str) -> Metric:
        """Returns the metric with that id.

        Raises:
            UnknownName: There is none.
        """
        for metric in self.metrics:
            if metric.id == name:
                return metric
        raise UnknownName("metric", name, [metric.id for metric in self.metrics])

    def parts_of(self, metric: Metric) -> tuple[Metric, Metric] | None:
        """Returns the numerator and the denominator of a ratio; None for any other metric."""
        if not isinstance(metric.aggregation, Ratio):
            return None
        ratio = metric.aggregation
        return self.metric(ratio.numerator), self.metric(ratio.denominator)

    def parse(self, label: str) -> Period:
        """Returns the period a label names; the label of the plan's own span counts too.

        Of a week that sticks out of the plan's period it is the days inside, as reports show.

        Raises:
            LabelRefused: It names none.
        """
        return _shown(resolve_period(label, self.calendar, self.period), self.period)


def whole_span(since: date, until: date) -> Period:
    """Returns the period from ``since`` to ``until``, both included, of no calendar level.

    Raises:
        UsageError: It has no day.

    >>> whole_span(date(2010, 12, 29), date(2013, 12, 31)).label
    '2010-12-29..2013-12-31'
    """
    require_day(since, "since")
    require_day(until, "until")
    return Period(since, until + timedelta(days=1), Level.SPAN, f"{since}..{until}")


def name_span(calendar: Calendar, since: date, until: date) -> Period:
    """Returns the calendar's longest period with exactly these days, else a span.

    Raises:
        UsageError: It has no day.
        OutOfCalendar: The calendar does not know the first day.

    >>> name_span(MonthCalendar(), date(2023, 10, 1), date(2023, 12, 31)).label
    '2023Q4'
    >>> name_span(MonthCalendar(), date(2023, 10, 1), date(2023, 12, 15)).level.zh
    '全期'
    """
    wanted = whole_span(since, until)
    for level in calendar.levels:
        found = calendar.at(level, since)
        if (found.start, found.stop) == (wanted.start, wanted.stop):
            return found
    return wanted


def _inside(calendar: Calendar, level: Level, own: Period) -> tuple[Period, ...]:
    if level is not Level.WEEK:
        return between(calendar, level, own)
    return tuple(week.clip(own) for week in span(calendar, level, own.start, own.stop))


def _shown(period: Period, own: Period) -> Period:
    cut = period.level is Level.WEEK and period.overlaps(own)
    return period.clip(own) if cut else period


def make_plan(
    *,
    name: str,
    period: Period | str,
    metrics: Sequence[Metric],
    dimensions: Sequence[Dimension] = (),
    breakdowns: Sequence[Breakdown | Sequence[str]] = (),
    targets: Sequence[Target] = (),
    reviews: Sequence[Review] = (),
    causes: Sequence[Cause] = DEFAULT_CAUSES,
    cascades: Sequence[Cascade] = (),
    calendar: Calendar | None = None,
    levels: Sequence[Level] | None = None,
    workdays: WorkCalendar | None = None,
    pace: PaceSettings | None = None,
) -> Plan:
    """Returns a plan, or every problem that it has at once.

    Args:
        name: What people see.
        period: A period of the calendar, or its label; `whole_span` for any other.
        metrics: The leading one first.
        dimensions: In the order of importance.
        breakdowns: Dimension ids from the root down; by default one over all dimensions.
        targets: Typed at any goal and any period.
        reviews: Remarks on goals and periods.
        causes: The catalogue that the codes of the reviews are of.
        cascades: Totals that are shared out beside the typed targets.
        calendar: Gregorian months where it is left out.
        levels: What reports show; by default the plan's own and the usual ones below.
        workdays: Must know, or estimate, every day of the period.
        pace: The usual basis and thresholds where it is left out.

    Raises:
        PlanRefused: With every problem found.
        KindRefused: What stands for a metric, a dimension, a target or a review is none.

    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", decimals=2)],
    ...     dimensions=[Dimension("product", ["A", "B"])],
    ...     targets=[
    ...         Target(scope={"product": "A"}, metric="sales", period="2023-10", target=200)
    ...     ])
    >>> plan.trees[0].path
    ('', 'A')
    """
    metrics, dimensions = _given(name, metrics, dimensions)
    calendar, place = calendar or MonthCalendar(), Place(name)
    problems = check_names(metrics, dimensions, place)
    own = _own_period(calendar, period, place, problems)
    if own is None or problems:
        raise PlanRefused(problems)
    booked = book_targets(targets, calendar, own, metrics, dimensions, workdays)
    cascaded = run_cascades(cascades, booked.table, dimensions)
    remarks, faults = book_reviews(
        all_of(reviews, Review, "reviews"),
        lambda asked: _shown(resolve_period(asked, calendar, own), own),
        own=own,
        metrics=metrics,
        dimensions=dimensions,
        causes=causes,
    )
    problems += [*booked.problems, *cascaded.problems]
    trees = _trees(breakdowns, dimensions, cascaded.table, own, place, problems)
    problems += faults
    places = {**_said_at(remarks), **booked.places, **_cascaded_at(cascaded, trees)}
    if not any(each.severity is Severity.ERROR for each in problems):
        problems += _without_goal(places, trees, dimensions)
    shown = tuple(levels) if levels else _usual_levels(own, calendar)
    problems += _unknown_levels(shown, own, calendar, place)
    problems += _targets_of_days(booked.table, shown, place)
    problems += check_workdays(workdays, own, place)
    if any(each.severity is Severity.ERROR for each in problems):
        raise PlanRefused(problems)
    return Plan(
        name=name,
        period=own,
        calendar=calendar,
        levels=shown,
        metrics=tuple(metrics),
        dimensions=tuple(dimensions),
        trees=tuple(trees),
        targets=cascaded.table,
        ownership=booked.ownership,
        reviews=remarks,
        workdays=workdays,
        pace=pace or PaceSettings(),
        warnings=tuple(problems),
        typed_at=booked.typed_at,
    )


def _given(
    name: str, metrics: Sequence[Metric], dimensions: Sequence[Dimension]
) -> tuple[Sequence[Metric], Sequence[Dimension]]:
    """The metrics and dimensions of a plan, looked at before anything is made of them."""
    require_kind(name, str, "name", "'2023年第四季度'")
    return all_of(metrics, Metric, "metrics"), all_of(dimensions, Dimension, "dimensions")


def _trees(
    breakdowns: Sequence[Breakdown | Sequence[str]],
    dimensions: Sequence[Dimension],
    table: TargetTable,
    own: Period,
    place: Place,
    problems: list[Problem],
) -> list[GoalTree]:
    asked = [each if isinstance(each, Breakdown) else Breakdown(each) for each in breakdowns]
    trees = []
    for breakdown in asked or [Breakdown([dimension.id for dimension in dimensions])]:
        try:
            trees.append(build_tree(breakdown, dimensions, table.scopes(), own))
        except PlanRefused as refused:
            problems += refused.problems
        except UnknownName as error:
            facts = nearest_facts("dimension", error.name, error.nearest)
            problems.append(problem("unknown-reference", place, column="breakdowns", **facts))
    return trees


def _unknown_levels(
    levels: Sequence[Level], own: Period, calendar: Calendar, place: Place
) -> list[Problem]:
    problems = []
    for level in levels:
        facts = {}
        if level not in {*calendar.levels, own.level}:
            facts = {
                "reason": f"is no level of calendar {calendar.id}",
                "reason_zh": f"日历 {calendar.id} 没有这个级别",
            }
        elif level is not own.level:
            try:
                _inside(calendar, level, own)
            except OutOfCalendar as error:
                facts = {"reason": str(error), "reason_zh": error.message("zh")}
        if facts:
            fault = problem("bad-value", place, column="levels", value=level, **facts)
            problems.append(fault)
    return problems


def _targets_of_days(
    table: TargetTable, levels: Sequence[Level], place: Place
) -> list[Problem]:
    """Headers such as 2014-01-01 that may be meant as months."""
    typed = (period for column in table.typed.values() for period in column)
    days = sorted({period.label for period in typed if period.level is Level.DAY})
    if not days or Level.DAY in levels:
        return []
    return [problem("target-of-a-day", place, column="targets", value=", ".join(days))]


def _usual_levels(period: Period, calendar: Calendar) -> tuple[Level, ...]:
    below = _LEVELS_BELOW.get(period.level, ())
    return (period.level, *(level for level in below if level in calendar.levels))


def _own_period(
    calendar: Calendar, period: Period | str, place: Place, problems: list[Problem]
) -> Period | None:
    if isinstance(period, Period):
        return period
    try:
        return parse_period(calendar, period)
    except LabelRefused as error:
        facts = {"reason": error.reason, "reason_zh": error.reason_zh}
        problems.append(
            problem("no-such-period", place, column="period", value=period, **facts)
        )
        return None


def _said_at(remarks: ReviewBook) -> dict[Codes, Place]:
    """Where each scope is first spoken of."""
    return {codes: each[0].where for (codes, _), each in remarks.said.items()}


def _cascaded_at(cascaded: Cascaded, trees: Sequence[GoalTree]) -> dict[Codes, Place]:
    """Of each cascade, the first scope that no breakdown has."""
    places: dict[Codes, Place] = {}
    for where, scopes in cascaded.scopes.items():
        missing = (
            codes for codes in scopes if not any(codes in each.by_scope for each in trees)
        )
        places |= dict.fromkeys(islice(missing, 1), where)
    return places


def _without_goal(
    places: Mapping[Codes, Place], trees: Sequence[GoalTree], dimensions: Sequence[Dimension]
) -> list[Problem]:
    """Targets of scopes that no breakdown has."""
    names = " / ".join(tree.breakdown.title(dimensions) for tree in trees)
    problems = []
    for codes, place in places.items():
        if not any(codes in tree.by_scope for tree in trees):
            pairs = zip(dimensions, codes, strict=True)
            scope = ", ".join(
                f"{d.name}={d.members[code].name}" for d, code in pairs if code >= 0
            )
            problems.append(problem("no-such-goal", place, scope=scope, breakdowns=names))
    return problems
