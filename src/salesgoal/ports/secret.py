"""Secrets: values that are used and never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret:
    """A token or password. It is shown by no text, log, copy or file; `reveal` alone gives it.

    Two secrets are equal where they are the same object, so that none is found by comparing.

    >>> token = Secret("pat-123")
    >>> print(token, [token], f"{token}")
    *** [Secret(***)] ***
    >>> token.reveal()
    'pat-123'
    """

    __slots__ = ("_reveal",)

    def __init__(self, value: str) -> None:
        # In a closure: no attribute holds the text, so that dumping attributes shows none.
        self._reveal: Callable[[], str] = lambda: value

    def reveal(self) -> str:
        """Returns the secret itself; call it where it is sent, and keep no copy."""
        return self._reveal()

    def __str__(self) -> str:
        """Never the secret."""
        return "***"

    def __repr__(self) -> str:
        """Never the secret."""
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        """Refuses to be pickled or copied into a file.

        Raises:
            TypeError: Always.
        """
        message = "a Secret is not written anywhere - hand over where it stands"
        raise TypeError(message)

    def __copy__(self) -> Secret:
        """Itself."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Secret:
        """Itself."""
        return self
