"""A small internal service: where does a goal stand?

A plain WSGI application, so any server takes it: ``waitress-serve --call service:application``
with a function that calls `make_application`, say.
Run it alone: ``python examples/service/service.py PLAN_FOLDER``, then open
``http://127.0.0.1:8000/goals?goal=华东&metric=sales&period=2026Q1``.

The plan is loaded once and tracked again for a new day or where a file of it changed; a request
in between is a look-up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import attrs

import salesgoal as sg
from salesgoal.errors import SalesgoalError, UnknownName, UsageError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["Standing", "make_application"]


@attrs.define
class Standing:
    """The scorecard of a plan, kept while its day and files stay what they were.

    Attributes:
        plan: The folder of the plan, or its file.
        today: What day it is.
    """

    plan: Path
    today: Callable[[], date]
    _known: tuple[object, sg.Scorecard] | None = attrs.field(default=None, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def scorecard(self) -> sg.Scorecard:
        """Returns the scorecard of today; one request at a time works it out."""
        as_of = self.today()
        stamp = (as_of, self._stamps())
        with self._lock:
            if self._known is None or self._known[0] != stamp:
                tracking = sg.track(sg.load_plan(self.plan), as_of=as_of)
                self._known = (stamp, tracking.scorecards[0])
            return self._known[1]

    def _stamps(self) -> tuple[tuple[str, int], ...]:
        folder = self.plan if self.plan.is_dir() else self.plan.parent
        files = sorted(each for each in folder.rglob("*") if each.is_file())
        return tuple((each.name, each.stat().st_mtime_ns) for each in files)


def make_application(
    plan: str | Path, today: Callable[[], date] = date.today
) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """Returns a WSGI application that answers ``/goals`` for one plan.

    Args:
        plan: The folder of the plan, or its file.
        today: What day it is.
    """
    standing = Standing(Path(plan), today)

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/goals":
            status, body = HTTPStatus.NOT_FOUND, {"error": "ask for /goals"}
        else:
            status, body = _answer(standing, environ.get("QUERY_STRING", ""))
        sent = json.dumps(body, ensure_ascii=False).encode()
        headers = [("Content-Type", "application/json; charset=utf-8")]
        start(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(sent)))])
        return [sent]

    return application


def _answer(standing: Standing, query: str) -> tuple[HTTPStatus, dict[str, str | None]]:
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    try:
        card = standing.scorecard()
        plan = card.plan
        row = card.row(
            asked.get("goal", ""),
            metric=asked.get("metric", plan.metrics[0].id),
            period=asked.get("period", plan.period.label),
        )
    except UnknownName as error:
        return HTTPStatus.NOT_FOUND, {"error": error.message("zh")}
    except UsageError as error:
        return HTTPStatus.BAD_REQUEST, {"error": error.message("zh")}
    except SalesgoalError as error:
        return HTTPStatus.SERVICE_UNAVAILABLE, {"error": error.message("zh")}
    return HTTPStatus.OK, _body(card, row)


def _body(card: sg.Scorecard, row: sg.ScoreRow) -> dict[str, str | None]:
    """Amounts as exact text, absent ones null: absence is not zero."""

    def amount(value: object) -> str | None:
        return None if value is None else str(sg.to_amount(value, row.metric.decimals))  # type: ignore[arg-type]

    return {
        "goal": row.goal,
        "metric": row.metric.id,
        "period": row.period.label,
        "as_of": str(card.as_of),
        "target": amount(row.target),
        "actual": amount(row.actual),
        "gap": amount(row.gap),
        "attainment_pct": None if row.ratio is None else str(sg.percent(row.ratio)),
        "status": row.status.value,
    }


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, make_application(sys.argv[1])) as server:
        server.serve_forever()
