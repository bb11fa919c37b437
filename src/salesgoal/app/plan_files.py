"""The files that a plan names, and every problem met on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from salesgoal.app.sources import FileSource, read_table
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.errors import CalendarRefused, PlanRefused, SourceRefused, UsageError
from salesgoal.intake.plan_rows import PlanRows
from salesgoal.intake.table import Table
from salesgoal.ports.plugins import Plugins

__all__ = ["PlanFiles"]

_NOTHING: Mapping[str, Any] = {}


@attrs.define
class PlanFiles:
    """What a plan file and its tables are read through; it only gathers.

    Attributes:
        path: The plan file.
        plugins: Whose importers read the tables.
        prepare: The script that makes them, if the plan names one.
        problems: Every fault so far of the plan file.
        rows: The rows of its tables, with their faults.
    """

    path: Path
    plugins: Plugins
    prepare: str | None = None
    problems: list[Problem] = attrs.field(factory=list)
    rows: PlanRows = attrs.field(factory=PlanRows)
    _names: set[str] = attrs.field(factory=set)

    def stop_at_errors(self) -> None:
        """Ends the loading where anything found so far is an error.

        Raises:
            PlanRefused: With every problem.
        """
        faulty = {each.where for each in self.rows.problems}
        found = [
            each
            for each in self.problems
            if each.code != "no-such-goal" or each.where not in faulty
        ]
        found += self.rows.problems
        if any(each.severity is Severity.ERROR for each in found):
            raise PlanRefused(found)

    @contextmanager
    def collect(self, key: str | None) -> Iterator[None]:
        """Keeps the problems of one table; those without a file get the plan's and its key."""
        try:
            yield
        except (PlanRefused, SourceRefused, CalendarRefused) as refused:
            self.problems += [self._addressed(each, key) for each in refused.problems]
        except UsageError as error:
            place = Place(self.path.name, key=key)
            facts = {"reason": str(error), "reason_zh": error.message("zh")}
            self.problems.append(problem("bad-value", place, **facts))

    def file(
        self, path: str, importer: str | None, options: Mapping[str, Any], key: str
    ) -> FileSource:
        """Returns a file that the plan names, told what to say where it is missing."""
        if self.prepare:
            zh, en = f"先运行 {self.prepare}", f"run {self.prepare} first"
        else:
            zh, en = (
                f"把 {path} 放在 {self.path.name} 旁",
                f"put {path} beside {self.path.name}",
            )
        source = FileSource(
            path=self.path.parent / path,
            importer=importer,
            options=options,
            hint=en,
            hint_zh=zh,
            keys=(key, "options"),
            plan=self.path.name,
            folder=self.path.parent,
        )
        self._names |= {source.path.name, self.path.name}
        return source

    def table(
        self,
        key: str,
        path: str,
        columns: Mapping[str, str] = _NOTHING,
        importer: str | None = None,
        options: Mapping[str, Any] = _NOTHING,
        names: Iterable[Sequence[str]] = (),
    ) -> Table:
        """Returns the rows of a table that the plan names.

        Raises:
            SourceRefused, PlanRefused: It cannot be read.
        """
        words = [name for each in names for name in each]
        file = self.file(path, importer, options, key)
        table = read_table(file, self.plugins, columns, words)
        self.rows.problems += table.warnings
        return table

    def _addressed(self, found: Problem, key: str | None) -> Problem:
        if found.where.row is not None or found.where.source in self._names:
            header = self.rows.headers.get((found.where.source, found.where.sheet), {})
            return attrs.evolve(found, column=header.get(found.column or "", found.column))
        whole = key is None or (found.where.key or "").startswith(key)
        parts = [found.where.key] if whole else [key, found.where.key]
        where = Place(self.path.name, key=", ".join(part for part in parts if part) or None)
        return attrs.evolve(found, where=where)
