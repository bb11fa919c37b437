"""What a plan may say about a workbook."""

from __future__ import annotations

import attrs

__all__ = ["XlsxOptions"]


@attrs.frozen(kw_only=True)
class XlsxOptions:
    """Where in a workbook the rows stand.

    Attributes:
        sheet: The name of the sheet; the first one where it is left out.
        header_row: The row of the column names, counted from 1.
    """

    sheet: str | None = None
    header_row: int = 1
