"""The history of a plan as a file beside it: one line of JSON a revision, only ever appended.

Every line ends with a seal: 16 hexadecimal digits of SHA-256 over the seal of the line before
and the line's own content. A line that was changed, removed or put in no longer fits.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from salesgoal.app.output import unwritten
from salesgoal.domain.foreign_text import os_zh
from salesgoal.domain.history import Act, Decision, Event, History, Lock, Revert
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.proposal import Over, Proposal, RevisionRule
from salesgoal.domain.replay import replay
from salesgoal.errors import OutputError, PlanRefused, RevisionRefused

__all__ = ["HistoryFile", "append_line", "read_history", "replay_file"]

_HEAD = ("number", "recorded_at", "act", "by", "reason")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "revise": (
        *("goal", "metric", "measure", "period", "from", "to", "rule", "over"),
        "effective_on",
    ),
    "revert": ("revision",),
    "approve": ("revision", "digest"),
    "refuse": ("revision",),
    "close": ("period",),
    "reopen": ("period",),
}


@attrs.frozen(kw_only=True)
class HistoryFile:
    """A history as it was read.

    Attributes:
        history: Its events.
        seal: Of the last line; empty where there is none.
        size: How many bytes the whole lines take; what follows is the rest of a crash.
        problems: Warnings: an incomplete last line.
    """

    history: History = attrs.field(factory=History)
    seal: str = ""
    size: int = 0
    problems: tuple[Problem, ...] = ()


def read_history(path: Path) -> HistoryFile:
    """Returns the history of a file; a file that is not there is an empty one.

    A last line without its end, as a crash while writing leaves it, does not count and is
    warned about; the next `append_line` removes it.

    Raises:
        PlanRefused: A line that is none, a gap in the numbers, a seal that does not fit, or an
            event that the rules refuse.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return HistoryFile()
    except OSError as error:
        place = Place(path.name)
        raise _refused(place, str(error), os_zh(error)) from error
    size = content.rfind(b"\n") + 1
    history, seal = History(), ""
    for number, line in enumerate(content[:size].split(b"\n")[:-1], start=1):
        place = Place(path.name, row=number)
        fields = _fields(line, place)
        _check_seal(fields, number, seal, place)
        seal = fields["seal"]
        try:
            history = history.append(_event(fields, place), base=number - 1)
        except RevisionRefused as refused:
            found = [attrs.evolve(each, where=place) for each in refused.problems]
            raise PlanRefused(found) from refused
    torn = [problem("history-torn", Place(path.name))] if content[size:] else []
    return HistoryFile(history=history, seal=seal, size=size, problems=tuple(torn))


def append_line(path: Path, event: Event, *, base: int) -> None:
    """Appends an event under a lock; it is on the disk when this returns.

    Args:
        path: The file; made where it is missing.
        event: What was done, already allowed by the rules.
        base: How many lines the one who appends has seen.

    Raises:
        RevisionRefused: Somebody else wrote meanwhile.
        PlanRefused: As `read_history`.
        OutputError: The file cannot be written to.
    """
    with _locked(path) as handle:
        known = read_history(path)
        known.history.append(event, base=base)
        fields = _written(event, base + 1)
        line = _line({**fields, "seal": _seal(known.seal, fields)})
        try:
            os.ftruncate(handle, known.size)
            os.lseek(handle, 0, os.SEEK_END)
            if os.write(handle, line) < len(line):
                raise OutputError(str(path), "the disk is full", "磁盘已满")
            os.fsync(handle)
        except OSError as error:
            raise unwritten(path, error) from error


def replay_file(plan: Plan, path: Path, known_at: datetime | None) -> tuple[Plan, History]:
    """Returns the plan as known at a moment, and its whole history; warnings go to the plan.

    Raises:
        PlanRefused: As `read_history`; or an event names what the plan lacks, or its rule
            refuses it.
    """
    found = read_history(path)
    try:
        replayed = replay(plan, found.history, known_at=known_at)
    except RevisionRefused as refused:
        raise PlanRefused([_addressed(each, path) for each in refused.problems]) from refused
    drifts = (_addressed(each, path) for each in replayed.problems)
    warnings = (*plan.warnings, *found.problems, *drifts)
    return attrs.evolve(replayed.plan, warnings=warnings), found.history


