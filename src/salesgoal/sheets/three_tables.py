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
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.sheets.goal_table import Amount, GoalTable, Names, Part, Rate, Said
from salesgoal.sheets.said import actions_said, causes_said, due_said, hints_said
from salesgoal.sheets.sheet import Add, Sheet, Words
from salesgoal.sheets.words import period_words

__all__ = ["personal_month", "product_year", "team_quarter"]

_TARGET, _ACTUAL = Words("目标", "target"), Words("实际", "actual")


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
    weeks = subdivide(card.plan.calendar, month, Level.WEEK)
    amounts = [
        Amount(f"week{index}", _of(period_words(week, index), _ACTUAL), week, "actual")
        for index, week in enumerate(weeks, start=1)
    ]
    total = Add(tuple(amount.key for amount in amounts))
    parts: tuple[Part, ...] = (
        Names(leaves=True),
        Amount("target", _of(period_words(month, 0), _TARGET), month, "target"),
        *amounts,
        Amount(
            "actual",
            Words("累计实际", "Actual to date"),
            month,
            "actual",
            total,
        ),
        Rate("attainment", Words("达成率(%)", "Attainment (%)"), "actual", "target"),
        Said(
            "cause",
            Words("主要偏差原因", "Main cause"),
            lambda row: causes_said(row, card.plan.reviews.causes),
        ),
        Said("action", Words("改进措施", "Action"), actions_said),
        Said(
            "due_on",
            Words("完成时限", "Due"),
            due_said,
        ),
    )
    title = Words("月度销售业绩跟踪表(个人版)", "Month by person")
    return GoalTable(card, metric, month, parts).sheet("personal_month", title)


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
    parts: list[Amount | Rate] = []
    targets = []
    for index, month in enumerate(subdivide(card.plan.calendar, quarter, Level.MONTH), start=1):
        words, key = period_words(month, index), f"month{index}"
        targets.append(f"{key}_target")
        parts.append(Amount(targets[-1], _of(words, _TARGET), month, "target"))
        if month == detail:
            parts.append(Amount(f"{key}_actual", _of(words, _ACTUAL), month, "actual"))
            rate = Words(f"{words.zh}达成率(%)", f"{words.en} attainment (%)")
            parts.append(Rate(f"{key}_attainment", rate, f"{key}_actual", targets[-1], month))
    name = {"year": "年度", "half": "半年"}.get(quarter.level, "季度")
    whole = Words(f"{name}累计", f"{quarter.level.capitalize()} total")
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
        Amount("actual", _of(whole, _ACTUAL), quarter, "actual"),
        Rate(
            "attainment", Words(f"{name}达成率(%)", "Attainment (%)"), "actual", "total_target"
        ),
        Said("hint", Words("关键问题提示", "Key issue"), hints_said),
    )
    title = Words("季度销售目标汇总表(团队版)", "Quarter by team")
    return GoalTable(card, metric, quarter, table).sheet("team_quarter", title)


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
    quarters = [
        Amount(f"quarter{index}", _of(period_words(each, index), _TARGET), each, "target")
        for index, each in enumerate(
            subdivide(card.plan.calendar, year, Level.QUARTER), start=1
        )
    ]
    total = Add(tuple(amount.key for amount in quarters))
    parts: tuple[Part, ...] = (
        Names(leaves=False),
        Amount("target", _of(Words("年度", "Year"), _TARGET), year, "target", total),
        *quarters,
        Said(
            "department", Words("责任部门", "Department"), lambda row: row.ownership.department
        ),
        Said("owner", Words("负责人", "Owner"), lambda row: row.ownership.owner),
    )
    names = "、".join(
        each.name for each in card.plan.dimensions if each.id in card.tree.breakdown.by
    )
    title = Words(f"销售目标分解表(按{names})", f"Targets by {card.tree.breakdown.name}")
    return GoalTable(card, metric, year, parts).sheet("product_year", title)


def _of(period: Words, what: Words) -> Words:
    return Words(f"{period.zh}{what.zh}", f"{period.en} {what.en}")
