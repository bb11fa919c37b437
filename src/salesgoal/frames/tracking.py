"""A plan held against a frame: the facts stay where they are, their sums come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import attrs
import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from salesgoal.domain.cells import Cells
from salesgoal.domain.condense import fact_metrics
from salesgoal.domain.membership import View
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem
from salesgoal.domain.reconciliation import Reconciliation, RowCounts, reconcile
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import make_timeline
from salesgoal.errors import UsageError
from salesgoal.frames.amount import refuse_type
from salesgoal.frames.booking import Booking
from salesgoal.frames.column_map import ColumnMap, map_columns
from salesgoal.frames.kernel import ArrayKernel
from salesgoal.frames.query import book_query
from salesgoal.frames.seating import seat_timeline

__all__ = ["FrameTracking", "goal_codes", "track"]

SLICE = 1 << 20
"""How many rows of a frame in memory are looked at together."""


@attrs.frozen(kw_only=True)
class FrameTracking:
    """A plan held against a frame on a day.

    Attributes:
        plan: What was to be reached.
        as_of: The last day that counts.
        view: Where people who moved are shown.
        scorecards: One a breakdown, all of the same root.
        reconciliation: Metric id -> what was read against what counts, in smallest units.
        rows: The rows read, by outcome.
        problems: Every fault of the rows, counted; faulty rows do not count.
    """

    plan: Plan
    as_of: date
    view: View
    scorecards: tuple[Scorecard, ...]
    reconciliation: Mapping[str, Reconciliation]
    rows: RowCounts
    problems: tuple[Problem, ...]


def track(
    plan: Plan,
    frame: Any,  # noqa: ANN401 - of any engine
    *,
    as_of: date,
    columns: Mapping[str, str] = MappingProxyType({}),
    unit: str | Mapping[str, str] = "",
    view: View = View.AS_WAS,
    coverage: tuple[date, date] | None = None,
    source: str = "frame",
) -> FrameTracking:
    """Returns the plan's scorecards for the facts of a frame, as `hold_against` would.

    The frame is one of pandas, Polars (eager or lazy), pyarrow (a table or a data set), DuckDB,
    Ibis, Dask or PySpark. Frames in memory are condensed where they lie; any other engine is
    asked for sums, and no fact leaves it.

    Args:
        plan: What was to be reached.
        frame: A row a fact.
        as_of: The last day that counts; later facts are outside.
        columns: ``on`` for the day, or the id of a dimension or metric -> column. What is left
            out is found by the plan's ids and names; the day also as ``date`` or ``日期``.
            ``goal`` names a column with numbers from `goal_codes`, instead of members.
        unit: What amounts are written in, such as ``万元`` or ``分``; one for all metrics that
            are money, or by metric id. By default that of the metric.
        view: Where those who moved are shown.
        coverage: First and last day that the frame speaks of; those read where it is None.
        source: What the frame is called in problems.

    Raises:
        UnknownName: ``columns`` or ``unit`` names what the plan lacks.
        SourceRefused: A column is missing or of a type that does not do, or the rows changed
            while they were read.
        UsageError: It is no frame, or goals are given by number where members are overlays.
        PlanRefused: As `score`.

    Cost: one pass over the facts for the metrics that add, and one for each other metric; the
    keys of a `DISTINCT` metric come back once a member combination and atom.

    >>> from datetime import date
    >>> import polars
    >>> from salesgoal import Dimension, Metric, Target, make_plan
    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", name="销售额", unit="元", decimals=2)],
    ...     dimensions=[Dimension("region", ["华东", "华南"], name="区域")],
    ...     targets=[Target(metric="sales", period="2023-10", target=200_000)])
    >>> frame = polars.DataFrame({"日期": [date(2023, 10, 6), date(2023, 10, 9)],
    ...     "区域": ["华东", "华南"], "销售额": [12, 3]})
    >>> found = track(plan, frame, as_of=date(2023, 10, 31), unit="万元")
    >>> found.scorecards[0].row(metric="sales", period="2023-10").ratio
    Fraction(3, 4)
    """
    slices, lazy, schema = _open(frame)
    names = list(schema)
    found = map_columns(plan, names, columns, unit, Place(source))
    _check_names(schema, found, source)
    booking = Booking(plan, found, _empty(plan, found, as_of), source)
    if lazy is not None:
        book_query(lazy, booking)
    else:
        for each in slices:
            booking.take(each.select(found.used))
    cells = booking.fill()
    spans = [coverage] if coverage else booking.span
    covered = {each.metric.id: spans for each in found.amounts}
    cards = score(plan, cells, covered, as_of, view, kernel=ArrayKernel())
    return FrameTracking(
        plan=cards[0].plan,
        as_of=as_of,
        view=view,
        scorecards=cards,
        reconciliation=reconcile(cards[0], booking.control),
        rows=booking.counts,
        problems=booking.findings.problems(),
    )


def goal_codes(plan: Plan) -> dict[str, int]:
    """Returns the path of every goal of the first breakdown -> its number in a ``goal`` column.

    A frame that carries them needs no names: its facts find their cells at once.

    >>> from salesgoal import Dimension, Metric, make_plan
    >>> from salesgoal.domain.goal_tree import Breakdown
    >>> plan = make_plan(name="10月", period="2023-10", metrics=[Metric(id="sales")],
    ...     dimensions=[Dimension("region", ["华东", "华南"])],
    ...     breakdowns=[Breakdown(["region"], every_member=True)])
    >>> goal_codes(plan)
    {'': 0, '华东': 1, '华南': 2}
    """
    return {path: number for number, path in enumerate(plan.trees[0].path)}


def _empty(plan: Plan, columns: ColumnMap, as_of: date) -> Cells:
    """Cells on the plan's timeline, cut where a member that the frame names moves."""
    timeline = make_timeline(plan.periods, as_of)
    timeline = seat_timeline(timeline, plan.dimensions, columns.members)
    return Cells(timeline, fact_metrics(plan), len(plan.dimensions))


