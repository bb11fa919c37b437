from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from threading import Event, Thread

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.plan import make_plan, whole_span
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.target import Target
from salesgoal.domain.tracker import Tracker
from salesgoal.errors import NumberRefused, UnknownName, UsageError

REGIONS, PRODUCTS = ["华东", "华南"], ["A", "B"]
TODAY = date(2023, 11, 20)
OCT_6, NOV_6 = date(2023, 10, 6), date(2023, 11, 6)


def plan_of(**changed):
    given = {
        "name": "Q4",
        "period": "2023Q4",
        "metrics": [
            Metric(id="sales"),
            Metric(id="cash"),
            Metric(id="rate", aggregation=Ratio("cash", "sales")),
            Metric(id="buyers", aggregation=Aggregation.DISTINCT),
            Metric(id="debt", aggregation=Aggregation.LAST),
            Metric(id="most", aggregation=Aggregation.MAXIMUM),
            Metric(id="mean", aggregation=Aggregation.AVERAGE),
        ],
        "dimensions": [Dimension("region", REGIONS), Dimension("product", PRODUCTS)],
        "breakdowns": [
            Breakdown(["region", "product"], every_member=True),
            Breakdown(["product"], every_member=True),
        ],
        "targets": [
            Target(scope={"region": region}, metric=metric, period=month, target=100)
            for region in REGIONS
            for metric in ("sales", "cash")
            for month in ("2023-10", "2023-11", "2023-12")
        ],
    }
    return make_plan(**{**given, **changed})


PLAN = plan_of()


def fact(key="SO-1", on=OCT_6, region="华东", product="A", revision=None, **values):
    return Actual(
        source="crm",
        key=key,
        on=on,
        members={"region": region, "product": product},
        values=values or {"sales": 50},
        revision=revision,
    )


def tracker_of(*facts, **given):
    return Tracker(PLAN, **{"as_of": TODAY, "facts": facts, **given})


def figures(tracker, goal="华东", metric="sales"):
    """The quarter's, October's and November's actual."""
    periods = ("2023Q4", "2023-10", "2023-11")
    return [tracker.row(goal, metric=metric, period=each).actual for each in periods]


# One fact.


def test_a_fact_is_added_corrected_and_deleted():
    tracker = tracker_of()
    assert tracker.add(fact()) is Outcome.ADDED
    assert figures(tracker) == [50, 50, None]
    assert tracker.add(fact(on=NOV_6, sales=70)) is Outcome.CORRECTED
    assert figures(tracker) == [70, None, 70]
    assert figures(tracker, "") == [70, None, 70]
    assert figures(tracker, "华南") == [0, None, 0]
    assert tracker.remove("crm", "SO-1") is Outcome.RETIRED
    assert figures(tracker) == [None, None, None]


def test_a_correction_that_comes_late_does_not_count():
    at = [datetime(2023, 10, 6, hour, tzinfo=UTC) for hour in (8, 9, 10)]
    tracker = tracker_of(fact(revision=at[1]))
    assert tracker.add(fact(revision=at[0], sales=9)) is Outcome.STALE
    assert tracker.remove("crm", "SO-1", revision=at[0]) is Outcome.STALE
    assert figures(tracker)[0] == 50
    assert tracker.remove("crm", "SO-1", revision=at[2]) is Outcome.RETIRED
    assert tracker.add(fact(revision=at[1])) is Outcome.STALE
    assert figures(tracker)[0] is None


def test_the_same_fact_told_twice_counts_once():
    tracker = tracker_of(fact())
    assert tracker.add(fact()) is Outcome.UNCHANGED
    assert figures(tracker)[0] == 50


def test_of_the_facts_at_the_beginning_the_last_one_of_a_key_counts():
    assert figures(tracker_of(fact(), fact(sales=60), fact("SO-2")))[0] == 110


