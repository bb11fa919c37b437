"""People who move, share and stand beside, DESIGN sections 3 and 4.

"Each parent link effective-dated, so that history can be read AS_WAS or AS_IS"; "split credit:
shares are Fractions that total exactly 1, amounts apportioned; overlay credit never reaches the
root"; "number of splits of a leaf changes nothing".
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target

FIRST, LAST = date(2024, 1, 1), date(2024, 3, 31)
AREAS = ("甲区", "乙区")
TEAMS = ("一组", "二组", "三组")
PEOPLE = ("张三", "李四", "王五")
BESIDE = "专家"
METRICS = (
    Metric(id="sales"),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    Metric(id="debt", aggregation=Aggregation.LAST),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="most", aggregation=Aggregation.MAXIMUM),
)
PRODUCT = Dimension("product", ["A", "B"])
CUTS = st.lists(st.dates(FIRST - timedelta(9), LAST + timedelta(9)), max_size=3, unique=True)


@attrs.frozen
class History:
    """One row a stretch: name, parent, first and last day."""

    rows: tuple[tuple[str, str | None, date | None, date | None], ...]

    def members(self, *more):
        listed = [Member(name) for name in AREAS]
        listed += [Member(n, parent=p, since=s, until=u) for n, p, s, u in self.rows]
        return Dimension("rep", [*listed, *more])

    def row(self, name, day):
        for each in self.rows:
            if each[0] == name and (each[2] or day) <= day <= (each[3] or day):
                return each
        return None

    def path(self, name, day):
        """The names from the top down to a member on a day; None where it has no seat."""
        names = [name]
        while names[0] not in AREAS:
            row = self.row(names[0], day)
            if row is None:
                return None
            names.insert(0, row[1])
        return tuple(names)

    def path_today(self, name, today):
        """As `path`, of the day, else the nearest day before it, else after it."""
        if name in AREAS:
            return (name,)
        wide = 400
        days = [today - timedelta(back) for back in range(wide)]
        days += [today + timedelta(on) for on in range(wide)]
        day = next(each for each in days if self.path(name, each))
        return (*self.path_today(self.row(name, day)[1], today), name)


@st.composite
def histories(draw, *, moves=True):
    rows = []
    for names, above in ((TEAMS, AREAS), (PEOPLE, TEAMS)):
        for name in names:
            cuts = sorted(draw(CUTS)) if moves else []
            firsts = [None, *cuts]
            lasts = [*(day - timedelta(1) for day in cuts), None]
            for number, (since, until) in enumerate(zip(firsts, lasts, strict=True)):
                gap = number and draw(st.integers(0, 4)) == 0 and names is PEOPLE
                if not gap:
                    rows.append((name, draw(st.sampled_from(above)), since, until))
    return History(tuple(rows))


@attrs.frozen
class Fact:
    name: str | None
    product: str | None
    on: date
    values: dict[str, object]

    def actual(self, **more):
        members = {"rep": self.name, "product": self.product}
        named = {key: value for key, value in members.items() if value is not None}
        return Actual(on=self.on, members=named, values=self.values, **more)


VALUES = st.fixed_dictionaries(
    {"sales": st.integers(-500, 500)},
    optional={
        "buyers": st.sampled_from("xyz"),
        "debt": st.integers(0, 99),
        "mean": st.integers(0, 99),
        "most": st.integers(0, 99),
    },
)
FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from([None, *TEAMS, *PEOPLE]),
        st.sampled_from([None, "A", "B"]),
        st.dates(FIRST, LAST),
        VALUES,
    ),
    max_size=6,
)
TODAYS = st.dates(FIRST, LAST)
TARGETS = st.fixed_dictionaries({name: st.integers(0, 999) for name in PEOPLE})
SHARES = st.lists(st.integers(1, 9), min_size=2, max_size=3)


def plan_of(dimension, targets=(), period="2024Q1"):
    return make_plan(
        name="人员",
        period=period,
        metrics=METRICS,
        dimensions=[dimension, PRODUCT],
        breakdowns=[("rep", "product"), ("product", "rep")],
        targets=[
            Target(scope={"rep": name}, metric="sales", period=period, target=units)
            for name, units in dict(targets).items()
        ]
        + [Target(scope={"product": "A"}, metric="sales", period=period, target=1)],
    )


def hold(history, actuals, today, view=View.AS_WAS, targets=()):
    plan = plan_of(history.members(), targets)
    return hold_against(plan, actuals, as_of=today, view=view)


def figures(card, *, beside=False):
    """Path, metric and period -> target, actual and unassigned; overlays' only if asked."""
    shown = {}
    for (metric, period), column in card.columns.items():
        for node, path in enumerate(card.tree.path):
            if beside or not card.tree.beside[node]:
                left = column.unassigned[node] if column.unassigned else None
                values = (column.targets["target"][node], column.actual[node], left)
                shown[path, metric, period] = values
    return shown


