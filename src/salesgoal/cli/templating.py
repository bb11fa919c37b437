"""The command ``template``: tracking workbooks that people fill in."""

from __future__ import annotations

import re
from pathlib import Path

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import dimension_id, level_id
from salesgoal.cli.options import (
    as_of_option,
    command,
    day_of,
    find_plugins,
    lang_option,
    plan_argument,
)
from salesgoal.cli.speech import progress, say
from salesgoal.errors import UsageError

__all__ = ["template"]

_SUFFIX = ".xlsx"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@command.command()
@plan_argument
@click.option("--period", metavar="LABEL", help="As 2023-10; the plan's own where left out.")
@click.option(
    "--table",
    "tables",
    multiple=True,
    type=click.Choice(["personal", "team", "product", "kpi"]),
    help="Which tables; may be given several times. Those that suit the period otherwise.",
)
@click.option(
    "--by",
    help="What the columns stand for: week, month, quarter, or a dimension such as product.",
)
@click.option("--for", "owner", metavar="OWNER", help="Only the goals of this owner or member.")
@click.option(
    "--split-by", metavar="owner|DIMENSION", help="One workbook for each owner or member."
)
@as_of_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder, or the .xlsx file of a single workbook.",
)
@lang_option
def template(
    plan: Path,
    lang: str,
    *,
    period: str | None,
    tables: tuple[str, ...],
    by: str | None,
    owner: str | None,
    split_by: str | None,
    as_of: str | None,
    output: Path,
) -> ExitCode:
    """Write tracking workbooks of PLAN, to be filled in and imported again. 跟踪表模板."""
    _check_options(owner, split_by, output)
    from salesgoal.app.load import load_plan
    from salesgoal.app.output import render, write_file
    from salesgoal.app.tracking.template import TemplateOrder, make_templates
    from salesgoal.app.tracking.template_tables import TemplateTable
    from salesgoal.ports.renderer import RenderOptions

    single = output.suffix.lower() == _SUFFIX
    plugins = find_plugins(lang)
    renderer = plugins.renderer("xlsx")
    with progress("读取计划与数据……", "reading the plan and its sources …", lang):
        loaded = load_plan(plan, plugins)
        order = TemplateOrder(
            period=period,
            tables=tuple(map(TemplateTable, tables)),
            by=None if by is None else dimension_id(loaded.plan, level_id(by)),
            owner=owner,
            split_by=None if split_by is None else dimension_id(loaded.plan, split_by),
            lang=lang,
        )
        books = list(make_templates(loaded, order, day_of(as_of)))
    label = period or loaded.plan.period.label
    for name, book in books:
        path = output if single else output / _file_name(label, name, lang)
        write_file(path, render(book, renderer, RenderOptions(lang=lang)))
        say(lang, f"已写入 {path}", f"wrote {path}")
    return ExitCode.FINE


def _check_options(owner: str | None, split_by: str | None, output: Path) -> None:
    """Sees that the options go together.

    Raises:
        UsageError: They do not.
    """
    if owner is not None and split_by is not None:
        raise UsageError(
            "--for and --split-by exclude each other", "--for 与 --split-by 不能同用"
        )
    if split_by is not None and output.suffix.lower() == _SUFFIX:
        raise UsageError(
            "--split-by makes several workbooks; give a folder with -o",
            "--split-by 会写多份工作簿，请用 -o 给出文件夹",
        )


def _file_name(label: str, name: str | None, lang: str) -> str:
    """What a workbook is called, without signs that a file system forbids."""
    first = "跟踪表" if lang == "zh" else "tracking"
    parts = [first, label, *([] if name is None else [name])]
    return _UNSAFE.sub("_", "-".join(parts)) + _SUFFIX
