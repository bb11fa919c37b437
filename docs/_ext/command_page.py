"""Writes reference/options.md from the commands; `make pages` runs it."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from salesgoal.cli import main as _commands  # noqa: F401 - its import makes every command known
from salesgoal.cli.help_text import COMMANDS, OPTIONS
from salesgoal.cli.options import command

PAGE = Path(__file__).parents[1] / "reference" / "options.md"
HEAD = """\
# Options

Every option of every command, as `--help` says it; written by `make pages` from the commands.
What commands do together, their exit codes and machine output stand under
[commands](commands.md). `-h` or `--help` is an option of each; `--lang` may also stand before
the command. Metrics, dimensions and levels are named by id, or as reports show them
(`--metric 销售额`, `--by 区域`, `--level 季度`); days as in a cell (`2023-10-31`,
`2023年10月31日`).
"""


def page() -> str:
    """Returns the page as it should be."""
    names = sorted(command.commands)
    sections = (line for name in names for line in _section(name, command.commands[name]))
    return "\n".join([HEAD, *sections]).rstrip() + "\n"


def _section(name: str, one: click.Command) -> Iterator[str]:
    context = click.Context(one, info_name=name)
    pieces = " ".join(one.collect_usage_pieces(context))
    yield f"## `salesgoal {name}`\n"
    yield f"`salesgoal {name} {pieces}`\n"
    # Python 3.13 hands a docstring over without its indentation, as `cleandoc` does.
    yield f"{cleandoc(str(one.help))}\n\n{COMMANDS[name]}\n"
    yield "| option | value | default | meaning | 说明 |\n|---|---|---|---|---|"
    for each in one.params:
        if isinstance(each, click.Option):
            yield f"| {' | '.join(map(_cell, _row(each, context)))} |"
    yield ""


def _row(option: click.Option, context: click.Context) -> Iterator[str]:
    yield ", ".join(f"`{each}`" for each in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else option.make_metavar(context)
    yield value and f"`{value.strip('[]')}`"
    yield "**required**" if option.required else _default(option)
    yield option.help or ""
    yield OPTIONS[option.help or ""]


def _default(option: click.Option) -> str:
    shown = option.show_default and not option.is_flag
    variable = f"`{option.envvar}`" if option.envvar else ""
    parts = [variable, f"`{option.default}`" if shown else ""]
    return ", else ".join(filter(None, parts)) or "–"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
