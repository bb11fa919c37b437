"""The kit is tested with broken connectors: each is caught, and each check catches one."""

from __future__ import annotations

import pytest

from salesgoal.testing import FileContract, ImporterContract, RendererContract, try_mutants

from .acct import MUTANTS as FILES
from .acme_mutants import MUTANTS
from .board import MUTANTS as RENDERERS


def test_every_mutant_is_caught_and_every_check_catches_one():
    matrix = try_mutants(ImporterContract, MUTANTS)
    print(f"\n{matrix}")  # noqa: T201 - pytest shows it where it fails
    assert not matrix.faults()


@pytest.mark.slow
def test_every_check_is_tried_on_every_mutant():
    matrix = try_mutants(ImporterContract, MUTANTS, every=True)
    print(f"\n{matrix}")  # noqa: T201 - pytest shows it where it fails
    assert not matrix.faults()


@pytest.mark.parametrize("every", [False, True])
def test_the_contract_of_files_catches_every_broken_importer(every):
    matrix = try_mutants(FileContract, FILES, every=every)
    print(f"\n{matrix}")  # noqa: T201
    assert not matrix.faults()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_contract_of_renderers_catches_every_broken_one(every):
    matrix = try_mutants(RendererContract, RENDERERS, every=every)
    print(f"\n{matrix}")  # noqa: T201
    assert not matrix.faults()
