"""What users of other systems complain about where people are concerned, and how it is here.

Each fact is run by the command on a small desk: the numbers are the complaint's own where it
gives some.
"""

from __future__ import annotations

import json

import pytest

from .desk import call, lay_out

PLAN = """\
[plan]
name = "团队"
period = "2023Q4"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[metrics.pieces]
name = "数量"
aggregation = "sum"

[dimensions.rep]
name = "人员"
path = "people.csv"

[[breakdowns]]
by = ["rep"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"
split = ["rep"]
"""
PEOPLE = """\
名称,上级,开始日期,结束日期,重叠归属
大区,,,,
华东,大区,,,
华南,大区,,,
张三,华东,,2023-10-31,
张三,华南,2023-11-01,,
李四,华东,,2023-10-31,
王五,华东,,,
专家,大区,,,是
"""
TARGETS = """\
人员,期间,指标,目标
华东,2023Q4,销售额,900
张三,2023Q4,销售额,920
王五,2023Q4,销售额,300
专家,2023Q4,销售额,5000
"""
HEADER = "日期,人员,销售额,数量\n"


@pytest.fixture
def told(tmp_path, capsys):
    """Records -> what `track` says, by goal for the plan's own period, and the account."""

    def tell(*records, view="as_was", plan=PLAN, code=0):
        rows = HEADER + "".join(f"{record}\n" for record in records)
        desk = lay_out(tmp_path / "desk", plan=plan, targets=TARGETS, records=rows)
        (desk / "people.csv").write_text(PEOPLE, encoding="utf-8")
        arguments = ("--as-of", "2023-12-31", "--format", "json", "--view", view)
        found, printed, said = call(capsys, "track", desk, *arguments)
        assert found == code, said
        answer = json.loads(printed)
        assert answer["meta"]["view"] == view
        rows = {
            (row["goal"], row["metric"]): row
            for row in answer["rows"]
            if row["level"] == "quarter"
        }
        return rows, answer["reconciliation"], said

    return tell


def actuals(rows, metric="sales"):
    return {goal: row["actual"] for (goal, name), row in rows.items() if name == metric}


def test_an_order_of_two_reps_is_split_and_not_given_whole_to_each(told):
    rows, account, _ = told("2023-10-06,张三;王五,30,15")
    pieces = actuals(rows, "pieces")
    assert (pieces["大区/华东/张三"], pieces["大区/华东/王五"]) == ("8", "7")
    assert pieces["大区/华东"] == pieces[""] == account["pieces"]["read"] == "15"


def test_a_deal_with_two_owners_counts_once_in_the_teams_goal(told):
    rows, account, _ = told("2023-10-06,张三:50%;王五:50%,100.00,1")
    assert actuals(rows)["大区/华东"] == account["sales"]["root"] == "100.00"


def test_nothing_is_split_where_nobody_said_so(told):
    rows, _, _ = told("2023-10-06,张三,100.00,1")
    assert actuals(rows)["大区/华东/王五"] == "0.00"


def test_a_rep_who_moves_keeps_the_old_months(told):
    sold = ("2023-10-06,张三,100,1", "2023-11-06,张三,50,1")
    then, _, _ = told(*sold)
    assert actuals(then)["大区/华东/张三"] == "100.00"
    assert actuals(then)["大区/华南/张三"] == "50.00"
    now, _, _ = told(*sold, view="as_is")
    assert actuals(now)["大区/华南/张三"] == "150.00"
    assert ("大区/华东/张三", "sales") not in now


def test_the_target_of_who_moves_is_shared_by_days_and_loses_nothing(told):
    rows, _, _ = told()
    parts = [rows[f"大区/{team}/张三", "sales"]["target"] for team in ("华东", "华南")]
    assert parts == ["310.00", "610.00"]
    assert told(view="as_is")[0]["大区/华南/张三", "sales"]["target"] == "920.00"


def test_past_sales_do_not_move_with_the_persons_present_department(told):
    rows, _, _ = told("2023-10-06,张三,100,1")
    assert actuals(rows)["大区/华东"] == "100.00"
    assert actuals(rows)["大区/华南"] == "0.00"


