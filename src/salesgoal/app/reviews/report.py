"""The sheets of reviews and scores: gaps and causes, actions, drivers, ranking."""

from __future__ import annotations

from collections.abc import Iterator

from salesgoal.app.score_rule import make_score_rule
from salesgoal.app.track import Tracking
from salesgoal.domain.composite import compose_score, rank_scores
from salesgoal.domain.driver import split_by_driver
from salesgoal.domain.gap_ledger import LedgerLine, open_gap_ledger
from salesgoal.domain.metric import Aggregation, Ratio
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem
from salesgoal.domain.recovery import Recovery, judge_recovery
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.variance import adds_over_tree, split_by_child
from salesgoal.sheets.action_sheet import action_sheet
from salesgoal.sheets.cause_sheets import by_cause_sheet, cause_sheet
from salesgoal.sheets.composite_sheet import composite_sheet
from salesgoal.sheets.sheet import Book, Sheet, Words
from salesgoal.sheets.variance_sheets import child_sheet, driver_sheet, gap_sheet

__all__ = ["over_explained", "review_book", "review_sheets"]


def review_sheets(tracking: Tracking) -> Iterator[Sheet]:
    """The sheets that a report adds where its plan has reviews, and the ranking where asked."""
    plan = tracking.plan
    if plan.reviews.given:
        yield from _reviewed(tracking)
        yield from _split(tracking)
    score = tracking.loaded.document.score
    if score is not None:
        rule, cards = make_score_rule(score), tracking.scorecards
        whole = score.by is None or tracking.portion is not None
        card = cards[0] if whole else cards[0].by(*score.by or ())
        leaves = [path for path in _leaves(card) if path]
        scores = [compose_score(card, path, rule=rule, period=plan.period) for path in leaves]
        yield composite_sheet(plan, rule, rank_scores(scores))


def review_book(tracking: Tracking) -> Book:
    """Returns the variance analysis and the actions of a plan."""
    plan = tracking.plan
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(*_reviewed(tracking), *_named(tracking)),
        meta={"plan": plan.name, "as_of": tracking.as_of.isoformat()},
    )


def over_explained(tracking: Tracking) -> list[Problem]:
    """Returns a warning for every goal and period that is over-explained."""
    found = [each for card in tracking.scorecards for each in open_gap_ledger(card).problems()]
    return list({(each.where, each.text()): each for each in found}.values())


def _named(tracking: Tracking) -> Iterator[Sheet]:
    """The causes one by one, where there are any."""
    if tracking.plan.reviews.explanations:
        yield cause_sheet(tracking.plan)


def _reviewed(tracking: Tracking) -> Iterator[Sheet]:
    plan = tracking.plan
    yield gap_sheet(_lines(tracking), plan.name)
    recoveries = [_recovery(tracking, number) for number in range(len(plan.reviews.actions))]
    if recoveries:
        yield action_sheet(plan, recoveries, tracking.as_of)


def _lines(tracking: Tracking) -> Iterator[LedgerLine]:
    """The lines of every breakdown; the root, which all share, comes once."""
    for number, card in enumerate(tracking.scorecards):
        yield from (
            line for line in open_gap_ledger(card).lines() if line.row.depth or not number
        )


def _recovery(tracking: Tracking, number: int) -> Recovery:
    action = tracking.plan.reviews.actions[number]
    cards = tracking.scorecards
    card = next(each for each in cards if action.codes in each.tree.by_scope)
    return judge_recovery(card, action)


def _split(tracking: Tracking) -> Iterator[Sheet]:
    """The total goal's gap by child, cause and every driver that the plan's ratios name."""
    plan, card = tracking.plan, tracking.scorecards[0]
    leading = plan.metrics[0]
    if adds_over_tree(leading):
        found = split_by_child(card, metric=leading.id, period=plan.period)
        if found is not None:
            yield child_sheet(found, plan.name)
    line = open_gap_ledger(card).line(metric=leading.id, period=plan.period)
    if line.row.gap is not None and (line.explanations or line.below):
        yield by_cause_sheet(line, plan.name)
    for name in _driving(plan):
        drivers = split_by_driver(card, ratio=name, period=plan.period)
        if drivers is not None:
            yield driver_sheet(drivers, plan.name)


def _driving(plan: Plan) -> list[str]:
    """The ratios whose numerator adds up."""
    return [
        each.id
        for each in plan.metrics
        if isinstance(each.aggregation, Ratio)
        and plan.metric(each.aggregation.numerator).aggregation is Aggregation.SUM
    ]


def _leaves(card: Scorecard) -> list[str]:
    tree = card.tree
    order = tree.reading_order()
    return [tree.path[node] for node in order if tree.first[node] == tree.stop[node]]
