"""The figures of one metric and period as series, by the rules of `ScoreRow`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import attrs
import numpy as np

from salesgoal.domain.attainment import Status
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.score_column import ORIGINAL, ScoreColumn
from salesgoal.domain.scorecard import Scorecard
from salesgoal.frames.array_column import ArrayColumn, nothing
from salesgoal.frames.attainment_columns import attain, fall_short
from salesgoal.frames.column_math import round_to_places, take
from salesgoal.frames.export_progress import PACES, ProgressColumns
from salesgoal.frames.tree_arrays import Nodes

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SCORED", "Figures", "Scales"]

SCORED = (
    "target",
    "floor",
    "stretch",
    "original",
    "commit",
    "actual",
    "attainment",
    "status",
    "gap",
    "mismatch",
    "unassigned",
    "expected",
    "pace",
    "projected",
    "required",
)
"""The columns of figures, in their order."""

ATTAINMENT_PLACES = 6
_STATUS = tuple(map(str, Status))


@attrs.frozen
class Scales:
    """How many decimals the columns of a frame keep."""

    amount: int
    expected: int


@attrs.define
class Figures:
    """One metric and period of a scorecard.

    Attributes:
        card: The scorecard.
        metric: One of its metrics.
        period: One of its periods.
    """

    card: Scorecard
    metric: Metric
    period: Period
    _column: ScoreColumn = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up the column."""
        self._column = self.card.columns[self.metric.id, self.period]

    def series(self, nodes: Nodes, scales: Scales) -> dict[str, pl.Series]:
        """Returns the figures of some goals, by the names of `SCORED`."""
        column = self._column
        of = partial(take, nodes=nodes)
        started = self.period.start <= self.card.as_of
        counted = started and column.reported
        target, absent = of(column.targets["target"]), nothing(len(nodes))
        actual = of(column.actual) if counted else absent
        scaled = {
            **{name: of(column.targets[name]) for name in ("floor", "stretch", "commit")},
            "target": target,
            "original": of(column.targets[ORIGINAL]) if ORIGINAL in column.targets else target,
            "actual": actual,
            "gap": fall_short(self.metric, target, actual),
            "mismatch": absent if column.mismatch is None else of(column.mismatch),
            "unassigned": of(column.unassigned)
            if column.unassigned is not None and counted
            else absent,
        }
        decimals = self.metric.decimals
        found = {name: _series(each, decimals, scales.amount) for name, each in scaled.items()}
        progress = self._progress(of(column.expected), target, actual)
        for name, each in (
            ("expected", progress.expected),
            ("projected", progress.projected()),
            ("required", progress.required()),
        ):
            found[name] = _series(each, decimals, scales.expected)
        found["pace"] = _words(PACES, progress.pace())
        ratio, status = self._judge(target, actual, started=started)
        found["attainment"] = _series(ratio, 0, ATTAINMENT_PLACES)
        found["status"] = _words(_STATUS, status)
        return found

    def _progress(
        self, expected: ArrayColumn, target: ArrayColumn, actual: ArrayColumn
    ) -> ProgressColumns:
        return ProgressColumns(
            metric=self.metric,
            parts=self.card.plan.parts_of(self.metric),
            settings=self.card.plan.pace,
            days=self._column.days,
            target=target,
            expected=expected,
            actual=actual,
        )

    def _judge(
        self, target: ArrayColumn, actual: ArrayColumn, *, started: bool
    ) -> tuple[ArrayColumn, Nodes]:
        """The attainment, and which status; by the table of `domain.attainment`."""
        short = fall_short(self.metric, target, actual)
        status = np.where(short.units <= 0, _at(Status.MET), _at(Status.UNMET))
        status[~actual.present] = _at(Status.NO_DATA)
        status[~target.present] = _at(Status.NO_TARGET)
        if not started:
            status[:] = _at(Status.NOT_STARTED)
            return nothing(len(status)), status
        return attain(self.metric, target, actual), status


def _at(status: Status) -> int:
    return _STATUS.index(str(status))


def _series(column: ArrayColumn, decimals: int, places: int) -> pl.Series:
    """Decimals of so many places, half away from zero where a fraction needs more."""
    import polars as pl

    dtype = pl.Decimal(38, places)
    if column.is_empty:
        return pl.Series([None], dtype=dtype).new_from_index(0, len(column))
    units, shift = column.units, decimals
    if column.parts is not None:
        units, shift = round_to_places(column, places - decimals), places
    known = column.known
    if units.dtype == object:
        # Beyond 64 bits there is no way around an object a value.
        flags = column.present.tolist()
        values = [
            Decimal(f"{each}e-{shift}") if here else None
            for each, here in zip(units.tolist(), flags, strict=True)
        ]
        return pl.Series(values, dtype=dtype)
    found: pl.Series = pl.Series(np.ascontiguousarray(units)).cast(dtype) / 10**shift
    found = found.cast(dtype)
    if known is not None:
        absent = pl.Series([None], dtype=dtype)
        found = found.zip_with(pl.Series(np.ascontiguousarray(known)), absent)
    return found


def _words(words: Sequence[str | None], at: Nodes) -> pl.Series:
    import polars as pl

    return pl.Series(words, dtype=pl.String).gather(at)
