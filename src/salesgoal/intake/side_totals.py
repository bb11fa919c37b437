"""Columns of totals beside the columns that they sum: never read as amounts, always checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import attrs

from salesgoal.domain.number import amount_text
from salesgoal.domain.problem import Problem, problem
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.cell_text import CellRefused, is_filled
from salesgoal.intake.total_label import total_kind
from salesgoal.intake.units import split_unit
from salesgoal.intake.wide import Wide
from salesgoal.ports.importer import Page, RawRow

__all__ = ["SideTotal", "check_side_totals", "find_side_totals"]


@attrs.frozen
class SideTotal:
    """One column of totals.

    Attributes:
        label: Its header.
        column: How its cells are read.
        sums: The columns that it may sum: all to its left, or those since the last total.
    """

    label: str
    column: AmountColumn
    sums: tuple[tuple[AmountColumn, ...], ...]


def find_side_totals(wide: Wide, amounts: Sequence[AmountColumn]) -> list[SideTotal]:
    """Returns the columns of totals of a wide table: 合计, 小计, 上半年合计, 合计 实际.

    Where a header does not say of which value it is the total, and there are several, nothing
    is known of the column and it is left out unchecked.
    """
    known = {each.at: each for each in amounts if each.metric.is_additive}
    found: list[SideTotal] = []
    for value in wide.values:
        parts = [known[at] for at in _positions(wide, value) if at in known]
        if not parts:
            continue
        totals = [at for at in wide.fixed if _is_total(wide, at, value)]
        for before, at in pairwise([-1, *totals]):
            left = tuple(each for each in parts if each.at < at)
            since = tuple(each for each in left if each.at > before)
            label = wide.header[at]
            column = attrs.evolve(parts[0], at=at)
            found.append(SideTotal(label, column, (since, left, tuple(parts))))
    return found


def check_side_totals(
    pages: Iterator[Page], totals: Sequence[SideTotal], problems: list[Problem]
) -> Iterator[Page]:
    """Yields the pages as they are, and keeps a ``row-total`` for every total that is wrong.

    A blank total states nothing, and in a row with a cell that is no amount nothing adds up.
    """
    for page in pages:
        for row in page.rows if totals else ():
            problems += filter(None, (_fault(row, each) for each in totals))
        yield page


def _positions(wide: Wide, value: str) -> Mapping[int, None]:
    return {places[value]: None for places in wide.at.values() if value in places}


def _is_total(wide: Wide, at: int, value: str) -> bool:
    name, unit = split_unit(wide.header[at])
    if unit:
        return False
    if len(wide.values) == 1 and total_kind(name):
        return True
    rest = name.removesuffix(value) if name.endswith(value) else name.removeprefix(value)
    return rest != name and total_kind(rest.strip()) is not None


def _fault(row: RawRow, total: SideTotal) -> Problem | None:
    values = row.values
    widest = max(total.column.at, *(each.at for sums in total.sums for each in sums))
    if widest >= len(values) or not is_filled(values[total.column.at]):
        return None
    try:
        stated = total.column.units(values[total.column.at])
        sums = [
            sum(int(each.units(values[each.at]) or 0) for each in columns)
            for columns in total.sums
            if columns
        ]
    except CellRefused:
        return None
    if stated is None or stated in sums:
        return None
    decimals = total.column.metric.decimals
    return problem(
        "row-total",
        row.where,
        column=total.label,
        value=values[total.column.at],
        label=total.label,
        stated=amount_text(int(stated), decimals),
        computed=amount_text(sums[0], decimals),
    )