def test_the_next_best_reading_counts_again():
    tracker = tracker_of(
        fact("a", on=date(2023, 10, 3), debt=40, most=9, buyers="x"),
        fact("b", on=OCT_6, product="B", debt=60, most=8, buyers="x"),
        fact("c", on=OCT_6, debt=70, most=7, buyers="y"),
    )
    found = lambda: [figures(tracker, metric=each)[0] for each in ("debt", "most", "buyers")]
    assert found() == [130, 9, 2]
    tracker.remove("crm", "c")
    assert found() == [100, 9, 1]
    tracker.remove("crm", "a")
    assert found() == [60, 8, 1]
    tracker.remove("crm", "b")
    assert found() == [None, None, None]


def test_a_ratio_follows_its_parts():
    tracker = tracker_of(fact(sales=50), fact("SO-2", cash=20))
    assert figures(tracker, metric="rate")[0] == Fraction(2, 5)
    tracker.add(fact("SO-3", cash=5))
    assert figures(tracker, metric="rate")[0] == Fraction(1, 2)
    column = tracker.snapshot()[0].columns["rate", PLAN.period]
    assert column.actual[:2] == [column.actual[0], column.actual[1]] == [Fraction(1, 2)] * 2
    assert len(column.actual) == 7
    assert column.actual != 0
    assert list(column.targets["target"]) == [1, 1, 1, None, None, None, None]


def test_what_no_goal_below_matches_is_unassigned():
    tracker = tracker_of(Actual(source="crm", key="x", on=OCT_6, values={"sales": 5}))
    assert tracker.row(metric="sales", period="2023-10").unassigned == 5
    tracker.remove("crm", "x")
    assert tracker.snapshot()[0].columns["sales", PLAN.period].unassigned[0] == 0


def test_a_total_of_several_months_counts_in_the_quarter_alone():
    span = whole_span(date(2023, 10, 15), date(2023, 11, 15))
    tracker = tracker_of(fact(on=span, sales=7, most=3))
    assert figures(tracker) == [7, 0, 0]
    assert figures(tracker, metric="most") == [3, None, None]
    assert tracker.add(fact(on=span, sales=8)) is Outcome.CORRECTED
    assert figures(tracker) == [8, 0, 0]
    tracker.remove("crm", "SO-1")
    assert not tracker.snapshot()[0].cells.spans["sales"]


def test_shares_and_overlays_count_where_they_are_seen():
    dimension = Dimension("region", [*REGIONS, Member("专家", overlay=True)])
    plan = plan_of(dimensions=[dimension, Dimension("product", PRODUCTS)])
    shared = [
        Credit("region", "华东", Fraction(1, 3)),
        Credit("region", "华南", Fraction(2, 3)),
    ]
    shared.append(Credit("region", "专家"))
    tracker = Tracker(plan, as_of=TODAY)
    late = date(2023, 12, 24)
    for day in (OCT_6, late):
        tracker.add(
            Actual(source="crm", key=str(day), on=day, values={"sales": 10}, credits=shared)
        )
    goals = ("华东", "华南", "专家", "")
    assert [figures(tracker, goal)[0] for goal in goals] == [3, 7, 10, 10]
    assert tracker.reconciliation()["sales"].outside_period == 10
    tracker.remove("crm", str(OCT_6))
    assert [figures(tracker, goal)[0] for goal in goals] == [None] * 4
    assert not any(tracker.snapshot()[0].columns["sales", plan.period].actual)


def test_a_shared_reading_weighs_its_share():
    shared = [
        Credit("region", "华东", Fraction(1, 4)),
        Credit("region", "华南", Fraction(3, 4)),
    ]
    both = Actual(source="crm", key="b", on=OCT_6, values={"mean": 8}, credits=shared)
    tracker = tracker_of(fact("a", mean=3), both)
    goals = ("华东", "华南", "")
    assert [figures(tracker, goal, "mean")[0] for goal in goals] == [4, 8, Fraction(11, 2)]
    tracker.remove("crm", "b")
    assert [figures(tracker, goal, "mean")[0] for goal in goals] == [3, None, 3]


