"""What `check` says about a plan that can be loaded."""

from __future__ import annotations

from salesgoal.app.load import LoadedPlan
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.plan_findings import find_plan_problems
from salesgoal.domain.problem import Problem
from salesgoal.domain.scorecard import score

__all__ = ["find_problems"]


def find_problems(loaded: LoadedPlan) -> list[Problem]:
    """Returns the warnings of a plan, and everything found in it that people should look at.

    Cost: one roll-up without facts.
    """
    plan = loaded.plan
    cells = empty_cells(plan, plan.period.last)
    cards = score(plan, cells, {}, plan.period.last)
    return [*plan.warnings, *find_plan_problems(cards, loaded.path.name)]
