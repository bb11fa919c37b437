"""Planning while people move: propose, approve, refuse, close, move somebody, look back.

The model is plain dictionaries: who sits where on which day, and what each seat has in each
month. Whoever moves, the plan is built again with the move and its history replayed on it; the
model counts days one by one, goes through the same acts, and never calls the code under test.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
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

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.history import Decision, Event, History, Lock
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.replay import record, replay
from salesgoal.domain.revision import propose
from salesgoal.domain.target import Target, derive_targets
from salesgoal.errors import RevisionRefused

from .plain_shares import share

TEAMS = ("华东", "华南")
HOMES = {"张三": "华东", "李四": "华东", "王五": "华南"}
MONTHS = {"2023-10": (10, 31), "2023-11": (11, 30), "2023-12": (12, 31)}
QUARTER = "2023Q4"
TYPED = {(p, m): 31 + 20 * n + 7 * k for n, p in enumerate(HOMES) for k, m in enumerate(MONTHS)}
DAYS = st.dates(date(2023, 9, 30), date(2023, 12, 31))
NOON = datetime(2023, 10, 9, 12, tzinfo=UTC)
SALES = Metric(id="sales")


@attrs.frozen
class Asked:
    """What a proposal asks: a person or team, a month or the quarter, a value, who takes."""

    name: str
    period: str
    to: int
    over: Over | None
    before: int | None = None


def team_on(moves, person, day):
    """The last move decides, on the day itself already."""
    known = [(since, team) for who, since, team in moves if who == person and since <= day]
    return max(known)[1] if known else HOMES[person]


def days_of(moves, person, month):
    """Team -> days there in a month, the first one first."""
    number, last = MONTHS[month]
    found = {}
    for day in range(1, last + 1):
        team = team_on(moves, person, date(2023, number, day))
        found[team] = found.get(team, 0) + 1
    return found


def seats(moves):
    """Team, person and month -> what a seat has before any revision."""
    found = {}
    for (person, month), units in TYPED.items():
        days = days_of(moves, person, month)
        parts = share(units, list(days.values()))
        found |= {(team, person, month): part for team, part in zip(days, parts, strict=True)}
    return found


def months_of(period):
    return list(MONTHS) if period == QUARTER else [period]


def places(grid, name, period):
    """The seats and months that make up a team's or a person's target."""
    return [each for each in grid if name in each[:2] and each[2] in months_of(period)]


def spread(grid, keys, to):
    """Seat by seat, and below each its months."""
    rows = {}
    for key in keys:
        rows.setdefault(key[:2], []).append(key)
    parts = share(to, [sum(grid[key] for key in row) for row in rows.values()])
    return {
        key: value
        for row, part in zip(rows.values(), parts, strict=True)
        for key, value in zip(row, share(part, [grid[key] for key in row]), strict=True)
    }


def takers_of(grid, asked, closed, after):
    """Groups of places that take a difference, each with the difference."""
    if asked.over is Over.PERIODS:
        rest = sum(grid[key] - value for key, value in after.items())
        later = [m for m in MONTHS if m > asked.period and m not in closed]
        if asked.name in TEAMS:
            return [([places(grid, asked.name, m) for m in later], rest)]
        return [([[key] for m in later for key in places(grid, asked.name, m)], rest)]
    if asked.name in TEAMS:
        others = [places(grid, team, asked.period) for team in TEAMS if team != asked.name]
        rest = sum(grid[key] - value for key, value in after.items())
        return [(others, rest)]
    return [
        (
            [[each] for each in places(grid, key[0], asked.period) if each[1] != asked.name],
            grid[key] - value,
        )
        for key, value in after.items()
    ]


def applied(grid, asked, closed):
    """The seats after a revision, or None where the rules refuse it."""
    after = spread(grid, places(grid, asked.name, asked.period), asked.to)
    if asked.over is not None:
        for groups, rest in takers_of(grid, asked, closed, dict(after)):
            groups = [group for group in groups if group]  # noqa: PLW2901 - those that are there
            olds = [sum(grid[key] for key in group) for group in groups]
            if not groups or sum(olds) + rest < 0:
                return None
            values = share(sum(olds) + rest, olds)
            for group, value in zip(groups, values, strict=True):
                after |= spread(grid, group, value)
    changed = {key[2] for key, value in after.items() if value != grid[key]}
    return None if changed & closed else {**grid, **after}


def gone_through(moves, acts):
    """The seats and closed months after acts, or None where one of them is refused."""
    grid, closed = seats(moves), set()
    for act in acts:
        if isinstance(act, Asked):
            grid = applied(grid, act, closed)
            if grid is None:
                return None
        elif act is not None:
            closed ^= {act}
    return grid, closed


def plan_of(moves):
    """The plan as a file would have it: one row a seat."""
    members = [Member(team) for team in TEAMS]
    for person, home in HOMES.items():
        stays = sorted((since, team) for who, since, team in moves if who == person)
        firsts = [None, *(since for since, _ in stays)]
        lasts = [*(since - timedelta(1) for since, _ in stays), None]
        homes = [home, *(team for _, team in stays)]
        members += [
            Member(person, parent=team, since=first, until=last)
            for team, first, last in zip(homes, firsts, lasts, strict=True)
        ]
    return make_plan(
        name="Q4",
        period=QUARTER,
        metrics=[SALES],
        dimensions=[Dimension("rep", members)],
        targets=[
            Target(metric="sales", scope={"rep": person}, period=month, target=units)
            for (person, month), units in TYPED.items()
        ],
    )


def figures(plan):
    """Path and period -> target, over all goals."""
    (tree,) = plan.trees
    typed = plan.targets.of("sales")
    columns = derive_targets(tree, SALES, typed, plan.periods)
    return {
        (path, period.label): value
        for period, column in columns.items()
        for path, value in zip(tree.path, column, strict=True)
        if value is not None
    }


def whole(grid):
    """The seats with every total over them."""
    found = {}
    for (team, person, month), value in grid.items():
        for path in ("", team, f"{team}/{person}"):
            for period in (month, QUARTER):
                found[path, period] = found.get((path, period), 0) + value
    return found


class Moving(RuleBasedStateMachine):
    """Our history on a plan whose people move, beside plain dictionaries."""

    proposals = Bundle("proposals")

    def __init__(self):
        super().__init__()
        self.moves = []
        self.plan = plan_of(())
        self.history = History()
        self.acts = []

    def _record(self, act, model):
        at = NOON + timedelta(minutes=len(self.acts))
        made = Event(act=act, by="经理", reason="市场变化", recorded_at=at)
        self.history, _ = record(self.plan, self.history, made, base=len(self.acts))
        self.acts.append(model)

    def _propose(self, asked):
        grid, closed = gone_through(self.moves, self.acts)
        keys = places(grid, asked.name, asked.period)
        if not keys:
            return None
        keep = RevisionRule.RESTATE if asked.over is None else RevisionRule.KEEP_TOTAL
        proposal = propose(
            replay(self.plan, self.history).plan,
            {"rep": asked.name},
            period=asked.period,
            to=asked.to,
            rule=keep,
            over=asked.over or Over.PERIODS,
        )
        assert proposal.before == sum(grid[key] for key in keys)
        wants = applied(grid, asked, closed)
        try:
            self._record(proposal, None)
        except RevisionRefused:
            assert wants is None
            return None
        assert wants is not None
        return len(self.acts), attrs.evolve(asked, before=int(proposal.before))

    def _approve(self, number, asked):
        grid, closed = gone_through(self.moves, self.acts)
        keys = places(grid, asked.name, asked.period)
        holds = keys and sum(grid[key] for key in keys) == asked.before
        wants = applied(grid, asked, closed) if holds else None
        try:
            self._record(Decision(number, approved=True), asked)
        except RevisionRefused:
            assert wants is None
            return
        assert wants is not None

    @rule(
        target=proposals,
        name=st.sampled_from([*HOMES, *TEAMS]),
        period=st.sampled_from([*MONTHS, QUARTER]),
        to=st.integers(0, 160),
        over=st.none() | st.sampled_from(Over),
    )
    def propose(self, name, period, to, over):
        return self._propose(Asked(name, period, to, None if period == QUARTER else over))

    @rule(proposal=consumes(proposals))
    def approve(self, proposal):
        if proposal is not None:
            self._approve(*proposal)

    @rule(proposal=consumes(proposals))
    def refuse(self, proposal):
        if proposal is not None:
            self._record(Decision(proposal[0], approved=False), None)

    @rule(month=st.sampled_from(list(MONTHS)), values=st.tuples(*[st.integers(0, 90)] * 3))
    def split_again(self, month, values):
        """Everybody is set, one after the other; their teams follow."""
        for person, value in zip(HOMES, values, strict=True):
            proposal = self._propose(Asked(person, month, value, None))
            if proposal is not None:
                self._approve(*proposal)

    @rule(month=st.sampled_from(list(MONTHS)))
    def close_or_reopen(self, month):
        _, closed = gone_through(self.moves, self.acts)
        self._record(Lock(month, closed=month not in closed), month)

    @rule(person=st.sampled_from(list(HOMES)), since=DAYS, team=st.sampled_from(TEAMS))
    def move_person(self, person, since, team):
        """The history stays as it is; where it no longer applies, that is said."""
        moves = [each for each in self.moves if each[:2] != (person, since)]
        moves.append((person, since, team))
        plan = plan_of(moves)
        if gone_through(moves, self.acts) is None:
            try:
                replay(plan, self.history)
            except RevisionRefused:
                return
            raise AssertionError("the history applies though the model refuses it")
        self.moves, self.plan = moves, plan

    @precondition(lambda self: self.acts)
    @rule(data=st.data())
    def look_back(self, data):
        count = data.draw(st.integers(0, len(self.acts)))
        moment = NOON + timedelta(minutes=count) - timedelta(seconds=1)
        found = replay(self.plan, self.history, known_at=moment).plan
        grid, closed = gone_through(self.moves, self.acts[:count])
        assert figures(found) == whole(grid)
        assert {each.label for each in found.closed} == closed

    @invariant()
    def every_team_has_what_its_people_have_there(self):
        found = replay(self.plan, self.history).plan
        grid, closed = gone_through(self.moves, self.acts)
        assert figures(found) == whole(grid)
        assert {each.label for each in found.closed} == closed


TestMoving = Moving.TestCase
TestMoving.settings = settings(
    max_examples=min(15, settings().max_examples // 4), stateful_step_count=15, deadline=None
)
