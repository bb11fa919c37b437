from __future__ import annotations

import pickle

import pytest

from salesgoal.domain.lazy_column import LazyColumn


def test_a_column_is_worked_out_once_and_only_when_it_is_read():
    asked = []

    def make():
        asked.append(True)
        return [1, None, 3]

    column = LazyColumn(3, make)
    assert len(column) == 3
    assert "3 values" in repr(column)
    assert not asked
    assert column[1] is None
    assert column[1:] == [None, 3]
    assert list(column) == [1, None, 3]
    assert asked == [True]


def test_it_equals_any_sequence_of_the_same_values():
    column = LazyColumn(2, lambda: [1, 2])
    assert column == [1, 2]
    plain = [1, 2]
    assert plain == column
    assert column == (1, 2)
    assert column != [1, 3]
    assert column != [1]
    assert column != 1
    with pytest.raises(TypeError):
        hash(column)


def test_what_is_sent_elsewhere_is_the_column_itself():
    sent = pickle.dumps(LazyColumn(1, lambda: [7]))
    assert pickle.loads(sent) == [7]  # noqa: S301 - our own
