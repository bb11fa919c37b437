"""Queries: the facts of an engine condensed by itself, in a few passes.

First a *census* of a row: how many rows, how many of them with which fault, their days, the
largest amounts and the control totals. Then the sums by member names and slot, and one query
for each metric that does not add. Only these small results come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.frames.amount import INT64, Array, refuse_type, scale_up
from salesgoal.frames.booking import Booking
from salesgoal.frames.census import HALF, Census, halves, take_census
from salesgoal.frames.column_map import AmountColumn, ColumnMap
from salesgoal.frames.day_slots import read_days
from salesgoal.frames.expressions import (
    AmountTerm,
    day_of,
    key_absent,
    make_term,
    slot_of,
    whole_days,
)
from salesgoal.frames.findings import SAMPLES
from salesgoal.frames.given import Given, Settled
from salesgoal.frames.name_codes import spell_keys
from salesgoal.frames.result import Result, collect, integers, numbers, one_row, to_list

__all__ = ["book_query"]

MOST_ATOMS = 60
"""With more atoms than these, rows are grouped by day and the days put into atoms here."""

_EXTREMES = {Aggregation.MAXIMUM, Aggregation.MINIMUM}
_ROWS, _BAD, _TIME, _VALUE, _KEY = "sg_rows", "sg_bad", "sg_time", "sg_value", "sg_key"


def book_query(frame: nw.LazyFrame[Any], booking: Booking) -> None:
    """Books the facts of an engine.

    Raises:
        SourceRefused: A column is of a type that does not do, or the rows changed meanwhile.
    """
    query = _Query(frame, booking)
    query.note_faults()
    query.book_sums()
    for column in booking.columns.amounts:
        if column.is_key:
            query.book_keys(column)
        elif not column.metric.is_additive:
            query.book_readings(query.terms[column.metric.id])


@attrs.define
class _Query:
    frame: nw.LazyFrame[Any]
    booking: Booking
    schema: Mapping[str, Any] = attrs.field(init=False)
    terms: dict[str, AmountTerm] = attrs.field(init=False)
    census: Census = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        booking, columns = self.booking, self.booking.columns
        self.frame = _typed(self.frame, columns)
        self.schema = self.frame.collect_schema()

        def refuse(found: object) -> Exception:
            return refuse_type(booking.source, columns.on, found, "business days", "业务日期")

        whole_days(columns.on, self.schema[columns.on], refuse)
        has_decimals = not self.frame.implementation.is_dask()
        self.terms = {
            each.metric.id: make_term(
                each, self.schema[each.name], booking.source, has_decimals=has_decimals
            )
            for each in columns.amounts
            if not each.is_key
        }
        self.frame = self.frame.select(*map(nw.col, columns.used))
        for steps in zip_longest(*(term.steps for term in self.terms.values())):
            self.frame = self.frame.with_columns(*(each for each in steps if each is not None))
        absent = [
            key_absent(each.name, self.schema[each.name])
            if each.is_key
            else self.terms[each.metric.id].absent
            for each in columns.amounts
        ]
        self.census = take_census(self.frame, columns.on, list(self.terms.values()), absent)

    def note_faults(self) -> None:
        """Hands on what the census found."""
        booking, census = self.booking, self.census
        if census.span is not None:
            booking.note_span(*census.span)
        for name in booking.control:
            booking.control[name] = census.control[name]
        for each in census.faults:
            samples: tuple[Any, ...] = ()
            decimals: int | None = None
            if each.term is not None:
                shown = nw.col(each.column).alias(_VALUE)
                few = self.frame.filter(each.holds).select(shown).head(SAMPLES)
                samples = tuple(to_list(collect(few)[_VALUE]))
                decimals = each.term.column.metric.decimals
            booking.findings.note(
                each.code, each.column, each.count, samples=samples, decimals=decimals
            )

    def parts(self, term: AmountTerm) -> list[nw.Expr]:
        """An amount, or its low and high half where a sum of so many could pass 64 bits."""
        name = term.column.metric.id
        value = self.census.values[name]
        if not term.whole or self.census.bounds[name] * self.census.rows < INT64:
            return [value]
        return halves(value)

    # The groups.

    def _keys(self) -> list[nw.Expr]:
        """The columns that say who; as categories where the engine groups by these faster."""
        columns = self.booking.columns
        names = (
            [columns.goal] if columns.goal else list(dict.fromkeys(columns.members.values()))
        )
        polars = self.frame.implementation.is_polars()
        return [
            nw.col(name).cast(nw.Categorical)
            if polars and self.schema[name] == nw.String
            else nw.col(name)
            for name in names
        ]

    def _time(self, *, by_day: bool) -> nw.Expr:
        on = self.booking.columns.on
        if by_day:
            return day_of(on, self.schema[on])
        return slot_of(on, *self.booking.day_slots.cuts())

    def _by_day(self) -> bool:
        return len(self.booking.cells.timeline) > MOST_ATOMS

    def book_sums(self) -> None:
        """Books the metrics that add, and counts the rows."""
        added = [self.terms[name] for name in self.booking.control]
        by_day = self._by_day()
        result = self._sums(added, by_day=by_day)
        rows = integers(result[_ROWS])
        if int(rows.sum()) != self.census.rows:
            place = Place(self.booking.source)
            first, second = self.census.rows, int(rows.sum())
            raise SourceRefused([problem("frame-changed", place, first=first, second=second)])
        units = [self._units(result, number, term) for number, term in enumerate(added)]
        for settled in self._settle(result, by_day=by_day, rows=rows, counted=True):
            for term, each in zip(added, units, strict=True):
                self.booking.add_sums(settled, term.column.metric, each)

    def _sums(self, added: Sequence[AmountTerm], *, by_day: bool) -> Result:
        keys = self._keys()
        chosen = [*keys, self._time(by_day=by_day).alias(_TIME)]
        groups = [_TIME]
        if self.census.bad is not None:
            flag = nw.when(self.census.bad).then(nw.lit(1)).otherwise(nw.lit(0))
            chosen.append(flag.alias(_BAD))
            groups.append(_BAD)
        totals = []
        for number, term in enumerate(added):
            for half, value in enumerate(self.parts(term)):
                name = f"sg_sum_{number}_{half}"
                chosen.append(value.alias(name))
                totals.append(nw.col(name).sum())
        grouped = self.frame.select(*chosen).group_by(*self._names(), *groups)
        return collect(grouped.agg(*totals, nw.len().alias(_ROWS)))

    def _names(self) -> list[str]:
        columns = self.booking.columns
        return [columns.goal] if columns.goal else list(dict.fromkeys(columns.members.values()))

    def _units(self, result: Result, number: int, term: AmountTerm) -> Array:
        values, digits = numbers(result[f"sg_sum_{number}_0"])
        if f"sg_sum_{number}_1" in result:
            high, _ = numbers(result[f"sg_sum_{number}_1"])
            values = values.astype(object) + high.astype(object) * HALF
        return scale_up(values, term.times / 10**digits)

    def _settle(
        self, result: Result, *, by_day: bool, rows: Array | None, counted: bool
    ) -> Iterable[Settled]:
        booking = self.booking
        bad = None
        if _BAD in result:
            bad = integers(result[_BAD]) > 0
        if by_day:
            days, undated = read_days(result[_TIME], booking.columns.on, booking.source)
            slots = booking.day_slots.slots(days)
            assert undated is None or (bad is not None and bad[undated].all())
        else:
            slots = integers(result[_TIME])
        return booking.settle(
            Given(columns=result, slots=slots, bad=bad, rows=rows, counted=counted)
        )

    # Metrics that do not add.

    def _good(self, absent: nw.Expr) -> nw.LazyFrame[Any]:
        """The rows without fault that have the metric."""
        left_out = absent if self.census.bad is None else absent | self.census.bad
        return self.frame.filter(~left_out)

    def book_readings(self, term: AmountTerm) -> None:
        """Books a metric that takes the last, an extreme or the mean."""
        metric = term.column.metric
        by_day = self._by_day() or metric.aggregation is Aggregation.LAST
        result = self._readings(term, by_day=by_day)
        counts = integers(result[_ROWS])
        values = self._units(result, 0, term)
        days = None
        if metric.aggregation is Aggregation.LAST:
            on = self.booking.columns.on
            days, _ = read_days(result[_TIME], on, self.booking.source)
        for settled in self._settle(result, by_day=by_day, rows=None, counted=False):
            self.booking.add_readings(settled, metric, values, days=days, counts=counts)

    def _readings(self, term: AmountTerm, *, by_day: bool) -> Result:
        chosen = [*self._keys(), self._time(by_day=by_day).alias(_TIME)]
        extreme = term.column.metric.aggregation in _EXTREMES
        totals = []
        for half, value in enumerate([term.value] if extreme else self.parts(term)):
            name = f"sg_sum_0_{half}"
            chosen.append(value.alias(name))
            totals.append(_reduced(nw.col(name), term.column.metric.aggregation))
        grouped = self._good(term.absent).select(*chosen).group_by(*self._names(), _TIME)
        return collect(grouped.agg(*totals, nw.len().alias(_ROWS)))

    def book_keys(self, column: AmountColumn) -> None:
        """Books the keys of a metric that counts them: once a member combination and slot."""
        by_day = self._by_day()
        absent = key_absent(column.name, self.schema[column.name])
        chosen = [
            *self._keys(),
            self._time(by_day=by_day).alias(_TIME),
            nw.col(column.name).alias(_KEY),
        ]
        grouped = self._good(absent).select(*chosen).group_by(*self._names(), _TIME, _KEY)
        result = collect(grouped.agg(nw.len().alias(_ROWS)))
        keys, names = spell_keys(result[_KEY])
        for settled in self._settle(result, by_day=by_day, rows=None, counted=False):
            self.booking.add_readings(settled, column.metric, keys, names=names)


def _typed(frame: nw.LazyFrame[Any], columns: ColumnMap) -> nw.LazyFrame[Any]:
    """The frame with a type for each column that has none and is blank in every row."""
    schema = frame.collect_schema()
    untyped = [each for each in columns.used if schema[each] == nw.Unknown]
    if not untyped:
        return frame
    given = one_row(
        frame.select((~nw.col(each).is_null()).cast(nw.Int64).sum() for each in untyped)
    )
    types: dict[str, Any] = {
        columns.on: nw.Datetime("us"),
        **{each.name: nw.Int64 for each in columns.amounts if not each.is_key},
    }
    blank = [each for each in untyped if not given[each]]
    return frame.with_columns(nw.col(each).cast(types.get(each, nw.String)) for each in blank)


def _reduced(value: nw.Expr, aggregation: object) -> nw.Expr:
    if aggregation is Aggregation.MAXIMUM:
        return value.max()
    return value.min() if aggregation is Aggregation.MINIMUM else value.sum()
