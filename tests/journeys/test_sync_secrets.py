"""A token is used and shown nowhere: not by the ledger, the output, a report or an error."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salesgoal import load_plan
from salesgoal.app.builtins import load_plugins
from salesgoal.app.sync.syncing import Syncing, find_services
from salesgoal.store import open_ledger

from .crm_desk import TOKEN
from .desk import call

pytestmark = pytest.mark.slow


LEAKING = {
    "as it should be": ("", ""),
    "an error with the token": (
        '    return content["deals"]',
        "    raise ValueError(f'{headers} {options.token.reveal()}')",
    ),
    "an error of its own": (
        'raise kind("acme", f"HTTP {error.code}")',
        "raise kind('acme', f'{options.token.reveal()} was refused', headers['Authorization'])",
    ),
    "a page that is none": (
        "        yield Page(tuple(map(row, deals)), COLUMNS, cursor)",
        "        yield options.token.reveal()",
    ),
}


def everything(error):
    """All that an error shows, with its causes and the variables of its frames."""
    seen, waiting = [], [error]
    while waiting:
        one = waiting.pop()
        seen += [repr(one), repr(vars(one)), *traceback.format_exception(one)]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            seen += map(repr, frame.f_locals.values())
        waiting += filter(None, (one.__cause__, one.__context__))
    return "\n".join(seen)


@pytest.mark.parametrize("fault", [None, 401, 503, "html"])
@pytest.mark.parametrize("kind", LEAKING)
def test_the_token_is_shown_nowhere(capsys, caplog, desk, crm, tmp_path, kind, fault):
    caplog.set_level(0)
    old, new = LEAKING[kind]
    module = tmp_path / "site" / "salesgoal_acme.py"
    text = module.read_text(encoding="utf-8")
    assert old in text
    module.write_text(text.replace(old, new), encoding="utf-8")
    crm.faults = {3: fault, 4: fault, 6: fault}
    shown = []
    for command in (
        ("sync", desk),
        ("sync", desk, "--full", "--lang", "en"),
        ("sync", desk, "--dry-run", "--format", "json"),
        ("track", desk, "--as-of", "2023-12-31", "--format", "json"),
        ("ledger", desk, "--format", "json"),
        ("plugins",),
        ("check", desk),
    ):
        shown += call(capsys, *command)[1:]
    loaded = load_plan(desk, load_plugins())
    with open_ledger(desk / "plan.ledger.db") as ledger:
        run = Syncing(loaded=loaded, ledger=ledger, clock=lambda: datetime.now(UTC), full=True)
        done = run.take(find_services(loaded)[0])
        shown += [repr(done), repr(run), repr(ledger.documents())]
        shown += map(repr, ledger.entries())
        shown.append(repr(ledger.feed("crm").checkpoint()))
    if done.error is not None:
        shown.append(everything(done.error))
    shown += [caplog.text, repr(loaded)]
    assert not [each for each in shown if TOKEN in each]
    written = [path for path in Path(desk).rglob("*") if path.is_file()]
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]
    assert crm.tokens
    assert {f"Bearer {TOKEN}"} == set(crm.tokens)
