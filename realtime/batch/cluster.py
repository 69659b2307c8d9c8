"""Reads sources on a Ray cluster, of this machine or of many.

Between here and there go texts alone: a task as JSON, and as JSON how far it is, how it ended and what a person should
know of it.
Files are read and written where they lie, under the same paths on every machine. Ray keeps to itself what it would tell
its makers, and a cluster of this machine alone listens and talks on loopback only.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from engines.errors import MienError
from realtime.batch.task import LAST_S, Outcome, Task, Watch, as_text, read_text
from realtime.progress import Progress

LOCAL = "local"
"""The address that starts a cluster on this machine, and ends it again."""
_RETRIES = 3
"""How often a task is begun anew whose process or machine dies."""
_LOOK_S = 0.5

# Read as Ray is imported: no reports of its use, and no warning about a choice that does not concern us.
_SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
# Ray's name for a machine that is no part of a larger cluster: it then is loopback, and no route is looked for.
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
# Its reporter asks where it is, even where it may not report: by the proxy for HTTP, which is a closed port.
_NOWHERE = {**dict.fromkeys(("http_proxy", "HTTP_PROXY"), "http://127.0.0.1:9"), "no_proxy": "", "NO_PROXY": ""}


class Board:
    """Somewhere on the cluster: the tasks in work write on it how far they are, and it is read from here."""

    def __init__(self) -> None:
        self._told: dict[int, str] = {}

    def write(self, number: int, text: str) -> None:
        self._told[number] = text

    def take(self) -> dict[int, str]:
        """What was written since the last time, by the tasks' numbers."""
        told, self._told = self._told, {}
        return told


def read_there(number: int, text: str, board: Any) -> str:
    """:func:`realtime.batch.task.read_text` for the task ``number``, which writes on the ``board`` how far it is."""
    return read_text(text, lambda progress: board.write.remote(number, json.dumps(asdict(progress))))


class Cluster:
    """The cluster at ``address``, as ``ray.init`` takes it; ``local`` is one of ``most`` processes of this machine.

    Elsewhere ``most`` are in work at a time; None for as many as there are cores.
    """

    def __init__(self, address: str, most: int | None = None) -> None:
        self._address = address
        self._most = most

    def read(self, tasks: Iterator[Task], watch: Watch) -> None:
        """Do ``tasks``. Ctrl-C finishes the files of those in work and is raised again.

        A task whose process or machine dies is begun anew elsewhere. Raises ``MienError`` if Ray is missing or the
        cluster cannot be reached.
        """
        with self._joined() as ray:
            remote = ray.remote(num_cpus=1, max_retries=_RETRIES)(read_there)
            board = ray.remote(num_cpus=0, max_restarts=-1)(Board).remote()
            going: dict[Any, Task] = {}
            try:
                while self._fill(
                    ray, lambda task: remote.remote(task.number, as_text(task), board), going, tasks, watch
                ):
                    ready, _ = ray.wait(list(going), timeout=_LOOK_S)
                    _look(ray, board, going.values(), watch)
                    for each in ready:
                        task = going.pop(each)
                        notices, outcome = _ending(ray, each, task)
                        for line in notices:
                            watch.noticed(task, line)
                        watch.ended(task, outcome)
            finally:
                for each in going:
                    ray.cancel(each)
                if going:
                    ray.wait(list(going), num_returns=len(going), timeout=LAST_S)

    def _fill(
        self, ray: Any, send: Callable[[Task], Any], going: dict[Any, Task], tasks: Iterator[Task], watch: Watch
    ) -> bool:
        most = self._most or max(1, int(ray.cluster_resources().get("CPU", 1)))  # machines come and go
        while len(going) < most and (task := next(tasks, None)) is not None:
            watch.begun(task)
            going[send(task)] = task
        return bool(going)

    @contextmanager
    def _joined(self) -> Iterator[Any]:
        if find_spec("ray") is None:
            raise MienError(
                '--cluster needs Ray: install it with pip install "mien[cluster]" '
                '(in a clone: pip install -e ".[cluster]").'
            )
        alone = self._address == LOCAL
        with _environment({**_SILENT, **(_ALONE | _NOWHERE if alone else {})}):
            import ray  # noqa: PLC0415 - costs a second, and is not installed everywhere

            try:
                ray.init(
                    address=self._address,
                    log_to_driver=False,
                    logging_level="error",
                    **({"num_cpus": self._most, "include_dashboard": False} if alone else {}),
                )
            except (ConnectionError, ValueError, RuntimeError, OSError) as error:
                why = " ".join(str(error).split())
                raise MienError(
                    f"Cannot join the Ray cluster at {self._address} ({why}): start one with ray start --head, "
                    "or give --cluster local."
                ) from error
        try:
            yield ray
        finally:
            ray.shutdown()


def _look(ray: Any, board: Any, going: Iterable[Task], watch: Watch) -> None:
    """Tell ``watch`` what stands on the ``board``; one that is lost with its machine, or slow, has nothing to tell."""
    told: dict[int, str] = {}
    with suppress(ray.exceptions.RayError):
        told = ray.get(board.take.remote(), timeout=_LOOK_S)
    for task in going:
        if task.number in told:
            watch.moved(task, Progress(**json.loads(told[task.number])))


def _ending(ray: Any, reference: Any, task: Task) -> tuple[Sequence[str], Outcome]:
    """What was noticed meanwhile, and how it ended."""
    try:
        told = json.loads(ray.get(reference))
    except ray.exceptions.RayError as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        # An error in the task comes with its traceback, which ends with what it is; others begin with it.
        why = lines[-1 if isinstance(error, ray.exceptions.RayTaskError) else 0]
        return (), Outcome(error=f"{task.source} could not be read on the cluster: {why}")
    return told["notices"], Outcome.from_dict(told["outcome"])


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
