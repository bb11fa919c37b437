"""A script reads the scorecard: the keys, their order and their kinds do not change."""

from __future__ import annotations

import json

import pytest

from .desk import AS_OF, PLAN, TARGETS, call, lay_out

META = ["plan", "as_of", "known_at", "calendar", "target_version", "view"]
RECONCILIATION = [
    *("read", "root", "outside_period", "rejected", "duplicate", "ignored", "unassigned"),
]
ROW = [
    *("goal", "scope", "owner", "metric", "period", "level", "start", "last", "target"),
    *(
        "floor",
        "stretch",
        "original",
        "commit",
        "commit_difference",
        "actual",
        "attainment_pct",
        "status",
        "gap",
        "mismatch",
    ),
    *("unassigned", "expected", "pace", "projected", "required_per_workday"),
]
MORE = PLAN.replace(
    "[dimensions.region]",
    '[metrics.cash]\ndecimals = 2\n[metrics.rate]\nunit = "%"\naggregation = "ratio"\n'
    'numerator = "cash"\ndenominator = "sales"\n[dimensions.region]',
)


def track(capsys, folder, *arguments):
    code, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "json", *arguments)
    assert code == 0
    return json.loads(printed)


@pytest.fixture
def folder(tmp_path):
    records = (
        "日期,区域,产品,销售额,cash\n"
        "2023-10-06,华东,A,900.50,450.25\n"
        "2023-11-07,华南,B,500,500\n"
    )
    return lay_out(tmp_path / "desk", plan=MORE, records=records)


def test_the_keys_are_those_that_were_promised_in_their_order(capsys, folder):
    found = track(capsys, folder)
    assert list(found) == ["meta", "reconciliation", "rows"]
    assert list(found["meta"]) == META
    assert list(found["reconciliation"]) == ["sales", "cash"]
    assert {tuple(each) for each in found["reconciliation"].values()} == {tuple(RECONCILIATION)}
    assert {tuple(row) for row in found["rows"]} == {tuple(ROW)}


def test_numbers_are_texts_and_absent_ones_null(capsys, folder):
    found = track(capsys, folder)
    assert found["meta"] == {
        "plan": "团队",
        "as_of": "2023-12-31",
        "known_at": None,
        "calendar": "gregorian",
        "target_version": "original",
        "view": "as_was",
    }
    assert found["reconciliation"]["sales"] == {
        "read": "1400.50",
        "root": "1400.50",
        "outside_period": "0.00",
        "rejected": "0.00",
        "duplicate": "0.00",
        "ignored": "0.00",
        "unassigned": "0.00",
    }
    kinds = {type(value) for row in found["rows"] for value in row.values()}
    assert kinds == {str, dict, type(None)}


@pytest.mark.parametrize(
    ("row", "rejected", "unknown"),
    [
        ("2023-10-08,华楠,A,3.00", "3.00", False),
        ("2023-10-08,华东,A,三块多", "0.00", True),
        ("2023-10-08,华楠,A,", "0.00", True),
    ],
)
def test_an_amount_that_nobody_could_read_is_said(tmp_path, capsys, row, rejected, unknown):
    records = f"日期,区域,产品,销售额\n2023-10-06,华东,A,5.00\n{row}\n"
    folder = lay_out(tmp_path, records=records)
    printed = call(capsys, "track", folder, *AS_OF, "--format", "json")[1]
    account = json.loads(printed)["reconciliation"]["sales"]
    assert (account["root"], account["rejected"]) == ("5.00", rejected)
    printed = call(capsys, "track", folder, *AS_OF)[1]
    assert ("另有 1 行被拒绝、金额不明，不在上述金额中" in printed) == unknown


def test_a_row_says_all_about_a_goal_a_metric_and_a_period(capsys, folder):
    wanted = ("--goal", "华东/A", "--level", "quarter", "--metric", "sales")
    (row,) = track(capsys, folder, *wanted)["rows"]
    assert row == dict.fromkeys(ROW) | {
        "goal": "华东/A",
        "scope": {"region": "华东", "product": "A"},
        "metric": "sales",
        "period": "2023Q4",
        "level": "quarter",
        "start": "2023-10-01",
        "last": "2023-12-31",
        "target": "1000.00",
        "original": "1000.00",
        "actual": "900.50",
        "attainment_pct": "90.05",
        "status": "unmet",
        "gap": "99.50",
        "unassigned": "0.00",
        "expected": "1000.00",
        "pace": "behind",
        "projected": "900.50",
    }


