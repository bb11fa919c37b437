"""The commands that change targets under control: revise, revert, decide, close and others."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import metric_id
from salesgoal.cli.options import (
    as_of_option,
    command,
    day_of,
    find_plugins,
    format_option,
    lang_option,
    plan_argument,
    print_book,
)
from salesgoal.cli.speech import confirmed, progress, say, say_problems
from salesgoal.domain.history import Act, Decision, Lock, Revert
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.proposal import Over, Proposal, RevisionRule
from salesgoal.domain.revision import propose
from salesgoal.errors import UsageError
from salesgoal.intake.parse import CellRefused, read_amount

if TYPE_CHECKING:
    from salesgoal.app.load import LoadedPlan
    from salesgoal.app.revise import Trial

__all__ = ["close", "decide", "history", "reopen", "revert", "revise"]

_by = click.option("--by", required=True, metavar="NAME", help="Who does it.")
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why.")
_approve = click.option("--approve", metavar="NAME", help="Who approves it at once.")
_dry_run = click.option("--dry-run", is_flag=True, help="Only show the effect.")
_yes = click.option("--yes", is_flag=True, help="Write without asking.")


@command.command()
@plan_argument
@click.option("--goal", default="", help="The goal, as A/B; the total where it is left out.")
@click.option("--period", required=True, help="The period, as 2023-10.")
@click.option(
    "--to", required=True, metavar="AMOUNT", help="The new value, as 700000 or 700,000."
)
@click.option("--metric", help="The metric; the plan's first where it is left out.")
@click.option("--measure", default="target", show_default=True, help="target, floor, stretch.")
@click.option(
    "--rule",
    type=click.Choice([str(each) for each in RevisionRule]),
    default="restate",
    show_default=True,
    help="What else changes.",
)
@click.option(
    "--over",
    type=click.Choice([str(each) for each in Over]),
    default="periods",
    show_default=True,
    help="Who takes the difference under keep-total.",
)
@click.option("--effective-on", metavar="DAY", help="For from-now: the first day that changes.")
@_reason
@_by
@_approve
@_dry_run
@_yes
@as_of_option
@lang_option
def revise(
    plan: Path,
    goal: str,
    period: str,
    to: str,
    metric: str | None,
    measure: str,
    rule: str,
    over: str,
    effective_on: str | None,
    reason: str,
    by: str,
    approve: str | None,
    dry_run: bool,  # noqa: FBT001 - click passes options by name
    yes: bool,  # noqa: FBT001
    as_of: str | None,
    lang: str,
) -> ExitCode:
    """Propose another target in PLAN; shows every change first, then asks."""
    loaded = _load(plan, lang)
    found = loaded.plan.metric(metric_id(loaded.plan, metric) or loaded.plan.metrics[0].id)
    proposal = propose(
        loaded.plan,
        goal,
        period=period,
        to=_amount(to, found),
        metric=found.id,
        measure=measure,
        rule=RevisionRule(rule),
        over=Over(over),
        effective_on=day_of(effective_on, "--effective-on") if effective_on else None,
    )
    trial = _try_proposed(loaded, proposal, by, approve, reason)
    return _show_and_write(trial, as_of, lang, dry_run=dry_run, yes=yes)


@command.command()
@plan_argument
@click.argument("number", type=click.IntRange(min=1))
@_reason
@_by
@_approve
@_dry_run
@_yes
@as_of_option
@lang_option
def revert(
    plan: Path,
    number: int,
    reason: str,
    by: str,
    approve: str | None,
    dry_run: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
    as_of: str | None,
    lang: str,
) -> ExitCode:
    """Propose to take approved revision NUMBER of PLAN back; shows every change first."""
    loaded = _load(plan, lang)
    trial = _try_proposed(loaded, Revert(number), by, approve, reason)
    return _show_and_write(trial, as_of, lang, dry_run=dry_run, yes=yes)


@command.command()
@plan_argument
@click.argument("number", type=click.IntRange(min=1))
@click.option("--approve/--refuse", "approved", default=None, help="The decision.")
@_reason
@_by
@_yes
@as_of_option
@lang_option
def decide(
    plan: Path,
    number: int,
    approved: bool | None,  # noqa: FBT001
    reason: str,
    by: str,
    yes: bool,  # noqa: FBT001
    as_of: str | None,
    lang: str,
) -> ExitCode:
    """Approve or refuse revision NUMBER of PLAN; an approval shows its effect first."""
    loaded = _load(plan, lang)
    trial = _try(loaded, [(Decision(number, _decided(approved)), by)], reason)
    if trial.effect is None:
        return _write(trial, lang, yes=True)
    _show(trial, day_of(as_of), lang)
    return _write(trial, lang, yes=yes)


@command.command()
@plan_argument
@click.argument("period")
@_reason
@_by
@lang_option
def close(plan: Path, period: str, reason: str, by: str, lang: str) -> ExitCode:
    """Close PERIOD of PLAN: its targets may not change any more."""
    return _lock(plan, period, by, reason, lang, closed=True)


@command.command()
@plan_argument
@click.argument("period")
@_reason
@_by
@lang_option
def reopen(plan: Path, period: str, reason: str, by: str, lang: str) -> ExitCode:
    """Reopen PERIOD of PLAN, which was closed."""
    return _lock(plan, period, by, reason, lang, closed=False)


@command.command()
@plan_argument
@format_option
@lang_option
def history(plan: Path, form: str, lang: str) -> ExitCode:
    """List the revisions of PLAN: who, when, why, and what became of them."""
    from salesgoal.app.revise import history_book

    loaded = _load(plan, lang)
    print_book(history_book(loaded), form, loaded.plugins, lang)
    return ExitCode.FINE


def _amount(text: str, metric: Metric) -> Decimal:
    try:
        units = read_amount(text, metric)
    except CellRefused as refused:
        if refused.code == "ambiguous-percent":
            raise UsageError(
                f"--to: {text!r} may be a percentage or a ratio; write 85% or 0.85%",
                f"--to：{text!r} 不清楚是百分数还是比值，请写成 85% 或 0.85%",
            ) from refused
        raise UsageError(
            f"--to: {text!r} is no amount of {metric.id} ({refused.code}); write it as 700000",
            f"--to：{text!r} 不是{metric.name}的数额（{refused.code}），请写成 700000",
        ) from refused
    if units is None:
        raise UsageError("--to is blank; zero is written as 0", "--to 为空；零请写 0")
    return to_amount(units, metric.decimals)


def _decided(approved: bool | None) -> bool:  # noqa: FBT001 - click gives None for neither
    if approved is None:
        raise UsageError("give --approve or --refuse", "请给出 --approve 或 --refuse")
    return approved


def _load(plan: Path, lang: str) -> LoadedPlan:
    from salesgoal.app.load import load_plan

    plugins = find_plugins(lang)
    with progress("读取计划……", "reading the plan …", lang):
        loaded = load_plan(plan, plugins)
    say_problems([each for each in loaded.plan.warnings if "history" in each.code], lang)
    return loaded


def _try(loaded: LoadedPlan, acts: list[tuple[Act, str]], reason: str) -> Trial:
    from salesgoal.app.revise import try_acts

    return try_acts(loaded, acts, reason=reason, at=datetime.now().astimezone())


def _try_proposed(
    loaded: LoadedPlan, act: Act, by: str, approve: str | None, reason: str
) -> Trial:
    """A proposal, with its approval where somebody gives it at once."""
    acts = [(act, by)]
    if approve:
        acts.append((Decision(0, approved=True), approve))
    return _try(loaded, acts, reason)


def _show_and_write(
    trial: Trial, as_of: str | None, lang: str, *, dry_run: bool, yes: bool
) -> ExitCode:
    _show(trial, day_of(as_of), lang)
    if dry_run:
        say(lang, "仅查看影响，未写入", "only shown, nothing was written")
        return ExitCode.FINE
    return _write(trial, lang, yes=yes)


def _lock(
    plan: Path, period: str, by: str, reason: str, lang: str, *, closed: bool
) -> ExitCode:
    loaded = _load(plan, lang)
    label = loaded.plan.parse(period).label
    return _write(_try(loaded, [(Lock(label, closed), by)], reason), lang, yes=True)


def _show(trial: Trial, as_of: date, lang: str) -> None:
    """The effect first: every target that changes, before and after."""
    from salesgoal.app.revise import effect_book

    book = effect_book(trial, as_of=as_of)
    print_book(book, "terminal", trial.loaded.plugins, lang)
    count = len(trial.effect.changes) if trial.effect else 0
    say(lang, f"{count} 个目标值改变", f"{count} targets change")


def _write(trial: Trial, lang: str, *, yes: bool) -> ExitCode:
    from salesgoal.app.revise import write_trial

    if not (yes or confirmed(lang, "写入调整记录？", "Write it into the history?")):
        return ExitCode.FINDINGS
    write_trial(trial)
    number = len(trial.loaded.history.events) + len(trial.events)
    path = trial.loaded.history_path
    say(lang, f"已写入 {path}，第 {number} 行", f"wrote line {number} of {path}")
    if isinstance(trial.events[-1].act, Proposal | Revert):
        next_step = f"salesgoal decide {trial.loaded.path} {number} --approve --by … --reason …"
        say(lang, f"第 {number} 号待批准：{next_step}", f"number {number} waits: {next_step}")
    return ExitCode.FINE