def _addressed(found: Problem, path: Path) -> Problem:
    """A problem of event ``#7`` stands in line 7."""
    row = int((found.where.key or "#0").removeprefix("#"))
    return attrs.evolve(found, where=Place(path.name, row=row))


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, opened for nobody else; waits for others to finish."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    except OSError as error:
        raise unwritten(path, error) from error
    try:
        _lock(handle)
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Locks until the file is closed; without either module the seals still tell a clash."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        # A byte far behind the end, since Windows would refuse to read a locked one.
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _fields(line: bytes, place: Place) -> dict[str, Any]:
    try:
        found = json.loads(line.decode(), parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _refused(place, str(error), "不是 JSON") from error
    if not isinstance(found, dict) or found.get("act") not in _KEYS:
        acts = ", ".join(_KEYS)
        raise _refused(place, f"act is one of {acts}", f"act 须为 {acts} 之一")
    known = {*_HEAD, *_KEYS[found["act"]], "seal"}
    odd = sorted(known ^ found.keys())
    if odd:
        shown = ", ".join(odd)
        raise _refused(place, f"{shown} unknown or missing", f"{shown} 多余或缺少")
    return found


def _check_seal(fields: Mapping[str, Any], number: int, before: str, place: Place) -> None:
    if fields["number"] != number:
        facts = {"expected": number, "found": fields["number"]}
        raise PlanRefused([problem("history-gap", place, **facts)])
    content = {key: value for key, value in fields.items() if key != "seal"}
    if fields["seal"] != _seal(before, content):
        raise PlanRefused([problem("history-tampered", place)])


def _event(fields: Mapping[str, Any], place: Place) -> Event:
    act: Act
    try:
        if fields["act"] == "revise":
            act = _proposal(fields)
        elif fields["act"] == "revert":
            act = Revert(int(fields["revision"]))
        elif fields["act"] in {"approve", "refuse"}:
            digest = fields.get("digest")
            act = Decision(int(fields["revision"]), fields["act"] == "approve", digest)
        else:
            act = Lock(str(fields["period"]), fields["act"] == "close")
        return Event(
            act=act,
            by=str(fields["by"]),
            reason=str(fields["reason"]),
            recorded_at=datetime.fromisoformat(fields["recorded_at"]),
        )
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise _refused(place, str(error), "其中有一个值格式不对") from error


def _proposal(fields: Mapping[str, Any]) -> Proposal:
    since = fields["effective_on"]
    return Proposal(
        goal={str(name): str(member) for name, member in fields["goal"].items()},
        metric=str(fields["metric"]),
        measure=str(fields["measure"]),
        period=str(fields["period"]),
        before=None if fields["from"] is None else Decimal(str(fields["from"])),
        to=Decimal(str(fields["to"])),
        rule=RevisionRule(fields["rule"]),
        over=Over(fields["over"]),
        effective_on=None if since is None else date.fromisoformat(since),
    )


def _written(event: Event, number: int) -> dict[str, Any]:
    act = event.act
    head = {
        "number": number,
        "recorded_at": event.recorded_at.isoformat(),
        "act": "",
        "by": event.by,
        "reason": event.reason,
    }
    if isinstance(act, Proposal):
        since = act.effective_on
        return head | {
            "act": "revise",
            "goal": dict(act.goal),
            "metric": act.metric,
            "measure": act.measure,
            "period": act.period,
            "from": None if act.before is None else f"{act.before:f}",
            "to": f"{Decimal(act.to):f}",
            "rule": str(act.rule),
            "over": str(act.over),
            "effective_on": None if since is None else since.isoformat(),
        }
    if isinstance(act, Lock):
        return head | {"act": "close" if act.closed else "reopen", "period": act.period}
    if isinstance(act, Revert):
        return head | {"act": "revert", "revision": act.revision}
    if act.approved:
        return head | {"act": "approve", "revision": act.revision, "digest": act.digest}
    return head | {"act": "refuse", "revision": act.revision}


def _line(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _seal(before: str, fields: Mapping[str, Any]) -> str:
    """Over the content, whatever the order of keys and the blanks between them."""
    content = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(f"{before}\n{content}".encode()).hexdigest()[:16]


def _refused(place: Place, reason: str, reason_zh: str) -> PlanRefused:
    return PlanRefused([problem("history-line", place, reason=reason, reason_zh=reason_zh)])
