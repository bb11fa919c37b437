"""Secrets are used and never shown."""

from __future__ import annotations

import json
import pickle
from copy import copy, deepcopy

import attrs
import pytest

from salesgoal.ports.secret import Secret

TEXT = "sentinel-4711"


@attrs.frozen
class Options:
    token: Secret


def test_no_text_shows_a_secret():
    secret = Secret(TEXT)
    options = Options(secret)
    shown = [
        str(secret),
        repr(secret),
        f"{secret!s:>40}",
        repr(options),
        repr(attrs.asdict(options)),
    ]
    assert not [each for each in shown if TEXT in each]
    assert secret.reveal() == TEXT


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps])
def test_a_secret_is_not_written(write):
    with pytest.raises(TypeError) as refused:
        write(Secret(TEXT))
    assert TEXT not in str(refused.value)


def test_a_copy_is_the_secret_itself():
    secret = Secret(TEXT)
    assert copy(secret) is deepcopy(secret) is secret


def test_secrets_of_one_text_are_not_equal():
    assert Secret(TEXT) != Secret(TEXT)
