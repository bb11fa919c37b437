"""Which sheets make which book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from salesgoal.app.document import ReportTable
from salesgoal.app.load import LoadedPlan
from salesgoal.app.review_report import over_explained, review_sheets
from salesgoal.app.track import Tracking
from salesgoal.domain.explanation import Explainer
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.errors import UnknownName
from salesgoal.sheets.account_sheets import counts_sheet, problem_sheet, reconciliation_sheet
from salesgoal.sheets.explanation_sheet import comment_scores
from salesgoal.sheets.score_sheet import score_sheet
from salesgoal.sheets.sheet import Book, Sheet, Words
from salesgoal.sheets.three_tables import personal_month, product_year, team_quarter

__all__ = ["Selection", "plan_meta", "report_book", "tables_book", "track_book"]


@attrs.frozen(kw_only=True)
class Selection:
    """Which rows of a scorecard are shown; None is all.

    Attributes:
        goal: The path of a goal: it and all below it.
        by: Dimension ids: a cross-cut instead of the plan's breakdowns.
        level: Only periods of this level.
        metric: Only this metric.
    """

    goal: str | None = None
    by: tuple[str, ...] = ()
    level: str | None = None
    metric: str | None = None


def track_book(tracking: Tracking, selection: Selection) -> Book:
    """Returns the scorecard and what accounts for it.

    Raises:
        UnknownName: The selection names what the plan lacks.
    """
    plan = tracking.loaded.plan
    rows = score_sheet((row for _, row in _chosen(tracking, selection)), plan.name)
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(reconciliation_sheet(plan, tracking.reconciliation), rows),
        meta=_meta(tracking),
    )


def report_book(trackings: Sequence[Tracking]) -> Book:
    """Returns the tables of one or more plans, their scorecards, and what accounts for them.

    Raises:
        UnknownName: A report of a plan file names what the plan lacks.
        NotNested: The periods of a table do not tile.
    """
    tables = [sheet for each in trackings for sheet in (*_tables(each), *review_sheets(each))]
    rest: list[Sheet] = []
    for each in trackings:
        plan = each.loaded.plan
        note = (Words(plan.name, plan.name),)
        sheets = (
            _scores(each),
            reconciliation_sheet(plan, each.reconciliation),
            counts_sheet(each.rows),
            problem_sheet((*plan.warnings, *each.problems, *over_explained(each))),
        )
        rest += [attrs.evolve(sheet, notes=(*note, *sheet.notes)) for sheet in sheets]
    names = "、".join(each.loaded.plan.name for each in trackings)
    return Book(title=Words(names, names), sheets=(*tables, *rest), meta=_meta(trackings[0]))


def _scores(tracking: Tracking) -> Sheet:
    """The whole scorecard, with comments that explain its figures."""
    name = tracking.loaded.plan.name
    rows = list(_chosen(tracking, Selection()))
    explainers = {id(card): Explainer(card) for card in tracking.scorecards}
    found = (explainers[id(card)].explain(row) for card, row in rows)
    return comment_scores(score_sheet((row for _, row in rows), name), found, name)


def tables_book(trackings: Sequence[Tracking]) -> Book:
    """Returns only the tables of the plans.

    Raises:
        UnknownName, NotNested: As `report_book`.
    """
    tables = tuple(sheet for each in trackings for sheet in _tables(each))
    names = "、".join(each.loaded.plan.name for each in trackings)
    return Book(title=Words(names, names), sheets=tables, meta=_meta(trackings[0]))


def _meta(tracking: Tracking) -> dict[str, str | None]:
    return {**plan_meta(tracking.loaded, tracking.as_of), "view": str(tracking.view)}


def plan_meta(loaded: LoadedPlan, as_of: date) -> dict[str, str | None]:
    """Returns what every book says of its plan: name, day, moment, calendar, version."""
    plan, known_at = loaded.plan, loaded.known_at
    return {
        "plan": plan.name,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "calendar": plan.calendar.id,
        "target_version": plan.version,
    }


def _chosen(tracking: Tracking, selection: Selection) -> Iterator[tuple[Scorecard, ScoreRow]]:
    """The chosen rows of every breakdown; the root, which all share, comes once."""
    cards = tracking.scorecards
    if selection.by:
        cards = (cards[0].by(*selection.by),)
    if selection.goal:
        cards = tuple(card for card in cards if selection.goal in card.tree.path) or cards[:1]
    for number, card in enumerate(cards):
        found = card.rows(
            goal=selection.goal or None, level=selection.level, metric=selection.metric
        )
        yield from ((card, row) for row in found if row.goal or not number)


def _tables(tracking: Tracking) -> Iterator[Sheet]:
    """The tables that the plan file asks for, or the one that suits the plan's period."""
    reports, plan = tracking.loaded.document.reports, tracking.loaded.plan
    asked = {
        "personal_month": reports.personal_month,
        "team_quarter": reports.team_quarter,
        "product_year": reports.product_year,
    }
    if not any(asked.values()):
        suits = _SUITING.get(plan.period.level)
        asked = {suits: ReportTable()} if suits else {}
    for name, table in asked.items():
        if table is None:
            continue
        metric = plan.metric(table.metric) if table.metric else plan.metrics[0]
        period = plan.parse(table.period) if table.period else plan.period
        card = _card(tracking, table.by)
        match name:
            case "personal_month":
                yield personal_month(card, metric, period)
            case "team_quarter":
                detail = getattr(table, "detail", None)
                yield team_quarter(card, metric, period, _detail(tracking, period, detail))
            case _:
                yield product_year(card, metric, period)


_SUITING = {
    Level.MONTH: "personal_month",
    Level.QUARTER: "team_quarter",
    Level.YEAR: "product_year",
}


def _card(tracking: Tracking, by: Sequence[str] | None) -> Scorecard:
    for card in tracking.scorecards:
        if by is None or tuple(by) == card.tree.breakdown.by:
            return card
    return tracking.scorecards[0].by(*by or ())


def _detail(tracking: Tracking, quarter: Period, label: str | None) -> Period:
    """The month shown in detail: the one asked for, else the last that has begun."""
    plan: Plan = tracking.loaded.plan
    months = [
        each for each in plan.periods if each.level is Level.MONTH and quarter.covers(each)
    ]
    if not months:
        raise UnknownName("level of this plan", Level.MONTH, sorted(plan.levels))
    if label is not None:
        return plan.parse(label)
    begun = [each for each in months if each.start <= tracking.as_of]
    return begun[-1] if begun else months[0]
