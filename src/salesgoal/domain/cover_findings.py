"""Findings about goals whose children do not cover them: somebody was left out.

Silent where it would be noise: a member with a goal under another parent is not missed here, a
child whose longer period is typed needs no shorter one, nor one in which it does not sit there,
and without a single sibling that has a target nobody is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import Codes
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.target import unique_scopes
from salesgoal.domain.tie_findings import goal_place

__all__ = ["find_uncovered"]

_MOST_NAMED = 3
_COVERED = {Aggregation.SUM, Aggregation.LAST, Aggregation.DISTINCT}
"""Of averages, extremes and ratios a parent is no sum, so no child is a missing part of it."""


def find_uncovered(card: Scorecard, source: str) -> Iterator[Problem]:
    """Members without a goal and children without a target, where others beside them have one.

    One finding names all that are missing at one place. Linear in goals x periods.

    Args:
        card: One breakdown of a plan.
        source: What the plan is called in the address of a finding.
    """
    targets = {metric.id: card.plan.targets.of(metric.id) for metric in card.plan.metrics}
    columns = (each for typed in targets.values() for each in typed.values())
    named = _at_or_above(card.tree, unique_scopes(columns))
    yield from _members_without_goal(card, named, source)
    for metric in card.plan.metrics:
        if metric.aggregation in _COVERED:
            yield from _children_without_target(card, metric, named, source)


def _at_or_above(tree: GoalTree, scopes: Iterable[Codes]) -> bytearray:
    """1 for the goals of the scopes and all above them."""
    marks = bytearray(len(tree))
    for codes in scopes:
        node = tree.by_scope.get(codes, -1)
        while node >= 0 and not marks[node]:
            marks[node] = 1
            node = tree.parent[node]
    return marks


def _members_without_goal(card: Scorecard, named: bytearray, source: str) -> Iterator[Problem]:
    """Members that no goal of the breakdown names, while members beside them have goals."""
    tree, dimensions = card.tree, card.plan.dimensions
    present: dict[tuple[int, int], set[int]] = {}
    parents: dict[tuple[int, int], set[int]] = {}
    for node in range(1, len(tree)):
        if named[node]:
            at, code = tree.step[node]
            group = at, _above(dimensions[at].chains[code])
            present.setdefault(group, set()).add(code)
            parents.setdefault(group, set()).add(tree.parent[node])
    siblings: dict[tuple[int, int], list[int]] = {}
    for at in {at for at, _ in present}:
        for code, chain in enumerate(dimensions[at].chains):
            siblings.setdefault((at, _above(chain)), []).append(code)
    for group, known in present.items():
        names = [
            dimensions[group[0]].members[code].name
            for code in siblings[group]
            if code not in known
        ]
        if names:
            # Several goals are broken down by these members: none of them is the one at fault.
            path = tree.path[min(parents[group])] if len(parents[group]) == 1 else ""
            yield problem(
                "member-without-goal",
                Place(source, key=path or card.plan.name),
                dimension=dimensions[group[0]].name,
                **_listed(names),
            )


def _above(chain: Sequence[int]) -> int:
    """The member right above the last of a chain; -1 for none."""
    return chain[-2] if len(chain) > 1 else -1


def _children_without_target(
    card: Scorecard, metric: Metric, named: bytearray, source: str
) -> Iterator[Problem]:
    """Children without a target in a period in which a sibling has one."""
    tree, typed = card.tree, card.plan.targets.of(metric.id)
    shown = card.plan.periods
    longer = {
        period: [each for each in typed if each.covers(period) and each != period]
        for period in shown
    }
    wanted = {each for group in longer.values() for each in group}
    spoken = {each: _at_or_above(tree, typed[each]) for each in typed if each in wanted}
    found: dict[tuple[int, tuple[int, ...]], list[Period]] = {}
    for period in shown if typed else ():
        column = card.columns[metric.id, period].targets["target"]
        marks = [spoken[each] for each in longer[period]]
        for node in reversed(tree.inner):
            first, stop = tree.first[node], tree.counted[node]
            part = column[first:stop]
            if None not in part or part.count(None) == len(part):
                continue
            lacking = tuple(
                child
                for child, value in enumerate(part, start=first)
                if value is None and named[child] and not any(mark[child] for mark in marks)
                if _sits(card, child, period)
            )
            periods = found.setdefault((node, lacking), []) if lacking else []
            if not any(each.covers(period) for each in periods):
                periods.append(period)
    for (node, lacking), periods in found.items():
        labels = _listed([period.label for period in periods])
        place = goal_place(card.plan, source, tree.path[node], metric, labels["names_zh"])
        names = [tree.path[child].rpartition("/")[2] for child in lacking]
        yield problem("child-without-target", place, **_listed(names))


def _sits(card: Scorecard, node: int, period: Period) -> bool:
    """Whether the member of a goal has that seat on a day of the period."""
    at, code = card.tree.step[node]
    seats = card.plan.dimensions[at].seats
    return any(seat == code for _, _, seat in seats.inside(code, period.start, period.stop))


def _listed(names: Sequence[str]) -> Mapping[str, str]:
    """The first three names, and how many there are."""
    shown, count = names[:_MOST_NAMED], len(names)
    more = count > _MOST_NAMED
    return {
        "names_zh": "、".join(shown) + (f" 等 {count} 个" if more else ""),
        "names_en": ", ".join(shown) + (f" and {count - _MOST_NAMED} more" if more else ""),
    }
