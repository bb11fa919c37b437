"""A Chinese sheet of twelve salespeople, and 9,973 daily lines of a year.

The sheet has 预计 and 实际 of three months under two header rows. Weeks of the daily lines are
those of ISO 8601: the first and the last stick out of the year and count its days alone.
"""

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


def test_daily_lines_match_by_week_month_quarter_half_and_year(tracked, compare):
    cuts = ("region", "product", "channel", "clerk")
    answers = {
        cut: tracked(DATA, "plan_daily.toml", as_of="2021-12-31", by=cut) for cut in cuts
    }
    answers["total"] = answers["region"]

    def find(row):
        rows = answers[row["dim"]].rows
        ours, lines = (
            rows[row["member"], metric, row["period"]] for metric in ("sales", "lines")
        )
        kind = {"iso_week": "week"}.get(row["period_kind"], row["period_kind"])
        assert ours["level"] == kind
        return {"amount": ours["actual"], "n": lines["actual"]}

    keys = {"period_kind", "period", "dim", "member"}
    compare(DATA, "cn_2_daily2021_rollup.csv", find, keys=keys)


def test_weeks_add_up_to_the_year_though_two_stick_out(tracked):
    answer = tracked(DATA, "plan_daily.toml", as_of="2021-12-31", by="region")
    weeks = [
        row
        for (goal, metric, _), row in answer.rows.items()
        if row["level"] == "week" and metric == "sales" and not goal
    ]
    assert len(weeks) == 53
    assert (weeks[0]["period"], weeks[0]["start"]) == ("2020-W53", "2021-01-01")
    assert (weeks[-1]["period"], weeks[-1]["last"]) == ("2021-W52", "2021-12-31")
    whole = answer.rows["", "sales", "2021"]["actual"]
    assert sum(int(row["actual"]) for row in weeks) == int(whole)
