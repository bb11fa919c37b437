"""The part of the catalogue of problems that speaks of frames, whose rows are counted.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FRAME_TEXTS"]

FRAME_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "column-type": (
        "error",
        "列的类型是 {found}，这里需要 {needed_zh}",
        "在数据框中先把该列转换好",
        "is a column of {found}; {needed} is needed here",
        "convert the column in the frame first",
    ),
    "frame-changed": (
        "error",
        "读取期间数据变了：先是 {first} 行，后是 {second} 行",
        "在数据不变时再读一次，或先取一份快照",
        "changed while it was read: {first} rows at first, then {second}",
        "read it again while nobody writes, or take a snapshot first",
    ),
    "rows-no-date": (
        "error",
        "没有日期（{count} 行）",
        "补上日期",
        "is blank (rows: {count})",
        "fill in the days",
    ),
    "rows-no-amount": (
        "error",
        "没有任何数值（{count} 行）",
        "补上数值，或不取这些行",
        "is blank, and so is every other amount (rows: {count})",
        "fill in the amounts, or leave the rows out",
    ),
    "rows-out-of-range": (
        "error",
        "达到或超过 10 万亿，或不是有限的数（{count} 行）",
        "核对数值与单位",
        "is 10,000,000,000,000 or more, or not finite (rows: {count})",
        "check the amounts and their unit",
    ),
    "rows-excess-decimals": (
        "error",
        "小数位数超过该指标保留的 {decimals} 位（{count} 行）",
        "先按业务规则舍入",
        "has more than the {decimals} decimals that the metric keeps (rows: {count})",
        "round them first, by the rule of your business",
    ),
    "rows-unknown-member": (
        "error",
        "不是 {dimension} 的成员（{count} 行）{nearest_zh}",
        "改正名称，或在计划中添加成员或别名",
        "is no member of {dimension} (rows: {count}){nearest_en}",
        "correct the name, or add the member or an alias to the plan",
    ),
    "rows-shared": (
        "error",
        "写了多个成员（{count} 行）；数据框的一行只能归一个成员",
        "按份额先拆成多行",
        "names several members, and a row of a frame counts to one (rows: {count})",
        "split it into a row a member first, by the shares",
    ),
    "rows-unknown-goal": (
        "error",
        "不是计划中目标的编号（{count} 行）",
        "用 goal_codes 给出的编号",
        "is the number of no goal of the plan (rows: {count})",
        "use the numbers that goal_codes gives",
    ),
    "rows-no-member": (
        "warning",
        "没有写 {dimension}，计入上级目标，未分配到下级（{count} 行）",
        "补上成员",
        "is blank; the row counts to the goal above, unassigned (rows: {count})",
        "fill in the member of {dimension}",
    ),
    "rows-no-seat": (
        "warning",
        "当天没有任职，计入上级目标，未分配到下级（{count} 行）",
        "核对日期，或补上任职的起止日期",
        "has no seat on that day; the row counts to the goal above, unassigned (rows: {count})",
        "check the days, or add the seat to the plan",
    ),
}
