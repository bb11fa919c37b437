"""Feishu's own SDK reads the fake, so that the fake is not only what we think of the service.

It runs where `lark-oapi` is installed: `pip install 'salesgoal-feishu[oracles]'`.
"""

from __future__ import annotations

import pytest

from salesgoal.testing import Bench, World

from .mutants import RIGHT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def bench():
    world = World(page_share=4)
    world.put_many([f"D-{at:02d}" for at in range(23)])
    world.edit("D-03", amount="1234567.89")
    world.delete("D-07")
    with Bench(RIGHT, world) as bench:
        yield bench


@pytest.fixture(scope="module")
def client(bench):
    """One for all tests: the SDK keeps its token by the id of the app, whoever gave it."""
    lark = pytest.importorskip("lark_oapi")
    options = bench.request().options
    return (
        lark.Client.builder()
        .app_id(options.app_id)
        .app_secret(options.app_secret.reveal())
        .domain(options.base_url)
        .build()
    )


def test_the_sdk_lists_the_fields_that_we_read(client, bench):
    from lark_oapi.api.bitable.v1 import ListAppTableFieldRequest

    options = bench.request().options
    asked = ListAppTableFieldRequest.builder()
    asked = asked.app_token(options.app_token).table_id(options.table_id).page_size(100)
    found = client.bitable.v1.app_table_field.list(asked.build())
    assert found.success(), (found.code, found.msg)
    (page, *_) = bench.pages(bench.request())
    names = [field.field_name for field in found.data.items]
    assert names == [*page.columns][: len(names)]
    assert len(names) == bench.world.page_share


def test_the_sdk_reads_the_records_that_we_read(client, bench):
    from lark_oapi.api.bitable.v1 import (
        SearchAppTableRecordRequest,
        SearchAppTableRecordRequestBody,
    )

    options = bench.request().options
    found, token = {}, None
    while True:
        body = SearchAppTableRecordRequestBody.builder().automatic_fields(True)  # noqa: FBT003
        asked = SearchAppTableRecordRequest.builder()
        asked = asked.app_token(options.app_token).table_id(options.table_id)
        asked = asked.page_size(500).request_body(body.build())
        if token:
            asked = asked.page_token(token)
        answer = client.bitable.v1.app_table_record.search(asked.build())
        assert answer.success(), (answer.code, answer.msg)
        found |= {item.record_id: item for item in answer.data.items}
        assert answer.data.total == 22
        if not answer.data.has_more:
            break
        token = answer.data.page_token
    rows = [row for page in bench.pages(bench.request()) for row in page.rows]
    assert found.keys() == {row.key for row in rows} == bench.world.truth().keys()
    for row in rows:
        item = found[row.key]
        assert item.last_modified_time == row.revision.timestamp() * 1000
        assert "".join(each["text"] for each in item.fields["商机"]) == row.values[0]
        assert item.fields["金额"] == pytest.approx(float(row.values[1]))
        assert item.fields["成交日"] == row.values[3].timestamp() * 1000
