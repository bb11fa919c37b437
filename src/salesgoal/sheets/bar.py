"""Bars of text: how far an actual is to its target, with a mark for what is expected.

████████░░│░░   61 %, and 80 % is expected by now
██████████████▶ the target is met or more
"""

from __future__ import annotations

from fractions import Fraction

from salesgoal.domain.number import Exact
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import Kind, Line, Sheet

__all__ = ["BAR_CELLS", "bar_of", "find_bullets", "text_bar"]

BAR_CELLS = 12
"""How many signs a bar takes, and one for what goes beyond."""


def find_bullets(sheet: Sheet) -> Chart | None:
    """Returns the bullets of a sheet; None where it has none with an actual and a target."""
    for chart in sheet.charts:
        if chart.kind is ChartKind.BULLETS and len(chart.series) > 1:
            return chart
    return None


def bar_of(sheet: Sheet, bullets: Chart, number: int) -> str:
    """Returns the bar of a line; '' where it has no target above zero, or no actual."""
    if number not in bullets.lines:
        return ""
    line = sheet.lines[number]
    known = (_figure(sheet, line, key) for key in bullets.series)
    actual, target, *rest = known
    expected = rest[0] if rest else None
    if actual is None or target is None or target <= 0:
        return ""
    mark = None if expected is None or expected == target else Fraction(expected, target)
    return text_bar(Fraction(actual, target), mark)


def text_bar(ratio: Fraction, expected: Fraction | None = None) -> str:
    """Returns a bar as wide for every ratio.

    A cell is filled only where all of it is reached, so that no bar looks fuller than it is.

    >>> text_bar(Fraction(1, 4), Fraction(1, 2)), text_bar(Fraction(3, 2))
    ('███░░░│░░░░░ ', '████████████▶')
    """
    filled = min(max(_cells(ratio), 0), BAR_CELLS)
    signs = ["█"] * filled + ["░"] * (BAR_CELLS - filled)
    if expected is not None and 0 <= expected < 1:
        signs[_cells(expected)] = "│"
    return "".join(signs) + ("▶" if ratio > 1 else " ")


def _cells(ratio: Fraction) -> int:
    whole = ratio * BAR_CELLS
    return whole.numerator // whole.denominator


def _figure(sheet: Sheet, line: Line, key: str) -> Exact | None:
    at = sheet.position(key)
    value = line.cells[at].value
    amount = sheet.columns[at].kind in {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
    return value if amount and isinstance(value, int | Fraction) else None
