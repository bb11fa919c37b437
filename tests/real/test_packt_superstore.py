"""Superstore orders against country targets of 2014 and a category budget of 2022."""

from __future__ import annotations

DATA = "packt_superstore"


def test_countries_match_by_month_quarter_and_year(tracked, compare):
    answer = tracked(DATA, "plan_countries_2014.toml", as_of="2014-12-31")

    def find(row):
        ours = answer.rows[row["country"], "sales", row["period"]]
        return {
            "target": ours["target"],
            "actual": ours["actual"],
            "attainment_pct": ours["attainment_pct"],
            "unmet": str(ours["status"] == "unmet").lower(),
            "n_lines": answer.rows[row["country"], "lines", row["period"]]["actual"],
        }

    keys = {"period_kind", "period", "level", "country"}
    compare(DATA, "packt_1_country_2014.csv", find, keys=keys)


def test_categories_match_by_month_quarter_and_year(tracked, compare):
    answer = tracked(DATA, "plan_categories_2022.toml", as_of="2022-12-31")

    def find(row):
        ours = answer.rows[row["category"], "sales", row["period"]]
        return {
            "budget": ours["target"],
            "actual": ours["actual"],
            "attainment_pct": ours["attainment_pct"],
        }

    keys = {"period_kind", "period", "level", "category"}
    compare(DATA, "packt_3_category_2022.csv", find, keys=keys)
