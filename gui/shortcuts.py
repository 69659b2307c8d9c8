"""Every key of the window, on one page."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.language import tr

Line = tuple[str, str]
"""What is done, and the keys that do it."""

_ROWS = 16
"""More lines than this are shown in two columns."""


def lines_of(actions: Iterable[QAction]) -> list[Line]:
    """A line for each of ``actions`` that has keys, and a name to be shown by; in their order, each name once."""
    lines: dict[str, str] = {}
    for action in actions:
        name = action.text().replace("&", "").rstrip("…. ")
        keys = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts()]
        if name and any(keys) and action.isVisible():
            lines.setdefault(name, ", ".join(filter(None, keys)))
    return list(lines.items())


class ShortcutsDialog(QDialog):
    """Lists the keys of ``actions``, after ``others``: those that are no actions of the window, such as Space."""

    def __init__(self, actions: Sequence[QAction], others: Sequence[Line] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard"))
        self.lines = [*others, *lines_of(actions)]
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        columns = 1 + (len(self.lines) - 1) // _ROWS
        rows = -(-len(self.lines) // max(1, columns))
        for place, line in enumerate(self.lines):
            _fill(grid, place % rows, 3 * (place // rows), line)
        for column in range(1, columns):
            grid.setColumnMinimumWidth(3 * column - 1, 24)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(table)
        scroll.setMinimumSize(table.sizeHint().width() + 24, min(table.sizeHint().height() + 4, 460))
        close = QPushButton(tr("Close"))
        close.setProperty("primary", True)
        close.setDefault(True)
        close.setToolTip(tr("Close (Esc)"))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(16)
        layout.addWidget(scroll)
        layout.addLayout(foot)
        close.setFocus()


def _fill(grid: QGridLayout, row: int, column: int, line: Line) -> None:
    what, keys = (QLabel(text) for text in line)
    what.setProperty("role", "detail")
    keys.setProperty("role", "key")
    for place, label in enumerate((what, keys)):
        label.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(label, row, column + place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
