"""Records for the window what its pipeline reads, away from the Qt thread and from the pipeline's.

Short-lived threads open a recording ("mien-record-open"), keep a snapshot ("mien-snapshot") and finish what a crash cut
off ("mien-recover"); the recording itself has a thread of its own.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engines.errors import MienError
from gui.settings import RecordingKind, Settings, recordings_folder
from realtime.records import Frame, Reading

if TYPE_CHECKING:  # these rooms load OpenCV and PyArrow, which the window does not wait for
    from realtime.recording import Recorder
    from realtime.sources.base import SourceInfo


_POLL_MS = 200
"""Between two looks at a recording; oftener, the seconds would not run any smoother."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What runs, and what a recording's summary says of it."""

    info: "SourceInfo"
    about: Mapping[str, object]


class LiveRecorder(QObject):
    """Starts and stops recordings, and keeps snapshots. To be used from the Qt thread, but for :meth:`take`."""

    changed = Signal(object)
    """The ``RecorderState`` of the recording that is under way, several times a second."""
    ended = Signal(object)
    """The last ``RecorderState`` of a recording."""
    available_changed = Signal(bool)
    """Whether there is something to record."""
    kept = Signal(object)
    """The ``Path`` of a snapshot."""
    recovered = Signal(object)
    """The first ``Path`` of a recording that a crash had cut off, and that is whole now."""
    failed = Signal(str)
    """The one line that says why a recording could not start, or a file could not be written."""

    _arrived = Signal()
    _opened = Signal()
    _refused = Signal(str)

    def __init__(self, folder: Path | None = None, kind: RecordingKind = "annotated") -> None:
        super().__init__()
        self.folder = folder or recordings_folder(Settings())
        self.kind = kind
        self._source: _Source | None = None
        self._latest: tuple[Frame, Reading] | None = None
        self._recorder: Recorder | None = None
        self._fresh: Recorder | None = None
        self._wanted = self._busy = False
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)
        self._arrived.connect(self._tell_available, Qt.ConnectionType.QueuedConnection)
        self._opened.connect(self._adopt, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._refuse, Qt.ConnectionType.QueuedConnection)

    @property
    def recording(self) -> bool:
        """Whether a recording is wanted: about to start, or under way."""
        return self._wanted

    def set_folder(self, folder: Path) -> None:
        """Put what is recorded from now on into ``folder``."""
        self.folder = folder

    def set_kind(self, kind: RecordingKind) -> None:
        """Record this kind from now on."""
        self.kind = kind

    def source_started(self, info: "SourceInfo", about: Mapping[str, object]) -> None:
        """A pipeline runs on ``info``; ``about`` (model, engine, detector, ...) is said in the summary."""
        self.source_ended()
        self._source = _Source(info, about)

    def source_ended(self) -> None:
        """Nothing runs any more: finish the recording."""
        self._stop()
        self._source = None
        self._latest = None
        self._tell_available()

    def take(self, frame: Frame, reading: Reading) -> None:
        """What the pipeline has read; from its own thread, which this never holds up."""
        if self._source is None:
            return
        first = self._latest is None
        self._latest = (frame, reading)
        if (recorder := self._recorder) is not None:
            recorder.write(frame, reading)
        if first:
            self._arrived.emit()

    def toggle(self) -> None:
        """Start a recording, or stop the one that is under way."""
        if self._wanted:
            self._stop()
        elif not self._busy and self._source is not None and self._latest is not None:
            self._wanted = self._busy = True
            source, classes = self._source, self._latest[1].classes
            self._run("mien-record-open", lambda: self._open(source, classes, self.folder, self.kind))

    def snapshot(self) -> None:
        """Keep the picture that was read last, with its readings unless raw videos are recorded."""
        if (latest := self._latest) is not None:
            folder, annotated = self.folder, self.kind != "raw"
            self._run("mien-snapshot", lambda: self._keep(latest, folder, annotated=annotated))

    def recover_unfinished(self) -> None:
        """Finish what a crash or a power cut has left in the folder; ``recovered`` tells of each."""
        folder = self.folder
        self._run("mien-recover", lambda: self._recover(folder))

    def shutdown(self, patience: float = 1.0) -> bool:
        """End every thread, with whole files; False if one is still busy after ``patience`` seconds.

        What is not finished by then is finished by :meth:`recover_unfinished` when Mien is started again.
        """
        deadline = time.monotonic() + patience
        self._timer.stop()
        self._wanted = False
        if self._recorder is not None:
            self._recorder.stop(hurry=True)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._fresh is not None:
            self._fresh.abort()
        recorders = [recorder for recorder in (self._recorder, self._fresh) if recorder is not None]
        ended = [recorder.wait(max(0.0, deadline - time.monotonic())) for recorder in recorders]
        if all(ended):
            self._look()
        return all(ended) and not any(thread.is_alive() for thread in self._threads)

    def _stop(self) -> None:
        self._wanted = False
        if self._recorder is not None:
            self._recorder.stop()
            self._look()

    def _run(self, name: str, work: Callable[[], None]) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    @Slot()
    def _tell_available(self) -> None:
        self.available_changed.emit(self._latest is not None)

    @Slot()
    def _adopt(self) -> None:
        """Let what was opened record, unless it is not wanted any more."""
        self._recorder, self._fresh = self._fresh, None
        if self._recorder is not None and not self._wanted:
            self._recorder.abort()
        self._look()

    @Slot(str)
    def _refuse(self, line: str) -> None:
        self._wanted = self._busy = False
        self.failed.emit(line)

    @Slot()
    def _look(self) -> None:
        if self._recorder is None:
            return
        state = self._recorder.state
        if not state.ended:
            self._timer.start()
            self.changed.emit(state)
            return
        self._timer.stop()
        self._recorder.wait()
        self._recorder = None
        self._wanted = self._busy = False
        self.ended.emit(state)

    # What follows runs in the other threads.

    def _open(self, source: _Source, classes: tuple[str, ...], folder: Path, kind: RecordingKind) -> None:
        from realtime.recording import Recorder  # noqa: PLC0415 - slow to load

        video = None if kind == "table" else kind
        try:
            self._fresh = Recorder(folder, source.info, classes, video=video, about=source.about)
        except MienError as error:
            self._refused.emit(str(error))
            return
        self._opened.emit()

    def _keep(self, latest: tuple[Frame, Reading], folder: Path, *, annotated: bool) -> None:
        from realtime.recording import save_snapshot  # noqa: PLC0415 - slow to load

        try:
            self.kept.emit(save_snapshot(*latest, folder, annotated=annotated))
        except MienError as error:
            self.failed.emit(str(error))

    def _recover(self, folder: Path) -> None:
        from realtime.recording import recover, unfinished  # noqa: PLC0415 - slow to load

        for journal in unfinished(folder):
            try:
                if paths := recover(journal):
                    self.recovered.emit(paths[0])
            except MienError as error:
                self.failed.emit(str(error))
