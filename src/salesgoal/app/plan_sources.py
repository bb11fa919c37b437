"""The sources of actuals that a plan names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from salesgoal.app.document import ActualsTable, Excess, PlanDocument
from salesgoal.app.plan_files import PlanFiles
from salesgoal.app.plan_parts import Source, make_layout, make_rule, unit_factor
from salesgoal.app.sources import find_files
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import PlanRefused
from salesgoal.intake.source_map import SourceMap

__all__ = ["plan_sources"]


def plan_sources(files: PlanFiles, document: PlanDocument) -> Iterator[Source]:
    """The sources of a plan, in its order; the faulty ones are among the problems."""
    for number, table in enumerate(document.actuals, start=1):
        key = f"actuals#{number}"
        with files.collect(key):
            zone = _zone(files, document.plan.zone)
            recorded = table.ledger and document.ledger is not None
            yield _source(files, key, table, zone, in_ledger=recorded)


def _zone(files: PlanFiles, name: str | None) -> ZoneInfo | None:
    """The zone of the business days.

    Raises:
        PlanRefused: There is no such zone.
    """
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        place = Place(files.path.name, key="plan.zone")
        reason = f"there is no zone {name!r}"
        fault = problem("bad-value", place, reason=reason, reason_zh=f"没有时区 {name}")
        raise PlanRefused([fault]) from error


def _source(
    files: PlanFiles, key: str, table: ActualsTable, zone: ZoneInfo | None, *, in_ledger: bool
) -> Source:
    folder = files.path.parent
    found = [
        files.file(_beside(folder, path), table.importer, table.options, key)
        for path in find_files(folder, table.path)
    ]
    span = table.coverage
    return Source(
        files=tuple(found),
        columns=table.columns,
        key=key,
        layout=make_layout(table.layout),
        rules=tuple(map(make_rule, table.ignore)),
        identity=tuple(table.key),
        in_ledger=in_ledger,
        map=SourceMap(
            name=table.source or table.path,
            members=table.members,
            values=table.values,
            split=frozenset(table.split),
            date_format=table.date_format,
            period_format=table.period_format,
            period_level=table.period_level,
            unit=table.unit,
            factor=unit_factor(table.unit),
            zone=zone,
            round_excess=table.excess_decimals is Excess.ROUND,
            coverage=(span.since, span.until) if span else None,
        ),
    )


def _beside(folder: Path, path: Path) -> str:
    """A path as people would write it in the plan: relative where it is below the plan."""
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
