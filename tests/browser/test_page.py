"""The page in Chromium, opened from a file as people open it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import attrs
import pytest

from salesgoal.cli.main import run
from salesgoal.sheets.sheet import Book, Words

from ..plugins.page_books import (  # noqa: TID252 - tests import their own samples
    SMALL,
    draw,
    hostile_book,
    tree_book,
)
from ..plugins.test_html_page import as_html_reads, texts_of  # noqa: TID252

ROWS = "[...document.querySelectorAll('.outline tbody tr')]"
TEXTS = (
    "[...document.querySelectorAll('SELECTOR')]"
    ".map(row => [...row.cells].map(cell => cell.textContent))"
)
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    made = {}

    def page(name, make, lang="zh"):
        if (name, lang) not in made:
            made[name, lang] = folder / f"{name}-{lang}.html"
            made[name, lang].write_text(draw(make(), lang), encoding="utf-8", newline="")
        return made[name, lang]

    return page


@pytest.fixture
def small(pages):
    return pages("small", lambda: SMALL)


@pytest.fixture
def large(pages):
    return pages("large", lambda: tree_book(500))


@pytest.fixture
def hostile(pages):
    return pages("hostile", hostile_book)


@pytest.fixture
def hostile_and_long(pages):
    return pages("hostile_and_long", lambda: hostile_book(700))


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """What the command writes of a plan of the demo."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    plan = Path(__file__).parents[2] / "examples" / "seed" / "team_quarter"
    given = ("report", plan, "--as-of", "2023-12-31", "--format", "html", "-o", path)
    assert run([str(each) for each in given]) == 0
    return path


EVERY = ("small", "large", "hostile", "hostile_and_long", "report")


@pytest.mark.parametrize("name", EVERY)
def test_it_asks_for_nothing_and_says_nothing_in_the_console(chromium, request, name):
    chromium.open(request.getfixturevalue(name))
    assert chromium("heard") == []


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [360, 1400])
def test_it_never_scrolls_sideways(chromium, request, name, width):
    chromium.open(request.getfixturevalue(name), width=width, height=740)
    assert chromium.run(OVERFLOW) == 0
    chromium.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    click(chromium, "全部展开")
    assert chromium.run(OVERFLOW) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing_in_the_small_page(chromium, small, theme, width):
    chromium.open(small, theme=theme, width=width)
    chromium.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert chromium("axe") == []
    click(chromium, "全部收起")
    assert chromium("axe") == []


@pytest.mark.parametrize(
    ("name", "theme", "width"),
    [
        ("large", "light", 1400),
        ("large", "dark", 360),
        ("hostile", "light", 360),
        ("report", "light", 1400),
        ("report", "dark", 360),
    ],
)
def test_axe_finds_nothing_in_pages_that_are_large_or_odd(
    chromium, request, name, theme, width
):
    chromium.open(request.getfixturevalue(name), theme=theme, width=width)
    assert chromium("axe") == []
    click(chromium, "全部展开")
    assert chromium("axe") == []


def click(chromium, text):
    chromium.run(
        "[...document.querySelectorAll('button')].filter(each => "
        f"each.textContent === {text!r}).forEach(each => each.click())"
    )


# ---- The tree.


def test_a_small_tree_stands_open_and_folds_by_mouse(chromium, small):
    chromium.open(small)
    assert chromium.names() == ["总目标", "华东", "门店", "电商", "华南"]
    chromium("click", selector=".outline tr:nth-child(2) .fold")
    assert chromium.names() == ["总目标", "华东", "华南"]
    assert chromium.run(f"{ROWS}.map(row => row.querySelector('.fold')?.ariaExpanded)") == [
        *("true", "false", None),
    ]
    click(chromium, "全部收起")
    assert chromium.names() == ["总目标"]
    click(chromium, "展开一级")
    assert chromium.names() == ["总目标", "华东", "华南"]
    click(chromium, "展开一级")
    assert chromium.names() == ["总目标", "华东", "门店", "电商", "华南"]


def test_the_tree_folds_by_keyboard(chromium, small):
    chromium.open(small)
    chromium.run("document.querySelector('.outline .fold').focus()")
    at = "document.activeElement.textContent"
    for keys, name, names in (
        (["ArrowDown"], "华东", 5),
        (["ArrowLeft"], "华东", 3),
        (["ArrowRight"], "华东", 5),
        (["ArrowRight"], "门店", 5),
        (["ArrowDown", "ArrowDown"], "华南", 5),
        (["ArrowUp", "ArrowLeft"], "华东", 5),
        (["Enter"], "华东", 3),
        (["Home", "ArrowLeft"], "总目标", 1),
        (["Space", "End"], "华南", 3),
    ):
        chromium("press", keys=keys)
        assert (chromium.run(at), len(chromium.names())) == (name, names)


