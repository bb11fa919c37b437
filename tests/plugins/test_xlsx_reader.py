from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
from tests.laws.packages import parts

from salesgoal.errors import UsageError
from salesgoal.plugins.xlsx.limits import WorkbookLimits
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.importer import FileHead, ReadRequest, Unreadable

from .xlsx_files import SPEC, TOP, read, refusal, rows_of

HEADER = ["日期", "金额"]


@pytest.fixture
def workbook(tmp_path):
    """Lets openpyxl write a workbook: sheet -> rows."""

    def written(sheets, name="日报.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return written


# What another program wrote.


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        ("文本", "文本"),
        (" ", " "),
        ("00123", "00123"),
        (7, 7),
        (Decimal("731.94"), Decimal("731.94")),
        (731.9399999999999, Decimal("731.94")),
        (True, True),
        (date(2023, 10, 6), date(2023, 10, 6)),
        (datetime(2023, 10, 6, 14, 30), date(2023, 10, 6)),  # noqa: DTZ001
        (time(9, 30), "09:30:00"),
        (timedelta(hours=1), "01:00:00"),
        ("#DIV/0!", Unreadable("#DIV/0!", "excel-error")),
        ("=1+1", Unreadable("=1+1", "formula-not-calculated")),
        (None, None),
    ],
)
def test_a_cell_comes_exact_and_without_floats(workbook, cell, raw):
    (page,) = read(workbook({"一": [HEADER, [cell, 1]]}))
    found = page.rows[0].values[0]
    assert (found, type(found)) == (raw, type(raw))


def test_rows_have_the_numbers_of_the_spreadsheet(workbook):
    path = workbook({"一": [["标题"], [], HEADER, ["x", 1], [], ["y", 2], ["z", 3]]})
    pages = read(path, header_row=3, page_size=2)
    assert [len(page.rows) for page in pages] == [2, 1]
    assert [row[:2] for row in rows_of(pages)] == [(4, "x"), (6, "y"), (7, "z")]
    places = {(row.where.source, row.where.sheet) for page in pages for row in page.rows}
    assert places == {("日报.xlsx", "一")}


def test_short_rows_are_filled_and_headers_trimmed(workbook):
    (page,) = read(workbook({"一": [["a ", None, date(2023, 10, 1), None], ["x"]]}))
    assert page.columns == ("a", "#2", "2023-10-01")
    assert page.rows[0].values == ("x", None, None)


def test_what_stands_right_of_the_header_is_kept(workbook):
    (page,) = read(workbook({"一": [["a", "#", None], [1, 2, None], [1, None, 3]]}))
    assert page.columns == ("a", "#")
    assert [row.values for row in page.rows] == [(1, 2), (1, None, 3)]


def test_a_grid_is_every_row_as_it_stands(workbook):
    path = workbook({"一": [["标题"], [], HEADER, ["x", 1, None], [None, None, 2]]})
    request = ReadRequest(source=path, page_size=2, grid=True)
    pages = list(SPEC.read(request))
    assert {page.columns for page in pages} == {()}
    assert rows_of(pages) == [(1, "标题"), (3, *HEADER), (4, "x", 1), (5, None, None, 2)]


def test_the_first_sheet_is_read_unless_one_is_named(workbook):
    path = workbook({"一": [["a"], ["1"]], "二": [["b"], ["2"]]})
    (page,) = read(path)
    assert page.columns == ("a",)
    assert [(each.code, each.facts["others"]) for each in page.warnings] == [
        ("sheet-assumed", "二")
    ]
    (page,) = read(path, sheet="二")
    assert (page.columns, page.warnings) == (("b",), ())
    problem = refusal(path, sheet="三")
    assert (problem.code, problem.facts["found"]) == ("missing-sheet", "一, 二")


@pytest.mark.parametrize(
    ("rows", "options"),
    [([], {}), ([[None, None]], {}), ([HEADER], {"header_row": 9}), ([[], HEADER], {})],
)
def test_a_sheet_without_a_header_is_refused(workbook, rows, options):
    assert refusal(workbook({"一": rows}), **options).code == "no-rows"


def test_header_rows_are_counted_from_one():
    with pytest.raises(UsageError, match="from 1 up"):
        XlsxOptions(header_row=0)
    with pytest.raises(UsageError, match="from 1 up"):
        WorkbookLimits(rows=0)


@pytest.mark.parametrize(
    ("name", "claimed"), [("a.XLSX", True), ("a.xlsm", True), ("a.xls", 0)]
)
def test_files_are_claimed_by_their_suffix(name, claimed):
    assert SPEC.matches(FileHead(name, b"")) == claimed


