"""The pure path over the same rows: fact by fact, with the domain's own functions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import credit_actual, empty_cells
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import round_units, to_units
from salesgoal.domain.reconciliation import RowCounts, reconcile
from salesgoal.domain.scope import ANY
from salesgoal.domain.scorecard import score
from salesgoal.errors import NumberRefused

__all__ = ["expected", "shown"]


def expected(plan, rows, *, as_of, view=View.AS_WAS, on="on", factor=1):
    """The scorecards, the reconciliation and the counts of rows given as dictionaries."""
    cells = empty_cells(plan, as_of)
    metrics = {each.id: each for each in cells.metrics if each.id in rows[0]}
    control = dict.fromkeys((name for name in metrics if metrics[name].is_additive), 0)
    counts = dict.fromkeys(("accepted", "outside_period", "rejected"), 0)
    days = []
    for row in rows:
        values, bad = read_values(row, metrics, factor)
        members = {each.id: row.get(each.id) for each in plan.dimensions}
        named = {name: text for name, text in members.items() if text}
        bad = bad or row[on] is None or not values
        bad = bad or any(
            each.find(named[each.id]) is None for each in plan.dimensions if each.id in named
        )
        slot = cells.rejected if bad else cells.slot(row[on])
        days += [] if row[on] is None else [row[on]]
        groups = (
            ()
            if bad
            else credit_actual(
                Actual(on=row[on], members=named, values=values), plan.dimensions
            )
        )
        for name, units in values.items():
            if bad:
                cells.book(cells.base((ANY,) * cells.width), slot, metrics[name], units, as_of)
            else:
                cells.credit(groups, slot, metrics[name], units, row[on])
            if name in control:
                control[name] += units
        outcome = "outside_period" if slot == cells.outside else "accepted"
        counts["rejected" if bad else outcome] += 1
    coverage = {name: [(min(days), max(days))] if days else [] for name in metrics}
    cards = score(plan, cells, coverage, as_of, view)
    return cards, reconcile(cards[0], control), RowCounts(read=len(rows), **counts)


def read_values(row, metrics, factor):
    """Metric id -> units or key, and whether an amount is faulty."""
    values, bad = {}, False
    for name, metric in metrics.items():
        raw = row[name]
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        if metric.aggregation is Aggregation.DISTINCT:
            values[name] = raw
            continue
        try:
            values[name] = to_units(Decimal(raw) * factor, metric.decimals)
        except NumberRefused:
            bad = True
    return values, bad


def shown(value, decimals, places):
    """A figure of a row as a frame shows it: half away from zero."""
    if value is None:
        return None
    return Decimal(round_units(Fraction(value) * 10 ** (places - decimals))).scaleb(-places)
