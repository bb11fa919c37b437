"""Kinds of values: what programs give, looked at before anything is calculated from it.

Only what programs call or make themselves is looked at, once; inside, values are trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from numbers import Integral, Rational
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from salesgoal.errors import FloatRefused, KindRefused, NumberRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXACT = frozenset({int, Fraction})
"""What nearly every number is; other kinds of numbers are looked at more closely."""

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

__all__ = [
    "a_day_or_none",
    "a_mapping",
    "a_text",
    "a_text_or_none",
    "all_of",
    "in_order",
    "one_of",
    "require_count",
    "require_day",
    "require_exact",
    "require_kind",
    "require_mapping",
    "require_number",
    "require_whole",
]

_ONE_BY_ONE = "give a list, in the order that the parts shall have", "请给出列表，按各份的顺序"


def require_kind(value: object, kinds: type | tuple[type, ...], what: str, remedy: str) -> None:
    """Refuses a value that is of none of the kinds.

    Args:
        value: As it was given.
        kinds: What it may be.
        what: What the call knows it as.
        remedy: What to give, as code.

    Raises:
        KindRefused: It is of another kind.

    >>> require_kind("2023-10", date, "day", "date(2023, 10, 1)")
    Traceback (most recent call last):
    salesgoal.errors.KindRefused: day is '2023-10', a str - give date(2023, 10, 1)
    """
    if not isinstance(value, kinds):
        raise KindRefused(what, value, f"give {remedy}", f"请给出 {remedy}")


def a_text(_: object, field: attrs.Attribute[Any], value: object) -> None:
    """Validates a field that is a text.

    Raises:
        KindRefused: It is of another kind.
    """
    require_kind(value, str, field.name, "'销售额'")


def a_text_or_none(_: object, field: attrs.Attribute[Any], value: object) -> None:
    """Validates a field that is a text, or left out.

    Raises:
        KindRefused: It is of another kind.
    """
    require_kind(value, (str, NoneType), field.name, "'销售额'")


def a_day_or_none(_: object, field: attrs.Attribute[Any], value: object) -> None:
    """Validates a field that is a day, or left out.

    Raises:
        KindRefused: It is of another kind.
    """
    if value is not None:
        require_day(value, field.name)


def a_mapping(_: object, field: attrs.Attribute[Any], value: object) -> None:
    """Validates a field that gives values by name.

    Raises:
        KindRefused: It is of another kind.
    """
    if type(value) is not dict:
        require_mapping(value, field.name)


def one_of(kind: type[E], value: str, what: str) -> E:
    """Returns one of a few values; its text does too.

    Raises:
        KindRefused: It is none of them.

    >>> from salesgoal.domain.period import Level
    >>> one_of(Level, "quarter", "level").zh
    '季度'
    """
    try:
        return kind(value)
    except ValueError as error:
        known = ", ".join(each.value for each in kind)
        en, zh = f"give one of {known}", f"请给出 {known} 之一"
        raise KindRefused(what, value, en, zh) from error


def require_day(value: object, what: str) -> None:
    """Refuses what is no date, and a moment, which is a date only in some zone.

    Raises:
        KindRefused: It is of another kind.
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        remedy = "date(2023, 10, 31)"
        raise KindRefused(
            what,
            value,
            f"give a date without a time, as {remedy}",
            f"请给出不带时刻的日期，如 {remedy}",
        )


def require_count(value: object, what: str, least: int | None = None) -> None:
    """Refuses what is no whole number, or one below the least.

    Raises:
        FloatRefused: It is a float.
        KindRefused: It is of another kind, a truth value or too small.
    """
    if isinstance(value, float):
        raise FloatRefused(value)
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or (least is not None and int(value) < least):  # type: ignore[call-overload]
        en = "give a whole number" if least is None else f"give a whole number from {least} on"
        zh = "请给出整数" if least is None else f"请给出不小于 {least} 的整数"
        raise KindRefused(what, value, en, zh)


def require_mapping(value: object, what: str) -> None:
    """Refuses what gives no value by name.

    Raises:
        KindRefused: It is of another kind.
    """
    if not isinstance(value, Mapping):
        raise KindRefused(what, value, "give a dict, by name", "请给出以名称为键的 dict")


def in_order(values: object, what: str) -> Sequence[Any]:
    """Returns values that stand in an order, as a sequence; a generator is read to its end.

    A text is no list of its signs, a set has no order, and a mapping has names that would be
    lost: each gives a plausible wrong answer, so they are refused.

    Raises:
        KindRefused: It is one of these, or nothing that could be gone through.

    >>> in_order((each for each in (1, 2)), "weights")
    [1, 2]
    """
    if isinstance(values, list | tuple):
        return values
    unordered = isinstance(values, str | bytes | Mapping | AbstractSet)
    if unordered or not isinstance(values, Iterable):
        raise KindRefused(what, values, *_ONE_BY_ONE)
    return list(values)


def all_of(values: Iterable[T], kind: type[T], what: str) -> Sequence[T]:
    """Returns values that stand in an order, each of one kind.

    Raises:
        KindRefused: They stand in none, or one is of another kind.
    """
    found = in_order(values, what)
    if stray := set(map(type, found)) - {kind}:
        odd = next(each for each in found if type(each) in stray)
        require_kind(odd, kind, f"one of {what}", f"{kind.__name__}(…)")
    return found


def require_whole(total: object) -> None:
    """Refuses a total that is no whole number of smallest units.

    Raises:
        FloatRefused: It is a float.
        NumberRefused: It is another kind of number, or none.
    """
    if isinstance(total, float):
        raise FloatRefused(total)
    if not isinstance(total, Integral) or isinstance(total, bool):
        message = "is no whole number of smallest units; to_units makes one of an amount"
        zh = "不是最小单位（如分）的整数；用 to_units 换算金额"
        raise NumberRefused(repr(total), message, "not-a-number", zh=zh)


def require_exact(number: object) -> None:
    """Refuses what is neither whole nor a fraction; None is not known, and fine.

    Raises:
        FloatRefused: It is a float.
        NumberRefused: It is another kind of number, or none.
    """
    if number is None or type(number) in _EXACT:
        return
    if isinstance(number, float):
        raise FloatRefused(number)
    if not isinstance(number, Rational):
        message = "is not in smallest units, nor a Fraction; to_units makes units of an amount"
        zh = "不是最小单位（如分）的整数，也不是 Fraction；用 to_units 换算金额"
        raise NumberRefused(repr(number), message, "not-a-number", zh=zh)


def require_number(number: object) -> None:
    """Refuses what is neither whole nor a fraction, and None.

    Raises:
        FloatRefused: It is a float.
        NumberRefused: It is another kind of number, or none.
    """
    if number is None:
        message, zh = "is no number - leave out what is not known", "不是数 - 不知道就不要换算"
        raise NumberRefused(None, message, "not-a-number", zh=zh)
    require_exact(number)
