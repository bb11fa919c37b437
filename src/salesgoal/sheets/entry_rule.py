"""Entry rules: what people may type into a column of a workbook that they fill in."""

from __future__ import annotations

from enum import StrEnum

import attrs

from salesgoal.sheets.bilingual import Words

__all__ = ["EntryKind", "EntryRule"]


class EntryKind(StrEnum):
    """An amount with the decimals of its column, a day, one of some words, or text."""

    AMOUNT = "amount"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"


@attrs.frozen(kw_only=True)
class EntryRule:
    """What people may type into the body cells of a column; all other cells are locked.

    Attributes:
        kind: What is typed.
        choices: For a choice: the words of the list, in order.
        prompt: What is said when the cell is entered.
        refusal: What is said of anything else.
        is_strict: Whether anything else is turned away; else people are asked whether they
            mean it.
    """

    kind: EntryKind
    choices: tuple[Words, ...] = ()
    prompt: Words | None = None
    refusal: Words | None = None
    is_strict: bool = True
