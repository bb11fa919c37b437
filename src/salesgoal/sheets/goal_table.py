"""Tables with one line a goal: columns that know where their figures come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from salesgoal.domain.attainment import judge
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import FLAGS, rate_formula
from salesgoal.sheets.sheet import (
    Add,
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Role,
    Sheet,
    Total,
    Value,
    Words,
)
from salesgoal.sheets.words import named

__all__ = ["Amount", "GoalTable", "Names", "Part", "Rate", "Said"]


@attrs.frozen
class Names:
    """One column a dimension, with the members of the goal.

    ``leaves`` gives a line to every lowest goal, otherwise to those right below the root.
    """

    leaves: bool


@attrs.frozen
class Amount:
    """The target or actual of a period; ``formula`` is what it means, where that is true."""

    key: str
    title: Words
    period: Period
    field: str
    formula: Add | None = None


@attrs.frozen
class Rate:
    """One amount over another; ``period`` is the table's own where it is None."""

    key: str
    title: Words
    over: str
    under: str
    period: Period | None = None


@attrs.frozen
class Said:
    """What people say about the goal in the table's period."""

    key: str
    title: Words
    say: Callable[[ScoreRow], Value]


Part = Names | Amount | Rate | Said
_Amounts = dict[str, Exact | None]
_ADDS = {Aggregation.SUM, Aggregation.LAST}
"""How metrics are made up of the goals below: what these leave over is then unassigned."""


@attrs.frozen
class GoalTable:
    """A table about one metric and period of a scorecard."""

    card: Scorecard
    metric: Metric
    period: Period
    parts: Sequence[Part]

    def sheet(self, name: str, title: Words) -> Sheet:
        """Returns the table: a line a goal, what they leave over, and the root as total.

        Raises:
            UnknownName: The plan does not show one of the periods.
        """
        goals = [goal for goal in self._goals() if self._has_figures(goal)]
        amounts = {goal: self._amounts(goal) for goal in goals}
        root = self._amounts("")
        rest = {key: _less(root[key], [each[key] for each in amounts.values()]) for key in root}
        lines = [self._line(goal, amounts[goal]) for goal in goals]
        adds = self.metric.aggregation in _ADDS
        if adds and any(rest.values()):
            lines.append(self._closing(rest, Role.REST, Words("未分配", "Unassigned")))
        total = Words("合计", "Total") if adds else Words("总目标", "Root")
        lines.append(self._closing(root, Role.TOTAL, total))
        label = Words(f"期间：{self.period.label}", f"Period: {self.period.label}")
        return Sheet(
            id=name, title=title, columns=self._columns(), lines=tuple(lines), notes=(label,)
        )

    def _goals(self) -> list[str]:
        tree, leaves = (
            self.card.tree,
            any(isinstance(p, Names) and p.leaves for p in self.parts),
        )
        if len(tree) == 1:
            return [tree.path[0]]
        chosen = (
            node
            for node in tree.reading_order()
            if node
            and not tree.beside[node]
            and (not tree.counted_children(node) if leaves else tree.parent[node] == 0)
        )
        return [tree.path[node] for node in chosen]

    def _has_figures(self, goal: str) -> bool:
        row = self._row(goal, self.period)
        return row.target is not None or bool(row.actual)

    def _row(self, goal: str, period: Period) -> ScoreRow:
        return self.card.row(goal, metric=self.metric.id, period=period)

    def _amounts(self, goal: str) -> _Amounts:
        return {
            part.key: getattr(self._row(goal, part.period), part.field)
            for part in self.parts
            if isinstance(part, Amount)
        }

    def _columns(self) -> tuple[Column, ...]:
        columns: list[Column] = []
        for part in self.parts:
            match part:
                case Names():
                    columns += [
                        Column(key=each.id, title=named(each.name, each.id))
                        for each in self._dimensions()
                    ]
                case Amount(key, title):
                    columns.append(self._amount_column(key, title))
                case Rate(key, title):
                    columns.append(Column(key=key, title=title, kind=Kind.PERCENT))
                case _:
                    columns.append(Column(key=part.key, title=part.title))
        return tuple(columns)

    def _amount_column(self, key: str, title: Words) -> Column:
        metric = self.metric
        return Column(
            key=key,
            title=title,
            kind=Kind.AMOUNT,
            decimals=metric.decimals,
            unit=metric.unit,
            is_scaled=scalable_unit(metric) == metric.unit,
        )

    def _dimensions(self) -> list[Dimension]:
        by = self.card.tree.breakdown.by
        return [each for name in by for each in self.card.plan.dimensions if each.id == name]

    def _line(self, goal: str, amounts: _Amounts) -> Line:
        row = self._row(goal, self.period)
        cells: list[Cell] = []
        for part in self.parts:
            match part:
                case Names():
                    cells += [Cell(row.scope.get(each.id)) for each in self._dimensions()]
                case Amount():
                    cells.append(Cell(amounts[part.key], formula=_true_formula(part, amounts)))
                case Rate():
                    cells.append(self._rate(part, amounts, row.period))
                case _:
                    cells.append(Cell(part.say(row)))
        return Line(tuple(cells))

    def _closing(self, amounts: _Amounts, role: Role, name: Words) -> Line:
        cells: list[Cell] = []
        for part in self.parts:
            match part:
                case Names():
                    named = [Cell(name), *[Cell()] * len(self._dimensions())]
                    cells += named[: len(self._dimensions())]
                case Amount() if role is Role.TOTAL:
                    cells.append(
                        Cell(amounts[part.key], formula=self._total(amounts[part.key]))
                    )
                case Amount():
                    cells.append(Cell(amounts[part.key], formula=_true_formula(part, amounts)))
                case Rate() if role is Role.TOTAL:
                    cells.append(self._rate(part, amounts, self.period))
                case _:
                    cells.append(Cell())
        return Line(tuple(cells), role)

    def _total(self, whole: Exact | None) -> Total | None:
        """The sum of the lines above, where the metric adds up and nothing is rounded."""
        adds = self.metric.aggregation in _ADDS and isinstance(whole, int)
        return Total() if adds else None

    def _rate(self, part: Rate, amounts: _Amounts, period: Period) -> Cell:
        target, actual = amounts[part.under], amounts[part.over]
        begun = (part.period or period).start <= self.card.as_of
        found = judge(self.metric, target, actual, started=begun)
        formula = None
        if found.ratio is not None:
            formula = rate_formula(
                self.metric, target, actual, over=part.over, under=part.under
            )
        return Cell(found.ratio, FLAGS.get(found.status, Flag.NONE), formula)


def _less(whole: Exact | None, parts: Sequence[Exact | None]) -> Exact | None:
    return None if whole is None else whole - sum(part for part in parts if part is not None)


def _true_formula(part: Amount, amounts: _Amounts) -> Add | None:
    """The formula of an amount, where it gives just this amount."""
    if part.formula is None or amounts[part.key] is None:
        return None
    parts = [amounts[key] or 0 for key in part.formula.columns]
    whole = all(isinstance(each, int) for each in parts)
    return part.formula if whole and sum(parts) == amounts[part.key] else None
