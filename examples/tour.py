"""A tour of salesgoal in one file: read it from top to bottom, or run it.

``python examples/tour.py`` prints each step; every ``assert`` is a promise that the tests hold.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import salesgoal as sg
from salesgoal.errors import PlanRefused

REGIONS = ["华东", "华南", "华北"]
OCTOBER = "2023-10"


def split_a_total() -> dict[str, int]:
    """A total of 2,000,000 yuan is split; the parts are the whole."""
    parts = sg.split(200_000_000, {"华东": 8, "华南": 7, "华北": 5})
    assert sum(parts.values()) == 200_000_000
    return parts


def make_the_plan(parts: dict[str, int]) -> sg.Plan:
    """A plan is a value: metrics, dimensions, targets. The root is the sum of its children."""
    return sg.make_plan(
        name="A产品线",
        period=OCTOBER,
        metrics=[
            sg.Metric(id="sales", name="销售额", unit="元", decimals=2),
            sg.Metric(id="clients", name="客户数", aggregation=sg.Aggregation.DISTINCT),
            sg.Metric(id="per_client", name="客单价", aggregation=sg.Ratio("sales", "clients")),
        ],
        dimensions=[sg.Dimension("region", [*REGIONS], name="区域")],
        targets=[
            sg.Target(
                scope={"region": region},
                metric="sales",
                period=OCTOBER,
                target=sg.to_amount(part, 2),
            )
            for region, part in parts.items()
        ],
    )


def sell() -> list[sg.Actual]:
    """Facts: a day, members, values. A return is negative; a region may be missing."""

    def sale(day: int, region: str | None, amount: str, client: str) -> sg.Actual:
        return sg.Actual(
            on=date(2023, 10, day),
            members={"region": region} if region else {},
            values={"sales": Decimal(amount), "clients": client},
        )

    return [
        sale(6, "华东", "150000.00", "云帆科技"),
        sale(9, "华东", "-1000.01", "云帆科技"),
        sale(10, "华南", "90000.00", "恒信制造"),
        sale(12, None, "0.01", "星河零售"),
    ]


def hold_against(plan: sg.Plan, facts: list[sg.Actual]) -> sg.Scorecard:
    """Every fact is counted once; what fits no child is shown at the goal above."""
    (card,) = sg.hold_against(plan, facts, as_of=date(2023, 10, 15))
    root = card.row(metric="sales", period=OCTOBER)
    assert root.actual == 23_900_000
    assert root.unassigned == 1
    clients = card.row(metric="clients", period=OCTOBER)
    assert clients.actual == 3  # different customers, never a sum of counts
    north = card.row("华北", metric="sales", period=OCTOBER)
    assert north.actual == 0  # spoken of, and nothing sold
    return card


def revise_the_target(plan: sg.Plan) -> sg.Plan:
    """Targets change under control: proposed, looked at, approved."""
    wish = sg.propose(plan, "华东", period=OCTOBER, to=900_000)
    effect = sg.revise(plan, wish)
    changed = {each.goal: (each.before, each.after) for each in effect.changes}
    assert changed["华东"] == (80_000_000, 90_000_000)
    assert changed[""] == (200_000_000, 210_000_000)  # the root follows
    return effect.plan  # a plan of its own: the first one stays as it was


def misspell(parts: dict[str, int]) -> str:
    """What is wrong is said with its place and a remedy, in Chinese and English."""
    try:
        make_the_plan(
            {"华冬" if region == "华东" else region: part for region, part in parts.items()}
        )
    except PlanRefused as refused:
        return refused.message("zh")
    raise AssertionError


def main() -> None:
    """Walks through it."""
    parts = split_a_total()
    print("分解：", {name: str(sg.to_amount(part, 2)) for name, part in parts.items()})
    plan = make_the_plan(parts)
    card = hold_against(plan, sell())
    for row in card.rows(level="month", metric="sales"):
        rate = "" if row.ratio is None else f"{sg.percent(row.ratio)} %"
        print(
            f"{row.goal or plan.name:6} {row.target:>12} {row.actual:>12} {rate:>8}",
            row.status,
        )
    later = hold_against(revise_the_target(plan), sell())
    before, after = (each.row(metric="sales", period=OCTOBER) for each in (card, later))
    print("调整后，总目标跟着变：", before.target, "->", after.target)
    print("写错名称时：", misspell(parts))


if __name__ == "__main__":
    main()
