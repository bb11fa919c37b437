from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from salesgoal.app.load import load_plan
from salesgoal.app.track import track
from salesgoal.domain.metric import Aggregation, Direction, Ratio
from salesgoal.errors import PlanRefused, SourceRefused
from salesgoal.ports.importer import ImporterSpec, Page
from salesgoal.ports.plugins import Plugins

HEAD = '[plan]\nname = "团队"\nperiod = "2023Q4"\n[metrics.sales]\ndecimals = 2\n'
REGION = '[dimensions.region]\nmembers = ["华东", "华南"]\n'
TARGETS = '[[targets]]\npath = "targets.csv"\n'
ACTUALS = '[[actuals]]\npath = "{}"\n'
RECORDS = "date,region,sales\n2023-10-06,华东,1.50\n"


@pytest.fixture
def plan(tmp_path):
    """Writes a plan and the files beside it, and returns the path of the plan."""

    def written(text, **files):
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/").replace("_csv", ".csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def refusal(path):
    with pytest.raises(PlanRefused) as refused:
        load_plan(path)
    return [str(each) for each in refused.value.problems]


FAULTS = [
    ("decimals = 2", 'decimals = "2"', "metrics.sales.decimals: give a whole number"),
    ("decimals = 2", "decimals = 12", "metrics.sales: metric sales keeps 12 decimals"),
    ("decimals = 2", "negative = 1", "metrics.sales.negative: give true or false"),
    ("decimals = 2", "unit = 3", "metrics.sales.unit: give a text in quotes"),
    ("decimals = 2", 'aggregation = "add"', "metrics.sales.aggregation: give one of sum, last"),
    ("decimals = 2", 'aggregation = "ratio"', "metrics.sales: a ratio needs its numerator"),
    ("decimals = 2", 'numerator = "x"', "metrics.sales: numerator and denominator belong to"),
    ("decimals = 2", "baseline = 1.5", "metrics.sales: 1.5 has 1 decimals"),
    ('"2023Q4"', "2023", "plan.period: give a text in quotes or a table"),
    ('"2023Q4"', '"2023-13"', "period: '2023-13' names no period"),
    ('"2023Q4"', "{ since = 2023-10-01 }", "plan.period.until: this key is required"),
    (
        '"2023Q4"',
        "{ since = 2023-10-02, until = 2023-10-01 }",
        "plan.period: give an until that is not before since, 2023-10-02",
    ),
    ('"团队"', '"团队"\nlevels = "month"', "plan.levels: give a list in square brackets"),
    ('"团队"', '"团队"\nlevels = ["moon"]', "plan.levels#1: give one of span, year, half"),
    ("[metrics.sales]", "[metric.sales]", "metrics: this key is required"),
    ("[plan]", "[plan]\ncalendar.start_day = 31", "plan.calendar: "),
    ("[plan]", '[plan]\ncalendar.kind = "moon"', "calendar.kind: give one of month, week, "),
    ("[plan]", '[plan]\ncalendar.kind = "week"', "plan.calendar, anchor: this key is required"),
    ("[plan]", '[plan]\ncalendar.path = "a.csv"', "path is no key of kind month, which takes"),
    (
        "[plan]",
        '[plan]\ncalendar = { kind = "iso", start_month = 4 }',
        "plan.calendar: start_month is no key of kind iso, which takes no other key",
    ),
    (
        "[plan]",
        '[plan]\ncalendar = { kind = "week", anchor = "last", weekday = "sat", end_month = 9 }',
        "plan.calendar: the year ends in month 9 - set year_offset",
    ),
    ("[plan]", "[plan]\ncalendar = { start_month = 4 }", "plan.calendar: the year spans two"),
    ("[plan]", '[plan]\nweeks = "iso"', "plan.weeks: give a table"),
    (
        "[plan]",
        '[plan]\nweeks = { kind = "explicit", path = "no.csv" }',
        "no.csv: there is no such file",
    ),
    ("[plan]", '[plan]\ncalendar.kind = "explicit"', "plan.calendar, path: this key is requ"),
    ("[plan]", '[plan]\ncalendar = { kind = "explicit", path = "no.csv" }', "no.csv: there is"),
]


