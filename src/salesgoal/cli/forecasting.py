"""The command ``backtest``, and what ``track --to-date`` prints."""

from __future__ import annotations

from pathlib import Path

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import level_id, metric_id
from salesgoal.cli.options import (
    as_of_option,
    command,
    day_of,
    deliver,
    find_plugins,
    format_option,
    lang_option,
    output_option,
    plan_argument,
    unit_option,
)
from salesgoal.cli.speech import progress, say_problems, say_readings, say_rows

__all__ = ["backtest"]


@command.command()
@plan_argument
@as_of_option
@click.option("--goal", default="", help="The goal, as A/B; the root by default.")
@click.option("--metric", help="A metric; the first by default.")
@click.option("--level", default="month", show_default=True, help="Of the past periods.")
@format_option
@output_option
@unit_option
@lang_option
def backtest(
    plan: Path,
    as_of: str | None,
    goal: str,
    metric: str | None,
    level: str,
    form: str,
    output: Path | None,
    lang: str,
) -> ExitCode:
    """Say how each method of forecast would have done in PLAN's past periods."""
    from salesgoal.app.backtest import backtest_plan
    from salesgoal.app.forecast_books import backtest_book
    from salesgoal.app.load import load_plan

    plugins, day = find_plugins(lang), day_of(as_of)
    with progress("读取计划和历史数据……", "reading the plan and its past …", lang):
        loaded = load_plan(plan, plugins)
        metric, level = metric_id(loaded.plan, metric), level_id(level)
        found = backtest_plan(loaded, as_of=day, goal=goal, metric=metric, level=level)
    deliver(backtest_book(loaded, found, day), form, plugins, output, lang)
    say_readings(found.tracking.readings, lang)
    say_problems(found.tracking.problems, lang)
    say_rows(found.tracking.rows, lang)
    return ExitCode.PARTLY if found.tracking.rows.rejected else ExitCode.FINE
