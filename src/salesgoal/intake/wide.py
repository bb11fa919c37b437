"""Wide tables: periods or members as headers, turned into one record a row and header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import attrs

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.problem import problem
from salesgoal.errors import SourceRefused
from salesgoal.intake.cell_text import CellRefused, is_filled
from salesgoal.intake.layout import LaidOut
from salesgoal.intake.period_names import PeriodNames
from salesgoal.ports.importer import Page, RawRow

__all__ = ["PERIOD_COLUMN", "Wide", "find_wide", "find_wide_members"]

PERIOD_COLUMN = "期间"


@attrs.frozen(kw_only=True)
class Wide:
    """How the columns of a wide table become the columns of a long one.

    Attributes:
        header: Its own columns.
        fixed: Positions of the columns that say who and what.
        values: The columns of a record beside those and its period: 预计, 实际 …
        at: Label of the period, or name of the member -> value column -> position.
        axis: The column that the headers become: the period, or a dimension.
    """

    header: tuple[str, ...]
    fixed: tuple[int, ...]
    values: tuple[str, ...]
    at: Mapping[str, Mapping[str, int]] = attrs.field(hash=False)
    axis: str = PERIOD_COLUMN

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the long table."""
        return (*(self.header[at] for at in self.fixed), self.axis, *self.values)

    def melt(self, pages: Iterator[Page], needed: Collection[str]) -> Iterator[Page]:
        """Yields a record for every row and header that has a value in a needed column."""
        read = [name for name in self.values if name in needed]
        for page in pages:
            records = (each for row in page.rows for each in self._records(row, read))
            yield attrs.evolve(page, rows=tuple(records), columns=self.columns)

    def _records(self, row: RawRow, read: Sequence[str]) -> Iterator[RawRow]:
        width = len(self.header)
        if len(row.values) != width:
            # A wrong width is kept, so that whoever reads the record refuses it.
            longer = len(row.values) > width
            yield attrs.evolve(
                row, values=(None,) * (len(self.columns) + (1 if longer else -1))
            )
            return
        head = tuple(row.values[at] for at in self.fixed)
        for label, places in self.at.items():
            cells = [places.get(name) for name in self.values]
            values = tuple(None if at is None else row.values[at] for at in cells)
            if any(is_filled(row.values[places[name]]) for name in read if name in places):
                where = attrs.evolve(row.where, key=label)
                yield attrs.evolve(row, values=(*head, label, *values), where=where)


def find_wide(
    laid: LaidOut,
    periods: PeriodNames,
    is_known: Callable[[str], bool],
    taken: Collection[str],
    value_name: str,
) -> Wide | None:
    """Returns how a table is to be turned, or None where no header names a period.

    Args:
        laid: The table.
        periods: What headers may name.
        is_known: Whether a word says what a column gives: 目标, 实际, 销售额.
        taken: Columns that the plan names; they stay as they are.
        value_name: What a column gives whose header is only a period.

    Raises:
        SourceRefused: ``no-such-month``: a period without a year is not one of the plan's.
    """
    found: dict[int, tuple[str, str]] = {}
    for at, (name, over) in enumerate(zip(laid.columns, laid.periods, strict=True)):
        if over is None and (name in taken or is_known(name)):
            continue
        try:
            if over is not None:
                found[at] = (over, value_name if name == f"#{at + 1}" else name)
            elif label := periods.find(name):
                found[at] = (label, value_name)
            elif parts := periods.split(name, is_known):
                found[at] = parts
        except CellRefused as refused:
            fault = problem(refused.code, laid.place, column=name, **refused.facts)
            raise SourceRefused([fault]) from refused
    labels = dict.fromkeys(label for label, _ in found.values())
    under = Counter(value for _, value in found.values())
    if len(labels) > 1:
        # A column to the right of the last period has it "over" it too, but only there.
        found = {
            at: (label, value)
            for at, (label, value) in found.items()
            if under[value] > 1 or laid.periods[at] is None or is_known(value)
        }
    if not found:
        return None
    places: dict[str, dict[str, int]] = {label: {} for label in labels}
    for position, (label, value) in found.items():
        places[label].setdefault(value, position)
    return Wide(
        header=laid.columns,
        fixed=tuple(n for n in range(len(laid.columns)) if n not in found),
        values=tuple(dict.fromkeys(value for _, value in found.values())),
        at=places,
    )


def find_wide_members(
    laid: LaidOut, dimensions: Sequence[Dimension], taken: Collection[str], value_name: str
) -> Wide | None:
    """Returns how a table with members as headers is to be turned; None for fewer than two.

    Args:
        laid: The table.
        dimensions: Whose members headers may be; those without a column of their own.
        taken: Columns that are something else; they stay as they are.
        value_name: What a column gives.

    Raises:
        SourceRefused: ``unclear-members``: a header is a member of several dimensions, the
            headers are of several, two are one member, or one lies below another, so that a
            fact might count twice.
    """
    found: dict[int, list[Dimension]] = {}
    for at, name in enumerate(laid.columns):
        if name not in taken:
            having = [each for each in dimensions if each.find(name) is not None]
            if having:
                found[at] = having
    if len(found) < 2:  # noqa: PLR2004 - a single one may be any word
        return None
    names = {each.name: each for having in found.values() for each in having}
    shown = "、".join(laid.columns[at] for at in found)
    if len(names) > 1:
        every = "、".join(names)
        zh, en = f"分属 {every}", f"are of {every}"
        raise _unclear(laid, shown, zh, en)
    (dimension,) = names.values()
    places: dict[int, int] = {}
    for position in found:
        name = laid.columns[position]
        code = dimension.code(name)
        for other in places:
            if dimension.is_within(code, other) or dimension.is_within(other, code):
                one = dimension.members[other].name
                zh, en = f"{name} 与 {one} 互相包含", f"hold {name} and {one}, one in the other"
                raise _unclear(laid, shown, zh, en)
        places[code] = position
    return Wide(
        header=laid.columns,
        fixed=tuple(n for n in range(len(laid.columns)) if n not in found),
        values=(value_name,),
        at={
            dimension.members[code].name: {value_name: position}
            for code, position in places.items()
        },
        axis=dimension.name,
    )


def _unclear(laid: LaidOut, columns: str, reason_zh: str, reason: str) -> SourceRefused:
    facts = {"columns": columns, "reason_zh": reason_zh, "reason": reason}
    return SourceRefused([problem("unclear-members", laid.place, **facts)])
