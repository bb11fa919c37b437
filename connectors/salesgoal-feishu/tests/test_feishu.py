"""What is Feishu's own: values of fields, codes in bodies, tokens, and readings that agree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from salesgoal.errors import AuthError, BadResponse, ConfigError, Unavailable
from salesgoal.intake.date_text import read_day
from salesgoal.ports.importer import Unreadable
from salesgoal.testing import Answer, Bench, World
from salesgoal_feishu.cells import cell_of

from .fake_feishu import FIELDS, error
from .mutants import RIGHT

MIDNIGHT = 1696521600000
"""6 October 2023 in Beijing."""
LINK = {"record_ids": ["rec1"], "table_id": "tbl", "text": "甲公司", "type": "text"}


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        (1, [{"text": "华", "type": "text"}, {"text": "东", "type": "mention"}], "华东"),
        (1, "plain", "plain"),
        (1, "", None),
        (1, [], None),
        (2, Decimal("1500.50"), Decimal("1500.50")),
        (2, 1500, 1500),
        (2, Decimal("731.93999999999994"), Decimal("731.94")),
        (2, Decimal("12345678901234.567"), Decimal("12345678901234.567")),
        (2, Decimal("1E+2"), Decimal("1E+2")),
        (3, "赢单", "赢单"),
        (4, ["大客户", "续约"], "大客户;续约"),
        (5, MIDNIGHT, datetime(2023, 10, 5, 16, tzinfo=UTC)),
        (5, Decimal("1.5"), Unreadable("1.5", "no-cell-value", {"kind": "Decimal"})),
        (5, 10**30, Unreadable(str(10**30), "no-cell-value", {"kind": "int"})),
        (1002, 0, datetime(1970, 1, 1, tzinfo=UTC)),
        (7, False, False),
        (11, [{"id": "ou_1", "name": "张三"}, {"id": "ou_2", "en_name": "Li"}], "张三;Li"),
        (11, [{"id": "ou_1"}], "ou_1"),
        (13, "13800000000", "13800000000"),
        (15, {"text": "官网", "link": "https://example.com"}, "官网"),
        (17, [{"file_token": "x", "name": "合同.pdf"}], "合同.pdf"),
        (18, {"link_record_ids": ["rec1", "rec2"]}, "rec1;rec2"),
        (18, [LINK, LINK | {"text": "乙公司"}], "甲公司;乙公司"),
        (19, {"type": 11, "value": [{"id": "ou_1", "name": "张三"}]}, "张三"),
        (20, {"type": 1, "value": [{"text": "正常", "type": "text"}]}, "正常"),
        (20, {"type": 2, "value": [Decimal("0.5")]}, Decimal("0.5")),
        (20, {"type": 2, "value": []}, None),
        (20, {"type": 5, "value": [MIDNIGHT]}, datetime(2023, 10, 5, 16, tzinfo=UTC)),
        (
            20,
            {"type": 2, "value": [1, 2]},
            Unreadable("[1, 2]", "no-cell-value", {"kind": "list"}),
        ),
        (22, {"full_address": "北京市", "location": "116,39"}, "北京市"),
        (23, [{"id": "oc_1", "name": "销售群"}], "销售群"),
        (1003, {"id": "ou_1", "name": "张三"}, "张三"),
        (1005, "No.17", "No.17"),
        (99, {"shape": 1}, Unreadable("{'shape': 1}", "no-cell-value", {"kind": "dict"})),
    ],
)
def test_a_value_of_a_field_is_what_its_field_says(kind, value, cell):
    found = cell_of(value, kind)
    assert found == cell
    assert type(found) is type(cell)


def test_a_day_becomes_the_business_day_in_the_plan_s_zone():
    assert read_day(cell_of(MIDNIGHT, 5), None, ZoneInfo("Asia/Shanghai")) == date(2023, 10, 6)


@pytest.fixture
def bench():
    world = World()
    world.put_many(["A", "B", "C"])
    world.advance(3600)
    with Bench(RIGHT, world) as bench:
        yield bench


def run(bench, **changes):
    """Every row of one run with some options changed."""
    request = bench.request()
    request = attrs.evolve(request, options=attrs.evolve(request.options, **changes))
    return list(bench.pages(request))


def keys(pages):
    return {row.key for page in pages for row in page.rows}


def test_columns_come_in_the_order_that_is_asked_for(bench):
    (page,) = run(bench, columns=("成交日", "金额"))
    assert page.columns == ("成交日", "金额")
    assert [len(row.values) for row in page.rows] == [2, 2, 2]
    (page,) = run(bench)
    assert page.columns == tuple(FIELDS)
    with pytest.raises(ConfigError, match="the table has no field 数量; its fields are 商机"):
        run(bench, columns=("数量",))


def test_a_key_may_be_a_field_of_the_table(bench):
    assert keys(run(bench, key="商机", columns=("金额",))) == {"A", "B", "C"}
    assert keys(run(bench, key="客户")) != {"A", "B", "C"}
    bench.world.put("D", customer=None)
    pages = run(bench, key="客户")
    assert {row.key for page in pages for row in page.rows if row.where.key == "D"} == {"D"}


def test_a_view_counts_by_its_filter(bench):
    bench.world.reopen("B")
    assert keys(run(bench, view_id="vewNorth")) == {"A", "C"}
    with pytest.raises(ConfigError, match="view_id is not there"):
        run(bench, view_id="vewGone")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"app_token": "bascnOther"}, "app_token is not there"),
        ({"table_id": "tblOther"}, "table_id is not there"),
        ({"app_token": "a/../b"}, "app_token cannot be"),
        ({"table_id": ""}, "table_id cannot be"),
        ({"base_url": "ftp://x"}, "base_url"),
    ],
)
def test_an_option_that_is_wrong_is_named(bench, changes, fault):
    with pytest.raises(ConfigError, match=fault):
        run(bench, **changes)


def test_an_empty_table_is_believed_only_where_it_may_be_empty(bench):
    for key in ("A", "B", "C"):
        bench.world.delete(key)
    (page,) = run(bench)
    assert (page.rows, page.columns) == ((), tuple(FIELDS))
    with pytest.raises(AuthError, match="set may_be_empty"):
        run(bench, may_be_empty=False)


def test_a_token_that_runs_out_is_renewed_in_the_midst_of_a_run(bench):
    bench.world.page_share = 1

    def late(number):
        if number == 4:
            bench.world.advance(3 * 3600)

    bench.server.on_request = late
    assert keys(run(bench)) == {"A", "B", "C"}
    asked = [each.path for each in bench.server.requests]
    assert sum("tenant_access_token" in each for each in asked) == 2
    assert not bench.waits


@pytest.mark.parametrize(
    ("code", "kind"),
    [(91403, AuthError), (99991672, AuthError), (1254000, BadResponse), (1254290, Unavailable)],
)
def test_a_code_in_the_body_decides(bench, code, kind):
    bench.server.on_request = lambda number: (
        setattr(bench.server, "lasting", lambda _: error(code)) if number == 3 else None
    )
    with pytest.raises(kind, match=str(code)) as raised:
        run(bench)
    assert "page_size" not in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        {"items": [], "total": 0},
        {"items": {}, "total": 0, "has_more": False},
        {"items": [], "total": "0", "has_more": False},
        {"items": [{"fields": {}}], "total": 1, "has_more": False},
        {"items": [{"record_id": "A"}], "total": 1, "has_more": False},
        {"items": [{"record_id": "A", "fields": {}}], "total": 1, "has_more": False},
        {"items": [], "total": 0, "has_more": True},
        {"items": [], "total": 0, "has_more": True, "page_token": "MA=="},
    ],
)
def test_content_that_is_not_by_the_protocol_is_refused(bench, content):
    told = Answer.of({"code": 0, "msg": "success", "data": content})
    bench.server.on_request = lambda number: (
        setattr(bench.server, "lasting", lambda _: told) if number == 3 else None
    )
    with pytest.raises(BadResponse):
        run(bench)


@pytest.mark.parametrize("field", [{"field_name": "x"}, {"type": 1}, "x"])
def test_a_field_without_a_name_or_type_is_refused(bench, field):
    content = {"items": [field], "total": 1, "has_more": False}
    bench.server.faults[2] = lambda _: Answer.of({"code": 0, "msg": "", "data": content})
    with pytest.raises(BadResponse):
        run(bench)


@pytest.mark.parametrize("token", [None, 7, "", "two words", "密"])
def test_a_token_that_cannot_be_sent_is_refused(bench, token):
    bench.server.faults[1] = lambda _: Answer.of({"code": 0, "tenant_access_token": token})
    with pytest.raises(BadResponse, match="no token"):
        run(bench)


def test_a_quiet_table_is_read_once_beside_its_witness(bench):
    run(bench)
    searches = [each for each in bench.server.requests if each.path.endswith("/search")]
    assert [each.json["field_names"] for each in searches] == [["商机"], list(FIELDS)]


def test_a_table_in_which_records_go_all_the_while_is_given_up(bench):
    for number in range(40):
        bench.world.put(f"N{number:02d}")

    def meddle(number):
        if number > 2:
            bench.world.delete(next(iter(bench.world.truth())))
            bench.world.put(f"new {number}")

    bench.server.on_request = meddle
    with pytest.raises(Unavailable, match="records went away during each of 8 readings"):
        run(bench)
    assert len(bench.waits) == 8


def test_records_that_are_added_while_it_is_read_are_read_too(bench):
    bench.world.page_share = 2
    bench.server.on_request = lambda number: 2 < number < 15 and bench.world.put(f"~{number}")
    assert keys(run(bench)) == {"A", "B", "C", *(f"~{number}" for number in range(3, 15))}
