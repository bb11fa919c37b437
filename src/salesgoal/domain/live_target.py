"""Live targets: a revised plan taken over by columns that are kept current.

Only the goals whose targets change are looked at; see `retarget`. Everything is worked out
before the first column changes, so that a plan that cannot be taken over changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.live_column import LiveColumn, make_divide
from salesgoal.domain.live_score import LiveScore
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.retarget import (
    Expecting,
    Scopes,
    changed_scopes,
    retarget,
    retarget_mismatch,
    retarget_ratio,
)
from salesgoal.domain.scope import Codes, find_people
from salesgoal.domain.score_column import ORIGINAL
from salesgoal.domain.target import Measure, TargetTable, derive_targets

__all__ = ["LiveTargets", "work_out_targets"]

_NOTHING: Scopes = {}


@attrs.define(kw_only=True)
class LiveTargets:
    """The target side of one column after a revision.

    Attributes:
        column: Whose.
        targets: By measure.
        mismatch: What goals leave over after their children's.
        expected: By ``as_of``.
    """

    column: LiveColumn
    targets: dict[Measure, Sequence[Exact | None]]
    mismatch: Sequence[Exact | None] | None
    expected: Sequence[Exact | None]

    def put(self) -> None:
        """Puts it into the column."""
        self.column.targets = self.targets
        self.column.mismatch = self.mismatch
        self.column.expected = self.expected


def work_out_targets(live: LiveScore, after: Plan) -> list[LiveTargets]:
    """Returns the columns whose targets another plan changes; none is changed yet.

    Args:
        live: As it is.
        after: The plan as the view shows it; only its targets differ.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of a running period.

    Cost: the typed values of periods that changed, the goals whose targets change with those
    above them and their children, and one copy of each column that changes. Nothing else,
    save in the rare cases that `retarget` and `Expecting` name.
    """
    work = _Work(
        live=live,
        before=live.shown,
        after=after,
        changed=changed_scopes(live.shown.targets, after.targets),
        people=find_people(_scopes(after), after.dimensions),
    )
    for number in range(len(live.trees)):
        work.work_out(number)
    return list(work.found.values())


def _scopes(plan: Plan) -> Iterator[Codes]:
    """Not looked at where nobody moves."""
    yield from plan.targets.scopes()
    if plan.original is not None:
        yield from plan.original.scopes()


@attrs.define(kw_only=True)
class _Work:
    live: LiveScore
    before: Plan
    after: Plan
    changed: Mapping[tuple[str, Measure], Scopes]
    people: Mapping[Codes, Codes]
    found: dict[tuple[int, str, Period], LiveTargets] = attrs.field(factory=dict, init=False)
    nodes: dict[tuple[int, str, Period, Measure], frozenset[int]] = attrs.field(
        factory=dict, init=False
    )

    def work_out(self, number: int) -> None:
        """One breakdown: ratios come after their parts, as in a scorecard."""
        self._originals(number)
        for (name, measure), scopes in self.changed.items():
            metric = self.after.metric(name)
            if not isinstance(metric.aggregation, Ratio):
                for period in self.after.periods:
                    self._one(number, metric, measure, period, scopes)
        for metric in self.after.metrics:
            if isinstance(metric.aggregation, Ratio):
                for period in self.after.periods:
                    for measure in self._measures(number, metric, period):
                        self._ratio(number, metric, measure, period)

    def _draft(self, number: int, name: str, period: Period) -> LiveTargets:
        place = (number, name, period)
        if place not in self.found:
            column = self.live.columns[number][name, period]
            self.found[place] = LiveTargets(
                column=column,
                targets=dict(column.targets),
                mismatch=column.mismatch,
                expected=column.expected,
            )
        return self.found[place]

    def _one(
        self, number: int, metric: Metric, measure: Measure, period: Period, scopes: Scopes
    ) -> None:
        within: frozenset[Codes] = frozenset()
        within = within.union(*(each for at, each in scopes.items() if period.covers(at)))
        if not within:
            return
        tree, draft = self.live.trees[number], self._draft(number, metric.id, period)
        typed = self.after.targets.of(metric.id, measure)
        made = retarget(
            tree, metric, typed, period, draft.targets[measure], within, self.people
        )
        self.nodes[number, metric.id, period, measure] = made.nodes
        draft.targets[measure] = made.column
        if measure != "target":
            return
        if draft.mismatch is not None:
            draft.mismatch = retarget_mismatch(tree, made.column, draft.mismatch, made.nodes)
        named = (tree.by_scope[codes] for codes in within if codes in tree.by_scope)
        self._expect(tree, draft, {*made.nodes, *named})

    def _expect(self, tree: GoalTree, draft: LiveTargets, nodes: Iterable[int]) -> None:
        metric, period = draft.column.metric, draft.column.period
        expecting = Expecting(
            plan=self.after,
            tree=tree,
            metric=metric,
            period=period,
            as_of=self.live.as_of,
            before=self.before.targets.of(metric.id),
            typed=self.after.targets.of(metric.id),
        )
        draft.expected = expecting.column(draft.targets["target"], draft.expected, nodes)

    def _measures(self, number: int, metric: Metric, period: Period) -> Iterable[Measure]:
        return list(self.live.columns[number][metric.id, period].targets)

    def _ratio(self, number: int, metric: Metric, measure: Measure, period: Period) -> None:
        both = self.after.parts_of(metric)
        assert both is not None
        tree = self.live.trees[number]
        own = self.changed.get((metric.id, measure), _NOTHING).get(period, frozenset())
        nodes = {tree.by_scope[codes] for codes in own if codes in tree.by_scope}
        nodes = nodes.union(
            *(self.nodes.get((number, each.id, period, measure), ()) for each in both)
        )
        if not nodes:
            return
        divide = make_divide(metric, both)
        over, under = (self._targets(number, each.id, period)[measure] for each in both)
        draft = self._draft(number, metric.id, period)
        typed = self.after.targets.of(metric.id, measure).get(period, {})
        made = retarget_ratio(
            tree,
            typed,
            draft.targets[measure],
            lambda node: divide(over[node], under[node]),
            nodes,
        )
        draft.targets[measure] = made.column
        if measure == "target":
            self._expect(tree, draft, made.nodes)

    def _targets(
        self, number: int, name: str, period: Period
    ) -> Mapping[Measure, Sequence[Exact | None]]:
        draft = self.found.get((number, name, period))
        column = self.live.columns[number][name, period]
        return column.targets if draft is None else draft.targets

    # The targets before any revision.

    def _originals(self, number: int) -> None:
        """What was there before the first revision stands beside, as it was."""
        first, last = self.before.original, self.after.original
        if first is last or first == last:
            return
        columns = self.live.columns[number]
        for name, period in columns:
            draft = self._draft(number, name, period)
            draft.targets.pop(ORIGINAL, None)
            if last is not None and (
                last is self.before.targets or last == self.before.targets
            ):
                draft.targets[ORIGINAL] = draft.targets["target"]
            elif last is not None:
                draft.targets[ORIGINAL] = self._original(number, draft.column, last)

    def _original(
        self, number: int, column: LiveColumn, table: TargetTable
    ) -> Sequence[Exact | None]:
        tree, metric, period = self.live.trees[number], column.metric, column.period
        both, typed = self.after.parts_of(metric), table.of(metric.id)
        own = derive_targets(tree, metric, typed, [period], self.people)[period]
        if both is None:
            return own
        divide = make_divide(metric, both)
        parts = (self._targets(number, each.id, period)[ORIGINAL] for each in both)
        made = map(divide, *parts)
        pairs = zip(own, made, strict=True)
        return [quotient if given is None else given for given, quotient in pairs]
