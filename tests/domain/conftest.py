"""Refusals and problems that the facts of `domain` provoke are read as people read them."""

from __future__ import annotations

import re

import pytest

from salesgoal.domain.problem import Problem
from salesgoal.error_words import KINDS_ZH
from salesgoal.errors import UnknownName, UsageError

DIMENSIONS = {"region", "product", "salesperson", "customer_type", "区域"}
"""Of the plans of these facts; their names stay in Chinese as the plan writes them."""
CHINESE = re.compile("[一-鿿]")


@pytest.fixture(autouse=True, scope="module")
def _refusals_speak_both_languages():
    """Whatever refuses says so in English and, beside it, in Chinese; nothing says None.

    A module at a time: for a session it would also listen to the plans of the journeys.
    """
    say, name = UsageError.__init__, UnknownName.__init__

    def say_both(self, message="", zh=None):
        assert message, "a refusal without a word"
        assert zh, f"nothing in Chinese beside {message}"
        assert CHINESE.search(zh) or zh == message, f"no Chinese: {zh}"
        assert not zh.endswith("None"), f"says None: {zh}"
        say(self, message, zh)

    def name_known_kind(self, kind, asked, *args):
        assert kind in KINDS_ZH or kind in DIMENSIONS, f"no Chinese word for {kind}"
        assert isinstance(asked, str), f"no name of a {kind}: {asked}"
        name(self, kind, asked, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UsageError, "__init__", say_both)
        patch.setattr(UnknownName, "__init__", name_known_kind)
        yield


@pytest.fixture(autouse=True, scope="module")
def _problems_are_whole_sentences():
    """Every gap of a problem's texts is filled, in both languages, and by something."""
    make = Problem.__init__

    def make_whole(self, *args, **facts):
        make(self, *args, **facts)
        for lang in ("zh", "en"):
            said = self.message(lang) + self.remedy(lang) + self.where.text(lang)
            assert "None" not in said, f"says None: {said}"
        assert self.where.source, f"stands nowhere: {self.code}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Problem, "__init__", make_whole)
        yield
