"""Where the parts of the replay page lie."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from gui.language import tr
from gui.plot import ProbabilityPlot
from gui.replay.faces import FaceList
from gui.replay.moments import MomentList
from gui.replay.notes import NoteList
from gui.transport import Transport
from gui.view import View

_SIDE = 320


class Missing(QWidget):
    """One line that says why there is no picture, and a button for who knows better."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLabel()
        self.line.setProperty("role", "detail")
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(tr("Locate…"))
        self.button.setToolTip(tr("Say where the video is now"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.hide()

    def say(self, line: str) -> None:
        """Show ``line``."""
        self.line.setText(line)
        self.line.setToolTip(line)
        self.show()


class Parts(QWidget):
    """Picture and plot to the left, faces, moments and notes to the right, the title above."""

    def __init__(self) -> None:
        super().__init__()
        self.back_button = QPushButton(tr("Back"))
        self.back_button.setToolTip(tr("Close this recording (Esc)"))
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.detail = QLabel()
        self.detail.setProperty("role", "detail")
        self.export_button = QPushButton(tr("Export…"))
        self.export_button.setToolTip(tr("Write the notes, or the table with names and notes, to a file (Ctrl+E)"))
        menu = QMenu(self.export_button)
        self.export_table = menu.addAction(tr("Table with names and notes…"))
        self.export_notes = menu.addAction(tr("Notes…"))
        self.export_button.setMenu(menu)
        self.view = View()
        self.view.setAccessibleName(tr("Picture of the recording"))
        self.transport = Transport()
        self.missing = Missing()
        self.plot = ProbabilityPlot()
        self.faces = FaceList()
        self.moments = MomentList()
        self.notes = NoteList()
        self._arrange()

    def _arrange(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._film(), 1)
        middle.addWidget(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addLayout(middle, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(12)
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        head.addWidget(self.detail)
        head.addWidget(self.export_button)
        return head

    def _film(self) -> QWidget:
        above, below = QWidget(), QWidget()
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self.view, 1)
        upper.addWidget(self.transport)
        upper.addWidget(self.missing)
        lower = QVBoxLayout(below)
        lower.setContentsMargins(12, 8, 0, 8)
        lower.addWidget(self.plot)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(above)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([420, 200])
        below.setMinimumHeight(150)
        return splitter

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(14)
        column.addWidget(self.faces)
        column.addWidget(self.moments, 3)
        column.addWidget(self.notes, 3)
        return side
