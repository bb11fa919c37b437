"""A Chinese sheet of twelve salespeople: 预计 and 实际 of three months, two header rows."""

from __future__ import annotations

DATA = "datawhale_cn"
QUARTER = "2021Q1"


def test_salespeople_match_by_month_and_quarter(tracked, compare):
    answer = tracked(DATA, as_of="2021-03-31")

    def find(row):
        period = f"2021-0{row['month']}" if row["period_kind"] == "month" else QUARTER
        ours = answer.rows[row["salesperson"], "sales", period]
        return {
            "plan": ours["target"],
            "actual": ours["actual"],
            "attainment_pct": ours["attainment_pct"],
            "unmet": str(ours["status"] == "unmet").lower(),
        }

    keys = {"period_kind", "month", "level", "salesperson"}
    compare(DATA, "cn_1_plan_actual.csv", find, keys=keys)
