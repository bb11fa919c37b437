"""综合得分排名: goals by their composite score."""

from __future__ import annotations

from collections.abc import Sequence

from salesgoal.domain.composite import Composite, MissingRule, ScoreRule
from salesgoal.domain.number import percent
from salesgoal.domain.plan import Plan
from salesgoal.sheets.sheet import Cell, Column, Kind, Line, Sheet, Words
from salesgoal.sheets.words import named

__all__ = ["composite_sheet"]

_MISSING = {
    MissingRule.REFUSE: Words("缺指标者不计分", "no score where a metric is missing"),
    MissingRule.ZERO: Words("缺指标按 0 计", "a missing metric counts 0"),
    MissingRule.REWEIGH: Words("缺指标时其余权重放大", "the other weights are scaled up"),
}


def composite_sheet(
    plan: Plan, rule: ScoreRule, ranked: Sequence[tuple[int | None, Composite]]
) -> Sheet:
    """Returns one line a goal, the best first; goals without a score have no rank.

    Args:
        plan: Whose goals they are.
        rule: The weights, shown in the notes.
        ranked: From `rank_scores`.
    """
    metrics = [plan.metric(each.metric) for each in rule.weights]
    columns = (
        Column(key="rank", title=Words("名次", "Rank"), kind=Kind.AMOUNT, decimals=0),
        Column(key="goal", title=Words("目标", "Goal")),
        Column(key="owner", title=Words("责任人", "Owner")),
        *(
            Column(
                key=f"{each.id}_pct",
                title=Words(
                    f"{each.name}计分达成率(%)", f"{named('', each.id).en} counted (%)"
                ),
                kind=Kind.PERCENT,
            )
            for each in metrics
        ),
        Column(key="score_pct", title=Words("综合得分", "Score"), kind=Kind.PERCENT),
        Column(key="missing", title=Words("缺少的指标", "Missing")),
    )
    weights = "、".join(
        f"{metric.name} {percent(each.share):f}%"
        for metric, each in zip(metrics, rule.weights, strict=True)
    )
    missing = _MISSING[rule.missing]
    note = Words(f"权重：{weights}；{missing.zh}", f"weights: {weights}; {missing.en}")
    return Sheet(
        id="ranking",
        title=Words("综合得分排名", "Ranking"),
        columns=columns,
        lines=tuple(_line(rank, each, plan) for rank, each in ranked),
        notes=(note,),
    )


def _line(rank: int | None, one: Composite, plan: Plan) -> Line:
    missing = "、".join(metric.name for metric in one.missing) or None
    return Line(
        (
            Cell(rank),
            Cell(one.goal or plan.name),
            Cell(one.owner),
            *(Cell(part.counted) for part in one.parts),
            Cell(one.score),
            Cell(missing),
        )
    )
