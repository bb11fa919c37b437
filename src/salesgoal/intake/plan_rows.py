"""Tables of a plan, from raw rows to values: targets, members, calendar periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from salesgoal.domain.calendar import Calendar
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.domain.target import MEASURES, Target
from salesgoal.errors import UsageError
from salesgoal.intake.cell_text import cell_text
from salesgoal.intake.columns import ROLE_NAMES, find_columns, roles_of
from salesgoal.intake.parse import read_flag
from salesgoal.intake.source_map import missing_columns
from salesgoal.intake.table import CellReader, Table
from salesgoal.intake.target_rows import TargetForm, TargetReader

__all__ = ["PlanRows"]


@attrs.define
class PlanRows:
    """Reads the tables of one plan and keeps every fault found.

    Attributes:
        problems: In the order of the tables and their rows.
        headers: File and sheet -> role -> column, so that later faults can name the column.
    """

    problems: list[Problem] = attrs.field(factory=list)
    headers: dict[tuple[str, str | None], dict[str, str]] = attrs.field(factory=dict)

    @property
    def cells(self) -> CellReader:
        """What reads single cells; it keeps its faults here."""
        return CellReader(self.problems)

    def members(self, table: Table) -> Iterator[Member]:
        """The members of a dimension; columns name, aliases (joined by ;), parent, overlay.

        With since and until: who moved stands in several rows, one a seat.
        """
        roles = ("name", "aliases", "parent", "since", "until", "overlay")
        found = self._columns(table, roles, ("name",))
        for row in table.rows if found else ():
            texts = {role: cell_text(row.values.get(column)) for role, column in found.items()}
            name = texts["name"]
            if name is None:
                self.cells.blank(row, found["name"])
                continue
            aliases = (texts.get("aliases") or "").replace("；", ";").split(";")
            beside = found.get("overlay")
            yield Member(
                name,
                _stripped(aliases),
                texts.get("parent"),
                since=self.cells.day(row, found["since"]) if "since" in found else None,
                until=self.cells.day(row, found["until"]) if "until" in found else None,
                overlay=bool(beside and self.cells.cell(row, beside, read_flag)),
            )

    def periods(self, table: Table) -> Iterator[Period]:
        """The periods of an explicit calendar: columns level, label, since, until."""
        roles = ("level", "label", "since", "until")
        found = self._columns(table, roles, roles)
        for row in table.rows if found else ():
            cells = {role: row.values.get(column) for role, column in found.items()}
            since, until = (self.cells.day(row, found[role]) for role in ("since", "until"))
            written = cell_text(cells["level"])
            level = next((each for each in Level if each == written), None)
            if level is None:
                known = ", ".join(Level)
                facts = {"reason": f"the levels are {known}", "reason_zh": f"级别只有 {known}"}
                fault = problem(
                    "bad-calendar", row.where, column=found["level"], value=written, **facts
                )
                self.problems.append(fault)
                continue
            try:
                if since and until:
                    label = cell_text(cells["label"]) or since.isoformat()
                    yield Period(since, until + timedelta(days=1), level, label)
            except UsageError as error:
                facts = {"reason": str(error), "reason_zh": error.message("zh")}
                self.problems.append(problem("bad-calendar", row.where, **facts))

    def workdays(self, table: Table) -> dict[date, bool]:
        """The days of a work calendar: columns date, is_workday."""
        found = self._columns(table, ("on", "is_workday"), ("on", "is_workday"))
        days: dict[date, bool] = {}
        rows: dict[date, Place] = {}
        for row in table.rows if found else ():
            faults = len(self.problems)
            on = self.cells.day(row, found["on"])
            worked = self.cells.cell(row, found["is_workday"], read_flag)
            if on in rows:
                fault = problem("duplicate-day", row.where, value=on, first=rows[on])
                self.problems.append(fault)
            elif on is not None and worked is not None:
                days[on], rows[on] = worked, row.where
            elif len(self.problems) == faults:
                self.cells.blank(row, found["on" if on is None else "is_workday"])
        return days

    def targets(
        self,
        table: Table,
        form: TargetForm,
        calendar: Calendar,
        metrics: Sequence[Metric],
        dimensions: Sequence[Dimension],
    ) -> Iterator[Target]:
        """The targets of a long table, or of a wide one with periods as headers.

        A row of a long table names its period, or the first and last day that it holds for.
        """
        roles = ("period", "since", "until", "metric", *MEASURES)
        roles = (*roles, "owner", "department", "due_on")
        faults = len(self.problems)
        found = self._columns(table, roles, (), dimensions)
        if len(self.problems) > faults:
            return
        reader = TargetReader(
            cells=self.cells,
            form=form,
            calendar=calendar,
            metrics=metrics,
            dimensions=dimensions,
            found=found,
            table=table,
        )
        timed = "period" in found or {"since", "until"} <= found.keys()
        wide = {} if timed else reader.wide_columns(table.columns)
        timed = timed or form.period is not None
        shown = ", ".join(table.columns)
        if not wide and not timed:
            self.problems.append(problem("no-period", table.place, found=shown))
            return
        if not wide and not found.keys() & set(MEASURES):
            fault = problem("missing-column", table.place, column=Role.TARGET, found=shown)
            self.problems.append(fault)
            return
        yield from reader.wide(wide) if wide else reader.long()

    def _columns(
        self,
        table: Table,
        roles: Sequence[str],
        required: Sequence[str],
        dimensions: Sequence[Dimension] = (),
    ) -> dict[str, str]:
        wanted = {**{role: ROLE_NAMES[role] for role in roles}, **roles_of(dimensions)}
        return self.columns(table, wanted, required)

    def columns(
        self, table: Table, wanted: Mapping[str, Sequence[str]], required: Sequence[str]
    ) -> dict[str, str]:
        """Role -> column; nothing where a column that is named or needed is missing."""
        found = find_columns(wanted, table.explicit, table.columns, table.place)
        needed = [*found.values(), *(role for role in required if role not in found)]
        faults = list(missing_columns(tuple(dict.fromkeys(needed)), table.columns, table.place))
        self.problems += faults
        self.headers[table.place.source, table.place.sheet] = found
        return {} if faults else found


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())
