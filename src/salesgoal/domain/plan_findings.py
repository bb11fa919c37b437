"""Findings: what people should look at in a plan that can be used as it is.

Amounts that do not tie, floors above targets, people who were left out, goals that nobody owns
or that are due at the wrong time. A target of zero is a target, and never a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salesgoal.domain.cover_findings import find_uncovered
from salesgoal.domain.order_findings import find_disorder
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.domain.scope import Codes
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.target import unique_scopes
from salesgoal.domain.tie_findings import find_untied, path_of

__all__ = ["find_plan_problems"]


def find_plan_problems(cards: Sequence[Scorecard], source: str) -> list[Problem]:
    """Returns the findings of a plan, each once: none where everything ties.

    All of them are warnings. Linear in goals x periods.

    Args:
        cards: One per breakdown of the plan; their actuals do not matter.
        source: What the plan is called in the address of a finding.

    >>> from datetime import date
    >>> from salesgoal import Dimension, Metric, Target, hold_against, make_plan
    >>> region = Dimension("region", ["华东", "华南"], name="区域")
    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", name="销售额")], dimensions=[region],
    ...     targets=[
    ...         Target(metric="sales", period="2023-10", target=100),
    ...         Target(scope={"region": "华东"}, metric="sales", period="2023-10", target=120),
    ...     ])
    >>> cards = hold_against(plan, [], as_of=date(2023, 10, 31))
    >>> for each in find_plan_problems(cards, "plan.toml"):
    ...     print(each.code, each.message("zh"))
    target-mismatch 上级目标 100 与下级合计 120 相差 -20（超额分配 20.00 %）
    member-without-goal 区域 的 华南 没有任何目标，而同级成员有
    no-owner 没有一个目标写明责任人
    no-due-date 没有一个目标写明完成时限
    """
    plan = cards[0].plan
    place = Place(source)
    if not any(plan.targets.typed.values()):
        return [problem("no-target", place), *_due_outside(plan, source)]
    found = [*find_untied(cards, source)]
    for card in cards:
        found += find_disorder(card, source)
        found += find_uncovered(card, source)
    typed = (each for metric in plan.metrics for each in plan.targets.of(metric.id).values())
    owned = {each: plan.ownership.of(each, plan.period) for each in unique_scopes(typed)}
    silent = [scope for scope, each in owned.items() if not each.owner]
    found += _unsaid(plan, source, silent, len(owned), ("no-owner", "goal-without-owner"))
    silent = [scope for scope, each in owned.items() if not each.due_on]
    found += _unsaid(plan, source, silent, len(owned), ("no-due-date", "goal-without-due-date"))
    found += _due_outside(plan, source)
    # Breakdowns share goals, so a finding about one of these comes once from each.
    return list(dict.fromkeys(found))


def _unsaid(
    plan: Plan,
    source: str,
    silent: Sequence[Codes],
    count: int,
    codes: tuple[str, str],
) -> Iterator[Problem]:
    """Goals with a typed target that leave something out; once for the plan where all do."""
    whole, single = codes
    if silent and len(silent) == count:
        yield problem(whole, Place(source))
        return
    for each in silent:
        yield problem(single, Place(source, key=path_of(plan, each)))


def _due_outside(plan: Plan, source: str) -> Iterator[Problem]:
    """Goals and actions that are due before the plan begins or after it ends."""
    due: list[tuple[date | None, Place | Codes]] = [
        (ownership.due_on, scope)
        for scope, typed in plan.ownership.rows.items()
        for ownership in typed.values()
    ]
    due += [(review.due_on, review.where) for review in plan.reviews.given]
    own = plan.period
    for day, where in due:
        if day is None or day in own:
            continue
        early = day < own.start
        yield problem(
            "due-outside-plan",
            where if isinstance(where, Place) else Place(source, key=path_of(plan, where)),
            column=Role.DUE_ON,
            value=day,
            side_zh="早于" if early else "晚于",
            side_en="before" if early else "after",
            plan=own.label,
            start=own.start,
            last=own.last,
        )
