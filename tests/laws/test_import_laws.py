"""Ledger and files, DESIGN section 3.

"Ledger: what counts, as known at a moment. Replay, shuffle and overlap of the same documents
change nothing." So a plan that reads its facts from a ledger shows what it shows of the files.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.app.deliveries import find_deliveries, open_plan_ledger
from salesgoal.app.importing import Importing
from salesgoal.app.load import load_plan
from salesgoal.app.track import track

from .worlds import FIRST, LAST, columns, worlds

VALUES = ("sales", "cash", "buyers", "debt", "mean", "most", "least")
HEAD = f"""\
[plan]
name = "world"
period = {{ since = {FIRST}, until = {LAST} }}
levels = ["span", "month", "week"]
weeks = {{ kind = "iso" }}

[metrics]
sales = {{}}
cash = {{}}
rate = {{ unit = "%", aggregation = "ratio", numerator = "cash", denominator = "sales" }}
buyers = {{ aggregation = "distinct" }}
debt = {{ aggregation = "last" }}
mean = {{ aggregation = "average" }}
most = {{ aggregation = "maximum" }}
least = {{ aggregation = "minimum" }}
"""


def write_plan(folder, world, *, ledger):
    parts = [HEAD]
    for dimension in world.dimensions:
        members = [
            f'{{ name = "{each.name}"'
            + (f', parent = "{each.parent}" }}' if each.parent else " }")
            for each in dimension.given
        ]
        parts.append(f"[dimensions.{dimension.id}]\nmembers = [{', '.join(members)}]\n")
    parts += [
        f"[[breakdowns]]\nby = {list(each.by)}\nevery_member = true\n"
        for each in world.breakdowns
    ]
    parts.append('[[actuals]]\npath = "*.csv"\nsource = "facts"\n')
    parts += ["[ledger]\n"] if ledger else []
    path = folder / ("ledger.toml" if ledger else "files.toml")
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def write_facts(folder, world, cuts):
    """The facts of single days in as many files as ``cuts`` says."""
    facts = [each for each in world.facts if isinstance(each.on, date)]
    ids = [each.id for each in world.dimensions]
    for number in range(cuts):
        some = facts[number::cuts]
        used = [name for name in VALUES if any(name in each.values for each in some)]
        if used:
            with (folder / f"{number}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(["on", *ids, *used])
                writer.writerows(
                    [each.on, *(each.members.get(name) for name in ids)]
                    + [each.values.get(name) for name in used]
                    for each in some
                )
    if not any(folder.glob("*.csv")):
        (folder / "0.csv").write_text(",".join(["on", *ids, "sales"]) + "\n", encoding="utf-8")


def import_all(loaded, order):
    deliveries = find_deliveries(loaded)
    with open_plan_ledger(loaded, create=True) as ledger:
        run = Importing(
            loaded=loaded, ledger=ledger, clock=lambda: datetime(2024, 3, 9, tzinfo=UTC)
        )
        done = [one for at in order for one in run.take(deliveries[at % len(deliveries)])]
        assert all(each.receipt is not None for each in done)
        assert not ledger.check()


def shown(path, as_of):
    tracking = track(load_plan(path), as_of=as_of)
    return [columns(card) for card in tracking.scorecards], tracking.reconciliation


@settings(max_examples=25)
@given(worlds(most_facts=9), st.integers(1, 3), st.data())
def test_a_ledger_shows_what_the_files_show(world, cuts, data):
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_facts(folder, world, cuts)
        recorded = write_plan(folder, world, ledger=True)
        found = len(list(folder.glob("*.csv")))
        order = data.draw(st.permutations(range(found)))
        again = data.draw(st.lists(st.integers(0, found - 1), max_size=3))
        import_all(load_plan(recorded), [*order, *again])
        files = write_plan(folder, world, ledger=False)
        assert shown(recorded, world.as_of) == shown(files, world.as_of)
