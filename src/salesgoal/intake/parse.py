"""Raw cells to exact values: numbers, days and periods.

Every function either returns the value or raises `CellRefused` with the code of the problem; it
never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import AMOUNT_LIMIT, round_units, to_units
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, NumberRefused, OutOfCalendar, SalesgoalError
from salesgoal.ports.importer import RawValue

__all__ = [
    "UNITS",
    "CellRefused",
    "read_amount",
    "read_day",
    "read_flag",
    "read_number",
    "read_period",
    "read_shares",
]

UNITS: Mapping[str, Fraction] = {
    "": Fraction(1),
    "分": Fraction(1, 100),
    "元": Fraction(1),
    "千元": Fraction(1_000),
    "万": Fraction(10_000),
    "万元": Fraction(10_000),
    "百万元": Fraction(1_000_000),
    "亿": Fraction(100_000_000),
    "亿元": Fraction(100_000_000),
}
"""Unit of a source -> how many whole units (yuan) it is."""

# Full-width signs only: NFKC would also turn the footnote of 1200² into a digit.
_NARROW = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_NUMBER = re.compile(r"(?P<sign>[-+]?)[¥￥]?(?P<digits>[0-9][0-9,]*)(?P<rest>\.[0-9]+)?元?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "是", "班", "上班"), True),
    **dict.fromkeys(("0", "false", "no", "否", "休", "休息"), False),
}
_SHARE = re.compile(
    r"(?P<name>.+?)(?:\s*:\s*|\s+|\s*\()"
    r"(?:(?P<percent>[0-9]+(?:\.[0-9]+)?)\s*%|(?P<over>[0-9]+)\s*/\s*(?P<under>[1-9][0-9]*)"
    r"|(?P<part>[01](?:\.[0-9]+)?))\)?"
)
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)"
    r"([0-9]{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)


class CellRefused(SalesgoalError):
    """A cell that cannot be read: the code of its problem and the facts for the texts."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def read_number(raw: RawValue) -> Decimal | int | None:
    """Returns a number as it stands; None for a blank cell.

    Texts may have thousands separators in the right places, full-width digits, ¥ before or 元
    after, and parentheses for a negative number.

    Raises:
        CellRefused: ``not-a-number``, ``bad-grouping`` or ``excel-error``.

    >>> read_number("￥1,234.50"), read_number("（12）"), read_number(" ")
    (Decimal('1234.50'), Decimal('-12'), None)
    """
    if raw is None or (isinstance(raw, int | Decimal) and not isinstance(raw, bool)):
        return raw
    if not isinstance(raw, str):
        raise CellRefused("not-a-number")
    text = raw.translate(_NARROW).strip()
    if not text:
        return None
    if text.startswith("#"):
        raise CellRefused("excel-error")
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    match = _NUMBER.fullmatch(inner)
    if not match or (inner is not text and match["sign"]):
        raise CellRefused("not-a-number")
    digits = match["digits"]
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise CellRefused("bad-grouping")
    number = Decimal(match["sign"] + digits.replace(",", "") + (match["rest"] or ""))
    return number if inner is text else -number


def read_amount(
    raw: RawValue, metric: Metric, factor: Fraction = UNITS[""], *, round_excess: bool = False
) -> int | None:
    """Returns an amount in the metric's smallest unit; None for a blank cell.

    Args:
        raw: As the importer gave it; with ``%`` allowed for a metric in percent.
        metric: Which decimals to keep.
        factor: How many whole units one unit of the source is.
        round_excess: Round surplus decimals half up instead of refusing them.

    Raises:
        CellRefused: The codes of `read_number`, ``excess-decimals`` or ``out-of-range``.

    >>> read_amount("1.2", Metric(id="sales", decimals=2), UNITS["万元"])
    1200000
    """
    if isinstance(raw, str) and metric.unit == "%":
        raw = raw.strip().removesuffix("%").removesuffix("％")
    number = read_number(raw)
    if number is None:
        return None
    try:
        if factor == 1 and not round_excess:
            return to_units(number, metric.decimals)
        return _scaled_units(number, metric.decimals, factor, round_excess=round_excess)
    except NumberRefused as error:
        facts = {"found": error.decimals, "decimals": metric.decimals, "metric": metric.name}
        raise CellRefused(error.code, **facts) from error


