"""Sellers who changed territory: Microsoft's dated assignments on its own orders.

The assignments come from the operational database, the orders from the data warehouse. The same
163 quotas stand in both, and every quota date of the first is 4,170 days after its counterpart
in the second; that is the shift of its other dates too. A seller is known by the own quotas,
because the two databases number people differently.

What is expected is counted here from the files, with dictionaries and `Decimal`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.track import track
from salesgoal.domain.membership import View

DW, OLTP = "adventureworks_dw", "adventureworks_oltp"
AS_OF = date(2013, 12, 31)
SHIFT = timedelta(days=4170)


@pytest.fixture(scope="module")
def warehouse(shared):
    @cache
    def rows(name):
        path = shared / "data" / DW / "input" / name
        with path.open(encoding="utf-8", newline="") as stream:
            return tuple(csv.DictReader(stream))

    return rows


@pytest.fixture(scope="module")
def operational(shared):
    def rows(name):
        path = shared / "data" / OLTP / "raw" / name
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream, delimiter="\t"))

    return rows


def day_of(text):
    return datetime.fromisoformat(text).date() if text else None


@pytest.fixture(scope="module")
def quotas_of(warehouse, operational):
    """The quotas of each person, in the numbering of each database."""
    ours, theirs = defaultdict(set), defaultdict(set)
    for row in warehouse("quotas.csv"):
        held = (date.fromisoformat(row["quota_date"]), Decimal(row["quota_amount"]))
        ours[row["employee_key"]].add(held)
    for person, on, amount, *_ in operational("SalesPersonQuotaHistory.csv"):
        theirs[person].add((day_of(on), Decimal(amount)))
    return ours, theirs


@pytest.fixture(scope="module")
def seats(quotas_of, operational):
    """Employee key -> (territory, first day, last day or None), on the days of the orders."""
    ours, theirs = quotas_of
    held = {
        frozenset((on - SHIFT, amount) for on, amount in quotas): person
        for person, quotas in theirs.items()
    }
    key_of = {held[frozenset(quotas)]: key for key, quotas in ours.items()}
    found = defaultdict(list)
    for person, territory, since, until, *_ in operational("SalesTerritoryHistory.csv"):
        last = day_of(until) and day_of(until) - SHIFT
        found[key_of[person]].append((territory, day_of(since) - SHIFT, last))
    return {key: sorted(rows, key=lambda row: row[1]) for key, rows in found.items()}


def test_the_operational_dates_are_shifted_by_4170_days(quotas_of):
    ours, theirs = quotas_of
    shifted = [sorted((on - SHIFT, amount) for on, amount in each) for each in theirs.values()]
    assert sorted(map(sorted, ours.values())) == sorted(shifted)
    assert sum(map(len, theirs.values())) == 163


def test_three_sellers_change_territory_and_one_leaves_it(seats):
    moved = {key for key, rows in seats.items() if len(rows) > 1}
    left = {key for key, rows in seats.items() if rows[-1][2] is not None}
    assert len(moved) == 3
    assert len(left) == 1
    assert not moved & left


@pytest.fixture(scope="module")
def places(warehouse):
    """Territory key -> its names from the top down, told apart as the plans do."""
    found = {}
    for row in warehouse("territories.csv"):
        names, above = [], ""
        for level in ("territory_group", "country", "region"):
            name = row[level]
            names.append(f"{name} ({level})" if name == above else name)
            above = name
        found[row["territory_key"]] = tuple(names)
    return found


@pytest.fixture(scope="module")
def tracked_in(prepared, seats, places, warehouse):
    """View -> the plan of home territories with the dated seats, tracked."""
    folder = prepared(DW)
    rows = []
    for names in places.values():
        for depth, name in enumerate(names):
            rows.append((name, "", names[depth - 1] if depth else "", "", ""))
    for row in warehouse("employees.csv"):
        key, name = row["employee_key"], row["employee_name"]
        for territory, since, until in seats.get(key, [("11", "", "")]):
            rows.append((name, key, places[territory][-1], since, until or ""))
    with (folder / "prepared/home_dated.csv").open("w", encoding="utf-8", newline="") as out:
        header = ("name", "aliases", "parent", "since", "until")
        csv.writer(out).writerows([header, *dict.fromkeys(rows)])
    text = (folder / "plan_home.toml").read_text("utf-8")
    path = folder / "plan_home_dated.toml"
    path.write_text(text.replace("home.csv", "home_dated.csv"), encoding="utf-8")
    loaded = load_plan(path)
    return {view: track(loaded, as_of=AS_OF, view=view) for view in View}


def seat_on(rows, day, *, now):
    """The territory on the day; in the view of today that of AS_OF, else the last one held."""
    there = [row for row in rows if row[1] <= day <= (row[2] or AS_OF)]
    if not there:
        return None
    return rows[-1][0] if now else there[0][0]


@pytest.fixture(scope="module")
def sold(warehouse, seats, places):
    """View -> path and interval -> what was sold there, counted line by line."""
    names = {row["employee_key"]: row["employee_name"] for row in warehouse("employees.csv")}
    starts = sorted({row["quota_date"] for row in warehouse("quotas.csv")})
    found = {view: defaultdict(Decimal) for view in View}
    for row in warehouse("sales_lines.csv"):
        key, on = row["employee_key"], row["order_date"]
        number = sum(start <= on for start in starts)
        held = seats.get(key, [("11", date.min, None)])
        for view, totals in found.items():
            territory = seat_on(held, date.fromisoformat(on), now=view is View.AS_IS)
            path = () if territory is None else (*places[territory], names[key])
            for depth in range(len(path) + 1):
                goal = "/".join(path[:depth])
                totals[goal, f"I{number:02}"] += Decimal(row["sales_amount"])
            if territory is None:
                totals["without a seat", f"I{number:02}"] += Decimal(row["sales_amount"])
    return found


@pytest.mark.parametrize("view", View)
def test_every_goal_has_what_was_sold_from_the_seat_of_the_view(tracked_in, sold, view):
    card = tracked_in[view].scorecards[0]
    compared = 0
    for row in card.rows(level="quarter", metric="sales"):
        wanted = sold[view].get((row.goal, row.period.label), Decimal(0))
        assert Decimal(row.actual).scaleb(-4) == wanted, (row.goal, row.period.label)
        if not row.goal:
            left = sold[view].get(("without a seat", row.period.label), Decimal(0))
            assert Decimal(row.unassigned).scaleb(-4) == left
        compared += 1
    shown = {(row.goal, row.period.label) for row in card.rows(level="quarter")}
    assert {place for place in sold[view] if place[0] != "without a seat"} <= shown
    assert compared > 300


def test_the_views_differ_exactly_where_sellers_moved(tracked_in, sold, seats, warehouse):
    then, now = (sold[view] for view in View)
    moved = {key for key, rows in seats.items() if len(rows) > 1}
    names = {row["employee_key"]: row["employee_name"] for row in warehouse("employees.csv")}
    changed = {
        goal.rpartition("/")[2]
        for goal, period in {*then, *now}
        if then.get((goal, period)) != now.get((goal, period))
    }
    people = changed & set(names.values())
    assert people == {names[key] for key in moved}
    cards = {view: each.scorecards[0] for view, each in tracked_in.items()}
    seen = {
        view: Counter(path.rpartition("/")[2] for path in card.tree.path)
        for view, card in cards.items()
    }
    assert {name for name, times in seen[View.AS_WAS].items() if times > 1} == people
    assert not [name for name, times in seen[View.AS_IS].items() if times > 1]


@pytest.mark.parametrize("view", View)
def test_quotas_stand_where_their_seller_sits(tracked_in, seats, places, warehouse, view):
    names = {row["employee_key"]: row["employee_name"] for row in warehouse("employees.csv")}
    starts = sorted({row["quota_date"] for row in warehouse("quotas.csv")})
    wanted = defaultdict(Decimal)
    for row in warehouse("quotas.csv"):
        key, since = row["employee_key"], date.fromisoformat(row["quota_date"])
        held = seats.get(key, [("11", date.min, None)])
        territory = seat_on(held, since, now=view is View.AS_IS) or held[-1][0]
        path = (*places[territory], names[key])
        number = starts.index(row["quota_date"]) + 1
        for depth in range(len(path) + 1):
            wanted["/".join(path[:depth]), f"I{number:02}"] += Decimal(row["quota_amount"])
    found = {
        (row.goal, row.period.label): Decimal(row.target).scaleb(-4)
        for row in tracked_in[view].scorecards[0].rows(level="quarter", metric="sales")
        if row.target is not None
    }
    assert found == wanted


def test_every_order_line_counts_in_both_views(tracked_in):
    then, now = (tracked_in[view] for view in View)
    assert then.reconciliation["sales"].read == then.reconciliation["sales"].root
    assert then.reconciliation == now.reconciliation
    assert then.rows == now.rows
    assert {each.code for each in then.problems} == {"no-seat-then"}


def test_without_moves_the_managers_are_the_same_in_both_views(prepared, expected, warehouse):
    """Seats that begin on the day of hiring: the answers of aw_2, whatever the view."""
    folder = prepared(DW)
    with (folder / "prepared/team.csv").open(encoding="utf-8", newline="") as stream:
        team = list(csv.DictReader(stream))
    hired = {row["employee_key"]: row["hire_date"] for row in warehouse("employees.csv")}
    with (folder / "prepared/team_dated.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("name", "aliases", "parent", "since"))
        for row in team:
            since = hired.get(row["aliases"], "")
            writer.writerow((row["name"], row["aliases"], row["parent"], since))
    text = (folder / "plan_team.toml").read_text("utf-8")
    path = folder / "plan_team_dated.toml"
    path.write_text(text.replace("team.csv", "team_dated.csv"), encoding="utf-8")
    loaded = load_plan(path)
    for view in View:
        answer = track(loaded, as_of=AS_OF, view=view)
        assert not answer.problems
        card = answer.scorecards[0]
        paths = {each.rpartition("/")[2]: each for each in card.tree.path}
        for row in expected(DW, "aw_2_manager_rollup_interval.csv"):
            label = f"I{int(row['interval_no']):02}"
            goal = paths.get(f"{row['employee_name']}'s team", paths.get(row["employee_name"]))
            whole = card.row(goal, metric="sales", period=label)
            target = None if whole.target is None else Decimal(whole.target).scaleb(-4)
            wanted = row["subtree_quota"]
            assert target == (Decimal(wanted) if wanted else None)
            assert Decimal(whole.actual).scaleb(-4) == Decimal(row["subtree_actual"])
