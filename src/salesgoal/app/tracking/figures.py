"""What a plan's sources say of any scope, metric and period, with and without typed totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from pathlib import Path

import attrs

from salesgoal.app.deliveries import ledger_target
from salesgoal.app.load import LoadedPlan
from salesgoal.app.track import Tracking, track
from salesgoal.app.tracking.table import TotalKey, TypedTotal, is_tracking, read_totals
from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import Scope, decode_scope, encode_scope
from salesgoal.domain.scorecard import Scorecard
from salesgoal.sheets.form import scope_key

__all__ = ["Figures", "TypedIndex", "find_figures", "show_levels"]


@attrs.define
class _Cards:
    """The scorecards of a tracking, and cuts of them for scopes that no breakdown has."""

    tracking: Tracking
    _goals: dict[str, tuple[Scorecard, str]] = attrs.field(init=False)
    _cuts: dict[tuple[str, ...], Scorecard] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        dimensions = self.tracking.loaded.plan.dimensions
        self._goals = {}
        for card in self.tracking.scorecards:
            for path, codes in zip(card.tree.path, card.tree.scope, strict=True):
                key = scope_key(decode_scope(codes, dimensions))
                self._goals.setdefault(key, (card, path))

    def actual(self, scope: Scope, metric: str, period: Period) -> Exact | None:
        found = self._goals.get(scope_key(scope))
        if found is None:
            names = tuple(scope)
            if names not in self._cuts:
                self._cuts[names] = self.tracking.scorecards[0].by(*names)
            card = self._cuts[names]
            node = card.tree.by_scope.get(
                encode_scope(scope, self.tracking.loaded.plan.dimensions)
            )
            if node is None:
                return None
            found = card, card.tree.path[node]
        card, path = found
        return card.row(path, metric=metric, period=period).actual


@attrs.define
class TypedIndex:
    """Typed totals, found by every scope that they are part of.

    Attributes:
        plan: Whose members.
        totals: The totals, by key.
    """

    plan: Plan
    totals: dict[TotalKey, TypedTotal]
    _parts: dict[tuple[str, str], dict[TotalKey, Period]] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        """Looks up what each total is part of."""
        for one in self.totals.values():
            self._place(one)

    def copy(self) -> TypedIndex:
        """Returns totals that can change without these."""
        return TypedIndex(self.plan, dict(self.totals))

    def put(self, one: TypedTotal) -> None:
        """Takes a total in, in place of the one with its key."""
        self.totals[one.key] = one
        self._place(one)

    def drop(self, key: TotalKey) -> None:
        """Takes a total out, where there is one."""
        self.totals.pop(key, None)

    def inside(self, scope: Scope, metric: str, period: Period) -> list[int]:
        """Returns the amounts of the totals inside a scope and period, in units."""
        parts = self._parts.get((scope_key(scope), metric), {})
        return [
            self.totals[key].amount
            for key, on in parts.items()
            if key in self.totals and (key[2] == period.label or period.covers(on))
        ]

    def _place(self, one: TypedTotal) -> None:
        choices: list[list[tuple[str, str] | None]] = []
        for dimension in self.plan.dimensions:
            above: list[tuple[str, str] | None] = [None]
            if dimension.id in one.scope:
                code = dimension.find(one.scope[dimension.id])
                if code is None:
                    return  # its row is rejected, as the plan lost the member
                chain = dimension.chains[code]
                above += [(dimension.id, dimension.members[code].name) for code in chain]
            choices.append(above)
        on = self.plan.parse(one.on)
        for chosen in product(*choices):
            key = scope_key(dict(filter(None, chosen)))
            self._parts.setdefault((key, one.metric), {})[one.key] = on


@attrs.frozen(kw_only=True)
class Figures:
    """What is known of any scope, metric and period.

    Attributes:
        loaded: The plan, showing all periods asked for.
        tracking: With the totals that were typed.
        typed: These totals.
        told: The metrics that other sources speak of.
    """

    loaded: LoadedPlan
    tracking: Tracking
    typed: TypedIndex
    told: frozenset[str]
    _now: _Cards
    _elsewhere: _Cards

    @property
    def open_metrics(self) -> frozenset[str]:
        """The metrics whose totals may be typed.

        Sums always, because a correction is a difference; balances, means and extremes only
        where no other source speaks of them; counts of different keys never, because a total
        does not say of whom.
        """
        return frozenset(
            each.id
            for each in self.loaded.plan.metrics
            if each.aggregation is Aggregation.SUM
            or (
                each.aggregation
                in {
                    Aggregation.LAST,
                    Aggregation.AVERAGE,
                    Aggregation.MAXIMUM,
                    Aggregation.MINIMUM,
                }
                and each.id not in self.told
            )
        )

    def known(
        self, scope: Scope, metric: str, period: Period, typed: TypedIndex | None = None
    ) -> Exact | None:
        """Returns the figure that a form speaks of, in units; None where nothing is known.

        Of a sum it is what other sources say by the day asked for, and all totals that were
        typed inside the scope and period; else what was typed, or what the sources say.

        Args:
            scope: Of whom.
            metric: Its id.
            period: When.
            typed: The totals that were typed; those of the plan where left out.
        """
        scope, typed = self.ordered(scope), self.typed if typed is None else typed
        if self.loaded.plan.metric(metric).aggregation is not Aggregation.SUM:
            own = typed.totals.get((scope_key(scope), metric, period.label))
            return self._now.actual(scope, metric, period) if own is None else own.typed
        told = self._elsewhere.actual(scope, metric, period)
        inside = typed.inside(scope, metric, period)
        return None if told is None and not inside else (told or 0) + sum(inside)

    def ordered(self, scope: Scope) -> dict[str, str]:
        """Returns a scope in the order of the plan's dimensions, by which it is known."""
        names = [each.id for each in self.loaded.plan.dimensions]
        return {name: scope[name] for name in names if name in scope}

    def filled(self, scope: Scope, metric: str, period: Period) -> Exact | None:
        """Returns what a form shows: a figure that was typed, or one that is not zero.

        A zero that nobody typed stays blank: it may only mean that others reported.
        """
        found = self.known(scope, metric, period)
        key = (scope_key(self.ordered(scope)), metric, period.label)
        typed = key in self.typed.totals
        return found if typed or found else None


