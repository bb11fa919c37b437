"""Breakdowns: trees of goals over one root, stored flat.

Node 0 is the root. Nodes stand breadth-first, so the children of a node are one slice of every
column; people see them depth-first (``reading_order``). The children of a node all refine the
same dimension, so no fact falls under two of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import attrs

from salesgoal.domain.dimension import Dimension, nearest_names
from salesgoal.domain.kind import all_of, require_kind
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import ANY, Codes
from salesgoal.errors import PlanRefused, UnknownName, UsageError

__all__ = ["Breakdown", "GoalTree", "Step", "build_tree"]

Step = tuple[int, int]
"""One edge of a path: position of the dimension, code of the member."""

_Branch = dict[Step, Any]
"""Step -> branch below it, to any depth."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(all_of(names, str, "by"))


@attrs.frozen
class Breakdown:
    """What a tree is broken down by: dimension ids from the root downwards.

    ``every_member`` gives a goal to every combination of members, otherwise only to those that
    a target names, and to those above them.
    """

    by: tuple[str, ...] = attrs.field(converter=_names)
    every_member: bool = False

    @property
    def name(self) -> str:
        """The dimensions, joined by ``>``."""
        return " > ".join(self.by)

    def title(self, dimensions: Sequence[Dimension]) -> str:
        """Returns the names of the dimensions, joined by ``>``, as people know them."""
        names = {each.id: each.name for each in dimensions}
        return " > ".join(names[each] for each in self.by)


