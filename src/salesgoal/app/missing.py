"""Missing reports: what was expected of whom, and what of it the ledger has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import attrs
from dateutil.rrule import rrulestr

from salesgoal.app.deliveries import open_plan_ledger
from salesgoal.app.load import LoadedPlan
from salesgoal.app.plan_file.ledger import ExpectedTable
from salesgoal.domain.calendar import prev_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.errors import PlanRefused, UsageError
from salesgoal.intake.entries import read_credits

__all__ = ["Due", "Expectation", "ReportState", "due_reports", "find_missing", "state_of"]

ONE_DAY = timedelta(days=1)


class ReportState(StrEnum):
    """What became of a report."""

    RECEIVED = "received"
    LATE = "late"
    MISSING = "missing"
    EXPECTED = "expected"


@attrs.frozen(kw_only=True)
class Due:
    """One due day.

    Attributes:
        on: The day, moved to a workday where that is asked for.
        deadline: The last day that is in time.
        first: The first day that the report speaks of.
        last: The last one.
    """

    on: date
    deadline: date
    first: date
    last: date


@attrs.frozen(kw_only=True)
class Expectation:
    """One report of one member.

    Attributes:
        source: The feed.
        dimension: What people call the dimension.
        member: Who.
        due: When, and of which days.
        state: What became of it.
        received_on: The day of the first document that has it, or None.
    """

    source: str
    dimension: str
    member: str
    due: Due
    state: ReportState
    received_on: date | None = None


def find_missing(loaded: LoadedPlan, as_of: date) -> tuple[Expectation, ...]:
    """Returns every report that was due until a day, table by table.

    A member has reported a stretch of days where any live document of the source has a row of
    the member, or of one below it, on one of these days; an amount of zero will do. The first
    such document decides whether it was in time; one that was taken back does not.

    Raises:
        PlanRefused: A table names what the plan lacks.
        UsageError: The plan has no ledger.
        LedgerRefused, LedgerBusy: The ledger cannot be read.
        UnknownWorkdays: A day that the plan's work calendar does not know.
    """
    tables = loaded.document.expected
    _check(loaded, tables)
    zone = loaded.document.plan.zone
    found: list[Expectation] = []
    with open_plan_ledger(loaded) as ledger:
        receipts = {
            each.id: each.document.as_of.astimezone(ZoneInfo(zone) if zone else None).date()
            for each in ledger.documents()
            if each.is_live()
        }
        for table in tables:
            dimension = _dimension(loaded.plan, table)
            said: dict[str, list[tuple[date, date, date]]] = {}
            for document, members, when in ledger.said(table.source):
                made_on = receipts.get(document)
                if made_on is not None and made_on <= as_of and table.dimension in members:
                    first, last = (
                        (when.start, when.last) if isinstance(when, Period) else (when, when)
                    )
                    for name in _above(dimension, members[table.dimension]):
                        said.setdefault(name, []).append((first, last, made_on))
            dues = list(due_reports(loaded.plan, table, as_of))
            for name in _members(dimension, table):
                found += _of_member(table, dimension, name, dues, said.get(name, ()), as_of)
    return tuple(found)


def due_reports(plan: Plan, table: ExpectedTable, as_of: date) -> Iterator[Due]:
    """Yields the due days of a table until a day, in order.

    Raises:
        UnknownWorkdays: A day that the plan's work calendar does not know.
    """
    since = table.since
    start = datetime(since.year, since.month, since.day)  # noqa: DTZ001 - days without a zone
    work = plan.workdays if table.calendar else None
    first = since
    for moment in rrulestr(table.cadence, dtstart=start):
        rule_day = moment.date()
        due_on = _workday(work, rule_day)
        if due_on > as_of:
            return
        days = (first, rule_day)
        if table.covers is not None:
            period = plan.calendar.at(table.covers, rule_day)
            for _ in range(table.back):
                period = prev_period(plan.calendar, period)
            days = (period.start, period.last)
        first = rule_day + ONE_DAY
        if days[1] >= since:
            deadline = _later(work, due_on, table.grace_days)
            yield Due(on=due_on, deadline=deadline, first=max(days[0], since), last=days[1])


def state_of(received_on: date | None, deadline: date, as_of: date) -> ReportState:
    """Returns what became of a report.

    >>> state_of(None, date(2023, 10, 9), date(2023, 10, 9)).value
    'expected'
    >>> state_of(date(2023, 10, 10), date(2023, 10, 9), date(2023, 10, 12)).value
    'late'
    """
    if received_on is None:
        return ReportState.EXPECTED if as_of <= deadline else ReportState.MISSING
    return ReportState.RECEIVED if received_on <= deadline else ReportState.LATE


def _of_member(
    table: ExpectedTable,
    dimension: Dimension,
    name: str,
    dues: Sequence[Due],
    said: Sequence[tuple[date, date, date]],
    as_of: date,
) -> Iterator[Expectation]:
    for due in dues:
        came = [made for first, last, made in said if first <= due.last and last >= due.first]
        received_on = min(came, default=None)
        yield Expectation(
            source=table.source,
            dimension=dimension.name,
            member=name,
            due=due,
            state=state_of(received_on, due.deadline, as_of),
            received_on=received_on,
        )


def _workday(work: WorkCalendar | None, day: date) -> date:
    """The day itself where it is worked, else the next one that is."""
    while work is not None and not work.is_workday(day):
        day += ONE_DAY
    return day


def _later(work: WorkCalendar | None, day: date, days: int) -> date:
    for _ in range(days):
        day = _workday(work, day + ONE_DAY)
    return day


def _above(dimension: Dimension, text: str) -> set[str]:
    """The members of an entry's text, and all above them, wherever they ever sat."""
    names = set()
    for name, _ in read_credits(text):
        code = dimension.find(name)
        if code is not None:
            person = dimension.seats.person(code)
            for seat, chain in enumerate(dimension.chains):
                if dimension.seats.person(seat) == person:
                    names |= {dimension.members[each].name for each in chain}
    return names


