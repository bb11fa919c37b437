"""Options of plugins from a plan file: as they stand, from the environment, from files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs
import pytest

from salesgoal.app.plan_file.ledger import SecretTable
from salesgoal.app.plan_file.reading import read_document, read_options
from salesgoal.app.starter import write_starter
from salesgoal.domain.problem import Place
from salesgoal.errors import ConfigError, PlanRefused
from salesgoal.ports.secret import Secret

WHERE = Place("plan.toml")
KEYS = ("actuals#1", "options")


class Kind(StrEnum):
    DEALS = "deals"


@attrs.frozen(kw_only=True)
class Inner:
    path: str = "a"


@attrs.frozen(kw_only=True)
class Options:
    token: Secret | None = None
    url: str | Secret = ""
    name: str | None = None
    size: int = 1
    rate: Decimal = Decimal(1)
    deep: bool = False
    since: date | None = None
    kind: Kind = Kind.DEALS
    names: tuple[str, ...] = ()
    parts: list[int] = attrs.field(factory=list)
    more: Mapping[str, str] = attrs.field(factory=dict)
    inner: Inner = Inner()
    any: Any = None


@attrs.frozen
class Needed:
    token: Secret
    at_most: int = attrs.field(default=3, validator=attrs.validators.le(5))

    def __attrs_post_init__(self):
        if self.at_most == 0:
            raise ConfigError("crm", "at_most is 0", "at_most 为 0")


def read(content, folder, kind=Options):
    return read_options(content, kind, WHERE, KEYS, folder)


def faults(content, folder, kind=Options, lang="en"):
    with pytest.raises(PlanRefused) as refused:
        read(content, folder, kind)
    return [f"{each.where.key}: {each.message(lang)}" for each in refused.value.problems]


TEXTS = [
    ("name", "x", "x"),
    ("size", "20", 20),
    ("rate", "0.5", Decimal("0.5")),
    ("deep", " True ", True),
    ("since", "2023-10-06", date(2023, 10, 6)),
    ("kind", "deals", Kind.DEALS),
    ("any", "x", "x"),
]


@pytest.mark.parametrize(("name", "text", "value"), TEXTS)
def test_any_option_may_stand_in_the_environment_or_in_a_file(
    tmp_path, monkeypatch, name, text, value
):
    monkeypatch.setenv("CRM", text)
    assert getattr(read({name: {"env": "CRM"}}, tmp_path), name) == value
    (tmp_path / "crm").write_text(text + "\n", encoding="utf-8")
    assert getattr(read({name: {"file": "crm"}}, tmp_path), name) == value


def test_references_stand_at_any_depth(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM", "7")
    there = {"env": "CRM"}
    content = {
        "names": ["a", there],
        "parts": [1, there],
        "more": {"x": there},
        "inner": {"path": there},
    }
    found = read(content, tmp_path)
    assert (found.names, found.parts, found.more) == (("a", "7"), [1, 7], {"x": "7"})
    assert found.inner.path == "7"


@pytest.mark.parametrize(
    ("written", "kept"),
    [(b"t\n", "t"), (b"t\r\n", "t"), (b" t\n\n", " t\n"), (b"\xef\xbb\xbft", "t"), (b"", "")],
)
def test_a_file_loses_its_last_newline_and_nothing_else(tmp_path, written, kept):
    (tmp_path / "token").write_bytes(written)
    assert read({"token": {"file": "token"}}, tmp_path).token.reveal() == kept


def test_what_may_be_a_secret_is_one_where_it_is_referred_to(tmp_path, monkeypatch):
    monkeypatch.setenv("URL", "postgresql://a:b@host/sales")
    assert read({"url": {"env": "URL"}}, tmp_path).url.reveal().startswith("postgresql")
    assert read({"url": "sqlite:///a"}, tmp_path).url == "sqlite:///a"


@pytest.mark.parametrize(
    "plain", ["sentinel-4711", 4711, ["x"], {"env": 1}, {"env": "A", "b": 1}]
)
def test_a_secret_never_stands_in_the_plan_itself(tmp_path, plain):
    for kind in (Options, Needed):
        (fault,) = faults({"token": plain}, tmp_path, kind)
        assert fault.startswith("actuals#1.options.token: give a secret as { env =")
        assert "sentinel" not in fault
    (fault,) = faults({"token": plain}, tmp_path, lang="zh")
    assert fault.startswith("actuals#1.options.token: 应为{ env =")


def test_all_that_is_missing_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    (tmp_path / "binary").write_bytes(b"sentinel \xff")
    content = {
        "token": {"env": "NO_SUCH"},
        "names": [{"file": "no-such"}],
        "name": {"file": "binary"},
    }
    with pytest.raises(ConfigError) as refused:
        read(content, tmp_path)
    assert sorted(refused.value.detail.split("; ")) == [
        "actuals#1.options.name: the file binary cannot be read",
        "actuals#1.options.names#1: the file no-such cannot be read",
        "actuals#1.options.token: the environment variable NO_SUCH is not set",
    ]
    assert "环境变量 NO_SUCH 没有设置" in refused.value.message("zh")
    assert refused.value.__cause__ is refused.value.__context__ is None


def test_a_missing_variable_stands_among_other_faults(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    content = {"token": {"env": "NO_SUCH"}, "szie": 3, "size": "3", "names": "ab"}
    assert sorted(faults(content, tmp_path)) == [
        "actuals#1.options.names: give a list in square brackets",
        "actuals#1.options.size: give a whole number",
        "actuals#1.options.szie: there is no such key; did you mean size",
        "actuals#1.options.token: the environment variable NO_SUCH is not set",
    ]
    assert faults({}, tmp_path, Needed) == ["actuals#1.options.token: this key is required"]


@pytest.mark.parametrize("name", ["size", "rate", "deep", "since", "kind"])
def test_a_text_that_is_not_of_the_kind_is_refused_and_not_said(tmp_path, monkeypatch, name):
    monkeypatch.setenv("CRM", "sentinel-4711")
    for lang in ("zh", "en"):
        (fault,) = faults({name: {"env": "CRM"}}, tmp_path, lang=lang)
        assert fault.startswith(f"actuals#1.options.{name}: ")
        assert "sentinel" not in fault


def test_what_the_class_itself_refuses_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM", "x")
    content = {"token": {"env": "CRM"}}
    (fault,) = faults({**content, "at_most": 6}, tmp_path, Needed)
    assert fault.startswith("actuals#1.options: 'at_most' must be <= 5: 6")
    (fault,) = faults({**content, "at_most": 0}, tmp_path, Needed)
    assert "at_most is 0" in fault


def test_importers_without_options_take_none(tmp_path):
    assert read({}, tmp_path, None) is None
    assert faults({"a": 1}, tmp_path, None)


def test_the_url_of_a_ledger_may_stand_in_the_environment(tmp_path):
    write_starter(tmp_path)
    plan = tmp_path / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(f'{text}\n[ledger]\nurl = {{ env = "LEDGER_URL" }}\n', encoding="utf-8")
    table = read_document(plan).ledger
    assert table is not None
    assert table.url == SecretTable(env="LEDGER_URL")
