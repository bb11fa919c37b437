"""What each tracking workbook said when it was imported last, and what became of it.

Kept in ``plan.tracking/workbooks.json`` beside the plan. Without it a cell is held against what
it held when the workbook was handed out, so losing the file loses no figure: what was cleared
again, or corrected elsewhere since, would only be asked about once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import write_file
from salesgoal.app.tracking.table import tracking_folder
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_units
from salesgoal.domain.scope import Scope
from salesgoal.errors import OutputError
from salesgoal.sheets.form import scope_key

__all__ = ["BookMemory", "read_memory", "total_key", "write_memory"]


def total_key(scope: Scope, metric: str, period: str) -> str:
    """Returns by what a total, and a remark on it, is known in the memory."""
    return f"{scope_key(scope)}|{metric}|{period}"


@attrs.frozen(kw_only=True)
class BookMemory:
    """What one workbook said.

    Attributes:
        said: Total -> what was typed, in whole units; blank where it was taken back.
        handles: Goal, metric and period -> ``cause`` and ``action``: the key and number of
            those that the workbook brought.
    """

    said: Mapping[str, str] = attrs.field(factory=dict)
    handles: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)

    def units(self, key: str, metric: Metric) -> int | None:
        """Returns what was typed, in units; None where it was taken back."""
        text = self.said[key]
        return to_units(Decimal(text), metric.decimals) if text else None


def read_memory(loaded: LoadedPlan) -> dict[str, BookMemory]:
    """Returns workbook -> what it said.

    Raises:
        OutputError: The file was changed by hand, so that it cannot be read.
    """
    path = _path(loaded)
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        return {name: BookMemory(**each) for name, each in found.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        detail = f"it is no longer as salesgoal wrote it ({error}) - restore or delete it"
        zh = "内容已不是 salesgoal 写入的样子 - 请恢复或删除"
        raise OutputError(str(path), detail, zh) from error


def write_memory(loaded: LoadedPlan, memory: Mapping[str, BookMemory]) -> None:
    """Writes what the workbooks said.

    Raises:
        OutputError: The file cannot be written.
    """
    plain = {name: attrs.asdict(each) for name, each in memory.items()}
    text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
    write_file(_path(loaded), text.encode() + b"\n")


def _path(loaded: LoadedPlan) -> Path:
    return tracking_folder(loaded.path) / "workbooks.json"
