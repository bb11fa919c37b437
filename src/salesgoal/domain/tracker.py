"""Tracker: a scorecard that is kept current while facts come in.

A service holds one tracker for a plan and tells it of every fact that is added, corrected or
deleted. A fact costs the goals above it times the periods that hold its day, whatever the size
of the plan and however many facts there are.

What becomes of a fact that is told again, late or twice is said in `live_fact`.

Memory model: writers wait for each other. A batch is checked as a whole before anything
changes, and applied while no reader reads, so that a reader sees all of it or nothing. Whatever
a reader was given, rows and scorecards, never changes afterwards. `revise` and `move_to` do
their work aside, while readers go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from threading import Lock

import attrs

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.live_fact import FactBook, FactReader, LiveFact
from salesgoal.domain.live_score import LiveScore
from salesgoal.domain.live_target import work_out_targets
from salesgoal.domain.membership import View
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.reconciliation import Reconciliation, reconcile
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.domain.timeline import Coverage
from salesgoal.domain.view import view_as_is
from salesgoal.errors import UnknownName, UsageError

__all__ = ["Tracker"]

_SAME = (
    "period",
    "calendar",
    "levels",
    "metrics",
    "dimensions",
    "trees",
    "workdays",
    "pace",
)


class Tracker:
    """A plan held against facts that come, are corrected and go.

    Args:
        plan: What is to be reached.
        as_of: The last day that counts; `move_to` moves it.
        facts: Those known at the beginning.
        coverage: Source -> the days that it speaks of, by metric. What a source does not
            declare reaches from the first to the last day of its facts.
        view: Where those who moved are shown.

    Raises:
        As `hold_against`.

    Cost: one roll-up to begin with. Every fact is kept, resolved, and each metric that does not
    add keeps its readings at every goal and period that they reach.

    >>> from salesgoal import Dimension, Metric, Target, make_plan
    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", decimals=2)],
    ...     dimensions=[Dimension("region", ["华东", "华南"])],
    ...     targets=[Target(scope={"region": "华东"}, metric="sales", period="2023-10",
    ...         target=200_000)])
    >>> tracker = Tracker(plan, as_of=date(2023, 10, 7))
    >>> order = Actual(source="crm", key="SO-1", on=date(2023, 10, 6),
    ...     members={"region": "华东"}, values={"sales": 150_000})
    >>> str(tracker.add(order))
    'added'
    >>> tracker.row("华东", metric="sales", period="2023-10").ratio
    Fraction(3, 4)
    >>> str(tracker.add(attrs.evolve(order, values={"sales": 50_000})))
    'corrected'
    >>> tracker.row("华东", metric="sales", period="2023-10").ratio
    Fraction(1, 4)
    >>> str(tracker.remove("crm", "SO-1"))
    'retired'
    """

    def __init__(
        self,
        plan: Plan,
        *,
        as_of: date,
        facts: Iterable[Actual] = (),
        coverage: Mapping[str, Coverage] | None = None,
        view: View = View.AS_WAS,
    ) -> None:
        self._reader = FactReader(plan)
        self._declared = {source: dict(days) for source, days in (coverage or {}).items()}
        self._facts = FactBook()
        self._writing = Lock()
        self._reading = Lock()
        self._live = LiveScore(plan, as_of, View(view), self._declared)
        for actual in facts:
            self._facts.take(actual.key, self._reader.read(actual), actual.revision)
        self._live.load(self._facts)

    @property
    def plan(self) -> Plan:
        """The plan as it was given, or revised last."""
        return self._reader.plan

    @property
    def as_of(self) -> date:
        """The last day that counts."""
        return self._live.as_of

    # Facts.

    def add(self, actual: Actual) -> Outcome:
        """Takes a fact over, or its correction: the one with the same source and key.

        A fact without a key always counts, and cannot be corrected or taken back.

        Raises:
            As `hold_against`; then nothing has changed.

        Cost: goals above x periods that hold its day, for each breakdown, metric and credit.
        """
        with self._writing:
            fact = self._reader.read(actual)
            with self._reading:
                return self._take(actual, fact)

    def remove(self, source: str, key: str, *, revision: datetime | None = None) -> Outcome:
        """Takes a fact back, because its source deleted it.

        Of a fact that is not known the revision is kept, so that an older version that comes
        late does not count.

        Args:
            source: The feed.
            key: The fact's own.
            revision: When it was deleted, aware; None is "now".
        """
        actual = Actual(on=self.as_of, values={}, source=source, key=key, revision=revision)
        return self.apply(remove=(actual,))[0]

    def reject(self, actual: Actual) -> Outcome:
        """Takes a fact over that cannot count, such as one of an unknown member.

        Its amounts stand in `reconciliation` as rejected, as far as their metrics can hold
        them; members are not looked at. Once it is added with the same key it counts.
        """
        return self.apply(reject=(actual,))[0]

    def apply(
        self,
        *,
        add: Iterable[Actual] = (),
        remove: Iterable[Actual] = (),
        reject: Iterable[Actual] = (),
    ) -> tuple[Outcome, ...]:
        """Takes several facts over and back as one; readers see all of it or nothing.

        Args:
            add: Facts and corrections, as `add`.
            remove: Facts to take back; only their source, key and revision are looked at.
            reject: Faulty facts, as `reject`.

        Returns:
            One outcome a fact: those taken back first, then those that count, then the faulty.

        Raises:
            UsageError: A fact to take back has no key.
            As `hold_against`; then nothing has changed.
        """
        # Whoever makes the facts while they are asked for may ask the tracker itself.
        add, remove, reject = tuple(add), tuple(remove), tuple(reject)
        with self._writing:
            gone = [(each.source, _key_of(each), each.revision) for each in remove]
            came = [(each, self._reader.read(each)) for each in add]
            came += [(each, self._reader.read_rejected(each)) for each in reject]
            with self._reading:
                outcomes = [self._retire(*each) for each in gone]
                outcomes += [self._take(*each) for each in came]
        return tuple(outcomes)

    # The plan and the day.

    def revise(self, plan: Plan) -> None:
        """Takes over a plan with other targets, such as ``revise(plan, proposal).plan``.

        Raises:
            UsageError: It differs in more than targets, owners and remarks.
            UnknownWorkdays: As `score`; then nothing has changed.

        Cost: the goals whose targets change and those above them, and one copy of each column
        that changes; the typed values of each period in which any changes are compared.
        """
        with self._writing:
            live = self._live
            for name in _SAME:
                old, new = getattr(self.plan, name), getattr(plan, name)
                if old is not new and old != new:
                    en = f"the plan differs in its {name} - make a new Tracker for it"
                    raise UsageError(en, f"计划的 {name} 不同 - 请为它新建 Tracker")
            shown = plan
            if live.view is View.AS_IS:
                shown = view_as_is(plan, empty_cells(plan, live.as_of), live.as_of)[0]
            shown = attrs.evolve(shown, trees=live.shown.trees)
            found = work_out_targets(live, shown)
            with self._reading:
                for each in found:
                    each.put()
                live.shown = shown
                self._reader.plan = plan

    def move_to(self, as_of: date) -> None:
        """Moves the last day that counts: a new day dawns, or an earlier one is looked at.

        Cost: one roll-up of all facts, while readers go on with the day before.
        """
        with self._writing:
            live = LiveScore(self.plan, as_of, self._live.view, self._declared)
            live.load(self._facts)
            with self._reading:
                self._live = live

    # What readers see.

    def row(
        self,
        goal: str = "",
        *,
        metric: str,
        period: Period | str,
        breakdown: str | None = None,
    ) -> ScoreRow:
        """Returns one row as it is now.

        Args:
            goal: The path of the goal; the root by default.
            metric: Its id.
            period: One of the plan's periods, or its label.
            breakdown: The name of a breakdown; by default the first that has the goal.

        Raises:
            UnknownName, LabelRefused: As `Scorecard.row`.
        """
        with self._reading:
            return self._card(goal, breakdown).row(goal, metric=metric, period=period)

    def rows(
        self,
        goal: str = "",
        *,
        level: Level | str | None = None,
        metric: str | None = None,
        breakdown: str | None = None,
    ) -> tuple[ScoreRow, ...]:
        """Returns the rows of a goal and all below it, all of the same moment.

        Writers wait until they are made; where they are many, ask a `snapshot`.

        Raises:
            UnknownName: As `Scorecard.rows`.
        """
        with self._reading:
            card = self._card(goal, breakdown)
            return tuple(card.rows(goal=goal, level=level, metric=metric))

    def snapshot(self) -> tuple[Scorecard, ...]:
        """Returns the scorecards of this moment, one a breakdown; they never change.

        Column by column they are what `hold_against` gives for the same facts.

        Cost: a copy of each column that moved since the last one, and of the cells of its
        metric; where nothing moved, none.
        """
        with self._reading:
            return self._live.freeze()

    def reconciliation(self) -> Mapping[str, Reconciliation]:
        """Returns what was read against what counts, of every metric that adds.

        Raises:
            NotConserved: Something was lost or counted twice; a bug of ours.

        Cost: a snapshot, and one pass over its goals and cells.
        """
        with self._reading:
            card, control = self._live.freeze()[0], dict(self._live.control)
        return reconcile(card, control)

    # Private.

    def _card(self, goal: str, breakdown: str | None) -> Scorecard:
        live = self._live
        names = [each.breakdown.name for each in live.trees]
        if breakdown is not None:
            if breakdown not in names:
                raise UnknownName("breakdown", breakdown, names)
            return live.current(names.index(breakdown))
        having = (at for at, tree in enumerate(live.trees) if goal in tree.by_path)
        return live.current(next(having, 0))

    def _take(self, actual: Actual, fact: LiveFact) -> Outcome:
        outcome, before = self._facts.take(actual.key, fact, actual.revision)
        if outcome is not Outcome.STALE and outcome is not Outcome.UNCHANGED:
            if before is not None:
                self._live.book(before, -1)
            self._live.book(fact, 1)
        return outcome

    def _retire(self, source: str, key: str, revision: datetime | None) -> Outcome:
        outcome, before = self._facts.retire(source, key, revision)
        if before is not None:
            self._live.book(before, -1)
        return outcome


def _key_of(actual: Actual) -> str:
    if actual.key is None:
        en = "a fact without a key cannot be taken back - give its key"
        raise UsageError(en, "没有编号的实际值不能撤回 - 给出 key")
    return actual.key
