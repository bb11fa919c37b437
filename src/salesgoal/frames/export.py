"""A scorecard as a frame: the rows of `Scorecard.rows`, one column a figure, exact types.

Figures go from the columns of the scorecard into those of the frame; no row is made on the way.
Amounts are decimals in the unit of their metric (yuan), null where absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.errors import MissingExtra, UnknownName
from salesgoal.frames.export_figures import SCORED, Figures, Scales
from salesgoal.frames.tree_arrays import Nodes, TreeArrays, make_tree_arrays

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ENGINES", "export_batches", "to_frame"]

ENGINES = ("polars", "pandas", "pyarrow")

_BATCH = 1 << 20
"""About how many rows a batch has."""


def to_frame(
    card: Scorecard,
    engine: str = "polars",
    *,
    goal: str | None = None,
    level: Level | str | None = None,
    metric: str | None = None,
) -> Any:  # noqa: ANN401 - the frame of an engine that need not be there
    """Returns a scorecard as a frame of an engine; see `Scorecard.to_frame`.

    Raises:
        UnknownName: No such engine; or as `Scorecard.rows`.
        MissingExtra: Its package is not installed.
    """
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    pl = _polars()
    batches = export_batches(card, goal=goal, level=level, metric=metric)
    frame = pl.concat(batches, rechunk=False)
    if engine == "polars":
        return frame
    try:
        import pyarrow  # noqa: F401, ICN001 - only whether it is there
    except ImportError as error:
        raise MissingExtra("pyarrow", "engines") from error
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    if engine == "pyarrow":
        return table
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("pandas", "bench") from error
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def export_batches(
    card: Scorecard,
    *,
    goal: str | None = None,
    level: Level | str | None = None,
    metric: str | None = None,
    rows: int = _BATCH,
) -> Iterator[pl.DataFrame]:
    """Yields the rows of a scorecard as Polars frames, for writing more than memory holds.

    Args:
        card: Any breakdown.
        goal: The path of a goal: it and all below it.
        level: Only periods of this level.
        metric: Only this metric.
        rows: About how many rows a frame has; a goal's rows stay together.

    Raises:
        UnknownName: No such goal or metric, or a level that the plan does not show.
        MissingExtra: Polars is not installed.
    """
    _polars()
    metrics, periods = card.choose(level=level, metric=metric)
    work = _Batches(card, metrics, periods)
    order = work.arrays.reading_order(0 if goal is None else card.tree.node(goal))
    size = max(1, rows // max(1, len(metrics) * len(periods)))
    for start in range(0, len(order), size):
        yield work.frame(order[start : start + size])


def _polars() -> Any:  # noqa: ANN401 - a module
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("polars", "fast") from error
    return pl


@attrs.define
class _Batches:
    card: Scorecard
    metrics: Sequence[Metric]
    periods: Sequence[Period]
    arrays: TreeArrays = attrs.field(init=False)
    _goals: dict[str, Any] = attrs.field(factory=dict, init=False)
    _scales: Scales = attrs.field(init=False)
    _figures: list[Figures] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.arrays = make_tree_arrays(self.card.tree)
        self._scales = Scales(
            amount=max(map(_decimals, self.metrics), default=0),
            expected=max((each.decimals + 4 for each in self.metrics), default=4),
        )
        self._figures = [
            Figures(self.card, metric, period)
            for metric in self.metrics
            for period in self.periods
        ]
        self._goals = self._describe()

    def frame(self, nodes: Nodes) -> pl.DataFrame:
        """The rows of some goals."""
        import polars as pl

        several = len(self._figures)
        found = {
            name: column.gather(np.repeat(nodes, several))
            for name, column in self._goals.items()
        }
        turn = np.tile(np.arange(several), len(nodes))
        found |= {name: column.gather(turn) for name, column in self._headings().items()}
        # Figures come metric by metric; the rows of a goal stand together.
        turned = np.arange(len(nodes) * several).reshape(several, len(nodes)).T.ravel()
        parts = [each.series(nodes, self._scales) for each in self._figures]
        for name in SCORED:
            found[name] = pl.concat([part[name] for part in parts]).gather(turned)
        return pl.DataFrame(found)

    def _describe(self) -> dict[str, pl.Series]:
        """What is said of each goal, whatever the metric and period."""
        import polars as pl

        tree, codes = self.card.tree, self.arrays.scope
        found = {"goal": pl.Series(list(tree.path), dtype=pl.String)}
        for at, dimension in enumerate(self.card.plan.dimensions):
            names = pl.Series(
                [*(each.name for each in dimension.members), None], dtype=pl.String
            )
            place = np.where(codes[:, at] < 0, len(dimension.members), codes[:, at])
            found[dimension.id] = names.gather(place)
        found["depth"] = pl.Series(self.arrays.depths)
        found["leaf"] = pl.Series(~self.arrays.has_children)
        return found

    def _headings(self) -> dict[str, pl.Series]:
        """What is said of each metric and period, whatever the goal."""
        import polars as pl

        periods = [each.period for each in self._figures]
        return {
            "metric": pl.Series([each.metric.id for each in self._figures]),
            "period": pl.Series([each.label for each in periods]),
            "level": pl.Series([str(each.level) for each in periods]),
            "start": pl.Series([each.start for each in periods]),
            "last": pl.Series([each.last for each in periods]),
        }


def _decimals(metric: Metric) -> int:
    """How many decimals a metric's amounts need: ratios and averages four beyond their own."""
    fractional = isinstance(metric.aggregation, Ratio)
    fractional |= metric.aggregation is Aggregation.AVERAGE
    return metric.decimals + (4 if fractional else 0)
