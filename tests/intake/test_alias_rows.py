"""Names that a person has confirmed become aliases; what is known or refused adds nothing."""

from __future__ import annotations

import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.problem import Place
from salesgoal.intake.alias_rows import add_aliases
from salesgoal.intake.table import make_table
from salesgoal.ports.importer import Page, RawRow

MEMBERS = [Member("云帆科技", ["云帆"]), Member("恒信贸易")]
CUSTOMER = Dimension("customer", MEMBERS, name="客户")
HEADER = ("维度", "名称", "建议1", "确认")


def confirmed(*rows, header=HEADER):
    raw = tuple(RawRow(row, Place("别名.csv", row=at)) for at, row in enumerate(rows, 2))
    table = make_table([Page(raw, header)], Place("别名.csv"), {})
    members, problems = add_aliases(CUSTOMER, MEMBERS, table)
    return {each.name: tuple(each.aliases) for each in members}, problems


@pytest.mark.parametrize(
    ("row", "alias"),
    [
        (("客户", "云帆公司", "云帆科技", "是"), "云帆公司"),
        (("customer", "云帆公司", None, "云帆科技"), "云帆公司"),
        ((None, "云帆公司", "恒信贸易", "云帆"), "云帆公司"),
        (("客户", "'=云帆", "云帆科技", "Yes"), "=云帆"),
    ],
)
def test_a_confirmed_name_becomes_an_alias_of_its_member(row, alias):
    assert confirmed(row) == ({"云帆科技": ("云帆", alias), "恒信贸易": ()}, [])


@pytest.mark.parametrize(
    "row",
    [
        ("客户", "云帆公司", "云帆科技", None),
        ("客户", "云帆公司", "云帆科技", "否"),
        ("区域", "云帆公司", "云帆科技", "是"),
        ("客户", "云帆", "云帆科技", "是"),
        ("客户", " ", "云帆科技", "是"),
    ],
)
def test_what_is_open_of_another_dimension_or_known_already_adds_nothing(row):
    assert confirmed(row) == ({"云帆科技": ("云帆",), "恒信贸易": ()}, [])


def test_a_confirmation_by_a_name_that_is_nobodys_is_a_problem():
    names, (problem,) = confirmed(("客户", "云帆公司", None, "恒信贸"))
    assert names == {"云帆科技": ("云帆",), "恒信贸易": ()}
    assert (problem.code, problem.where.row, problem.column, problem.value) == (
        *("unconfirmed-name", 2, "确认", "恒信贸"),
    )
    assert "恒信贸易" in problem.message("zh") + problem.text("zh")


def test_a_name_that_means_another_member_already_is_a_problem_that_names_both():
    names, (problem,) = confirmed(("客户", "恒信贸易", "云帆科技", "是"))
    assert names == {"云帆科技": ("云帆",), "恒信贸易": ()}
    assert (problem.code, problem.column, problem.value) == ("alias-taken", "名称", "恒信贸易")
    assert "确认为 云帆科技 的别名，但它在客户中已是 恒信贸易 的名称" in problem.text("zh")
    assert "an alias of 云帆科技, but means 恒信贸易 in 客户 already" in problem.text("en")


def test_a_name_confirmed_for_two_members_is_the_firsts_and_a_problem():
    rows = [("客户", "云帆", None, "云帆科技"), ("客户", "海云", None, "云帆科技")]
    names, (problem,) = confirmed(
        *rows, ("客户", "海 云", None, "恒信贸易"), ("客户", "海云", None, "云帆")
    )
    assert names == {"云帆科技": ("云帆", "海云"), "恒信贸易": ()}
    assert (problem.code, problem.where.row) == ("alias-taken", 4)
    assert "恒信贸易 的别名，但它在客户中已是 云帆科技 的" in problem.text("zh")


def test_a_table_without_its_columns_is_a_problem_for_each():
    names, problems = confirmed(("客户", "云帆公司"), header=("维度", "客户名"))
    assert names == {"云帆科技": ("云帆",), "恒信贸易": ()}
    assert [(each.code, each.column) for each in problems] == [
        *(("missing-column", "名称"), ("missing-column", "确认")),
    ]