def path_then(history, fact, _):
    """Where a fact of AS_WAS counts: the names down to the seat, or nothing."""
    return fact.name and history.path(fact.name, fact.on)


def path_now(history, fact, today):
    """Where a fact of AS_IS counts; a fact without a seat counts above in both views."""
    seated = fact.name and history.path(fact.name, fact.on)
    return history.path_today(fact.name, today) if seated else None


WHERE = {View.AS_WAS: path_then, View.AS_IS: path_now}


@given(histories(), FACTS, TODAYS, st.sampled_from(View), TARGETS)
def test_every_goal_has_the_facts_of_those_who_sit_there_in_the_view(
    history, facts, today, view, targets
):
    card, _ = hold(history, [each.actual() for each in facts], today, view, targets)
    counted = [each for each in facts if each.on <= today]
    for node, path in enumerate(card.tree.path):
        names = tuple(path.split("/")) if path else ()
        if set(names) & {"A", "B"}:
            continue
        below = [
            each
            for each in counted
            if (WHERE[view](history, each, today) or ())[: len(names)] == names
        ]
        column = card.columns["sales", card.plan.period]
        assert column.actual[node] == sum(each.values["sales"] for each in below), path


@given(histories(), FACTS, TODAYS, TARGETS)
def test_both_views_have_the_same_root_and_add_up(history, facts, today, targets):
    actuals = [each.actual() for each in facts]
    then, now = (hold(history, actuals, today, view, targets) for view in View)
    for one, other in zip(then, now, strict=True):
        for place, column in one.columns.items():
            assert column.actual[0] == other.columns[place].actual[0], place
            assert column.targets["target"][0] == other.columns[place].targets["target"][0]
        for card in (one, other):
            for (metric, _), column in card.columns.items():
                for node in card.tree.inner if metric == "sales" else ():
                    parts = sum(column.actual[each] for each in card.tree.children(node))
                    assert column.actual[node] == parts + column.unassigned[node]


@given(histories(), FACTS, TODAYS, TARGETS)
def test_a_persons_seats_come_to_what_the_person_has(history, facts, today, targets):
    actuals = [each.actual() for each in facts]
    then, now = (hold(history, actuals, today, view, targets)[0] for view in View)
    for name, typed in targets.items():
        found = []
        for card in (then, now):
            column = card.columns["sales", card.plan.period]
            nodes = [n for n, path in enumerate(card.tree.path) if path.endswith(name)]
            found.append(
                (
                    sum(column.targets["target"][node] for node in nodes),
                    sum(column.actual[node] for node in nodes),
                )
            )
        assert found[0] == found[1]
        assert found[0][0] == typed
        assert sum(path.endswith(name) for path in now.tree.path) == 1


BALANCES = st.lists(
    st.tuples(st.dates(FIRST, LAST), st.integers(1, 99)), min_size=1, max_size=4
)


@given(histories(), BALANCES)
def test_a_balance_moves_along_and_counts_once(history, balances):
    name = PEOPLE[0]
    seated = [(on, units) for on, units in balances if history.path(name, on)]
    actuals = [
        Fact(name, "A", on, {"sales": 0, "debt": units}).actual() for on, units in seated
    ]
    newest = max((on for on, _ in seated), default=None)
    owed = sum(units for on, units in seated if on == newest) if newest else None
    for view in View:
        card = hold(history, actuals, LAST, view)[0]
        assert card.columns["debt", card.plan.period].actual[0] == owed


@given(histories(moves=False), FACTS, TODAYS, TARGETS)
def test_where_nobody_moves_both_views_are_one(history, facts, today, targets):
    actuals = [each.actual() for each in facts]
    then, now = (hold(history, actuals, today, view, targets) for view in View)
    dated = attrs.evolve(
        history, rows=tuple((name, above, FIRST, None) for name, above, _, _ in history.rows)
    )
    days = hold(dated, actuals, today, View.AS_IS, targets)
    for one, other, third in zip(then, now, days, strict=True):
        assert figures(one) == figures(other) == figures(third)


@given(histories(moves=False), FACTS, TODAYS, st.dates(FIRST, LAST), st.sampled_from(TEAMS))
def test_moving_somebody_and_back_restores(history, facts, today, moved_on, team):
    name = PEOPLE[0]
    home = history.row(name, FIRST)[1]
    kept = [row for row in history.rows if row[0] != name]
    trip = [
        (name, home, None, moved_on - timedelta(1)),
        (name, team, moved_on, moved_on),
        (name, home, moved_on + timedelta(1), None),
    ]
    actuals = [each.actual() for each in facts if each.on != moved_on]
    before = hold(history, actuals, today)[0]
    after = hold(History((*kept, *trip)), actuals, today)[0]
    gone = figures(after)
    for place, values in figures(before).items():
        assert gone.get(place, values) == values


