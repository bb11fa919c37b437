"""The commands of every day: each turns arguments into one use case and says what it gives."""

from __future__ import annotations

import json
from importlib.metadata import version as metadata_version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.options import (
    command,
    deliver,
    find_plugins,
    format_option,
    lang_option,
    plan_argument,
    print_book,
)
from salesgoal.cli.speech import say, say_codes, say_problems, say_rows
from salesgoal.cli.streams import put_out

if TYPE_CHECKING:
    from salesgoal.ports.importer import ImporterSpec
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.sheet import Words

__all__ = ["check", "demo", "new", "plugins", "problem", "schema"]


_DEMO_FILES = ("report.xlsx", "report.html", "tracking.xlsx")


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("salesgoal-demo"))
@lang_option
def demo(folder: Path, lang: str) -> ExitCode:
    """Write three small real plans into FOLDER and run everything on them."""
    from salesgoal.app.books import report_book, tables_book
    from salesgoal.app.builtins import built_in_plugins
    from salesgoal.app.load import load_plan
    from salesgoal.app.output import render, write_file
    from salesgoal.app.starter import DEMO_AS_OF, copy_demo
    from salesgoal.app.track import track
    from salesgoal.app.tracking.template import TemplateOrder, make_templates
    from salesgoal.ports.renderer import RenderOptions

    plans = copy_demo(folder)
    plugins = built_in_plugins()
    trackings = [track(load_plan(plan, plugins), as_of=DEMO_AS_OF) for plan in plans]
    print_book(tables_book(trackings, overview=True), "terminal", plugins, lang)
    report = report_book(trackings)
    ((_, form),) = make_templates(trackings[0].loaded, TemplateOrder(lang=lang), DEMO_AS_OF)
    workbook, page, blank = (folder / name for name in _DEMO_FILES)
    for path, book in ((workbook, report), (page, report), (blank, form)):
        renderer = plugins.renderer(path.suffix.removeprefix("."))
        write_file(path, render(book, renderer, RenderOptions(lang=lang)))
    for tracking in trackings:
        say_rows(tracking.rows, lang)
    say(lang, f"工作簿：{workbook}", f"workbook: {workbook}")
    say(lang, f"网页：{page}", f"page: {page}")
    say(lang, f"可填报的跟踪表：{blank}", f"tracking workbook to fill in: {blank}")
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
@lang_option
def new(folder: Path, lang: str) -> ExitCode:
    """Write a plan to start from into FOLDER: plan.toml, targets.csv, records.csv.

    Its names, headers and comments are in the language of --lang.
    """
    from salesgoal.app.starter import write_starter

    written = write_starter(folder, lang)
    for path in written:
        click.echo(str(path))
    say(
        lang,
        f"改好后运行：salesgoal check {folder}",
        f"edit them, then run: salesgoal check {folder}",
    )
    return ExitCode.FINE


@command.command()
@plan_argument
@lang_option
def check(plan: Path, lang: str) -> ExitCode:
    """Say what is wrong with PLAN: faults, mismatches, breakdowns that do not tie."""
    from salesgoal.app.findings import find_problems
    from salesgoal.app.load import load_plan

    loaded = load_plan(plan, find_plugins(lang))
    found = find_problems(loaded)
    goals = sum(len(tree) for tree in loaded.plan.trees)
    say_problems(found, lang, most=None)
    say_codes(found, lang)
    zh = f"{loaded.plan.name}：{goals} 个目标，{len(found)} 个问题"
    findings = f"{len(found)} finding{'s'[: len(found) != 1]}"
    en = f"{loaded.plan.name}: {goals} goals, {findings}"
    say(lang, zh, en)
    return ExitCode.FINDINGS if found else ExitCode.FINE


@command.command()
@format_option
@lang_option
def plugins(form: str, lang: str) -> ExitCode:
    """List importers with their options, renderers, and the plugins that failed."""
    from salesgoal.app.builtins import load_plugins
    from salesgoal.sheets.plugin_sheets import failures_sheet, offered_sheet, options_sheet
    from salesgoal.sheets.sheet import Book, Words

    found = load_plugins()
    sheets = [offered_sheet(_offered(found)), options_sheet(_options(found))]
    failed = [
        (each.plugin, each.distribution, each.version, each.stage, each.detail)
        for each in found.failures
    ]
    if failed or form == "json":
        sheets.append(failures_sheet(failed))
    book = Book(title=Words("插件", "Plugins"), sheets=tuple(sheets))
    deliver(book, form, found, None, lang)
    for failure in found.failures:
        zh, en = failure.message("zh"), failure.message("en")
        say(lang, f"插件失败：{zh}", f"failed: {en}")
    return ExitCode.FINDINGS if found.failures else ExitCode.FINE


def _offered(found: Plugins) -> list[tuple[str, str, str, str, str, str]]:
    """Every importer and renderer, with whose it is."""
    specs: list[tuple[str, str, str, str]] = [
        ("importer", each.name, each.title, _reads(each)) for each in found.importers.values()
    ]
    specs += [("renderer", each.name, each.title, "") for each in found.renderers.values()]
    versions = {"salesgoal": metadata_version("salesgoal"), **found.versions}
    lines = []
    for kind, name, title, reads in sorted(specs):
        whose = found.sources[kind, name]
        lines.append((kind, name, whose, versions.get(whose, ""), title, reads))
    return lines


def _reads(spec: ImporterSpec) -> str:
    if spec.matches is not None:
        return "files"
    return "changes" if spec.incremental else "all"


def _options(found: Plugins) -> list[tuple[str, str, str, str, str, str, Words]]:
    """Every option of every importer."""
    from salesgoal.app.plugin_options import list_options
    from salesgoal.sheets.sheet import Words

    words = {True: "yes", False: "no"}
    return [
        (
            spec.name,
            one.name,
            one.kind,
            one.default,
            words[one.required],
            words[one.secret],
            Words(one.doc_zh or one.doc, one.doc or one.doc_zh),
        )
        for _, spec in sorted(found.importers.items())
        for one in list_options(spec.options)
    ]


@command.command()
@click.argument("code")
@lang_option
def problem(code: str, lang: str) -> ExitCode:
    """Say what the problem CODE means, what counts, and what to do."""
    from salesgoal.app.problem_pages import page_text, problem_page

    click.echo(page_text(problem_page(code), lang))
    return ExitCode.FINE


@command.command()
def schema() -> None:
    """Print the JSON Schema of a plan file."""
    from salesgoal.app.plan_file.schema import plan_schema

    written = json.dumps(plan_schema(), ensure_ascii=False, indent=2)
    put_out(f"{written}\n".encode(), people=False)