def find_figures(loaded: LoadedPlan, as_of: date, levels: Iterable[Level] = ()) -> Figures:
    """Returns what is known of a plan on a day.

    Args:
        loaded: The plan.
        as_of: The last day that counts.
        levels: Of the periods asked for, beside the plan's own.

    Raises:
        SourceRefused, PlanRefused, LedgerRefused, LedgerBusy: As `track`.
        OutputError: As `read_totals`.
    """
    loaded = attrs.evolve(loaded, plan=show_levels(loaded.plan, levels))
    if not _has_ledger(loaded):
        kept = [each for each in loaded.sources if not each.in_ledger]
        loaded = attrs.evolve(loaded, sources=tuple(kept))
    others = attrs.evolve(
        loaded,
        sources=tuple(each for each in loaded.sources if not is_tracking(loaded, each)),
    )
    tracking, elsewhere = track(loaded, as_of=as_of), track(others, as_of=as_of)
    told = frozenset(name for name, spans in elsewhere.scorecards[0].coverage.items() if spans)
    return Figures(
        loaded=loaded,
        tracking=tracking,
        typed=TypedIndex(loaded.plan, read_totals(loaded)),
        told=told,
        now=_Cards(tracking),
        elsewhere=_Cards(elsewhere),
    )


def _has_ledger(loaded: LoadedPlan) -> bool:
    """Whether the plan's ledger can hold anything yet; before the first import it cannot."""
    if loaded.document.ledger is None:
        return False
    target = ledger_target(loaded)
    return not isinstance(target, Path) or target.exists()


def show_levels(plan: Plan, levels: Iterable[Level]) -> Plan:
    """Returns the plan with these levels shown too."""
    more = [each for each in levels if each not in {*plan.levels, plan.period.level}]
    return attrs.evolve(plan, levels=(*plan.levels, *dict.fromkeys(more)))
