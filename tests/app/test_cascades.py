"""Cascades of plan files: what they make of the plan, and every fault at its address."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from salesgoal.app.cascades import read_quantity
from salesgoal.app.findings import find_problems
from salesgoal.app.load import load_plan
from salesgoal.domain.target import derive_targets
from salesgoal.errors import PlanRefused, UsageError

EXAMPLES = Path(__file__).parents[2] / "examples" / "cascade"

HEAD = """\
[plan]
name = "团队"
period = "2024"
[plan.workdays]
[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2
[metrics.rate]
decimals = 2
aggregation = "average"
[dimensions.region]
name = "区域"
members = ["华东", { name = "华南", aliases = ["南区"] }, { name = "深圳", parent = "华南" }]
[dimensions.product]
name = "产品"
members = ["A", "B"]
"""

HISTORY = """\
日期,区域,产品,销售额
2023-01-06,华东,A,100
2023-02-07,华东,B,300
2023-02-08,深圳,A,500
2023-02-09,深圳,A,-100
2024-01-05,华东,A,7
"""


def lay_out(folder, plan, **files):
    for name, text in {"plan.toml": HEAD + plan, **files}.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def targets(plan, label, path="", metric="sales"):
    """The target of a goal in yuan."""
    tree, period = plan.trees[0], plan.parse(label)
    chosen = plan.metric(metric)
    found = derive_targets(tree, chosen, plan.targets.of(metric), [period])[period]
    units = found[tree.node(path)]
    return None if units is None else Decimal(units).scaleb(-chosen.decimals)


def test_the_chain_of_the_seed_comes_from_one_plan():
    loaded = load_plan(EXAMPLES / "october")
    assert {each.code for each in find_problems(loaded)} <= {"no-owner", "no-due-date"}
    expected = {
        "": 5_000_000,
        "A产品线": 2_000_000,
        "B产品线": 3_000_000,
        "A产品线/华东": 800_000,
        "A产品线/华南": 700_000,
        "A产品线/华北": 500_000,
    }
    for path, amount in expected.items():
        assert targets(loaded.plan, "2023-10", path) == amount
    assert targets(loaded.plan, "2023-10w1", "A产品线/华东") == 200_000
    weeks = [targets(loaded.plan, f"2023-10w{week}") for week in (1, 2, 3, 4)]
    assert sum(weeks) == 5_000_000


def test_table_3_of_the_seed_comes_from_its_years_and_shares():
    loaded = load_plan(EXAMPLES / "year")
    assert {each.code for each in find_problems(loaded)} <= {"no-owner", "no-due-date"}
    rows = {
        "A产品线": [1_800_000, 2_000_000, 2_000_000, 2_200_000],
        "B产品线": [1_500_000, 1_700_000, 1_800_000, 2_000_000],
    }
    for path, quarters in rows.items():
        found = [targets(loaded.plan, f"2023Q{each}", path) for each in (1, 2, 3, 4)]
        assert found == quarters
        months = [targets(loaded.plan, f"2023-{each:02}", path) for each in range(1, 13)]
        assert sum(months) == sum(quarters)


def history(steps, more="total = 8"):
    return f"""\
[[actuals]]
path = "records.csv"
[[cascades]]
{more}
unit = "万元"
steps = [{steps}]
"""


@pytest.mark.parametrize(
    ("steps", "shares"),
    [
        ('{ by = "region", basis = "last_year" }', {"华东": 40_000, "华南": 40_000}),
        ('{ by = "region", basis = "trailing" }', {"华东": 40_000, "华南/深圳": 40_000}),
        (
            '{ by = "region", basis = "last_year" }, { by = "product", basis = "last_year" }',
            {"华东/A": 10_000, "华东/B": 30_000, "华南/深圳/A": 40_000, "华南/深圳/B": 0},
        ),
        (
            '{ by = "region", basis = "last_year", caps = { "华东" = 3 }, step = "万元" }',
            {"华东": 30_000, "华南": 50_000},
        ),
    ],
)
def test_members_share_by_what_they_reached(tmp_path, steps, shares):
    plan = load_plan(lay_out(tmp_path, history(steps), records_csv=HISTORY)).plan
    for path, amount in shares.items():
        assert targets(plan, "2024", path) == amount


def test_periods_share_by_what_the_same_goal_reached_a_year_before(tmp_path):
    steps = '{ by = "region", basis = "last_year" }, { into = "month", basis = "last_year" }'
    plan = load_plan(lay_out(tmp_path, history(steps), records_csv=HISTORY)).plan
    assert targets(plan, "2024-01", "华东") == 10_000
    assert targets(plan, "2024-02", "华东") == 30_000
    assert targets(plan, "2024-02", "华南/深圳") == 40_000
    assert targets(plan, "2024-03", "华东") == 0


def test_a_total_may_grow_out_of_last_year(tmp_path):
    steps = '{ by = "region", basis = "last_year" }'
    folder = lay_out(tmp_path, history(steps, "growth_pct = 12.5"), records_csv=HISTORY)
    plan = load_plan(folder).plan
    assert targets(plan, "2024") == 900
    assert targets(plan, "2024", "华东") == 450


def test_reports_that_give_months_are_history_of_months(tmp_path):
    rows = "期间,区域,销售额\n2023-01,华东,30\n2023-02,华东,10\n2023Q2,华东,5\n"
    steps = '{ into = "month", basis = "last_year" }'
    plan = load_plan(lay_out(tmp_path, history(steps), records_csv=rows)).plan
    assert targets(plan, "2024-01") == 60_000
    assert targets(plan, "2024-04") == 0


def test_without_history_it_is_shared_evenly_and_said(tmp_path):
    rows = "日期,区域,销售额\n2022-01-06,华东,30\n"
    steps = '{ by = "region", basis = "last_year", members = ["华东", "深圳"] }'
    plan = load_plan(lay_out(tmp_path, history(steps), records_csv=rows)).plan
    assert [each.code for each in plan.warnings] == ["even-split"]
    assert targets(plan, "2024", "华东") == 40_000


def test_the_other_bases_weigh_periods(tmp_path):
    plan = load_plan(
        lay_out(
            tmp_path,
            """\
[profiles."季度"]
percents = [40, 30, 20, 10]
[[cascades]]
goal = { region = "华东" }
total = 100
steps = [{ into = "quarter", profile = "季度", over_assignment_pct = 10 }]
[[cascades]]
goal = { region = "深圳" }
total = 366
steps = [{ into = "month", basis = "days" }]
[[cascades]]
goal = { region = "华东", product = "A" }
total = 262
steps = [{ into = "month", basis = "workdays", floors = { "2024-02" = 23 } }]
""",
        )
    ).plan
    assert [targets(plan, f"2024Q{each}", "华东") for each in (1, 4)] == [44, 11]
    assert targets(plan, "2024", "华东") == 100
    assert targets(plan, "2024-02", "华南/深圳") == 29
    assert targets(plan, "2024-02", "华东/A") == 23
    assert targets(plan, "2024", "华东/A") == 262


def test_members_may_be_written_with_their_aliases_and_percentages(tmp_path):
    plan = load_plan(
        lay_out(
            tmp_path,
            """\
[[cascades]]
total = 100
steps = [{ by = "region", percents = { "南区" = 66.5, "华东" = 33.5 } }]
""",
        )
    ).plan
    assert targets(plan, "2024", "华东") == Decimal("33.5")
    assert targets(plan, "2024", "华南") == Decimal("66.5")


def test_what_is_typed_in_a_table_stays_as_it_is(tmp_path):
    plan = load_plan(
        lay_out(
            tmp_path,
            """\
[[targets]]
path = "targets.csv"
[[cascades]]
total = 100
steps = [{ by = "region" }]
""",
            targets_csv="区域,期间,目标\n华东,2024,80\n",
        )
    ).plan
    assert targets(plan, "2024", "华东") == 80
    assert targets(plan, "2024", "华南/深圳") == 20
    assert targets(plan, "2024") == 100


def test_every_typed_goal_goes_into_periods_at_once(tmp_path):
    plan = load_plan(
        lay_out(
            tmp_path,
            """\
[[targets]]
path = "targets.csv"
[[cascades]]
every_goal = true
steps = [{ into = "quarter", weights = [1, 1, 1, 2] }]
""",
            targets_csv="区域,期间,目标\n华东,2024,80\n深圳,2024,20\n,2024,100\n",
        )
    ).plan
    assert targets(plan, "2024Q4", "华东") == 32
    assert targets(plan, "2024Q4") == 40


STEP = "[[cascades]]\ntotal = 100\nsteps = [{}]\n"
FAULTS = [
    (
        STEP.format("{ by = 'region', into = 'month' }"),
        "cascades#1.steps#1",
        "either by or into",
    ),
    (STEP.format("{ by = 'regoin' }"), "cascades#1.steps#1.by", "did you mean region"),
    (STEP.format("{ by = 'region', profile = 'x' }"), "steps#1", "into a level"),
    (STEP.format("{ by = 'region', basis = 'weights' }"), "steps#1", "weights, which basis"),
    (
        STEP.format("{ by = 'region', basis = 'equal', weights = {'华东' = 1} }"),
        "steps#1",
        "weights alone",
    ),
    (STEP.format("{ into = 'month', basis = 'trailing' }"), "steps#1", "by a dimension"),
    (
        STEP.format("{ into = 'month', profile = '月度' }"),
        "profile",
        "no profile is called 月度",
    ),
    (STEP.format("{ into = 'month', weights = [1, 2] }"), "cascades#1", "[part-count]"),
    (STEP.format("{ into = 'month', percents = [50, 49.996] }"), "steps#1", "come to 99.996"),
    (STEP.format("{ into = 'month', amounts = {'2024-13' = 1} }"), "steps#1", "2024-13"),
    (STEP.format("{ into = 'span' }"), "steps#1", "span is outside the calendar"),
    (
        STEP.format("{ by = 'region', amounts = {'华冬' = 1} }"),
        "steps#1",
        "did you mean 华南、华东",
    ),
    (
        STEP.format("{ by = 'region', amounts = {'华东' = 1.005} }"),
        "amounts.华东",
        "3 decimals",
    ),
    (STEP.format("{ by = 'region', amounts = {'华东' = 120} }"), "cascades#1", "[typed-over]"),
    (STEP.format("{ by = 'region', step = '斤' }"), "steps#1", "is no amount"),
    (
        STEP.format("{ by = 'region' }, { by = 'product', amounts = { A = 1 } }"),
        "cascades#1",
        "A is typed in a step",
    ),
    ("[[cascades]]\ntotal = 1\ngrowth_pct = 1\nsteps = []\n", "cascades#1", "only one of"),
    ("[[cascades]]\nsteps = []\n", "cascades#1", "[no-total]"),
    ("[[cascades]]\ngrowth_pct = 1\nsteps = []\n", "cascades#1", "[no-total]"),
    ("[[cascades]]\ntotal = 1\nmetric = 'sale'\nsteps = []\n", "cascades#1", "mean sales"),
    ("[[cascades]]\ntotal = 1\nmetric = 'rate'\nsteps = []\n", "cascades#1", "does not add up"),
    (
        "[[cascades]]\ntotal=1\nmetric='rate'\nsteps=[{by='region', basis='last_year'}]\n",
        "cascades#1",
        "does not add up",
    ),
    ("[[cascades]]\ntotal = 1\nunit = '斤'\nsteps = []\n", "cascades#1", "unit is '斤'"),
    ("[[cascades]]\ntotal = 1\nperiod = '2024-13'\nsteps = []\n", "cascades#1", "2024-13"),
    ("[[cascades]]\ntotal = 1\ngoal = { region = '华冬' }\nsteps = []\n", "cascades#1", "华冬"),
    ("[profiles.x]\npercents = [33.332, 33.332, 33.332]\n", "profiles.x", "99.996"),
    ("[profiles.x]\nweights = [1]\npercents = [100]\n", "profiles.x", "either weights"),
]


@pytest.mark.parametrize(("text", "key", "said"), FAULTS)
def test_a_fault_is_a_problem_at_its_address(tmp_path, text, key, said):
    with pytest.raises(PlanRefused) as caught:
        load_plan(lay_out(tmp_path, text))
    (fault,) = caught.value.problems
    assert fault.where.source == "plan.toml"
    assert key in fault.where.key
    assert said in str(fault)


def test_a_wrong_period_of_the_plan_is_said_once(tmp_path):
    folder = lay_out(tmp_path, STEP.format("{ into = 'month' }"))
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace('"2024"', '"2024Q7"'), encoding="utf-8")
    with pytest.raises(PlanRefused) as caught:
        load_plan(folder)
    assert [each.code for each in caught.value.problems] == ["no-such-period"]


def test_history_that_cannot_be_read_stops_the_plan(tmp_path):
    with pytest.raises(PlanRefused) as caught:
        load_plan(lay_out(tmp_path, history('{ by = "region", basis = "last_year" }')))
    assert [each.code for each in caught.value.problems] == ["file-missing"]


@pytest.mark.parametrize("text", ["", "八十万", "80斤", "1,20万"])
def test_an_amount_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="is no amount"):
        read_quantity(text)


def test_without_anything_reached_a_year_before_nothing_can_grow(tmp_path):
    rows = "日期,区域,销售额\n2022-01-06,华东,30\n"
    folder = lay_out(tmp_path, history("", "growth_pct = 5"), records_csv=rows)
    with pytest.raises(PlanRefused) as caught:
        load_plan(folder)
    assert [each.code for each in caught.value.problems] == ["no-total"]


def test_workdays_need_a_work_calendar(tmp_path):
    folder = lay_out(tmp_path, STEP.format("{ into = 'month', basis = 'workdays' }"))
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace("[plan.workdays]\n", ""), encoding="utf-8")
    with pytest.raises(PlanRefused, match=r"needs plan\.workdays"):
        load_plan(folder)
