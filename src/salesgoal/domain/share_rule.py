"""Share rules: how an amount is shared among members or periods, by their names.

A rule is one value: weights, typed amounts, floors, caps, step, over-assignment 超额分配: the
parts then add up to total x (1 + share), half up, and the total itself is never changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.domain.allocation import allocate, refused
from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.kind import (
    in_order,
    require_count,
    require_kind,
    require_mapping,
    require_whole,
)
from salesgoal.domain.number import (
    Weight,
    Weights,
    apportion,
    apportion_each,
    round_units,
    weigh,
)
from salesgoal.domain.period import Period
from salesgoal.errors import FloatRefused, NumberRefused, UnknownName, UsageError

__all__ = [
    "EVENLY",
    "ShareRule",
    "Sharing",
    "distribute",
    "make_ready",
    "share_out",
    "split",
]


_NOTHING: Mapping[int, int] = {}


def _exact(value: Fraction | Decimal | int) -> Fraction:
    if isinstance(value, float):
        raise FloatRefused(value)
    require_kind(value, (int, Decimal, Fraction), "over_assignment", "Fraction(1, 20)")
    if isinstance(value, Decimal) and not value.is_finite():
        message = "is not a finite number"
        raise NumberRefused(value, message, "not-a-number", zh="不是有限的数")
    return Fraction(value)


def _kept(weights: Any) -> Mapping[Any, Weight] | Sequence[Weight] | Weights | None:  # noqa: ANN401 - as given
    """Weights by name as they are; others in a sequence, so that a rule serves many times."""
    if weights is None or isinstance(weights, Mapping | Weights):
        return weights
    return in_order(weights, "weights")


def _amounts(_: object, field: attrs.Attribute[Any], amounts: Mapping[Any, int]) -> None:
    require_mapping(amounts, field.name)
    for units in amounts.values():
        require_whole(units)


def _step(_: object, __: object, step: int) -> None:
    require_count(step, "step", 1)


@attrs.frozen(kw_only=True)
class ShareRule:
    """How an amount is shared out; amounts are in smallest units.

    Parts are named by member or by period; a period's label does too.

    Attributes:
        weights: By the name of the part, or one a part in their order; None is evenly.
        typed: Parts that are known.
        floors: The least of a part.
        caps: The most of a part.
        over_assignment: How much more than the total the parts come to, exact; 1/20 is 5 %.
        step: What parts are multiples of: 1_000_000 for 万元 in fen.
    """

    weights: Mapping[Any, Weight] | Sequence[Weight] | Weights | None = attrs.field(
        default=None, converter=_kept
    )
    typed: Mapping[Any, int] = attrs.field(factory=dict, validator=_amounts)
    floors: Mapping[Any, int] = attrs.field(factory=dict, validator=_amounts)
    caps: Mapping[Any, int] = attrs.field(factory=dict, validator=_amounts)
    over_assignment: Fraction = attrs.field(default=Fraction(0), converter=_exact)
    step: int = attrs.field(default=1, validator=_step)


EVENLY = ShareRule()
"""Nothing said: the same to all, the odd units to the first."""


def split(
    total: int, among: Sequence[str] | Mapping[str, Weight], rule: ShareRule = EVENLY
) -> dict[str, int]:
    """Returns member -> units: a total split over members.

    Args:
        total: In smallest units.
        among: The members, or member -> weight.
        rule: The rest: weights, typed amounts, over-assignment, bounds, step.

    Raises:
        AllocationRefused: No parts keep to the rule and add up.
        UnknownName: The rule names somebody who is not among them, or lacks a weight.
        FloatRefused, NumberRefused: A total that is not whole, a weight that is none.
        KindRefused: The members stand in no order: a text, a set; or the rule is none.

    Source: seed.txt, 目标分解.

    >>> split(2_000_000, ["华东", "华南", "华北"], ShareRule(typed={"华东": 800_000}))
    {'华东': 800000, '华南': 600000, '华北': 600000}
    >>> split(2_000_000, {"华东": 8, "华南": 7, "华北": 5})
    {'华东': 800000, '华南': 700000, '华北': 500000}
    """
    _require_rule(rule)
    if isinstance(among, Mapping):
        rule, among = attrs.evolve(rule, weights=among), list(among)
    names = in_order(among, "among")
    return dict(zip(names, share_out(total, names, rule), strict=True))


def distribute(
    total: int, periods: Sequence[Period], rule: ShareRule = EVENLY
) -> dict[Period, int]:
    """Returns period -> units: a total distributed over periods.

    Args:
        total: In smallest units.
        periods: In their order, which positional weights follow.
        rule: As of `split`, by period or its label.

    Raises:
        AllocationRefused, UnknownName, FloatRefused, NumberRefused, KindRefused: As `split`.

    Source: seed.txt, table 3.

    >>> from salesgoal.domain.calendar import parse_period, subdivide
    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> calendar = MonthCalendar()
    >>> year = parse_period(calendar, "2023")
    >>> rule = ShareRule(weights=[18, 20, 20, 22])
    >>> quarters = distribute(8_000_000, subdivide(calendar, year, "quarter"), rule)
    >>> [f"{period}: {units}" for period, units in quarters.items()]
    ['2023Q1: 1800000', '2023Q2: 2000000', '2023Q3: 2000000', '2023Q4: 2200000']
    """
    _require_rule(rule)
    parts = in_order(periods, "periods")
    for part in parts:
        require_kind(part, Period, "a period", "parse_period(calendar, '2023Q4')")
    return dict(zip(parts, share_out(total, parts, rule), strict=True))


def _require_rule(rule: object) -> None:
    require_kind(rule, ShareRule, "rule", "ShareRule(weights=[6, 4])")


def share_out(total: int, parts: Sequence[Hashable], rule: ShareRule) -> list[int]:
    """Returns the units of each part, in order.

    Args:
        total: In smallest units.
        parts: Names of members, or periods; each once.
        rule: How.

    Raises:
        AllocationRefused, UnknownName, FloatRefused, NumberRefused: As `split`.
    """
    require_whole(total)
    return make_ready(rule, parts).share(int(total))


@attrs.frozen(kw_only=True)
class Sharing:
    """A rule made ready for its parts, to share out any number of totals.

    Attributes:
        weights: One a part.
        typed: Position -> a part that is known.
        floors: Position -> the least.
        caps: Position -> the most.
        over_assignment: How much more than the total the parts come to.
        step: What parts are multiples of.
        plain: Whether nothing but weights decides.
    """

    weights: Weights
    typed: Mapping[int, int]
    floors: Mapping[int, int]
    caps: Mapping[int, int]
    over_assignment: Fraction
    step: int
    plain: bool

    def share(
        self,
        total: int,
        *,
        weights: Sequence[Weight] | None = None,
        typed: Mapping[int, int] = _NOTHING,
    ) -> list[int]:
        """Returns the units of each part, in order.

        Args:
            total: In smallest units.
            weights: Others than its own, for this total.
            typed: Position -> units of further parts that are known.

        Raises:
            AllocationRefused: No parts keep to the rule and add up.
            FloatRefused, NumberRefused: A total that is not whole, a weight that is none.
        """
        held = self.weights if weights is None else weigh(weights)
        if self.plain and not typed:
            return apportion(total, held)
        over = self.over_assignment
        return allocate(
            round_units(total * (1 + over)) if over else total,
            held,
            typed={**self.typed, **typed} if typed else self.typed,
            floors=self.floors,
            caps=self.caps,
            step=self.step,
        )

    def share_each(self, totals: Sequence[int]) -> list[Sequence[int]]:
        """Returns the parts of many totals, one column a part and one row a total.

        Raises:
            AllocationRefused: No parts of one of them keep to the rule and add up.
        """
        if self.plain:
            return apportion_each(totals, self.weights)
        return list(zip(*map(self.share, totals), strict=True))


def make_ready(rule: ShareRule, parts: Sequence[Hashable]) -> Sharing:
    """Returns a rule made ready for its parts.

    Raises:
        AllocationRefused: More or fewer weights than parts.
        UnknownName: It names what is no part, or lacks the weight of one that is not typed.
        UsageError: A part comes twice.
        FloatRefused, NumberRefused: A total that is not whole, a weight that is none.
    """
    known = {str(part): at for at, part in enumerate(parts)}
    if len(known) < len(parts):
        shown = ", ".join(map(str, parts))
        message = f"{shown} names a part twice - give each once"
        raise UsageError(message, f"{shown} 中有重复 - 每份只写一次")
    weights = rule.weights
    if isinstance(weights, Mapping):
        weights = _in_order(weights, known, set(map(str, rule.typed)))
    elif weights is None:
        weights = [1] * len(parts)
    elif len(weights) != len(parts):
        raise refused(
            "part-count", name="weights", found=str(len(weights)), expected=str(len(parts))
        )
    named = rule.typed or rule.floors or rule.caps
    return Sharing(
        weights=weights if isinstance(weights, Weights) else weigh(weights),
        typed=_placed(rule.typed, known),
        floors=_placed(rule.floors, known),
        caps=_placed(rule.caps, known),
        over_assignment=rule.over_assignment,
        step=rule.step,
        plain=not named and not rule.over_assignment and rule.step == 1,
    )


def _in_order(
    weights: Mapping[Any, Weight], known: Mapping[str, int], typed: set[str]
) -> list[Weight]:
    """One weight a part; only a typed part may do without."""
    named = {str(name): weight for name, weight in weights.items()}
    for name in named:
        if name not in known:
            raise UnknownName("part", name, nearest_names(name, list(known)))
    for part in known:
        if part not in named and part not in typed:
            raise UnknownName("weight", part, nearest_names(part, list(named)))
    return [named.get(part, 0) for part in known]


def _placed(amounts: Mapping[Any, int], known: Mapping[str, int]) -> dict[int, int]:
    for name in amounts:
        if str(name) not in known:
            raise UnknownName("part", str(name), nearest_names(str(name), list(known)))
    return {known[str(name)]: units for name, units in amounts.items()}
