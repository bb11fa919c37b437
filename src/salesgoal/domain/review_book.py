"""From reviews to explanations and actions, with every fault found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count

import attrs

from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.cause import (
    DEFAULT_CAUSES,
    Cause,
    Explanation,
    find_cause,
    known_names,
)
from salesgoal.domain.dimension import Dimension, nearest_names
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan_check import unknown_metric
from salesgoal.domain.problem import Problem, problem
from salesgoal.domain.review import Review
from salesgoal.domain.scope import Codes, encode_scope
from salesgoal.errors import LabelRefused, NumberRefused, UnknownName

__all__ = ["ReviewBook", "book_reviews"]

NOTHING = frozenset({None, "", "-"})
"""What people write where there is nothing to say."""


@attrs.frozen(kw_only=True)
class ReviewBook:
    """What people said about the goals and periods of a plan.

    Attributes:
        given: Every review, in the order it came.
        said: Scope and period -> the reviews of it, in that order.
        explanations: The causes named, with their amounts.
        actions: By number.
        causes: The catalogue that the codes are of.
    """

    given: tuple[Review, ...] = ()
    said: Mapping[tuple[Codes, Period], tuple[Review, ...]] = attrs.field(
        factory=dict, hash=False
    )
    explanations: tuple[Explanation, ...] = ()
    actions: tuple[Action, ...] = ()
    causes: tuple[Cause, ...] = DEFAULT_CAUSES

    def moved(self, move: Callable[[Codes], Codes]) -> ReviewBook:
        """Returns what is said with every scope moved to another one."""
        said: dict[tuple[Codes, Period], tuple[Review, ...]] = {}
        for (codes, period), each in self.said.items():
            said[move(codes), period] = (*said.get((move(codes), period), ()), *each)
        return attrs.evolve(
            self,
            said=said,
            explanations=tuple(
                attrs.evolve(each, codes=move(each.codes)) for each in self.explanations
            ),
            actions=tuple(attrs.evolve(each, codes=move(each.codes)) for each in self.actions),
        )

    def of(self, codes: Codes, period: Period, metric: str) -> tuple[Review, ...]:
        """Returns what is said of a goal's period: of this metric, or of none in particular."""
        found = self.said.get((codes, period), ())
        return tuple(each for each in found if each.metric in {None, metric})


def book_reviews(
    reviews: Sequence[Review],
    resolve: Callable[[Period | str], Period],
    *,
    own: Period,
    metrics: Sequence[Metric],
    dimensions: Sequence[Dimension],
    causes: Sequence[Cause] = DEFAULT_CAUSES,
) -> tuple[ReviewBook, list[Problem]]:
    """Returns what the reviews come to, and every fault; faulty reviews are not in the book.

    Args:
        reviews: In the order of their rows: later ones carry on the actions of earlier ones.
        resolve: Gives the period of a label, or raises `LabelRefused`.
        own: The period of the plan.
        metrics: The leading one first.
        dimensions: Of the plan.
        causes: The catalogue.
    """
    book = _Book(resolve, own, metrics, dimensions, causes)
    for review in reviews:
        book.add(review)
    actions = tuple(book.actions())
    made = ReviewBook(
        given=tuple(reviews),
        said={place: tuple(each) for place, each in book.said.items()},
        explanations=tuple(book.explanations),
        actions=actions,
        causes=tuple(causes),
    )
    return made, book.problems


@attrs.frozen
class _Place:
    """What a review speaks of."""

    codes: Codes
    metric: Metric
    period: Period


