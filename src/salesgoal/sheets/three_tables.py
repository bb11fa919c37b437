"""The three tables of a sales team, as sheets.

1. `personal_month`: 月度销售业绩跟踪表, a month by weeks, one line a lowest goal.
2. `team_quarter`: 季度销售目标汇总表, a quarter with one month in detail, one line a goal.
3. `product_year`: 销售目标分解表, a year by quarters with who answers for it.

Every table closes: what its lines leave over stands on a line of its own (未分配), and the
total line is the root goal.

Source: seed.txt, section three.
"""

from __future__ import annotations

from salesgoal.domain.calendar import subdivide
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.sheets.form import Form, Slot, running_total
from salesgoal.sheets.goal_table import GoalTable
from salesgoal.sheets.remark_parts import remark_parts
from salesgoal.sheets.said import actions_said, causes_said, due_said, hints_said
from salesgoal.sheets.sheet import Add, Formula, Sheet, Words
from salesgoal.sheets.table_parts import Amount, Beyond, Gap, Names, Part, Rate, Said
from salesgoal.sheets.words import period_words

__all__ = [
    "personal_month",
    "personal_table",
    "product_table",
    "product_year",
    "team_quarter",
    "team_table",
]

_TARGET, _ACTUAL = Words("目标", "target"), Words("实际", "actual")
_TO_DATE = Words("累计实际", "Actual to date")


def personal_month(card: Scorecard, metric: Metric, month: Period) -> Sheet:
    """Returns the month of every lowest goal, week by week; as many weeks as the month has.

    Args:
        card: Broken down by the dimensions that the lines shall name.
        metric: What is shown.
        month: A period whose weeks the plan shows.

    Raises:
        NotNested: The weeks of the calendar do not tile the month.
        UnknownName: The plan does not show the month or its weeks.
    """
    return personal_table(card, metric, month).sheet()


def personal_table(
    card: Scorecard,
    metric: Metric,
    period: Period,
    form: Form | None = None,
    *,
    leaves: bool = True,
) -> GoalTable:
    """Returns the table of `personal_month`, for a month or, as a form, any period.

    Args:
        card: Broken down by the dimensions that the lines shall name.
        metric: What is shown.
        period: In a report a month.
        form: Its columns of entries; the weeks of the month where it is no form.
        leaves: A line for every lowest goal, else for those right below the root.

    Raises:
        NotNested: The weeks of the calendar do not tile the month.
    """
    slots = form.slots if form else _weeks(card, period)
    amounts = _slot_amounts(slots)
    parts: tuple[Part, ...] = (
        Names(leaves=leaves),
        Amount("target", _of(period_words(period, 0), _TARGET), period, "target"),
        *amounts,
        *_to_date(metric, period, amounts, _TO_DATE, form),
        Rate("attainment", Words("达成率(%)", "Attainment (%)"), "actual", "target"),
        *_remarks(card, metric, period, form),
    )
    title = Words("月度销售业绩跟踪表(个人版)", "Month by person")
    if form is not None and (period.level is not Level.MONTH or not leaves):
        title = Words("销售业绩跟踪表", "Tracking")
    return GoalTable("personal_month", title, card, metric, period, parts, form)


def team_quarter(card: Scorecard, metric: Metric, quarter: Period, detail: Period) -> Sheet:
    """Returns the quarter of every goal right below the root, one month with its actual.

    Args:
        card: Broken down by the dimension that the lines shall name.
        metric: What is shown.
        quarter: A period whose months the plan shows.
        detail: The month shown with its actual and attainment.

    Raises:
        NotNested: The months do not tile the quarter.
        UnknownName: The plan does not show the quarter or its months.
    """
    return team_table(card, metric, quarter, detail).sheet()


def team_table(
    card: Scorecard,
    metric: Metric,
    quarter: Period,
    detail: Period | None,
    form: Form | None = None,
) -> GoalTable:
    """Returns the table of `team_quarter`; as a form with the actual of every month.

    Args:
        card: Broken down by the dimension that the lines shall name.
        metric: What is shown.
        quarter: A period whose months the plan shows.
        detail: The only month shown with its actual; None for all.
        form: Whose slots are the months.

    Raises:
        NotNested: The months do not tile the quarter.
    """
    parts: list[Part] = []
    targets, amounts = [], []
    for index, month in enumerate(subdivide(card.plan.calendar, quarter, Level.MONTH), start=1):
        words, key = period_words(month, index), f"month{index}"
        targets.append(f"{key}_target")
        parts.append(Amount(targets[-1], _of(words, _TARGET), month, "target"))
        if detail in {None, month}:
            title = _of(words, _ACTUAL)
            amounts.append(Amount(f"{key}_actual", title, month, "actual", slot=index - 1))
            rate = Words(f"{words.zh}达成率(%)", f"{words.en} attainment (%)")
            rated = Rate(f"{key}_attainment", rate, f"{key}_actual", targets[-1], month)
            parts += [amounts[-1], rated]
    name = {"year": "年度", "half": "半年"}.get(quarter.level, "季度")
    whole = Words(f"{name}累计", f"{quarter.level.capitalize()} total")
    to_date = _to_date(metric, quarter, amounts, _of(whole, _ACTUAL), form)
    table: tuple[Part, ...] = (
        Names(leaves=False),
        Amount(
            "target",
            _of(Words(name, quarter.level.capitalize()), _TARGET),
            quarter,
            "target",
        ),
        *parts,
        Amount("total_target", _of(whole, _TARGET), quarter, "target", Add(tuple(targets))),
        *to_date,
        Rate(
            "attainment", Words(f"{name}达成率(%)", "Attainment (%)"), "actual", "total_target"
        ),
        *(_remarks(card, metric, quarter, form, target="total_target") if form else ()),
        Said("hint", Words("关键问题提示", "Key issue"), hints_said),
    )
    title = Words("季度销售目标汇总表(团队版)", "Quarter by team")
    return GoalTable("team_quarter", title, card, metric, quarter, table, form)


