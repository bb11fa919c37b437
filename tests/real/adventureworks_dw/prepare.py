"""Makes the trees and calendars of AdventureWorks from the folder given, in prepared/.

Names that two levels share (the region Canada of the country Canada) get their level behind
them, because a member's name stands for one member only. Sales lines and quotas are read by
the plans as they are; their keys are aliases.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path

Row = dict[str, str]
Member = tuple[str, str, str]
Span = tuple[str, str, date, date]

MEMBER = ("name", "aliases", "parent")
PERIOD = ("level", "label", "since", "until")
LAST_DAY = date(2013, 12, 31)
"""The last quota has no successor; it holds until the end of its quarter."""


def prepare(source: Path, folder: Path) -> None:
    employees = _read(source / "employees.csv")
    territories = _read(source / "territories.csv")
    places = list(_places(territories))
    territory_keys = (row["territory_key"] for row in territories)
    regions = dict(zip(territory_keys, _regions(territories), strict=True))
    tables = {
        "team.csv": (MEMBER, _team(employees)),
        "home.csv": (MEMBER, [*places, *_residents(employees, regions)]),
        "territory.csv": (MEMBER, _with_keys(places, regions)),
        "product.csv": (MEMBER, _products(_read(source / "products.csv"))),
        "intervals.csv": (PERIOD, _calendar_years(_read(source / "quotas.csv"))),
        "fiscal.csv": (PERIOD, _fiscal_years(_read(source / "quotas.csv"))),
    }
    folder.mkdir(exist_ok=True)
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _team(employees: list[Row]) -> Iterator[Member]:
    """Persons under their managers; a manager is the first member of the own team."""
    names = {row["employee_key"]: row["employee_name"] for row in employees}
    managers = {row["parent_employee_key"] for row in employees}
    for row in employees:
        key, name = row["employee_key"], row["employee_name"]
        above = names.get(row["parent_employee_key"])
        team = f"{above}'s team" if above else ""
        if key in managers:
            yield f"{name}'s team", "", team
            team = f"{name}'s team"
        yield name, key, team


def _places(territories: list[Row]) -> Iterator[Member]:
    """Groups, countries and regions, each once."""
    found: dict[str, Member] = {}
    for row, region in zip(territories, _regions(territories), strict=True):
        group = row["territory_group"]
        country = _told_apart(row["country"], "country", group)
        found.setdefault(group, (group, "", ""))
        found.setdefault(country, (country, "", group))
        found[region] = (region, "", country)
    yield from found.values()


def _regions(territories: list[Row]) -> Iterator[str]:
    for row in territories:
        yield _told_apart(row["region"], "region", row["country"])


def _told_apart(name: str, level: str, above: str) -> str:
    return f"{name} ({level})" if name == above else name


def _residents(employees: list[Row], regions: dict[str, str]) -> Iterator[Member]:
    for row in employees:
        yield row["employee_name"], row["employee_key"], regions[row["home_territory_key"]]


def _with_keys(places: list[Member], regions: dict[str, str]) -> Iterator[Member]:
    keys = {region: key for key, region in regions.items()}
    for name, _, above in places:
        yield name, keys.get(name, ""), above


def _products(products: list[Row]) -> Iterator[Member]:
    """Categories, and subcategories that the keys of their products mean."""
    filed = sorted(
        (row["category"], row["subcategory"], row["product_key"])
        for row in products
        if row["subcategory"]
    )
    for category, rows in groupby(filed, lambda row: row[0]):
        yield category, "", ""
        for subcategory, kept in groupby(rows, lambda row: row[1]):
            yield subcategory, ";".join(row[2] for row in kept), category


def _intervals(quotas: list[Row]) -> list[tuple[date, date]]:
    """A quota holds from its date until the day before the next one."""
    starts = sorted({date.fromisoformat(row["quota_date"]) for row in quotas})
    borders = [*starts, LAST_DAY + timedelta(days=1)]
    return [(since, stop - timedelta(days=1)) for since, stop in pairwise(borders)]


def _calendar_years(quotas: list[Row]) -> Iterator[Span]:
    spans = _intervals(quotas)
    yield from _joined("year", ((f"CY{_middle(span).year}", span) for span in spans))
    for number, (since, until) in enumerate(spans, start=1):
        yield "quarter", f"I{number:02}", since, until


def _fiscal_years(quotas: list[Row]) -> Iterator[Span]:
    """Years that begin in July and bear the name of the one they end in."""
    spans = _intervals(quotas)
    for level in ("year", "half"):
        yield from _joined(level, ((_fiscal(level, _middle(span)), span) for span in spans))
    for number, (since, until) in enumerate(spans, start=1):
        yield "quarter", f"I{number:02}", since, until


def _fiscal(level: str, day: date) -> str:
    later = day.month >= 7
    year = f"FY{day.year + later}"
    return year if level == "year" else f"{year}H{1 if later else 2}"


def _middle(span: tuple[date, date]) -> date:
    """A day that lies safely in the quarter that is meant; intervals begin a few days early."""
    return span[0] + (span[1] - span[0]) / 2


def _joined(level: str, spans: Iterable[tuple[str, tuple[date, date]]]) -> Iterator[Span]:
    for label, same in groupby(spans, lambda labelled: labelled[0]):
        days = [span for _, span in same]
        yield level, label, days[0][0], days[-1][1]


if __name__ == "__main__":
    prepare(Path(sys.argv[1]) / "input", Path(__file__).parent / "prepared")
