"""An editor completes plan files from the published schema."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from salesgoal.app import starter

from .desk import PLAN, call

EXAMPLES = [
    *sorted(Path(starter.__file__).parent.glob("demo/**/plan.toml")),
    *sorted(Path(starter.__file__).parent.glob("new/**/plan.toml")),
    *sorted((Path(__file__).parents[2] / "examples").rglob("plan.toml")),
]
KINDS = {
    "string": (str, date),
    "integer": int,
    "boolean": bool,
    "number": (int, str),
    "array": list,
    "object": dict,
}


@pytest.fixture
def schema(capsys):
    code, printed, said = call(capsys, "schema")
    assert (code, said) == (0, "")
    return json.loads(printed)


def faults(value, schema, path=""):
    """Where a value does not follow the schema, by its keys, kinds and choices."""
    if "anyOf" in schema and "properties" not in schema:
        options = [list(faults(value, each, path)) for each in schema["anyOf"]]
        return [] if not all(options) else options[-1]
    if "enum" in schema:
        return [] if value in schema["enum"] else [path]
    kind = KINDS.get(schema.get("type"), object)
    if not isinstance(value, kind):
        return [path]
    if isinstance(value, list):
        return [
            fault
            for number, each in enumerate(value)
            for fault in faults(each, schema["items"], f"{path}#{number}")
        ]
    return faults_of_table(value, schema, path) if isinstance(value, dict) else []


def faults_of_table(table, schema, path):
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", False)
    found = [f"{path}.{name}" for name in schema.get("required", ()) if name not in table]
    needed = [each["required"][0] for each in schema.get("anyOf", ())]
    if needed and not table.keys() & set(needed):
        found.append(f"{path}.{needed[0]}")
    for name, value in table.items():
        inner = known.get(name, rest)
        found += (
            [f"{path}.{name}"] if inner is False else faults(value, inner, f"{path}.{name}")
        )
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_example_follows_the_schema(schema, path):
    plan = tomllib.loads(path.read_text("utf-8"), parse_float=str)
    assert faults(plan, schema) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("period =", "perod =", ".plan.perod"),
        ("decimals = 2", 'decimals = "2"', ".metrics.sales.decimals"),
        ("decimals = 2", 'aggregation = "summ"', ".metrics.sales.aggregation"),
        ('path = "records.csv"', 'pth = "x"', ".actuals#0.pth"),
        ('path = "records.csv"', "", ".actuals#0.path"),
        ("[dimensions.region]", "[dimension.region]", ".dimension"),
        ('by = ["region", "product"]', 'by = "region"', ".breakdowns#0.by"),
    ],
)
def test_what_salesgoal_refuses_the_schema_refuses(schema, old, new, fault):
    assert faults(tomllib.loads(PLAN), schema) == []
    assert fault in faults(tomllib.loads(PLAN.replace(old, new)), schema)


def test_every_key_says_what_it_means(schema):
    tables = [schema]
    while tables:
        table = tables.pop()
        for inner in table.get("properties", {}).values():
            assert inner["description"]
            tables.append(inner)
        tables += [each for each in table.get("anyOf", ()) if "properties" in each]
        tables += [each for each in (table.get("items"),) if each]
        more = table.get("additionalProperties")
        tables += [more] if isinstance(more, dict) else []


def test_the_schema_is_of_a_known_draft(schema):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["plan", "metrics"]
    assert schema["properties"]["plan"]["required"] == ["name", "period"]
