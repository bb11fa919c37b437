"""Which encoding a text file has: known from what it says of itself, or refused; never hoped.

The whole file is decoded once to find out, a piece at a time, and nothing of it is kept.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from salesgoal.domain.foreign_text import decoding_zh
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused

__all__ = ["Encoding", "find_encoding"]

_PIECE = 256 * 1024
_SAMPLE = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS = (
    (
        b"PK\x03\x04",
        "压缩包（可能是 .xlsx 工作簿）",
        "a zip package (an .xlsx workbook perhaps)",
    ),
    (b"\xd0\xcf\x11\xe0", "旧版 .xls 工作簿", "an old .xls workbook"),
    (b"\x1f\x8b", " gzip 压缩文件", "gzip data"),
    (b"BZh", " bzip2 压缩文件", "bzip2 data"),
    (b"\xfd7zXZ\0", " xz 压缩文件", "xz data"),
    (b"\x28\xb5\x2f\xfd", " Zstandard 压缩文件", "Zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", " 7z 压缩包", "a 7z archive"),
    (b"Rar!", " RAR 压缩包", "a RAR archive"),
    (b"%PDF", " PDF 文档", "a PDF document"),
    (b"{\\rtf", " RTF 文档", "an RTF document"),
    (b"\x89PNG", "图片（PNG）", "a picture (PNG)"),
    (b"\xff\xd8\xff", "图片（JPEG）", "a picture (JPEG)"),
    (b"GIF8", "图片（GIF）", "a picture (GIF)"),
    (b"PAR1", " Parquet 文件", "a Parquet file"),
    (b"SQLite format 3\0", " SQLite 数据库", "an SQLite database"),
)
_HTML = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")
_CHINESE = frozenset({"gb18030", "gbk", "gb2312", "hz", "cp936"})
_HEADER_WORDS = (
    *("日期", "月份", "期间", "季度", "年度", "金额", "数量", "单价", "合计", "目标", "实际"),
    *("销售", "客户", "产品", "商品", "区域", "地区", "部门", "姓名", "名称", "编号", "备注"),
    *("单位", "订单", "负责人", "业务员", "指标", "渠道", "类型", "类别", "成交", "完成"),
)
"""Words of Chinese headers. By chance no other encoding looks like one of them."""
_WESTERN = ("cp1252", "mac_roman")
_BY_CHANCE = 90
"""So many bytes of a short text in another encoding may look like UTF-8."""
_SIGNS_PER_SEPARATOR = 20
"""A table has at least one digit, separator or line end in so many signs."""
_UTF8_THREES = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")


@attrs.frozen(kw_only=True)
class Encoding:
    """How a file is decoded.

    Attributes:
        name: For `open`; a byte-order mark is left out by it.
        warnings: What is assumed.
        has_controls: Whether invisible control characters stand somewhere in the text.
    """

    name: str
    warnings: tuple[Problem, ...] = ()
    has_controls: bool = False


@attrs.frozen
class _Break:
    """Where decoding stops: the byte, counted from 0, and the line, counted from 1."""

    offset: int
    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, byte {self.offset}: {self.reason}"

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return f"第 {self.line} 行，第 {self.offset} 字节：{decoding_zh(self.reason)}"


def find_encoding(path: Path, asked: str | None, place: Place) -> Encoding:
    """Returns the encoding of a file that is not empty.

    Raises:
        SourceRefused: It is no text, of no encoding that can be told, or not of the one asked
            for.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    _refuse_other_formats(sample, place)
    if asked is not None:
        return _asked(path, asked, place)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return _strict(path, name, place)
    wide = _wide(sample)
    if wide:
        return _strict(path, wide, place)
    stop, controls = _check(path, "utf-8")
    if stop is None:
        return Encoding(name="utf-8", has_controls=controls)
    # A file that is UTF-8 but for a byte is broken, and no other encoding.
    if _is_broken_utf8(path):
        raise _unknown("UTF-8", str(stop), stop.zh, place)
    other, controls = _check(path, "gb18030")
    if other is not None and _is_chinese(sample[: other.offset]):
        raise _unknown("GB18030", str(other), other.zh, place)
    if other is not None:
        raise _unknown("UTF-8 / GB18030", str(stop), stop.zh, place, _candidates(sample))
    _hear_second_opinion(sample, place)
    warning = problem("encoding-assumed", place, encoding="GB18030")
    return Encoding(name="gb18030", warnings=(warning,), has_controls=controls)


def _refuse_other_formats(sample: bytes, place: Place) -> None:
    for mark, zh, en in _OTHER_FORMATS:
        if sample.startswith(mark):
            raise SourceRefused([problem("not-a-csv", place, found_zh=zh, found=en)])
    if not sample.strip(b"\0"):
        facts = {"found_zh": "全为空字节的文件", "found": "a file of NUL bytes only"}
        raise SourceRefused([problem("not-a-csv", place, **facts)])
    if sample.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_HTML):
        facts = {
            "found_zh": "网页（可能是登录页）",
            "found": "a web page (a login page perhaps)",
        }
        raise SourceRefused([problem("not-a-csv", place, **facts)])