def _scaled_units(
    number: Decimal | int, decimals: int, factor: Fraction, *, round_excess: bool
) -> int:
    if isinstance(number, Decimal) and not number.is_finite():
        raise NumberRefused(number, "is not a finite number", "not-a-number")
    exact = Fraction(number) * factor * 10**decimals
    units = round_units(exact)
    if abs(units) >= AMOUNT_LIMIT * 10**decimals:
        raise NumberRefused(number, "is too large", "out-of-range")
    if units != exact and not round_excess:
        places = decimals
        while (exact := exact * 10).denominator != 1:
            places += 1
        raise NumberRefused(number, "has too many decimals", "excess-decimals", places + 1)
    return units


def read_day(raw: RawValue, form: str | None = None) -> date | None:
    """Returns a day; None for a blank cell.

    Args:
        raw: A date, or a text.
        form: The `strptime` form of texts; without it only forms that begin with a four-digit
            year are taken, because no other is unambiguous.

    Raises:
        CellRefused: ``no-such-date``.

    >>> read_day("2023年10月6日"), read_day("06-10-2023", "%d-%m-%Y")
    (datetime.date(2023, 10, 6), datetime.date(2023, 10, 6))
    """
    if isinstance(raw, datetime):
        return raw.date()
    if raw is None or isinstance(raw, date):
        return raw
    text = str(raw).translate(_NARROW).strip()
    if not text:
        return None
    try:
        if form:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a business day
        match = _DAY.fullmatch(text)
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            return date(year, month, day)
    except ValueError:
        pass
    raise CellRefused("no-such-date", format=form or "2023-10-06")


def read_flag(raw: RawValue) -> bool | None:
    """Returns yes or no; None for a blank cell.

    Raises:
        CellRefused: ``not-a-flag``.

    >>> read_flag("1"), read_flag("休"), read_flag(True)
    (True, False, True)
    """
    if raw is None or isinstance(raw, bool):
        return raw
    text = str(raw).translate(_NARROW).strip().casefold()
    if not text:
        return None
    if text not in _FLAGS:
        raise CellRefused("not-a-flag")
    return _FLAGS[text]


def read_period(
    raw: RawValue, calendar: Calendar, form: str | None = None, level: Level | None = None
) -> Period | None:
    """Returns a period; None for a blank cell.

    Args:
        raw: A label, or with ``level`` a day in the period.
        calendar: Whose period.
        form: The `strptime` form of texts that name a day in the period, such as ``%b-%y``.
        level: Which period of that day is meant.

    Raises:
        CellRefused: ``no-such-period`` or ``no-such-date``.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> read_period("Apr-18", MonthCalendar(), "%b-%y", Level.MONTH).label
    '2018-04'
    """
    try:
        if level is not None:
            day = read_day(raw, form)
            return None if day is None else calendar.at(level, day)
        if raw is None or not str(raw).strip():
            return None
        return parse_period(calendar, str(raw))
    except (LabelRefused, OutOfCalendar) as error:
        raise CellRefused("no-such-period", reason=str(error)) from error


AmountReader = Callable[[RawValue], int | None]
"""Raw cell -> smallest units, for one column."""


def read_shares(text: str) -> list[tuple[str, Fraction | None]]:
    """Returns the names of a cell that several members share, each with its share.

    Names are parted by semicolons. A share is a percentage, a fraction or a decimal, after a
    colon, a space or in parentheses; None where none is said.

    >>> read_shares("张三：60%；李四:40%"), read_shares("张三 1/3")
    ([('张三', Fraction(3, 5)), ('李四', Fraction(2, 5))], [('张三', Fraction(1, 3))])
    """
    found: list[tuple[str, Fraction | None]] = []
    for part in filter(None, map(str.strip, text.translate(_NARROW).split(";"))):
        match = _SHARE.fullmatch(part)
        if match is None:
            found.append((part, None))
        elif match["percent"]:
            found.append((match["name"], Fraction(match["percent"]) * Fraction(1, 100)))
        elif match["over"]:
            found.append((match["name"], Fraction(int(match["over"]), int(match["under"]))))
        else:
            found.append((match["name"], Fraction(match["part"])))
    return found
