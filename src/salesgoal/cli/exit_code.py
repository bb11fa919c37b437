"""What the command tells the shell."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """The exit codes; 2 is also what the shell's own tools say for wrong usage."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    PARTLY = 4
    OUTPUT = 5
    BUG = 70
