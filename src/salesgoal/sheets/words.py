"""Words that several sheets use, in Chinese and English."""

from __future__ import annotations

from datetime import date

from salesgoal.domain.attainment import Status
from salesgoal.domain.label import parse_label
from salesgoal.domain.pace import Pace
from salesgoal.domain.period import Level, Period
from salesgoal.sheets.sheet import Words

__all__ = [
    "PACE_WORDS",
    "PROVISIONAL_NOTE",
    "STATUS_WORDS",
    "named",
    "period_words",
]

STATUS_WORDS = {
    Status.MET: Words("达成", "met"),
    Status.UNMET: Words("未达成", "unmet"),
    Status.NO_TARGET: Words("无目标", "no target"),
    Status.NO_DATA: Words("无数据", "no data"),
    Status.NOT_STARTED: Words("未开始", "not started"),
}

PROVISIONAL_NOTE = Words(
    "暂定：未过完的期间含尚未公布的工作日，应完成、所需日均和预计完成可能变化",
    "Provisional: running periods have workdays that are estimated; "
    "expected, required and projected may change",
)

PACE_WORDS = {
    Pace.ACHIEVED: Words("已完成", "achieved"),
    Pace.AHEAD: Words("超前", "ahead"),
    Pace.ON_TRACK: Words("正常", "on track"),
    Pace.AT_RISK: Words("有风险", "at risk"),
    Pace.BEHIND: Words("落后", "behind"),
}

_NUMERALS = "零一二三四五六七八九十"


def named(name: str, code: str) -> Words:
    """Returns the name of a dimension or metric; its id stands in for the English one."""
    return Words(name, code.replace("_", " ").capitalize())


def period_words(period: Period, index: int) -> Words:
    """Returns the short name of the ``index``-th period (from 1) of the one above it.

    >>> from datetime import date
    >>> period_words(Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10"), 1)
    Words(zh='10月', en='Oct')
    """
    label = parse_label(period.label)
    plain = label.level is period.level is Level.MONTH and not label.fiscal
    if plain and 1 <= label.major <= 12:  # noqa: PLR2004 - months
        # A month of whole weeks may begin in the month before the one that it is named by.
        return Words(f"{label.major}月", date(2000, label.major, 1).strftime("%b"))
    if period.level is Level.WEEK:
        numeral = _NUMERALS[index] if index < len(_NUMERALS) else str(index)
        return Words(f"第{numeral}周", f"Week {index}")
    if period.level is Level.QUARTER:
        return Words(f"Q{index}", f"Q{index}")
    return Words(period.label, period.label)
