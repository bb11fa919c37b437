"""Pace: whether the work is on its way to its target.

The actual is held against what is expected by now (`expectation`), by thresholds of the plan,
on exact numbers:

    met, where it cannot be lost again by going on     achieved
    met, the period over                               achieved
    not met, the period over                           behind
    ratio >= ahead                                     ahead
    ratio >= on_track                                  on_track
    ratio >= at_risk                                   at_risk
    less                                               behind
    no ratio (nothing expected yet, below zero)        on_track where level with it, else behind

What adds up, or is a maximum, cannot be lost again where more is better; a minimum, where less
is. Returns may take a sum back below its target; then it is not achieved any more.

>>> sales = Metric(id="sales", decimals=2)
>>> def pace(target, expected, actual, **facts):
...     return str(judge_pace(sales, target, expected, actual, **facts).pace)
>>> pace(100, 50, 53), pace(100, 50, 50), pace(100, 50, 45), pace(100, 50, 30)
('ahead', 'on_track', 'at_risk', 'behind')
>>> pace(100, 50, 100), pace(100, 100, 99, over=True)
('achieved', 'behind')
>>> cost = Metric(id="cost", direction=Direction.MINIMISE)
>>> str(judge_pace(cost, 100, 50, 40).pace), str(judge_pace(cost, 100, 50, 60).pace)
('ahead', 'at_risk')
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import Status, judge
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.domain.workday_count import (
    DayBasis,
    ElapsedShare,
    WorkdayCount,
    count_workdays,
    elapsed_share,
)
from salesgoal.errors import UsageError

__all__ = [
    "ACCUMULATING",
    "Pace",
    "PaceBasis",
    "PaceSettings",
    "PaceVerdict",
    "count_elapsed",
    "count_left",
    "judge_pace",
    "required_per_workday",
    "run_rate",
]

ACCUMULATING = frozenset({Aggregation.SUM, Aggregation.DISTINCT})
"""How metrics combine that grow while a period runs, so that a part is expected by now."""


class Pace(StrEnum):
    """Whether what is reached keeps up with what is expected by now."""

    ACHIEVED = "achieved"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"


class PaceBasis(StrEnum):
    """What the expectation of a running period follows."""

    TYPED = "typed"
    WORKDAYS = "workdays"
    DAYS = "days"
    PROFILE = "profile"


@attrs.frozen(kw_only=True)
class PaceSettings:
    """What a plan says about pace.

    Attributes:
        basis: What the expectation follows.
        profile: For basis ``profile``: what the parts of a year weigh, by position; 12 weights
            are months, 4 quarters, 2 halves.
        ahead: From which ratio of actual to expected the pace is ahead.
        on_track: From which it is on track.
        at_risk: From which it is at risk; below, it is behind.
    """

    basis: PaceBasis = PaceBasis.TYPED
    profile: tuple[Fraction, ...] = ()
    ahead: Fraction = Fraction(105, 100)
    on_track: Fraction = Fraction(95, 100)
    at_risk: Fraction = Fraction(80, 100)

    def __attrs_post_init__(self) -> None:
        """Refuses settings that contradict one another.

        Raises:
            UsageError: Thresholds out of order, or a profile without its basis or weights.
        """
        if not self.ahead >= self.on_track >= self.at_risk >= 0:
            raise UsageError(*["ahead >= on_track >= at_risk >= 0"] * 2)
        if (self.basis is PaceBasis.PROFILE) is not bool(self.profile):
            zh = '当且仅当 basis 为 "profile" 时给出 profile'
            raise UsageError('a profile where basis is "profile", and only there', zh)
        if self.profile and (len(self.profile) not in {12, 4, 2} or min(self.profile) < 0):
            en = "a profile of 12 months, 4 quarters or 2 halves, none below zero"
            raise UsageError(en, "12 个月、4 个季度或 2 个半年的 profile，且都不小于零")
        if self.profile and not any(self.profile):
            raise UsageError("a profile that weighs something", "不全为零的 profile")


@attrs.frozen(kw_only=True)
class PaceVerdict:
    """The pace, and the exact ratio of actual to expected (1 = as expected), if it has one."""

    ratio: Fraction | None
    pace: Pace


def count_elapsed(workdays: WorkCalendar | None, period: Period, as_of: date) -> ElapsedShare:
    """Returns how much of a period is over: in workdays, or in calendar days without any.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of the period.

    >>> from salesgoal.domain.period import Level
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> count_elapsed(None, october, date(2023, 10, 13)).share
    Fraction(13, 31)
    """
    if workdays is not None:
        return elapsed_share(workdays, period, as_of)
    over = min(max((as_of - period.start).days + 1, 0), period.days)
    return ElapsedShare(
        elapsed=over, total=period.days, basis=DayBasis.CALENDAR_DAYS, provisional=False
    )


def judge_pace(
    metric: Metric,
    target: Exact | None,
    expected: Exact | None,
    actual: Exact | None,
    *,
    over: bool = False,
    settings: PaceSettings | None = None,
) -> PaceVerdict | None:
    """Returns the pace, by the table of this page; None where any of the three is absent.

    Args:
        metric: Its direction and baseline decide what "ahead" means.
        target: Of the whole period.
        expected: By now.
        actual: By now.
        over: Whether the period is over.
        settings: Thresholds; the usual ones where it is None.
    """
    if target is None or expected is None or actual is None:
        return None
    limits = settings or PaceSettings()
    ratio = _ratio(metric, target, expected, actual)
    met = judge(metric, target, actual).status is Status.MET
    if over or (met and _keeps(metric, target)):
        return PaceVerdict(ratio=ratio, pace=Pace.ACHIEVED if met else Pace.BEHIND)
    if ratio is None:
        level = judge(metric, expected, actual).status is Status.MET
        return PaceVerdict(ratio=None, pace=Pace.ON_TRACK if level else Pace.BEHIND)
    steps = (
        (limits.ahead, Pace.AHEAD),
        (limits.on_track, Pace.ON_TRACK),
        (limits.at_risk, Pace.AT_RISK),
    )
    found = next((pace for limit, pace in steps if ratio >= limit), Pace.BEHIND)
    return PaceVerdict(ratio=ratio, pace=found)


def count_left(
    workdays: WorkCalendar | None, period: Period, as_of: date
) -> WorkdayCount | None:
    """Returns the workdays of a running period after ``as_of``; None where there is nothing.

    That is where the plan names no workdays, and where the period is over or has not begun.

    Raises:
        UnknownWorkdays: The work calendar does not know a day that is left.

    >>> from salesgoal.domain.period import Level
    >>> from salesgoal.domain.work_calendar import Weekdays
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> count_left(Weekdays(), october, date(2023, 10, 27)).workdays
    2
    """
    if workdays is None or not period.start <= as_of < period.last:
        return None
    return count_workdays(workdays, attrs.evolve(period, start=as_of + timedelta(days=1)))


def required_per_workday(
    metric: Metric, target: Exact | None, actual: Exact | None, left: WorkdayCount | None
) -> Fraction | None:
    """Returns what each workday that is left must bring to reach the target, exact.

    0 where it is reached. None where target or actual is absent, no workday is left, or the
    metric does not add up to more.

    Args:
        metric: What the target is of.
        target: Of the whole period, in smallest units.
        actual: By now.
        left: From `count_left`; an estimated one makes the result provisional.

    >>> left = WorkdayCount(workdays=8, days=10)
    >>> required_per_workday(Metric(id="sales"), 1_000, 900, left)
    Fraction(25, 2)
    """
    grows = metric.aggregation in ACCUMULATING and metric.direction is Direction.MAXIMISE
    if target is None or actual is None or left is None or not left.workdays or not grows:
        return None
    return Fraction(max(target - actual, 0), left.workdays)


def run_rate(actual: Exact | None, elapsed: ElapsedShare) -> Fraction | None:
    """Returns what a sum comes to if every day still to come brings the mean of those over.

    None where nothing was reported or no day is over.

    >>> from salesgoal.domain.period import Level
    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> run_rate(310, count_elapsed(None, october, date(2023, 10, 10)))
    Fraction(961, 1)
    """
    if actual is None or not elapsed.elapsed:
        return None
    return Fraction(actual * elapsed.total, elapsed.elapsed)


def _ratio(metric: Metric, target: Exact, expected: Exact, actual: Exact) -> Fraction | None:
    """As attainment, with the expected in the place of the target.

    The baseline of what adds up is for the whole period, so only its part counts by now.
    """
    whole = metric.baseline is None or metric.aggregation not in ACCUMULATING
    if whole or expected == target:
        return judge(metric, expected, actual).ratio
    if not target or not expected:
        return None
    part = Fraction(expected, target)
    assert metric.baseline is not None
    start = metric.baseline * part
    way = -1 if metric.direction is Direction.MAXIMISE else 1
    under = way * (start - expected)
    return Fraction(way * (start - actual), under) if under > 0 else None


def _keeps(metric: Metric, target: Exact) -> bool:
    """Whether a target that is met stays met by going on."""
    if metric.direction is Direction.MAXIMISE:
        grows = metric.aggregation in {*ACCUMULATING, Aggregation.MAXIMUM}
        return grows and target >= 0
    return metric.aggregation is Aggregation.MINIMUM