def test_who_moved_is_shown_where_the_view_says():
    people = [
        Member("华东"),
        Member("华南"),
        Member("张三", parent="华东", until=date(2023, 10, 31)),
        Member("张三", parent="华南", since=date(2023, 11, 1)),
    ]
    plan = plan_of(
        dimensions=[Dimension("rep", people)],
        breakdowns=[Breakdown(["rep"], every_member=True)],
        targets=[Target(scope={"rep": "张三"}, metric="sales", period="2023-11", target=9)],
    )
    sold = [
        Actual(
            source="crm", key=str(day), on=day, members={"rep": "张三"}, values={"debt": owed}
        )
        for day, owed in ((OCT_6, 40), (NOV_6, 60))
    ]
    was = Tracker(plan, as_of=TODAY, facts=sold)
    now = Tracker(plan, as_of=TODAY, facts=sold, view=View.AS_IS)
    assert figures(was, "华东/张三", "debt") == [None, 40, None]
    assert figures(was, "华南/张三", "debt") == [60, None, 60]
    assert figures(now, "华南/张三", "debt") == [60, 40, 60]
    was.remove("crm", str(NOV_6))
    assert figures(was, "", "debt") == [40, 40, None]
    after = revise(plan, propose(plan, "华南/张三", period="2023-11", to=12)).plan
    now.revise(after)
    assert now.row("华南/张三", metric="sales", period="2023-11").target == 12


# What was read.


def test_nothing_that_was_read_is_lost():
    tracker = tracker_of(fact(), fact("SO-2", on=date(2024, 2, 1), sales=7))
    faulty = fact("SO-3", region="华北", sales=11, cash=3)
    with pytest.raises(UnknownName):
        tracker.add(faulty)
    assert tracker.reject(faulty) is Outcome.REJECTED
    found = tracker.reconciliation()["sales"]
    assert (found.read, found.root, found.outside_period, found.rejected) == (68, 50, 7, 11)
    assert tracker.add(attrs.evolve(faulty, members={})) is Outcome.CORRECTED
    found = tracker.reconciliation()["sales"]
    assert (found.read, found.root, found.rejected, found.unassigned) == (68, 61, 0, 11)


def test_a_source_speaks_from_its_first_to_its_last_day():
    tracker = tracker_of(fact(), fact("SO-2", on=NOV_6))
    assert figures(tracker, "华南") == [0, 0, 0]
    tracker.remove("crm", "SO-1")
    assert figures(tracker, "华南") == [0, None, 0]
    assert tracker.snapshot()[0].coverage == {"sales": [(NOV_6, NOV_6)]}


def test_a_total_that_is_not_over_says_nothing():
    november = PLAN.parse("2023-11")
    tracker = tracker_of(fact(), fact("SO-2", on=november))
    assert figures(tracker) == [50, 50, None]
    assert tracker.reconciliation()["sales"].outside_period == 50
    tracker.remove("crm", "SO-1")
    assert figures(tracker) == [None, None, None]
    tracker.remove("crm", "SO-2")
    assert tracker.reconciliation()["sales"].read == 0


def test_each_source_speaks_of_its_own_days():
    october = (date(2023, 10, 1), date(2023, 10, 31))
    tracker = tracker_of(coverage={"erp": {"sales": [october], "cash": [october]}})
    assert figures(tracker, "华南") == [0, 0, None]
    tracker.add(attrs.evolve(fact(on=NOV_6), source="erp"))
    assert figures(tracker, "华南") == [0, 0, None]
    tracker.add(fact(on=NOV_6))
    assert figures(tracker, "华南") == [0, 0, 0]
    assert figures(tracker, "华南", "cash") == [0, 0, None]
    assert tracker.snapshot()[0].coverage["sales"] == [october, (NOV_6, NOV_6)]


# Several facts.


