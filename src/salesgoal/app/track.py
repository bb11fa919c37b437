"""Tracking: a loaded plan held against its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.sources import FileSource, open_pages
from salesgoal.domain.cells import Cells
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import Reconciliation, RowCounts, reconcile
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import Coverage
from salesgoal.errors import SourceRefused
from salesgoal.intake.booking import Booking
from salesgoal.intake.columns import map_source
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.plugins import Plugins

__all__ = ["Tracking", "find_coverage", "read_sources", "track"]


@attrs.frozen(kw_only=True)
class Tracking:
    """A plan held against its sources on a day.

    Attributes:
        loaded: The plan and where its facts come from.
        as_of: The last day that counts.
        scorecards: One a breakdown, all of the same root.
        reconciliation: Metric id -> what was read against what counts.
        rows: The rows read, by outcome.
        problems: Every fault of the sources; faulty rows do not count.
    """

    loaded: LoadedPlan
    as_of: date
    scorecards: tuple[Scorecard, ...]
    reconciliation: Mapping[str, Reconciliation]
    rows: RowCounts
    problems: tuple[Problem, ...]


def track(loaded: LoadedPlan, *, as_of: date) -> Tracking:
    """Returns the plan's scorecards for the facts of its sources.

    A faulty row is rejected with its problems, the others count. A file that cannot be read at
    all stops the run: a report without a whole file would be wrong without looking wrong.

    Args:
        loaded: From `load_plan`.
        as_of: The last day that counts; later facts are outside.

    Raises:
        SourceRefused: A file is missing, unreadable, or lacks a column.
        PlanRefused: The options of an importer are wrong.
    """
    cells = empty_cells(loaded.plan, as_of)
    readings = read_sources(loaded, cells)
    control: dict[str, int] = {}
    rows = RowCounts()
    for reading in readings:
        rows += reading.counts
        for metric, units in reading.control.items():
            control[metric] = control.get(metric, 0) + units
    cards = score(loaded.plan, cells, find_coverage(readings), as_of)
    return Tracking(
        loaded=loaded,
        as_of=as_of,
        scorecards=cards,
        reconciliation=reconcile(cards[0], control),
        rows=rows,
        problems=tuple(each for reading in readings for each in reading.problems),
    )


def read_sources(loaded: LoadedPlan, cells: Cells) -> list[Booking]:
    """Books every file of the plan's sources into the cells, whatever their timeline is.

    Raises:
        SourceRefused, PlanRefused: As `track`.
    """
    return [
        _read(loaded.plan, cells, source.map, source.columns, file, loaded.plugins)
        for source in loaded.sources
        for file in source.files
    ]


def find_coverage(readings: Sequence[Booking]) -> Coverage:
    """Returns the days that the sources of each metric speak of."""
    coverage: dict[str, list[tuple[date, date]]] = {}
    for reading in readings:
        for metric in (*reading.source.metrics, *reading.source.values):
            coverage.setdefault(metric, []).extend(reading.coverage)
    return coverage


def _read(
    plan: Plan,
    cells: Cells,
    source: SourceMap,
    columns: Mapping[str, str],
    file: FileSource,
    plugins: Plugins,
) -> Booking:
    """Books every page of a file; its header decides the columns that the plan left open."""
    booking = None
    place = Place(file.path.name)
    for page in open_pages(file, plugins):
        if booking is None:
            where = attrs.evolve(page.rows[0].where, row=None) if page.rows else place
            mapped = map_source(source, plan, columns, page.columns, where)
            booking = Booking(plan, cells, mapped, page.columns)
        booking.take(page)
    if booking is None:
        raise SourceRefused([problem("no-rows", place)])
    return booking