def shares_of(weights, names):
    total = sum(weights)
    pairs = zip(names, weights, strict=False)
    return [Credit("rep", name, Fraction(weight, total)) for name, weight in pairs]


@given(histories(), FACTS, TODAYS, st.data(), SHARES)
def test_splitting_credit_changes_no_ancestor(history, facts, today, data, weights):
    team = data.draw(st.sampled_from(TEAMS))
    fact = data.draw(st.builds(Fact, st.just(team), st.none(), st.dates(FIRST, LAST), VALUES))
    listed = [row for row in history.rows if row[0] in TEAMS]
    listed += [(name, team, None, None) for name in PEOPLE]
    static = History(tuple(listed))
    names = PEOPLE[: len(weights)]
    credits_ = shares_of(weights, names)
    shared = attrs.evolve(fact, name=None).actual(credits=credits_)
    others = [each.actual() for each in facts]
    one, two = (hold(static, [*others, each], today) for each in (fact.actual(), shared))
    for before, after in zip(one, two, strict=True):
        later = figures(after)
        for (path, metric, period), (_, actual, _) in figures(before).items():
            if metric != "debt" and not set(path.split("/")) & {*PEOPLE, "A", "B"}:
                assert later[path, metric, period][1] == actual, (path, metric)


@given(TODAYS, st.integers(-10_000, 10_000), SHARES)
def test_shares_are_exact_and_each_is_floor_or_ceil_of_its_quota(today, units, weights):
    static = History(tuple((name, None, None, None) for name in PEOPLE))
    names = PEOPLE[: len(weights)]
    credits_ = shares_of(weights, names)
    shared = Actual(on=FIRST, values={"sales": units}, credits=credits_)
    card = hold(static, [shared], today, targets=dict.fromkeys(PEOPLE, 1))[0]
    column = card.columns["sales", card.plan.period]
    parts = [column.actual[card.tree.node(credit.member)] for credit in credits_]
    assert sum(parts) == units
    for part, credit in zip(parts, credits_, strict=True):
        assert abs(part - units * credit.share) < 1


@given(histories(), FACTS, TODAYS, st.data(), st.sampled_from(View))
def test_an_overlay_changes_no_goal_of_the_others(history, facts, today, data, view):
    parent = data.draw(st.sampled_from([None, *AREAS, *TEAMS]))
    expert = Member(BESIDE, parent=parent, overlay=True)
    plain, beside = [], []
    for each in facts:
        open_fact = attrs.evolve(each, name=None)
        match data.draw(st.sampled_from(["untouched", "with", "alone"])):
            case "untouched":
                plain.append(each.actual())
                beside.append(each.actual())
            case "with":
                names = [each.name] if each.name else [PEOPLE[0]]
                both = [Credit("rep", name) for name in (*names, BESIDE)]
                plain.append(attrs.evolve(each, name=names[0]).actual())
                beside.append(open_fact.actual(credits=both))
            case _:
                plain.append(attrs.evolve(each, name=parent).actual())
                beside.append(attrs.evolve(each, name=BESIDE).actual())
    # Every goal has a target of its own, so that the overlay's target makes none but its own.
    targets = dict.fromkeys((*PEOPLE, *TEAMS, *AREAS), 7)
    one = hold_against(plan_of(history.members(), targets), plain, as_of=today, view=view)
    with_expert = plan_of(history.members(expert), {**targets, BESIDE: 5})
    two = hold_against(with_expert, beside, as_of=today, view=view)
    for before, after in zip(one, two, strict=True):
        later = figures(after)
        for place, values in figures(before).items():
            assert later.get(place) == values, place
    for by in (("rep",), ("product",), ("rep", "product"), ("product", "rep")):
        before, after = figures(one[0].by(*by)), figures(two[0].by(*by))
        for place, values in before.items():
            assert after.get(place, values)[:2] == values[:2], (by, place)
        assert {place for place in before if not place[0]} <= after.keys()


@given(FACTS, TODAYS)
def test_an_overlay_has_what_it_is_credited_with(facts, today):
    static = History(tuple((name, None, None, None) for name in PEOPLE))
    expert = Member(BESIDE, overlay=True)
    plan = plan_of(static.members(expert), {BESIDE: 5, PEOPLE[0]: 9})
    actuals = [
        attrs.evolve(each, name=None).actual(
            credits=[Credit("rep", each.name or PEOPLE[0]), Credit("rep", BESIDE)]
        )
        for each in facts
        if each.name is None or each.name in PEOPLE
    ]
    card = hold_against(plan, actuals, as_of=today)[0]
    column = card.columns["sales", plan.period]
    expected = sum(each.values["sales"] for each in actuals if each.on <= today)
    assert column.actual[card.tree.node(BESIDE)] == column.actual[0] == expected
    assert column.targets["target"][0] == 9
    assert column.targets["target"][card.tree.node(BESIDE)] == 5
