"""The part of the catalogue of problems that speaks of cells, names and layouts of tables.

Each entry is severity, then message and remedy in Chinese, then in English; `problem_text`
holds the rest and gives them out together.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CELL_TEXTS"]

CELL_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    # Amounts and rates.
    "trailing-sign": (
        "error",
        "负号写在数字后面",
        "负数写成 -1234 或 (1234)",
        "has its minus sign at the end",
        "write a negative number as -1234 or (1234)",
    ),
    "double-sign": (
        "error",
        "括号和正负号同时出现",
        "只用其中一种",
        "has both parentheses and a sign",
        "use only one of them",
    ),
    "foreign-currency": (
        "error",
        "币种 {currency} 与指标的单位不同",
        "换算后填写，或另设一个以该币种为单位的指标",
        "is in {currency}, which is not the unit of the metric",
        "convert it, or keep a metric in that currency",
    ),
    "unknown-unit": (
        "error",
        "数字后的单位不认识",
        "用 元、千、万、百万、亿，例如 12万",
        "has a unit that is not known",
        "write the number out, or put its unit into the header or under unit",
    ),
    "unit-conflict": (
        "error",
        "单位有矛盾：一处是{found}，{metric}另有说明",
        "统一单位，或在计划的 unit 中写明并改正表中的单位",
        "contradicts another unit: {found} here, and {metric} says otherwise",
        "make the units agree, in the sheet and under unit in the plan",
    ),
    "unit-unclear": (
        "error",
        "表中写着单位{found}，但计划没有说明{metric}的单位",
        '在指标上设置 unit，例如 "元" 或 "个"',
        "states {found} as unit, and the plan gives {metric} none",
        "give the metric its unit in the plan",
    ),
    "single-precision": (
        "error",
        "来自单精度列，只有约 7 位可靠数字",
        "把该列改为 DECIMAL；已写入的数可能早已失真",
        "comes from a column of single precision, which keeps about 7 digits",
        "keep the column as DECIMAL; what stands in it may have lost digits already",
    ),
    "no-cell-value": (
        "error",
        "是 {kind} 类型的值，不是单元格能存放的内容",
        "以文本、数字或日期给出；SELECT 中用 CAST",
        "is a value of kind {kind}, which no cell holds",
        "give it as a text, a number or a day; in a SELECT, with CAST",
    ),
    "exponent": (
        "error",
        "是科学记数法，可能已丢失位数",
        "写出全部数字",
        "is in scientific notation and may have lost digits",
        "write out all digits",
    ),
    "foreign-digit": (
        "error",
        "含有其他文字的数字",
        "用 0 到 9 书写",
        "has digits of another script",
        "write it with 0 to 9",
    ),
    "inner-space": (
        "error",
        "数字中间有空格",
        "去掉空格，或写成 1,234",
        "has a space inside",
        "remove the space, or write 1,234",
    ),
    "formula-text": (
        "error",
        "是公式的文本，不是数值",
        "在表格中改为公式，或直接填数值",
        "is the text of a formula, not a value",
        "make it a formula in the sheet, or write the value",
    ),
    "excel-overflow": (
        "error",
        "是列宽不够时显示的 #### ，不是数值",
        "加宽该列后重新导出",
        "is the #### of a column that is too narrow",
        "widen the column and export again",
    ),
    "percent-in-money": (
        "error",
        "百分数不能作为金额或数量",
        "填写金额，或把指标的单位设为 %",
        "is a percentage in a column of amounts",
        "write the amount, or give the metric the unit %",
    ),
    "ambiguous-percent": (
        "error",
        "不清楚是百分数还是比值",
        "写上百分号，例如 85% 或 0.85%",
        "may be a percentage or a ratio",
        "write the percent sign, such as 85% or 0.85%",
    ),
    # Days.
    "ambiguous-date": (
        "error",
        "日和月的先后不明",
        "写成 {format}，或设置 date_format",
        "does not say which part is the day and which the month",
        "write it as {format}, or set date_format",
    ),
    "two-digit-year": (
        "error",
        "年份只有两位",
        "写成 {format}，或设置 date_format",
        "has a year of two digits",
        "write it as {format}, or set date_format",
    ),
    "no-day": (
        "error",
        "没有写到日",
        "写成 {format}；若是整月的合计，用“期间”列",
        "names no day",
        "write it as {format}; for the total of a month use a column of periods",
    ),
    "date-serial-as-text": (
        "error",
        "是文本形式的日期序列号",
        "在表格中把该列设为日期格式",
        "is the serial number of a date, as text",
        "format the column as dates in the sheet",
    ),
    "no-such-time": (
        "error",
        "没有这个时刻",
        "时刻从 00:00 到 23:59",
        "has a time of day that does not exist",
        "times run from 00:00 to 23:59",
    ),
    "date-out-of-range": (
        "error",
        "年份不在 {first} 到 {last} 之间",
        "改正日期",
        "is not between {first} and {last}",
        "correct the date",
    ),
    "no-zone": (
        "error",
        "是世界时（UTC）的时刻，但计划没有写明时区",
        '在计划中设置 zone，例如 "Asia/Shanghai"',
        "is a moment in UTC, and the plan names no zone",
        'set zone in the plan, such as "Asia/Shanghai"',
    ),
    # Names.
    "bidi-control": (
        "error",
        "名称中有改变文字方向的不可见字符",
        "重新输入该名称",
        "has an invisible character that turns the direction of the text",
        "type the name again",
    ),
    "name-too-long": (
        "error",
        "名称有 {found} 个字符，最多 {most} 个",
        "使用规范简称",
        "has {found} characters; a name has at most {most}",
        "use the short name",
    ),
    # Layouts.
    "ambiguous-column": (
        "error",
        "有多列都可能是 {role}：{columns}",
        "在 columns 中写明用哪一列",
        "several columns could be {role}: {columns}",
        "say under columns which one it is",
    ),
    "two-tables": (
        "error",
        "有 {count} 个表头相同的表并排：{columns}",
        "删去多余的表，或用 layout 的 table 指定读第几个",
        "{count} tables with the same header stand side by side: {columns}",
        "delete the surplus one, or choose one with table under layout",
    ),
    "no-such-table": (
        "error",
        "并排的表只有 {count} 个",
        "改正 layout 的 table",
        "has only {count} tables side by side",
        "correct table under layout",
    ),
    "beside-table": (
        "warning",
        "表格右侧另有内容，未读取：{columns}",
        "若其中有数据，请移到单独的工作表",
        "has cells to the right of the table that were not read: {columns}",
        "move them to a sheet of their own if they are records",
    ),
    "no-such-month": (
        "error",
        "在计划期间 {plan} 内不能唯一确定是哪个期间",
        "在表头写明年份，例如 2023年10月",
        "does not name exactly one period of {plan}",
        "write the year into the header, such as 2023年10月",
    ),
    "crossing-columns": (
        "error",
        "{first} 与 {second} 两列的期间重叠，同一笔会计入两次",
        "删去合计列，或只保留一种期间的列",
        "the periods {first} and {second} overlap, so a fact would count twice",
        "delete the columns of totals, or keep one kind of period",
    ),
    "control-total": (
        "error",
        "“{label}”行写的是 {stated}，而各行合计为 {computed}",
        "核对是否有漏行，或改正合计",
        'the row "{label}" states {stated}, and its rows sum to {computed}',
        "look for missing rows, or correct the total",
    ),
    "row-total": (
        "error",
        "“{label}”列写的是 {stated}，而本行各列合计为 {computed}",
        "核对是否有漏列，或改正合计",
        'the column "{label}" states {stated}, and its columns sum to {computed}',
        "look for missing columns, or correct the total",
    ),
    "unclear-members": (
        "error",
        "表头 {columns} 像是成员，但{reason_zh}",
        "改成每行一个成员，或只保留一个维度、互不包含的成员",
        "has members as headers, {columns}, but they {reason}",
        "write one member a row, or keep those of one dimension of which none holds another",
    ),
    "unchecked-total": (
        "warning",
        "“{label}”行无法核对：{reason_zh}",
        "改正此单元格或有问题的行（公式用表格软件打开并保存），再读一次",
        'the row "{label}" cannot be checked: {reason}',
        "correct this cell or the faulty rows (open and save for a formula), and read again",
    ),
    "period-not-over": (
        "warning",
        "{count} 行是尚未结束的期间的合计，没有计入（{period} 到 {last} 为止）",
        "期末再看，或按日给出；若合计是截至当日的，设置 totals_to_date = true",
        "{count} rows are totals of a period that is not over, left out ({period}, to {last})",
        "report as of its end, or give days; where totals are so far, totals_to_date = true",
    ),
    "unconfirmed-name": (
        "error",
        "确认的名称 {confirmed} 不是{dimension}的成员{nearest_zh}",
        "填写计划中的成员名称，或先加入该成员",
        "{confirmed} is no member of {dimension}{nearest_en}",
        "confirm a member of the plan, or add it first",
    ),
    "alias-taken": (
        "error",
        "确认为 {confirmed} 的别名，但它在{dimension}中已是 {member} 的名称或别名",
        "确认栏留空，或改为 {member}；若两个成员是同一个，合并后再确认",
        "is confirmed as an alias of {confirmed}, but means {member} in {dimension} already",
        "leave the confirmation blank, or name {member}; where both are one member, merge them",
    ),
}
"""Code -> severity, message and remedy in Chinese, message and remedy in English."""
