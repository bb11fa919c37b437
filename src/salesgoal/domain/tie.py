"""Ties: what tied with a target that has changed follows it, goals and periods above first.

A goal whose own shorter periods have changed follows them. Where its children have changed by
something else, the difference goes to goals below it that have not moved and hang on no shorter
period, by weight of what they were; all goals between follow exactly. Where there are none, or
they had less than they would have to give, the tie cannot be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from salesgoal.domain.number import rescale
from salesgoal.domain.period import Period
from salesgoal.domain.rescale import Place, Rescaling, longest_inside
from salesgoal.domain.scope import Codes

__all__ = ["follow_ties"]

_Shown = dict[tuple[int, Period], int]
"""Position and period -> what an untyped goal of a breakdown comes to now."""


def follow_ties(work: Rescaling) -> None:
    """Lets every typed target follow that tied with what has changed below it.

    The shortest periods come first. In each the root comes last: it stands in every breakdown,
    and each has its say below it first, before the others those that have the revised goal.
    """
    following = _Following(work)
    known = -1
    while following.moves > known:
        known = following.moves
        following.follow_all()


@attrs.define
class _Following:
    """One pass after the other over the breakdowns, until nothing moves any more.

    Attributes:
        work: What has changed so far.
        by_time: Places that follow their shorter periods -> the breakdown that had its say.
        carried: Places that follow their children alone -> in which breakdown.
        timing: Period -> by how much the first goal moved in each of its parts.
        moves: How often a place got another value.
        absorbed: Whether goals below have just taken a difference.
    """

    work: Rescaling
    by_time: dict[Place, int] = attrs.field(factory=dict)
    carried: dict[Place, int] = attrs.field(factory=dict)
    timing: dict[Period, dict[Period, int]] = attrs.field(factory=dict)
    moves: int = 0
    absorbed: bool = False

    def follow_all(self) -> None:
        """One pass over everything; where shorter periods move, it goes back to the first."""
        trees = self._trees_in_order()
        shown = {at: _Shown() for at in trees}
        changed = {*self.work.typed, *(period for _, period in self.work.new)}
        periods = sorted(changed, key=lambda each: (each.days, each.start))
        at_period = 0
        while at_period < len(periods):
            period, known = periods[at_period], len(self.work.moved)
            for at in trees:
                self._follow_below(at, period, shown[at])
            if self._goes_back(period, known):
                at_period = 0
                continue
            for at in trees:
                self._follow_place(at, 0, period, shown[at])
            at_period = 0 if self._goes_back(period, known) else at_period + 1

    def _goes_back(self, period: Period, known: int) -> bool:
        """Whether goals between, or shorter periods, must follow before longer ones do."""
        again = self.absorbed or any(
            each.days < period.days for each in self.work.moved[known:]
        )
        self.absorbed = False
        return again

    def _trees_in_order(self) -> list[int]:
        """First the breakdowns that have a revised goal."""
        return sorted(range(len(self.work.trees)), key=lambda at: not self._stands_in(at))

    def _stands_in(self, at: int) -> bool:
        """Whether a breakdown has a revised goal."""
        return any(codes in self.work.trees[at].by_scope for codes in self.work.revised)

    def _follow_below(self, at: int, period: Period, shown: _Shown) -> None:
        """The goals below the root, the lowest first."""
        tree = self.work.trees[at]
        touched = {
            tree.by_scope[codes] for codes in self.work.touched() if codes in tree.by_scope
        }
        for node in reversed(range(1, len(tree))):
            if node in touched:
                touched.add(tree.parent[node])
                self._follow_place(at, node, period, shown)

    def _follow_place(self, at: int, node: int, period: Period, shown: _Shown) -> None:
        """One goal and period: what ties and has moved on one side moves the rest with it."""
        work, codes = self.work, self.work.trees[at].scope[node]
        before = work.was(at, node, period)
        if before is None:
            return
        if (codes, period) in work.new:
            self._follow_again(at, node, period, shown)
            return
        moved = self._moved(at, node, period, shown)
        tied_members = self._ties(at, node, period)
        own = longest_inside(work.typed_periods(codes), period)
        typed = work.is_typed(codes, period)
        if not own and not typed:
            shown[node, period] = before + moved
            return
        passed = self._passed(codes, own)
        tied_times = bool(own) and sum(work.typed[each][codes] for each in own) == before
        if tied_times and (passed or self._set_itself(codes, own)):
            self._put(codes, period, before + passed, before)
            self.by_time[codes, period] = at
            if tied_members:
                self._absorb_below(at, node, period, shown)
        elif tied_members and moved and not self._is_kept(at, codes, period):
            self._put(codes, period, before + moved, before)
            if not own:
                self.carried[codes, period] = at
            if tied_times:
                self._absorb_over_time(codes, period)
                self._put(codes, period, before + self._passed(codes, own), before)
                self.by_time[codes, period] = at

    def _follow_again(self, at: int, node: int, period: Period, shown: _Shown) -> None:
        """A goal that followed before: what has moved since moves it once more."""
        codes = self.work.trees[at].scope[node]
        place, was = (codes, period), self.work.was(at, node, period) or 0
        if self.carried.get(place) == at:
            self._put(codes, period, was + self._moved(at, node, period, shown), was)
        elif place in self.by_time:
            own = longest_inside(self.work.typed_periods(codes), period)
            self._put(codes, period, was + self._passed(codes, own), was)
            has_say = codes in self.work.revised or self.by_time[place] == at
            if has_say and self._ties(at, node, period):
                self._absorb_below(at, node, period, shown)

    def _put(self, codes: Codes, period: Period, value: int, before: int) -> None:
        """Gives a place a new value, and counts it where it is another one."""
        self.moves += self.work.new.get((codes, period)) != value
        self.work.put(codes, period, value, before)

    def _is_kept(self, at: int, codes: Codes, period: Period) -> bool:
        """Whether a breakdown with a revised goal has said that a goal stays as it is."""
        return not self._stands_in(at) and any(
            self._stands_in(other) and self._ties(other, tree.by_scope[codes], period)
            for other, tree in enumerate(self.work.trees)
            if codes in tree.by_scope
        )

    def _ties(self, at: int, node: int, period: Period) -> bool:
        """Whether a goal had children whose targets came to its own."""
        parts = self.work.children(at, node, period)
        return bool(parts) and sum(was for _, was in parts) == self.work.was(at, node, period)

    def _set_itself(self, codes: Codes, own: Sequence[Period]) -> bool:
        """Whether a goal's shorter periods were set, though their sum may be what it was."""
        return codes in self.work.revised and any(
            (codes, each) in self.work.new for each in own
        )

    def _passed(self, codes: Codes, own: Sequence[Period]) -> int:
        """By how much a goal's own shorter periods have changed together."""
        typed = self.work.typed
        return sum(
            self.work.new.get((codes, each), typed[each][codes]) - typed[each][codes]
            for each in own
        )

    def _moved(self, at: int, node: int, period: Period, shown: _Shown) -> int:
        """By how much the children's targets of a period have changed together."""
        return sum(
            self._now(at, child, period, shown) - (self.work.was(at, child, period) or 0)
            for child in self.work.trees[at].counted_children(node)
        )

    def _now(self, at: int, node: int, period: Period, shown: _Shown) -> int:
        place = (self.work.trees[at].scope[node], period)
        if place in self.work.new:
            return self.work.new[place]
        return shown.get((node, period), self.work.was(at, node, period) or 0)

    def _absorb_over_time(self, codes: Codes, period: Period) -> None:
        """A goal's own shorter periods that tie with no children take the difference.

        The others follow their children, the shortest first. That the children in a breakdown
        without the revised goal have not moved holds nothing.
        """
        work = self.work
        olds = work.inside(codes, period)
        for each in sorted(olds, key=lambda each: (each.days, each.start)):
            for at in self._trees_in_order():
                tree = work.trees[at]
                if codes in tree.by_scope and (codes, each) not in work.new:
                    node = tree.by_scope[codes]
                    shown = self._shown_below(at, node, each)
                    moved = self._moved(at, node, each, shown)
                    if self._ties(at, node, each) and (moved or self._stands_in(at)):
                        work.put(codes, each, olds[each] + moved, olds[each])
        self._follow_timing(codes, period, olds)
        self._hold_outside(codes, period, olds)
        work.share_over_time(codes, period)
        finest = [each for each in olds if not longest_inside(olds, each)]
        steps = {each: work.new.get((codes, each), olds[each]) - olds[each] for each in finest}
        self.timing.setdefault(period, steps)

    def _follow_timing(self, codes: Codes, period: Period, olds: Mapping[Period, int]) -> None:
        """Moves in the periods in which the first goal moved by as much, where it can.

        When it happens is said once, so that two breakdowns do not contradict each other.
        """
        work, steps = self.work, self.timing.get(period, {})
        known = work.old((codes, period))
        if sum(steps.values()) != work.new[codes, period] - known:
            return
        own = [each for each in olds if work.is_typed(codes, each)]
        wanted: dict[Period, tuple[int, int]] = {}
        for each in dict.fromkeys([*olds, *steps]):
            parts = longest_inside(own, each)
            was = olds.get(each, sum(olds[part] for part in parts))
            step = sum(steps[part] for part in steps if each.covers(part))
            if (parts or each in olds) and any(each.covers(part) for part in steps):
                wanted[each] = (was, was + step)
        if all(value >= min(was, 0) for was, value in wanted.values()):
            for each, (was, value) in wanted.items():
                if (codes, each) not in work.new:
                    work.put(codes, each, value, was)

    def _shown_below(self, at: int, node: int, period: Period) -> _Shown:
        """What untyped goals below a goal come to now."""
        work, tree, shown = self.work, self.work.trees[at], _Shown()
        for each in reversed(list(tree.reading_order(node))):
            codes, was = tree.scope[each], work.was(at, each, period)
            if was is not None and not (
                work.is_typed(codes, period) or self._hangs(codes, period)
            ):
                shown[each, period] = was + self._moved(at, each, period, shown)
        return shown

    def _hangs(self, codes: Codes, period: Period) -> bool:
        """Whether a goal has shorter periods of its own inside a period."""
        return bool(longest_inside(self.work.typed_periods(codes), period))

    def _hold_outside(self, codes: Codes, period: Period, olds: Mapping[Period, int]) -> None:
        """Leaves as they are the periods outside the revised one, if those inside suffice.

        Where a single one lies inside it takes all, and so do the shorter ones in it.
        """
        work, waiting = self.work, [period]
        while waiting:
            whole = waiting.pop()
            own = longest_inside(olds, whole)
            free = [each for each in own if (codes, each) not in work.new]
            inside = [each for each in free if work.within and work.within.overlaps(each)]
            set_before = (each for each in own if each not in free)
            passed = sum(work.new[codes, each] - olds[each] for each in set_before)
            rest = work.new[codes, whole] - work.old((codes, whole)) - passed
            room = sum(olds[each] for each in inside)
            if not inside or room + rest < 0:
                return
            for each in (each for each in free if each not in inside):
                work.put(codes, each, olds[each], olds[each])
            if len(inside) == 1:
                work.put(codes, inside[0], room + rest, room)
                waiting = inside

    def _absorb_below(self, at: int, node: int, period: Period, shown: _Shown) -> None:
        """Those below that can still move take what a goal and its children differ by."""
        work, place = self.work, (self.work.trees[at].scope[node], period)
        rest = work.new[place] - work.old(place) - self._moved(at, node, period, shown)
        if not rest or work.held(period):
            return
        takers = self._takers(at, node, period)
        olds = [work.was(at, each, period) or 0 for each in takers]
        total = sum(olds) + rest
        if not takers or (total < 0 <= min(olds)):
            return
        scope = work.trees[at].scope
        whole = [scope[each] for each in takers if self._is_free(scope[each], period)]
        for each, was, value in zip(takers, olds, rescale(olds, total), strict=True):
            self._put(scope[each], period, value, was)
        self.absorbed = True
        work.spread_down(whole, period)

    def _takers(self, at: int, node: int, period: Period) -> list[int]:
        """The highest goals below that can take a difference."""
        tree = self.work.trees[at]
        takers: list[int] = []
        waiting = list(tree.counted_children(node))
        while waiting:
            each = waiting.pop()
            codes, was = tree.scope[each], self.work.was(at, each, period)
            carried = (codes, period) in self.carried
            if was is None or (not carried and self._is_settled(codes, period)):
                continue
            if not carried and self._takes(at, each, period):
                takers.append(each)
            else:
                waiting += tree.counted_children(each)
        return sorted(takers)

    def _takes(self, at: int, node: int, period: Period) -> bool:
        """Whether a goal can change and loosen no tie: with all below it, or alone."""
        codes = self.work.trees[at].scope[node]
        alone = self.work.is_typed(codes, period) and not self._ties(at, node, period)
        return alone or self._is_free(codes, period)

    def _is_free(self, codes: Codes, period: Period) -> bool:
        """Whether everything below a goal, in every breakdown, can still change."""
        return not any(
            self.work.was(at, each, period) is not None
            and self._is_settled(tree.scope[each], period)
            for at, tree in enumerate(self.work.trees)
            if codes in tree.by_scope
            for each in tree.reading_order(tree.by_scope[codes])
        )

    def _is_settled(self, codes: Codes, period: Period) -> bool:
        """Whether a target has moved, or hangs on shorter periods."""
        return (codes, period) in self.work.new or self._hangs(codes, period)
