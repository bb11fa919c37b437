"""Labels of totals: 合计, 小计, Total and their kin, however they are dressed."""

from __future__ import annotations

import re

from salesgoal.domain.dimension import fold_name
from salesgoal.ports.importer import RawValue

__all__ = ["is_whole_total", "plain_label", "total_kind"]

_WHOLE = frozenset(
    (
        "合计",
        "合计数",
        "合计金额",
        "总计",
        "总合计",
        "总和",
        "总数",
        "总额",
        "总金额",
        "共计",
        "累计",
        "汇总",
        "全部合计",
        "total",
        "totals",
        "grand total",
        "sum",
    )
)
_PART = re.compile(
    r"(?:小计|分计|(?:本)?页(?:合计|小计|累计)|本[日周旬月季年](?:合计|小计|累计)|sub[- ]?total"
    r"|.{1,20}(?:小计|合计|总计|汇总)|.{1,20} (?:sub[- ]?)?total)"
)
_TRADITIONAL = str.maketrans("計總頁匯彙額數累", "计总页汇汇额数累")
_AROUND = " :*=_-—()[]<>【】「」《》"
_UNIT = re.compile(r"\([万千百亿]*元\)")
_LONGEST = 30
_MAYBE = re.compile("[计計数數额額和总總]|total|sum", re.IGNORECASE)


def plain_label(text: str) -> str:
    """Returns a label without its unit, brackets and marks, in simplified signs.

    >>> plain_label("【合 計】："), plain_label("合计（万元）")
    ('合计', '合计')
    """
    label = fold_name(text).casefold().translate(_TRADITIONAL)
    return _UNIT.sub("", label).strip(_AROUND)


def total_kind(text: str) -> str | None:
    """Returns ``whole`` or ``part`` for a label of a total, else None.

    >>> total_kind("【合 计】："), total_kind("华东小计"), total_kind("合计科技有限公司")
    ('whole', 'part', None)
    """
    if len(text) > _LONGEST:
        return None
    label = plain_label(text)
    if label in _WHOLE:
        return "whole"
    return "part" if _PART.fullmatch(label) else None


def is_whole_total(cell: RawValue) -> bool:
    """Returns whether a cell is the label of a total of everything.

    >>> is_whole_total("总计"), is_whole_total("华东小计"), is_whole_total(7)
    (True, False, False)
    """
    return isinstance(cell, str) and bool(_MAYBE.search(cell)) and total_kind(cell) == "whole"
