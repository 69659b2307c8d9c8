"""Reads sources one after the other in this process."""

from collections.abc import Iterator
from functools import partial

from realtime.batch.task import Task, Watch, read
from realtime.progress import following


class Here:
    """No process but this one."""

    def read(self, tasks: Iterator[Task], watch: Watch) -> None:
        """Do ``tasks``. Ctrl-C finishes the files of the one in work and is raised again."""
        for task in tasks:
            watch.begun(task)
            follow = following(partial(watch.moved, task), lambda: None)
            watch.ended(task, read(task, notice=partial(watch.noticed, task), follow=follow))
