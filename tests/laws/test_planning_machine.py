"""Planning as people do it: propose, approve, refuse, revert, close, reopen, split, look back.

The model knows a quarter of two regions and three months as six plain numbers, and the rules as
a few lines of arithmetic; it never calls the code under test.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.history import Decision, Event, History, Lock, Revert
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.replay import record, replay
from salesgoal.domain.revision import propose
from salesgoal.domain.target import Target
from salesgoal.errors import RevisionRefused

from .plain_shares import share

MONTHS = ("2023-10", "2023-11", "2023-12")
REGIONS = ("华东", "华南")
START = {("华东", m): 40 + 10 * n for n, m in enumerate(MONTHS)} | {
    ("华南", m): 30 for m in MONTHS
}
NOON = datetime(2023, 10, 9, 12, tzinfo=UTC)


def base_plan():
    """Every total is typed as well, so that ties have to be kept and not only derived."""
    targets = [
        Target(metric="sales", scope={"region": r}, period=m, target=v)
        for (r, m), v in START.items()
    ]
    for region in REGIONS:
        total = sum(START[region, m] for m in MONTHS)
        targets.append(
            Target(metric="sales", scope={"region": region}, period="2023Q4", target=total)
        )
    targets += [
        Target(metric="sales", period=m, target=sum(START[r, m] for r in REGIONS))
        for m in MONTHS
    ]
    targets.append(Target(metric="sales", period="2023Q4", target=sum(START.values())))
    return make_plan(
        name="Q4",
        period="2023Q4",
        metrics=[Metric(id="sales")],
        dimensions=[Dimension("region", REGIONS)],
        targets=targets,
    )


PLAN = base_plan()


def expected(grid, act):
    """The six numbers after an act, or None where the rules refuse it."""
    region, month, to, over, closed, before = act
    if grid[region, month] != before:
        return None
    return applied(grid, (region, month, to, over), closed)


def applied(grid, asked, closed):
    """The six numbers after an act, whatever it started from, or None."""
    region, month, to, over = asked
    before = grid[region, month]
    after = dict(grid)
    after[region, month] = to
    if over is not None:
        if over is Over.SIBLINGS:
            takers = [(other, month) for other in REGIONS if other != region]
        else:
            takers = [(region, m) for m in MONTHS if m > month and m not in closed]
        rest = sum(grid[each] for each in takers) + before - to
        if not takers or rest < 0:
            return None
        after |= zip(takers, share(rest, [grid[each] for each in takers]), strict=True)
    changed = {m for (r, m), value in after.items() if value != grid[r, m]}
    return None if changed & closed else after


class Planning(RuleBasedStateMachine):
    """Our history beside plain dictionaries."""

    proposals = Bundle("proposals")

    def __init__(self):
        super().__init__()
        self.history = History()
        self.grid = dict(START)
        self.closed = set()
        self.approved = 0
        self.seen = []
        self.log = []
        self.reverted = set()

    def _record(self, act):
        at = NOON + timedelta(minutes=len(self.history.events))
        made = Event(act=act, by="经理", reason="市场变化", recorded_at=at)
        base = len(self.history.events)
        longer, effect = record(PLAN, self.history, made, base=base)
        assert longer.events[:base] == self.history.events
        self.history = longer
        self.seen.append((at, dict(self.grid), self.approved))
        return effect

    def _propose(self, region, month, to, over):
        rule = RevisionRule.RESTATE if over is None else RevisionRule.KEEP_TOTAL
        now = replay(PLAN, self.history).plan
        wanted = propose(
            now,
            region,
            period=month,
            to=to,
            rule=rule,
            over=over or Over.PERIODS,
        )
        asked = (region, month, to, over)
        wants = expected(self.grid, (*asked, self.closed, self.grid[region, month]))
        try:
            self._record(wanted)
        except RevisionRefused:
            assert wants is None
            return None
        assert wants is not None
        return (len(self.history.events), asked, self.grid[region, month])

    def _approve(self, proposal):
        number, asked, before = proposal
        wants = expected(self.grid, (*asked, self.closed, before))
        try:
            effect = self._record(Decision(number, approved=True))
        except RevisionRefused:
            assert wants is None
            return
        assert wants is not None
        changed = {(c.goal, c.period.label): (c.before, c.after) for c in effect.changes}
        for place, value in wants.items():
            was = self.grid[place]
            assert changed.get(place, (was, was)) == (was, value)
        self._count(wants)
        self.log.append((number, asked))

    def _count(self, grid):
        self.grid = grid
        self.approved += 1
        self.seen[-1] = (self.seen[-1][0], dict(grid), self.approved)

    def _without(self, number):
        """The six numbers as if a revision had not been approved, or None."""
        grid, closed = dict(START), set()
        for other, act in self.log:
            if other is None:
                closed ^= {act}
            elif other not in {*self.reverted, number}:
                grid = applied(grid, act, closed)
                if grid is None:
                    return None
        changed = {
            month for (region, month), v in grid.items() if v != self.grid[region, month]
        }
        return None if changed & self.closed else grid

    @rule(
        target=proposals,
        region=st.sampled_from(REGIONS),
        month=st.sampled_from(MONTHS),
        to=st.integers(0, 120),
        over=st.none() | st.sampled_from(Over),
    )
    def propose(self, region, month, to, over):
        return self._propose(region, month, to, over)

    @rule(proposal=consumes(proposals))
    def approve(self, proposal):
        if proposal is not None:
            self._approve(proposal)

    @rule(proposal=consumes(proposals))
    def refuse(self, proposal):
        if proposal is not None:
            self._record(Decision(proposal[0], approved=False))

    @rule(month=st.sampled_from(MONTHS), values=st.tuples(*[st.integers(0, 90)] * 2))
    def split_again(self, month, values):
        """Several children are set one after the other; their parents follow."""
        for region, value in zip(REGIONS, values, strict=True):
            proposal = self._propose(region, month, value, None)
            if proposal is not None:
                self._approve(proposal)

    @rule(month=st.sampled_from(MONTHS))
    def close_or_reopen(self, month):
        self._record(Lock(month, closed=month not in self.closed))
        self.closed ^= {month}
        self.log.append((None, month))

    @precondition(lambda self: any(number for number, _ in self.log))
    @rule(data=st.data())
    def revert(self, data):
        number = data.draw(st.sampled_from([number for number, _ in self.log if number]))
        wants = None if number in self.reverted else self._without(number)
        try:
            self._record(Revert(number))
        except RevisionRefused:
            assert wants is None
            return
        assert wants is not None
        assert typed(replay(PLAN, self.history).plan) == whole(self.grid)
        self._record(Decision(len(self.history.events), approved=True))
        self.reverted.add(number)
        self._count(wants)

    @rule(behind=st.integers(1, 3))
    def somebody_else_wrote_meanwhile(self, behind):
        at = NOON + timedelta(days=9)
        late = Event(act=Lock("2023-12", closed=True), by="他人", reason="月结", recorded_at=at)
        known = self.history
        with pytest.raises(RevisionRefused) as caught:
            known.append(late, base=len(known.events) - behind)
        assert [each.code for each in caught.value.problems] == ["history-stale"]

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def look_back(self, data):
        moment, grid, approved = data.draw(st.sampled_from(self.seen))
        plan = replay(PLAN, self.history, known_at=moment).plan
        assert plan.version == (f"r{approved}" if approved else "original")
        assert typed(plan) == whole(grid)

    @invariant()
    def all_totals_tie(self):
        plan = replay(PLAN, self.history).plan
        assert typed(plan) == whole(self.grid)
        assert {each.label for each in plan.closed} == self.closed
        assert plan.original in (None, PLAN.targets)


def whole(grid):
    """The six numbers with every total over them."""
    found = dict(grid)
    for region in REGIONS:
        found[region, "2023Q4"] = sum(grid[region, month] for month in MONTHS)
    for month in MONTHS:
        found["", month] = sum(grid[region, month] for region in REGIONS)
    return found | {("", "2023Q4"): sum(grid.values())}


def typed(plan):
    (tree,) = plan.trees
    names = dict(zip(tree.scope, tree.path, strict=True))
    return {
        (names[codes], period.label): value
        for period, values in plan.targets.of("sales").items()
        for codes, value in values.items()
    }


TestPlanning = Planning.TestCase
TestPlanning.settings = settings(
    max_examples=min(25, settings().max_examples // 4), stateful_step_count=15, deadline=None
)
