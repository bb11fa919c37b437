"""Everything that can be wrong at once: desks that provoke the codes of the catalogue.

Each fault is a desk laid out with one thing wrong, and the commands to run on it.
"""

from __future__ import annotations

import io
import json
from hashlib import sha256

import openpyxl
from tests.laws.packages import packed, parts

from .desk import PLAN, RECORDS, TARGETS

CHECK = ("check",)
TRACK = ("track", "--as-of", "2023-12-31")
HEAD = RECORDS.splitlines()[0]
OWNER_HEAD = "区域,产品,期间,目标,责任人,完成时限"
LEDGER = (
    PLAN.replace('path = "records.csv"', 'path = "records.csv"\nsource = "订单"') + "[ledger]\n"
)
KEYED = LEDGER.replace('source = "订单"', 'source = "订单"\nkey = ["订单号"]')
MOVING = PLAN.replace(
    'members = ["华东", "华南"]', 'members = [{ name = "华东" }, "华南"]'
).replace(
    '[[breakdowns]]\nby = ["region", "product"]',
    '[dimensions.rep]\nname = "业务员"\npath = "reps.csv"\n',
)


def plan(**changed):
    """The plan with texts replaced: `old=…` and `new=…`, or with tables at its end."""
    text = changed.get("of", PLAN)
    if "old" in changed:
        assert changed["old"] in text, changed["old"]
        text = text.replace(changed["old"], changed["new"])
    return text + changed.get("more", "")


def record(row, **files):
    return {"records.csv": f"{RECORDS}{row}\n", **files}


def target(row, head="区域,产品,期间,目标"):
    return {"targets.csv": f"{head}\n{row}\n"}


def in_plan(old, new, **files):
    return {"plan.toml": plan(old=old, new=new), **files}


def under_plan(more, **files):
    return {"plan.toml": plan(more=more), **files}


def cascade(step, total="1000", more="", **files):
    table = (
        f'[[cascades]]\nperiod = "2023Q4"\ntotal = {total}\n{more}[[cascades.steps]]\n{step}\n'
    )
    return {"plan.toml": plan(more=table), "targets.csv": "区域,产品,期间,目标\n", **files}


def book(change=lambda _: None, rows=RECORDS):
    """A workbook of the records, after a change to it."""
    made = openpyxl.Workbook()
    made.active.title = "十月"
    for line in rows.splitlines():
        made.active.append(line.split(","))
    change(made)
    stream = io.BytesIO()
    made.save(stream)
    return {"日报.xlsx": stream.getvalue(), **in_plan("records.csv", "日报.xlsx")}


def hidden(made):
    made.active.row_dimensions[2].hidden = True


def another_sheet(made):
    made.create_sheet("十一月")


def hidden_sheet(made):
    another_sheet(made)
    made["十一月"].sheet_state = "hidden"
    for row in made.active.iter_rows(values_only=True):
        made["十一月"].append(row)


def formula(made):
    made.active["D2"] = "=1+1"


def merged(made):
    made.active.merge_cells("B2:C2")


def sealed(*events):
    """A history whose lines fit each other, but say what they like."""
    lines, seal = [], ""
    for number, event in enumerate(events, start=1):
        fields = {"number": number, "recorded_at": f"2023-11-0{number}T10:00:00+08:00", **event}
        content = {key: value for key, value in fields.items() if key != "seal"}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        seal = sha256(f"{seal}\n{text}".encode()).hexdigest()[:16]
        lines.append(json.dumps({**fields, "seal": seal}, ensure_ascii=False))
    return {"plan.history.jsonl": "\n".join(lines) + "\n"}


LOCK = {"act": "close", "by": "a", "reason": "b", "period": "2023-10"}
BY = ("--by", "经理", "--reason", "市场变化", "--yes")
RAISE = ("revise", "--goal", "华东/A", "--period", "2023Q4")
MONTHS = target("华东,A,2023-10,100\n华东,A,2023-11,100\n华东,A,2023-12,100\n华南,B,2023Q4,9")

