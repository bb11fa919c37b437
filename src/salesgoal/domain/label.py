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
FY2024         2024财年                       a fiscal year
FY2024H1       2024财年上半年                 a half of it
FY2024Q3       2024财年第三季度               a quarter of it
FY2024P07      2024财年第7期                  a month of it
FY2024P07w2    2024财年第7期第二周            a week of such a month
FY2024P07t1    2024财年第7期上旬              a 旬 of such a month
FY2024W27      2024财年第27周                 a week of a fiscal year

A text that people read in two ways, such as 202310 or 2023/24, is not guessed at: the refusal
names both readings.
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

    from salesgoal.domain.period import Period

__all__ = [
    "Label",
    "chinese_label",
    "mixed_up",
    "no_label",
    "parse_label",
    "plain_label",
]


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

    @property
    def meaning(self) -> tuple[object, ...]:
        """What two ways of writing the same period share; the text where it is of no form."""
        if self.level is None:
            return (self.text,)
        return (self.fiscal, self.year, self.level, self.major, self.minor)


_NUMERALS = ("", *"一二三四五六七八九十", "十一", "十二")
_DIGITS = {text: number for number, text in enumerate(_NUMERALS) if text}
_HALVES = {"上": 1, "下": 2}
_THIRDS = {"上": 1, "中": 2, "下": 3}
_N = r"(?P<major>\d{1,2}|[一二三四])"
_MONTH = r"(?P<major>\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_WEEK = r"第(?P<minor>[\d一二三四五六])周"
_PERIOD = r"(?P<year>\d{4})财年第(?P<major>\d{1,2})期"

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
        (rf"(?P<year>\d{{4}})年{_MONTH}{_WEEK}", Level.WEEK),
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
        (_PERIOD, Level.MONTH),
        (r"FY(?P<year>\d{4})P(?P<major>\d{2})w(?P<minor>\d)", Level.WEEK),
        (r"FY(?P<year>\d{4})P(?P<major>\d{2})t(?P<minor>\d)", Level.TENDAY),
        (rf"{_PERIOD}{_WEEK}", Level.WEEK),
        (rf"{_PERIOD}(?P<third>[上中下])旬", Level.TENDAY),
        (r"FY(?P<year>\d{4})W(?P<major>\d{2})", Level.WEEK),
        (r"(?P<year>\d{4})财年第(?P<major>\d{1,2})周", Level.WEEK),
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
        raise LabelRefused(text, *_NO_LABEL)
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


def chinese_label(label: Label) -> str:
    """Returns the label in Chinese; a text of no known form as it is.

    >>> chinese_label(parse_label("FY2024P07w2")), chinese_label(parse_label("2023-10t3"))
    ('2024财年第7期第二周', '2023年10月下旬')
    """
    if label.level is None:
        return label.text
    year = f"{label.year:04d}{'财年' if label.fiscal else '年'}"
    month = f"第{label.major}期" if label.fiscal else f"{label.major}月"
    number = _NUMERALS[label.minor] if label.level is Level.WEEK else label.minor
    if label.level is Level.WEEK and not label.minor:
        return f"{year}第{label.major}周"
    if label.level is Level.YEAR:
        return year
    if label.level is Level.HALF:
        return f"{year}{_word(_HALVES, label.major)}半年"
    if label.level is Level.QUARTER:
        return f"{year}第{_NUMERALS[label.major]}季度"
    if label.level is Level.TENDAY:
        return f"{year}{month}{_word(_THIRDS, label.minor)}旬"
    form = {Level.WEEK: "第{}周", Level.DAY: "{}日"}.get(label.level, "")
    return year + month + form.format(number)


def _word(words: Mapping[str, int], number: int) -> str:
    return next((word for word, index in words.items() if index == number), "")


_NO_LABEL = ("is not a period label", "不是期间的写法")
_TWO_READINGS = tuple(
    (re.compile(pattern), readings)
    for pattern, readings in (
        (
            r"(\d{4})(0[1-9]|1[0-2])",
            ("month {0}-{1} or week {0}-W{1}", "{0}年{1}月或 {0}-W{1} 周"),
        ),
        (
            r"(\d{2})[-.](0[1-9]|1[0-2])",
            ("month 20{0}-{1} or day {0} of month {1}", "20{0}年{1}月或{1}月{0}日"),
        ),
        (
            r"(\d\d?)[-/.](\d\d?)[-/.]\d{4}",
            ("day {0} of month {1} or day {1} of month {0}", "{1}月{0}日或{0}月{1}日"),
        ),
    )
)
_YEAR_PAIR = re.compile(r"(?:FY)?(?:20)?(\d{2})[-/](?:20)?(\d{2})(?:财年|年度?)?")


def _readings(text: str) -> tuple[str, str] | None:
    """Both readings of a text that has two, in English and in Chinese."""
    years = _YEAR_PAIR.fullmatch(text)
    if years and int(years[2]) == int(years[1]) + 1:
        first, last = f"FY20{years[1]}", f"FY20{years[2]}"
        return (
            f"{first}, named by its start, or {last}, named by its end",
            f"{first}（按起始年命名）或 {last}（按结束年命名）",
        )
    for pattern, readings in _TWO_READINGS:
        match = pattern.fullmatch(text)
        if match:
            en, zh = readings
            return en.format(*match.groups()), zh.format(*match.groups())
    return None


def no_label(
    label: Label, otherwise: str = _NO_LABEL[0], otherwise_zh: str = _NO_LABEL[1]
) -> LabelRefused:
    """Returns the refusal of a text of no known form, with both readings where it has two.

    >>> print(no_label(parse_label("202310")))
    '202310' may mean month 2023-10 or week 2023-W10 - write the one that is meant
    """
    readings = _readings(label.text)
    if readings is None:
        return LabelRefused(label.text, otherwise, otherwise_zh)
    en, zh = readings
    return LabelRefused(
        label.text,
        f"may mean {en} - write the one that is meant",
        f"可能指 {zh} - 写明是哪一个",
    )


def mixed_up(label: Label, calendar_id: str, own: Period) -> LabelRefused:
    """Returns the refusal of a label that mixes up fiscal and calendar years.

    ``own`` is what the label would be if it were written as the calendar writes.
    """
    if label.fiscal:
        other, other_zh = "a fiscal year that begins elsewhere", "另一种起始的财年"
    else:
        other, other_zh = "the calendar year", "自然年"
    return LabelRefused(
        label.text,
        f"is not of calendar {calendar_id}, which writes {own.label}: it may mean {own.label} "
        f"({own.start} to {own.last}) or the {own.level} of {other} - write the one that is "
        f"meant, or its first and last day",
        f"不是日历 {calendar_id} 的写法（应为 {own.label}）：可能指 {own.label}"
        f"（{own.start} 至 {own.last}），也可能指{other_zh}的{own.level.zh} - 写明是哪一个，"
        f"或写出首日和末日",
    )


def _index(text: str, words: Mapping[str, int]) -> int:
    return int(text) if text.isdigit() else {**_DIGITS, **words}[text]
