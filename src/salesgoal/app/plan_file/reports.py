"""The part of a plan file that says which tables its report shows."""

from __future__ import annotations

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.domain.membership import View
from salesgoal.sheets.scale import Scale

__all__ = ["ReportTable", "ReportsTable", "TeamQuarterTable"]


@attrs.frozen(kw_only=True)
class ReportTable:
    """One of the three tables."""

    period: str | None = plan_key("the period shown; the plan's where left out", default=None)
    by: list[str] | None = plan_key("the dimensions of its rows", default=None)
    metric: str | None = plan_key("the metric; the plan's first where left out", default=None)


@attrs.frozen(kw_only=True)
class TeamQuarterTable(ReportTable):
    """The quarter's table of a team, with one month in detail."""

    detail: str | None = plan_key(
        "the month shown with its actual; else the last begun", default=None
    )


@attrs.frozen(kw_only=True)
class ReportsTable:
    """Which of the three tables the report shows."""

    personal_month: ReportTable | None = plan_key("月度销售业绩跟踪表", default=None)
    team_quarter: TeamQuarterTable | None = plan_key("季度销售目标汇总表", default=None)
    product_year: ReportTable | None = plan_key("销售目标分解表", default=None)
    view: View = plan_key("as_was: where people were then; as_is: are now", default=View.AS_WAS)
    unit: Scale | None = plan_key(
        "what people see amounts of money in: 元, 万元, 亿元", default=None
    )
