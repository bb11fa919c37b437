"""What a plan may say about a CSV file."""

from __future__ import annotations

import attrs

__all__ = ["CsvOptions"]


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
    delimiter: str | None = None
    header_row: int = 1
