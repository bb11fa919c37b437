"""The view of today: a plan and its facts, with everybody where they sit on one day.

Nothing is read again: seats are renamed to the member's seat of the day, and what falls
together is added up. Who has left is shown at the last seat, who has yet to come at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import attrs

from salesgoal.domain.cells import Condensed
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import GoalTree, build_tree
from salesgoal.domain.metric import Aggregation
from salesgoal.domain.owner import NOBODY, OwnerTable, fill_in
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import ANY, Codes, find_people
from salesgoal.domain.seat_change import SeatChange
from salesgoal.domain.target import Ownership, TargetTable

__all__ = ["reseat_as_is", "view_as_is"]

_ADDED = {Aggregation.SUM, Aggregation.DISTINCT, Aggregation.LAST}


def view_as_is(plan: Plan, cells: Condensed, on: date) -> tuple[Plan, Condensed]:
    """Returns the plan and its facts with every member at its seat of one day.

    Unchanged where nobody ever moved. The root is the same, and so are the totals of every
    member; only where a member stands differs.

    Raises:
        PlanRefused: Two children of one goal would refine different dimensions.

    Cost: one pass over goals and cells, and one over targets for every level of a breakdown.
    """
    if not any(dimension.seats.timetable for dimension in plan.dimensions):
        return plan, cells
    view = _view(plan, on)
    return view.plan(plan), cells.recoded([recoded for _, recoded in view.sitting])


def reseat_as_is(plan: Plan, on: date) -> Callable[[Codes], Codes]:
    """Returns what turns member codes of a plan into those of `view_as_is`."""
    if not any(dimension.seats.timetable for dimension in plan.dimensions):
        return lambda codes: codes
    return _view(plan, on).codes


def _view(plan: Plan, on: date) -> _View:
    return _View(tuple(_seated(dimension, on) for dimension in plan.dimensions))


def _seated(dimension: Dimension, on: date) -> tuple[Dimension, Sequence[int]]:
    """The dimension with one seat a member, and for each old code the new one."""
    seats = dimension.seats
    people = dict.fromkeys(seats.person(code) for code in range(len(dimension.members)))
    rank = {person: code for code, person in enumerate(people)}
    sitting = [dimension.members[seats.nearest(person, on)] for person in people]
    members = [
        Member(each.name, each.aliases, each.parent, overlay=each.overlay) for each in sitting
    ]
    recoded = [rank[seats.person(code)] for code in range(len(dimension.members))]
    return Dimension(dimension.id, members, name=dimension.name), recoded


@attrs.frozen
class _View:
    sitting: Sequence[tuple[Dimension, Sequence[int]]]

    def codes(self, codes: Codes) -> Codes:
        pairs = zip(codes, self.sitting, strict=True)
        return tuple(ANY if code == ANY else recoded[code] for code, (_, recoded) in pairs)

    def plan(self, plan: Plan) -> Plan:
        trees = tuple(self._tree(tree) for tree in plan.trees)
        return attrs.evolve(
            plan,
            dimensions=tuple(dimension for dimension, _ in self.sitting),
            trees=trees,
            targets=self._table(plan, trees, plan.targets),
            original=plan.original and self._table(plan, trees, plan.original),
            ownership=self._ownership(plan.ownership),
            reviews=plan.reviews.moved(self.codes),
        )

    def _tree(self, tree: GoalTree) -> GoalTree:
        dimensions = [dimension for dimension, _ in self.sitting]
        named = attrs.evolve(tree.breakdown, every_member=False)
        built = build_tree(named, dimensions, map(self.codes, tree.scope))
        return attrs.evolve(built, breakdown=tree.breakdown)

    def _table(self, plan: Plan, trees: Sequence[GoalTree], table: TargetTable) -> TargetTable:
        people = find_people(table.scopes(), plan.dimensions)
        change = SeatChange(before=plan.trees, after=trees, codes=self.codes, people=people)
        typed = {}
        for (name, measure), columns in table.typed.items():
            metric = plan.metric(name)
            added = metric.aggregation in _ADDED
            now = {
                period: self._targets(column, added=added) for period, column in columns.items()
            }
            if added:
                change.settle(metric, columns, now)
            typed[name, measure] = now
        return TargetTable(typed)

    def _targets(self, column: Mapping[Codes, int], *, added: bool) -> dict[Codes, int]:
        found: dict[Codes, int] = {}
        for codes, units in column.items():
            moved = self.codes(codes)
            found[moved] = found.get(moved, 0) + units if added else units
        return found

    def _ownership(self, owners: OwnerTable) -> OwnerTable:
        rows: dict[Codes, dict[Period, Ownership]] = {}
        for codes, typed in owners.rows.items():
            known = rows.setdefault(self.codes(codes), {})
            for period, row in typed.items():
                known[period] = fill_in(known.get(period, NOBODY), row)
        return OwnerTable(rows)
