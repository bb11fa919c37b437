"""Tables of a plan, from raw rows to values: targets, members, calendar periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import name_span
from salesgoal.domain.plan_check import unknown_metric
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import Scope
from salesgoal.domain.target import MEASURES, Ownership, Target
from salesgoal.errors import SourceRefused, UsageError
from salesgoal.intake.columns import ROLE_NAMES, find_columns, roles_of
from salesgoal.intake.parse import (
    CellRefused,
    read_amount,
    read_day,
    read_flag,
    read_period,
)
from salesgoal.intake.readable import readable
from salesgoal.intake.source_map import missing_columns
from salesgoal.intake.units import column_factor
from salesgoal.ports.importer import Page, RawValue

__all__ = ["PlanRows", "Record", "Table", "TargetForm", "cell_text", "make_table", "scope_of"]

T = TypeVar("T")


@attrs.frozen
class Record:
    """One row of a table, column by column, and where it stands."""

    values: Mapping[str, RawValue]
    where: Place


@attrs.frozen(kw_only=True)
class Table:
    """The rows of one table of a plan.

    Attributes:
        columns: The header.
        rows: Without the blank ones.
        place: The file and sheet.
        explicit: Role -> column, as the plan says.
        lines: The units that lines above the table state.
    """

    columns: Sequence[str]
    rows: Sequence[Record]
    place: Place
    explicit: Mapping[str, str] = attrs.field(factory=dict)
    lines: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class TargetForm:
    """How a table of targets is written.

    Attributes:
        metric: The metric of a table without a metric column.
        members: Dimension id -> member, for a table that speaks of one member only.
        period_format: Of texts that name a day in the period; with ``period_level``.
        period_level: Which period of that day is meant.
        unit: The unit that the plan gives; blank where it gives none.
        round_excess: Round surplus decimals half up instead of refusing them.
    """

    metric: str | None = None
    members: Mapping[str, str] = attrs.field(factory=dict)
    period_format: str | None = None
    period_level: Level | None = None
    unit: str = ""
    round_excess: bool = False


@attrs.define
class PlanRows:
    """Reads the tables of one plan and keeps every fault found.

    Attributes:
        problems: In the order of the tables and their rows.
        headers: File and sheet -> role -> column, so that later faults can name the column.
    """

    problems: list[Problem] = attrs.field(factory=list)
    headers: dict[tuple[str, str | None], dict[str, str]] = attrs.field(factory=dict)

    def members(self, table: Table) -> Iterator[Member]:
        """The members of a dimension; columns name, aliases (joined by ;), parent, overlay.

        With since and until: who moved stands in several rows, one a seat.
        """
        roles = ("name", "aliases", "parent", "since", "until", "overlay")
        found = self._columns(table, roles, ("name",))
        for row in table.rows if found else ():
            texts = {role: cell_text(row.values.get(column)) for role, column in found.items()}
            name = texts["name"]
            if name is None:
                self.blank(row, found["name"])
                continue
            aliases = (texts.get("aliases") or "").replace("；", ";").split(";")
            beside = found.get("overlay")
            yield Member(
                name,
                _stripped(aliases),
                texts.get("parent"),
                since=self.day(row, found["since"]) if "since" in found else None,
                until=self.day(row, found["until"]) if "until" in found else None,
                overlay=bool(beside and self.cell(row, beside, read_flag)),
            )

    def periods(self, table: Table) -> Iterator[Period]:
        """The periods of an explicit calendar: columns level, label, since, until."""
        roles = ("level", "label", "since", "until")
        found = self._columns(table, roles, roles)
        for row in table.rows if found else ():
            cells = {role: row.values.get(column) for role, column in found.items()}
            since, until = (self.day(row, found[role]) for role in ("since", "until"))
            try:
                level = Level(cell_text(cells["level"]) or "")
                if since and until:
                    label = cell_text(cells["label"]) or since.isoformat()
                    yield Period(since, until + timedelta(days=1), level, label)
            except (ValueError, UsageError) as error:
                fault = problem("bad-calendar", row.where, reason=str(error))
                self.problems.append(fault)

    def workdays(self, table: Table) -> dict[date, bool]:
        """The days of a work calendar: columns date, is_workday."""
        found = self._columns(table, ("on", "is_workday"), ("on", "is_workday"))
        days: dict[date, bool] = {}
        rows: dict[date, Place] = {}
        for row in table.rows if found else ():
            faults = len(self.problems)
            on = self.day(row, found["on"])
            worked = self.cell(row, found["is_workday"], read_flag)
            if on in rows:
                fault = problem("duplicate-day", row.where, value=on, first=rows[on])
                self.problems.append(fault)
            elif on is not None and worked is not None:
                days[on], rows[on] = worked, row.where
            elif len(self.problems) == faults:
                self.blank(row, found["on" if on is None else "is_workday"])
        return days

    def targets(
        self,
        table: Table,
        form: TargetForm,
        calendar: Calendar,
        metrics: Sequence[Metric],
        dimensions: Sequence[Dimension],
    ) -> Iterator[Target]:
        """The targets of a long table, or of a wide one with periods as headers.

        A row of a long table names its period, or the first and last day that it holds for.
        """
        roles = ("period", "since", "until", "metric", *MEASURES)
        roles = (*roles, "owner", "department", "due_on")
        faults = len(self.problems)
        found = self._columns(table, roles, (), dimensions)
        if len(self.problems) > faults:
            return
        reader = _TargetReader(self, form, calendar, metrics, dimensions, found, table)
        timed = "period" in found or {"since", "until"} <= found.keys()
        wide = {} if timed else reader.wide_columns(table.columns)
        missing = None if wide or found.keys() & set(MEASURES) else "target / 目标"
        missing = missing if wide or timed else "period / 期间"
        if missing:
            shown = ", ".join(table.columns)
            fault = problem("missing-column", table.place, column=missing, found=shown)
            self.problems.append(fault)
            return
        for row in table.rows:
            yield from reader.wide(row, wide) if wide else reader.long(row)

    def _columns(
        self,
        table: Table,
        roles: Sequence[str],
        required: Sequence[str],
        dimensions: Sequence[Dimension] = (),
    ) -> dict[str, str]:
        wanted = {**{role: ROLE_NAMES[role] for role in roles}, **roles_of(dimensions)}
        return self.columns(table, wanted, required)

    def columns(
        self, table: Table, wanted: Mapping[str, Sequence[str]], required: Sequence[str]
    ) -> dict[str, str]:
        """Role -> column; nothing where a column that is named or needed is missing."""
        found = find_columns(wanted, table.explicit, table.columns, table.place)
        needed = [*found.values(), *(role for role in required if role not in found)]
        faults = list(missing_columns(tuple(dict.fromkeys(needed)), table.columns, table.place))
        self.problems += faults
        self.headers[table.place.source, table.place.sheet] = found
        return {} if faults else found

    def blank(self, row: Record, column: str) -> None:
        """Keeps the fault of a cell that must not be blank."""
        self.problems.append(problem("blank-required", row.where, column=column))

    def day(self, row: Record, column: str) -> date | None:
        """Reads one cell as a day; a fault is kept and reads as blank."""
        return self.cell(row, column, read_day)

    def cell(self, row: Record, column: str, read: Callable[[RawValue], T | None]) -> T | None:
        """Reads one cell; a fault is kept and reads as blank."""
        raw = row.values.get(column)
        try:
            return read(None if cell_text(raw) in {None, "-"} else readable(raw))
        except CellRefused as refused:
            fault = problem(refused.code, row.where, column=column, value=raw, **refused.facts)
            self.problems.append(fault)
            return None


@attrs.frozen
class _TargetReader:
    rows: PlanRows
    form: TargetForm
    calendar: Calendar
    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    found: Mapping[str, str]
    table: Table
    factors: dict[tuple[str, str], Fraction] = attrs.field(factory=dict)

    def wide_columns(self, header: Sequence[str]) -> dict[str, Period]:
        """The columns whose header names a period."""
        taken = set(self.found.values())
        columns = {}
        for column in header:
            try:
                period = None if column in taken else self._period_of(column)
            except CellRefused:
                continue
            if period is not None:
                columns[column] = period
        return columns

    def wide(self, row: Record, columns: Mapping[str, Period]) -> Iterator[Target]:
        metric = self._metric(row)
        for column, period in columns.items():
            amount = self._amount(row, column, metric)
            if metric is not None and amount is not None:
                yield self._target(row, metric, period, {"target": amount})

    def long(self, row: Record) -> Iterator[Target]:
        metric = self._metric(row)
        period = self._period(row)
        amounts = {
            measure: self._amount(row, self.found[measure], metric)
            for measure in MEASURES
            if measure in self.found
        }
        if metric is not None and period is not None:
            yield self._target(row, metric, period, amounts)

    def _period(self, row: Record) -> Period | str | None:
        """The period that a row names, else the one from its first to its last day."""
        column = self.found.get("period")
        written = cell_text(row.values.get(column)) if column else None
        if column and written and self.form.period_level is None:
            return written
        if column and written:
            return self.rows.cell(row, column, self._period_of)
        ends = [self.found[role] for role in ("since", "until") if role in self.found]
        blank = [each for each in ends if cell_text(row.values.get(each)) is None]
        if len(ends) < len(("since", "until")) or blank:
            self.rows.blank(row, column or blank[0])
            return None
        since, until = (self.rows.day(row, each) for each in ends)
        if since is None or until is None:
            return None
        try:
            return name_span(self.calendar, since, until)
        except UsageError as error:
            fault = problem(
                "no-such-period", row.where, column=ends[1], value=until, reason=str(error)
            )
            self.rows.problems.append(fault)
            return None

    def _period_of(self, raw: RawValue) -> Period | None:
        form = self.form
        return read_period(raw, self.calendar, form.period_format, form.period_level)

    def _metric(self, row: Record) -> Metric | None:
        column = self.found.get("metric")
        written = cell_text(row.values.get(column)) if column else None
        name = written or self.form.metric or self.metrics[0].id
        for metric in self.metrics:
            if name in {metric.id, metric.name}:
                return metric
        names = [metric.name for metric in self.metrics]
        self.rows.problems.append(unknown_metric(name, names, row.where, column))
        return None

    def _amount(self, row: Record, column: str, metric: Metric | None) -> Decimal | None:
        if metric is None:
            return None
        factor, excess = self._factor(column, metric), self.form.round_excess
        units = self.rows.cell(
            row, column, lambda raw: read_amount(raw, metric, factor, round_excess=excess)
        )
        return None if units is None else to_amount(units, metric.decimals)

    def _factor(self, column: str, metric: Metric) -> Fraction:
        """What one unit of a column is; refuses the table where its units contradict."""
        key = column, metric.id
        if key not in self.factors:
            lines, unit = self.table.lines, self.form.unit
            try:
                self.factors[key] = column_factor(metric, column, lines, unit)
            except CellRefused as refused:
                place = self.table.place
                fault = problem(refused.code, place, column=column, **refused.facts)
                raise SourceRefused([fault]) from refused
        return self.factors[key]

    def _target(
        self,
        row: Record,
        metric: Metric,
        period: Period | str,
        amounts: Mapping[str, Decimal | None],
    ) -> Target:
        texts = {role: cell_text(row.values.get(column)) for role, column in self.found.items()}
        due = self.rows.day(row, self.found["due_on"]) if "due_on" in self.found else None
        owner = Ownership(
            owner=texts.get("owner"), department=texts.get("department"), due_on=due
        )
        scope = {**self.form.members, **scope_of(texts, self.dimensions)}
        return Target(
            scope=scope,
            metric=metric.id,
            period=period,
            ownership=owner,
            where=row.where,
            **amounts,
        )


def make_table(
    pages: Sequence[Page],
    place: Place,
    explicit: Mapping[str, str],
    lines: Sequence[str] = (),
) -> Table:
    """Returns the rows of a table's pages, without the blank ones.

    Raises:
        SourceRefused: A row is wider or narrower than the header.
    """
    columns = pages[0].columns if pages else ()
    rows = [row for page in pages for row in page.rows if any(map(cell_text, row.values))]
    faults = [
        problem("row-width", row.where, found=len(row.values), expected=len(columns))
        for row in rows
        if len(row.values) != len(columns)
    ]
    if faults:
        raise SourceRefused(faults)
    records = [Record(dict(zip(columns, row.values, strict=True)), row.where) for row in rows]
    head = attrs.evolve(rows[0].where, row=None) if rows else place
    return Table(columns=columns, rows=records, place=head, explicit=explicit, lines=lines)


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def scope_of(texts: Mapping[str, str | None], dimensions: Sequence[Dimension]) -> Scope:
    """Returns the members that a row names, as dimension -> member."""
    named = {each.id: texts.get(each.id) for each in dimensions}
    return {name: member for name, member in named.items() if member is not None}


def cell_text(raw: RawValue) -> str | None:
    """Returns a cell as text; None where it is blank."""
    text = "" if raw is None else str(raw).strip()
    return text or None