@attrs.define
class _Book:
    resolve: Callable[[Period | str], Period]
    own: Period
    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    causes: Sequence[Cause]
    said: dict[tuple[Codes, Period], list[Review]] = attrs.field(factory=dict)
    explanations: list[Explanation] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    _begun: list[tuple[_Place, Review]] = attrs.field(factory=list)
    _carried: list[tuple[_Place, Review]] = attrs.field(factory=list)

    def add(self, review: Review) -> None:
        faults = len(self.problems)
        place = self._place(review)
        cause = self._cause(review)
        for amount in ("amount", "recovery"):
            self._check_amount(review, amount, place)
        self._check_action(review)
        if place is None or len(self.problems) > faults:
            return
        if not self.own.covers(place.period):
            label = place.period.label
            self._fault("review-outside-plan", review, "period", label, plan=self.own.label)
        metric = review.metric and place.metric.id
        kept = attrs.evolve(
            review, period=place.period, code=cause.code if cause else None, metric=metric
        )
        self.said.setdefault((place.codes, place.period), []).append(kept)
        if cause is not None or review.cause not in NOTHING:
            self.explanations.append(
                Explanation(
                    codes=place.codes,
                    metric=place.metric.id,
                    period=place.period,
                    cause=cause,
                    text=None if review.cause in NOTHING else review.cause,
                    amount_units=_units(review.amount, place.metric),
                    note=review.note,
                    author=review.author,
                    where=review.where,
                )
            )
        if review.action not in NOTHING:
            self._begun.append((place, review))
        elif review.number is not None:
            self._carried.append((place, review))

    def actions(self) -> Iterator[Action]:
        """The actions by number; those without one take the smallest numbers left."""
        found: dict[int, Action] = {}
        taken = {review.number for _, review in self._begun}
        free = (number for number in count(1) if number not in taken)
        for place, review in self._begun:
            number = next(free) if review.number is None else review.number
            if number in found:
                facts = dict.fromkeys(("other", "other_zh"), found[number].where)
                self._fault("duplicate-name", review, "number", number, **facts)
                continue
            found[number] = _begin(number, place, review)
        for place, review in self._carried:
            action = found.get(review.number or 0)
            if action is None or (action.codes, action.period) != (place.codes, place.period):
                known = ", ".join(map(str, sorted(found))) or "-"
                self._fault("unknown-action", review, "number", review.number, known=known)
                continue
            found[action.number] = _carry_on(action, place, review)
        yield from (found[number] for number in sorted(found))

    def _place(self, review: Review) -> _Place | None:
        metric = self._metric(review)
        try:
            period = self.resolve(review.period)
            codes = encode_scope(review.scope, self.dimensions, period.last)
        except (UnknownName, LabelRefused) as error:
            facts = {"reason": str(error), "reason_zh": error.message("zh")}
            self.problems.append(problem("bad-value", review.where, **facts))
            return None
        return None if metric is None else _Place(codes, metric, period)

    def _metric(self, review: Review) -> Metric | None:
        for metric in self.metrics:
            if review.metric in {None, metric.id, metric.name}:
                return metric
        names = [metric.name for metric in self.metrics]
        self.problems.append(unknown_metric(review.metric or "", names, review.where, "metric"))
        return None

    def _cause(self, review: Review) -> Cause | None:
        """The cause of the code; a text that is just the name of a cause means it too."""
        if review.code in NOTHING:
            return find_cause(review.cause or "", self.causes)
        assert review.code is not None
        cause = find_cause(review.code, self.causes)
        if cause is None:
            names = "、".join(nearest_names(review.code, known_names(self.causes)))
            codes = ", ".join(each.code for each in self.causes)
            self._fault(
                "unknown-cause",
                review,
                "code",
                review.code,
                nearest_zh=f"；是否为 {names}" if names else f"；可用的代码：{codes}",
                nearest_en=f"; did you mean {names}" if names else f"; the codes are {codes}",
            )
        return cause

    def _check_amount(self, review: Review, name: str, place: _Place | None) -> None:
        amount: Decimal | int | None = getattr(review, name)
        if amount is None or place is None:
            return
        try:
            to_units(amount, place.metric.decimals)
        except NumberRefused as error:
            facts = {
                "found": error.decimals,
                "decimals": place.metric.decimals,
                "metric": place.metric.name,
            }
            self._fault(error.code, review, name, amount, **facts)
        if name == "amount" and review.code in NOTHING and review.cause in NOTHING:
            self._fault("blank-required", review, "code")

    def _check_action(self, review: Review) -> None:
        spoken = (review.owner, review.state, review.recovery, review.outcome)
        if (
            review.action in NOTHING
            and review.number is None
            and any(each is not None for each in spoken)
        ):
            self._fault("blank-required", review, "action")

    def _fault(
        self, code: str, review: Review, column: str, value: object = None, **facts: object
    ) -> None:
        self.problems.append(problem(code, review.where, column=column, value=value, **facts))


def _units(amount: Decimal | int | None, metric: Metric) -> int | None:
    return None if amount is None else to_units(amount, metric.decimals)


def _begin(number: int, place: _Place, review: Review) -> Action:
    assert review.action is not None
    return Action(
        number=number,
        codes=place.codes,
        metric=place.metric.id,
        period=place.period,
        what=review.action,
        owner=review.owner,
        due_on=review.due_on,
        state=review.state or ActionState.OPEN,
        recovery_units=_units(review.recovery, place.metric),
        outcome=review.outcome,
        author=review.author,
        where=review.where,
    )


def _carry_on(action: Action, place: _Place, review: Review) -> Action:
    """What a later remark says wins; what it leaves out stays."""
    recovery = _units(review.recovery, place.metric)
    return attrs.evolve(
        action,
        owner=review.owner or action.owner,
        due_on=review.due_on or action.due_on,
        state=review.state or action.state,
        recovery_units=action.recovery_units if recovery is None else recovery,
        outcome=review.outcome or action.outcome,
    )
