from __future__ import annotations

import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.scope import ANY, decode_scope, encode_scope
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
