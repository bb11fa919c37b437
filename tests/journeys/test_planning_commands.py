"""A manager splits a goal over members and periods, and puts the table into the plan."""

from __future__ import annotations

import re

import pytest

from .desk import PLAN, RECORDS, call, lay_out

LAST_YEAR = RECORDS + "2022-11-01,华东,A,300\n2022-11-02,华南,B,100\n"
ISO_PLAN = PLAN.replace(
    'period = "2023Q4"',
    'period = "2023Q3"\nlevels = ["quarter", "week"]\nweeks = { kind = "iso" }',
)
ROOT = "区域,产品,期间,目标\n,,2023Q4,1000\n"


@pytest.fixture
def desk(tmp_path):
    return lay_out(tmp_path, targets=ROOT, records=LAST_YEAR)


def test_a_goal_is_split_over_members(desk, capsys):
    code, printed, said = call(
        capsys, "split", desk, "--by", "region", "--weights", "华东=8，华南=7", "--lang", "en"
    )
    assert (code, said) == (0, "")
    assert [line.split() for line in printed.splitlines() if line.strip()] == [
        ["团队", "2023Q4"],
        ["Region", "Target", "(元)", "Share", "(%)"],
        ["─" * len(printed.splitlines()[3].strip())],
        ["华东", "533.33", "53.33"],
        ["华南", "466.67", "46.67"],
        ["Total", "1,000.00", "100.00"],
        ["total:", "1,000.00"],
    ]


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        (["--by", "region"], ["500.00", "500.00"]),
        (["--by", "region", "--basis", "last_year"], ["750.00", "250.00"]),
        (["--by", "region", "--basis", "trailing"], ["750.00", "250.00"]),
        (["--by", "region", "--amounts", "华东=0.08万"], ["800.00", "200.00"]),
        (["--by", "region", "--amounts", "华东=1,000,华南=0"], ["1,000.00", "0.00"]),
        (["--by", "region", "--floors", "华南=600"], ["400.00", "600.00"]),
        (["--by", "region", "--caps", "华东=400", "--step", "百元"], ["400.00", "600.00"]),
        (["--by", "product", "--members", "B", "--over", "5"], ["1,050.00"]),
        (["--by", "region", "--total", "2万"], ["10,000.00", "10,000.00"]),
        (["--by", "region", "--growth", "10%"], ["220.00", "220.00"]),
    ],
)
def test_every_way_to_split(desk, capsys, options, figures):
    code, printed, _ = call(capsys, "split", desk, *options)
    assert code == 0
    for figure in figures:
        assert f" {figure} " in printed


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        (["--into", "month"], ["333.34", "333.33", "333.33"]),
        (["--into", "month", "--weights", "1,1,2"], ["250.00", "250.00", "500.00"]),
        (["--into", "month", "--basis", "days"], ["336.96", "326.09", "336.95"]),
        (["--into", "month", "--basis", "last_year"], ["0.00", "1,000.00", "0.00"]),
        (["--into", "week", "--goal", ""], ["83.34", "83.33"]),
    ],
)
def test_every_way_to_distribute(desk, capsys, options, figures):
    code, printed, _ = call(capsys, "distribute", desk, *options)
    assert code == 0
    for figure in figures:
        assert f" {figure} " in printed


def test_what_is_over_assigned_is_shown_beside_the_total(desk, capsys):
    _, printed, _ = call(capsys, "split", desk, "--by", "region", "--over", "5")
    assert "总额：1,000.00" in printed
    assert "超额分配：50.00" in printed


