"""The main window: puts the pages together, and keeps what the user has chosen."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from engines.errors import MienError
from gui import theme
from gui.archive import Archive
from gui.controller import Controller, Started
from gui.first_steps import processor_line
from gui.kept_words import clear_words, keep_words
from gui.language import tr
from gui.live import LivePage
from gui.opening import AskForAddress, AskForFile, ask_for_address, ask_for_file
from gui.own_neutral import neutral_file
from gui.prompts import PromptsPanel
from gui.rail import Page, Rail
from gui.recorded import RecordedNotice, open_folder
from gui.recorder import LiveRecorder
from gui.recording import RecordControls
from gui.settings import Loaded, Settings, after_change, recordings_folder, rememberable, settings_file
from gui.settings_dialog import SettingsDialog, damage_line
from gui.shortcuts import ShortcutsDialog, keys_of_library, keys_of_live
from gui.wording import Words

if TYPE_CHECKING:  # loads OpenCV and the engines, which the window does not wait for
    from realtime.options import Options
    from realtime.recording import RecorderState


def _keep_nothing(_settings: Settings) -> None:
    pass


_TOLD_MS = 8000
_PATIENCE_S = 1.0
"""How long closing waits for what is still busy, all in all."""
_LEAST_S = 0.02
"""What has nothing to do ends in less, whoever else is busy."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the window has around it; tests put their own in its place.

    ``settings`` are those of the last time, ``save`` keeps others. ``neutral`` is the file for a person's own neutral,
    ``words`` the folder in which analyses find the edited expressions, ``library`` the file for the index of recordings
    (None: the user's own).
    """

    settings: Loaded = field(default_factory=lambda: Loaded(Settings()))
    save: Callable[[Settings], None] = _keep_nothing
    neutral: Path = field(default_factory=neutral_file)
    words: Path = field(default_factory=lambda: settings_file().with_name("expressions"))
    library: Path | None = None
    ask: AskForFile = ask_for_file
    ask_address: AskForAddress = ask_for_address
    show_folder: Callable[[Path], None] = open_folder


class Window(QMainWindow):
    """Composes; what the pages do is their own."""

    def __init__(self, controller: Controller, options: "Options", desk: Desk | None = None) -> None:
        super().__init__()
        self._controller = controller
        self._given = options
        self._desk = desk or Desk()
        self._settings = self._desk.settings.settings
        self._theme = self._settings.theme
        folder, kind = recordings_folder(self._settings), self._settings.recording_kind
        self.recorder = LiveRecorder(folder, kind)
        self.record = RecordControls(folder, kind)
        self.words = Words(options.assets, options.model)
        self.prompts = PromptsPanel(self.words)
        self.live = LivePage(
            controller,
            replace(options, prompts=None),  # the editor has them, so that the picture need not wait for their words
            self.recorder,
            self.record,
            self.prompts,
            neutral=self._desk.neutral,
            ask=self._desk.ask,
            ask_address=self._desk.ask_address,
        )
        self.recorded = RecordedNotice(opener=self._desk.show_folder)
        self.live.view.lay_at_foot(self.recorded)
        self.archive = Archive(
            self._options_of_files, self._desk.library, when_nothing_waits=lambda: clear_words(self._desk.words)
        )
        self.ended_whole = True
        """Whether, when it was closed, nothing of it stayed busy."""
        self._until: float | None = None
        self.rail = Rail()
        self.pages = QStackedWidget()
        self.setWindowTitle("Mien")
        self.setAcceptDrops(True)
        self.resize(1280, 720)
        self.restoreGeometry(QByteArray.fromBase64(self._settings.geometry.encode()))
        self._build()
        self._add_actions()
        self._connect()
        self.show_page(Page.LIVE)
        self._apply(self._settings)

    @property
    def settings(self) -> Settings:
        """The user's choices as they stand."""
        return self._settings

    def patience_left(self) -> float:
        """How many seconds what is still busy has, since the window was closed, for all together."""
        now = time.monotonic()
        return max(_LEAST_S, (self._until or now + _PATIENCE_S) - now)

    def start(self) -> None:
        """Show the chosen source."""
        self.live.start()
        self.recorder.recover_unfinished()
        if self._given.prompts is not None:
            self.prompts.load(self._given.prompts)
        elif self._settings.prompts:
            self.prompts.from_toml(self._settings.prompts)
        if line := damage_line(self._desk.settings):
            self.live.say(line)

    def show_page(self, page: Page) -> None:
        """Go to ``page``."""
        self.rail.show_page(page)
        self.pages.setCurrentWidget(self.archive if page is Page.LIBRARY else self.live)
        for action in self._live_actions:  # or they would take their keys from a recording that is looked at again
            action.setEnabled(page is Page.LIVE)
        if page is Page.LIBRARY:
            self.archive.open()

    def change(self, settings: Settings) -> None:
        """Use and keep ``settings`` from now on."""
        before, self._settings = self._settings, settings
        self._save(settings)
        self._apply(settings)
        self.live.set_options(after_change(self.live.options, before, settings))

    def show_settings(self) -> None:
        """Open the settings."""
        dialog = SettingsDialog(self._settings, parent=self)
        dialog.changed.connect(self.change)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_keys(self) -> None:
        """List every key."""
        dialog = ShortcutsDialog(self.actions(), keys_of_live(), keys_of_library(), parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.hide()  # what takes a moment to end does so unseen
        self._until = self._until or time.monotonic() + _PATIENCE_S
        self._controller.stop()
        self.live.film.show(None)
        self.statusBar().clearMessage()
        for end in (self.recorder.shutdown, self.words.close, self.archive.shutdown):
            self.ended_whole = end(self.patience_left()) and self.ended_whole
        self._keep_words(self.prompts.to_toml())
        self._save(replace(self._settings, geometry=geometry))
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        # Not a shortcut: that would take Space away from the button that has the focus.
        is_live = self.pages.currentWidget() is self.live
        if event.key() == Qt.Key.Key_Space and is_live and not event.isAutoRepeat():
            self.live.press_space()
        elif is_live and self.live.film.take_key(event):
            pass
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self._toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        urls = event.mimeData().urls()
        event.acceptProposedAction()
        files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(files) > 1:
            self.show_page(Page.LIBRARY)
            self.archive.take(files)
        elif urls:
            self.show_page(Page.LIVE)
            self.live.choose(Path(urls[0].toLocalFile()) if urls[0].isLocalFile() else urls[0].toString())

    def _build(self) -> None:
        self.pages.addWidget(self.live)
        self.pages.addWidget(self.archive)
        middle = QWidget()
        layout = QHBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.statusBar().hide()
        self.statusBar().messageChanged.connect(lambda text: self.statusBar().setVisible(bool(text)))

    def _add_actions(self) -> None:
        live = self.live
        self._live_actions = [
            self._add_action(tr("Open a file"), "Ctrl+O", live.open_button.open_file),
            self._add_action(tr("Open a stream"), "Ctrl+L", live.open_button.open_stream),
            self._add_action(tr("Record"), "Ctrl+R", self.record.record_button.click),
            self._add_action(tr("Keep this picture"), "Ctrl+S", self.record.snapshot_button.click),
            self._add_action(tr("Mirror"), "Ctrl+M", self._toggle_mirror),
            self._add_action(tr("My neutral: take or undo"), "Ctrl+N", live.neutrals.toggle),
            self._add_action(tr("Expressions"), "Ctrl+E", live.side.turn),
            self._add_action(tr("Timeline"), "Ctrl+T", live.toggle_timeline),
            self._add_action(tr("Statistics"), "F12", live.statistics.toggle),
        ]
        self._add_action(tr("Full screen"), "F11", self._toggle_full_screen)
        self._add_action(tr("Live"), "Ctrl+1", lambda: self.show_page(Page.LIVE))
        self._add_action(tr("Library"), "Ctrl+2", lambda: self.show_page(Page.LIBRARY))
        self._add_action(tr("Settings"), "Ctrl+,", self.show_settings)
        self._add_action(tr("Keys"), "F1", self.show_keys)
        self._add_action(tr("Quit"), "Ctrl+Q", self.close)

    def _add_action(self, text: str, keys: str, what: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(what)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        self.rail.page_asked.connect(self.show_page)
        self.rail.settings_asked.connect(self.show_settings)
        self.live.settings_asked.connect(self.show_settings)
        self.live.source_chosen.connect(
            lambda source: self.change(replace(self._settings, source=rememberable(source)))
        )
        self.words.applied.connect(self._controller.set_head)
        self.prompts.failed.connect(self.live.say)
        self.archive.failed.connect(self._tell)
        self.archive.notice.connect(self._tell)
        self.prompts.kept.connect(self._keep_words)
        self._controller.add_tap(self.recorder.take)
        self._controller.started.connect(self._greet)
        self._connect_recording()

    def _connect_recording(self) -> None:
        recorder, record = self.recorder, self.record
        record.record_toggled.connect(recorder.toggle)
        record.snapshot_requested.connect(recorder.snapshot)
        record.kind_chosen.connect(lambda kind: self.change(replace(self._settings, recording_kind=kind)))
        record.folder_chosen.connect(lambda folder: self.change(replace(self._settings, recording_folder=str(folder))))
        record.folder_opened.connect(lambda: self._desk.show_folder(record.folder))
        recorder.available_changed.connect(record.set_available)
        recorder.changed.connect(record.show_state)
        recorder.changed.connect(lambda _: self.prompts.set_held(True))
        recorder.ended.connect(lambda _: self.prompts.set_held(False))
        recorder.ended.connect(record.show_state)
        recorder.ended.connect(self._show_recorded)
        recorder.failed.connect(self.recorded.say_failed)
        recorder.kept.connect(self.recorded.say_kept)
        recorder.recovered.connect(self.recorded.say_recovered)
        recorder.recovered.connect(lambda path: self.archive.take_in(path.with_suffix(".json")))

    def _apply(self, settings: Settings) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and settings.theme != self._theme:
            self._theme = settings.theme
            theme.apply(app, theme.Theme(settings.theme))
        self._controller.set_mirror(settings.mirror)
        self.recorder.set_folder(recordings_folder(settings))
        self.recorder.set_kind(settings.recording_kind)

    def _toggle_mirror(self) -> None:
        self.change(replace(self._settings, mirror=not self._settings.mirror))

    def _toggle_full_screen(self) -> None:
        """The picture and its readings alone, or everything again."""
        full = not self.isFullScreen()
        self.rail.setVisible(not full)
        self.live.show_frame(not full)
        if full:
            self.showFullScreen()
        else:
            self.showNormal()

    def _save(self, settings: Settings) -> None:
        try:
            self._desk.save(settings)
        except MienError as error:
            self._tell(str(error))

    def _keep_words(self, text: str) -> None:
        """Keep the expressions for the next time, unless they are those of a file that was named for this time."""
        if self._given.prompts is not None or text == self._settings.prompts:
            return
        try:
            settings = replace(self._settings, prompts=text)
        except ValueError:
            self._tell(tr("These expressions are too long to be kept for the next time: save them to a file."))
            return
        self.change(settings)

    def _options_of_files(self) -> "Options":
        """What videos are analysed with: as the live picture is read, and by the same words."""
        options = self.live.options
        words = self.prompts.to_toml()
        return replace(options, prompts=keep_words(words, self._desk.words)) if words else options

    def _greet(self, started: Started) -> None:
        """Say once, where there is no card, that none is needed."""
        if self._desk.settings.first and "CPU" in started.engine:
            self.live.say(processor_line())
        self._controller.started.disconnect(self._greet)

    def _tell(self, line: str) -> None:
        """Say a line where the user is looking, unless the window is being closed."""
        if self._until is not None:
            return
        if self.pages.currentWidget() is self.live:
            self.live.say(line)
        else:
            self.statusBar().show()
            self.statusBar().showMessage(line, _TOLD_MS)

    def _show_recorded(self, state: "RecorderState") -> None:
        self.recorded.say_recorded(state)
        if state.paths:
            self.archive.take_in(next(path for path in state.paths if path.suffix == ".json"))
            if self.isVisible():
                self._desk.show_folder(state.paths[0].parent)
