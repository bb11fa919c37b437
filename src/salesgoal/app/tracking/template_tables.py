"""The tables of one tracking workbook: which goals stand on its lines, and what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import attrs

from salesgoal.app.tracking.figures import Figures
from salesgoal.domain.calendar import subdivide
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.scorecard import Scorecard
from salesgoal.errors import UsageError
from salesgoal.sheets.form import Form, Slot
from salesgoal.sheets.form_meanings import table_meanings
from salesgoal.sheets.goal_table import GoalTable
from salesgoal.sheets.identity_sheet import FormSheet
from salesgoal.sheets.kpi_tables import KPI, kpi_sheet, kpi_tables, ratio_sheet
from salesgoal.sheets.sheet import Words
from salesgoal.sheets.table_parts import Names
from salesgoal.sheets.three_tables import personal_table, product_table, team_table
from salesgoal.sheets.words import period_words

__all__ = ["TemplateTable", "TemplateTables", "lowest_goals"]


class TemplateTable(StrEnum):
    """The tables that a tracking workbook may have."""

    PERSONAL = "personal"
    TEAM = "team"
    PRODUCT = "product"
    KPI = "kpi"


_SUITING = {
    Level.YEAR: TemplateTable.PRODUCT,
    Level.HALF: TemplateTable.TEAM,
    Level.QUARTER: TemplateTable.TEAM,
}


def lowest_goals(tree: GoalTree) -> list[int]:
    """Returns the goals that have none below them, as people read a tree; without overlays."""
    return [
        node
        for node in tree.reading_order()
        if node and not tree.beside[node] and not tree.counted_children(node)
    ]


@attrs.frozen(kw_only=True)
class TemplateTables:
    """Makes the tables of one workbook.

    Attributes:
        figures: What is known.
        period: What the workbook is about.
        dimension: What the columns of entries stand for; None where they are periods.
        level: Of these periods; None for the whole period in one column.
        goals: The scopes of the lowest goals that it is about; None for all.
    """

    figures: Figures
    period: Period
    dimension: str | None = None
    level: Level | None = None
    goals: frozenset[Codes] | None = None

    @property
    def plan(self) -> Plan:
        """The plan, showing all periods asked for."""
        return self.figures.loaded.plan

    def suiting(self) -> tuple[TemplateTable, ...]:
        """Returns the tables that suit the period; KPI where there are further metrics."""
        main = _SUITING.get(self.period.level, TemplateTable.PERSONAL)
        if self.dimension is not None:
            main = TemplateTable.PERSONAL
        return (main, TemplateTable.KPI) if len(self.plan.metrics) > 1 else (main,)

    def forms(self, chosen: Sequence[TemplateTable]) -> Iterator[FormSheet]:
        """Yields the sheets.

        Raises:
            NotNested: The periods of the columns do not tile the period.
            UsageError: No dimension is left for the lines.
        """
        kinds = [each for each in dict.fromkeys(chosen) if each is not TemplateTable.KPI]
        tables = [self._main(each).trimmed() for each in kinds]
        for table in tables:
            yield FormSheet(table.sheet(), tuple(table_meanings(table)))
        if TemplateTable.KPI in chosen:
            yield from self._kpi(tables[-1] if tables else None)

    def _main(self, kind: TemplateTable) -> GoalTable:
        """The table of the leading metric."""
        metrics, card = self.plan.metrics, self._card()
        typed = (each for each in metrics if not isinstance(each.aggregation, Ratio))
        metric = next(typed, metrics[0])
        leaves = frozenset(self._own(card.tree))
        heads = frozenset(self._heads(card.tree, leaves))
        low = kind is TemplateTable.PERSONAL or not heads
        form = Form(
            slots=tuple(self._slots()),
            filled=self.figures.filled,
            open_metrics=self.figures.open_metrics,
        )
        months = [slot for slot in form.slots if slot.period.level is Level.MONTH]
        if kind is TemplateTable.TEAM and not low and len(months) == len(form.slots) > 1:
            table = team_table(card, metric, self.period, None, form)
        elif kind is TemplateTable.PRODUCT and not low and self.period.level is Level.YEAR:
            table = product_table(card, metric, self.period, form)
        else:
            table = personal_table(card, metric, self.period, form, leaves=low)
            table = attrs.evolve(table, id=f"{kind}_{self.period.level}")
        if self.goals is None:
            return table
        chosen = leaves if low else heads
        only = frozenset(card.tree.path[node] for node in chosen)
        return attrs.evolve(table, only=only, is_whole=False)

    def _kpi(self, main: GoalTable | None) -> Iterator[FormSheet]:
        """The sheets of the metrics that no other sheet of the workbook has."""
        shape = main or self._main(TemplateTable.PERSONAL)
        assert shape.form is not None
        tables = {} if main is None else {main.metric.id: main}
        others = [
            each
            for each in self.plan.metrics
            if not isinstance(each.aggregation, Ratio) and each.id not in tables
        ]
        if others:
            made = kpi_tables(
                shape.card,
                others,
                self.period,
                shape.form,
                leaves=any(isinstance(part, Names) and part.leaves for part in shape.parts),
                only=shape.only,
                also=shape.goals(),
                is_whole=shape.is_whole,
            )
            tables |= {table.metric.id: table for table in made}
            yield FormSheet(kpi_sheet(made), tuple(table_meanings(made[0], many=True)))
        ratios = [each for each in self.plan.metrics if _ends(each) <= tables.keys()]
        ready = [each for each in ratios if isinstance(each.aggregation, Ratio)]
        if ready:
            yield FormSheet(ratio_sheet(shape.card, ready, tables, many=KPI), ())

    def _card(self) -> Scorecard:
        """The first breakdown, without the dimension that the columns stand for."""
        card = self.figures.tracking.scorecards[0]
        by = card.tree.breakdown.by
        if self.dimension not in by:
            return card
        if len(by) == 1:
            raise UsageError(
                f"{self.dimension} alone breaks the plan down; no lines are left",
                f"计划只按 {self.dimension} 分解，没有可列的行",
            )
        return card.by(*(name for name in by if name != self.dimension))

    def _own(self, tree: GoalTree) -> Iterator[int]:
        """The lowest goals of a tree that the workbook is about."""
        if self.goals is None:
            yield from lowest_goals(tree)
            return
        ids = [each.id for each in self.plan.dimensions]
        at = ids.index(self.dimension) if self.dimension else -1
        wanted = {
            (*codes[:at], ANY, *codes[at + 1 :]) if at >= 0 else codes for codes in self.goals
        }
        yield from (node for node in lowest_goals(tree) if tree.scope[node] in wanted)

    def _heads(self, tree: GoalTree, leaves: frozenset[int]) -> Iterator[int]:
        """The goals right below the root, where their own lowest goals are all meant.

        Nothing where a lowest goal that is meant stands below none of them.
        """
        found: list[int] = []
        covered: set[int] = set()
        lowest = frozenset(lowest_goals(tree))
        for head in tree.counted_children(0):
            below = lowest.intersection(tree.reading_order(head))
            if below <= leaves:
                found.append(head)
                covered |= below
        if covered == leaves:
            yield from found

    def _slots(self) -> Iterator[Slot]:
        if self.dimension is not None:
            dimension = next(each for each in self.plan.dimensions if each.id == self.dimension)
            lowest = [code for code in dimension.leaves if code not in dimension.overlays]
            names = dict.fromkeys(dimension.members[code].name for code in lowest)
            for at, name in enumerate(names, start=1):
                yield Slot(
                    key=f"member{at}_actual",
                    title=Words(name, name),
                    period=self.period,
                    member={dimension.id: name},
                )
            return
        for at, each in enumerate(self._periods(), start=1):
            key = f"{each.level}{at}_actual"
            yield Slot(key=key, title=period_words(each, at), period=each)

    def _periods(self) -> Sequence[Period]:
        """The periods of the columns; weeks that stick out of the plan by their days inside."""
        if self.level is None or self.level is self.period.level:
            return (self.period,)
        inside = [
            each
            for each in self.plan.periods
            if each.level is self.level and self.period.covers(each)
        ]
        if sum(each.days for each in inside) == self.period.days:
            return inside
        return subdivide(self.plan.calendar, self.period, self.level)


def _ends(metric: Metric) -> set[str]:
    if not isinstance(metric.aggregation, Ratio):
        return set()
    return {metric.aggregation.numerator, metric.aggregation.denominator}