@pytest.mark.parametrize(("old", "new", "words"), FAULTS)
def test_a_wrong_key_is_said_with_its_path(plan, old, new, words):
    found = refusal(plan(HEAD.replace(old, new)))
    assert any(words in each for each in found), found


TABLES = [
    ("dimensions.region = 3\n", "dimensions.region: give a table"),
    ("[dimensions.region]\nmembers = [1]\n", "dimensions.region.members#1: give a text in"),
    ('[dimensions.region]\nmembers = [{nam = "x"}]\n', "members#1.nam: there is no such key"),
    ('[dimensions.region]\npath = "no.csv"\n', "no.csv: there is no such file"),
    ('[dimensions.metric]\nmembers = ["a"]\n', "metric"),
    ('[dimensions.region]\nmembers = ["a", "a"]\n[metrics.m]\n', "[duplicate-name]"),
    ('breakdowns = ["x"]\n', "breakdowns#1: give a table"),
    (
        ACTUALS.format("x") + "values = { sales = 'x' }\n",
        "actuals#1.values.sales: give a whole",
    ),
    (
        ACTUALS.format("x") + "values = { sales = 1.555 }\n",
        "actuals#1.values.sales: 1.555 has 3",
    ),
    (ACTUALS.format("x") + "values = { saels = 1 }\n", "actuals#1.values: no metric is called"),
    (ACTUALS.format("x") + "members = { x = 'y' }\n", "actuals#1.members: no dimension is"),
    (ACTUALS.format("x") + "columns = { saels = 'y' }\n", "no role is called saels; did you"),
    (ACTUALS.format("x") + "unit = 'wan'\n", "actuals#1: unit is 'wan' - give one of 分, 元"),
    (ACTUALS.format("x") + "excess_decimals = 'cut'\n", "excess_decimals: give one of refuse"),
    (
        ACTUALS.format("x")
        + "coverage = { since = '2023-01-01', until = 2023-01-01T00:00:00 }\n",
        "coverage.until: give a date such as 2023-10-01, without quotes",
    ),
    (TARGETS + "unit = 'wan'\n", "targets#1: unit is 'wan'"),
    ('[[reviews]]\npath = "no.csv"\n', "no.csv: there is no such file"),
]


@pytest.mark.parametrize(("text", "words"), TABLES)
def test_a_wrong_table_is_said_with_its_path(plan, text, words):
    found = refusal(plan(text + HEAD if text[:6] in {"breakd", "dimens"} else HEAD + text))
    assert any(words in each for each in found), found


def test_a_member_that_a_source_names_must_be_there(plan):
    text = HEAD + REGION + ACTUALS.format("x") + "members = { region = '华北' }\n"
    (found,) = refusal(plan(text))
    assert "actuals#1.members.region: '华北' region has no such member" in found


def test_a_plan_that_is_not_there_is_refused(tmp_path):
    (found,) = refusal(tmp_path / "nowhere.toml")
    assert "nowhere.toml: there is no such file" in found


def test_a_plan_of_another_encoding_is_refused(plan):
    path = plan(HEAD)
    path.write_bytes(HEAD.encode("gb18030"))
    assert "[plan-not-text]" in refusal(path)[0]


def test_metrics_of_every_kind_load(plan):
    text = HEAD + (
        '[metrics.debt]\nname = "应收"\naggregation = "last"\ndirection = "minimise"\n'
        'baseline = 5\nnegative = true\n[metrics.rate]\nunit = "%"\naggregation = "ratio"\n'
        'numerator = "debt"\ndenominator = "sales"\n'
    )
    sales, debt, rate = load_plan(plan(text)).plan.metrics
    assert (sales.name, sales.decimals, sales.aggregation) == ("sales", 2, Aggregation.SUM)
    assert (debt.aggregation, debt.direction) == (Aggregation.LAST, Direction.MINIMISE)
    assert (debt.baseline, debt.negative) == (5, True)
    assert rate.aggregation == Ratio("debt", "sales")


