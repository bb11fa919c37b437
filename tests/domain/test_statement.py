"""Statements: rules, rests, reading order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.metric import Metric
from salesgoal.domain.statement import Rule, Statement, StatementKind

SALES = Metric(id="sales")


def said(figure, rule=Rule.ALONE, *parts, times=1):
    made = tuple(Statement(StatementKind.CHILD, SALES, each) for each in parts)
    return Statement(StatementKind.FACTS, SALES, figure, rule, made, times)


@pytest.mark.parametrize(
    ("rule", "parts", "figure"),
    [
        (Rule.SUM, (3, 4), 7),
        (Rule.SUM, (3, None), 3),
        (Rule.LESS, (9, 4, 3), 2),
        (Rule.LATEST, (9, 4), 4),
        (Rule.LARGEST, (9, 4), 9),
        (Rule.SMALLEST, (9, 4), 4),
        (Rule.QUOTIENT, (9, 4), Fraction(9, 4)),
    ],
)
def test_a_rule_says_what_the_parts_make(rule, parts, figure):
    assert said(figure, rule, *parts).rest == 0
    assert said(figure + 1, rule, *parts).rest == 1


def test_a_quotient_has_a_factor():
    assert said(Fraction(225), Rule.QUOTIENT, 9, 4, times=100).rest == 0


def test_nothing_to_close_is_no_rest():
    assert said(7).rest is None
    assert said(None, Rule.SUM, 3).rest is None


def test_statements_are_read_from_the_top():
    inner = said(7, Rule.SUM, 3, 4)
    outer = Statement(StatementKind.FACTS, SALES, 7, Rule.SUM, (inner, said(0)))
    assert [(depth, one.figure) for depth, one in outer.all()] == [
        (0, 7),
        (1, 7),
        (2, 3),
        (2, 4),
        (1, 0),
    ]
