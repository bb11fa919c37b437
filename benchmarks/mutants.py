"""Tries every mutant of `domain` against its facts and laws, and keeps what became of each.

mutmut plants the faults: it writes every mutant as a function of its own. To try one it starts
pytest anew, which collects for a second to test for milliseconds. Here tests are collected
once, each is heard once for the functions that it calls, and each mutant is a fork of that
process in which one function's code is the mutant's, and which runs only tests that call it.
Tests of the mutant's own module come first, then one of every other file in turn, laws last,
until ``--budget`` seconds are spent; what killed the mutant before is tried before all others.
Results stand where mutmut looks for them, so that `mutmut show NAME` tells what one changes.

A test that fails by itself in a fork without any mutant is left out and named.

Usage: mutants.py [MODULE ...] [--budget SECONDS] [--workers N] [--afresh]
"""

from __future__ import annotations

import argparse
import gc
import importlib
import mmap
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import monotonic
from types import CodeType, FunctionType, ModuleType
from typing import Any

import attrs
import pytest
from mutant_forks import KILLED, SURVIVED, run_here
from mutant_hearing import DOMAIN, SCRATCH, Heard, hear_all
from mutmut.__main__ import create_file_mutants
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData
from mutmut.utils.format_utils import (
    mangled_name_from_mutant_name,
    orig_function_and_class_names_from_key,
)

TESTS = ("tests/domain", str(DOMAIN), "tests/laws")
TOO_LONG = (  # files, workbooks, databases, and laws that plant faults of their own
    "*_bite.py",
    "test_fuzz_files.py",
    "test_import_laws.py",
    "test_ledger_machine.py",
    "test_owner_report_laws.py",
    "test_reader_laws.py",
)
NEIGHBOURS = {
    "kernel": ("scorecard",),
    "live_cells": ("tracker",),
    "live_column": ("tracker",),
    "live_reading": ("tracker",),
    "live_score": ("tracker",),
    "live_target": ("retarget",),
    "proposal": ("revision", "revision_table"),
    "rescale": ("revision", "revision_table"),
    "score_column": ("scorecard", "cross_cut", "view"),
    "share_rule": ("allocation",),
    "tie": ("revision_table",),
}
"""Modules whose facts stand in the tests of another, or in a table of many cases."""
MARKERS = "not slow and not office and not browser and not engines and not postgres"

NOT_NEEDED = ("cacheprovider", "xdist", "pytest_cov", "faulthandler", "logging", "junitxml")

NO_TEST, NOT_TRIED, TIMED_OUT = 33, 35, 36
ALIVE = frozenset({None, SURVIVED, NO_TEST, NOT_TRIED, 2, 5})


@attrs.frozen
class Trial:
    """One mutant and the tests that may kill it, in their order."""

    name: str
    function: FunctionType
    mutant: FunctionType
    tests: Sequence[pytest.Item]


class Loop:
    """Stands in for pytest's own loop over the tests that it collected."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tries the mutants of all modules, or of those that were asked for."""
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # noqa: SLF001
        modules = [path.stem for path in sorted(DOMAIN.glob("*.py"))]
        functions = {key: code for module in modules for key, code in functions_of(module)}
        gc.freeze()  # a collection in a fork would copy every page of its parent
        heard = hear_all(session, functions)
        quiet = sys.stdout
        for module in self.asked.modules or modules:
            with redirect_stdout(quiet):
                try_module(module, session.items, heard, functions, self.asked)
        return True


def result_of(module: str) -> SourceFileMutationData:
    """Returns what is known of the mutants of a module."""
    found = SourceFileMutationData(path=DOMAIN / f"{module}.py")
    found.load()
    return found


def functions_of(module: str) -> Iterator[tuple[str, FunctionType]]:
    """Yields each function of a module that has mutants, by mutmut's name of it."""
    room = importlib.import_module(f"salesgoal.domain.{module}")
    for name in result_of(module).hash_by_function_name:
        key = f"{room.__name__}.{name}"
        own, holder = orig_function_and_class_names_from_key(f"{key}__mutmut_0")
        space = vars(vars(room)[holder]) if holder else vars(room)
        yield key, getattr(space[own], "__func__", space[own])


def mutants_of(module: str, names: Sequence[str]) -> Iterator[tuple[str, FunctionType]]:
    """Yields the mutants of a module as functions that stand in its own namespace."""
    room = importlib.import_module(f"salesgoal.domain.{module}")
    index = MutantLineSpans.load(DOMAIN / f"{module}.py")
    texts = index.read_function_sources([name.rpartition(".")[2] for name in names])
    for name, text in zip(names, texts, strict=True):
        yield name, make_mutant(room, name, text)


def make_mutant(room: ModuleType, name: str, text: str) -> FunctionType:
    """Returns the function that a text defines, in a class of the name where it is a method."""
    _, holder = orig_function_and_class_names_from_key(name)
    lines = f"class {holder}:\n{text}" if holder else text
    code = compile(f"from __future__ import annotations\n{lines}", name, "exec")
    space: dict[str, Any] = {}
    exec(code, vars(room), space)  # noqa: S102
    made = (vars(space[holder]) if holder else space)[name.rpartition(".")[2]]
    return getattr(made, "__func__", made)


