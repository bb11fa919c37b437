"""Tracking workbooks on their way out and back: what was filled in is what is read.

Protected: no figure, cause or action is lost, doubled or given to somebody else, whatever
people do with the order of lines, the names of sheets, or rows of their own.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.load import load_plan
from salesgoal.app.output import render
from salesgoal.app.tracking.changes import plan_tracking_changes
from salesgoal.app.tracking.importing import apply_tracking, find_tracking
from salesgoal.app.tracking.template import TemplateOrder, make_templates
from salesgoal.ports.renderer import RenderOptions

PLUGINS = built_in_plugins()
AS_OF = date(2023, 12, 31)
LANG = "zh"
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)

names = st.sampled_from(["张三", "李四", "=1+1", "O'Neil", "A;B", "a=b", "甲\\乙", "-5", "@x"])
amounts = st.decimals(-10_000_000, 10_000_000, places=2, allow_nan=False)


@st.composite
def worlds(draw):
    """A plan as text, with what a person will type: sheet, header, names -> value."""
    people = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    regions = draw(
        st.lists(st.sampled_from(["华东", "华南"]), min_size=1, max_size=2, unique=True)
    )
    period = draw(st.sampled_from(["2023-10", "2023Q4", "2023-12"]))
    plan = f"""
[plan]
name = "计划"
period = "{period}"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[metrics.visits]
name = "拜访量"
unit = "次"

[dimensions.region]
name = "区域"
members = {json.dumps(regions, ensure_ascii=False)}

[dimensions.person]
name = "销售员"
members = {json.dumps(people, ensure_ascii=False)}

[[breakdowns]]
by = ["region", "person"]
every_member = true

[[targets]]
path = "targets.csv"
"""
    goals = [(region, person) for region in regions for person in people]
    target = draw(st.integers(1, 10**9))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["区域", "销售员", "期间", "指标", "目标"])
    writer.writerows([*goal, period, "sales", target] for goal in goals)
    return plan, text.getvalue()


def hand_out(folder):
    loaded = load_plan(folder)
    order = TemplateOrder(tables=(), lang=LANG)
    ((_, book),) = make_templates(loaded, order, AS_OF)
    path = folder / "book.xlsx"
    path.write_bytes(render(book, PLUGINS.renderer("xlsx"), RenderOptions(lang=LANG)))
    return path


def take_back(folder, path):
    (book,), _ = find_tracking([path], PLUGINS)
    changes = plan_tracking_changes(load_plan(folder), book, AS_OF)
    assert not changes.is_faulty, list(map(str, changes.problems))
    if changes:
        apply_tracking(changes, AS_OF, MOMENT)
    return changes


def pages(book):
    """Each form of a workbook: its page, header row and columns by header."""
    for page in book.worksheets:
        for row in page.iter_rows(max_row=9):
            marks = [cell for cell in row if str(cell.value).startswith("salesgoal:")]
            if marks and page.sheet_state == "visible":
                yield page, row[0].row, {cell.value: cell.column for cell in row if cell.value}


def entries(book):
    """Table, names and header -> value, of the lines of goals."""
    found = {}
    for page, header, columns in pages(book):
        mark = next(title for title in columns if title.startswith("salesgoal:"))
        for number in range(header + 1, page.max_row + 1):
            key = page.cell(number, columns[mark]).value
            if key is None or "=" not in str(key):
                continue
            metric = (
                page.cell(number, columns["指标代码"]).value if "指标代码" in columns else ""
            )
            for title, at in columns.items():
                cell = page.cell(number, at)
                is_actual = "实际" in title and not cell.protection.locked
                if is_actual or title in {"主要偏差原因", "改进措施"}:
                    found[mark, key, metric, title] = cell
    return found


def plain(value):
    return value if isinstance(value, str) else Decimal(format(value, ".15g")).normalize()


@settings(deadline=None, max_examples=min(8, settings().max_examples // 8))
@given(worlds(), st.randoms(use_true_random=False), st.data())
def test_what_was_filled_in_is_what_the_next_workbook_shows(world, dice, data):
    plan, targets = world
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        (folder / "targets.csv").write_text(targets, encoding="utf-8")
        path = hand_out(folder)
        book = openpyxl.load_workbook(path)
        typed = fill(book, data)
        disturb(book, dice)
        book.save(path)
        changes = take_back(folder, path)
        assert len(changes.totals) == sum("实际" in place[3] for place in typed)
        before = {each: each.read_bytes() for each in folder.rglob("*.*") if each.is_file()}
        assert not take_back(folder, path)
        assert {each: each.read_bytes() for each in before} == before
        shown = entries(openpyxl.load_workbook(hand_out(folder)))
        found = {at: plain(cell.value) for at, cell in shown.items() if cell.value is not None}
        assert found == {place: plain(value) for place, value in typed.items()}


def fill(book, data):
    """Types into some cells; returns what stands where afterwards."""
    typed = {}
    for place, cell in entries(book).items():
        if not data.draw(st.booleans()):
            continue
        title = place[3]
        if "实际" in title:
            whole = data.draw(st.integers(-(10**9), 10**9))
            value = whole if place[2] else data.draw(amounts)
        elif title == "主要偏差原因":
            value = data.draw(st.sampled_from(["客户预算延迟", "天气", "=不好"]))
        else:
            value = data.draw(st.sampled_from(["拜访", "+1 次", "@报价"]))
        cell.value = float(value) if isinstance(value, Decimal) else value
        if isinstance(value, str):
            cell.data_type = "s"
        typed[place] = value
    return typed


def disturb(book, dice):
    """What people do to a workbook: sort lines, rename sheets, insert rows and columns."""
    for number, (page, header, _) in enumerate(list(pages(book))):
        lines = [
            row
            for row in range(header + 1, page.max_row + 1)
            if "=" in str(page.cell(row, 1).value)
        ]
        mixed = dice.sample(lines, len(lines))
        held = {row: [(cell.value, cell.data_type) for cell in page[row]] for row in lines}
        for row, source in zip(lines, mixed, strict=True):
            for cell, (value, kind) in zip(page[row], held[source], strict=True):
                cell.value, cell.data_type = value, kind
        if dice.random() < 0.5:
            page.title = f"我的表{number}"
        if dice.random() < 0.5:
            page.insert_rows(1, amount=dice.randint(1, 3))
        if dice.random() < 0.5:
            page.insert_cols(dice.randint(2, 4))
