"""Sharing out as the laws reckon it, without any of our own code."""

from __future__ import annotations

from fractions import Fraction
from math import floor


def share(total, weights):
    """Largest remainder, ties to the earlier."""
    if not sum(weights):
        weights = [1] * len(weights)
    quotas = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(quota) for quota in quotas]
    order = sorted(range(len(parts)), key=lambda at: parts[at] - quotas[at])
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts
