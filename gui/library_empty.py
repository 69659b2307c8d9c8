"""What the library says where it has nothing to list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.language import tr

_WIDTH = 440


class Empty(QWidget):
    """Says why the list is empty, and offers what helps: videos, or another search."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QLabel()
        self.detail = QLabel()
        self.add_button = QPushButton(tr("Add videos…"))
        self.clear_button = QPushButton(tr("Clear the search"))
        self._dragging = False
        self.title.setProperty("role", "title")
        self.detail.setProperty("role", "detail")
        self.add_button.setProperty("primary", True)
        self.add_button.setToolTip(tr("Analyse videos: choose them, or drop them here"))
        self.clear_button.setToolTip(tr("List everything again"))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        for label in (self.title, self.detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFixedWidth(_WIDTH)
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(6)
        for button in (self.add_button, self.clear_button):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)
        self.say("")

    def say(self, query: str) -> None:
        """Explain the empty list; ``query`` is what was searched for, empty for nothing."""
        if query:
            self.title.setText(tr("Nothing found"))
            self.detail.setText(tr("No title, source, name or note has “{query}” in it.", query=query))
        else:
            self.title.setText(tr("Nothing here yet"))
            self.detail.setText(
                tr("Recordings and analysed videos are listed here. Drop a video to analyse it, or choose one.")
            )
        self.add_button.setVisible(not query)
        self.clear_button.setVisible(bool(query))

    def show_dragging(self, dragging: bool) -> None:
        """Show that what is held over it can be dropped."""
        self._dragging = dragging
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.look()
        style = Qt.PenStyle.SolidLine if self._dragging else Qt.PenStyle.DashLine
        painter.setPen(QPen(look.accent if self._dragging else look.track, 2, style))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 12, 12)
