"""Queries: the facts of an engine condensed by itself, in a few passes.

First a *census* of a row: how many rows, how many of them with which fault, their days, the
largest amounts and the control totals. Then the sums by member names and slot, and one query
for each metric that does not add. Only these small results come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.frames.amount import INT64, Array, refuse_type, scale_up
from salesgoal.frames.booking import Booking, Settled
from salesgoal.frames.column_map import AmountColumn
from salesgoal.frames.day_slots import read_days
from salesgoal.frames.expressions import (
    AmountTerm,
    any_of,
    day_of,
    key_absent,
    make_term,
    slot_of,
    whole_days,
)
from salesgoal.frames.findings import SAMPLES
from salesgoal.frames.name_codes import encode, spell

__all__ = ["book_query"]

MOST_ATOMS = 60
"""With more atoms than these, rows are grouped by day and the days put into atoms here."""

_HALF = 1 << 31
_EXTREMES = {Aggregation.MAXIMUM, Aggregation.MINIMUM}
_ROWS, _BAD, _TIME, _VALUE, _KEY = "sg_rows", "sg_bad", "sg_time", "sg_value", "sg_key"

Result = Mapping[str, "nw.Series[Any] | Sequence[Any]"]


def book_query(frame: nw.LazyFrame[Any], booking: Booking) -> None:
    """Books the facts of an engine.

    Raises:
        SourceRefused: A column is of a type that does not do, or the rows changed meanwhile.
    """
    query = _Query(frame, booking)
    query.take_census()
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
    absent: list[nw.Expr] = attrs.field(init=False)
    bad: nw.Expr | None = attrs.field(default=None, init=False)
    rows: int = attrs.field(default=0, init=False)
    values: dict[str, nw.Expr] = attrs.field(factory=dict, init=False)
    bounds: dict[str, int] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        booking, columns = self.booking, self.booking.columns
        self.schema = self.frame.collect_schema()

        def refuse(found: object) -> Exception:
            return refuse_type(booking.source, columns.on, found, "business days", "业务日期")

        whole_days(columns.on, self.schema[columns.on], refuse)
        has_mod = not self.frame.implementation.is_dask()
        self.terms = {
            each.metric.id: make_term(
                each, self.schema[each.name], booking.source, has_mod=has_mod
            )
            for each in columns.amounts
            if not each.is_key
        }
        self.absent = [
            key_absent(each.name, self.schema[each.name])
            if each.is_key
            else self.terms[each.metric.id].absent
            for each in columns.amounts
        ]

    # The census.

    def take_census(self) -> None:
        """Looks at every row once and notes what is wrong."""
        on, amounts = self.booking.columns.on, self.booking.columns.amounts
        day = nw.col(on)
        faults = [("rows-no-date", on, day.is_null(), None)]
        for term in self.terms.values():
            for code, fault in term.faults.items():
                faults.append((code, term.column.name, fault, term))
        nothing = self.absent[0]
        for each in self.absent[1:]:
            nothing &= each
        anything_else = any_of([each for _, _, each, _ in faults])
        faults.append(("rows-no-amount", amounts[0].name, nothing & ~anything_else, None))
        asked = [nw.len().alias(_ROWS), day.min().alias("sg_first"), day.max().alias("sg_last")]
        asked += [
            each.cast(nw.Int64).sum().alias(f"sg_fault_{number}")
            for number, (_, _, each, _) in enumerate(faults)
        ]
        terms = list(self.terms.values())
        for number, term in enumerate(terms):
            asked += [
                term.value.min().alias(f"sg_min_{number}"),
                term.value.max().alias(f"sg_max_{number}"),
            ]
            clean = self._clean(term, term.faults.values())
            for half, value in enumerate(_halves(clean) if term.whole else [clean]):
                asked.append(value.sum().alias(f"sg_total_{number}_{half}"))
        found = _one_row(self.frame.select(*asked))
        self.rows = int(found[_ROWS] or 0)
        if found["sg_first"] is not None and self.rows:
            self.booking.note_span(_day(found["sg_first"]), _day(found["sg_last"]))
        true = [
            (*fault, int(found[f"sg_fault_{number}"] or 0))
            for number, fault in enumerate(faults)
        ]
        true = [each for each in true if each[-1]]
        for code, column, fault, term, count in true:
            self._note(code, column, fault, term, count)
        if true:
            self.bad = any_of([each for _, _, each, _, _ in true])
        for number, term in enumerate(terms):
            ends = [found[f"sg_{end}_{number}"] or 0 for end in ("min", "max")]
            known = max(abs(int(each)) + 1 for each in ends)
            self.bounds[term.column.metric.id] = min(known, term.most + 1)
            self._take_control(term, found, number)
            if any(each is term for _, _, _, each, _ in true):
                faults_of = [each for _, _, each, own, _ in true if own is term]
                self.values[term.column.metric.id] = self._clean(term, faults_of)

    def _note(
        self, code: str, column: str, fault: nw.Expr, term: AmountTerm | None, count: int
    ) -> None:
        samples: list[object] = []
        facts: dict[str, object] = {}
        if term is not None:
            few = self.frame.filter(fault).select(nw.col(column).alias(_VALUE)).head(SAMPLES)
            samples = list(_listed(_collect(few)[_VALUE]))
            facts = {"decimals": term.column.metric.decimals}
        self.booking.findings.note(code, column, count, samples=samples, **facts)

    def _clean(self, term: AmountTerm, faults: Iterable[nw.Expr]) -> nw.Expr:
        """The amounts that are without fault; 0 where they are not."""
        found = list(faults)
        if not found:
            return term.value
        return nw.when(any_of(found)).then(nw.lit(0)).otherwise(term.value)

    def _take_control(self, term: AmountTerm, found: Mapping[str, Any], number: int) -> None:
        """The total read, apart from the groups."""
        name = term.column.metric.id
        if name in self.booking.control:
            low, high = (found.get(f"sg_total_{number}_{half}") or 0 for half in range(2))
            units = (_exact(low) + _exact(high) * _HALF) * term.times
            assert units.denominator == 1
            self.booking.control[name] = int(units)

    def _parts(self, term: AmountTerm) -> list[nw.Expr]:
        """An amount, or its low and high half where a sum of so many could pass 64 bits."""
        name = term.column.metric.id
        value = self.values.get(name, term.value)
        if not term.whole or self.bounds[name] * self.rows < INT64:
            return [value]
        return _halves(value)

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
        rows = _integers(result[_ROWS])
        if int(rows.sum()) != self.rows:
            facts = {"first": self.rows, "second": int(rows.sum())}
            raise SourceRefused([problem("frame-changed", Place(self.booking.source), **facts)])
        units = [self._units(result, number, term) for number, term in enumerate(added)]
        for settled in self._settle(result, by_day=by_day, rows=rows, counted=True):
            for term, each in zip(added, units, strict=True):
                self.booking.add_sums(settled, term.column.metric, each)

    def _sums(self, added: Sequence[AmountTerm], *, by_day: bool) -> Result:
        keys = self._keys()
        chosen = [*keys, self._time(by_day=by_day).alias(_TIME)]
        groups = [_TIME]
        if self.bad is not None:
            flag = nw.when(self.bad).then(nw.lit(1)).otherwise(nw.lit(0))
            chosen.append(flag.alias(_BAD))
            groups.append(_BAD)
        totals = []
        for number, term in enumerate(added):
            for half, value in enumerate(self._parts(term)):
                name = f"sg_sum_{number}_{half}"
                chosen.append(value.alias(name))
                totals.append(nw.col(name).sum())
        grouped = self.frame.select(*chosen).group_by(*self._names(), *groups)
        return _collect(grouped.agg(*totals, nw.len().alias(_ROWS)))

    def _names(self) -> list[str]:
        columns = self.booking.columns
        return [columns.goal] if columns.goal else list(dict.fromkeys(columns.members.values()))

    def _units(self, result: Result, number: int, term: AmountTerm) -> Array:
        values, digits = _numbers(result[f"sg_sum_{number}_0"])
        if f"sg_sum_{number}_1" in result:
            high, _ = _numbers(result[f"sg_sum_{number}_1"])
            values = values.astype(object) + high.astype(object) * _HALF
        return scale_up(values, term.times / 10**digits)

    def _settle(
        self, result: Result, *, by_day: bool, rows: Array | None, counted: bool
    ) -> Iterable[Settled]:
        booking = self.booking
        bad = None
        if _BAD in result:
            bad = _integers(result[_BAD]) > 0
        if by_day:
            days, undated = read_days(result[_TIME], booking.columns.on, booking.source)
            slots = booking.day_slots.slots(days)
            assert undated is None or (bad is not None and bad[undated].all())
        else:
            slots = _integers(result[_TIME])
        return booking.settle(result, slots, bad, rows, counted=counted)

    # Metrics that do not add.

    def _good(self, absent: nw.Expr) -> nw.LazyFrame[Any]:
        """The rows without fault that have the metric."""
        left_out = absent if self.bad is None else absent | self.bad
        return self.frame.filter(~left_out)

    def book_readings(self, term: AmountTerm) -> None:
        """Books a metric that takes the last, an extreme or the mean."""
        metric = term.column.metric
        by_day = self._by_day() or metric.aggregation is Aggregation.LAST
        result = self._readings(term, by_day=by_day)
        counts = _integers(result[_ROWS])
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
        for half, value in enumerate([term.value] if extreme else self._parts(term)):
            name = f"sg_sum_0_{half}"
            chosen.append(value.alias(name))
            totals.append(_reduced(nw.col(name), term.column.metric.aggregation))
        grouped = self._good(term.absent).select(*chosen).group_by(*self._names(), _TIME)
        return _collect(grouped.agg(*totals, nw.len().alias(_ROWS)))

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
        result = _collect(grouped.agg(nw.len().alias(_ROWS)))
        positions, values = encode(result[_KEY])
        names = [spell(each) for each in values]
        distinct = {name: at for at, name in enumerate(dict.fromkeys(names))}
        table = np.array([distinct[each] for each in names], np.int64)
        keys = table[positions] if len(positions) else np.empty(0, np.int64)
        for settled in self._settle(result, by_day=by_day, rows=None, counted=False):
            self.booking.add_readings(settled, column.metric, keys, names=list(distinct))


def _halves(value: nw.Expr) -> list[nw.Expr]:
    high = value // _HALF
    return [value - high * _HALF, high]


def _reduced(value: nw.Expr, aggregation: object) -> nw.Expr:
    if aggregation is Aggregation.MAXIMUM:
        return value.max()
    return value.min() if aggregation is Aggregation.MINIMUM else value.sum()


# Results, as small as they are.


def _collect(frame: nw.LazyFrame[Any]) -> Result:
    """The columns of a result; as Python lists where the engine has no arrays of its own."""
    names = frame.collect_schema().names()
    try:
        if frame.implementation.is_polars():
            found = frame.collect(engine="streaming")
        else:
            found = frame.collect()
    except ModuleNotFoundError:
        native: Any = frame.to_native()
        rows = native.fetchall() if hasattr(native, "fetchall") else native.collect()
        columns = list(zip(*map(tuple, rows), strict=True)) or [()] * len(names)
        return dict(zip(names, map(list, columns), strict=True))
    return {name: found[name] for name in names}


def _listed(column: nw.Series[Any] | Sequence[Any]) -> Sequence[Any]:
    return column.to_list() if isinstance(column, nw.Series) else column


def _one_row(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    return {name: _known(_listed(each)[0]) for name, each in _collect(frame).items()}


def _known(value: Any) -> Any:  # noqa: ANN401 - one value of any kind
    blank = type(value).__name__ in {"NAType", "NaTType"} or value != value  # noqa: PLR0124
    return None if blank else value


def _day(value: Any) -> date:  # noqa: ANN401 - a day or moment of any kind
    return value.date() if isinstance(value, datetime) else value  # type: ignore[no-any-return]


def _exact(value: Any) -> Fraction:  # noqa: ANN401 - a number of any kind
    return Fraction(value if isinstance(value, Decimal) else int(value))


def _integers(column: nw.Series[Any] | Sequence[Any]) -> Array:
    if isinstance(column, nw.Series):
        return column.cast(nw.Int64).to_numpy().astype(np.int64, copy=False)
    return np.array(column, np.int64)


def _numbers(column: nw.Series[Any] | Sequence[Any]) -> tuple[Array, int]:
    """Sums as whole numbers, and how many of their digits are decimals."""
    if isinstance(column, nw.Series) and column.dtype == nw.Int64:
        return column.fill_null(0).to_numpy().astype(np.int64, copy=False), 0
    listed = [Decimal(0) if _known(each) is None else each for each in _listed(column)]
    exact = [_exact(each) for each in listed]
    digits = 0
    while any((each * 10**digits).denominator > 1 for each in exact):
        digits += 1
    return np.array([int(each * 10**digits) for each in exact], dtype=object), digits
