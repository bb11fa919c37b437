"""How much of a workbook is read at most."""

from __future__ import annotations

from typing import Any

import attrs

from salesgoal.errors import UsageError

__all__ = ["WorkbookLimits"]


def _from_one(_: object, __: object, value: int) -> None:
    if value < 1:
        raise UsageError("a whole number from 1 up", "从 1 开始的整数")


def _most(default: int) -> Any:  # noqa: ANN401 - an attrs field takes the type beside it
    return attrs.field(default=default, validator=_from_one)


@attrs.frozen(kw_only=True)
class WorkbookLimits:
    """What is allowed; a file that passes one of these is refused before it does harm.

    Attributes:
        file_bytes: The size of the file.
        parts: How many parts its package has.
        part_bytes: What one part unpacks to.
        unpacked_bytes: What all parts unpack to.
        ratio: How many times its packed size a package of 16 MiB or more may unpack to.
        sheets: How many sheets it has.
        formats: How many formats cells may refer to.
        strings: How many shared texts it has.
        string_chars: How long the shared texts are together.
        text_chars: How long the text of one cell is; Excel's own limit.
        cells: How many cells of the sheet hold something.
        rows: The last row; Excel's own limit.
        columns: The last column; Excel's own limit.
        merges: How many merged ranges the sheet has.
        depth: How deep elements are nested.

    选项:
        file_bytes: 文件大小（字节）。
        parts: 文件包中的部件数。
        part_bytes: 一个部件解压后的大小（字节）。
        unpacked_bytes: 全部解压后的大小（字节）。
        ratio: 16 MiB 以上的文件包解压后最多是压缩时的几倍。
        sheets: 工作表数。
        formats: 单元格可引用的格式数。
        strings: 共享文本数。
        string_chars: 共享文本合计的字符数。
        text_chars: 一个单元格的字符数；与 Excel 的上限相同。
        cells: 工作表中有内容的单元格数。
        rows: 最后一行的行号；与 Excel 的上限相同。
        columns: 最后一列的列号；与 Excel 的上限相同。
        merges: 工作表中合并区域的个数。
        depth: 元素嵌套的层数。
    """

    file_bytes: int = _most(50 * 2**20)
    parts: int = _most(5_000)
    part_bytes: int = _most(256 * 2**20)
    unpacked_bytes: int = _most(512 * 2**20)
    ratio: int = _most(200)
    sheets: int = _most(1_024)
    formats: int = _most(65_536)
    strings: int = _most(2_000_000)
    string_chars: int = _most(64_000_000)
    text_chars: int = _most(32_767)
    cells: int = _most(5_000_000)
    rows: int = _most(1_048_576)
    columns: int = _most(16_384)
    merges: int = _most(100_000)
    depth: int = _most(64)
