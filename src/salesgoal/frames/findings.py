"""Findings: faults of a frame's rows, counted, with the first few values."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.problem import Place, Problem, problem

__all__ = ["SAMPLES", "Findings"]

SAMPLES = 3
"""How many values of a fault are shown."""

_NEAREST = 200
"""For how many unknown names of a dimension others like it are looked up."""

_SHARE = re.compile(r"[\s\d.%％:：]+$")
_SEVERAL = (";", "；", "、", "/", "／", "|", "+", ",", "，", "&")


@attrs.define
class Findings:
    """What is wrong with the rows of one frame.

    Attributes:
        source: What the frame is called.
    """

    source: str
    _counts: dict[tuple[str, str, str | None], int] = attrs.field(factory=dict, init=False)
    _samples: dict[tuple[str, str, str | None], list[str]] = attrs.field(
        factory=dict, init=False
    )
    _facts: dict[tuple[str, str], dict[str, object]] = attrs.field(factory=dict, init=False)
    _unknown: dict[str, Dimension] = attrs.field(factory=dict, init=False)

    def note(
        self,
        code: str,
        column: str,
        rows: int,
        *,
        name: str | None = None,
        samples: Iterable[object] = (),
        **facts: object,
    ) -> None:
        """Counts rows with a fault; ``name`` is the member that they name, where it is one."""
        key = (code, column, name)
        self._counts[key] = self._counts.get(key, 0) + rows
        shown = self._samples.setdefault(key, [])
        for each in samples:
            if str(each) not in shown and len(shown) < SAMPLES:
                shown.append(str(each))
        self._facts[code, column] = facts

    def note_unknown(self, dimension: Dimension, column: str, name: str, rows: int) -> None:
        """Counts rows that name somebody who is no member."""
        parts = [name]
        for sign in _SEVERAL:
            parts = [part for each in parts for part in each.split(sign)]
        named = [each for each in parts if dimension.find(_SHARE.sub("", each)) is not None]
        shared = len(parts) > 1 and named
        code = "rows-shared" if shared else "rows-unknown-member"
        self._unknown[column] = dimension
        self.note(code, column, rows, name=name)

    def problems(self) -> tuple[Problem, ...]:
        """Every fault once, with how many rows have it."""
        found, looked = [], 0
        for (code, column, name), count in self._counts.items():
            facts = dict(self._facts[code, column])
            if code == "rows-unknown-member" and name is not None:
                facts = self._nearest(column, name, looking=looked < _NEAREST)
                looked += 1
            value = name or "、".join(self._samples[code, column, name]) or None
            found.append(
                problem(
                    code, Place(self.source), column=column, value=value, count=count, **facts
                )
            )
        return tuple(found)

    def _nearest(self, column: str, name: str, *, looking: bool) -> dict[str, object]:
        dimension = self._unknown[column]
        nearest = dimension.nearest(name) if looking else ()
        shown = "、".join(nearest)
        return {
            "dimension": dimension.name,
            "nearest": nearest,
            "nearest_zh": f"；是否为 {shown}" if shown else "",
            "nearest_en": f"; did you mean {shown}" if shown else "",
        }
