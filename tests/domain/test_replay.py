"""Reverts; what else is replayed stands in test_history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.history import Decision, Event, History, Lock, Revert
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.replay import record, replay
from salesgoal.domain.revision import digest_typed, propose, typed_differences
from salesgoal.domain.target import Target
from salesgoal.errors import RevisionRefused

NOON = datetime(2023, 10, 9, 12, tzinfo=UTC)
MONTHS = ("2023-10", "2023-11", "2023-12")


def plan_of(values):
    return make_plan(
        name="Q4",
        period="2023Q4",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[Dimension("region", ["华东", "华南"])],
        targets=[
            Target(metric="sales", scope={"region": "华东"}, period=month, target=value)
            for month, value in zip(MONTHS, values, strict=True)
            if value is not None
        ],
    )


PLAN = plan_of((100, 101, 102))


def at(number):
    return NOON + timedelta(hours=number)


def event(act, number, *, by="经理"):
    return Event(act=act, by=by, reason="竞品降价", recorded_at=at(number))


def then(history, *acts, plan=PLAN):
    """The history with more acts, as the plan allows them."""
    for act in acts:
        number = len(history.events)
        history, _ = record(plan, history, event(act, number), base=number)
    return history


def wanted(history, goal, period, to, **more):
    return propose(replay(PLAN, history).plan, goal, period=period, to=to, **more)


def agreed(history, goal, period, to, **more):
    """A history in which one more revision is approved."""
    number = len(history.events) + 1
    return then(
        history, wanted(history, goal, period, to, **more), Decision(number, approved=True)
    )


def taken_back(history, revision):
    number = len(history.events) + 1
    return then(history, Revert(revision), Decision(number, approved=True))


def refused(act, history):
    with pytest.raises(RevisionRefused) as caught:
        record(PLAN, history, event(act, len(history.events)), base=len(history.events))
    (problem,) = caught.value.problems
    assert problem.text("zh")
    return problem


def of(plan, region="华东"):
    """The months' targets of a region in yuan."""
    (tree,) = plan.trees
    codes = tree.scope[tree.by_path[region]]
    typed = plan.targets.of("sales")
    return [typed[plan.parse(month)].get(codes, 0) // 100 for month in MONTHS]


ONCE = agreed(History(), "华东", "2023Q4", 1000)
TWICE = agreed(ONCE, "华东", "2023-12", 90)


def test_a_revert_restores_every_target_to_the_unit():
    assert of(replay(PLAN, ONCE).plan) == [330, 333, 336]
    reverted = replay(PLAN, taken_back(ONCE, 1)).plan
    assert reverted.targets == PLAN.targets
    assert (reverted.version, reverted.original) == ("r2", PLAN.targets)


def test_a_proposed_or_refused_revert_changes_nothing():
    proposed = then(ONCE, Revert(1))
    assert replay(PLAN, proposed).plan == replay(PLAN, ONCE).plan
    assert proposed.reverted() == {}
    dropped = then(proposed, Decision(3, approved=False))
    assert replay(PLAN, dropped).plan == replay(PLAN, ONCE).plan
    assert dropped.reverted() == {}
    assert taken_back(dropped, 1).reverted() == {1: 5}


def test_the_effect_of_a_revert_is_shown_when_proposed_and_when_approved():
    proposed, first = record(PLAN, TWICE, event(Revert(3), 4), base=4)
    history, second = record(PLAN, proposed, event(Decision(5, approved=True), 5), base=5)
    assert first == second
    changes = {
        (each.goal, each.period.label): (each.before, each.after) for each in first.changes
    }
    assert changes["华东", "2023-12"] == (90_00, 336_64)
    assert history.events[-1].act.digest == first.digest
    assert first.plan.targets == replay(PLAN, ONCE).plan.targets
    assert (first.plan.version, first.plan.original) == ("r2", PLAN.targets)


def test_an_earlier_revision_is_taken_back_and_later_ones_still_count():
    reverted = replay(PLAN, taken_back(TWICE, 1)).plan
    assert of(reverted) == [100, 101, 90]


def test_two_reverts_one_after_the_other_leave_the_plan_as_typed():
    both = taken_back(taken_back(TWICE, 1), 3)
    assert replay(PLAN, both).plan.targets == PLAN.targets
    assert both.reverted() == {1: 5, 3: 7}
    assert replay(PLAN, both).problems == ()


def test_a_revision_after_a_revert_starts_from_the_restored_plan():
    again = agreed(taken_back(ONCE, 1), "华东", "2023-10", 120)
    assert of(replay(PLAN, again).plan) == [120, 101, 102]
    assert replay(PLAN, again).plan.version == "r3"


def test_a_plan_as_known_before_the_revert_still_has_the_revision():
    history = taken_back(ONCE, 1)
    assert replay(PLAN, history, known_at=at(2)).plan == replay(PLAN, ONCE).plan
    assert of(replay(PLAN, history, known_at=at(3)).plan) == [100, 101, 102]


@pytest.mark.parametrize(
    ("act", "reason", "zh"),
    [
        (Revert(9), "there is no revision 9", "没有第 9 号调整"),
        (Revert(2), "there is no revision 2", "没有第 2 号调整"),
        (Revert(1), "revision 1 was reverted by number 3", "第 1 号调整已由第 3 号撤回"),
        (Revert(3), "number 3 is itself a revert", "第 3 号本身是撤回"),
        (Revert(5), "revision 5 was not approved", "第 5 号调整未获批准"),
        (
            Decision(3, approved=True),
            "revision 3 was approved by 经理",
            "第 3 号调整已由 经理 批准",
        ),
    ],
)
def test_only_an_approved_revision_that_counts_can_be_reverted(act, reason, zh):
    known = taken_back(ONCE, 1)
    known = then(known, wanted(known, "华东", "2023-10", 120))
    problem = refused(act, known)
    assert (problem.code, problem.where) == ("history-refused", Place("history", key="#6"))
    assert reason in problem.message("en")
    assert zh in problem.message("zh")


def test_the_second_of_two_pending_reverts_can_only_be_refused():
    known = then(ONCE, Revert(1), Revert(1), Decision(3, approved=True))
    problem = refused(Decision(4, approved=True), known)
    assert "revision 1 was reverted by number 3" in problem.message("en")
    assert replay(PLAN, then(known, Decision(4, approved=False))).plan.version == "r2"


def test_a_revert_that_would_change_a_closed_period_is_refused():
    closed = then(ONCE, Lock("2023-11", closed=True))
    problem = refused(Revert(1), closed)
    assert (problem.code, problem.facts) == ("period-closed", {"closed": "2023-11"})
    assert problem.where == Place("history", key="#4")
    pending = then(ONCE, Revert(1), Lock("2023-11", closed=True))
    assert refused(Decision(3, approved=True), pending).code == "period-closed"
    reopened = then(pending, Lock("2023-11", closed=False), Decision(3, approved=True))
    assert replay(PLAN, reopened).plan.targets == PLAN.targets
    assert replay(PLAN, reopened).plan.closed == ()


def test_a_lock_that_the_plan_does_not_hold_is_named_by_its_line():
    known = History().append(event(Lock("2023-10", closed=True), 0), base=0)
    known = known.append(event(Lock("2024-10", closed=True), 1), base=1)
    with pytest.raises(RevisionRefused) as caught:
        replay(PLAN, known)
    assert [each.where for each in caught.value.problems] == [Place("history", key="#2")]


def test_a_revert_beside_a_closed_period_keeps_the_lock():
    one = agreed(History(), "华东", "2023-10", 90)
    reverted = taken_back(then(one, Lock("2023-12", closed=True)), 1)
    plan = replay(PLAN, reverted).plan
    assert [each.label for each in plan.closed] == ["2023-12"]
    assert of(plan) == [100, 101, 102]


def test_later_revisions_are_replayed_under_the_locks_of_their_time():
    one = agreed(agreed(History(), "华东", "2023-10", 90), "华东", "2023-11", 95)
    known = then(one, Lock("2023-11", closed=True))
    assert of(replay(PLAN, taken_back(known, 1)).plan) == [100, 95, 102]


def test_a_revision_that_cannot_do_without_the_reverted_one_is_named():
    raised = agreed(History(), "华东", "2023-12", 500)
    moved = agreed(
        raised, "华东", "2023-10", 700, rule=RevisionRule.KEEP_TOTAL, over=Over.PERIODS
    )
    problem = refused(Revert(1), moved)
    assert (problem.code, problem.where) == ("revert-blocked", Place("history", key="#5"))
    assert (problem.facts["revision"], problem.facts["blocked"]) == (1, 3)
    assert "below zero" in problem.message("en")
    assert "低于零" in problem.message("zh")
    assert replay(PLAN, taken_back(taken_back(moved, 3), 1)).plan.targets == PLAN.targets


def test_a_table_edited_since_a_revert_is_warned_about():
    history = taken_back(ONCE, 1)
    edited = replay(plan_of((100, 101, 200)), history)
    assert [each.facts["number"] for each in edited.problems] == [1, 3]
    assert of(edited.plan) == [100, 101, 200]


def test_a_first_target_is_taken_away_again_and_is_no_zero():
    short = plan_of((100, 101, None))
    first = then(
        History(),
        propose(short, "华东", period="2023-12", to=90),
        Decision(1, approved=True),
        plan=short,
    )
    assert of(replay(short, first).plan) == [100, 101, 90]
    back = then(first, Revert(1), Decision(3, approved=True), plan=short)
    assert replay(short, back).plan.targets.typed == short.targets.typed
    (december,) = (each for each in short.periods if each.label == "2023-12")
    assert not replay(short, back).plan.targets.of("sales").get(december)


def test_what_two_plans_differ_in_is_told_in_every_measure_and_both_ways():
    floor = Target(metric="sales", scope={"region": "华东"}, period="2023-10", floor=80)
    less = plan_of((100, 101, 102))
    more = make_plan(
        name="Q4",
        period="2023Q4",
        metrics=PLAN.metrics,
        dimensions=PLAN.dimensions,
        targets=[
            floor,
            Target(metric="sales", scope={"region": "华东"}, period="2023-10", target=100),
            Target(metric="sales", scope={"region": "华东"}, period="2023-11", target=105),
        ],
    )
    there, back = typed_differences(less, more), typed_differences(more, less)
    told = {(each.measure, each.period.label, each.before, each.after) for each in there}
    assert told == {
        ("target", "2023-11", 101_00, 105_00),
        ("target", "2023-12", 102_00, None),
        ("floor", "2023-10", None, 80_00),
    }
    assert {each.metric for each in there} == {"sales"}
    assert {each.scope for each in there} == {(0,)}
    assert {(each.before, each.after) for each in back} == {
        (each.after, each.before) for each in there
    }
    digests = {
        digest_typed(each, PLAN.dimensions) for each in (there, back, there[:2], there[::-1])
    }
    assert len(digests) == 3
    (one, *_) = there
    for other in (
        attrs.evolve(one, metric="cash"),
        attrs.evolve(one, scope=(1,)),
        attrs.evolve(one, period=PLAN.period),
    ):
        assert digest_typed([other], PLAN.dimensions) != digest_typed([one], PLAN.dimensions)
    assert len(digest_typed(there, PLAN.dimensions)) == 16
