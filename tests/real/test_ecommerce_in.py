"""Indian orders of a fiscal year against monthly targets of three categories."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesgoal.domain.calendar import to_date
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level

DATA = "ecommerce_in"


def test_categories_match_by_month_quarter_half_and_year(tracked, compare, variance):
    answer = tracked(DATA, as_of="2019-03-31")

    def find(row):
        ours = answer.rows[row["category"], "sales", row["period"]]
        return {
            "target": ours["target"],
            "actual": ours["actual"],
            "attainment_pct": ours["attainment_pct"],
            "variance": variance(ours),
            "unmet": str(ours["status"] == "unmet").lower(),
        }

    keys = {"period_kind", "period", "level", "category"}
    compare(DATA, "ecom_1_category_rollup.csv", find, keys=keys)


def test_every_order_line_counts(tracked):
    accounts = tracked(DATA, as_of="2019-03-31").reconciliation["sales"]
    assert accounts["read"] == accounts["root"]
    assert not Decimal(accounts["rejected"]) + Decimal(accounts["outside_period"])


def test_categories_match_from_the_beginning_of_the_fiscal_year(tracked, prepared, compare):
    fiscal = MonthCalendar(start_month=4, year_name="end")
    folder = prepared(DATA)
    text = (folder / "plan.toml").read_text("utf-8")
    levels = 'levels = ["year", "half", "quarter", "month"]'

    def find(row):
        month = fiscal.at(Level.MONTH, date.fromisoformat(row["month"]))
        so_far = to_date(fiscal, Level.YEAR, month.last)
        days = f"{{ since = {so_far.start}, until = {so_far.last} }}"
        name = f"plan_to_{month.label}.toml"
        written = text.replace('period = "FY2019"', f"period = {days}")
        written = written.replace(levels, 'levels = ["span"]')
        (folder / name).write_text(written, encoding="utf-8")
        answer = tracked(DATA, name, as_of=str(so_far.last))
        assert len(answer.rows) == 4
        ours = answer.rows[row["category"], "sales", answer.whole]
        return {
            "ytd_target": ours["target"],
            "ytd_actual": ours["actual"],
            "ytd_attainment_pct": ours["attainment_pct"],
        }

    compare(DATA, "ecom_2_ytd.csv", find, keys={"category", "month"})


def test_iso_weeks_match_with_their_average_order(tracked, compare):
    answer = tracked(DATA, "plan_weeks.toml", as_of="2019-03-31")

    def find(row):
        ours = {
            metric: answer.rows["", metric, row["iso_week"]]["actual"]
            for metric in ("sales", "orders", "average")
        }
        return {
            "actual": ours["sales"],
            "n_orders": ours["orders"],
            "avg_order_value": ours["average"],
        }

    compare(DATA, "ecom_3_iso_week.csv", find, keys={"iso_week"})
    first = answer.rows["", "sales", "2018-W13"]
    assert first["start"] == first["last"] == "2018-04-01"
