"""Values of drivers as raw cells: exact, or refused where their column is read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from uuid import UUID

from salesgoal.errors import ConfigError
from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["cell_of", "is_deleted", "key_of", "single_precision"]

_SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_SHOWN_BELOW = 10**13
_YES = {"1", "true", "t", "yes", "y", "是"}
_NO = {"", "0", "false", "f", "no", "n", "否"}


def cell_of(value: object) -> RawValue:
    """Returns a value of a driver as a raw cell.

    A binary fraction of double precision holds 15 digits faithfully, so the digits after
    these are dust of its arithmetic and are rounded away: 0.1 + 0.2 is 0.3, and below 1e13 no
    amount loses a fen by it. Above that it is refused. Moments are handed over in UTC.

    >>> cell_of(0.1 + 0.2), cell_of(2.0), cell_of(None), cell_of(b"x").code
    (Decimal('0.3'), 2, None, 'no-cell-value')
    """
    if isinstance(value, float):
        return _from_float(float(value))
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC)
    if value is None or isinstance(value, str | Decimal | int | date):
        return value
    if isinstance(value, UUID | time):
        return str(value)
    return Unreadable(repr(value)[:80], "no-cell-value", {"kind": type(value).__name__})


def single_precision(value: object) -> RawValue:
    """Returns a value of a column of single precision, which keeps only 7 digits."""
    if isinstance(value, float):
        return Unreadable(str(value), "single-precision")
    return cell_of(value)


def key_of(values: Iterable[object]) -> str | None:
    r"""Returns the key of a row, of one column or of several; None where one of them is NULL.

    >>> key_of([17]), key_of(["A/1", Decimal("2.0")]), key_of(["A", None])
    ('17', 'A\\/1/2', None)
    """
    parts = [_key_text(each) for each in values]
    if len(parts) == 1:
        return parts[0] or None
    if not all(parts):
        return None
    return "/".join(map(_escaped, filter(None, parts)))


def is_deleted(value: object, column: str) -> bool:
    """Returns whether a row is gone, by its column that says so.

    Raises:
        ConfigError: It holds neither yes nor no nor a moment.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, date):
        return True
    text = str(value).strip().casefold()
    if text in _YES or text in _NO:
        return text in _YES
    try:
        datetime.fromisoformat(text)
    except ValueError:
        en = f"column {column} says neither yes nor no: {text[:20]!r}"
        raise ConfigError("sql", en, f"列 {column} 既非是也非否：{text[:20]!r}") from None
    return True


def _escaped(part: str) -> str:
    """A part of a key in which no sign ends it."""
    return part.replace("\\", "\\\\").replace("/", "\\/")


def _key_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal) and value.is_finite():
        value = int(value) if value == int(value) else value.normalize()
    return str(value).strip()


def _from_float(value: float) -> RawValue:
    if not math.isfinite(value):
        return Unreadable(str(value), "not-a-number")
    if abs(value) >= _SHOWN_BELOW:
        return Unreadable(repr(value), "out-of-range")
    shown = _SHOWN.create_decimal(Decimal(repr(value)))
    whole = shown == shown.to_integral_value()
    return int(shown) if whole else shown.normalize(_SHOWN)
