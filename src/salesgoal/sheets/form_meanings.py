"""What the columns of a form say, for whoever reads the workbook back."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from salesgoal.sheets.form import scope_key
from salesgoal.sheets.goal_table import KEY, GoalTable
from salesgoal.sheets.table_parts import Amount, Names, Said

__all__ = ["Meaning", "table_meanings"]


@attrs.frozen(kw_only=True)
class Meaning:
    """What one column says.

    Attributes:
        column: Its key.
        role: ``key``, ``name``, ``metric``, ``target``, ``actual``, or a field of a remark.
        metric: The id of the metric; blank where the line says it.
        period: The label of the period.
        scope: For a name its dimension; for an actual what it adds to the scope of the line.
    """

    column: str
    role: str
    metric: str = ""
    period: str = ""
    scope: str = ""


def table_meanings(table: GoalTable, *, many: bool = False) -> Iterator[Meaning]:
    """Yields what the columns of a form say.

    Args:
        table: The form.
        many: Whether its lines speak of different metrics.
    """
    assert table.form is not None
    metric = "" if many else table.metric.id
    yield Meaning(column=KEY, role="key", period=table.period.label)
    for part in table.parts:
        match part:
            case Names():
                for each in table.dimensions:
                    yield Meaning(column=each.id, role="name", scope=each.id)
            case Amount(slot=int() as at):
                slot = table.form.slots[at]
                yield Meaning(
                    column=part.key,
                    role="actual",
                    metric=metric,
                    period=slot.period.label,
                    scope=scope_key(slot.member),
                )
            case Amount(field="target"):
                label = part.period.label
                yield Meaning(column=part.key, role="target", metric=metric, period=label)
            case Said(entry=entry, is_hidden=is_hidden) if entry is not None or is_hidden:
                label = table.period.label
                yield Meaning(column=part.key, role=part.key, metric=metric, period=label)
