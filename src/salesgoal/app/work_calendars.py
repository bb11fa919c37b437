"""The work calendar of a plan file, from its table to the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import attrs

from salesgoal.app.plan_file.document import WorkdayKind, WorkdaysTable
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.work_calendar import (
    Overlay,
    Provisional,
    Weekdays,
    WorkCalendar,
    WorkdayTable,
)
from salesgoal.errors import MissingExtra, PlanRefused, UsageError

__all__ = ["make_work_calendar"]

_TABLE = "plan.workdays"
_KEYS: Mapping[WorkdayKind, frozenset[str]] = {
    WorkdayKind.WEEKDAYS: frozenset({"days"}),
    WorkdayKind.CHINA: frozenset({"provisional"}),
    WorkdayKind.COUNTRY: frozenset({"country", "subdivision", "provisional"}),
    WorkdayKind.TABLE: frozenset({"path", "provisional"}),
}
"""Which keys each kind takes, besides ``overlay``; ``provisional`` takes ``days`` too."""

ReadDays = Callable[[str], Mapping[date, bool] | None]
"""Path of a table -> its days; None where it has faults, which the reader keeps."""


def make_work_calendar(
    table: WorkdaysTable | None, read_days: ReadDays, file: str
) -> WorkCalendar | None:
    """Returns the work calendar of a plan; None where it does not say, or a table has faults.

    Raises:
        PlanRefused: A key is missing, or the package of an extra is.
        UsageError: A key that the kind does not take, a table or list without a day, or no
            such country or subdivision.
    """
    if table is None:
        return None
    _check_keys(table, file)
    try:
        calendar = _official(table, read_days)
        if calendar is not None and table.provisional:
            calendar = Provisional(calendar, _estimate(table))
    except MissingExtra as error:
        facts = {"package": error.package, "command": error.command}
        raise PlanRefused(
            [problem("missing-extra", Place(file, key=_TABLE), **facts)]
        ) from error
    if table.overlay is None:
        return calendar
    days = read_days(table.overlay)
    return None if calendar is None or days is None else Overlay(calendar, days)


def _check_keys(table: WorkdaysTable, file: str) -> None:
    taken = _KEYS[table.kind] | {"kind", "overlay"} | ({"days"} if table.provisional else set())
    for field in attrs.fields(WorkdaysTable):
        if field.name not in taken and getattr(table, field.name) != field.default:
            takes = ", ".join(sorted(taken - {"kind"}))
            raise UsageError(
                f"{field.name} does not go with kind {table.kind}, which takes {takes}",
                f"kind {table.kind} 不用 {field.name}，可用的键：{takes}",
            )
    for kind, key in ((WorkdayKind.COUNTRY, "country"), (WorkdayKind.TABLE, "path")):
        if table.kind is kind and getattr(table, key) is None:
            raise PlanRefused([problem("missing-key", Place(file, key=f"{_TABLE}.{key}"))])


def _official(table: WorkdaysTable, read_days: ReadDays) -> WorkCalendar | None:
    if table.kind is WorkdayKind.CHINA:
        from salesgoal.workdays.chinese import chinese_workdays

        return chinese_workdays()
    if table.kind is WorkdayKind.COUNTRY:
        from salesgoal.workdays.countries import country_workdays

        return country_workdays(table.country or "", table.subdivision)
    if table.kind is WorkdayKind.TABLE:
        path = table.path or ""
        days = read_days(path)
        return None if days is None else WorkdayTable(Path(path).stem, days)
    return _weekdays(table)


def _estimate(table: WorkdaysTable) -> WorkCalendar:
    """The weekdays that the plan names, else what is known of the country's holidays.

    The choice is the plan's alone, not that of whichever packages are installed: the same plan
    gives the same numbers everywhere.
    """
    if table.days is not None or table.kind is WorkdayKind.TABLE:
        return _weekdays(table)
    from salesgoal.workdays.countries import country_workdays

    return country_workdays(table.country or "CN", table.subdivision, estimate=True)


def _weekdays(table: WorkdaysTable) -> Weekdays:
    return Weekdays() if table.days is None else Weekdays(table.days)
