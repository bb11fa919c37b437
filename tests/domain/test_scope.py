from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.scope import ANY, decode_scope, encode_scope, find_people
from salesgoal.errors import UnknownName

DIMENSIONS = [Dimension("product", ["A", "B"]), Dimension("region", [Member("华东", ["East"])])]


@pytest.mark.parametrize(
    ("scope", "codes", "shown"),
    [
        ({}, (ANY, ANY), {}),
        ({"product": "B"}, (1, ANY), {"product": "B"}),
        ({"region": "East", "product": "A"}, (0, 0), {"product": "A", "region": "华东"}),
    ],
)
def test_a_scope_reads_back_by_canonical_names(scope, codes, shown):
    assert encode_scope(scope, DIMENSIONS) == codes
    assert decode_scope(codes, DIMENSIONS) == shown


@pytest.mark.parametrize(
    ("scope", "kind"), [({"area": "华东"}, "dimension"), ({"region": "华北"}, "region")]
)
def test_an_unknown_dimension_or_member_is_refused(scope, kind):
    with pytest.raises(UnknownName) as caught:
        encode_scope(scope, DIMENSIONS)
    assert caught.value.kind == kind


def test_an_unknown_dimension_comes_with_those_that_are_there():
    with pytest.raises(UnknownName) as caught:
        encode_scope({"area": "华东"}, DIMENSIONS)
    assert (caught.value.name, caught.value.nearest) == ("area", ("product", "region"))


JULY = date(2023, 7, 1)
MOVED = Dimension(
    "rep",
    [
        "华东",
        "华南",
        Member("张三", parent="华东", until=date(2023, 6, 30)),
        Member("张三", parent="华南", since=JULY),
        Member("李四", parent="华东"),
    ],
)


def test_who_moved_is_meant_by_the_seat_of_a_day_and_else_by_the_last():
    before, after = 2, 3
    assert encode_scope({"rep": "张三"}, [MOVED], date(2023, 6, 30)) == (before,)
    assert encode_scope({"rep": "张三"}, [MOVED], JULY) == (after,)
    assert encode_scope({"rep": "张三"}, [MOVED]) == (after,)


def test_all_seats_of_who_moved_are_one_person_in_each_scope():
    dimensions = [DIMENSIONS[0], MOVED]
    scopes = [(ANY, 2), (ANY, 3), (0, 2), (0, 3), (1, 2), (ANY, 4), (0, 4), (ANY, ANY)]
    found = find_people(scopes, dimensions)
    assert set(found) == {(ANY, 2), (ANY, 3), (0, 2), (0, 3)}
    assert found[ANY, 2] == found[ANY, 3] != found[0, 2] == found[0, 3]
    assert find_people([(0, 0), (1, 0)], DIMENSIONS) == {}
