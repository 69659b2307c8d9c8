"""The library's page: the analyses under way, and below them all recordings and analysed videos."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engines.errors import MienError
from gui.controls import Combo
from gui.language import tr
from gui.library_empty import Empty
from gui.library_files import VIDEOS, Dropped, sort_dropped
from gui.library_list import EntryModel
from gui.library_loader import Loader
from gui.library_queue import QueuePanel
from gui.library_view import EntryView
from gui.recorded import open_folder

if TYPE_CHECKING:
    from realtime.library import AnalysisQueue, Entry, Library
    from realtime.options import Options

_LOOK_MS = 1000
"""Between two looks whether the index was changed, by this window or another."""


def ask_for_videos(parent: QWidget) -> Sequence[Path]:
    """Let the user choose videos."""
    kinds = tr("Videos ({endings});;All files (*)", endings=" ".join(f"*{ending}" for ending in VIDEOS))
    names, _ = QFileDialog.getOpenFileNames(parent, tr("Add videos"), "", kinds)
    return [Path(name) for name in names]


def ask_for_folder(parent: QWidget, title: str) -> Path | None:
    """Let the user choose a folder."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


def ask_whether(parent: QWidget, question: str, detail: str) -> bool:
    """Ask a question that Enter says no to."""
    box = QMessageBox(QMessageBox.Icon.Question, tr("Library"), question, parent=parent)
    box.setInformativeText(detail)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.setDefaultButton(QMessageBox.StandardButton.No)
    return box.exec() == QMessageBox.StandardButton.Yes