def test_a_batch_is_taken_as_a_whole():
    tracker = tracker_of(fact("a"), fact("b"))
    outcomes = tracker.apply(
        add=[fact("c"), fact("b", sales=9)], remove=[fact("a")], reject=[fact("d", region="?")]
    )
    assert outcomes == (Outcome.RETIRED, Outcome.ADDED, Outcome.CORRECTED, Outcome.REJECTED)
    assert figures(tracker)[0] == 59


def test_a_batch_may_be_made_from_what_the_tracker_says():
    tracker = tracker_of(fact("a"))

    def doubled():
        yield fact("b", sales=2 * tracker.row("华东", metric="sales", period="2023Q4").actual)
        yield fact("c", sales=len(tracker.apply(add=[fact("d", sales=3)])))

    tracker.apply(add=doubled())
    assert figures(tracker)[0] == 50 + 100 + 1 + 3


@pytest.mark.parametrize(
    ("batch", "error"),
    [
        ({"add": [fact("c"), fact("d", region="?")]}, UnknownName),
        ({"add": [fact("c"), fact("d", sales="很多")]}, NumberRefused),
        ({"remove": [fact("a"), fact(None)]}, UsageError),
        ({"remove": [fact("a")], "add": [fact("d", rate=1)]}, UsageError),
    ],
)
def test_or_not_at_all(batch, error):
    tracker = tracker_of(fact("a"))
    before = tracker.snapshot()
    with pytest.raises(error):
        tracker.apply(**batch)
    assert tracker.snapshot()[0].columns == before[0].columns
    assert figures(tracker)[0] == 50


# Readers.


def test_a_snapshot_is_what_a_scorecard_made_at_once_is():
    facts = [fact(), fact("SO-2", on=NOV_6, sales=3, cash=2, debt=1, most=4, buyers="x")]
    cards, batch = tracker_of(*facts).snapshot(), hold_against(PLAN, facts, as_of=TODAY)
    for card, other in zip(cards, batch, strict=True):
        assert card.columns == other.columns
        assert list(card.rows()) == list(other.rows())


def test_a_snapshot_copies_only_what_moved():
    tracker = tracker_of(fact(), fact("SO-2", cash=4))
    first = tracker.snapshot()[0]
    assert (
        tracker.snapshot()[0].columns["sales", PLAN.period]
        is first.columns["sales", PLAN.period]
    )
    assert tracker.snapshot()[0].cells is first.cells
    tracker.add(fact("SO-3", on=NOV_6))
    second = tracker.snapshot()[0]
    october, november = PLAN.parse("2023-10"), PLAN.parse("2023-11")
    assert second.columns["sales", november].actual[0] == 50
    assert second.columns["sales", october].actual is first.columns["sales", october].actual
    assert second.columns["cash", november] is first.columns["cash", november]
    assert second.cells.sums["cash"] is first.cells.sums["cash"]
    assert second.cells.readings["debt"] is first.cells.readings["debt"]
    assert first.columns["sales", november].actual[0] == 0
    assert first.cells.sums["sales"] != second.cells.sums["sales"]


def test_a_cross_cut_of_a_snapshot_shows_no_goal_that_nothing_names():
    plan = plan_of(breakdowns=[["region"]])
    tracker = Tracker(plan, as_of=TODAY, facts=[fact(product="B")])
    assert tracker.snapshot()[0].by("product").tree.path == ("", "B")
    tracker.add(fact(product="A"))
    tracker.add(fact("SO-2", product="A", debt=3))
    tracker.remove("crm", "SO-1")
    card = tracker.snapshot()[0]
    assert card.by("product").tree.path == ("", "A")
    assert card.by("product").row("A", metric="debt", period="2023Q4").actual == 3


def test_what_is_there_now_is_what_a_snapshot_keeps():
    tracker = tracker_of(fact(), fact("SO-2", debt=3))
    card, now = tracker.snapshot()[0], tracker._live.current(0)
    assert dict(now.columns) == card.columns
    assert len(now.columns) == len(card.columns)


