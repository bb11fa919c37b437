"""The sources of actuals that a plan names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from salesgoal.app.plan_file.document import ActualsTable, Excess, PlanDocument
from salesgoal.app.plan_files import PlanFiles
from salesgoal.app.plan_parts import (
    Source,
    make_counts,
    make_layout,
    make_rule,
    unit_factor,
)
from salesgoal.app.service import Service, check_service
from salesgoal.app.sources import FileSource, find_files
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import PlanRefused, UsageError
from salesgoal.intake.source_map import SourceMap

__all__ = ["plan_sources"]


def plan_sources(files: PlanFiles, document: PlanDocument) -> Iterator[Source]:
    """The sources of a plan, in its order; the faulty ones are among the problems."""
    found: list[Source] = []
    for number, table in enumerate(document.actuals, start=1):
        key = f"actuals#{number}"
        with files.collect(key):
            zone = _zone(files, document.plan.zone, "plan.zone")
            if table.zone is not None:
                zone = _zone(files, table.zone, f"{key}.zone")
            recorded = table.ledger and document.ledger is not None
            found.append(_source(files, key, table, zone, in_ledger=recorded))
            yield found[-1]
    _refuse_shared(files, document)
    _refuse_twice(files, found)


def _refuse_shared(files: PlanFiles, document: PlanDocument) -> None:
    """A service keeps its source to itself: what it does not show is taken out."""
    names = [_name(table) for table in document.actuals]
    for number, table in enumerate(document.actuals, start=1):
        if table.path is None and names.count(_name(table)) > 1:
            en = f"give a source of its own: {_name(table)} is that of another table, too"
            zh = f"另取 source：{_name(table)} 也是别处的数据来源"
            place = Place(files.path.name, key=f"actuals#{number}.source")
            files.problems.append(problem("bad-value", place, reason=en, reason_zh=zh))


def _refuse_twice(files: PlanFiles, sources: Sequence[Source]) -> None:
    """A file that two tables read in the same way would count twice; a ledger tells them apart.

    Tables that read other sheets, columns or rows of one file each take their own part of it.
    """
    readings: dict[Path, list[tuple[Source, object]]] = {}
    for source in sources:
        for file in () if source.in_ledger else source.files:
            known = readings.setdefault(file.path.resolve(), [])
            way = _way(source, file)
            first = next((one for one, other in known if other == way), None)
            known.append((source, way))
            if first is None:
                continue
            name = file.path.name
            en = f"name another file, sheet or column: {first.key} reads {name} in this way"
            zh = f"改为其他文件、工作表或列：{first.key} 已这样读取 {name}，再读会计入两次"
            place = Place(files.path.name, key=f"{source.key}.path")
            files.problems.append(problem("bad-value", place, reason=en, reason_zh=zh))
            break


def _way(source: Source, file: FileSource) -> object:
    """How a source reads a file, whatever it is called."""
    named = attrs.evolve(source.map, name="", coverage=None)
    return file.importer, file.options, source.columns, source.layout, source.rules, named


def _name(table: ActualsTable) -> str:
    return table.source or table.path or table.importer or ""


def _service(files: PlanFiles, key: str, table: ActualsTable, *, in_ledger: bool) -> Service:
    """What a table without a path is synced from; its options are checked where that can be.

    Raises:
        UsageError: The plan has no ledger, or the importer reads files only.
        PlanRefused: The options are wrong.
    """
    if not in_ledger:
        en = "a table [ledger]: a service is synced into the ledger"
        raise UsageError(f"add {en}", "加入 [ledger] 表：服务的数据记入台账")
    service = Service(
        importer=table.importer or "",
        options=table.options,
        keys=(key, "options"),
        plan=files.path.name,
        folder=files.path.parent,
    )
    spec = files.plugins.importers.get(service.importer)
    if spec is not None:
        check_service(service, spec)
    return service


def _zone(files: PlanFiles, name: str | None, key: str) -> ZoneInfo | None:
    """The zone of the business days.

    Raises:
        PlanRefused: There is no such zone.
    """
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        place = Place(files.path.name, key=key)
        reason = f"there is no zone {name!r}"
        fault = problem("bad-value", place, reason=reason, reason_zh=f"没有时区 {name}")
        raise PlanRefused([fault]) from error


def _source(
    files: PlanFiles, key: str, table: ActualsTable, zone: ZoneInfo | None, *, in_ledger: bool
) -> Source:
    folder = files.path.parent
    service, found = None, []
    if table.path is None:
        service = _service(files, key, table, in_ledger=in_ledger)
    else:
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
        rules=(*map(make_rule, table.ignore), *make_counts(table.counts)),
        identity=tuple(table.key),
        in_ledger=in_ledger,
        service=service,
        map=SourceMap(
            name=_name(table),
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
            totals_to_date=table.totals_to_date,
        ),
    )


def _beside(folder: Path, path: Path) -> str:
    """A path as people would write it in the plan: relative where it is below the plan."""
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
