"""Runs tests in a fork of the process that collected them, and says how that ended."""

from __future__ import annotations

import mmap
import os
import signal
from collections.abc import Sequence

import pytest

KILLED, SURVIVED = 1, 0
PATIENCE, LEAST = 4, 1.0
"""A test may take so many times what it took alone, and a second more, before it hangs."""
LIMIT = 120
"""Seconds that nothing takes, even where it only waits."""


class Failures:
    """Ends the process at the first test that fails, before anything is told of it."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Ends it where the test itself fails."""
        if call.excinfo is None or item.get_closest_marker("xfail"):
            return
        if not call.excinfo.errisinstance((pytest.skip.Exception, pytest.xfail.Exception)):
            os._exit(KILLED)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Ends it where anything else does."""
        if report.failed:
            os._exit(KILLED)


def alone(items: Sequence[pytest.Item], seconds: Sequence[float], at: mmap.mmap) -> int:
    """Runs tests in a fork and waits for it."""
    pid = os.fork()
    if not pid:
        run_here(items, seconds, at)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_here(items: Sequence[pytest.Item], seconds: Sequence[float], at: mmap.mmap) -> None:
    """Runs tests until one fails or hangs, and ends the process with what became of it."""
    hush(items[0])
    signal.alarm(LIMIT)
    try:
        for number, (item, took) in enumerate(zip(items, seconds, strict=True)):
            at[:8] = number.to_bytes(8, "little")
            signal.setitimer(signal.ITIMER_VIRTUAL, LEAST + PATIENCE * took)
            after = items[number + 1] if number + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
    except BaseException:  # noqa: BLE001
        os._exit(KILLED)
    os._exit(SURVIVED)


def hush(item: pytest.Item) -> None:
    """Lets a fork say nothing and end at its first failure."""
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    item.config.pluginmanager.register(Failures())
