"""The list of the library: a row for each entry, with its picture, its title and how its faces looked on the whole."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from gui.clock import clock
from gui.language import class_name, tr
from gui.library_loader import Loaded, Loader

if TYPE_CHECKING:
    from realtime.library import Entry

_KEPT = 128
"""Decoded thumbnails, of at most 230 KB each; a screen shows a dozen."""

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
"""The role of the entry itself."""


class EntryModel(QAbstractListModel):
    """Entries in the order given. Thumbnails come from ``loader`` when a row is looked at for the first time."""

    renamed = Signal(int, str)
    """A person has given the entry with this id another title."""

    def __init__(self, loader: Loader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._entries: Sequence[Entry] = ()
        self._rows: dict[int, int] = {}
        self._looks: OrderedDict[int, Loaded] = OrderedDict()
        loader.loaded.connect(self._take)

    def show_entries(self, entries: "Sequence[Entry]") -> None:
        """List these; what has not changed stays as it is."""
        if list(entries) == list(self._entries):
            return
        before = {entry.id: entry for entry in self._entries}
        same = [entry.id for entry in entries] == [entry.id for entry in self._entries]
        if not same:
            self.beginResetModel()
        self._entries = tuple(entries)
        self._rows = {entry.id: row for row, entry in enumerate(entries)}
        for entry in entries:
            if entry.id in self._looks and before.get(entry.id) != entry:
                self._loader.ask(entry)
        if same:
            self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
        else:
            self.endResetModel()

    def look_again(self) -> None:
        """Ask once more whether files are missing, and for thumbnails, of the rows that were looked at."""
        for entry in self._entries:
            if entry.id in self._looks:
                self._loader.ask(entry)

    @property
    def entries(self) -> "tuple[Entry, ...]":
        return tuple(self._entries)

    def entry(self, index: Index) -> "Entry | None":
        """The entry of a row, None for no row."""
        return self._entries[index.row()] if index.isValid() else None

    def row_of(self, entry: int) -> int | None:
        """The row of the entry with this id."""
        return self._rows.get(entry)

    def image(self, entry: "Entry") -> QImage | None:
        """What shows the entry, as far as it has been loaded."""
        look = self._looks.get(entry.id)
        if look is None:
            self._loader.ask(entry)
            return None
        self._looks.move_to_end(entry.id)
        return look.image

    def is_missing(self, entry: "Entry") -> bool:
        """Whether a file of the entry is known not to be where it was."""
        look = self._looks.get(entry.id)
        return look is not None and look.missing

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and way
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index)
        if entry is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((entry.title, *facts(entry)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{source}\nEnter opens, F2 renames, Del removes from the list", source=entry.source)
        return entry if role == ENTRY else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        entry = self.entry(index)
        title = str(value).strip()
        if entry is None or role != Qt.ItemDataRole.EditRole or title in ("", entry.title):
            return False
        self.renamed.emit(entry.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def _take(self, loaded: Loaded) -> None:
        row = self.row_of(loaded.entry)
        if row is None:
            return
        self._looks[loaded.entry] = loaded
        if len(self._looks) > _KEPT:
            self._looks.popitem(last=False)
        self.dataChanged.emit(self.index(row), self.index(row))


def facts(entry: "Entry") -> tuple[str, ...]:
    """Date, length and number of faces, and whether it was stopped early."""
    said = [QLocale().toString(QDateTime.fromSecsSinceEpoch(int(entry.date.timestamp())), "d MMM yyyy, HH:mm")]
    if entry.duration > 0:
        said.append(clock(entry.duration))
    count = len(entry.faces)
    said.append(tr("1 face") if count == 1 else tr("{count} faces", count=count) if count else tr("no face"))
    if entry.state == "partial":
        said.append(tr("stopped early"))
    return tuple(said)


def leading(entry: "Entry") -> str:
    """The expression that was strongest on the whole, and how strong; empty without a face."""
    if not entry.shares:
        return ""
    name = max(entry.shares, key=lambda each: entry.shares[each])
    return tr("{name} {percent} %", name=class_name(name), percent=round(100 * entry.shares[name]))
