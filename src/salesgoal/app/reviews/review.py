"""Entering reviews one by one: a cause, an action, or what became of it."""

from __future__ import annotations

from pathlib import Path

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.reviews.table import append_reviews, writing_alone
from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import book_reviews
from salesgoal.domain.scope import Scope, decode_scope
from salesgoal.errors import PlanRefused, UnknownName

__all__ = ["Entered", "add_review", "carry_on", "correct_cause", "goal_scope"]


@attrs.frozen(kw_only=True)
class Entered:
    """What was written: the file, whether the plan file names it only now, and the action."""

    path: Path
    is_new: bool
    action: Action | None


def goal_scope(plan: Plan, goal: str) -> Scope:
    """Returns the members of the goal with that path, in whichever breakdown has it.

    Raises:
        UnknownName: No breakdown has it.
    """
    for tree in plan.trees:
        if goal in tree.by_path:
            return decode_scope(tree.scope[tree.by_path[goal]], plan.dimensions)
    near = [path for tree in plan.trees for path in tree.nearest(goal)]
    raise UnknownName("goal", goal, near[:3])


def carry_on(
    plan: Plan,
    number: int,
    *,
    state: ActionState,
    outcome: str | None = None,
    author: str | None = None,
) -> Review:
    """Returns the remark that an action is in another state.

    Raises:
        UnknownName: The plan has no action of that number.
    """
    for action in plan.reviews.actions:
        if action.number == number:
            return Review(
                scope=decode_scope(action.codes, plan.dimensions),
                period=action.period,
                metric=action.metric,
                number=number,
                state=state,
                outcome=outcome,
                author=author,
            )
    known = [str(each.number) for each in plan.reviews.actions]
    raise UnknownName("action", str(number), known)


def correct_cause(plan: Plan, key: str, said: Review | None = None) -> Review:
    """Returns the remark that a cause is otherwise; what ``said`` leaves out stays.

    Args:
        plan: Whose reviews have it.
        key: 原因标识 of the cause.
        said: What is new about it; None withdraws it.

    Raises:
        UnknownName: The plan has no cause of that key.
    """
    for each in plan.reviews.explanations:
        if each.key == key:
            break
    else:
        raise UnknownName("cause", key, [one.key for one in plan.reviews.explanations])
    blank = Review(
        scope=decode_scope(each.codes, plan.dimensions),
        period=each.period,
        metric=each.metric,
        corrects=key,
    )
    if said is None:
        return blank
    named = said.code is not None or said.cause is not None
    units, decimals = each.amount_units, plan.metric(each.metric).decimals
    amount = None if units is None else to_amount(units, decimals)
    code = said.code if named or each.cause is None else each.cause.code
    return attrs.evolve(
        blank,
        code=code,
        cause=said.cause if named else each.text,
        kind=None if named else each.stated,
        amount=amount if said.amount is None else said.amount,
        note=each.note if said.note is None else said.note,
        author=said.author,
    )


def add_review(loaded: LoadedPlan, review: Review) -> Entered:
    """Adds a remark to the plan's own table of reviews; a new action gets its number.

    Raises:
        PlanRefused: The remark names what the plan lacks, or has an amount that it cannot hold;
            nothing is written.
        UnknownName: The plan does not show its period.
        OutputError: The table or the plan file cannot be written, or is being written.
    """
    plan = loaded.plan
    period = plan.parse(review.period) if isinstance(review.period, str) else review.period
    if period not in plan.periods:
        raise UnknownName("period of this plan", period.label, [p.label for p in plan.periods])
    if review.action is not None and review.number is None:
        number = max((each.number for each in plan.reviews.actions), default=0) + 1
        review = attrs.evolve(review, number=number)
    review = attrs.evolve(review, period=period, where=Place("review"))
    action = _checked(plan, review)
    with writing_alone(loaded.path):
        path, is_new = append_reviews(loaded, [review])
    return Entered(path=path, is_new=is_new, action=action)


def _checked(plan: Plan, review: Review) -> Action | None:
    """The action that the remark begins or carries on, once it is without fault."""

    def resolve(asked: Period | str) -> Period:
        return plan.parse(asked) if isinstance(asked, str) else asked

    book, problems = book_reviews(
        (*plan.reviews.given, review),
        resolve,
        own=plan.period,
        metrics=plan.metrics,
        dimensions=plan.dimensions,
        causes=plan.reviews.causes,
    )
    own = [each for each in problems if each.where == review.where]
    if own:
        raise PlanRefused(own)
    numbered = {each.number: each for each in book.actions}
    return numbered.get(review.number or 0)
