"""Tables with one line a goal: columns that know where their figures come from.

The same table is a report, or a form that people fill in: then its lines carry keys, some
columns take entries, and what follows from entries is a live formula that shows nothing as long
as there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from salesgoal.domain.attainment import gap, judge
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.sheets.form import AMOUNT_ENTRY, Form, name_entry, scope_key, total_value
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import FLAGS, rate_formula
from salesgoal.sheets.sheet import (
    Add,
    Cell,
    Column,
    Flag,
    Kind,
    Less,
    Line,
    Percent,
    Role,
    Sheet,
    Total,
    Words,
)
from salesgoal.sheets.table_parts import (
    Amount,
    Beyond,
    Gap,
    Names,
    Part,
    Rate,
    Said,
    TableLines,
    is_target,
    true_formula,
)
from salesgoal.sheets.words import named

__all__ = ["KEY", "GoalTable"]

KEY = "row_key"
"""The column of a form that says which goal a line is of."""

_Amounts = dict[str, Exact | None]


@attrs.frozen
class GoalTable:
    """A table about one metric and period of a scorecard; with a form one to fill in.

    Attributes:
        id: Of its sheet.
        title: Of its sheet.
        card: Where its figures come from.
        metric: What is shown.
        period: Of what people say, and of rates that name no other.
        parts: Its columns, or those of the names together.
        form: How it is filled in; None for a report.
        only: The goals that have lines; None for all that have figures.
        is_whole: Whether the total is the root's; else it is that of the lines alone.
    """

    id: str
    title: Words
    card: Scorecard
    metric: Metric
    period: Period
    parts: Sequence[Part]
    form: Form | None = None
    only: frozenset[str] | None = None
    is_whole: bool = True
    _known: dict[str, _Amounts] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def sheet(self) -> Sheet:
        """Returns the table: a line a goal, what they leave over, and the root as total.

        Raises:
            UnknownName: The plan does not show one of the periods.
        """
        table = self.trimmed()
        lines = table.lines()
        rest = [] if lines.rest is None else [lines.rest]
        label = Words(f"期间：{self.period.label}", f"Period: {self.period.label}")
        return Sheet(
            id=self.id,
            title=self.title,
            columns=table.columns(),
            lines=(*lines.goals.values(), *lines.blank, *rest, lines.total),
            notes=(label,),
            is_protected=self.form is not None,
        )

    def lines(self) -> TableLines:
        """Returns the lines, apart.

        Raises:
            UnknownName: As `sheet`.
        """
        goals = self.goals()
        amounts = {goal: self._amounts(goal) for goal in goals}
        root, rest = self._sums(list(amounts.values()))
        nothing: _Amounts = dict.fromkeys(root)
        blank = self.form.blank_lines if self.form else 0
        left_over = Words("未分配", "Unassigned")
        total = Words("合计", "Total") if self._adds else Words("总目标", "Root")
        has_rest = self._adds and any(rest.values())
        return TableLines(
            goals={goal: self._line(amounts[goal], self._row(goal)) for goal in goals},
            blank=tuple(self._line(nothing, None) for _ in range(blank)),
            rest=self._closing(rest, Role.REST, left_over) if has_rest else None,
            total=self._closing(root, Role.TOTAL, total),
        )

    def goals(self) -> list[str]:
        """Returns the paths of the goals that have lines."""
        tree, leaves = self.card.tree, self._leaves
        if len(tree) == 1:
            return [tree.path[0]]
        chosen = (
            node
            for node in tree.reading_order()
            if node
            and not tree.beside[node]
            and (not tree.counted_children(node) if leaves else tree.parent[node] == 0)
        )
        if self.only is not None:
            return [path for node in chosen if (path := tree.path[node]) in self.only]
        rows = (self._row(tree.path[node]) for node in chosen)
        return [row.goal for row in rows if row.target is not None or row.actual]

    def columns(self) -> tuple[Column, ...]:
        """Returns the columns; in a form the first one, which is hidden, has the line's key."""
        columns: list[Column] = []
        if self.form is not None:
            mark = f"salesgoal:{self.id}"
            columns.append(Column(key=KEY, title=Words(mark, mark), is_hidden=True))
        for part in self.parts:
            if isinstance(part, Names):
                columns += map(self._name_column, self.dimensions)
            else:
                columns.append(self._column(part))
        return tuple(columns)

    @property
    def dimensions(self) -> list[Dimension]:
        """The dimensions that name the lines, from the root down."""
        by = self.card.tree.breakdown.by
        by = by if self._leaves else by[:1]
        return [each for name in by for each in self.card.plan.dimensions if each.id == name]

    @property
    def idle(self) -> frozenset[str]:
        """The columns that would have nothing to show."""
        root = [""] if self.is_whole else []
        return frozenset(
            part.key
            for part in self.parts
            if isinstance(part, Beyond)
            and not any(self._amounts(goal)[part.key] for goal in [*root, *self.goals()])
        )

    def trimmed(self) -> GoalTable:
        """Returns the table without the columns that would have nothing to show."""
        idle = self.idle
        if not any(isinstance(part, Beyond) for part in self.parts):
            return self
        kept: list[Part] = []
        for part in self.parts:
            if isinstance(part, Beyond) and part.key in idle:
                continue
            if isinstance(part, Amount) and isinstance(part.formula, Add):
                columns = tuple(key for key in part.formula.columns if key not in idle)
                formula = attrs.evolve(part.formula, columns=columns)
                kept.append(attrs.evolve(part, formula=formula))
            else:
                kept.append(part)
        return attrs.evolve(self, parts=tuple(kept))

    @property
    def _leaves(self) -> bool:
        """Whether the lowest goals have lines, and not those right below the root."""
        return any(isinstance(part, Names) and part.leaves for part in self.parts)

    @property
    def _adds(self) -> bool:
        """Whether the amounts of goals add up to the one above."""
        return self.metric.aggregation in {Aggregation.SUM, Aggregation.LAST}

    @property
    def _is_open(self) -> bool:
        return self.form is not None and self.metric.id in self.form.open_metrics

    def _row(self, goal: str, period: Period | None = None) -> ScoreRow:
        return self.card.row(goal, metric=self.metric.id, period=period or self.period)

    # Amounts.

    def _amounts(self, goal: str) -> _Amounts:
        if goal not in self._known:
            self._known[goal] = self._worked_out(goal)
        return self._known[goal]

    def _worked_out(self, goal: str) -> _Amounts:
        found: _Amounts = {}
        for part in self.parts:
            if isinstance(part, Amount):
                found[part.key] = self._amount(part, goal, found)
            elif isinstance(part, Beyond):
                actual = self._row(goal, part.period).actual
                over = _less(actual, [found[key] for key in part.columns])
                is_sum = self.metric.aggregation is Aggregation.SUM
                found[part.key] = (over or None) if is_sum else None
        return found

    def _amount(self, part: Amount, goal: str, found: _Amounts) -> Exact | None:
        if self.form is not None and part.slot is not None:
            slot = self.form.slots[part.slot]
            scope = {**self._row(goal).scope, **slot.member}
            return self.form.filled(scope, self.metric.id, slot.period)
        if self.form is not None and part.field == "actual":
            if not self._is_open:
                return self._row(goal, part.period).actual
            return total_value(part.formula, found)
        value: Exact | None = getattr(self._row(goal, part.period), part.field)
        return value

    def amounts_of(self, goal: str) -> Mapping[str, Exact | None]:
        """Returns what the line of a goal shows, in units; the total's for the root."""
        if goal:
            return self._amounts(goal)
        return self._sums([self._amounts(each) for each in self.goals()])[0]

    def _sums(self, lines: Sequence[_Amounts]) -> tuple[_Amounts, _Amounts]:
        """What the total line shows, and what the lines leave over of it."""
        root = self._amounts("")
        if self.form is None:
            return root, {key: _less(root[key], [each[key] for each in lines]) for key in root}
        totals, rest = dict(root), dict.fromkeys(root, None)
        for part in self.parts:
            if isinstance(part, Amount | Beyond):
                key = part.key
                known = [units for each in lines if (units := each[key]) is not None]
                whole = root[key]
                if not self.is_whole:
                    whole = sum(known) if known else None
                elif isinstance(part, Amount) and part.field == "actual" and part.slot is None:
                    whole = self._row("", part.period).actual if self._adds else None
                if not self._adds:
                    alone = self.is_whole and (is_target(part) or not self._is_open)
                    totals[key], rest[key] = root[key] if alone else None, None
                    continue
                over = (whole or 0) - sum(known)
                rest[key] = over or None
                totals[key] = sum(known) + over if known or over else None
        return totals, rest

    # Cells.

    def _name_column(self, dimension: Dimension) -> Column:
        column = Column(key=dimension.id, title=named(dimension.name, dimension.id))
        if self.form is None:
            return column
        names = [member.name for member in dimension.given]
        if not self.is_whole:  # the lists of one share of the goals must not name the others
            names = [self._row(goal).scope.get(dimension.id, "") for goal in self.goals()]
        rule = name_entry(list(dict.fromkeys(names)))
        return attrs.evolve(column, entry=rule)

    def _column(self, part: Amount | Beyond | Rate | Gap | Said) -> Column:
        kind, metric = Kind.AMOUNT, self.metric
        entry, is_hidden = None, False
        match part:
            case Amount(slot=int()) if self.form is not None:
                entry = AMOUNT_ENTRY
            case Rate():
                kind = Kind.PERCENT
            case Said():
                kind, entry, is_hidden = part.kind, part.entry, part.is_hidden
        is_amount = kind is Kind.AMOUNT
        return Column(
            key=part.key,
            title=part.title,
            kind=kind,
            decimals=metric.decimals,
            unit=metric.unit if is_amount else "",
            is_scaled=is_amount and scalable_unit(metric) == metric.unit,
            entry=entry,
            is_hidden=is_hidden,
        )

    def _line(self, amounts: _Amounts, row: ScoreRow | None) -> Line:
        """The line of a goal; without a row one that people add."""
        cells: list[Cell] = []
        if self.form is not None:
            cells.append(Cell(None if row is None else scope_key(row.scope)))
        for part in self.parts:
            match part:
                case Names():
                    cells += [
                        Cell(row.scope.get(each.id), is_locked=True) if row else Cell()
                        for each in self.dimensions
                    ]
                case Said():
                    cells.append(Cell(part.say(row)) if row else Cell())
                case _:
                    cells.append(self._figure(part, amounts))
        return Line(tuple(cells))

    def _figure(self, part: Amount | Beyond | Rate | Gap, amounts: _Amounts) -> Cell:
        match part:
            case Amount() if self.form is None or part.field != "actual":
                return Cell(amounts[part.key], formula=true_formula(part, amounts))
            case Amount():
                shut = part.slot is not None and not self._is_open
                return Cell(amounts[part.key], formula=part.formula, is_locked=shut)
            case Beyond():
                return Cell(amounts[part.key])
            case Rate():
                return self._rate(part, amounts)
            case _:
                return self._gap(part, amounts)

    def _closing(self, amounts: _Amounts, role: Role, name: Words) -> Line:
        cells: list[Cell] = []
        if self.form is not None:
            cells.append(Cell(scope_key({}) if role is Role.TOTAL else "-"))
        is_total = role is Role.TOTAL
        for part in self.parts:
            match part:
                case Names():
                    named_cells = [Cell(name), *[Cell()] * len(self.dimensions)]
                    cells += named_cells[: len(self.dimensions)]
                case Amount() | Beyond():
                    cells.append(self._closing_amount(part, amounts, is_total=is_total))
                case Rate() | Gap() if is_total:
                    cells.append(self._figure(part, amounts))
                case _:
                    cells.append(Cell())
        return Line(tuple(cells), role)

    def _closing_amount(
        self, part: Amount | Beyond, amounts: _Amounts, *, is_total: bool
    ) -> Cell:
        value = amounts[part.key]
        if self.form is None or is_target(part):
            if is_total:
                return Cell(value, formula=self._total(value))
            assert isinstance(part, Amount)
            return Cell(value, formula=true_formula(part, amounts))
        if is_total:
            return Cell(value, formula=Total(is_sparse=True) if self._adds else None)
        formula = part.formula if isinstance(part, Amount) else None
        return Cell(value, formula=formula if total_value(formula, amounts) == value else None)

    def _total(self, whole: Exact | None) -> Total | None:
        """The sum of the lines above, where the metric adds up and nothing is rounded."""
        return Total() if self._adds and isinstance(whole, int) else None

    def _rate(self, part: Rate, amounts: _Amounts) -> Cell:
        target, actual = amounts[part.under], amounts[part.over]
        period = part.period or self.period
        started = self.form is not None or period.start <= self.card.as_of
        found = judge(self.metric, target, actual, started=started)
        flag = FLAGS.get(found.status, Flag.NONE)
        over, under = part.over, part.under
        if self.form is None:
            formula = None
            if found.ratio is not None:
                formula = rate_formula(self.metric, target, actual, over=over, under=under)
            return Cell(found.ratio, flag, formula)
        basis = 1 if target is None else target
        formula = rate_formula(self.metric, basis, 0, over=over, under=under)
        if not isinstance(formula, Percent):
            return Cell()
        return Cell(found.ratio, flag, attrs.evolve(formula, is_sparse=True))

    def _gap(self, part: Gap, amounts: _Amounts) -> Cell:
        target, actual = amounts[part.target], amounts[part.actual]
        ends = (part.target, part.actual)
        if self.metric.direction is Direction.MINIMISE:
            ends = (part.actual, part.target)
        short = None if actual is None else gap(self.metric, target, actual)
        return Cell(short, formula=Less(*ends, is_sparse=True))


def _less(whole: Exact | None, parts: Sequence[Exact | None]) -> Exact | None:
    return None if whole is None else whole - sum(part for part in parts if part is not None)
