"""The part of the catalogue of problems that speaks of sharing amounts out.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ALLOCATION_TEXTS"]

ALLOCATION_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "typed-over": (
        "error",
        "已填数额合计 {typed}，总额 {total} 只给其余部分留下 {rest}",
        "减少已填数额，或提高总额",
        "the typed amounts come to {typed}, which leaves {rest} of {total} for the others",
        "type less, or raise the total",
    ),
    "typed-unequal": (
        "error",
        "每个部分都已填写，合计 {typed}，不等于总额 {total}",
        "改正一个数额，或留一个部分不填",
        "every part is typed and they come to {typed}, not to {total}",
        "correct one of them, or leave one open",
    ),
    "floors-above": (
        "error",
        "下限合计 {bound}，超过可分的 {rest}",
        "降低下限，或提高总额",
        "the floors come to {bound}, and only {rest} is there to share",
        "lower the floors, or raise the total",
    ),
    "caps-below": (
        "error",
        "上限合计 {bound}，不足可分的 {rest}",
        "提高上限，或降低总额",
        "the caps come to {bound}, and {rest} is there to share",
        "raise the caps, or lower the total",
    ),
    "no-step-fits": (
        "error",
        "在上下限之内，{rest} 不能按 {step} 的整数倍分完",
        "改用更小的步长，或放宽上下限",
        "{rest} cannot be shared in steps of {step} within the floors and caps",
        "take a smaller step, or wider floors and caps",
    ),
    "percent-total": (
        "error",
        "百分比合计 {total}，不是 100",
        "改正百分比；只有比例时用 weights",
        "the percentages come to {total}, not to 100",
        "correct them, or give them as weights",
    ),
    "part-count": (
        "error",
        "{name} 有 {found} 项，而这里要分成 {expected} 份",
        "按位置为每一份写一项",
        "{name} has {found} entries for {expected} parts",
        "give one entry a part, in their order",
    ),
    "no-total": (
        "error",
        "此目标和期间没有可分解的总额",
        "填写 total，或在目标表中给出",
        "there is no total to share for this goal and period",
        "give total, or type it in a table of targets",
    ),
    "even-split": (
        "warning",
        "权重全为零，已平均分配",
        "检查权重或历史实际值",
        "every weight is zero, so it was shared evenly",
        "check the weights, or the actuals that they come from",
    ),
}