def product_year(card: Scorecard, metric: Metric, year: Period) -> Sheet:
    """Returns the year's target of every goal right below the root, quarter by quarter.

    Args:
        card: Broken down by the dimension that the lines shall name.
        metric: What is shown.
        year: A period whose quarters the plan shows.

    Raises:
        NotNested: The quarters do not tile the year.
        UnknownName: The plan does not show the year or its quarters.
    """
    return product_table(card, metric, year).sheet()


def product_table(
    card: Scorecard, metric: Metric, year: Period, form: Form | None = None
) -> GoalTable:
    """Returns the table of `product_year`; as a form with what was reached, too.

    Raises:
        NotNested: The quarters do not tile the year.
    """
    quarters = [
        Amount(f"quarter{index}", _of(period_words(each, index), _TARGET), each, "target")
        for index, each in enumerate(
            subdivide(card.plan.calendar, year, Level.QUARTER), start=1
        )
    ]
    total = Add(tuple(amount.key for amount in quarters))
    amounts = _slot_amounts(form.slots) if form else []
    rate = Rate("attainment", Words("达成率(%)", "Attainment (%)"), "actual", "target")
    reached: tuple[Part, ...] = (
        *amounts,
        *_to_date(metric, year, amounts, _TO_DATE, form),
        rate,
        *_remarks(card, metric, year, form),
    )
    parts: tuple[Part, ...] = (
        Names(leaves=False),
        Amount("target", _of(Words("年度", "Year"), _TARGET), year, "target", total),
        *quarters,
        *(reached if form else ()),
        Said(
            "department", Words("责任部门", "Department"), lambda row: row.ownership.department
        ),
        Said("owner", Words("负责人", "Owner"), lambda row: row.ownership.owner),
    )
    names = "、".join(
        each.name for each in card.plan.dimensions if each.id in card.tree.breakdown.by
    )
    title = Words(f"销售目标分解表(按{names})", f"Targets by {card.tree.breakdown.name}")
    return GoalTable("product_year", title, card, metric, year, parts, form)


def _weeks(card: Scorecard, month: Period) -> tuple[Slot, ...]:
    return tuple(
        Slot(key=f"week{index}", title=period_words(week, index), period=week)
        for index, week in enumerate(subdivide(card.plan.calendar, month, Level.WEEK), start=1)
    )


def _slot_amounts(slots: tuple[Slot, ...]) -> list[Amount]:
    return [
        Amount(each.key, _of(each.title, _ACTUAL), each.period, "actual", slot=at)
        for at, each in enumerate(slots)
    ]


def _to_date(
    metric: Metric, period: Period, amounts: list[Amount], title: Words, form: Form | None
) -> list[Part]:
    """What was reached in the whole period: in a form worked out from the entries."""
    keys = tuple(amount.key for amount in amounts)
    formula: Formula | None = Add(keys)
    beyond: list[Part] = []
    if form is not None:
        if metric.aggregation is Aggregation.SUM:
            other = Words("其他实际", "Other actual")
            beyond = [Beyond("beyond", other, period, keys)]
            keys = (*keys, "beyond")
        formula = running_total(metric, keys)
    return [*beyond, Amount("actual", title, period, "actual", formula)]


def _remarks(
    card: Scorecard,
    metric: Metric,
    period: Period,
    form: Form | None,
    target: str = "target",
) -> tuple[Part, ...]:
    """Causes and actions: in a report what was said, in a form where it is said."""
    if form is not None:
        gap = Gap("gap", Words("缺口", "Gap"), target, "actual")
        return gap, *remark_parts(card, metric, period)
    return (
        Said(
            "cause",
            Words("主要偏差原因", "Main cause"),
            lambda row: causes_said(row, card.plan.reviews.causes),
        ),
        Said("action", Words("改进措施", "Action"), actions_said),
        Said("due_on", Words("完成时限", "Due"), due_said),
    )


def _of(period: Words, what: Words) -> Words:
    return Words(f"{period.zh}{what.zh}", f"{period.en} {what.en}")
