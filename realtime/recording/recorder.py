"""Records a stream while it is looked at, in a thread of its own.

What it cannot keep up with it leaves out of the video, and counts; the readings are all kept.
"""

import shutil
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engines.errors import MienError, OutputError
from realtime.recording.backlog import ROOM_BYTES, Backlog, Item
from realtime.recording.disk import Disk, DiskUsage
from realtime.recording.outputs import Outputs
from realtime.recording.placing import Size, Timeline, in_pixels_of, wall_clock
from realtime.recording.plan import Plan, VideoKind, free_name, name_by_time
from realtime.recording.recovery import recover
from realtime.records import Frame, Reading
from realtime.sinks import TableFormat
from realtime.sinks.fitting import size_of
from realtime.sources.base import SourceInfo

_LOOK_S = 1.0
"""Between two looks at the disk; what is lost in a crash."""
_SYNC_S = 5.0
"""Between two times that all is brought onto the disk; what is lost in a power cut."""
_RATE_S = 3.0
"""Before that, the rate of writing tells nothing."""
_ENDINGS = (".mp4", ".json", ".parquet", ".csv", ".jsonl")


class Phase(StrEnum):
    """Where a recording stands; the last two are its end."""

    RECORDING = "recording"
    FINISHING = "finishing"
    FINISHED = "finished"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class RecorderState:
    """A recording at one moment.

    ``seconds`` is from its first frame to its last, ``frames`` how many were read, ``dropped`` how many pictures of
    them the video lacks. ``minutes_left`` is until the disk is full at this rate, None while that is not known.
    ``reason`` is the line that says why it ended by itself, "" where it did not. ``paths`` are the files: those that
    will be there, and once it is finished those that are.
    """

    phase: Phase
    seconds: float
    frames: int
    dropped: int
    bytes_written: int
    free_bytes: int
    minutes_left: float | None
    reason: str
    paths: tuple[Path, ...]

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.phase in (Phase.FINISHED, Phase.DISCARDED)


