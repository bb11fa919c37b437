"""What people read in Chinese is Chinese: no left-over English words, no bare codes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

import salesgoal
from salesgoal.app.plan_file.schema import plan_schema
from salesgoal.app.problem_pages import problem_page
from salesgoal.cli.help_text import PLACEHOLDERS
from salesgoal.cli.main import command
from salesgoal.domain.problem import Place, Problem
from salesgoal.domain.problem_text import TEXTS
from salesgoal.domain.role import Role
from salesgoal.sheets.account_sheets import problem_sheet

SOURCE = Path(salesgoal.__file__).parent
CHINESE = re.compile(r"[㐀-鿿]")
GAP = re.compile(r"(?<!\{)\{[^{}]*\}(?!\})")
PAGE = re.compile(r"[\w/-]+\.md")
WORD = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z_]*(?:[-.][A-Za-z_]+)*")


def keys(schema):
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from keys(inner)
    yield from schema.get("enum", ())
    parts = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    for inner in filter(None, parts):
        yield from keys(inner)


def typed():
    """Commands, options and their values: what people type as it stands."""
    for name, one in command.commands.items():
        yield name
        for each in one.params:
            if isinstance(each, click.Option):
                yield from (option.lstrip("-") for option in each.opts)
            if isinstance(each.type, click.Choice):
                yield from map(str, each.type.choices)
            yield each.make_metavar(click.Context(one)).strip("[].")


AS_THEY_ARE = {
    "salesgoal": "the command",
    **dict.fromkeys(["plan.toml", "targets.csv", "records.csv"], "files that it writes"),
    **dict.fromkeys(["csv", "xlsx", "xls", "xlsb", "et", "ods", "numbers", "pptx"], "files"),
    **dict.fromkeys(["gzip", "xz", "bzip", "Zstandard"], "ways to compress"),
    **dict.fromkeys(["CSV", "TOML", "JSON", "XML", "DTD", "Schema", "png"], "formats"),
    **dict.fromkeys(["UTF", "GB", "GBK", "ANSI", "ASCII", "BOM", "ISO", "UTC"], "standards"),
    **dict.fromkeys(["CRM", "URL", "url", "Parquet"], "terms"),
    **dict.fromkeys(["SELECT", "CAST", "DECIMAL", "REAL", "FLOAT", "select"], "words of SQL"),
    **dict.fromkeys(["sqlite", "postgresql", "base_url"], "addresses of services"),
    **dict.fromkeys(["options", "options.limits", "limits"], "written in a plan"),
    **dict.fromkeys(["encoding", "sheet", "on", "region"], "written in a plan"),
    **dict.fromkeys(["Asia", "Shanghai", "true", "false", "Q", "W"], "written values"),
    **dict.fromkeys(["act"], "a key of the history's file"),
    **dict.fromkeys(["Noto", "Sans", "CJK", "SC"], "a font"),
    **dict.fromkeys(["A", "B", "E", "N", "T"], "letters of examples, numbers and moments"),
    **dict.fromkeys(["FILES", "help"], "of the command line"),
    **dict.fromkeys(["sales", "orders"], "ids of an example of a ratio"),
    **dict.fromkeys(["RawRow.key", "goal_codes", "make_plan", "to_units"], "for programmers"),
    **dict.fromkeys(["Decimal", "Fraction", "int", "Period", "Tracker"], "for programmers"),
    **dict.fromkeys(
        ["MemoryLedger", "Dimension.members", "credits", "dict"], "for programmers"
    ),
    **dict.fromkeys(["pandas", "Polars", "pyarrow", "DuckDB"], "for programmers"),
}
"""Latin words that a Chinese text may have -> why; beside keys of plans and what is typed."""


@pytest.fixture(scope="module")
def allowed():
    return {*AS_THEY_ARE, *keys(plan_schema()), *typed(), *PLACEHOLDERS}


def left_over(text, allowed):
    """The Latin words of a text that nobody allowed; what an option is called with is one."""
    bare = PAGE.sub("", GAP.sub("", text))
    return sorted({word for word in WORD.findall(bare) if word not in allowed})


def is_sentence(text):
    """Whether a text of the code is Chinese, and no pattern and no English with an example."""
    words = WORD.findall(GAP.sub("", text))
    is_english = bool({"is", "the", "of", "as"} & set(words))
    enough = max(4, sum(map(len, words)) // 2)
    return "(?" not in text and not is_english and len(CHINESE.findall(text)) >= enough


def texts(tree):
    """Every text of a module outside its docstrings; gaps of f-strings left out."""
    joined = [each for each in ast.walk(tree) if isinstance(each, ast.JoinedStr)]
    skipped = {part for each in joined for part in each.values}
    skipped |= {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in joined:
        yield "".join(one.value for one in each.values if isinstance(one, ast.Constant))
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from () if each in skipped else (each.value,)


def in_code():
    """Where a Chinese sentence stands, and the sentence."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "testing" not in path.relative_to(SOURCE).parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from ((path.name, text) for text in texts(tree) if is_sentence(text))


def in_catalogue():
    """The code of a problem, and each Chinese text of it."""
    for code, told in TEXTS.items():
        page = problem_page(code)
        yield code, told.message["zh"]
        yield code, told.remedy["zh"]
        yield from ((code, each.zh) for each in (page.effect, page.note) if each is not None)


@pytest.mark.parametrize("said", [in_code, in_catalogue])
def test_every_chinese_sentence_is_chinese(said, allowed):
    told = list(said())
    assert len(told) > 500
    found = {(where, text): left_over(text, allowed) for where, text in told}
    assert {place: words for place, words in found.items() if words} == {}


def test_no_word_is_allowed_that_no_text_has():
    used = {word for _, text in (*in_code(), *in_catalogue()) for word in left_over(text, ())}
    assert AS_THEY_ARE.keys() - used == set()


@pytest.mark.parametrize("role", Role)
def test_a_role_is_a_word_in_both_languages(role):
    assert CHINESE.search(role.text("zh"))
    assert not CHINESE.search(role.text("en"))
    found = Problem(code="blank-required", where=Place("a.csv", row=7), column=role)
    assert found.text("zh").startswith(f"a.csv, 第7行, {role.zh}: 不能为空")
    assert found.text("en").startswith(f"a.csv, row 7, {role.value}: must not be blank")
    (line,) = problem_sheet([found]).lines
    assert role.zh in {getattr(cell.value, "zh", None) for cell in line.cells}


def test_a_header_stays_as_the_table_has_it():
    found = Problem(code="blank-required", where=Place("a.csv", row=7), column="period")
    assert found.text("zh").startswith("a.csv, 第7行, period: ")
