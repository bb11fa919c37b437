"""Any dataframe to cells, by its own engine, and the roll-up in arrays; the extra ``fast``."""

from importlib import import_module

__all__ = [
    "FrameTracking",
    "TargetColumn",
    "TypedUnits",
    "add_target_frame",
    "add_targets",
    "export_batches",
    "goal_codes",
    "track",
]

_ROOMS = {
    "FrameTracking": "salesgoal.frames.tracking",
    "TargetColumn": "salesgoal.frames.target_frame",
    "TypedUnits": "salesgoal.frames.large_plan",
    "add_target_frame": "salesgoal.frames.target_frame",
    "add_targets": "salesgoal.frames.large_plan",
    "export_batches": "salesgoal.frames.export",
    "goal_codes": "salesgoal.frames.tracking",
    "track": "salesgoal.frames.tracking",
}
"""Public name -> where it is made; it is loaded, and the extra asked for, at first use."""

_EXTRA = {"narwhals", "numpy"}


def __getattr__(name: str) -> object:
    """Loads a public name.

    Raises:
        AttributeError: There is no such name.
        MissingExtra: A package that the extra ``fast`` installs is not there.
    """
    if name not in _ROOMS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    try:
        return getattr(import_module(_ROOMS[name]), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        from salesgoal.errors import MissingExtra

        raise MissingExtra(error.name, "fast") from error


def __dir__() -> list[str]:
    """The public names, for completion."""
    return list(__all__)
