"""A sales report as people keep it, as a workbook and as text, and what its cells say."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import xlsxwriter

from salesgoal.testing.case import Expected

__all__ = ["HIDDEN", "MESSY", "messy_csv", "messy_workbook"]

MESSY: Mapping[int, tuple[Expected, ...]] = {
    1: ("2023年10月销售日报",),
    2: ("单位：元", None, None, None, "制表：张三"),
    3: ("日期", "客户", "金额", None, "备注"),
    4: (None, None, "合同额", "回款额"),
    5: (date(2023, 10, 6), "华东电子", Decimal("1200.50"), "１，２００．５０", "全角"),
    6: ("2023年10月7日", "Müller & Söhne", "1,234.56", Decimal("0.07"), "第一行\n第二行"),
    7: (date(2024, 2, 29), "𠮷野家 🏬", Decimal(-300), "￥500", '含"引号",逗号'),
    8: ("小计", None, Decimal("900.50"), None),
    10: ("2023/10/9", "=SUM(A1)", Decimal("98765432109.87"), "0012", "@提醒"),
    11: ("合计", None, Decimal("98765433010.37"), Decimal("0.07")),
}
"""Row, counted from 1 -> what stands in it; row 9 is blank. Row 1 is merged, so are headers."""

HIDDEN: Mapping[int, tuple[Expected, ...]] = {
    1: ("日期", "金额"),
    2: ("2022-10-06", Decimal(5)),
}
"""The hidden sheet 旧数据 of the workbook."""

_MERGED = ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4")
_SUMS = {(8, 2): "=SUM(C5:C7)", (11, 2): "=C8+C10", (11, 3): "=SUM(D5:D10)"}


def messy_workbook() -> bytes:
    """Returns the report as a workbook: the sheet 10月, and 旧数据 hidden before it.

    Days are serial numbers or texts, amounts numbers or texts, totals are formulas with the
    values that a spreadsheet program keeps beside them, and headers are merged.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy/m/d"})
    old, sheet = book.add_worksheet("旧数据"), book.add_worksheet("10月")
    old.hide()
    sheet.activate()
    sheet.set_first_sheet()
    for row, cells in HIDDEN.items():
        for at, cell in enumerate(cells):
            old.write(row - 1, at, cell)
    for span in _MERGED:
        sheet.merge_range(span, "")
    for row, cells in MESSY.items():
        for at, cell in enumerate(cells):
            if (row, at) in _SUMS:
                sheet.write_formula(row - 1, at, _SUMS[row, at], None, float(str(cell)))
            elif isinstance(cell, date):
                sheet.write_datetime(row - 1, at, cell, day)
            elif cell is not None:
                sheet.write(row - 1, at, cell)
    book.close()
    return stream.getvalue()


def messy_csv() -> bytes:
    """Returns the report as a text file in GB18030, as Excel saves it in China."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in range(1, max(MESSY) + 1):
        writer.writerow(["" if cell is None else str(cell) for cell in MESSY.get(row, ())])
    return text.getvalue().encode("gb18030")
