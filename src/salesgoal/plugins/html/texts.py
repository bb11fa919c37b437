"""What the page itself says, beside what stands in the sheets: Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from salesgoal.sheets.sheet import Words

__all__ = ["META_WORDS", "PAGE_WORDS", "hidden_lines", "meta_line"]

PAGE_WORDS: Mapping[str, Words] = {
    "skip": Words("跳到正文", "Skip to the content"),
    "sections": Words("目录", "Contents"),
    "dark": Words("深色", "Dark"),
    "light": Words("浅色", "Light"),
    "print": Words("打印", "Print"),
    "empty": Words("没有内容。", "Nothing to show."),
    "bullet": Words(
        "横条是实际，竖线是目标，横条上的细缝是到截止日应完成的。",
        "The bar is the actual, the line the target, the notch what is expected by that day.",
    ),
    "all": Words("全部", "All"),
    "choose": Words("筛选和排序", "Filter and sort"),
    "find": Words("查找", "Find"),
    "open_one": Words("展开一级", "Open one level"),
    "open_all": Words("全部展开", "Open all"),
    "close_all": Words("全部收起", "Close all"),
    "sort": Words("排序", "Sort by"),
    "given": Words("原顺序", "as given"),
    "up": Words("{column} 升序", "{column}, ascending"),
    "down": Words("{column} 降序", "{column}, descending"),
    "reset": Words("清除筛选", "Clear filters"),
    "count": Words("显示 {shown} 行，共 {all} 行", "{shown} of {all} lines shown"),
    "none": Words("没有符合条件的行。", "No line fits."),
    "next": Words("再显示 {next} 行（还有 {left} 行）", "Show {next} more lines ({left} left)"),
}
"""Braces are filled in by the script."""

META_WORDS: Mapping[str, Words] = {
    "plan": Words("计划", "Plan"),
    "as_of": Words("截至", "As of"),
    "known_at": Words("已知时点", "As known at"),
    "calendar": Words("日历", "Calendar"),
    "target_version": Words("目标版本", "Targets"),
    "view": Words("人员归属", "People stand"),
}
_META_VALUES: Mapping[tuple[str, str], Words] = {
    ("calendar", "gregorian"): Words("公历", "Gregorian"),
    ("target_version", "original"): Words("原始", "original"),
    ("view", "as_was"): Words("按当时", "where they sat then"),
    ("view", "as_is"): Words("按当前", "where they sit now"),
}


def meta_line(meta: Mapping[str, str | None], lang: str) -> list[tuple[str, str]]:
    """Returns what a book speaks of, as labels and values; what is not known is left out.

    Of several plans that differ, one value each, in their order.
    """
    return [
        (
            META_WORDS.get(key, Words(key, key)).of(lang),
            "、".join(
                _META_VALUES.get((key, each), Words(each, each)).of(lang)
                for each in value.split("、")
            ),
        )
        for key, value in meta.items()
        if value
    ]


def hidden_lines(shown: int, total: int, lang: str) -> str:
    """Returns what a reader without script is told of lines that stand in the page packed."""
    return Words(
        f"此表共 {total:,} 行，这里列出 {shown:,} 行。其余 {total - shown:,} 行压缩保存在"
        "本页内，由脚本显示；没有脚本时，请看工作簿（--format xlsx）或 CSV（--format csv）。",
        f"This table has {total:,} lines; {shown:,} are listed here. The other "
        f"{total - shown:,} travel compressed in this page and are shown by its script; "
        "without script they are in the workbook (--format xlsx) or in CSV (--format csv).",
    ).of(lang)
