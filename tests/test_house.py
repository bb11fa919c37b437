"""The house as a whole: how large its rooms are, and what they take from one another.

What is larger than the limits, or like another, stands with its reason in `docs/decisions.md`,
under "What is large or alike, and why it stays".
"""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[1]
PLACES = ("benchmarks", "connectors", "docs", "examples", "src", "tests")
MADE = {"_build", "build", "dist", "node_modules"}
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for place in PLACES
    for path in sorted((ROOT / place).rglob("*.*"))
    if path.suffix in {".css", ".j2", ".js", ".mjs", ".py"}
    and not MADE & set(path.relative_to(ROOT).parts)
}
MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 60
LEAST_ALIKE = 24
"""From how many nodes on two functions of one tree are one that was written twice."""


@attrs.frozen
class Room:
    """What is looked at in a module; its tree is not kept, since there are hundreds."""

    lines: int
    functions: list[tuple[str, int]]
    taken: list[tuple[str, str]]
    """Module and name of what it imports from others."""
    offered: set[str] | None
    """The names in its `__all__`; None where it has none, or works it out."""


@cache
def rooms():
    return {name: look_into(path) for name, path in FILES.items()}


def look_into(path):
    text = path.read_text(encoding="utf-8")
    nodes = statements(ast.parse(text)) if path.suffix == ".py" else []
    lists = [
        set(ast.literal_eval(node.value))
        for node in nodes
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "__all__"
        and isinstance(node.value, ast.List)
    ]
    return Room(
        len(text.splitlines()),
        [(node.name, lines_of(node)) for node in nodes if isinstance(node, ast.FunctionDef)],
        [
            (node.module, each.name)
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for each in node.names
        ],
        lists[0] if lists else None,
    )


def statements(tree):
    """Every statement, however deep; expressions are not looked into."""
    found = list(tree.body)
    for node in found:
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, block, ())
            found += inner if isinstance(inner, list) else ()
    return found


def lines_of(function):
    """How many lines a function has beside its docstring."""
    docstring = ast.get_docstring(function)
    told = len(docstring.splitlines()) + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - told


def large():
    """The files and ``file:function`` that are larger than they should be."""
    for name, room in rooms().items():
        if room.lines > MOST_LINES_OF_A_MODULE:
            yield name
        for function, lines in room.functions:
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{name}:{function}"


def reasons(kind):
    """The names that the table gives a reason for being ``large`` or ``alike``."""
    page = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    section = page.split("\n## What is large or alike, and why it stays\n")[1].split("\n## ")[0]
    rows = re.findall(rf"^\| (.+?) \| {kind} \| .+ \|$", section, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_what_is_large_stands_in_the_table_and_nothing_else_does():
    assert sorted(large()) == sorted(reasons("large"))


def test_no_room_and_no_function_that_people_install_is_large():
    """Whatever is said for it; the script of the page is no Python."""
    assert not [each for each in large() if "/src/" in f"/{each}" and ".py" in each]


def test_what_is_said_to_be_alike_is_there():
    assert reasons("alike")
    assert not [each for each in reasons("alike") if not (ROOT / each).exists()]


def said_by(function):
    """What a function does, as a tree in a row, whatever it calls its own arguments."""
    names = {each.arg: f"#{at}" for at, each in enumerate(arguments_of(function))}
    docstring = ast.get_docstring(function) is not None
    found = []
    for node in (inner for each in function.body[docstring:] for inner in ast.walk(each)):
        match node:
            case ast.Name(id=name):
                found.append(names.get(name, name))
            case ast.Attribute(attr=name) | ast.keyword(arg=name):
                found.append(f".{name}")
            case ast.Constant(value=value):
                found.append(repr(value))
            case _:
                found.append(type(node).__name__)
    return tuple(found)


def arguments_of(function):
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def test_no_two_functions_that_people_install_do_the_same():
    """But for the lazy imports of the two front doors, which load nothing to share it."""
    homes = {}
    for name, path in FILES.items():
        if "src" in name.split("/")[:3] and name.endswith(".py"):
            for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
                said = said_by(node) if isinstance(node, ast.FunctionDef) else ()
                if len(said) >= LEAST_ALIKE:
                    homes.setdefault(said, []).append(f"{name}:{node.name}")
    doors = [f"src/salesgoal/{each}__init__.py:__getattr__" for each in ("", "ports/")]
    assert [each for each in homes.values() if len(each) > 1] == [doors]


def test_rooms_take_from_one_another_only_what_is_offered():
    """No room imports a private name, or one that `__all__` of its room does not name."""
    inner = {
        name: room
        for name, room in rooms().items()
        if "src" in name.split("/")[:3] and name.endswith(".py")
    }
    modules = {
        re.sub(r"(?:.*/)?src/", "", name).removesuffix(".py").replace("/", "."): room.offered
        for name, room in inner.items()
    }
    offered = {name.removesuffix(".__init__"): names for name, names in modules.items()}
    assert len(offered) > 300
    assert [
        f"{name} takes {each} from {module}"
        for name, room in inner.items()
        for module, each in room.taken
        if offered.get(module) is not None
        and f"{module}.{each}" not in offered
        and each not in offered[module] | {"__version__"}
    ] == []


def test_every_word_of_the_glossary_stands_once_in_its_place_with_its_rooms():
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    words = [row[0].strip() for row in rows[1:]]
    assert len(words) == len(set(words)) > 150
    assert words == sorted(words, key=str.casefold)
    places = {place for row in rows for place in re.findall(r"`([\w.]+)`", row[-1])}
    source = ROOT / "src" / "salesgoal"
    homes = {place: place.replace(".", "/") for place in places}
    assert not [
        place
        for place, home in homes.items()
        if not any(
            (source / each).exists() for each in (f"domain/{home}.py", f"{home}.py", home)
        )
    ]


NOT_OURS = {"bench", "dev", "docs", "test"} | {"duckdb", "engines"}
"""The extras of those who work on it, and of engines whose frames users hand over."""
BY_ANOTHER_NAME = {"tzdata": "zoneinfo"}


def test_what_users_install_is_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(each for e in extras.keys() - NOT_OURS for each in extras[e]),
    ]
    modules = packages_distributions()
    text = "".join(
        path.read_text(encoding="utf-8")
        for name, path in FILES.items()
        if name.startswith("src/") and name.endswith(".py")
    )
    for each in asked:
        name = re.match(r"[\w-]+", each)[0]
        same = [m for m, whose in modules.items() if name in whose] or [name]
        known = [BY_ANOTHER_NAME.get(name, module) for module in same]
        assert any(re.search(rf"\b{module}\b", text) for module in known), each