def test_where_all_weigh_nothing_it_is_said(desk, capsys):
    weights = ["--weights", "华东=0,华南=0"]
    code, printed, said = call(capsys, "split", desk, "--by", "region", *weights)
    assert code == 0
    assert "500.00" in printed
    assert "[even-split]" in said


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_written_is_read_by_the_plan_as_it_is(desk, capsys, suffix, lang):
    """Typed by nobody, read without a column map, and the plan ties out."""
    for number, (command, *options) in enumerate(
        [("split", "--by", "region"), ("distribute", "--goal", "华东", "--into", "month")]
    ):
        output = desk / f"made{number}{suffix}"
        arguments = (command, desk, *options, "-o", output, "--lang", lang)
        code, _, said = call(capsys, *arguments)
        assert code == 0
        assert f'[[targets]] path = "{output.name}"' in said
        with (desk / "plan.toml").open("a", encoding="utf-8") as stream:
            stream.write(f'[[targets]]\npath = "{output.name}"\n')
    _, _, said = call(capsys, "check", desk)
    assert re.findall(r"\[([a-z-]+)\]", said) == ["no-owner", "no-due-date"]
    assert "团队：3 个目标" in said
    _, printed, _ = call(capsys, "distribute", desk, "--goal", "华东", "--into", "month")
    assert "总额：500.00" in printed


