"""Every key of the window, on one page."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.language import tr

Line = tuple[str, str]
"""What is done, and the keys that do it."""

_NATIVE = QKeySequence.SequenceFormat.NativeText
_ROWS = 16
"""More lines than this are shown in two columns."""


def keys_of_live() -> list[Line]:
    """Those of the picture that are no actions of the window: a button that has the focus may want them itself."""
    return [
        (tr("Start or stop"), tr("Space")),
        (tr("Play or pause a file"), tr("Space")),
        (tr("Five seconds back or on"), "← →"),
        (tr("One picture back or on, while paused"), ", ."),
        (tr("Halt the timeline, or go on"), "P"),
        (tr("Leave full screen"), _named(Qt.Key.Key_Escape)),
    ]


def keys_of_library() -> list[Line]:
    """Those of the library, and of a recording that is looked at again."""
    return [
        (tr("Library: search"), _named("Ctrl+F")),
        (tr("Library: open"), _named(Qt.Key.Key_Return)),
        (tr("Library: rename"), "F2"),
        (tr("Library: remove from the list"), _named(Qt.Key.Key_Delete)),
        (tr("Replay: next moment, or the one before"), "N, " + _named("Shift+N")),
        (tr("Replay: begin a span, end it"), "[ ]"),
        (tr("Replay: write a note"), _named("Ctrl+N")),
        (tr("Replay: put back a note that was removed"), _named("Ctrl+Z")),
        (tr("Replay: name a face"), "F2"),
        (tr("Replay: export"), _named("Ctrl+E")),
        (tr("Replay: back to the library"), _named(Qt.Key.Key_Escape)),
    ]


def lines_of(actions: Iterable[QAction]) -> list[Line]:
    """A line for each of ``actions`` that has keys, and a name to be shown by; in their order, each name once."""
    lines: dict[str, str] = {}
    for action in actions:
        name = action.text().replace("&", "").rstrip("…. ")
        keys = [keys.toString(_NATIVE) for keys in action.shortcuts()]
        if name and any(keys) and action.isVisible():
            lines.setdefault(name, ", ".join(filter(None, keys)))
    return list(lines.items())


class ShortcutsDialog(QDialog):
    """Lists the keys of ``actions`` between ``before`` and ``after``: those that are no actions, such as Space."""

    def __init__(
        self,
        actions: Sequence[QAction],
        before: Sequence[Line] = (),
        after: Sequence[Line] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard"))
        self.lines = [*before, *lines_of(actions), *after]
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
        scroll.setMinimumSize(table.sizeHint().width() + 24, min(table.sizeHint().height() + 4, 500))
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


def _named(key: Qt.Key | str) -> str:
    return QKeySequence(key).toString(_NATIVE)


def _fill(grid: QGridLayout, row: int, column: int, line: Line) -> None:
    what, keys = (QLabel(text) for text in line)
    what.setProperty("role", "detail")
    keys.setProperty("role", "key")
    for place, label in enumerate((what, keys)):
        label.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(label, row, column + place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
