"""Names of a column as member codes: every distinct name is looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.domain.dimension import Dimension, fold_name
from salesgoal.domain.scope import ANY
from salesgoal.frames.amount import Array

__all__ = ["NameCodes", "encode", "spell", "spell_keys"]

_UNSEEN = np.iinfo(np.int64).min
_HEAD = 1 << 16
_TEXTS = (nw.String, nw.Categorical, nw.Enum)


def spell(value: object) -> str | None:
    """Returns a value of a frame as a name; None where it is blank.

    Equal numbers are one name: 7, 7.0 and Decimal("7") are "7".
    """
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, float | np.floating | Decimal | np.bool_ | bool):
        if value != value:  # noqa: PLR0124 - how NaN is known
            return None
        if float("-inf") < float(value) < float("inf") and value == int(value):
            return str(int(value))
    return fold_name(str(value)) or None


@attrs.define
class NameCodes:
    """The members of one dimension, by the names that a frame has.

    Attributes:
        dimension: Whose members.
        unknown: Names that no member has; the first one has code -2, the next one -3.
    """

    dimension: Dimension
    unknown: list[str] = attrs.field(factory=list, init=False)
    _known: dict[str | None, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Knows the blank name, and no other."""
        self._known = {None: ANY}

    def codes(self, column: nw.Series[Any] | Sequence[Any]) -> Array:
        """Returns the member code of every row; `ANY` where it is blank, -2 or less unknown."""
        if isinstance(column, nw.Series) and column.implementation.is_polars():
            if column.dtype.is_integer() or isinstance(column.dtype, _TEXTS):
                return self._from_polars(column.to_native())
            column = column.to_list()
        positions, names = encode(column)
        table = np.array([*map(self._code, names), ANY], np.int64)
        found: Array = table[positions]
        return found

    def _code(self, value: object) -> int:
        name = spell(value)
        code = self._known.get(name)
        if code is None:
            assert name is not None
            found = self.dimension.find(name)
            if found is None:
                self.unknown.append(name)
                found = -1 - len(self.unknown)
            code = self._known[name] = found
        return code

    def _from_polars(self, column: Any) -> Array:  # noqa: ANN401 - a native column
        """By Polars' categories; their numbers hold only while the column is there."""
        import polars as pl

        if column.dtype.is_integer():
            column = column.cast(pl.String)
        categories = column.cast(pl.Categorical)
        numbers = categories.to_physical().fill_null(0).to_numpy()
        table = np.full(int(numbers.max()) + 1 if len(numbers) else 0, _UNSEEN, np.int64)
        self._learn(categories.head(_HEAD), table, pl)
        codes: Array = table[numbers]
        unseen = codes == _UNSEEN
        if unseen.any():
            self._learn(categories.filter(pl.Series(unseen)), table, pl)
            codes = table[numbers]
        if column.null_count():
            codes = np.where(column.is_null().to_numpy(), ANY, codes)
        return codes

    def _learn(self, categories: Any, table: Array, pl: Any) -> None:  # noqa: ANN401
        found = categories.unique().drop_nulls()
        names = found.cast(pl.String).to_list()
        for number, name in zip(found.to_physical().to_list(), names, strict=True):
            table[number] = self._code(name)


def spell_keys(column: nw.Series[Any] | Sequence[Any]) -> tuple[Array, list[str]]:
    """Returns each row's position among the distinct keys, -1 for blank, and these keys."""
    positions, values = encode(column)
    places: dict[str | None, int] = {None: -1}
    names: list[str] = []
    table = []
    for value in values:
        name = spell(value)
        if name is not None and name not in places:
            places[name] = len(names)
            names.append(name)
        table.append(places[name])
    return np.array([*table, -1], np.int64)[positions], names


def encode(column: nw.Series[Any] | Sequence[Any]) -> tuple[Array, Sequence[Any]]:
    """Returns each row's position among the distinct values, -1 for blank, and these values.

    In the engine's own way where it has one.
    """
    if not isinstance(column, nw.Series):
        return _from_list(column)
    if column.null_count() == len(column):
        return np.full(len(column), -1), []
    native = column.to_native()
    if column.implementation.is_pandas_like():
        pandas = column.implementation.to_native_namespace()
        positions, values = pandas.factorize(native)
        return positions, values.tolist()
    if column.implementation.is_pyarrow():
        if not _is_dictionary(native):
            native = native.dictionary_encode()
        whole = native.unify_dictionaries().combine_chunks()
        indices = whole.indices.cast("int64")
        if indices.null_count:
            indices = indices.fill_null(-1)
        return indices.to_numpy(), whole.dictionary.to_pylist()
    return _from_list(column.to_list())


def _is_dictionary(native: Any) -> bool:  # noqa: ANN401 - a native column
    return hasattr(native.type, "value_type") and hasattr(native.type, "index_type")


def _from_list(values: Sequence[Any]) -> tuple[Array, Sequence[Any]]:
    places: dict[Any, int] = {}
    positions = np.empty(len(values), np.int64)
    for at, value in enumerate(values):
        blank = value is None or value != value  # noqa: PLR0124 - how NaN is known
        positions[at] = -1 if blank else places.setdefault(value, len(places))
    return positions, list(places)