def test_rows_come_in_tree_order_then_metric_then_period(capsys, folder):
    rows = track(capsys, folder)["rows"]
    assert list(dict.fromkeys(row["goal"] for row in rows)) == [
        *("", "华东", "华东/A", "华南", "华南/B")
    ]
    root = [(row["metric"], row["period"]) for row in rows if not row["goal"]]
    periods = ["2023Q4", "2023-10", "2023-11", "2023-12"]
    assert root == [(name, label) for name in ("sales", "cash", "rate") for label in periods]


@pytest.mark.parametrize(
    ("arguments", "key", "expected"),
    [
        (("--goal", "华东"), "goal", {"华东", "华东/A"}),
        (("--goal", ""), "goal", {"", "华东", "华东/A", "华南", "华南/B"}),
        (("--by", "product"), "goal", {"", "A", "B"}),
        (("--by", "product, region"), "goal", {"", "A", "A/华东", "B", "B/华南"}),
        (("--level", "month"), "period", {"2023-10", "2023-11", "2023-12"}),
        (("--level", "quarter"), "period", {"2023Q4"}),
        (("--metric", "rate"), "metric", {"rate"}),
    ],
)
def test_a_selection_shows_these_rows_only(capsys, folder, arguments, key, expected):
    rows = track(capsys, folder, *arguments)["rows"]
    assert {row[key] for row in rows} == expected


def test_a_cross_cut_adds_up_to_the_same_root(capsys, folder):
    wanted = ("--level", "quarter", "--metric", "sales")
    plain = track(capsys, folder, *wanted)["rows"][0]
    cut = track(capsys, folder, *wanted, "--by", "product")["rows"][0]
    assert (plain["actual"], plain["target"]) == (cut["actual"], cut["target"])


def test_a_second_breakdown_follows_without_the_root_again(capsys, tmp_path):
    plan = PLAN.replace("[[targets]]", '[[breakdowns]]\nby = ["product"]\n[[targets]]')
    targets = TARGETS + ",A,2023Q4,1000\n,B,2023Q4,500\n"
    folder = lay_out(tmp_path, plan=plan, targets=targets)
    rows = track(capsys, folder, "--level", "quarter")["rows"]
    assert [row["goal"] for row in rows] == ["", "华东", "华东/A", "华南", "华南/B", "A", "B"]
    only = track(capsys, folder, "--level", "quarter", "--goal", "B")["rows"]
    assert [row["goal"] for row in only] == ["B"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--level", "mont"), "没有名为 'mont' 的计划级别 - 是否为 'month'"),
        (("--metric", "saels"), "没有名为 'saels' 的指标 - 是否为 'sales'"),
        (("--goal", "A"), "没有名为 'A' 的目标 - 是否为 '华东/A'"),
        (("--by", "regoin"), "没有名为 'regoin' 的维度 - 是否为 'region'"),
        (("--by", "product,regoin"), "没有名为 'regoin' 的维度"),
    ],
)
def test_an_unknown_name_is_usage_with_the_nearest_ones(capsys, folder, arguments, said):
    output = folder.parent / "out.json"
    wanted = ("--format", "json", "-o", output, *AS_OF)
    code, printed, heard = call(capsys, "track", folder, *wanted, *arguments)
    assert (code, printed) == (2, "")
    assert heard.startswith(f"salesgoal: {said}")
    assert not output.exists()


def test_the_file_holds_what_would_be_printed(capsys, folder):
    output = folder.parent / "new" / "out.json"
    _, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "json")
    wanted = ("--format", "json", "--output", output, "--lang", "en")
    code, nothing, said = call(capsys, "track", folder, *AS_OF, *wanted)
    assert (code, nothing) == (0, "")
    assert said.startswith(f"wrote {output}\n")
    assert output.read_text("utf-8") == printed


def test_today_is_the_day_where_none_is_given(capsys, folder):
    code, printed, _ = call(capsys, "track", folder, "--format", "json")
    assert code == 0
    assert json.loads(printed)["meta"]["as_of"] >= "2023-12-31"


def test_people_see_the_plans_own_period_first(capsys, folder):
    code, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "markdown")
    assert code == 0
    assert "2023Q4" in printed
    assert "2023-10" not in printed


def test_days_after_the_report_do_not_count(capsys, folder):
    wanted = ("--as-of", "2023-10-31", "--format", "json", "--metric", "sales")
    found = json.loads(call(capsys, "track", folder, *wanted)[1])
    assert found["reconciliation"]["sales"]["outside_period"] == "500.00"
    status = {row["period"]: row["status"] for row in found["rows"] if not row["goal"]}
    assert status["2023-12"] == "not_started"
