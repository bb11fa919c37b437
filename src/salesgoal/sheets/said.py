"""What people said about a row, in one cell: the parts joined by ；."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from salesgoal.domain.cause import Cause, find_cause
from salesgoal.domain.review import Review
from salesgoal.domain.scorecard import ScoreRow
from salesgoal.sheets.sheet import Words

__all__ = ["actions_said", "cause_words", "causes_said", "due_said", "hints_said", "joined"]


def causes_said(row: ScoreRow, causes: Sequence[Cause]) -> Words | None:
    """Returns the causes of a row, the one of the largest amount first."""
    named = [each for each in row.reviews if each.cause or each.code]
    named.sort(key=_size, reverse=True)
    found = ((find_cause(each.code or "", causes), each.cause) for each in named)
    return joined(cause_words(cause, text) for cause, text in found)


def actions_said(row: ScoreRow) -> Words | None:
    """Returns the actions of a row, in the order they were begun."""
    return joined(Words(each.action, each.action) for each in row.reviews if each.action)


def due_said(row: ScoreRow) -> date | None:
    """Returns when the first action of a row is due; without one, the goal itself."""
    days = [each.due_on for each in row.reviews if each.due_on]
    return min(days, default=row.ownership.due_on)


def hints_said(row: ScoreRow) -> Words | None:
    """Returns the hints of a row."""
    return joined(Words(each.hint, each.hint) for each in row.reviews if each.hint)


def cause_words(cause: Cause | None, text: str | None) -> Words:
    """Returns a cause in people's own words, else by its name."""
    if cause is not None and (not text or find_cause(text, [cause])):
        return Words(cause.name, cause.name_en)
    return Words(text or "", text or "")


def joined(words: Iterable[Words]) -> Words | None:
    """Returns the words in one text, each once; None where there are none."""
    parts = list(dict.fromkeys(words))
    if not parts:
        return None
    return Words("；".join(each.zh for each in parts), "; ".join(each.en for each in parts))


def _size(review: Review) -> tuple[bool, Decimal]:
    amount = review.amount
    return amount is not None, abs(Decimal(amount or 0))
