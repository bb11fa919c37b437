"""Which sheets make the books of pace and forecast."""

from __future__ import annotations

from datetime import date

from salesgoal.app.backtest import Backtest
from salesgoal.app.books import Selection, plan_meta
from salesgoal.app.load import LoadedPlan
from salesgoal.app.to_date import ToDate
from salesgoal.sheets.forecast_sheets import backtest_sheet, to_date_sheet
from salesgoal.sheets.sheet import Book, Words

__all__ = ["backtest_book", "to_date_book"]


def to_date_book(found: ToDate, selection: Selection) -> Book:
    """Returns the periods so far.

    Raises:
        UnknownName: The selection names what the plan lacks.
    """
    plan = found.loaded.plan
    rows = found.rows(goal=selection.goal, by=selection.by, metric=selection.metric)
    shown = (each for each in rows if selection.level in {None, each.row.period.level})
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(to_date_sheet(shown, plan.name),),
        meta=plan_meta(found.loaded, found.as_of),
    )


def backtest_book(loaded: LoadedPlan, found: Backtest, as_of: date) -> Book:
    """Returns how the methods of forecast did."""
    plan = loaded.plan
    goal = found.goal or plan.name
    whole = f"{found.first} – {found.last}" if found.first else "–"
    name, level = found.metric.name, found.level
    note = Words(f"{goal}，{name}，{level.zh}，{whole}", f"{goal}, {name}, {level}, {whole}")
    return Book(
        title=Words(plan.name, plan.name),
        sheets=(backtest_sheet(found.results, [note]),),
        meta={
            **plan_meta(loaded, as_of),
            "goal": found.goal,
            "metric": found.metric.id,
            "level": str(found.level),
            "first": found.first,
            "last": found.last,
        },
    )
