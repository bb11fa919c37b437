from __future__ import annotations

import pytest

from salesgoal.domain.cause import DEFAULT_CAUSES, CauseKind, Explanation, find_cause


@pytest.mark.parametrize(
    ("written", "code", "kind"),
    [
        ("客户跟进不及时", "late_follow_up", CauseKind.SUBJECTIVE),
        ("谈判能力不足", "weak_negotiation", CauseKind.SUBJECTIVE),
        ("市场竞争加剧", "competition", CauseKind.OBJECTIVE),
        ("客户预算延迟", "budget_delay", CauseKind.OBJECTIVE),
        (" Budget_Delay ", "budget_delay", CauseKind.OBJECTIVE),
        ("late follow-up", "late_follow_up", CauseKind.SUBJECTIVE),
    ],
)
def test_the_seeds_causes_are_found_by_code_and_by_name(written, code, kind):
    found = find_cause(written, DEFAULT_CAUSES)
    assert (found.code, found.kind) == (code, kind)


def test_what_is_no_cause_is_none():
    assert find_cause("天气", DEFAULT_CAUSES) is None


def test_codes_and_names_are_unique():
    names = [name for each in DEFAULT_CAUSES for name in (each.code, each.name, each.name_en)]
    assert len(names) == len(set(names))


def test_an_explanation_without_a_cause_has_no_kind():
    said = Explanation(codes=(), metric="sales", period=None, cause=None, text="天气")
    assert said.kind is None
    assert Explanation(codes=(), metric="s", period=None, cause=DEFAULT_CAUSES[0]).kind
