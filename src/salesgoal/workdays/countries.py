"""The working days of countries, from the extra ``holidays``.

The package answers every day to the year 2100, whether it can know it or not. A year counts
as known only where none of this stands against it:

- the country moves working days to weekends (China, Hungary, Vietnam ...), and the package has
  no such day in that year or any later one: the moves are not announced yet;
- a holiday of the year, or of every later year, is estimated: Eid follows the moon;
- the package itself warns that holidays of the year are missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.dimension import nearest_names
from salesgoal.errors import MissingExtra, UnknownName, UnknownWorkdays

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["CountryWorkdays", "country_workdays"]


@attrs.frozen(kw_only=True)
class CountryWorkdays:
    """The working days of a country or one of its parts; made by `country_workdays`.

    Attributes:
        country: The ISO 3166 code, such as DE.
        subdivision: A state or province, such as BY; None for the country as a whole.
        estimate: Whether days of years that are not known are answered by what the package
            makes of them; they stay not `known`.
        years: What the package has any holidays for.
        known_years: The years that it can be trusted for.
    """

    country: str
    subdivision: str | None
    estimate: bool
    years: range
    known_years: frozenset[int]
    _worked: Callable[[date], bool] = attrs.field(eq=False, repr=False)

    @property
    def known_until(self) -> date | None:
        """The last day of the last year known; the day before the first where none is."""
        return date(max(self.known_years, default=self.years.start - 1), 12, 31)

    def known(self, day: date) -> bool:
        """Returns whether the package can be trusted for the day's year."""
        return day.year in self.known_years

    def is_workday(self, day: date) -> bool:
        """Returns whether the day is worked: by the country's own weekend and holidays.

        Raises:
            UnknownWorkdays: Its year is not known, and no estimate is asked for or possible.
        """
        if day.year not in (self.years if self.estimate else self.known_years):
            name = "/".join(filter(None, (self.country, self.subdivision)))
            raise UnknownWorkdays(day, name, self.known_until)
        return self._worked(day)


def country_workdays(
    country: str, subdivision: str | None = None, *, estimate: bool = False
) -> CountryWorkdays:
    """Returns the working days of a country, as far as the installed package knows them.

    Cost: some ten milliseconds, for all the years that the package has.

    Raises:
        MissingExtra: The package is not installed.
        UnknownName: It has no such country or subdivision.

    >>> from datetime import date
    >>> germany = country_workdays("DE", "BY")
    >>> germany.is_workday(date(2024, 10, 31)), germany.is_workday(date(2024, 11, 1))
    (True, False)
    """
    try:
        import holidays
    except ImportError as error:
        raise MissingExtra("holidays", "holidays") from error
    countries = holidays.list_supported_countries()
    if country not in countries:
        raise UnknownName("country", country, nearest_names(country.upper(), list(countries)))
    parts = countries[country]
    if subdivision is not None and subdivision not in parts:
        nearest = nearest_names(subdivision, parts)
        raise UnknownName(f"subdivision of {country}", subdivision, nearest)
    found = holidays.country_holidays(country, subdiv=subdivision)
    years = range(found.start_year, found.end_year + 1)
    return CountryWorkdays(
        country=country,
        subdivision=subdivision,
        estimate=estimate,
        years=years,
        known_years=frozenset(_known_years(found, years)),
        worked=found.is_working_day,
    )


def _known_years(found: HolidayBase, years: range) -> set[int]:
    """The years that nothing stands against; all are filled in, which asking a day relies on.

    `HolidayBase.is_working_day` alone would not look up the worked weekends of a new year.
    """
    known = {year for year in years if _is_complete(found, year)}
    estimated = _estimated_years(found)
    known = {year for year in known - estimated if year <= max(estimated, default=year)}
    if found.has_substituted_holidays:
        moved = {day.year for day in found.weekend_workdays}
        known &= set(range(min(moved, default=0), max(moved, default=-1) + 1))
    return known


def _is_complete(found: HolidayBase, year: int) -> bool:
    """Fills in the holidays of a year; False where the package warns that some are missing."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found.get(date(year, 1, 1))
    return not warned


def _estimated_years(found: HolidayBase) -> set[int]:
    """The years with a holiday whose name says, in the package's language, that it is one."""
    label = getattr(found, "estimated_label", None)
    if label is None:
        return set()
    word = found.tr(label).replace("%s", "").strip(" ()")
    return {day.year for day, name in found.items() if word in name}
