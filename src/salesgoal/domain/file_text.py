"""The part of the catalogue of problems that speaks of files: what readers find in them.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FILE_TEXTS"]

FILE_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    # Files as a whole.
    "not-a-workbook": (
        "error",
        "不是 xlsx 工作簿，而是{found_zh}",
        "用表格软件打开原文件并另存为 .xlsx",
        "is not an xlsx workbook but {found}",
        "open the original in a spreadsheet program and save it as .xlsx",
    ),
    "not-a-csv": (
        "error",
        "不是 CSV 文本，而是{found_zh}",
        "改正文件名，或从来源重新导出为 CSV",
        "is not CSV text but {found}",
        "correct the name of the file, or export it as CSV again",
    ),
    "not-a-parquet": (
        "error",
        "无法作为 Parquet 读取：「{detail}」",
        "确认文件完整，或从来源重新导出",
        "cannot be read as Parquet: {detail}",
        "make sure that the file is whole, or export it again",
    ),
    "password-protected": (
        "error",
        "工作簿设有密码",
        "在表格软件中取消密码后另存",
        "is protected by a password",
        "save a copy without the password",
    ),
    "corrupt-file": (
        "error",
        "文件已损坏：{detail_zh}",
        "在表格软件中打开并另存，或重新导出",
        "is corrupt: {detail}",
        "open it in a spreadsheet program and save it again, or export it again",
    ),
    "hostile-file": (
        "error",
        "拒绝读取：{detail_zh}",
        "不要使用该文件，向来源索取干净的副本",
        "is refused: {detail}",
        "do not use this file; ask where it came from for a clean copy",
    ),
    "limit-exceeded": (
        "error",
        "超出限制 {limit} = {most}",
        "拆分文件；若文件可信，在 options 的 limits 中放宽 {limit}",
        "passes the limit {limit} = {most}",
        "split the file, or widen {limit} in limits of its options if it can be trusted",
    ),
    "unknown-encoding": (
        "error",
        "无法按 {encoding} 解码：{detail_zh}",
        "另存为 UTF-8，或在计划的 options 中设置 encoding{candidates_zh}",
        "cannot be decoded as {encoding}: {detail}",
        "save it as UTF-8, or set encoding in the plan's options{candidates_en}",
    ),
    "encoding-unclear": (
        "error",
        "编码不明：可按 {first} 读取，但更像 {other}",
        "核对后在计划的 options 中设置 encoding，或另存为 UTF-8",
        "could be {first}, but looks more like {other}",
        "look at it and set encoding in the plan's options, or save it as UTF-8",
    ),
    "unclosed-quote": (
        "error",
        "文件第 {line} 行的引号没有结束",
        "补上该行缺少的引号",
        "the quote opened in line {line} of the file is never closed",
        "add the missing quote in that line",
    ),
    "no-correction": (
        "error",
        "不是被拒绝的行的工作表，而同一工作簿的第一个工作表是",
        "删去此工作表，或恢复原因至行各列",
        "is no sheet of rejected rows, and the first one of its workbook is",
        "delete this sheet, or put its columns from Reason to Row back",
    ),
    # What was noticed and gone on with.
    "sheet-assumed": (
        "warning",
        "未指定工作表，读取了第一个；另有：{others}",
        '在计划中指定要读的工作表，如 options = {{ sheet = "10月" }}',
        "no sheet was named, so the first was read; there are also {others}",
        'name the sheet in the plan: options = {{ sheet = "Oct" }}',
    ),
    "hidden-cells": (
        "warning",
        "含隐藏的行 {rows}、列 {columns}，与其他行列一样计入",
        "确认隐藏或筛选掉的内容应当计入，否则删除",
        "{rows} hidden rows and {columns} hidden columns were read like the others",
        "make sure that what is hidden or filtered out should count, or delete it",
    ),
    "hidden-sheet": (
        "warning",
        "此工作表是隐藏的",
        "确认应当读取它",
        "this sheet is hidden",
        "make sure that it is the right one",
    ),
    "merged-cells": (
        "warning",
        "{count} 处合并单元格，只有左上角的单元格有值",
        "取消合并并逐行填写",
        "{count} merged cells have a value in their first cell only",
        "unmerge them and fill in every row",
    ),
    "unreadable-header": (
        "warning",
        "表头中有读不出的单元格，这些列没有读取：{columns}",
        "改正表头；不需要的列可以删去",
        "the header has cells that cannot be read, and their columns are not: {columns}",
        "correct the header; columns that nobody needs may be deleted",
    ),
    # Cells that a reader sees and cannot read.
    "formula-not-calculated": (
        "error",
        "公式没有保存计算结果",
        "用表格软件打开并保存，使其计算",
        "is a formula without a saved value",
        "open the workbook in a spreadsheet program and save it, so that it calculates",
    ),
    "corrupt-cell": (
        "error",
        "单元格已损坏：{detail_zh}",
        "在表格软件中重新填写该单元格",
        "is a corrupt cell: {detail}",
        "fill in the cell again in a spreadsheet program",
    ),
    "unreadable-type": (
        "error",
        "类型为 {kind} 的列无法读取",
        "在来源中导出为文本、数字或日期",
        "stands in a column of type {kind}, which cannot be read",
        "export the column as text, numbers or dates",
    ),
    "control-char": (
        "error",
        "含有换行或不可见的控制字符",
        "重新输入该单元格",
        "holds a line break or invisible control characters",
        "type the cell again",
    ),
}
"""Code -> severity, message and remedy in Chinese, message and remedy in English."""
