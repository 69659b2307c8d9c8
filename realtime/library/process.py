"""Starts and ends the process that analyses a video.

A process of its own, and not a thread: so its priority can be lowered on every system, it does not share Python's lock
with the window and the live view, its memory goes back when it ends, and a crash in a library ends that one analysis.
Not of :mod:`multiprocessing`, which would send pickles and load the main module again, but a program that speaks lines
of JSON, and that ends by itself when this process is gone.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engines import network
from engines.errors import MienError
from realtime.library.requests import Cancelled, Progress, Request

_COMMAND = (sys.executable, "-m", "realtime.library.worker")
_ROOT = Path(__file__).resolve().parents[2]
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
    command: Sequence[str] = _COMMAND,
) -> None:
    """Analyse ``request`` into ``folder`` in a process of its own, and wait for it.

    ``tell`` is given the progress, and lines that a person should know. ``cancelled`` ends the process within half a
    second. Raises ``Cancelled`` then, and another ``MienError`` if the analysis fails; the caller clears the folder.
    """
    said: dict[str, Any] = {}
    with _started(command, cancelled) as process:
        for line in _ask(process, {"request": request.to_json(), "folder": str(folder)}):
            said = line
            if "progress" in line:
                tell(Progress(**line["progress"]))
            elif "notice" in line:
                tell(str(line["notice"]))
    if "done" in said:
        return
    if cancelled.is_set():
        raise Cancelled(f"The analysis of {request.source.name} was cancelled.")
    if "failed" in said:
        raise MienError(str(said["failed"]))
    raise MienError(
        f"The analysis of {request.source.name} broke off ({_ending(process.returncode)}): try it again; "
        "mien video in a terminal shows more."
    )


@contextmanager
def _started(command: Sequence[str], cancelled: threading.Event) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        cwd=_ROOT,
        env=network.users_environment(),
    )
    watcher = threading.Thread(target=_watch, args=(process, cancelled), name="mien-analyse-watch", daemon=True)
    watcher.start()
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
        watcher.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _watch(process: "subprocess.Popen[str]", cancelled: threading.Event) -> None:
    while process.poll() is None:
        if cancelled.wait(_LOOK_S):
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
            try:
                process.wait(_GRACE_S)
            except subprocess.TimeoutExpired:
                process.kill()
            return


def _ask(process: "subprocess.Popen[str]", request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Hand over the request, and give the lines that come back, until there are no more."""
    if process.stdin is None or process.stdout is None:
        return
    with suppress(OSError, ValueError):  # it has ended already, or was cancelled: its silence will say so
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
    for line in process.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            yield said


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
