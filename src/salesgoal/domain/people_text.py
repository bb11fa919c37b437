"""The part of the catalogue of problems that speaks of people who move, share or stand beside.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PEOPLE_TEXTS"]

PEOPLE_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "seats-overlap": (
        "error",
        "在同一天有两个上级：{first} 和 {second}",
        "改正开始日期或结束日期，使任职不重叠",
        "sits under both {first} and {second} on one day",
        "let the days of its rows not overlap",
    ),
    "seat-without-day": (
        "error",
        "在 {parent} 的任职 {since} 至 {until} 没有任何一天成立",
        "改正日期：结束不早于开始，且上级当时在任",
        "sits under {parent} from {since} to {until}, which is no day at all",
        "let the last day not be before the first, and the one above be there then",
    ),
    "mixed-overlay": (
        "error",
        "有时是重叠归属，有时不是",
        "每段任职都写同样的 overlay",
        "is an overlay on some days and not on others",
        "say overlay for all its rows, or for none",
    ),
    "shares-not-one": (
        "error",
        "是业绩拆分的份额合计，份额无效",
        "每份大于 0，合计恰好为 1（100%）",
        "is what the shares of the row come to",
        "let each be above 0 and all of them total exactly 1 (100%)",
    ),
    "credited-twice": (
        "error",
        "在同一行里拆分了两次",
        "每人只写一次，把份额相加",
        "is credited twice in one row",
        "name everybody once, with the whole share",
    ),
    "no-seat-then": (
        "warning",
        "在 {on} 没有任职，该行计入上级的未分配",
        "补上该成员的任职，或改正日期",
        "has no seat on {on}; the row counts above, unassigned",
        "give the member a seat on that day, or correct the day",
    ),
    "moved-within-period": (
        "warning",
        "在 {on} 内调动过，整笔计入期末的任职",
        "按日或按任职分段上报",
        "moved within {on}; all of it counts at the last seat",
        "report by day, or apart for each seat",
    ),
}