class Order:
    """Which tests are run against the mutants of a function, and in which order."""

    def __init__(
        self, items: Sequence[pytest.Item], heard: Mapping[str, Heard], module: str
    ) -> None:
        self.heard = heard
        facts = (module, *NEIGHBOURS.get(module, ()))
        self.own = {f"{module}.py", *(f"test_{name}.py" for name in facts)}
        steady = [item for item in items if heard[item.nodeid].steady]
        by_file: dict[Path, list[pytest.Item]] = {}
        for item in sorted(steady, key=lambda i: -len(heard[i.nodeid].functions)):
            by_file.setdefault(item.path, []).append(item)
        ranked = [
            ((path.name not in self.own, path.parent.name == "laws", place), item)
            for path, mates in by_file.items()
            for place, item in enumerate(mates)
        ]
        self.items = [item for _, item in sorted(ranked, key=lambda pair: pair[0])]
        self.killers: list[pytest.Item] = []

    def tests(self, key: str, budget: float) -> list[pytest.Item]:
        """Returns the tests that call a function, as far as the budget goes."""
        calling = [i for i in self.items if key in self.heard[i.nodeid].functions]
        chosen, spent = [], 0.0
        for item in calling:
            seconds = self.heard[item.nodeid].seconds
            if spent + seconds <= budget:
                chosen.append(item)
                spent += seconds
        first = [item for item in self.killers if item in chosen]
        return first + [item for item in chosen if item not in first]

    def note(self, killer: pytest.Item) -> None:
        """Puts a test before all others."""
        self.killers = [killer, *(i for i in self.killers if i is not killer)][:12]


def try_module(
    module: str,
    items: Sequence[pytest.Item],
    heard: Mapping[str, Heard],
    functions: Mapping[str, FunctionType],
    asked: argparse.Namespace,
) -> None:
    """Tries the mutants of a module that nothing has killed yet, and keeps the results."""
    result, start = result_of(module), monotonic()
    names = [
        name for name, code in result.exit_code_by_key.items() if asked.afresh or code in ALIVE
    ]
    order, slots = Order(items, heard, module), Slots(asked.workers)
    for name, mutant in mutants_of(module, names):
        key = mangled_name_from_mutant_name(name)
        tests = order.tests(key, asked.budget)
        if not tests:
            result.exit_code_by_key[name] = NO_TEST
            continue
        while slots.full:
            settle(slots, result, order)
        slots.start(Trial(name, functions[key], mutant, tests), heard)
    while slots.busy:
        settle(slots, result, order)
    result.save()
    alive = sum(code in ALIVE for code in result.exit_code_by_key.values())
    print(
        f"{module:<22}{len(names):>5} tried of {len(result.exit_code_by_key):>5},"
        f"{alive:>5} alive, {monotonic() - start:6.1f} s",
        flush=True,
    )


class Slots:
    """The forks that run at once, each with a word in which it says where it is."""

    def __init__(self, workers: int) -> None:
        self.free = [mmap.mmap(-1, 8) for _ in range(workers)]
        self.busy: dict[int, tuple[Trial, mmap.mmap]] = {}

    @property
    def full(self) -> bool:
        """Whether every fork is busy."""
        return not self.free

    def start(self, trial: Trial, heard: Mapping[str, Heard]) -> None:
        """Forks, and in the fork swaps the code of the function and runs the tests."""
        at = self.free.pop()
        pid = os.fork()
        if not pid:
            try:
                swap(trial.function, trial.mutant)
            except ValueError:
                os._exit(NOT_TRIED)
            seconds = [heard[item.nodeid].seconds for item in trial.tests]
            run_here(trial.tests, seconds, at)
        self.busy[pid] = trial, at

    def finish(self) -> tuple[Trial, int, int]:
        """Waits for one of them: the trial, how it ended, and the number of its last test."""
        pid, status = os.waitpid(-1, 0)
        trial, at = self.busy.pop(pid)
        self.free.append(at)
        return trial, os.waitstatus_to_exitcode(status), int.from_bytes(at[:8], "little")


def swap(function: FunctionType, mutant: FunctionType) -> None:
    """Lets a function do what its mutant does, whoever holds it."""
    code: CodeType = mutant.__code__
    function.__code__ = code.replace(co_name=function.__name__)
    function.__defaults__ = mutant.__defaults__
    function.__kwdefaults__ = mutant.__kwdefaults__


def settle(slots: Slots, result: SourceFileMutationData, order: Order) -> None:
    """Keeps what became of one mutant."""
    trial, end, last = slots.finish()
    if end < 0:
        end = TIMED_OUT
    if end in {KILLED, TIMED_OUT}:
        order.note(trial.tests[last])
    result.exit_code_by_key[trial.name] = end


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--budget", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--afresh", action="store_true")
    asked = parser.parse_args()
    SCRATCH.mkdir(parents=True)
    with redirect_stdout(StringIO()):
        made = [create_file_mutants(path) for path in sorted(DOMAIN.glob("*.py"))]
    for each in made:
        if each.error:
            raise each.error
    left_out = [f"--ignore-glob=*/{name}" for name in TOO_LONG]
    arguments = ["-q", "-m", MARKERS, "--capture=no", "--assert=plain"]
    arguments += [f"-pno:{name}" for name in NOT_NEEDED]
    arguments += ["--hypothesis-profile=mutants", f"--basetemp={SCRATCH / 'tmp'}"]
    end = pytest.main([*arguments, *left_out, *TESTS], plugins=[Loop(asked)])
    shutil.rmtree(SCRATCH)
    sys.exit(end)


if __name__ == "__main__":
    main()
