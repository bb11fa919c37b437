"""Who has not reported: due days, grace, stretches, and what the ledger has of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.missing import due_reports, find_missing
from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage
from salesgoal.domain.problem import Place
from salesgoal.errors import PlanRefused, UsageError
from salesgoal.store import open_ledger

PLAN = """\
[plan]
name = "团队"
period = "2023Q4"
zone = "Asia/Shanghai"
{workdays}

[metrics.sales]

[dimensions.rep]
name = "销售员"
members = [
  "华东",
  {{ name = "张三", parent = "华东" }},
  {{ name = "李四", parent = "华东" }},
  "王五",
]

[[actuals]]
path = "*.csv"
source = "orders"

[ledger]

[[expected]]
dimension = "rep"
source = "orders"
{expected}
"""
WEEKLY = 'cadence = "FREQ=WEEKLY;BYDAY=FR"\nsince = 2023-10-02\n'
CHINA = '\n[plan.workdays]\nkind = "table"\npath = "days.csv"'


def plan(tmp_path, expected=WEEKLY, workdays=""):
    text = PLAN.format(expected=expected, workdays=workdays)
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    days = [date.fromordinal(date(2023, 9, 1).toordinal() + n) for n in range(130)]
    holidays = {date(2023, 10, day) for day in (2, 3, 4, 5, 6)}
    rows = [f"{day},{int(day.weekday() < 5 and day not in holidays)}" for day in days]
    (tmp_path / "days.csv").write_text("\n".join(["date,is_workday", *rows]), "utf-8")
    return load_plan(tmp_path)


def dues(tmp_path, expected, as_of, workdays=""):
    loaded = plan(tmp_path, expected, workdays)
    (table,) = loaded.document.expected
    found = due_reports(loaded.plan, table, as_of)
    return [tuple(map(str, (each.first, each.last, each.on, each.deadline))) for each in found]


def test_a_report_speaks_of_the_days_since_the_one_before(tmp_path):
    assert dues(tmp_path, WEEKLY, date(2023, 10, 15)) == [
        ("2023-10-02", "2023-10-06", "2023-10-06", "2023-10-06"),
        ("2023-10-07", "2023-10-13", "2023-10-13", "2023-10-13"),
    ]


def test_due_days_move_to_the_next_workday_and_grace_counts_workdays(tmp_path):
    expected = f"{WEEKLY}calendar = true\ngrace_days = 1"
    assert dues(tmp_path, expected, date(2023, 10, 13), CHINA) == [
        ("2023-10-02", "2023-10-06", "2023-10-09", "2023-10-10"),
        ("2023-10-07", "2023-10-13", "2023-10-13", "2023-10-16"),
    ]
    assert dues(tmp_path, expected, date(2023, 10, 8), CHINA) == []


def test_a_report_may_speak_of_the_month_before(tmp_path):
    expected = (
        'cadence = "FREQ=MONTHLY;BYMONTHDAY=3"\nsince = 2023-10-01\ncovers = "month"\nback = 1'
    )
    assert dues(tmp_path, expected, date(2023, 12, 31)) == [
        ("2023-10-01", "2023-10-31", "2023-11-03", "2023-11-03"),
        ("2023-11-01", "2023-11-30", "2023-12-03", "2023-12-03"),
    ]


def report(tmp_path, name, made_on, *rows):
    """Records a report of (member, day, amount) of an October day, at noon."""
    entries = [
        Entry(
            on=date(2023, 10, day),
            members={"rep": who},
            values={"sales": amount},
            where=Place(name),
        )
        for who, day, amount in rows
    ]
    moment = datetime(2023, 10, made_on, 4, tzinfo=UTC)
    document = Document(source="orders", name=name, digest=f"{name}{rows}", as_of=moment)
    with open_ledger(tmp_path / "plan.ledger.db") as ledger:
        page = EntryPage(entries=entries, read=len(entries))
        return ledger.record(document, [page], recorded_at=moment)


def states(loaded, as_of=date(2023, 10, 15)):
    found = find_missing(loaded, as_of)
    return {
        (each.member, each.due.on.day): (
            each.state.value,
            each.received_on and each.received_on.day,
        )
        for each in found
    }


def test_reports_are_received_late_missing_or_expected(tmp_path):
    loaded = plan(tmp_path, f"{WEEKLY}grace_days = 3")
    report(tmp_path, "a", 6, ("张三", 4, 100), ("李四", 5, 0))
    report(tmp_path, "b", 12, ("王五", 3, 100), ("张三:1/2;李四:1/2", 13, 7))
    assert states(loaded) == {
        ("张三", 6): ("received", 6),
        ("张三", 13): ("received", 12),
        ("李四", 6): ("received", 6),
        ("李四", 13): ("received", 12),
        ("王五", 6): ("late", 12),
        ("王五", 13): ("expected", None),
    }
    assert states(loaded, date(2023, 10, 17))["王五", 13] == ("missing", None)
    assert states(loaded, date(2023, 10, 8))["王五", 6] == ("expected", None)


def test_a_later_correction_does_not_make_a_report_late(tmp_path):
    loaded = plan(tmp_path)
    report(tmp_path, "a", 6, ("张三", 4, 100))
    report(tmp_path, "a", 12, ("张三", 4, 120))
    report(tmp_path, "week", 13, ("张三", 4, 120))
    assert states(loaded)["张三", 6] == ("received", 6)


def test_a_report_that_was_taken_back_was_not_received(tmp_path):
    loaded = plan(tmp_path)
    receipt = report(tmp_path, "a", 6, ("张三", 4, 100))
    with open_ledger(tmp_path / "plan.ledger.db") as ledger:
        ledger.undo(receipt.id, by="a", reason="b", recorded_at=receipt.recorded_at)
    assert states(loaded)["张三", 6] == ("missing", None)


def test_a_member_above_has_reported_where_one_below_has(tmp_path):
    loaded = plan(tmp_path, WEEKLY + 'members = ["华东", "王五"]')
    report(tmp_path, "a", 6, ("张三", 4, 100))
    found = states(loaded)
    assert (found["华东", 6], found["王五", 6]) == (("received", 6), ("missing", None))


def test_only_members_under_one_are_asked(tmp_path):
    loaded = plan(tmp_path, WEEKLY + 'under = "华东"')
    report(tmp_path, "a", 6, ("王五", 4, 100))
    assert {member for member, _ in states(loaded)} == {"张三", "李四"}


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (WEEKLY + 'under = "华西"', "expected#1.members"),
        (WEEKLY + "calendar = true", "expected#1.calendar"),
        (WEEKLY.replace("FR", "XX"), "a cadence such as"),
        (WEEKLY + "back = 1", "in covers"),
        (WEEKLY + "grace_days = -1", "from 0 up"),
        (WEEKLY + 'members = ["张三"]\nunder = "华东"', "not both"),
    ],
)
def test_what_cannot_be_expected_is_said(tmp_path, expected, said):
    with pytest.raises(PlanRefused) as refused:
        find_missing(plan(tmp_path, expected), date(2023, 10, 15))
    assert said in str(refused.value)


def test_a_source_or_dimension_that_is_not_there_is_said(tmp_path):
    loaded = plan(tmp_path)
    path = tmp_path / "plan.toml"
    text = path.read_text("utf-8").replace('dimension = "rep"', 'dimension = "who"')
    path.write_text(
        text.replace(
            '[[expected]]\ndimension = "who"\nsource = "orders"',
            '[[expected]]\ndimension = "who"\nsource = "nobody"',
        ),
        "utf-8",
    )
    with pytest.raises(PlanRefused, match="no dimension"):
        find_missing(load_plan(tmp_path), date(2023, 10, 15))
    path.write_text(text.partition("[[expected]]")[0], "utf-8")
    with pytest.raises(UsageError, match="expects no reports"):
        find_missing(load_plan(tmp_path), date(2023, 10, 15))
    assert loaded.document.expected
