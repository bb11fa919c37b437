"""Feishu connectors with one fault each, as people write them."""

from __future__ import annotations

from salesgoal_feishu import FEISHU

from salesgoal.testing import Case

from .fake_feishu import FakeFeishu

SKIPS = {
    "test_nothing_beyond_the_end_is_read": "a table is read as it stands: a record that was"
    " changed after `until` would be taken for gone if it were left out",
}
RIGHT = Case(spec=FEISHU, fake=FakeFeishu, skips=SKIPS)