# Numbers.


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.56", Decimal("1234.56")),
        ("1234.5599999999999", Decimal("1234.56")),
        ("731.93999999999994", Decimal("731.94")),
        ("0.30000000000000004", Decimal("0.3")),
        ("1.005", Decimal("1.005")),
        ("123456789012.345", Decimal("123456789012.345")),
        ("11111111111111111.55", Decimal("11111111111111111.55")),
        ("20231006123456789", 20231006123456789),
        ("1e5", Decimal("1e5")),
        ("1e999", Decimal("1e999")),
        ("+5", 5),
        ("-0", 0),
        (".5", Decimal("0.5")),
    ],
)
def test_numbers_are_exact_but_for_the_dust_of_binary_fractions(cell, text, number):
    found = cell(f"<v>{text}</v>")
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    "text",
    ["NaN", "INF", "1_000", "１２３", "٣٤", "0x10", "1,234", " 12 ", "1e1000000", "9" * 513],
)
def test_what_is_no_number_is_not_taken_for_one(cell, text):
    assert cell(f"<v>{text}</v>") == Unreadable(text, "not-a-number")


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (10, "0.85", "85%"),
        (9, "1.2", "120%"),
        ("0.00%", "0.12345", "12.345%"),
        (10, "-0.5", "-50%"),
        (10, "0", "0%"),
        (4, "0.85", Decimal("0.85")),
        ('0.0"%"', "0.85", Decimal("0.85")),
    ],
)
def test_a_percentage_is_told_apart_from_a_number(cell, form, text, value):
    assert cell(f"<v>{text}</v>", 's="0"', formats=[form]) == value


# Days.


@pytest.mark.parametrize(
    "form",
    [
        *(*range(14, 18), 22, *range(27, 37), *range(50, 59)),
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]yyyy年m月",
        "m/d",
        "mmm",
        "[DBNum1]d h:mm",
        "yyyy-mm-dd;@",
    ],
)
def test_a_number_with_the_format_of_a_day_is_a_day(cell, form):
    assert cell("<v>45000.999999999</v>", 's="0"', formats=[form]) == date(2023, 3, 15)


@pytest.mark.parametrize(
    "form",
    [0, 1, 4, 11, 37, 44, 49, "General", '0"d"', "[Red]0.00", "0.00E+00", "#,##0_y", "\\d0"],
)
def test_other_formats_make_no_days(cell, form):
    assert cell("<v>45000.25</v>", 's="0"', formats=[form]) == Decimal("45000.25")


@pytest.mark.parametrize(
    ("serial", "is_1904", "day"),
    [
        ("1", False, date(1900, 1, 1)),
        ("59", False, date(1900, 2, 28)),
        ("61", False, date(1900, 3, 1)),
        ("2958465.5", False, date(9999, 12, 31)),
        ("44999.99999999999999", False, date(2023, 3, 15)),
        ("0", True, date(1904, 1, 1)),
        ("45000", True, date(2027, 3, 16)),
        ("2957003", True, date(9999, 12, 31)),
    ],
)
def test_days_are_counted_from_1900_or_1904(cell, serial, is_1904, day):
    assert cell(f"<v>{serial}</v>", 's="0"', formats=[14], is_1904=is_1904) == day


def test_pages_say_where_bare_numbers_of_days_count_from(file):
    for is_1904 in (True, False):
        (page,) = read(file('<row r="2"><c r="A2"><v>7</v></c></row>', is_1904=is_1904))
        assert page.from_1904 is is_1904


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('0"万元"', "-12.5万元"),
        ("0.0万", "-12.5万"),
        ('General"亿"', "-12.5亿"),
        ('"约"0.0" 万元"_ ', "-12.5万元"),
        ('"¥"#,##0.0"万元";[Red]-0', "-12.5万元"),
    ],
)
def test_a_unit_that_people_see_beside_a_number_comes_with_it(cell, code, shown):
    assert cell("<v>-12.5</v>", 's="0"', formats=[code]) == shown


@pytest.mark.parametrize(
    "code",
    [
        *("General", "#,##0.00", "[$¥-804]#,##0", '_ "¥"* #,##0.00_ ', '0"元"', '0"个"'),
        *('0!.0,"万元"', '0.0,"万"', "#,##0,", '0.00,,"百万"', "[$-409]0.00", "[DBNum2]0"),
        *("[$$-409]#,##0.00", '_("$"* #,##0.00_)', "[$¥-411]0", '0.0" USD"'),
        *("[Red]-0", "0.00E+00", "# ?/?", '0"万元/月"', '"$"', '0;0"万元"', "0_)"),
    ],
)
def test_a_format_that_states_no_unit_of_the_number_leaves_it(cell, code):
    assert cell("<v>-12.5</v>", 's="0"', formats=[code]) == Decimal("-12.5")


