"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from salesgoal.domain.problem_text import TEXTS
from salesgoal.error_words import KINDS_ZH

SOURCE = Path(__file__).parent.parent / "src" / "salesgoal"
MODULES = sorted(SOURCE.rglob("*.py"))
CONNECTORS = sorted((SOURCE.parent.parent / "connectors").glob("*/src/**/*.py"))
OURS = [*MODULES, *CONNECTORS]
PURE = [path for path in MODULES if path.parent.name in {"domain", "sheets"}]


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path):
    return list(ast.walk(tree_of(path)))


def at(path, node):
    """Where a node stands, as an editor jumps to it."""
    return f"{path.relative_to(SOURCE.parent.parent)}:{node.lineno}"


def test_there_are_rooms_to_look_into():
    """A rule that is held over nothing would hold nothing."""
    assert len(MODULES) > 300
    assert len(PURE) > 100
    assert {path.parts[-2] for path in CONNECTORS} == {
        *("salesgoal_feishu", "salesgoal_hubspot", "salesgoal_salesforce"),
    }


def test_domain_and_sheets_divide_and_round_only_by_name():
    assert not [at(path, node) for path in PURE for node in nodes_of(path) if is_loose(node)]


def is_loose(node):
    """Whether a node divides by a sign, rounds without a mode, or is a float."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"float", "round"}
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def test_domain_and_sheets_have_no_clock():
    clocks = {"now", "today", "utcnow", "time", "perf_counter"}
    assert not [
        at(path, node)
        for path in PURE
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and node.attr in clocks
    ]


def test_nobody_inside_imports_the_front_door():
    assert not [
        at(path, node)
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom)
        and node.module == "salesgoal"
        and not path.match("cli/options.py")
    ]


def test_public_functions_say_what_they_raise():
    """A public function that raises by name has a Raises section."""
    assert not [
        f"{at(path, node)} {node.name}"
        for path in OURS
        for node in outer_functions(tree_of(path))
        if not node.name.startswith("_")
        and any(isinstance(each, ast.Raise) and each.exc for each in own_nodes(node))
        and "Raises:" not in (ast.get_docstring(node) or "")
    ]


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


def test_connectors_import_only_what_plugins_may():
    open_to_all = {"salesgoal.errors", "salesgoal.ports", "salesgoal.domain.problem"}
    for path in CONNECTORS:
        for node in nodes_of(path):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.split(".")[0] == "salesgoal":
                assert {module, ".".join(module.split(".")[:2])} & open_to_all, at(path, node)
            imported = node.names if isinstance(node, ast.Import) else []
            inner = [each for each in imported if each.name.split(".")[0] == "salesgoal"]
            assert not inner, at(path, node)


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


def test_text_files_name_their_encoding():
    """The linter sees this only where it knows that something is a path."""
    house = SOURCE.parent.parent
    rooms = ("src", "tests", "connectors", "examples", "benchmarks", "docs")
    paths = [path for room in rooms for path in (house / room).rglob("*.py")]
    assert not [at(path, node) for path in paths for node in nodes_of(path) if guesses(node)]


TEXT_FILE = {"read_text": 0, "write_text": 1}
"""Method -> the place of its argument `encoding`."""


def guesses(node):
    """Whether a text file is read or written in whatever encoding the machine has."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    place = TEXT_FILE.get(node.func.attr)
    named = any(each.arg in {"encoding", None} for each in node.keywords)
    return place is not None and len(node.args) <= place and not named


def test_a_guess_is_seen():
    seen = [
        guesses(ast.parse(code, mode="eval").body)
        for code in (
            "path.read_text()",
            "path.write_text(x)",
            "path.read_text('utf-8')",
            "path.write_text(x, 'utf-8')",
            "path.write_text(x, encoding='utf-8')",
            "read_text()",
        )
    ]
    assert seen == [True, True, False, False, False, False]


SAID_BY_CONNECTORS = {"AuthError", "BadResponse", "ConfigError", "Unavailable"}
WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words of English in a row."""


def test_every_error_and_fact_is_said_in_chinese_too():
    assert not [
        at(path, node)
        for path in OURS
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and is_half_said(node, connector=path in CONNECTORS)
    ]


def is_half_said(call, *, connector):
    """Whether a call makes an error, or a fact of one, that lacks its Chinese."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "UsageError":
        return len(call.args) != 2 and not any(isinstance(a, ast.Starred) for a in call.args)
    if name in SAID_BY_CONNECTORS and connector:
        return len(call.args) != 3
    if name == "UnknownName" and call.args and isinstance(call.args[0], ast.Constant):
        return call.args[0].value not in KINDS_ZH
    if name not in {"problem", "CellRefused"}:
        return False
    given = {str(each.arg) for each in call.keywords}
    facts = [each for each in call.keywords if not str(each.arg).endswith(("_zh", "_en"))]
    return any(is_english(each.value) and f"{each.arg}_zh" not in given for each in facts)


def is_english(node):
    parts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return any(WORDS.search(each) for each in parts if isinstance(each, str))
