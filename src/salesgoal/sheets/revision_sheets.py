"""Revisions as sheets: what one would change, and the history of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from salesgoal.domain.history import Event, History, Lock, Revert
from salesgoal.domain.number import round_units
from salesgoal.domain.period import Period
from salesgoal.domain.proposal import Proposal, RevisionRule
from salesgoal.domain.revision import Change, Effect
from salesgoal.domain.scope import Codes
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.sheet import Cell, Column, Kind, Less, Line, Sheet, Words

__all__ = ["RULE_WORDS", "Rates", "effect_sheet", "history_sheet"]

Rates = Mapping[tuple[Codes, str, Period], Fraction | None]
"""Scope, metric and period -> attainment."""

RULE_WORDS = {
    RevisionRule.RESTATE: Words("整期重述", "restate"),
    RevisionRule.FROM_NOW: Words("自生效日起", "from now"),
    RevisionRule.KEEP_TOTAL: Words("总额不变", "keep total"),
}
_MEASURES = {
    "target": Words("目标值", "target"),
    "floor": Words("保底目标", "floor"),
    "stretch": Words("挑战目标", "stretch"),
    "commit": Words("承诺值", "commit"),
}
_EFFECT = (
    Column(key="goal", title=Words("目标", "Goal")),
    Column(key="metric", title=Words("指标", "Metric")),
    Column(
        key="measure",
        title=Words("口径", "Measure"),
        kind=Kind.WORD,
        words=_MEASURES,
    ),
    Column(key="period", title=Words("期间", "Period")),
    Column(key="before", title=Words("调整前", "Before"), kind=Kind.AMOUNT),
    Column(key="after", title=Words("调整后", "After"), kind=Kind.AMOUNT),
    Column(key="difference", title=Words("差额", "Difference"), kind=Kind.AMOUNT),
    Column(
        key="attainment_before",
        title=Words("原达成率(%)", "Attainment before (%)"),
        kind=Kind.PERCENT,
    ),
    Column(
        key="attainment_after",
        title=Words("新达成率(%)", "Attainment after (%)"),
        kind=Kind.PERCENT,
    ),
)
_HISTORY = (
    Column(key="number", title=Words("编号", "Number")),
    Column(key="recorded_at", title=Words("记录时间", "Recorded at")),
    Column(key="act", title=Words("事项", "Act"), kind=Kind.TEXT),
    Column(key="subject", title=Words("内容", "What")),
    Column(key="state", title=Words("状态", "State"), kind=Kind.TEXT),
    Column(key="by", title=Words("责任人", "By")),
    Column(key="reason", title=Words("理由", "Reason")),
)


def effect_sheet(effect: Effect, before: Rates, after: Rates) -> Sheet:
    """Returns every target that a proposal changes, with its attainment before and after.

    Args:
        effect: From `revise`.
        before: The attainment of the plan as it is.
        after: The attainment that the same facts have afterwards.
    """
    lines = tuple(_change(each, effect.plan.name, before, after) for each in effect.changes)
    plan = effect.plan
    titles = {each.breakdown.name: each.breakdown.title(plan.dimensions) for each in plan.trees}
    notes = tuple(
        Words(
            f"不再一致：{goal}（{titles[name]}），{label}",
            f"no longer ties: {goal} ({name}), {label}",
        )
        for goal, name, label in (
            (each.goal or plan.name, each.breakdown, each.period.label)
            for each in effect.untied
        )
    )
    title = Words("调整的影响", "Effect of the revision")
    return Sheet(id="changes", title=title, columns=_EFFECT, lines=lines, notes=notes)


def history_sheet(history: History, metrics: Mapping[str, str]) -> Sheet:
    """Returns the events of a plan, one line each; proposals with what became of them.

    Args:
        history: The events.
        metrics: Metric id -> what people call it.
    """
    lines = tuple(
        _event(number, event, history, metrics)
        for number, event in enumerate(history.events, start=1)
    )
    title = Words("目标调整记录", "Revisions")
    return Sheet(id="history", title=title, columns=_HISTORY, lines=lines)


def _change(change: Change, root: str, before: Rates, after: Rates) -> Line:
    place = (change.scope, change.metric.id, change.period)
    rated = change.measure == "target"
    difference = None
    if change.before is not None and change.after is not None:
        difference = round_units(change.after) - round_units(change.before)
    cells = (
        Cell(change.goal or root),
        Cell(change.metric.name),
        Cell(change.measure),
        Cell(change.period.label),
        Cell(change.before),
        Cell(change.after),
        Cell(difference, formula=None if difference is None else Less("after", "before")),
        Cell(before.get(place) if rated else None),
        Cell(after.get(place) if rated else None),
    )
    return Line(cells, decimals=change.metric.decimals, unit=scalable_unit(change.metric))


def _event(number: int, event: Event, history: History, metrics: Mapping[str, str]) -> Line:
    act, state = event.act, Words("", "")
    if isinstance(act, Proposal):
        name, subject = Words("提出调整", "revise"), _subject(act, metrics)
        state = _state(number, history)
    elif isinstance(act, Revert):
        name, state = Words("提出撤回", "revert"), _state(number, history)
        subject = Words(f"第 {act.revision} 号", f"number {act.revision}")
    elif isinstance(act, Lock):
        name = Words("锁定期间", "close") if act.closed else Words("重新打开", "reopen")
        subject = Words(act.period, act.period)
    else:
        name = Words("批准", "approve") if act.approved else Words("否决", "refuse")
        subject = Words(f"第 {act.revision} 号", f"number {act.revision}")
    moment = event.recorded_at.isoformat(sep=" ", timespec="seconds")
    texts = (str(number), moment, name, subject, state, event.by, event.reason)
    return Line(tuple(Cell(each) for each in texts))


def _state(number: int, history: History) -> Words:
    """What became of a proposal."""
    if number not in history.decisions():
        return Words("待批准", "proposed")
    if not history.is_approved(number):
        return Words("已否决", "refused")
    by = history.reverted().get(number)
    if by is None:
        return Words("已批准", "approved")
    return Words(f"已被第 {by} 号撤回", f"reverted by number {by}")


def _subject(act: Proposal, metrics: Mapping[str, str]) -> Words:
    goal = "/".join(act.goal.values())
    before = "-" if act.before is None else f"{act.before:,f}"
    change = f"{act.period} {before} → {act.to:,f}"
    rule = RULE_WORDS[act.rule]
    measure = _MEASURES[act.measure]
    metric = metrics.get(act.metric, act.metric)
    return Words(
        f"{goal or '总目标'} {metric} {measure.zh} {change}（{rule.zh}）",
        f"{goal or 'root'} {metric} {measure.en} {change} ({rule.en})",
    )
