"""What rows of causes and actions would change in the reviews of a plan, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count

import attrs

from salesgoal.app.review import goal_scope
from salesgoal.app.review_entry import (
    ActionRow,
    CauseRow,
    FieldChange,
    ReviewChange,
    Subject,
    Verb,
)
from salesgoal.domain.action import Action
from salesgoal.domain.cause import Explanation, find_cause
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.plan_check import nearest_facts
from salesgoal.domain.problem import Problem, Severity, problem
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import NOTHING, ReviewBook, book_reviews
from salesgoal.domain.scope import Codes, decode_scope
from salesgoal.errors import LabelRefused, UnknownName

__all__ = ["ReviewPlanner"]

_Row = CauseRow | ActionRow
_Said = Mapping[str, object]
"""Field -> what a cause or action says."""


@attrs.define
class ReviewPlanner:
    """Takes the rows one by one; each one sees what those before it would change."""

    plan: Plan
    numbers: set[int]
    reviews: list[Review] = attrs.field(factory=list)
    changes: list[ReviewChange] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    _book: ReviewBook = attrs.field(init=False)
    _given: dict[str | int, _Row] = attrs.field(factory=dict)
    _old: list[Problem] = attrs.field(init=False)
    _parsed: dict[str, Period] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Reads what the plan says before any row."""
        self._book, self._old = self._read()

    def add(self, row: _Row) -> None:
        """Adds what the row changes, or its problems."""
        blank = self._place(row)
        handle = row.key if isinstance(row, CauseRow) else row.number
        if blank is None or (handle is not None and self._is_twice(handle, row)):
            return
        if isinstance(row, CauseRow):
            self._add_cause(row, blank)
        else:
            self._add_action(row, blank)

    def _place(self, row: _Row) -> Review | None:
        """A remark on the row's goal, metric and period that says nothing yet."""
        try:
            scope = goal_scope(self.plan, row.goal)
            period = self.plan.parse(row.period)
        except UnknownName as error:
            self._unknown(row, "goal", row.goal, error.nearest)
            return None
        except LabelRefused as error:
            facts = {"value": row.period, "reason": str(error)}
            self.problems.append(problem("no-such-period", row.where, column="period", **facts))
            return None
        if period not in self.plan.periods:
            self._unknown(row, "period", row.period, ())
            return None
        known = {name: each.id for each in self.plan.metrics for name in (each.name, each.id)}
        return Review(
            scope=scope,
            period=period,
            metric=row.metric and known.get(row.metric, row.metric),
            author=row.author,
            where=row.where,
        )

    def _unknown(self, row: _Row, kind: str, name: str, nearest: Sequence[str]) -> None:
        facts = nearest_facts(kind, name, nearest)
        self.problems.append(
            problem("unknown-reference", row.where, column=kind, value=name, **facts)
        )

    def _is_twice(self, handle: str | int, row: _Row) -> bool:
        first = self._given.setdefault(handle, row)
        if first is row:
            return False
        column = "key" if isinstance(row, CauseRow) else "number"
        facts = {"value": handle, "other": first.where.text()}
        self.problems.append(problem("duplicate-name", row.where, column=column, **facts))
        return True

    def _add_cause(self, row: CauseRow, blank: Review) -> None:
        is_blank = {row.code, row.text} <= NOTHING and row.amount is None
        if is_blank and row.key is None:
            return
        said = attrs.evolve(
            blank,
            metric=blank.metric or self.plan.metrics[0].id,
            code=row.code,
            cause=row.text,
            kind=row.kind,
            amount=row.amount,
            note=row.note,
            corrects=row.key,
        )
        book = self._try(said)
        if book is None:
            return
        before = {each.key: each for each in self._book.explanations}
        if row.key is None:
            (now,) = (each for each in book.explanations if each.key not in before)
            same = [each for each in before.values() if self._is_called(each, now)]
            if any(self._said(each) == self._said(now) for each in same):
                return
            old = next((each for each in same if each.note == now.note), None)
            if old is not None and now.amount_units is None:
                return
            if old is not None:
                said = attrs.evolve(said, corrects=old.key)
                book = self._try(said) or book
        after = {each.key: each for each in book.explanations}
        key = said.corrects
        was, now_is = before.get(key or ""), after.get(key or "")
        if key is None:
            now_is = next(each for each in after.values() if each.key not in before)
        self._change(row, said, book, Subject.CAUSE, key, self._said(was), self._said(now_is))

    def _is_called(self, one: Explanation, other: Explanation) -> bool:
        """Whether two causes of the same goal, period and metric have one name."""
        mine, theirs = self._said(one), self._said(other)
        fields = ["goal", "metric", "period", "code"]
        return all(
            mine[each] == theirs[each]
            for each in (fields if mine["code"] else [*fields, "text"])
        )

    def _said(self, one: Explanation | None) -> _Said:
        if one is None:
            return {}
        cause, text = one.cause, one.text
        if cause is not None and text is not None and find_cause(text, [cause]):
            text = None
        units = one.amount_units
        amount = None if units is None else self._amount(units, one.metric)
        return {
            **self._where(one.codes, one.metric, one.period),
            "code": None if cause is None else cause.code,
            "text": text,
            "kind": one.kind,
            "amount": amount,
            "note": one.note,
        }

    def _add_action(self, row: ActionRow, blank: Review) -> None:
        text = None if row.text in NOTHING else row.text
        fields = (row.owner, row.due_on, row.state, row.recovery, row.outcome)
        if text is None and row.number is None and not any(each is not None for each in fields):
            return
        number, old = row.number, self._action(row.number)
        if number is None and text is not None:
            old = self._worded(text, blank)
            number = old.number if old else self._next_number()
        metric = blank.metric or (old.metric if old else self.plan.metrics[0].id)
        said = attrs.evolve(
            blank,
            metric=metric,
            number=number,
            owner=row.owner,
            due_on=row.due_on,
            state=row.state,
            recovery=row.recovery,
            outcome=row.outcome,
        )
        if old is None:
            said = attrs.evolve(said, action=text)
        elif text not in {None, old.what}:
            said = attrs.evolve(said, action=text, corrects=str(old.number))
        book = self._try(said)
        if book is None:
            return
        now = next(each for each in book.actions if each.number == number)
        before, after = self._done(old), self._done(now)
        if before != after:
            self._change(row, said, book, Subject.ACTION, str(number), before, after)

    def _action(self, number: int | None) -> Action | None:
        return next((each for each in self._book.actions if each.number == number), None)

    def _worded(self, text: str, blank: Review) -> Action | None:
        """The action of the same wording on the same goal, period and metric."""
        scope, metric = dict(blank.scope), blank.metric or self.plan.metrics[0].id
        for each in self._book.actions:
            place = (decode_scope(each.codes, self.plan.dimensions), each.period, each.metric)
            if each.what == text and place == (scope, blank.period, metric):
                return each
        return None

    def _next_number(self) -> int:
        last = max((each.number for each in self._book.actions), default=0)
        return next(each for each in count(last + 1) if each not in self.numbers)

    def _done(self, one: Action | None) -> _Said:
        if one is None:
            return {}
        units = one.recovery_units
        recovery = None if units is None else self._amount(units, one.metric)
        return {
            **self._where(one.codes, one.metric, one.period),
            "text": one.what,
            "owner": one.owner,
            "due_on": one.due_on,
            "state": one.state,
            "recovery": recovery,
            "outcome": one.outcome,
        }

    def _where(self, codes: Codes, metric: str, period: Period) -> _Said:
        goal = "/".join(decode_scope(codes, self.plan.dimensions).values())
        return {"goal": goal, "metric": metric, "period": period.label}

    def _amount(self, units: int, metric: str) -> Decimal:
        return to_amount(units, self.plan.metric(metric).decimals)

    def _change(
        self,
        row: _Row,
        said: Review,
        book: ReviewBook,
        subject: Subject,
        handle: str | None,
        before: _Said,
        after: _Said,
    ) -> None:
        """Keeps a change, unless both sides say the same."""
        if before == after:
            return
        verb = Verb.CHANGED if before and after else Verb.NEW if after else Verb.WITHDRAWN
        shown = after or before
        fields = (
            FieldChange(name, before.get(name), after.get(name))
            for name in shown
            if before.get(name) != after.get(name)
            and (verb is Verb.CHANGED or name not in {"goal", "metric", "period"})
        )
        self.changes.append(
            ReviewChange(
                subject=subject,
                verb=verb,
                goal=str(shown["goal"]),
                metric=str(shown["metric"]),
                period=str(shown["period"]),
                handle=handle,
                what=self._what(shown),
                fields=tuple(fields),
                where=row.where,
            )
        )
        self.reviews.append(said)
        self._book = book

    def _what(self, said: _Said) -> str:
        """The cause or action in one text: people's own words, else the cause's name."""
        code = said.get("code")
        names = {each.code: each.name for each in self.plan.reviews.causes}
        return str(said["text"] or names.get(str(code)))

    def _try(self, said: Review) -> ReviewBook | None:
        """What the plan would say with one more remark; None where the remark has faults."""
        book, problems = self._read(said)
        new = [each for each in problems if each not in self._old]
        self.problems += new
        return None if any(each.severity is Severity.ERROR for each in new) else book

    def _read(self, *more: Review) -> tuple[ReviewBook, list[Problem]]:
        return book_reviews(
            (*self.plan.reviews.given, *self.reviews, *more),
            self._resolve,
            own=self.plan.period,
            metrics=self.plan.metrics,
            dimensions=self.plan.dimensions,
            causes=self.plan.reviews.causes,
        )

    def _resolve(self, asked: Period | str) -> Period:
        if isinstance(asked, Period):
            return asked
        if asked not in self._parsed:
            self._parsed[asked] = self.plan.parse(asked)
        return self._parsed[asked]
