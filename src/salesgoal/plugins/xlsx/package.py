"""The zip package of a workbook: looked over before any part of it is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from salesgoal.domain.foreign_text import package_zh
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.limits import WorkbookLimits

__all__ = ["Package", "corrupt", "over"]

CHUNK = 64 * 1024
RATIO_FROM = 16 * 2**20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_HTML = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")
_BREAKS = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    RuntimeError,  # also NotImplementedError: an unknown compression
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""Everything that `zipfile` is known to raise for broken packages."""
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30


def corrupt(place: Place, detail_zh: str, detail: str) -> SourceRefused:
    """The error of a broken file."""
    return SourceRefused([problem("corrupt-file", place, detail_zh=detail_zh, detail=detail)])


def unpacked(place: Place, error: Exception) -> SourceRefused:
    """The error of a package that `zipfile` cannot unpack."""
    return corrupt(place, package_zh(error), f"{type(error).__name__}: {error}")


def over(place: Place, limits: WorkbookLimits, name: str) -> SourceRefused:
    """The error of a file that passes one of the limits."""
    most = f"{getattr(limits, name):,}"
    return SourceRefused([problem("limit-exceeded", place, limit=name, most=most)])


class Package(AbstractContextManager["Package"]):
    """The parts of a workbook by name; names ignore case and take either slash.

    Raises:
        SourceRefused: Empty, another format under this name, broken, protected, or one that
            would harm whoever unpacks it.
    """

    def __init__(self, path: Path, limits: WorkbookLimits) -> None:
        self.place = Place(path.name)
        self.limits = limits
        try:
            self._look_at(path)
            self._zip = zipfile.ZipFile(path)
        except _BREAKS as error:
            raise unpacked(self.place, error) from error
        try:
            self._parts = self._checked(path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the file."""
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""
        return _folded(name) in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yields the bytes of a part, unpacked; its checksum is looked at by the end.

        Raises:
            SourceRefused: There is no such part, or it is broken.
        """
        part = self._parts.get(_folded(name))
        if part is None:
            raise corrupt(self.place, f"缺少部件 {name}", f"its part {name} is missing")
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except _BREAKS as error:
            raise unpacked(self.place, error) from error

    def _look_at(self, path: Path) -> None:
        size = path.stat().st_size
        if not size:
            raise SourceRefused([problem("file-empty", self.place)])
        if size > self.limits.file_bytes:
            raise over(self.place, self.limits, "file_bytes")
        with path.open("rb") as stream:
            start = stream.read(512)
            if start.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in (
                start + stream.read()
            ):
                raise SourceRefused([problem("password-protected", self.place)])
        if not start.startswith(_ZIP):
            raise self._not_a_workbook(*_what(start))

    def _checked(self, size: int) -> dict[str, zipfile.ZipInfo]:
        parts = self._zip.infolist()
        found = {_folded(part.filename): part for part in parts}
        self._keep_limits(parts, size)
        if len(found) < len(parts):
            raise self._hostile("两个部件同名", "two of its parts have one name")
        for part in parts:
            if part.flag_bits & _ENCRYPTED:
                raise SourceRefused([problem("password-protected", self.place)])
            if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                zh = f"{part.filename} 的压缩方式不常见"
                raise corrupt(self.place, zh, f"{part.filename} is packed in an unusual way")
        other = _other_format(found)
        if other:
            raise self._not_a_workbook(*other)
        if _overlap(parts, self._zip.start_dir):
            raise self._hostile("部件互相重叠", "its parts overlap")
        return found

    def _keep_limits(self, parts: Sequence[zipfile.ZipInfo], size: int) -> None:
        """What a part says it unpacks to is all that is ever unpacked of it."""
        limits = self.limits
        unpacked = sum(part.file_size for part in parts)
        passed = {
            "parts": len(parts) > limits.parts,
            "unpacked_bytes": unpacked > limits.unpacked_bytes,
            "part_bytes": max((part.file_size for part in parts), default=0)
            > limits.part_bytes,
            "ratio": unpacked > RATIO_FROM and unpacked > limits.ratio * size,
        }
        for name, is_passed in passed.items():
            if is_passed:
                raise over(self.place, limits, name)

    def _not_a_workbook(self, found_zh: str, found: str) -> SourceRefused:
        return SourceRefused(
            [problem("not-a-workbook", self.place, found_zh=found_zh, found=found)]
        )

    def _hostile(self, detail_zh: str, detail: str) -> SourceRefused:
        return SourceRefused(
            [problem("hostile-file", self.place, detail_zh=detail_zh, detail=detail)]
        )


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _what(start: bytes) -> tuple[str, str]:
    """What a file without the mark of a zip is, in Chinese and English."""
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_OLE):
        return "旧版 .xls 工作簿", "an old .xls workbook"
    if text.startswith(_HTML):
        return (
            "网页（可能是登录页或网页导出）",
            "a web page (a login page, or an export as HTML)",
        )
    if start.startswith(b"%PDF"):
        return " PDF 文档", "a PDF document"
    if start.startswith(b"\x1f\x8b"):
        return " gzip 压缩文件", "gzip data"
    if start.startswith(b"PK"):
        return "不完整的压缩包", "a package that breaks off"
    if b"\0" in start:
        return "其他二进制文件", "some other binary file"
    return "文本（可能是 CSV）", "text (CSV perhaps)"


def _other_format(parts: dict[str, zipfile.ZipInfo]) -> tuple[str, str] | None:
    """What a zip without the parts of a workbook is."""
    if "xl/workbook.bin" in parts:
        return " .xlsb 工作簿", "an .xlsb workbook"
    if "content.xml" in parts:
        return " OpenDocument 文档（.ods）", "an OpenDocument file (.ods)"
    if "word/document.xml" in parts:
        return " Word 文档", "a Word document"
    if "ppt/presentation.xml" in parts:
        return "演示文稿（.pptx）", "a presentation (.pptx)"
    if not any(name.endswith((".xml", ".rels")) for name in parts):
        return "普通压缩包", "a zip of other files"
    return None


def _overlap(parts: Sequence[zipfile.ZipInfo], end: int) -> bool:
    """Whether two parts share bytes of the file, or one reaches into the directory."""
    begins = sorted((part.header_offset, part.compress_size) for part in parts)
    follows = [offset for offset, _ in begins[1:]] + [end]
    return any(
        offset + _LOCAL_HEADER + size > after
        for (offset, size), after in zip(begins, follows, strict=True)
    )
