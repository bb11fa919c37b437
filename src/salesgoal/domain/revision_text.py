"""The problems of revisions and their history; part of the catalogue of `problem_text`."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["REVISION_ERRORS", "REVISION_WARNINGS"]

_Texts = Mapping[str, tuple[str, str, str, str]]
"""Code -> Chinese message and remedy, English message and remedy."""

REVISION_ERRORS: _Texts = {
    "revision-stale": (
        "提出时的目标为 {stated}，现为 {now}，已被别的调整改动",
        "用 salesgoal history 查看调整记录，再按现在的目标重新提出",
        "starts from {stated}, but the target is {now} by now: another revision changed it",
        "look at the history and propose again from the target of now",
    ),
    "period-closed": (
        "{closed} 已锁定，其中的目标不可改动",
        "先用 salesgoal reopen 重新开放该期间，或改用规则“自生效日起”（--rule from-now）",
        "would change targets of {closed}, which is closed",
        "reopen it first, or use from-now",
    ),
    "nothing-takes-it": (
        "没有其他期间或同级目标可以承担差额",
        "改用规则“整期重述”（--rule restate），或先把目标分解到各期间、各下级",
        "leaves no period or sibling that could take the difference",
        "use restate, or split the target over periods or members first",
    ),
    "below-zero": (
        "{at} 的目标会变成 {amount}，低于零",
        "减小调整幅度，或在指标上设置 negative = true",
        "would bring the target of {at} to {amount}, below zero",
        "change it by less, or set negative = true on the metric",
    ),
    "no-effective-day": (
        "规则“自生效日起”（from-now）缺少生效日期",
        "用 --effective-on 给出日期",
        "has no effective day, which from-now needs",
        "give it with --effective-on",
    ),
    "revision-crosses": (
        "与该目标已有的期间 {other} 部分重叠",
        "选用与之相同、互含或不相交的期间",
        "crosses {other}, which has a target already",
        "choose a period that is the same, nests or stays apart",
    ),
    "history-stale": (
        "调整记录已有 {found} 行，而此次基于第 {base} 行：期间有别人写入",
        "重新运行命令，查看新的影响后再确认",
        "was made on line {base} of the history, which has {found} by now: somebody else wrote",
        "run the command again and look at the new effect",
    ),
    "history-refused": (
        "{reason_zh}",
        "用 salesgoal history 查看各项调整的状态",
        "{reason}",
        "look at the states with history",
    ),
    "revert-blocked": (
        "撤回第 {revision} 号后，第 {blocked} 号调整无法再执行：{reason_zh}",
        "先撤回第 {blocked} 号调整，或对现在的目标提出新的调整",
        "without revision {revision}, revision {blocked} can no longer be applied: {reason}",
        "revert revision {blocked} first, or propose another target from the one of now",
    ),
    "history-line": (
        "不是一行有效的调整记录：{reason_zh}",
        "从备份恢复；此文件只由 salesgoal 追加",
        "is no line of a history: {reason}",
        "restore it from a backup; only salesgoal appends to this file",
    ),
    "history-gap": (
        "编号应为 {expected}，实为 {found}：有记录被删除或插入",
        "从备份恢复缺少的行",
        "should be number {expected} and is {found}: a line was removed or put in",
        "restore the missing lines from a backup",
    ),
    "history-tampered": (
        "此行或其前面的内容在写入后被改动（校验值不符）",
        "从备份恢复；更正请提出新的调整",
        "was changed after it was written, or something before it was: the seal does not fit",
        "restore it from a backup; correct a target by a new revision",
    ),
}

REVISION_WARNINGS: _Texts = {
    "history-torn": (
        "最后一行不完整（写入时中断），未计入",
        "重做该操作；下次写入会去掉残行",
        "is incomplete, as a crash while writing leaves it, and does not count",
        "do it again; the next write removes the rest",
    ),
    "history-drift": (
        "第 {number} 号调整批准之后，目标表被改动，其影响与批准时不同",
        "核对目标表与该调整；更正请提出新的调整",
        "revision {number} changes something else than at its approval: targets were edited",
        "compare the tables with it; correct a target by a new revision",
    ),
}
