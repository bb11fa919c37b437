"""Causes: why a gap is there, by code, subjective (主观) or objective (客观)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import Codes

__all__ = ["DEFAULT_CAUSES", "Cause", "CauseKind", "Explanation", "find_cause", "known_names"]


class CauseKind(StrEnum):
    """Whether the cause lies with the people who sell, or outside."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"


@attrs.frozen
class Cause:
    """One cause of the catalogue: its code in files, and what people read."""

    code: str
    kind: CauseKind
    name: str
    name_en: str


@attrs.frozen(kw_only=True)
class Explanation:
    """An amount of a gap put down to a cause (归因).

    Attributes:
        codes: The scope of the goal, as member codes.
        metric: The id of the metric whose gap is explained.
        period: The period of the gap.
        cause: Of the catalogue; None where people only wrote a text.
        text: What people wrote, in their own words.
        stated: The kind, where people said it of their own words.
        amount_units: Above zero where the cause widens the gap; None where nobody measured it.
        note: 备注.
        author: 填写人.
        where: The row that says so.
        key: 原因标识, by which a later remark corrects it; it stays the same however often that
            happens, and whatever else is said before or after.
    """

    codes: Codes
    metric: str
    period: Period
    cause: Cause | None
    text: str | None = None
    stated: CauseKind | None = None
    amount_units: int | None = None
    note: str | None = None
    author: str | None = None
    where: Place = Place("code")
    key: str = ""

    @property
    def kind(self) -> CauseKind | None:
        """The kind of its cause, else what people said; None where nobody classified it."""
        return self.stated if self.cause is None else self.cause.kind


_SUBJECTIVE, _OBJECTIVE = CauseKind.SUBJECTIVE, CauseKind.OBJECTIVE

DEFAULT_CAUSES: tuple[Cause, ...] = (
    Cause("late_follow_up", _SUBJECTIVE, "客户跟进不及时", "late follow-up"),
    Cause("weak_negotiation", _SUBJECTIVE, "谈判能力不足", "weak negotiation"),
    Cause("few_new_customers", _SUBJECTIVE, "新客户开拓不足", "too few new customers"),
    Cause("competition", _OBJECTIVE, "市场竞争加剧", "stronger competition"),
    Cause("budget_delay", _OBJECTIVE, "客户预算延迟", "customer budget delayed"),
    Cause("decision_delay", _OBJECTIVE, "重点客户决策延迟", "key customer's decision delayed"),
    Cause("price_cut", _OBJECTIVE, "竞品降价", "competitor's price cut"),
    Cause("policy_change", _OBJECTIVE, "政策调整", "change of policy"),
)
"""The catalogue of plans that bring none of their own.

Source: seed.txt, section two, four and five, and its tables 1 and 2.
"""


def find_cause(written: str, causes: Iterable[Cause]) -> Cause | None:
    """Returns the cause that a code or name means, or None.

    >>> find_cause("客户预算延迟", DEFAULT_CAUSES).code
    'budget_delay'
    """
    wanted = written.strip().casefold()
    for cause in causes:
        if wanted in {cause.code.casefold(), cause.name.casefold(), cause.name_en.casefold()}:
            return cause
    return None


def known_names(causes: Sequence[Cause]) -> list[str]:
    """Returns every code and name by which a cause is found."""
    return [name for each in causes for name in (each.code, each.name, each.name_en)]
