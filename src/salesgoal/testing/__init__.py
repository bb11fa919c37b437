"""For plugin authors: the conformance kit, loopback fakes and Hypothesis strategies.

It is imported by the author's own tests, never loaded by itself; install the extra ``testing``.
"""

from __future__ import annotations

from salesgoal.errors import MissingExtra

try:
    import hypothesis  # noqa: F401
    import pytest
except ImportError as error:
    raise MissingExtra(error.name or "pytest", "testing") from error

for _each in (
    "bench",
    "change_checks",
    "contract",
    "fault_checks",
    "reading_checks",
    "renderer_contract",
    "file_contract",
    "secret_checks",
    "whole_checks",
):
    pytest.register_assert_rewrite(f"{__name__}.{_each}")

from salesgoal.testing.bench import Bench  # noqa: E402 - after the rewriting is asked for
from salesgoal.testing.case import Case, Expected, Fake  # noqa: E402
from salesgoal.testing.file_contract import FileCase, FileContract  # noqa: E402
from salesgoal.testing.golden import accept, check  # noqa: E402
from salesgoal.testing.importer_contract import ImporterContract  # noqa: E402
from salesgoal.testing.loopback import (  # noqa: E402
    Answer,
    Fault,
    Loopback,
    Request,
    broken_off,
    cut_short,
    drop,
    html_page,
    instead,
)
from salesgoal.testing.mutants import Matrix, Mutant, try_mutants  # noqa: E402
from salesgoal.testing.renderer_contract import RenderCase, RendererContract  # noqa: E402
from salesgoal.testing.world import SENTINEL, START, Deal, World  # noqa: E402

__all__ = [
    "SENTINEL",
    "START",
    "Answer",
    "Bench",
    "Case",
    "Deal",
    "Expected",
    "Fake",
    "Fault",
    "FileCase",
    "FileContract",
    "ImporterContract",
    "Loopback",
    "Matrix",
    "Mutant",
    "RenderCase",
    "RendererContract",
    "Request",
    "World",
    "accept",
    "broken_off",
    "check",
    "cut_short",
    "drop",
    "html_page",
    "instead",
    "try_mutants",
]
