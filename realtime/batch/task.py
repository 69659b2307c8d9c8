"""The reading of one source, wherever it is done: here, in another process or on another machine."""

import contextlib
import errno
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

from engines.errors import MienError
from realtime.batch.content import Stamp, content_of
from realtime.batch.finding import Found
from realtime.batch.results import read_result
from realtime.options import Options
from realtime.pipeline import Follow
from realtime.products import Outputs, Products, make_folder
from realtime.progress import Progress, following
from realtime.sinks.base import partial_of
from realtime.sources.base import Notice

LAST_S = 20.0
"""To finish the files of what is in work after Ctrl-C; the index of a long video is written within seconds."""

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Task:
    """A source to be read: ``options``, where the results go and what they are, and what is known beforehand.

    ``content`` is empty where it is yet to be found out; ``settings`` are those of :mod:`realtime.batch.content`.
    Paths are relative to the folder that the program was started in.
    """

    number: int
    options: Options
    outputs: Outputs
    products: Products
    settings: str
    content: str = ""

    @property
    def source(self) -> str:
        return str(self.options.source)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; :meth:`from_dict` is the way back."""
        return {
            "number": self.number,
            "options": self.options.to_dict(),
            "outputs": [str(self.outputs.folder), self.outputs.name],
            "products": asdict(self.products),
            "settings": self.settings,
            "content": self.content,
        }

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """What :meth:`to_dict` gave, also after JSON."""
        folder, name = told["outputs"]
        products: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told["products"].items()
        }
        return cls(
            number=told["number"],
            options=Options.from_dict(told["options"]),
            outputs=Outputs(Path(folder), name),
            products=Products(**products),
            settings=told["settings"],
            content=told["content"],
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reading ended: with ``files``, the summary last, or with an ``error`` of one line, or both.

    ``full`` says that there is no room left to write to. ``cause`` is the error itself, where it was made here.
    """

    files: tuple[Path, ...] = ()
    error: str = ""
    full: bool = False
    cause: MienError | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; :meth:`from_dict` is the way back."""
        return {"files": [str(path) for path in self.files], "error": self.error, "full": self.full}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """What :meth:`to_dict` gave, also after JSON."""
        return cls(tuple(map(Path, told["files"])), told["error"], told["full"])


class Watch(Protocol):
    """Whoever looks on while tasks are done; all in one thread."""

    def begun(self, task: Task) -> None: ...

    def moved(self, task: Task, progress: Progress) -> None: ...

    def noticed(self, task: Task, line: str) -> None: ...

    def ended(self, task: Task, outcome: Outcome) -> None: ...


def read(task: Task, *, notice: Notice, follow: Follow, look: Callable[[], None] = lambda: None) -> Outcome:
    """Do ``task``, and say how it went: what fails is an outcome, and stops nothing else.

    ``look`` is called now and then before the first frame, and may raise what ends the work. Ctrl-C is raised as by
    :func:`realtime.analysis.analyze`.
    """
    from realtime.analysis import analyze  # noqa: PLC0415 - loads what reads videos, which planning need not wait for

    former = _written(task.outputs.summary)
    try:
        known = {"settings": task.settings, **_identity(task, look)}
        make_folder(task.outputs.folder)
        _clear_leftovers(task.outputs)
        files = analyze(task.options, task.outputs, task.products, notice=notice, follow=follow, known=known)
    except MienError as error:
        return Outcome(_left(task.outputs, former), str(error), full=_is_disk_full(error), cause=error)
    except Exception as error:  # a bug that one file brings out need not keep the others from being read
        traceback.print_exc(file=sys.stderr)
        line = f"{task.source} could not be read because of an error in Mien ({type(error).__name__}: {error})"
        return Outcome(_left(task.outputs, former), " ".join(line.split()))
    result = read_result(task.outputs.summary)
    return Outcome(files, result.error if result else "")


def _identity(task: Task, look: Callable[[], None]) -> dict[str, object]:
    """What the summary keeps, so that the source is known again. Nothing of a stream."""
    files = Found(task.source).files()
    if not files:
        return {}
    stamp = Stamp.of(files)
    content = task.content or content_of(files, lambda _: look())
    return {"content": content, "size": stamp.size, "mark": stamp.mark}


def _left(outputs: Outputs, former: tuple[int, int] | None) -> tuple[Path, ...]:
    """What a reading that failed has left, if it has; the ``former`` summary is of another."""
    if not any(path.exists() for path in outputs.possible):
        with contextlib.suppress(OSError):
            partial_of(outputs.summary).unlink(missing_ok=True)
    return () if _written(outputs.summary) in (None, former) else (outputs.summary,)


def _written(path: Path) -> tuple[int, int] | None:
    """What tells the file at ``path`` from one that takes its place; None if there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns


def _clear_leftovers(outputs: Outputs) -> None:
    """Remove the unfinished files of a program that was killed; those of other results are left alone.

    But for the summary, which is begun anew: it says whose the finished ones are, if it is killed again.
    """
    partial = [partial_of(path) for path in outputs.possible if path != outputs.summary]
    for path in (*partial, *outputs.annotated.glob(".*.partial")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if getattr(error, "errno", None) in _DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def read_text(text: str, tell: Callable[[Progress], None]) -> str:
    """Do a task that another machine sent as JSON, with the folder and the environment that it wants.

    Some times a second ``tell`` hears how far it is. As JSON come its ``outcome`` and the ``notices`` that were given
    meanwhile.
    """
    told = json.loads(text)
    os.chdir(told["folder"])
    os.environ.update(told["environment"])
    notices: list[str] = []
    outcome = read(Task.from_dict(told["task"]), notice=notices.append, follow=following(tell, lambda: None))
    return json.dumps({"outcome": outcome.to_dict(), "notices": notices})


def as_text(task: Task) -> str:
    """``task`` for :func:`read_text`."""
    environment = {name: os.environ[name] for name in ("MIEN_ASSETS", "MIEN_OFFLINE") if name in os.environ}
    return json.dumps({"task": task.to_dict(), "folder": str(Path.cwd()), "environment": environment})
