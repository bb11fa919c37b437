"""Tables that commands keep beside a plan: how cells are written, how the plan names them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from salesgoal.app.output import write_file
from salesgoal.domain.metric import Metric
from salesgoal.errors import OutputError
from salesgoal.intake.parse import may_be_ratio

__all__ = ["amount_cell", "inert", "name_table"]

_FORMULA_STARTS = ("=", "+", "-", "@")


def amount_cell(amount: Decimal | int | None, metric: Metric) -> str:
    """Returns an amount in whole units as a cell holds it; blank where there is none.

    A percentage that could be taken for a ratio gets its sign.

    >>> rate = Metric(id="rate", unit="%", decimals=2)
    >>> amount_cell(Decimal("0.85"), rate), amount_cell(Decimal("85.00"), rate)
    ('0.85%', '85.00')
    """
    if amount is None:
        return ""
    return f"{amount}%" if metric.is_percent and may_be_ratio(amount) else str(amount)


def inert(text: str) -> str:
    """Returns a text as a cell holds it.

    One that begins like a formula gets a space before it, which reading drops.

    >>> inert("=1+1"), inert("拜访")
    (' =1+1', '拜访')
    """
    return f" {text}" if text.startswith(_FORMULA_STARTS) else text


def name_table(
    plan: Path, kind: str, keys: Mapping[str, str | Sequence[str]], *, remark: str = ""
) -> None:
    """Names a table at the end of a plan file; every byte before it stays.

    Args:
        plan: The plan file.
        kind: ``actuals``, ``reviews`` …: the list of tables that it joins.
        keys: What its entry says; texts and lists of texts without quotes.
        remark: A comment behind the head of the entry.

    Raises:
        OutputError: The plan file would say anything else than before, or cannot be written.
    """
    before = plan.read_bytes()
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") else end
    said = [f"{key} = {_literal(value)}" for key, value in keys.items()]
    lines = ["", f"[[{kind}]]" + (f"  # {remark}" if remark else ""), *said, ""]
    after = before + f"{gap}{end.join(lines)}".encode()
    old = tomllib.loads(before.decode("utf-8-sig"))
    old.setdefault(kind, []).append(keys)
    try:
        same = tomllib.loads(after.decode("utf-8-sig")) == old
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        entry = ", ".join(said)
        raise OutputError(
            str(plan),
            f"add [[{kind}]] with {entry} to it yourself",
            f"请自行在其中加入 [[{kind}]]：{entry}",
        )
    write_file(plan, after)


def _literal(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"[{', '.join(map(_literal, value))}]"
