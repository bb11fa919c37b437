from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.reviews.review import add_review, carry_on, correct_cause, goal_scope
from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.review import Review
from salesgoal.errors import OutputError, PlanRefused, UnknownName

PLAN = """\
# 团队的计划
[plan]
name = "十月"   # 给人看的
period = "2023-10"

[metrics.sales]
name = "销售额"
decimals = 2

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[[targets]]
path = "targets.csv"
"""
TARGETS = "区域,期间,目标\n华东,2023-10,600\n华南,2023-10,500\n"
CAUSE = Review(
    scope={"region": "华东"}, period="2023-10", code="budget_delay", amount=Decimal("50.5")
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plan.toml").write_bytes(PLAN.encode())
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return tmp_path


def test_the_first_review_makes_its_table_and_names_it_in_the_plan(folder):
    entered = add_review(load_plan(folder), CAUSE)
    assert (entered.path.name, entered.is_new, entered.action) == ("reviews.csv", True, None)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    assert text == f'{PLAN}\n[[reviews]]\npath = "reviews.csv"\n'
    (one,) = load_plan(folder).plan.reviews.explanations
    assert (one.cause.code, one.amount_units, one.where.row) == ("budget_delay", 5050, 2)


def test_later_reviews_are_added_and_every_byte_before_them_stays(folder):
    add_review(load_plan(folder), CAUSE)
    table, plan = (folder / "reviews.csv").read_bytes(), (folder / "plan.toml").read_bytes()
    again = Review(
        scope={}, period="2023-10", cause="天气", note='他说"好"，\n再等', author="王"
    )
    entered = add_review(load_plan(folder), again)
    assert not entered.is_new
    assert (folder / "reviews.csv").read_bytes().startswith(table)
    assert (folder / "plan.toml").read_bytes() == plan
    _, said = load_plan(folder).plan.reviews.given
    assert (said.note, said.author, said.scope) == ('他说"好"，\n再等', "王", {})


def test_what_was_entered_is_read_back_the_same(folder):
    review = Review(
        scope={"region": "华南"},
        period="2023-10w2",
        metric="sales",
        code="price_cut",
        cause="对手降价",
        amount=Decimal("-3.20"),
        action="=报价",
        owner="李",
        recovery=Decimal("10.00"),
        hint="-",
    )
    entered = add_review(load_plan(folder), review)
    assert entered.action.number == 1
    plan = load_plan(folder).plan
    (said,) = plan.reviews.given
    assert (said.amount, said.recovery, said.action) == (Decimal("-3.20"), 10, "=报价")
    assert (said.cause, said.code, said.number, said.hint) == ("对手降价", "price_cut", 1, "-")
    add_review(load_plan(folder), carry_on(plan, 1, state=ActionState.DONE, outcome="签了"))
    (action,) = load_plan(folder).plan.reviews.actions
    assert (action.state, action.outcome, action.what) == (ActionState.DONE, "签了", "=报价")


def test_tables_that_people_wrote_stay_as_they_are(folder):
    own = "区域,期间,主要偏差原因,改进措施\n华东,2023-10,延迟,拜访\n"
    (folder / "reviews.csv").write_text(own, encoding="utf-8")
    (folder / "plan.toml").write_text(f'{PLAN}\n[[reviews]]\npath = "reviews.csv"', "utf-8")
    entered = add_review(load_plan(folder), Review(period="2023-10", action="复盘会"))
    assert (entered.path.name, entered.action.number) == ("reviews-2.csv", 2)
    assert (folder / "reviews.csv").read_text("utf-8") == own
    assert len(load_plan(folder).plan.reviews.given) == 2
    assert add_review(load_plan(folder), CAUSE).path.name == "reviews-2.csv"


def test_a_table_in_another_encoding_is_not_added_to(folder):
    (folder / "alt.csv").write_bytes(
        "区域,期间,主要偏差原因\n华东,2023-10,延迟\n".encode("gbk")
    )
    (folder / "plan.toml").write_text(f'{PLAN}\n[[reviews]]\npath = "alt.csv"\n', "utf-8")
    assert add_review(load_plan(folder), CAUSE).path.name == "reviews.csv"


def test_a_table_without_a_last_line_end_gets_one(folder):
    add_review(load_plan(folder), CAUSE)
    table = folder / "reviews.csv"
    table.write_bytes(table.read_bytes().rstrip(b"\n"))
    add_review(load_plan(folder), CAUSE)
    assert len(load_plan(folder).plan.reviews.explanations) == 2


def test_windows_line_ends_of_the_plan_stay(folder):
    (folder / "plan.toml").write_bytes(PLAN.replace("\n", "\r\n").encode("utf-8-sig"))
    add_review(load_plan(folder), CAUSE)
    written = (folder / "plan.toml").read_bytes()
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert written.endswith(b'[[reviews]]\r\npath = "reviews.csv"\r\n')


def test_a_plan_that_cannot_be_added_to_stays_as_it_is(folder):
    odd = f"reviews = []\n{PLAN}"
    (folder / "plan.toml").write_text(odd, encoding="utf-8")
    with pytest.raises(OutputError, match="yourself"):
        add_review(load_plan(folder), CAUSE)
    assert (folder / "plan.toml").read_text(encoding="utf-8") == odd


@pytest.mark.parametrize(
    ("review", "error"),
    [
        (Review(period="2023-10", code="buget_delay"), PlanRefused),
        (Review(period="2023-10", code="price_cut", amount=Decimal("1.005")), PlanRefused),
        (Review(period="2023-11", cause="天气"), UnknownName),
    ],
)
def test_a_faulty_review_writes_nothing(folder, review, error):
    before = sorted(folder.iterdir())
    with pytest.raises(error):
        add_review(load_plan(folder), review)
    assert sorted(folder.iterdir()) == before


def test_one_writer_at_a_time(folder):
    lock = folder / ".plan.toml.reviews.lock"
    lock.touch()
    with pytest.raises(OutputError, match="delete it if not"):
        add_review(load_plan(folder), CAUSE)
    lock.unlink()
    add_review(load_plan(folder), CAUSE)
    assert not lock.exists()


def test_goals_and_actions_are_found_by_name(folder):
    plan = load_plan(folder).plan
    assert goal_scope(plan, "华东") == {"region": "华东"}
    assert goal_scope(plan, "") == {}
    with pytest.raises(UnknownName):
        goal_scope(plan, "华中")
    with pytest.raises(UnknownName):
        carry_on(plan, 1, state=ActionState.DONE)


def test_a_folder_that_cannot_be_written_is_said(folder, monkeypatch):
    loaded = load_plan(folder)
    monkeypatch.setattr(
        "os.open", lambda *_: (_ for _ in ()).throw(PermissionError("read-only"))
    )
    with pytest.raises(OutputError, match="read-only"):
        add_review(loaded, CAUSE)


def test_a_cause_is_corrected_and_what_is_left_out_stays(folder):
    add_review(load_plan(folder), attrs.evolve(CAUSE, note="推迟", author="王"))
    add_review(
        load_plan(folder), Review(period="2023-10", cause="天气", kind=CauseKind.OBJECTIVE)
    )
    loaded = load_plan(folder)
    first, second = loaded.plan.reviews.explanations
    now = Review(period="2023-10", amount=Decimal("40.00"), author="李")
    add_review(loaded, correct_cause(loaded.plan, first.key, now))
    loaded = load_plan(folder)
    add_review(loaded, correct_cause(loaded.plan, second.key, attrs.evolve(now, note="雨")))
    one, other = load_plan(folder).plan.reviews.explanations
    assert (one.key, one.cause.code, one.amount_units) == (first.key, "budget_delay", 4000)
    assert (one.note, one.author) == ("推迟", "李")
    assert (other.text, str(other.kind), other.note) == ("天气", "objective", "雨")
    named = Review(period="2023-10", code="price_cut")
    again = correct_cause(load_plan(folder).plan, other.key, named)
    assert (again.code, again.cause, again.kind, again.amount) == (
        *("price_cut", None, None, Decimal("40.00")),
    )


def test_a_cause_is_withdrawn(folder):
    add_review(load_plan(folder), CAUSE)
    loaded = load_plan(folder)
    (one,) = loaded.plan.reviews.explanations
    add_review(loaded, correct_cause(loaded.plan, one.key))
    assert load_plan(folder).plan.reviews.explanations == ()
    with pytest.raises(UnknownName, match="no cause is called"):
        correct_cause(load_plan(folder).plan, one.key)
