"""What is looked at before a workbook is opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused

__all__ = ["check_package"]

UNPACKED_LIMIT = 512 * 2**20
PARTS_LIMIT = 5_000
RATIO_LIMIT = 200
RATIO_FROM = 16 * 2**20
_HTML = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")
_OLD = b"\xd0\xcf\x11\xe0"


def check_package(path: Path) -> None:
    """Refuses what is no workbook, or one that would harm whoever opens it.

    Raises:
        SourceRefused: Empty, another format under this name, broken, too large when unpacked,
            or with a document type declaration inside.
    """
    place = Place(path.name)
    start = path.read_bytes()[:512]
    if not start:
        raise SourceRefused([problem("file-empty", place)])
    if not start.startswith(b"PK"):
        raise SourceRefused([problem("not-a-workbook", place, detail=_what(start))])
    try:
        with zipfile.ZipFile(path) as package:
            harm = _harm(package)
            if harm:
                raise SourceRefused([problem("hostile-file", place, detail=harm)])
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise SourceRefused([problem("not-a-workbook", place, detail=str(error))]) from error


def _what(start: bytes) -> str:
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_HTML):
        return "it is a web page or XML text"
    return "it is an old .xls or a protected file" if start.startswith(_OLD) else "it is no zip"


def _harm(package: zipfile.ZipFile) -> str | None:
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > PARTS_LIMIT:
        return f"it has {len(parts):,} parts; {PARTS_LIMIT:,} are allowed"
    if size > UNPACKED_LIMIT:
        return f"it unpacks to {size:,} bytes; {UNPACKED_LIMIT:,} are allowed"
    if size > RATIO_FROM and size > RATIO_LIMIT * packed:
        return f"it unpacks to {size // max(packed, 1):,} times its size"
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(4096):
                    return f"{part.filename} declares a document type"
    return None
