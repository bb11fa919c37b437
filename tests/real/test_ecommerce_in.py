"""Indian orders of a fiscal year against monthly targets of three categories."""

from __future__ import annotations

from decimal import Decimal

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
