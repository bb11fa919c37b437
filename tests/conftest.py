"""Hypothesis profiles: ``--hypothesis-profile=long`` for the long run of `make laws`."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("default", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile("default")
