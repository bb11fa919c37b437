"""Cells that several members share: 张三:60%；李四:40%."""

from __future__ import annotations

import re
from fractions import Fraction

from salesgoal.intake.cell_text import even_out

__all__ = ["read_shares"]

_SHARE = re.compile(
    r"(?P<name>.+?)(?:\s*:\s*|\s+|\s*\()"
    r"(?:(?P<percent>[0-9]+(?:\.[0-9]+)?)\s*%|(?P<over>[0-9]+)\s*/\s*(?P<under>[1-9][0-9]*)"
    r"|(?P<part>[01](?:\.[0-9]+)?))\)?"
)


def read_shares(text: str) -> list[tuple[str, Fraction | None]]:
    """Returns the names of a cell that several members share, each with its share.

    Names are parted by semicolons. A share is a percentage, a fraction or a decimal, after a
    colon, a space or in parentheses; None where none is said.

    >>> read_shares("张三：60%；李四:40%"), read_shares("张三 1/3")
    ([('张三', Fraction(3, 5)), ('李四', Fraction(2, 5))], [('张三', Fraction(1, 3))])
    """
    found: list[tuple[str, Fraction | None]] = []
    for part in filter(None, map(str.strip, even_out(text).split(";"))):
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
