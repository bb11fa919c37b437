"""Past actuals: what the plan's own sources say was reached, before the plan or in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import attrs

from salesgoal.app.booked import book_sources
from salesgoal.app.plan_parts import Source
from salesgoal.domain.cells import Cells
from salesgoal.domain.condense import fact_metrics
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.timeline import make_timeline
from salesgoal.errors import UsageError
from salesgoal.ports.plugins import Plugins

__all__ = ["PastActuals", "read_past_actuals"]


@attrs.define
class PastActuals:
    """What was reached, by scope and period; rejected rows and those without a day are not.

    Attributes:
        plan: Whose names.
        cells: The facts, on a timeline of the periods that may be asked for.
    """

    plan: Plan
    cells: Cells
    _sums: dict[tuple[str, tuple[int, ...]], Mapping[Codes, Sequence[int]]] = attrs.field(
        factory=dict, init=False
    )

    def reached(self, metric: Metric, codes: Codes, period: Period) -> int | None:
        """Returns the units of a scope in a period; None where nothing was read for it.

        Raises:
            UsageError: A metric that does not add.
        """
        if not metric.is_additive:
            en = f"{metric.id} does not add up, so its history is no weight"
            raise UsageError(en, f"{metric.id} 不能加总，历史值不能作权重")
        fixed = tuple(at for at, code in enumerate(codes) if code != ANY)
        key = (metric.id, fixed)
        if key not in self._sums:
            self._sums[key] = self._add_up(metric.id, fixed)
        column = self._sums[key].get(codes)
        run = self.cells.timeline.run(period)
        spans = self._spans(metric.id, codes, period)
        if column is None and spans is None:
            return None
        return sum(column[run.start : run.stop] if column else ()) + (spans or 0)

    def _add_up(self, metric: str, fixed: Sequence[int]) -> dict[Codes, list[int]]:
        """The units of every scope that fixes these dimensions, by atom."""
        sums: dict[Codes, list[int]] = {}
        units, cells = self.cells.units(metric), self.cells
        for codes, position in cells.combos.items():
            if any(codes[at] == ANY for at in fixed):
                continue
            first = position * cells.stride
            column = units[first : first + len(cells.timeline)]
            above = (self.plan.dimensions[at].chains[codes[at]] for at in fixed)
            for chosen in product(*above):
                scope = [ANY] * len(codes)
                for at, code in zip(fixed, chosen, strict=True):
                    scope[at] = code
                if self._hides_overlay(codes, scope):
                    continue
                known = sums.setdefault(tuple(scope), [0] * len(column))
                known[:] = map(int.__add__, known, column)
        return sums

    def _spans(self, metric: str, codes: Codes, period: Period) -> int | None:
        """The facts that give only the total of several atoms, where it lies in the period."""
        spans = self.cells.spans[metric]
        if not spans:
            return None
        combos = list(self.cells.combos)
        found = [
            units
            for (position, span), units in spans.items()
            if period.covers(span) and self._matches(combos[position], codes)
        ]
        return sum(found) if found else None

    def _hides_overlay(self, held: Codes, scope: Sequence[int]) -> bool:
        """Whether facts are an overlay's that the scope does not name; others hold them."""
        return any(
            code in dimension.overlays and shown not in dimension.overlays
            for dimension, code, shown in zip(self.plan.dimensions, held, scope, strict=True)
        )

    def _matches(self, held: Codes, codes: Codes) -> bool:
        pairs = zip(self.plan.dimensions, held, codes, strict=True)
        return not self._hides_overlay(held, codes) and all(
            code == ANY or (own != ANY and dimension.is_within(own, code))
            for dimension, own, code in pairs
        )


def read_past_actuals(
    plan: Plan, sources: Iterable[Source], plugins: Plugins, periods: Iterable[Period]
) -> PastActuals:
    """Returns what the sources say of these periods.

    Args:
        plan: Whose names and metrics; its period does not matter.
        sources: The plan's own.
        plugins: Whose importers read them.
        periods: All that may be asked for, one or more.

    Raises:
        SourceRefused, PlanRefused: A source that cannot be read at all.
    """
    asked = list(periods)
    timeline = make_timeline(asked, max(each.last for each in asked))
    cells = Cells(timeline, fact_metrics(plan), len(plan.dimensions))
    book_sources(plan, sources, plugins, cells)
    return PastActuals(plan, cells)
