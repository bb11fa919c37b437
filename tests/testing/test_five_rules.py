"""The page of the five rules names broken connectors that exist, and what catches them."""

from __future__ import annotations

import re
from pathlib import Path

from salesgoal.testing import ImporterContract

from .acme_mutants import MUTANTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "five-rules.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| .* \| `([^`]+)` \| `([a-z_]+)` \|$", re.MULTILINE)
FEISHU = (ROOT / "connectors/salesgoal-feishu/tests/mutants.py").read_text(encoding="utf-8")


def test_every_row_names_a_mutant_and_a_check_that_kills_it():
    killed = {each.name: each.killed_by for each in MUTANTS}
    rows = ROW.findall(PAGE)
    assert len(rows) > 20
    for mutant, check in rows:
        if mutant in killed:
            assert check in killed[mutant], mutant
            assert hasattr(ImporterContract, f"test_{check}")
        else:
            assert f'name="{mutant}"' in FEISHU, mutant


def test_every_other_name_is_a_mutant():
    words = {each for each in re.findall(r"`([A-Z]\w+)`", PAGE) if each != "False"}
    assert words <= {each.name for each in MUTANTS}
