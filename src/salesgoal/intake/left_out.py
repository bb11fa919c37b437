"""Rows left out on purpose: blank ones, repeated headers, totals, and what a rule names.

Each is counted by its rule, and a total is held against the rows that it sums: what a sheet
says of itself is a check that costs nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import localcontext

import attrs

from salesgoal.domain.number import amount_text
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused
from salesgoal.intake.amount_column import EXACT, AmountColumn
from salesgoal.intake.cell_text import CellRefused, is_blank, is_filled
from salesgoal.intake.parse import read_day
from salesgoal.intake.synonyms import fold_header
from salesgoal.intake.total_label import is_whole_total, plain_label, total_kind
from salesgoal.ports.importer import Page, RawRow, RawValue

__all__ = ["BLANK", "REPEATED_HEADER", "TOTAL", "IgnoreRule", "LeftOut"]

BLANK, REPEATED_HEADER, TOTAL = "blank", "repeated-header", "total"
"""The names of our own rules; those of a plan have theirs."""

_KEPT = 50_000
_MIXED = ("each row of the table has a metric of its own", "表中每行的指标各写各的")


@attrs.frozen(kw_only=True)
class IgnoreRule:
    """Rows that a plan leaves out: the cell of a column is, holds or dates from something.

    Attributes:
        name: What the counts call it.
        column: The header.
        equals: Texts, as names are compared.
        contains: A text within the cell.
        since: Days from this one on.
        until: Days up to this one.
        others: Leave out the rows that this does not describe instead.
    """

    name: str
    column: str
    equals: tuple[str, ...] = ()
    contains: str | None = None
    since: date | None = None
    until: date | None = None
    others: bool = False

    def matches(self, cell: RawValue, form: str | None = None) -> bool:
        """Whether the rule leaves out a row with this cell in its column."""
        return self._describes(cell, form) != self.others

    def _describes(self, cell: RawValue, form: str | None) -> bool:
        text = fold_header("" if cell is None else str(cell))
        if self.equals and text in map(fold_header, self.equals):
            return True
        if self.contains is not None and fold_header(self.contains) in text:
            return True
        if self.since is None and self.until is None:
            return False
        try:
            day = read_day(cell, form)
        except CellRefused:
            return False
        if day is None:
            return False
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )


@attrs.define
class LeftOut:
    """Takes rows out of the pages of one table, and counts and checks them.

    Attributes:
        header: The columns of the table.
        place: The file and sheet.
        labels: Position of each column that says who or when -> whether a text is known there,
            so that a member called Total stays one. In a row that names nobody any other
            column may bear the label of a total.
        time: The position of the column that says when, or None.
        amounts: The columns that totals are checked in.
        rules: Those of the plan.
        date_format: Of texts in columns of days.
        unsure: Columns of amounts whose metric each row says; no total of them is checked.
        read_so_far: Metric id -> units of the rows given out so far, where somebody adds them
            up anyway; without it they are added up here, column by column.
        counts: Rule -> rows left out.
        problems: Totals that are wrong or cannot be checked.
    """

    header: Sequence[str]
    place: Place
    labels: Mapping[int, Callable[[str], bool]]
    time: int | None
    amounts: Sequence[AmountColumn]
    rules: Sequence[IgnoreRule] = ()
    date_format: str | None = None
    unsure: Sequence[int] = ()
    read_so_far: Callable[[], Mapping[str, int]] | None = None
    counts: dict[str, int] = attrs.field(factory=dict, init=False)
    problems: list[Problem] = attrs.field(factory=list, init=False)
    _rules: list[tuple[int, IgnoreRule]] = attrs.field(init=False)
    _watched: list[int] = attrs.field(init=False)
    _members: list[int] = attrs.field(init=False)
    _others: list[int] = attrs.field(init=False)
    _is_labelled: bool = attrs.field(init=False)
    _plain: dict[int, set[RawValue]] = attrs.field(init=False)
    _sums: dict[int, int] = attrs.field(init=False)
    _ignored: dict[int, int] = attrs.field(init=False)
    _marks: dict[str, dict[int, int]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up the columns of the rules.

        Raises:
            SourceRefused: The header lacks one.
        """
        folded = [fold_header(name) for name in self.header]
        missing = [each for each in self.rules if fold_header(each.column) not in folded]
        shown = ", ".join(self.header)
        if missing:
            raise SourceRefused(
                [
                    problem("missing-column", self.place, column=each.column, found=shown)
                    for each in missing
                ]
            )
        self._rules = [(folded.index(fold_header(each.column)), each) for each in self.rules]
        last = max(self.labels, default=-1)
        taken = {column.at for column in self.amounts}
        watched = {*range(last + 1), *(at for at, _ in self._rules)}
        self._watched = sorted(watched - (taken - {at for at, _ in self._rules}))
        self._members = [at for at in self.labels if at != self.time]
        sums = {column.at for column in self.amounts if column.metric.is_additive}
        self._others = sorted({*range(len(self.header))} - sums - self.labels.keys())
        self._is_labelled = not self.labels.keys().isdisjoint(self._watched)
        self._plain = {at: set() for at in self._watched}
        self._sums = dict.fromkeys(range(len(self.amounts)), 0)
        self._ignored = dict(self._sums)

    def sift(self, pages: Iterator[Page]) -> Iterator[Page]:
        """Yields the pages without the rows left out; a page is cut where a total stands."""
        for page in pages:
            if self._is_plain(page.values):
                self._add_up(page.values)
                yield page
            else:
                yield from self._sifted(page)

    def _sifted(self, page: Page) -> Iterator[Page]:
        rows: list[RawRow] = []
        warnings = page.warnings
        for row in page.rows:
            rule, label = self._rule_of(row)
            if rule is None:
                rows.append(row)
                continue
            self.counts[rule] = self.counts.get(rule, 0) + 1
            if rule not in {TOTAL, REPEATED_HEADER}:
                self._add_up([row.values], into=self._ignored)
                continue
            # Whoever adds up the rows given out must have all of them before the total.
            self._add_up([each.values for each in rows])
            yield Page(tuple(rows), page.columns, warnings=warnings)
            rows, warnings = [], ()
            if rule == TOTAL:
                self._check(row, label)
            else:
                self._marks["header"] = self._now()
        self._add_up([each.values for each in rows])
        yield attrs.evolve(page, rows=tuple(rows), warnings=warnings)

    def leaves_all(self, cells: Callable[[int], Iterable[RawValue]]) -> bool:
        """Whether no row is left out that has these cells, by position; blank ones may be."""
        if not self._is_labelled or any(
            self._is_odd(at, cell) for at in self._watched for cell in cells(at)
        ):
            return False
        if any(all(map(is_filled, cells(at))) for at in self._members):
            return True
        return not any(is_whole_total(cell) for at in self._others for cell in cells(at))

    def is_free(self, at: int) -> bool:
        """Whether no rule looks at a column, and its header has no digit."""
        has_digit = any(map(str.isdigit, fold_header(self.header[at])))
        return not has_digit and all(place != at for place, _ in self._rules)

    # Which rows.

    def _is_plain(self, values: Sequence[Sequence[RawValue]]) -> bool:
        """Whether no row is left out here; blank ones are where nobody else counts them.

        A repeated header and a total show in the watched columns, if those say who or when.
        """
        if not self._is_labelled or (self.read_so_far is None and any(map(is_blank, values))):
            return False
        try:
            for at in self._watched:
                new = {row[at] for row in values} - self._plain[at]
                if any(self._is_odd(at, cell) for cell in new):
                    return False
                if len(self._plain[at]) < _KEPT:
                    self._plain[at] |= new
            return not self._hides_total(values)
        except IndexError:
            return False

    def _hides_total(self, values: Sequence[Sequence[RawValue]]) -> bool:
        """Whether a row that names nobody bears the label of a total in another column."""
        rows = [row for row in values if self._is_nameless(row)] if self._members else values
        return any(
            is_whole_total(cell) for at in self._others for cell in {row[at] for row in rows}
        )

    def _is_nameless(self, values: Sequence[RawValue]) -> bool:
        return not any(is_filled(values[at]) for at in self._members if at < len(values))

    def _is_odd(self, at: int, cell: RawValue) -> bool:
        if isinstance(cell, str) and cell and self._is_label(at, cell):
            return True
        return any(
            place == at and rule.matches(cell, self.date_format) for place, rule in self._rules
        )

    def _is_label(self, at: int, cell: str) -> bool:
        return total_kind(cell) is not None or fold_header(cell) == fold_header(self.header[at])

    def _rule_of(self, row: RawRow) -> tuple[str | None, str]:
        """The name of the rule that leaves a row out, and the label of a total."""
        values = row.values
        if is_blank(values):
            return BLANK, ""
        if self._is_header(values):
            return REPEATED_HEADER, ""
        for at, rule in self._rules:
            if at < len(values) and rule.matches(values[at], self.date_format):
                return rule.name, ""
        label = self._total_label(values)
        return (None, "") if label is None else (TOTAL, label)

    def _total_label(self, values: Sequence[RawValue]) -> str | None:
        """The label that makes a row a total, if any does."""
        for at in self._watched:
            cell = values[at] if at < len(values) else None
            kind = total_kind(cell) if isinstance(cell, str) else None
            if kind is None:
                continue
            is_known = self.labels.get(at)
            is_total = (
                kind == "whole" and self._has_no_time(values)
                if is_known is None
                else not is_known(str(cell))
            )
            if is_total:
                return str(cell)
        if not self._is_nameless(values):
            return None
        others = (values[at] for at in self._others if at < len(values))
        label = next(filter(is_whole_total, others), None)
        return None if label is None else str(label)

    def _is_header(self, values: Sequence[RawValue]) -> bool:
        places = [*self.labels, *(column.at for column in self.amounts)]
        return bool(places) and all(
            at < len(values)
            and isinstance(values[at], str)
            and fold_header(str(values[at])) == fold_header(self.header[at])
            for at in places
        )

    def _has_no_time(self, values: Sequence[RawValue]) -> bool:
        cell = values[self.time] if self.time is not None and self.time < len(values) else None
        return not is_filled(cell)

    # What totals say.

    def _add_up(
        self, rows: Sequence[Sequence[RawValue]], *, into: dict[int, int] | None = None
    ) -> None:
        if into is None and self.read_so_far is not None:
            return
        sums = self._sums if into is None else into
        for at, column in enumerate(self.amounts):
            cells = [row[column.at] for row in rows if column.at < len(row)]
            sums[at] += _sum(column, cells) if column.metric.is_additive else 0

    def _now(self) -> dict[int, int]:
        if self.read_so_far is None:
            return dict(self._sums)
        known = self.read_so_far()
        return {at: known.get(each.metric.id, 0) for at, each in enumerate(self.amounts)}

    def _check(self, row: RawRow, label: str) -> None:
        """Holds a total against the rows before it, and remembers where it stands.

        A whole sums everything, or all since the header was repeated or since the last total of
        its name; a part all since the last total of any name, or since the last one that ends
        like it: 华东合计 sums what stands below 华北合计, whatever 小计 lie between.
        """
        now, kind = self._now(), total_kind(label)
        own = plain_label(label)
        nothing = dict.fromkeys(now, 0)
        if kind == "part":
            own = f"…{own[-2:]}"
            marks = [self._marks.get(own, nothing)]
            marks += [self._marks[name] for name in ("last", "header") if name in self._marks]
            shown = self._marks.get("last", nothing)
        else:
            marks = [nothing]
            marks += [self._marks[name] for name in (own, "header") if name in self._marks]
            shown = nothing
        for at, column in enumerate(self.amounts):
            if not column.metric.is_additive or column.at >= len(row.values):
                continue
            try:
                stated = column.units(row.values[column.at])
            except CellRefused as refused:
                said = problem(
                    refused.code, row.where, column=None, value=None, **refused.facts
                )
                reasons = said.message("en"), said.message("zh")
                self._unchecked(row, column.at, label, *reasons)
                continue
            if not isinstance(stated, int):
                continue
            sums = {now[at] - mark[at] for mark in marks}
            if stated not in sums and stated - self._ignored[at] not in sums:
                self._wrong(row, column, label, stated, now[at] - shown[at])
        for at in self.unsure:
            if at < len(row.values) and is_filled(row.values[at]):
                self._unchecked(row, at, label, *_MIXED)
        self._marks["last"] = self._marks[own] = now

    def _wrong(
        self, row: RawRow, column: AmountColumn, label: str, stated: int, computed: int
    ) -> None:
        decimals = column.metric.decimals
        fault = problem(
            "control-total",
            row.where,
            column=self.header[column.at],
            value=row.values[column.at],
            label=label.strip(),
            stated=amount_text(stated, decimals),
            computed=amount_text(computed, decimals),
        )
        self.problems.append(fault)

    def _unchecked(self, row: RawRow, at: int, label: str, reason: str, reason_zh: str) -> None:
        fault = problem(
            "unchecked-total",
            row.where,
            column=self.header[at],
            value=row.values[at],
            label=label.strip(),
            reason=reason,
            reason_zh=reason_zh,
        )
        self.problems.append(fault)


def _sum(column: AmountColumn, cells: Sequence[RawValue]) -> int:
    """The units of cells; one that is blank or no amount is its row's own problem."""
    try:
        with localcontext(EXACT):
            return sum(column.all_units([cell for cell in cells if is_filled(cell)]))
    except (CellRefused, TypeError, ValueError, ArithmeticError):
        return sum(_units(column, cell) for cell in cells)


def _units(column: AmountColumn, cell: RawValue) -> int:
    try:
        found = column.units(cell)
    except CellRefused:
        return 0
    return found if isinstance(found, int) else 0
