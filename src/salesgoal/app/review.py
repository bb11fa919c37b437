"""Entering reviews: one remark becomes one row of a table beside the plan, added at its end.

The command keeps its rows in a table of its own, so that tables which people wrote stay as
they are: the first CSV file of ``[[reviews]]`` with all its columns. Where there is none yet,
it is made, and named at the end of the plan file; every other byte of both stays.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import unwritten, write_file
from salesgoal.domain.action import Action, ActionState
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import book_reviews
from salesgoal.domain.scope import Scope, decode_scope
from salesgoal.errors import OutputError, PlanRefused, UnknownName
from salesgoal.intake.review_rows import REVIEW_NAMES, STATE_NAMES

__all__ = ["Entered", "add_review", "carry_on", "goal_scope"]

_FORMULA_STARTS = ("=", "+", "-", "@")


@attrs.frozen(kw_only=True)
class Entered:
    """What was written: the file, whether the plan file names it only now, and the action."""

    path: Path
    is_new: bool
    action: Action | None


def goal_scope(plan: Plan, goal: str) -> Scope:
    """Returns the members of the goal with that path, in whichever breakdown has it.

    Raises:
        UnknownName: No breakdown has it.
    """
    for tree in plan.trees:
        if goal in tree.by_path:
            return decode_scope(tree.scope[tree.by_path[goal]], plan.dimensions)
    paths = [path for tree in plan.trees for path in tree.path]
    raise UnknownName("goal", goal, [each for each in paths if each.endswith(goal)][:3])


def carry_on(
    plan: Plan,
    number: int,
    *,
    state: ActionState,
    outcome: str | None = None,
    author: str | None = None,
) -> Review:
    """Returns the remark that an action is in another state.

    Raises:
        UnknownName: The plan has no action of that number.
    """
    for action in plan.reviews.actions:
        if action.number == number:
            return Review(
                scope=decode_scope(action.codes, plan.dimensions),
                period=action.period,
                metric=action.metric,
                number=number,
                state=state,
                outcome=outcome,
                author=author,
            )
    known = [str(each.number) for each in plan.reviews.actions]
    raise UnknownName("action", str(number), known)


def add_review(loaded: LoadedPlan, review: Review) -> Entered:
    """Adds a remark to the plan's own table of reviews; a new action gets its number.

    Raises:
        PlanRefused: The remark names what the plan lacks, or has an amount that it cannot hold;
            nothing is written.
        UnknownName: The plan does not show its period.
        OutputError: The table or the plan file cannot be written, or is being written.
    """
    plan = loaded.plan
    period = plan.parse(review.period) if isinstance(review.period, str) else review.period
    if period not in plan.periods:
        raise UnknownName("period of this plan", period.label, [p.label for p in plan.periods])
    if review.action is not None and review.number is None:
        number = max((each.number for each in plan.reviews.actions), default=0) + 1
        review = attrs.evolve(review, number=number)
    review = attrs.evolve(review, period=period, where=Place("review"))
    action = _checked(plan, review)
    header = _header(plan)
    with _alone(loaded.path):
        path, is_new = _own_table(loaded, header)
        before = codecs.BOM_UTF8 + _line(list(header)) if is_new else path.read_bytes()
        if not before.endswith(b"\n"):
            before += b"\n"
        columns = header if is_new else _columns(path)
        cells = _cells(review, plan, header)
        write_file(path, before + _line([cells.get(name, "") for name in columns]))
        if is_new:
            _name_in_plan(loaded.path, path.name)
    return Entered(path=path, is_new=is_new, action=action)


def _checked(plan: Plan, review: Review) -> Action | None:
    """The action that the remark begins or carries on, once it is without fault."""

    def resolve(asked: Period | str) -> Period:
        return plan.parse(asked) if isinstance(asked, str) else asked

    book, problems = book_reviews(
        (*plan.reviews.given, review),
        resolve,
        own=plan.period,
        metrics=plan.metrics,
        dimensions=plan.dimensions,
        causes=plan.reviews.causes,
    )
    own = [each for each in problems if each.where == review.where]
    if own:
        raise PlanRefused(own)
    numbered = {each.number: each for each in book.actions}
    return numbered.get(review.number or 0)


def _header(plan: Plan) -> dict[str, str]:
    """Column -> role or dimension, in the order of the table that the command makes."""
    roles = {names[1] if len(names) > 1 else role: role for role, names in REVIEW_NAMES.items()}
    taken = {name for names in REVIEW_NAMES.values() for name in names}
    goal = {(each.id if each.name in taken else each.name): each.id for each in plan.dimensions}
    return {**goal, **roles}


def _cells(review: Review, plan: Plan, header: dict[str, str]) -> dict[str, str]:
    assert isinstance(review.period, Period)
    values: dict[str, object] = {
        **review.scope,
        "period": review.period.label,
        "metric": review.metric or plan.metrics[0].id,
        "cause_code": review.code,
        "cause": review.cause,
        "amount": review.amount,
        "note": review.note,
        "author": review.author,
        "action_number": review.number,
        "action": review.action,
        "action_owner": review.owner,
        "due_on": review.due_on,
        "action_state": STATE_NAMES[review.state][1] if review.state else None,
        "recovery": review.recovery,
        "outcome": review.outcome,
        "hint": review.hint,
    }
    return {name: _text(values.get(role)) for name, role in header.items()}


def _text(value: object) -> str:
    """A cell; a text that begins like a formula gets a space before it, which reading drops."""
    text = "" if value is None else str(value)
    formula = isinstance(value, str) and text.startswith(_FORMULA_STARTS)
    return f" {text}" if formula else text


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _columns(path: Path) -> list[str]:
    """The header of a CSV table; nothing where it is no UTF-8 or no CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def _own_table(loaded: LoadedPlan, header: dict[str, str]) -> tuple[Path, bool]:
    """The table that the command may add to, and whether it has to be made."""
    folder = loaded.path.parent
    for table in loaded.document.reviews:
        plain = not (table.importer or table.options or table.columns)
        path = folder / table.path
        if plain and path.suffix == ".csv" and set(header) <= set(_columns(path)):
            return path, False
    number, path = 1, folder / "reviews.csv"
    while path.exists():
        number += 1
        path = folder / f"reviews-{number}.csv"
    return path, True


def _name_in_plan(path: Path, name: str) -> None:
    """Adds the table at the end of the plan file; every byte before it stays.

    Raises:
        OutputError: The plan file would say anything else than before.
    """
    before = path.read_bytes()
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") else end
    after = before + f'{gap}{end}[[reviews]]{end}path = "{name}"{end}'.encode()
    old = tomllib.loads(before.decode("utf-8-sig"))
    old.setdefault("reviews", []).append({"path": name})
    try:
        same = tomllib.loads(after.decode("utf-8-sig")) == old
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        en = f'add [[reviews]] with path = "{name}" to it yourself'
        raise OutputError(str(path), en, f'请自行在其中加入 [[reviews]]，path = "{name}"')
    write_file(path, after)


@contextmanager
def _alone(plan: Path) -> Iterator[None]:
    """Lets one writer at a time add to the reviews of a plan.

    Raises:
        OutputError: Another one is at work, or was stopped in the middle.
    """
    lock = plan.with_name(f".{plan.name}.reviews.lock")
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        detail = f"{lock.name} says that somebody else writes reviews - delete it if not"
        zh = f"{lock.name} 表明别人正在写入复盘 - 若并非如此，请删除它"
        raise OutputError(str(plan), detail, zh) from error
    except OSError as error:
        raise unwritten(plan, error) from error
    try:
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)
