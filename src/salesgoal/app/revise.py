"""Revising a plan: a trial on a copy, its effect, and the line in the history."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import tomlkit

from salesgoal.app.history_file import append_line
from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import write_file
from salesgoal.app.track import track
from salesgoal.domain.history import Act, Decision, Event, History
from salesgoal.domain.replay import record
from salesgoal.domain.revision import Effect
from salesgoal.sheets.revision_sheets import Rates, effect_sheet, history_sheet
from salesgoal.sheets.sheet import Book, Words

__all__ = ["Trial", "effect_book", "history_book", "try_acts", "write_trial"]

_PLAN_HEADER = re.compile(r"^[ \t]*\[[ \t]*plan[ \t]*\][^\r\n]*(\r?\n|\Z)", re.MULTILINE)
_TICK = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Trial:
    """What would be written, and what it would change; nothing is written yet.

    Attributes:
        loaded: The plan as it is.
        events: The lines to append.
        effect: What they change together; None where no target is concerned.
    """

    loaded: LoadedPlan
    events: tuple[Event, ...]
    effect: Effect | None


def try_acts(
    loaded: LoadedPlan, acts: list[tuple[Act, str]], *, reason: str, at: datetime
) -> Trial:
    """Returns what acts would change, without writing anything.

    Args:
        loaded: From `load_plan`, as of now.
        acts: What is done, and by whom; a decision about revision 0 means the act before it.
        reason: Why.
        at: The moment, with a time zone; each act after the first is a microsecond later.

    Raises:
        RevisionRefused, UnknownName, LabelRefused, NumberRefused: As `record`.
    """
    history: History = loaded.history
    events: list[Event] = []
    effect = None
    for act, by in acts:
        base = len(history.events)
        if isinstance(act, Decision) and not act.revision:
            act = attrs.evolve(act, revision=base)  # noqa: PLW2901 - the act before it
        event = Event(act=act, by=by, reason=reason, recorded_at=at + _TICK * len(events))
        history, made = record(loaded.unrevised, history, event, base=base)
        effect = made or effect
        events.append(history.events[-1])
    return Trial(loaded=loaded, events=tuple(events), effect=effect)


def write_trial(trial: Trial) -> None:
    """Appends the events to the history, and names the history in the plan file.

    Raises:
        RevisionRefused: Somebody else wrote meanwhile.
        PlanRefused: The history is no longer valid.
        OutputError: A file cannot be written to.
    """
    loaded = trial.loaded
    base = len(loaded.history.events)
    for offset, event in enumerate(trial.events):
        append_line(loaded.history_path, event, base=base + offset)
    if loaded.document.plan.history is None:
        _name_history(loaded.path, loaded.history_path.name)


def effect_book(trial: Trial, *, as_of: date) -> Book:
    """Returns every target that changes, with the attainment of the plan's facts on a day.

    Raises:
        SourceRefused, PlanRefused: As `track`.
    """
    assert trial.effect is not None
    after = attrs.evolve(trial.loaded, plan=trial.effect.plan)
    rates = (_rates(trial.loaded, as_of), _rates(after, as_of))
    name = trial.loaded.plan.name
    return Book(
        title=Words(name, name),
        sheets=(effect_sheet(trial.effect, *rates),),
        meta={"plan": name, "as_of": as_of.isoformat()},
    )


def history_book(loaded: LoadedPlan) -> Book:
    """Returns what was proposed, approved, refused, closed and reopened, by whom and why."""
    name = loaded.plan.name
    sheet = history_sheet(loaded.history, {each.id: each.name for each in loaded.plan.metrics})
    return Book(title=Words(name, name), sheets=(sheet,), meta={"plan": name})


def _rates(loaded: LoadedPlan, as_of: date) -> Rates:
    return {
        (card.tree.scope[card.tree.by_path[row.goal]], row.metric.id, row.period): row.ratio
        for card in track(loaded, as_of=as_of).scorecards
        for row in card.rows()
    }


def _name_history(path: Path, name: str) -> None:
    """Adds ``history`` to the plan file; every other byte stays.

    Somebody else's revision may have added it since the plan was loaded.
    """
    text = path.read_bytes().decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    document: Any = tomlkit.parse(body)
    if "history" in document["plan"]:
        return
    line = f"history = {tomlkit.item(name).as_string()}"
    header = _PLAN_HEADER.search(body)
    if header:
        end = header[1] or "\n"
        head = body[: header.end()] + ("" if header[1] else end)
        added = f"{head}{line}{end}{body[header.end() :]}"
    if not header or not _only_adds(body, added, name):
        document["plan"]["history"] = name
        added = tomlkit.dumps(document)
    write_file(path, f"{mark}{added}".encode())


def _only_adds(before: str, after: str, name: str) -> bool:
    """Whether the plan says the same as before, with the history added."""
    try:
        old, new = tomlkit.parse(before).unwrap(), tomlkit.parse(after).unwrap()
    except tomlkit.exceptions.TOMLKitError:
        return False
    old["plan"]["history"] = name
    return bool(old == new)
