"""What the commands share: the group, options, refusals, and how a book is handed over."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal import __version__
from salesgoal.cli.speech import say
from salesgoal.cli.spoken import SpokenGroup
from salesgoal.cli.streams import put_out
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.scale import Scale
    from salesgoal.sheets.sheet import Book

__all__ = [
    "as_of_option",
    "command",
    "day_of",
    "deliver",
    "find_plugins",
    "format_option",
    "lang_option",
    "moment_of",
    "output_option",
    "plan_argument",
    "prefer_unit",
    "print_book",
    "scale",
    "unit_option",
]

_TO_THE_SECOND = re.compile(r"[T ]\d\d:\d\d:\d\d(?![.,\d])")
_UNIT = "salesgoal.unit"
"""Where the context of a call keeps what `--unit` says."""

_LANG = "salesgoal.lang"
"""Where the context of a call keeps a `--lang` that stands before the command."""


def _own_or_before(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """What `--lang` of the command says, else the one before the command, else the usual."""
    source = context.get_parameter_source(parameter.name or "")
    given = source is click.core.ParameterSource.COMMANDLINE
    return value if given else str(context.meta.get(_LANG, value))


lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    envvar="SALESGOAL_LANG",
    show_default=True,
    callback=_own_or_before,
    help="The language of what people read.",
)
as_of_option = click.option(
    "--as-of", metavar="DAY", help="The last day that counts, as 2023-10-31; by default today."
)
unit_option = click.option(
    "--unit",
    type=click.Choice(["元", "万元", "亿元"]),
    envvar="SALESGOAL_UNIT",
    expose_value=False,
    callback=lambda context, _, value: context.meta.update({_UNIT: value} if value else {}),
    help="What amounts of money are shown in; values stay exact.",
)
plan_argument = click.argument("plan", type=click.Path(path_type=Path))
output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file."
)
format_option = click.option(
    "--format", "form", default="terminal", show_default=True, help="A renderer."
)


@click.group(cls=SpokenGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salesgoal")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    callback=lambda context, _, value: context.meta.update({_LANG: value} if value else {}),
    help="The language of what people read.",
)
def command() -> None:
    """Sales goals, exact to the fen: split, track, explain."""


def find_plugins(lang: str) -> Plugins:
    """Returns every plugin there is, and says which failed."""
    from salesgoal.app.builtins import load_plugins

    found = load_plugins()
    for failure in found.failures:
        zh, en = failure.message("zh"), failure.message("en")
        say(lang, f"插件失败：{zh}", f"plugin failed: {en}")
    return found


def day_of(text: str | None, option: str = "--as-of") -> date:
    """Returns the day that an option gives, as cells write it; today where it is left out.

    Raises:
        UsageError: The text is no day.

    >>> day_of("2023年10月31日") == day_of("2023/10/31") == date(2023, 10, 31)
    True
    """
    from salesgoal.intake.parse import CellRefused, read_day

    if text is None:
        return datetime.now().astimezone().date()
    try:
        found = read_day(text)
    except CellRefused:
        found = None
    if found is None:
        raise UsageError(
            f"{option}: {text!r} is not a day; write it as 2023-10-31",
            f"{option}：{text!r} 不是日期，请写成 2023-10-31 或 2023年10月31日",
        )
    return found


def moment_of(text: str | None, option: str = "--known-at") -> datetime | None:
    """Returns a moment; a day or a second means its end, without a zone it is the local one.

    So the moment of a document, copied from the list of documents, is one at which it is known.

    Raises:
        UsageError: The text is no moment.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        forms = "2023-11-05", "2023-11-05T18:00+08:00"
        raise UsageError(
            f"{option}: {text!r} is no moment; write it as {' or '.join(forms)}",
            f"{option}：{text!r} 不是时刻，请写成 {' 或 '.join(forms)}",
        ) from error
    if len(text) == len("2023-11-05"):
        found = found.replace(hour=23, minute=59, second=59, microsecond=999999)
    elif _TO_THE_SECOND.search(text):
        found = found.replace(microsecond=999999)
    return found.astimezone() if found.tzinfo is None else found


def deliver(
    book: Book,
    form: str,
    plugins: Plugins,
    output: Path | None,
    lang: str,
    *,
    chart: str | None = None,
) -> None:
    """Writes a book to the file, or prints it where its renderer makes text.

    Raises:
        UsageError: No file for what is no text.
    """
    from salesgoal.app.output import render, write_file
    from salesgoal.ports.renderer import RenderOptions

    renderer = plugins.renderer(form)
    if output is None and renderer.text:
        print_book(book, form, plugins, lang)
        return
    if output is None:
        raise UsageError(
            f"{form} is not text; give a file with --output",
            f"{form} 不是文本，请用 --output 给出文件",
        )
    options = RenderOptions(lang=lang, scale=scale(), chart=chart)
    write_file(output, render(book, renderer, options))
    say(lang, f"已写入 {output}", f"wrote {output}")


def prefer_unit(unit: str | None) -> None:
    """Takes the unit that a plan prefers, where the call names none."""
    context = click.get_current_context(silent=True)
    if unit and context is not None:
        context.meta.setdefault(_UNIT, unit)


def scale() -> Scale:
    """Returns what amounts of money are shown in: as the call says, else the plan."""
    from salesgoal.sheets.scale import Scale

    context = click.get_current_context(silent=True)
    return Scale(context.meta.get(_UNIT, Scale.YUAN) if context else Scale.YUAN)


def print_book(book: Book, form: str, plugins: Plugins, lang: str) -> None:
    """Prints a book as a renderer of texts draws it, as wide as the terminal."""
    from salesgoal.app.output import render
    from salesgoal.ports.renderer import RenderOptions

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    options = RenderOptions(lang=lang, width=width, colour=terminal, scale=scale())
    put_out(render(book, plugins.renderer(form), options), people=form == "terminal")
