"""What `check` says about a plan that can be loaded."""

from __future__ import annotations

from collections.abc import Iterator

from salesgoal.app.load import LoadedPlan
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.plan_findings import find_plan_problems
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scorecard import score

__all__ = ["find_problems"]


def find_problems(loaded: LoadedPlan) -> list[Problem]:
    """Returns the warnings of a plan, and everything found in it that people should look at.

    Cost: one roll-up without facts.
    """
    plan = loaded.plan
    cells = empty_cells(plan, plan.period.last)
    cards = score(plan, cells, {}, plan.period.last)
    found = [*plan.warnings, *find_plan_problems(cards, loaded.path.name)]
    return [*found, *_missing_importers(loaded)]


def _missing_importers(loaded: LoadedPlan) -> Iterator[Problem]:
    """Services that nobody here can ask; what the ledger has of them counts all the same."""
    known = loaded.plugins.importers
    for source in loaded.sources:
        if source.service is not None and source.service.importer not in known:
            place = Place(loaded.path.name, key=f"{source.key}.importer")
            facts = {"importer": source.service.importer, "known": ", ".join(known)}
            yield problem("importer-missing", place, **facts)
