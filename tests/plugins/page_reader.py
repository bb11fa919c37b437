"""Reads a page back without a browser: its elements, its tables, its packed lines."""

from __future__ import annotations

import json
import zlib
from html.parser import HTMLParser

from salesgoal.plugins.html.figures import ordinals
from salesgoal.plugins.html.printable import SIGNS
from salesgoal.sheets.sheet import Flag

FLAG_SIGNS = ["", " ✓", " ▼", " !"]
assert [str(flag) for flag in Flag] == ["none", "met", "unmet", "problem"]


FORMULAS = {
    "Add": sum,
    "Less": lambda values: values[0] - values[1],
    "Percent": lambda values: (20_000 * values[0] + values[1]) // (2 * values[1]),
}


class Reader(HTMLParser):
    """Collects elements, and the texts of tables; end tags of rows and cells may be missing."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.tables = []
        self.texts = {}
        self.scripts = {}
        self._open = []
        self._cell = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag == "table":
            self.tables.append({"rows": [], "classes": [], "scopes": [], "caption": ""})
        if tag == "tr":
            self.tables[-1]["rows"].append([])
            self.tables[-1]["classes"].append(dict(attributes).get("class") or "")
            self.tables[-1]["scopes"].append([])
        if tag in {"td", "th"}:
            self._cell = ""
            self.tables[-1]["rows"][-1].append("")
            self.tables[-1]["scopes"][-1].append(dict(attributes).get("scope"))
        elif tag == "tr":
            self._cell = None
        self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in {"tr", "thead", "table"}:
            self._cell = None
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, text):
        tag = self._open[-1] if self._open else ""
        self.texts.setdefault(tag, []).append(text)
        if tag == "script":
            name = self.elements[-1][1].get("id")
            self.scripts[name] = self.scripts.get(name, "") + text
        if tag == "caption":
            self.tables[-1]["caption"] += text
        if self._cell is not None:
            self.tables[-1]["rows"][-1][-1] += text

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def packed(self):
        """The packed sheets as rows of texts, by the id of their section."""
        (attributes,) = [each for each in self.all("script") if each.get("id") == "packed"]
        text = self.scripts[attributes["id"]]
        whole = json.loads(zlib.decompress(to_bytes(text)))
        known = []
        for sheet in whole["sheets"]:
            known.append(unpack(sheet, whole["texts"], known))
        ids = attributes["data-sections"].split(",")
        return {id_: rows for id_, (rows, _) in zip(ids, known, strict=True)}


def to_bytes(text):
    """Bytes from the signs of printable.py, pair by pair."""
    content, waiting, bits = bytearray(), 0, 0
    for at in range(0, len(text), 2):
        pair = [SIGNS.index(sign) for sign in text[at : at + 2]]
        value = pair[0] + 91 * pair[1] if len(pair) > 1 else pair[0]
        waiting |= value << bits
        bits += (13 if value & 8191 > 88 else 14) if len(pair) > 1 else 8
        while bits > 7:
            content.append(waiting & 255)
            waiting >>= 8
            bits -= 8
    return bytes(content)


def unpack(sheet, texts, before):
    """What page.js does: the rows of a packed sheet, and its figures by column."""
    size = len(sheet["role"])
    decimals = sheet["decimals"].split(",")
    figures, columns = [], []
    names = sheet["columns"][0].get("at", "," * (size - 1)).split(",")
    depths = [int(depth) for depth in sheet["depth"].split(",")]
    goals = list(zip(depths, ordinals(depths, names), strict=True))
    for column in sheet["columns"]:
        if "at" in column:
            figures.append(None)
            columns.append([texts[int(at)] for at in column["at"].split(",")])
        else:
            base = before[column["base"][0]][1][column["base"][1]] if column["base"] else None
            marks = column["figures"].split("\n")
            figures.append(figures_of(column, marks, figures, base, goals))
            columns.append(
                [
                    mark[1:] if mark[:1] == "~" else written(units, column, own)
                    for mark, units, own in zip(marks, figures[-1], decimals, strict=True)
                ]
            )
        flags = column.get("flags", "0" * size)
        signs = [FLAG_SIGNS[int(flag)] for flag in flags]
        columns[-1] = [
            (text + sign).lstrip() for text, sign in zip(columns[-1], signs, strict=True)
        ]
    return [list(row) for row in zip(*columns, strict=True)], figures


def figures_of(column, marks, left, base, goals):
    units = [None] * len(marks)
    places, after = [], 0
    for mark in marks:
        after += int(mark[1:]) + 1 if mark[:1] == "@" else 0
        places.append(after - 1)
    below = {}
    for line in reversed(range(len(marks))):
        mark, (depth, at) = marks[line], goals[line]
        if mark[:1] in {"", "~"}:
            pass
        elif mark[0] == "^":
            units[line] = below[depth + 1][at]
        elif mark[0] == "=":
            name, *operands = column["formulas"][int(mark[1:])]
            values = [left[each][line] or 0 for each in operands]
            units[line] = FORMULAS[name](values)
        elif mark[0] == "@":
            units[line] = base[places[line]]
        elif mark[0] == "+":
            start, count = map(int, mark[1:].split(","))
            units[line] = sum(each or 0 for each in units[line + start : line + start + count])
        elif mark[0].isalpha():
            units[line] = left[ord(mark[0]) - ord("a")][line]
        else:
            units[line] = int(mark)
        parts = below.setdefault(depth, {})
        parts[at] = parts.get(at, 0) + (units[line] or 0)
        if not at:
            below[depth + 1] = {}
    return units


def written(units, column, own):
    if units is None:
        return ""
    places = int(own) if own else column["decimals"]
    places = {"percent": 2, "rate": max(places, 2)}.get(column["kind"], places)
    digits = f"{abs(units):0{places + 1}d}"
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    sign = "-" if units < 0 else ""
    return f"{sign}{int(whole):,}{'.' + rest if rest else ''}"
