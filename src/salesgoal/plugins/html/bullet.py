"""Bullet bars: what is reached of a target, drawn inside a row."""

from __future__ import annotations

import attrs

from salesgoal.plugins.html.figures import FIGURES, figure_units
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import Kind, Line, Sheet

__all__ = ["Bullet", "BulletPlan", "plan_bullets"]

MARK = 75
"""Where the target stands on a bar of 100: it has room for a third more than the target."""


@attrs.frozen
class Bullet:
    """How far the bar reaches, and where the target and what is expected stand, of 100."""

    bar: int
    mark: int
    expected: int | None


@attrs.frozen(kw_only=True)
class BulletPlan:
    """Where the bullets of a sheet stand: the column that holds them, and those they draw."""

    chart: Chart
    host: int
    series: tuple[int, ...]

    def draw(self, sheet: Sheet, number: int) -> Bullet | None:
        """Returns a line's bullet; None where it has no target above zero, or no actual."""
        if number not in self.chart.lines:
            return None
        line = sheet.lines[number]
        actual, target, *more = (_units(sheet, line, at) for at in self.series)
        if actual is None or target is None or target <= 0:
            return None
        expected = more[0] if more else None
        return Bullet(
            _share(actual, target), MARK, None if expected is None else _share(expected, target)
        )


def plan_bullets(sheet: Sheet, columns: tuple[int, ...]) -> BulletPlan | None:
    """Returns where bullets stand; None where the sheet has none that the page can show.

    They stand in the first percentage after the names, else beside the first series. A series
    whose column people do not see is left out: every figure that is drawn stands in the row.
    """
    keys = {sheet.columns[at].key: at for at in columns}
    for chart in sheet.charts:
        drawn = tuple(keys[key] for key in chart.series if key in keys)
        if chart.kind is ChartKind.BULLETS and set(chart.series[:2]) <= keys.keys():
            rates = (at for at in columns if sheet.columns[at].kind is Kind.PERCENT)
            return BulletPlan(chart=chart, host=next(rates, drawn[0]), series=drawn[:3])
    return None


def _units(sheet: Sheet, line: Line, at: int) -> int | None:
    column = sheet.columns[at]
    found = figure_units(column, line, at) if column.kind in FIGURES else None
    return None if found is None else found[0]


def _share(units: int, target: int) -> int:
    return min(max((2 * MARK * units + target) // (2 * target), 0), 100)
