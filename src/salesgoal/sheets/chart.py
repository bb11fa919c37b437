"""Charts: drawings of columns that stand in a sheet. A chart holds no figures of its own."""

from __future__ import annotations

from enum import StrEnum

import attrs

from salesgoal.sheets.bilingual import Words

__all__ = ["Chart", "ChartKind"]


class ChartKind(StrEnum):
    """How a chart draws the lines of its sheet.

    ``COLUMNS`` and ``BARS`` draw a group of bars a line, upright or lying; ``CURVES`` a point a
    line. ``BULLETS`` stand in the lines themselves: the first series as a bar, the second as
    its mark, the third, where there is one, as what is expected by the day of the report.
    """

    COLUMNS = "columns"
    BARS = "bars"
    CURVES = "curves"
    BULLETS = "bullets"


@attrs.frozen(kw_only=True)
class Chart:
    """A drawing of some columns of a sheet, over some of its lines.

    Attributes:
        id: Unique in its sheet.
        title: What it shows.
        kind: How.
        labels: The key of the column that names the lines.
        series: The keys of the columns that are drawn; their headers name them.
        lines: Which lines of the sheet, by position.
    """

    id: str
    title: Words
    kind: ChartKind
    labels: str
    series: tuple[str, ...]
    lines: range
