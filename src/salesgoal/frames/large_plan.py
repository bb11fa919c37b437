"""Large plans: targets of a million goals, from arrays, without an object a goal or a value.

The plan is the one that `make_plan` makes of the same values as `Target`s: the same checks, the
same trees, the same figures. Only the columns are arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.number import AMOUNT_LIMIT, to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.role import Role
from salesgoal.domain.scope import ANY, Codes, decode_scope
from salesgoal.domain.target import MEASURES, Measure, TargetTable
from salesgoal.domain.target_book import resolve_period
from salesgoal.errors import PlanRefused, UnknownName, UsageError
from salesgoal.frames.array_cells import CodeMatrix, find_rows, unique_rows
from salesgoal.frames.array_column import Known
from salesgoal.frames.array_tree import ArrayRows, make_tree
from salesgoal.frames.exact_sum import Units, to_units_array
from salesgoal.frames.tree_arrays import Nodes
from salesgoal.frames.typed_column import ScopeIndex, TypedColumn

__all__ = ["TypedUnits", "add_targets"]

Key = tuple[str, Measure]
"""Metric id and measure."""

_BORDER = 2**63


@attrs.frozen(kw_only=True, eq=False)
class TypedUnits:
    """Typed targets of one metric, measure and period, one a scope.

    Attributes:
        metric: Its id.
        period: A period, or a label of the plan's calendar.
        measure: ``target``, ``floor``, ``stretch`` or ``commit``.
        units: Smallest units, one a scope; whole numbers, never floats.
        known: Where something is typed; None for everywhere.
    """

    metric: str
    period: Period | str
    measure: Measure = "target"
    units: Units
    known: Known | None = None


def add_targets(
    plan: Plan, scopes: NDArray[Any], typed: Sequence[TypedUnits], *, source: str = "scopes"
) -> Plan:
    """Returns a plan with the typed targets of many scopes added.

    Args:
        plan: With the metrics, dimensions and breakdowns, and any targets typed so far.
        scopes: One row a scope, one column a dimension of the plan: member codes (the place of
            a member among `Dimension.members`), -1 where it leaves the dimension open. Who
            moved is meant by the seat; nothing is prorated. Each is a goal, also where nothing
            is typed for it.
        typed: What is typed for them.
        source: What problems are said to lie in; their rows count from 1.

    Raises:
        PlanRefused: With every problem found.
        UnknownName: A metric that the plan lacks, or no such measure.
        LabelRefused: A label that names no period.
        UsageError: Arrays of unequal length, or units that are no whole numbers.

    Cost: linear in scopes x typed columns, at nine bytes a value.

    >>> from salesgoal import Dimension, Metric, make_plan
    >>> year = make_plan(name="2023", period="2023", metrics=[Metric(id="sales", decimals=2)],
    ...     dimensions=[Dimension("region", ["华东", "华南"])])
    >>> plan = add_targets(year, [[0], [1]],
    ...     [TypedUnits(metric="sales", period="2023-10", units=[800_000, 700_000])])
    >>> list(plan.trees[0].path)
    ['', '华东', '华南']
    """
    codes = np.asarray(scopes, np.int32).reshape(-1, len(plan.dimensions))
    book = _Book(plan, codes, source)
    for each in typed:
        book.add(each)
    return book.plan_with()


class _Book:
    def __init__(self, plan: Plan, codes: CodeMatrix, source: str) -> None:
        self.plan = plan
        self.source = source
        self.codes = codes
        self.problems: list[Problem] = []
        self.typed: dict[Key, dict[Period, TypedColumn]] = {}
        known = _matrix(plan.targets.scopes(), codes.shape[1])
        rows, place = unique_rows(np.concatenate([known, codes]))
        self.index = ScopeIndex(rows)
        self.at = place[len(known) :]
        self._check_scopes()
        for key, columns in plan.targets.typed.items():
            self.typed[key] = {
                each: self._take_over(column) for each, column in columns.items()
            }

    def add(self, typed: TypedUnits) -> None:
        """Takes a column of typed targets."""
        metric, plan = self.plan.metric(typed.metric), self.plan
        if typed.measure not in MEASURES:
            raise UnknownName("measure", typed.measure, MEASURES)
        period = resolve_period(typed.period, plan.calendar, plan.period)
        units = to_units_array(typed.units)
        known = (
            np.ones(len(units), bool) if typed.known is None else np.asarray(typed.known, bool)
        )
        if not len(units) == len(known) == len(self.codes):
            en = f"{len(units)} units for {len(self.codes)} scopes - give one a scope"
            raise UsageError(
                en, f"{len(self.codes)} 个范围给出了 {len(units)} 个数值 - 须一一对应"
            )
        place = Place(self.source, key=typed.metric)
        if not plan.period.covers(period):
            facts = {"value": period.label, "plan": plan.period.label}
            self.problems.append(
                problem("target-outside-plan", place, column=Role.PERIOD, **facts)
            )
        self._refuse("out-of-range", known & ~_in_range(units, metric.decimals), typed, units)
        if not metric.negative:
            self._refuse("negative-target", known & (units < 0).astype(bool), typed, units)
        columns = self.typed.setdefault((typed.metric, typed.measure), {})
        before = columns.get(period)
        if before is not None:
            twice = known & before.present[self.at]
            self._refuse("duplicate-target", twice, typed, units, first=place)
        columns[period] = self._spread(self.at, units, known, before)

    def plan_with(self) -> Plan:
        """The plan with all that was taken.

        Raises:
            PlanRefused: Anything is wrong with it.
        """
        plan = self.plan
        self.problems += self._crossings()
        trees = [tree for tree in map(self._tree, plan.trees) if tree is not None]
        if not any(each.severity is Severity.ERROR for each in self.problems):
            self._find_homeless(trees)
        if any(each.severity is Severity.ERROR for each in self.problems):
            raise PlanRefused(self.problems)
        return attrs.evolve(
            plan,
            trees=tuple(trees),
            targets=TargetTable(self.typed),
            warnings=(*plan.warnings, *self.problems),
        )

    def _tree(self, tree: GoalTree) -> GoalTree | None:
        scopes = np.concatenate([_matrix(tree.scope, self.codes.shape[1]), self.codes])
        try:
            return make_tree(tree.breakdown, self.plan.dimensions, scopes)
        except PlanRefused as refused:
            self.problems += refused.problems
            return None

    def _find_homeless(self, trees: Sequence[GoalTree]) -> None:
        """Scopes that no breakdown has."""
        at_home = np.zeros(len(self.codes), bool)
        for tree in trees:
            at_home |= find_rows(np.asarray(tree.scope), self.codes) >= 0
        names = " / ".join(tree.breakdown.title(self.plan.dimensions) for tree in trees)
        for row in np.flatnonzero(~at_home).tolist():
            scope = decode_scope(tuple(self.codes[row].tolist()), self.plan.dimensions)
            named = {each.id: each.name for each in self.plan.dimensions}
            said = ", ".join(f"{named[name]}={member}" for name, member in scope.items())
            facts = {"scope": said, "breakdowns": names}
            self.problems.append(problem("no-such-goal", self._place(row), **facts))

    def _check_scopes(self) -> None:
        """Codes that no member has are the caller's mistake, not one of the values."""
        sizes = np.array([len(each.members) for each in self.plan.dimensions], np.int64)
        if ((self.codes < ANY) | (self.codes >= sizes)).any():
            en = "a member code that its dimension lacks - give places in Dimension.members"
            raise UsageError(en, "维度中没有的成员编号 - 请给出 Dimension.members 中的位置")
        order = np.argsort(self.at, kind="stable")
        ranked = self.at[order]
        for at in np.flatnonzero(ranked[1:] == ranked[:-1]).tolist():
            facts = {"value": "", "first": self._place(order[at])}
            where = self._place(order[at + 1])
            self.problems.append(problem("duplicate-target", where, column=Role.SCOPE, **facts))

    def _refuse(
        self, code: str, wrong: Known, typed: TypedUnits, units: Units, **facts: object
    ) -> None:
        decimals = self.plan.metric(typed.metric).decimals
        self.problems += (
            problem(
                code,
                self._place(row),
                column=typed.measure,
                value=to_amount(int(units[row]), decimals),
                **facts,
            )
            for row in np.flatnonzero(wrong).tolist()
        )

    def _place(self, row: int) -> Place:
        return Place(self.source, row=int(row) + 1)

    def _take_over(self, column: Mapping[Codes, int]) -> TypedColumn:
        """What was typed before, on the common index."""
        if isinstance(column, TypedColumn):
            at = find_rows(self.index.codes, column.index.codes)
            return self._spread(at, column.units, column.present, None)
        at = find_rows(self.index.codes, _matrix(column, self.codes.shape[1]))
        units = to_units_array(list(column.values()))
        return self._spread(at, units, np.ones(len(units), bool), None)

    def _spread(
        self, at: Nodes, units: Units, known: Known, before: TypedColumn | None
    ) -> TypedColumn:
        size = len(self.index.codes)
        if before is None and known.all() and np.array_equal(at, np.arange(size)):
            return TypedColumn(self.index, units)
        wide = units.dtype if before is None else np.result_type(units, before.units)
        found, present = np.zeros(size, wide), np.zeros(size, bool)
        if before is not None:
            found[:], present[:] = before.units, before.present
        found[at[known]], present[at[known]] = units[known], True
        return TypedColumn(self.index, found, None if present.all() else present)

    def _crossings(self) -> Iterator[Problem]:
        """Typed periods of one goal that share days without lying inside one another."""
        for columns in self.typed.values():
            ordered = sorted(columns, key=lambda each: (each.start, -each.days))
            for one, other in combinations(ordered, 2):
                if one.stop <= other.start or one.covers(other):
                    continue
                both = (columns[one].present & columns[other].present)[self.at]
                facts = {"value": other.label, "other": one.label}
                for row in np.flatnonzero(both).tolist():
                    where = self._place(row)
                    yield problem("crossing-periods", where, column=Role.PERIOD, **facts)


def _matrix(scopes: Collection[Codes], width: int) -> CodeMatrix:
    rows = scopes if isinstance(scopes, ArrayRows) else list(scopes)
    return np.asarray(rows, np.int32).reshape(len(scopes), width)


def _in_range(units: Units, decimals: int) -> Known:
    limit = int(AMOUNT_LIMIT) * 10**decimals
    if units.dtype != object and limit >= _BORDER:
        return np.ones(len(units), bool)
    inside: Known = ((units > -limit) & (units < limit)).astype(bool)
    return inside
