"""The process that analyses one video for the queue: ``python -m realtime.library.worker``.

It reads a line from standard input, ``{"request": ..., "folder": ...}``, and tells on standard output, line by line,
how it goes: ``{"progress": {...}}``, ``{"notice": "..."}`` and last ``{"done": true}`` or ``{"failed": "..."}``. When
its standard input ends, it is no longer wanted, or whoever started it has died: it ends and leaves nothing.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.errors import MienError
from realtime.library.requests import Cancelled, Progress, Request
from realtime.products import Outputs, Products

if TYPE_CHECKING:
    from realtime.pipeline import Item, Pipeline

_TELL_S = 0.2
"""Between two words on the progress."""
_NICENESS = 10
"""A live view beside it gets nine parts of a core for each one that this process gets."""
_LAST_S = 5.0
"""What is loading or stuck does not see that it is unwanted, and is ended without being asked."""
_CHUNK = 4096


class _Owner:
    """The process that started this one: what it wants, and whether it still does."""

    def __init__(self) -> None:
        self.gone = threading.Event()
        # Libraries that print must not be taken for this program's lines.
        self._lines = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)

    def asks(self) -> dict[str, Any]:
        """The first line; from then on its going is noticed."""
        # Not by sys.stdin: a thread that waits in there keeps Python from ending.
        line = b""
        while not line.endswith(b"\n") and (more := os.read(0, _CHUNK)):
            line += more
        asked: dict[str, Any] = json.loads(line)
        threading.Thread(target=self._watch, name="mien-owner", daemon=True).start()
        return asked

    def tell(self, **line: object) -> None:
        try:
            self._lines.write(json.dumps(line) + "\n")
            self._lines.flush()
        except OSError:
            self.gone.set()

    def _watch(self) -> None:
        while os.read(0, _CHUNK):
            pass
        self.gone.set()
        time.sleep(_LAST_S)
        os._exit(1)


def main() -> None:
    """Analyse what is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches every process; the owner decides
    _be_gentle()
    owner = _Owner()
    asked = owner.asks()
    try:
        _analyse(Request.from_json(asked["request"]), Path(asked["folder"]), owner)
    except Cancelled:
        pass
    except MienError as error:
        owner.tell(failed=str(error))
    else:
        owner.tell(done=True)


def _be_gentle() -> None:
    if sys.platform == "win32":
        import psutil  # noqa: PLC0415 - not needed elsewhere

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICENESS)


def _analyse(request: Request, folder: Path, owner: _Owner) -> None:
    from realtime.analysis import analyze  # noqa: PLC0415 - after the process has become gentle: it is slow

    analyze(
        request.options,
        Outputs(folder, folder.name),
        Products(annotate=request.annotate, report=False),
        notice=lambda line: owner.tell(notice=line),
        follow=_follow(owner),
    )


def _follow(owner: _Owner) -> "Callable[[Pipeline, Iterator[Item]], Iterator[Item]]":
    def follow(pipeline: "Pipeline", readings: "Iterator[Item]") -> "Iterator[Item]":
        began, first, told = 0.0, 0.0, 0.0
        for done, (frame, reading) in enumerate(readings, start=1):
            if owner.gone.is_set():
                raise Cancelled("This analysis was cancelled.")
            if done == 1:
                began, first = time.monotonic(), frame.time  # what loads before it tells nothing of the rest
            elif time.monotonic() - told >= _TELL_S:
                told = time.monotonic()
                share = _share(pipeline, done, frame.time - first)
                left = (told - began) * (1 - share) / share if share else None
                owner.tell(progress=asdict(Progress(share, pipeline.stats.snapshot().fps or None, left)))
            yield frame, reading

    return follow


def _share(pipeline: "Pipeline", done: int, seconds: float) -> float | None:
    """0..1, by the frames or else by the time that the source announced."""
    for reached, announced in ((done, pipeline.info.frames), (seconds, pipeline.info.duration)):
        if announced:
            return min(1.0, reached / announced)
    return None


if __name__ == "__main__":
    main()