def test_every_control_is_reached_by_tab(chromium, small):
    chromium.open(small)
    wanted = set(
        chromium.run(
            "[...document.querySelectorAll('a[href], button, select, input, [tabindex=\"0\"]')]"
            ".filter(each => each.checkVisibility()).map((each, at) => (each.dataset.at = at))"
        )
    )
    seen = set()
    for _ in range(len(wanted) + 2):
        chromium("press", keys=["Tab"])
        at = chromium.run("document.activeElement.dataset.at ?? null")
        seen |= {int(at)} if at is not None else set()
    assert seen == wanted


def test_5000_goals_open_within_two_seconds_of_a_bare_page(chromium, pages):
    bare = pages("bare", lambda: Book(title=Words("空", "Bare"), sheets=()))
    page = pages("huge", lambda: tree_book(5_000))
    took = {path: [] for path in (bare, page)}
    for _ in range(3):
        for path, times in took.items():
            chromium.open(path)
            ready = chromium.run("performance.getEntriesByName('ready')[0].startTime")
            acted = chromium.run(
                "(async () => { const start = performance.now();"
                "document.querySelectorAll('.fold')[1]?.click();"
                "await new Promise(requestAnimationFrame);"
                "return performance.now() - start; })()"
            )
            times.append(ready + acted)
    assert min(took[page]) - min(took[bare]) < 2_000, took


def test_folding_sorting_and_choosing_stay_quick_with_5000_goals(chromium, pages):
    chromium.open(pages("huge", lambda: tree_book(5_000)))
    for act in (
        "document.querySelectorAll('.fold')[1].click()",
        "[...document.querySelectorAll('.controls button')].at(-2).click()",
        "document.querySelectorAll('.outline .sort')[4].click()",
        "choose('状态', '未达成')",
        "choose('期间', '')",
    ):
        took = chromium.run(
            "(() => { const choose = (name, value) => { const select = "
            "[...document.querySelectorAll('label')].find(l => l.firstChild.data === name)"
            ".querySelector('select'); select.value = value; "
            "select.dispatchEvent(new Event('change')); };"
            f"const start = performance.now(); {act}; document.body.offsetHeight;"
            "return performance.now() - start; })()"
        )
        assert took < 2_000, act


# ---- Choosing.


def choose(chromium, name, value):
    chromium(
        "choose",
        selector=f".controls label:not(.sorting):has-text('{name}') select",
        label=value,
    )


def scorecard(chromium):
    return chromium.run(TEXTS.replace("SELECTOR", ".outline tbody tr"))


def test_it_shows_one_period_first_and_any_other_on_demand(chromium, small):
    chromium.open(small)
    assert {row[3] for row in scorecard(chromium)} == {"2026Q4"}
    choose(chromium, "期间", "2026-10")
    assert {row[3] for row in scorecard(chromium)} == {"2026-10"}
    choose(chromium, "期间", "全部")
    assert len(scorecard(chromium)) == 10
    assert chromium.texts(".count") == ["显示 10 行，共 10 行"]


def test_a_filter_keeps_the_way_to_what_fits(chromium, small):
    chromium.open(small)
    click(chromium, "全部收起")
    choose(chromium, "责任人", "王五")
    assert chromium.names() == ["总目标", "华东", "电商"]
    assert chromium.run(f"{ROWS}.map(row => row.classList.contains('aside'))") == [
        *(True, True, False),
    ]
    assert chromium.texts(".count") == ["期间 2026Q4 · 责任人 王五 · 显示 3 行，共 10 行"]
    click(chromium, "清除筛选")
    assert chromium.names() == ["总目标"]


def test_status_and_text_choose_too(chromium, small):
    chromium.open(small)
    choose(chromium, "期间", "2026-10")
    choose(chromium, "状态", "达成")
    assert chromium.names() == ["总目标", "华东", "门店", "电商", "华南"]
    chromium("fill", selector="input[type=search]", text="南")
    assert chromium.names() == ["总目标", "华南"]
    choose(chromium, "状态", "未达成")
    assert chromium.texts(".outline tbody") == ["没有符合条件的行。"]


# ---- Sorting.


def test_sorting_puts_siblings_in_order_and_the_tree_stays(chromium, small):
    chromium.open(small)
    header = ".outline th:has-text('目标值') .sort"
    chromium("click", selector=header)
    assert chromium.names() == ["总目标", "华南", "华东", "电商", "门店"]
    chromium("click", selector=header)
    assert chromium.names() == ["总目标", "华东", "门店", "电商", "华南"]
    sorts = "[...document.querySelectorAll('.outline thead th')].map(each => each.ariaSort)"
    assert chromium.run(sorts).count("descending") == 1
    chromium("click", selector=header)
    assert chromium.run(sorts) == ["none"] * 10


def test_totals_stay_below_and_blanks_behind(chromium, small):
    chromium.open(small)
    column = (
        "[...document.querySelectorAll('#s4 tbody tr')].map(row => row.cells[0].textContent)"
    )
    chromium("click", selector="#s4 th:has-text('完成时限') .sort")
    assert chromium.run(column) == ["电商", "门店", "合计"]
    chromium("click", selector="#s4 th:has-text('完成时限') .sort")
    assert chromium.run(column) == ["门店", "电商", "合计"]
    blank = "[...document.querySelectorAll('#s2 tbody tr')].at(-1).cells[0].textContent"
    for _ in range(2):
        chromium("click", selector="#s2 th:has-text('累计实际') .sort")
        assert chromium.run(blank) == "2026-12"


