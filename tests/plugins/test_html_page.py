"""The page without a browser: what stands in it, what cannot, how large it is."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from salesgoal.plugins.html.outline import LIST_LINES, OUTLINE_LINES, PLAIN_LINES
from salesgoal.plugins.html.packed import pack
from salesgoal.plugins.html.texts import PAGE_WORDS
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import Book, Cell, Column, Kind, Line, Sheet, Words, shown

from .page_books import (
    HOSTILE,
    SMALL,
    course,
    draw,
    hostile_book,
    score_sheet,
    tree_book,
    tree_lines,
)
from .page_reader import Reader

MOST_BYTES = 300_000


def texts_of(sheet, lang="zh", lines=None):
    columns = [at for at in sheet.shown if not sheet.columns[at].is_hidden]
    chosen = sheet.lines if lines is None else [sheet.lines[at] for at in lines]
    return [[shown(sheet, line, at, lang) for at in columns] for line in chosen]


def as_html_reads(rows):
    """Line ends as a parser hands them on."""
    return [[text.replace("\r\n", "\n").replace("\r", "\n") for text in row] for row in rows]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_stands_in_a_table_as_shown_says(lang):
    tables = Reader(draw(SMALL, lang)).tables
    sheets = SMALL.sheets[1:]
    for table, sheet in zip(tables, sheets, strict=True):
        assert table["caption"] == sheet.title.of(lang)
        header, *rows = table["rows"]
        assert header == list(sheet.header(lang))
        assert rows == texts_of(sheet, lang)


def test_headers_and_names_have_scopes():
    for table in Reader(draw(SMALL)).tables:
        header, *rows = table["scopes"]
        assert set(header) == {"col"}
        assert all(row[0] == "row" and set(row[1:]) <= {None} for row in rows)


def test_cards_lead_with_the_rate_and_name_every_other_figure():
    page = draw(SMALL)
    assert '<span class="caption">达成率</span> 82.38%<span class="sign"> ▼</span>' in page
    assert "<dt>应完成</dt><dd>3,100,000.00</dd>" in page
    assert "91.00%" in page


def test_cards_are_named_by_what_tells_them_apart():
    cards = SMALL.sheets[0]
    goal = Column(key="goal", title=Words("目标", "Goal"))
    lines = tuple(
        attrs.evolve(line, cells=(Cell("总目标"), *line.cells)) for line in cards.lines
    )
    sheet = attrs.evolve(cards, columns=(goal, *cards.columns), lines=lines)
    page = draw(Book(title=Words("书", "B"), sheets=(sheet,)))
    assert re.findall("<h3>([^<]*)", page) == ["销售额", "新客户数", "回款率"]
    assert page.count("<dt>目标</dt><dd>总目标</dd>") == 3


def test_bars_of_rates_are_not_drawn_beside_bullets_nor_charts_of_one_line():
    for given, drawn in ((course(ChartKind.BARS), 1), (SMALL.sheets[0], 0)):
        rates = Chart(
            id="rates",
            title=Words("率", "Rates"),
            kind=ChartKind.BARS,
            labels=given.columns[0].key,
            series=(given.columns[3].key,),
            lines=range(3),
        )
        sheet = attrs.evolve(given, charts=(*given.charts[-1:], rates))
        page = draw(Book(title=Words("书", "B"), sheets=(sheet,)))
        assert page.count(">率</figcaption>") == drawn
        alone = attrs.evolve(sheet, charts=(attrs.evolve(rates, lines=range(1)),))
        assert "figcaption id" not in draw(Book(title=Words("书", "B"), sheets=(alone,)))


def test_actual_target_and_expected_look_the_same_in_every_order():
    sheet = course()
    (chart,) = sheet.charts
    turned = attrs.evolve(chart, series=("target", "expected", "actual"))
    pages = [
        draw(Book(title=Words("书", "B"), sheets=(attrs.evolve(sheet, charts=(each,)),)))
        for each in (chart, turned)
    ]
    looks = [sorted(re.findall(r'<path class="c\d" d="[^"]*"', page)) for page in pages]
    assert looks[0] == looks[1]


def test_hidden_sheets_and_columns_stay_out():
    columns = (
        Column(key="a", title=Words("看得见", "Seen")),
        Column(key="b", title=Words("藏起来", "Unseen"), is_hidden=True),
        Column(key="c", title=None),
    )
    sheet = Sheet(
        id="s",
        title=Words("表", "Sheet"),
        columns=columns,
        lines=(Line((Cell("甲"), Cell("乙"), Cell("丙"))),),
    )
    away = attrs.evolve(sheet, id="t", title=Words("暗表", "Away"), is_hidden=True)
    page = draw(Book(title=Words("书", "Book"), sheets=(away, sheet)))
    assert Reader(page).tables[0]["rows"] == [["看得见"], ["甲"]]
    assert not [text for text in ("藏起来", "乙", "丙", "暗表") if text in page]


def test_an_empty_sheet_says_so():
    sheet = attrs.evolve(SMALL.sheet("measures"), lines=())
    assert "没有内容。" in draw(Book(title=Words("书", "B"), sheets=(sheet,)))


def test_sheets_of_one_title_get_names_of_their_own():
    note = Words("甲计划", "Plan A")
    sheets = [attrs.evolve(SMALL.sheet("measures"), id=str(at)) for at in range(2)]
    sheets.append(attrs.evolve(sheets[0], id="2", notes=(note,)))
    page = draw(Book(title=Words("书", "B"), sheets=tuple(sheets)))
    names = re.findall(r'<li><a href="#s\d">([^<]*)</a>', page)
    assert names == ["措施 · 截至 2026-11-30", "措施 · 截至 2026-11-30 2", "措施 · 甲计划"]


# ---- What cannot stand in it.


@pytest.mark.parametrize("lines", [20, 700])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_of_a_plan_never_become_markup(lines, lang):
    page = draw(hostile_book(lines), lang)
    reader = Reader(page)
    assert {tag for tag, _ in reader.elements} <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "script",
            "body",
            "a",
            "header",
            "h1",
            "h2",
        ),
        *("h3", "dl", "dt", "dd", "div", "p", "nav", "ul", "li", "main", "section", "figure"),
        *("figcaption", "svg", "desc", "path", "rect", "text", "table", "caption", "thead"),
        *("tbody", "tr", "th", "td", "span"),
    }
    for tag, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
        assert tag != "script" or attributes.get("type") in {
            None,
            "text/plain",
            "application/json",
        }
    assert len([each for each in reader.all("script") if "type" not in each]) == 1
    assert len(reader.all("style")) == 1


@pytest.mark.parametrize("lines", [20, 700])
def test_texts_of_a_plan_stay_what_they_are(lines):
    book = hostile_book(lines)
    reader = Reader(draw(book))
    expected = as_html_reads(texts_of(book.sheets[0]))
    found = reader.tables[0]["rows"][1:]
    assert found == expected[: len(found)]
    if lines > PLAIN_LINES // 3:
        packed = reader.packed()
        spaced = [[text.replace("\n", " ") for text in row] for row in texts_of(book.sheets[0])]
        assert packed["s1"] == packed["s2"] == packed["s3"] == spaced


def test_the_policy_lets_in_this_style_and_this_script_only():
    page = draw(hostile_book())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    policy = html.unescape(policy)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for name, pattern in (
        ("style-src", "<style>(.*?)</style>"),
        ("script-src", "<script>(.*?)</script>"),
    ):
        text = re.search(pattern, page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"


def test_nothing_is_loaded_from_anywhere():
    page = draw(SMALL)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)
    assert "@import" not in page
    assert "url(" not in page


# ---- How large it is, and what is said of lines that are not rows.


def test_500_goals_of_17_periods_stay_below_300_kilobytes():
    book = tree_book(500)
    assert len(book.sheets[0].lines) == 8_500
    page = draw(book)
    assert len(page.encode()) <= MOST_BYTES
    rows = Reader(page).tables[0]["rows"][1:]
    assert len(rows) == 500
    assert {row[3] for row in rows} == {"2026"}


def test_up_to_1500_lines_are_all_plain_rows():
    sheet = score_sheet(tree_lines(120)[:PLAIN_LINES])
    page = draw(Book(title=Words("书", "B"), sheets=(sheet,)))
    assert len(Reader(page).tables[0]["rows"]) == PLAIN_LINES + 1
    assert 'id="packed"' not in page


def test_a_longer_page_keeps_whole_levels_of_its_outline_and_says_what_is_missing():
    book = tree_book(700)
    page = draw(book)
    table = Reader(page).tables[0]
    depths = [int("".join(re.findall(r"d(\d+)", each)) or 0) for each in table["classes"][1:]]
    assert [depths.count(depth) for depth in range(4)] == [1, 8, 64, 512]
    assert len(depths) <= OUTLINE_LINES
    assert "此表共 11,900 行，这里列出 585 行。其余 11,315 行压缩保存在本页内" in page


def test_what_is_missing_is_said_in_english_too():
    page = draw(tree_book(100), "en")
    listed = len(Reader(page).tables[0]["rows"]) - 1
    assert listed == 100
    assert f"This table has 1,700 lines; {listed:,} are listed" in page


def test_a_long_list_keeps_its_first_lines():
    sheet = attrs.evolve(score_sheet(tree_lines(100)), is_outline=False)
    page = draw(Book(title=Words("书", "B"), sheets=(sheet,)))
    rows = Reader(page).tables[0]["rows"][1:]
    assert rows == texts_of(sheet, lines=range(LIST_LINES))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_packed_lines_say_what_shown_says(lang):
    sheet = score_sheet(tree_lines(150))
    gaps = attrs.evolve(sheet, id="gaps", is_outline=False, lines=sheet.lines[::3])
    book = Book(title=Words("书", "B"), sheets=(gaps, sheet))
    packed = Reader(draw(book, lang)).packed()
    assert packed["s2"] == texts_of(sheet, lang)
    assert packed["s1"] == texts_of(gaps, lang)


def test_figures_that_are_known_from_others_travel_as_such():
    sheet = score_sheet(tree_lines(150))
    as_texts = tuple(attrs.evolve(column, kind=Kind.TEXT) for column in sheet.columns)
    figures, texts = (
        len(pack([each], "zh")) for each in (sheet, attrs.evolve(sheet, columns=as_texts))
    )
    assert figures * 2 < texts


# ---- Drawings.


def test_a_bullet_reaches_as_far_as_the_actual_and_marks_target_and_expected():
    page = draw(SMALL)
    row = page[page.index(">总目标<") :]
    svg = row[: row.index("</svg>")]
    assert 'class="bar" d="M0 6h62"' in svg  # 82.38 % of 75
    assert 'class="mark" d="M75 0v12"' in svg
    assert 'class="due" d="M68 2v8"' in svg  # 90 % of 75


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", [ChartKind.CURVES, ChartKind.COLUMNS, ChartKind.BARS])
def test_charts_are_said_in_words_and_labelled_as_people_say_amounts(kind, lang):
    page = draw(Book(title=Words("书", "B"), sheets=(course(kind),)), lang)
    title = {"zh": "销售额累计", "en": "Sales so far"}[lang]
    assert f'<figcaption id="s1p1">{title}</figcaption>' in page
    assert {
        "zh": "累计实际 2026-11: 3,238,400.00",
        "en": "Actual so far 2026-11: 3,238,400.00",
    }[lang] in page
    texts = Reader(page).texts["text"]
    assert any(text.endswith({"zh": "万", "en": "M"}[lang]) for text in texts)


def test_a_curve_ends_where_its_figures_end():
    page = draw(Book(title=Words("书", "B"), sheets=(course(),)))
    paths = re.findall(r'<path class="c(\d)" d="([^"]*)"', page)
    stops = {series: d.count("L") + 1 for series, d in paths}
    assert stops == {"1": 11, "2": 12, "3": 12}


# ---- The same bytes.


@pytest.mark.slow
def test_the_same_book_gives_the_same_bytes_wherever_it_is_drawn():
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); import page_books as books\n"
        "for book in (books.SMALL, books.hostile_book(700)):\n"
        "    for lang in ('zh', 'en'):\n"
        "        page = books.draw(book, lang).encode()\n"
        "        print(hashlib.sha256(page).hexdigest())"
    )
    seen = set()
    for zone, locale, seed in (
        ("UTC", "C", "0"),
        ("Asia/Shanghai", "C.UTF-8", "7"),
        ("America/New_York", "POSIX", "random"),
    ):
        settings = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env=settings,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert len(seen.pop().split()) == 4


def test_the_script_asks_for_no_word_that_the_page_lacks():
    script = (Path(__file__).parents[2] / "src/salesgoal/plugins/html/page.js").read_text(
        encoding="utf-8"
    )
    template = script + (
        Path(__file__).parents[2] / "src/salesgoal/plugins/html/page.html.j2"
    ).read_text(encoding="utf-8")
    asked = set(re.findall(r"\bwords\.([a-z_]+)", template)) | {"up", "down"}
    assert asked == set(PAGE_WORDS)


def test_every_hostile_text_is_in_the_book_of_hostile_texts():
    page = Reader(draw(hostile_book()))
    seen = {cell for table in page.tables for row in table["rows"] for cell in row}
    assert {as_html_reads([[each]])[0][0] for each in HOSTILE} <= seen
