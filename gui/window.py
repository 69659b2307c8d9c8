"""The main window: puts the widgets together, and passes between them and the controller."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QPushButton, QSizePolicy, QToolBar, QWidget

from gui.chooser import SourceChooser, SourceName, is_camera, name_of
from gui.controller import Controller, Started
from gui.faces import FacePanel
from gui.scene import Scene
from gui.status import StatusBar
from gui.view import View

if TYPE_CHECKING:  # these rooms load OpenCV and the engines, which the window does not wait for
    from collections.abc import Sequence

    from realtime.options import Options
    from realtime.sources import CameraDescription
    from realtime.stats import Snapshot

_NOTICE_S = 5.0
"""A notice stays at least so long, and until there is a picture again."""
_VIDEOS = "*.mp4 *.mov *.mkv *.avi *.webm *.m4v"
_PICTURES = "*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff"
_FILES = f"Videos and pictures ({_VIDEOS} {_PICTURES});;All files (*)"


def ask_for_file(parent: QWidget) -> Path | None:
    """Let the user choose a video or a picture."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a video or a picture", "", _FILES)
    return Path(name) if name else None


class Window(QMainWindow):
    """Live picture, bars, choice of the camera, start and stop, and a status bar.

    It holds no pipeline: it tells ``controller`` what is wanted, and shows what that gives back.
    """

    def __init__(
        self,
        controller: Controller,
        options: "Options",
        *,
        ask: Callable[[QWidget], Path | None] = ask_for_file,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._options = options
        self._ask = ask
        self._wanted = False
        self._failure = ""
        self._no_camera = False
        self._noticed = 0.0
        self.view = View()
        self.panel = FacePanel()
        self.chooser = SourceChooser()
        self.toggle_button = QPushButton("Start")
        self.status = StatusBar()
        self.setWindowTitle("Mien")
        self.resize(1280, 720)
        self._build()
        self._connect()
        self.chooser.show_source(options.source)
        self._show_idle()

    @property
    def running(self) -> bool:
        """Whether a source is wanted: starting, or shown."""
        return self._wanted

    def start(self) -> None:
        """Show the chosen source."""
        self._show_wanted(True)
        self._clear()
        self.view.message.say("Starting…", name_of(self._options.source))
        self._controller.start(self._options)

    def stop(self) -> None:
        """Stop, and take the picture away."""
        self._controller.stop()
        self._clear()
        self._show_idle()

    def toggle(self) -> None:
        """Start, or stop what runs."""
        if self._wanted:
            self.stop()
        else:
            self.start()

    def open_file(self) -> None:
        """Ask for a file and show it."""
        path = self._ask(self)
        if path is not None:
            self.choose(path)

    def choose(self, source: SourceName) -> None:
        """Show ``source`` instead of what is shown."""
        self._options = replace(self._options, source=source)
        self.chooser.show_source(source)
        self.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.toggle_button.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self._controller.stop()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        # Not a shortcut: that would take Space away from the button that has the focus.
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.toggle()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        open_button = QPushButton("Open…")
        open_button.setToolTip("Open a video or a picture (Ctrl+O)")
        open_button.setAccessibleName("Open a video or a picture")
        open_button.clicked.connect(self.open_file)
        self.toggle_button.setToolTip("Start or stop (Space)")
        self.toggle_button.setMinimumWidth(96)
        bar = QToolBar("Source")
        bar.setMovable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.addWidget(self.chooser)
        bar.addWidget(self.toggle_button)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        bar.addWidget(open_button)
        self.addToolBar(bar)
        middle = QWidget()
        layout = QHBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.panel)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self._add_action("Open", QKeySequence("Ctrl+O"), self.open_file)
        self._add_action("Full screen", QKeySequence("F11"), self._toggle_full_screen)
        self._add_action("Quit", QKeySequence("Ctrl+Q"), self.close)

    def _add_action(self, text: str, keys: QKeySequence, what: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.triggered.connect(what)
        self.addAction(action)

    def _connect(self) -> None:
        self.toggle_button.clicked.connect(self.toggle)
        self.view.message.open_file.clicked.connect(self.open_file)
        self.view.picked.connect(self._select)
        self.view.resized.connect(self._controller.set_viewport)
        self.panel.list.picked.connect(self._select)
        self.chooser.chosen.connect(self.choose)
        self.chooser.opening.connect(self._controller.refresh_cameras)
        self._controller.started.connect(self._show_started)
        self._controller.shown.connect(self._show_scene)
        self._controller.figures.connect(self._show_figures)
        self._controller.notice.connect(self._show_notice)
        self._controller.failed.connect(self._show_failure)
        self._controller.stopped.connect(self._show_end)
        self._controller.cameras.connect(self._show_cameras)

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _show_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._failure = ""
        self.toggle_button.setText("Stop" if wanted else "Start")
        self.toggle_button.setProperty("primary", not wanted)
        self.toggle_button.style().polish(self.toggle_button)

    def _clear(self) -> None:
        self.view.show_scene(None)
        self.view.show_notice("")
        self.panel.clear()
        self.status.clear_figures()
        self.status.show_source("")

    def _show_idle(self) -> None:
        self._show_wanted(False)
        self.view.message.say("Stopped", "Press Start, or open a file.", offer_file=True)

    def _select(self, face_id: int) -> None:
        self.panel.select(face_id)
        self.view.show_scene(self.view.scene, self.panel.selected)

    def _show_cameras(self, cameras: "Sequence[CameraDescription]") -> None:
        self._no_camera = not cameras
        self.chooser.show_cameras(cameras)
        self._explain()

    def _show_started(self, started: Started) -> None:
        info = started.info
        self.status.show_source(f"{info.name} · {info.width} x {info.height}")
        self.status.show_engine(started.engine)

    def _show_scene(self, scene: Scene) -> None:
        self.view.message.hide()
        if self.view.notice and time.monotonic() - self._noticed > _NOTICE_S:
            self.view.show_notice("")
        self.panel.show_scene(scene)
        self.view.show_scene(scene, self.panel.selected)

    def _show_figures(self, figures: "Snapshot") -> None:
        self.status.show_figures(figures.fps, figures.latency_ms.p50)

    def _show_notice(self, line: str) -> None:
        if self.view.scene is None:
            self.view.message.say("Starting…", line)
            return
        # What was read last is no longer so.
        self._noticed = time.monotonic()
        self.view.show_notice(_sentence(line))
        self.panel.clear()
        self.status.show_figures(0.0, math.nan)

    def _show_failure(self, line: str) -> None:
        title = "Cannot start" if self.view.scene is None else "Stopped"
        self._clear()
        self._show_wanted(False)
        self._failure = line
        self.view.message.say(title, _sentence(line), offer_file=True)
        self._explain()

    def _explain(self) -> None:
        """Say the commonest failure in kinder words; the cameras may be known only after it."""
        if self._failure and self._no_camera and is_camera(self._options.source):
            detail = "Connect one and press Start, or open a file."
            self.view.message.say("No camera found", detail, offer_file=True)

    def _show_end(self) -> None:
        if not self._wanted:
            return
        # The end of a file: its last picture stays.
        self._show_wanted(False)
        if self.view.scene is None:
            self._show_idle()


def _sentence(line: str) -> str:
    line = line.strip()
    return f"{line[:1].upper()}{line[1:]}{'' if line.endswith(('.', '!', '?')) else '.'}"
