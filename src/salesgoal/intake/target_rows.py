"""Rows of targets: chunks of a long table together, anything odd row by row.

Most rows of a chunk differ in their names and amounts only. What they have in common - metric,
period, owner - is read once for all that are alike, and amounts are read column by column.
Where a row is at fault its chunk is read row by row, so that faults come in the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import compress
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import name_span
from salesgoal.domain.plan_check import unknown_metric
from salesgoal.domain.problem import problem
from salesgoal.domain.scope import Scope
from salesgoal.domain.target import MEASURES, Measure, Ownership, Target
from salesgoal.errors import SourceRefused, UsageError
from salesgoal.intake.amount_column import EXACT, AmountColumn
from salesgoal.intake.cell_text import cell_text, is_filled
from salesgoal.intake.parse import CellRefused, read_amount, read_period
from salesgoal.intake.readable import readable
from salesgoal.intake.table import CellReader, Record, Table, scope_of
from salesgoal.intake.units import column_factor
from salesgoal.ports.importer import RawValue

__all__ = ["TargetForm", "TargetReader"]

T = TypeVar("T")

_CHUNK = 200
_PLAIN = {str, int, date, type(None)}
"""Cells of these kinds are read alike where they are equal; 1 and True are not."""


@attrs.frozen(kw_only=True)
class TargetForm:
    """How a table of targets is written.

    Attributes:
        metric: The metric of a table without a metric column.
        members: Dimension id -> member, for a table that speaks of one member only.
        period: The label of the period of a table without such a column.
        period_format: Of texts that name a day in the period; with ``period_level``.
        period_level: Which period of that day is meant.
        unit: The unit that the plan gives; blank where it gives none.
        round_excess: Round surplus decimals half up instead of refusing them.
    """

    metric: str | None = None
    members: Mapping[str, str] = attrs.field(factory=dict)
    period: str | None = None
    period_format: str | None = None
    period_level: Level | None = None
    unit: str = ""
    round_excess: bool = False


@attrs.frozen(kw_only=True)
class TargetReader:
    """Reads the targets of one table.

    Attributes:
        cells: Keeps the faults.
        form: How the table is written.
        calendar: Whose periods.
        metrics: The leading one first.
        dimensions: Of the plan.
        found: Role -> column.
        table: The rows.
    """

    cells: CellReader
    form: TargetForm
    calendar: Calendar
    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    found: Mapping[str, str]
    table: Table
    _factors: dict[tuple[str, str], Fraction] = attrs.field(factory=dict, init=False)
    _known: dict[tuple[str, ...], dict[tuple[RawValue, ...], Any]] = attrs.field(
        factory=dict, init=False
    )

    def wide_columns(self, header: Sequence[str]) -> dict[str, Period]:
        """Returns the columns whose header names a period."""
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

    def wide(self, columns: Mapping[str, Period]) -> Iterator[Target]:
        """Yields a target for every row and period with an amount.

        Raises:
            SourceRefused: The units of a column contradict one another.
        """
        for row in self.table.rows:
            metric = self._metric(row)
            for column, period in columns.items():
                amount = self._amount(row, column, metric)
                if metric is not None and amount is not None:
                    made = self._target(row, metric, period, {"target": amount})
                    yield attrs.evolve(made, where=attrs.evolve(row.where, key=period.label))

    def long(self) -> Iterator[Target]:
        """Yields a target a row.

        Raises:
            SourceRefused: As `wide`.
        """
        count = len(self.table.values)
        for start in range(0, count, _CHUNK):
            rows = range(start, min(start + _CHUNK, count))
            try:
                with localcontext(EXACT):
                    found = self._together(rows)
            except (CellRefused, TypeError, ValueError, ArithmeticError):
                for at in rows:
                    yield from self._alone(self.table.record(at))
            else:
                yield from found

    # Rows together.

    def _together(self, rows: range) -> list[Target]:
        """The targets of rows; raises, and keeps nothing, where one of them has a fault."""
        metrics = self._each(rows, ("metric",), self._metric)
        columns = zip(
            self._scopes(rows),
            metrics,
            self._each(rows, ("period", "since", "until"), self._period),
            self._each(rows, ("owner", "department", "due_on"), self._ownership),
            self.table.places[rows.start : rows.stop],
            *(self._amounts(rows, measure, metrics) for measure in MEASURES),
            strict=True,
        )
        return [
            Target(
                scope=scope,
                metric=metric.id,
                period=period,
                target=target,
                floor=floor,
                stretch=stretch,
                commit=commit,
                ownership=owner,
                where=where,
            )
            for scope, metric, period, owner, where, target, floor, stretch, commit in columns
        ]

    def _each(
        self, rows: range, roles: tuple[str, ...], read: Callable[[Record], T | None]
    ) -> list[T]:
        """What is read of each row, once for all that are alike in the columns of roles."""
        columns = [self._column(rows, self.found[role]) for role in roles if role in self.found]
        if not {type(cell) for column in columns for cell in column} <= _PLAIN:
            raise CellRefused("odd")
        keys = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
        known = self._known.setdefault(roles, {})
        for at, key in zip(rows, keys, strict=True):
            if key not in known:
                known[key] = self._clean(at, read)
        return [known[key] for key in keys]

    def _clean(self, at: int, read: Callable[[Record], T | None]) -> T:
        """What is read of a row; raises, and keeps nothing, where it is at fault."""
        faults = len(self.cells.problems)
        found = read(self.table.record(at))
        if found is None or len(self.cells.problems) > faults:
            del self.cells.problems[faults:]
            raise CellRefused("odd")
        return found

    def _column(self, rows: range, column: str) -> list[RawValue]:
        at = self.table.columns.index(column)
        return list(map(itemgetter(at), self.table.values[rows.start : rows.stop]))

    def _scopes(self, rows: range) -> list[Scope]:
        members = self.form.members
        names = [each.id for each in self.dimensions if each.id in self.found]
        if not names:
            return [{**members} for _ in rows]
        columns = [map(cell_text, self._column(rows, self.found[name])) for name in names]
        return [
            {**members, **{name: text for name, text in zip(names, texts, strict=True) if text}}
            for texts in zip(*columns, strict=True)
        ]

    def _amounts(
        self, rows: range, measure: Measure, metrics: Sequence[Metric]
    ) -> Sequence[Decimal | None]:
        if measure not in self.found:
            return [None] * len(rows)
        column = self.found[measure]
        cells = self._column(rows, column)
        metric = metrics[0]
        if any(each is not metric for each in metrics):
            pairs = zip(cells, metrics, strict=True)
            return [self._read(raw, column, metric) for raw, metric in pairs]
        if metric.aggregation is Aggregation.DISTINCT:
            return [self._read(raw, column, metric) for raw in cells]
        filled = list(map(is_filled, cells))
        factor, excess = self._factor(column, metric), self.form.round_excess
        given = AmountColumn(metric, 0, factor, excess).all_units(
            cells if all(filled) else list(compress(cells, filled))
        )
        amounts = (to_amount(units, metric.decimals) for units in given)
        return [next(amounts) if is_given else None for is_given in filled]

    # One row alone.

    def _alone(self, row: Record) -> Iterator[Target]:
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
        """The period of a row: named, else of its first and last day, else the table's."""
        column = self.found.get("period")
        written = cell_text(row.values.get(column)) if column else None
        if column and written and self.form.period_level is None:
            return written
        if column and written:
            return self.cells.cell(row, column, self._period_of)
        ends = [self.found[role] for role in ("since", "until") if role in self.found]
        blank = [each for each in ends if cell_text(row.values.get(each)) is None]
        if self.form.period and not ends:
            return self.form.period
        if len(ends) < len(("since", "until")) or blank:
            self.cells.blank(row, column or blank[0])
            return None
        since, until = (self.cells.day(row, each) for each in ends)
        if since is None or until is None:
            return None
        try:
            return name_span(self.calendar, since, until)
        except UsageError as error:
            facts = {"reason": str(error), "reason_zh": error.message("zh")}
            fault = problem("no-such-period", row.where, column=ends[1], value=until, **facts)
            self.cells.problems.append(fault)
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
        self.cells.problems.append(unknown_metric(name, names, row.where, column))
        return None

    def _amount(self, row: Record, column: str, metric: Metric | None) -> Decimal | None:
        if metric is None:
            return None
        self._factor(column, metric)  # refuses the whole table, whatever stands in the cell
        return self.cells.cell(row, column, lambda raw: self._read(raw, column, metric))

    def _read(self, raw: RawValue, column: str, metric: Metric) -> Decimal | None:
        """One cell as an amount; None where it is blank.

        Raises:
            CellRefused: It is no amount that the metric can hold.
        """
        factor, excess = self._factor(column, metric), self.form.round_excess
        units = read_amount(readable(raw), metric, factor, round_excess=excess)
        return None if units is None else to_amount(units, metric.decimals)

    def _factor(self, column: str, metric: Metric) -> Fraction:
        """What one unit of a column is; refuses the table where its units contradict."""
        key = column, metric.id
        if key not in self._factors:
            lines, unit = self.table.lines, self.form.unit
            try:
                self._factors[key] = column_factor(metric, column, lines, unit)
            except CellRefused as refused:
                place = self.table.place
                fault = problem(refused.code, place, column=column, **refused.facts)
                raise SourceRefused([fault]) from refused
        return self._factors[key]

    def _target(
        self,
        row: Record,
        metric: Metric,
        period: Period | str,
        amounts: Mapping[str, Decimal | None],
    ) -> Target:
        return Target(
            scope={**self.form.members, **scope_of(self._texts(row), self.dimensions)},
            metric=metric.id,
            period=period,
            ownership=self._ownership(row),
            where=row.where,
            **amounts,
        )

    def _ownership(self, row: Record) -> Ownership:
        texts = self._texts(row)
        due = self.cells.day(row, self.found["due_on"]) if "due_on" in self.found else None
        return Ownership(
            owner=texts.get("owner"), department=texts.get("department"), due_on=due
        )

    def _texts(self, row: Record) -> dict[str, str | None]:
        return {role: cell_text(row.values.get(column)) for role, column in self.found.items()}
