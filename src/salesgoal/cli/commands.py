"""The commands: each turns arguments into one use case and prints what it gives."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesgoal import __version__
from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.speech import progress, say, say_codes, say_problems, say_rows
from salesgoal.domain.problem import Severity
from salesgoal.errors import CalendarRefused, PlanRefused, SourceRefused

if TYPE_CHECKING:
    from salesgoal.app.books import Selection
    from salesgoal.app.track import Tracking
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.sheet import Book

__all__ = ["command"]

_lang = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    envvar="SALESGOAL_LANG",
    show_default=True,
    help="The language of what people read.",
)
_as_of = click.option(
    "--as-of", metavar="DAY", help="The last day that counts, as 2023-10-31; by default today."
)
_view = click.option(
    "--view",
    type=click.Choice(["as_was", "as_is"]),
    help="人员调动后按当时(as_was)还是当前(as_is)归属：where people who moved are shown.",
)
_plan = click.argument("plan", type=click.Path(path_type=Path))
_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file."
)
_rejected = click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    help="Write the rejected rows to this workbook, with the reasons.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salesgoal")
def command() -> None:
    """Sales goals, exact to the fen: split, track, explain. 销售目标，精确到分."""


def _refusing(function: Callable[..., ExitCode | None]) -> Callable[..., ExitCode | None]:
    """Says the problems of what was refused, in the language of the call."""

    @wraps(function)
    def guarded(*, lang: str, **arguments: Any) -> ExitCode | None:  # noqa: ANN401
        try:
            return function(lang=lang, **arguments)
        except (PlanRefused, SourceRefused, CalendarRefused) as refused:
            say_problems(refused.problems, lang)
            return ExitCode.REFUSED

    return guarded


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("salesgoal-demo"))
@_lang
@_refusing
def demo(folder: Path, lang: str) -> ExitCode:
    """Write three small real plans into FOLDER and run everything on them."""
    from salesgoal.app.books import report_book, tables_book
    from salesgoal.app.builtins import built_in_plugins
    from salesgoal.app.load import load_plan
    from salesgoal.app.output import render, write_file
    from salesgoal.app.starter import DEMO_AS_OF, copy_demo
    from salesgoal.app.track import track
    from salesgoal.ports.renderer import RenderOptions

    plans = copy_demo(folder)
    plugins = built_in_plugins()
    trackings = [track(load_plan(plan, plugins), as_of=DEMO_AS_OF) for plan in plans]
    _print(tables_book(trackings), "terminal", plugins, lang)
    workbook = folder / "report.xlsx"
    options = RenderOptions(lang=lang)
    content = render(report_book(trackings), plugins.renderer("xlsx"), options)
    write_file(workbook, content)
    for tracking in trackings:
        say_rows(tracking.rows, lang)
    say(lang, f"工作簿：{workbook}", f"workbook: {workbook}")
    say(lang, f"计划与数据：{folder}", f"plans and records: {folder}")
    first = plans[0].parent
    say(
        lang,
        f"接着试试：salesgoal track {first} --as-of {DEMO_AS_OF}",
        f"try next: salesgoal track {first} --as-of {DEMO_AS_OF}",
    )
    return ExitCode.FINE


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_lang
@_refusing
def new(folder: Path, lang: str) -> ExitCode:
    """Write a plan to start from into FOLDER: plan.toml, targets.csv, records.csv."""
    from salesgoal.app.starter import write_starter

    written = write_starter(folder)
    for path in written:
        click.echo(str(path))
    say(
        lang,
        f"改好后运行：salesgoal check {folder}",
        f"edit them, then run: salesgoal check {folder}",
    )
    return ExitCode.FINE


@command.command()
@_plan
@_lang
@_refusing
def check(plan: Path, lang: str) -> ExitCode:
    """Say what is wrong with PLAN: faults, mismatches, breakdowns that do not tie."""
    from salesgoal.app.findings import find_problems
    from salesgoal.app.load import load_plan

    loaded = load_plan(plan, _plugins(lang))
    found = find_problems(loaded)
    goals = sum(len(tree) for tree in loaded.plan.trees)
    say_problems(found, lang, most=None)
    say_codes(found, lang)
    zh = f"{loaded.plan.name}：{goals} 个目标，{len(found)} 个问题"
    en = f"{loaded.plan.name}: {goals} goals, {len(found)} findings"
    say(lang, zh, en)
    return ExitCode.FINDINGS if found else ExitCode.FINE


@command.command()
@_plan
@_as_of
@click.option("--format", "form", default="terminal", show_default=True, help="A renderer.")
@click.option("--goal", help="This goal and all below it, as A/B.")
@click.option("--by", help="Cut by these dimensions instead, as region,product.")
@click.option("--level", help="Only periods of this level, as month.")
@click.option("--metric", help="Only this metric.")
@click.option("--to-date", is_flag=True, help="Week, month, quarter, half and year so far.")
@_view
@_output
@_rejected
@_lang
@_refusing
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
    output: Path | None,
    rejected: Path | None,
    lang: str,
) -> ExitCode:
    """Hold PLAN against its sources: every goal, metric and period."""
    from salesgoal.app.books import Selection, track_book

    plugins = _plugins(lang)
    renderer = plugins.renderer(form)
    dimensions = tuple(name.strip() for name in by.split(",")) if by else ()
    if to_date:
        selection = Selection(goal=goal, by=dimensions, level=level, metric=metric)
        return _to_date(plan, as_of, selection, form, plugins, output, lang)
    tracking = _track(plan, as_of, plugins, lang, view)
    for_people = renderer.text and form in {"terminal", "markdown"}
    if level is None and for_people:
        level = str(tracking.loaded.plan.period.level)
    selection = Selection(goal=goal, by=dimensions, level=level, metric=metric)
    _deliver(track_book(tracking, selection), form, plugins, output, lang)
    _write_rejected([tracking], rejected, plugins, lang)
    return _verdict([tracking], lang)


@command.command()
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@_as_of
@click.option("--format", "form", default="xlsx", show_default=True, help="A renderer.")
@_view
@_output
@_rejected
@_lang
@_refusing
def report(
    plans: tuple[Path, ...],
    as_of: str | None,
    form: str,
    view: str | None,
    output: Path | None,
    rejected: Path | None,
    lang: str,
) -> ExitCode:
    """Write one report of PLANS: their tables, scorecards, reconciliation and problems."""
    from salesgoal.app.books import report_book

    plugins = _plugins(lang)
    renderer = plugins.renderer(form)
    trackings = [_track(plan, as_of, plugins, lang, view) for plan in plans]
    if output is None and not renderer.text:
        output = Path(f"report{renderer.suffix}")
    _deliver(report_book(trackings), form, plugins, output, lang)
    _write_rejected(trackings, rejected, plugins, lang)
    return _verdict(trackings, lang)


@command.command()
@_lang
def plugins(lang: str) -> ExitCode:
    """List importers and renderers, and the plugins that failed."""
    from salesgoal.app.builtins import load_plugins

    found = load_plugins()
    offered = [("importer", spec.name, spec.title) for spec in found.importers.values()]
    offered += [("renderer", spec.name, spec.title) for spec in found.renderers.values()]
    for kind, name, title in sorted(offered):
        click.echo(f"{kind}\t{name}\t{found.sources[kind, name]}\t{title}")
    for failure in found.failures:
        say(lang, f"插件失败：{failure}", f"failed: {failure}")
    return ExitCode.FINDINGS if found.failures else ExitCode.FINE


@command.command()
def schema() -> None:
    """Print the JSON Schema of a plan file."""
    from salesgoal.app.schema import plan_schema

    click.echo(json.dumps(plan_schema(), ensure_ascii=False, indent=2))


def _plugins(lang: str) -> Plugins:
    from salesgoal.app.builtins import load_plugins

    found = load_plugins()
    for failure in found.failures:
        say(lang, f"插件失败：{failure}", f"plugin failed: {failure}")
    return found


def _track(
    plan: Path, as_of: str | None, plugins: Plugins, lang: str, view: str | None = None
) -> Tracking:
    from salesgoal.app import track as use_case
    from salesgoal.app.load import load_plan
    from salesgoal.domain.membership import View

    day = _day(as_of)
    with progress("读取计划和数据……", "reading the plan and its sources …", lang):
        return use_case.track(
            load_plan(plan, plugins), as_of=day, view=View(view) if view else None
        )


def _to_date(
    plan: Path,
    as_of: str | None,
    selection: Selection,
    form: str,
    plugins: Plugins,
    output: Path | None,
    lang: str,
) -> ExitCode:
    from salesgoal.app.forecast_books import to_date_book
    from salesgoal.app.load import load_plan
    from salesgoal.app.to_date import to_date

    day = _day(as_of)
    with progress("读取计划和历史数据……", "reading the plan and its past …", lang):
        found = to_date(load_plan(plan, plugins), as_of=day)
    _deliver(to_date_book(found, selection), form, plugins, output, lang)
    say_problems(found.tracking.problems, lang)
    say_rows(found.tracking.rows, lang)
    return ExitCode.PARTLY if found.tracking.rows.rejected else ExitCode.FINE


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a day; write it as 2023-10-31"
        raise click.BadParameter(message, param_hint="--as-of") from error


def _deliver(book: Book, form: str, plugins: Plugins, output: Path | None, lang: str) -> None:
    """Writes to the file, or prints."""
    from salesgoal.app.output import render, write_file
    from salesgoal.ports.renderer import RenderOptions

    renderer = plugins.renderer(form)
    if output is None and renderer.text:
        _print(book, form, plugins, lang)
        return
    if output is None:
        message = f"{form} is not text; give a file with --output"
        raise click.UsageError(message)
    write_file(output, render(book, renderer, RenderOptions(lang=lang)))
    say(lang, f"已写入 {output}", f"wrote {output}")


def _write_rejected(
    trackings: list[Tracking], path: Path | None, plugins: Plugins, lang: str
) -> None:
    """Writes the rejected rows, where that is asked for and there are any."""
    from salesgoal.app.rejected import rejected_book

    found = [each for tracking in trackings for each in tracking.rejected]
    if path is not None and found:
        _deliver(rejected_book(found), "xlsx", plugins, path, lang)


def _print(book: Book, form: str, plugins: Plugins, lang: str) -> None:
    from salesgoal.app.output import render
    from salesgoal.ports.renderer import RenderOptions

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    options = RenderOptions(lang=lang, width=width, colour=terminal)
    click.echo(render(book, plugins.renderer(form), options).decode(), nl=False)


def _verdict(trackings: list[Tracking], lang: str) -> ExitCode:
    """Says the rows and problems; rejected rows make the result a partial one.

    An error without a rejected row, such as a wrong total, is a finding.
    """
    for tracking in trackings:
        say_problems(tracking.problems, lang)
        say_rows(tracking.rows, lang)
    rejected = any(tracking.rows.rejected for tracking in trackings)
    if rejected:
        return ExitCode.PARTLY
    errors = (each for tracking in trackings for each in tracking.problems)
    wrong = any(each.severity is Severity.ERROR for each in errors)
    return ExitCode.FINDINGS if wrong else ExitCode.FINE
