from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.membership import MAX_DEPTH
from salesgoal.domain.scope import ANY, encode_scope, find_people
from salesgoal.errors import PlanRefused

MAY, JUNE, JULY = date(2023, 5, 31), date(2023, 6, 30), date(2023, 7, 1)
MOVED = Dimension(
    "rep",
    [
        "华东",
        "华南",
        Member("张三", ["老张"], "华东", until=JUNE),
        Member("张三", parent="华南", since=JULY),
        Member("李四", parent="华东", since=date(2023, 3, 1), until=MAY),
    ],
)


def names(dimension, code):
    return [dimension.members[each].name for each in dimension.chains[code]]


def codes(refused):
    return [each.code for each in refused.value.problems]


def test_who_moved_has_a_code_a_seat():
    assert [names(MOVED, code) for code in range(5)] == [
        ["华东"],
        ["华南"],
        ["华东", "张三"],
        ["华南", "张三"],
        ["华东", "李四"],
    ]
    assert MOVED.members[2].until == JUNE
    assert MOVED.members[3].since == JULY


def test_a_name_alone_means_the_last_seat():
    assert MOVED.find("张三") == MOVED.find("老张") == MOVED.code("张三") == 3
    assert MOVED.find("华东") == 0


@pytest.mark.parametrize(
    ("name", "day", "seat", "nearest"),
    [
        ("张三", JUNE, 2, 2),
        ("张三", JULY, 3, 3),
        ("李四", date(2023, 2, 28), None, 4),
        ("李四", date(2023, 3, 1), 4, 4),
        ("李四", JULY, None, 4),
        ("华东", JULY, 0, 0),
    ],
)
def test_a_day_tells_the_seat(name, day, seat, nearest):
    code = MOVED.code(name)
    assert MOVED.seats.on(code, day) == seat
    assert MOVED.code(name, day) == MOVED.seats.nearest(code, day) == nearest
    assert encode_scope({"rep": name}, [MOVED], day) == (nearest,)


def test_the_seats_of_a_span_are_its_stretches():
    def inside(name, start, stop):
        found = MOVED.seats.inside(MOVED.code(name), start, stop)
        return [(date.fromordinal(a), date.fromordinal(b), code) for a, b, code in found]

    start, stop = date(2023, 6, 1), date(2023, 8, 1)
    assert inside("张三", start, stop) == [(start, JULY, 2), (JULY, stop, 3)]
    assert inside("李四", start, stop) == []
    assert inside("华东", start, stop) == [(start, stop, 0)]


def test_who_comes_back_takes_the_old_seat_again():
    away = [
        Member("张三", parent="华东", until=MAY),
        Member("张三", parent="华南", since=date(2023, 6, 1), until=JUNE),
        Member("张三", parent="华东", since=JULY),
    ]
    dimension = Dimension("rep", ["华东", "华南", *away])
    assert len(dimension.members) == 4
    seats = {dimension.code("张三", day) for day in (MAY, JULY)}
    assert len(seats) == 1
    assert not seats & {dimension.code("张三", JUNE)}


def test_people_move_along_with_the_member_above():
    dimension = Dimension(
        "rep",
        [
            "大区一",
            "大区二",
            Member("张三", parent="华东"),
            Member("华东", parent="大区一", until=JUNE),
            Member("华东", parent="大区二", since=JULY),
        ],
    )
    assert names(dimension, dimension.code("张三", JUNE)) == ["大区一", "华东", "张三"]
    assert names(dimension, dimension.code("张三", JULY)) == ["大区二", "华东", "张三"]


def test_nobody_sits_under_who_is_not_there():
    dimension = Dimension("rep", [Member("一组", until=JUNE), Member("张三", parent="一组")])
    code = dimension.code("张三")
    assert dimension.seats.on(code, JUNE) == code
    assert dimension.seats.on(code, JULY) is None


def test_rows_that_follow_one_another_are_one_seat():
    dimension = Dimension("rep", ["A", Member("张三", until=JUNE), Member("张三", since=JULY)])
    assert len(dimension.members) == 2
    assert not dimension.seats.timetable
    assert dimension.codes == {"A": 0, "张三": 1}


def test_days_do_not_change_a_dimension_made_anew():
    again = Dimension(MOVED.id, MOVED.given, name=MOVED.name)
    assert again == MOVED
    assert again.members == MOVED.members


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ([Member("张三", until=JULY), Member("张三", since=JULY)], ["seats-overlap"]),
        ([Member("张三", since=JULY), "张三"], ["seats-overlap"]),
        (["张三", "张三"], ["duplicate-name"]),
        ([Member("张三", since=JULY), Member("李四", ["张三"])], ["duplicate-name"]),
        ([Member("张三", since=JULY, until=JUNE)], ["seat-without-day"]),
        (
            [Member("一组", until=JUNE), Member("张三", parent="一组", since=JULY)],
            ["seat-without-day"],
        ),
        (
            [Member("甲", parent="乙", since=JULY), Member("乙", parent="甲", since=JULY)],
            ["parent-cycle", "parent-cycle"],
        ),
        ([Member("张三", parent="一组", since=JULY)], ["unknown-member"]),
        (
            [Member("专家", until=JUNE, overlay=True), Member("专家", since=JULY)],
            [],
        ),
        (
            [
                Member("一组", overlay=True),
                "二组",
                Member("专家", parent="一组", until=JUNE),
                Member("专家", parent="二组", since=JULY),
            ],
            ["mixed-overlay"],
        ),
    ],
)
def test_what_is_wrong_with_seats_is_said(members, found):
    if not found:
        assert Dimension("rep", members).overlays
        return
    with pytest.raises(PlanRefused) as refused:
        Dimension("rep", members)
    assert codes(refused) == found


def test_members_may_swap_places_on_a_day():
    dimension = Dimension(
        "rep",
        [
            Member("甲", parent="乙", until=JUNE),
            Member("甲", since=JULY),
            Member("乙", until=JUNE),
            Member("乙", parent="甲", since=JULY),
        ],
    )
    assert names(dimension, dimension.code("甲", JUNE)) == ["乙", "甲"]
    assert names(dimension, dimension.code("乙", JULY)) == ["甲", "乙"]


def test_a_dated_chain_may_be_too_deep_too():
    members = [Member("0", since=JULY)]
    members += [Member(str(n), parent=str(n - 1)) for n in range(1, MAX_DEPTH + 1)]
    with pytest.raises(PlanRefused) as refused:
        Dimension("rep", members)
    assert codes(refused) == ["too-deep"]


def test_people_are_found_over_their_seats():
    product = Dimension("product", ["A"])
    scopes = [(2, 0), (3, 0), (0, 0), (ANY, 0), (4, 0)]
    assert find_people(scopes, [MOVED, product]) == {(2, 0): (2, 0), (3, 0): (2, 0)}
    assert find_people([(0,)], [product]) == {}


def test_what_is_shared_out_today_goes_to_last_seats_and_not_to_overlays():
    dimension = Dimension("rep", [*MOVED.given, Member("专家", overlay=True)])
    now = [
        code for code in range(len(dimension.members)) if dimension.counts_on(code, date.max)
    ]
    assert [dimension.members[code].name for code in now] == ["华东", "华南", "张三", "李四"]
    assert dimension.code("张三") in now
