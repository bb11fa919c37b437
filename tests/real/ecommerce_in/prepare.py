"""Joins order lines with the dates of their orders, from the folder given, into prepared/."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

COLUMNS = (
    "OrderID",
    "OrderDate",
    "State",
    "City",
    "Category",
    "SubCategory",
    "Amount",
    "Quantity",
)


def prepare(raw: Path, folder: Path) -> None:
    with (raw / "List of Orders.csv").open(encoding="utf-8-sig", newline="") as stream:
        orders = {row["OrderID"]: row for row in csv.DictReader(stream) if row["OrderID"]}
    folder.mkdir(exist_ok=True)
    with (
        (raw / "Order Details.csv").open(encoding="utf-8-sig", newline="") as source,
        (folder / "lines.csv").open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.DictWriter(target, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for line in csv.DictReader(source):
            writer.writerow({**orders[line["OrderID"]], **line})


if __name__ == "__main__":
    prepare(Path(sys.argv[1]) / "raw", Path(__file__).parent / "prepared")
