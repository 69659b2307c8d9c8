"""The live page: a source, what is read in it, and what can be done with that."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.chooser import SourceChooser, SourceName, is_camera, name_of
from gui.controller import Controller, Started
from gui.faces import FacePanel
from gui.film import Film
from gui.first_steps import Action, Screen, Situation, demo_line, is_denied, lost, screen_of
from gui.known_lines import known
from gui.language import tr
from gui.notices import Notices
from gui.opening import AskForAddress, AskForFile, OpenButton, ask_for_address, ask_for_file
from gui.own_neutral import OwnNeutrals
from gui.recorder import LiveRecorder
from gui.recording import RecordControls
from gui.scene import Scene, ShownFace
from gui.side import SidePanel
from gui.statistics import StatisticsPanel
from gui.status import StatusBar
from gui.timeline import Timeline
from gui.transport import Transport
from gui.view import View
from realtime.history import History
from realtime.options import DEMO

if TYPE_CHECKING:  # these rooms load OpenCV and the engines, which the window does not wait for
    from realtime.options import Options
    from realtime.playback import Playback
    from realtime.sources import CameraDescription
    from realtime.stats import Snapshot

_KEPT_S = 300.0
"""How far one can look back; the timeline shows the last minute of it."""
_LOOK_FOR_CAMERAS_MS = 3000
_HEIGHT = 10_000
"""To the picture, as much as there is; to the timeline the least, until the user draws it up."""


class LivePage(QWidget):
    """Passes between its widgets and the controller; ``neutral`` is the file for a person's own neutral."""

    settings_asked = Signal()
    source_chosen = Signal(object)
    """Another source is shown from now on; a camera by its name, where that is known, since numbers change."""

    def __init__(
        self,
        controller: Controller,
        options: "Options",
        recorder: LiveRecorder,
        record: RecordControls,
        prompts: QWidget,
        *,
        neutral: Path,
        ask: AskForFile = ask_for_file,
        ask_address: AskForAddress = ask_for_address,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._recorder = recorder
        self._options = options
        self._wanted = False
        self._failure = ""
        self._cameras: dict[int, str] | None = None
        self.view = View()
        self._notices = Notices(self.view)
        self.panel = FacePanel()
        self.side = SidePanel(self.panel, prompts)
        self.chooser = SourceChooser()
        self.toggle_button = QPushButton(tr("Start"))
        self.open_button = OpenButton(ask=ask, ask_address=ask_address)
        self.record = record
        self.transport = Transport()
        self.film = Film(self.transport)
        self._history = History(_KEPT_S)
        controller.add_tap(lambda _, reading: self._history.add(reading))
        self.timeline = Timeline(self._history)
        self._timeline_wanted = True
        self.statistics = StatisticsPanel(self.view, self.view.meter)
        self.status = StatusBar()
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_FOR_CAMERAS_MS)
        self._build()
        self._connect()
        self.neutrals = OwnNeutrals(controller, self.panel, neutral)
        self.neutrals.failed.connect(self.say)
        self.chooser.show_source(options.source)
        self._show_idle()

    @property
    def options(self) -> "Options":
        """What is shown, and how."""
        return self._options

    @property
    def running(self) -> bool:
        """Whether a source is wanted: starting, or shown."""
        return self._wanted

    @property
    def faces(self) -> tuple[ShownFace, ...]:
        """Those in the picture that is shown."""
        return () if self.view.scene is None else self.view.scene.faces

    def start(self) -> None:
        """Show the chosen source."""
        self._show_wanted(True)
        self._clear()
        self.view.message.say(tr("Starting…"), name_of(self._options.source))
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

    def press_space(self) -> None:
        """Pause a file or go on with it; start or stop anything else."""
        if self.film.playing:
            self.film.toggle()
        else:
            self.toggle()

    def choose(self, source: SourceName) -> None:
        """Show ``source`` instead of what is shown."""
        self._options = replace(self._options, source=source)
        self.chooser.show_source(source)
        camera = int(str(source)) if is_camera(source) else -1
        self.source_chosen.emit((self._cameras or {}).get(camera, source))
        self.start()

    def set_options(self, options: "Options") -> None:
        """Read as ``options`` say from now on; what runs starts anew if they are others."""
        if options == self._options:
            return
        self._options = options
        if self._wanted:
            self.start()

    def say(self, line: str) -> None:
        """Show ``line`` at the foot of the picture for a while; the picture goes on."""
        self._notices.say(line)

    def toggle_timeline(self) -> None:
        """Show the timeline, or hide it."""
        self._timeline_wanted = self.timeline.isHidden()
        self.timeline.setVisible(self._timeline_wanted)

    def show_frame(self, shown: bool) -> None:
        """Whether there are controls around the picture and its readings."""
        for widget in (self.bar, self.status, self.side.tabs):
            widget.setVisible(shown)
        self.timeline.setVisible(shown and self._timeline_wanted)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._main_button().setFocus()
        self._watch.start()
        self._notices.set_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._watch.stop()
        self._notices.set_seen(False)

    def _build(self) -> None:
        self.toggle_button.setToolTip(tr("Start or stop (Space)"))
        self.toggle_button.setMinimumWidth(96)
        self.bar = QWidget()
        bar = QHBoxLayout(self.bar)
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(8)
        bar.addWidget(self.chooser)
        bar.addWidget(self.toggle_button)
        bar.addStretch()
        bar.addWidget(self.record)
        bar.addWidget(self.open_button)
        film = QWidget()
        under = QVBoxLayout(film)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        under.addWidget(self.view, 1)
        under.addWidget(self.transport)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(film)
        self._split.addWidget(self.timeline)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([_HEIGHT, 1])
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._split, 1)
        middle.addWidget(self.side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        self.toggle_button.clicked.connect(self.toggle)
        self.open_button.chosen.connect(self.choose)
        self.timeline.failed.connect(self.say)
        self.timeline.notice.connect(self.say)
        self.view.message.wanted.connect(self._do)
        self.view.picked.connect(self._select)
        self.view.resized.connect(self._controller.set_viewport)
        self.panel.list.picked.connect(self._select)
        self.chooser.chosen.connect(self.choose)
        self.chooser.opening.connect(self._controller.refresh_cameras)
        self._watch.timeout.connect(self._controller.refresh_cameras)
        self._controller.started.connect(self._show_started)
        self._controller.shown.connect(self._show_scene)
        self._controller.figures.connect(self._show_figures)
        self._controller.notice.connect(self._show_notice)
        self._controller.failed.connect(self._show_failure)
        self._controller.stopped.connect(self._show_end)
        self._controller.cameras.connect(self._show_cameras)

    def _do(self, action: Action) -> None:
        """What a button beside the words asks for."""
        what = {
            Action.OPEN_FILE: self.open_button.open_file,
            Action.DEMO: lambda: self.choose(DEMO),
            Action.TRY_AGAIN: self.start,
            Action.SETTINGS: self.settings_asked.emit,
        }
        what[action]()

    def _show_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._failure = ""
        self.toggle_button.setText(tr("Stop") if wanted else tr("Start"))
        self.toggle_button.setProperty("primary", not wanted)
        self.toggle_button.style().polish(self.toggle_button)

    def _clear(self) -> None:
        self.view.show_scene(None)
        self._notices.source_went()
        self.panel.clear()
        self._recorder.source_ended()
        self._steer(None)
        self.timeline.stop()
        self.status.clear_figures()
        self.status.show_source("")
        self.statistics.show_run("", "")

    def _main_button(self) -> QWidget:
        """The one that Space is for."""
        return self.transport.play_button if self.film.playing else self.toggle_button

    def _steer(self, playback: "Playback | None") -> None:
        """Show or hide the bar of a file. Buttons take Space and the arrows: the focus goes to the one that may."""
        before = self.focusWidget()
        self.film.show(playback)
        if playback is None:
            moves = before is not None and self.transport.isAncestorOf(before)
        else:
            moves = before in (None, self.toggle_button, self.open_button, self.chooser)
        if moves:
            self._main_button().setFocus()

    def _show_idle(self) -> None:
        self._show_wanted(False)
        words = tr("Press Start, or open a file.")
        self.view.message.show_screen(Screen(tr("Stopped"), words, (Action.OPEN_FILE,)))

    def _select(self, face_id: int) -> None:
        self.panel.select(face_id)
        self.timeline.show_face(face_id)
        self.view.show_scene(self.view.scene, self.panel.selected)

    def _show_cameras(self, cameras: "Sequence[CameraDescription]") -> None:
        self._cameras = {camera.number: camera.name for camera in cameras}
        self.chooser.show_cameras(cameras)
        if self._failure:
            self._explain(self._failure)

    def _show_started(self, started: Started) -> None:
        info = started.info
        self.status.show_source(f"{info.name} · {info.width} x {info.height}")
        self.status.show_engine(started.engine)
        self.statistics.show_run(started.engine, started.detector)
        self._steer(started.playback)
        self._history.clear()
        self.timeline.start(live=info.live)
        if not info.still:
            about = {"model": started.model, "engine": started.engine, "detector": started.detector}
            self._recorder.source_started(info, {"source": info.name, **about})
        if str(self._options.source) == DEMO:
            self._notices.say_of_source(demo_line())

    def _show_scene(self, scene: Scene) -> None:
        self.view.message.hide()
        self._notices.picture_came()
        self.panel.show_scene(scene)
        self.timeline.show_face(self.panel.selected)
        self.view.show_scene(scene, self.panel.selected)

    def _show_figures(self, figures: "Snapshot") -> None:
        self.status.show_figures(figures.fps, figures.latency_ms.p50)
        self.statistics.show_figures(figures)

    def _show_notice(self, line: str) -> None:
        line = known(line)
        if self.view.scene is None:
            self.view.message.say(tr("Starting…"), line)
            return
        # What was read last is no longer so.
        self._notices.say_lost(line)
        self.panel.clear()
        self.status.show_figures(0.0, math.nan)

    def _show_failure(self, line: str) -> None:
        was_shown = self.view.scene is not None
        self._clear()
        self._show_wanted(False)
        if was_shown:
            self.view.message.show_screen(lost(line, self._situation()))
        else:
            self._failure = line
            self._explain(line)

    def _explain(self, failure: str) -> None:
        """Say in kind words why there is no picture; the cameras may be known only after it."""
        self.view.message.show_screen(screen_of(failure, self._situation()))

    def _situation(self) -> Situation:
        situation = Situation(self._options.source, self._cameras)
        return replace(situation, denied=situation.is_camera and is_denied())

    def _show_end(self) -> None:
        if not self._wanted:
            return
        # The end of a file: its last picture stays.
        self._recorder.source_ended()
        self._show_wanted(False)
        if self.view.scene is None:
            self._show_idle()
