"""Microsoft's bicycle maker: 163 quotas up two trees, 60,855 order lines by sale and product.

A quota holds from its date until the next one, so the quarters of these plans are the intervals
between quota dates.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

DATA = "adventureworks_dw"
AS_OF = "2013-12-31"
TERRITORY = ("territory_group", "country", "region")


@pytest.fixture(scope="module")
def answer(tracked):
    return lambda plan: tracked(DATA, f"plan_{plan}.toml", as_of=AS_OF)


@pytest.fixture(scope="module")
def by_kind(answer):
    """Tree and kind of period -> the plan that has both."""
    return lambda tree, kind: answer(f"{tree}_fiscal" if "fiscal" in kind else tree)


def test_intervals_hold_from_one_quota_date_to_the_next(answer, compare):
    team, fiscal = answer("team"), answer("team_fiscal")

    def find(row):
        ours = team.rows["", "sales", f"I{int(row['interval_no']):02}"]
        year = team.rows["", "sales", f"CY{row['nominal_year']}"]
        half = f"FY{row['fiscal_year_end_label']}H{(int(row['fiscal_quarter']) + 1) // 2}"
        half = fiscal.rows["", "sales", half]
        assert year["start"] <= ours["start"] <= ours["last"] <= year["last"]
        assert half["start"] <= ours["start"] <= ours["last"] <= half["last"]
        return {"interval_start": ours["start"], "interval_end": ours["last"]}

    keys = {"interval_no", "nominal_year", "nominal_quarter"}
    keys |= {"fiscal_year_end_label", "fiscal_quarter"}
    compare(DATA, "aw_intervals.csv", find, keys=keys)


def test_sellers_match_by_interval(answer, compare, variance):
    team = answer("team")

    def find(row):
        goal = team.goals[row["employee_name"]]
        period = f"I{int(row['interval_no']):02}"
        ours = team.rows[goal, "sales", period]
        return {
            "interval_start": ours["start"],
            "interval_end": ours["last"],
            "quota": ours["target"],
            "actual_exact": ours["actual"],
            "actual_2dp": two_decimals(ours["actual"]),
            "variance_exact": variance(ours),
            "attainment_pct": ours["attainment_pct"],
            "unmet": str(ours["status"] == "unmet").lower(),
            "n_orders": team.rows[goal, "orders", period]["actual"],
            "n_lines": team.rows[goal, "lines", period]["actual"],
        }

    keys = {"employee_key", "employee_name", "interval_no", "nominal_year", "nominal_quarter"}
    compare(DATA, "aw_1_employee_interval.csv", find, keys=keys)


def test_managers_match_by_interval(answer, compare):
    team = answer("team")

    def find(row):
        period = f"I{int(row['interval_no']):02}"
        goal, whole, own = subtree(team, row["employee_name"], period)
        return {
            "own_quota": own["target"],
            "own_actual": own["actual"],
            "subtree_quota": whole["target"],
            "subtree_actual": whole["actual"],
            "subtree_attainment_pct": whole["attainment_pct"],
            "n_people": people(team, goal, period),
        }

    keys = {"employee_key", "employee_name", "title", "interval_no"}
    compare(DATA, "aw_2_manager_rollup_interval.csv", find, keys=keys)


def test_managers_match_by_year_fiscal_year_half_and_in_all(by_kind, compare, variance):
    def find(row):
        team = by_kind("team", row["period_kind"])
        _, whole, own = subtree(team, row["employee_name"], label(team, row))
        return {
            "own_quota": own["target"],
            "own_actual": own["actual"],
            "own_attainment_pct": own["attainment_pct"],
            "subtree_quota": whole["target"],
            "subtree_actual": whole["actual"],
            "subtree_attainment_pct": whole["attainment_pct"],
            "subtree_variance": variance(whole),
        }

    keys = {"period_kind", "period", "employee_key", "employee_name"}
    compare(DATA, "aw_3_manager_rollup_years.csv", find, keys=keys)


def test_home_territories_match_by_interval_year_half_and_in_all(by_kind, compare):
    def find(row):
        home = by_kind("home", row["period_kind"])
        goal, period = place(row), label(home, row)
        ours = home.rows[goal, "sales", period]
        return {
            "quota": ours["target"],
            "actual_exact": ours["actual"],
            "attainment_pct": ours["attainment_pct"],
            "n_people": people(home, goal, period),
        }

    keys = {"period_kind", "period", *TERRITORY, "level"}
    compare(DATA, "aw_4_home_territory_rollup.csv", find, keys=keys)


def test_territories_of_the_sale_match_by_month_quarter_and_year(by_kind, compare):
    def find(row):
        sale = by_kind("territory", row["period_kind"])
        goal, period = place(row), label(sale, row)
        ours = {
            metric: sale.rows[goal, metric, period]["actual"]
            for metric in ("sales", "rounded", "orders", "lines")
        }
        return {
            "actual_exact": ours["sales"],
            "actual_2dp": two_decimals(ours["sales"]),
            "actual_sum_of_lines_rounded_2dp": ours["rounded"],
            "n_orders": ours["orders"],
            "n_lines": ours["lines"],
        }

    keys = {"period_kind", "period", *TERRITORY, "level"}
    compare(DATA, "aw_5_actual_by_sale_territory.csv", find, keys=keys)


def test_products_match_by_quarter_and_year(answer, compare):
    product = answer("product")

    def find(row):
        goal, period = "/".join(filed(row)), label(product, row)
        ours = {
            metric: product.rows[goal, metric, period]["actual"]
            for metric in ("sales", "pieces", "lines")
        }
        return {
            "actual_exact": ours["sales"],
            "quantity": ours["pieces"],
            "n_lines": ours["lines"],
        }

    keys = {"period_kind", "period", "level", "category", "subcategory"}
    compare(DATA, "aw_7_product_rollup.csv", find, keys=keys)


def test_nothing_is_sold_where_no_row_is_expected(answer, expected):
    wanted = {
        "territory": {
            (place(row), row["period"])
            for row in expected(DATA, "aw_5_actual_by_sale_territory.csv")
            if "fiscal" not in row["period_kind"]
        },
        "product": {
            ("/".join(filed(row)), row["period"])
            for row in expected(DATA, "aw_7_product_rollup.csv")
        },
    }
    for plan, places in wanted.items():
        found = answer(plan)
        sold = {
            (goal, "ALL" if period == found.whole else period)
            for (goal, metric, period), row in found.rows.items()
            if metric == "lines" and Decimal(row["actual"] or 0)
        }
        assert sold == places


@pytest.mark.parametrize("plan", ["team", "team_fiscal", "home", "home_fiscal", "territory"])
def test_every_order_line_counts(answer, plan):
    for metric in ("sales", "lines"):
        accounts = answer(plan).reconciliation[metric]
        assert accounts["read"] == accounts["root"]
        assert Decimal(accounts["rejected"]) == Decimal(accounts["outside_period"]) == 0


def label(answer, row):
    """The label of the row's period; ALL is the plan's own."""
    return answer.whole if row["period_kind"] == "all" else row["period"]


def subtree(answer, name, period):
    """Path and row of a person with all below, and the row of the person alone."""
    own, team = answer.goals.get(name), answer.goals.get(f"{name}'s team")
    nobody = dict.fromkeys(("target", "actual", "attainment_pct"))
    alone = answer.rows[own, "sales", period] if own is not None else nobody
    goal = own if team is None else team
    return goal, answer.rows[goal, "sales", period], alone


def people(answer, goal, period):
    """How many persons at or below a goal have a quota in the period."""
    paths = set(answer.goals.values())
    inner = {path.rpartition("/")[0] for path in paths}
    return str(
        sum(
            answer.rows[path, "sales", period]["target"] is not None
            for path in paths - inner
            if not goal or path == goal or path.startswith(f"{goal}/")
        )
    )


def place(row):
    """The path of a territory; a name like the one above has its level behind it."""
    above, path = "", []
    for level in TERRITORY:
        name = row[level]
        path += [f"{name} ({level})" if name == above else name] if name else []
        above = name
    return "/".join(path)


def filed(row):
    return [row[level] for level in ("category", "subcategory") if row[level]]


def two_decimals(amount):
    return str(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_sellers_match_from_the_beginning_of_the_year(tracked, prepared, compare, expected):
    folder = prepared(DATA)
    text = (folder / "plan_team.toml").read_text("utf-8")
    whole = "period = { since = 2010-12-29, until = 2013-12-31 }"
    levels = 'levels = ["span", "year", "quarter"]'
    assert whole in text
    assert levels in text
    intervals = expected(DATA, "aw_intervals.csv")
    people = {
        row["employee_key"]: row["employee_name"]
        for row in expected(DATA, "aw_1_employee_interval.csv")
    }

    def interval(row, quarter):
        wanted = (row["nominal_year"], quarter)
        found = [
            each
            for each in intervals
            if (each["nominal_year"], each["nominal_quarter"]) == wanted
        ]
        return found[0]

    def find(row):
        since = interval(row, "1")["interval_start"]
        this = interval(row, row["nominal_quarter"])
        until, name = this["interval_end"], f"plan_to_{this['interval_no']}.toml"
        so_far = f"period = {{ since = {since}, until = {until} }}"
        written = text.replace(whole, so_far).replace(levels, 'levels = ["span", "quarter"]')
        (folder / name).write_text(written, encoding="utf-8")
        to_date = tracked(DATA, name, as_of=until)
        goal = to_date.goals[people[row["employee_key"]]]
        one = to_date.rows[goal, "sales", f"I{int(this['interval_no']):02}"]
        all_ = to_date.rows[goal, "sales", to_date.whole]
        return {
            "quota": one["target"],
            "actual_exact": one["actual"],
            "ytd_quota": all_["target"],
            "ytd_actual": all_["actual"],
            "ytd_attainment_pct": all_["attainment_pct"],
        }

    keys = {"employee_key", "nominal_year", "nominal_quarter"}
    compare(DATA, "aw_9_employee_ytd.csv", find, keys=keys)
