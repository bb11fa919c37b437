"""The parts of a plan file, one by one, from its document to the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.app.plan_file.document import (
    CalendarKind,
    CalendarTable,
    DocumentAggregation,
    MemberTable,
    MetricTable,
    SpanTable,
)
from salesgoal.app.plan_file.layout import CountsTable, IgnoreTable, LayoutTable
from salesgoal.app.plan_file.reports import ReportTable
from salesgoal.app.service import Service
from salesgoal.app.sources import FileSource
from salesgoal.domain.calendar import Calendar
from salesgoal.domain.dimension import Member, nearest_names
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan, whole_span
from salesgoal.domain.plan_check import nearest_facts
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.week_calendar import ISO, WeekCalendar
from salesgoal.domain.week_month_calendar import WeekMonthCalendar
from salesgoal.errors import NumberRefused, PlanRefused, UnknownName, UsageError
from salesgoal.intake.layout import LayoutForm
from salesgoal.intake.left_out import IgnoreRule
from salesgoal.intake.parse import UNITS
from salesgoal.intake.source_map import SourceMap

__all__ = [
    "Source",
    "check_report",
    "check_sources",
    "make_calendar",
    "make_counts",
    "make_layout",
    "make_member",
    "make_metric",
    "make_rule",
    "plan_period",
    "unit_factor",
]


@attrs.frozen(kw_only=True)
class Source:
    """A source of actuals.

    Attributes:
        key: Where it stands in the plan file.
        files: In order of name.
        map: How its rows are read; the columns are looked up in each file's header.
        columns: Role, dimension or metric -> column, as the plan says.
        layout: Where the table stands in its sheet.
        rules: Which rows to leave out.
        identity: The columns that tell its facts apart; empty where they have no key.
        in_ledger: Whether its facts are read from the plan's ledger.
        service: What it is synced from; None for files.
    """

    key: str
    files: tuple[FileSource, ...]
    map: SourceMap
    columns: Mapping[str, str]
    layout: LayoutForm = attrs.field(factory=LayoutForm)
    rules: tuple[IgnoreRule, ...] = ()
    identity: tuple[str, ...] = ()
    in_ledger: bool = False
    service: Service | None = None


_MONTH_KEYS = ("start_month", "start_day", "year_name", "week_scheme", "week_start")
_WEEK_KEYS = ("anchor", "weekday", "end_month", "pattern", "leap_period", "year_offset")
_CALENDAR_KEYS: Mapping[CalendarKind, tuple[str, ...]] = {
    CalendarKind.MONTH: _MONTH_KEYS,
    CalendarKind.WEEK: _WEEK_KEYS,
    CalendarKind.WEEK_MONTH: ("week_start", "owner"),
    CalendarKind.ISO: (),
    CalendarKind.EXPLICIT: ("path",),
}
_NEEDED_KEYS: Mapping[CalendarKind, tuple[str, ...]] = {
    CalendarKind.WEEK: ("anchor", "weekday", "end_month"),
    CalendarKind.EXPLICIT: ("path",),
}


def make_calendar(table: CalendarTable, rows: Callable[[str], Calendar]) -> Calendar:
    """Returns the calendar of a table; ``rows`` reads an explicit one from its file.

    Raises:
        UsageError: A key that its kind does not take, or a parameter out of range.
        PlanRefused: A key that its kind needs is missing.
    """
    given = attrs.asdict(
        table, filter=lambda field, value: field.name != "kind" and value is not None
    )
    taken = _CALENDAR_KEYS[table.kind]
    for name in given:
        if name not in taken:
            takes = ", ".join(taken)
            raise UsageError(
                f"{name} is no key of kind {table.kind}, which takes {takes or 'no other key'}",
                f"kind {table.kind} 没有键 {name}，可用的键：{takes or '无'}",
            )
    missing = [name for name in _NEEDED_KEYS.get(table.kind, ()) if name not in given]
    if missing:
        places = [Place("", key=name) for name in missing]
        raise PlanRefused([problem("missing-key", place) for place in places])
    makers: Mapping[CalendarKind, Callable[..., Calendar]] = {
        CalendarKind.MONTH: MonthCalendar,
        CalendarKind.WEEK: WeekCalendar,
        CalendarKind.WEEK_MONTH: WeekMonthCalendar,
        CalendarKind.ISO: lambda: ISO,
        CalendarKind.EXPLICIT: rows,
    }
    return makers[table.kind](**given)


def make_metric(name: str, table: MetricTable) -> Metric:
    """Returns a metric.

    Raises:
        UsageError: A ratio without its parts, parts without a ratio, or a wrong baseline.
    """
    aggregation: Aggregation | Ratio
    if table.aggregation is DocumentAggregation.RATIO:
        if table.numerator is None or table.denominator is None:
            en = "a ratio needs its numerator and denominator"
            raise UsageError(en, "比率需要 numerator 和 denominator")
        aggregation = Ratio(table.numerator, table.denominator)
    elif table.numerator is not None or table.denominator is not None:
        en = "numerator and denominator belong to aggregation ratio"
        raise UsageError(en, "numerator 和 denominator 只用于 aggregation ratio")
    else:
        aggregation = Aggregation(table.aggregation)
    base = table.baseline
    return Metric(
        id=name,
        name=table.name or name,
        unit=table.unit,
        decimals=table.decimals,
        aggregation=aggregation,
        direction=table.direction,
        baseline=None if base is None else to_units(base, table.decimals),
        negative=table.negative,
    )


def make_member(table: str | MemberTable) -> Member:
    """Returns a member, given by its name alone or as a table."""
    if isinstance(table, str):
        return Member(table)
    return Member(
        table.name,
        tuple(table.aliases),
        table.parent,
        since=table.since,
        until=table.until,
        overlay=table.overlay,
    )


def make_layout(table: LayoutTable) -> LayoutForm:
    """Returns what a plan says about a layout."""
    return LayoutForm(**attrs.asdict(table))


def make_rule(table: IgnoreTable) -> IgnoreRule:
    """Returns a rule that leaves rows out."""
    return IgnoreRule(
        name=table.shown,
        column=table.column,
        equals=tuple(table.equals),
        contains=table.contains,
        since=table.since,
        until=table.until,
    )


def make_counts(table: CountsTable | None) -> tuple[IgnoreRule, ...]:
    """Returns the rule that leaves out what does not count; none where everything does."""
    if table is None:
        return ()
    shown, equals = table.shown, tuple(table.equals)
    return (IgnoreRule(name=shown, column=table.column, equals=equals, others=True),)


def plan_period(period: str | SpanTable) -> Period | str:
    """Returns the plan's period, or the label of one.

    Raises:
        UsageError: The span has no day.
    """
    return period if isinstance(period, str) else whole_span(period.since, period.until)


def unit_factor(unit: str) -> Fraction:
    """Returns how many whole units (yuan) one unit of a source is.

    Raises:
        UsageError: An unknown unit.
    """
    if unit not in UNITS:
        known = ", ".join(filter(None, UNITS))
        en = f"unit is {unit!r} - give one of {known}"
        raise UsageError(en, f"unit 为 {unit!r} - 可用 {known}")
    return UNITS[unit]


def check_sources(sources: Sequence[Source], plan: Plan, file: str) -> None:
    """Refuses sources that name what the plan lacks.

    Raises:
        PlanRefused: With every wrong name.
    """
    problems = [each for source in sources for each in _wrong_names(source, plan, file)]
    if problems:
        raise PlanRefused(problems)


def check_report(table: ReportTable | None, plan: Plan) -> None:
    """Refuses a table that shows what the plan lacks.

    Raises:
        UsageError: Such a period, metric or dimension.
    """
    if table is None:
        return
    if table.metric is not None:
        plan.metric(table.metric)
    for label in filter(None, (table.period, getattr(table, "detail", None))):
        if plan.parse(label) not in plan.periods:
            raise UnknownName("period of this plan", label, [p.label for p in plan.periods])
    known = [each.id for each in plan.dimensions]
    for name in table.by or ():
        if name not in known:
            raise UnknownName("dimension", name, nearest_names(name, known))


def _wrong_names(source: Source, plan: Plan, file: str) -> Iterator[Problem]:
    dimensions = {each.id: each for each in plan.dimensions}
    metrics = [each.id for each in plan.metrics if not isinstance(each.aggregation, Ratio)]
    roles = ["on", "period", *dimensions, *metrics]
    tables: tuple[tuple[str, Mapping[str, object], list[str], str], ...] = (
        ("columns", source.columns, roles, "role"),
        ("members", source.map.members, list(dimensions), "dimension"),
        ("split", dict.fromkeys(source.map.split), list(dimensions), "dimension"),
        ("values", source.map.values, metrics, "metric"),
    )
    for key, table, known, kind in tables:
        for name in table:
            if name not in known:
                facts = nearest_facts(kind, name, nearest_names(name, known))
                place = Place(file, key=f"{source.key}.{key}")
                yield problem("unknown-reference", place, **facts)
    for name, amount in source.map.values.items():
        if name in metrics:
            try:
                to_units(amount, plan.metric(name).decimals)
            except NumberRefused as error:
                place = Place(file, key=f"{source.key}.values.{name}")
                facts = {"reason": str(error), "reason_zh": error.message("zh")}
                yield problem("bad-value", place, **facts)
    for name, member in source.map.members.items():
        if name in dimensions and dimensions[name].find(member) is None:
            yield dimensions[name].unknown(
                member, Place(file, key=f"{source.key}.members.{name}")
            )
