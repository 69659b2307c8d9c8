"""Reads sources in several processes of this machine, which each take one after the other."""

import queue
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Self

from realtime.apart.child import Child, program
from realtime.batch.task import LAST_S, Outcome, Task, Watch
from realtime.progress import Progress

_TRIES = 2
"""What ends its process twice is taken to be the reason for it."""
_LOOK_S = 0.5
"""Between two looks for Ctrl-C, where a wait is not ended by it."""

Said = tuple["Worker", dict[str, Any] | None]


class Worker:
    """A process, and the thread that hears what it says: into ``heard``, with None at its end."""

    def __init__(self, command: Sequence[str], heard: "queue.Queue[Said]") -> None:
        self._child = Child(command)
        self._heard = heard
        self._listener = threading.Thread(target=self._listen, name="mien-batch", daemon=True)
        self._listener.start()

    def give(self, task: Task) -> None:
        self._child.ask(task.to_dict())

    def stop(self) -> None:
        """Have it finish what it is at, and end."""
        self._child.stop()

    def ending(self) -> str:
        return self._child.ending()

    def _listen(self) -> None:
        for line in self._child.lines():
            self._heard.put((self, line))
        self._heard.put((self, None))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._child.stop()
        try:
            self._child.kill(LAST_S)
        finally:
            self._child.kill()
            self._listener.join()
            self._child.__exit__(*exc)


class Workers:
    """At most ``count`` processes at a time. A task whose process dies is tried once more, in a new one."""

    def __init__(self, count: int, *, command: Sequence[str] = program("realtime.batch.worker")) -> None:
        self._count = count
        self._command = command

    def read(self, tasks: Iterator[Task], watch: Watch) -> None:
        """Do ``tasks``. Ctrl-C finishes the files of those in work and is raised again; no process is left."""
        heard: queue.Queue[Said] = queue.Queue()
        with ExitStack() as started:
            crew = _Crew(tasks, watch, lambda: started.enter_context(Worker(self._command, heard)))
            try:
                while crew.fill(self._count):
                    with suppress(queue.Empty):
                        crew.hear(*heard.get(timeout=_LOOK_S))
            finally:
                crew.stop()


class _Crew:
    """Who does what, and how often it was tried."""

    def __init__(self, tasks: Iterator[Task], watch: Watch, hire: Callable[[], Worker]) -> None:
        self._tasks = tasks
        self._watch = watch
        self._hire = hire
        self._busy: dict[Worker, Task] = {}
        self._idle: list[Worker] = []
        self._again: deque[Task] = deque()
        self._tries: Counter[int] = Counter()

    def fill(self, count: int) -> bool:
        """Give work to as many as ``count``; whether any is under way."""
        while len(self._busy) < count and (task := self._next()) is not None:
            worker = self._idle.pop() if self._idle else self._hire()
            self._busy[worker] = task
            self._watch.begun(task)
            worker.give(task)
        return bool(self._busy)

    def hear(self, worker: Worker, line: dict[str, Any] | None) -> None:
        """Take in what a worker says; None for its end."""
        task = self._busy.get(worker)
        if task is None:
            self._idle = [other for other in self._idle if other is not worker]
        elif line is None:
            del self._busy[worker]
            self._lose(task, worker.ending())
        elif "progress" in line:
            self._watch.moved(task, Progress(**line["progress"]))
        elif "notice" in line:
            self._watch.noticed(task, str(line["notice"]))
        elif "outcome" in line:
            del self._busy[worker]
            self._idle.append(worker)
            self._watch.ended(task, Outcome.from_dict(line["outcome"]))

    def stop(self) -> None:
        """All at once, before each is waited for."""
        for worker in (*self._busy, *self._idle):
            worker.stop()

    def _next(self) -> Task | None:
        return self._again.popleft() if self._again else next(self._tasks, None)

    def _lose(self, task: Task, ending: str) -> None:
        self._tries[task.number] += 1
        if self._tries[task.number] < _TRIES:
            self._watch.noticed(task, f"The process that read {task.source} broke off ({ending}): trying once more.")
            self._again.append(task)
        else:
            self._watch.ended(task, Outcome(error=f"{task.source} ended the process that read it twice ({ending})"))
