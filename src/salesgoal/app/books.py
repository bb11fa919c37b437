"""Which sheets make which book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.plan_file.reports import ReportTable
from salesgoal.app.reviews.report import over_explained, review_sheets
from salesgoal.app.track import Tracking
from salesgoal.domain.cumulative import cumulate
from salesgoal.domain.explanation import Explainer
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.errors import UnknownName
from salesgoal.sheets.account_sheets import counts_sheet, problem_sheet, reconciliation_sheet
from salesgoal.sheets.explanation_sheet import comment_scores
from salesgoal.sheets.overview_sheets import behind_sheet, find_behind, overview_sheet
from salesgoal.sheets.progress_sheets import children_sheet, cumulative_sheet
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


def track_book(
    trackings: Sequence[Tracking], selection: Selection, *, for_people: bool = False
) -> Book:
    """Returns the scorecards and what accounts for them.

    Args:
        trackings: One; or several, which are the portions of one owner.
        selection: Which rows.
        for_people: Where the whole plan is asked for, where its total goals are and who is
            behind comes first, and what accounts for it last.

    Raises:
        UnknownName: The selection names what the plan lacks.
    """
    sheets: list[Sheet] = []
    for each in trackings:
        plan = each.plan
        rows = score_sheet((row for _, row in _chosen(each, selection)), plan.name)
        pair = [_reconciled(each), rows]
        pair = pair[::-1] if for_people else pair
        sheets += [_named(sheet, each) if len(trackings) > 1 else sheet for sheet in pair]
    whole = not (selection.goal or selection.by or selection.metric)
    first = _first(trackings) if for_people and whole else ()
    return _book(trackings, [*first, *sheets])


def report_book(trackings: Sequence[Tracking]) -> Book:
    """Returns one report of one or more plans.

    First stands where the total goals are and who is behind, then the tables, then plan by
    plan the goals, the variances, the measures and what accounts for it all.

    Raises:
        UnknownName: A report of a plan file names what the plan lacks.
        NotNested: The periods of a table do not tile.
    """
    several = len(trackings) > 1
    sheets = [*_first(trackings), *_named_tables(trackings)]
    for each in trackings:
        sheets += [_named(sheet, each) if several else sheet for sheet in _of_plan(each)]
    return _book(trackings, sheets)


def tables_book(trackings: Sequence[Tracking], *, overview: bool = False) -> Book:
    """Returns the tables of the plans; before them, where asked, the overview of all.

    Raises:
        UnknownName, NotNested: As `report_book`.
    """
    tables = [sheet for each in trackings for sheet in _tables(each)]
    return _book(trackings, [*(_first(trackings) if overview else ()), *tables])


def _book(trackings: Sequence[Tracking], sheets: Sequence[Sheet]) -> Book:
    names = "、".join(each.title for each in trackings)
    return Book(title=Words(names, names), sheets=_apart(sheets), meta=_meta(trackings))


def _first(trackings: Sequence[Tracking]) -> Iterator[Sheet]:
    """Where the total goals of all plans are, and who is furthest behind."""
    as_of = trackings[0].as_of
    rows = [pair for each in trackings for pair in _totals(each)]
    yield overview_sheet(rows, as_of)
    found = [
        behind
        for each in trackings
        for behind in find_behind(each.scorecards[0], each.plan.name)
    ]
    yield behind_sheet(found, as_of, several=len(trackings) > 1)


def _totals(tracking: Tracking) -> Iterator[tuple[str, ScoreRow]]:
    plan, card = tracking.plan, tracking.scorecards[0]
    for metric in plan.metrics:
        row = card.row(metric=metric.id, period=plan.period)
        yield row.goal or plan.name, row


def _named_tables(trackings: Sequence[Tracking]) -> Iterator[Sheet]:
    for each in trackings:
        for sheet in _tables(each):
            yield _named(sheet, each) if len(trackings) > 1 else sheet


def _of_plan(tracking: Tracking) -> Iterator[Sheet]:
    plan, card = tracking.plan, tracking.scorecards[0]
    below = children_sheet(tracking.scorecards)
    if below is not None:
        yield below
    yield cumulative_sheet(plan, cumulate(card))
    yield _scores(tracking)
    yield from review_sheets(tracking)
    yield _reconciled(tracking)
    if tracking.portion is None:
        yield counts_sheet(tracking.rows)
    yield problem_sheet((*plan.warnings, *tracking.problems, *over_explained(tracking)))


def _reconciled(tracking: Tracking) -> Sheet:
    """What was read; of a portion nobody knows which of the rejected rows are its own."""
    if tracking.portion is not None:
        return reconciliation_sheet(tracking.plan, tracking.reconciliation)
    return reconciliation_sheet(tracking.plan, tracking.reconciliation, tracking.rows)


def _named(sheet: Sheet, tracking: Tracking) -> Sheet:
    """A sheet whose title says of which plan it is."""
    name, title = tracking.title, sheet.title
    return attrs.evolve(sheet, title=Words(f"{title.zh} · {name}", f"{title.en} · {name}"))


def _apart(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets with ids of their own: the second ``rows`` is ``rows_2``."""
    counts: dict[str, int] = {}
    found = []
    for sheet in sheets:
        number = counts[sheet.id] = counts.get(sheet.id, 0) + 1
        found.append(sheet if number == 1 else attrs.evolve(sheet, id=f"{sheet.id}_{number}"))
    return tuple(found)


def _scores(tracking: Tracking) -> Sheet:
    """The whole scorecard, with comments that explain its figures."""
    name = tracking.plan.name
    rows = list(_chosen(tracking, Selection()))
    explainers = {id(card): Explainer(card) for card in tracking.scorecards}
    found = (explainers[id(card)].explain(row) for card, row in rows)
    return comment_scores(score_sheet((row for _, row in rows), name), found, name)


def _meta(trackings: Sequence[Tracking]) -> dict[str, str | None]:
    """What the plans have in common; where they differ, each one's in their order."""
    metas = [_meta_of_one(each) for each in trackings]
    return {key: _in_common([meta.get(key) for meta in metas]) for key in metas[0]}


def _in_common(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else "、".join(each or "-" for each in values)


def _meta_of_one(tracking: Tracking) -> dict[str, str | None]:
    meta = {**plan_meta(tracking.loaded, tracking.as_of), "view": str(tracking.view)}
    return meta if tracking.portion is None else {**meta, "portion": tracking.portion}


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
        yield from ((card, row) for row in found if row.depth or selection.goal or not number)


def _tables(tracking: Tracking) -> Iterator[Sheet]:
    """The tables that the plan file asks for, or the one that suits the plan's period."""
    reports, plan = tracking.loaded.document.reports, tracking.plan
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
    # A cross-cut is of the whole plan; a portion shows its goals as they are broken down.
    card = tracking.scorecards[0]
    return card if tracking.portion is not None else card.by(*by or ())


def _detail(tracking: Tracking, quarter: Period, label: str | None) -> Period:
    """The month shown in detail: the one asked for, else the last that has begun."""
    plan = tracking.plan
    months = [
        each for each in plan.periods if each.level is Level.MONTH and quarter.covers(each)
    ]
    if not months:
        raise UnknownName("level of this plan", Level.MONTH, sorted(plan.levels))
    if label is not None:
        return plan.parse(label)
    begun = [each for each in months if each.start <= tracking.as_of]
    return begun[-1] if begun else months[0]