@pytest.mark.parametrize(
    ("serial", "is_1904"),
    [
        *((each, False) for each in ("0", "60", "60.5", "-1", "2958466", "1e10")),
        *(("-1", True), ("2957004", True)),
    ],
)
def test_a_serial_number_of_no_day_is_refused(cell, serial, is_1904):
    found = cell(f"<v>{serial}</v>", 's="0"', formats=[14], is_1904=is_1904)
    assert (found.text, found.code) == (serial, "no-such-date")


@pytest.mark.parametrize(
    ("form", "serial", "text"),
    [
        (21, "0.395833333333333", "09:30:00"),
        ("[h]:mm", "1.5", "36:00:00"),
        ("mm:ss", "0", "00:00:00"),
        (34, "0.5", "12:00:00"),
        (14, "0.5", "12:00:00"),
        (21, "-0.5", Unreadable("-0.5", "not-a-number")),
    ],
)
def test_a_time_without_a_day_is_a_text(cell, form, serial, text):
    assert cell(f"<v>{serial}</v>", 's="0"', formats=[form]) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03-31T16:00:00", date(2026, 3, 31)),
        ("2026-03-31T16:00:00Z", "2026-03-31T16:00:00Z"),
        ("2026-03-31T16:00:00+08:00", "2026-03-31T16:00:00+08:00"),
        ("2026-02-30", Unreadable("2026-02-30", "no-such-date")),
        ("junk", Unreadable("junk", "no-such-date")),
    ],
)
def test_iso_days_are_days_and_moments_stay_text(cell, text, value):
    found = cell(f"<v>{text}</v>", 't="d"')
    assert found == value if not isinstance(value, Unreadable) else found.code == value.code


# Texts and other kinds.


@pytest.mark.parametrize(
    ("content", "attributes", "value"),
    [
        ("<v>1</v>", 't="s"', "二"),
        ("<is><t>a_x000D_b_x0041_</t></is>", 't="inlineStr"', "a\rbA"),
        ("<is><r><t>rich</t></r><r><t> text</t></r></is>", 't="inlineStr"', "rich text"),
        ("<is><t>東</t><rPh><t>ひがし</t></rPh></is>", 't="inlineStr"', "東"),
        ("<f>A1</f><v>x</v>", 't="str"', "x"),
        ("<f>1</f><v>6</v>", "", 6),
        ("<v>1</v>", 't="b"', True),
        ("<v>false</v>", 't="b"', False),
        ("<v></v>", "", None),
        ('<f>"x"</f><v></v>', 't="str"', None),
        ("<is><t/></is>", 't="inlineStr"', None),
    ],
)
def test_every_kind_of_cell_is_read(file, content, attributes, value):
    row = f'<row r="2"><c r="A2" {attributes}>{content}</c><c r="B2"><v>1</v></c></row>'
    assert rows_of(read(file(row, texts=["一", "二"])))[0][1] == value


def test_readings_aloud_of_shared_texts_are_left_out(file):
    found = parts(TOP + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>')
    strict = found["xl/sharedStrings.xml"].replace(
        "</sst>",
        "<si><r><t>東</t></r><r><t>京</t></r><rPh><t>とう</t></rPh><phoneticPr/></si></sst>",
    )
    assert rows_of(read(file({**found, "xl/sharedStrings.xml": strict}))) == [(2, "東京")]


@pytest.mark.parametrize(
    ("content", "attributes", "code"),
    [
        ("<v>99</v>", 't="s"', "corrupt-cell"),
        ("<v>-1</v>", 't="s"', "corrupt-cell"),
        ("<v>٣</v>", 't="s"', "corrupt-cell"),
        ("<v>2</v>", 't="b"', "corrupt-cell"),
        ("<v>5</v>", 't="zzz"', "corrupt-cell"),
        ("<v>45000</v>", 's="99"', "corrupt-cell"),
        ("<f>A1*2</f>", "", "formula-not-calculated"),
        ("<f>A1*2</f><v></v>", "", "formula-not-calculated"),
        ("<f>A1</f>", 't="str"', "formula-not-calculated"),
        ("<f>1/0</f><v>#DIV/0!</v>", 't="e"', "excel-error"),
        ("<v>#SPILL!</v>", 't="e"', "excel-error"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(cell, content, attributes, code):
    assert cell(content, attributes, texts=["x"]).code == code


def test_a_cell_that_stands_twice_is_not_chosen_from(file):
    twice = '<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>'
    ((_, found),) = rows_of(read(file(f'<row r="2">{twice}</row>')))
    assert (found.text, found.code) == ("1 / 2", "corrupt-cell")
    blank = '<c r="A2"/><c r="A2"><v>2</v></c>'
    assert rows_of(read(file(f'<row r="2">{blank}</row>'))) == [(2, 2)]
