"""The contract of importers holds for Feishu, and so does that of whole readings."""

from __future__ import annotations

from .contract import FeishuContract
from .mutants import RIGHT


class TestFeishu(FeishuContract):
    case = RIGHT
