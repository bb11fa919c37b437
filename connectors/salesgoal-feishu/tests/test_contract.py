"""The contract of importers holds for Feishu."""

from __future__ import annotations

from salesgoal.testing import ImporterContract

from .mutants import RIGHT


class TestFeishu(ImporterContract):
    case = RIGHT
