"""Whatever an importer hands over or raises, the guard names it."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import (
    AuthError,
    MissingExtra,
    PluginError,
    SourceRefused,
    Unavailable,
    UsageError,
)
from salesgoal.ports.guard import guarded_pages, page_fault
from salesgoal.ports.importer import (
    FileRows,
    ImporterSpec,
    Page,
    RawRow,
    ReadRequest,
    Unreadable,
)
from salesgoal.ports.scrub import Scrub, find_secrets
from salesgoal.ports.secret import Secret

TEXT = "sentinel/4711 x"
CRM = Place("crm", key="D-1")
SHEET = Place("a.csv")
NOW = datetime(2023, 10, 6, tzinfo=UTC)
YES = True


@attrs.frozen
class Options:
    token: Secret | None = None
    more: object = None


SECRET = Options(Secret(TEXT))


def row(*values, **settings):
    return RawRow(values, CRM, **settings)


def spec(read, **settings):
    return ImporterSpec(name="crm", title="CRM", read=read, incremental=True, **settings)


def guarded(read, options=None):
    return list(guarded_pages(spec(read), ReadRequest(options=options)))


def raising(error, *, after=()):
    def read(_):
        yield from after
        raise error

    return read


GOOD = [
    Page(),
    Page((row("x", Decimal("1.5"), 1, date(2023, 1, 1), NOW, YES, None),), ("a",)),
    Page((row(Unreadable("=B2", "formula-not-calculated")),)),
    Page([row(key="D-1", revision=NOW, deleted=True)], cursor={"at": "2023"}),
    Page(FileRows([("x", "1")], SHEET, range(2, 3)), ("a", "b")),
    Page(warnings=(problem("blank-required", SHEET),)),
]


@pytest.mark.parametrize("page", GOOD)
def test_what_keeps_the_contract_passes_as_it_is(page):
    assert page_fault(page) is None
    (found,) = guarded(lambda _: [page])
    assert found is page


class Cents(float):
    pass


class Name(str):
    __slots__ = ()


def test_a_kind_of_text_is_a_text():
    assert page_fault(Page((row(Name("华东")),))) is None


BROKEN = [
    (None, "it gave NoneType, not Page"),
    ([], "it gave list, not Page"),
    (Page(columns=["a"]), "its columns are not a tuple of texts"),
    (Page(columns=("a", 1)), "its columns are not a tuple of texts"),
    (Page("rows"), "its rows are str, not a sequence"),
    (Page(iter([])), "its rows are list_iterator, not a sequence"),
    (Page(({"a": 1},)), "it gave dict, not RawRow"),
    (Page((RawRow(["a"], CRM),)), "the values of a row are not a tuple"),
    (Page(FileRows([["a"]], SHEET, [2])), "the values of a row are not a tuple"),
    (Page((row("x", 0.5),), ("a", "金额")), "it gave a float in column 金额"),
    (Page((row("x"), row("x", Cents(0.5))), ("a",)), "it gave a Cents in column #2"),
    (Page(FileRows([("a", b"x")], SHEET, [2]), ("a", "b")), "it gave a bytes in column b"),
    (Page((row({}),)), "it gave a dict in column #1"),
    (Page((RawRow((), "crm"),)), "a row does not say where it stands"),
    (Page((row(key=7),)), "crm, D-1: the key is 7, not a text"),
    (Page((row(key=" "),)), "crm, D-1: the key is ' ', not a text"),
    (Page((row(deleted=True),)), "crm, D-1: a deleted row has no key"),
    (Page((row(revision=NOW.replace(tzinfo=None)),)), "is no moment with a zone"),
    (Page((row(revision="2023-10-06"),)), "is no moment with a zone"),
    (Page(cursor="2023"), "its cursor is str, not a mapping"),
    (Page(cursor={"at": 2023}), "its cursor has keys or values that are not texts"),
    (Page(cursor={1: "x"}), "its cursor has keys or values that are not texts"),
    (Page(cursor={"at": "日" * 400}), "its cursor has 1210 bytes, 1024 at most"),
    (Page(warnings=("odd",)), "its warnings are not Problems"),
]


@pytest.mark.parametrize(("page", "said"), BROKEN)
def test_what_breaks_the_contract_is_named(page, said):
    assert said in (page_fault(page) or "")
    with pytest.raises(PluginError) as refused:
        guarded(lambda _: iter([Page(), page]))
    assert (refused.value.plugin, refused.value.stage) == ("crm", "page")
    assert said in refused.value.detail


def test_a_cursor_is_only_of_importers_that_declare_it():
    page = Page(cursor={"at": "2023"})
    plain = ImporterSpec(name="file", title="File", read=lambda _: [page])
    with pytest.raises(PluginError, match="not declared incremental"):
        list(guarded_pages(plain, ReadRequest()))


@pytest.mark.parametrize("after", [(), (Page(),)])
@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ValueError("no table"), "ValueError: no table"),
        (KeyError(), "KeyError"),
        (UsageError("no"), "UsageError: no"),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_whatever_it_raises_is_named_and_keeps_no_cause(error, detail, after):
    with pytest.raises(PluginError) as refused:
        guarded(raising(error, after=after))
    assert (refused.value.stage, refused.value.detail) == ("read", detail)
    assert refused.value.__cause__ is refused.value.__context__ is None
    assert "test_guard.py" in refused.value.__notes__[0]


def test_a_function_that_is_no_generator_may_raise_at_once():
    def read(_):
        raise ValueError("at once")

    with pytest.raises(PluginError, match="failed at read: ValueError: at once"):
        guarded(read)
    with pytest.raises(PluginError, match="it gave int, not pages"):
        guarded(lambda _: 7)


@pytest.mark.parametrize(
    "error",
    [
        AuthError("crm", "401"),
        Unavailable("crm", "503"),
        SourceRefused([problem("no-rows", SHEET)]),
        MissingExtra("psycopg", "postgres"),
    ],
)
def test_errors_that_say_what_is_wrong_pass(error):
    with pytest.raises(type(error)) as refused:
        guarded(raising(error))
    assert refused.value is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit()])
def test_the_user_may_interrupt(error):
    with pytest.raises(type(error)):
        guarded(raising(error))


@pytest.mark.parametrize("stop", [True, False])
def test_the_importer_is_closed_whether_it_is_read_to_its_end_or_not(stop):
    closed = []

    def read(_):
        try:
            yield Page()
            yield Page()
        finally:
            closed.append(True)
            raise RuntimeError("while closing")

    pages = guarded_pages(spec(read), ReadRequest())
    next(pages)
    assert not closed
    if stop:
        pages.close()
    else:
        with pytest.raises(PluginError, match="while closing"):
            list(pages)
    assert closed == [True]


def _everything(error):
    """All that can be seen of an error: texts, attributes, causes, notes, trace."""
    seen, waiting = [], [error]
    while waiting:
        one = waiting.pop()
        seen += [str(one), repr(one), repr(vars(one)), repr(one.args)]
        seen += traceback.format_exception(one)
        waiting += filter(None, (one.__cause__, one.__context__))
    return "\n".join(seen)


class Answer(Exception):
    """As libraries do it: the request hangs at the error, with its headers."""

    def __init__(self, text):
        self.headers = {"Authorization": f"Bearer {text}"}
        super().__init__(f"GET /?key={text} failed")


LEAKS = [
    lambda text: ValueError(f"bad token {text}"),
    lambda text: ValueError(f"bad url ?token={text.replace('/', '%2F').replace(' ', '+')}"),
    Answer,
    lambda text: AuthError("crm", f"401 for {text}", f"401：{text}"),
    lambda text: SourceRefused([problem("no-rows", Place(text), value=text, more=[text])]),
]


@pytest.mark.parametrize("chained", [True, False])
@pytest.mark.parametrize("make", LEAKS)
def test_no_error_shows_a_secret(make, chained):
    def read(_):
        yield Page()
        if not chained:
            raise make(TEXT)
        try:
            raise Answer(TEXT)  # noqa: TRY301 - so that it becomes a cause
        except Answer as error:
            raise make(TEXT) from error

    with pytest.raises((PluginError, AuthError, SourceRefused)) as refused:
        guarded(read, SECRET)
    shown = _everything(refused.value)
    assert "sentinel" not in shown
    assert "***" in shown


def test_a_page_that_is_refused_shows_no_secret():
    with pytest.raises(PluginError) as refused:
        guarded(lambda _: [Page((row(0.5),), (TEXT,))], SECRET)
    assert refused.value.detail.startswith("it gave a float in column ***")


def test_secrets_are_found_wherever_they_stand():
    inner = Secret("a")
    loop: list[object] = [inner]
    loop.append(loop)
    options = Options(Secret("b"), {"x": (Options(Secret("c")), {Secret("d")}), "y": loop})
    assert sorted(each.reveal() for each in find_secrets(options)) == ["a", "b", "c", "d"]
    assert not list(find_secrets(None))


def test_an_empty_secret_takes_out_nothing():
    assert Scrub.of(Options(Secret(""))).text("abc") == "abc"
    assert "sentinel" not in repr(Scrub.of(SECRET))