def _asked(path: Path, asked: str, place: Place) -> Encoding:
    try:
        "".encode(asked)  # raises for codecs that are no encodings of text, too
        name = codecs.lookup(asked).name
    except LookupError as error:
        raise _unknown(asked, str(error), "没有这种文本编码", place) from error
    return _strict(path, "utf-8-sig" if name == "utf-8" else name, place)


def _strict(path: Path, name: str, place: Place) -> Encoding:
    stop, controls = _check(path, name)
    if stop is not None:
        raise _unknown(name, str(stop), stop.zh, place)
    return Encoding(name=name, has_controls=controls)


def _check(path: Path, name: str) -> tuple[_Break | None, bool]:
    """Decodes a file; where it stops, if it does, and whether it has control characters."""
    decoder = codecs.getincrementaldecoder(name)()
    lines, offset, is_wide, controls = 1, 0, name.startswith(("utf-16", "utf-32")), False
    for piece, is_last in _pieces(path):
        pending = decoder.getstate()[0]
        try:
            text = decoder.decode(piece, is_last)
        except UnicodeDecodeError as error:
            begun = (pending + piece)[: error.start]
            lines += _breaks(begun.decode(name, "ignore"))
            return _Break(offset - len(pending) + error.start, lines, error.reason), controls
        except UnicodeError as error:  # utf-16 without the mark that it was said to have
            return _Break(0, 1, str(error)), controls
        lines += _breaks(text)
        offset += len(piece)
        if is_wide:
            controls = controls or bool(_CONTROL.search(text))
        elif not controls:
            controls = len(piece.translate(None, _CONTROLS)) < len(piece)
    return None, controls


def _pieces(path: Path) -> Iterator[tuple[bytes, bool]]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece, False
    yield b"", True


def _breaks(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: separators and line ends have zeros on one side only.

    Chinese has signs whose lower byte is zero, 一 and 销 among them, so zeros on the other side
    say nothing by themselves.
    """
    zeros = [sample[at::4].count(0) for at in range(4)]
    units = len(sample) // 4
    if not units or not any(zeros):
        return None
    names: list[str] = []
    high, low = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if zeros[3] == units and zeros[0] < units:
        names = ["utf-32-le"]
    elif zeros[0] == units and zeros[3] < units:
        names = ["utf-32-be"]
    elif max(low, high) * _SIGNS_PER_SEPARATOR > 2 * units:
        names = ["utf-16-le", "utf-16-be"] if low > high else ["utf-16-be", "utf-16-le"]
    return next((name for name in names if _is_plausible(sample, name)), None)


def _is_plausible(sample: bytes, name: str) -> bool:
    """Whether a sample reads as a text that people write, with lines or separators."""
    width = 4 if "32" in name else 2
    try:
        text = sample[: len(sample) // width * width].decode(name)
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return False
        text = sample[: error.start].decode(name)
    odd = any(
        unicodedata.category(sign) in {"Cc", "Cn", "Co", "Cs"}
        for sign in set(text) - set("\r\n\t")
    )
    return not odd and any(sign in text for sign in "\r\n,;\t|")


def _is_broken_utf8(path: Path) -> bool:
    """Whether more of what is not ASCII is UTF-8 than chance would have it."""
    good = others = 0
    rest = b""
    for piece, _ in _pieces(path):
        piece = rest + piece  # noqa: PLW2901 - a character may be cut by the end of a piece
        rest = piece[-2:] if len(piece) > _PIECE else b""
        piece = piece[: len(piece) - len(rest)]  # noqa: PLW2901
        good += 3 * len(_UTF8_THREES.findall(piece))
        others += len(piece) - len(piece.translate(None, bytes(range(128, 256))))
    return good * 2 > others or (good > _BY_CHANCE and good * 10 > others)


def _hear_second_opinion(sample: bytes, place: Place) -> None:
    """Refuses what GB18030 can decode, but likelier is something else.

    GB18030 swallows nearly every Big5, Korean and Japanese text.
    """
    if _is_chinese(sample):
        return
    opinion = _opinions(sample)[:1]
    if opinion and opinion[0] not in _CHINESE:
        other = opinion[0].upper().replace("_", "-")
        facts = {"first": "GB18030", "other": other}
        raise SourceRefused([problem("encoding-unclear", place, **facts)])


def _is_chinese(sample: bytes) -> bool:
    """Whether words of Chinese headers show in GB18030."""
    text = sample.decode("gb18030", "ignore")
    return any(word in text for word in _HEADER_WORDS)


def _opinions(sample: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(sample)]


def _candidates(sample: bytes) -> list[str]:
    """Encodings that could be meant: the likeliest first, then those of Western programs."""
    names = [name for name in _opinions(sample)[:1] if name not in _WESTERN]
    return [*_WESTERN, *names] if names else list(_WESTERN)


def _unknown(
    name: str, detail: str, detail_zh: str, place: Place, candidates: Sequence[str] = ()
) -> SourceRefused:
    names = " / ".join(candidates)
    return SourceRefused(
        [
            problem(
                "unknown-encoding",
                place,
                encoding=name,
                detail=detail,
                detail_zh=detail_zh,
                candidates_zh=f"（可能是 {names}）" if names else "",
                candidates_en=f" ({names} perhaps)" if names else "",
            )
        ]
    )
