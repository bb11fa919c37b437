"""The texts of what `check` finds: all of them warnings, the plan can be used as it is.

Code -> message and remedy in Chinese, message and remedy in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FINDING_TEXTS"]

FINDING_TEXTS: Mapping[str, tuple[str, str, str, str]] = {
    "no-target": (
        "没有任何目标，只能汇总实际值",
        "在 targets 中加入目标表",
        "has no target at all, so actuals can only be added up",
        "name a table of targets",
    ),
    "target-mismatch": (
        "上级目标 {parent} 与下级合计 {children} 相差 {mismatch}{share_zh}",
        "调整下级目标，或确认这是有意的",
        "the target {parent} and the children's {children} differ by {mismatch}{share_en}",
        "adjust the children, or leave it if it is meant so",
    ),
    "commit-mismatch": (
        "上级承诺值 {parent} 与下级承诺合计 {children} 相差 {mismatch}",
        "与下级核对承诺值，或删去上级的承诺值，由下级汇总",
        "the commit {parent} and the children's {children} differ by {mismatch}",
        "settle it with the children, or leave the goal's out so that theirs add up",
    ),
    "period-mismatch": (
        "{measure_zh} {whole} 与其中各期合计 {parts} 相差 {difference}",
        "调整各期，或删去整期的数值，由各期汇总",
        "the {measure} {whole} and the {parts} of its shorter periods differ by {difference}",
        "adjust the shorter periods, or leave the longer out so that they add up",
    ),
    "breakdown-mismatch": (
        "分解 {first} 合计 {first_total}，分解 {second} 合计 {second_total}",
        "使各分解的合计一致",
        "breakdown {first} totals {first_total}, breakdown {second} {second_total}",
        "make the breakdowns total the same",
    ),
    "target-order": (
        "{low_zh} {low} 高于{high_zh} {high}",
        "按 {order_zh} 的顺序改正数值",
        "the {low_en} {low} is above the {high_en} {high}",
        "let them rise in the order {order_en}",
    ),
    "child-without-target": (
        "下级 {names_zh} 没有目标，而同级有",
        "补上目标（可以是 0），或确认这是有意的",
        "{names_en} below it have no target, and their siblings do",
        "give them one, 0 counts, or leave it if it is meant so",
    ),
    "member-without-goal": (
        "{dimension} 的 {names_zh} 没有任何目标，而同级成员有",
        "补上目标（可以是 0），或确认这是有意的",
        "{names_en} of {dimension} have no goal, and other members beside them do",
        "give them one, 0 counts, or leave it if it is meant so",
    ),
    "no-owner": (
        "没有一个目标写明责任人",
        "在目标表中加入“责任人”列",
        "no goal says who owns it",
        "add a column owner to the table of targets",
    ),
    "goal-without-owner": (
        "有目标值而没有责任人",
        "在目标表中填写责任人",
        "has a target and no owner",
        "give its owner in the table of targets",
    ),
    "no-due-date": (
        "没有一个目标写明完成时限",
        "在目标表中加入“完成时限”列",
        "no goal says by when it is due",
        "add a column due_on to the table of targets",
    ),
    "goal-without-due-date": (
        "有目标值而没有完成时限",
        "在目标表中填写完成时限",
        "has a target and no due date",
        "give its due_on in the table of targets",
    ),
    "due-outside-plan": (
        "完成时限{side_zh}计划期间 {plan}（{start} 至 {last}）",
        "改正日期，或确认这是有意的",
        "is due {side_en} the plan's period {plan} ({start} to {last})",
        "correct the day, or leave it if it is meant so",
    ),
}
