"""Booked files: the sources of a plan in cells, one file at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from salesgoal.app.column_reading import FileReading, read_by_columns
from salesgoal.app.plan_parts import Source
from salesgoal.app.source_rows import SourceRows, open_rows
from salesgoal.app.sources import FileSource
from salesgoal.domain.cells import Cells
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.timeline import Coverage
from salesgoal.intake.booking import Booking
from salesgoal.ports.plugins import Plugins

__all__ = ["BookedFile", "book_file", "book_sources", "cut_totals", "find_coverage"]


@attrs.frozen(kw_only=True)
class BookedFile:
    """What one file gave.

    Attributes:
        rows: How it was read, and what was left out.
        booking: What went into the cells.
        reading: Which way it was read; None for a small file, or one of another kind.
    """

    rows: SourceRows
    booking: Booking
    reading: FileReading | None = None

    @property
    def counts(self) -> RowCounts:
        """The rows read, by outcome."""
        return self.booking.counts + self.rows.ignored

    @property
    def problems(self) -> list[Problem]:
        """Every fault of the file."""
        cut = cut_totals(self.booking.cut, self.rows.left_out.place)
        return [*self.booking.problems, *self.rows.left_out.problems, *cut]


def book_sources(
    plan: Plan, sources: Iterable[Source], plugins: Plugins, cells: Cells
) -> list[BookedFile]:
    """Books every file of the sources into the cells, whatever their timeline is.

    Raises:
        SourceRefused, PlanRefused: As `book_file`.
    """
    return [
        book_file(plan, cells, source, file, plugins)
        for source in sources
        for file in source.files
    ]


def book_file(
    plan: Plan, cells: Cells, source: Source, file: FileSource, plugins: Plugins
) -> BookedFile:
    """Books every row of a file; its header decides the columns that the plan left open.

    A large plain file is booked by whole columns, which changes nothing but the time it takes.

    Raises:
        SourceRefused: The file cannot be read at all, or has no header.
        PlanRefused: The options of its importer are wrong.
    """
    booking: Booking | None = None
    rows = open_rows(
        plan, source, file, plugins, lambda: booking.control if booking is not None else {}
    )
    booking = Booking(plan, cells, rows.map, rows.columns)
    reading = read_by_columns(booking, rows, file, plugins)
    if reading is None or reading.why is not None:
        for page in rows.pages:
            booking.take(page)
    return BookedFile(rows=rows, booking=booking, reading=reading)


def cut_totals(cut: Mapping[Period, int], where: Place) -> list[Problem]:
    """Returns what is said of totals that do not count, as their period is not over.

    Args:
        cut: Period -> rows that give its total.
        where: Where they stand.
    """
    if not cut:
        return []
    first = min(cut, key=lambda period: period.days)
    rows, last = sum(cut.values()), first.last.isoformat()
    return [problem("period-not-over", where, count=rows, period=first.label, last=last)]


def find_coverage(files: Sequence[BookedFile]) -> Coverage:
    """Returns the days that the files of each metric speak of."""
    coverage: dict[str, list[tuple[date, date]]] = {}
    for file in files:
        for metric in (*file.rows.map.metrics, *file.rows.map.values):
            coverage.setdefault(metric, []).extend(file.booking.coverage)
    return coverage
