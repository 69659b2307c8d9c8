"""The list on the screen: what a click, a key or a drag does in it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from gui import theme
from gui.language import tr
from gui.library_list import EntryModel
from gui.library_rows import HEIGHT, EntryDelegate

if TYPE_CHECKING:
    from realtime.library import Entry


class EntryView(QListView):
    """Enter or a double click opens, F2 renames, Del asks to remove, the right button shows a menu."""

    opened = Signal(int)
    """The entry with this id is to be shown."""
    removal_wanted = Signal()
    menu_wanted = Signal(QPoint)
    """A menu for the selected entries, at this place of the screen."""

    def __init__(self, model: EntryModel) -> None:
        super().__init__()
        self._entries = model
        self._dragging = False
        self.setModel(model)
        self.setItemDelegate(EntryDelegate(model, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(HEIGHT // 3)
        self.setAccessibleName(tr("Recordings and analysed videos"))
        self.doubleClicked.connect(self._open)

    def current(self) -> "Entry | None":
        """The entry that was chosen last."""
        return self._entries.entry(self.currentIndex())

    def selected(self) -> "list[Entry]":
        """The entries that are selected, from the top to the bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._entries.entries[row] for row in rows]

    def selected_ids(self) -> list[int]:
        """The ids of :meth:`selected`, the current one last."""
        current = self.current()
        ids = [entry.id for entry in self.selected()]
        return sorted(ids, key=lambda entry: current is not None and entry == current.id)

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select those of these that are listed, the last one as the current one."""
        if list(ids) == self.selected_ids():
            return
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().clear()
        for row in (row for entry in ids if (row := self._entries.row_of(entry)) is not None):
            index = self._entries.index(row)
            self.selectionModel().setCurrentIndex(index, flag.Select)

    def open_current(self) -> None:
        """Open the entry that was chosen last."""
        self._open(self.currentIndex())

    def rename_current(self) -> None:
        """Let its title be edited in its place."""
        self.edit(self.currentIndex())

    def show_dragging(self, dragging: bool) -> None:
        """Show that what is held over the list can be dropped."""
        self._dragging = dragging
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        entry = self._entries.entry(index)
        if entry is not None:
            self.opened.emit(entry.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            self.open_current()
        elif event.key() == Qt.Key.Key_Delete and not editing:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        if self.selected():
            self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self._dragging:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = painter.pen()
            pen.setColor(theme.look().accent)
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRoundedRect(self.viewport().rect().adjusted(2, 2, -2, -2), 8, 8)