class Recorder:
    """Writes frames and readings into ``folder`` until it is stopped, or the disk is nearly full.

    Times in the video and in the table count from the first frame, and ``frame`` in the table counts the readings from
    0; what belongs to a moment of the video is found by its time, since pictures may have been left out of it. Boxes
    are in pixels of the video, also where the stream changes its size. The summary says when it ``started`` by the
    clock on the wall, how large its pictures are, how many frames were ``dropped`` before they were read, and how many
    pictures (``pictures_dropped``) the video lacks.

    The classes of its readings stay the same: with others it ends. After a crash or a power cut,
    :func:`realtime.recording.recover` has all but the last seconds. Runs one thread, and holds pictures of ``room``
    bytes at most.
    """

    def __init__(
        self,
        folder: Path,
        info: SourceInfo,
        classes: Sequence[str],
        *,
        name: str | None = None,
        video: VideoKind | None = "annotated",
        table: TableFormat | None = "parquet",
        about: Mapping[str, object] | None = None,
        room: int = ROOM_BYTES,
        disk_usage: DiskUsage = shutil.disk_usage,
    ) -> None:
        """``about`` is said in the summary: model, engine, detector and the like.

        Raises ``OutputError`` if ``folder`` cannot be made or written to, or its disk is nearly full.
        """
        if video is None and table is None:
            raise ValueError("a recording needs a video, a table or both")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot make the folder {folder}: {error.strerror}; choose another.") from error
        self._disk = Disk(folder, disk_usage)
        if self._disk.full:
            raise OutputError(self._disk.full)
        self._plan = Plan(folder, free_name(folder, name or name_by_time(), _ENDINGS), tuple(classes), video, table, {})
        self._plan.about.update(_about(info, self._plan, about or {}))
        self._live = info.live
        self._outputs = Outputs(self._plan)
        self._changed = threading.Condition()
        self._backlog = Backlog(room)
        self._timeline = Timeline()
        self._size: Size = (0, 0)
        self._started = ""
        self._last_index = -1
        self._unread = 0
        self._ending: Phase | None = None
        self._phase = Phase.RECORDING
        self._reason = ""
        self._paths = self._plan.paths
        self._bytes_written = 0
        self._began = self._next_look = self._next_sync = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="mien-record", daemon=True)
        self._thread.start()

    def write(self, frame: Frame, reading: Reading) -> None:
        """Record a frame and what was read in it. Never waits, from any one thread; nothing happens after the end."""
        with self._changed:
            if self._ending is not None:
                return
            if reading.classes != self._plan.classes:
                self._end(Phase.FINISHED, "The expressions were changed, and the recording ended: start another.")
            elif self._backlog.hopeless:
                self._end(Phase.FINISHED, f"The disk of {self._plan.folder} does not answer, and the recording ended.")
            else:
                self._put(frame, reading)

    def stop(self, *, hurry: bool = False) -> tuple[Path, ...]:
        """End, and finish the files in the background: see :attr:`state`. Returns those that will be there.

        In a ``hurry`` the pictures that wait are left out, as if they had come too fast. Twice is once.
        """
        with self._changed:
            self._end(Phase.FINISHED)
            if hurry:
                self._backlog.drop_pictures()
        return self._plan.paths

    def abort(self) -> None:
        """End in the background, and leave nothing."""
        with self._changed:
            self._end(Phase.DISCARDED)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, after :meth:`stop` or :meth:`abort`; False if it did not come in ``timeout`` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def state(self) -> RecorderState:
        """How it stands, from any thread; the figures of the disk are those of the last second."""
        with self._changed:
            return RecorderState(
                self._phase,
                self._timeline.seconds,
                self._timeline.frames,
                self._backlog.dropped,
                self._bytes_written,
                self._disk.free,
                self._minutes_left(),
                self._reason,
                self._paths,
            )

    def _minutes_left(self) -> float | None:
        elapsed = time.monotonic() - self._began
        if elapsed < _RATE_S or not self._bytes_written:
            return None
        return self._disk.room / (self._bytes_written / elapsed) / 60

    def _put(self, frame: Frame, reading: Reading) -> None:
        if not self._timeline.frames:
            self._started = wall_clock(frame, live=self._live)
            self._size = size_of(frame) if self._plan.video else frame.image.shape[:2]
        elif self._live:
            self._unread += max(0, frame.index - self._last_index - 1)
        self._last_index = frame.index
        picture, placed = self._timeline.place(frame, reading)
        self._backlog.put(Item(picture if self._plan.video else None, frame.image.shape[:2], placed))
        self._changed.notify_all()

    def _end(self, how: Phase, reason: str = "") -> None:
        if self._ending is None:
            self._ending, self._reason = how, reason
            self._phase = Phase.FINISHING
            self._changed.notify_all()

    # What follows runs in the recorder's own thread.

    def _work(self) -> None:
        try:
            self._record()
            how, paths = self._finish()
        except Exception as error:  # the thread's boundary: the state tells it
            how, paths = Phase.FINISHED, self._rescue(error)
        with self._changed:
            self._phase, self._paths = how, paths
            self._backlog.clear()

    def _record(self) -> None:
        while self._wait():
            if (item := self._take()) is not None:
                self._write(item)
            if time.monotonic() >= self._next_look:
                self._look()

    def _wait(self) -> bool:
        """Wait until there is something to do; False at the end."""
        with self._changed:
            if not self._backlog and self._ending is None:
                self._changed.wait(max(0.0, self._next_look - time.monotonic()))
            return self._ending is None or (self._ending is Phase.FINISHED and bool(self._backlog))

    def _take(self) -> Item | None:
        with self._changed:
            return self._backlog.take() if self._backlog else None

    def _write(self, item: Item) -> None:
        if item.reading.index == 0:
            height, width = self._size
            self._outputs.note(started=self._started, width=width, height=height)
        self._outputs.write_row(in_pixels_of(self._size, item.size, item.reading))
        if item.picture is not None:
            self._outputs.write_picture(item.picture, item.reading)

    def _look(self) -> None:
        """Once a second: keep what there is from a crash, and see whether there is room for more."""
        now = time.monotonic()
        self._next_look = now + _LOOK_S
        self._note_dropped()
        sync = now >= self._next_sync
        if sync:
            self._next_sync = now + _SYNC_S
        self._outputs.flush(sync=sync)
        self._disk.look()
        written = self._outputs.bytes_written
        with self._changed:
            self._bytes_written = written
            if self._disk.full:
                self._end(Phase.FINISHED, self._disk.full)

    def _note_dropped(self) -> None:
        with self._changed:
            dropped = {"dropped": self._unread, "pictures_dropped": self._backlog.dropped}
        if any(self._plan.about.get(name) != count for name, count in dropped.items()):
            self._outputs.note(**dropped)

    def _finish(self) -> tuple[Phase, tuple[Path, ...]]:
        with self._changed:
            discarded, complete = self._ending is Phase.DISCARDED, not self._reason
        if discarded or not self._timeline.frames:
            self._outputs.abort()
            return Phase.DISCARDED, ()
        self._note_dropped()
        self._outputs.close(complete=complete)
        with self._changed:
            self._bytes_written = self._outputs.bytes_written
        return Phase.FINISHED, tuple(path for path in self._plan.paths if path.exists())

    def _rescue(self, error: Exception) -> tuple[Path, ...]:
        """After a failure, keep what was recorded; what cannot be finished now is left to be recovered later."""
        if not isinstance(error, MienError | OSError):
            traceback.print_exc(file=sys.stderr)
        with self._changed:
            self._end(Phase.FINISHED)
            self._reason = str(error) if isinstance(error, MienError) else f"The recording ended: {error}."
        self._outputs.give_up()
        try:
            return recover(self._plan.journal_path)
        except OutputError:
            if self._plan.journal_path.exists():
                self._reason += " What was recorded is kept, and finished when Mien starts the next time."
            return ()


def _about(info: SourceInfo, plan: Plan, about: Mapping[str, object]) -> dict[str, object]:
    """What is known of a recording before its first frame."""
    return {
        "source": info.name,
        **about,
        "live": info.live,
        "video": plan.video_path.name if plan.video_path else None,
        "annotated": plan.video == "annotated",
        "table": plan.table_path.name if plan.table_path else None,
        "dropped": 0,
        "pictures_dropped": 0,
    }
