"""Loads a recording and plays its video with what was read from it, away from the Qt thread.

Each recording that is opened has one thread ("mien-replay"): it reads the table, then plays the video, if there is one,
until it is closed. Nothing is detected or recognised; of the pictures, only the newest waits for the window.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engines.errors import MienError, SourceError
from gui.scene import Scene, compose
from realtime.playback import Playback
from realtime.records import Frame, Reading
from realtime.replay import Clock, Copy, Recorded
from realtime.sources import Source, open_source

OpenVideo = Callable[[Path], Source]


@dataclass(frozen=True, slots=True)
class Film:
    """A video that plays. ``start`` is the time of its beginning on the table's clock, in seconds."""

    playback: Playback
    start: float
    copy: Copy


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be opened: ``table``, and the first of ``copies`` that is there, if any is."""

    table: Path
    copies: tuple[Copy, ...] = ()


class _Run:
    """One recording, from its opening until it is closed."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.cancelled = threading.Event()
        self.thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._playback: Playback | None = None

    def adopt(self, playback: Playback) -> None:
        """From now on :meth:`cancel` ends ``playback``; at once, if it was called before."""
        with self._lock:
            self._playback = playback
            if self.cancelled.is_set():
                playback.close()

    def cancel(self) -> None:
        """End as soon as can be, without waiting for it."""
        with self._lock:
            self.cancelled.set()
            if self._playback is not None:
                self._playback.close()


class Player(QObject):
    """Opens one recording at a time. To be used from the Qt thread alone, and to be closed in the end."""

    loaded = Signal(object)
    """The :class:`~realtime.replay.Recorded` that the table holds; comes before anything of the video."""
    opened = Signal(object)
    """A :class:`Film`: the video plays, paused on its first picture."""
    shown = Signal(object)
    """The newest :class:`~gui.scene.Scene`."""
    failed = Signal(str)
    """The table cannot be read: the one line that says why."""
    missing = Signal(object)
    """None of the copies is there: the path of the first, or None if there are none to look for."""
    unplayable = Signal(str)
    """The video cannot be played, or only in part: the one line that says why. The table is there all the same."""

    _happened = Signal(object, object, object)
    _arrived = Signal()

    def __init__(self, open_video: OpenVideo = open_source) -> None:
        super().__init__()
        self._open_video = open_video
        self._current: _Run | None = None
        self._running: list[_Run] = []
        self._viewport = (1280, 720)
        self._lock = threading.Lock()
        self._latest: tuple[_Run, Scene] | None = None
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def open(self, wish: Wish) -> None:
        """Open ``wish`` in the place of what is open."""
        self.stop()
        run = self._current = _Run(wish)
        run.thread = threading.Thread(target=self._work, args=(run,), name="mien-replay", daemon=True)
        self._running.append(run)
        run.thread.start()

    def stop(self) -> None:
        """Close what is open, without waiting until it is."""
        if self._current is not None:
            self._current.cancel()
            self._current = None

    def close(self, patience: float = 1.0) -> bool:
        """End every thread; False if one is still busy after ``patience`` seconds (it is then left to die)."""
        self.stop()
        deadline = time.monotonic() + patience
        for run in self._running:
            if run.thread is not None:
                run.thread.join(max(0.0, deadline - time.monotonic()))
        self._forget_ended()
        return not self._running

    def set_viewport(self, width: int, height: int) -> None:
        """Make pictures ready for a view of this size, in device pixels."""
        self._viewport = (max(1, width), max(1, height))

    @Slot(object, object, object)
    def _tell(self, run: _Run, signal: str, content: object) -> None:
        """Pass on what happened to ``run``, unless it is no longer wanted."""
        self._forget_ended()
        if run is self._current:
            getattr(self, signal).emit(content)

    @Slot()
    def _take(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None and latest[0] is self._current:
            self.shown.emit(latest[1])

    def _forget_ended(self) -> None:
        self._running = [run for run in self._running if run.thread is not None and run.thread.is_alive()]

    # What follows runs in the other threads.

    def _work(self, run: _Run) -> None:
        signal = "failed"
        try:
            recorded = Recorded.load(run.wish.table)
            self._happened.emit(run, "loaded", recorded)
            signal = "unplayable"
            copies = run.wish.copies
            found = next((copy for copy in copies if copy.path.exists()), None)
            if found is None:
                self._happened.emit(run, "missing", copies[0].path if copies else None)
            elif not run.cancelled.is_set():
                self._play(run, recorded, found)
        except MienError as error:
            self._happened.emit(run, signal, str(error))
        except Exception as error:  # the thread's boundary: the window tells it
            traceback.print_exc()
            self._happened.emit(run, signal, f"{type(error).__name__}: {error}")

    def _play(self, run: _Run, recorded: Recorded, copy: Copy) -> None:
        clock = Clock.between(recorded, copy.path)
        with Playback(self._open_video(copy.path)) as playback:
            run.adopt(playback)
            playback.pause()
            told = False
            for frame in self._frames(run, playback):
                time_of = clock.to_table(playback.position if playback.info.still else frame.time)
                if not told:
                    told = True
                    self._happened.emit(run, "opened", Film(playback, time_of, copy))
                if not playback.is_outdated(frame):
                    faces = () if copy.annotated else recorded.at(time_of).faces
                    reading = Reading(frame.index, time_of, recorded.classes, faces)
                    self._hand_over(run, compose(frame, reading, mirrored=False, within=self._viewport))

    def _frames(self, run: _Run, playback: Playback) -> Iterator[Frame]:
        """Those of ``playback``; where it breaks off, that is told, and it waits there for being sent back."""
        while not run.cancelled.is_set():
            given = False
            try:
                for frame in playback:
                    given = True
                    yield frame
            except SourceError as error:
                if not given and not run.cancelled.is_set():
                    raise
                self._happened.emit(run, "unplayable", str(error))
                playback.pause()
                playback.seek(playback.position)

    def _hand_over(self, run: _Run, scene: Scene) -> None:
        """Leave ``scene`` for the window in the place of one that it has not taken, and call it if none waited."""
        with self._lock:
            waits = self._latest is not None
            self._latest = (run, scene)
        if not waits:
            self._arrived.emit()
