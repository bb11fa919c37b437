"""Retargeting: what a few changed targets change in columns that are already derived.

A typed target decides over its goal's, and so over those of the goals above, as far as they are
derived; over what these leave over after their children's, and over what is expected of them by
now. All other goals keep what they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import compress
from operator import ne
from typing import Any

import attrs

from salesgoal.domain.expectation import (
    Parts,
    expect_as_children,
    expected_column,
    expected_to_date,
    profile_parts,
)
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import ACCUMULATING, PaceBasis
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import (
    Measure,
    TargetTable,
    Typed,
    derive_target,
    derive_targets,
)

__all__ = [
    "Expecting",
    "Retargeted",
    "Scopes",
    "changed_scopes",
    "retarget",
    "retarget_mismatch",
    "retarget_ratio",
]

Scopes = Mapping[Period, frozenset[Codes]]
"""Typed period -> the scopes whose value changed."""


@attrs.frozen
class Retargeted:
    """A column after a change.

    Attributes:
        column: Every goal's value.
        nodes: The goals whose value changed.
    """

    column: Sequence[Exact | None]
    nodes: frozenset[int]


def changed_scopes(
    before: TargetTable, after: TargetTable
) -> dict[tuple[str, Measure], Scopes]:
    """Returns metric and measure -> period -> the scopes whose typed value changed.

    Cost: the typed values of the periods that are not the very same in both.
    """
    found: dict[tuple[str, Measure], Scopes] = {}
    for key in dict.fromkeys([*before.typed, *after.typed]):
        old, new = before.of(*key), after.of(*key)
        if old is new:
            continue
        scopes: dict[Period, frozenset[Codes]] = {}
        for period in dict.fromkeys([*old, *new]):
            was, now = old.get(period, {}), new.get(period, {})
            if was is not now:
                scopes[period] = _differing(was, now)
        scopes = {period: each for period, each in scopes.items() if each}
        if scopes:
            found[key] = scopes
    return found


def _differing(was: Mapping[Codes, int], now: Mapping[Codes, int]) -> frozenset[Codes]:
    """The same goals in the same order, as a revision leaves them, are compared as columns."""
    if list(was) == list(now):
        return frozenset(compress(now, map(ne, was.values(), now.values())))
    came = (codes for codes, units in now.items() if was.get(codes) != units)
    return frozenset([*(was.keys() - now.keys()), *came])


def retarget(
    tree: GoalTree,
    metric: Metric,
    typed: Typed,
    period: Period,
    column: Sequence[Exact | None],
    scopes: Iterable[Codes],
    people: Mapping[Codes, Codes],
) -> Retargeted:
    """Returns the targets of a period after those of some scopes changed.

    Args:
        tree: The breakdown.
        metric: What the targets are of.
        typed: What is typed now.
        period: What the targets are for.
        column: The targets before.
        scopes: Whose typed value changed, of the period or one inside it.
        people: The seats of those who moved, from `find_people`.

    Cost: the goals from each scope up to the last one that changes, and their children; all
    goals for a metric that takes the last where people moved.
    """
    if people and metric.aggregation is Aggregation.LAST:
        fresh = derive_targets(tree, metric, typed, [period], people)[period]
        pairs = enumerate(zip(column, fresh, strict=True))
        return Retargeted(fresh, frozenset(node for node, (was, now) in pairs if was != now))
    changed: set[int] = set()
    values: list[Any] = list(column)
    for codes in scopes:
        node = tree.by_scope.get(codes, -1)
        while node >= 0:
            value = derive_target(tree, metric, typed, period, values, node)
            if value == values[node]:
                break
            values[node] = value
            changed.add(node)
            node = tree.adds_to[node]
    return Retargeted(values, frozenset(changed))


def retarget_mismatch(
    tree: GoalTree,
    column: Sequence[Exact | None],
    mismatch: Sequence[Exact | None],
    nodes: Iterable[int],
) -> Sequence[Exact | None]:
    """Returns what goals leave over after their children's, where some targets changed.

    Args:
        tree: The breakdown.
        column: The targets now.
        mismatch: From `find_mismatch`, before.
        nodes: The goals whose target changed.
    """
    found = list(mismatch)
    for node in {*nodes, *(tree.adds_to[each] for each in nodes)} - {-1}:
        own = column[node]
        below = column[tree.first[node] : tree.counted[node]]
        parts = [each for each in below if each is not None]
        found[node] = own - sum(parts) if own is not None and parts else None
    return found


def retarget_ratio(
    tree: GoalTree,
    typed: Mapping[Codes, int],
    column: Sequence[Exact | None],
    divide: Callable[[int], Exact | None],
    nodes: Iterable[int],
) -> Retargeted:
    """Returns the targets of a ratio after those of its parts, or typed ones, changed.

    Args:
        tree: The breakdown.
        typed: What is typed for the ratio and the period.
        column: The targets before.
        divide: Goal -> the ratio of the targets of its parts.
        nodes: The goals to look at.
    """
    values, changed = list(column), set()
    for node in nodes:
        own = typed.get(tree.scope[node])
        value = divide(node) if own is None else own
        if value != values[node]:
            values[node] = value
            changed.add(node)
    return Retargeted(values, frozenset(changed))


@attrs.frozen(kw_only=True)
class Expecting:
    """What is expected of goals by a day, of which only some are looked at again.

    Attributes:
        plan: Whose pace, calendar and work calendar count.
        tree: The breakdown.
        metric: What is expected.
        period: By which it is due.
        as_of: The last day that counts.
        before: What was typed.
        typed: What is typed now.
    """

    plan: Plan
    tree: GoalTree
    metric: Metric
    period: Period
    as_of: date
    before: Typed
    typed: Typed

    def column(
        self,
        targets: Sequence[Exact | None],
        column: Sequence[Exact | None],
        nodes: Iterable[int],
    ) -> Sequence[Exact | None]:
        """Returns what should have been reached by ``as_of``; as `expected_column`.

        Args:
            targets: Of all goals, now.
            column: What was expected before.
            nodes: The goals whose target, or a typed part of it, changed.

        Raises:
            UnknownWorkdays: The work calendar does not know a day of a running part.

        Cost: these goals and those above, with their children. All goals where this is the
        first typed part of the period, or takes the last one away.
        """
        if self.as_of < self.period.start:
            return column
        if self.as_of >= self.period.last:
            return targets
        if self._parted(self.before) is not self._parted(self.typed):
            return expected_column(
                self.tree,
                self.metric,
                targets,
                self.typed,
                self.period,
                self.as_of,
                settings=self.plan.pace,
                calendar=self.plan.calendar,
                workdays=self.plan.workdays,
            )
        found = list(column)
        for node in sorted(self._upward(nodes), reverse=True):
            found[node] = self._one(targets, found, node)
        return found

    def _parted(self, typed: Typed) -> bool:
        """Whether anything is typed for a part of the period."""
        by_typed = self.plan.pace.basis is PaceBasis.TYPED
        return by_typed and any(typed[each] for each in typed if self._is_part(each))

    def _is_part(self, period: Period) -> bool:
        return self.period.covers(period) and period.days < self.period.days

    def _upward(self, nodes: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for each in nodes:
            node = each
            while node >= 0 and node not in found:
                found.add(node)
                node = self.tree.adds_to[node]
        return found

    def _one(
        self, targets: Sequence[Exact | None], column: Sequence[Exact | None], node: int
    ) -> Exact | None:
        settings, metric, codes = self.plan.pace, self.metric, self.tree.scope[node]
        parts: Parts = {}
        if settings.basis is PaceBasis.TYPED:
            parts = {
                each: values[codes]
                for each, values in self.typed.items()
                if codes in values and self._is_part(each)
            }
        elif settings.basis is PaceBasis.PROFILE and metric.aggregation in ACCUMULATING:
            parts = profile_parts(settings.profile, self.plan.calendar, self.period)
        value = expected_to_date(
            metric,
            targets[node],
            self.period,
            self.as_of,
            parts=parts,
            workdays=None if settings.basis is PaceBasis.DAYS else self.plan.workdays,
        )
        adds = metric.aggregation in {*ACCUMULATING, Aggregation.LAST}
        if not adds or metric.baseline is not None or parts or not self._parted(self.typed):
            return value
        children = self.tree.counted_children(node)
        return expect_as_children(value, targets, column, node, children)
