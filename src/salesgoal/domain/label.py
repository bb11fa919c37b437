"""Labels of periods: what people write, taken apart without asking any calendar.

canonical      Chinese                        means
2023           2023年, 2023年度               a year
2023H2         2023年下半年                   a half
2023Q4         2023年第四季度, 2023年Q4       a quarter
2023-10        2023年10月, 2023年10月份       a month
2023-10w2      2023年10月第二周               a week of a month
2023-10t3      2023年10月下旬                 a ten-day period (旬)
2023-10-11     2023年10月11日                 a day
2023-W41       2023年第41周                   a week of a year
FY2024Q3       2024财年第三季度               the same, of a fiscal year
FY2024P07      2024财年第7期                  a fiscal month
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.period import Level
from salesgoal.errors import LabelRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Label", "parse_label", "plain_label"]


@attrs.frozen
class Label:
    """A label taken apart.

    Attributes:
        text: As it was written.
        fiscal: Whether it speaks of a fiscal year.
        year: The year's number, or None where only an explicit calendar may know it.
        level: What it names, or None likewise.
        major: Half, quarter, month or week of the year; 0 for a whole year.
        minor: Week, ten-day period or day of the month; 0 where there is none.
    """

    text: str
    fiscal: bool = False
    year: int | None = None
    level: Level | None = None
    major: int = 0
    minor: int = 0


_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_HALVES = {"上": 1, "下": 2}
_THIRDS = {"上": 1, "中": 2, "下": 3}
_N = r"(?P<major>\d{1,2}|[一二三四])"
_MONTH = r"(?P<major>\d{1,2})月"

_PATTERNS = tuple(
    (re.compile(pattern), level)
    for pattern, level in (
        (r"(?P<year>\d{4})", Level.YEAR),
        (r"(?P<year>\d{4})年度?", Level.YEAR),
        (r"(?P<year>\d{4})H(?P<major>\d)", Level.HALF),
        (r"(?P<year>\d{4})年(?P<major>[上下])半年", Level.HALF),
        (r"(?P<year>\d{4})-?Q(?P<major>\d)", Level.QUARTER),
        (rf"(?P<year>\d{{4}})年(?:第?{_N}季度?|Q(?P<major_q>\d))", Level.QUARTER),
        (r"(?P<year>\d{4})-(?P<major>\d{2})", Level.MONTH),
        (rf"(?P<year>\d{{4}})年{_MONTH}份?", Level.MONTH),
        (r"(?P<year>\d{4})-(?P<major>\d{2})w(?P<minor>\d)", Level.WEEK),
        (rf"(?P<year>\d{{4}})年{_MONTH}第(?P<minor>[\d一二三四五六])周", Level.WEEK),
        (r"(?P<year>\d{4})-(?P<major>\d{2})t(?P<minor>\d)", Level.TENDAY),
        (rf"(?P<year>\d{{4}})年{_MONTH}(?P<third>[上中下])旬", Level.TENDAY),
        (r"(?P<year>\d{4})-(?P<major>\d{2})-(?P<minor>\d{2})", Level.DAY),
        (rf"(?P<year>\d{{4}})年{_MONTH}(?P<minor>\d{{1,2}})日", Level.DAY),
        (r"(?P<year>\d{4})-W(?P<major>\d{2})", Level.WEEK),
        (r"(?P<year>\d{4})年第(?P<major>\d{1,2})周", Level.WEEK),
        (r"FY(?P<year>\d{4})", Level.YEAR),
        (r"(?P<year>\d{4})财年", Level.YEAR),
        (r"FY(?P<year>\d{4})H(?P<major>\d)", Level.HALF),
        (r"(?P<year>\d{4})财年(?P<major>[上下])半年", Level.HALF),
        (r"FY(?P<year>\d{4})Q(?P<major>\d)", Level.QUARTER),
        (rf"(?P<year>\d{{4}})财年(?:第?{_N}季度?|Q(?P<major_q>\d))", Level.QUARTER),
        (r"FY(?P<year>\d{4})P(?P<major>\d{2})", Level.MONTH),
        (r"(?P<year>\d{4})财年第(?P<major>\d{1,2})期", Level.MONTH),
        (r"FY(?P<year>\d{4})P(?P<major>\d{2})w(?P<minor>\d)", Level.WEEK),
        (r"FY(?P<year>\d{4})P(?P<major>\d{2})t(?P<minor>\d)", Level.TENDAY),
        (r"FY(?P<year>\d{4})W(?P<major>\d{2})", Level.WEEK),
    )
)


def parse_label(text: str) -> Label:
    """Returns the label taken apart; a text of no known form keeps only ``text``.

    Full-width characters and spaces do not matter.

    Raises:
        LabelRefused: The text is blank.

    >>> parse_label("2023年10月第二周")
    Label(text='2023年10月第二周', fiscal=False, year=2023, level=<Level.WEEK: 'week'>, \
major=10, minor=2)
    """
    if not text.strip():
        raise LabelRefused(text, "is not a period label")
    plain = plain_label(text)
    fiscal = plain.startswith("FY") or "财年" in plain
    for pattern, level in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match:
            parts = {key: value for key, value in match.groupdict().items() if value}
            major = _index(parts.get("major") or parts.get("major_q") or "0", _HALVES)
            minor = _index(parts.get("third") or parts.get("minor") or "0", _THIRDS)
            return Label(plain, fiscal, int(parts["year"]), level, major, minor)
    return Label(plain, fiscal)


def plain_label(text: str) -> str:
    """Returns the text without full-width characters and spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _index(text: str, words: Mapping[str, int]) -> int:
    return int(text) if text.isdigit() else {**_DIGITS, **words}[text]
