"""Loading a plan: the file, its tables, and every problem of both at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.cascades import CascadeMaker, make_profile
from salesgoal.app.document import (
    ActualsTable,
    CalendarTable,
    Excess,
    PlanDocument,
    ReportTable,
)
from salesgoal.app.document_cascade import CascadeTable
from salesgoal.app.history import History, read_history
from salesgoal.app.plan_parts import (
    Source,
    check_report,
    check_sources,
    make_calendar,
    make_layout,
    make_member,
    make_metric,
    make_rule,
    plan_period,
    unit_factor,
)
from salesgoal.app.read_document import read_document
from salesgoal.app.source_rows import read_targets
from salesgoal.app.sources import FileSource, find_files, read_table
from salesgoal.app.work_calendars import make_work_calendar
from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan, make_plan
from salesgoal.domain.planned_cascade import Cascade
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.errors import (
    CalendarRefused,
    LabelRefused,
    PlanRefused,
    SourceRefused,
    UsageError,
)
from salesgoal.intake.alias_rows import ALIAS_NAMES, add_aliases
from salesgoal.intake.columns import roles_of
from salesgoal.intake.period_names import PeriodNames
from salesgoal.intake.plan_rows import PlanRows
from salesgoal.intake.source_map import SourceMap
from salesgoal.intake.table import Table
from salesgoal.intake.target_rows import TargetForm
from salesgoal.ports.plugins import Plugins

__all__ = ["LoadedPlan", "load_plan"]

_NOTHING: Mapping[str, Any] = {}


@attrs.frozen(kw_only=True)
class LoadedPlan:
    """A plan file, loaded.

    Attributes:
        path: The plan file.
        plan: What it says.
        sources: Where its facts come from.
        document: The file as it is written.
        plugins: Whose importers and renderers serve it.
    """

    path: Path
    plan: Plan
    sources: tuple[Source, ...]
    document: PlanDocument
    plugins: Plugins


def load_plan(path: str | Path, plugins: Plugins | None = None) -> LoadedPlan:
    """Returns a plan from its file, with the tables that it names.

    Args:
        path: The plan file, or the folder that holds a ``plan.toml``.
        plugins: Whose importers read the tables; the built-in ones by default.

    Raises:
        PlanRefused: With every problem of the file and its tables; files are named as the plan
            names them, rows as a spreadsheet shows them.
    """
    path = Path(path)
    path = path / "plan.toml" if path.is_dir() else path
    return _Loader(path, read_document(path), plugins or built_in_plugins()).load()


@attrs.define
class _Loader:
    path: Path
    document: PlanDocument
    plugins: Plugins
    problems: list[Problem] = attrs.field(factory=list)
    rows: PlanRows = attrs.field(factory=PlanRows)
    _files: set[str] = attrs.field(factory=set)

    def load(self) -> LoadedPlan:
        """Builds what the tables need first, then the tables, then the plan."""
        calendar: Calendar = MonthCalendar()
        weeks = self.document.plan.weeks
        with self._collect("plan.calendar"):
            calendar = self._calendar("plan.calendar", self.document.plan.calendar)
        with self._collect("plan.weeks"):
            if weeks is not None:
                calendar = PairedCalendar(calendar, self._calendar("plan.weeks", weeks))
        workdays: WorkCalendar | None = None
        with self._collect("plan.workdays"):
            table = self.document.plan.workdays
            workdays = make_work_calendar(table, self._days, self.path.name)
        metrics = list(self._metrics())
        dimensions = list(self._dimensions())
        sources = tuple(self._sources())
        self._stop_at_errors()
        targets = list(self._targets(calendar, metrics, dimensions))
        reviews = list(self._reviews(dimensions))
        maker = self._maker(calendar, metrics, dimensions, workdays, sources)
        cascades = list(self._cascades(maker)) if maker else []
        plan = None
        with self._collect(None):
            head = self.document.plan
            plan = make_plan(
                name=head.name,
                period=plan_period(head.period),
                metrics=metrics,
                dimensions=dimensions,
                breakdowns=[
                    Breakdown(each.by, each.every_member) for each in self.document.breakdowns
                ],
                targets=targets,
                reviews=reviews,
                cascades=cascades,
                calendar=calendar,
                levels=head.levels,
                workdays=workdays,
            )
        self._stop_at_errors()
        assert plan is not None
        with self._collect("actuals"):
            check_sources(sources, plan, self.path.name)
        for name, table in attrs.asdict(self.document.reports, recurse=False).items():
            with self._collect(f"reports.{name}"):
                check_report(table if isinstance(table, ReportTable) else None, plan)
        self._stop_at_errors()
        return LoadedPlan(
            path=self.path,
            plan=plan,
            sources=sources,
            document=self.document,
            plugins=self.plugins,
        )

    def _stop_at_errors(self) -> None:
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
    def _collect(self, key: str | None) -> Iterator[None]:
        """Keeps the problems of one table; those without a file get the plan's and its key."""
        try:
            yield
        except (PlanRefused, SourceRefused, CalendarRefused) as refused:
            self.problems += [self._addressed(each, key) for each in refused.problems]
        except UsageError as error:
            place = Place(self.path.name, key=key)
            fault = problem("bad-value", place, reason=str(error), reason_zh=str(error))
            self.problems.append(fault)

    def _addressed(self, found: Problem, key: str | None) -> Problem:
        if found.where.row is not None or found.where.source in self._files:
            header = self.rows.headers.get((found.where.source, found.where.sheet), {})
            return attrs.evolve(found, column=header.get(found.column or "", found.column))
        whole = key is None or (found.where.key or "").startswith(key)
        parts = [found.where.key] if whole else [key, found.where.key]
        where = Place(self.path.name, key=", ".join(part for part in parts if part) or None)
        return attrs.evolve(found, where=where)

    def _file(
        self, path: str, importer: str | None, options: Mapping[str, Any], key: str
    ) -> FileSource:
        prepare = self.document.plan.prepare
        hint = f"run {prepare} first" if prepare else f"put {path} beside {self.path.name}"
        source = FileSource(
            path=self.path.parent / path,
            importer=importer,
            options=options,
            hint=hint,
            keys=(key, "options"),
            plan=self.path.name,
        )
        self._files |= {source.path.name, self.path.name}
        return source

    def _table(
        self,
        key: str,
        path: str,
        columns: Mapping[str, str] = _NOTHING,
        importer: str | None = None,
        options: Mapping[str, Any] = _NOTHING,
        names: Iterable[Sequence[str]] = (),
    ) -> Table:
        words = [name for each in names for name in each]
        file = self._file(path, importer, options, key)
        return read_table(file, self.plugins, columns, words)

    def _calendar(self, key: str, table: CalendarTable) -> Calendar:
        def explicit(path: str) -> Calendar:
            rows = self._table(key, path)
            return ExplicitCalendar(Path(path).stem, list(self.rows.periods(rows)))

        return make_calendar(table, explicit)

    def _days(self, path: str) -> Mapping[date, bool] | None:
        faults = len(self.rows.problems)
        days = self.rows.workdays(self._table("plan.workdays", path))
        return days if len(self.rows.problems) == faults else None

    def _metrics(self) -> Iterator[Metric]:
        for name, table in self.document.metrics.items():
            with self._collect(f"metrics.{name}"):
                yield make_metric(name, table)

    def _dimensions(self) -> Iterator[Dimension]:
        for name, table in self.document.dimensions.items():
            with self._collect(f"dimensions.{name}"):
                members = [make_member(each) for each in table.members]
                if table.path is not None:
                    rows = self._table(f"dimensions.{name}", table.path)
                    members += self.rows.members(rows)
                dimension = Dimension(name, members, name=table.name or name)
                if table.aliases is not None:
                    rows = self._table(
                        f"dimensions.{name}", table.aliases, names=ALIAS_NAMES.values()
                    )
                    members, problems = add_aliases(dimension, members, rows)
                    self.rows.problems += problems
                    dimension = Dimension(name, members, name=table.name or name)
                yield dimension

    def _targets(
        self, calendar: Calendar, metrics: Sequence[Metric], dimensions: Sequence[Dimension]
    ) -> Iterator[Target]:
        for number, table in enumerate(self.document.targets, start=1):
            key = f"targets#{number}"
            with self._collect(key):
                form = TargetForm(
                    metric=table.metric,
                    members=table.members,
                    period_format=table.period_format,
                    period_level=table.period_level,
                    unit=table.unit if unit_factor(table.unit) else "",
                    round_excess=table.excess_decimals is Excess.ROUND,
                )
                form_of, level = table.period_format, table.period_level
                rows, problems = read_targets(
                    self._file(table.path, table.importer, table.options, key),
                    self.plugins,
                    table.columns,
                    make_layout(table.layout),
                    form,
                    PeriodNames(calendar, self._span(calendar), form_of, level),
                    metrics,
                    dimensions,
                )
                self.rows.problems += problems
                yield from self.rows.targets(rows, form, calendar, metrics, dimensions)

    def _span(self, calendar: Calendar) -> Period | None:
        """The plan's own period, where it can be known before the plan is made."""
        try:
            period = plan_period(self.document.plan.period)
            return parse_period(calendar, period) if isinstance(period, str) else period
        except UsageError:
            return None

    def _reviews(self, dimensions: Sequence[Dimension]) -> Iterator[Review]:
        for number, table in enumerate(self.document.reviews, start=1):
            key = f"reviews#{number}"
            with self._collect(key):
                rows = self._table(
                    key,
                    table.path,
                    table.columns,
                    table.importer,
                    table.options,
                    roles_of(dimensions).values(),
                )
                yield from self.rows.reviews(rows, dimensions)

    def _maker(
        self,
        calendar: Calendar,
        metrics: Sequence[Metric],
        dimensions: Sequence[Dimension],
        workdays: WorkCalendar | None,
        sources: Sequence[Source],
    ) -> CascadeMaker | None:
        """What makes cascades; None where the plan's period or a profile is faulty."""
        head = self.document.plan
        profiles = {}
        for name, table in self.document.profiles.items():
            with self._collect(f"profiles.{name}"):
                profiles[name] = make_profile(name, table)
        if len(profiles) < len(self.document.profiles):
            return None
        try:
            own = plan_period(head.period)
            own = parse_period(calendar, own) if isinstance(own, str) else own
        except LabelRefused:
            return None  # make_plan says so

        def read(periods: Iterable[Period]) -> History:
            bare = make_plan(
                name=head.name,
                period=own,
                metrics=metrics,
                dimensions=dimensions,
                calendar=calendar,
                levels=[own.level],
            )
            check_sources(sources, bare, self.path.name)
            return read_history(bare, sources, self.plugins, periods)

        return CascadeMaker(
            file=self.path.name,
            calendar=calendar,
            own=own,
            metrics=metrics,
            dimensions=dimensions,
            profiles=profiles,
            workdays=workdays,
            read=read,
        )

    def _cascades(self, maker: CascadeMaker) -> Iterator[Cascade]:
        made: list[tuple[CascadeTable, Cascade]] = []
        for number, table in enumerate(self.document.cascades, start=1):
            key = f"cascades#{number}"
            with self._collect(key):
                made.append((table, maker.make(table, key)))
        for table, each in made:
            with self._collect(each.where.key):
                grows = table.growth_pct is not None
                yield maker.grown(each, table.growth_pct or 0) if grows else each

    def _sources(self) -> Iterator[Source]:
        for number, table in enumerate(self.document.actuals, start=1):
            key = f"actuals#{number}"
            with self._collect(key):
                yield self._source(key, table)

    def _zone(self) -> ZoneInfo | None:
        """The zone of the business days.

        Raises:
            PlanRefused: There is no such zone.
        """
        name = self.document.plan.zone
        try:
            return None if name is None else ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            place = Place(self.path.name, key="plan.zone")
            reason = f"there is no zone {name!r}"
            fault = problem("bad-value", place, reason=reason, reason_zh=f"没有时区 {name}")
            raise PlanRefused([fault]) from error

    def _source(self, key: str, table: ActualsTable) -> Source:
        folder = self.path.parent
        files = [
            self._file(_beside(folder, path), table.importer, table.options, key)
            for path in find_files(folder, table.path)
        ]
        span = table.coverage
        return Source(
            files=tuple(files),
            columns=table.columns,
            key=key,
            layout=make_layout(table.layout),
            rules=tuple(map(make_rule, table.ignore)),
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
                zone=self._zone(),
                round_excess=table.excess_decimals is Excess.ROUND,
                coverage=(span.since, span.until) if span else None,
            ),
        )


def _beside(folder: Path, path: Path) -> str:
    """A path as people would write it in the plan: relative where it is below the plan."""
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
