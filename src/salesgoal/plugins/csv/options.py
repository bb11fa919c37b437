"""What a plan may say about a CSV file."""

from __future__ import annotations

from typing import Any

import attrs

from salesgoal.errors import UsageError

__all__ = ["CsvLimits", "CsvOptions"]


def _one_character(_: object, __: object, value: str | None) -> None:
    if value is not None and (len(value) != 1 or value in '"\r\n'):
        en = "one character, and no quote or line break"
        raise UsageError(en, "一个字符，且不是引号或换行")


def _row(_: object, __: object, value: int) -> None:
    if value < 1:
        en = "a row from 1 up, as a spreadsheet counts them"
        raise UsageError(en, "从 1 开始的行号，与表格软件一致")


def _from_one(_: object, __: object, value: int) -> None:
    if value < 1:
        raise UsageError("a whole number from 1 up", "从 1 开始的整数")


def _most(default: int) -> Any:  # noqa: ANN401 - an attrs field takes the type beside it
    return attrs.field(default=default, validator=_from_one)


@attrs.frozen(kw_only=True)
class CsvLimits:
    """What is allowed; a file that passes one of these is refused before it does harm.

    Attributes:
        file_bytes: The size of the file.
        row_chars: How long one row is.
        columns: How many cells a row has; Excel's own limit.

    选项:
        file_bytes: 文件大小（字节）。
        row_chars: 一行的字符数。
        columns: 一行的单元格数；与 Excel 的上限相同。
    """

    file_bytes: int = _most(200 * 2**20)
    row_chars: int = _most(1_000_000)
    columns: int = _most(16_384)


@attrs.frozen(kw_only=True)
class CsvOptions:
    """How a CSV file is written down, and how much of it is read.

    Attributes:
        encoding: Its encoding, which is then taken at its word; without it a byte-order mark
            decides, then UTF-8, then GB18030 with a warning, if nothing else is likelier.
        delimiter: One character; without it a ``sep=`` line decides, then the one of comma,
            tab, semicolon and ``|`` that cuts the first rows evenly.
        header_row: The row of the column names, counted from 1.
        limits: What a file may hold at most.

    选项:
        encoding: 文件编码；写了就照此读取。不写时依次看字节序标记、UTF-8、GB18030（会提示）。
        delimiter: 分隔符，一个字符；不写时看 sep= 行，再看逗号、制表符、
            分号、| 中哪一个分得整齐。
        header_row: 列名所在的行，从 1 数起。
        limits: 文件的上限。
    """

    encoding: str | None = None
    delimiter: str | None = attrs.field(default=None, validator=_one_character)
    header_row: int = attrs.field(default=1, validator=_row)
    limits: CsvLimits = attrs.field(factory=CsvLimits)
