"""What the command tells the shell."""

from __future__ import annotations

from enum import IntEnum

from salesgoal.errors import (
    LedgerBusy,
    LedgerRefused,
    OutputError,
    PluginError,
    SalesgoalError,
    SourceError,
    UsageError,
)

__all__ = ["TOLD", "ExitCode", "code_of"]

TOLD = (UsageError, PluginError, SourceError, LedgerRefused, LedgerBusy, OutputError)
"""Errors that are nobody's bug: they are said in a line, without a traceback."""


class ExitCode(IntEnum):
    """The exit codes; 2 is also what the shell's own tools say for wrong usage."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    PARTLY = 4
    OUTPUT = 5
    BUG = 70


def code_of(error: SalesgoalError) -> ExitCode:
    """Returns how the command ends after one of the errors that are told."""
    if isinstance(error, UsageError):
        return ExitCode.USAGE
    return ExitCode.OUTPUT if isinstance(error, OutputError) else ExitCode.REFUSED
