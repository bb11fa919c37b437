from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from salesgoal.domain.history import Decision, Event, History, Lock
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.domain.replay import record, replay
from salesgoal.domain.revision import propose
from salesgoal.domain.target import Target
from salesgoal.errors import RevisionRefused, UsageError

NOON = datetime(2023, 10, 9, 12, tzinfo=UTC)
PLAN = make_plan(
    name="10月",
    period="2023-10",
    metrics=[Metric(id="sales", decimals=2)],
    targets=[Target(metric="sales", period="2023-10", target=800_000)],
)
CUT = propose(PLAN, "", period="2023-10", to=700_000)


def event(act, hour=0, *, by="经理", reason="竞品降价", at=None):
    moment = at or NOON + timedelta(hours=hour)
    return Event(act=act, by=by, reason=reason, recorded_at=moment)


def history(*acts):
    """A history that the plan allows, an event an hour."""
    found = History()
    for hour, act in enumerate(acts):
        found, _ = record(PLAN, found, event(act, hour), base=hour)
    return found


def target(plan):
    return plan.targets.of("sales")[plan.period][()]


def refused(act, known=None, **more):
    known = known or History()
    base = more.pop("base", len(known.events))
    with pytest.raises(RevisionRefused) as caught:
        record(PLAN, known, event(act, 99, **more), base=base)
    (problem,) = caught.value.problems
    assert problem.text("zh")
    return problem


APPROVED = history(CUT, Decision(1, approved=True))


def test_a_proposal_alone_changes_nothing():
    replayed = replay(PLAN, history(CUT)).plan
    assert (target(replayed), replayed.version, replayed.original) == (
        80_000_000,
        "original",
        None,
    )


def test_an_approved_revision_counts_and_the_original_stands_beside_it():
    replayed = replay(PLAN, APPROVED).plan
    assert (target(replayed), replayed.version) == (70_000_000, "r1")
    assert replayed.original == PLAN.targets


def test_a_refused_one_changes_nothing():
    replayed = replay(PLAN, history(CUT, Decision(1, approved=False))).plan
    assert (target(replayed), replayed.version) == (80_000_000, "original")


def test_a_plan_as_known_earlier_knows_nothing_of_later_events():
    before = replay(PLAN, APPROVED, known_at=NOON + timedelta(minutes=59)).plan
    at_once = replay(PLAN, APPROVED, known_at=NOON + timedelta(hours=1)).plan
    assert (before.version, at_once.version) == ("original", "r1")
    assert replay(PLAN, APPROVED, known_at=NOON - timedelta(days=1)).plan == PLAN


def test_an_approval_keeps_what_it_changed():
    decision = APPROVED.events[1].act
    assert decision.digest is not None
    assert replay(PLAN, APPROVED).problems == ()


def test_a_table_edited_since_is_warned_about_and_the_revision_counts():
    edited = make_plan(
        name="10月",
        period="2023-10",
        metrics=PLAN.metrics,
        targets=[Target(metric="sales", period="2023-10", target=850_000)],
    )
    replayed = replay(edited, APPROVED)
    assert [(each.code, each.where.key) for each in replayed.problems] == [
        ("history-drift", "#2")
    ]
    assert target(replayed.plan) == 70_000_000


def test_a_revision_that_the_plan_no_longer_holds_is_named_by_its_number():
    other = attrs.evolve(PLAN, metrics=(Metric(id="cash"),))
    with pytest.raises(RevisionRefused) as caught:
        replay(other, APPROVED)
    assert [(each.code, each.where.key) for each in caught.value.problems] == [
        ("history-refused", "#2")
    ]
    growing = history(propose(PLAN, "", period="2023-10", to=1), Decision(1, approved=True))
    closed = [
        event(Lock("2023-10", closed=True)),
        *(
            attrs.evolve(each, recorded_at=each.recorded_at + timedelta(days=1), act=act)
            for each, act in zip(
                growing.events, [growing.events[0].act, Decision(2, approved=True)], strict=True
            )
        ),
    ]
    with pytest.raises(RevisionRefused) as caught:
        replay(PLAN, History(tuple(closed)))
    assert [(each.code, each.where.key) for each in caught.value.problems] == [
        ("period-closed", "#3")
    ]


def test_a_stale_base_is_refused():
    problem = refused(CUT, history(CUT), base=0)
    assert (problem.code, problem.facts) == ("history-stale", {"base": 0, "found": 1})


