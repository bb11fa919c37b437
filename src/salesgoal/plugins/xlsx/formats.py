"""Number formats: which cells are days, times or percentages."""

from __future__ import annotations

import re
from enum import StrEnum

from salesgoal.plugins.xlsx.markup import Attributes, walk
from salesgoal.plugins.xlsx.package import Package, over

__all__ = ["FormatKind", "kind_of", "read_formats"]


class FormatKind(StrEnum):
    """What a number is shown as."""

    NUMBER = "number"
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


def read_formats(package: Package, part: str | None) -> dict[str, FormatKind]:
    """Returns the kind of every cell format, by the number that cells refer to it with.

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
        return {"0": FormatKind.NUMBER}
    walk(package, part, "styleSheet", start)
    kinds = {number: kind_of(code) for number, code in codes.items()}
    kinds = {**{str(number): kind for number, kind in _BUILT_IN.items()}, **kinds}
    return {str(at): kinds.get(each, FormatKind.NUMBER) for at, each in enumerate(used)}
