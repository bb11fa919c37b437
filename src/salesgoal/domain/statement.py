"""Statements: one figure, the parts that make it, and the rule by which they do.

    rule         the figure is
    alone        said without parts; parts that are listed beside it do not make it
    sum          the sum of the parts
    less         the first part less the others
    latest       the last part
    largest      the largest part
    smallest     the smallest part
    quotient     the first part over the second, times a factor

>>> sales = Metric(id="sales")
>>> def child(units):
...     return Statement(StatementKind.CHILD, sales, units)
>>> both = (child(300), child(400))
>>> Statement(StatementKind.CHILD_TARGETS, sales, 700, Rule.SUM, both).rest
0
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact

__all__ = ["Figure", "Rule", "Statement", "StatementKind"]


class Rule(StrEnum):
    """How the parts of a statement make its figure."""

    ALONE = "alone"
    SUM = "sum"
    LESS = "less"
    LATEST = "latest"
    LARGEST = "largest"
    SMALLEST = "smallest"
    QUOTIENT = "quotient"


class Figure(StrEnum):
    """What a figure is of: smallest units, a ratio (1 = 100 %), or days."""

    AMOUNT = "amount"
    RATIO = "ratio"
    DAYS = "days"


class StatementKind(StrEnum):
    """What a statement says."""

    NO_TARGET = "no_target"
    TYPED = "typed"
    CASCADED = "cascaded"
    SUB_PERIODS = "sub_periods"
    SUB_PERIOD = "sub_period"
    CHILD_TARGETS = "child_targets"
    CHILD = "child"
    RATIO_OF_TARGETS = "ratio_of_targets"
    METRIC = "metric"
    ORIGINAL = "original"
    REVISED = "revised"
    MISMATCH = "mismatch"
    NOT_STARTED = "not_started"
    NO_DATA = "no_data"
    FACTS = "facts"
    CHILD_ACTUALS = "child_actuals"
    MERGED_ACTUALS = "merged_actuals"
    RATIO_OF_ACTUALS = "ratio_of_actuals"
    UNASSIGNED = "unassigned"
    ATTAINMENT = "attainment"
    NO_ATTAINMENT = "no_attainment"
    TARGET = "target"
    ACTUAL = "actual"
    MADE = "made"
    TO_MAKE = "to_make"
    GAP = "gap"
    EXPECTED_WHOLE = "expected_whole"
    EXPECTED_LEVEL = "expected_level"
    EXPECTED_PARTS = "expected_parts"
    EXPECTED_CHILDREN = "expected_children"
    OVER = "over"
    RUNNING = "running"
    PACE = "pace"
    EXPECTED = "expected"
    PROJECTED = "projected"
    PROJECTED_AS_IS = "projected_as_is"
    PROJECTED_ALIKE = "projected_alike"
    PROJECTED_DOWN = "projected_down"
    REQUIRED = "required"
    SHORT = "short"
    DAYS_OVER = "days_over"
    DAYS_LEFT = "days_left"


@attrs.frozen
class Statement:
    """One thing said about a figure.

    Attributes:
        kind: What is said.
        metric: Whose figure it is; its decimals are those of amounts.
        figure: Exact; None where there is none.
        rule: How the parts make it.
        parts: In the order in which people read them.
        times: The factor of a quotient.
        shown: What the figure is of.
        facts: What else the text names: goal, period, file, number, who, why.
    """

    kind: StatementKind
    metric: Metric
    figure: Exact | None = None
    rule: Rule = Rule.ALONE
    parts: tuple[Statement, ...] = ()
    times: Exact = 1
    shown: Figure = Figure.AMOUNT
    facts: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    @property
    def rest(self) -> Exact | None:
        """The figure less what its parts make; 0 where it closes, None where nothing does."""
        if self.rule is Rule.ALONE or self.figure is None:
            return None
        made = _RULES[self.rule]([each.figure or 0 for each in self.parts])
        return self.figure - made * self.times

    def all(self) -> Iterator[tuple[int, Statement]]:
        """The statement and all below it with their depth, as people read them."""
        waiting = [(0, self)]
        while waiting:
            depth, one = waiting.pop()
            yield depth, one
            waiting += [(depth + 1, each) for each in reversed(one.parts)]


_RULES: Mapping[Rule, Callable[[Sequence[Exact]], Exact]] = {
    Rule.SUM: sum,
    Rule.LESS: lambda parts: parts[0] - sum(parts[1:]),
    Rule.LATEST: lambda parts: parts[-1],
    Rule.LARGEST: max,
    Rule.SMALLEST: min,
    Rule.QUOTIENT: lambda parts: Fraction(parts[0], parts[1]),
}
