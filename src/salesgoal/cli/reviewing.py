"""The command ``review``: say why a goal falls short and what is done, or list it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.options import (
    as_of_option,
    command,
    day_of,
    deliver,
    find_plugins,
    lang_option,
    output_option,
    plan_argument,
    unit_option,
)
from salesgoal.cli.reporting import track_plan
from salesgoal.cli.speech import progress, say, say_problems
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from salesgoal.app.load import LoadedPlan
    from salesgoal.domain.metric import Metric
    from salesgoal.domain.review import Review

__all__ = ["review"]


@command.command()
@plan_argument
@click.option("--goal", default="", help="The goal, as A/B; the root where left out.")
@click.option("--period", help="Of which period; the plan's where left out.")
@click.option("--metric", help="Whose gap; the plan's first metric where left out.")
@click.option("--cause", help="A code or name of the plan's causes.")
@click.option("--amount", help="How much of the gap it explains, in whole units.")
@click.option("--text", help="The cause in your own words.")
@click.option("--note", help="A remark on the cause.")
@click.option("--by", "author", metavar="NAME", help="Who says so.")
@click.option("--action", help="What is done about it.")
@click.option("--owner", help="Who does it.")
@click.option("--due", metavar="DAY", help="Until when, as 2023-10-15.")
@click.option("--recovery", help="By how much it shall narrow the gap.")
@click.option("--done", type=int, metavar="N", help="Action N is done.")
@click.option("--drop", type=int, metavar="N", help="Action N is dropped.")
@click.option("--outcome", help="What came of it.")
@click.option("--correct", metavar="KEY", help="The cause of that key is as said here.")
@click.option("--withdraw", metavar="KEY", help="The cause of that key was none.")
@click.option("--list", "listed", is_flag=True, help="List gaps, causes and actions instead.")
@as_of_option
@click.option("--format", "form", default="terminal", show_default=True, help="With --list.")
@output_option
@unit_option
@lang_option
def review(
    plan: Path,
    lang: str,
    *,
    listed: bool,
    as_of: str | None,
    form: str,
    output: Path | None,
    **said: Any,  # noqa: ANN401
) -> ExitCode:
    """Review PLAN: put a gap down to a cause, begin or end an action, or list what was said."""
    if listed:
        return _list(plan, as_of, form, output, lang)
    from salesgoal.app.load import load_plan
    from salesgoal.app.reviews.review import add_review

    with progress("读取计划……", "reading the plan …", lang):
        loaded = load_plan(plan, find_plugins(lang))
    entered = add_review(loaded, _review(loaded, **said))
    say(lang, f"已写入 {entered.path}", f"wrote {entered.path}")
    if entered.is_new:
        name = entered.path.name
        zh = f"已在 {loaded.path.name} 末尾加入 [[reviews]] {name}"
        say(lang, zh, f"added [[reviews]] {name} at the end of {loaded.path.name}")
    if entered.action is not None:
        number = entered.action.number
        say(lang, f"措施编号 {number}", f"action number {number}")
    return ExitCode.FINE


def _list(plan: Path, as_of: str | None, form: str, output: Path | None, lang: str) -> ExitCode:
    """What is overdue or over-explained is a finding."""
    from salesgoal.app.reviews.report import over_explained, review_book

    plugins = find_plugins(lang)
    tracking = track_plan(plan, as_of, plugins, lang)
    deliver(review_book(tracking), form, plugins, output, lang)
    say_problems(tracking.problems, lang)
    over = over_explained(tracking)
    say_problems(over, lang)
    actions = tracking.loaded.plan.reviews.actions
    overdue = [each.number for each in actions if each.is_overdue(tracking.as_of)]
    if overdue:
        numbers = ", ".join(map(str, overdue))
        say(lang, f"逾期的措施：{numbers}", f"overdue actions: {numbers}")
    if tracking.rows.rejected:
        return ExitCode.PARTLY
    return ExitCode.FINDINGS if over or overdue else ExitCode.FINE


def _review(
    loaded: LoadedPlan,
    *,
    goal: str,
    period: str | None,
    metric: str | None,
    done: int | None,
    drop: int | None,
    outcome: str | None,
    author: str | None,
    correct: str | None,
    withdraw: str | None,
    **said: str | None,
) -> Review:
    from salesgoal.app.reviews.review import carry_on, correct_cause, goal_scope
    from salesgoal.domain.action import ActionState
    from salesgoal.domain.review import Review

    given = [name for name, value in said.items() if value is not None]
    number = drop if done is None else done
    if number is not None:
        if given or (done is not None and drop is not None):
            raise UsageError(
                "--done and --drop stand alone, with --outcome and --by at most",
                "--done 和 --drop 单独使用，至多再加 --outcome 和 --by",
            )
        state = ActionState.DROPPED if done is None else ActionState.DONE
        return carry_on(loaded.plan, number, state=state, outcome=outcome, author=author)
    if withdraw is not None:
        if given or correct is not None:
            raise UsageError(
                "--withdraw stands alone, with --by at most",
                "--withdraw 单独使用，至多再加 --by",
            )
        return attrs.evolve(correct_cause(loaded.plan, withdraw), author=author)
    if correct is not None:
        return correct_cause(
            loaded.plan, correct, _cause_of_now(loaded, correct, given, author, said)
        )
    if not {"cause", "text", "action"} & set(given):
        choices = "--cause, --action, --done, --drop, --correct, --withdraw"
        raise UsageError(f"give {choices} or --list", f"请给出 {choices} 或 --list")
    named = (each for each in loaded.plan.metrics if metric in {each.id, each.name})
    found = next(named, loaded.plan.metrics[0])
    return Review(
        scope=goal_scope(loaded.plan, goal),
        period=period or loaded.plan.period,
        metric=metric,
        cause=said["text"],
        code=said["cause"],
        amount=_number("--amount", said["amount"], found),
        note=said["note"],
        author=author,
        action=said["action"],
        owner=said["owner"],
        due_on=None if said["due"] is None else day_of(said["due"], "--due"),
        recovery=_number("--recovery", said["recovery"], found),
        outcome=outcome,
    )


def _cause_of_now(
    loaded: LoadedPlan,
    key: str,
    given: Sequence[str],
    author: str | None,
    said: Mapping[str, str | None],
) -> Review:
    """What a cause says once it is corrected."""
    from salesgoal.domain.review import Review

    if not given or not set(given) <= {"cause", "text", "amount", "note"}:
        takes = "--cause, --text, --amount, --note"
        raise UsageError(
            f"--correct takes {takes} and --by", f"--correct 只接受 {takes} 和 --by"
        )
    plan = loaded.plan
    about = (each.metric for each in plan.reviews.explanations if each.key == key)
    metric = plan.metric(next(about, plan.metrics[0].id))
    return Review(
        period=plan.period,
        code=said["cause"],
        cause=said["text"],
        amount=_number("--amount", said["amount"], metric),
        note=said["note"],
        author=author,
    )


def _number(option: str, text: str | None, metric: Metric) -> Decimal | None:
    """An amount as the tables of a plan write it: 60000 or 60,000.00, in percent 85%."""
    from salesgoal.intake.parse import CellRefused, may_be_ratio, read_number

    whole = None if text is None else text.strip().replace("％", "%")
    bare = whole.removesuffix("%") if whole and metric.is_percent else whole
    try:
        found = read_number(bare)
    except CellRefused as error:
        raise UsageError(
            f"{option}: {text!r} is not a number; write it as 60000",
            f"{option}：{text!r} 不是数字，请写成 60000",
        ) from error
    if metric.is_percent and found is not None and may_be_ratio(found) and bare == whole:
        raise UsageError(
            f"{option}: {text!r} may be a percentage or a ratio; write 85% or 0.85%",
            f"{option}：{text!r} 不清楚是百分数还是比值，请写成 85% 或 0.85%",
        )
    return None if found is None else Decimal(found)
