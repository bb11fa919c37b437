"""Which column of a frame is what, and by how much its amounts are multiplied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.unit import UNITS
from salesgoal.errors import SourceRefused, UnknownName

__all__ = ["GOAL", "ON", "AmountColumn", "ColumnMap", "find_times", "map_columns"]

ON, GOAL = "on", "goal"
_DAYS = (ON, "date", "日期")
_SCALES = {each for each in UNITS if each and not each.endswith(("元", "分"))}
"""Units that say how many, not what: they may be of anything, 元 only of money."""


@attrs.frozen(kw_only=True)
class AmountColumn:
    """A column of amounts.

    Attributes:
        metric: What it holds.
        name: Its header.
        times: How many units one of its whole numbers is: 100 for yuan that keep fen.
    """

    metric: Metric
    name: str
    times: Fraction

    @property
    def is_key(self) -> bool:
        """Whether it holds keys that are counted, not amounts."""
        return self.metric.aggregation is Aggregation.DISTINCT


@attrs.frozen(kw_only=True)
class ColumnMap:
    """Which column is what.

    Attributes:
        on: The day.
        members: Position of a dimension -> the column of its members.
        amounts: The columns of amounts and keys.
        goal: The column of goals by number, instead of members; None without one.
    """

    on: str
    members: Mapping[int, str]
    amounts: Sequence[AmountColumn]
    goal: str | None

    @property
    def used(self) -> list[str]:
        """Every column that is read, once."""
        goal = [] if self.goal is None else [self.goal]
        columns = [
            self.on,
            *goal,
            *self.members.values(),
            *(each.name for each in self.amounts),
        ]
        return list(dict.fromkeys(columns))


def map_columns(
    plan: Plan,
    found: Sequence[str],
    asked: Mapping[str, str],
    unit: str | Mapping[str, str],
    where: Place,
) -> ColumnMap:
    """Returns which column of a frame is what.

    What ``asked`` leaves out is found by the plan's ids and names; dimensions and metrics
    without a column are left open.

    Args:
        plan: Whose dimensions and metrics.
        found: The frame's columns.
        asked: ``on``, ``goal``, or the id of a dimension or metric -> column.
        unit: What amounts are written in; by metric id, or one for all that are money.
        where: What problems are said to lie in.

    Raises:
        UnknownName: ``asked`` or ``unit`` names what the plan lacks, or there is no such unit.
        SourceRefused: A column is not there, or none holds days or amounts.
    """
    metrics = {
        each.id: each for each in plan.metrics if not isinstance(each.aggregation, Ratio)
    }
    roles = [ON, GOAL, *(each.id for each in plan.dimensions), *metrics]
    _check_names("column role", asked, roles)
    if not isinstance(unit, str):
        _check_names("metric", unit, list(metrics))
    goal = asked.get(GOAL)
    members = {
        position: column
        for position, each in enumerate(plan.dimensions)
        if goal is None and (column := _column(asked, found, each.id, each.name))
    }
    columns = {
        name: column
        for name, metric in metrics.items()
        if (column := _column(asked, found, name, metric.name))
    }
    on = asked.get(ON) or next((each for each in _DAYS if each in found), ON)
    used = [on, *([goal] if goal else []), *members.values(), *columns.values()]
    used += [] if columns else list(metrics)[:1]
    missing = [each for each in dict.fromkeys(used) if each not in found]
    if missing:
        header = ", ".join(map(str, found)) or "-"
        raise SourceRefused(
            [problem("missing-column", where, column=each, found=header) for each in missing]
        )
    amounts = tuple(
        AmountColumn(metric=metrics[name], name=column, times=find_times(metrics[name], unit))
        for name, column in columns.items()
    )
    return ColumnMap(on=on, members=members, amounts=amounts, goal=goal)


def _column(
    asked: Mapping[str, str], found: Sequence[str], ident: str, name: str
) -> str | None:
    return asked.get(ident) or next((each for each in (ident, name) if each in found), None)


def _check_names(kind: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownName(kind, name, nearest_names(name, known) or known)


def find_times(metric: Metric, unit: str | Mapping[str, str]) -> Fraction:
    """Returns units of a metric in one of the column's: 1,000,000 for 万元 that keep fen.

    Raises:
        UnknownName: There is no such unit.
    """
    whole = Fraction(10**metric.decimals)
    word = unit if isinstance(unit, str) else unit.get(metric.id, "")
    if word not in UNITS:
        raise UnknownName("unit", word, [each for each in UNITS if each])
    if not word or (metric.unit not in UNITS and word not in _SCALES):
        return whole
    return whole * UNITS[word] / UNITS.get(metric.unit, Fraction(1))
