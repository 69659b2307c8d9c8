"""Videos that are analysed one after the other, while the window goes on.

One thread ("mien-analyse") takes the first that waits, has it analysed in a process of its own (see
:mod:`realtime.library.process`), and puts the results into the library. What is not yet done is kept in the index: the
next run of the program offers it again.
"""

import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import platformdirs

from engines.errors import LibraryError, MienError
from engines.package import package_folder
from realtime.library.folders import clear_folder, is_whole, make_folder, summary_in
from realtime.library.index import Library
from realtime.library.jobs import JobTable
from realtime.library.process import analyse_apart
from realtime.library.requests import Cancelled, Job, JobState, Progress, Request
from realtime.options import Options


class Analyst(Protocol):
    """Analyses a video into a folder, and returns when that is done; what it raises is said to the user.

    ``tell`` takes the progress, and lines worth knowing. Once ``cancelled`` is set it ends soon, by ``Cancelled``.
    """

    def __call__(
        self, request: Request, folder: Path, cancelled: threading.Event, tell: Callable[[Progress | str], None]
    ) -> None: ...


def default_folder() -> Path:
    """Where results go unless told otherwise: a folder among the user's videos."""
    return platformdirs.user_videos_path() / "Mien"


class AnalysisQueue:
    """To be used from any thread. Changes raise ``LibraryError`` if the index cannot be written."""

    def __init__(self, library: Library, folder: Path | None = None, *, analyst: Analyst = analyse_apart) -> None:
        """Results go into ``folder`` (:func:`default_folder`), each video's into one of its own.

        What an earlier run did not come to is listed as ``LEFT``, until :meth:`resume` or :meth:`forget`.
        """
        self._library = library
        self._table = JobTable(library.database)
        self._folder = folder or default_folder()
        self._analyst = analyst
        self._changed = threading.Condition()
        self._jobs: list[Job] = self._table.left()
        self._running: tuple[int, threading.Event] | None = None
        self._closing = False
        self._listeners: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._work, name="mien-analyse", daemon=True)
        self._thread.start()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job, in the order in which their turn comes, those that ended included until :meth:`clear`."""
        with self._changed:
            return tuple(self._jobs)

    def owes(self) -> bool:
        """Whether there is an analysis that has not ended, of this process or another, or left by one.

        Raises ``LibraryError`` if the index cannot be read.
        """
        return self._table.owes()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after every change, in whichever thread made it; what is returned ends that."""
        with self._changed:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return unsubscribe

    def add(self, paths: Iterable[Path], options: Options, *, annotate: bool = False) -> tuple[Job, ...]:
        """Queue the videos, pictures or folders of pictures at ``paths``, to be read as ``options`` say.

        Those that are in the queue already are left out.
        """
        model = None if options.model is None else package_folder(options.model).absolute()
        options = replace(options, model=model, prompts=_absolute(options.prompts))
        waiting = {job.request.source for job in self.jobs if not job.state.ended}
        sources = [path for path in dict.fromkeys(path.absolute() for path in paths) if path not in waiting]
        added = self._table.add(Request(replace(options, source=path), annotate) for path in sources)
        with self._changed:
            self._jobs += added
        self._tell()
        return tuple(added)

    def retry(self, job_id: int) -> None:
        """Queue again what failed or was cancelled, after all others."""
        with self._changed:
            for job in self._found(job_id, JobState.FAILED, JobState.CANCELLED):
                self._jobs.remove(job)
                self._jobs += self._table.add([job.request])
        self._tell()

    def move(self, job_id: int, place: int) -> None:
        """Let a job that waits be the one at ``place`` among those that wait, 0 the next."""
        with self._changed:
            waiting = [job for job in self._jobs if job.state is JobState.QUEUED]
            begun = [job for job in self._jobs if job.state is JobState.RUNNING or job.state.ended]
            left = [job for job in self._jobs if job.state is JobState.LEFT]
            for job in self._found(job_id, JobState.QUEUED):
                waiting.remove(job)
                waiting.insert(max(0, place), job)
            self._jobs = [*begun, *waiting, *left]
            self._table.order(self._jobs)
        self._tell()

    def cancel(self, job_id: int) -> None:
        """End a job, or do not begin it. Returns at once; of one that runs, nothing is left a moment later."""
        with self._changed:
            if self._running is not None and self._running[0] == job_id:
                self._running[1].set()
            for job in self._found(job_id, JobState.QUEUED):
                self._end(job, state=JobState.CANCELLED)

    def cancel_all(self) -> None:
        """Cancel what waits and what runs."""
        # The last first, or the next one would begin as soon as the one that runs has ended.
        for job in reversed(self.jobs):
            if job.state in (JobState.QUEUED, JobState.RUNNING):
                self.cancel(job.id)

    def resume(self) -> None:
        """Go on with what an earlier run has left."""
        with self._changed:
            left = [job for job in self._jobs if job.state is JobState.LEFT]
            claimed = self._table.claim(left)
            taken = [replace(job, state=JobState.QUEUED) for job in left if job.id in claimed]
            self._jobs = [job for job in self._jobs if job not in left] + taken
        self._tell()

    def forget(self) -> None:
        """Do not go on with what an earlier run has left, and clear away what there is of it."""
        with self._changed:
            left = [job for job in self._jobs if job.state is JobState.LEFT]
            claimed = self._table.claim(left)
            self._table.remove(job for job in left if job.id in claimed)
            self._jobs = [job for job in self._jobs if job not in left]
        for job in left:
            if job.id in claimed and job.folder is not None:
                clear_folder(job.folder)
        self._tell()

    def clear(self, job_id: int | None = None) -> None:
        """List those that ended no longer, or this one alone."""
        with self._changed:
            self._jobs = [job for job in self._jobs if not job.state.ended or job_id not in (None, job.id)]
        self._tell()

    def close(self, patience: float = 1.0) -> bool:
        """End the thread and what it does, and leave what waits for the next run; twice is once.

        False if it is still busy after ``patience`` seconds.
        """
        with self._changed:
            self._closing = True
            self._listeners.clear()
            if self._running is not None:
                self._running[1].set()
            self._changed.notify_all()
        self._thread.join(patience)
        with suppress(LibraryError):
            self._table.release()
        return not self._thread.is_alive()

    def _found(self, job_id: int, *states: JobState) -> list[Job]:
        with self._changed:
            return [job for job in self._jobs if job.id == job_id and job.state in states]

    def _end(self, job: Job, **changes: object) -> None:
        """Note how ``job`` has ended, where it is still listed."""
        self._table.remove([job])
        self._change(job, **changes)

    def _change(self, job: Job, **changes: object) -> None:
        with self._changed:
            self._jobs = [
                replace(each, **changes) if each.id == job.id else each  # type: ignore[arg-type]
                for each in self._jobs
            ]
        self._tell()

    def _tell(self) -> None:
        with self._changed:
            listeners: Sequence[Callable[[], None]] = tuple(self._listeners)
            self._changed.notify_all()
        for listener in listeners:
            listener()

    # What follows runs in the queue's own thread.

    def _work(self) -> None:
        while (begun := self._next()) is not None:
            self._run(*begun)
            with self._changed:
                self._running = None

    def _next(self) -> tuple[Job, threading.Event] | None:
        with self._changed:
            while not self._closing:
                waiting = [job for job in self._jobs if job.state is JobState.QUEUED]
                if waiting:
                    job, cancelled = replace(waiting[0], state=JobState.RUNNING), threading.Event()
                    self._running = (job.id, cancelled)
                    self._jobs = [job if each.id == job.id else each for each in self._jobs]
                    return job, cancelled
                self._changed.wait()
        return None

    def _run(self, job: Job, cancelled: threading.Event) -> None:
        self._tell()
        try:
            try:
                folder = self._place(job)
                entry = self._analyse(replace(job, folder=folder), folder, cancelled)
            except Cancelled:
                if not self._closing:
                    self._end(job, state=JobState.CANCELLED, progress=Progress(), line="")
            except MienError as error:
                self._end(job, state=JobState.FAILED, line=str(error))
            else:
                self._end(job, state=JobState.DONE, progress=Progress(1.0), entry=entry, line="")
        except Exception as error:  # the thread's boundary: the job says it, and the next one's turn comes
            if not self._closing:
                if not isinstance(error, MienError):
                    traceback.print_exc(file=sys.stderr)
                self._change(job, state=JobState.FAILED, line=str(error) or type(error).__name__)

    def _place(self, job: Job) -> Path:
        """The folder of ``job``: the one that an earlier run began, or a new one."""
        folder = make_folder(self._folder, job.request.source, job.folder)
        self._table.place(job, folder)
        self._change(job, folder=folder)
        return folder

    def _analyse(self, job: Job, folder: Path, cancelled: threading.Event) -> int:
        # An earlier run may have been ended between the last file and the library.
        if not is_whole(folder):
            try:
                self._analyst(job.request, folder, cancelled, partial(self._hear, job))
            except BaseException:
                clear_folder(folder)
                self._table.place(job, None)
                raise
        return self._library.import_results(summary_in(folder))[0].id

    def _hear(self, job: Job, said: Progress | str) -> None:
        if isinstance(said, str):
            self._change(job, line=said)
        else:
            self._change(job, progress=said)


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()
