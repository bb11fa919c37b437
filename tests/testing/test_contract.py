"""Contracts as pytest runs them: skips with reasons, capabilities, the matrix, the extra."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from salesgoal.testing import ImporterContract, Mutant, try_mutants

from .acme import ACME, case_of
from .acme_mutants import MUTANTS, NoCursor

ROOT = Path(__file__).parent.parent.parent
SKIPS = {"test_it_waits_as_long_as_it_is_asked_to": "the service never says how long"}
ONLY_NEW = "test_a_second_run_reads_only_what_is_new"


class TestWithoutIncrements(ImporterContract):
    """A connector that reads everything each time holds the rest of the contract."""

    case = case_of(NoCursor(), incremental=False)


def test_a_capability_is_declared_in_the_spec_alone():
    assert ImporterContract.__dict__.get("case") is None
    contract = TestWithoutIncrements()
    assert contract.why_skipped(ONLY_NEW) == "its spec says that it is not incremental"
    contract.case = attrs.evolve(ACME, skips={ONLY_NEW: "slow", **SKIPS})
    assert contract.why_skipped("test_amounts_are_exact") is None
    with pytest.raises(AssertionError, match="its spec decides"):
        contract.test_skips_have_reasons_and_names()
    contract.case = attrs.evolve(ACME, skips={"test_nothing": "x"})
    with pytest.raises(AssertionError, match="no check is called test_nothing"):
        contract.test_skips_have_reasons_and_names()


def run_python(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def run_pytest(folder, code, *options):
    (folder / "test_it.py").write_text(code, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout


def test_skips_are_printed_whatever_the_options(tmp_path):
    told = run_pytest(
        tmp_path,
        "import attrs\n"
        "from salesgoal.testing import ImporterContract\n"
        "from tests.testing.acme import ACME\n"
        "from tests.testing.test_contract import SKIPS\n"
        "class TestAcme(ImporterContract):\n"
        "    case = attrs.evolve(ACME, skips=SKIPS)\n",
        *("-k", "waits or skips or small_json"),
    )
    assert "checks that were skipped" in told
    assert "acme test_it_waits_as_long_as_it_is_asked_to: the service never says" in told
    assert "2 passed, 1 skipped" in told


def test_what_a_check_finds_is_said_in_words(tmp_path):
    told = run_pytest(
        tmp_path,
        "from salesgoal.testing import ImporterContract\n"
        "from tests.testing.acme import case_of\n"
        "from tests.testing.acme_mutants import WonOnly\n"
        "class TestAcme(ImporterContract):\n"
        "    case = case_of(WonOnly())\n",
        *("-k", "reopened"),
    )
    assert "after a deal was opened again" in told
    assert "D-007 won: True, and the service has False" in told


def test_without_pytest_or_hypothesis_the_extra_is_named():
    for package in ("pytest", "hypothesis"):
        code = f"import sys; sys.modules[{package!r}] = None; import salesgoal.testing"
        done = run_python(code)
        assert f"MissingExtra: the package {package} is not installed" in done.stderr
        assert "pip install 'salesgoal[testing]'" in done.stderr


def test_nothing_loads_the_kit_by_itself():
    code = "import sys, salesgoal.app.builtins; print('salesgoal.testing' in sys.modules)"
    assert run_python(code).stdout == "False\n"


class Two:
    """A contract of two checks, of which one never fails."""

    def why_skipped(self, name):
        return "no" if self.case == "skipped" and name == "test_one" else None

    def test_one(self):
        assert self.case != "broken", "it is broken"

    def test_none(self):
        """Holds for everything."""


def test_a_matrix_names_what_is_wrong_with_a_contract():
    mutants = [
        Mutant(name="one", case="broken", killed_by=["one", "none"]),
        Mutant(name="lives", case="right"),
        Mutant(name="excused", case="right", survives="nothing is wrong with it"),
        Mutant(name="dies", case="broken", survives="it was thought to be right"),
        Mutant(name="skipped", case="skipped"),
    ]
    matrix = try_mutants(Two, mutants)
    assert matrix.faults() == [
        "one is not caught by none",
        "lives survives every check",
        "dies should survive, and one catches it",
        "skipped survives every check",
        "none catches no mutant",
    ]
    assert str(matrix).splitlines() == [
        "one      .x",
        "lives    ..",
        "excused  ..",
        "dies     .x",
        "skipped  . ",
        "         + none",
        "         |+ one",
    ]
    assert not try_mutants(Two, mutants[:1], besides=["none"]).faults()[1:]


def test_the_kit_s_own_mutants_are_more_than_thirty():
    broken = [each for each in MUTANTS if each.survives is None]
    assert len(broken) > 30
    assert len(MUTANTS) - len(broken) == 1
