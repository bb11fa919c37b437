"""The parts of a table of goals: what each column shows, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import ScoreRow
from salesgoal.sheets.entry_rule import EntryRule
from salesgoal.sheets.sheet import Add, Formula, Kind, Line, Value, Words

__all__ = [
    "Amount",
    "Beyond",
    "Gap",
    "Names",
    "Part",
    "Rate",
    "Said",
    "TableLines",
    "is_target",
    "true_formula",
]


@attrs.frozen
class Names:
    """One column a dimension, with the members of the goal.

    ``leaves`` gives a line to every lowest goal, otherwise to those right below the root.
    """

    leaves: bool


@attrs.frozen
class Amount:
    """The target or actual of a period; ``formula`` is what it means, where that is true.

    In a form one with a ``slot`` takes entries, and one with a formula is worked out from them.
    """

    key: str
    title: Words
    period: Period
    field: str
    formula: Formula | None = None
    slot: int | None = None


@attrs.frozen
class Beyond:
    """What a period has beyond the columns of a form; it is left out where it has nothing."""

    key: str
    title: Words
    period: Period
    columns: tuple[str, ...]


@attrs.frozen
class Rate:
    """One amount over another; ``period`` is the table's own where it is None."""

    key: str
    title: Words
    over: str
    under: str
    period: Period | None = None


@attrs.frozen
class Gap:
    """What is still short of an amount."""

    key: str
    title: Words
    target: str
    actual: str


@attrs.frozen
class Said:
    """What people say about the goal in the table's period."""

    key: str
    title: Words
    say: Callable[[ScoreRow], Value]
    kind: Kind = Kind.TEXT
    entry: EntryRule | None = None
    is_hidden: bool = False


@attrs.frozen(kw_only=True)
class TableLines:
    """The lines of a table, apart: those of goals, what is left over, and the root."""

    goals: dict[str, Line]
    blank: tuple[Line, ...]
    rest: Line | None
    total: Line


Part = Names | Amount | Beyond | Rate | Gap | Said


def is_target(part: Amount | Beyond) -> bool:
    """Returns whether an amount is a target, and not what was reached."""
    return isinstance(part, Amount) and part.field != "actual"


def true_formula(part: Amount, amounts: Mapping[str, Exact | None]) -> Formula | None:
    """Returns the formula of an amount, where it gives just this amount; None elsewhere.

    Args:
        part: The amount.
        amounts: Column -> the units of a line.
    """
    if not isinstance(part.formula, Add) or amounts[part.key] is None:
        return None
    parts = [amounts[key] or 0 for key in part.formula.columns]
    whole = all(isinstance(each, int) for each in parts)
    return part.formula if whole and sum(parts) == amounts[part.key] else None
