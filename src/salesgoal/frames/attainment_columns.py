"""Attainment in arrays, by the table of `domain.attainment`."""

from __future__ import annotations

import numpy as np

from salesgoal.domain.metric import Direction, Metric
from salesgoal.frames.array_column import ArrayColumn
from salesgoal.frames.column_math import divide, subtract

__all__ = ["attain", "fall_short"]


def fall_short(metric: Metric, target: ArrayColumn, actual: ArrayColumn) -> ArrayColumn:
    """Returns what each goal is short of its target; not above zero where it is met."""
    maximise = metric.direction is Direction.MAXIMISE
    return subtract(target, actual) if maximise else subtract(actual, target)


def attain(metric: Metric, target: ArrayColumn, actual: ArrayColumn) -> ArrayColumn:
    """Returns the ratios, 1 = the target; absent where there is nothing to divide by."""
    over, under = _parts(metric, target, actual)
    measurable = under.present & over.present & (under.units > 0).astype(bool)
    if metric.baseline is None:
        measurable &= (target.units > 0).astype(bool)
    return divide(over, under, measurable)


def _parts(
    metric: Metric, target: ArrayColumn, actual: ArrayColumn
) -> tuple[ArrayColumn, ArrayColumn]:
    """What is divided by what."""
    maximise = metric.direction is Direction.MAXIMISE
    if metric.baseline is None:
        return (actual, target) if maximise else (target, actual)
    start = ArrayColumn(np.broadcast_to(np.int64(metric.baseline), len(target)))
    if maximise:
        return subtract(actual, start), subtract(target, start)
    return subtract(start, actual), subtract(start, target)
