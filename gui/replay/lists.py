"""What the lists beside a recording have in common."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from gui import theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

_DOT = 12
_ROW = 26
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def dot(color: QColor) -> QIcon:
    """A round spot, the same whether its row is marked or not."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        picture = QPixmap(_DOT * ratio, _DOT * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(1, 1, _DOT - 2, _DOT - 2)
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            icon.addPixmap(picture, mode)
    return icon


class Rows(QAbstractTableModel):
    """Lines of a few cells. In the column ``editable`` a person may write; ``numbers`` are those set to the right."""

    edited = Signal(int, str)
    """Somebody wrote this text into the editable cell of this row. To be taken up later, by a queued connection: the
    list is still busy with its editor."""

    columns = 1
    editable = -1
    numbers: tuple[int, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def begin(self, count: int) -> None:
        """There are so many rows from now on, all of them new."""
        self.beginResetModel()
        self._count = count
        self.endResetModel()

    def changed(self) -> None:
        """The cells say something else; there are as many rows as before."""
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, self.columns - 1))

    def cell(self, row: int, column: int, role: Qt.ItemDataRole) -> Any:
        """What this cell says or shows in ``role``; None where there is nothing to say."""
        raise NotImplementedError

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else self.columns

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self.numbers else _LEFT
        return self.cell(index.row(), index.column(), Qt.ItemDataRole(role))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's name
        if role != Qt.ItemDataRole.EditRole or index.column() != self.editable:
            return False
        self.edited.emit(index.row(), str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == self.editable else flags


class RowsView(QTreeView):
    """Shows :class:`Rows`: one line each, no header; the column ``wide`` takes the room that is left.

    A click, or Return, picks a row; F2 or a double click edits it. Letters, brackets and Space are left to the page.
    While there are no rows, ``empty`` is in their place.
    """

    picked = Signal(int)
    """The row that was clicked, or is the current one when Return is pressed."""

    def __init__(self, model: Rows, name: str, *, wide: int, empty: str = "") -> None:
        super().__init__()
        self._empty = empty
        self._editable = model.editable
        self.setModel(model)
        self.setAccessibleName(name)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIconSize(QSize(_DOT, _DOT))
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(20)
        for column in range(model.columns):
            fits = QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, fits)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))

    @property
    def texts(self) -> tuple[str, ...]:
        """What each row says, its cells parted by a space."""
        model = self.model()
        rows, columns = range(model.rowCount()), range(model.columnCount())
        return tuple(" ".join(str(model.index(row, column).data()) for column in columns) for row in rows)

    @property
    def row(self) -> int:
        """The row that is marked; -1 if none is."""
        return self.currentIndex().row()

    def show_at_most(self, rows: int) -> None:
        """Take no more room than so many rows need, and no more than there are."""
        self.setFixedHeight(_ROW * max(1, min(rows, self.model().rowCount())) + 2)

    def mark(self, row: int) -> None:
        """Mark this row, or none if there is no such."""
        self.setCurrentIndex(self.model().index(row, 0))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.look().dim)
            place = self.viewport().rect().adjusted(6, 4, -6, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self._empty)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            self.picked.emit(self.row)
        elif event.key() == Qt.Key.Key_F2 and self.row >= 0 and self._editable >= 0:
            self.edit(self.currentIndex().siblingAtColumn(self._editable))
        elif event.key() == Qt.Key.Key_Space or (event.text().isprintable() and event.text()):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Section(QWidget):
    """A heading, what stands to its right, and a list."""

    def __init__(self, heading: str, view: RowsView, beside: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.heading = QLabel(heading)
        self.heading.setProperty("role", "heading")
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 0, 0)
        top.setSpacing(4)
        top.addWidget(self.heading)
        top.addStretch()
        for widget in beside:
            top.addWidget(widget)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.column.addLayout(top)
        self.column.addWidget(view, 1)
