"""Texts of numbers: signs, separators, units and currencies, by a closed grammar.

What the grammar does not know is refused with a code that says why, so that nobody has to
guess whether ``12w`` or ``1234-`` was meant as it looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import attrs

from salesgoal.domain.unit import UNITS
from salesgoal.intake.cell_text import CellRefused, even_out

__all__ = ["BLANK_TOKENS", "CURRENCIES", "UNITS", "WrittenNumber", "read_written"]

BLANK_TOKENS = frozenset(("-", "--", "—", "——", "/", "无", "n/a", "null"))
"""What people write into a cell that has no amount. It is no zero."""

CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "CNY": ("CNY", "RMB", "¥", "人民币", "元"),
    "USD": ("USD", "US$", "$", "美元"),
    "EUR": ("EUR", "€", "欧元"),
    "GBP": ("GBP", "£", "英镑"),
    "HKD": ("HKD", "HK$", "港币", "港元"),
    "JPY": ("JPY", "日元", "円"),
    "KRW": ("KRW", "₩", "韩元"),
    "TWD": ("TWD", "NT$", "新台币"),
}
"""Currency -> how it is written, before or after a number."""

_CODES = {name: code for code, names in CURRENCIES.items() for name in names}
_MONEY = "|".join(map(re.escape, sorted(_CODES, key=len, reverse=True)))
_SCALES = "|".join(unit for unit in UNITS if unit and not unit.endswith(("元", "分")))
_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_WHOLE = re.compile(
    rf"(?P<sign>[-+]?)(?P<before>{_MONEY})?\ *(?P<inner>[-+]?)"
    r"(?P<digits>[0-9][0-9,]*)?(?P<rest>\.[0-9]*)?"
    rf"\ *(?P<scale>{_SCALES})?(?P<after>{_MONEY})?(?P<percent>%)?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
# Tried in order: the first form that a refused text has names what is wrong with it. Letters
# that look like digits are no unit: 1OO is a typing error.
_REFUSALS = tuple(
    (code, re.compile(form))
    for code, form in (
        ("formula-text", r"=.*"),
        ("excel-overflow", r"#+"),
        ("excel-error", r"#.*"),
        ("exponent", r"[-+]?[0-9.]+[eE][-+]?[0-9]+"),
        ("double-sign", r"\([-+].*\)"),
        ("trailing-sign", r"[0-9,.]+-"),
        ("inner-space", r"(?=.*\s)[-+]?[0-9][0-9,. \u00a0\u2009\u202f]*"),
        ("bad-grouping", r"[-+]?[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]+"),
        (
            "unknown-unit",
            r"[-+]?[0-9][0-9,.]* ?(?:[A-HJ-NP-Za-kmnp-z‰]{1,3}|[\u4e00-\u9fff]{1,2})",
        ),
    )
)


@attrs.frozen
class WrittenNumber:
    """A number as a text gives it.

    Attributes:
        number: Without its unit.
        scale: The word for a power of ten after it, such as 万; blank where there is none.
        currency: Its code, such as CNY; blank where the text has none.
        percent: Whether a percent sign follows.
    """

    number: Decimal | int
    scale: str = ""
    currency: str = ""
    percent: bool = False


def read_written(raw: str, own_unit: str = "") -> WrittenNumber | None:
    """Returns the number that a text gives; None where it is blank or says "none".

    Args:
        raw: The text as it arrived.
        own_unit: A word that may follow the number and changes nothing, such as 个.

    Raises:
        CellRefused: Which form the text breaks, by code.

    >>> read_written("￥1,234.50").number, read_written("1.2万元").scale, read_written("—")
    (Decimal('1234.50'), '万', None)
    """
    if _PLAIN.fullmatch(raw):
        return WrittenNumber(Decimal(raw))
    text = even_out(raw).removeprefix("'")
    if not text or text.casefold() in BLANK_TOKENS:
        return None
    if own_unit not in UNITS and own_unit != "%":
        text = text.removesuffix(own_unit).rstrip()
    bracketed = text.startswith("(") and text.endswith(")")
    inner = text[1:-1].strip() if bracketed else text
    match = _WHOLE.fullmatch(inner)
    if match is None or not _is_whole(match, bracketed=bracketed):
        raise CellRefused(_why_refused(text))
    digits = match["digits"] or "0"
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise CellRefused("bad-grouping")
    before, after = (_CODES.get(match[end] or "", "") for end in ("before", "after"))
    if before and after and before != after:
        raise CellRefused("foreign-currency", currency=f"{before} / {after}")
    rest = match["rest"] or ""
    negative = bracketed or "-" in (match["sign"], match["inner"])
    sign = "-" if negative else ""
    number = Decimal(f"{sign}{digits.replace(',', '')}{'' if rest == '.' else rest}")
    percent = match["percent"] is not None
    return WrittenNumber(number, match["scale"] or "", before or after, percent)


def _is_whole(match: re.Match[str], *, bracketed: bool) -> bool:
    """Whether there is a digit, at most one sign, and no mixture of unit and percent."""
    signs = [match["sign"], match["inner"], "-" if bracketed else ""]
    has_digit = bool(match["digits"]) or len(match["rest"] or "") > 1
    mixed = match["percent"] and (match["scale"] or match["after"] or match["before"])
    return has_digit and len(list(filter(None, signs))) <= 1 and not mixed


def _why_refused(text: str) -> str:
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return "foreign-digit"
    found = (code for code, form in _REFUSALS if form.fullmatch(text))
    return next(found, "not-a-number")
