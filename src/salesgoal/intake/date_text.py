"""Days: dates, texts that mean one day only, and serial numbers of spreadsheets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from salesgoal.intake.cell_text import CellRefused, even_out, is_writable
from salesgoal.ports.importer import RawValue

__all__ = ["SERIALS", "read_day"]

FIRST_YEAR, LAST_YEAR = 1900, 2200
_SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(18_264, 109_575)
"""Serial numbers of 1950 to 2199: smaller ones are counts, not days."""
_DIGITS = range(19_000_101, 22_000_000)  # 20231006
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)"
    r"([0-9]{1,2})日?"
)
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"\ ?(?:(Z)|([-+])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_COMPACT = re.compile(r"[0-9]{8}")
# Tried in order: the first form that a refused text has names what is wrong with it.
_REFUSALS = tuple(
    (code, re.compile(form))
    for code, form in (
        ("date-serial-as-text", r"[0-9]{5}(?:\.[0-9]+)?"),
        ("ambiguous-date", r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}"),
        ("two-digit-year", r"[0-9]{1,2}(?:[-/.][0-9]{1,2}[-/.]|年[0-9]{1,2}月)[0-9]{1,2}日?"),
        ("no-day", r"[0-9]{4}(?:[-/.][0-9]{1,2}|年(?:[0-9]{1,2}月)?|)"),
    )
)


def read_day(raw: RawValue, form: str | None = None, zone: tzinfo | None = None) -> date | None:
    """Returns a day; None for a blank cell.

    A number is the serial number of a spreadsheet, or the digits of a day; that a number is a
    day at all, the column decides. A moment with its offset becomes the day in ``zone``.

    Args:
        raw: A date, a text, or a number.
        form: The `strptime` form of texts; without it only forms that begin with a four-digit
            year are taken, because no other is unambiguous.
        zone: Where the business days are; without it a moment keeps the day it is written
            with, and one in UTC is refused.

    Raises:
        CellRefused: ``no-such-date``, ``ambiguous-date``, ``two-digit-year``, ``no-day``,
            ``no-such-time``, ``date-serial-as-text``, ``date-out-of-range`` or ``no-zone``.

    >>> read_day("2023年10月6日"), read_day("06-10-2023", "%d-%m-%Y"), read_day(45205)
    (datetime.date(2023, 10, 6), datetime.date(2023, 10, 6), datetime.date(2023, 10, 6))
    """
    if isinstance(raw, datetime):
        return _moment(raw, zone)
    if raw is None or isinstance(raw, date):
        return raw
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return _from_number(raw, form)
    text = even_out(str(raw))
    return _from_text(text, form, zone) if text else None


def _from_number(raw: Decimal | int, form: str | None) -> date:
    whole = int(raw) if not isinstance(raw, Decimal) or is_writable(raw) else 0
    if whole in SERIALS:
        return _SERIAL_ZERO + timedelta(days=whole)
    if whole and whole == raw and (form or whole in _DIGITS):
        return _from_text(str(whole), form, None)
    raise CellRefused("no-such-date", format=form or "2023-10-06")


def _from_text(text: str, form: str | None, zone: tzinfo | None) -> date:
    try:
        if form:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a business day
        if _COMPACT.fullmatch(text):
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        match = _DAY.match(text)
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            found = date(year, month, day)
            if not FIRST_YEAR <= year < LAST_YEAR:
                raise CellRefused("date-out-of-range", first=FIRST_YEAR, last=LAST_YEAR - 1)
            rest = text[match.end() :]
            return (
                _at(found, rest[1:].lstrip(), zone)
                if rest[:1] in {" ", "T"}
                else _only(found, rest)
            )
    except ValueError:
        pass
    found_code = (code for code, pattern in _REFUSALS if pattern.fullmatch(text))
    code = "no-such-date" if form else next(found_code, "no-such-date")
    raise CellRefused(code, format=form or "2023-10-06")


def _only(day: date, rest: str) -> date:
    if rest:
        raise CellRefused("no-such-date", format="2023-10-06")
    return day


def _at(day: date, text: str, zone: tzinfo | None) -> date:
    """The business day of a day with a time of day after it."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise CellRefused("no-such-date", format="2023-10-06")
    hour, minute, second, utc, sign, hours, minutes = match.groups()
    try:
        moment = datetime(  # noqa: DTZ001 - the offset follows, where the text has one
            day.year, day.month, day.day, int(hour), int(minute), int(second or 0)
        )
        if utc or sign:
            offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            behind = -offset if sign == "-" else offset
            moment = moment.replace(tzinfo=timezone(behind) if sign else UTC)
    except ValueError as error:
        raise CellRefused("no-such-time") from error
    return _moment(moment, zone)


def _moment(moment: datetime, zone: tzinfo | None) -> date:
    if moment.tzinfo is None:
        return moment.date()
    if zone is not None:
        return moment.astimezone(zone).date()
    if not moment.utcoffset():
        raise CellRefused("no-zone")
    return moment.date()
