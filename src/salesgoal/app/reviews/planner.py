"""What rows of causes and actions would change in the reviews of a plan, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count

import attrs

from salesgoal.app.reviews.entry import (
    ActionRow,
    CauseRow,
    FieldChange,
    ReviewChange,
    Subject,
    Verb,
)
from salesgoal.app.reviews.review import goal_scope
from salesgoal.domain.action import Action
from salesgoal.domain.cause import Explanation, find_cause
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.plan_check import nearest_facts
from salesgoal.domain.problem import Problem, Severity, problem
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import NOTHING, ReviewBook, book_reviews
from salesgoal.domain.role import Role
from salesgoal.domain.scope import Codes, decode_scope, encode_scope
from salesgoal.errors import LabelRefused, UnknownName

__all__ = ["ReviewPlanner"]

_Row = CauseRow | ActionRow
_Said = Mapping[str, object]
"""Field -> what a cause or action says."""

_Name = tuple[object, ...]
"""What a cause or action is known by where a row gives no key or number."""


@attrs.define
class ReviewPlanner:
    """Takes the rows one by one; each one sees what those before it would change.

    Cost: linear in the reviews and rows.
    """

    plan: Plan
    numbers: set[int]
    reviews: list[Review] = attrs.field(factory=list)
    changes: list[ReviewChange] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    _causes: dict[str, Explanation] = attrs.field(init=False)
    _contents: Counter[_Name] = attrs.field(factory=Counter)
    _noted: dict[_Name, list[Explanation]] = attrs.field(factory=dict)
    _actions: dict[int, Action] = attrs.field(init=False)
    _worded: dict[_Name, Action] = attrs.field(factory=dict)
    _given: dict[object, _Row] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Indexes what the plan says before any row."""
        book = self.plan.reviews
        self._causes = {each.key: each for each in book.explanations}
        for each in book.explanations:
            self._keep(each)
        self._actions = {each.number: each for each in book.actions}
        for action in reversed(book.actions):
            self._worded[_wording(action)] = action

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
            self._unknown(row, Role.GOAL, row.goal, error.nearest)
            return None
        except LabelRefused as error:
            facts = {"value": row.period, "reason": error.reason, "reason_zh": error.reason_zh}
            self.problems.append(
                problem("no-such-period", row.where, column=Role.PERIOD, **facts)
            )
            return None
        if period not in self.plan.periods:
            self._unknown(row, Role.PERIOD, row.period, ())
            return None
        known = {name: each.id for each in self.plan.metrics for name in (each.name, each.id)}
        return Review(
            scope=scope,
            period=period,
            metric=row.metric and known.get(row.metric, row.metric),
            author=row.author,
            where=row.where,
        )

    def _unknown(self, row: _Row, kind: Role, name: str, nearest: Sequence[str]) -> None:
        facts = nearest_facts(kind, name, nearest)
        self.problems.append(
            problem("unknown-reference", row.where, column=kind, value=name, **facts)
        )

    def _is_twice(self, handle: object, row: _Row) -> bool:
        """Whether an earlier row has the key or number, or is on the same cause."""
        first = self._given.setdefault(handle, row)
        if first is row:
            return False
        name = row.key if isinstance(row, CauseRow) else row.number
        column = Role.KEY if isinstance(row, CauseRow) else Role.NUMBER
        facts = {"value": name, "other": first.where, "other_zh": first.where}
        self.problems.append(problem("duplicate-name", row.where, column=column, **facts))
        return True

    def _add_cause(self, row: CauseRow, blank: Review) -> None:
        is_blank = {row.code, row.text} <= NOTHING and row.amount is None
        if is_blank and row.key is None:
            return
        if row.key is not None and row.key not in self.plan.reviews.keys:
            known = ", ".join(self._causes) or "-"
            facts = {"value": row.key, "known": known}
            self.problems.append(problem("unknown-remark", row.where, column=Role.KEY, **facts))
            return
        said = attrs.evolve(
            blank,
            metric=blank.metric or self.plan.metrics[0].id,
            code=row.code,
            cause=row.text,
            kind=row.kind,
            amount=row.amount,
            note=row.note,
        )
        book = self._try(said)
        if book is None:
            return
        now = next(iter(book.explanations), None)
        old = self._causes.get(row.key or "")
        if now is not None and row.key is None:
            if self._contents[self._content(now)]:
                return
            old = next(iter(self._noted.get(self._name(now), ())), None)
            no_news = old is not None and now.amount_units is None
            if no_news or self._is_twice(self._name(now), row):
                return
        key = row.key or (old.key if old else None)
        before, after = self._said(old), self._said(now)
        if before != after:
            self.reviews.append(attrs.evolve(said, corrects=key))
            self._change(row, Subject.CAUSE, key, before, after)
            self._replace(old, now, key or "")
        if now is not None:
            self._given.setdefault(self._name(now), row)

    def _replace(self, old: Explanation | None, now: Explanation | None, key: str) -> None:
        if old is not None:
            del self._causes[key]
            self._contents[self._content(old)] -= 1
            self._noted[self._name(old)].remove(old)
        if now is not None:
            now = attrs.evolve(now, key=key)
            self._keep(now)
            if key:
                self._causes[key] = now

    def _keep(self, one: Explanation) -> None:
        self._contents[self._content(one)] += 1
        self._noted.setdefault(self._name(one), []).append(one)

    def _content(self, one: Explanation) -> _Name:
        """All that a cause says, but not who says it."""
        return tuple(self._said(one).values())

    def _name(self, one: Explanation) -> _Name:
        """What a cause is known by without a key: its place, its code or text, its note."""
        said = self._said(one)
        own = None if one.cause else said["text"]
        return (one.codes, one.metric, one.period, said["code"], own, one.note)

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
        if text is None and row.number is None and not any(fields):
            return
        number, old = row.number, self._actions.get(row.number or 0)
        if number is None and text is not None:
            metric = blank.metric or self.plan.metrics[0].id
            codes = encode_scope(blank.scope, self.plan.dimensions)
            old = self._worded.get((codes, metric, blank.period, text))
            number = old.number if old else self._next_number()
        elif number is not None and old is None and text is None:
            known = ", ".join(map(str, self._actions)) or "-"
            facts = {"value": number, "known": known}
            self.problems.append(
                problem("unknown-action", row.where, column=Role.NUMBER, **facts)
            )
            return
        said = attrs.evolve(
            blank,
            metric=blank.metric or (old.metric if old else self.plan.metrics[0].id),
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
        book = self._try(*((self._begun(old),) if old else ()), said)
        if book is None:
            return
        now = book.actions[0]
        before, after = self._done(old), self._done(now)
        if before == after:
            return
        self.reviews.append(said)
        self._change(row, Subject.ACTION, str(number), before, after)
        self._actions[now.number] = now
        self._worded.setdefault(_wording(now), now)
        if old is not None and self._worded.get(_wording(old)) == old:
            self._worded[_wording(old)] = now

    def _begun(self, one: Action) -> Review:
        """A remark that begins an action as it goes now."""
        units = one.recovery_units
        return Review(
            scope=decode_scope(one.codes, self.plan.dimensions),
            period=one.period,
            metric=one.metric,
            number=one.number,
            action=one.what,
            owner=one.owner,
            due_on=one.due_on,
            state=one.state,
            recovery=None if units is None else self._amount(units, one.metric),
            outcome=one.outcome,
            author=one.author,
            where=one.where,
        )

    def _next_number(self) -> int:
        last = max(self._actions, default=0)
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
        self, row: _Row, subject: Subject, handle: str | None, before: _Said, after: _Said
    ) -> None:
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
                metric=self.plan.metric(str(shown["metric"])),
                period=str(shown["period"]),
                handle=handle,
                what=self._what(shown),
                fields=tuple(fields),
                where=row.where,
            )
        )

    def _what(self, said: _Said) -> str:
        """The cause or action in one text: people's own words, else the cause's name."""
        names = {each.code: each.name for each in self.plan.reviews.causes}
        return str(said["text"] or names.get(str(said.get("code"))))

    def _try(self, *said: Review) -> ReviewBook | None:
        """What the last remark makes of the one before it; None where it has faults."""
        book, problems = book_reviews(
            said,
            _as_given,
            own=self.plan.period,
            metrics=self.plan.metrics,
            dimensions=self.plan.dimensions,
            causes=self.plan.reviews.causes,
        )
        own = [each for each in problems if each.where == said[-1].where]
        self.problems += own
        return None if any(each.severity is Severity.ERROR for each in own) else book


def _wording(one: Action) -> _Name:
    return (one.codes, one.metric, one.period, one.what)


def _as_given(period: Period | str) -> Period:
    """The period of a remark whose label has been read."""
    assert isinstance(period, Period)
    return period
