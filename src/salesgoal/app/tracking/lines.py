"""Whose line it is: by its key where it was handed out with one, else by its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem, problem
from salesgoal.domain.scope import ANY, encode_scope
from salesgoal.errors import UnknownName
from salesgoal.intake.parse import CellRefused
from salesgoal.intake.row_reader import find_member
from salesgoal.intake.tracking_sheet import TrackedBook, TrackedCell, TrackedLine
from salesgoal.sheets.form import read_scope_key

__all__ = ["LineScopes"]


@attrs.define
class LineScopes:
    """Finds the scopes of lines; gathers what is wrong with their keys and names."""

    plan: Plan
    book: TrackedBook
    problems: list[Problem] = attrs.field(factory=list)

    def of(self, line: TrackedLine) -> dict[str, str] | None:
        """Returns the members that a line is about; None where it does not say."""
        if not line.key:
            return self._named(line)
        scope = read_scope_key(line.key)
        if scope is None or (line.sheet, line.key, line.metric) not in self._known:
            self.problems.append(problem("unknown-line", line.where))
            return None
        try:
            encode_scope(scope, self.plan.dimensions)
        except UnknownName:
            self.problems.append(problem("unknown-line", line.where))
            return None
        return scope if self._fits(line, scope) else None

    @property
    def _known(self) -> frozenset[tuple[str, str, str]]:
        return frozenset(self.book.known)

    def _fits(self, line: TrackedLine, scope: Mapping[str, str]) -> bool:
        """Whether the names of a line are still those of its goal."""
        fine = True
        for dimension, cell in self._names(line):
            expected = scope.get(dimension)
            said = str(cell.value or "").strip()
            if said != (expected or "") and self._member(dimension, cell) != expected:
                facts = {"value": said or None, "expected": expected or "-"}
                self.problems.append(
                    problem("names-changed", cell.where, column=cell.column, **facts)
                )
                fine = False
        return fine

    def _names(self, line: TrackedLine) -> Iterator[tuple[str, TrackedCell]]:
        for column, form in self.book.columns[line.sheet].items():
            if form.meaning.role == "name":
                yield form.meaning.scope, line.cells[column]

    def _member(self, dimension: str, cell: TrackedCell) -> str | None:
        """The canonical name that a cell means; None where it means none."""
        plan = self.plan
        own = next(each for each in plan.dimensions if each.id == dimension)
        try:
            code = find_member(own, cell.value)
        except CellRefused:
            return None
        return None if code is None or code == ANY else own.members[code].name

    def _named(self, line: TrackedLine) -> dict[str, str] | None:
        """The members that the names of an added line mean."""
        plan = self.plan
        scope: dict[str, str] = {}
        faults = len(self.problems)
        names = list(self._names(line))
        for dimension, cell in names:
            said = str(cell.value if cell.value is not None else "").strip()
            name = self._member(dimension, cell)
            if name is not None:
                scope[dimension] = name
            elif said:
                own = next(each for each in plan.dimensions if each.id == dimension)
                self.problems.append(own.unknown(said, cell.where, cell.column))
        if not scope and len(self.problems) == faults:
            entries = [
                cell
                for column, cell in line.cells.items()
                if self.book.columns[line.sheet][column].meaning.role not in {"key", "name"}
            ]
            if any(cell.value is not None for cell in entries):
                self.problems.append(problem("line-without-names", line.where))
            return None
        return scope if len(self.problems) == faults else None
