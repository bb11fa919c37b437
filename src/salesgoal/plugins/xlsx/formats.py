"""Number formats: which cells are days, times or percentages, and which state a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

import attrs

from salesgoal.domain.unit import UNITS
from salesgoal.plugins.xlsx.markup import Attributes, walk
from salesgoal.plugins.xlsx.package import Package, over

__all__ = ["FormatKind", "Formats", "kind_of", "read_formats", "stated_unit"]


class FormatKind(StrEnum):
    """What a number is shown as."""

    NUMBER = "number"
    STATED = "number with its unit"
    PERCENT = "percent"
    DAY = "day"
    TIME = "time"
    DAY_OR_TIME = "day or time"


_BUILT_IN = {
    **dict.fromkeys((9, 10), FormatKind.PERCENT),
    **dict.fromkeys((14, 15, 16, 17, 22), FormatKind.DAY),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), FormatKind.TIME),
    # What Chinese, Japanese and Korean programs mean by these ids; some are times in one
    # of the languages and days in another.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), FormatKind.DAY),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), FormatKind.DAY_OR_TIME),
}
"""Built-in number format -> kind. Source: ECMA-376 part 1, 18.8.30."""
_NOISE = re.compile(
    r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p|general', re.IGNORECASE
)
"""What a code shows as it stands: texts, colours, currencies, room left blank."""


_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|\[[^\]]*\]|_.|\*.'
    r"|(?P<digit>[0#?])|(?P<comma>,)|(?P<point>\.)|(?P<end>;)|(?P<other>.)"
)
_SCALES = frozenset(unit for unit in UNITS if unit not in {"", "元", "分"})
_GENERAL = re.compile("general", re.IGNORECASE)


@attrs.frozen
class Formats:
    """What the cell formats of a workbook show.

    Attributes:
        kinds: Cell format -> kind.
        units: Cell format -> the unit behind its numbers, where it states one of many yuan.
    """

    kinds: Mapping[str, FormatKind]
    units: Mapping[str, str] = attrs.field(factory=dict)


def stated_unit(code: str) -> str | None:
    """Returns the unit of many yuan that a code writes behind a number; None where it has none.

    What people see is what counts: 12 shown as 12万元 is 120,000 yuan. A code that scales what
    it shows, 0.0,"万", shows another number than the cell has, and says nothing of this one.

    >>> stated_unit('0"万元"'), stated_unit('0!.0,"万元"'), stated_unit('"¥"#,##0.00')
    ('万元', None, None)
    """
    after = between = ""
    is_scaled = has_digit = False
    for token in _TOKEN.finditer(_GENERAL.sub("0", code)):
        if token["end"]:
            break
        if token["digit"] or token["point"]:
            between += after.strip() if token["digit"] else ""
            has_digit, is_scaled, after = True, False, ""
        elif token["comma"]:
            is_scaled = has_digit
        elif has_digit:
            after += token["quoted"] or token["escaped"] or token["other"] or ""
    unit = after.strip(" )")
    return unit if unit in _SCALES and not is_scaled and not between else None


def kind_of(code: str) -> FormatKind:
    """Returns what a number format code shows; its first section decides.

    >>> kind_of('yyyy"年"m"月"').value, kind_of("0.00%").value, kind_of("[Red]#,##0").value
    ('day', 'percent', 'number')
    """
    signs = _NOISE.sub("", code).partition(";")[0].lower()
    if "%" in signs:
        return FormatKind.PERCENT
    if "y" in signs or "d" in signs:
        return FormatKind.DAY
    if "h" in signs or "s" in signs:
        return FormatKind.TIME
    return FormatKind.DAY if "m" in signs else FormatKind.NUMBER


def read_formats(package: Package, part: str | None) -> Formats:
    """Returns what every cell format shows, by the number that cells refer to it with.

    Raises:
        SourceRefused: The part is broken, or has too many formats.
    """
    codes: dict[str, str] = {}
    used: list[str] = []
    most = package.limits.formats

    def start(name: str, attributes: Attributes, around: tuple[str, ...]) -> None:
        if name == "numFmt" and around[-1:] == ("numFmts",):
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and around[-1:] == ("cellXfs",):
            used.append(attributes.get("numFmtId", "0"))
        if max(len(used), len(codes)) > most:
            raise over(package.place, package.limits, "formats")

    if part is None:
        return Formats({"0": FormatKind.NUMBER})
    walk(package, part, "styleSheet", start)
    kinds = {number: kind_of(code) for number, code in codes.items()}
    kinds = {**{str(number): kind for number, kind in _BUILT_IN.items()}, **kinds}
    units: dict[str, str] = {}
    for number, code in codes.items():
        unit = stated_unit(code) if kinds[number] is FormatKind.NUMBER else None
        if unit is not None:
            units[number], kinds[number] = unit, FormatKind.STATED
    return Formats(
        {str(at): kinds.get(each, FormatKind.NUMBER) for at, each in enumerate(used)},
        {str(at): units[each] for at, each in enumerate(used) if each in units},
    )
