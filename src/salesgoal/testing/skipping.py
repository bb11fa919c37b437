"""Skipped checks, printed at the end of the run whatever the options of pytest."""

from __future__ import annotations

import pytest

__all__ = ["note_skip"]

_NAME = "salesgoal-skips"


class _Skips:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("checks that were skipped")
        for line in self.lines:
            terminalreporter.write_line(line)


def note_skip(config: pytest.Config, line: str) -> None:
    """Keeps a line for the end of the run."""
    known = config.pluginmanager.get_plugin(_NAME)
    if not isinstance(known, _Skips):
        known = _Skips()
        config.pluginmanager.register(known, _NAME)
    known.lines.append(line)
