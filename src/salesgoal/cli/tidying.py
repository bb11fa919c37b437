"""Commands that tidy what people type: names to confirm."""

from __future__ import annotations

from pathlib import Path

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.options import (
    command,
    find_plugins,
    lang_option,
    output_option,
    plan_argument,
    print_book,
)
from salesgoal.cli.speech import say

__all__ = ["names"]


@command.command()
@plan_argument
@output_option
@lang_option
def names(plan: Path, output: Path | None, lang: str) -> ExitCode:
    """List names in the sources of PLAN that it does not know, for a person to confirm."""
    from salesgoal.app.names import find_unknown_names, kept_rows, names_book
    from salesgoal.app.output import render, write_file
    from salesgoal.ports.renderer import RenderOptions

    plugins = find_plugins(lang)
    found = find_unknown_names(plan, plugins)
    if output is None:
        print_book(names_book(found), "terminal", plugins, lang)
    else:
        form = output.suffix.removeprefix(".").lower()
        kept = kept_rows(output, plugins)
        book = names_book(found, kept)
        write_file(output, render(book, plugins.renderer(form), RenderOptions(lang=lang)))
        say(
            lang,
            f"已写入 {output}；请在“确认”列填写",
            f"wrote {output}; fill in the last column",
        )
    zh = f"{len(found)} 个名称不在计划中"
    say(lang, zh, f"{len(found)} names are not in the plan")
    return ExitCode.FINDINGS if found else ExitCode.FINE
