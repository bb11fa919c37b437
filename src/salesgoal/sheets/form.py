"""Forms: what makes a table of goals one that people fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import attrs

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scope import Scope
from salesgoal.sheets.entry_rule import EntryKind, EntryRule
from salesgoal.sheets.sheet import Add, Extreme, Formula, Latest, Words

__all__ = [
    "AMOUNT_ENTRY",
    "DATE_ENTRY",
    "TEXT_ENTRY",
    "Form",
    "Slot",
    "name_entry",
    "read_scope_key",
    "running_total",
    "scope_key",
    "total_value",
]

AMOUNT_ENTRY = EntryRule(
    kind=EntryKind.AMOUNT,
    prompt=Words(
        "填写该期间的合计金额或数量；没有数据请留空，0 表示确实为零",
        "The total of the period. Leave it blank where nothing is known; 0 means zero.",
    ),
    refusal=Words(
        "只能填写数字，小数位数不超过单位允许的位数（元为两位）",
        "Numbers only, with no more decimals than the unit keeps (two for yuan).",
    ),
)
DATE_ENTRY = EntryRule(
    kind=EntryKind.DATE,
    prompt=Words("填写日期，如 2023-10-30", "A day, such as 2023-10-30."),
    refusal=Words("请填写日期，如 2023-10-30", "Give a day, such as 2023-10-30."),
)
TEXT_ENTRY = EntryRule(kind=EntryKind.TEXT)


def name_entry(names: Sequence[str]) -> EntryRule:
    """Returns the rule of a column of names: those of the plan; others after a question."""
    return EntryRule(
        kind=EntryKind.CHOICE,
        choices=tuple(Words(name, name) for name in names),
        refusal=Words(
            "计划中没有这个名称；别名可以使用，其他名称导入时会被拒绝",
            "The plan has no such name. An alias is fine; others are refused on import.",
        ),
        is_strict=False,
    )


@attrs.frozen(kw_only=True)
class Slot:
    """What one column of entries stands for: a period, or a member of a further dimension.

    Attributes:
        key: The key of the column.
        title: What it is called, without "actual" and the unit.
        period: Whose total is typed.
        member: Dimension id -> member that the column adds to the scope of the line.
    """

    key: str
    title: Words
    period: Period
    member: Scope = attrs.field(factory=dict, hash=False)


@attrs.frozen(kw_only=True)
class Form:
    """How a table is filled in.

    Attributes:
        slots: The columns of entries, in order.
        filled: Scope, metric id and period -> what is known already, in units; None where
            nobody has said anything.
        open_metrics: The ids of those whose totals may be typed.
        blank_lines: How many lines people may add.
    """

    slots: tuple[Slot, ...]
    filled: Callable[[Scope, str, Period], Exact | None]
    open_metrics: frozenset[str]
    blank_lines: int = 5


def running_total(metric: Metric, columns: tuple[str, ...]) -> Formula | None:
    """Returns what a total to date means in terms of its parts; None where it is none of them.

    A mean of readings and a count of different customers cannot be told from their parts.
    """
    match metric.aggregation:
        case Aggregation.SUM:
            return Add(columns, is_sparse=True)
        case Aggregation.LAST:
            return Latest(columns)
        case Aggregation.MAXIMUM | Aggregation.MINIMUM:
            return Extreme(columns, metric.aggregation is Aggregation.MAXIMUM)
    return None


def total_value(formula: Formula | None, parts: Mapping[str, Exact | None]) -> Exact | None:
    """Returns what a running total comes to; None where nothing is filled in.

    >>> total_value(Latest(("w1", "w2", "w3")), {"w1": 7, "w2": 5, "w3": None})
    5
    """
    if not isinstance(formula, Add | Latest | Extreme):
        return None
    known = [units for key in formula.columns if (units := parts[key]) is not None]
    if not known:
        return None
    if isinstance(formula, Latest):
        return known[-1]
    if isinstance(formula, Extreme):
        return max(known) if formula.is_largest else min(known)
    return sum(known)


_ESCAPED = re.compile(r"[\\;=]")
_PARTS = re.compile(r"((?:[^\\;=]|\\.)*)=((?:[^\\;=]|\\.)*)(?:;|\Z)", re.DOTALL)


def scope_key(scope: Scope) -> str:
    r"""Returns a scope as one text that stays the same; ``*`` is the root.

    >>> print(scope_key({"region": "华东", "product": "A;B"}))
    region=华东;product=A\;B
    """
    if not scope:
        return "*"
    return ";".join(f"{_escape(name)}={_escape(member)}" for name, member in scope.items())


def read_scope_key(text: str) -> dict[str, str] | None:
    r"""Returns the scope of a key; None where the text is none.

    >>> read_scope_key(r"region=华东;product=A\;B")
    {'region': '华东', 'product': 'A;B'}
    """
    if text == "*":
        return {}
    scope: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _PARTS.match(text, at)
        if found is None:
            return None
        name, member = map(_unescape, found.groups())
        scope[name] = member
        at = found.end()
    return scope or None


def _escape(text: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", text)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
