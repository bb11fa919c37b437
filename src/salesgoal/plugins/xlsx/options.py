"""What a plan may say about a workbook."""

from __future__ import annotations

import attrs

from salesgoal.errors import UsageError
from salesgoal.plugins.xlsx.limits import WorkbookLimits

__all__ = ["XlsxOptions"]


def _from_one(_: object, __: object, value: int) -> None:
    if value < 1:
        en = "a row from 1 up, as a spreadsheet counts them"
        raise UsageError(en, "从 1 开始的行号，与表格软件一致")


@attrs.frozen(kw_only=True)
class XlsxOptions:
    """Where in a workbook the rows stand, and how much of it is read.

    Attributes:
        sheet: The name of the sheet; the first visible one where it is left out.
        header_row: The row of the column names, counted from 1.
        limits: What a file may hold at most.

    选项:
        sheet: 工作表名称；不写时取第一张可见的表。
        header_row: 列名所在的行，从 1 数起。
        limits: 文件的上限。
    """

    sheet: str | None = None
    header_row: int = attrs.field(default=1, validator=_from_one)
    limits: WorkbookLimits = attrs.field(factory=WorkbookLimits)