def test_members_come_from_the_plan_and_from_a_table(plan):
    text = HEAD + '[dimensions.region]\nmembers = [{ name = "大区" }]\npath = "members.csv"\n'
    path = plan(text, members_csv="name,parent\n华东,大区\n")
    members = load_plan(path).plan.dimensions[0].members
    assert [(each.name, each.parent) for each in members] == [("大区", None), ("华东", "大区")]


def test_a_calendar_may_be_a_table(plan):
    text = HEAD.replace('"2023Q4"', '"Y1"\ncalendar = { kind = "explicit", path = "c.csv" }')
    rows = "level,label,since,until\nyear,Y1,2023-01-02,2023-01-15\n"
    rows += "week,W1,2023-01-02,2023-01-08\nweek,W2,2023-01-09,2023-01-15\n"
    found = load_plan(plan(text, c_csv=rows)).plan
    assert (found.period.start, found.period.last) == (date(2023, 1, 2), date(2023, 1, 15))
    (gap,) = refusal(plan(text, c_csv=rows.replace("01-09", "01-10")))
    assert "[bad-calendar]" in gap


CALENDARS = [
    ("", "2023Q4", "gregorian"),
    ('start_month = 4\nyear_name = "end"', "FY2024Q3", "fiscal:04-01:end"),
    ('week_scheme = "clipped"', "2023-10", "gregorian:clipped-mon"),
    ('week_scheme = "clipped"\nweek_start = "sun"', "2023-10w5", "gregorian:clipped-sun"),
    ('kind = "iso"', "2023-W41", "iso"),
    ('kind = "week_month"', "2023-10w4", "week_months:mon:middle"),
    ('kind = "week_month"\nowner = "last"', "2023-10", "week_months:mon:last"),
    (
        (
            'kind = "week"\nanchor = "nearest"\nweekday = "sat"\nend_month = 1\n'
            'pattern = "4-5-4"\nyear_offset = -1'
        ),
        "FY2023P12",
        "weeks:nearest-sat-01:4-5-4:leap12:-1",
    ),
    (
        (
            'kind = "week"\nanchor = "last"\nweekday = "sat"\nend_month = 9\n'
            'pattern = "4-4-5"\nleap_period = 3\nyear_offset = 0'
        ),
        "FY2023Q1",
        "weeks:last-sat-09:4-4-5:leap3:+0",
    ),
]


@pytest.mark.parametrize(("table", "period", "name"), CALENDARS)
def test_a_plan_names_any_calendar(plan, table, period, name):
    text = HEAD.replace("2023Q4", period)
    loaded = load_plan(plan(f"{text}[plan.calendar]\n{table}\n")).plan
    assert (loaded.calendar.id, loaded.period.label) == (name, period)


def test_weeks_beside_months_count_the_days_inside_the_plan(plan):
    days = "date,sales\n2023-09-30,100\n2023-10-01,1\n2023-10-02,20\n2023-12-31,300\n"
    head = '"2023Q4"\nlevels = ["quarter", "month", "week"]\nweeks = { kind = "iso" }'
    text = HEAD.replace('"2023Q4"', head) + ACTUALS.format("a.csv")
    found = track(load_plan(plan(text, a_csv=days)), as_of=date(2023, 12, 31))
    (card,) = found.scorecards

    def actual(period):
        return card.row(metric="sales", period=period).actual

    assert (actual("2023Q4"), actual("2023-10"), actual("2023-12")) == (321_00, 21_00, 300_00)
    assert (actual("2023-W39"), actual("2023-W40"), actual("2023-W52")) == (1_00, 20_00, 300_00)
    weeks = [row.actual for row in card.rows(level="week")]
    assert sum(weeks) == actual("2023Q4")
    assert found.reconciliation["sales"].outside_period == 100_00


def test_weeks_beside_months_may_be_a_table_of_their_own(plan):
    rows = "level,label,since,until\nweek,开局,2023-09-25,2023-12-31\n"
    head = '"2023Q4"\nweeks = { kind = "explicit", path = "w.csv" }\nlevels = ["week"]'
    loaded = load_plan(plan(HEAD.replace('"2023Q4"', head), w_csv=rows)).plan
    assert [each.label for each in loaded.periods] == ["2023Q4", "开局"]


