"""Raw cells to exact values: numbers, days and periods.

Every function either returns the value or raises `CellRefused` with the code of the problem; it
never guesses.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.number import AMOUNT_LIMIT, round_units, to_units
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, NumberRefused, OutOfCalendar
from salesgoal.intake.amount_text import CURRENCIES, UNITS, WrittenNumber, read_written
from salesgoal.intake.cell_text import CellRefused, even_out
from salesgoal.intake.date_text import read_day
from salesgoal.intake.name_text import read_name
from salesgoal.ports.importer import RawValue

__all__ = [
    "UNITS",
    "CellRefused",
    "may_be_ratio",
    "read_amount",
    "read_day",
    "read_flag",
    "read_name",
    "read_number",
    "read_period",
    "read_rate",
]

_HUNDREDTH = Fraction(1, 100)
_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "是", "班", "上班"), True),
    **dict.fromkeys(("0", "false", "no", "否", "休", "休息"), False),
}


def read_number(raw: RawValue) -> Decimal | int | None:
    """Returns a plain number as it stands; None for a blank cell.

    Texts may have thousands separators in the right places, full-width digits, ¥ before or 元
    after, and parentheses for a negative number.

    Raises:
        CellRefused: Which form the text breaks, by code.

    >>> read_number("￥1,234.50"), read_number("（12）"), read_number(" ")
    (Decimal('1234.50'), Decimal('-12'), None)
    """
    written = _written(raw)
    if written is None:
        return None
    if written.percent or written.scale or written.currency not in {"", "CNY"}:
        raise CellRefused("not-a-number")
    return written.number


def read_amount(
    raw: RawValue,
    metric: Metric,
    factor: Fraction = UNITS[""],
    *,
    round_excess: bool = False,
    in_percent: bool = False,
) -> int | None:
    """Returns an amount in the metric's smallest unit; None for a blank cell.

    A unit in the cell, 1.2万, counts; one that contradicts the unit of the column is refused.
    In a metric in ``%`` a number up to 1 needs its percent sign: is 0.85 85 % or 0.85 %?

    Args:
        raw: As the importer gave it; with ``%`` allowed for a metric in percent or a rate.
        metric: Which decimals to keep.
        factor: How many whole units one unit of the source is.
        round_excess: Round surplus decimals half up instead of refusing them.
        in_percent: Whether a bare number is known to be percent where the metric is.

    Raises:
        CellRefused: The codes of `read_number`, ``foreign-currency``, ``unit-conflict``,
            ``percent-in-money``, ``ambiguous-percent``, ``excess-decimals`` or
            ``out-of-range``.

    >>> read_amount("1.2", Metric(id="sales", decimals=2), UNITS["万元"])
    1200000
    >>> read_amount("1.2万", Metric(id="sales", decimals=2))
    1200000
    """
    written = _written(raw, metric.unit)
    if written is None:
        return None
    number = written.number
    if metric.is_percent and not (in_percent or written.percent) and may_be_ratio(number):
        raise CellRefused("ambiguous-percent")
    if written.scale or written.currency or written.percent:
        factor = _factor(written, metric, factor)
    try:
        if factor == 1 and not round_excess:
            return to_units(number, metric.decimals)
        return _scaled_units(number, metric.decimals, factor, round_excess=round_excess)
    except NumberRefused as error:
        facts = {"found": error.decimals, "decimals": metric.decimals, "metric": metric.name}
        raise CellRefused(error.code, **facts) from error


def read_rate(raw: RawValue) -> Fraction | None:
    """Returns a rate, 1 = 100 %; None for a blank cell.

    With a percent sign any number, without one at most 1: nobody knows whether a bare 85 or 1.2
    is percent.

    Raises:
        CellRefused: The codes of `read_number`, or ``ambiguous-percent``.

    >>> read_rate("85%"), read_rate("0.85")
    (Fraction(17, 20), Fraction(17, 20))
    """
    written = _written(raw)
    if written is None:
        return None
    finite = isinstance(written.number, int) or written.number.is_finite()
    if written.scale or written.currency or not finite:
        raise CellRefused("not-a-number")
    number = Fraction(written.number)
    if written.percent:
        return number * _HUNDREDTH
    if abs(number) > 1:
        raise CellRefused("ambiguous-percent")
    return number


def may_be_ratio(number: Decimal | int) -> bool:
    """Returns whether a bare number among percentages may be a ratio, 0.85 for 85 %.

    >>> may_be_ratio(Decimal("0.85")), may_be_ratio(85), may_be_ratio(0)
    (True, False, False)
    """
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    return -1 <= number <= 1 and number != 0


def _written(raw: RawValue, own_unit: str = "") -> WrittenNumber | None:
    if isinstance(raw, str):
        return read_written(raw, own_unit)
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise CellRefused("not-a-number")
    return WrittenNumber(raw)


def _factor(written: WrittenNumber, metric: Metric, factor: Fraction) -> Fraction:
    """How many whole units of the metric the cell's unit is; refused where it cannot be."""
    if written.percent:
        if metric.unit == "%":
            return factor
        if metric.unit or not isinstance(metric.aggregation, Ratio):
            raise CellRefused("percent-in-money")
        return factor * _HUNDREDTH
    if written.currency:
        own = "CNY" if metric.unit in UNITS else ""
        codes = (code for code, names in CURRENCIES.items() if metric.unit in names)
        expected = own or next(codes, "")
        if expected != written.currency:
            raise CellRefused("foreign-currency", currency=written.currency, metric=metric.name)
    found = UNITS[written.scale] / UNITS.get(metric.unit, Fraction(1))
    if factor not in {1, found}:
        raise CellRefused("unit-conflict", found=written.scale or "元", metric=metric.name)
    return found


def _scaled_units(
    number: Decimal | int, decimals: int, factor: Fraction, *, round_excess: bool
) -> int:
    if isinstance(number, Decimal) and not number.is_finite():
        zh = "不是有限的数"
        raise NumberRefused(number, "is not a finite number", "not-a-number", zh=zh)
    exact = Fraction(number) * factor * 10**decimals
    units = round_units(exact)
    if abs(units) >= AMOUNT_LIMIT * 10**decimals:
        raise NumberRefused(number, "is too large", "out-of-range", zh="太大")
    if units != exact and not round_excess:
        places = decimals
        while (exact := exact * 10).denominator != 1:
            places += 1
        en, zh = "has too many decimals", "小数位太多"
        raise NumberRefused(number, en, "excess-decimals", places + 1, zh=zh)
    return units


def read_flag(raw: RawValue) -> bool | None:
    """Returns yes or no; None for a blank cell.

    Raises:
        CellRefused: ``not-a-flag``.

    >>> read_flag("1"), read_flag("休"), read_flag(True)
    (True, False, True)
    """
    if raw is None or isinstance(raw, bool):
        return raw
    text = even_out(str(raw)).casefold()
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
        facts = {"reason": str(error), "reason_zh": error.message("zh")}
        raise CellRefused("no-such-period", **facts) from error
