"""The commands that hold plans against their sources: track, report."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import dimension_id, level_id, metric_id
from salesgoal.cli.options import (
    as_of_option,
    command,
    day_of,
    deliver,
    find_plugins,
    format_option,
    lang_option,
    moment_of,
    output_option,
    plan_argument,
    prefer_unit,
    unit_option,
)
from salesgoal.cli.portions import (
    check_portion,
    deliver_portions,
    for_option,
    split_option,
)
from salesgoal.cli.speech import progress, say_problems, say_readings, say_rows
from salesgoal.domain.problem import Severity

if TYPE_CHECKING:
    from salesgoal.app.books import Selection
    from salesgoal.app.load import LoadedPlan
    from salesgoal.app.track import Tracking
    from salesgoal.domain.plan import Plan
    from salesgoal.ports.plugins import Plugins

__all__ = ["report", "track", "track_plan"]

_view = click.option(
    "--view",
    type=click.Choice(["as_was", "as_is"]),
    help="Where people who moved are shown: where they were then, or are now.",
)
_known_at = click.option(
    "--known-at",
    metavar="MOMENT",
    help="Only what was recorded by then counts, as 2023-11-05 or 2023-11-05T18:00+08:00.",
)
_targets = click.option(
    "--targets",
    type=click.Choice(["current", "original"]),
    default="current",
    show_default=True,
    help="Which version of the targets is held against the actuals.",
)
_rejected = click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    help="Write the rejected rows to this workbook, with the reasons.",
)


@command.command()
@plan_argument
@as_of_option
@format_option
@click.option("--goal", help="This goal and all below it, as A/B.")
@click.option("--by", help="Cut by these dimensions instead, as region,product.")
@click.option("--level", help="Only periods of this level, as month.")
@click.option("--metric", help="Only this metric.")
@click.option("--to-date", is_flag=True, help="Week, month, quarter, half and year so far.")
@_view
@_known_at
@_targets
@for_option
@split_option
@unit_option
@output_option
@_rejected
@lang_option
def track(
    *,
    plan: Path,
    as_of: str | None,
    form: str,
    goal: str | None,
    by: str | None,
    level: str | None,
    metric: str | None,
    view: str | None,
    to_date: bool,
    known_at: str | None,
    targets: str,
    owner: str | None,
    split_by: str | None,
    output: Path | None,
    rejected: Path | None,
    lang: str,
) -> ExitCode:
    """Hold PLAN against its sources: every goal, metric and period."""
    from salesgoal.app.books import Selection, track_book
    from salesgoal.app.owner_reports import for_owner

    check_portion(owner, split_by, by, to_date, rejected)
    plugins = find_plugins(lang)
    renderer = plugins.renderer(form)
    dimensions = tuple(re.split(r"[,，]", by)) if by else ()
    selection = Selection(goal=goal, by=dimensions, level=level_id(level), metric=metric)
    if to_date:
        load = partial(_load, plan, plugins, known_at, targets)
        return _to_date(load, as_of, selection, form, plugins, output, lang)
    chosen = {"view": view, "known_at": known_at, "targets": targets}
    tracking = track_plan(plan, as_of, plugins, lang, **chosen)
    for_people = renderer.text and form in {"terminal", "markdown"}
    if level is None and for_people:
        level = str(tracking.loaded.plan.period.level)
        selection = attrs.evolve(selection, level=level)
    selection = _named(selection, tracking.loaded.plan)
    if split_by is not None:
        make = partial(track_book, selection=selection, for_people=for_people)
        deliver_portions([tracking], split_by, make, form, plugins, output, lang)
    else:
        chosen_goals = [tracking] if owner is None else for_owner([tracking], owner)
        book = track_book(chosen_goals, selection, for_people=for_people)
        deliver(book, form, plugins, output, lang)
    _write_rejected([tracking], rejected, plugins, lang)
    return _verdict([tracking], lang)


@command.command()
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_of_option
@click.option("--format", "form", default="xlsx", show_default=True, help="A renderer.")
@_view
@_known_at
@_targets
@for_option
@split_option
@click.option("--chart", metavar="ID", help="For png: which chart, as overview/attainment.")
@unit_option
@output_option
@_rejected
@lang_option
def report(
    plans: tuple[Path, ...],
    as_of: str | None,
    form: str,
    view: str | None,
    known_at: str | None,
    targets: str,
    owner: str | None,
    split_by: str | None,
    chart: str | None,
    output: Path | None,
    rejected: Path | None,
    lang: str,
) -> ExitCode:
    """Write one report of PLANS: their tables, scorecards, reconciliation and problems."""
    from salesgoal.app.books import report_book
    from salesgoal.app.owner_reports import for_owner

    check_portion(owner, split_by, rejected)
    plugins = find_plugins(lang)
    renderer = plugins.renderer(form)
    chosen = {"view": view, "known_at": known_at, "targets": targets}
    trackings = [track_plan(plan, as_of, plugins, lang, **chosen) for plan in plans]
    if split_by is not None:
        deliver_portions(trackings, split_by, report_book, form, plugins, output, lang)
        return _verdict(trackings, lang)
    if output is None and not renderer.text:
        output = Path(f"report{renderer.suffix}")
    chosen_goals = trackings if owner is None else for_owner(trackings, owner)
    deliver(report_book(chosen_goals), form, plugins, output, lang, chart=chart)
    _write_rejected(trackings, rejected, plugins, lang)
    return _verdict(trackings, lang)


def track_plan(
    plan: Path,
    as_of: str | None,
    plugins: Plugins,
    lang: str,
    *,
    view: str | None = None,
    known_at: str | None = None,
    targets: str | None = None,
) -> Tracking:
    """Returns a plan held against its sources, as the options of a command say."""
    from salesgoal.app import track as use_case
    from salesgoal.domain.membership import View

    day = day_of(as_of)
    with progress("读取计划和数据……", "reading the plan and its sources …", lang):
        loaded = _load(plan, plugins, known_at, targets)
        prefer_unit(loaded.document.reports.unit)
        return use_case.track(loaded, as_of=day, view=View(view) if view else None)


def _load(
    plan: Path, plugins: Plugins, known_at: str | None, targets: str | None
) -> LoadedPlan:
    from salesgoal.app.load import load_plan

    loaded = load_plan(plan, plugins, known_at=moment_of(known_at))
    return attrs.evolve(loaded, plan=loaded.unrevised) if targets == "original" else loaded


def _to_date(
    load: Callable[[], LoadedPlan],
    as_of: str | None,
    selection: Selection,
    form: str,
    plugins: Plugins,
    output: Path | None,
    lang: str,
) -> ExitCode:
    from salesgoal.app.forecast_books import to_date_book
    from salesgoal.app.to_date import to_date

    day = day_of(as_of)
    with progress("读取计划和历史数据……", "reading the plan and its past …", lang):
        found = to_date(load(), as_of=day)
    selection = _named(selection, found.loaded.plan)
    deliver(to_date_book(found, selection), form, plugins, output, lang)
    say_readings(found.tracking.readings, lang)
    say_problems(found.tracking.problems, lang)
    say_rows(found.tracking.rows, lang)
    return ExitCode.PARTLY if found.tracking.rows.rejected else ExitCode.FINE


def _named(selection: Selection, plan: Plan) -> Selection:
    """The selection by ids, however the call names metric and dimensions."""
    return attrs.evolve(
        selection,
        by=tuple(dimension_id(plan, each) for each in selection.by),
        metric=metric_id(plan, selection.metric),
    )


def _write_rejected(
    trackings: list[Tracking], path: Path | None, plugins: Plugins, lang: str
) -> None:
    """Writes the rejected rows, where that is asked for and there are any."""
    from salesgoal.app.rejected import rejected_book

    found = [each for tracking in trackings for each in tracking.rejected]
    if path is not None and found:
        deliver(rejected_book(found), "xlsx", plugins, path, lang)


def _verdict(trackings: list[Tracking], lang: str) -> ExitCode:
    """Says the rows and problems; rejected rows make the result a partial one.

    An error without a rejected row, such as a wrong total, is a finding.
    """
    say_readings([each for tracking in trackings for each in tracking.readings], lang)
    for tracking in trackings:
        say_problems(tracking.problems, lang)
        say_rows(tracking.rows, lang)
    rejected = any(tracking.rows.rejected for tracking in trackings)
    if rejected:
        return ExitCode.PARTLY
    errors = (each for tracking in trackings for each in tracking.problems)
    wrong = any(each.severity is Severity.ERROR for each in errors)
    return ExitCode.FINDINGS if wrong else ExitCode.FINE
