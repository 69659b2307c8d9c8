"""The side of the process that was started."""

import json
import os
import queue
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

STOP = {"stop": True}
_CHUNK = 4096


class Owner:
    """The process that started this one: what it wants, and whether it still does.

    It asks on standard input, and is told on standard output. When it asks to stop, ``gone`` is set. When the input
    ends, it is as well: this process is no longer wanted, or whoever started it has died. What has not ended
    ``last_s`` seconds after that, since it is loading or stuck and looks at nothing, is ended without being asked; with
    0 it ends as if it were killed.
    """

    def __init__(self, *, last_s: float) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches every process; the owner decides
        self.gone = threading.Event()
        self._last_s = last_s
        self._asked: queue.Queue[bytes | None] = queue.Queue()
        # Libraries that print must not be taken for this program's lines.
        self._lines = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        threading.Thread(target=self._listen, name="mien-owner", daemon=True).start()

    def requests(self) -> Iterator[dict[str, Any]]:
        """The lines that it asks, as they come, until it is gone."""
        while (line := self._asked.get()) is not None:
            yield json.loads(line)

    def tell(self, **line: object) -> None:
        """Say one line; to nobody if it is gone."""
        try:
            self._lines.write(json.dumps(line) + "\n")
            self._lines.flush()
        except OSError:
            self.gone.set()

    def _listen(self) -> None:
        # Not by sys.stdin: a thread that waits in there keeps Python from ending.
        begun = b""
        while more := os.read(0, _CHUNK):
            *lines, begun = (begun + more).split(b"\n")
            for line in lines:
                if json.loads(line) == STOP:
                    self._go()
                else:
                    self._asked.put(line)
        self._go()
        time.sleep(self._last_s)
        os._exit(1)

    def _go(self) -> None:
        self.gone.set()
        self._asked.put(None)