@attrs.frozen(kw_only=True)
class GoalTree:
    """The goals of one breakdown as columns: tuples, or arrays for large plans.

    Attributes:
        breakdown: What it is broken down by.
        parent: Position of the node above, -1 for the root.
        first: Position of the first child; ``first[i] == stop[i]`` for a leaf.
        counted: Position behind the last child that counts; overlays stand behind those.
        stop: Position behind the last child.
        step: The dimension and member that the node adds to its parent; (-1, -1) for the root.
        scope: The member codes of each node.
        path: The member names from the root down, joined by ``/``; '' for the root. A slash
            inside a name becomes a full-width one, so that paths stay unique.
    """

    breakdown: Breakdown
    parent: Sequence[int]
    first: Sequence[int]
    counted: Sequence[int]
    stop: Sequence[int]
    step: Sequence[Step]
    scope: Sequence[Codes]
    path: Sequence[str]

    @cached_property
    def by_path(self) -> Mapping[str, int]:
        """Path -> position."""
        return {path: node for node, path in enumerate(self.path)}

    @cached_property
    def by_scope(self) -> Mapping[Codes, int]:
        """Member codes -> position."""
        return {codes: node for node, codes in enumerate(self.scope)}

    @cached_property
    def leaves(self) -> Mapping[Codes, int]:
        """Member codes of the lowest goals -> position."""
        rows = enumerate(zip(self.scope, self.first, self.stop, strict=True))
        return {codes: node for node, (codes, first, stop) in rows if first == stop}

    @cached_property
    def _child(self) -> Mapping[tuple[int, int], int]:
        """Position of a goal and member code -> the child with that member."""
        pairs = zip(self.parent, self.step, strict=True)
        return {(above, step[1]): node for node, (above, step) in enumerate(pairs)}

    @cached_property
    def _fixed(self) -> Sequence[Step]:
        """What the root itself fixes: nothing, but in a subtree."""
        return [(at, code) for at, code in enumerate(self.scope[0]) if code != ANY]

    @cached_property
    def _refined(self) -> Sequence[int]:
        """The position of the dimension that each goal's children refine; -1 for a leaf."""
        bounds = zip(self.first, self.stop, strict=True)
        return [self.step[first][0] if first < stop else -1 for first, stop in bounds]

    def __len__(self) -> int:
        """How many goals, the root included."""
        return len(self.parent)

    def node(self, path: str) -> int:
        """Returns the position of the goal with that path; '' is the root, whatever its own.

        Raises:
            UnknownName: There is none.
        """
        require_kind(path, str, "goal", "'华东/张三'")
        if not path:
            return 0
        if path not in self.by_path:
            raise UnknownName("goal", path, self.nearest(path))
        return self.by_path[path]

    def nearest(self, path: str) -> list[str]:
        """Returns up to three goals that may have been meant: by their end, else by one step.

        Only the names beside the step that is wrong are compared, whatever the number of goals.
        """
        found = [each for each in self.path if each.endswith(path)][:3]
        steps = path.split("/")
        above = ["/".join(steps[:at]) for at in range(len(steps))]
        known = [at for at, upper in enumerate(above) if not upper or upper in self.by_path]
        while known and not found:
            at = known.pop()
            start = f"{above[at]}/" if at else ""
            beside = self.children(self.node(above[at]))
            names = [self.path[child].removeprefix(start) for child in beside]
            near = [f"{start}{name}" for name in nearest_names(steps[at], names)]
            whole = ["/".join([upper, *steps[at + 1 :]]) for upper in near]
            found = [each for each in whole if each in self.by_path] or near
        return found

    def children(self, node: int) -> range:
        """Returns the positions of the children, none for a leaf."""
        return range(self.first[node], self.stop[node])

    def counted_children(self, node: int) -> range:
        """Returns the positions of the children that add to the goal: all but the overlays."""
        return range(self.first[node], self.counted[node])

    @cached_property
    def beside(self) -> Sequence[bool]:
        """Whether each goal is an overlay's, or below one: it adds to no goal of the others."""
        found = [False]
        for node, above in enumerate(self.parent[1:], start=1):
            found.append(found[above] or node >= self.counted[above])
        return found

    @cached_property
    def adds_to(self) -> Sequence[int]:
        """The goal that each goal's actual adds to; -1 for the root and for overlays."""
        pairs = enumerate(self.parent)
        return [above if node < self.counted[above] else -1 for node, above in pairs]

    def depth(self, node: int) -> int:
        """Returns how many goals stand above."""
        return self._depths[node]

    @cached_property
    def _depths(self) -> Sequence[int]:
        """How many goals stand above each; parents stand before their children."""
        depths: list[int] = []
        for above in self.parent:
            depths.append(depths[above] + 1 if above >= 0 else 0)
        return depths

    def reading_order(self, node: int = 0) -> Iterator[int]:
        """The node and all below it, depth-first, as people read a tree."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(self.children(node)))

    @cached_property
    def inner(self) -> tuple[int, ...]:
        """The goals with children that count, from the lowest to the root."""
        nodes = reversed(range(len(self)))
        return tuple(node for node in nodes if self.first[node] < self.counted[node])

    def home(self, codes: Codes, dimensions: Sequence[Dimension]) -> int:
        """Returns the lowest goal whose scope a fact with these members matches.

        -1 where no goal on the way shows an overlay member that the fact is credited to: an
        overlay counts only where it is seen. Likewise where the root is a goal of its own, and
        the fact is not of it.
        """
        for position, root in self._fixed:
            code = codes[position]
            if code == ANY or root not in dimensions[position].chains[code]:
                return -1
        node, child, refined = 0, self._child, self._refined
        while (position := refined[node]) >= 0 and (code := codes[position]) != ANY:
            for each in dimensions[position].chains[code]:
                if (node, each) in child:
                    node = child[node, each]
                    break
            else:
                break
        for code, shown, dimension in zip(codes, self.scope[node], dimensions, strict=True):
            if code in dimension.overlays and shown not in dimension.overlays:
                return -1
        return node


def build_tree(
    breakdown: Breakdown,
    dimensions: Sequence[Dimension],
    scopes: Iterable[Codes],
    period: Period | None = None,
) -> GoalTree:
    """Returns the tree of the goals that the scopes name and those above them.

    Siblings stand in the order of the dimension's members. Scopes that fix other dimensions
    than the breakdown's, or leave a gap before the last one fixed, belong to another breakdown
    and are passed over.

    Args:
        breakdown: What the tree is broken down by.
        dimensions: Of the plan.
        scopes: What targets name.
        period: For ``every_member``: only members with a seat in the period.

    Raises:
        UnknownName: The breakdown names a dimension that is not there.
        UsageError: It names one twice.
        PlanRefused: Two children of one goal refine different dimensions.
    """
    ids = [dimension.id for dimension in dimensions]
    for name in breakdown.by:
        if name not in ids:
            raise UnknownName("dimension", name, ids)
    if len(set(breakdown.by)) < len(breakdown.by):
        en = f"breakdown {breakdown.name} names a dimension twice"
        raise UsageError(en, f"分解 {breakdown.name} 两次写了同一个维度")
    positions = [ids.index(name) for name in breakdown.by]
    if breakdown.every_member:
        every = product(*(_leaves(dimensions[position], period) for position in positions))
        scopes = (_spread(positions, codes, len(ids)) for codes in every)
    tree: _Branch = {}
    paths = _Paths(positions, dimensions)
    for codes in scopes:
        branch = tree
        for step in paths.steps(codes):
            branch = branch.setdefault(step, {})
    return _lay_flat(breakdown, dimensions, tree)


def _leaves(dimension: Dimension, period: Period | None) -> list[int]:
    if period is None or not dimension.seats.timetable:
        return dimension.leaves
    inside = {
        seat
        for code in range(len(dimension.members))
        for _, _, seat in dimension.seats.inside(code, period.start, period.stop)
    }
    above = {each for code in inside for each in dimension.chains[code][:-1]}
    return sorted(inside - above)


def _spread(positions: Sequence[int], codes: Sequence[int], size: int) -> Codes:
    scope = [ANY] * size
    for position, code in zip(positions, codes, strict=True):
        scope[position] = code
    return tuple(scope)


class _Paths:
    """The paths of scopes in one breakdown."""

    def __init__(self, positions: Sequence[int], dimensions: Sequence[Dimension]) -> None:
        self._positions = positions
        self._others = [at for at in range(len(dimensions)) if at not in positions]
        self._ways = [
            [[(position, each) for each in chain] for chain in dimensions[position].chains]
            for position in positions
        ]

    def steps(self, codes: Codes) -> Sequence[Step]:
        """The path of a scope below the root; empty where it is not one of this breakdown."""
        if any(codes[at] != ANY for at in self._others):
            return ()
        steps: list[Step] = []
        is_open = False
        for position, ways in zip(self._positions, self._ways, strict=True):
            code = codes[position]
            if code == ANY:
                is_open = True
            elif is_open:
                return ()
            else:
                steps += ways[code]
        return steps


def _lay_flat(breakdown: Breakdown, dimensions: Sequence[Dimension], tree: _Branch) -> GoalTree:
    root: Codes = (ANY,) * len(dimensions)
    parent, step, scope, path = [-1], [(-1, -1)], [root], [""]
    first, counted, stop = [], [], []
    branches = [tree]
    problems: list[Problem] = []
    heads = [set(filter(one.is_overlay_head, one.overlays)) for one in dimensions]
    names = [[each.name.replace("/", "／") for each in one.members] for one in dimensions]
    for node, branch in enumerate(branches):
        first.append(len(branches))
        if not branch:
            counted.append(len(branches))
            stop.append(len(branches))
            continue
        problems += _overlaps(branch, dimensions, path[node])
        aside = sorted(step for step in branch if step[1] in heads[step[0]])
        steps = sorted(step for step in branch if step[1] not in heads[step[0]])
        for position, code in (*steps, *aside):
            name = names[position][code]
            codes = (*scope[node][:position], code, *scope[node][position + 1 :])
            parent.append(node)
            step.append((position, code))
            scope.append(codes)
            path.append(f"{path[node]}/{name}" if node else name)
            branches.append(branch[position, code])
        counted.append(len(branches) - len(aside))
        stop.append(len(branches))
    if problems:
        raise PlanRefused(problems)
    return GoalTree(
        breakdown=breakdown,
        parent=tuple(parent),
        first=tuple(first),
        counted=tuple(counted),
        stop=tuple(stop),
        step=tuple(step),
        scope=tuple(scope),
        path=tuple(path),
    )


def _overlaps(
    branch: Mapping[Step, object], dimensions: Sequence[Dimension], path: str
) -> Iterator[Problem]:
    steps = sorted(branch)
    for step in steps:
        if step[0] != steps[0][0]:
            names = [dimensions[at].members[code].name for at, code in (steps[0], step)]
            place = Place("breakdown", key=path or "the root")
            yield problem("overlapping-goals", place, first=names[0], second=names[1])
