"""The process: runs the command and turns what happened into an exit code.

0 fine · 1 findings · 2 usage · 3 refused · 4 partly imported · 5 output · 70 our bug
"""

from __future__ import annotations

import os
import sys

import click

from salesgoal.cli import (
    commands,
    explaining,
    forecasting,
    importing,
    planning,
    reporting,
    reviewing,
    revising,
    syncing,
    templating,
    tidying,
)
from salesgoal.cli.exit_code import TOLD, ExitCode, code_of
from salesgoal.cli.options import command
from salesgoal.cli.speech import say_problems
from salesgoal.cli.spoken import language_of, refusal_words
from salesgoal.cli.streams import make_ready, name_files_in_chinese
from salesgoal.errors import CalendarRefused, PlanRefused, RevisionRefused, SourceRefused

__all__ = ["main", "run"]

_ROOMS = (
    commands,
    explaining,
    forecasting,
    importing,
    planning,
    reporting,
    reviewing,
    revising,
    syncing,
    templating,
    tidying,
)
"""The modules whose commands join the group when they are imported."""


def main() -> None:
    """Runs the command with the arguments of the process and ends it with an exit code."""
    name_files_in_chinese()
    for stream in (sys.stdout, sys.stderr):
        make_ready(stream)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> ExitCode:
    """Returns the exit code of the command; what it says goes to stdout and stderr."""
    lang = language_of(arguments)
    try:
        code = command.main(arguments, prog_name="salesgoal", standalone_mode=False, obj=lang)
    except click.Abort:
        return ExitCode.USAGE
    except click.ClickException as error:
        click.echo(refusal_words(error, lang), err=True)
        return ExitCode.USAGE
    except (PlanRefused, SourceRefused, CalendarRefused, RevisionRefused) as refused:
        say_problems(refused.problems, lang)
        return ExitCode.REFUSED
    except TOLD as error:
        return _said(error.message(lang), code_of(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE
    except Exception as error:  # noqa: BLE001 - the last guard says whose fault it is
        return _our_bug(error)
    return code if isinstance(code, ExitCode) else ExitCode.FINE


def _said(message: str, code: ExitCode) -> ExitCode:
    click.echo(f"salesgoal: {message}", err=True)
    return code


def _our_bug(error: Exception) -> ExitCode:
    import traceback

    traceback.print_exception(error)
    return _said("this is a bug of salesgoal, not of your data", ExitCode.BUG)