def test_targets_may_hold_from_one_day_to_another(plan):
    rows = "since,until,target\n2023-10-01,2023-10-31,5\n2023-11-01,2023-12-10,7\n"
    loaded = load_plan(plan(HEAD + TARGETS, targets_csv=rows))
    (card,) = track(loaded, as_of=date(2023, 12, 31)).scorecards
    assert card.row(metric="sales", period="2023-10").target == 5_00
    assert card.row(metric="sales", period="2023Q4").target == 12_00
    assert card.row(metric="sales", period="2023-12").target is None


def test_a_plan_may_be_a_span_of_days(plan):
    text = HEAD.replace('"2023Q4"', "{ since = 2023-10-02, until = 2023-10-15 }")
    found = load_plan(plan(text)).plan
    assert found.period.label == "2023-10-02..2023-10-15"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("日报/*.csv", ["a.csv", "b.csv"]),
        ("**/*.csv", ["a.csv", "b.csv"]),
        ("日报/a.csv", ["a.csv"]),
        ("日报/[ab].csv", ["a.csv", "b.csv"]),
        ("日报/*.xlsx", ["*.xlsx"]),
    ],
)
def test_a_pattern_names_files_in_order(plan, pattern, names):
    files = {"日报__b_csv": RECORDS, "日报__a_csv": RECORDS}
    (source,) = load_plan(plan(HEAD + ACTUALS.format(pattern), **files)).sources
    assert [each.path.name for each in source.files] == names


@pytest.mark.parametrize("pattern", ["a.csv", "*.csv"])
def test_a_path_may_begin_at_the_root_of_the_disk(plan, tmp_path, pattern):
    other = tmp_path / "elsewhere"
    path = plan(HEAD + ACTUALS.format(other / pattern), elsewhere__a_csv=RECORDS)
    loaded = load_plan(path)
    assert track(loaded, as_of=date(2023, 12, 31)).rows.accepted == 1


def test_a_missing_file_says_how_to_make_it(plan):
    text = HEAD.replace("[plan]", '[plan]\nprepare = "prepare.py"') + ACTUALS.format("a.csv")
    with pytest.raises(SourceRefused) as refused:
        track(load_plan(plan(text)), as_of=date(2023, 12, 31))
    assert "run prepare.py first" in str(refused.value)


def raising(_):
    raise ValueError("no table")


def two_that_claim():
    specs = [
        ImporterSpec(name=name, title=name, read=raising, matches=lambda _: True)
        for name in ("one", "other")
    ]
    return Plugins(importers={spec.name: spec for spec in specs})


def given(read, **settings):
    spec = ImporterSpec(name="given", title="Given", read=read, **settings)
    return Plugins(importers={"given": spec})


def sourced(plan, plugins, more='importer = "given"\n'):
    path = plan(HEAD + ACTUALS.format("a.csv") + more, a_csv=RECORDS)
    return track(load_plan(path, plugins), as_of=date(2023, 12, 31))


@pytest.mark.parametrize(
    ("plugins", "more", "code"),
    [
        (given(raising), 'importer = "given"\n', "plugin-failed"),
        (given(lambda _: iter([])), 'importer = "given"\n', "no-rows"),
        (given(lambda _: ["no page"]), 'importer = "given"\n', "plugin-failed"),
        (given(lambda _: iter([])), 'importer = "gvien"\n', "no-importer"),
        (given(lambda _: iter([])), "", "no-importer"),
        (given(lambda _: iter([]), matches=raising), "", "plugin-failed"),
        (two_that_claim(), "", "two-importers"),
    ],
)
def test_a_file_that_no_importer_reads_is_refused(plan, plugins, more, code):
    with pytest.raises(SourceRefused) as refused:
        sourced(plan, plugins, more)
    assert [each.code for each in refused.value.problems] == [code]


