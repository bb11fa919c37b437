"""Hears which functions of `domain` every test calls, and how long it takes."""

from __future__ import annotations

import hashlib
import importlib
import json
import mmap
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from time import process_time
from types import FrameType, FunctionType
from typing import Any

import attrs
import pytest
from mutant_forks import SURVIVED, alone, hush

DOMAIN = Path("src/salesgoal/domain")
HEARD = Path("mutants/heard.json")
SCRATCH = Path("mutants", f"scratch-{os.getpid()}")
TOO_SLOW = 30
"""A test that takes more seconds is run against no mutant."""


@attrs.frozen
class Heard:
    """What a test did when it was run once without a mutant."""

    seconds: float
    functions: frozenset[str]
    steady: bool = True


def hear_all(
    session: pytest.Session, functions: Mapping[str, FunctionType]
) -> Mapping[str, Heard]:
    """Returns which functions every test calls.

    What was heard is kept; a test is heard again where its file or a module that it calls
    changed.
    """
    now = {f"salesgoal.domain.{path.stem}": digest(path) for path in DOMAIN.glob("*.py")}
    known = (
        json.loads(HEARD.read_text(encoding="utf-8"))
        if HEARD.exists()
        else {"modules": {}, "tests": {}}
    )
    changed = {name for name, stamp in now.items() if known["modules"].get(name) != stamp}
    stamps = {path: digest(path) for path in {item.path for item in session.items}}

    def is_known(item: pytest.Item) -> bool:
        old = known["tests"].get(item.nodeid)
        if old is None or old["stamp"] != stamps[item.path]:
            return False
        return changed.isdisjoint(name.rpartition(".")[0] for name in old["functions"])

    fresh = [item for item in session.items if not is_known(item)]
    if fresh:
        print(f"hearing {len(fresh)} tests")
        steady = {
            name
            for name, old in known["tests"].items()
            if old["steady"] and old["stamp"] in stamps.values()
        }
        known["tests"] |= hear(fresh, functions, stamps, steady)
    HEARD.write_text(json.dumps({"modules": now, "tests": known["tests"]}), encoding="utf-8")
    heard = {}
    for item in session.items:
        old = known["tests"][item.nodeid]
        heard[item.nodeid] = Heard(old["seconds"], frozenset(old["functions"]), old["steady"])
        if not old["steady"]:
            print(f"left out, fails alone: {item.nodeid}")
    return heard


def hear(
    items: Sequence[pytest.Item],
    functions: Mapping[str, FunctionType],
    stamps: Mapping[Path, str],
    steady: Collection[str],
) -> dict[str, Any]:
    """Runs tests in a fork of their own, each once, and again one by one without ears.

    Those of ``steady`` stood alone before, and are not asked again.
    """
    told = SCRATCH / "told.json"
    pid = os.fork()
    if not pid:
        hush(items[0])
        names = {id(each.__code__): key for key, each in functions.items()}
        found = {}
        for item, after in zip(items, [*items[1:], None], strict=True):
            calls: set[str] = set()
            start = process_time()
            sys.setprofile(listen(names, calls))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            sys.setprofile(None)
            found[item.nodeid] = {
                "seconds": process_time() - start,
                "functions": sorted(calls),
                "stamp": stamps[item.path],
            }
        rooms = [name for name in sys.modules if name.startswith(("salesgoal", "hypothesis"))]
        told.write_text(json.dumps([found, rooms]), "utf-8")
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit("the tests fail without any mutant")
    found, rooms = json.loads(told.read_text("utf-8"))
    for name in rooms:
        importlib.import_module(name)
    for item in items:
        seconds, end = found[item.nodeid]["seconds"], SURVIVED
        if item.nodeid not in steady:
            end = alone([item], [seconds], mmap.mmap(-1, 8)) if seconds < TOO_SLOW else -1
        found[item.nodeid]["steady"] = end == SURVIVED
    return found


def listen(
    names: Mapping[int, str], calls: set[str]
) -> Callable[[FrameType, str, object], None]:
    """Returns a profiler that notes which of the functions are called."""

    def ear(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and id(frame.f_code) in names:
            calls.add(names[id(frame.f_code)])

    return ear


def digest(*paths: Path) -> str:
    """Returns a short name for what stands in files."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
