"""The table of reviews that salesgoal writes: a CSV file beside the plan, only ever added to.

Tables which people wrote stay as they are: rows go into the first CSV file of ``[[reviews]]``
with all the columns that are needed. Where there is none yet, it is made, and named at the end
of the plan file; every other byte of both stays.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import unwritten, write_file
from salesgoal.app.own_tables import amount_cell, inert, name_table
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.review import Review
from salesgoal.errors import OutputError
from salesgoal.intake.review_rows import KIND_NAMES, REVIEW_NAMES, STATE_NAMES

__all__ = ["append_reviews", "writing_alone"]

_SINCE_LATER = frozenset({"cause_kind", "corrects"})
"""Roles whose columns a table may lack as long as nobody speaks of them."""


def append_reviews(loaded: LoadedPlan, reviews: Sequence[Review]) -> tuple[Path, bool]:
    """Adds rows at the end of the table, in one step; returns it, and whether it is new.

    Args:
        loaded: Whose table it is; hold `writing_alone` meanwhile.
        reviews: Without fault, their periods resolved.

    Raises:
        OutputError: The table or the plan file cannot be written.
    """
    plan = loaded.plan
    header = _header(plan)
    rows = [_cells(review, plan, header) for review in reviews]
    said = {name for row in rows for name, text in row.items() if text}
    needed = {name for name, role in header.items() if role not in _SINCE_LATER} | said
    path, is_new = _own_table(loaded, needed)
    before = codecs.BOM_UTF8 + _line(list(header)) if is_new else path.read_bytes()
    if not before.endswith(b"\n"):
        before += b"\n"
    columns = list(header) if is_new else _columns(path)
    added = (_line([row.get(name, "") for name in columns]) for row in rows)
    write_file(path, before + b"".join(added))
    if is_new:
        name_table(loaded.path, "reviews", {"path": path.name})
    return path, is_new


@contextmanager
def writing_alone(plan: Path) -> Iterator[None]:
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


def _header(plan: Plan) -> dict[str, str]:
    """Column -> role or dimension, in the order of the table that the command makes."""
    roles = {names[1] if len(names) > 1 else role: role for role, names in REVIEW_NAMES.items()}
    taken = {name for names in REVIEW_NAMES.values() for name in names}
    goal = {(each.id if each.name in taken else each.name): each.id for each in plan.dimensions}
    return {**goal, **roles}


def _cells(review: Review, plan: Plan, header: dict[str, str]) -> dict[str, str]:
    assert isinstance(review.period, Period)
    named = (each for each in plan.metrics if review.metric in {each.id, each.name})
    metric = next(named, plan.metrics[0])
    values: dict[str, object] = {
        **review.scope,
        "period": review.period.label,
        "metric": review.metric or metric.id,
        "cause_code": review.code,
        "cause": review.cause,
        "cause_kind": KIND_NAMES[review.kind][1] if review.kind else None,
        "amount": amount_cell(review.amount, metric),
        "note": review.note,
        "author": review.author,
        "action_number": review.number,
        "action": review.action,
        "action_owner": review.owner,
        "due_on": review.due_on,
        "action_state": STATE_NAMES[review.state][1] if review.state else None,
        "recovery": amount_cell(review.recovery, metric),
        "outcome": review.outcome,
        "hint": review.hint,
        "corrects": review.corrects,
    }
    return {name: _text(values.get(role)) for name, role in header.items()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return inert(value)
    return "" if value is None else str(value)


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


def _own_table(loaded: LoadedPlan, needed: set[str]) -> tuple[Path, bool]:
    """The table that the command may add to, and whether it has to be made."""
    folder = loaded.path.parent
    for table in loaded.document.reviews:
        plain = not (table.importer or table.options or table.columns)
        path = folder / table.path
        if plain and path.suffix == ".csv" and needed <= set(_columns(path)):
            return path, False
    number, path = 1, folder / "reviews.csv"
    while path.exists():
        number += 1
        path = folder / f"reviews-{number}.csv"
    return path, True
