"""A calm notice of what was recorded, with the way to its folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.clock import elapsed
from gui.known_lines import known
from gui.language import tr

if TYPE_CHECKING:  # this room loads OpenCV and PyArrow, which the window does not wait for
    from realtime.recording import RecorderState

_SHOWN_MS = 12_000
_ROUND = 8
_CLOSE_WIDTH = 28


def open_folder(folder: Path) -> None:
    """Show ``folder`` in the desktop's own file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class RecordedNotice(QWidget):
    """One line and a button that opens the folder; it goes away by itself, but not while the pointer or focus is on it.

    ``opener`` shows a folder to the user.
    """

    def __init__(self, parent: QWidget | None = None, *, opener: Callable[[Path], None] = open_folder) -> None:
        super().__init__(parent)
        self._opener = opener
        self._folder: Path | None = None
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.open_button = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setFixedWidth(_CLOSE_WIDTH)
        self.close_button.setText("×")  # noqa: RUF001 - the sign for closing
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.open_button)
        layout.addWidget(self.close_button)
        self.open_button.clicked.connect(self._open)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._label.text()

    def say_recorded(self, state: "RecorderState") -> None:
        """Tell how a recording ended; nothing of one that was empty."""
        length, reason = elapsed(state.seconds), known(state.reason)
        if state.paths:
            line = tr("Recorded {length} to {name}", length=length, name=state.paths[0].name)
            self._say(f"{line}. {reason}" if reason else line, state.paths[0].parent)
        elif reason:
            self._say(reason, None)

    def say_kept(self, path: Path) -> None:
        """Tell where a snapshot is."""
        self._say(tr("Kept the picture as {name}", name=path.name), path.parent)

    def say_recovered(self, path: Path) -> None:
        """Tell of a recording that a crash had cut off."""
        self._say(tr("A recording that was cut off is whole again: {name}", name=path.name), path.parent)

    def say_failed(self, line: str) -> None:
        """Tell what could not be done."""
        self._say(known(line), None)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.look().track, 1))
        painter.setBrush(theme.look().raised)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)

    def _say(self, line: str, folder: Path | None) -> None:
        self._folder = folder
        self._label.setText(line)
        self.open_button.setText(tr("Open folder"))
        self.open_button.setToolTip(tr("Show the folder that it is in"))
        self.close_button.setFixedHeight(self.open_button.sizeHint().height())  # also where that one is hidden
        self.close_button.setToolTip(tr("Dismiss"))
        self.close_button.setAccessibleName(tr("Dismiss"))
        self.open_button.setVisible(folder is not None)
        self.setAccessibleName(line)
        self.show()
        if self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._timer.stop()

    def _open(self) -> None:
        if self._folder is not None:
            self._opener(self._folder)

    def _leave(self) -> None:
        if self.underMouse() or self.isAncestorOf(self.window().focusWidget() or self.window()):
            self._timer.start()
        else:
            self.hide()
