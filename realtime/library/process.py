"""Starts and ends the process that analyses a video: so its priority can be lowered on every system."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.errors import MienError
from realtime.apart.child import Child, program
from realtime.library.requests import Cancelled, Progress, Request

_LOOK_S = 0.05
"""Between two looks whether the analysis is still wanted."""
_GRACE_S = 0.4
"""An analysis that is not wanted ends at its next frame; one that does not is killed."""


def analyse_apart(
    request: Request,
    folder: Path,
    cancelled: threading.Event,
    tell: Callable[[Progress | str], None],
    *,
    command: Sequence[str] = program("realtime.library.worker"),
) -> None:
    """Analyse ``request`` into ``folder`` in a process of its own, and wait for it.

    ``tell`` is given the progress, and lines that a person should know. ``cancelled`` ends the process within half a
    second. Raises ``Cancelled`` then, and another ``MienError`` if the analysis fails; the caller clears the folder.
    """
    said: dict[str, Any] = {}
    with Child(command) as child, _watched(child, cancelled):
        child.ask({"request": request.to_json(), "folder": str(folder)})
        for line in child.lines():
            said = line
            if "progress" in line:
                tell(Progress(**line["progress"]))
            elif "notice" in line:
                tell(str(line["notice"]))
        ending = child.ending()
    if "done" in said:
        return
    if cancelled.is_set():
        raise Cancelled(f"The analysis of {request.source.name} was cancelled.")
    if "failed" in said:
        raise MienError(str(said["failed"]))
    raise MienError(
        f"The analysis of {request.source.name} broke off ({ending}): try it again; "
        "mien video in a terminal shows more."
    )


@contextmanager
def _watched(child: Child, cancelled: threading.Event) -> Iterator[None]:
    watcher = threading.Thread(target=_watch, args=(child, cancelled), name="mien-analyse-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        child.kill()
        watcher.join()


def _watch(child: Child, cancelled: threading.Event) -> None:
    while child.lives:
        if cancelled.wait(_LOOK_S):
            child.let_go()
            child.kill(_GRACE_S)
            return
