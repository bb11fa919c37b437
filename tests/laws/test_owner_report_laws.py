"""No report of an owner holds a name, member or amount of a goal that is not below theirs."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.app.books import Selection, report_book, track_book
from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.load import load_plan
from salesgoal.app.owner_reports import for_owner, split_by
from salesgoal.app.track import track
from salesgoal.domain.subtree import owned_goals
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.scale import Scale

PLUGINS = built_in_plugins()
REGIONS = ["东区", "南区", "西区"]
PEOPLE = [f"员工{letter}" for letter in "ABCDEF"]
OWNERS = ["赵甲", "钱乙", "孙丙", "周戊"]
PLAN = """\
[plan]
name = "某计划"
period = "2023-10"
levels = ["month", "week"]
[metrics.sales]
unit = "元"
decimals = 2
[dimensions.region]
members = {regions}
[dimensions.person]
members = {people}
[[breakdowns]]
by = ["region", "person"]
[[breakdowns]]
by = ["person"]
[[targets]]
path = "targets.csv"
[[actuals]]
path = "records.csv"
[[reviews]]
path = "reviews.csv"
"""


@attrs.frozen
class Goal:
    region: str
    person: str
    owner: str
    target: int
    actual: int

    @property
    def marks(self):
        """What would give the goal away: its amounts, as any renderer writes them."""
        amounts = (self.target, self.actual)
        return [
            text for each in amounts for text in (f"{each}.00", f"{each:,}.00", f">{each}<")
        ]


AMOUNTS = st.integers(100_003, 999_983).filter(lambda amount: amount % 1_000)


@st.composite
def goals(draw):
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=6, unique=True))
    amounts = draw(st.lists(AMOUNTS, min_size=12, max_size=12, unique=True))
    return [
        Goal(
            region=draw(st.sampled_from(REGIONS)),
            person=person,
            owner=draw(st.sampled_from(OWNERS)),
            target=amounts[2 * at],
            actual=amounts[2 * at + 1],
        )
        for at, person in enumerate(people)
    ]


def lay_out(folder, drawn, above):
    (folder / "plan.toml").write_text(PLAN.format(regions=REGIONS, people=PEOPLE), "utf-8")
    targets = ["region,person,period,target,owner"]
    targets += [f"{g.region},{g.person},2023-10,{g.target},{g.owner}" for g in drawn]
    regions = {g.region: sum(o.target for o in drawn if o.region == g.region) for g in drawn}
    if above:
        targets += [f"{name},,2023-10,{whole},李总" for name, whole in regions.items()]
    records = ["date,region,person,sales"]
    records += [f"2023-10-06,{g.region},{g.person},{g.actual}" for g in drawn]
    records.append("2023-10-07,不明,员工A,13579.97")
    reviews = ["region,person,period,cause,amount,action,owner"]
    reviews += [
        f"{g.region},{g.person},2023-10,因{g.person},{g.target % 977},改{g.person},{g.owner}"
        for g in drawn
    ]
    for name, rows in (("targets", targets), ("records", records), ("reviews", reviews)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")


def texts(book, scale):
    for name in ("xlsx", "markdown", "csv", "json", "terminal", "html"):
        stream = io.BytesIO()
        PLUGINS.renderer(name).write(book, stream, RenderOptions(scale=scale))
        content = stream.getvalue()
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                yield name, "".join(package.read(each).decode() for each in package.namelist())
        else:
            yield name, content.decode("utf-8-sig")


@settings(max_examples=min(25, settings().max_examples // 4))
@given(goals(), st.booleans(), st.sampled_from(Scale))
def test_no_report_of_an_owner_holds_anything_of_the_others(drawn, above, scale):
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), drawn, above)
        tracking = track(load_plan(name), as_of=date(2023, 10, 31))
        owned = owned_goals(tracking.scorecards)
        for owner in owned:
            portion = for_owner([tracking], owner)
            mine = {path for each in portion for path in each.scorecards[0].tree.path}
            own = [g for g in drawn if f"{g.region}/{g.person}" in mine]
            others = [g for g in drawn if g not in own]
            secrets = {mark for g in others for mark in g.marks} | {"不明", "13579.97"}
            secrets |= {g.person for g in others} - {g.person for g in own}
            secrets |= {g.owner for g in others} - {g.owner for g in own}
            secrets |= {g.region for g in others} - {g.region for g in own}
            secrets |= {"李总"} - {owner}
            secrets |= {
                f"{mark}" for g in others for mark in (f"因{g.person}", f"改{g.person}")
            }
            for book in (report_book(portion), track_book(portion, Selection())):
                for form, text in texts(book, scale):
                    assert not [each for each in secrets if each in text], (owner, form)


@settings(max_examples=min(25, settings().max_examples // 4))
@given(goals(), st.booleans())
def test_the_files_of_all_owners_hold_every_owned_goal_once(drawn, above):
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), drawn, above)
        tracking = track(load_plan(name), as_of=date(2023, 10, 31))
        leaves = [
            path
            for portion in split_by([tracking], "region").values()
            for each in portion
            for path in each.scorecards[0].tree.path
            if "/" in path
        ]
        assert sorted(leaves) == sorted(f"{g.region}/{g.person}" for g in drawn)
