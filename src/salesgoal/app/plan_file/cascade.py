"""The parts of a plan file that share totals out: profiles and cascades."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.domain.period import Level
from salesgoal.errors import UsageError

__all__ = ["Basis", "CascadeTable", "ProfileTable", "StepTable"]

Number = int | Decimal
"""A number of a plan file, exact."""


class Basis(StrEnum):
    """What parts weigh."""

    EQUAL = "equal"
    WEIGHTS = "weights"
    PERCENTS = "percents"
    WORKDAYS = "workdays"
    DAYS = "days"
    PROFILE = "profile"
    LAST_YEAR = "last_year"
    TRAILING = "trailing"

    @property
    def history(self) -> bool:
        """Whether it asks what was reached."""
        return self in {Basis.LAST_YEAR, Basis.TRAILING}

    @property
    def of_periods(self) -> bool:
        """Whether it weighs periods only."""
        return self in {Basis.WORKDAYS, Basis.DAYS, Basis.PROFILE}


_KEYS = {Basis.WEIGHTS: "weights", Basis.PERCENTS: "percents", Basis.PROFILE: "profile"}
"""Basis -> the key that it needs, and that implies it."""


@attrs.frozen(kw_only=True)
class ProfileTable:
    """A seasonal profile, matched by position."""

    weights: list[Number] | None = plan_key("one weight a period, in order", default=None)
    percents: list[Number] | None = plan_key(
        "or percentages, which come to 100 exactly", default=None
    )

    def __attrs_post_init__(self) -> None:
        """Refuses a profile of both or neither.

        Raises:
            UsageError: Not exactly one of them is given.
        """
        if (self.weights is None) == (self.percents is None):
            raise UsageError("either weights or percents", "weights 与 percents 之一")


@attrs.frozen(kw_only=True)
class StepTable:
    """One step of a cascade: over the members of a dimension, or into periods of a level."""

    by: str | None = plan_key("the dimension that the step cuts by", default=None)
    into: Level | None = plan_key("or the level of the periods that it cuts into", default=None)
    members: list[str] | None = plan_key(
        "who shares; else those that weights or percents name, else all with nobody below",
        default=None,
    )
    basis: Basis | None = plan_key("what the parts weigh; equal where left out", default=None)
    weights: Mapping[str, Number] | list[Number] | None = plan_key(
        "part -> weight, or weights in order", default=None
    )
    percents: Mapping[str, Number] | list[Number] | None = plan_key(
        "part -> percent, or percents in order; they come to 100 exactly", default=None
    )
    profile: str | None = plan_key("the name of a profile", default=None)
    amounts: Mapping[str, Number] = plan_key(
        "part -> amount that is known; the others share the rest", factory=dict
    )
    floors: Mapping[str, Number] = plan_key("part -> its least", factory=dict)
    caps: Mapping[str, Number] = plan_key("part -> its most", factory=dict)
    over_assignment_pct: Number = plan_key(
        "how much more than the total the parts come to, in percent", default=0
    )
    step: str = plan_key("what parts are multiples of: 元, 百元, 千元, 万元 …", default="")

    def __attrs_post_init__(self) -> None:
        """Refuses a step that cuts by both or neither, or has the key of another basis.

        Raises:
            UsageError: So.
        """
        if (self.by is None) == (self.into is None):
            raise UsageError("either by or into", "by 与 into 之一")
        for basis, name in _KEYS.items():
            if getattr(self, name) is not None and self.chosen is not basis:
                raise UsageError(
                    f"{name} alone, without another basis", f"只有 {name}，不能另有 basis"
                )
        missing = _KEYS.get(self.chosen)
        if missing and getattr(self, missing) is None:
            zh = f"basis {self.chosen} 所需的 {missing}"
            raise UsageError(f"{missing}, which basis {self.chosen} needs", zh)
        if self.by is not None and self.chosen.of_periods:
            zh = f"into 一个级别，因为 basis 为 {self.chosen}"
            raise UsageError(f"into a level, where the basis is {self.chosen}", zh)
        if self.into is not None and (self.chosen is Basis.TRAILING or self.members):
            en = "by a dimension, where the basis is trailing or members are named"
            raise UsageError(en, "by 一个维度，因为 basis 为 trailing 或写了 members")

    @property
    def chosen(self) -> Basis:
        """The basis that is said, or implied by the key that it needs."""
        implied = [each for each, name in _KEYS.items() if getattr(self, name) is not None]
        return self.basis or (implied or [Basis.EQUAL])[0]


@attrs.frozen(kw_only=True)
class CascadeTable:
    """A total that is shared out, step by step."""

    metric: str | None = plan_key("the plan's first where left out", default=None)
    period: str | None = plan_key("where it begins; the plan's where left out", default=None)
    goal: Mapping[str, str] = plan_key(
        "dimension -> member where it begins; the root where left out", factory=dict
    )
    every_goal: bool = plan_key(
        "begin at every goal at or below this one that has a target typed for the period, and "
        "none typed below it",
        default=False,
    )
    total: Number | None = plan_key("else what a table of targets says there", default=None)
    growth_pct: Number | None = plan_key(
        "or the total is last year's actual and so many percent more", default=None
    )
    unit: str = plan_key("the unit of total and amounts: 元, 万元 …", default="")
    steps: list[StepTable] = plan_key("in order, members and periods as you like")

    def __attrs_post_init__(self) -> None:
        """Refuses two totals.

        Raises:
            UsageError: More than one of total, growth and those of every goal.
        """
        given = [self.total is not None, self.growth_pct is not None, self.every_goal]
        if sum(given) > 1:
            en = "only one of total, growth_pct and every_goal"
            raise UsageError(en, "total、growth_pct、every_goal 三者之一")
