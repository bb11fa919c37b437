"""The census of a frame: one row that says what there is, before anything is grouped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from salesgoal.frames.expressions import AmountTerm, any_of
from salesgoal.frames.result import exact, one_row, to_day

__all__ = ["HALF", "Census", "Fault", "halves", "take_census"]

HALF = 1 << 31
_ROWS = "sg_rows"


@attrs.frozen
class Fault:
    """A kind of fault in one column.

    Attributes:
        code: Of the problem.
        column: Where it is.
        holds: Which rows have it.
        term: The amount that has it; None where it is no amount's.
        count: How many rows have it.
    """

    code: str
    column: str
    holds: nw.Expr
    term: AmountTerm | None = None
    count: int = 0


@attrs.frozen(kw_only=True)
class Census:
    """What a frame holds.

    Attributes:
        rows: How many rows.
        span: The first and last day; None without any.
        faults: Those that some row has.
        bad: Where a row has any of them; None where none has.
        values: Metric id -> its amounts without fault; 0 where they are not.
        bounds: Metric id -> the largest absolute value of these.
        control: Metric id -> the total of these in units.
    """

    rows: int
    span: tuple[date, date] | None
    faults: Sequence[Fault]
    bad: nw.Expr | None
    values: Mapping[str, nw.Expr]
    bounds: Mapping[str, int]
    control: Mapping[str, int]


def halves(value: nw.Expr) -> list[nw.Expr]:
    """Returns the low and the high half of an integer: low + high x `HALF` is the whole."""
    high = value // HALF
    return [value - high * HALF, high]


def take_census(
    frame: nw.LazyFrame[Any], on: str, terms: Sequence[AmountTerm], absent: Sequence[nw.Expr]
) -> Census:
    """Returns what a frame holds, from one pass over it.

    Args:
        frame: With the columns that the terms need.
        on: The column of the day.
        terms: The amounts.
        absent: Where each amount or key is blank, the first column's first.
    """
    faults = list(_possible_faults(on, terms, absent))
    moment = nw.col(on).cast(nw.Datetime("us"))
    asked = [
        nw.len().alias(_ROWS),
        moment.min().alias("sg_first"),
        moment.max().alias("sg_last"),
    ]
    asked += [
        each.holds.cast(nw.Int64).sum().alias(f"sg_fault_{number}")
        for number, each in enumerate(faults)
    ]
    for number, term in enumerate(terms):
        asked += _extent(number, term)
    found = one_row(frame.select(*asked))
    true = [
        attrs.evolve(each, count=int(count))
        for number, each in enumerate(faults)
        if (count := found[f"sg_fault_{number}"])
    ]
    first, last = found["sg_first"], found["sg_last"]
    numbered = {term.column.metric.id: (number, term) for number, term in enumerate(terms)}
    return Census(
        rows=int(found[_ROWS] or 0),
        span=None if first is None else (to_day(first), to_day(last)),
        faults=true,
        bad=any_of([each.holds for each in true]) if true else None,
        values={
            name: _clean(term, (each.holds for each in true if each.term is term))
            for name, (_, term) in numbered.items()
        },
        bounds={name: _bound(found, *each) for name, each in numbered.items()},
        control={name: _control(found, *each) for name, each in numbered.items()},
    )


def _possible_faults(
    on: str, terms: Sequence[AmountTerm], absent: Sequence[nw.Expr]
) -> Iterator[Fault]:
    found = [Fault("rows-no-date", on, nw.col(on).is_null())]
    for term in terms:
        for code, holds in term.faults.items():
            found.append(Fault(code, term.column.name, holds, term))
    yield from found
    nothing = absent[0]
    for each in absent[1:]:
        nothing &= each
    faulty = any_of([each.holds for each in found])
    # The first column stands for all of them.
    column = terms[0].column.name if terms else on
    yield Fault("rows-no-amount", column, nothing & ~faulty)


def _extent(number: int, term: AmountTerm) -> Iterator[nw.Expr]:
    """The ends of an amount, and its total."""
    yield term.value.min().alias(f"sg_min_{number}")
    yield term.value.max().alias(f"sg_max_{number}")
    clean = _clean(term, term.faults.values())
    for half, value in enumerate(halves(clean) if term.whole else [clean]):
        yield value.sum().alias(f"sg_total_{number}_{half}")


def _clean(term: AmountTerm, faults: Iterable[nw.Expr]) -> nw.Expr:
    """The amounts that are without fault; 0 where they are not."""
    found = list(faults)
    if not found:
        return term.value
    return nw.when(any_of(found)).then(nw.lit(0)).otherwise(term.value)


def _bound(found: Mapping[str, Any], number: int, term: AmountTerm) -> int:
    ends = [found[f"sg_{end}_{number}"] or 0 for end in ("min", "max")]
    return min(max(abs(int(each)) + 1 for each in ends), term.most + 1)


def _control(found: Mapping[str, Any], number: int, term: AmountTerm) -> int:
    low, high = (found.get(f"sg_total_{number}_{half}") or 0 for half in range(2))
    units = (exact(low) + exact(high) * HALF) * term.times
    assert units.denominator == 1
    return int(units)
