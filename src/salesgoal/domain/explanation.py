"""Explanations: how every figure of one row came about, as statements that close.

    figure      made of
    target      typed | the goal's own typed sub-periods | its children | the ratio of parts
    actual      its children + unassigned | its own facts | the ratio of parts
    expected    parts that are over + the running part by days | what its children expect
    required    what is short over the workdays left

The children of averages, extremes and counted keys are listed; they do not make the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import Status
from salesgoal.domain.expectation import own_parts, profile_parts, split_expected
from salesgoal.domain.kind import require_kind
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import ACCUMULATING, PaceBasis
from salesgoal.domain.period import Period
from salesgoal.domain.progress import growth_of
from salesgoal.domain.scope import Codes, find_people
from salesgoal.domain.score_column import ScoreColumn
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.domain.statement import Figure, Rule, Statement, StatementKind
from salesgoal.domain.target import own_sub_periods, pick_sub_periods

__all__ = ["Explainer", "RowExplanation", "explain"]

_K = StatementKind
_OVER_TIME: Mapping[object, Rule] = {
    Aggregation.SUM: Rule.SUM,
    Aggregation.DISTINCT: Rule.SUM,
    Aggregation.LAST: Rule.LATEST,
    Aggregation.MAXIMUM: Rule.LARGEST,
    Aggregation.MINIMUM: Rule.SMALLEST,
}
_OVER_CHILDREN = {**_OVER_TIME, Aggregation.LAST: Rule.SUM}


@attrs.frozen(kw_only=True)
class RowExplanation:
    """How the figures of one row came about.

    Attributes:
        row: The row of the scorecard.
        breakdown: The dimensions that its goals are broken down by.
        target: Its target; with what revisions made of it beside.
        actual: Its actual.
        attainment: Its attainment, or why there is none.
        others: Gap, mismatch, expected to date, pace, projected, required; those there are.
    """

    row: ScoreRow
    breakdown: str
    target: Statement
    actual: Statement
    attainment: Statement
    others: tuple[Statement, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the order in which people read them."""
        return (self.target, self.actual, self.attainment, *self.others)


def explain(
    card: Scorecard, goal: str = "", *, metric: str, period: Period | str
) -> RowExplanation:
    """Returns how the figures of one row came about.

    Args:
        card: Of one of the plan's own breakdowns.
        goal: The path of the goal; the root by default.
        metric: Its id.
        period: One of the periods of the scorecard, or its label.

    Raises:
        UnknownName: No such goal or metric, or a period that the plan does not show.
        LabelRefused: The label names no period.
        KindRefused: The card is none.

    >>> from datetime import date
    >>> from salesgoal import Actual, Dimension, Target, hold_against, make_plan
    >>> plan = make_plan(name="10月", period="2023-10", metrics=[Metric(id="sales")],
    ...     dimensions=[Dimension("product", ["A", "B"])],
    ...     targets=[Target(scope={"product": each}, metric="sales", period="2023-10",
    ...         target=100) for each in "AB"])
    >>> sold = [Actual(on=date(2023, 10, 6), members={"product": "A"}, values={"sales": 60})]
    >>> card, = hold_against(plan, sold, as_of=date(2023, 10, 31))
    >>> why = explain(card, metric="sales", period="2023-10")
    >>> str(why.target.kind), [part.figure for part in why.target.parts]
    ('child_targets', [100, 100])
    >>> [(str(part.kind), part.figure) for part in why.actual.parts]
    [('child', 60), ('child', 0), ('unassigned', 0)]
    """
    require_kind(card, Scorecard, "card", "hold_against(…)[0]")
    return Explainer(card).explain(card.row(goal, metric=metric, period=period))


