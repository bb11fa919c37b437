"""The plan file on layouts: where a table stands in its sheet, which rows to leave out."""

from __future__ import annotations

from datetime import date

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.errors import UsageError

__all__ = ["CountsTable", "IgnoreTable", "LayoutTable"]


@attrs.frozen(kw_only=True)
class LayoutTable:
    """Where the table stands in its sheet; what is left out here is found out."""

    header_row: int | None = plan_key("the row of the column names, from 1", default=None)
    header_rows: int | None = plan_key("how many rows the header has, 1 or 2", default=None)
    table: int | None = plan_key("which of several tables side by side, from 1", default=None)

    def __attrs_post_init__(self) -> None:
        """Refuses numbers that are no row or table.

        Raises:
            UsageError: Such a number.
        """
        for number in (self.header_row, self.table):
            if number is not None and number < 1:
                raise UsageError("a number from 1 up", "从 1 开始的整数")
        if self.header_rows not in {None, 1, 2}:
            raise UsageError("1 or 2 header rows", "1 或 2 行表头")


@attrs.frozen(kw_only=True)
class IgnoreTable:
    """Rows to leave out, such as tests; they are counted by this rule's name."""

    column: str = plan_key("the header of the column that is looked at")
    equals: list[str] = plan_key("leave out a row whose cell is one of these", factory=list)
    contains: str | None = plan_key("… whose cell holds this text", default=None)
    since: date | None = plan_key("… whose day is this one or later", default=None)
    until: date | None = plan_key("… whose day is this one or earlier", default=None)
    name: str | None = plan_key("what the counts call it; else made of the rule", default=None)

    def __attrs_post_init__(self) -> None:
        """Refuses a rule that leaves nothing out.

        Raises:
            UsageError: It has neither texts nor days.
        """
        if not self.equals and self.contains is None and not (self.since or self.until):
            en = "a rule with equals, contains, since or until"
            raise UsageError(en, "含 equals、contains、since 或 until 的规则")

    @property
    def shown(self) -> str:
        """What the counts call the rule."""
        parts = [*self.equals, self.contains, self.since and f"≥{self.since}"]
        parts.append(self.until and f"≤{self.until}")
        return self.name or f"{self.column}: {'、'.join(str(each) for each in parts if each)}"


@attrs.frozen(kw_only=True)
class CountsTable:
    """Which rows count, such as deals that are won; one that no longer does is taken out."""

    column: str = plan_key("the header of the column that is looked at")
    equals: list[str] = plan_key("a row counts whose cell is one of these, such as true")

    def __attrs_post_init__(self) -> None:
        """Refuses a rule by which nothing counts.

        Raises:
            UsageError: It has no texts.
        """
        if not self.equals:
            raise UsageError("the texts of rows that count", "计入的行在该列的内容")

    @property
    def shown(self) -> str:
        """What the counts call the rows that do not."""
        return f"{self.column} ≠ {'、'.join(self.equals)}"
