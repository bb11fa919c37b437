"""What every contract of the kit is: a class of checks to inherit from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

__all__ = ["Contract", "checks_of"]

_NAME = "salesgoal-skips"


class Contract:
    """A class of checks; each is a method whose name is the fact that it holds."""

    case: ClassVar[Any]

    @pytest.fixture(autouse=True)
    def _skips(self, request: pytest.FixtureRequest) -> None:
        name = request.function.__name__
        why = self.why_skipped(name)
        if why is not None:
            _note(request.config, f"{self.case.spec.name} {name}: {why}")
            pytest.skip(why)

    def why_skipped(self, name: str) -> str | None:
        """Returns why a check does not run; None where it does."""
        lacks = getattr(getattr(self, name, None), "lacks", None)
        why = None if lacks is None else lacks(self.case.spec)
        skips: Mapping[str, str] = self.case.skips
        return why or skips.get(name)

    def test_skips_have_reasons_and_names(self) -> None:
        """What is skipped is a check of this contract, says why, and is nothing declared."""
        known = checks_of(type(self))
        for name, reason in self.case.skips.items():
            assert name in known, f"no check is called {name}"
            assert reason.strip(), f"{name} is skipped without a reason"
            decided = hasattr(getattr(self, name), "lacks")
            assert not decided, f"{name} cannot be skipped: its spec decides"


def checks_of(contract: type) -> list[str]:
    """Returns the names of the checks of a contract, in alphabetical order."""
    return sorted(name for name in dir(contract) if name.startswith("test_"))


class _Skips:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("checks that were skipped")
        for line in self.lines:
            terminalreporter.write_line(line)


def _note(config: pytest.Config, line: str) -> None:
    """Keeps a line for the end of the run, where it is printed whatever pytest's options."""
    known = config.pluginmanager.get_plugin(_NAME)
    if not isinstance(known, _Skips):
        known = _Skips()
        config.pluginmanager.register(known, _NAME)
    known.lines.append(line)
