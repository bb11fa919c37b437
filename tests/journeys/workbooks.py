"""Every workbook that the product writes, over several plans, for a program to recalculate."""

from __future__ import annotations

from salesgoal.cli.main import run

RATIO_PLAN = """\
[plan]
name = "客单价团队"
period = "2023Q4"
levels = ["quarter", "month", "week"]

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[metrics.orders]
name = "订单数"
unit = "单"

[metrics.mean]
name = "客单价"
unit = "元"
decimals = 2
aggregation = "ratio"
numerator = "sales"
denominator = "orders"

[metrics.cost]
name = "费用"
unit = "元"
decimals = 2
direction = "minimise"

[metrics.days]
name = "回款天数"
unit = "天"
aggregation = "average"
direction = "minimise"
baseline = 90

[metrics.debt]
name = "应收余额"
unit = "元"
decimals = 2
aggregation = "last"

[dimensions.region]
name = "区域"
members = ["华东", "华南", "=华北"]

[dimensions.person]
name = "人员"
members = ["张三", "李四", "王五"]

[[breakdowns]]
by = ["region", "person"]

[[breakdowns]]
by = ["person"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"

[[reviews]]
path = "reviews.csv"

[score.metrics.sales]
weight = 60

[score.metrics.orders]
weight = 40

[reports.personal_month]
by = ["region", "person"]
period = "2023-10"
metric = "mean"

[reports.team_quarter]
by = ["region"]
metric = "debt"

[plan.workdays]
"""
RATIO_TARGETS = """\
region,person,period,metric,target,owner,due_on
华东,张三,2023-10,sales,1000.01,张三,2023-10-31
华东,张三,2023-11,sales,2000.02,张三,2023-11-30
华东,张三,2023-10,orders,3,张三,2023-10-31
华东,李四,2023-10,sales,0,李四,2023-10-31
华东,李四,2023-10,cost,333.33,李四,2023-10-31
华南,王五,2023-10,sales,7777.77,王五,2023-10-31
华南,王五,2023-10,days,60,王五,2023-10-31
华南,王五,2023-10,debt,5000,王五,2023-10-31
华南,,2023Q4,sales,9000,南总,2023-12-31
=华北,,2023Q4,sales,100.10,北总,2023-12-31
,李四,2023Q4,sales,50,李四,2023-12-31
"""
RATIO_RECORDS = """\
date,region,person,sales,orders,cost,days,debt
2023-10-02,华东,张三,333.33,7,10.01,81,1234.56
2023-10-06,华东,张三,333.35,4,0.99,80,1000.01
2023-10-09,华东,李四,0.01,0,400,70,99.99
2023-10-20,华南,王五,8000.05,3,1,75,4999.99
2023-11-07,华南,王五,-0.03,1,2,61,5000.01
2023-11-08,华东,,11.11,1,3,,
2023-11-09,西部,张三,5,1,1,,
2023-12-30,华南,王五,1,1,1,1,1
"""
RATIO_REVIEWS = """\
region,person,period,metric,cause,amount,action,owner,due_on,recovery
华东,张三,2023-10,sales,客户推迟,100.01,二次拜访,张三,2023-10-20,50.50
华南,王五,2023-10,orders,淡季,,促销,王五,2023-12-20,
"""


def lay_out_ratio(folder):
    folder.mkdir(parents=True)
    for name, text in (
        ("plan.toml", RATIO_PLAN),
        ("targets.csv", RATIO_TARGETS),
        ("records.csv", RATIO_RECORDS),
        ("reviews.csv", RATIO_REVIEWS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_workbooks(folder):
    """Writes every kind of workbook and returns their paths; fails where one is missing."""
    out = folder / "books"
    ratio = lay_out_ratio(folder / "ratio")
    assert run(["demo", str(folder / "demo")]) == 0
    demo = [str(folder / "demo" / name) for name in ("personal_month", "team_quarter")]
    day, xlsx = ["--as-of", "2023-11-15"], ["--format", "xlsx"]
    plan = str(ratio)
    calls = {
        "demo": ["report", *demo, "--as-of", "2023-12-31"],
        "running": ["report", *demo, "--as-of", "2023-10-18", "--lang", "en"],
        "ratio": ["report", plan, *day, "--rejected", str(out / "rejected.xlsx")],
        "ratio_wan": ["report", plan, *day, "--unit", "万元"],
        "original": ["report", plan, *day, "--targets", "original"],
        "owner": ["report", plan, *day, "--for", "张三"],
        "track": ["track", plan, *day, *xlsx],
        "track_by": ["track", plan, *day, *xlsx, "--by", "person,region"],
        "to_date": ["track", plan, *day, *xlsx, "--to-date"],
        "explain": ["explain", plan, *day, *xlsx, "--goal", "华东/张三"],
        "alerts": ["alerts", plan, *day, *xlsx, "--since", "2023-10-15"],
        "reviews": ["review", plan, "--list", *day, *xlsx],
        "split": ["split", plan, "--by", "person", "--total", "100.01", "--metric", "cost"],
        "distribute": ["distribute", plan, "--into", "month", "--total", "100.01"],
    }
    for name, arguments in calls.items():
        assert run([*arguments, "-o", str(out / f"{name}.xlsx")]) in {0, 1, 4}, name
    assert run(["report", plan, *day, "--split-by", "region", "-o", str(out)]) == 4
    paths = sorted(out.glob("*.xlsx"))
    assert {each.stem for each in paths} >= {*calls, "rejected", "华东", "华南", "=华北"}
    return paths