def test_weeks_cut_at_the_ends_of_the_plan_come_back_as_they_were(tmp_path, capsys):
    desk = lay_out(tmp_path, plan=ISO_PLAN, targets=ROOT.replace("Q4", "Q3"))
    code, printed, _ = call(
        capsys,
        "distribute",
        desk,
        "--into",
        "week",
        "--basis",
        "days",
        "-o",
        desk / "weeks.csv",
    )
    assert code == 0
    assert "2023-W26" in printed
    text = (desk / "weeks.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[:2] == [
        "期间,开始日期,结束日期,指标,目标",
        ",2023-07-01,2023-07-02,销售额,21.74",
    ]
    with (desk / "plan.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[targets]]\npath = "weeks.csv"\n')
    _, _, said = call(capsys, "check", desk)
    assert re.findall(r"\[([a-z-]+)\]", said) == ["no-owner", "no-due-date"]
    assert "团队：1 个目标" in said


def test_a_file_is_replaced_only_where_it_is_asked_for(desk, capsys):
    arguments = ("split", desk, "--by", "region", "-o", desk / "targets.csv")
    code, printed, said = call(capsys, *arguments)
    assert (code, printed) == (5, "")
    assert "--replace" in said
    assert (desk / "targets.csv").read_text(encoding="utf-8") == ROOT
    assert call(capsys, *arguments, "--replace")[0] == 0
    assert "华东,2023Q4,销售额,500.00" in (desk / "targets.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("command", "options", "code", "message"),
    [
        ("split", ["--by", "region", "--amounts", "华东=2000"], 3, "[typed-over]"),
        ("split", ["--by", "region", "--period", "2023-10"], 3, "[no-total]"),
        ("split", ["--by", "regoin"], 3, "regoin"),
        ("split", ["--by", "region", "--metric", "saels"], 3, "[unknown-metric]"),
        ("split", ["--by", "region", "--goal", "华冬"], 2, "no goal is called '华冬'"),
        ("split", ["--by", "region", "--goal", "华东"], 2, "no goal is called"),
        ("split", ["--by", "region", "--amounts", "华东"], 2, "is no pair"),
        ("split", ["--by", "region", "--weights", "华东=1,华东＝2"], 2, "is given twice"),
        ("split", ["--by", "region", "--over", "五"], 2, "is no amount"),
        ("split", ["--by", "region", "-o", "x.txt"], 2, "neither .csv nor .xlsx"),
        ("distribute", ["--into", "moth"], 2, "no level is called 'moth'"),
        ("distribute", ["--into", "year"], 3, "2023Q4"),
        ("distribute", ["--into", "month", "--profile", "旺季"], 3, "旺季"),
        ("distribute", ["--into", "month", "--weights", "1,2"], 3, "[part-count]"),
    ],
)
def test_what_cannot_be_shared_is_refused(desk, capsys, command, options, code, message):
    found, printed, said = call(capsys, command, desk, *options, "--lang", "en")
    assert (found, printed) == (code, "")
    assert message in said


def test_a_goal_without_members_below_it_says_so(tmp_path, capsys):
    desk = lay_out(tmp_path)
    code, _, said = call(capsys, "split", desk, "--by", "region", "--goal", "华东")
    assert code == 2
    assert "此目标之下没有该维度的成员" in said


@pytest.mark.parametrize("level", ["quarter", "year"])
def test_a_period_is_not_distributed_into_itself_or_longer_ones(desk, capsys, level):
    code, _, said = call(capsys, "distribute", desk, "--into", level)
    assert code in {2, 3}
    assert "成员" not in said


def test_a_quarter_into_quarters_names_the_period(desk, capsys):
    code, _, said = call(capsys, "distribute", desk, "--into", "quarter")
    assert (code, "2023Q4 不比该层级的期间长 - 用 --into 指定更细的层级" in said) == (2, True)


MOVER = """{ name = "张三", parent = "华东", until = 2023-10-31 },
{ name = "张三", parent = "华南", since = 2023-11-01 },
{ name = "李四", parent = "华东" }, { name = "王五", parent = "华南" }"""


@pytest.mark.parametrize(
    ("goal", "period", "names"),
    [
        ("华东", "2023-10", ["张三", "李四"]),
        ("华南", "2023-10", ["王五"]),
        ("华东", "2023-11", ["李四"]),
        ("华南", "2023-11", ["张三", "王五"]),
    ],
)
def test_who_moves_shares_where_they_sit_in_the_period(tmp_path, capsys, goal, period, names):
    plan = PLAN.replace('"华南"]', f'"华南", {" ".join(MOVER.split())}]')
    targets = "区域,产品,期间,目标\n李四,,2023-10,1\n王五,,2023-10,1\n"
    desk = lay_out(tmp_path, plan=plan, targets=targets)
    asked = ("--by", "region", "--goal", goal, "--period", period, "--total", "90")
    code, printed, _ = call(capsys, "split", desk, *asked)
    assert code == 0
    assert [each for each in ("张三", "李四", "王五") if f" {each} " in printed] == names


@pytest.mark.parametrize(
    "named", [("--members", "王五,李四"), ("--weights", "王五=1,李四=2"), ("--caps", "王五=1")]
)
def test_who_is_named_and_not_below_the_goal_is_not_dropped_in_silence(tmp_path, capsys, named):
    plan = PLAN.replace('"华南"]', f'"华南", {" ".join(MOVER.split())}]')
    targets = "区域,产品,期间,目标\n李四,,2023-10,1\n"
    desk = lay_out(tmp_path, plan=plan, targets=targets)
    asked = ("--by", "region", "--goal", "华东", "--period", "2023-10", "--total", "90")
    code, printed, said = call(capsys, "split", desk, *asked, *named)
    assert (code, printed) == (2, "")
    assert "2023-10 不在此目标之下：王五" in said


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        (["--total", "500万"], ["250.00", "250.00"]),
        (["--total", "500"], ["250.00", "250.00"]),
        (["--total", "5", "--step", "万元"], ["3.00", "2.00"]),
        (["--total", "500", "--amounts", "华东=80万元"], ["80.00", "420.00"]),
        (["--total", "500", "--caps", "华东=80万"], ["80.00", "420.00"]),
    ],
)
def test_amounts_with_units_fit_a_metric_that_is_itself_in_wan(
    tmp_path, capsys, options, figures
):
    desk = lay_out(tmp_path, plan=PLAN.replace('unit = "元"', 'unit = "万元"'), targets=ROOT)
    code, printed, _ = call(capsys, "split", desk, "--by", "region", *options)
    assert code == 0
    for figure in figures:
        assert f" {figure} " in printed


def test_the_unit_of_a_cascade_fits_a_metric_that_is_itself_in_wan(tmp_path, capsys):
    rule = '\n[[cascades]]\ntotal = 500\nunit = "万元"\nsteps = [{ by = "region" }]\n'
    plan = PLAN.replace('unit = "元"', 'unit = "万元"') + rule
    desk = lay_out(tmp_path, plan=plan, targets="区域,产品,期间,目标\n华东,,2023-10,1\n")
    _, printed, _ = call(capsys, "split", desk, "--by", "region")
    assert " 500.00 " in printed
