"""Rows of a frame, or groups of them, before and after they have their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from salesgoal.frames.amount import Array

__all__ = ["Column", "Given", "Settled"]

Column = nw.Series[Any] | Sequence[Any]


@attrs.frozen(kw_only=True)
class Given:
    """Rows, or groups of rows, that look for their cells.

    Attributes:
        columns: Has the columns of members, or of goals.
        slots: The slot of each.
        bad: Where one is faulty, so far; None where none is.
        rows: How many rows each stands for; None for one each.
        counted: Whether their outcomes and faults are to be noted.
    """

    columns: nw.DataFrame[Any] | Mapping[str, Column]
    slots: Array
    bad: Array | None
    rows: Array | None
    counted: bool = True

    def many(self, where: Array) -> int:
        """Returns how many rows stand there."""
        return int(where.sum() if self.rows is None else self.rows[where].sum())


@attrs.frozen
class Settled:
    """Rows that have their cells.

    Attributes:
        rows: Which of the rows given; None for all.
        cells: The cell of each.
        counting: Where the cell is of days that count.
    """

    rows: Array | None
    cells: Array
    counting: Array

    def pick(self, column: Array) -> Array:
        """Returns a column of these rows."""
        return column if self.rows is None else column[self.rows]
