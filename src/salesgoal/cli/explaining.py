"""The commands that say why: explain, alerts."""

from __future__ import annotations

from pathlib import Path

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import metric_id
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
from salesgoal.cli.reporting import track_plan
from salesgoal.cli.speech import progress, say, say_readings, say_rows

__all__ = ["alerts", "explain"]

_known_at = click.option(
    "--known-at", metavar="MOMENT", help="Only revisions recorded by then count."
)


@command.command()
@plan_argument
@click.option("--goal", default="", help="The goal, as A/B; the root by default.")
@click.option("--metric", help="Its id; the plan's first by default.")
@click.option("--period", help="Its label, as 2023-10; the plan's own by default.")
@as_of_option
@_known_at
@click.option("--rows", type=click.IntRange(0), default=20, show_default=True, help="Shown.")
@format_option
@output_option
@lang_option
def explain(
    plan: Path,
    goal: str,
    metric: str | None,
    period: str | None,
    as_of: str | None,
    known_at: str | None,
    rows: int,
    form: str,
    output: Path | None,
    lang: str,
) -> ExitCode:
    """Say how the figures of one goal, metric and period of PLAN came about."""
    from salesgoal.app.explain import explain_figure
    from salesgoal.app.explanation_books import explanation_book

    plugins = find_plugins(lang)
    tracking = track_plan(plan, as_of, plugins, lang, known_at=known_at)
    metric = metric_id(tracking.loaded.plan, metric)
    with progress("查找数据行……", "finding the rows …", lang):
        found = explain_figure(tracking, goal, metric=metric, period=period, most=rows)
    deliver(explanation_book(found), form, plugins, output, lang)
    say_readings(tracking.readings, lang)
    say_rows(tracking.rows, lang)
    return ExitCode.PARTLY if tracking.rows.rejected else ExitCode.FINE


@command.command()
@plan_argument
@click.option("--since", required=True, metavar="DAY", help="The earlier day, as 2023-10-24.")
@as_of_option
@format_option
@output_option
@unit_option
@lang_option
def alerts(
    plan: Path,
    since: str,
    as_of: str | None,
    form: str,
    output: Path | None,
    lang: str,
) -> ExitCode:
    """Say what changed in PLAN since a day: behind, recovered, reached, short, overdue."""
    from salesgoal.app.alerts import alerts_since
    from salesgoal.app.explanation_books import alert_book

    plugins = find_plugins(lang)
    day = day_of(since, "--since")
    tracking = track_plan(plan, as_of, plugins, lang)
    with progress("读取此前的情况……", "reading how it was …", lang):
        found = alerts_since(tracking, day, plugins=plugins)
    deliver(alert_book(found), form, plugins, output, lang)
    if not found.found:
        say(lang, f"{day} 以来没有变化", f"nothing changed since {day}")
    say_readings(tracking.readings, lang)
    if tracking.rows.rejected:
        say_rows(tracking.rows, lang)
        return ExitCode.PARTLY
    return ExitCode.FINDINGS if found.found else ExitCode.FINE
