"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from salesgoal.domain.problem_text import TEXTS
from salesgoal.error_words import KINDS_ZH

SOURCE = Path(__file__).parent.parent / "src" / "salesgoal"
MODULES = sorted(SOURCE.rglob("*.py"))
CONNECTORS = sorted((SOURCE.parent.parent / "connectors").glob("*/src/**/*.py"))
PURE = [path for path in MODULES if path.parent.name in {"domain", "sheets"}]


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def named(paths):
    names = [str(path).removeprefix(f"{SOURCE}/").rpartition("/src/")[2] for path in paths]
    return pytest.mark.parametrize("path", paths, ids=names)


@named([*MODULES, *CONNECTORS])
def test_no_room_is_larger_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@named([*MODULES, *CONNECTORS])
def test_no_function_is_longer_than_60_lines_beside_its_docstring(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node)
            told = len(docstring.splitlines()) + 1 if docstring else 0
            assert node.end_lineno - node.lineno + 1 - told <= 60, node.name


@named(PURE)
def test_domain_and_sheets_divide_and_round_only_by_name(path):
    for node in ast.walk(tree_of(path)):
        assert not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div), node.lineno
        called = node.func if isinstance(node, ast.Call) else None
        assert not isinstance(called, ast.Name) or called.id not in {"float", "round"}
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))


@named(PURE)
def test_domain_and_sheets_have_no_clock(path):
    clocks = {"now", "today", "utcnow", "time", "perf_counter"}
    for node in ast.walk(tree_of(path)):
        assert not (isinstance(node, ast.Attribute) and node.attr in clocks), node.lineno


@named(MODULES)
def test_nobody_inside_imports_the_front_door(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "salesgoal" or path.match("cli/options.py"), node.lineno


@named([*MODULES, *CONNECTORS])
def test_public_functions_say_what_they_raise(path):
    """A public function that raises by name has a Raises section."""
    for node in outer_functions(tree_of(path)):
        public = not node.name.startswith("_")
        if public and any(isinstance(each, ast.Raise) and each.exc for each in own_nodes(node)):
            assert "Raises:" in (ast.get_docstring(node) or ""), node.name


def outer_functions(tree):
    """The functions of a module and of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (each for each in node.body if isinstance(each, ast.FunctionDef))
        elif isinstance(node, ast.FunctionDef):
            yield node


def own_nodes(function):
    """The nodes of a function, without those of functions inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


@named(CONNECTORS)
def test_connectors_import_only_what_plugins_may(path):
    open_to_all = {"salesgoal.errors", "salesgoal.ports", "salesgoal.domain.problem"}
    for node in ast.walk(tree_of(path)):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if module.split(".")[0] == "salesgoal":
            assert {module, ".".join(module.split(".")[:2])} & open_to_all, node.lineno
        imported = node.names if isinstance(node, ast.Import) else []
        assert not [each for each in imported if each.name.split(".")[0] == "salesgoal"]


def test_every_package_says_what_it_is_for():
    for path in [*SOURCE.rglob("__init__.py"), *CONNECTORS]:
        assert ast.get_docstring(tree_of(path)), path


def test_every_problem_of_the_catalogue_can_arise():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in MODULES
        if not path.match("domain/*_text.py")
    )
    assert not [each for each in TEXTS if f'"{each}"' not in code]


SAID_BY_CONNECTORS = {"AuthError", "BadResponse", "ConfigError", "Unavailable"}
WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words of English in a row."""


@named([*MODULES, *CONNECTORS])
def test_every_error_and_fact_is_said_in_chinese_too(path):
    for call in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "UsageError":
            starred = any(isinstance(each, ast.Starred) for each in call.args)
            assert starred or len(call.args) == 2, call.lineno
        elif name in SAID_BY_CONNECTORS and path in CONNECTORS:
            assert len(call.args) == 3, call.lineno
        elif name == "UnknownName" and call.args and isinstance(call.args[0], ast.Constant):
            assert call.args[0].value in KINDS_ZH, call.lineno
        elif name in {"problem", "CellRefused"}:
            given = {str(each.arg) for each in call.keywords}
            for each in call.keywords:
                if not str(each.arg).endswith(("_zh", "_en")):
                    assert not is_english(each.value) or f"{each.arg}_zh" in given, call.lineno


def is_english(node):
    parts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return any(WORDS.search(each) for each in parts if isinstance(each, str))
