"""What the author of a connector hands over to the kit: the spec and a fake of the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

import attrs

from salesgoal.ports.importer import ImporterSpec
from salesgoal.ports.secret import Secret
from salesgoal.testing.loopback import Answer, Request
from salesgoal.testing.world import Deal, World

__all__ = ["Case", "Expected", "Fake"]

Expected = str | Decimal | bool | date | None
"""What a cell must say, compared by its meaning.

A `Decimal` is met by the same number as text or as a number that is exact; a date by itself or
its ISO text; a moment by itself or an ISO text of the same instant; a bool by itself or by
``true`` and ``false``; None by None or an empty text; a text by itself alone.
"""


class Fake(Protocol):
    """A fake of a service: it answers from a `World`, and keeps nothing but the world.

    It is made as ``fake(world)``. It must be as unkind as the service: give deals in the
    order that the query asks for and in the world's own (which is none) without, at most
    ``world.page_share`` deals an answer, refuse to page beyond ``world.result_cap`` where the
    service has a cap, refuse every secret but ``world.secret``, and show `World.found`.
    """

    busy: Sequence[Answer]
    """The service's own ways to say "come again later", beside 429, 500 and 503; often none."""

    def answer(self, request: Request) -> Answer:
        """Returns what the service answers."""

    def options(self, base_url: str, secret: Secret) -> object:
        """Returns the connector's options to reach the fake with that secret."""

    def expected(self, deal: Deal) -> Mapping[str, Expected]:
        """Returns what the connector's row must say of a deal: column -> value.

        Columns that are not named are not looked at; amount, day, customer, and whether the
        deal is won should be there.
        """


@attrs.frozen(kw_only=True)
class Case:
    """A connector under test.

    Attributes:
        spec: As the plugin offers it; what it can do is declared there, and nowhere else.
        fake: Makes the fake of its service.
        skips: Name of a check -> why it cannot hold for this service. The reasons are printed
            at the end of the run. What the spec declares cannot be skipped.
    """

    spec: ImporterSpec
    fake: Callable[[World], Fake]
    skips: Mapping[str, str] = attrs.field(factory=dict)