@pytest.mark.parametrize("view", ["as_was", "as_is"])
def test_the_past_deals_of_who_left_do_not_vanish(told, view):
    rows, account, _ = told("2023-10-06,李四,70,1", view=view)
    assert actuals(rows)["大区/华东"] == "70.00"
    assert account["sales"]["root"] == account["sales"]["read"] == "70.00"


def test_a_deal_after_the_last_day_counts_and_is_pointed_out(told):
    rows, account, said = told("2023-11-06,李四,70,1")
    assert actuals(rows)[""] == account["sales"]["unassigned"] == "70.00"
    assert "no-seat-then" in said
    assert "李四" in said


def test_a_department_has_the_sales_of_everybody_below_not_of_its_direct_members_only(told):
    rows, _, _ = told("2023-10-06,张三,100,1", "2023-10-07,大区,1,1")
    assert actuals(rows)["大区"] == "101.00"


def test_a_target_set_on_a_parent_has_the_actual_of_its_children(told):
    rows, _, _ = told("2023-10-06,王五,90,1")
    assert rows["大区/华东", "sales"]["target"] == "900.00"
    assert rows["大区/华东", "sales"]["actual"] == "90.00"
    assert rows["大区/华东", "sales"]["attainment_pct"] == "10.00"


def test_quotas_roll_up(told):
    rows, _, _ = told()
    assert rows["大区", "sales"]["target"] == rows["", "sales"]["target"] == "1510.00"
    assert rows["大区/华东", "sales"]["mismatch"] == "290.00"


def test_the_reports_total_is_the_sources_total(told):
    sold = ("2023-10-06,张三;王五,100.01,1", "2023-11-06,李四,1,1", "2022-01-01,王五;专家,5,1")
    _, account, _ = told(*sold)
    sales = account["sales"]
    assert (sales["read"], sales["root"], sales["outside_period"]) == (
        "106.01",
        "101.01",
        "5.00",
    )
    assert account["pieces"]["read"] == "3"


def test_an_overlay_is_paid_without_being_counted_twice(told):
    rows, account, _ = told("2023-10-06,王五;专家,100,1", "2023-10-07,专家,30,1")
    assert rows["大区/专家", "sales"]["actual"] == "130.00"
    assert rows["大区/专家", "sales"]["target"] == "5000.00"
    assert rows["大区", "sales"]["actual"] == account["sales"]["root"] == "130.00"
    assert rows["大区", "sales"]["unassigned"] == "30.00"
    assert rows["", "sales"]["target"] == "1510.00"


def test_shares_that_do_not_come_to_the_whole_are_refused(told):
    rows, account, said = told("2023-10-06,张三:60%;王五:30%,100,1", code=4)
    assert "shares-not-one" in said
    assert account["sales"]["rejected"] == "100.00"
    assert actuals(rows)[""] == "0.00"


def test_the_plan_may_say_which_view_its_reports_have(tmp_path, capsys):
    desk = lay_out(
        tmp_path / "desk",
        plan=f'{PLAN}\n[reports]\nview = "as_is"\n',
        targets=TARGETS,
        records=f"{HEADER}2023-10-06,张三,100,1\n",
    )
    (desk / "people.csv").write_text(PEOPLE, encoding="utf-8")
    arguments = ("--as-of", "2023-12-31", "--format", "json")
    code, printed, _ = call(capsys, "track", desk, *arguments)
    assert code == 0
    assert json.loads(printed)["meta"]["view"] == "as_is"
    code, printed, _ = call(capsys, "track", desk, *arguments, "--view", "as_was")
    assert json.loads(printed)["meta"]["view"] == "as_was"


def test_the_tables_leave_out_overlays_and_close(tmp_path, capsys):
    desk = lay_out(
        tmp_path / "desk",
        plan=f'{PLAN}\n[reports.team_quarter]\nby = ["rep"]\n[reports.product_year]\n',
        targets=TARGETS,
        records=f"{HEADER}2023-10-06,王五;专家,100,1\n",
    )
    (desk / "people.csv").write_text(PEOPLE, encoding="utf-8")
    code, printed, said = call(
        capsys, "report", desk, "--as-of", "2023-12-31", "--format", "markdown"
    )
    assert code == 0, said
    tables = printed.partition("季度销售目标汇总表")[2].partition("达成情况")[0]
    assert "专家" not in tables
