"""What every sink does: take frames with their readings, then end in one of three ways.

``close()`` finishes the file, ``close(complete=False)`` finishes what there is after an interruption, ``abort()``
leaves nothing. As a context manager a sink picks the ending itself: an interruption by Ctrl-C and a source that fails
keep what was done, any other exception keeps nothing.
"""

import contextlib
import errno
import os
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import ClassVar, Protocol, Self

from engines.errors import OutputError, SourceError
from realtime.records import Frame, Reading


class Sink(Protocol):
    """Takes the readings of a run, in the order of their frames. Used by one thread at a time."""

    @abstractmethod
    def write(self, frame: Frame, reading: Reading) -> None:
        """Take one frame and what was read in it. Raises ``OutputError`` when it cannot be written or after the end."""

    @abstractmethod
    def close(self, *, complete: bool = True) -> None:
        """Finish; ``complete`` is False when the run was interrupted. Twice is once.

        Raises ``OutputError``, with nothing left behind, when the result cannot be written.
        """

    @abstractmethod
    def abort(self) -> None:
        """End and leave nothing; nothing happens after an end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif issubclass(kind, KeyboardInterrupt | SourceError):
            self.close(complete=False)
        else:
            self.abort()


def partial_of(path: Path) -> Path:
    """The hidden name under which the file ``path`` grows until it is whole."""
    return path.with_name(f".{path.name}.partial")


class FileSink(Sink):
    """A sink with one file, which appears under its name whole or not at all.

    Until then it grows under a hidden name beside it, ``.NAME.partial``, made at once, so that a folder that cannot be
    written to is known before the work begins. An older file of the same name stays until it is replaced.

    A subclass writes to ``_partial`` and puts what must be closed into ``_resources``. ``failures`` are the exceptions
    by which its library says that a file cannot be written.
    """

    failures: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    recoverable = False
    """Whether an unfinished file is of use: then a failure leaves it under its hidden name; ``abort`` does not."""

    def __init__(self, path: Path) -> None:
        """Raises ``OutputError`` if ``path`` cannot be written to."""
        self.path = path
        self._partial = partial_of(path)
        self._resources = contextlib.ExitStack()
        self._ended = False
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            self._partial.open("wb").close()
        except OSError as error:
            raise self._cannot_write(error) from error

    def write(self, frame: Frame, reading: Reading) -> None:
        if self._ended:
            raise OutputError(f"{self.path} is already finished: nothing more can be written to it.")
        try:
            self._put(frame, reading)
        except self.failures as error:
            self.give_up()
            raise self._cannot_write(error) from error

    def close(self, *, complete: bool = True) -> None:
        if self._ended:
            return
        with self._all_or_nothing():
            keep = self._finish(complete=complete)
            self._resources.close()
            if keep:
                to_disk(self._partial)
                self._partial.replace(self.path)
            else:
                self._partial.unlink()
        self._ended = True

    def abort(self) -> None:
        self._end(keep=False)

    def give_up(self) -> None:
        """End after a failure, this sink's own or another's: leave what is recoverable, and else nothing."""
        self._end(keep=self.recoverable)

    @property
    def bytes_written(self) -> int:
        """The size of the file up to now, as far as it has left the program."""
        with contextlib.suppress(OSError):
            return (self.path if self._ended else self._partial).stat().st_size
        return 0

    def sync(self) -> None:
        """Bring what has left the program onto the disk, so that a power cut does not take it; may take long."""
        if not self._ended:
            with contextlib.suppress(OSError):
                to_disk(self._partial)

    @abstractmethod
    def _put(self, frame: Frame, reading: Reading) -> None:
        """Write one frame's part."""

    @abstractmethod
    def _finish(self, *, complete: bool) -> bool:
        """Write what is still owed, before the resources are closed; False if there is nothing worth a file."""

    def _end(self, *, keep: bool) -> None:
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(*self.failures):
            self._resources.close()
        if not keep:
            with contextlib.suppress(OSError):
                self._partial.unlink()

    @contextlib.contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.give_up()
            if isinstance(error, self.failures):
                raise self._cannot_write(error) from error
            raise

    def _cannot_write(self, error: Exception) -> OutputError:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return OutputError(
            f"Cannot write {self.path}: {reason}; check the folder and its free space, or choose another."
        )


class Background(Sink):
    """Writes to ``sink`` from a thread of its own, so that slow writing holds up nothing else.

    At most ``room`` frames wait; when they do, :meth:`write` waits too, so nothing is dropped. An error reaches the
    owner by the next :meth:`write` or by :meth:`close`.
    """

    def __init__(self, sink: Sink, *, room: int = 8) -> None:
        self._sink = sink
        self._queue: Queue[tuple[Frame, Reading] | None] = Queue(room)
        self._error: Exception | None = None
        self._discard = False
        self._ended = False
        self._thread = Thread(target=self._work, name="mien-sink", daemon=True)
        self._thread.start()

    def write(self, frame: Frame, reading: Reading) -> None:
        if self._error:
            raise self._error
        if self._ended:
            raise OutputError("This output is already finished: nothing more can be written to it.")
        self._queue.put((frame, reading))

    def close(self, *, complete: bool = True) -> None:
        if self._ended:
            return
        self._join()
        if self._error:
            self._sink.abort()
            raise self._error
        self._sink.close(complete=complete)

    def abort(self) -> None:
        if self._ended:
            return
        self._discard = True
        self._join()
        self._sink.abort()

    def _join(self) -> None:
        self._ended = True
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        # After an error it goes on emptying the queue, so that the owner is never left waiting for room.
        for frame, reading in iter(self._queue.get, None):
            if self._error or self._discard:
                continue
            try:
                self._sink.write(frame, reading)
            except Exception as error:  # the owner's next call raises it
                self._error = error


def to_disk(path: Path) -> None:
    """Have what was written to ``path`` outlive a power cut. Raises ``OSError``."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