def test_an_importer_without_options_takes_none(plan):
    def read(request):
        assert request.options is None
        yield Page(columns=("date", "sales"))

    assert sourced(plan, given(read)).rows.read == 0
    with pytest.raises(PlanRefused, match=r"actuals#1\.options\.x: there is no such key"):
        sourced(plan, given(read), 'importer = "given"\noptions = { x = 1 }\n')


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("{ encodng = 'x' }", "options.encodng: there is no such key; did you mean encoding"),
        ("{ header_row = '1' }", "options.header_row: give a whole number"),
        ("{ header_row = 0 }", "options: give a row from 1 up"),
        ("{ delimiter = ';;' }", "options: give one character"),
    ],
)
def test_the_options_of_an_importer_are_checked(plan, options, words):
    with pytest.raises(PlanRefused, match=r"plan\.toml") as refused:
        sourced(plan, None, f"options = {options}\n")
    assert words in str(refused.value)


@pytest.mark.parametrize("again", ["a.csv", "*.csv", "../{}/a.csv"])
def test_a_file_that_two_tables_read_alike_is_refused(plan, tmp_path, again):
    again = again.format(tmp_path.name)
    path = plan(HEAD + REGION + ACTUALS.format("a.csv") + ACTUALS.format(again), a_csv=RECORDS)
    (fault,) = refusal(path)
    assert fault.startswith("plan.toml, actuals#2.path: name another file, sheet or column")
    assert "actuals#1 reads a.csv in this way" in fault


@pytest.mark.parametrize(
    "other",
    [
        'columns = { sales = "returns" }\n',
        'members = { region = "华南" }\n',
        'importer = "csv"\noptions = { header_row = 2 }\n',
        '[[actuals.ignore]]\ncolumn = "region"\nequals = ["华东"]\n',
    ],
)
def test_two_tables_may_take_their_parts_of_one_file(plan, other):
    twice = ACTUALS.format("a.csv") + ACTUALS.format("a.csv") + other
    assert load_plan(plan(HEAD + REGION + twice, a_csv=RECORDS)).sources


def test_sources_add_up(plan):
    text = HEAD + REGION + ACTUALS.format("a.csv") * 2 + "values = { sales = 2 }\n"
    loaded = load_plan(plan(text, a_csv=RECORDS))
    found = track(loaded, as_of=date(2023, 12, 31))
    assert found.rows.accepted == 2
    assert found.reconciliation["sales"].root == 1_50 + 2_00


def test_long_files_come_in_pages(plan):
    rows = RECORDS + "2023-10-07,华东,1\n" * 2_500
    path = plan(HEAD + REGION + ACTUALS.format("a.csv"), a_csv=rows)
    found = track(load_plan(path), as_of=date(2023, 12, 31))
    assert found.rows.accepted == 2_501
    assert found.reconciliation["sales"].root == 2_501_50


def test_declared_coverage_makes_silence_a_zero(plan):
    more = "coverage = { since = 2023-10-01, until = 2023-12-31 }\n"
    found = sourced(plan, None, more)
    (card,) = found.scorecards
    assert card.row(metric="sales", period="2023-12").actual == 0
    (card,) = sourced(plan, None, "").scorecards
    assert card.row(metric="sales", period="2023-12").actual is None


def test_amounts_of_a_source_may_be_in_other_units(plan):
    found = sourced(plan, None, 'unit = "万元"\nexcess_decimals = "round"\n')
    assert found.reconciliation["sales"].root == Decimal("15000.00") * 100


def test_what_is_noticed_in_the_tables_of_a_plan_is_among_its_warnings(plan):
    """Members of a hidden row count, targets in GB18030 are read, and both are told."""
    text = f'{HEAD}[dimensions.region]\npath = "regions.xlsx"\n{TARGETS}'
    path = plan(text)
    with xlsxwriter.Workbook(str(path.parent / "regions.xlsx")) as book:
        sheet = book.add_worksheet("区域")
        sheet.write_column(0, 0, ["name", "华东", "华南"])
        sheet.set_row(2, None, None, {"hidden": True})
    content = "区域,期间,目标\n华东,2023Q4,10\n"
    (path.parent / "targets.csv").write_text(content, encoding="gb18030")
    warned = load_plan(path).plan.warnings
    found = [(each.code, each.where.source) for each in warned]
    assert found == [("hidden-cells", "regions.xlsx"), ("encoding-assumed", "targets.csv")]
