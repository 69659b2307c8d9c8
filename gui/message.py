"""A few calm words in the middle of the view: what is happening, and what to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

_WIDTH = 440


class Message(QWidget):
    """A title, a line of detail, and a button that opens a file."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaximumWidth(_WIDTH)
        self._title = QLabel()
        self._detail = QLabel()
        self.open_file = QPushButton("Open a file…")
        self.open_file.setToolTip("Open a video or a picture (Ctrl+O)")
        self._title.setProperty("role", "title")
        self._detail.setProperty("role", "detail")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for label in (self._title, self._detail):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(_WIDTH - 40)
            layout.addWidget(label)
        layout.addSpacing(6)
        layout.addWidget(self.open_file, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def detail(self) -> str:
        return self._detail.text()

    def say(self, title: str, detail: str = "", *, offer_file: bool = False) -> None:
        """Show these words, and the button if ``offer_file``."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.open_file.setVisible(offer_file)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.show()
