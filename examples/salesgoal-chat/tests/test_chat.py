"""The contract of renderers holds for both bots, and no message is longer than it may be."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import date
from types import SimpleNamespace

import pytest

from salesgoal.app.books import report_book
from salesgoal.app.load import load_plan
from salesgoal.app.starter import write_starter
from salesgoal.app.track import track
from salesgoal.ports import Plugins, RenderOptions
from salesgoal.testing import RenderCase, RendererContract
from salesgoal.testing.sample_book import sample_book
from salesgoal_chat import BOTS, salesgoal_renderers

SPECS = {spec.name: spec for spec in salesgoal_renderers()}
LIMITS = {bot.name: bot.bytes_ for bot in BOTS}


def texts(content):
    for line in content.decode().splitlines():
        request = json.loads(line)
        assert request["msgtype"] == "markdown"
        markdown = request["markdown"]
        yield markdown["text"] if "title" in markdown else markdown["content"]


def saying(content):
    """What people read: without tags, escapes and the borders of messages."""
    bare = re.sub(r"</?font[^>]*>", "", "\n".join(texts(content)))
    return html.unescape(re.sub(r"\\(.)", r"\1", bare))


class TestWecom(RendererContract):
    case = RenderCase(spec=SPECS["wecom"], saying=saying)


class TestDingtalk(RendererContract):
    case = RenderCase(spec=SPECS["dingtalk"], saying=saying)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("note", ["短", "很长的备注 " * 9000, "不断行的备注" * 9000])
def test_no_message_is_longer_than_it_may_be_and_nothing_is_cut(name, note):
    stream = io.BytesIO()
    SPECS[name].write(sample_book(note), stream, RenderOptions())
    found = list(texts(stream.getvalue()))
    assert max(len(text.encode()) for text in found) <= LIMITS[name]
    said, whole = ("".join(text.split()) for text in (saying(stream.getvalue()), note))
    assert whole in said
    assert (len(found) > 1) == (len(note) > 9000)


@pytest.mark.parametrize("name", SPECS)
def test_a_report_is_written_through_the_plugin(name, tmp_path):
    plugins = Plugins().add(SimpleNamespace(salesgoal_renderers=salesgoal_renderers), "chat")
    assert not plugins.failures
    write_starter(tmp_path / "team")
    tracking = track(load_plan(tmp_path / "team"), as_of=date(2026, 2, 28))
    stream = io.BytesIO()
    plugins.renderer(name).write(report_book([tracking]), stream, RenderOptions())
    said = saying(stream.getvalue())
    assert "张三" in said
    assert "22.56 ▼" in said
