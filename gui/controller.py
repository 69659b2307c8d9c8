"""Runs pipelines for the window, away from the Qt thread.

One thread ("mien-play") opens a pipeline, runs it and closes it, then waits for the next; two short-lived ones tell a
pipeline to close and list the cameras, since both may block. Of the pictures, only the newest waits for the window.
"""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engines.errors import MienError
from gui.playing import Opener, PipelineLike, Run
from gui.scene import Scene, compose
from realtime.records import Frame, Reading
from realtime.steady import SteadyBoxes

if TYPE_CHECKING:  # these rooms load OpenCV and the engines, which the window does not wait for
    from engines.text_head import TextHead
    from realtime.options import Options
    from realtime.playback import Playback
    from realtime.sources import CameraDescription
    from realtime.sources.base import SourceInfo

_FIGURES_S = 0.5
"""Between two looks at the statistics; oftener, the figures cannot be read."""


Tap = Callable[[Frame, Reading], None]


@dataclass(frozen=True, slots=True)
class Started:
    """A pipeline runs: on what, and with which engine."""

    info: "SourceInfo"
    engine: str
    detector: str = ""
    model: str = ""
    can_take_neutral: bool = False
    playback: "Playback | None" = None
    """Where the source can be stopped and gone back in."""


class Controller(QObject):
    """Starts and stops pipelines, and gives the window what it shows. To be used from the Qt thread alone.

    Each :meth:`start` that no other one overtakes ends in exactly one ``failed`` or ``stopped``.
    """

    started = Signal(object)
    """A :class:`Started`."""
    shown = Signal(object)
    """The newest :class:`~gui.scene.Scene`."""
    figures = Signal(object)
    """A ``Snapshot`` of the statistics, twice a second."""
    notice = Signal(str)
    """What a person should know while the source goes on."""
    failed = Signal(str)
    """The source could not be started or has ended in an error: the one line that says why."""
    stopped = Signal()
    """The source has ended, by itself or by :meth:`stop`."""
    cameras = Signal(object)
    """The cameras of this machine, a list of ``CameraDescription``."""

    _happened = Signal(object, object, object)
    _arrived = Signal()

    def __init__(self, open_pipeline: Opener, list_cameras: Callable[[], "Sequence[CameraDescription]"]) -> None:
        super().__init__()
        self._open_pipeline = open_pipeline
        self._list_cameras = list_cameras
        self._changed = threading.Condition()
        self._wish: Run | None = None
        self._quit = False
        self._latest: tuple[Run, Scene] | None = None
        self._current: Run | None = None
        self._viewport = (1280, 720)
        self._mirror = True
        self._head: TextHead | None = None
        self._taps: tuple[Tap, ...] = ()
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._player = threading.Thread(target=self._work, name="mien-play", daemon=True)
        self._lister: threading.Thread | None = None
        self._player.start()

    def start(self, options: "Options") -> None:
        """Show the source of ``options``, in the place of the one that runs."""
        self.stop()
        self._current = Run(options)
        with self._changed:
            self._wish = self._current
            self._changed.notify_all()

    def stop(self) -> None:
        """End what runs, or is about to. Returns at once; ``stopped`` comes when the source is given back."""
        if self._current is not None:
            self._current.cancel()

    def set_viewport(self, width: int, height: int) -> None:
        """Make pictures ready for a view of this size, in device pixels."""
        self._viewport = (max(1, width), max(1, height))

    def set_mirror(self, mirror: bool) -> None:
        """Whether a camera is shown as a mirror shows it."""
        self._mirror = mirror

    def set_head(self, head: "TextHead") -> None:
        """Read by the classes of ``head`` from now on, also in what is started later."""
        self._head = head
        pipeline = self.pipeline
        if pipeline is not None:
            pipeline.set_head(head)

    def add_tap(self, tap: "Tap") -> None:
        """Let ``tap`` see every frame and its reading, too, in the thread that plays, which it must not hold up."""
        self._taps = (*self._taps, tap)

    @property
    def pipeline(self) -> PipelineLike | None:
        """What runs now."""
        run = self._current
        return None if run is None or run.cancelled.is_set() else run.pipeline

    def refresh_cameras(self) -> None:
        """Look for cameras; ``cameras`` tells what was found."""
        if self._lister is None or not self._lister.is_alive():
            self._lister = threading.Thread(target=self._look_for_cameras, name="mien-cameras", daemon=True)
            self._lister.start()

    def shutdown(self, patience: float = 1.0) -> bool:
        """End every thread; False if one is still busy after ``patience`` seconds (it is then left to die)."""
        self.stop()
        with self._changed:
            self._quit = True
            self._changed.notify_all()
        deadline = time.monotonic() + patience
        threads = [thread for thread in (self._player, self._lister) if thread is not None]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    @Slot(object, object, object)
    def _tell(self, run: Run, signal: str, content: object) -> None:
        """Pass on what happened to ``run``, unless it is no longer wanted."""
        ended = signal in ("failed", "stopped")
        if run is not self._current or (run.cancelled.is_set() and not ended):
            return
        if signal == "stopped":
            self.stopped.emit()
        else:
            getattr(self, signal).emit(content)

    @Slot()
    def _take(self) -> None:
        with self._changed:
            latest, self._latest = self._latest, None
        if latest is not None and latest[0] is self._current and not latest[0].cancelled.is_set():
            self.shown.emit(latest[1])

    # What follows runs in the other threads.

    def _work(self) -> None:
        while (run := self._next()) is not None:
            self._play(run)

    def _next(self) -> Run | None:
        with self._changed:
            self._changed.wait_for(lambda: self._quit or self._wish is not None)
            run, self._wish = self._wish, None
            return None if self._quit else run

    def _play(self, run: Run) -> None:
        error: Exception | None = None
        try:
            try:
                self._open_and_show(run)
            finally:
                run.release()
        except Exception as caught:  # the thread's boundary: the window tells it
            error = caught
            if not isinstance(caught, MienError):
                traceback.print_exc()
        if error is None or (run.cancelled.is_set() and isinstance(error, MienError)):
            self._happened.emit(run, "stopped", None)
        elif isinstance(error, MienError):
            self._happened.emit(run, "failed", str(error))
        else:
            self._happened.emit(run, "failed", f"{type(error).__name__}: {error}")

    def _open_and_show(self, run: Run) -> None:
        def notice(line: str) -> None:
            self._happened.emit(run, "notice", line)

        if run.cancelled.is_set():
            return
        pipeline = self._open_pipeline(run.options, notice=notice)
        run.adopt(pipeline)
        if run.cancelled.is_set():
            return
        if self._head is not None:
            pipeline.set_head(self._head)
        info = pipeline.info
        playback = _playback_of(pipeline)
        about = Started(info, pipeline.engine, pipeline.detector, pipeline.model, pipeline.can_take_neutral, playback)
        self._happened.emit(run, "started", about)
        told = time.monotonic()
        boxes = SteadyBoxes()
        for frame, reading in pipeline.run():
            if run.cancelled.is_set():
                return
            if playback is not None and playback.is_outdated(frame):
                continue
            for tap in self._taps:
                tap(frame, reading)
            self._hand_over(run, self._scene(run, pipeline, frame, boxes.steady(reading)))
            if time.monotonic() - told >= _FIGURES_S:
                told = time.monotonic()
                self._happened.emit(run, "figures", pipeline.stats.snapshot())
        self._happened.emit(run, "figures", pipeline.stats.snapshot())

    def _scene(self, run: Run, pipeline: PipelineLike, frame: Frame, reading: Reading) -> Scene:
        info = pipeline.info
        return compose(
            frame,
            reading,
            mirrored=self._mirror and _is_own_camera(run.options, info),
            within=self._viewport,
            captured=frame.time if info.live else time.monotonic() - pipeline.stats.newest_latency,
            neutral=pipeline.neutral_state,
        )

    def _hand_over(self, run: Run, scene: Scene) -> None:
        """Leave ``scene`` for the window in the place of one that it has not taken, and call it if none waited."""
        with self._changed:
            waits = self._latest is not None
            self._latest = (run, scene)
        if not waits:
            self._arrived.emit()

    def _look_for_cameras(self) -> None:
        try:
            found = list(self._list_cameras())
        except (MienError, OSError) as error:
            sys.stderr.write(f"Cannot list the cameras: {error}\n")
            return
        self.cameras.emit(found)


def _playback_of(pipeline: PipelineLike) -> "Playback | None":
    from realtime.playback import Playback  # noqa: PLC0415 - slow to load: called from the controller's thread

    return pipeline.source if isinstance(pipeline.source, Playback) else None


def _is_own_camera(options: "Options", info: "SourceInfo") -> bool:
    """People look into their own camera as into a mirror; a stream or a file shows others."""
    return info.live and "://" not in str(options.source)
