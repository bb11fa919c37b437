"""Loading a plan: the file, its tables, and every problem of both at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from pathlib import Path

import attrs

from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.cascades import CascadeMaker, make_profile
from salesgoal.app.history_file import replay_file
from salesgoal.app.past_actuals import PastActuals, read_past_actuals
from salesgoal.app.plan_file.alerts import make_milestones
from salesgoal.app.plan_file.cascade import CascadeTable
from salesgoal.app.plan_file.document import (
    CalendarTable,
    Excess,
    PlanDocument,
)
from salesgoal.app.plan_file.pace import make_pace
from salesgoal.app.plan_file.reading import read_document
from salesgoal.app.plan_file.reports import ReportTable
from salesgoal.app.plan_files import PlanFiles
from salesgoal.app.plan_parts import (
    Source,
    check_report,
    check_sources,
    make_calendar,
    make_layout,
    make_member,
    make_metric,
    plan_period,
    unit_factor,
)
from salesgoal.app.plan_sources import plan_sources
from salesgoal.app.score_rule import check_score, make_causes
from salesgoal.app.source_rows import read_targets
from salesgoal.app.work_calendars import make_work_calendar
from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.history import History
from salesgoal.domain.kind import require_kind
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan, make_plan
from salesgoal.domain.planned_cascade import Cascade
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.review import Review
from salesgoal.domain.target import Target
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.errors import (
    LabelRefused,
    PlanRefused,
    UsageError,
)
from salesgoal.intake.alias_rows import ALIAS_NAMES, add_aliases
from salesgoal.intake.columns import roles_of
from salesgoal.intake.period_names import PeriodNames
from salesgoal.intake.review_rows import read_reviews
from salesgoal.intake.target_rows import TargetForm
from salesgoal.ports.plugins import Plugins

__all__ = ["LoadedPlan", "load_plan"]


@attrs.frozen(kw_only=True)
class LoadedPlan:
    """A plan file, loaded.

    Attributes:
        path: The plan file.
        plan: What it says, with the revisions of its history.
        sources: Where its facts come from.
        document: The file as it is written.
        plugins: Whose importers and renderers serve it.
        unrevised: The plan before any revision.
        history: What was proposed, approved, closed, whenever it was known.
        history_path: The file of the history; it may not be there yet.
        known_at: Later events of the history do not count; None is now.
    """

    path: Path
    plan: Plan = attrs.field(repr=lambda plan: repr(plan.name))
    sources: tuple[Source, ...] = attrs.field(repr=False)
    document: PlanDocument = attrs.field(repr=False)
    plugins: Plugins = attrs.field(repr=False)
    unrevised: Plan = attrs.field(repr=False)
    history: History = attrs.field(repr=False)
    history_path: Path = attrs.field(repr=False)
    known_at: datetime | None = None


def load_plan(
    path: str | Path, plugins: Plugins | None = None, *, known_at: datetime | None = None
) -> LoadedPlan:
    """Returns a plan from its file, with the tables that it names.

    Args:
        path: The plan file, or the folder that holds a ``plan.toml``.
        plugins: Whose importers read the tables; the built-in ones by default.
        known_at: With a time zone: revisions recorded later do not count.

    Raises:
        PlanRefused: With every problem of the file and its tables; files are named as the plan
            names them, rows as a spreadsheet shows them.
        KindRefused: The path is none.
    """
    require_kind(path, (str, PathLike), "path", "'plan.toml'")
    path = Path(path)
    path = path / "plan.toml" if path.is_dir() else path
    document = read_document(path)
    prepare = document.plan.prepare
    files = PlanFiles(path, plugins or built_in_plugins(), prepare)
    loader = _Loader(document, files)
    return loader.load(known_at)


@attrs.define
class _Loader:
    document: PlanDocument
    files: PlanFiles

    def load(self, known_at: datetime | None) -> LoadedPlan:
        """Builds what the tables need first, then the tables, then the plan."""
        calendar: Calendar = MonthCalendar()
        weeks = self.document.plan.weeks
        with self.files.collect("plan.calendar"):
            calendar = self._calendar("plan.calendar", self.document.plan.calendar)
        with self.files.collect("plan.weeks"):
            if weeks is not None:
                calendar = PairedCalendar(calendar, self._calendar("plan.weeks", weeks))
        workdays: WorkCalendar | None = None
        with self.files.collect("plan.workdays"):
            table = self.document.plan.workdays
            workdays = make_work_calendar(table, self._days, self.files.path.name)
        metrics = list(self._metrics())
        dimensions = list(self._dimensions())
        sources = tuple(plan_sources(self.files, self.document))
        self.files.stop_at_errors()
        plan = self._plan(calendar, workdays, metrics, dimensions, sources)
        history_path = self._history_path()
        current, history = replay_file(plan, history_path, known_at)
        return LoadedPlan(
            path=self.files.path,
            plan=current,
            unrevised=plan,
            history=history,
            history_path=history_path,
            known_at=known_at,
            sources=sources,
            document=self.document,
            plugins=self.files.plugins,
        )

    def _plan(
        self,
        calendar: Calendar,
        workdays: WorkCalendar | None,
        metrics: Sequence[Metric],
        dimensions: Sequence[Dimension],
        sources: Sequence[Source],
    ) -> Plan:
        """The plan as its tables say, before any revision.

        Raises:
            PlanRefused: With every problem.
        """
        pace = None
        with self.files.collect("pace"):
            pace = make_pace(self.document.pace)
        with self.files.collect("alerts"):
            make_milestones(self.document.alerts)
        targets = list(self._targets(calendar, metrics, dimensions))
        reviews = list(self._reviews(dimensions, metrics))
        maker = self._maker(calendar, metrics, dimensions, workdays, sources)
        cascades = list(self._cascades(maker)) if maker else []
        plan = None
        with self.files.collect(None):
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
                causes=make_causes(self.document.causes),
                cascades=cascades,
                calendar=calendar,
                levels=head.levels,
                workdays=workdays,
                pace=pace,
            )
        self.files.stop_at_errors()
        assert plan is not None
        with self.files.collect("actuals"):
            check_sources(sources, plan, self.files.path.name)
        for name, table in attrs.asdict(self.document.reports, recurse=False).items():
            with self.files.collect(f"reports.{name}"):
                check_report(table if isinstance(table, ReportTable) else None, plan)
        with self.files.collect("score"):
            check_score(self.document.score, plan, self.files.path.name)
        self.files.stop_at_errors()
        return attrs.evolve(plan, warnings=(*self.files.rows.problems, *plan.warnings))

    def _history_path(self) -> Path:
        """The file that the plan names, else the one that is named after the plan."""
        named = self.document.plan.history
        path = self.files.path.parent / (named or f"{self.files.path.stem}.history.jsonl")
        if named and not path.is_file():
            facts = {
                "hint": "restore it from a backup, or remove history if there was no revision",
                "hint_zh": "从备份恢复；从未调整过则删去 history",
            }
            place = Place(self.files.path.name, key="plan.history")
            raise PlanRefused([problem("file-missing", place, value=named, **facts)])
        return path

    def _calendar(self, key: str, table: CalendarTable) -> Calendar:
        def explicit(path: str) -> Calendar:
            rows = self.files.table(key, path)
            return ExplicitCalendar(Path(path).stem, list(self.files.rows.periods(rows)))

        return make_calendar(table, explicit)

    def _days(self, path: str) -> Mapping[date, bool] | None:
        table = self.files.table("plan.workdays", path)
        faults = len(self.files.rows.problems)
        days = self.files.rows.workdays(table)
        return days if len(self.files.rows.problems) == faults else None

    def _metrics(self) -> Iterator[Metric]:
        for name, table in self.document.metrics.items():
            with self.files.collect(f"metrics.{name}"):
                yield make_metric(name, table)

    def _dimensions(self) -> Iterator[Dimension]:
        for name, table in self.document.dimensions.items():
            with self.files.collect(f"dimensions.{name}"):
                members = [make_member(each) for each in table.members]
                if table.path is not None:
                    rows = self.files.table(f"dimensions.{name}", table.path)
                    members += self.files.rows.members(rows)
                dimension = Dimension(name, members, name=table.name or name)
                if table.aliases is not None:
                    rows = self.files.table(
                        f"dimensions.{name}", table.aliases, names=ALIAS_NAMES.values()
                    )
                    members, problems = add_aliases(dimension, members, rows)
                    self.files.rows.problems += problems
                    dimension = Dimension(name, members, name=table.name or name)
                yield dimension

    def _targets(
        self, calendar: Calendar, metrics: Sequence[Metric], dimensions: Sequence[Dimension]
    ) -> Iterator[Target]:
        for number, table in enumerate(self.document.targets, start=1):
            key = f"targets#{number}"
            with self.files.collect(key):
                form = TargetForm(
                    metric=table.metric,
                    members=table.members,
                    period=table.period,
                    period_format=table.period_format,
                    period_level=table.period_level,
                    unit=table.unit if unit_factor(table.unit) else "",
                    round_excess=table.excess_decimals is Excess.ROUND,
                )
                form_of, level = table.period_format, table.period_level
                rows, problems = read_targets(
                    self.files.file(table.path, table.importer, table.options, key),
                    self.files.plugins,
                    table.columns,
                    make_layout(table.layout),
                    form,
                    PeriodNames(calendar, self._span(calendar), form_of, level),
                    metrics,
                    dimensions,
                )
                self.files.rows.problems += problems
                yield from self.files.rows.targets(rows, form, calendar, metrics, dimensions)

    def _span(self, calendar: Calendar) -> Period | None:
        """The plan's own period, where it can be known before the plan is made."""
        try:
            period = plan_period(self.document.plan.period)
            return parse_period(calendar, period) if isinstance(period, str) else period
        except UsageError:
            return None

    def _reviews(
        self, dimensions: Sequence[Dimension], metrics: Sequence[Metric]
    ) -> Iterator[Review]:
        for number, table in enumerate(self.document.reviews, start=1):
            key = f"reviews#{number}"
            with self.files.collect(key):
                rows = self.files.table(
                    key,
                    table.path,
                    table.columns,
                    table.importer,
                    table.options,
                    roles_of(dimensions).values(),
                )
                yield from read_reviews(self.files.rows, rows, dimensions, metrics)

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
            with self.files.collect(f"profiles.{name}"):
                profiles[name] = make_profile(name, table)
        if len(profiles) < len(self.document.profiles):
            return None
        try:
            own = plan_period(head.period)
            own = parse_period(calendar, own) if isinstance(own, str) else own
        except LabelRefused:
            return None  # make_plan says so

        def read(periods: Iterable[Period]) -> PastActuals:
            bare = make_plan(
                name=head.name,
                period=own,
                metrics=metrics,
                dimensions=dimensions,
                calendar=calendar,
                levels=[own.level],
            )
            check_sources(sources, bare, self.files.path.name)
            return read_past_actuals(bare, sources, self.files.plugins, periods)

        return CascadeMaker(
            file=self.files.path.name,
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
            with self.files.collect(key):
                made.append((table, maker.make(table, key)))
        for table, each in made:
            with self.files.collect(each.where.key):
                grows = table.growth_pct is not None
                yield maker.grown(each, table.growth_pct or 0) if grows else each