def _members(dimension: Dimension, table: ExpectedTable) -> list[str]:
    """Who reports, in the order of the plan; each once."""
    if table.members:
        codes = [dimension.code(name) for name in table.members]
    else:
        codes = dimension.leaves
        if table.under is not None:
            above = dimension.members[dimension.code(table.under)].name
            names = [
                {dimension.members[each].name for each in dimension.chains[code]}
                for code in codes
            ]
            codes = [code for code, one in zip(codes, names, strict=True) if above in one]
    return list(dict.fromkeys(dimension.members[code].name for code in codes))


def _dimension(plan: Plan, table: ExpectedTable) -> Dimension:
    return next(each for each in plan.dimensions if each.id == table.dimension)


def _check(loaded: LoadedPlan, tables: Sequence[ExpectedTable]) -> None:
    """Refuses tables that name what the plan lacks.

    Raises:
        PlanRefused: With every wrong name.
        UsageError: Nothing is expected.
    """
    if not tables:
        message = f"{loaded.path.name} expects no reports - add a table [[expected]]"
        raise UsageError(message, f"{loaded.path.name} 没有约定任何报表 - 加入 [[expected]] 表")
    dimensions = {each.id: each for each in loaded.plan.dimensions}
    feeds = {each.map.name for each in loaded.sources if each.in_ledger}
    faults = []
    for number, table in enumerate(tables, start=1):
        head = f"expected#{number}"
        wrong: Mapping[str, tuple[str, str]] = {}
        if table.dimension not in dimensions:
            named = table.dimension
            wrong = {"dimension": (f"没有维度 {named!r}", f"there is no dimension {named!r}")}
        else:
            dimension = dimensions[table.dimension]
            names = [*table.members, *([table.under] if table.under else [])]
            faults += [
                dimension.unknown(name, Place(loaded.path.name, key=f"{head}.members"))
                for name in names
                if dimension.find(name) is None
            ]
        if table.source not in feeds:
            zh, en = "台账没有来源", "no source of the ledger is called"
            wrong = {**wrong, "source": (f"{zh} {table.source!r}", f"{en} {table.source!r}")}
        if table.calendar and loaded.plan.workdays is None:
            said = ("计划没有 [plan.workdays]", "the plan has no workdays")
            wrong = {**wrong, "calendar": said}
        if table.covers is not None and table.covers not in loaded.plan.calendar.levels:
            said = (f"日历没有级别 {table.covers}", f"the calendar has no level {table.covers}")
            wrong = {**wrong, "covers": said}
        faults += [
            problem(
                "bad-value",
                Place(loaded.path.name, key=f"{head}.{key}"),
                reason=reason,
                reason_zh=reason_zh,
            )
            for key, (reason_zh, reason) in wrong.items()
        ]
    if faults:
        raise PlanRefused(faults)
