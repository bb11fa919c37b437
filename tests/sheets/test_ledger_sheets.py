"""The ledger as sheets."""

from __future__ import annotations

from datetime import UTC, date, datetime

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, Outcome, Receipt, Undo
from salesgoal.domain.metric import Metric
from salesgoal.domain.problem import Place
from salesgoal.sheets.ledger_sheets import (
    amounts_sheet,
    changes_sheet,
    documents_sheet,
    imported_sheet,
    missing_sheet,
)
from salesgoal.sheets.sheet import Role, shown

NOW = datetime(2023, 10, 7, tzinfo=UTC)
METRICS = [Metric(id="sales", name="销售额", decimals=2), Metric(id="debt")]


def texts(sheet, lang="zh"):
    width = range(len(sheet.columns))
    return [[shown(sheet, line, at, lang) for at in width] for line in sheet.lines]


def test_documents_have_a_line_each_and_a_total():
    counts = {Outcome.ADDED: 2, Outcome.REJECTED: 1}
    one = ("orders", "a.csv", "recorded", counts, 4)
    sheet = imported_sheet([one, ("orders", "b.csv", "refused", {}, 0)])
    found = texts(sheet)
    assert found[0][:5] == ["orders", "a.csv", "已入账", "3", "2"]
    assert (found[2][0], found[2][3], found[2][-1]) == ("合计", "3", "4")
    assert sheet.lines[2].role is Role.TOTAL
    assert len(imported_sheet([one]).lines) == 1


def test_amounts_stand_by_outcome():
    sheet = amounts_sheet(METRICS, {"sales": {"read": 300, "added": 200, "rejected": 100}})
    assert texts(sheet) == [
        ["销售额", "3.00", "2.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "1.00"]
    ]


def test_an_undone_document_says_who_and_why():
    document = Document(source="orders", name="a.csv", digest="d", as_of=NOW)
    undo = Undo(document=1, by="李雷", reason="测试", recorded_at=NOW)
    held = Receipt(id=1, document=document, recorded_at=NOW, counts={Outcome.ADDED: 1})
    taken = Receipt(id=2, document=document, recorded_at=NOW, counts={}, undone=undo)
    found = texts(documents_sheet([held, taken], lambda each: each.date().isoformat()))
    assert found[0][:5] == ["1", "orders", "a.csv", "2023-10-07", "2023-10-07"]
    assert found[0][5:8] == [NOW.isoformat(), "1", "1"]
    assert found[0][-3:] == ["", "", ""]
    assert found[1][-3:] == ["2023-10-07", "李雷", "测试"]


def test_missing_reports_are_flagged():
    day = date(2023, 10, 6)
    sheet = missing_sheet(
        [
            ("orders", "区域", "华东", day, day, day, day, "missing", None),
            ("orders", "区域", "华南", day, day, day, day, "late", date(2023, 10, 9)),
        ]
    )
    assert [row[0] for row in texts(sheet)] == ["缺交 !", "迟交"]
    assert [row[-1] for row in texts(sheet)] == ["", "2023-10-09"]


def test_changes_show_before_and_after():
    def sale(amount, **values):
        return Entry(
            on=date(2023, 10, 6),
            members={"region": "华东"},
            values={"sales": amount, **values},
            where=Place("a.csv", row=2),
            key="SO-1",
        )

    gone = Entry(on=None, where=Place("a.csv", row=3), key="SO-1", deleted=True)
    sheet = changes_sheet(
        ["product", "region"],
        METRICS,
        [
            (Outcome.CORRECTED, sale(100), sale(200, debt="x")),
            (Outcome.RETIRED, sale(100), gone),
            (None, sale(100), None),
        ],
    )
    before = "2023-10-06，华东，销售额 1.00"
    where = "a.csv, 第2行"
    assert texts(sheet) == [
        ["更正", "SO-1", before, "2023-10-06，华东，销售额 2.00，debt x", where],
        ["删除", "SO-1", before, "-", "a.csv, 第3行"],
        ["撤回", "SO-1", before, "", where],
    ]
