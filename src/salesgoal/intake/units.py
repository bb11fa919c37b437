"""Units that a sheet states: in a header, 金额（万元）, or in a line above the table.

What the sheet says is held against what the plan says. Where they differ the column is refused:
a factor of ten thousand is never chosen in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from salesgoal.domain.metric import Metric
from salesgoal.intake.amount_text import CURRENCIES, UNITS
from salesgoal.intake.cell_text import CellRefused

__all__ = ["column_factor", "find_unit_line", "split_unit"]

_BRACKETED = re.compile(
    r"(?P<name>.+?)\s*(?:[(（\[【]\s*(?:单位\s*[:：]\s*)?(?P<unit>[^()（）]+?)\s*[)）\]】]"
    r"|[/／]\s*(?P<after>[^/／]+))"
)
_LINE = re.compile(r"单位\s*[:：]\s*(?:人民币)?\s*(?P<unit>[^\s)）,，;；、]+)")
_COUNTED = frozenset("个家次件人单台笔户套张份%")
_FOREIGN = {name for code, names in CURRENCIES.items() if code != "CNY" for name in names}
_WORDS = {unit for unit in UNITS if unit} | _COUNTED | _FOREIGN | {"CNY", "RMB"}
_SCALES = {unit for unit in UNITS if unit and not unit.endswith(("元", "分"))}


def split_unit(header: str) -> tuple[str, str]:
    """Returns the name and the unit of a header; without a known unit all of it is the name.

    >>> split_unit("金额（万元）"), split_unit("金额（含税）")
    (('金额', '万元'), ('金额（含税）', ''))
    """
    match = _BRACKETED.fullmatch(header.strip())
    unit = match and (match["unit"] or match["after"] or "").strip()
    if not match or unit not in _WORDS:
        return header, ""
    return match["name"], "元" if unit in {"CNY", "RMB"} else unit


def find_unit_line(texts: Iterable[str]) -> tuple[str, ...]:
    """Returns the known units that lines above a table state, each once.

    >>> find_unit_line(["10月日报", "（单位：万元）", "单位：华东分公司"])
    ('万元',)
    """
    found = (match["unit"] for text in texts for match in _LINE.finditer(text))
    return tuple(dict.fromkeys(unit for unit in found if unit in _WORDS))


def column_factor(
    metric: Metric, header: str, lines: Iterable[str] = (), declared: str = ""
) -> Fraction:
    """Returns how many whole units of a metric one unit of its column is.

    Args:
        metric: Whose unit counts; a unit line says nothing of metrics that are no money.
        header: The header of the column.
        lines: The units that lines above the table state.
        declared: The unit that the plan gives; it settles which of two the sheet means, and
            must be one that the sheet states, where it states any.

    Raises:
        CellRefused: ``unit-conflict``, or ``unit-unclear`` where the plan does not say what
            kind of thing the metric is.

    >>> column_factor(Metric(id="sales", unit="元", decimals=2), "金额（万元）")
    Fraction(10000, 1)
    """
    own = split_unit(header)[1]
    is_money = metric.unit in UNITS
    stated = {own} - {""}
    for line in lines:
        if metric.unit and is_money and line not in _COUNTED:
            stated.add(line)
        elif not (metric.unit or own or declared or line in _COUNTED or line == "元"):
            raise CellRefused("unit-unclear", found=line, metric=metric.name)
    units = {_in_metric(metric, unit) for unit in stated}
    if declared:
        wanted = _declared(metric, declared)
        if units and wanted not in units:
            found = "、".join(sorted(stated))
            raise CellRefused("unit-conflict", found=found, metric=metric.name)
        return wanted
    if len(units) > 1:
        raise CellRefused("unit-conflict", found="、".join(sorted(stated)), metric=metric.name)
    return units.pop() if units else Fraction(1)


def _declared(metric: Metric, unit: str) -> Fraction:
    """What the plan's unit of a source means for one of its metrics: money for money only."""
    if metric.unit not in UNITS and unit not in _SCALES:
        return Fraction(1)
    return UNITS[unit] / UNITS.get(metric.unit, Fraction(1))


def _in_metric(metric: Metric, unit: str) -> Fraction:
    """How many of the metric's unit a stated unit is; refused where it is of another kind."""
    if unit in UNITS and (metric.unit in UNITS or unit in _SCALES):
        return UNITS[unit] / UNITS.get(metric.unit, Fraction(1))
    same = next((names for names in CURRENCIES.values() if metric.unit in names), ())
    is_count = unit in _COUNTED and metric.unit not in UNITS and not same
    if unit == metric.unit or unit in same or (is_count and "%" not in {unit, metric.unit}):
        return Fraction(1)
    if not metric.unit:
        return Fraction(1)
    raise CellRefused("unit-conflict", found=unit, metric=metric.name)
