"""Column reading: a large plain file is booked by whole columns, any other row by row.

Both give the same cells, counts, problems and rejected rows. What cannot be proved plain,
cheaply and beforehand, goes row by row.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

import attrs

from salesgoal.app.source_rows import SourceRows
from salesgoal.app.sources import FileSource, find_importer, open_columns
from salesgoal.intake.booking import Booking
from salesgoal.ports.importer import Grid, NotPlain, WholeColumns
from salesgoal.ports.plugins import Plugins

__all__ = ["SWITCH", "FileReading", "read_by_columns"]

SWITCH = "SALESGOAL_FAST"
"""The environment variable: 0 reads every file row by row, 1 small ones by columns too."""

_SMALL = 2**20
"""A text below this size is read row by row sooner than Polars is loaded."""
_NEEDED = ("numpy", "polars")
_NO_EXTRA = NotPlain("未安装 salesgoal[fast]", "salesgoal[fast] is not installed")
_SPREAD = NotPlain("期间或成员在列上", "it has periods or members in columns")


@attrs.frozen(kw_only=True)
class FileReading:
    """Which way a file was read.

    Attributes:
        name: The file.
        together: How many rows were booked by whole columns.
        why: Why all went row by row; None where they did not.
    """

    name: str
    together: int = 0
    why: NotPlain | None = None


def read_by_columns(
    booking: Booking, rows: SourceRows, file: FileSource, plugins: Plugins
) -> FileReading | None:
    """Books a file by whole columns where that may be; None where it is not worth the question.

    Nothing is booked where the answer says why not.

    Args:
        booking: Of the file, with nothing booked yet.
        rows: Its rows, none of them read.
        file: The file.
        plugins: Whose importers may read it.

    Raises:
        SourceRefused: The file cannot be read at all.
    """
    importer = find_importer(file, plugins)
    switch = os.environ.get(SWITCH, "")
    if importer.columns is None or switch == "0":
        return None
    if switch != "1" and importer.grid is Grid.LINES and file.path.stat().st_size < _SMALL:
        return None
    name = file.path.name
    if not all(map(find_spec, _NEEDED)):
        return FileReading(name=name, why=_NO_EXTRA)
    if rows.first is None:
        return FileReading(name=name, why=_SPREAD)
    found = _book(booking, rows, open_columns(file, plugins))
    if isinstance(found, NotPlain):
        return FileReading(name=name, why=found)
    return FileReading(name=name, together=found)


def _book(booking: Booking, rows: SourceRows, whole: WholeColumns | NotPlain) -> int | NotPlain:
    from salesgoal.intake.column_booking import book_columns

    if isinstance(whole, NotPlain):
        return whole
    assert rows.first is not None
    if whole.frame.width != len(rows.columns):
        return _SPREAD
    below = attrs.evolve(
        whole, frame=whole.frame.slice(rows.first - whole.first), first=rows.first
    )
    found = book_columns(booking, below, rows.left_out, rows.place)
    if not isinstance(found, NotPlain):
        booking.problems[:0] = rows.warnings
    return found
