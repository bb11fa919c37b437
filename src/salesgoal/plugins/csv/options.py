"""What a plan may say about a CSV file."""

from __future__ import annotations

import attrs

from salesgoal.errors import UsageError

__all__ = ["CsvOptions"]


def _one_character(_: object, __: object, value: str | None) -> None:
    if value is not None and (len(value) != 1 or value in '"\r\n'):
        raise UsageError("one character, and no quote or line break")


def _from_one(_: object, __: object, value: int) -> None:
    if value < 1:
        raise UsageError("a row from 1 up, as a spreadsheet counts them")


@attrs.frozen(kw_only=True)
class CsvOptions:
    """How a CSV file is written down.

    Attributes:
        encoding: Its encoding; without it a byte-order mark decides, then UTF-8, then GB18030
            with a warning.
        delimiter: One character; without it a tab for ``.tsv`` files, otherwise a comma.
        header_row: The row of the column names, counted from 1.
    """

    encoding: str | None = None
    delimiter: str | None = attrs.field(default=None, validator=_one_character)
    header_row: int = attrs.field(default=1, validator=_from_one)
