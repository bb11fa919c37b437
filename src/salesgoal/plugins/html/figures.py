"""Figures as whole numbers of their smallest unit, and what is known of them from others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from salesgoal.domain.number import round_units
from salesgoal.sheets.sheet import (
    RATE_DECIMALS,
    Add,
    Column,
    Formula,
    Kind,
    Less,
    Line,
    Percent,
)

__all__ = [
    "FIGURES",
    "Figure",
    "Sums",
    "comes_to",
    "figure_units",
    "operands",
    "ordinals",
    "tree_sums",
]

FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}

Figure = tuple[int, int]
"""A figure in units, and its decimals."""

_PERCENT_DECIMALS = 2
_FAR = 16


def figure_units(column: Column, line: Line, at: int) -> Figure | None:
    """Returns a figure in units, with its decimals; None where the cell holds no number."""
    value = line.cells[at].value
    if not isinstance(value, int | Fraction):
        return None
    if column.kind is Kind.PERCENT:
        return round_units(Fraction(value) * 10_000), _PERCENT_DECIMALS
    decimals = column.decimals if line.decimals is None else line.decimals
    if column.kind is Kind.RATE and decimals < RATE_DECIMALS:
        value, decimals = value * 10 ** (RATE_DECIMALS - decimals), RATE_DECIMALS
    return value if isinstance(value, int) else round_units(value), decimals


def operands(formula: Formula) -> tuple[str, ...]:
    """Returns the keys of the columns that a formula speaks of; none of a total."""
    match formula:
        case Add(keys):
            return keys
        case Less(key, minus):
            return (key, minus)
        case Percent(over, under):
            return (over, under)
    return ()


def comes_to(formula: Formula, values: Sequence[Figure | None], figure: Figure) -> bool:
    """Returns whether a formula gives exactly a figure; blank is nothing, as in workbooks.

    Args:
        formula: What is calculated.
        values: The figures of its operands, in order.
        figure: What the cell holds.
    """
    units, decimals = figure
    places = {each[1] for each in values if each is not None}
    amounts = [0 if each is None else each[0] for each in values]
    match formula:
        case Add():
            return places <= {decimals} and sum(amounts) == units
        case Less():
            return places <= {decimals} and amounts[0] - amounts[1] == units
        case Percent():
            over, under = amounts
            whole = decimals == _PERCENT_DECIMALS and len(places) == 1
            return whole and under > 0 <= over and _percent(over, under) == units
    return False


class Sums:
    """Finds the figures of a column that are sums of others close below them."""

    def __init__(self, figures: Sequence[Figure | None]) -> None:
        """Takes the figures of a column, from the first line on."""
        self._places = [None if figure is None else figure[1] for figure in figures]
        units = (0 if figure is None else figure[0] for figure in figures)
        self._sums = list(accumulate(units, initial=0))
        self._stops: dict[int, list[int]] = {}
        for at, total in enumerate(self._sums):
            self._stops.setdefault(total, []).append(at)

    def below(self, number: int, figure: Figure) -> str | None:
        """Returns where the figures stand that add up to this one; None where none do."""
        for start in range(number + 1, min(number + _FAR, len(self._sums))):
            stops = self._stops.get(self._sums[start] + figure[0], ())
            after = bisect_left(stops, start + 2)
            count = stops[after] - start if after < len(stops) else _FAR + 1
            places = {*self._places[start : start + count], None}
            if count <= _FAR and places == {figure[1], None}:
                return f"+{start - number},{count}"
        return None


def ordinals(depths: Sequence[int], names: Sequence[object]) -> list[int]:
    """Returns for every line which one of its goal it is: goals are runs of depth and name.

    >>> ordinals([0, 0, 1, 1], ["a", "a", "b", "b"])
    [0, 1, 0, 1]
    """
    found: list[int] = []
    before: tuple[int, object] | None = None
    for each in zip(depths, names, strict=True):
        found.append(found[-1] + 1 if each == before else 0)
        before = each
    return found


def tree_sums(
    figures: Sequence[Figure | None], depths: Sequence[int], at: Sequence[int]
) -> list[Figure | None]:
    """Returns for every line what the same lines of the goals right below it add up to.

    None where there are none below, or they have different decimals.

    Args:
        figures: A column, from the first line on.
        depths: How deep the lines stand.
        at: Their `ordinals`.
    """
    below: dict[int, dict[int, list[Figure]]] = {}
    found: list[Figure | None] = [None] * len(figures)
    for line in reversed(range(len(figures))):
        depth, place, figure = depths[line], at[line], figures[line]
        parts = below.get(depth + 1, {}).get(place, [])
        if len({decimals for _, decimals in parts}) == 1:
            found[line] = (sum(units for units, _ in parts), parts[0][1])
        if figure is not None:
            below.setdefault(depth, {}).setdefault(place, []).append(figure)
        if not place:
            below.pop(depth + 1, None)
    return found


def _percent(over: int, under: int) -> int:
    """In hundredths of a percent, half up."""
    return (20_000 * over + under) // (2 * under)
