"""Live facts: facts whose names and amounts are looked up, and what sources said of them last.

| a fact | its outcome |
|---|---|
| that is not known | `added` |
| that says what is known | `unchanged` |
| that differs, and is newer or does not say when it was changed | `corrected` |
| that differs, of the same revision | `conflict`; the one told last counts |
| that differs and is older, or is older than its deletion | `stale`; does not count |
| that is deleted | `retired`; `unchanged` where it is not known |
| that is known to be faulty | `rejected`; stands in the account of what was read |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import credit_actual, fact_metrics, read_value
from salesgoal.domain.credit import ONE, CreditGroup
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import ANY, Codes, encode_scope
from salesgoal.errors import FloatRefused, NumberRefused

__all__ = ["FactBook", "FactReader", "LiveFact"]

Key = tuple[str, str | int]
"""Source, and the source's key or, of a fact without one, its number."""

_REMEMBERED = 100_000


@attrs.frozen(kw_only=True)
class LiveFact:
    """A fact whose names are looked up, so that nothing can be wrong with it any more.

    Attributes:
        source: The feed it came from.
        on: Its day or period.
        groups: To whom it counts, by the codes of the plan.
        values: Metrics and what cells book of them.
        rejected: Whether it only stands in the account of what was read.
    """

    source: str
    on: date | Period
    groups: tuple[CreditGroup, ...]
    values: tuple[tuple[Metric, Any], ...]
    rejected: bool = False


@attrs.define(eq=False)
class FactReader:
    """Looks up the names and amounts of facts in a plan.

    Attributes:
        plan: Whose names and metrics.
    """

    plan: Plan
    _metrics: Mapping[str, Metric] = attrs.field(init=False)
    _static: bool = attrs.field(init=False)
    _known: dict[tuple[tuple[str, str], ...], tuple[CreditGroup, ...]] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        """Looks up who moves or stands beside."""
        dimensions = self.plan.dimensions
        self._metrics = {each.id: each for each in fact_metrics(self.plan)}
        self._static = not any(each.seats.timetable or each.overlays for each in dimensions)

    def read(self, actual: Actual) -> LiveFact:
        """Returns a fact with its names and amounts looked up.

        Raises:
            UnknownName: A dimension, member or metric that the plan lacks.
            UsageError: A dimension stands both in ``members`` and in ``credits``, or a value is
                given for a ratio.
            FloatRefused, NumberRefused: A value that its metric cannot hold.
        """
        values = []
        for name, amount in actual.values.items():
            metric = self._metrics.get(name)
            if metric is None:
                metric = self.plan.metric(name)
                _ = metric.reading
            value = read_value(metric, amount)
            hash(value)  # Where a key has none, it raises before anything has changed.
            values.append((metric, value))
        return LiveFact(
            source=actual.source,
            on=actual.on,
            groups=self._groups(actual),
            values=tuple(values),
        )

    def read_rejected(self, actual: Actual) -> LiveFact:
        """Returns a faulty fact, with those of its amounts that can be read."""
        values = []
        for name, amount in actual.values.items():
            metric = self._metrics.get(name)
            if metric is not None and metric.is_additive:
                try:
                    values.append((metric, read_value(metric, amount)))
                except (FloatRefused, NumberRefused):
                    continue
        return LiveFact(
            source=actual.source,
            on=actual.on,
            groups=_plain((ANY,) * len(self.plan.dimensions)),
            values=tuple(values),
            rejected=True,
        )

    def _groups(self, actual: Actual) -> tuple[CreditGroup, ...]:
        """To whom it counts; of a plain fact where nobody moves, looked up once."""
        if actual.credits or not self._static:
            return credit_actual(actual, self.plan.dimensions)
        names = tuple(actual.members.items())
        groups = self._known.get(names)
        if groups is None:
            groups = _plain(encode_scope(actual.members, self.plan.dimensions))
            if len(self._known) < _REMEMBERED:
                self._known[names] = groups
        return groups


def _plain(codes: Codes) -> tuple[CreditGroup, ...]:
    return (CreditGroup(((codes, ONE),), overlay=False),)


@attrs.frozen
class _Told:
    """What a source said of a fact last, and when it had changed it."""

    fact: LiveFact
    revision: datetime | None


@attrs.define(eq=False)
class FactBook:
    """The facts that count by now, each as its source told it last.

    Facts without a key are kept under a number, and always count. Of deleted facts the moment
    is kept where it was told.
    """

    _told: dict[Key, _Told] = attrs.field(factory=dict, init=False)
    _gone: dict[Key, datetime] = attrs.field(factory=dict, init=False)
    _last: int = attrs.field(default=0, init=False)

    def __iter__(self) -> Iterator[LiveFact]:
        """The facts, in the order they were first told."""
        return (each.fact for each in self._told.values())

    def take(
        self, key: str | None, fact: LiveFact, revision: datetime | None
    ) -> tuple[Outcome, LiveFact | None]:
        """Takes a fact over; returns its outcome, and what was known of it before.

        Args:
            key: The source's own; None where it has none.
            fact: What the source says.
            revision: When the source changed it; None where it does not say.
        """
        if key is None:
            self._last += 1
        place = (fact.source, self._last if key is None else key)
        held = self._told.get(place)
        known = self._gone.get(place) if held is None else held.revision
        before = None if held is None else held.fact
        if before == fact:
            stamps = [each for each in (known, revision) if each is not None]
            self._told[place] = _Told(fact, max(stamps, default=None))
            return Outcome.UNCHANGED, before
        if revision is not None and known is not None and revision < known:
            return Outcome.STALE, before
        self._told[place] = _Told(fact, revision)
        self._gone.pop(place, None)
        if fact.rejected:
            return Outcome.REJECTED, before
        if before is None:
            return Outcome.ADDED, before
        clash = revision is not None and revision == known
        return Outcome.CONFLICT if clash else Outcome.CORRECTED, before

    def retire(
        self, source: str, key: str, revision: datetime | None
    ) -> tuple[Outcome, LiveFact | None]:
        """Takes a fact back; returns what became of it, and what was known of it before."""
        place = (source, key)
        held = self._told.get(place)
        known = self._gone.get(place) if held is None else held.revision
        if revision is not None and known is not None and revision < known:
            return Outcome.STALE, None
        if revision is not None:
            self._gone[place] = revision
        if held is None:
            return Outcome.UNCHANGED, None
        del self._told[place]
        return Outcome.RETIRED, held.fact
