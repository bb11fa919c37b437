"""Scrubbing: known secrets are taken out of the texts that strangers write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from traceback import format_exception
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

import attrs

from salesgoal.domain.problem import Place, Problem
from salesgoal.ports.secret import Secret

__all__ = ["Scrub", "find_secrets"]

Raised = TypeVar("Raised", bound=BaseException)

_SHOWN = "***"


def find_secrets(options: object) -> Iterator[Secret]:
    """Yields every secret among options: fields of an attrs class, tables and lists of them."""
    waiting, seen = [options], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Secret):
            yield one
        elif attrs.has(type(one)):
            kind: Any = type(one)
            fields = attrs.fields(kind)
            waiting += [getattr(one, field.name, None) for field in fields]
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one


@attrs.frozen
class Scrub:
    """Takes secrets out of texts, in the forms in which they travel.

    >>> print(Scrub.of([Secret("pat 1")]).text("GET /?key=pat%201 failed: pat 1"))
    GET /?key=*** failed: ***
    """

    _forms: tuple[str, ...] = attrs.field(default=(), repr=False)

    @classmethod
    def of(cls, options: object) -> Scrub:
        """Returns what takes out the secrets among options."""
        forms: set[str] = set()
        for secret in find_secrets(options):
            text = secret.reveal()
            forms |= {text, text.strip(), quote(text), quote(text, safe=""), quote_plus(text)}
            forms |= {json.dumps(text)[1:-1], repr(text)[1:-1]}
        return cls(tuple(sorted(filter(None, forms), key=len, reverse=True)))

    def text(self, text: str) -> str:
        """Returns the text without the secrets; the longest forms go first."""
        for form in self._forms:
            text = text.replace(form, _SHOWN)
        return text

    def trace(self, error: BaseException) -> str:
        """Returns where an error came from, with its causes, as text without the secrets."""
        return self.text("".join(format_exception(error)))

    def error(self, error: Raised) -> Raised:
        """Returns the error itself, without secrets in its texts.

        Where there are secrets it keeps no cause, context or traceback: an answer of a service
        that hangs there holds the headers it was asked with. Where it came from is its note.
        """
        if not self._forms:
            return error
        chained = error.__cause__ or error.__context__
        trace = self.trace(error) if chained is not None else ""
        error.__cause__ = error.__context__ = None
        error.args = tuple(self._any(each) for each in error.args)
        for name, value in vars(error).items():
            setattr(error, name, self._any(value))
        if trace:
            error.add_note(trace)
        return error.with_traceback(None)

    def _any(self, value: Any) -> Any:  # noqa: ANN401 - whatever an error keeps
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Problem | Place):
            fields = (field.name for field in attrs.fields(type(value)))
            return attrs.evolve(
                value, **{each: self._any(getattr(value, each)) for each in fields}
            )
        if isinstance(value, Mapping):
            return {key: self._any(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(self._any, value))
        return value
