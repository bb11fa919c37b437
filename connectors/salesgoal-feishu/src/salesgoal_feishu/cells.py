"""Values of fields as raw cells. What a value means its field says, not its look.

A day and a number are both a JSON number, a text is a list of segments, and formulas and
look-ups wrap the values of the fields that they take them from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["cell_of", "moment_of"]

DAYS = {5, 1001, 1002}
"""Fields that hold moments: days, and when a record was made and changed last."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
SHOWN_BELOW = 10**13
NAMES = ("text", "name", "en_name", "full_address", "id")
"""What stands for a thing, the first that it has: of links, people, groups and places."""


def cell_of(value: Any, kind: int) -> RawValue:  # noqa: ANN401 - JSON may be anything
    """Returns the value of a field as a raw cell; None where it is blank.

    Several people, options or records are parted by semicolons, as the core reads them. A
    number is a binary fraction in Feishu, which holds 15 digits: what comes after them is
    dust, and below 1e13 no amount loses a fen by rounding it away.

    >>> cell_of([{"text": "华东", "type": "text"}], 1), cell_of(["A", "B"], 4)
    ('华东', 'A;B')
    >>> cell_of({"type": 2, "value": [Decimal("0.30000000000000004")]}, 20)
    Decimal('0.3')
    >>> cell_of(1696521600000, 5).isoformat()
    '2023-10-05T16:00:00+00:00'
    """
    if isinstance(value, dict) and "type" in value and "value" in value:
        return cell_of(value["value"], value["type"])
    if isinstance(value, list):
        return _from_list(value, kind)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, int | Decimal):
        return moment_of(value) if kind in DAYS else _without_dust(value)
    name = _name(value)
    return _unreadable(value) if name is None else name


def moment_of(milliseconds: object) -> datetime | Unreadable:
    """Returns a moment, which Feishu writes as milliseconds since 1970.

    A day is the moment at which it begins where the base is; the plan's zone makes it a day
    again.
    """
    whole = isinstance(milliseconds, int | Decimal) and int(milliseconds) == milliseconds
    try:
        return EPOCH + int(str(milliseconds)) * TICK if whole else _unreadable(milliseconds)
    except (OverflowError, ValueError):
        return _unreadable(milliseconds)


def _from_list(values: list[Any], kind: int) -> RawValue:
    if not values:
        return None
    if all(isinstance(each, dict) and isinstance(each.get("text"), str) for each in values):
        segments = all("type" in each and "record_ids" not in each for each in values)
        return ("" if segments else ";").join(each["text"] for each in values) or None
    if len(values) == 1:
        return cell_of(values[0], kind)
    names = [each if isinstance(each, str) else _name(each) for each in values]
    if all(name is not None for name in names):
        return ";".join(filter(None, names))
    return _unreadable(values)


def _name(value: Any) -> str | None:  # noqa: ANN401 - JSON may be anything
    """What stands for a thing; None where nothing does."""
    if not isinstance(value, Mapping):
        return None
    linked = value.get("link_record_ids")
    if isinstance(linked, list) and all(isinstance(each, str) for each in linked):
        return ";".join(linked)
    found = (value.get(name) for name in NAMES)
    return next((each for each in found if isinstance(each, str) and each), None)


def _without_dust(number: int | Decimal) -> int | Decimal:
    if isinstance(number, int):
        return number
    if abs(number) < SHOWN_BELOW:
        shown = SHOWN.create_decimal(number)
        if shown != number:
            return shown.normalize(SHOWN)
    return number


def _unreadable(value: object) -> Unreadable:
    return Unreadable(str(value)[:80], "no-cell-value", {"kind": type(value).__name__})
