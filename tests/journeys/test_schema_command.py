"""An editor completes plan files from the published schema."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import attrs
import pytest
from jsonschema import Draft202012Validator

from salesgoal.app import starter
from salesgoal.app.plan_file.document import PlanDocument
from salesgoal.app.plan_file.examples import EXAMPLES as SHOWN
from salesgoal.app.plan_file.examples import SINCE, UNITS
from salesgoal.app.plan_file.schema import table_schema, tables_of

from .desk import PLAN, call

EXAMPLES = [
    *sorted(Path(starter.__file__).parent.glob("demo/**/plan.toml")),
    *sorted((Path(__file__).parents[2] / "examples").rglob("plan.toml")),
]
TABLES = {each.__name__: each for each in tables_of(PlanDocument)}
KEYS = [(name, key) for name, keys in SHOWN.items() for key in keys]


@pytest.fixture
def schema(capsys):
    code, printed, said = call(capsys, "schema")
    assert (code, said) == (0, "")
    return json.loads(printed)


def faults(plan, schema):
    """Where a plan does not follow the schema, and by which of its words."""
    plain = json.loads(json.dumps(plan, default=str))  # a date of TOML is a text of JSON
    found = Draft202012Validator(schema).iter_errors(plain)
    return {("/".join(map(str, each.absolute_path)), each.validator) for each in found}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_example_follows_the_schema(schema, path):
    assert faults(tomllib.loads(path.read_text("utf-8")), schema) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plan_to_start_from_follows_the_schema(schema, tmp_path, lang):
    starter.write_starter(tmp_path, lang)
    plan = tomllib.loads((tmp_path / "plan.toml").read_text("utf-8"))
    assert faults(plan, schema) == set()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("period =", "perod =", ("plan", "additionalProperties")),
        ("period =", "perod =", ("plan", "required")),
        ("decimals = 2", 'decimals = "2"', ("metrics/sales/decimals", "type")),
        ("decimals = 2", 'aggregation = "summ"', ("metrics/sales/aggregation", "enum")),
        ('path = "records.csv"', 'pth = "x"', ("actuals/0", "additionalProperties")),
        ('path = "records.csv"', "", ("actuals/0", "anyOf")),
        ("[dimensions.region]", "[dimension.region]", ("", "additionalProperties")),
        ('by = ["region", "product"]', 'by = "region"', ("breakdowns/0/by", "type")),
    ],
)
def test_what_salesgoal_refuses_the_schema_refuses(schema, old, new, fault):
    assert faults(tomllib.loads(PLAN), schema) == set()
    assert fault in faults(tomllib.loads(PLAN.replace(old, new)), schema)


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_every_example_of_a_key_is_what_the_key_takes(name, key):
    field = getattr(attrs.fields(TABLES[name]), key)
    plain = json.loads(json.dumps(tomllib.loads(f"x = {SHOWN[name][key]}")["x"], default=str))
    Draft202012Validator(table_schema(TABLES[name])["properties"][field.name]).validate(plain)


def test_every_key_has_an_example_unless_it_is_a_table():
    bare = {
        f"{name}.{field.name}"
        for name, table in TABLES.items()
        for field in attrs.fields(table)
        if field.name not in SHOWN.get(name, {})
    }
    assert {key for key in bare if not key.startswith("PlanDocument.")} == {
        *("PlanTable.calendar", "PlanTable.workdays", "PlanTable.weeks"),
        *("ReportsTable.personal_month", "ReportsTable.team_quarter"),
        *("ReportsTable.product_year", "ActualsTable.coverage"),
    }


def test_units_and_versions_speak_of_keys_that_are_there():
    known = {
        f"{name}.{field.name}"
        for name, table in TABLES.items()
        for field in attrs.fields(table)
    }
    assert {*UNITS, *SINCE} <= known


def test_a_default_is_what_counts_where_the_key_is_left_out(schema):
    pace = schema["properties"]["pace"]["properties"]
    assert (pace["ahead"]["default"], pace["basis"]["default"]) == (1.05, "typed")
    assert "default" not in schema["properties"]["plan"]["properties"]["name"]


def test_the_schema_is_one_itself(schema):
    Draft202012Validator.check_schema(schema)


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
