"""The commands that share a goal out: split over members, distribute over periods."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.named import dimension_id, level_id, metric_id
from salesgoal.cli.options import (
    command,
    find_plugins,
    lang_option,
    plan_argument,
    print_book,
)
from salesgoal.cli.speech import say, say_problems
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from salesgoal.app.load import LoadedPlan
    from salesgoal.app.planning import Shared
    from salesgoal.sheets.sheet import Words

__all__ = ["distribute", "split"]

_BETWEEN = re.compile(r"[,，;；](?=[^,，;；=]+=)")

_OPTIONS = (
    click.option("--goal", default="", help="The goal, as A/B; the root where left out."),
    click.option("--period", help="Of which period; the plan's where left out."),
    click.option("--metric", help="Which metric; the plan's first where left out."),
    click.option("--total", help="Another total than the plan's, as 500万."),
    click.option(
        "--growth", metavar="PCT", help="Last year's actual and so many percent more."
    ),
    click.option("--weights", help="What the parts weigh, as 华东=8,华南=7 or 18,20,20,22."),
    click.option("--amounts", help="Parts that are known, as 华东=80万."),
    click.option("--floors", help="The least of parts, as 华东=50万."),
    click.option("--caps", help="The most of parts, as 华东=90万."),
    click.option("--over", metavar="PCT", help="Over-assignment in percent."),
    click.option("--step", default="", help="What parts are multiples of: 元, 百元, 万元."),
    click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Write targets: .csv, .xlsx."
    ),
    click.option("--replace", is_flag=True, help="Replace the file where it is there."),
)


def _planning(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that both commands have."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), function)


@command.command()
@plan_argument
@click.option("--by", required=True, help="The dimension whose members share.")
@click.option("--members", help="Only these members, as 华东,华南.")
@click.option(
    "--basis",
    type=click.Choice(["equal", "weights", "last_year", "trailing"]),
    help="What members weigh; equal where left out.",
)
@_planning
@lang_option
def split(plan: Path, by: str, members: str | None, lang: str, **asked: Any) -> ExitCode:  # noqa: ANN401
    """Split a goal of PLAN over the members of a dimension."""
    named = re.split("[,，]", members) if members else None
    return _share(plan, "split", {"by": by, "members": named}, lang, asked)


@command.command()
@plan_argument
@click.option("--into", required=True, help="The level of the periods, as week.")
@click.option(
    "--basis",
    type=click.Choice(["equal", "weights", "workdays", "days", "profile", "last_year"]),
    help="What periods weigh; equal where left out.",
)
@click.option("--profile", help="The name of a profile of the plan.")
@_planning
@lang_option
def distribute(plan: Path, into: str, profile: str | None, lang: str, **asked: Any) -> ExitCode:  # noqa: ANN401
    """Distribute a goal of PLAN over periods."""
    return _share(plan, "distribute", {"into": into, "profile": profile}, lang, asked)


def _share(
    path: Path, name: str, step: dict[str, Any], lang: str, asked: dict[str, Any]
) -> ExitCode:
    from salesgoal.app.load import load_plan
    from salesgoal.app.plan_file.cascade import CascadeTable
    from salesgoal.app.planning import find_scope, share, write_targets

    plugins = find_plugins(lang)
    loaded = load_plan(path, plugins)
    asked["metric"] = metric_id(loaded.plan, asked["metric"])
    if "by" in step:
        step = {**step, "by": dimension_id(loaded.plan, step["by"])}
    own = _unit(loaded, asked["metric"])
    table = CascadeTable(
        metric=asked["metric"],
        period=asked["period"],
        goal=find_scope(loaded.plan, asked["goal"]),
        total=_quantity(asked["total"], own),
        growth_pct=_quantity(asked["growth"]),
        steps=[_step(step, asked, own)],
    )
    shared = share(loaded, table, name)
    if asked["output"] is not None:
        write_targets(asked["output"], shared, lang=lang, replace=asked["replace"])
    _show(shared, partial(print_book, form="terminal", plugins=plugins, lang=lang))
    say_problems(shared.warnings, lang)
    if asked["output"] is not None:
        output = asked["output"]
        line = f'[[targets]] path = "{output.name}"'
        say(
            lang,
            f"已写入 {output}；在计划中加入 {line}",
            f"wrote {output}; add to the plan: {line}",
        )
    return ExitCode.FINE


def _step(step: dict[str, Any], asked: dict[str, Any], own: str) -> Any:  # noqa: ANN401 - lazy class
    from salesgoal.app.plan_file.cascade import Basis, StepTable
    from salesgoal.domain.period import Level
    from salesgoal.errors import UnknownName

    if "into" in step:
        levels, into = [str(each) for each in Level], level_id(step["into"])
        if into not in levels:
            raise UnknownName("level", step["into"], levels)
        step = {**step, "into": Level(into)}
    weights = asked["weights"]
    basis = asked["basis"]
    return StepTable(
        **step,
        basis=Basis(basis) if basis else None,
        weights=_weights(weights) if weights else None,
        amounts=_named(asked["amounts"], own),
        floors=_named(asked["floors"], own),
        caps=_named(asked["caps"], own),
        over_assignment_pct=_quantity(asked["over"]) or 0,
        step=asked["step"],
    )


def _show(shared: Shared, show: Callable[..., None]) -> None:
    from salesgoal.domain.scope import decode_scope
    from salesgoal.sheets.allocation_sheet import allocation_sheet
    from salesgoal.sheets.sheet import Book, Words

    plan, made = shared.plan, shared.made
    begin = decode_scope(made.goal, plan.dimensions)
    goal = "/".join(begin.values()) or plan.name
    title = Words(f"{goal} {made.period.label}", f"{goal} {made.period.label}")
    parts = []
    for codes, period, units in shared.parts:
        scope = decode_scope(codes, plan.dimensions)
        changed = [name for key, name in scope.items() if begin.get(key) != name]
        parts.append((changed[0] if changed else period.label, units))
    by = _part_words(shared)
    sheet = allocation_sheet(title, by, parts, total=shared.total, metric=made.metric)
    show(Book(title=title, sheets=(sheet,)))


def _part_words(shared: Shared) -> Words:
    from salesgoal.domain.cascade import MemberStep
    from salesgoal.sheets.sheet import Words
    from salesgoal.sheets.words import named

    (step,) = shared.made.steps
    if isinstance(step, MemberStep):
        return named(step.dimension.name, step.dimension.id)
    return Words(step.level.zh, str(step.level).capitalize())


def _unit(loaded: LoadedPlan, name: str | None) -> str:
    """The unit of the metric that is shared out; whoever makes the cascade refuses others."""
    metrics = loaded.plan.metrics
    return next((each.unit for each in metrics if name in {None, each.id}), "")


def _quantity(text: str | None, own: str = "") -> Decimal | int | None:
    from salesgoal.app.cascades import read_quantity

    return None if text is None else read_quantity(text.removesuffix("%"), own)


def _named(text: str | None, own: str = "") -> dict[str, Any]:
    """Name=amount, joined by commas; commas between thousands stay in the amounts."""
    named = {}
    for pair in _BETWEEN.split(text.replace("＝", "=")) if text else ():
        name, equals, amount = pair.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(
                f"{pair!r} is no pair; write 华东=80万,华南=70万",
                f"{pair!r} 不成对，请写成 华东=80万,华南=70万",
            )
        if name in named:
            raise UsageError(f"{name!r} is given twice", f"{name!r} 写了两次")
        named[name] = _quantity(amount, own)
    return named


def _weights(text: str) -> Any:  # noqa: ANN401 - a table or a list
    if "=" in text or "＝" in text:
        return _named(text)
    return [_quantity(each) for each in re.split("[,，]", text)]