@attrs.define
class Explainer:
    """Explains rows of one scorecard; what belongs to several rows is found once.

    Attributes:
        card: Of one of the plan's own breakdowns.
    """

    card: Scorecard
    _people: Mapping[Codes, Codes] = attrs.field(init=False)
    _sub_periods: dict[tuple[str, Period], Mapping[Codes, int]] = attrs.field(
        factory=dict, init=False
    )
    _parts: dict[tuple[str, Period], Mapping[Codes, Mapping[Period, Exact]]] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        """Finds who moved."""
        plan, cells = self.card.plan, self.card.cells
        scopes = [*cells.combos, *plan.targets.scopes()]
        self._people = find_people(scopes, plan.dimensions)

    def explain(self, row: ScoreRow) -> RowExplanation:
        """Returns how the figures of a row of the scorecard came about."""
        others = [self._mismatch(row), _gap(row), self._expected(row), _pace(row)]
        others += [self._projected(row), self._required(row)]
        return RowExplanation(
            row=row,
            breakdown=self.card.tree.breakdown.name,
            target=self._target(row),
            actual=self._actual(row),
            attainment=_attainment(row),
            others=tuple(each for each in others if each is not None),
        )

    # Targets.

    def _target(self, row: ScoreRow) -> Statement:
        found = self._current(row)
        if row.original == row.target:
            return found
        facts = {**found.facts, "original": row.original, "version": self.card.plan.version}
        return attrs.evolve(found, facts=facts)

    def _current(self, row: ScoreRow) -> Statement:
        metric, period, figure = row.metric, row.period, row.target
        plan, node = self.card.plan, self.card.tree.by_path[row.goal]
        if figure is None:
            return Statement(_K.NO_TARGET, metric)
        codes, typed = self.card.tree.scope[node], plan.targets.of(metric.id)
        if codes in typed.get(period, {}):
            return self._typed(_K.TYPED, metric, period, codes, figure)
        if codes in self._own(metric, period):
            parts = tuple(
                self._typed(_K.SUB_PERIOD, metric, each, codes, units)
                for each, units in pick_sub_periods(typed, codes, period)
            )
            how = _OVER_TIME[metric.aggregation]
            return Statement(_K.SUB_PERIODS, metric, figure, how, parts)
        if isinstance(metric.aggregation, Ratio):
            return self._quotient(_K.RATIO_OF_TARGETS, row, figure, node)
        column = self._column(row).targets["target"]
        children = self._children(metric, column, node)
        how = _OVER_CHILDREN[metric.aggregation]
        return Statement(_K.CHILD_TARGETS, metric, figure, how, children)

    def _own(self, metric: Metric, period: Period) -> Mapping[Codes, int]:
        key = (metric.id, period)
        if key not in self._sub_periods:
            typed = self.card.plan.targets.of(metric.id)
            self._sub_periods[key] = own_sub_periods(metric, typed, period, self._people)
        return self._sub_periods[key]

    def _typed(
        self, kind: StatementKind, metric: Metric, period: Period, codes: Codes, units: Exact
    ) -> Statement:
        """One typed value with its row; one that no table typed comes from a cascade."""
        where = self.card.plan.typed_at.get((metric.id, "target", period), {}).get(codes)
        cascaded = kind is _K.TYPED and where is None
        facts = {"period": period.label, "where": where}
        return Statement(_K.CASCADED if cascaded else kind, metric, units, facts=facts)

    def _mismatch(self, row: ScoreRow) -> Statement | None:
        if row.mismatch is None:
            return None
        node = self.card.tree.by_path[row.goal]
        column = self._column(row).targets["target"]
        own = Statement(_K.TARGET, row.metric, row.target)
        parts = (own, *self._children(row.metric, column, node))
        return Statement(_K.MISMATCH, row.metric, row.mismatch, Rule.LESS, parts)

    # Actuals.

    def _actual(self, row: ScoreRow) -> Statement:
        metric, figure = row.metric, row.actual
        if row.status is Status.NOT_STARTED:
            return Statement(_K.NOT_STARTED, metric)
        if figure is None:
            return Statement(_K.NO_DATA, metric)
        node = self.card.tree.by_path[row.goal]
        if isinstance(metric.aggregation, Ratio):
            return self._quotient(_K.RATIO_OF_ACTUALS, row, figure, node)
        children = self._children(metric, self._column(row).actual, node)
        if not children:
            return Statement(_K.FACTS, metric, figure)
        if metric.aggregation not in {Aggregation.SUM, Aggregation.LAST}:
            return Statement(_K.MERGED_ACTUALS, metric, figure, parts=children)
        # A balance has no column of its own facts; what the children leave over is theirs.
        own = figure - sum(each.figure or 0 for each in children)
        own = own if row.unassigned is None else row.unassigned
        parts = (*children, Statement(_K.UNASSIGNED, metric, own))
        return Statement(_K.CHILD_ACTUALS, metric, figure, Rule.SUM, parts)

    def _children(
        self, metric: Metric, column: Iterable[Exact | None], node: int
    ) -> tuple[Statement, ...]:
        """The children with a figure."""
        figures, tree = list(column), self.card.tree
        return tuple(
            Statement(_K.CHILD, metric, figures[each], facts={"goal": tree.path[each]})
            for each in tree.counted_children(node)
            if figures[each] is not None
        )

    def _quotient(
        self, kind: StatementKind, row: ScoreRow, figure: Exact, node: int
    ) -> Statement:
        both = self.card.plan.parts_of(row.metric)
        assert both is not None
        parts = []
        for each in both:
            column = self.card.columns[each.id, row.period]
            of_target = kind is _K.RATIO_OF_TARGETS
            figures = column.targets["target"] if of_target else column.actual
            parts.append(Statement(_K.METRIC, each, figures[node]))
        times, how = row.metric.unit_times(both), Rule.QUOTIENT
        return Statement(kind, row.metric, figure, how, tuple(parts), times)

    # By a day.

    def _expected(self, row: ScoreRow) -> Statement | None:
        metric, figure, as_of = row.metric, row.progress.expected, self.card.as_of
        if figure is None or row.target is None:
            return None
        if as_of >= row.period.last:
            return Statement(_K.EXPECTED_WHOLE, metric, figure)
        node = self.card.tree.by_path[row.goal]
        children = self._expecting(row, node)
        if children:
            return Statement(_K.EXPECTED_CHILDREN, metric, figure, Rule.SUM, children)
        if metric.aggregation not in ACCUMULATING:
            return Statement(_K.EXPECTED_LEVEL, metric, figure)
        pieces = split_expected(
            row.target,
            row.period,
            as_of,
            parts=self._weights(row, self.card.tree.scope[node]),
            workdays=None if self._by_days else self.card.plan.workdays,
        )
        parts = []
        for each in pieces:
            facts: dict[str, object] = {"period": each.period.label, "allotted": each.allotted}
            if each.elapsed is not None:
                facts |= {"elapsed": each.elapsed.elapsed, "total": each.elapsed.total}
                facts |= {"basis": str(each.elapsed.basis)}
            kind = _K.OVER if each.elapsed is None else _K.RUNNING
            parts.append(Statement(kind, metric, each.units, facts=facts))
        return Statement(_K.EXPECTED_PARTS, metric, figure, Rule.SUM, tuple(parts))

    @property
    def _by_days(self) -> bool:
        return self.card.plan.pace.basis is PaceBasis.DAYS

    def _weights(self, row: ScoreRow, codes: Codes) -> Mapping[Period, Exact]:
        settings = self.card.plan.pace
        if settings.basis is PaceBasis.PROFILE:
            return profile_parts(settings.profile, self.card.plan.calendar, row.period)
        return self._own_parts(row).get(codes, {})

    def _own_parts(self, row: ScoreRow) -> Mapping[Codes, Mapping[Period, Exact]]:
        if self.card.plan.pace.basis is not PaceBasis.TYPED:
            return {}
        key = (row.metric.id, row.period)
        if key not in self._parts:
            typed = self.card.plan.targets.of(row.metric.id)
            self._parts[key] = own_parts(typed, row.period)
        return self._parts[key]

    def _expecting(self, row: ScoreRow, node: int) -> tuple[Statement, ...]:
        """What the children expect, where the goal expects that, scaled to its own target."""
        own, metric, tree = self._own_parts(row), row.metric, self.card.tree
        adds = metric.aggregation in {*ACCUMULATING, Aggregation.LAST}
        if not adds or metric.baseline is not None or not own or tree.scope[node] in own:
            return ()
        column = self._column(row)
        targets, expected = column.targets["target"], column.expected
        found = [
            (each, above, below)
            for each in tree.counted_children(node)
            if (above := targets[each]) is not None and (below := expected[each]) is not None
        ]
        whole = sum(above for _, above, _ in found)
        if not whole or row.target is None:
            return ()
        scale = Fraction(row.target, whole)
        return tuple(
            Statement(_K.CHILD, metric, below * scale, facts={"goal": tree.path[each]})
            for each, _, below in found
        )

    def _projected(self, row: ScoreRow) -> Statement | None:
        projected, elapsed = row.progress.projected, self._column(row).days.elapsed
        if projected is None or elapsed is None:
            return None
        parts_of = self.card.plan.parts_of(row.metric)
        way = growth_of(row.metric, parts_of)
        if not way:
            alike = parts_of is not None and growth_of(parts_of[0])
            kind = _K.PROJECTED_ALIKE if alike else _K.PROJECTED_AS_IS
            return Statement(kind, row.metric, projected)
        days = Statement(
            _K.DAYS_OVER,
            row.metric,
            elapsed.elapsed,
            shown=Figure.DAYS,
            facts={"total": elapsed.total, "basis": str(elapsed.basis)},
        )
        parts = (Statement(_K.ACTUAL, row.metric, row.actual), days)
        up, down = (_K.PROJECTED, Rule.QUOTIENT), (_K.PROJECTED_DOWN, Rule.ALONE)
        kind, how = up if way > 0 else down
        return Statement(kind, row.metric, projected, how, parts, elapsed.total)

    def _required(self, row: ScoreRow) -> Statement | None:
        left = self._column(row).days.left
        if row.progress.required is None or left is None or row.gap is None:
            return None
        parts = (
            Statement(_K.SHORT, row.metric, max(row.gap, 0)),
            Statement(_K.DAYS_LEFT, row.metric, left.workdays, shown=Figure.DAYS),
        )
        return Statement(_K.REQUIRED, row.metric, row.progress.required, Rule.QUOTIENT, parts)

    def _column(self, row: ScoreRow) -> ScoreColumn:
        return self.card.columns[row.metric.id, row.period]


