"""Rescaling: a new value for one goal and period, and what follows so that ties still tie.

A typed target *ties* with its goal's children, or with its own sub-periods, where they add up
to it. Below the new value every typed target gets its exact share by weight of what it was:
shares are whole units and lose nothing, what tied is tied afterwards, and what differed is
scaled by the same factor. Above it, what tied follows and what differed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import attrs

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import rescale, round_units
from salesgoal.domain.period import Period
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Column, Typed, derive_targets

__all__ = ["Place", "Rescaling", "longest_inside"]

Place = tuple[Codes, Period]
"""Where a target stands: scope and period."""

_NONE: frozenset[Period] = frozenset()


def longest_inside(periods: Iterable[Period], whole: Period) -> list[Period]:
    """Returns the longest of the periods that lie inside another one, side by side."""
    found: list[Period] = []
    inside = (each for each in periods if whole.covers(each) and each != whole)
    for each in sorted(inside, key=lambda each: (each.start, -each.days)):
        if not found or found[-1].stop <= each.start:
            found.append(each)
    return found


@attrs.define
class Rescaling:
    """The typed targets of one metric and measure on their way to new values.

    Attributes:
        trees: The breakdowns; a scope may stand in several.
        metric: One whose targets add.
        typed: The targets as they were.
        revised: The scope whose target is set, or the seats of who moved; what its own periods
            settle, all its breakdowns share. Other goals move only in the breakdown that moved
            them.
        people: The seats of those who moved, as `derive_targets` takes them.
        within: The period that is revised; what another breakdown must change, it changes
            there.
        held: Periods whose targets take no share of a difference.
        new: New values by place, of derived targets too where they set those below.
        moved: The period of each new value, in the order of coming.
    """

    trees: Sequence[GoalTree]
    metric: Metric
    typed: Typed
    revised: Collection[Codes] = ()
    people: Mapping[Codes, Codes] = attrs.field(factory=dict)
    within: Period | None = None
    held: Callable[[Period], bool] = lambda _: False
    new: dict[Place, int] = attrs.field(factory=dict)
    moved: list[Period] = attrs.field(factory=list)
    _old: dict[Place, int] = attrs.field(factory=dict)
    _heads: dict[Codes, set[Period]] = attrs.field(factory=dict)
    _own: dict[Codes, list[Period]] = attrs.field(factory=dict)
    _below: dict[Codes, frozenset[Period]] = attrs.field(factory=dict)
    _columns: dict[tuple[int, Period], Column] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Looks up which periods each scope has typed."""
        for period, values in self.typed.items():
            for codes in values:
                self._own.setdefault(codes, []).append(period)

    def typed_periods(self, codes: Codes) -> Sequence[Period]:
        """Returns the periods that are typed for a scope."""
        return self._own.get(codes, ())

    def before(self, codes: Codes, period: Period) -> int | None:
        """Returns what a target was, by the first breakdown that has one for the goal."""
        standing = (
            self.was(at, tree.by_scope[codes], period)
            for at, tree in enumerate(self.trees)
            if codes in tree.by_scope
        )
        return next((was for was in standing if was is not None), None)

    def touched(self) -> Collection[Codes]:
        """Returns the scopes that have a new value."""
        return self._heads.keys()

    def put(self, codes: Codes, period: Period, value: int, before: int) -> None:
        """Gives a place its new value."""
        if (codes, period) not in self.new:
            self.moved.append(period)
        self.new[codes, period] = value
        self._old[codes, period] = before
        self._heads.setdefault(codes, set()).add(period)

    def spread_down(self, starts: Sequence[Codes], whole: Period) -> None:
        """Gives all below the places that have a new value inside ``whole`` their shares."""
        active = set(starts)
        for at, tree in enumerate(self.trees):
            self._follow_inside(at, tree, active, whole, _above(tree, starts))
            for node, codes in enumerate(tree.scope):
                if codes in active:
                    self.share_over_time(codes, whole)
                    self._over_children(at, node, whole)
                    below = (tree.scope[child] for child in tree.counted_children(node))
                    active.update(each for each in below if self._inner(each, whole))

    def typed_changes(self) -> dict[Place, tuple[int, int]]:
        """Returns the typed targets that differ now: place -> before, after."""
        return {
            place: (self.typed[place[1]][place[0]], value)
            for place, value in self.new.items()
            if self.is_typed(*place) and self.typed[place[1]][place[0]] != value
        }

    def is_typed(self, codes: Codes, period: Period) -> bool:
        """Returns whether a place is typed."""
        return codes in self.typed.get(period, {})

    def was(self, at: int, node: int, period: Period) -> int | None:
        """Returns what a goal of one breakdown, by its position, had."""
        if (at, period) not in self._columns:
            self._columns[at, period] = derive_targets(
                self.trees[at], self.metric, self.typed, [period], self.people
            )[period]
        return self._columns[at, period][node]

    def _inner(self, codes: Codes, whole: Period) -> list[Period]:
        """The periods inside ``whole`` with a new value, the shortest first."""
        found = (each for each in self._heads.get(codes, ()) if whole.covers(each))
        return sorted(found, key=lambda each: (each.days, each.start))

    def _share(self, old: int, new: int, parts: Sequence[tuple[Place, int]]) -> None:
        """Gives the parts without a new value what the others leave."""
        for place, was in parts:
            if place not in self.new and self.held(place[1]):
                self.put(*place, was, was)
        free = [(place, was) for place, was in parts if place not in self.new]
        together = sum(was for _, was in parts)
        if not free or (together != old and not old):
            return
        tied = together == old
        total = new if tied else round_units(Fraction(together * new, old))
        rest = total - sum(self.new[place] for place, _ in parts if place in self.new)
        if -len(parts) < rest < 0 <= new and min(was for _, was in free) >= 0:
            rest = 0  # Others took a unit more by rounding; below zero would be worse.
        values = rescale([was for _, was in free], rest)
        for (place, was), value in zip(free, values, strict=True):
            self.put(*place, value, was)

    def share_over_time(self, codes: Codes, whole: Period) -> None:
        """From a goal's new values to its own shorter periods, and to those tied above."""
        heads = {each: self._old[codes, each] for each in self._inner(codes, whole)}
        typed = {whole: self.typed[whole][codes]} if self.is_typed(codes, whole) else {}
        olds = {**typed, **self.inside(codes, whole), **heads}
        own = sorted(olds, key=lambda each: (-each.days, each.start))
        for period in reversed(own):
            if (codes, period) not in self.new:
                parts = [(codes, each) for each in longest_inside(own, period)]
                if parts and all(place in self.new for place in parts):
                    self.follow(codes, period, olds[period], parts)
        for period in own:
            if (codes, period) in self.new:
                inside = longest_inside(own, period)
                shares = [((codes, each), olds[each]) for each in inside]
                self._share(olds[period], self.new[codes, period], shares)

    def inside(self, codes: Codes, whole: Period) -> dict[Period, int]:
        """Returns a goal's own shorter periods with what they were.

        With them come the periods typed below it that they make up: shared out by way of
        these, both sides come to the same in each of them.
        """
        own = [each for each in self.typed_periods(codes) if _is_inside(each, whole)]
        found = {each: self.typed[each][codes] for each in own}
        below = self._typed_below(codes) if own else _NONE
        for each in sorted(below, key=lambda each: (each.days, each.start)):
            parts = longest_inside(own, each)
            wanted = _is_inside(each, whole) and not self.held(each) and each not in found
            if parts and wanted and all(_nests(each, other) for other in found):
                found[each] = sum(self.typed[part][codes] for part in parts)
        return found

    def _typed_below(self, codes: Codes) -> Collection[Period]:
        """The periods that are typed anywhere below a goal."""
        if not self._below:
            for tree in self.trees:
                for node in reversed(range(1, len(tree))):
                    child, parent = tree.scope[node], tree.scope[tree.parent[node]]
                    more = self._below.get(child, _NONE).union(self.typed_periods(child))
                    known = self._below.get(parent, _NONE)
                    self._below[parent] = known if more <= known else known | more
        return self._below.get(codes, _NONE)

    def old(self, place: Place) -> int:
        """Returns what a place had that is typed or has a new value."""
        return self._old[place] if place in self._old else self.typed[place[1]][place[0]]

    def follow(self, codes: Codes, period: Period, before: int, parts: Sequence[Place]) -> None:
        """Gives a place the sum of its parts, where they made it up before."""
        if sum(map(self.old, parts)) == before:
            self.put(codes, period, sum(self.new[place] for place in parts), before)

    def children(self, at: int, node: int, period: Period) -> list[tuple[Place, int]]:
        """The children that had a target, with what it was."""
        tree = self.trees[at]
        pairs = (
            ((tree.scope[child], period), self.was(at, child, period))
            for child in tree.counted_children(node)
        )
        return [(place, was) for place, was in pairs if was is not None]

    def _over_children(self, at: int, node: int, whole: Period) -> None:
        """From a goal's new values to its children's, the shortest periods first.

        What ties decides; where a period does not tie, only children without a longer period
        that does are scaled with it.
        """
        codes = self.trees[at].scope[node]
        loose = []
        fresh: set[Place] = set()
        for period in self._inner(codes, whole):
            parts = self.children(at, node, period)
            fresh |= {place for place, _ in parts if place not in self.new}
            if sum(was for _, was in parts) != self._old[codes, period]:
                loose.append(period)
                continue
            for place, was in parts:
                inside = longest_inside(self._inner(place[0], period), period)
                if place not in self.new and inside:
                    self.follow(place[0], period, was, [(place[0], each) for each in inside])
            self._share(self._old[codes, period], self.new[codes, period], parts)
        self._meet_longer(fresh & self.new.keys())
        for period in reversed(loose):
            parts = [
                (place, was)
                for place, was in self.children(at, node, period)
                if not any(each.covers(period) for each in self._heads.get(place[0], ()))
            ]
            self._share(self._old[codes, period], self.new[codes, period], parts)

    def _meet_longer(self, fresh: set[Place]) -> None:
        """Moves units between siblings until each meets its longer periods set before.

        Another breakdown may have settled, by way of the goals below, what a child's quarter
        is. Its months, shared out with those of its siblings, were rounded without regard to
        that; what one has too much in a month another has too little.
        """
        children = sorted({codes for codes, _ in fresh})
        longer = {each for codes in children for each in self._heads[codes]}
        for period in sorted(longer, key=lambda each: (each.days, each.start)):
            settled = (codes for codes in children if (codes, period) not in fresh)
            over = {codes: self._excess(codes, period) for codes in settled}
            givers = [codes for codes, rest in over.items() if rest > 0]
            takers = [codes for codes, rest in over.items() if rest < 0]
            for giver, taker in product(givers, takers):
                for each in self._common(giver, taker, period, fresh):
                    units = min(over[giver], -over[taker], self.new[giver, each])
                    if units > 0:
                        self._pass_on(giver, taker, each, fresh, units)
                        over[giver] -= units
                        over[taker] += units

    def _excess(self, codes: Codes, period: Period) -> int:
        """By how much a goal's shorter periods exceed one that they made up."""
        parts = [(codes, each) for each in longest_inside(self._inner(codes, period), period)]
        place = (codes, period)
        if place not in self.new or sum(map(self.old, parts)) != self.old(place):
            return 0
        return sum(self.new[part] for part in parts) - self.new[place]

    def _common(
        self, giver: Codes, taker: Codes, whole: Period, fresh: set[Place]
    ) -> list[Period]:
        """The shortest periods in which both may still change, the giver's largest first."""
        both = [
            each
            for each in self._inner(giver, whole)
            if {(giver, each), (taker, each)} <= fresh
            and all(
                (codes, above) in fresh
                for codes in (giver, taker)
                for above in self._inner(codes, whole)
                if above.covers(each) and above != whole
            )
        ]
        finest = [each for each in both if not any(each.covers(o) and o != each for o in both)]
        return sorted(finest, key=lambda each: -self.new[giver, each])

    def _pass_on(
        self, giver: Codes, taker: Codes, period: Period, fresh: set[Place], units: int
    ) -> None:
        """Moves units in one period and in those around it that follow."""
        for codes, step in ((giver, -units), (taker, units)):
            for each in self._heads[codes]:
                if each.covers(period) and (codes, each) in fresh:
                    self.new[codes, each] += step

    def _follow_inside(
        self, at: int, tree: GoalTree, active: set[Codes], whole: Period, above: set[int]
    ) -> None:
        """Goals of this breakdown all of whose children another one has already set."""
        for node in tree.inner:
            children = [tree.scope[child] for child in tree.counted_children(node)]
            if node in above or active.isdisjoint(children):
                continue
            codes = tree.scope[node]
            for period in sorted(
                {each for child in children for each in self._inner(child, whole)},
                key=lambda each: (each.days, each.start),
            ):
                parts = self.children(at, node, period)
                before = self.was(at, node, period)
                own = longest_inside(self.typed_periods(codes), period)
                ready = all(place in self.new for place, _ in parts) and not any(
                    (codes, each) in self.new for each in own
                )
                if ready and before is not None and (codes, period) not in self.new:
                    self.follow(codes, period, before, [place for place, _ in parts])
                    active.add(codes)


def _is_inside(period: Period, whole: Period) -> bool:
    return whole.covers(period) and period != whole


def _nests(one: Period, other: Period) -> bool:
    return one.covers(other) or other.covers(one) or not one.overlaps(other)


def _above(tree: GoalTree, starts: Sequence[Codes]) -> set[int]:
    """The positions of the goals above the starts."""
    found: set[int] = set()
    for codes in starts:
        node = tree.parent[tree.by_scope[codes]] if codes in tree.by_scope else -1
        while node >= 0:
            found.add(node)
            node = tree.parent[node]
    return found
