"""Expectation: what of a target should be reached by a day (时间进度目标).

By the end of ``as_of``:

    metric                         before    while it runs                           after
    sum, distinct                  none      finished parts + running part x share   target
    last                           none      the running part's target, a level      target
    last, with a baseline          none      the way from the baseline x share       target
    average, extremes, ratio       none      the target, a level to hold             target

A *part* is a typed sub-period of the goal (basis ``typed``) or a part of a seasonal profile.
Where the parts come to something else than the target they are scaled to it, so that the end
of a period always expects its whole target. The *share* of a part, or of a period without
parts, is counted in workdays; in calendar days where the plan names no workdays, where the part
has none, or where the basis is ``days``.

>>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
>>> sales = Metric(id="sales", decimals=2)
>>> def expect(day, **facts):
...     return expected_to_date(sales, 2_200, october, date(2023, 10, day), **facts)
>>> from salesgoal.domain.work_calendar import Weekdays
>>> expect(13, workdays=Weekdays()), expect(31, workdays=Weekdays())
(Fraction(1000, 1), 2200)
>>> week = Period(date(2023, 10, 1), date(2023, 10, 8), Level.WEEK, "2023-10w1")
>>> rest = Period(date(2023, 10, 8), date(2023, 11, 1), Level.WEEK, "rest")
>>> expect(7, parts={week: 300, rest: 1_900})
Fraction(300, 1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.calendar import Calendar, subdivide
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import ACCUMULATING, PaceBasis, PaceSettings, count_elapsed
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Typed
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.domain.workday_count import ElapsedShare, count_workdays
from salesgoal.errors import NotNested, OutOfCalendar

__all__ = [
    "ExpectedPiece",
    "Parts",
    "expect_as_children",
    "expected_column",
    "expected_to_date",
    "own_parts",
    "profile_parts",
    "split_expected",
]

Parts = Mapping[Period, Exact]
"""The parts of a period with what they weigh or should reach."""

NO_PARTS: Parts = {}

PROFILE_LEVELS: Mapping[int, Level] = {12: Level.MONTH, 4: Level.QUARTER, 2: Level.HALF}
"""How many parts of a year -> which parts they are."""


_Tiles = tuple[tuple[Period, ...], frozenset[Period], tuple[Period, ...]]
"""The longest parts inside a period, the gaps between them, and both in order."""


@attrs.frozen
class ExpectedPiece:
    """A part of a running period: what it is allotted, and how much of it is over.

    ``elapsed`` is None where the part is over; then all of it is expected.
    """

    period: Period
    allotted: Exact
    elapsed: ElapsedShare | None

    @property
    def units(self) -> Exact:
        """What of it is expected by now, exact."""
        return self.allotted if self.elapsed is None else self.allotted * self.elapsed.share


@attrs.define
class _Days:
    """What the share of a period is by a day, and how parts tile it; each found once."""

    workdays: WorkCalendar | None
    as_of: date
    shares: dict[Period, Fraction] = attrs.field(factory=dict)
    sizes: dict[Period, int] = attrs.field(factory=dict)
    tiled: dict[tuple[int, ...], tuple[Parts, _Tiles]] = attrs.field(factory=dict)

    def tile(self, period: Period, parts: Parts) -> _Tiles:
        # Thousands of goals have the same few typed periods, the very same objects; what
        # belongs to a key is kept with it, so that no other object can take its place.
        key = (id(period), *map(id, parts))
        if key not in self.tiled:
            self.tiled[key] = ({period: 0, **parts}, _tiles(period, parts))
        return self.tiled[key][1]

    def share(self, period: Period) -> Fraction:
        if period not in self.shares:
            self.shares[period] = count_elapsed(self.workdays, period, self.as_of).share
        return self.shares[period]

    def size(self, period: Period) -> int:
        if period not in self.sizes:
            self.sizes[period] = (
                period.days
                if self.workdays is None
                else count_workdays(self.workdays, period).workdays
            )
        return self.sizes[period]


def expected_to_date(
    metric: Metric,
    target: Exact | None,
    period: Period,
    as_of: date,
    *,
    parts: Parts = NO_PARTS,
    workdays: WorkCalendar | None = None,
) -> Exact | None:
    """Returns what should be reached by the end of ``as_of``, by the table of this page.

    Args:
        metric: Its aggregation and baseline decide what a share of the target means.
        target: Of the whole period, in smallest units; None where there is none.
        period: What the target is for.
        as_of: The last day that counts.
        parts: Typed sub-periods, or parts of a profile; the longest count first, then those
            inside the one that is running.
        workdays: Which days are worked; calendar days count where it is None.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of the running part.
    """
    return _expected(metric, target, period, parts, _Days(workdays, as_of))


def expected_column(
    tree: GoalTree,
    metric: Metric,
    targets: Sequence[Exact | None],
    typed: Typed,
    period: Period,
    as_of: date,
    *,
    settings: PaceSettings,
    calendar: Calendar,
    workdays: WorkCalendar | None = None,
) -> Sequence[Exact | None]:
    """Returns what every goal should have reached by the end of ``as_of``.

    A goal without typed sub-periods of its own expects what its children expect, scaled to its
    own target; a goal without such children, the share of days.

    Args:
        tree: The breakdown.
        metric: What the targets are of.
        targets: The target of every goal for the period.
        typed: What is typed for the metric.
        period: What the targets are for.
        as_of: The last day that counts.
        settings: The plan's.
        calendar: Which months or quarters a profile speaks of.
        workdays: Which days are worked.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of a running part.

    Cost: goals, and typed values inside the period; nothing where it is not running.
    """
    if as_of < period.start:
        return [None] * len(tree)
    if as_of >= period.last:
        return targets
    days = _Days(None if settings.basis is PaceBasis.DAYS else workdays, as_of)
    own = own_parts(typed, period) if settings.basis is PaceBasis.TYPED else {}
    shaped = NO_PARTS
    if settings.basis is PaceBasis.PROFILE and metric.aggregation in ACCUMULATING:
        shaped = profile_parts(settings.profile, calendar, period)
    column = [
        _expected(metric, target, period, own.get(codes, shaped), days)
        for codes, target in zip(tree.scope, targets, strict=True)
    ]
    adds = metric.aggregation in {*ACCUMULATING, Aggregation.LAST} and metric.baseline is None
    for node in tree.inner if adds and own else ():
        if tree.scope[node] not in own:
            children = range(tree.first[node], tree.counted[node])
            column[node] = expect_as_children(column[node], targets, column, node, children)
    return column


def profile_parts(weights: Sequence[Fraction], calendar: Calendar, period: Period) -> Parts:
    """Returns the parts of a seasonal profile that lie in a period, by position.

    The first weight is that of the first month (quarter, half) of the calendar's year; a part
    that sticks out of the period weighs by its days inside. Empty where the years of the
    calendar have other parts.

    >>> from salesgoal.domain.month_calendar import MonthCalendar, YearName
    >>> fiscal = MonthCalendar(start_month=4, year_name=YearName.END)
    >>> year = fiscal.at(Level.YEAR, date(2018, 5, 1))
    >>> parts = profile_parts([Fraction(each) for each in (1, 1, 2, 4)], fiscal, year)
    >>> [(str(part.start), str(weight)) for part, weight in parts.items()][-1]
    ('2019-01-01', '4')
    """
    level = PROFILE_LEVELS[len(weights)]
    found: dict[Period, Exact] = {}
    day = period.start
    while day < period.stop:
        try:
            year = calendar.at(Level.YEAR, day)
            parts = subdivide(calendar, year, level)
        except (OutOfCalendar, NotNested):
            return NO_PARTS
        if len(parts) != len(weights):
            return NO_PARTS
        for part, weight in zip(parts, weights, strict=True):
            if part.overlaps(period):
                inside = part.clip(period)
                found[inside] = weight * Fraction(inside.days, part.days)
        day = year.stop
    return found


def _expected(
    metric: Metric, target: Exact | None, period: Period, parts: Parts, days: _Days
) -> Exact | None:
    if target is None or days.as_of < period.start:
        return None
    if days.as_of >= period.last:
        return target
    if metric.aggregation in ACCUMULATING:
        return _accumulated(target, period, parts, days)
    if metric.aggregation is Aggregation.LAST:
        return _level(metric, target, period, parts, days)
    return target


def _accumulated(target: Exact, period: Period, parts: Parts, days: _Days) -> Fraction:
    """Goes down into the part that is running until no part is inside it."""
    before, amount = Fraction(0), target
    while pieces := _pieces(amount, period, parts, days):
        running = next(at for at, each in enumerate(pieces) if days.as_of < each[0].last)
        before += sum(allotted for _, allotted in pieces[:running])
        period, amount = pieces[running]
    return before + amount * days.share(period)


def split_expected(
    target: Exact,
    period: Period,
    as_of: date,
    *,
    parts: Parts = NO_PARTS,
    workdays: WorkCalendar | None = None,
) -> list[ExpectedPiece]:
    """Returns what a running period of a metric that accumulates expects, part by part.

    The shares of the pieces add up to `expected_to_date`; pieces to come are left out.

    Args:
        target: Of the whole period, in smallest units.
        period: One that runs.
        as_of: The last day that counts.
        parts: As `expected_to_date`.
        workdays: Which days are worked; calendar days count where it is None.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of the running part.
    """
    days, amount = _Days(workdays, as_of), target
    found: list[ExpectedPiece] = []
    while pieces := _pieces(amount, period, parts, days):
        running = next(at for at, each in enumerate(pieces) if as_of < each[0].last)
        found += [ExpectedPiece(each, allotted, None) for each, allotted in pieces[:running]]
        period, amount = pieces[running]
    elapsed = count_elapsed(workdays, period, as_of)
    return [*found, ExpectedPiece(period, amount, elapsed)]


def _pieces(
    amount: Exact, period: Period, parts: Parts, days: _Days
) -> list[tuple[Period, Exact]]:
    """The longest parts inside a period and the gaps between them, with what each is allotted.

    Gaps take what the parts leave of the amount, by their days; where that is not above zero
    they take nothing and the parts are scaled to the amount. Empty where no part is inside.
    """
    if not parts:
        return []
    typed, gaps, tiles = days.tile(period, parts)
    given: Exact = sum(parts[each] for each in typed)
    rest, room = amount - given, sum(days.size(each) for each in gaps)
    if rest > 0 and room:
        return [
            (each, rest * Fraction(days.size(each), room) if each in gaps else parts[each])
            for each in tiles
        ]
    if not given:
        return []
    if not rest:
        return [(each, 0 if each in gaps else parts[each]) for each in tiles]
    scale = Fraction(amount, given)
    return [(each, 0 if each in gaps else parts[each] * scale) for each in tiles]


def _tiles(period: Period, parts: Parts) -> _Tiles:
    inside = [each for each in parts if period.covers(each) and each.days < period.days]
    typed: list[Period] = []
    gaps: list[Period] = []
    behind = period.start
    for part in sorted(inside, key=lambda each: (each.start, -each.days)):
        if part.start >= behind:
            if part.start > behind:
                gaps.append(_gap(behind, part.start))
            typed.append(part)
            behind = part.stop
    if typed and behind < period.stop:
        gaps.append(_gap(behind, period.stop))
    ordered = sorted([*typed, *gaps], key=lambda each: each.start)
    return tuple(typed), frozenset(gaps), tuple(ordered)


def _gap(start: date, stop: date) -> Period:
    return Period(start, stop, Level.SPAN, f"{start}..{stop}")


def _level(metric: Metric, target: Exact, period: Period, parts: Parts, days: _Days) -> Exact:
    inside = [each for each in parts if period.covers(each)]
    running = [each for each in inside if days.as_of in each]
    if running:
        period = min(running, key=lambda each: each.days)
        target = parts[period]
    if metric.baseline is None:
        return target
    over = [each for each in inside if each.stop <= period.start]
    start = parts[max(over, key=lambda each: each.stop)] if over else metric.baseline
    return start + (target - start) * days.share(period)


def own_parts(typed: Typed, period: Period) -> dict[Codes, dict[Period, Exact]]:
    """Returns scope -> what is typed for it inside a period, but not for all of it."""
    own: dict[Codes, dict[Period, Exact]] = {}
    for each, values in typed.items():
        if period.covers(each) and each.days < period.days:
            for codes, units in values.items():
                own.setdefault(codes, {})[each] = units
    return own


def expect_as_children(
    by_days: Exact | None,
    targets: Sequence[Exact | None],
    column: Sequence[Exact | None],
    node: int,
    children: range,
) -> Exact | None:
    """Returns what the children expect, scaled from their targets to the goal's own.

    ``by_days`` where the goal or its children have no target.
    """
    target = targets[node]
    whole, part = Fraction(0), Fraction(0)
    for each in children:
        above, below = targets[each], column[each]
        if above is not None and below is not None:
            whole, part = whole + above, part + below
    if target is None or not whole:
        return by_days
    return part if whole == target else Fraction(target * part, whole)
