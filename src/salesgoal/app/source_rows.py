"""The rows of a plan's files: laid out, without what is left out, and mapped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import attrs

from salesgoal.app.plan_parts import Source
from salesgoal.app.sources import FileSource, open_layout
from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.target import MEASURES
from salesgoal.errors import SourceRefused
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.columns import ACTUAL, ROLE_NAMES, find_columns, map_source, source_names
from salesgoal.intake.epoch import count_from_1900
from salesgoal.intake.layout import LaidOut, LayoutForm, Vocabulary
from salesgoal.intake.left_out import LeftOut
from salesgoal.intake.merged import fill_down, warn_of_merged
from salesgoal.intake.period_names import PeriodNames
from salesgoal.intake.side_totals import check_side_totals, find_side_totals
from salesgoal.intake.source_map import SourceMap
from salesgoal.intake.synonyms import fold_header, synonyms_of
from salesgoal.intake.table import Table, make_table
from salesgoal.intake.target_rows import TargetForm
from salesgoal.intake.units import column_factor, split_unit
from salesgoal.intake.wide import Wide, find_wide, find_wide_members
from salesgoal.ports.importer import Page, RawValue
from salesgoal.ports.plugins import Plugins

__all__ = ["SourceRows", "open_rows", "read_targets"]

_TIMES = ("on", "period", "since", "until")


@attrs.frozen(kw_only=True)
class SourceRows:
    """One file of a source, ready to be booked.

    Attributes:
        map: Which column is what.
        columns: The header of the pages.
        place: The file and sheet.
        lines: The units that lines above the table state.
        pages: The rows that count; read them once.
        left_out: What was left out; complete when the pages are read.
        first: The number of the first row below the header, where rows are taken as they
            stand; None where each row of the file gives several.
        warnings: What was noticed about the layout; the first page says it too.
    """

    map: SourceMap
    columns: tuple[str, ...]
    place: Place
    lines: tuple[str, ...]
    pages: Iterator[Page]
    left_out: LeftOut
    first: int | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def ignored(self) -> RowCounts:
        """The rows left out so far, by rule."""
        rows = sum(self.left_out.counts.values())
        return RowCounts(read=rows, ignored=rows, rules=self.left_out.counts)


def open_rows(
    plan: Plan,
    source: Source,
    file: FileSource,
    plugins: Plugins,
    read_so_far: Callable[[], Mapping[str, int]],
) -> SourceRows:
    """Returns the rows of one file of a source of actuals.

    A wide table gives a record for every row and period with a value.

    Args:
        plan: Whose names and metrics.
        source: What the plan says of the source.
        file: The file.
        plugins: Whose importers may read it.
        read_so_far: Metric id -> units booked so far of this file, to check its totals.

    Raises:
        SourceRefused: The file cannot be read, or its columns or units are not clear.
        PlanRefused: The options of the importer are wrong.
    """
    wanted = source_names(plan.dimensions, plan.metrics, source.map)
    values = [name for each in plan.metrics for name in wanted.get(each.id, ())]
    measures = _folded([*values, *ACTUAL, *_role_names(MEASURES)])
    form, level = source.map.period_format, source.map.period_level
    periods = PeriodNames(plan.calendar, plan.period, form, level)
    words = [name for names in wanted.values() for name in names]
    words += [*ACTUAL, *_role_names(MEASURES), *source.columns.values()]
    vocabulary = Vocabulary(words, _label_or_none(periods))
    laid = open_layout(file, plugins, source.layout, vocabulary)
    wide = None
    if not source.columns.keys() & {"on", "period"} and not _is_timed(laid):
        taken = set(source.columns.values())
        wide = find_wide(laid, periods, _measure(measures), taken, ACTUAL[1])
    if wide is not None:
        _refuse_overlaps(wide, plan, laid.place)
    elif not _has_amounts(laid, measures, source.columns, plan.metrics):
        open_to = _without_column(
            laid, plan.dimensions, {**source.columns, **source.map.members}
        )
        wide = find_wide_members(laid, open_to, set(source.columns.values()), ACTUAL[1])
    columns = wide.columns if wide else laid.columns
    mapped = map_source(source.map, plan, source.columns, columns, laid.place, laid.lines)
    left_out = LeftOut(
        header=laid.columns,
        place=laid.place,
        labels=_labels(plan.dimensions, mapped.dimensions, laid.columns, mapped.time_column),
        time=_index(laid.columns, mapped.time_column),
        amounts=_amounts(plan, mapped, laid, wide),
        rules=source.rules,
        date_format=mapped.date_format,
        read_so_far=read_so_far if wide is None else None,
    )
    days = _from_1900(laid, [mapped.time_column])
    filled = fill_down(days, _amount_positions(left_out.amounts, wide))
    pages = warn_of_merged(left_out.sift(filled), laid.place)
    if wide is not None:
        totals = find_side_totals(wide, left_out.amounts)
        pages = check_side_totals(pages, totals, left_out.problems)
    return SourceRows(
        map=mapped,
        columns=columns,
        place=laid.place,
        lines=laid.lines,
        pages=_warned(wide.melt(pages, set(mapped.metrics.values())) if wide else pages, laid),
        left_out=left_out,
        first=None if wide else laid.first,
        warnings=laid.warnings,
    )


def read_targets(
    file: FileSource,
    plugins: Plugins,
    explicit: Mapping[str, str],
    layout: LayoutForm,
    form: TargetForm,
    periods: PeriodNames,
    metrics: Sequence[Metric],
    dimensions: Sequence[Dimension],
) -> tuple[Table, list[Problem]]:
    """Returns a table of targets, and what its totals and layout have wrong.

    Raises:
        SourceRefused, PlanRefused: As `open_rows`.
    """
    dimension_names = {each.id: (each.id, each.name) for each in dimensions}
    roles = {role: ROLE_NAMES[role] for role in ("metric", *_TIMES, *MEASURES)}
    wanted = {**roles, **dimension_names}
    values = [name for each in metrics for name in (each.id, each.name)]
    words = [name for names in wanted.values() for name in names]
    words += [*ACTUAL, *_role_names(("owner", "department", "due_on")), *explicit.values()]
    vocabulary = Vocabulary(words, _label_or_none(periods))
    laid = open_layout(file, plugins, layout, vocabulary)
    wide = None
    measures = _folded([*values, *ACTUAL, *_role_names(MEASURES)])
    if not explicit.keys() & set(_TIMES) and not _is_timed(laid):
        wide = find_wide(laid, periods, _measure(measures), set(explicit.values()), "目标")
    # Headers that are labels as they stand keep their own columns, by which faults are named.
    if wide is not None and not any(laid.periods) and wide.values == ("目标",):
        wide = (
            None if all(name in laid.columns for name in wide.at) or form.period_level else wide
        )
    timed = _is_timed(laid) or (form.period is not None and wide is None)
    if timed and not _has_amounts(laid, measures, explicit, ()):
        open_to = _without_column(laid, dimensions, explicit)
        wide = find_wide_members(laid, open_to, set(explicit.values()), "目标")
    columns = wide.columns if wide else laid.columns
    found = find_columns(wanted, explicit, columns, laid.place)
    places = {role: name for role, name in found.items() if role in dimension_names}
    metric = next((each for each in metrics if form.metric in {None, each.id, each.name}), None)
    named = [found[role] for role in MEASURES if role in found and "metric" not in found]
    amounts = _target_amounts(named, metric, form, laid, wide) if metric else []
    time = found.get("period") if wide is None else None
    left_out = LeftOut(
        header=laid.columns,
        place=laid.place,
        labels=_labels(dimensions, places, laid.columns, time),
        time=laid.columns.index(time) if time else None,
        amounts=amounts,
        unsure=_mixed(found, laid.columns),
    )
    timely = [*_folded(_role_names((*_TIMES, "due_on"))), *explicit.values()]
    days = _from_1900(laid, timely)
    filled = fill_down(days, _amount_positions(amounts, wide))
    pages = warn_of_merged(left_out.sift(filled), laid.place)
    if wide is not None:
        totals = find_side_totals(wide, amounts)
        pages = check_side_totals(pages, totals, left_out.problems)
        pages = wide.melt(pages, wide.values)
    whole = [attrs.evolve(page, columns=columns) for page in _warned(pages, laid)]
    table = make_table(whole, laid.place, explicit, laid.lines)
    return table, [*table.warnings, *left_out.problems]


def _from_1900(laid: LaidOut, names: Collection[str]) -> Iterator[Page]:
    """The pages of a table with the days of these columns counted from 1900."""
    if not laid.from_1904:
        return laid.pages
    wanted = {fold_header(name) for name in names}
    columns = {at for at, name in enumerate(laid.columns) if fold_header(name) in wanted}
    return count_from_1900(laid.pages, columns)


def _role_names(roles: Iterable[str]) -> list[str]:
    return [name for role in roles for name in ROLE_NAMES[role]]


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset([*map(fold_header, names), *synonyms_of(names)])


def _measure(names: frozenset[str]) -> Callable[[str], bool]:
    return lambda text: fold_header(split_unit(text)[0]) in names


def _label_or_none(periods: PeriodNames) -> Callable[[RawValue], str | None]:
    """The period a header names, for finding the header: one in doubt counts as one too."""

    def label(header: RawValue) -> str | None:
        try:
            return periods.find(header)
        except CellRefused:
            return str(header)

    return lru_cache(maxsize=None)(label)


def _is_timed(laid: LaidOut) -> bool:
    names = _folded(_role_names(("on", "period")))
    return any(fold_header(name) in names for name in laid.columns)


def _has_amounts(
    laid: LaidOut,
    measures: frozenset[str],
    explicit: Mapping[str, str],
    metrics: Iterable[Metric],
) -> bool:
    """Whether a column gives amounts by its name, or the plan says which does."""
    named = explicit.keys() & {*MEASURES, *(each.id for each in metrics)}
    return bool(named) or any(map(_measure(measures), laid.columns))


def _without_column(
    laid: LaidOut, dimensions: Sequence[Dimension], said: Mapping[str, object]
) -> list[Dimension]:
    """The dimensions that no column gives and of which the plan says nothing."""
    names = {fold_header(name) for name in laid.columns}
    return [
        each
        for each in dimensions
        if each.id not in said and names.isdisjoint(_folded([each.id, each.name]))
    ]


def _amount_positions(amounts: Sequence[AmountColumn], wide: Wide | None) -> set[int]:
    """The columns that a merged cell must not fill."""
    spread = [at for places in wide.at.values() for at in places.values()] if wide else []
    return {*spread, *(each.at for each in amounts)}


def _index(header: Sequence[str], column: str | None) -> int | None:
    return header.index(column) if column in header else None


def _labels(
    dimensions: Sequence[Dimension],
    places: Mapping[str, str],
    header: Sequence[str],
    time: str | None,
) -> dict[int, Callable[[str], bool]]:
    """The columns that may say 合计, and who is called so there."""
    labels: dict[int, Callable[[str], bool]] = {}
    for each in dimensions:
        if places.get(each.id) in header:
            labels[header.index(places[each.id])] = _knows(each)
    if time in header:
        labels[header.index(time)] = lambda _: False
    return labels


def _knows(dimension: Dimension) -> Callable[[str], bool]:
    return lambda text: dimension.find(text) is not None


def _amounts(
    plan: Plan, mapped: SourceMap, laid: LaidOut, wide: Wide | None
) -> list[AmountColumn]:
    """The columns of the sheet in which totals are checked."""
    columns = []
    for name, column in mapped.metrics.items():
        if wide is None or column not in wide.values:
            places = [laid.columns.index(column)]
        else:
            places = [each[column] for each in wide.at.values() if column in each]
        factor = mapped.factors.get(name, mapped.factor)
        columns += [
            AmountColumn(plan.metric(name), at, factor, mapped.round_excess) for at in places
        ]
    return columns


def _target_amounts(
    measures: Sequence[str],
    metric: Metric,
    form: TargetForm,
    laid: LaidOut,
    wide: Wide | None,
) -> list[AmountColumn]:
    """The columns of a table of targets in which totals are checked."""
    columns = []
    for name in measures:
        try:
            factor = column_factor(metric, name, laid.lines, form.unit)
        except CellRefused:
            continue  # whoever reads the column refuses it, with its place
        if wide is not None and name in wide.values:
            places = [each[name] for each in wide.at.values() if name in each]
        else:
            places = [laid.columns.index(name)] if name in laid.columns else []
        columns += [AmountColumn(metric, at, factor, form.round_excess) for at in places]
    return columns


def _mixed(found: Mapping[str, str], header: Sequence[str]) -> list[int]:
    """The columns of targets of a table in which each row says its metric."""
    named = [found[role] for role in MEASURES if role in found and "metric" in found]
    return [header.index(name) for name in named if name in header]


def _refuse_overlaps(wide: Wide, plan: Plan, place: Place) -> None:
    """Actuals of a quarter beside those of its months would count twice.

    Raises:
        SourceRefused: ``crossing-columns``.
    """
    for value in wide.values:
        named = [label for label, places in wide.at.items() if value in places]
        periods = sorted(
            (parse_period(plan.calendar, label) for label in named), key=lambda each: each.start
        )
        faults = [
            problem("crossing-columns", place, column=value, first=one.label, second=two.label)
            for one, two in pairwise(periods)
            if two.start < one.stop
        ]
        if faults:
            raise SourceRefused(faults)


def _warned(pages: Iterator[Page], laid: LaidOut) -> Iterator[Page]:
    """The pages, the first of them with the warnings about the layout."""
    warnings = laid.warnings
    for page in pages:
        yield attrs.evolve(page, warnings=(*warnings, *page.warnings)) if warnings else page
        warnings = ()
