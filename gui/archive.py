"""What was recorded and analysed: the library, and, over it, the recording that is looked at again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget

from engines.errors import MienError
from gui.language import tr
from gui.library_files import sort_dropped

if TYPE_CHECKING:  # these load OpenCV and PyArrow, which the window does not wait for
    from gui.library import LibraryPage
    from gui.replay.page import ReplayPage
    from realtime.library import AnalysisQueue, Library
    from realtime.options import Options


class Archive(QStackedWidget):
    """Opens the index when it is first needed, away from the Qt thread, and then has its pages.

    To be used from the Qt thread alone.
    """

    failed = Signal(str)
    """The one line that says what could not be done."""
    notice = Signal(str)
    """What a person should know."""

    _opened = Signal(object, object)

    def __init__(
        self,
        options: "Callable[[], Options]",
        place: Path | None = None,
        *,
        when_nothing_waits: Callable[[], None] = lambda: None,
    ) -> None:
        """``options`` are those that videos are analysed with; ``place`` is the index, if not the user's own.

        ``when_nothing_waits`` is called, in another thread, once the index is open, if no analysis is owed.
        """
        super().__init__()
        self._when_nothing_waits = when_nothing_waits
        self._options = options
        self._place = place
        self._library: Library | None = None
        self._queue: AnalysisQueue | None = None
        self._waiting: list[Callable[[], None]] = []
        self._threads: list[threading.Thread] = []
        self._opening = self._closed = False
        self.library: LibraryPage | None = None
        self.replay: ReplayPage | None = None
        self._words = QLabel(tr("Opening the library…"))
        self._words.setProperty("role", "detail")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # or a long path widens it all
        self.addWidget(self._words)
        self._opened.connect(self._build, Qt.ConnectionType.QueuedConnection)
        self.failed.connect(self._words.setText)

    def open(self, then: Callable[[], None] | None = None) -> None:
        """Open the index unless it is, and do ``then`` when the pages are there."""
        if self.library is not None:
            if then is not None:
                then()
            return
        if then is not None:
            self._waiting.append(then)
        if not self._opening:
            self._opening = True
            self._run("mien-open-library", self._open)

    def take_in(self, summary: Path) -> None:
        """List the recording that ``summary`` speaks of; the pages see it by themselves."""
        self._run("mien-take-in", lambda: self._import(summary))

    def take(self, dropped: list[Path]) -> None:
        """Queue the videos among these files and folders, and take in the results; ``failed`` says what is neither."""

        def take() -> None:
            if self.library is not None:
                self.library.take(sort_dropped(dropped))

        self.open(take)

    @property
    def replaying(self) -> bool:
        """Whether a recording is looked at."""
        return self.replay is not None and self.currentWidget() is self.replay

    def shutdown(self, patience: float = 1.0) -> bool:
        """End every thread; False if one is still busy after ``patience`` seconds."""
        self._closed = True
        until = time.monotonic() + patience

        def left() -> float:
            return max(0.02, until - time.monotonic())

        for thread in self._threads:
            thread.join(left())
        done = not any(thread.is_alive() for thread in self._threads)
        if self.replay is not None and self.library is not None:
            done = all([self.replay.shutdown(left()), self.library.shutdown(left()), done])
        if self._queue is not None and self._library is not None:
            done = self._queue.close(left()) and done
            self._library.close()
        return done

    @Slot(object, object)
    def _build(self, library: "Library", queue: "AnalysisQueue") -> None:
        if self._closed:
            return
        from gui.library import LibraryPage  # noqa: PLC0415 - slow to load
        from gui.replay.page import ReplayPage  # noqa: PLC0415

        self.library = LibraryPage(library, queue, self._options)
        self.replay = ReplayPage(library)
        self.library.opened.connect(self.replay_entry)
        self.replay.closed.connect(self._leave)
        for page in (self.library, self.replay):
            page.failed.connect(self.failed)
            self.addWidget(page)
        self.replay.notice.connect(self.notice)
        self.setCurrentWidget(self.library)
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def replay_entry(self, entry_id: int) -> None:
        """Look at the recording with this id again, once the pages are there."""
        if self._library is None or self.replay is None:
            return
        try:
            entry = self._library.get(entry_id)
        except MienError as error:
            self.failed.emit(str(error))
            return
        self.setCurrentWidget(self.replay)
        self.replay.open(entry)
        self.replay.setFocus()

    def _leave(self) -> None:
        if self.library is not None:
            self.setCurrentWidget(self.library)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        if self._closed:
            return
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    # What follows runs in the other threads.

    def _open(self) -> None:
        from realtime.library import AnalysisQueue, Library  # noqa: PLC0415 - slow to load

        try:
            self._library = Library(self._place, notice=self.notice.emit)
            self._queue = AnalysisQueue(self._library)
            if not self._queue.owes():
                self._when_nothing_waits()
        except MienError as error:
            self._opening = False
            self.failed.emit(str(error))
            return
        self._opened.emit(self._library, self._queue)

    def _import(self, summary: Path) -> None:
        from realtime.library import Library  # noqa: PLC0415 - slow to load

        try:
            with Library(self._place, notice=self.notice.emit) as library:  # any number may have it open
                library.import_results(summary)
        except MienError as error:
            self.failed.emit(str(error))
