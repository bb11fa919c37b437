"""What others' errors say, in Chinese: of the system, TOML, CSV, text encodings and packages.

The words are those of Python's own modules. One that is not known here is said by what is known
of it for sure: that something is wrong, and where.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping

__all__ = ["csv_zh", "decoding_zh", "markup_zh", "os_zh", "package_zh", "toml_zh"]

_SYSTEM: Mapping[int | None, str] = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "已存在",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "超过文件大小的上限",
    errno.EDQUOT: "超过磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.EBUSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
}
_TOML_PLACE = re.compile(
    r"(?P<said>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)",
    re.DOTALL,
)
_TOML: Mapping[str, str] = {
    "Cannot declare": "同一个表声明了两次",
    "Cannot mutate": "此表已写完，不能再添加",
    "Cannot overwrite": "同一个键写了两次",
    "Cannot redefine": "同一个表声明了两次",
    "Duplicate inline": "花括号中同一个键写了两次",
    "Escaped character": "反斜杠后的字符无效",
    "Expected '='": "键后面缺少等号",
    "Expected ']'": "表名后面缺少 ]",
    "Expected ']]'": "表名后面缺少 ]]",
    "Expected newline": "一行只能写一个键",
    "Expected": "引号没有配对",
    "Found invalid": "含有无效字符",
    "Illegal character": "含有无效字符",
    "Invalid date": "没有这个日期或时刻",
    "Invalid hex": "反斜杠后的字符无效",
    "Invalid initial": "键的写法无效（含中文的键要加引号）",
    "Invalid statement": "不是“键 = 值”，也不是表名",
    "Invalid value": "值的写法无效（文本要加引号）",
    "Unclosed array": "方括号没有结束",
    "Unclosed inline": "花括号没有结束",
    "Unescaped": "文本中的反斜杠要写两个",
    "Unterminated": "文本的引号没有结束",
}
_CHINESE_SIGNS = "“”‘’，：＝［］｛｝【】"
_CSV: Mapping[str, str] = {
    "expected after": "引号结束后应是分隔符或换行",
    "unexpected end": "在引号中间结束",
    "new-line character": "有不在引号内的换行符",
    "NUL": "含有空字符",
}
_DECODING: Mapping[str, str] = {
    "invalid start byte": "此字节不能开始一个字符",
    "invalid continuation byte": "此字符的字节不对",
    "unexpected end of data": "在字符中间结束",
    "truncated data": "在字符中间结束",
    "incomplete multibyte sequence": "在字符中间结束",
    "illegal multibyte sequence": "此处的字节不是一个字符",
    "illegal encoding": "此处的字节不是一个字符",
    "illegal UTF-16 surrogate": "此处的字节不是一个字符",
    "code point not in range(0x110000)": "此处的字节不是一个字符",
    "character maps to <undefined>": "此字节没有对应的字符",
    "UTF-16 stream does not start with BOM": "开头没有字节顺序标记",
    "ordinal not in range(128)": "此字节不是 ASCII 字符",
}
_MARKUP_PLACE = re.compile(r".*: line (?P<line>\d+), column (?P<column>\d+)", re.DOTALL)


def os_zh(error: OSError) -> str:
    """Returns what an error of the system says, with the file that it is about.

    >>> os_zh(PermissionError(errno.EACCES, "Permission denied"))
    '没有权限'
    """
    said = _SYSTEM.get(error.errno, f"系统错误 {error.errno}")
    return f"{said}（{error.filename}）" if error.filename else said


def toml_zh(error: Exception, text: str = "") -> str:
    """Returns why a plan file is no TOML, with the line and column where they are known.

    A sign of a Chinese keyboard is named where ``text``, the file, has one there.

    >>> toml_zh(ValueError("Invalid value (at line 3, column 8)"))
    '第3行第8列：值的写法无效（文本要加引号）'
    >>> toml_zh(ValueError("Invalid value (at line 1, column 5)"), "a = “b”")
    '第1行第5列：值的写法无效（文本要加引号），此处的 “ 是中文标点，要改用英文的'
    """
    if isinstance(error, UnicodeDecodeError):
        return f"第 {error.start + 1} 个字节起不是 UTF-8，{decoding_zh(error.reason)}"
    match = _TOML_PLACE.fullmatch(str(error))
    if match is None:
        return "写法无效"
    starts = [start for start in _TOML if match["said"].startswith(start)]
    said = _TOML[max(starts, key=len)] if starts else "写法无效"
    if match["line"] is None:
        return f"文件末尾：{said}"
    line, column = int(match["line"]), int(match["column"])
    sign = "".join(text.split("\n")[line - 1 : line])[column - 1 : column]
    if sign and sign in _CHINESE_SIGNS:
        said = f"{said}，此处的 {sign} 是中文标点，要改用英文的"
    return f"第{line}行第{column}列：{said}"


def csv_zh(said: str) -> str:
    """Returns what is wrong with a row of CSV.

    >>> csv_zh("unexpected end of data")
    '在引号中间结束'
    """
    return next((zh for part, zh in _CSV.items() if part in said), "写法无效")


def decoding_zh(said: str) -> str:
    """Returns why bytes are no text.

    >>> decoding_zh("invalid start byte")
    '此字节不能开始一个字符'
    """
    return _DECODING.get(said, "此处的字节不是一个字符")


def package_zh(error: Exception) -> str:
    """Returns what is wrong with a zip package, with the kind of the error.

    >>> package_zh(EOFError())
    '压缩包不完整或被改动（EOFError）'
    """
    if isinstance(error, OSError) and error.errno is not None:
        return os_zh(error)
    return f"压缩包不完整或被改动（{type(error).__name__}）"


def markup_zh(error: Exception) -> str:
    """Returns what is wrong with XML, with the line and column where they are known.

    >>> markup_zh(ValueError("not well-formed (invalid token): line 2, column 5"))
    '第2行第5列不是有效的 XML'
    """
    match = _MARKUP_PLACE.fullmatch(str(error))
    return (
        f"第{match['line']}行第{match['column']}列不是有效的 XML" if match else "不是有效的 XML"
    )
