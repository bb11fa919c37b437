"""The command that syncs services into the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.importing import row_progress, show_sheets
from salesgoal.cli.options import (
    command,
    find_plugins,
    format_option,
    lang_option,
    plan_argument,
)
from salesgoal.cli.speech import say, say_problems

if TYPE_CHECKING:
    from salesgoal.app.load import LoadedPlan
    from salesgoal.app.sync.syncing import Synced
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.sheet import Words

__all__ = ["sync"]

_IN_OTHER_FORMATS = ("加 --format markdown 列出全部", "--format markdown lists them all")


@command.command()
@plan_argument
@click.option("--source", help="Only this source.")
@click.option("--full", is_flag=True, help="Read everything; take out what is not there.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@format_option
@lang_option
def sync(
    plan: Path, source: str | None, form: str, lang: str, *, full: bool, dry_run: bool
) -> ExitCode:
    """Take over what changed in PLAN's services into its ledger.

    May be run again at any time, by several at once, and stopped at any moment.
    """
    from salesgoal.app.deliveries import writing_ledger
    from salesgoal.app.load import load_plan
    from salesgoal.app.sync.syncing import Syncing, find_services

    plugins = find_plugins(lang)
    loaded = load_plan(plan, plugins)
    services = find_services(loaded, source)
    with row_progress(lang) as step, writing_ledger(loaded, dry_run=dry_run) as opened:
        run = Syncing(
            loaded=loaded,
            ledger=opened,
            clock=lambda: datetime.now(UTC),
            full=full,
            dry_run=dry_run,
            step=step,
        )
        done = [run.take(each) for each in services]
    _print_synced(loaded, done, plugins, form, lang)
    return _verdict(done, lang)


def _print_synced(
    loaded: LoadedPlan, done: Sequence[Synced], plugins: Plugins, form: str, lang: str
) -> None:
    from salesgoal.sheets.account_sheets import problem_sheet
    from salesgoal.sheets.ledger_sheets import amounts_sheet, changes_sheet
    from salesgoal.sheets.sync_sheet import synced_sheet

    lines = [
        (
            each.source,
            each.importer,
            each.result.value,
            "changes" if each.whole is None else each.whole.value,
            each.pages,
            each.counts,
            each.withdrawn,
        )
        for each in done
    ]
    sheets = [synced_sheet(lines)]
    sums: dict[str, Counter[str]] = {}
    for each in done:
        for metric, parts in each.amounts.items():
            sums.setdefault(metric, Counter()).update(parts)
    if sums:
        sheets.append(amounts_sheet(loaded.plan.metrics, sums))
    changes = [(one.outcome, one.before, one.after) for each in done for one in each.changes]
    if changes:
        names = [each.id for each in loaded.plan.dimensions]
        tried = all(each.result == "trial" for each in done)
        sheets.append(changes_sheet(names, loaded.plan.metrics, changes, done=not tried))
    problems = [each for one in done for each in one.problems]
    if problems and form != "terminal":
        sheets.append(problem_sheet(problems))
    show_sheets(loaded, sheets, plugins, form, lang)


def _verdict(done: Sequence[Synced], lang: str) -> ExitCode:
    """Says the problems and the law of rows, and what the whole run came to."""
    from salesgoal.sheets.ledger_sheets import OUTCOME_WORDS

    problems = [each for one in done for each in one.problems]
    say_problems(problems, lang, rest=_IN_OTHER_FORMATS)
    counts: Counter[str] = Counter()
    for one in done:
        counts.update({each.value: rows for each, rows in one.counts.items()})
    words: dict[str, Words] = {str(key): value for key, value in OUTCOME_WORDS.items()}
    zh = " + ".join(f"{word.zh} {counts[name]:,}" for name, word in words.items())
    en = " + ".join(f"{word.en} {counts[name]:,}" for name, word in words.items())
    read = counts.total()
    say(lang, f"读入 {read:,} 行 = {zh}", f"{read:,} rows read = {en}")
    stopped = [one for one in done if one.error is not None]
    for one in stopped:
        assert one.error is not None
        said = one.error.message(lang)
        zh = "已入账的保留，下次继续" if one.pages else "什么也没有入账"
        en = "what was taken over stays" if one.pages else "nothing was taken over"
        say(lang, f"{one.source}：{said}（{zh}）", f"{one.source}: {said} ({en})")
    if stopped and len(stopped) == len(done) and not any(one.pages for one in done):
        return ExitCode.REFUSED
    if stopped or counts["rejected"]:
        return ExitCode.PARTLY
    return ExitCode.FINDINGS if problems else ExitCode.FINE
