"""An example of every key of a plan file, its unit if any, and since when it is there.

The reference page and the JSON Schema show them; tests hold each to what its key takes. A key
whose value is a table of its own has its examples there.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXAMPLES", "FIRST_VERSION", "SINCE", "UNITS"]

FIRST_VERSION = "0.1"
"""Since when a key is there that `SINCE` does not name."""

SINCE: Mapping[str, str] = {}
"""Table.key -> the version that brought it."""

_FILE = {"importer": '"xlsx"', "options": '{ sheet = "10月" }'}
_SHOWN = {"period": '"2023-10"', "by": '["region", "salesperson"]', "metric": '"sales"'}

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "PlanTable": {
        "name": '"A产品线2023年四季度"',
        "period": '"2023Q4"',
        "levels": '["quarter", "month", "week"]',
        "zone": '"Asia/Shanghai"',
        "history": '"plan.history.jsonl"',
        "prepare": '"prepare.py"',
    },
    "SpanTable": {"since": "2023-10-01", "until": "2023-12-31"},
    "CalendarTable": {
        "kind": '"month"',
        "start_month": "4",
        "start_day": "26",
        "year_name": '"end"',
        "week_scheme": '"clipped"',
        "week_start": '"mon"',
        "owner": '"middle"',
        "anchor": '"nearest"',
        "weekday": '"sat"',
        "end_month": "1",
        "pattern": '"4-4-5"',
        "leap_period": "12",
        "year_offset": "-1",
        "path": '"periods.csv"',
    },
    "WorkdaysTable": {
        "kind": '"china"',
        "days": '["mon", "tue", "wed", "thu", "fri", "sat"]',
        "country": '"DE"',
        "subdivision": '"BY"',
        "path": '"workdays.csv"',
        "overlay": '"company-days.csv"',
        "provisional": "true",
    },
    "MetricTable": {
        "name": '"回款率"',
        "unit": '"元"',
        "decimals": "2",
        "aggregation": '"ratio"',
        "numerator": '"payments"',
        "denominator": '"sales"',
        "direction": '"minimise"',
        "baseline": "60",
        "negative": "true",
    },
    "DimensionTable": {
        "name": '"责任人"',
        "members": '["张三", { name = "王五", aliases = ["小王"] }]',
        "path": '"members.csv"',
        "aliases": '"aliases.csv"',
    },
    "MemberTable": {
        "name": '"王五"',
        "aliases": '["小王"]',
        "parent": '"华东"',
        "since": "2023-11-01",
        "until": "2024-03-31",
        "overlay": "true",
    },
    "BreakdownTable": {"by": '["region", "salesperson"]', "every_member": "true"},
    "TargetsTable": {
        "path": '"targets.csv"',
        **_FILE,
        "columns": '{ period = "月份", target = "任务额" }',
        "metric": '"sales"',
        "members": '{ product = "A产品线" }',
        "period": '"2026Q2"',
        "period_format": '"%b-%y"',
        "period_level": '"month"',
        "unit": '"万元"',
        "excess_decimals": '"round"',
        "layout": "{ header_row = 4 }",
    },
    "LayoutTable": {"header_row": "4", "header_rows": "2", "table": "1"},
    "ProfileTable": {"weights": "[18, 20, 20, 22]", "percents": "[22, 24, 24, 30]"},
    "CascadeTable": {
        "metric": '"sales"',
        "period": '"2023"',
        "goal": '{ region = "华东" }',
        "every_goal": "true",
        "total": "1500",
        "growth_pct": "15",
        "unit": '"万元"',
        "steps": '[{ by = "region", weights = { "华东" = 8, "华南" = 7 } }]',
    },
    "StepTable": {
        "by": '"region"',
        "into": '"month"',
        "members": '["华东", "华南"]',
        "basis": '"last_year"',
        "weights": '{ "华东" = 8, "华南" = 7 }',
        "percents": '{ "华东" = 60, "华南" = 40 }',
        "profile": '"旺季"',
        "amounts": '{ "华东" = 80 }',
        "floors": '{ "华南" = 50 }',
        "caps": '{ "华东" = 90 }',
        "over_assignment_pct": "5",
        "step": '"万元"',
    },
    "ActualsTable": {
        "path": '"日报/*.xlsx"',
        **_FILE,
        "source": '"日报"',
        "columns": '{ on = "成交日期", sales = "成交金额" }',
        "members": '{ channel = "直销" }',
        "values": "{ visits = 1 }",
        "split": '["salesperson"]',
        "date_format": '"%d/%m/%Y"',
        "period_format": '"%b-%y"',
        "period_level": '"month"',
        "unit": '"万元"',
        "excess_decimals": '"round"',
        "layout": "{ header_row = 4 }",
        "ignore": '[{ column = "客户", equals = ["测试"] }]',
        "counts": '{ column = "阶段", equals = ["赢单"] }',
        "zone": '"Asia/Shanghai"',
        "totals_to_date": "true",
        "key": '["订单号"]',
        "ledger": "false",
    },
    "IgnoreTable": {
        "column": '"客户"',
        "equals": '["测试", "Test"]',
        "contains": '"演示"',
        "since": "2099-01-01",
        "until": "2019-12-31",
        "name": '"测试"',
    },
    "CountsTable": {"column": '"阶段"', "equals": '["赢单"]'},
    "ReviewsTable": {
        "path": '"reviews.csv"',
        **_FILE,
        "columns": '{ cause = "原因说明" }',
    },
    "CauseTable": {"kind": '"objective"', "name": '"竞品降价"', "name_en": '"price cut"'},
    "ScoreTable": {
        "metrics": "{ sales = { weight = 70 }, visits = { weight = 30, cap = 120 } }",
        "missing": '"reweigh"',
        "by": '["salesperson"]',
    },
    "ScoreMetricTable": {"weight": "70", "cap": "120", "floor": "0"},
    "ReportsTable": {"view": '"as_is"', "unit": '"万元"'},
    "ReportTable": _SHOWN,
    "TeamQuarterTable": {**_SHOWN, "period": '"2023Q4"', "detail": '"2023-10"'},
    "PaceTable": {
        "basis": '"workdays"',
        "profile": "[22, 24, 24, 30]",
        "ahead": "1.05",
        "on_track": "0.95",
        "at_risk": "0.80",
        "forecast": '"share_of_last_year"',
    },
    "AlertTable": {"milestones_pct": "[25, 50, 75, 100]"},
    "LedgerTable": {
        "path": '"team.ledger.db"',
        "url": '"postgresql://sales@db.example/goals"',
        "password": '{ env = "GOALS_PASSWORD" }',
    },
    "SecretTable": {"env": '"GOALS_PASSWORD"', "file": '"/run/secrets/goals"'},
    "ExpectedTable": {
        "dimension": '"salesperson"',
        "members": '["张三", "李四"]',
        "under": '"华东"',
        "source": '"日报"',
        "cadence": '"FREQ=WEEKLY;BYDAY=FR"',
        "since": "2023-10-01",
        "calendar": "true",
        "grace_days": "2",
        "covers": '"week"',
        "back": "1",
    },
}
"""Table -> key -> a value as it is written in TOML."""

_MONEY = "the metric's unit, or what `unit` says"
UNITS: Mapping[str, str] = {
    "MetricTable.decimals": "digits",
    "MetricTable.baseline": "the metric's unit",
    "CalendarTable.year_offset": "years",
    "CascadeTable.total": _MONEY,
    "CascadeTable.growth_pct": "percent",
    "StepTable.percents": "percent",
    "StepTable.amounts": _MONEY,
    "StepTable.floors": _MONEY,
    "StepTable.caps": _MONEY,
    "StepTable.over_assignment_pct": "percent",
    "ProfileTable.percents": "percent",
    "ActualsTable.values": "the metric's unit",
    "ScoreMetricTable.weight": "percent",
    "ScoreMetricTable.cap": "percent",
    "ScoreMetricTable.floor": "percent",
    "PaceTable.ahead": "ratio, 1 = as expected",
    "PaceTable.on_track": "ratio, 1 = as expected",
    "PaceTable.at_risk": "ratio, 1 = as expected",
    "AlertTable.milestones_pct": "percent",
    "ExpectedTable.grace_days": "days, or workdays with `calendar`",
    "ExpectedTable.back": "periods",
}
"""Table.key -> what its numbers count."""
