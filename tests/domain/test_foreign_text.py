from __future__ import annotations

import csv
import errno
import tomllib
from xml.parsers.expat import ExpatError, ParserCreate

import pytest

from salesgoal.domain.foreign_text import (
    csv_zh,
    decoding_zh,
    markup_zh,
    os_zh,
    package_zh,
    toml_zh,
)

UNKNOWN = "写法无效"
TOML = [
    ("[a", "文件末尾：表名后面缺少 ]"),
    ("[[a]\n", "第1行第4列：表名后面缺少 ]]"),
    ("[a]\n[a]\n", "第2行第3列：同一个表声明了两次"),
    ("a = 1\na = 2\n", "第2行第6列：同一个键写了两次"),
    ("a 1\n", "第1行第3列：键后面缺少等号"),
    ("a = b\n", "第1行第5列：值的写法无效（文本要加引号）"),
    ("a = 1 b = 2\n", "第1行第7列：一行只能写一个键"),
    ("a = [1", "文件末尾：方括号没有结束"),
    ("a = {b = 1", "文件末尾：花括号没有结束"),
    ("a = {b = 1, b = 2}", "第1行第18列：花括号中同一个键写了两次"),
    ('a = "x', "文件末尾：文本的引号没有结束"),
    ('a = "\\d"', "第1行第8列：文本中的反斜杠要写两个"),
    ('a = "\\uZZZZ"', "第1行第8列：反斜杠后的字符无效"),
    ('a = "\\uD800"', "第1行第12列：反斜杠后的字符无效"),
    ("a = 2023-02-30\n", "第1行第5列：没有这个日期或时刻"),
    ("金额 = 1\n", "第1行第1列：不是“键 = 值”，也不是表名"),
    ("a.金额 = 1\n", "第1行第3列：键的写法无效（含中文的键要加引号）"),
    ("a = 1 # \x00\n", "第1行第9列：含有无效字符"),
    ('a = "\x01"\n', "第1行第6列：含有无效字符"),
    ("a = {}\n[a.b]\n", "第2行第5列：同一个表声明了两次"),
    ("a = '''x''\n", "文件末尾：引号没有配对"),
]


@pytest.mark.parametrize(("text", "said"), TOML)
def test_what_is_no_toml_is_said_with_its_place(text, said):
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    assert toml_zh(refused.value) == said, refused.value


def test_a_plan_that_is_no_text_or_cannot_be_opened_says_so():
    with pytest.raises(UnicodeDecodeError) as refused:
        b"a = \xff".decode()
    assert toml_zh(refused.value) == "第 5 个字节起不是 UTF-8，此字节不能开始一个字符"
    assert toml_zh(ValueError("news (at line 3, column 4)")) == f"第3行第4列：{UNKNOWN}"
    quoted = "a = 1\nb = “c”"
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(quoted)
    assert toml_zh(refused.value, quoted).endswith("此处的 “ 是中文标点，要改用英文的")
    past_the_end = ValueError("news (at line 9, column 4)")
    assert toml_zh(past_the_end, "a = 1") == f"第9行第4列：{UNKNOWN}"
    assert toml_zh(ValueError("news")) == UNKNOWN


def test_errors_of_the_system_are_said_or_numbered():
    assert os_zh(OSError(errno.ENOSPC, "No space left on device")) == "磁盘已满"
    assert os_zh(OSError(4711, "?")) == "系统错误 4711"
    assert os_zh(OSError(errno.EEXIST, "File exists", "a")) == "已存在（a）"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"a"b,c\n', "引号结束后应是分隔符或换行"),
        ('"a', "在引号中间结束"),
        ("a\rb\n", "有不在引号内的换行符"),
    ],
)
def test_what_is_no_csv_is_said(text, said):
    with pytest.raises(csv.Error) as refused:
        list(csv.reader([text], strict=True))
    assert csv_zh(str(refused.value)) == said


def test_unknown_words_are_not_passed_on():
    assert csv_zh("news") == UNKNOWN
    assert decoding_zh("news") == "此处的字节不是一个字符"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"\xff", "utf-8", "此字节不能开始一个字符"),
        (b"\xe5\x8e", "utf-8", "在字符中间结束"),
        (b"\xe5\x20\x20", "utf-8", "此字符的字节不对"),
        (b"\xff\xff", "gb18030", "此处的字节不是一个字符"),
        (b"\x00", "utf-16-le", "在字符中间结束"),
        (b"\x81", "cp1252", "此字节没有对应的字符"),
        (b"\xff", "ascii", "此字节不是 ASCII 字符"),
    ],
)
def test_what_is_no_text_is_said(content, encoding, said):
    with pytest.raises(UnicodeDecodeError) as refused:
        content.decode(encoding)
    assert decoding_zh(refused.value.reason) == said


def test_broken_packages_and_markup_are_said_with_what_is_known():
    assert package_zh(PermissionError(errno.EACCES, "x")) == "没有权限"
    assert package_zh(ValueError("x")) == "压缩包不完整或被改动（ValueError）"
    assert package_zh(OSError("x")) == "压缩包不完整或被改动（OSError）"
    with pytest.raises(ExpatError) as refused:
        ParserCreate().Parse(b"<a>\n</b>", True)  # noqa: FBT003
    assert markup_zh(refused.value) == "第2行第2列不是有效的 XML"
    assert markup_zh(LookupError("x")) == "不是有效的 XML"
