"""Reports of one owner, or one member, each: what they hold speaks of their goals alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from salesgoal.app.track import Tracking
from salesgoal.domain.reconciliation import reconcile_subtree
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.subtree import find_owner, member_goals, owned_goals, take_subtree

__all__ = ["OWNER", "count_unowned", "for_owner", "split_by"]

OWNER = "owner"
"""Splits by owner; any other name is that of a dimension."""


def for_owner(trackings: Sequence[Tracking], owner: str) -> list[Tracking]:
    """Returns what an owner answers for: one tracking a topmost goal of each plan.

    Raises:
        UnknownName: Nobody of that name owns a goal of any of the plans.
    """
    found: list[Tracking] = []
    everybody: dict[str, tuple[Codes, ...]] = {}
    for each in trackings:
        owned = owned_goals(each.scorecards)
        everybody |= owned
        found += [_portion(each, codes, owner) for codes in owned.get(owner, ())]
    if not found:
        find_owner(everybody, owner)
    return found


def split_by(trackings: Sequence[Tracking], what: str) -> Mapping[str, list[Tracking]]:
    """Returns a list of trackings for each owner, or each member of a dimension.

    Args:
        trackings: One a plan.
        what: `OWNER`, or the id of a dimension.

    Raises:
        UnknownName: A plan has no such dimension.
    """
    found: dict[str, list[Tracking]] = {}
    for each in trackings:
        cards = each.scorecards
        goals = owned_goals(cards) if what == OWNER else member_goals(cards, what)
        for name, scopes in goals.items():
            found.setdefault(name, []).extend(_portion(each, codes, name) for codes in scopes)
    return found


def count_unowned(trackings: Sequence[Tracking]) -> int:
    """Returns how many lowest goals have no owner, and none above them."""
    found = 0
    for each in trackings:
        owned = [codes for scopes in owned_goals(each.scorecards).values() for codes in scopes]
        card = each.scorecards[0]
        inside = [False] * len(card.tree)
        for node, codes in enumerate(card.tree.scope):
            above = card.tree.parent[node]
            inside[node] = codes in owned or (above >= 0 and inside[above])
            found += not inside[node] and not card.tree.children(node)
    return found


def _portion(tracking: Tracking, codes: Codes, name: str) -> Tracking:
    """The tracking of one goal; who owns the total goal gets all of it."""
    if all(code == ANY for code in codes):
        return tracking
    cards = take_subtree(tracking.scorecards, codes)
    return attrs.evolve(
        tracking,
        loaded=attrs.evolve(tracking.loaded, plan=cards[0].plan),
        scorecards=cards,
        reconciliation=reconcile_subtree(cards[0]),
        problems=(),
        rejected=(),
        portion=name,
    )
