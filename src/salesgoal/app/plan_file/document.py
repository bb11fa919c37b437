"""The plan file as it is written: one class a table, one field a key.

The loader, the JSON Schema and the reference page are all made from these classes, so a key
stands here once, with what it means in its metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import attrs

from salesgoal.app.plan_file.alerts import AlertTable
from salesgoal.app.plan_file.cascade import CascadeTable, ProfileTable
from salesgoal.app.plan_file.key import plan_key
from salesgoal.app.plan_file.layout import CountsTable, IgnoreTable, LayoutTable
from salesgoal.app.plan_file.ledger import ExpectedTable, LedgerTable
from salesgoal.app.plan_file.pace import PaceTable
from salesgoal.app.plan_file.reports import ReportsTable
from salesgoal.app.plan_file.review import CauseTable, ScoreTable
from salesgoal.domain.metric import Direction
from salesgoal.domain.month_calendar import WeekScheme, YearName
from salesgoal.domain.period import Level
from salesgoal.domain.week_calendar import Anchor, WeekPattern
from salesgoal.domain.week_month_calendar import WeekOwner
from salesgoal.domain.weekday import Weekday
from salesgoal.errors import UsageError

__all__ = [
    "ActualsTable",
    "BreakdownTable",
    "CalendarKind",
    "CalendarTable",
    "DimensionTable",
    "DocumentAggregation",
    "Excess",
    "MemberTable",
    "MetricTable",
    "PlanDocument",
    "PlanTable",
    "ReviewsTable",
    "SpanTable",
    "TargetsTable",
    "WorkdayKind",
    "WorkdaysTable",
]


class CalendarKind(StrEnum):
    """Which rule makes the periods."""

    MONTH = "month"
    WEEK = "week"
    WEEK_MONTH = "week_month"
    ISO = "iso"
    EXPLICIT = "explicit"


class DocumentAggregation(StrEnum):
    """How the values of a metric combine; a ratio names its two parts."""

    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    DISTINCT = "distinct"
    RATIO = "ratio"


class Excess(StrEnum):
    """What to do with more decimals than the metric keeps."""

    REFUSE = "refuse"
    ROUND = "round"


@attrs.frozen(kw_only=True)
class SpanTable:
    """A stretch of days."""

    since: date = plan_key("the first day")
    until: date = plan_key("the last day, included")

    def __attrs_post_init__(self) -> None:
        """Refuses a span without a day.

        Raises:
            UsageError: The last day is before the first.
        """
        if self.until < self.since:
            en = f"an until that is not before since, {self.since}"
            raise UsageError(en, f"不早于 since（{self.since}）的 until")


@attrs.frozen(kw_only=True)
class CalendarTable:
    """Which days make a period; Gregorian months where it is left out."""

    kind: CalendarKind = plan_key("the rule", default=CalendarKind.MONTH)
    start_month: int | None = plan_key(
        "for kind month: the first month of the year, 1 to 12; 1 where left out", default=None
    )
    start_day: int | None = plan_key(
        "for kind month: the first day of every month, 1 to 28; 1 where left out", default=None
    )
    year_name: YearName | None = plan_key(
        "for kind month: the calendar year, of its start or end, that names the year",
        default=None,
    )
    week_scheme: WeekScheme | None = plan_key(
        "for kind month: weeks of days 1-7, 8-14, 15-21 and the rest, or clipped at its ends",
        default=None,
    )
    week_start: Weekday | None = plan_key(
        "for clipped weeks and kind week_month: the first day of a week; mon where left out",
        default=None,
    )
    owner: WeekOwner | None = plan_key(
        "for kind week_month: which day's month owns a week; middle where left out",
        default=None,
    )
    anchor: Anchor | None = plan_key(
        "for kind week: the last such weekday of the month, or the nearest to its end",
        default=None,
    )
    weekday: Weekday | None = plan_key(
        "for kind week: the last day of every week", default=None
    )
    end_month: int | None = plan_key(
        "for kind week: the month that ends the year", default=None
    )
    pattern: WeekPattern | None = plan_key(
        "for kind week: the weeks of its periods", default=None
    )
    leap_period: int | None = plan_key(
        "for kind week: the period of the 53rd week; the last where left out", default=None
    )
    year_offset: int | None = plan_key(
        "for kind week: added to the year of the end month to name the year", default=None
    )
    path: str | None = plan_key(
        "for kind explicit: the table of level, label, since, until", default=None
    )


class WorkdayKind(StrEnum):
    """Who says which days are worked."""

    WEEKDAYS = "weekdays"
    CHINA = "china"
    COUNTRY = "country"
    TABLE = "table"


@attrs.frozen(kw_only=True)
class WorkdaysTable:
    """Which days are worked; where it is left out, nothing is counted in workdays."""

    kind: WorkdayKind = plan_key("who says so", default=WorkdayKind.WEEKDAYS)
    days: list[Weekday] | None = plan_key(
        "the weekdays that are worked, or by which provisional estimates; Monday to Friday",
        default=None,
    )
    country: str | None = plan_key("for kind country: its code, such as DE", default=None)
    subdivision: str | None = plan_key(
        "for kind country: a state or province, such as BY", default=None
    )
    path: str | None = plan_key("for kind table: the table of date, is_workday", default=None)
    overlay: str | None = plan_key(
        "a table of date, is_workday whose days win over all others", default=None
    )
    provisional: bool = plan_key(
        "estimate days that are not known, and mark what comes of it", default=False
    )


@attrs.frozen(kw_only=True)
class PlanTable:
    """What the plan is."""

    name: str = plan_key("what people see")
    period: str | SpanTable = plan_key("a label such as 2023Q4, or since and until")
    levels: list[Level] | None = plan_key("the levels that reports show", default=None)
    calendar: CalendarTable = plan_key("which days make a period", factory=CalendarTable)
    workdays: WorkdaysTable | None = plan_key("which days are worked", default=None)
    weeks: CalendarTable | None = plan_key(
        'another calendar for the level week, such as { kind = "iso" } beside months',
        default=None,
    )
    zone: str | None = plan_key(
        "the zone of the business days, such as Asia/Shanghai, for moments with a time of day",
        default=None,
    )
    history: str | None = plan_key(
        "its revisions, by `salesgoal revise`; `PLAN.history.jsonl` where left out",
        default=None,
    )
    prepare: str | None = plan_key(
        "a script beside the plan that makes its tables; people run it, salesgoal does not",
        default=None,
    )


@attrs.frozen(kw_only=True)
class MetricTable:
    """Something that is measured."""

    name: str | None = plan_key("what people see; the id where it is left out", default=None)
    unit: str = plan_key("元, 个, % …", default="")
    decimals: int = plan_key("how many decimals the unit keeps, 0 to 9", default=0)
    aggregation: DocumentAggregation = plan_key(
        "how values combine", default=DocumentAggregation.SUM
    )
    numerator: str | None = plan_key("for a ratio: the metric above the line", default=None)
    denominator: str | None = plan_key("for a ratio: the metric below the line", default=None)
    direction: Direction = plan_key("whether more is better", default=Direction.MAXIMISE)
    baseline: int | Decimal | None = plan_key("where an improvement starts", default=None)
    negative: bool = plan_key("whether targets below zero are allowed", default=False)


@attrs.frozen(kw_only=True)
class MemberTable:
    """One member of a dimension."""

    name: str = plan_key("the canonical short name")
    aliases: list[str] = plan_key("other names that mean it", factory=list)
    parent: str | None = plan_key("the member above it", default=None)
    since: date | None = plan_key("its first day there; always where left out", default=None)
    until: date | None = plan_key("its last day there, included", default=None)
    overlay: bool = plan_key("shown beside the others, adding to no goal above", default=False)


@attrs.frozen(kw_only=True)
class DimensionTable:
    """What facts are told apart by."""

    name: str | None = plan_key("what people see; the id where it is left out", default=None)
    members: list[str | MemberTable] = plan_key("in the order of reports", factory=list)
    path: str | None = plan_key(
        "a table of members: name, aliases, parent, since, until, overlay", default=None
    )
    aliases: str | None = plan_key(
        "a table of names that a person has confirmed, as `salesgoal names` proposes it",
        default=None,
    )


@attrs.frozen(kw_only=True)
class BreakdownTable:
    """One tree of goals."""

    by: list[str] = plan_key("dimension ids from the root down")
    every_member: bool = plan_key(
        "a goal for every member, with a target or not", default=False
    )


@attrs.frozen(kw_only=True)
class TargetsTable:
    """A table of targets: long, or wide with periods as headers."""

    path: str = plan_key("a file beside the plan")
    importer: str | None = plan_key("which importer reads it", default=None)
    options: Mapping[str, Any] = plan_key("what the importer is told", factory=dict)
    columns: Mapping[str, str] = plan_key("role or dimension -> column", factory=dict)
    metric: str | None = plan_key("the metric of a table without such a column", default=None)
    members: Mapping[str, str] = plan_key(
        "dimension -> member of the whole table", factory=dict
    )
    period: str | None = plan_key("the period of a table without such a column", default=None)
    period_format: str | None = plan_key("strptime form of a day in the period", default=None)
    period_level: Level | None = plan_key("which period of that day is meant", default=None)
    unit: str = plan_key("分, 元, 千元, 万元, 百万元, 亿元", default="")
    excess_decimals: Excess = plan_key(
        "refuse or round surplus decimals", default=Excess.REFUSE
    )
    layout: LayoutTable = plan_key("where the table stands in its sheet", factory=LayoutTable)


@attrs.frozen(kw_only=True)
class ActualsTable:
    """A source of actuals: files, or a service that is synced into the ledger."""

    ANY_OF: ClassVar = ("path", "importer")
    """At least one of these keys is needed."""

    path: str | None = plan_key(
        "a file beside the plan, or a pattern such as 日报/*.csv; left out for a service",
        default=None,
    )
    importer: str | None = plan_key(
        "which importer reads it; needed for a service, such as hubspot", default=None
    )
    options: Mapping[str, Any] = plan_key("what the importer is told", factory=dict)
    source: str | None = plan_key(
        "the name in reports; the path or importer where left out", default=None
    )
    columns: Mapping[str, str] = plan_key("role, dimension or metric -> column", factory=dict)
    members: Mapping[str, str] = plan_key(
        "dimension -> member of the whole source", factory=dict
    )
    values: Mapping[str, int | Decimal] = plan_key(
        "metric -> amount of every row", factory=dict
    )
    split: list[str] = plan_key(
        "dimensions whose cells share a row: 张三:60%;李四:40%", factory=list
    )
    date_format: str | None = plan_key("strptime form of the day", default=None)
    period_format: str | None = plan_key("strptime form of a day in the period", default=None)
    period_level: Level | None = plan_key("which period of that day is meant", default=None)
    unit: str = plan_key("分, 元, 千元, 万元, 百万元, 亿元", default="")
    excess_decimals: Excess = plan_key(
        "refuse or round surplus decimals", default=Excess.REFUSE
    )
    layout: LayoutTable = plan_key("where the table stands in its sheet", factory=LayoutTable)
    ignore: list[IgnoreTable] = plan_key("rows to leave out, such as tests", factory=list)
    counts: CountsTable | None = plan_key("which rows count; all where left out", default=None)
    zone: str | None = plan_key(
        "the zone of its business days; the plan's where left out", default=None
    )
    coverage: SpanTable | None = plan_key(
        "the days it speaks of; else those read", default=None
    )
    totals_to_date: bool = plan_key(
        "totals of a month or week that is not over are what came so far, and count",
        default=False,
    )
    key: list[str] = plan_key("columns that tell its facts apart, such as 订单号", factory=list)
    ledger: bool = plan_key("whether it goes through the plan's ledger", default=True)

    def __attrs_post_init__(self) -> None:
        """Refuses a source that nothing is read from, and keys that a service does not take.

        Raises:
            UsageError: Neither path nor importer, or a service without a ledger or with a key.
        """
        if self.path is not None:
            return
        if self.importer is None:
            raise UsageError(
                "a path, or the importer of a service", "path，或某个服务的 importer"
            )
        if not self.ledger:
            en = "a service in the ledger: without ledger = false"
            raise UsageError(en, "记入台账的服务：不写 ledger = false")
        if self.key:
            en = "no key for a service, whose records have ids of their own"
            raise UsageError(en, "服务的记录自带编号，不写 key")


@attrs.frozen(kw_only=True)
class ReviewsTable:
    """A table of remarks: goal and period with a cause, an action, or both."""

    path: str = plan_key("a file beside the plan")
    importer: str | None = plan_key("which importer reads it", default=None)
    options: Mapping[str, Any] = plan_key("what the importer is told", factory=dict)
    columns: Mapping[str, str] = plan_key("role or dimension -> column", factory=dict)


@attrs.frozen(kw_only=True)
class PlanDocument:
    """The whole file."""

    plan: PlanTable = plan_key("what the plan is")
    metrics: Mapping[str, MetricTable] = plan_key("id -> metric, the leading one first")
    dimensions: Mapping[str, DimensionTable] = plan_key("id -> dimension", factory=dict)
    breakdowns: list[BreakdownTable] = plan_key("trees of goals", factory=list)
    targets: list[TargetsTable] = plan_key("tables of targets", factory=list)
    profiles: Mapping[str, ProfileTable] = plan_key("name -> seasonal profile", factory=dict)
    cascades: list[CascadeTable] = plan_key(
        "totals that are shared out, in order", factory=list
    )
    actuals: list[ActualsTable] = plan_key("sources of actuals", factory=list)
    reviews: list[ReviewsTable] = plan_key("tables of remarks", factory=list)
    causes: Mapping[str, CauseTable] = plan_key(
        "code -> cause; the built-in catalogue where left out", factory=dict
    )
    score: ScoreTable | None = plan_key("how several metrics make one score", default=None)
    reports: ReportsTable = plan_key("which tables the report shows", factory=ReportsTable)
    pace: PaceTable = plan_key("what is expected by a day, and the forecast", factory=PaceTable)
    alerts: AlertTable = plan_key("what alerts speak of", factory=AlertTable)
    ledger: LedgerTable | None = plan_key("where documents are recorded", default=None)
    expected: list[ExpectedTable] = plan_key("who reports, and how often", factory=list)
