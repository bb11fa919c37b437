"""The contract of renderers, as a class of tests to inherit from."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar, TypeVar

import attrs

from salesgoal.ports.importer import API
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book, Flag, shown, written
from salesgoal.testing.contract import Contract
from salesgoal.testing.sample_book import NAMES, TEXTS, sample_book, with_flag
from salesgoal.testing.saying import live_formulas, number_texts, numbers_in, saying

__all__ = ["RenderCase", "RendererContract"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
Check = TypeVar("Check", bound=Callable[..., Any])

_MARKUP = "<script>alert(1)</script><b>x</b>"
_LANGS = ("zh", "en")
_TICK = 1.02
"""A little after the next second begins."""


@attrs.frozen(kw_only=True)
class RenderCase:
    """A renderer under test.

    Attributes:
        spec: As the plugin offers it.
        saying: What a file of it says, as text without colour or markup; where None, it is
            read by its suffix: CSV, JSON, HTML, and anything else as plain text.
        skips: Name of a check -> why it cannot hold for this kind of file; the reasons are
            printed at the end of the run.
    """

    spec: RendererSpec
    saying: Callable[[bytes], str] | None = None
    skips: Mapping[str, str] = attrs.field(factory=dict)


def _of_text(check: Check) -> Check:
    """Marks a check that only a renderer can hold whose spec says ``text``."""
    check.lacks = _lacks_text  # type: ignore[attr-defined]
    return check


def _lacks_text(spec: RendererSpec) -> str | None:
    return None if spec.text else "its spec says that it writes no text"


class RendererContract(Contract):
    """Every check that a renderer has to hold; inherit from it and set ``case``.

    It takes about a second::

        class TestBoard(RendererContract):
            case = RenderCase(spec=BOARD)
    """

    case: ClassVar[RenderCase]

    def test_the_spec_says_what_it_is(self) -> None:
        """A name, a title, a suffix, a media type, and this version."""
        spec = self.case.spec
        assert _NAME.fullmatch(spec.name), f"{spec.name!r} is no name"
        assert spec.title.strip(), "it has no title"
        assert re.fullmatch(r"\.[a-z0-9.]+", spec.suffix), f"{spec.suffix!r} is no suffix"
        assert re.match(r"[a-z]+/[a-z]", spec.media_type), f"{spec.media_type!r} is no type"
        assert 1 <= spec.api <= API, f"api {spec.api}; this salesgoal has {API}"

    def test_writing_twice_gives_the_same_bytes(self) -> None:
        """At another second, in another time zone."""
        first = self._write()
        time.sleep(_TICK - time.time() % 1)
        with _other_zone():
            assert self._write() == first, "the second file differs from the first"

    def test_it_leaves_the_stream_open(self) -> None:
        """What it writes goes to whoever asked, who closes."""
        stream = io.BytesIO(b"")
        self.case.spec.write(sample_book(), stream, RenderOptions())
        assert not stream.closed, "it closed the stream"
        assert stream.getvalue(), "it wrote nothing"

    def test_every_number_is_found(self) -> None:
        """As the book has it, in any language; nothing is calculated anew.

        In another scale an amount of money may stand as it is shown in that scale.
        """
        book = sample_book()
        for lang, scale in product(_LANGS, Scale):
            found = numbers_in(self._say(book, lang=lang, scale=scale))
            lost = [
                exact
                for exact, shown_as in _numbers(book, lang, scale)
                if exact not in found and shown_as not in found
            ]
            assert not lost, f"{lang}, {scale}: not found {', '.join(map(str, lost))}"

    def test_every_text_is_intact(self) -> None:
        """Chinese, signs beyond the first plane, and whatever markup would take."""
        for lang in _LANGS:
            said = self._say(lang=lang)
            lost = [name for name in NAMES if name not in said]
            assert not lost, f"{lang}: not found {lost}"

    def test_it_speaks_the_language_asked_for(self) -> None:
        """Two languages give two texts; where only machines read, they may be one: skip it."""
        assert self._say(lang="zh") != self._say(lang="en"), "zh and en say the same"

    def test_unmet_is_marked_by_more_than_colour(self) -> None:
        """With every colour taken away, an unmet cell still differs from a met one."""
        book = sample_book()
        for colour in (False, True):
            unmet = self._say(book, colour=colour)
            for other in (Flag.NONE, Flag.MET):
                said = self._say(with_flag(book, other), colour=colour)
                assert said != unmet, f"unmet and {other} differ by colour alone, or not at all"

    @_of_text
    def test_colours_come_only_where_they_are_allowed(self) -> None:
        """Escapes of terminals would spoil a file or a pipe."""
        assert b"\x1b" not in self._write(colour=False), "it writes escapes of a terminal"

    def test_absent_is_not_zero(self) -> None:
        """A target of zero is shown as a number; no target is not."""
        book = sample_book()
        sheet = book.sheets[0]
        at = sheet.position("target")
        cells = list(sheet.lines[2].cells)
        cells[at] = attrs.evolve(cells[at], value=0)
        lines = list(sheet.lines)
        lines[2] = attrs.evolve(lines[2], cells=tuple(cells))
        other = attrs.evolve(
            book, sheets=(attrs.evolve(sheet, lines=tuple(lines)),), meta=book.meta
        )
        absent, zero = (len(number_texts(self._say(each))) for each in (book, other))
        assert absent < zero, "no target is shown as a number, or a target of 0 is not"

    def test_texts_that_look_like_formulas_stay_texts(self) -> None:
        """A note that begins with = + - @ or a tab is shown, and never calculated."""
        suffix = self.case.spec.suffix
        for text in TEXTS:
            content = self._write(sample_book(text))
            live = [
                each
                for each in live_formulas(suffix, content)
                if "1+2" in each or "SUM(A1)" in each
            ]
            assert not live, f"{text!r} became the formula {live}"
            assert text.strip() in self._read(content), f"{text!r} is not shown"

    def test_markup_stays_text(self) -> None:
        """A note with tags is shown with its tags, and nothing of it becomes one."""
        content = self._write(sample_book(_MARKUP))
        assert _MARKUP in self._read(content).replace("\\", ""), (
            "the note is not shown as it is"
        )

    def test_an_empty_book_is_written(self) -> None:
        """A sheet without lines, and a book without sheets, are no fault."""
        book = sample_book()
        bare = attrs.evolve(book.sheets[0], lines=(), charts=())
        for sheets in ((bare,), ()):
            self._write(attrs.evolve(book, sheets=sheets))

    def _write(self, book: Book | None = None, **options: object) -> bytes:
        stream = io.BytesIO()
        asked = RenderOptions(**options)  # type: ignore[arg-type]
        self.case.spec.write(book or sample_book(), stream, asked)
        return stream.getvalue()

    def _read(self, content: bytes) -> str:
        own = self.case.saying
        return saying(self.case.spec.suffix, content) if own is None else own(content)

    def _say(self, book: Book | None = None, **options: object) -> str:
        return self._read(self._write(book, **options))


def _numbers(book: Book, lang: str, scale: Scale) -> Iterator[tuple[Decimal, Decimal]]:
    """Every number that people are to see: exact, and as it is shown in a scale."""
    for sheet in book.sheets:
        for line in sheet.lines:
            for at in sheet.shown:
                value = line.cells[at].value
                if isinstance(value, int | Fraction):
                    exact = written(sheet, line, at)
                    assert isinstance(exact, Decimal)
                    (as_shown,) = numbers_in(shown(sheet, line, at, lang, scale))
                    yield exact, as_shown


@contextmanager
def _other_zone() -> Iterator[None]:
    """Half a day away, where the system can be told so."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "XYZ-11:37"
    _tell_zone()
    try:
        yield
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        _tell_zone()


def _tell_zone() -> None:
    getattr(time, "tzset", int)()
