"""Names in cells: what a name may not hold, before anyone looks it up."""

from __future__ import annotations

import unicodedata

from salesgoal.domain.dimension import fold_name
from salesgoal.intake.cell_text import CellRefused

__all__ = ["MOST_CHARACTERS", "read_name"]

MOST_CHARACTERS = 200
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read_name(raw: str) -> str | None:
    """Returns a name as it is looked up; None where nothing of it can be seen.

    Raises:
        CellRefused: ``control-char`` (a line break too), ``bidi-control``, which shows one name
            and means another, or ``name-too-long``.

    >>> read_name(" 甲乙（上海）有限公司　"), read_name("\u200b")
    ('甲乙(上海)有限公司', None)
    """
    text = raw.strip()
    if _BIDI & set(text):
        raise CellRefused("bidi-control")
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise CellRefused("control-char")
    if len(text) > MOST_CHARACTERS:
        raise CellRefused("name-too-long", most=MOST_CHARACTERS, found=len(text))
    return fold_name(text) or None