def _attainment(row: ScoreRow) -> Statement:
    metric, target, actual = row.metric, row.target, row.actual
    if row.ratio is None or target is None or actual is None:
        return Statement(_K.NO_ATTAINMENT, metric, facts={"status": str(row.status)})
    over, under = _K.ACTUAL, _K.TARGET
    figures = (actual, target)
    if metric.baseline is not None:
        over, under = _K.MADE, _K.TO_MAKE
        figures = (actual - metric.baseline, target - metric.baseline)
    elif metric.direction is Direction.MINIMISE:
        over, under, figures = under, over, (target, actual)
    parts = (Statement(over, metric, figures[0]), Statement(under, metric, figures[1]))
    return Statement(_K.ATTAINMENT, metric, row.ratio, Rule.QUOTIENT, parts, shown=Figure.RATIO)


def _gap(row: ScoreRow) -> Statement | None:
    if row.gap is None:
        return None
    parts = (
        Statement(_K.TARGET, row.metric, row.target),
        Statement(_K.ACTUAL, row.metric, row.actual),
    )
    most = row.metric.direction is Direction.MAXIMISE
    return Statement(_K.GAP, row.metric, row.gap, Rule.LESS, parts if most else parts[::-1])


def _pace(row: ScoreRow) -> Statement | None:
    """The pace; its ratio closes where it is plainly the actual over what is expected."""
    found = row.progress
    if found.pace is None or found.expected is None:
        return None
    facts = {"pace": str(found.pace)}
    parts = (
        Statement(_K.ACTUAL, row.metric, row.actual),
        Statement(_K.EXPECTED, row.metric, found.expected),
    )
    if row.metric.direction is Direction.MINIMISE:
        parts = parts[::-1]
    plain = row.metric.baseline is None and found.ratio is not None
    return Statement(
        _K.PACE,
        row.metric,
        found.ratio,
        Rule.QUOTIENT if plain else Rule.ALONE,
        parts if plain else (),
        shown=Figure.RATIO,
        facts=facts,
    )
