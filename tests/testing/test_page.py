"""The reference page of the kit says what the code says; its names have rows."""

from __future__ import annotations

import pytest

from salesgoal import testing
from salesgoal.testing import strategies

from .page import PAGE, page_text


def test_the_page_is_what_the_code_says():
    """`make pages` writes it."""
    assert PAGE.read_text("utf-8") == page_text()


@pytest.mark.parametrize("room", [testing, strategies])
def test_names_are_public_and_have_their_rows(room):
    assert len(set(room.__all__)) == len(room.__all__)
    for name in room.__all__:
        assert not name.startswith("_")
        assert hasattr(room, name)
        assert f"| `{name}` |" in PAGE.read_text("utf-8")