class LibraryPage(QWidget):
    """Shows ``library`` and ``queue``, which stay their owner's; ``options`` says how videos are to be analysed.

    Lists are read in the Qt thread: reading never waits for a change, and a list of a thousand is one query of a few
    milliseconds. What asks the disk or decodes pictures is done by the thread of a :class:`~gui.library_loader.Loader`,
    which :meth:`shutdown` ends.
    """

    opened = Signal(int)
    """The entry with this id is to be shown."""
    failed = Signal(str)
    """What could not be done, in one line."""

    _queue_changed = Signal()

    def __init__(
        self,
        library: "Library",
        queue: "AnalysisQueue",
        options: "Callable[[], Options]",
        *,
        ask_videos: Callable[[QWidget], Sequence[Path]] = ask_for_videos,
        ask_folder: Callable[[QWidget, str], Path | None] = ask_for_folder,
        ask: Callable[[QWidget, str, str], bool] = ask_whether,
        show_folder: Callable[[Path], None] = open_folder,
    ) -> None:
        super().__init__()
        self._library = library
        self._queue = queue
        self._options = options
        self._ask_videos, self._ask_folder, self._ask, self._show_folder = ask_videos, ask_folder, ask, show_folder
        self._version: int | None = None
        self._loader = Loader(library)
        self.model = EntryModel(self._loader, self)
        self.view = EntryView(self.model)
        self.queue_panel = QueuePanel(queue)
        self.empty = Empty()
        self.search = QLineEdit()
        self.order = Combo()
        self.add_button = QPushButton(tr("Add videos…"))
        self.import_button = QPushButton(tr("Import results…"))
        self._pages = QStackedLayout()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._closed = False
        self._build()
        self._connect()
        self._unsubscribe = queue.subscribe(self._queue_changed.emit)
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        try:
            self._version = self._library.version()
            entries = self._library.entries(self.search.text(), self.order.currentData())
        except MienError as error:
            self.failed.emit(str(error))
            return
        kept = self.view.selected_ids()
        self.model.show_entries(entries)
        self.view.select_ids(kept)
        if not entries:
            self.empty.say(self.search.text().strip())
        self._pages.setCurrentWidget(self.view if entries else self.empty)

    def take(self, dropped: Dropped) -> None:
        """Queue videos and take in results, as they were dropped or chosen."""
        if dropped.videos:
            self._try(lambda: self._queue.add(dropped.videos, self._options()))
        if dropped.results:
            self._loader.take_in(dropped.results)
        for path in dropped.unknown[:1]:
            self.failed.emit(
                tr("{name} is neither a video nor results of Mien: add videos, or a results folder.", name=path.name)
            )

    def shutdown(self, patience: float = 1.0) -> bool:
        """End the thread; False if it is still busy after ``patience`` seconds. The library and the queue stay open."""
        self._closed = True
        self._look.stop()
        self._unsubscribe()
        return self._loader.close(patience)

    # What the buttons and keys do.

    def add_videos(self) -> None:
        """Ask for videos and queue them."""
        self.take(Dropped(videos=tuple(self._ask_videos(self))))

    def import_results(self) -> None:
        """Ask for a folder of results and take it in."""
        folder = self._ask_folder(self, tr("Import results: choose a folder that Mien has written to"))
        if folder is not None:
            self.take(Dropped(results=(folder,)))

    def remove_selected(self) -> None:
        """Take the selected entries off the list, if that is confirmed; their files stay."""
        entries = self.view.selected()
        if not entries or not self._ask(self, _removal(entries), tr("The files stay. Names and notes are lost.")):
            return

        def remove() -> None:
            for entry in entries:
                self._library.remove(entry.id)

        self._try(remove)
        self.refresh()

    def delete_files(self) -> None:
        """Delete the files of the selected entries and take these off the list, if that is confirmed."""
        entries = self.view.selected()
        files = [str(path) for entry in entries for path in entry.outputs()]
        if not entries or not self._ask(self, tr("Delete these files for ever?"), "\n".join(files)):
            return

        def delete() -> None:
            for entry in entries:
                self._library.delete_files(entry.id)
                self._library.remove(entry.id)

        self._try(delete)
        self.refresh()

    def show_in_folder(self) -> None:
        """Open the folder of the entry that was chosen last."""
        entry = self.view.current()
        paths = () if entry is None else (*entry.outputs(), *entry.paths())
        if paths:
            self._show_folder(paths[0].parent)

    def find_again(self) -> None:
        """Ask where the missing files of the entry are now."""
        entry = self.view.current()
        if entry is None:
            return
        folder = self._ask_folder(self, tr("Find again: choose the folder in which the files are now"))
        if folder is None:
            return
        missing: list[Path] = []
        self._try(lambda: missing.extend(self._library.missing(self._library.relocate(entry.id, folder))))
        if missing:
            self.failed.emit(tr("{name} is not in {folder}.", name=missing[0].name, folder=folder))
        self.refresh()

    def menu(self) -> QMenu:
        """What can be done with the selected entries."""
        entry = self.view.current()
        menu = QMenu(self)
        one = len(self.view.selected()) == 1 and entry is not None
        for text, keys, what, there in (
            (tr("Open"), "Return", self.view.open_current, one),
            (tr("Rename"), "F2", self.view.rename_current, one),
            (tr("Open folder"), "", self.show_in_folder, one),
            (tr("Find again…"), "", self.find_again, entry is not None and one and self.model.is_missing(entry)),
            (tr("Remove from the list"), "Del", self.remove_selected, bool(self.view.selected())),
            (tr("Delete files…"), "", self.delete_files, bool(self.view.selected())),
        ):
            if there:
                action = menu.addAction(text)
                action.setShortcut(keys)
                action.triggered.connect(lambda _=False, what=what: what())
        return menu

    # How it is put together.

    def _build(self) -> None:
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search the library"))
        self.search.setToolTip(tr("Search titles, sources, names of faces and notes (Ctrl+F)"))
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(320)
        for order, text in (("date", tr("Newest first")), ("title", tr("By name")), ("duration", tr("Longest first"))):
            self.order.addItem(text, order)
        self.order.setAccessibleName(tr("Order of the library"))
        self.order.setToolTip(tr("In which order the library is listed"))
        self.add_button.setProperty("primary", True)
        self.add_button.setToolTip(tr("Analyse videos: choose them, or drop them here"))
        self.import_button.setToolTip(tr("List what mien video has written to a folder"))
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.order)
        bar.addStretch(1)
        bar.addWidget(self.import_button)
        bar.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(bar)
        layout.addWidget(self.queue_panel)
        layout.addLayout(self._pages, 1)
        for page in (self.view, self.empty):  # last: the first is shown at once, and alone it would be a window
            self._pages.addWidget(page)
        QShortcut(
            QKeySequence.StandardKey.Find, self, self.search.setFocus, Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Library"))

    def _connect(self) -> None:
        self.search.textChanged.connect(self.refresh)
        self.order.currentIndexChanged.connect(self.refresh)
        self.add_button.clicked.connect(self.add_videos)
        self.import_button.clicked.connect(self.import_results)
        self.empty.add_button.clicked.connect(self.add_videos)
        self.empty.clear_button.clicked.connect(self.search.clear)
        self.view.opened.connect(self.opened)
        self.view.removal_wanted.connect(self.remove_selected)
        self.view.menu_wanted.connect(lambda at: self.menu().popup(at))
        self.model.renamed.connect(self._rename)
        self._loader.imported.connect(lambda _: self.refresh())
        self._loader.failed.connect(self.failed)
        self._look.timeout.connect(self._look_for_changes)
        self._queue_changed.connect(self._show_queue, Qt.ConnectionType.QueuedConnection)
        panel, queue = self.queue_panel, self._queue
        panel.cancel_all.clicked.connect(lambda: self._try(queue.cancel_all))
        panel.resume.clicked.connect(lambda: self._try(queue.resume))
        panel.forget.clicked.connect(lambda: self._try(queue.forget))
        panel.cancelled.connect(lambda job: self._try(lambda: queue.cancel(job)))
        panel.dismissed.connect(lambda job: self._try(lambda: queue.clear(job)))
        panel.retried.connect(lambda job: self._try(lambda: queue.retry(job)))
        panel.first.connect(lambda job: self._try(lambda: queue.move(job, 0)))

    def _try(self, what: Callable[[], object]) -> None:
        try:
            what()
        except MienError as error:
            self.failed.emit(str(error))

    def _rename(self, entry: int, title: str) -> None:
        self._try(lambda: self._library.rename(entry, title))
        self.refresh()

    def _show_queue(self) -> None:
        if self._closed:  # what the queue told before waited for its turn
            return
        self.queue_panel.refresh()
        self._look_for_changes()

    def _look_for_changes(self) -> None:
        try:
            changed = self._library.version() != self._version
        except MienError as error:
            self._look.stop()
            self.failed.emit(str(error))
            return
        if changed:
            self.refresh()

    # Qt's events.

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._look_for_changes()
        self.model.look_again()  # files may have been moved meanwhile
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        self._look.stop()
        super().hideEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if _files(event):
            event.acceptProposedAction()
            self.view.show_dragging(True)
            self.empty.show_dragging(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        self.view.show_dragging(False)
        self.empty.show_dragging(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        self.view.show_dragging(False)
        self.empty.show_dragging(False)
        event.acceptProposedAction()
        self.take(sort_dropped(_files(event)))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _removal(entries: "Sequence[Entry]") -> str:
    if len(entries) == 1:
        return tr("Remove {title} from the list?", title=entries[0].title)
    return tr("Remove {count} entries from the list?", count=len(entries))
