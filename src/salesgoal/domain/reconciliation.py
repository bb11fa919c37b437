"""Reconciliation: what was read against what counts, exact by construction and asserted anyway.

amounts: read = root + outside the plan's days + rejected
rows:    read = accepted + outside the plan's days + rejected + duplicate + ignored

Only rows have duplicates and left-out ones: what is told twice is read once, and what a rule
leaves out has no amount that anybody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.roll_up import find_homes
from salesgoal.errors import NotConserved

if TYPE_CHECKING:
    from salesgoal.domain.scorecard import Scorecard

__all__ = ["Reconciliation", "RowCounts", "reconcile", "reconcile_subtree"]


@attrs.frozen(kw_only=True)
class RowCounts:
    """Rows read and what became of each: every row has exactly one outcome.

    ``rules`` says by which rule the ignored ones were left out; ``without_amount`` how many of
    the rejected ones have an amount that could not be read, or was not kept.
    """

    read: int = 0
    accepted: int = 0
    outside_period: int = 0
    rejected: int = 0
    duplicate: int = 0
    ignored: int = 0
    without_amount: int = 0
    rules: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    def __attrs_post_init__(self) -> None:
        """Asserts the law of rows.

        Raises:
            NotConserved: The outcomes do not add up to the rows read, or the rules not to the
                rows ignored.
        """
        outcomes = (
            self.accepted + self.outside_period + self.rejected + self.duplicate + self.ignored
        )
        if outcomes != self.read:
            message = f"{self.read} rows read, {outcomes} accounted for"
            raise NotConserved(message)
        if self.rules and sum(self.rules.values()) != self.ignored:
            message = f"{self.ignored} rows ignored, {dict(self.rules)} by rule"
            raise NotConserved(message)

    def __add__(self, other: RowCounts) -> RowCounts:
        """The counts of two sources together."""
        names = [each.name for each in attrs.fields(RowCounts) if each.name != "rules"]
        counts = {name: getattr(self, name) + getattr(other, name) for name in names}
        rules = dict(self.rules)
        for rule, rows in other.rules.items():
            rules[rule] = rules.get(rule, 0) + rows
        return RowCounts(**counts, rules=rules)


@attrs.frozen(kw_only=True)
class Reconciliation:
    """One metric's amounts, in smallest units, of the rows whose amounts are known.

    ``unassigned`` is the part of ``root`` that matched a goal but none of its children.
    """

    read: int
    root: int
    outside_period: int
    rejected: int
    unassigned: int


def reconcile(scorecard: Scorecard, control: Mapping[str, int]) -> dict[str, Reconciliation]:
    """Returns the reconciliation of every metric that adds.

    Args:
        scorecard: Any breakdown; the root is the same in all.
        control: Metric id -> units as they were read, added up independently of the cells.

    Raises:
        NotConserved: Something was lost or counted twice.
    """
    cells, plan = scorecard.cells, scorecard.plan
    found = {}
    for metric in plan.metrics:
        if not metric.is_additive:
            continue
        outside = cells.total(metric.id, range(cells.outside, cells.rejected))
        rejected = cells.total(metric.id, range(cells.rejected, cells.stride))
        one = _account(scorecard, metric.id, control.get(metric.id, 0), outside, rejected)
        accounted = one.root + one.outside_period + one.rejected
        if one.read != accounted:
            message = f"{metric.id}: {one.read} read, {accounted} accounted for"
            raise NotConserved(message)
        found[metric.id] = one
    return found


def reconcile_subtree(scorecard: Scorecard) -> dict[str, Reconciliation]:
    """Returns the reconciliation of a subtree: of what was read of its members.

    ``read`` is what the parts come to: of a part of the sources no other total is known.

    Args:
        scorecard: From `take_subtree`.
    """
    cells, plan = scorecard.cells, scorecard.plan
    homes = find_homes(scorecard.tree, cells, plan.dimensions)
    inside = [position * cells.stride for position, node in enumerate(homes) if node >= 0]
    found = {}
    for metric in plan.metrics:
        if metric.is_additive:
            units = cells.units(metric.id)
            outside = sum(units[base + cells.outside] for base in inside)
            rejected = sum(units[base + cells.rejected] for base in inside)
            one = _account(scorecard, metric.id, 0, outside, rejected)
            read = one.root + one.outside_period + one.rejected
            found[metric.id] = attrs.evolve(one, read=read)
    return found


def _account(
    scorecard: Scorecard, metric: str, read: int, outside: int, rejected: int
) -> Reconciliation:
    column = scorecard.columns[metric, scorecard.plan.period]
    root, unassigned = column.actual[0], column.unassigned
    assert isinstance(root, int)
    assert unassigned is not None
    return Reconciliation(
        read=read,
        root=root,
        outside_period=outside,
        rejected=rejected,
        unassigned=sum(
            units
            for units, beside in zip(unassigned, scorecard.tree.beside, strict=True)
            if not beside
        ),
    )