# What is wrong -> the files that differ from a sound desk, and the command.
FAULTS = [
    # Cells of records.
    *[
        (record(f"2023-12-01,华南,B,{cell}"), TRACK)
        for cell in (
            *("x", '"12,34"', "1.234", "10000000000000", "#N/A", "12-", "(-12)", "$12", "12吨"),
            *("1e5", "١٢", "1 2", "=1+1", "####", "12%", "", "12万"),
        )
    ],
    (
        in_plan(
            'unit = "元"',
            'unit = "%"\naggregation = "average"',
            **record("2023-12-01,华南,B,0.85"),
        ),
        TRACK,
    ),
    *[
        (record(f"{cell},华南,B,1"), TRACK)
        for cell in (
            "昨天",
            "03/04/2023",
            "23-10-06",
            "2023-10",
            "45200",
            "2023-10-06 25:00",
            "1066-10-14",
            "2023-10-06T10:00:00Z",
            "",
        )
    ],
    *[
        (record(f"2023-12-01,{cell},B,1"), TRACK)
        for cell in ("华楠", "x" * 201, "华\u202e东", '"华\n东"')
    ],
    (record("2023-12-01,华南"), TRACK),
    (
        {
            "records.csv": RECORDS.replace("销售额", "销售额（万元）").replace("900.50", "9万")
            + "2023-12-01,华南,B,5元\n"
        },
        TRACK,
    ),
    ({"records.csv": "单位：千元\n" + RECORDS.replace("销售额", "销售额（万元）")}, TRACK),
    (
        {
            "records.csv": "单位：万元\n" + RECORDS,
            "plan.toml": plan(old='unit = "元"\n', new=""),
        },
        TRACK,
    ),
    (
        in_plan(
            'path = "records.csv"',
            'path = "records.csv"\ncolumns = { period = "日期" }',
            **record("2023-13,华南,B,1"),
        ),
        TRACK,
    ),
    # Layouts.
    ({"records.csv": ""}, TRACK),
    ({"records.csv": ",,\n"}, TRACK),
    ({"records.csv": RECORDS.replace("销售额", "多少")}, TRACK),
    ({"records.csv": RECORDS.replace("产品", "销售额", 1)}, TRACK),
    (
        {"records.csv": RECORDS.replace("日期", "成交日期").replace("产品", "下单日期", 1)},
        TRACK,
    ),
    ({"records.csv": "\n".join(f"{line},,{line}" for line in RECORDS.splitlines())}, TRACK),
    (
        {
            "records.csv": RECORDS.replace("销售额\n", "销售额,,备注\n")
            .replace("900.50", "900.50,,x")
            .replace("B,500", "B,500,,")
        },
        TRACK,
    ),
    (in_plan('path = "records.csv"', 'path = "records.csv"\nlayout = { table = 2 }'), TRACK),
    ({"records.csv": "区域,产品,10月,13月\n华东,A,1,2\n"}, TRACK),
    ({"records.csv": "区域,产品,3月,10月\n华东,A,1,2\n"}, TRACK),
    ({"records.csv": "区域,产品,10月,2023Q4\n华东,A,1,2\n"}, TRACK),
    ({"records.csv": RECORDS + "合计,,,1500\n"}, TRACK),
    ({"records.csv": RECORDS + "合计,,,千余\n"}, TRACK),
    ({"records.csv": "区域,产品,10月,11月,合计\n华南,B,200,300,501\n"}, TRACK),
    ({"records.csv": "日期,华东,华南,A,B\n2023-10-06,1,2,3,4\n"}, TRACK),
    ({"records.csv": "日期,区域,A,A1\n2023-10-06,华东,1,2\n"}, TRACK),
    # Files.
    ({"records.csv": RECORDS.encode("gb18030")}, TRACK),
    ({"records.csv": RECORDS.encode()[:-9] + b"\xff\xfe1\n"}, TRACK),
    ({"records.csv": HEAD + '\n2023-12-01,华南,B,"5" 6\n'}, TRACK),
    ({"records.csv": HEAD + '\n2023-12-01,"华南,B,5\n'}, TRACK),
    ({"records.csv": b"PK\x03\x04"}, TRACK),
    ({"records.csv": None}, TRACK),
    ({"records.csv": RECORDS + "2023-12-01,华南,B\x00,5\n"}, TRACK),
    (
        in_plan(
            'path = "records.csv"', 'path = "records.csv"\noptions = { encoding = "klingon" }'
        ),
        TRACK,
    ),
    (
        in_plan(
            'path = "records.csv"', 'path = "records.csv"\noptions = { encoding = "ascii" }'
        ),
        TRACK,
    ),
    (
        in_plan(
            'path = "records.csv"',
            'path = "records.csv"\noptions = { limits = { row_chars = 9 } }',
        ),
        TRACK,
    ),
    (in_plan('path = "records.csv"', 'path = "records.csv"\nimporter = "nix"'), TRACK),
    (in_plan("records.csv", "records.xls"), TRACK),
    *[
        ({"日报.xlsx": content, **in_plan("records.csv", "日报.xlsx")}, TRACK)
        for content in (b"\xd0\xcf\x11\xe0", b"PK\x03\x04junk", b"x,y\n", b"")
    ],
    # Tables of targets.
    (target("华东,A,2023Q5,1"), CHECK),
    (target("华东,A,202310,1"), CHECK),
    (target("华东,A,23-10,1"), CHECK),
    (target("华东,A,10/11/2023,1"), CHECK),
    (target("华东,A,23/24财年,1"), CHECK),
    (target("华东,A,FY2023Q4,1"), CHECK),
    (target("华东,A,2023-W41,1"), CHECK),
    (target("华东,A,2023-10w9,1"), CHECK),
    (target("华东,A,9998-10,1"), CHECK),
    (target("华东,A,2023-02-30,1"), CHECK),
    (target("华东,A,2023Q4,-1"), CHECK),
    (target("华东,A,2024Q1,1"), CHECK),
    (target("华东,A,2023-10-01,1"), CHECK),
    (target("华东,A,2023Q4,1\n华东,A,2023Q4,2"), CHECK),
    (target("华东,A,2023-10,1\n华东,A,2023-10w5,2\n华东,A,2023-10-25..2023-11-05,3"), CHECK),
    (target(",A1,2023Q4,1"), CHECK),
    (
        {"targets.csv": "区域,产品,开始日期,结束日期,目标\n华东,A,2023-10-02,2023-10-01,1\n"},
        CHECK,
    ),
    (
        {
            "targets.csv": "区域,产品,开始日期,结束日期,目标\n"
            "华东,A,2023-10-01,2023-10-31,1\n华东,A,2023-10-15,2023-11-15,1\n"
        },
        CHECK,
    ),
    (target("华东,A,2023Q4,1,2", head="区域,产品,期间,目标"), CHECK),
    (target("华东,A,2023Q4,90,80,70", head="区域,产品,期间,目标,保底,挑战"), CHECK),
    (
        target(
            "华东,,2023Q4,100,,\n华东,A,2023Q4,80,张三,2024-05-01\n华东,B,2023Q4,,,\n,,2023Q4,150,,",
            head=OWNER_HEAD,
        ),
        CHECK,
    ),
    (target("华东,A,2023Q4,100\n华东,A,2023-10,60\n华东,A,2023-11,60"), CHECK),
    (
        target("华东,A,2023Q4,100,90\n华东,,2023Q4,100,95", head="区域,产品,期间,目标,承诺"),
        CHECK,
    ),
    ({"targets.csv": "区域,产品,期间,目标\n"}, CHECK),
    (
        under_plan(
            '[[breakdowns]]\nby = ["product"]\n',
            **target("华东,A,2023Q4,100\n,A,2023Q4,90\n,B,2023Q4,7"),
        ),
        CHECK,
    ),
    # The plan file.
    (in_plan("[plan]", "[plan"), CHECK),
    (in_plan('name = "团队"', "name = 团队"), CHECK),
    (in_plan('name = "团队"', '团队 = "x"'), CHECK),
    (in_plan('name = "团队"', 'name = "团队'), CHECK),
    (in_plan('name = "团队"', 'name = "团队"\nname = "x"'), CHECK),
    (in_plan('members = ["华东", "华南"]', 'members = ["华东", "华南"'), CHECK),
    ({"plan.toml": PLAN.encode("gb18030")}, CHECK),
    (in_plan("decimals", "decimal"), CHECK),
    (in_plan('name = "团队"\n', ""), CHECK),
    (in_plan('period = "2023Q4"', 'period = "2023Q5"'), CHECK),
    (in_plan('period = "2023Q4"', 'period = "2023Q4"\nzone = "Mond"'), CHECK),
    (in_plan('period = "2023Q4"', 'period = "2023Q4"\nlevels = ["moon"]'), CHECK),
    (in_plan('period = "2023Q4"', 'period = "2023Q4"\nlevels = "week"'), CHECK),
    (
        in_plan('period = "2023Q4"', "period = { since = 2023-10-02, until = 2023-10-01 }"),
        CHECK,
    ),
    (in_plan('period = "2023Q4"', "period = 2023"), CHECK),
    (in_plan("decimals = 2", "decimals = 20"), CHECK),
    (in_plan("decimals = 2", 'decimals = "zwei"'), CHECK),
    (in_plan("decimals = 2", 'decimals = 2\naggregation = "ratio"'), CHECK),
    (in_plan("decimals = 2", 'decimals = 2\nnumerator = "x"'), CHECK),
    (
        in_plan(
            "decimals = 2",
            'decimals = 2\naggregation = "ratio"\nnumerator = "x"\ndenominator = "y"',
        ),
        CHECK,
    ),
    (in_plan("[dimensions.region]", "[dimensions.sales]"), CHECK),
    (in_plan('"A", {', '"A", "A", {'), CHECK),
    (in_plan('"A", {', '{ name = "A", parent = "A1" }, {'), CHECK),
    (in_plan('by = ["region", "product"]', 'by = ["regio", "product"]'), CHECK),
    (in_plan('by = ["region", "product"]', 'by = ["region", "region"]'), CHECK),
    (
        in_plan(
            'by = ["region", "product"]',
            'by = ["product", "region"]',
            **target("华东,A,2023Q4,100\n,A1,2023Q4,100"),
        ),
        CHECK,
    ),
    (in_plan('path = "targets.csv"', 'path = "targets.csv"\nunit = "斤"'), CHECK),
    (
        in_plan('path = "records.csv"', 'path = "records.csv"\nignore = [{ column = "区域" }]'),
        CHECK,
    ),
    (
        in_plan('path = "records.csv"', 'path = "records.csv"\nlayout = { header_row = 0 }'),
        CHECK,
    ),
    (
        in_plan(
            'path = "records.csv"',
            'path = "records.csv"\ncoverage = { since = 2023-10-02, until = 2023-10-01 }',
        ),
        CHECK,
    ),
    (
        in_plan('path = "records.csv"', 'path = "records.csv"\nvalues = { sales = 1.234 }'),
        CHECK,
    ),
    (
        in_plan('path = "records.csv"', 'path = "records.csv"\nmembers = { region = "月球" }'),
        CHECK,
    ),
    (in_plan('path = "records.csv"', 'path = "records.csv"\ncolumns = { salez = "x" }'), CHECK),
    # Calendars and workdays.
    *[
        (in_plan('period = "2023Q4"', f'period = "2023Q4"\ncalendar = {{ {calendar} }}'), CHECK)
        for calendar in (
            "start_month = 13",
            "start_month = 4",
            "start_day = 31",
            'kind = "iso", anchor = "last"',
            'kind = "week", anchor = "last", weekday = "sat", end_month = 1',
            'kind = "week", anchor = "last", weekday = "sat", end_month = 12, year_offset = 7',
            'kind = "week"',
        )
    ],
    *[
        (
            in_plan(
                'period = "2023Q4"',
                'period = "P1"\ncalendar = { kind = "explicit", path = "c.csv" }',
                **{"c.csv": "level,label,since,until\n" + rows},
            ),
            CHECK,
        )
        for rows in (
            "",
            "moon,P1,2023-01-01,2023-01-31\n",
            "month,P1,2023-01-31,2023-01-01\n",
            "month,P1,2023-01-01,2023-01-31\nmonth,P2,2023-02-02,2023-02-28\n",
            "month,P1,2023-01-01,2023-01-31\nmonth,P1,2023-02-01,2023-02-28\n",
            "quarter,Q1,2023-01-01,2023-02-27\nmonth,P1,2023-01-01,2023-01-31\nmonth,P2,2023-02-01,2023-02-28\n",
        )
    ],
    *[
        (
            in_plan(
                'period = "2023Q4"',
                f'period = "2023Q4"\nworkdays = {{ {table} }}',
                **{"w.csv": "date,is_workday\n" + rows},
            ),
            CHECK,
        )
        for table, rows in (
            ('kind = "table", path = "w.csv"', "2023-10-01,1\n"),
            ('kind = "table", path = "w.csv", provisional = true', "2023-10-01,1\n"),
            (
                'kind = "table", path = "w.csv"',
                "2023-10-01,maybe\n2023-10-02,1\n2023-10-02,0\n",
            ),
            ('kind = "table", path = "w.csv"', ""),
            ('kind = "table"', ""),
            ('country = "DE"', ""),
            ('kind = "country", country = "Mond"', ""),
            ("days = []", ""),
        )
    ],
    # Totals that are shared out.
    *[
        (cascade(step), CHECK)
        for step in (
            'by = "region"\namounts = { "华东" = 2000 }',
            'by = "region"\namounts = { "华东" = 1, "华南" = 2 }',
            'by = "region"\nfloors = { "华东" = 2000 }',
            'by = "region"\ncaps = { "华东" = 1, "华南" = 1 }',
            'by = "region"\ncaps = { "华东" = 1, "华南" = 999 }\nstep = "7"',
            'by = "region"\nweights = { "华东" = 0, "华南" = 0 }',
            'by = "region"\nweights = { "月球" = 1 }',
            'by = "mond"',
            'by = "region"\ninto = "month"',
            'into = "month"\nbasis = "workdays"',
            'into = "month"\nprofile = "淡季"',
            'into = "tide"',
            'by = "region"\nbasis = "days"',
        )
    ],
    (cascade('into = "month"\nprofile = "季"', more=""), CHECK),
    (
        under_plan(
            '[profiles."季"]\npercents = [50, 40]\n[[cascades]]\nperiod = "2023Q4"\ntotal = 9\n[[cascades.steps]]\ninto = "month"\nprofile = "季"\n'
        ),
        CHECK,
    ),
    (
        under_plan(
            '[profiles."季"]\nweights = [1, 2]\n[[cascades]]\nperiod = "2023Q4"\ntotal = 9\n[[cascades.steps]]\ninto = "month"\nprofile = "季"\n',
            **{"targets.csv": "区域,产品,期间,目标\n"},
        ),
        CHECK,
    ),
    (
        under_plan(
            '[[cascades]]\nperiod = "2023Q4"\n[[cascades.steps]]\nby = "region"\n',
            **{"targets.csv": "区域,产品,期间,目标\n"},
        ),
        CHECK,
    ),
    # People.
    *[
        (
            {
                "plan.toml": MOVING,
                "reps.csv": "名称,上级,开始日期,结束日期,重叠归属\n" + rows,
                **more,
            },
            CHECK if not more else TRACK,
        )
        for rows, more in (
            (
                "甲,,,\n乙,甲,2023-10-01,2023-11-30,\n乙,,2023-11-01,,\n".replace(
                    "甲,,,\n", "甲,,,,\n"
                ),
                {},
            ),
            ("甲,,,,\n乙,甲,2023-11-01,2023-10-01,\n", {}),
            ("甲,,,,\n乙,甲,2023-10-01,2023-10-31,1\n乙,甲,2023-11-01,,\n", {}),
        )
    ],
    # Reviews, scores, causes.
    *[
        (
            under_plan(
                '[[reviews]]\npath = "reviews.csv"\n',
                **{
                    "reviews.csv": "区域,产品,期间,原因代码,金额,措施,措施编号,措施状态\n" + row
                },
            ),
            CHECK,
        )
        for row in (
            "华东,A,2023Q4,XX,5,,,\n",
            "华东,A,2023Q4,,,,9,\n",
            "华东,A,2024Q4,,,打电话,,\n",
            "月球,A,2023Q4,,,打电话,,\n",
            "华东,A,2023Q9,,,打电话,,\n",
            "华东,A,2023Q4,,,打电话,,飞行\n",
            "华东,A,2023Q4,,5,,,\n",
            "华东,A,2023Q4,,,打电话,1,\n华东,A,2023Q4,,,发邮件,1,\n",
        )
    ],
    (under_plan("[score]\nweights = { sales = 60, mond = 40 }\n"), CHECK),
    (under_plan("[score]\nweights = { sales = 60 }\n"), CHECK),
    # The ledger.
    ({"plan.toml": LEDGER}, TRACK),
    ({"plan.toml": LEDGER}, ("missing",)),
    ({"plan.toml": LEDGER}, ("ledger", "--undo", "9", "--by", "a", "--reason", "b")),
    (
        {
            "plan.toml": LEDGER,
            "plan.ledger.db": "no database at all, but long enough to look at" * 9,
        },
        ("import",),
    ),
    (
        {
            "plan.toml": LEDGER
            + '[[expected]]\ndimension = "mond"\nsource = "x"\ncadence = "FREQ=DAILY"\nsince = 2023-10-01\ncalendar = true\ncovers = "week"\n'
        },
        ("missing",),
    ),
    (
        {
            "plan.toml": LEDGER
            + '[[expected]]\ndimension = "region"\nsource = "x"\ncadence = "täglich"\nsince = 2023-10-01\n'
        },
        ("missing",),
    ),
    ({"plan.toml": LEDGER.replace("[ledger]", '[ledger]\nurl = "mysql://a@b/c"')}, ("import",)),
    (
        {
            "plan.toml": LEDGER.replace(
                "[ledger]", '[ledger]\nurl = "postgresql://a:geheim@b/c"'
            )
        },
        ("import",),
    ),
    (
        {
            "plan.toml": LEDGER.replace(
                "[ledger]",
                '[ledger]\nurl = "postgresql://a@127.0.0.1:1/c"\npassword = { env = "NOT_SET_AT_ALL" }',
            )
        },
        ("import",),
    ),
    (
        {
            "plan.toml": KEYED,
            "records.csv": "订单号,"
            + RECORDS.replace("\n2", "\n1,2", 1).replace("\n2023-11", "\n1,2023-11"),
        },
        ("import",),
    ),
    (record("昨天,华南,B,1", **{"plan.toml": LEDGER}), ("import",)),
    (record("昨天,华南,B,1", **{"plan.toml": LEDGER}), ("import", "--partial")),
    # Revisions.
    ({"plan.history.jsonl": "x\n"}, CHECK),
    ({"plan.history.jsonl": '{"act": "dance"}\n'}, CHECK),
    ({"plan.history.jsonl": "torn"}, CHECK),
    ({}, ("close", "2024Q4", "--by", "a", "--reason", "b")),
    ({}, ("reopen", "2023-10", "--by", "a", "--reason", "b")),
    ({}, ("decide", "7", "--approve", "--by", "a", "--reason", "b")),
    ({}, ("split", "--by", "mond")),
    ({}, ("explain", "--goal", "月球")),
    ({}, ("backtest", "--metric", "mond")),
    # Workbooks.
    (book(hidden), TRACK),
    (book(another_sheet), TRACK),
    (book(formula), TRACK),
    (book(merged), TRACK),
    *[
        (
            {
                **book(hidden_sheet),
                **in_plan("records.csv", f'日报.xlsx"\noptions = {{ sheet = "{name}" }} #'),
            },
            TRACK,
        )
        for name in ("十一月", "十二月")
    ],
    (
        {
            **book(),
            "日报.xlsx": packed(parts('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"/>')),
        },
        TRACK,
    ),
    ({**book(), "日报.xlsx": packed(parts('<row r="1"><c r="A1"><v>1</w></c></row>'))}, TRACK),
    (
        {**book(), "日报.xlsx": packed({**parts(""), "xl/workbook.xml": "<!DOCTYPE a><a/>"})},
        TRACK,
    ),
    (
        {
            **book(),
            "日报.xlsx": packed(
                parts(
                    '<row r="1"><c r="A1" t="inlineStr"><is><t>日期</t></is></c><c r="B1" t="inlineStr"><is><t>销售额</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>2023-10-06</t></is></c><c r="B2" t="s"><v>7</v></c></row>'
                )
            ),
        },
        TRACK,
    ),
    (
        {**book(), "日报.xlsx": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")},
        TRACK,
    ),
    # What check finds.
    (target("华东,,2023Q4,100\n华东,A,2023Q4,90\n华南,,2023Q4,9"), CHECK),
    (target("华东,A,2023Q4,90,张三,2024-05-01\n华南,B,2023Q4,9,,", head=OWNER_HEAD), CHECK),
    (target("华东,A,利润,2023Q4,90", head="区域,产品,指标,期间,目标"), CHECK),
    # Shares, moves.
    *[
        (
            in_plan(
                'path = "records.csv"',
                'path = "records.csv"\nsplit = ["region"]',
                **record(f"2023-12-01,{who},B,1"),
            ),
            TRACK,
        )
        for who in ("华东:60%;华南:50%", "华东:50%;华东:50%")
    ],
    (
        {
            "plan.toml": MOVING,
            "reps.csv": "名称,上级,开始日期,结束日期\n甲,,,\n乙,,,\n丙,甲,2023-10-01,2023-10-31\n丙,乙,2023-11-01,2023-11-30\n",
            "records.csv": "日期,区域,产品,业务员,销售额\n2023-12-06,华东,A,丙,1\n",
        },
        TRACK,
    ),
    (
        {
            "plan.toml": MOVING,
            "reps.csv": "名称,上级,开始日期,结束日期\n甲,,,\n乙,,,\n丙,甲,2023-10-01,2023-10-31\n丙,乙,2023-11-01,2023-12-31\n",
            "records.csv": "期间,区域,产品,业务员,销售额\n2023Q4,华东,A,丙,1\n",
        },
        TRACK,
    ),
    # Causes that explain too much, names that are not confirmed.
    (
        under_plan(
            '[[reviews]]\npath = "reviews.csv"\n',
            **{"reviews.csv": "区域,产品,期间,原因代码,金额\n华东,A,2023Q4,competition,900\n"},
        ),
        ("report", "--as-of", "2023-12-31", "-o", "{desk}/out.csv", "--format", "csv"),
    ),
    (
        in_plan(
            'name = "区域"',
            'name = "区域"\naliases = "names.csv"',
            **{"names.csv": "维度,名称,次数,首次出现,建议,确认\n区域,华冬,1,x,华东,月球\n"},
        ),
        CHECK,
    ),
    # What is no plan file, and a table that says of no period.
    ({"plan.toml": PLAN.encode("gb18030")}, CHECK),
    ({"plan.toml": PLAN.replace('"2023Q4"', "“2023Q4”")}, CHECK),
    ({"targets.csv": TARGETS.replace("期间", "何时")}, CHECK),
    ({"plan.toml": PLAN.replace("records.csv", "records.xls"), "records.xls": "x"}, TRACK),
    # The ledger: two documents, a plan that has changed.
    (
        {
            "plan.toml": LEDGER.replace("records.csv", "*.日报.csv"),
            "1.日报.csv": RECORDS,
            "2.日报.csv": RECORDS + "2023-10-07,华东,A,5\n",
        },
        ("import",),
        TRACK,
    ),
    (
        {
            "plan.toml": KEYED.replace("records.csv", "*.日报.csv"),
            "1.日报.csv": "订单号," + RECORDS.replace("\n2", "\n7,2"),
            "2.日报.csv": "订单号,日期,区域,产品,销售额\n7,2023-10-06,华东,A,5\n",
        },
        ("import",),
        TRACK,
    ),
    (record("昨天,华南,B,1", **{"plan.toml": LEDGER}), ("import", "--partial"), TRACK),
    # Revisions.
    (sealed({**LOCK, "number": 7}), CHECK),
    (
        {
            "plan.history.jsonl": sealed(LOCK)["plan.history.jsonl"]
            .replace("月", "日")
            .replace('"b"', '"c"')
        },
        CHECK,
    ),
    (
        MONTHS,
        ("close", "2023-10", *BY[:-1]),
        (*RAISE[:3], "--period", "2023-10", "--to", "50", *BY),
    ),
    (MONTHS, (*RAISE, "--to", "9", "--rule", "from-now", *BY)),
    (MONTHS, (*RAISE[:3], "--period", "2023-10", "--to", "900", "--rule", "keep-total", *BY)),
    ({}, (*RAISE, "--to", "2000", "--rule", "keep-total", "--over", "periods", *BY)),
    (MONTHS, (*RAISE[:3], "--period", "2023-10w4", "--to", "9", *BY)),
    (MONTHS, (*RAISE[:3], "--period", "2023-10-20..2023-11-05", "--to", "9", *BY)),
]


def lay_out_fault(folder, files):
    """Writes a desk with the files of a fault in place of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {"plan.toml": PLAN, "targets.csv": TARGETS, "records.csv": RECORDS}
    for name, content in {**own, **files}.items():
        if content is not None:
            whole = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(whole)
    return folder
