"""The button that opens what is no camera: a file, a stream, or the demo."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QPushButton, QWidget

from gui import theme
from gui.controls import draw_arrow
from gui.language import tr
from realtime.options import DEMO

_VIDEOS = "*.mp4 *.mov *.mkv *.avi *.webm *.m4v"
_PICTURES = "*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff"

AskForFile = Callable[[QWidget], Path | None]
AskForAddress = Callable[[QWidget], str]


def ask_for_file(parent: QWidget) -> Path | None:
    """Let the user choose a video or a picture."""
    kinds = tr("Videos and pictures") + f" ({_VIDEOS} {_PICTURES});;" + tr("All files") + " (*)"
    name, _ = QFileDialog.getOpenFileName(parent, tr("Open a video or a picture"), "", kinds)
    return Path(name) if name else None


def ask_for_address(parent: QWidget) -> str:
    """Let the user type the address of a stream; "" for none."""
    text, fine = QInputDialog.getText(
        parent,
        tr("Open a stream"),
        tr("Address (rtsp, rtsps, http or https), with name and password if it needs them:"),
    )
    return text.strip() if fine else ""


class OpenButton(QPushButton):
    """Asks what is to be opened, and tells."""

    chosen = Signal(object)
    """A path, an address, or the demo's name: what ``realtime.sources.open_source`` takes."""

    def __init__(self, *, ask: AskForFile = ask_for_file, ask_address: AskForAddress = ask_for_address) -> None:
        super().__init__(tr("Open") + "     ")
        self._ask = ask
        self._ask_address = ask_address
        self.setToolTip(tr("Open a video, a picture or a stream (Ctrl+O, Ctrl+L)"))
        self.setAccessibleName(tr("Open a video, a picture or a stream"))
        menu = QMenu(self)
        menu.addAction(tr("Video or picture…"), self.open_file)
        menu.addAction(tr("Stream…"), self.open_stream)
        menu.addSeparator()
        menu.addAction(tr("Demo with drawn faces"), self.open_demo)
        self.setMenu(menu)

    def open_file(self) -> None:
        """Ask for a file."""
        path = self._ask(self)
        if path is not None:
            self.chosen.emit(path)

    def open_stream(self) -> None:
        """Ask for an address."""
        address = self._ask_address(self)
        if address:
            self.chosen.emit(address)

    def open_demo(self) -> None:
        """Open the demo."""
        self.chosen.emit(DEMO)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        draw_arrow(self, self.width() - 16.0, theme.look().dim)
