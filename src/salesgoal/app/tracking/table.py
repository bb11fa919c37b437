"""The totals that people typed into tracking workbooks, in csv files: one a metric.

The plan names them as one source of actuals, ``plan.tracking/*.csv``. A row is one total: of a
scope and a period. Its amount is what makes the plan's figure just what was typed: what other
sources give of the same scope and period is not counted again. So a total that nobody else
knows stands there as it was typed, and a correction of what records say as the difference.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import write_file
from salesgoal.app.own_tables import amount_cell, inert, name_table
from salesgoal.app.plan_parts import Source
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount, to_units
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import Scope
from salesgoal.errors import NumberRefused, OutputError
from salesgoal.intake.columns import ROLE_NAMES
from salesgoal.sheets.form import read_scope_key, scope_key

__all__ = [
    "TotalKey",
    "TypedTotal",
    "is_tracking",
    "read_totals",
    "tracking_folder",
    "write_totals",
]

_KEY, _TYPED, _WORKBOOK = "键", "填写值", "工作簿"
_SOURCE = "跟踪表"
_PERIOD = ROLE_NAMES["period"][1]
_REMARK = "salesgoal import 写入 / written by salesgoal import"

TotalKey = tuple[str, str, str]
"""The key of a scope, the id of a metric, the label of a period."""


@attrs.frozen(kw_only=True)
class TypedTotal:
    """One total as it was typed.

    Attributes:
        scope: Dimension id -> member.
        metric: Its id.
        period: The label of the period whose total it is.
        on: The label of the period or day that the fact stands on.
        typed: What was typed, in units.
        amount: What the row adds to the plan's figure, in units.
        workbook: Which workbook said so last.
    """

    scope: Scope = attrs.field(hash=False)
    metric: str
    period: str
    on: str
    typed: int
    amount: int
    workbook: str

    @property
    def key(self) -> TotalKey:
        """By which it is known again."""
        return scope_key(self.scope), self.metric, self.period


def is_tracking(loaded: LoadedPlan, source: Source) -> bool:
    """Whether a source of a plan is that of tracking workbooks."""
    number = int(source.key.partition("#")[2])
    return loaded.document.actuals[number - 1].path == _pattern(loaded.path)


def read_totals(loaded: LoadedPlan) -> dict[TotalKey, TypedTotal]:
    """Returns the totals that stand beside the plan.

    Raises:
        OutputError: A file of them was changed by hand, so that it cannot be read.
    """
    found: dict[TotalKey, TypedTotal] = {}
    for metric in loaded.plan.metrics:
        path = _path(loaded, metric)
        if path.is_file():
            for one in _read(path, metric):
                found[one.key] = one
    return found


def write_totals(loaded: LoadedPlan, totals: Mapping[TotalKey, TypedTotal]) -> list[Path]:
    """Writes the totals of every metric that has some, or had; names them in the plan.

    Returns:
        The files that were written.

    Raises:
        OutputError: They, or the plan file, cannot be written.
    """
    written = []
    for metric in loaded.plan.metrics:
        path = _path(loaded, metric)
        own = [one for one in totals.values() if one.metric == metric.id]
        if not own and not path.exists():
            continue
        content = _content(loaded.plan, metric, own)
        if path.is_file() and path.read_bytes() == content:
            continue
        write_file(path, content)
        written.append(path)
    if not any(each.path == _pattern(loaded.path) for each in loaded.document.actuals):
        keys = {"path": _pattern(loaded.path), "source": _SOURCE, "key": [_KEY]}
        name_table(loaded.path, "actuals", keys, remark=_REMARK)
    return written


def _path(loaded: LoadedPlan, metric: Metric) -> Path:
    plain = metric.id if metric.id.replace("-", "_").isidentifier() else quote(metric.id, "")
    return tracking_folder(loaded.path) / f"{plain}.csv"


def tracking_folder(plan: Path) -> Path:
    """Returns where a plan keeps what came from its tracking workbooks."""
    return plan.with_name(f"{plan.stem}.tracking")


def _pattern(plan: Path) -> str:
    return f"{tracking_folder(plan).name}/*.csv"


def _content(plan: Plan, metric: Metric, totals: Iterable[TypedTotal]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names = [each.id for each in plan.dimensions]
    writer.writerow([*names, _PERIOD, metric.id, _TYPED, _KEY, _WORKBOOK])
    for one in sorted(totals, key=lambda each: each.key):
        writer.writerow(
            [
                *(inert(one.scope.get(name, "")) for name in names),
                one.on,
                amount_cell(to_amount(one.amount, metric.decimals), metric),
                amount_cell(to_amount(one.typed, metric.decimals), metric),
                f"{scope_key(one.scope)}@{one.period}",
                one.workbook,
            ]
        )
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _read(path: Path, metric: Metric) -> Iterable[TypedTotal]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream, strict=True):
                key, _, period = row[_KEY].rpartition("@")
                yield TypedTotal(
                    scope=read_scope_key(key) or {},
                    metric=metric.id,
                    period=period,
                    on=row[_PERIOD],
                    typed=to_units(Decimal(row[_TYPED].removesuffix("%")), metric.decimals),
                    amount=to_units(Decimal(row[metric.id].removesuffix("%")), metric.decimals),
                    workbook=row[_WORKBOOK],
                )
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        csv.Error,
        NumberRefused,
        InvalidOperation,
    ) as error:
        detail = f"it is no longer as salesgoal wrote it ({error}) - restore it from a backup"
        zh = "内容已不是 salesgoal 写入的样子 - 请从备份恢复"
        raise OutputError(str(path), detail, zh) from error
