from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.dimension import MAX_DEPTH, Dimension, Member, fold_name, nearest_names
from salesgoal.domain.problem import Place
from salesgoal.errors import PlanRefused, UnknownName

JULY = date(2023, 7, 1)
REGION = Dimension(
    "region",
    [
        Member("华东", ["East"]),
        Member("上海", ["沪", "Shanghai"], "华东"),
        Member("浦东", parent="沪"),
        "华南",
    ],
    "区域",
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("温　进", "温进"),
        ("甲乙（上海） ", "甲乙(上海)"),
        ("North \t America", "North America"),
        ("Ａ１", "A1"),
        ("华\u200b东\ufeff", "华东"),
        ("华\u00ad东\ufe0f", "华东"),
        ("\u3164华\u2063东", "华东"),
        ("华东 A", "华东 A"),
    ],
)
def test_width_and_stray_spaces_do_not_matter(written, folded):
    assert fold_name(written) == folded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("华东", 0),
        ("East", 0),
        ("沪", 1),
        ("Ｅａｓｔ", 0),
        (" 华 东", 0),
        ("华南", 3),
        ("浦东", 2),
    ],
)
def test_a_member_is_found_by_name_or_alias(text, code):
    assert REGION.find(text) == code
    assert REGION.code(text) == code


@pytest.mark.parametrize("text", ["east", "华北", "", "上海市"])
def test_an_unknown_name_is_never_guessed(text):
    assert REGION.find(text) is None
    with pytest.raises(UnknownName, match="区域"):
        REGION.code(text)


def test_an_unknown_name_comes_with_the_nearest_ones():
    with pytest.raises(UnknownName) as caught:
        REGION.code("上海市")
    assert caught.value.nearest == ("上海",)
    assert nearest_names("zzz", ["abc"]) == ()


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("上海市", "区域中没有这个名称；是否为 上海", "; did you mean 上海"),
        ("西", "区域中没有这个名称 ", "区域 has no such member "),
    ],
)
def test_an_unknown_name_makes_a_problem_with_or_without_a_suggestion(text, zh, en):
    found = REGION.unknown(text, Place("a.csv", row=2), "区域")
    assert zh in found.text("zh")
    assert en in found.text("en")


def test_chains_run_from_the_top_to_the_member():
    assert REGION.chains == ((0,), (0, 1), (0, 1, 2), (3,))
    assert REGION.leaves == [2, 3]


def test_a_member_is_within_itself_and_those_above():
    assert REGION.is_within(2, 0)
    assert REGION.is_within(2, 2)
    assert not REGION.is_within(0, 2)
    assert not REGION.is_within(3, 0)


def test_a_dimension_without_a_name_shows_its_id():
    assert Dimension("region", []).name == "region"


def deep(levels):
    return [
        Member(f"m{each}", parent=f"m{each - 1}" if each else None) for each in range(levels)
    ]


def test_the_deepest_allowed_member_stands_at_the_limit():
    assert len(Dimension("d", deep(MAX_DEPTH)).chains[-1]) == MAX_DEPTH


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        (["A", "A"], ["duplicate-name"]),
        (["A", Member("B", ["Ａ"])], ["duplicate-name"]),
        ([Member("A", parent="B")], ["unknown-member"]),
        ([Member("A", parent="A")], ["parent-cycle"]),
        ([Member("A", parent="B"), Member("B", parent="A")], ["parent-cycle"] * 2),
        (
            [Member("A", parent="B"), Member("B", parent="C"), Member("C", parent="B")],
            ["parent-cycle"] * 2,
        ),
        (deep(MAX_DEPTH + 1), ["too-deep"]),
        (["A", Member("A", parent="X")], ["duplicate-name", "unknown-member"]),
    ],
)
def test_every_fault_of_the_members_is_named_at_once(members, codes):
    with pytest.raises(PlanRefused) as caught:
        Dimension("d", members)
    assert [each.code for each in caught.value.problems] == codes
    assert all(each.text("zh") and each.text("en") for each in caught.value.problems)


def test_a_member_may_repeat_its_own_name():
    assert Dimension("d", [Member("A", ["A", "Ａ"])]).code("A") == 0


def test_a_cycle_shows_its_path():
    with pytest.raises(PlanRefused, match="A > B > A"):
        Dimension("d", [Member("A", parent="B"), Member("B", parent="A")])


def faults(*members):
    with pytest.raises(PlanRefused) as refused:
        Dimension("region", members, "区域")
    return [
        (each.code, each.where.source, each.where.key, each.column, each.value)
        for each in refused.value.problems
    ]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ([" "], ("blank-required", "dimension region", " ", None, None)),
        (
            ["华东", Member("华南", ["华 东"])],
            ("duplicate-name", "dimension region", "华南", None, "华 东"),
        ),
        (
            [Member("上海", parent="华中")],
            ("unknown-member", "dimension region", "上海", "parent", "华中"),
        ),
        (
            [
                "华东",
                Member("专家组", overlay=True),
                Member("专家", parent="华东", until=date(2023, 6, 30)),
                Member("专家", parent="专家组", since=JULY),
            ],
            ("mixed-overlay", "dimension region", "专家", None, "专家"),
        ),
    ],
)
def test_a_fault_stands_at_its_member_and_shows_what_was_written(members, found):
    assert found in faults(*members)


def test_what_an_unknown_name_may_mean_is_listed():
    found = Dimension("region", ["华东一区", "华东二区", "华北"], "区域").unknown(
        "华东三区", Place("a.csv", row=7), "区域"
    )
    assert (found.column, found.value, found.facts["dimension"]) == ("区域", "华东三区", "区域")
    assert sorted(found.facts["nearest"]) == ["华东一区", "华东二区"]
    assert found.facts["nearest_zh"] == f"；是否为 {'、'.join(found.facts['nearest'])}"
    assert len(nearest_names("华东三区", [f"华东{each}区" for each in "一二四五"])) == 3


def test_members_are_found_by_their_own_name_first():
    plain = Dimension("region", ["华东", Member("上海", ["沪"], "华东")])
    assert (plain.find("沪"), plain.find("上 海"), plain.find("京")) == (1, 1, None)
    assert plain.members == plain.seats.members
    assert plain.chains == plain.seats.chains == ((0,), (0, 1))
    assert dict(plain.seats.timetable) == {}


def test_who_moved_is_found_at_the_last_seat_and_who_stayed_at_the_only_one():
    moved = Dimension(
        "rep",
        [
            "华东",
            "华南",
            Member("张三", ["小张"], parent="华东", until=date(2023, 6, 30)),
            Member("李四", parent="华南", since=JULY),
            Member("张三", parent="华南", since=JULY),
        ],
    )
    last = moved.chains[moved.code("小张")]
    assert [moved.members[code].name for code in last] == ["华南", "张三"]
    stays = moved.chains[moved.code("李四")]
    assert [moved.members[code].name for code in stays] == ["华南", "李四"]
    assert moved.code("张三", JULY) != moved.code("张三", date(2023, 6, 30))


def test_the_head_of_overlays_is_the_first_on_the_way_down():
    made = Dimension(
        "rep",
        [
            "团队",
            Member("专家组", parent="团队", overlay=True),
            Member("专家", parent="专家组"),
            Member("助理", parent="专家"),
            Member("销售", parent="团队"),
        ],
    )
    assert [made.is_overlay_head(code) for code in range(5)] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert made.overlays == {1, 2, 3}
    alone = Dimension("rep", [Member("专家", overlay=True)])
    assert alone.is_overlay_head(0)
