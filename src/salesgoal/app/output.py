"""Writing results: whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from salesgoal.domain.foreign_text import os_zh
from salesgoal.errors import OutputError, PluginError, SalesgoalError
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book

__all__ = ["render", "unwritten", "write_file"]

_HELD = (errno.EACCES, errno.EPERM, errno.EBUSY)
_SUFFIX = ".salesgoal"
_STALE_SECONDS = 3600


def render(book: Book, renderer: RendererSpec, options: RenderOptions) -> bytes:
    """Returns the book as the renderer draws it.

    Raises:
        PluginError: The renderer raised.
    """
    stream = io.BytesIO()
    try:
        renderer.write(book, stream, options)
    except SalesgoalError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise PluginError(renderer.name, "write", detail) from error
    return stream.getvalue()


def unwritten(path: Path, error: OSError) -> OutputError:
    """Returns the error of a file that the system did not let be written, and what to do."""
    ours = str(error.filename or "").endswith(_SUFFIX)
    said = OSError(error.errno, error.strerror) if ours else error
    en, zh = str(said), os_zh(said)
    if error.errno in _HELD:
        en += " - if a spreadsheet program has it open, close it there"
        zh += "；若正在表格软件中打开，请先关闭"
    return OutputError(str(path), en, zh)


def write_file(path: Path, content: bytes) -> None:
    """Puts the content in place of the file in one step; a crash leaves the old file.

    What crashes of more than an hour ago left behind of it goes.

    Raises:
        OutputError: The folder cannot be written to.
    """
    handle = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}.", suffix=_SUFFIX
        )
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o644)  # noqa: PTH101 - mkstemp gives a name
        os.replace(name, path)  # noqa: PTH105
        _sweep(path)
    except OSError as error:
        if handle is not None:
            Path(name).unlink(missing_ok=True)
        raise unwritten(path, error) from error


def _sweep(path: Path) -> None:
    """Removes what crashes left; younger files may be those of another process at work."""
    with suppress(OSError), os.scandir(path.parent) as entries:
        written = path.stat().st_mtime
        for entry in entries:
            ours = entry.name.startswith(f".{path.name}.") and entry.name.endswith(_SUFFIX)
            if ours and written - entry.stat().st_mtime > _STALE_SECONDS:
                Path(entry).unlink()
