"""The columns of a form for causes and actions: one of each for a goal and period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.cause import Explanation
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.sheets.entry_rule import EntryKind, EntryRule
from salesgoal.sheets.form import AMOUNT_ENTRY, DATE_ENTRY, TEXT_ENTRY
from salesgoal.sheets.said import cause_words
from salesgoal.sheets.sheet import Kind, Value, Words
from salesgoal.sheets.table_parts import Said

__all__ = ["STATE_WORDS", "remark_parts"]

STATE_WORDS = {
    ActionState.OPEN: Words("未开始", "open"),
    ActionState.DOING: Words("进行中", "doing"),
    ActionState.DONE: Words("已完成", "done"),
    ActionState.DROPPED: Words("已取消", "dropped"),
}
_STATE_ENTRY = EntryRule(
    kind=EntryKind.CHOICE,
    choices=tuple(STATE_WORDS.values()),
    refusal=Words("请从列表中选择状态", "Choose a state of the list."),
)


def remark_parts(card: Scorecard, metric: Metric, period: Period) -> tuple[Said, ...]:
    """Returns the columns: the main cause with its amount and note, and one action.

    Shown are the cause of the largest amount and the first action that is still open, else the
    last one. Two hidden columns hold the key of that cause and the number of that action.
    """
    found = _Remarks(card, metric, period)
    return (*_cause_parts(card, found), *_action_parts(found))


def _cause_parts(card: Scorecard, found: _Remarks) -> Iterator[Said]:
    causes = card.plan.reviews.causes
    entry = EntryRule(
        kind=EntryKind.CHOICE,
        choices=tuple(Words(each.name, each.name_en) for each in causes),
        prompt=Words(
            "从列表选择，或用自己的话写", "Choose a cause of the list, or use your own words."
        ),
        refusal=Words(
            "不在原因目录中，仍要使用吗？", "The list has no such cause. Use it all the same?"
        ),
        is_strict=False,
    )

    def said(show: Callable[[Explanation], Value]) -> Callable[[ScoreRow], Value]:
        return lambda row: None if (one := found.cause(row)) is None else show(one)

    words = said(lambda one: cause_words(one.cause, one.text))
    yield Said("cause", Words("主要偏差原因", "Main cause"), words, entry=entry)
    amount = Words("归因金额", "Amount of the cause")
    units = said(lambda one: one.amount_units)
    yield Said("cause_amount", amount, units, Kind.AMOUNT, AMOUNT_ENTRY)
    note = said(lambda one: one.note)
    yield Said("note", Words("原因说明", "Note"), note, entry=TEXT_ENTRY)
    key = said(lambda one: one.key)
    yield Said("cause_key", Words("原因标识", "Cause key"), key, is_hidden=True)


def _action_parts(found: _Remarks) -> Iterator[Said]:
    def said(show: Callable[[Action], Value]) -> Callable[[ScoreRow], Value]:
        return lambda row: None if (one := found.action(row)) is None else show(one)

    what = said(lambda one: one.what)
    yield Said("action", Words("改进措施", "Action"), what, entry=TEXT_ENTRY)
    owner = said(lambda one: one.owner)
    yield Said("action_owner", Words("措施责任人", "Action owner"), owner, entry=TEXT_ENTRY)
    due_on = said(lambda one: one.due_on)
    yield Said("due_on", Words("完成时限", "Due"), due_on, Kind.DATE, DATE_ENTRY)
    state = said(lambda one: STATE_WORDS[one.state])
    yield Said("state", Words("措施状态", "State"), state, entry=_STATE_ENTRY)
    number = said(lambda one: str(one.number))
    yield Said("action_number", Words("措施编号", "Action number"), number, is_hidden=True)


class _Remarks:
    """The cause and the action that a form shows of each goal."""

    def __init__(self, card: Scorecard, metric: Metric, period: Period) -> None:
        self._card = card
        book = card.plan.reviews
        asked = (metric.id, period)
        self._causes = [
            each for each in book.explanations if (each.metric, each.period) == asked
        ]
        self._actions = [each for each in book.actions if (each.metric, each.period) == asked]
        self._decimals = metric.decimals

    def cause(self, row: ScoreRow) -> Explanation | None:
        codes = self._card.tree.scope[self._card.tree.node(row.goal)]
        own = [each for each in self._causes if each.codes == codes]
        return max(own, key=self._size, default=None)

    def action(self, row: ScoreRow) -> Action | None:
        codes = self._card.tree.scope[self._card.tree.node(row.goal)]
        own: Sequence[Action] = [each for each in self._actions if each.codes == codes]
        still = [each for each in own if each.is_open]
        return still[0] if still else own[-1] if own else None

    def _size(self, one: Explanation) -> tuple[bool, Decimal]:
        units = one.amount_units
        return units is not None, abs(to_amount(units or 0, self._decimals))
