"""Single calculations, without a plan or a file: share out, attainment, periods, working days.

Run it: ``python examples/calculations.py``. Amounts are whole fen inside; `yuan` shows them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import salesgoal as sg
from salesgoal.domain.calendar import subdivide

SALES = sg.Metric(id="sales", name="销售额", unit="元", decimals=2)


def yuan(units: int) -> str:
    """Shows fen as yuan."""
    return f"{sg.to_amount(units, 2):,}"


def main() -> None:
    """Prints each calculation with its result."""
    total = sg.to_units(Decimal(2_000_000), 2)
    parts = sg.split(total, {"华东": 8, "华南": 7, "华北": 5})
    print("200 万按 8:7:5：", {name: yuan(part) for name, part in parts.items()})

    pushed = sg.split(total, list(parts), sg.ShareRule(over_assignment=Fraction(1, 20)))
    print("平均并加码 5%：", yuan(sum(pushed.values())), "之和")

    calendar = sg.MonthCalendar()
    october = sg.parse_period(calendar, "2023年10月")
    weeks = list(subdivide(calendar, october, sg.Level.WEEK))
    shares = sg.distribute(parts["华东"], weeks, sg.ShareRule(weights=[18, 20, 20, 22]))
    print("华东按周：", {week.label: yuan(units) for week, units in shares.items()})
    assert sum(shares.values()) == parts["华东"]

    week = sg.judge(SALES, target=20_000_000, actual=15_000_000)
    assert week.ratio is not None
    print("第一周 20 万，完成 15 万：", sg.percent(week.ratio), "%", week.status)

    nearly = sg.judge(SALES, target=10_000_000, actual=9_999_999)
    assert nearly.ratio is not None
    print("差一分：显示", sg.percent(nearly.ratio), "%，结论", nearly.status)

    before = sg.shift(calendar, october, years=-1)
    print("去年同期：", before.label if before else "无")
    span = sg.to_date(calendar, sg.Level.QUARTER, date(2023, 11, 15))
    print("本季至 11 月 15 日：", span.days, "天")


if __name__ == "__main__":
    main()