def test_sorting_works_by_keyboard_and_is_announced(chromium, small):
    chromium.open(small)
    chromium.run("document.querySelector('.outline th:nth-child(5) .sort').focus()")
    chromium("press", keys=["Enter"])
    assert chromium.run("document.querySelector('.outline th:nth-child(5)').ariaSort") == (
        "ascending"
    )


# ---- Lines that travel packed.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_packed_lines_become_the_rows_that_shown_says(chromium, pages, lang):
    book = tree_book(100)
    chromium.open(pages("packed", lambda: book, lang), width=1400)
    assert chromium.run("document.querySelector('.left-out').checkVisibility()") is False
    click(chromium, {"zh": "全部展开", "en": "Open all"}[lang])
    choose(chromium, {"zh": "期间", "en": "Period"}[lang], {"zh": "全部", "en": "All"}[lang])
    while chromium.run(
        "document.querySelector('.further button')?.click() ?? 0, "
        "!!document.querySelector('.further')"
    ):
        pass
    assert scorecard(chromium) == texts_of(book.sheets[0], lang)


def test_packed_rows_have_the_bullets_of_plain_rows(chromium, pages):
    sheet = tree_book(30).sheets[0]
    many = attrs.evolve(sheet, lines=sheet.lines * 3)
    paths = (
        f"{ROWS}.slice(0, 30).map(row => [...row.querySelectorAll('path')]"
        ".map(path => path.getAttribute('d')))"
    )
    found = []
    for name, one in (("plain", sheet), ("packed_too", many)):
        book = Book(title=Words("书", "B"), sheets=(one,))
        chromium.open(pages(name, lambda book=book: book))
        assert chromium.run("!!document.getElementById('packed')") is (one is many)
        click(chromium, "全部展开")
        found.append(chromium.run(paths))
    assert found[0] == found[1]
    assert all(len(row) == 4 for row in found[0])


def test_more_lines_than_a_screen_come_by_a_button_that_keeps_the_place(chromium, large):
    chromium.open(large)
    click(chromium, "全部展开")
    assert len(scorecard(chromium)) == 301
    chromium("click", selector=".further button")
    assert len(scorecard(chromium)) == 500
    assert chromium.run("document.activeElement.closest('tr').rowIndex") == 301


def test_hostile_texts_are_shown_as_they_are(chromium, hostile_and_long):
    book = hostile_book(700)
    chromium.open(hostile_and_long)
    rows = chromium.run(TEXTS.replace("SELECTOR", "#s1 tbody tr"))[:300]
    expected = as_html_reads(texts_of(book.sheets[0], lines=range(300)))
    assert rows == [[text.replace("\n", " ") for text in row] for row in expected]
    assert chromium("heard") == []


# ---- Light, dark, paper, no script.


def test_the_toggle_changes_the_colours_and_back(chromium, small):
    chromium.open(small)
    paper = "getComputedStyle(document.body).backgroundColor"
    first = chromium.run(paper)
    chromium("click", selector="#theme")
    assert chromium.run(paper) != first
    assert chromium.texts("#theme") == ["浅色"]
    chromium("click", selector="#theme")
    assert chromium.run(paper) == first


def test_paper_shows_every_goal_and_no_control(chromium, small, tmp_path):
    chromium.open(small)
    click(chromium, "全部收起")
    chromium("pdf", path=str(tmp_path / "page.pdf"))
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    pages = text.split("\f")
    assert 2 <= len(pages) - 1 <= 4
    assert [name for name in ("门店", "电商", "华南") if f"{name} " not in text] == []
    assert "全部展开" not in text
    assert "打印" not in text
    assert chromium.names() == ["总目标"]


def test_paper_is_a4_landscape_with_repeated_headers(chromium, large, tmp_path):
    chromium.open(large)
    chromium("pdf", path=str(tmp_path / "page.pdf"))
    told = subprocess.run(
        ["pdfinfo", tmp_path / "page.pdf"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    width, height = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", told).groups())
    assert (round(width), round(height)) == (842, 595)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    pages = [page for page in text.split("\f") if "销售额" in page]
    assert len(pages) > 5
    assert all("达成率(%)" in page for page in pages)
    assert text.count("目标") > 500


@pytest.mark.parametrize("width", [360, 1400])
def test_without_script_every_table_is_there_and_says_what_is_not(
    chromium, large, small, width
):
    chromium.open(small, script=False, width=width)
    shown = chromium.texts("table")
    assert len(shown) == 4
    assert all("门店" in text for text in shown[1:3])
    assert chromium.texts(".outline tbody tr")[1].startswith("总目标\t\t销售额\t2026-10")
    assert chromium.texts("button, select, input") == []
    chromium.open(large, script=False, width=width)
    assert len(chromium.texts(".outline tbody tr")) == 500
    assert chromium.texts(".left-out")[0].startswith("此表共 8,500 行，这里列出 500 行。")