def _open(
    frame: Any,  # noqa: ANN401 - of any engine
) -> tuple[Iterable[nw.DataFrame[Any]], nw.LazyFrame[Any] | None, Mapping[str, Any]]:
    """The slices of a frame in memory, or the lazy frame of another engine; and its types."""
    if hasattr(frame, "to_batches") and hasattr(frame, "scanner"):
        schema = nw.from_native(frame.schema.empty_table()).schema
        return _batches(frame), None, schema
    try:
        found = nw.from_native(frame)
        schema = found.collect_schema()
    except DuplicateError as error:
        message = f"a column stands twice - keep one: {error}"
        raise UsageError(message, f"有重复的列名 - 只保留一列：{error}") from error
    except TypeError as error:
        kind = type(frame).__name__
        message = f"{kind} is no frame - give one of pandas, Polars, pyarrow, DuckDB or Spark"
        zh = f"{kind} 不是数据框 - 请给出 pandas、Polars、pyarrow、DuckDB 或 Spark 的数据框"
        raise UsageError(message, zh) from error
    if isinstance(found, nw.LazyFrame):
        return (), found, schema
    return _slices(found), None, schema


def _check_names(schema: Mapping[str, Any], columns: ColumnMap, source: str) -> None:
    """Checks that columns of members and keys hold values, not lists or bytes."""
    keys = [each.name for each in columns.amounts if each.is_key]
    for name in [*columns.members.values(), *keys]:
        if schema[name].is_nested() or schema[name] == nw.Binary:
            raise refuse_type(source, name, schema[name], "names", "名称")


def _slices(frame: nw.DataFrame[Any]) -> Iterator[nw.DataFrame[Any]]:
    for first in range(0, len(frame), SLICE):
        yield frame[first : first + SLICE]


def _batches(dataset: Any) -> Iterator[nw.DataFrame[Any]]:  # noqa: ANN401 - a native data set
    """A data set batch by batch; each is gone before the next one comes."""
    import pyarrow as pa

    for batch in dataset.to_batches():
        yield nw.from_native(pa.Table.from_batches([batch]), eager_only=True)