@pytest.mark.parametrize(
    ("act", "more", "reason"),
    [
        (CUT, {"by": " "}, "names no person or no reason"),
        (CUT, {"reason": ""}, "names no person or no reason"),
        (CUT, {"at": NOON + timedelta(hours=1)}, "is not after"),
        (Decision(3, approved=True), {}, "there is no revision 3"),
        (Decision(2, approved=True), {}, "there is no revision 2"),
        (Decision(1, approved=False), {}, "revision 1 was approved by 经理"),
        (Lock("2023-10", closed=False), {}, "2023-10 is not closed"),
        (Lock("soon", closed=True), {}, "soon"),
        (Lock("2024-01", closed=True), {}, "lies outside"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(act, more, reason):
    problem = refused(act, APPROVED, **more)
    assert problem.code == "history-refused"
    assert reason in problem.message("en")


def test_what_was_refused_is_decided_too():
    known = history(CUT, Decision(1, approved=False))
    assert (
        "revision 1 was refused by 经理" in refused(Decision(1, approved=True), known).message()
    )


def test_a_period_is_closed_once_and_reopened_by_a_line_of_its_own():
    lock, unlock = Lock("2023-10", closed=True), Lock("2023-10", closed=False)
    assert "already closed" in refused(lock, history(lock)).message()
    assert history(lock).closed() == ("2023-10",)
    assert replay(PLAN, history(lock)).plan.closed == (PLAN.period,)
    assert replay(PLAN, history(lock, unlock)).plan.closed == ()
    assert history(lock, unlock, lock).closed() == ("2023-10",)


def test_a_proposal_of_a_closed_period_is_refused_and_so_is_its_approval():
    lock = Lock("2023-10", closed=True)
    assert refused(CUT, history(lock)).code == "period-closed"
    assert refused(Decision(1, approved=True), history(CUT, lock)).code == "period-closed"


def test_moments_need_a_time_zone():
    naive = datetime(2023, 10, 9, 12)  # noqa: DTZ001 - that is the point
    with pytest.raises(UsageError, match="has no time zone"):
        History().append(event(CUT, at=naive), base=0)
    with pytest.raises(UsageError, match="has no time zone"):
        History().upto(naive)


def test_a_history_given_as_values_needs_no_digest():
    known = History().append(event(CUT), base=0)
    known = known.append(event(Decision(1, approved=True), 1), base=1)
    assert replay(PLAN, known).problems == ()


def test_a_refusal_says_which_line_of_the_history():
    where = {"history-stale": "#0", "history-refused": "#3"}
    for problem in (
        refused(CUT, history(CUT), base=0),
        refused(CUT, APPROVED, by=""),
        refused(Lock("soon", closed=True), APPROVED),
        refused(Lock("2024-01", closed=True), APPROVED),
    ):
        assert problem.where == Place("history", key=where[problem.code])
    assert refused(CUT, APPROVED, by="").message("zh").count("必须写明责任人和理由") == 1
    assert "soon" in refused(Lock("soon", closed=True), APPROVED).message("zh")


def test_what_an_approval_changes_is_kept_with_it():
    known, effect = record(PLAN, history(CUT), event(Decision(1, approved=True), 9), base=1)
    assert known.events[-1] == event(Decision(1, approved=True, digest=effect.digest), 9)
    assert len(effect.digest) == 16
    drifted = event(Decision(1, approved=True, digest="0" * 16), 9)
    (warning,) = replay(PLAN, history(CUT).append(drifted, base=1)).problems
    assert (warning.where, warning.facts) == (Place("10月", key="#2"), {"number": 1})


def test_a_refused_replay_says_which_line():
    lock = history(Lock("2023-10", closed=True)).append(event(CUT, 5), base=1)
    with pytest.raises(RevisionRefused) as caught:
        replay(PLAN, lock.append(event(Decision(2, approved=True), 6), base=2))
    assert [each.where for each in caught.value.problems] == [Place("history", key="#3")]


def test_each_approved_revision_counts_up_the_version():
    again = propose(replay(PLAN, APPROVED).plan, "", period="2023-10", to=650_000)
    known, _ = record(PLAN, APPROVED, event(again, 5), base=2)
    known, _ = record(PLAN, known, event(Decision(3, approved=True), 6), base=3)
    assert replay(PLAN, known).plan.version == "r2"


def test_a_replay_begins_with_the_plan_as_typed():
    marked = attrs.evolve(PLAN, version="r9", closed=(PLAN.period,), original=PLAN.targets)
    assert replay(marked, History()).plan == PLAN
