"""The controls of recording: a button that records, a menu that says what and where, and a button for a picture."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QIcon,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.clock import elapsed
from gui.controls import draw_arrow
from gui.language import tr
from gui.settings import RECORDINGS

if TYPE_CHECKING:  # this room loads OpenCV and PyArrow, which the window does not wait for
    from realtime.recording import RecorderState

_ICON = 16
_SMALL_ICON = 13
"""Beside words, so that it does not make the button taller."""
_SHARPNESS = 4
"""Pixels of an icon to a logical one: enough for every screen."""
_FEW_MINUTES = 30
"""From here on the room on the disk is worth a word."""
_WIDEST = "0:00:00"


def ask_for_folder(parent: QWidget, folder: Path) -> Path | None:
    """Let the user choose where recordings go."""
    name = QFileDialog.getExistingDirectory(parent, tr("Where recordings go"), str(folder))
    return Path(name) if name else None


class RecordControls(QWidget):
    """Shows how a recording stands, and tells what is wanted; it records nothing itself."""

    record_toggled = Signal()
    snapshot_requested = Signal()
    kind_chosen = Signal(str)
    """One of ``gui.settings.RECORDINGS``."""
    folder_chosen = Signal(Path)
    folder_opened = Signal()
    """The user wants to see what was recorded."""

    def __init__(
        self, folder: Path, kind: str = "annotated", *, ask: Callable[[QWidget, Path], Path | None] = ask_for_folder
    ) -> None:
        super().__init__()
        self._folder = folder
        self._ask = ask
        self._state: RecorderState | None = None
        self.record_button = QPushButton()
        self.menu_button = _MenuButton()
        self.snapshot_button = QToolButton()
        self._detail = QLabel()
        self._kinds: dict[str, QAction] = {}
        self._available = False
        self._build()
        self._build_menu(kind)
        self._say_words()
        self.show_state(None)

    @property
    def kind(self) -> str:
        """What is recorded."""
        return next(kind for kind, action in self._kinds.items() if action.isChecked())

    @property
    def folder(self) -> Path:
        """Where it goes."""
        return self._folder

    @property
    def text(self) -> str:
        """What the button says."""
        return self.record_button.text()

    @property
    def detail(self) -> str:
        """The words beside it, if there is something to know."""
        return self._detail.text()

    def set_available(self, available: bool) -> None:
        """Whether there is something to record."""
        self._available = available
        self._enable()

    def show_state(self, state: "RecorderState | None") -> None:
        """Show the recording that is under way, or that none is."""
        under_way = state is not None and not state.ended
        self._state = state if under_way else None
        self.record_button.setText(_heading(self._state))
        words = [tr("Recording")] if under_way else []
        self.record_button.setAccessibleName(" ".join([*words, self.record_button.text()]))
        self.record_button.setToolTip(tr("Stop recording (Ctrl+R)") if under_way else tr("Record (Ctrl+R)"))
        self._detail.setText(" · ".join(_details(self._state)))
        self._enable()
        self._draw_icons()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_icons()
        elif event.type() == QEvent.Type.LanguageChange:
            self._say_words()
            self.show_state(self._state)

    def _build(self) -> None:
        self.record_button.setMinimumWidth(self.fontMetrics().horizontalAdvance(_WIDEST) + _ICON + 48)
        self._detail.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.record_button, self.menu_button, self.snapshot_button, self._detail):
            layout.addWidget(widget)
        self.record_button.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        for button in (self.menu_button, self.snapshot_button):  # as tall as the others
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.record_button.clicked.connect(self.record_toggled)
        self.snapshot_button.clicked.connect(self.snapshot_requested)

    def _build_menu(self, kind: str) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for each in RECORDINGS:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(each == kind)
            action.triggered.connect(lambda _checked=False, each=each: self.kind_chosen.emit(each))
            group.addAction(action)
            self._kinds[each] = action
        menu.addSeparator()
        self.choose_action = menu.addAction("")
        self.choose_action.triggered.connect(self._choose_folder)
        self.open_action = menu.addAction("")
        self.open_action.triggered.connect(self.folder_opened)
        self.menu_button.setMenu(menu)

    def _say_words(self) -> None:
        self._kinds["annotated"].setText(tr("Video with the readings, and a table"))
        self._kinds["raw"].setText(tr("Plain video, and a table"))
        self._kinds["table"].setText(tr("Table only"))
        self.choose_action.setText(tr("Choose the folder…"))
        self.open_action.setText(tr("Open the folder"))
        self.open_action.setToolTip(str(self._folder))
        self.menu_button.setToolTip(tr("What is recorded, and where"))
        self.menu_button.setAccessibleName(tr("What is recorded, and where"))
        self.snapshot_button.setToolTip(tr("Keep this picture (Ctrl+S)"))
        self.snapshot_button.setAccessibleName(tr("Keep this picture"))

    def _choose_folder(self) -> None:
        folder = self._ask(self, self._folder)
        if folder is not None:
            self._folder = folder
            self.open_action.setToolTip(str(folder))
            self.folder_chosen.emit(folder)

    def _enable(self) -> None:
        under_way = self._state is not None
        finishing = self._state is not None and self._state.phase == "finishing"
        self.record_button.setEnabled((self._available or under_way) and not finishing)
        self.snapshot_button.setEnabled(self._available)
        self.menu_button.setEnabled(not under_way)  # what is chosen is for the next one

    def _draw_icons(self) -> None:
        self.record_button.setIcon(_icon(_paint_stop if self._state is not None else _paint_dot))
        self.snapshot_button.setIcon(_icon(_paint_camera))


class _MenuButton(QToolButton):
    """A small button with an arrow, which opens its menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedWidth(28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        draw_arrow(self, self.width() / 2, theme.look().ink if self.isEnabled() else theme.look().dim)


def _heading(state: "RecorderState | None") -> str:
    if state is None:
        return tr("Record")
    return tr("Saving…") if state.phase == "finishing" else elapsed(state.seconds)


def _details(state: "RecorderState | None") -> list[str]:
    if state is None:
        return []
    words = []
    if state.dropped == 1:
        words.append(tr("1 picture left out"))
    elif state.dropped:
        words.append(tr("{count} pictures left out", count=state.dropped))
    if state.minutes_left is not None and state.minutes_left < 1:
        words.append(tr("disk full within a minute"))
    elif state.minutes_left is not None and state.minutes_left < _FEW_MINUTES:
        words.append(tr("disk full in {minutes} min", minutes=int(state.minutes_left)))
    return words


def _icon(paint: Callable[[QPainter], None]) -> QIcon:
    """An icon in the colours of the theme; paler where its button is disabled."""
    icon = QIcon()
    for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.4)):
        pixmap = QPixmap(_ICON * _SHARPNESS, _ICON * _SHARPNESS)
        pixmap.setDevicePixelRatio(_SHARPNESS)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(opacity)
        paint(painter)
        painter.end()
        icon.addPixmap(pixmap, mode)
    return icon


def _paint_dot(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.look().record)
    painter.drawEllipse(QPointF(_ICON / 2, _ICON / 2), 5.5, 5.5)


def _paint_stop(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.look().record)
    painter.drawRoundedRect(QRectF(3, 3, 10, 10), 2, 2)


def _paint_camera(painter: QPainter) -> None:
    painter.setPen(
        QPen(theme.look().ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.drawRoundedRect(QRectF(1.2, 4, 13.6, 9.6), 2, 2)
    painter.drawPolyline([QPointF(5.2, 3.8), QPointF(6.2, 2.2), QPointF(9.8, 2.2), QPointF(10.8, 3.8)])
    painter.drawEllipse(QPointF(8, 8.8), 2.6, 2.6)