def test_rows_are_those_of_a_goal_and_all_below_it():
    rows = tracker_of(fact()).rows("华东", level="month", metric="sales")
    assert [(row.goal, row.actual) for row in rows[:4:3]] == [("华东", 50), ("华东/A", 50)]
    assert len(rows) == 9


def test_a_goal_is_looked_for_in_every_breakdown():
    tracker = tracker_of(fact())
    assert tracker.row("A", metric="sales", period="2023Q4").actual == 50
    row = tracker.row(metric="sales", period="2023Q4", breakdown="product")
    assert row.unassigned == 0
    for wrong in ({"goal": "C"}, {"breakdown": "rep"}):
        with pytest.raises(UnknownName):
            tracker.row(**wrong, metric="sales", period="2023Q4")


def test_readers_see_all_of_a_batch_or_nothing():
    """One fact moves to and fro between two goals; their sum never changes."""
    tracker = tracker_of(fact("a", region="华东", sales=30), fact("b", region="华南", sales=70))
    moves = [
        [fact("a", region=one), fact("b", region=other)]
        for one, other in (REGIONS, REGIONS[::-1])
    ]
    moves = [
        [
            attrs.evolve(each, values={"sales": units})
            for each, units in zip(pair, (30, 70), strict=True)
        ]
        for pair in moves
    ]
    wrong, stop = [], Event()

    def write():
        for at in range(400):
            tracker.apply(add=moves[at % 2])
        stop.set()

    def read():
        while not stop.is_set():
            rows = tracker.rows(level="quarter", metric="sales")
            seen = {row.goal: row.actual for row in rows}
            card = tracker.snapshot()[0]
            kept = [card.row(goal, metric="sales", period="2023Q4").actual for goal in REGIONS]
            if {seen["华东"], seen["华南"]} != {30, 70} or set(kept) != {30, 70}:
                wrong.append((seen, kept))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [Thread(target=each) for each in (read, read, write)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
    finally:
        sys.setswitchinterval(before)
    assert stop.is_set()
    assert not wrong


def test_facts_of_several_writers_all_count():
    tracker = tracker_of()

    def write(name):
        for at in range(100):
            tracker.add(fact(f"{name}{at}", sales=1))
            tracker.add(fact(None, sales=1))

    threads = [Thread(target=write, args=(name,)) for name in "abc"]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert figures(tracker)[0] == 600


# The plan and the day.


def test_a_revision_is_taken_over():
    tracker = tracker_of(fact())
    before = tracker.snapshot()[0]
    after = revise(PLAN, propose(PLAN, "华东", period="2023-10", to=200)).plan
    tracker.revise(after)
    assert tracker.plan is after
    row = tracker.row("华东", metric="sales", period="2023Q4")
    assert (row.target, row.original) == (400, 300)
    assert tracker.row(metric="sales", period="2023-10").target == 300
    batch = hold_against(after, [fact()], as_of=TODAY)
    assert [each.columns for each in tracker.snapshot()] == [each.columns for each in batch]
    assert before.row("华东", metric="sales", period="2023Q4").target == 300


def test_a_revision_touches_no_other_column():
    tracker = tracker_of(fact())
    first = tracker.snapshot()[0].columns
    after = revise(PLAN, propose(PLAN, "华东", period="2023-10", to=200)).plan
    tracker.revise(attrs.evolve(after, original=None))
    second = tracker.snapshot()[0].columns
    for place, column in first.items():
        same = place[1].label in {"2023-11", "2023-12"} or place[0] not in {"sales", "rate"}
        assert (second[place].targets is column.targets) is same


def test_another_plan_needs_another_tracker():
    tracker = tracker_of()
    for other in (
        plan_of(period="2023"),
        attrs.evolve(PLAN, pace=PaceSettings(basis=PaceBasis.DAYS)),
        plan_of(metrics=[Metric(id="sales"), Metric(id="cash")]),
    ):
        with pytest.raises(UsageError, match="make a new Tracker"):
            tracker.revise(other)
    tracker.revise(plan_of())


def test_a_new_day_dawns():
    tracker = tracker_of(fact(), fact("SO-2", on=date(2023, 11, 25), sales=8))
    before = tracker.snapshot()[0]
    assert figures(tracker) == [50, 50, 0]
    tracker.move_to(date(2023, 11, 25))
    assert tracker.as_of == date(2023, 11, 25)
    assert figures(tracker) == [58, 50, 8]
    tracker.add(fact("SO-3", on=date(2023, 11, 24), sales=1))
    assert figures(tracker) == [59, 50, 9]
    tracker.move_to(TODAY)
    assert figures(tracker) == [50, 50, 0]
    assert before.as_of == TODAY


# Cost.


def lines_of(work, *given):
    """How many lines of Python run; the same in every run, on every machine."""
    lines = 0

    def trace(_, event, __):
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(*given)
    finally:
        sys.settrace(before)
    return lines


def wide_tracker(members, facts, aggregation):
    names = [f"区域{at}" for at in range(members)]
    plan = make_plan(
        name="宽",
        period="2023",
        metrics=[Metric(id="sales"), Metric(id="other", aggregation=aggregation)],
        dimensions=[Dimension("region", names), Dimension("product", PRODUCTS)],
        breakdowns=[Breakdown(["region", "product"], every_member=True)],
    )
    told = [
        fact(f"old {at}", region=names[at % members], sales=at, other=at) for at in range(facts)
    ]
    return Tracker(plan, as_of=date(2023, 12, 31), facts=told)


@pytest.mark.parametrize("aggregation", [Aggregation.AVERAGE, Aggregation.DISTINCT])
def test_a_fact_costs_the_same_in_a_plan_of_ten_times_the_goals_and_facts(aggregation):
    counted = []
    for size in (20, 200):
        tracker = wide_tracker(size, 5 * size, aggregation)
        told = fact(region="区域7", sales=3, other=3)
        columns = [each.actual for each in tracker._live.columns[0].values()]
        corrected = attrs.evolve(told, values={"sales": 4, "other": 5})
        works = ((tracker.add, told), (tracker.add, corrected), (tracker.remove, "crm", "SO-1"))
        counted.append([lines_of(*work) for work in works])
        live = tracker._live.columns[0].values()
        assert all(each.actual is kept for each, kept in zip(live, columns, strict=True))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("aggregation", [Aggregation.LAST, Aggregation.MAXIMUM])
def test_a_reading_that_gives_way_costs_at_most_the_logarithm_more(aggregation):
    counted = []
    for size in (20, 200):
        tracker = wide_tracker(size, 5 * size, aggregation)
        counted.append(lines_of(tracker.remove, "crm", f"old {5 * size - 1}"))
    assert counted[1] <= counted[0] * 3 // 2


def test_a_revision_costs_the_same_however_many_goals_lie_elsewhere():
    counted = []
    for size in (20, 200):
        names = [f"产品{at}" for at in range(size)]
        goals = [("华东", "产品0"), ("华东", "产品1"), *(("华南", name) for name in names)]
        plan = plan_of(
            dimensions=[Dimension("region", REGIONS), Dimension("product", names)],
            breakdowns=[["region", "product"]],
            targets=[
                Target(
                    scope={"region": region, "product": product},
                    metric="sales",
                    period=month,
                    target=9,
                )
                for region, product in goals
                for month in ("2023-10", "2023-11", "2023-12")
            ],
        )
        tracker = Tracker(plan, as_of=TODAY, facts=[fact(None, product="产品0")])
        after = revise(plan, propose(plan, "华东/产品0", period="2023-11", to=5)).plan
        tracker.revise(attrs.evolve(after, targets=plan.targets))
        before = tracker.snapshot()[0]
        counted.append(lines_of(tracker.revise, after))
        (card,) = hold_against(after, [fact(product="产品0")], as_of=TODAY)
        assert tracker.snapshot()[0].columns == card.columns != before.columns
    assert counted[0] == counted[1]
