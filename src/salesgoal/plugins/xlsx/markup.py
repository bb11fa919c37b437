"""Reading XML from a source that nobody vouches for: no document type, no entity, no depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from salesgoal.domain.foreign_text import markup_zh
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.package import Package, corrupt, over

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = ["MAIN", "Attributes", "Walk", "feed", "make_parser", "walk", "wrong_root"]

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of a workbook: the usual one and the strict one."""

Attributes = Mapping[str, str]
Walk = Callable[[str, Attributes, tuple[str, ...]], None]
"""Takes the local name of an element, its attributes, and the names of those around it."""


def wrong_root(place: Place, part: str, found: str, root: str) -> SourceRefused:
    """The error of a part that begins with another element."""
    zh = f"{part} 的根元素是 <{found}>，应为 <{root}>"
    return corrupt(place, zh, f"{part} is <{found}>, not <{root}>")


def make_parser(package: Package, part: str) -> XMLParserType:
    """Returns a parser that refuses whatever could reach out or blow up.

    Names come as ``namespace name``, with a space between.
    """
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024

    def refuse(*_: object) -> None:
        raise SourceRefused(
            [
                problem(
                    "hostile-file",
                    package.place,
                    detail_zh=f"{part} 含文档类型声明（DTD）",
                    detail=f"{part} declares a document type (DTD)",
                )
            ]
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse  # type: ignore[assignment] # it raises
    return parser


def feed(parser: XMLParserType, package: Package, part: str) -> Iterator[None]:
    """Feeds a part to a parser, and pauses after each chunk.

    Raises:
        SourceRefused: The part is missing, broken, or not well-formed.
    """
    try:
        for chunk in package.chunks(part):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except (ExpatError, ValueError, LookupError) as error:
        raise corrupt(
            package.place, f"{part} {markup_zh(error)}", f"{part}: {error}"
        ) from error
    yield


def walk(package: Package, part: str, root: str, start: Walk) -> None:
    """Reads a small part as a whole.

    Raises:
        SourceRefused: The part is broken, too deep, or its root is another element.
    """
    parser = make_parser(package, part)
    path: list[str] = []

    def enter(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not path and local != root:
            raise wrong_root(package.place, part, local, root)
        if len(path) >= package.limits.depth:
            raise over(package.place, package.limits, "depth")
        start(local, attributes, tuple(path[-2:]))
        path.append(local)

    def leave(_: str) -> None:
        path.pop()

    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    for _ in feed(parser, package, part):
        pass
