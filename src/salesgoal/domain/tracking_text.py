"""The part of the catalogue of problems that speaks of tracking workbooks on their way back.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TRACKING_TEXTS"]

TRACKING_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    # The workbook as a whole.
    "other-plan": (
        "error",
        "是计划“{theirs}”的跟踪表，不是“{ours}”的",
        "导入到它自己的计划；若计划已改名或改了指标、维度，重新生成跟踪表",
        "is a tracking workbook of the plan {theirs}, not of {ours}",
        "import it into its own plan; where that was renamed or rebuilt, make it anew",
    ),
    "other-format": (
        "error",
        "跟踪表的格式版本是 {theirs}，本程序的是 {ours}",
        "用本程序重新生成跟踪表",
        "is a tracking workbook of format {theirs}; this program writes {ours}",
        "make the workbook anew with this program",
    ),
    "older-targets": (
        "warning",
        "按目标版本 {theirs_zh} 生成，计划现为 {ours_zh}",
        "实际数照常导入；需要新目标时重新生成跟踪表",
        "was made from version {theirs} of the targets; the plan is at {ours}",
        "the actuals count all the same; make the workbook anew to see the new targets",
    ),
    # Sheets and lines.
    "sheet-twice": (
        "error",
        "与工作表“{other}”是同一张表",
        "只保留一张，删除复制的工作表",
        "is the same table as the sheet {other}",
        "keep one of them and delete the copy",
    ),
    "line-twice": (
        "error",
        "与第 {other} 行是同一个目标",
        "合并为一行；新增目标请用表末的空行",
        "is the same goal as row {other}",
        "make one line of them; use the empty lines at the end for another goal",
    ),
    "unknown-line": (
        "error",
        "这一行不属于本跟踪表",
        "删除该行，或在表末的空行按名称重新填写",
        "is no line of this workbook",
        "delete the line, or enter it by its names in one of the empty lines at the end",
    ),
    "line-missing": (
        "warning",
        "已不在表中：{line}",
        "若误删，用原文件恢复；已导入的数不受影响",
        "is no longer in the sheet: {line}",
        "restore it from the original where that was a mistake; what was imported stays",
    ),
    "names-changed": (
        "error",
        "与该行原来的目标不符，应为 {expected}",
        "恢复名称；排序时请连同隐藏的列一起排序；新增目标请用表末的空行",
        "does not fit the goal of its line, which is {expected}",
        "restore the name; sort the hidden columns too; use the empty lines for another goal",
    ),
    "line-without-names": (
        "error",
        "填了数，但没有说明是哪个目标",
        "在该行填写名称",
        "has entries and does not say of which goal",
        "fill in the names of the line",
    ),
    # Cells.
    "target-overwritten": (
        "warning",
        "目标被改写，原为 {held}；目标不从跟踪表导入",
        "用 salesgoal revise 调整目标",
        "is an overwritten target, which was {held}; targets are not imported",
        "change targets with salesgoal revise",
    ),
    "target-moved": (
        "warning",
        "目标现为 {now}，表中仍是旧值",
        "实际数照常导入；需要新目标时重新生成跟踪表",
        "is an old target; the plan now says {now}",
        "the actuals count all the same; make the workbook anew to see the new targets",
    ),
    "known-elsewhere": (
        "error",
        "被清空，但其他来源有数 {told}",
        "在来源中更正；若确为零，填 0",
        "was cleared, and other sources say {told}",
        "correct the source; where it is really nothing, type 0",
    ),
    "not-typed-here": (
        "error",
        "{metric}不能在跟踪表中填写合计",
        "导入明细，或在其来源中更正",
        "is a total of {metric}, which cannot be typed here",
        "import its records, or correct them where they come from",
    ),
    "changed-meanwhile": (
        "warning",
        "发放时是 {held}，此后已改为 {now}；以本表为准",
        "核对哪个数正确",
        "was {held} when the workbook was made and is {now} by now; the workbook wins",
        "see which of them is right",
    ),
    "period-not-begun": (
        "warning",
        "{period} 还没有开始",
        "核对是否填错了列",
        "stands for {period}, which has not begun",
        "see whether it stands in the right column",
    ),
    "unknown-state": (
        "error",
        "不是措施状态",
        "从列表选择：{known}",
        "is no state of an action",
        "choose one of the list: {known}",
    ),
}
