"""Tables of a plan as they are read: their rows, where each stands, and the faults of cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import compress
from typing import TypeVar

import attrs

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import Scope
from salesgoal.errors import SourceRefused
from salesgoal.intake.cell_text import CellRefused, cell_text, is_blank
from salesgoal.intake.parse import read_day
from salesgoal.intake.readable import readable
from salesgoal.ports.importer import Page, RawValue

__all__ = ["CellReader", "Record", "Table", "make_table", "scope_of"]

T = TypeVar("T")


@attrs.frozen
class Record:
    """One row of a table, column by column, and where it stands."""

    values: Mapping[str, RawValue]
    where: Place


@attrs.frozen(kw_only=True)
class Table:
    """The rows of one table of a plan, without the blank ones.

    Attributes:
        columns: The header.
        values: The cells of each row, as many as there are columns.
        places: Where each row stands.
        place: The file and sheet.
        explicit: Role -> column, as the plan says.
        lines: The units that lines above the table state.
        warnings: What was noticed when the file was read.
    """

    columns: Sequence[str]
    values: Sequence[Sequence[RawValue]]
    places: Sequence[Place]
    place: Place
    explicit: Mapping[str, str] = attrs.field(factory=dict)
    lines: Sequence[str] = ()
    warnings: Sequence[Problem] = ()

    @property
    def rows(self) -> list[Record]:
        """Every row, column by column."""
        return [self.record(at) for at in range(len(self.values))]

    def record(self, at: int) -> Record:
        """Returns one row, column by column."""
        return Record(dict(zip(self.columns, self.values[at], strict=True)), self.places[at])


def make_table(
    pages: Sequence[Page],
    place: Place,
    explicit: Mapping[str, str],
    lines: Sequence[str] = (),
) -> Table:
    """Returns the rows of a table's pages, without the blank ones.

    Raises:
        SourceRefused: A row is wider or narrower than the header.
    """
    columns = pages[0].columns if pages else ()
    values = [each for page in pages for each in page.values]
    places = [each for page in pages for each in page.places]
    filled = [not is_blank(each) for each in values]
    if not all(filled):
        values, places = list(compress(values, filled)), list(compress(places, filled))
    faults = [
        problem("row-width", where, found=len(row), expected=len(columns))
        for row, where in zip(values, places, strict=True)
        if len(row) != len(columns)
    ]
    if faults:
        raise SourceRefused(faults)
    return Table(
        columns=columns,
        values=values,
        places=places,
        place=attrs.evolve(places[0], row=None) if places else place,
        explicit=explicit,
        lines=lines,
        warnings=[each for page in pages for each in page.warnings],
    )


@attrs.frozen
class CellReader:
    """Reads cells of records one by one and keeps every fault.

    Attributes:
        problems: In the order of reading; the list is the caller's.
    """

    problems: list[Problem]

    def blank(self, row: Record, column: str) -> None:
        """Keeps the fault of a cell that must not be blank."""
        self.problems.append(problem("blank-required", row.where, column=column))

    def day(self, row: Record, column: str) -> date | None:
        """Reads one cell as a day; a fault is kept and reads as blank."""
        return self.cell(row, column, read_day)

    def cell(self, row: Record, column: str, read: Callable[[RawValue], T | None]) -> T | None:
        """Reads one cell; a fault is kept and reads as blank."""
        raw = row.values.get(column)
        try:
            return read(None if cell_text(raw) in {None, "-"} else readable(raw))
        except CellRefused as refused:
            fault = problem(refused.code, row.where, column=column, value=raw, **refused.facts)
            self.problems.append(fault)
            return None


def scope_of(texts: Mapping[str, str | None], dimensions: Sequence[Dimension]) -> Scope:
    """Returns the members that a row names, by dimension id."""
    named = {each.id: texts.get(each.id) for each in dimensions}
    return {name: member for name, member in named.items() if member is not None}
