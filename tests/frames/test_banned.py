"""What was found wrong, or not to work, on some engine stays out of `frames`.

Each construct gave silent wrong numbers or an error on one engine while it was right on the
others (chunked Arrow tables, Dask's distinct counts, pandas without Arrow, Spark), so that no
test on the engine at hand would have told.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import salesgoal.frames

FRAMES = Path(salesgoal.frames.__file__).parent
BANNED = {
    "over": "wrong rows on an Arrow table of several chunks",
    "n_unique": "Dask adds up the counts of its partitions",
    "first": "no engine of several partitions has an order",
    "last": "no engine of several partitions has an order",
    "join_asof": "not there on Arrow and Spark, not on dates in pandas objects",
    "replace_strict": "not there on Ibis over Polars, an error on Dask",
    "truncate": "not there on Dask for months",
}
AGGREGATES = {"sum", "min", "max", "len", "count", "alias", "col"}


def faults(source):
    """Line and name of every banned construct."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in BANNED:
                yield node.lineno, name
            elif name == "lit" and is_none(node):
                yield node.lineno, "lit(None)"
            elif name == "agg":
                yield from ((node.lineno, f"agg: {each}") for each in inside_agg(node))


def is_none(call):
    return any(isinstance(each, ast.Constant) and each.value is None for each in call.args)


def inside_agg(call):
    """Calls inside an `agg` other than a plain aggregate of a plain column."""
    for argument in call.args:
        for node in ast.walk(argument):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr not in AGGREGATES:
                yield called.attr
            if isinstance(node, ast.BinOp):
                yield type(node.op).__name__


@pytest.mark.parametrize("path", sorted(FRAMES.glob("*.py")), ids=lambda path: path.stem)
def test_frames_use_nothing_that_is_wrong_on_some_engine(path):
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ("nw.col('v').max().over('k')", "over"),
        ("frame.group_by('k').agg(nw.col('c').n_unique())", "n_unique"),
        ("frame.group_by('k').agg(nw.col('c').first())", "first"),
        ("frame.group_by('k').agg(nw.col('c').last())", "last"),
        ("nw.when(x).then(nw.lit(None))", "lit(None)"),
        ("frame.join_asof(other, on='day')", "join_asof"),
        ("nw.col('k').replace_strict(table)", "replace_strict"),
        ("nw.col('day').dt.truncate('1mo')", "truncate"),
        ("frame.group_by('k').agg(nw.col('v').sum().cast(nw.Int64))", "agg: cast"),
        ("frame.group_by('k').agg((nw.col('v') * 100).sum())", "agg: Mult"),
    ],
)
def test_each_of_them_is_found(planted, name):
    assert name in {found for _, found in faults(planted)}
