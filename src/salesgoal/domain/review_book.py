"""From reviews to explanations and actions, with every fault found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

import attrs

from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.cause import (
    DEFAULT_CAUSES,
    Cause,
    CauseKind,
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
from salesgoal.domain.role import Role
from salesgoal.domain.scope import Codes, decode_scope, encode_scope
from salesgoal.errors import LabelRefused, NumberRefused, UnknownName

__all__ = ["NOTHING", "ReviewBook", "book_reviews"]

NOTHING = frozenset({None, "", "-"})
"""What people write where there is nothing to say."""


@attrs.frozen(kw_only=True)
class ReviewBook:
    """What people said about the goals and periods of a plan.

    Attributes:
        given: Every review, in the order it came.
        said: Scope and period -> the reviews of it, in that order, as they stand after every
            correction: an action's remark says how it goes now.
        explanations: The causes named, with their amounts.
        actions: By number.
        keys: The key of every cause that was named, also of those that were withdrawn.
        causes: The catalogue that the codes are of.
    """

    given: tuple[Review, ...] = ()
    said: Mapping[tuple[Codes, Period], tuple[Review, ...]] = attrs.field(
        factory=dict, hash=False
    )
    explanations: tuple[Explanation, ...] = ()
    actions: tuple[Action, ...] = ()
    keys: frozenset[str] = frozenset()
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
    book.correct()
    actions = tuple(book.actions())
    made = ReviewBook(
        given=tuple(reviews),
        said={place: tuple(each) for place, each in book.said.items()},
        explanations=tuple(book.explanations.values()),
        actions=actions,
        keys=frozenset(book.named),
        causes=tuple(causes),
    )
    return made, book.problems


@attrs.frozen
class _Place:
    """What a review speaks of."""

    codes: Codes
    metric: Metric
    period: Period


@attrs.frozen
class _Kept:
    """A review without fault: what it speaks of, its cause, and where it stands in ``said``."""

    place: _Place
    review: Review
    cause: Cause | None
    at: int

    @property
    def names_cause(self) -> bool:
        return self.cause is not None or self.review.cause not in NOTHING


@attrs.define
class _Book:
    resolve: Callable[[Period | str], Period]
    own: Period
    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    causes: Sequence[Cause]
    said: dict[tuple[Codes, Period], list[Review]] = attrs.field(factory=dict)
    explanations: dict[str, Explanation] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    named: dict[str, _Kept] = attrs.field(factory=dict)
    _begun: list[_Kept] = attrs.field(factory=list)
    _carried: list[_Kept] = attrs.field(factory=list)
    _corrections: list[_Kept] = attrs.field(factory=list)

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
        said = self.said.setdefault((place.codes, place.period), [])
        one = _Kept(place, kept, cause, len(said))
        said.append(kept)
        if review.corrects is not None and not _rewords(review):
            self._corrections.append(one)
        elif one.names_cause:
            key = self._free_key(one)
            self.explanations[key] = _explain(one, key)
            self.named[key] = one
        if review.action not in NOTHING and not _rewords(review):
            self._begun.append(one)
        elif review.number is not None or _rewords(review):
            self._carried.append(one)

    def correct(self) -> None:
        """Puts every correction of a cause in the place of what it corrects."""
        for one in self._corrections:
            key = one.review.corrects or ""
            if key not in self.named:
                known = ", ".join(self.explanations) or "-"
                self._fault("unknown-remark", one.review, "corrects", key, known=known)
                self._say(one, cause=None, code=None, amount=None, note=None)
                continue
            self._say(self.named[key], cause=None, code=None, amount=None, note=None)
            self.named[key] = one
            if one.names_cause:
                self.explanations[key] = _explain(one, key)
            else:
                self.explanations.pop(key, None)

    def actions(self) -> Iterator[Action]:
        """The actions by number; those without one take the smallest numbers left."""
        found: dict[int, Action] = {}
        begun: dict[int, _Kept] = {}
        taken = {one.review.number for one in self._begun}
        free = (number for number in count(1) if number not in taken)
        for one in self._begun:
            number = next(free) if one.review.number is None else one.review.number
            if number in found:
                facts = {
                    "other": found[number].where.text(),
                    "other_zh": found[number].where.text("zh"),
                }
                self._fault("duplicate-name", one.review, "number", number, **facts)
                continue
            found[number], begun[number] = _begin(number, one.place, one.review), one
        for one in self._carried:
            asked = _number(one.review)
            action = found.get(asked or 0)
            self._say(one, action=None, due_on=None)
            if action is None or not _speaks_of(one, action):
                known = ", ".join(map(str, sorted(found))) or "-"
                self._fault("unknown-action", one.review, "number", asked, known=known)
                continue
            (metric,) = (each for each in self.metrics if each.id == action.metric)
            found[action.number] = _carry_on(action, metric, one.review)
        for number, action in found.items():
            self._say(begun[number], action=action.what, due_on=action.due_on)
        yield from (found[number] for number in sorted(found))

    def _say(self, one: _Kept, **now: Any) -> None:  # noqa: ANN401 - as attrs.evolve
        """Changes what the list of remarks says in the place of one of them."""
        said = self.said[one.place.codes, one.place.period]
        said[one.at] = attrs.evolve(said[one.at], **now)

    def _free_key(self, one: _Kept) -> str:
        """The key of a cause: what it says at first, numbered among equals."""
        place, review = one.place, one.review
        scope = decode_scope(place.codes, self.dimensions)
        texts = [f"{name}={scope[name]}" for name in scope]
        texts += [place.metric.id, place.period.label, one.cause.code if one.cause else ""]
        texts += [review.cause or "", review.note or ""]
        texts.append(str(_units(review.amount, place.metric)))
        keys = (_key("\x1f".join([*texts, str(ordinal)])) for ordinal in count())
        return next(key for key in keys if key not in self.named)

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
        fault = unknown_metric(review.metric or "", names, review.where, Role.METRIC)
        self.problems.append(fault)
        return None

    def _cause(self, review: Review) -> Cause | None:
        """The cause of the code; a text that is just the name of a cause means it too."""
        if review.code in NOTHING:
            cause = find_cause(review.cause or "", self.causes)
            self._check_kind(review, cause)
            return cause
        assert review.code is not None
        cause = find_cause(review.code, self.causes)
        self._check_kind(review, cause)
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

    def _check_kind(self, review: Review, cause: Cause | None) -> None:
        if cause is None or review.kind in {None, cause.kind}:
            return
        kind_zh = "主观原因" if cause.kind is CauseKind.SUBJECTIVE else "客观原因"
        facts = {"cause": cause.name, "kind": cause.kind, "kind_zh": kind_zh}
        self._fault("kind-differs", review, "kind", review.kind, **facts)

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
        fault = problem(code, review.where, column=Role(column), value=value, **facts)
        self.problems.append(fault)


def _units(amount: Decimal | int | None, metric: Metric) -> int | None:
    return None if amount is None else to_units(amount, metric.decimals)


def _rewords(review: Review) -> bool:
    """Whether a remark corrects an action, not a cause."""
    corrects = review.corrects or ""
    return corrects.isascii() and corrects.isdigit()


def _number(review: Review) -> int | None:
    """The action that a later remark speaks of."""
    return int(review.corrects or "") if _rewords(review) else review.number


def _key(text: str) -> str:
    return f"c{sha256(text.encode()).hexdigest()[:8]}"


def _explain(one: _Kept, key: str) -> Explanation:
    place, review = one.place, one.review
    return Explanation(
        codes=place.codes,
        metric=place.metric.id,
        period=place.period,
        cause=one.cause,
        text=None if review.cause in NOTHING else review.cause,
        stated=review.kind,
        amount_units=_units(review.amount, place.metric),
        note=review.note,
        author=review.author,
        where=review.where,
        key=key,
    )


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


def _speaks_of(one: _Kept, action: Action) -> bool:
    """Whether a later remark is on the action's goal and period, and on no other metric."""
    place = one.place
    metric = one.review.metric or action.metric
    return (action.codes, action.period, action.metric) == (place.codes, place.period, metric)


def _carry_on(action: Action, metric: Metric, review: Review) -> Action:
    """What a later remark says wins; what it leaves out stays."""
    recovery = _units(review.recovery, metric)
    return attrs.evolve(
        action,
        what=review.action if review.action and _rewords(review) else action.what,
        owner=review.owner or action.owner,
        due_on=review.due_on or action.due_on,
        state=review.state or action.state,
        recovery_units=action.recovery_units if recovery is None else recovery,
        outcome=review.outcome or action.outcome,
    )
