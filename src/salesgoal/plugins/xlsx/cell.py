"""One cell of a workbook, from what stands in the file to an exact value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

import attrs

from salesgoal.domain.problem import Place
from salesgoal.plugins.xlsx.formats import FormatKind, Formats
from salesgoal.plugins.xlsx.package import corrupt
from salesgoal.plugins.xlsx.texts import unescape
from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["CellReader", "damaged", "read_number", "read_serial"]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
_NUMBER_CHARS = 512
_SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_SHOWN_DIGITS = 15
_SHOWN_BELOW = 10**13
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_NO_SUCH_DAY = 60  # 29 February 1900, which spreadsheets show and calendars lack
_LAST_SERIAL = 2_958_465  # 9999-12-31
_1904_LATER = 1_462
_DAY = "2023-10-06"
_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}


def damaged(text: str, detail_zh: str, detail: str) -> Unreadable:
    """A cell whose content cannot be what it says it is."""
    return Unreadable(text, "corrupt-cell", {"detail_zh": detail_zh, "detail": detail})


def read_number(text: str) -> int | Decimal | Unreadable:
    """Returns the number of a numeric cell.

    Whole numbers come as they stand. A spreadsheet keeps fractions in binary and shows 15
    digits of them, so the digits after these are dust of its arithmetic and are rounded away,
    as it does itself: 731.9399999999999 is 731.94. Below 1e13 no amount loses a fen by it.

    >>> read_number("731.93999999999994"), read_number("20231006123456789"), read_number("-5")
    (Decimal('731.94'), 20231006123456789, -5)
    """
    if len(text) > _NUMBER_CHARS or not _NUMBER.fullmatch(text):
        return Unreadable(text, "not-a-number")
    if _WHOLE.fullmatch(text):
        return int(text)
    number = Decimal(text)
    if len(text) > _SHOWN_DIGITS and abs(number) < _SHOWN_BELOW:
        shown = _SHOWN.create_decimal(number)
        return number if shown == number else shown.normalize(_SHOWN)
    return number


def read_serial(number: int | Decimal, *, is_1904: bool) -> date | None:
    """Returns the day of a serial number, its time of day left off; None where there is none.

    >>> read_serial(45205, is_1904=False), read_serial(60, is_1904=False)
    (datetime.date(2023, 10, 6), None)
    """
    if is_1904:
        fits = 0 <= number <= _LAST_SERIAL - _1904_LATER + Decimal("0.999999999")
        return _EPOCH_1904 + timedelta(days=int(number)) if fits else None
    if not 1 <= number < _LAST_SERIAL + 1 or int(number) == _NO_SUCH_DAY:
        return None
    days = int(number)
    return _EPOCH_1900 + timedelta(days=days if days > _NO_SUCH_DAY else days + 1)


@attrs.frozen
class CellReader:
    """What the cells of one workbook mean.

    Attributes:
        place: The sheet.
        texts: The shared texts; None where their part is missing.
        formats: What the cell formats show.
        is_1904: Whether days are counted from 1904.
    """

    place: Place
    texts: Sequence[str] | None
    formats: Formats
    is_1904: bool

    def read(self, kind: str, style: str, text: str) -> RawValue:
        """Returns the value of a cell of a kind with a number format.

        Raises:
            SourceRefused: It refers to shared texts, and there are none.
        """
        match kind:
            case "n":
                return self._numeric(style, text)
            case "s":
                return self._shared(text)
            case "str" | "inlineStr":
                return unescape(text)
            case "e":
                return Unreadable(text, "excel-error")
            case "b":
                value = _BOOLEANS.get(text)
                return (
                    damaged(text, "不是逻辑值", "is no yes or no") if value is None else value
                )
            case "d":
                return _iso_day(text)
        return damaged(text, f"类型 {kind} 未知", f"is of the unknown type {kind}")

    def _shared(self, text: str) -> RawValue:
        if self.texts is None:
            raise corrupt(self.place, "缺少文本部件", "the part of its texts is missing")
        at = int(text) if text.isascii() and text.isdecimal() else -1
        if not 0 <= at < len(self.texts):
            return damaged(text, "所指的文本不存在", "refers to a text that is not there")
        return self.texts[at]

    def _numeric(self, style: str, text: str) -> RawValue:
        number = read_number(text)
        kind = self.formats.kinds.get(style)
        if isinstance(number, Unreadable) or kind is FormatKind.NUMBER:
            return number
        if kind is None:
            return damaged(text, "所用格式不存在", "refers to a format that is not there")
        if kind is FormatKind.STATED:
            return f"{_plain(number)}{self.formats.units[style]}"
        if kind is FormatKind.PERCENT:
            return f"{_plain(number * 100)}%"
        if kind is FormatKind.TIME or (kind is FormatKind.DAY_OR_TIME and 0 <= number < 1):
            return _time(number)
        if kind is FormatKind.DAY and not self.is_1904 and 0 < number < 1:
            return _time(number)
        day = read_serial(number, is_1904=self.is_1904)
        return Unreadable(text, "no-such-date", {"format": _DAY}) if day is None else day


def _plain(number: int | Decimal) -> str:
    """A number without an exponent or idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(number: int | Decimal) -> RawValue:
    """A time of day, or a span of hours, to the second."""
    if not 0 <= number <= _LAST_SERIAL:
        return Unreadable(_plain(number), "not-a-number")
    minutes, seconds = divmod(int((Decimal(number) * 86_400).to_integral_value()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _iso_day(text: str) -> RawValue:
    """A day in ISO form; a moment with a zone stays text, because its day depends on a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Unreadable(text, "no-such-date", {"format": _DAY})
    return moment.date() if moment.tzinfo is None else text
