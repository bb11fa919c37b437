"""Trying a contract on broken plugins: each check must catch one, and each one be caught."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import attrs

from salesgoal.testing.bench import OverBudget

_HURRIED = {"shrinks": False}
__all__ = ["Matrix", "Mutant", "try_mutants"]


@attrs.frozen(kw_only=True)
class Mutant:
    """A broken plugin.

    Attributes:
        name: What is broken, in a few words.
        case: The broken plugin, as a contract of the right one would be given it.
        killed_by: Names of checks that catch it, without ``test_``; all are tried if empty.
        survives: Why no check can catch it, for one that is not really broken.
    """

    name: str
    case: Any
    killed_by: Sequence[str] = ()
    survives: str | None = None


@attrs.frozen
class Matrix:
    """Which check caught which mutant.

    Attributes:
        mutants: In order.
        checks: Names, without ``test_``.
        killed: Name of the mutant -> name of the check that was tried -> what it said, or None
            where it held.
    """

    mutants: Sequence[Mutant]
    checks: Sequence[str]
    killed: dict[str, dict[str, str | None]]

    def faults(self) -> list[str]:
        """Returns what is wrong with the contract or with its mutants, a line each."""
        found = []
        for mutant in self.mutants:
            tried = self.killed[mutant.name]
            caught = [name for name, said in tried.items() if said is not None]
            found += [
                f"{mutant.name} is not caught by {name}"
                for name in mutant.killed_by
                if name not in caught
            ]
            if mutant.survives is None and not caught:
                found.append(f"{mutant.name} survives every check")
            if mutant.survives is not None and caught:
                found.append(f"{mutant.name} should survive, and {caught[0]} catches it")
        found += [
            f"{name} catches no mutant"
            for name in self.checks
            if not any(tried.get(name) for tried in self.killed.values())
        ]
        return found

    def __str__(self) -> str:
        """A line a mutant: ``x`` caught, ``.`` held, blank not tried; the checks below it."""
        width = max(len(mutant.name) for mutant in self.mutants)
        lines = []
        for mutant in self.mutants:
            tried = self.killed[mutant.name]
            row = "".join(_sign(tried, name) for name in self.checks)
            lines.append(f"{mutant.name:<{width}}  {row}")
        for at, name in enumerate(self.checks):
            lines.append(f"{' ' * width}  {'|' * at}+ {name}")
        return "\n".join(lines)


def _sign(tried: dict[str, str | None], name: str) -> str:
    if name not in tried:
        return " "
    return "." if tried[name] is None else "x"


def try_mutants(
    contract: type,
    mutants: Sequence[Mutant],
    *,
    every: bool = False,
    besides: Sequence[str] = (),
) -> Matrix:
    """Returns which checks of a contract catch which mutants.

    Args:
        contract: `ImporterContract`, `RendererContract`, or a class that inherits from one.
        mutants: The broken plugins.
        every: Whether to try every check on every mutant, and not only those of ``killed_by``.
        besides: Names of checks, without ``test_``, that no mutant has to trip.
    """
    names = [
        each.removeprefix("test_") for each in sorted(dir(contract)) if each[:5] == "test_"
    ]
    checks = [each for each in names if each not in besides]
    killed = {}
    for mutant in mutants:
        tried = checks if every or not mutant.killed_by else mutant.killed_by
        broken = type(
            f"Broken{contract.__name__}", (contract,), {**_HURRIED, "case": mutant.case}
        )
        made = broken()
        runs = [name for name in tried if not made.why_skipped(f"test_{name}")]
        killed[mutant.name] = {name: _try(made, f"test_{name}") for name in runs}
    return Matrix(mutants, checks, killed)


def _try(contract: Any, name: str) -> str | None:  # noqa: ANN401 - a contract of any kind
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            getattr(contract, name)()
    except (Exception, OverBudget) as error:  # noqa: BLE001 - whatever a broken plugin raises
        return f"{type(error).__name__}: {error}"[:400]
    return None
