"""What the library's page does not do in the Qt thread: decoding thumbnails, asking the disk, taking results in."""

import sys
import threading
import traceback
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from engines.errors import MienError

if TYPE_CHECKING:
    from realtime.library import Entry, Library

_WANTED = 64
"""Thumbnails that wait at most; those asked for longest ago have been scrolled past."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """``image`` shows the entry, None if it has none; ``missing`` says whether a file of it is not where it was."""

    entry: int
    image: QImage | None
    missing: bool


class Loader(QObject):
    """One thread ("mien-library"), which does what was asked for last first; thumbnails before imports."""

    loaded = Signal(object)
    """A :class:`Loaded`."""
    imported = Signal(int)
    """The id of an entry that was taken in."""
    failed = Signal(str)

    def __init__(self, library: "Library") -> None:
        super().__init__()
        self._library = library
        self._changed = threading.Condition()
        self._wanted: OrderedDict[int, Entry] = OrderedDict()
        self._paths: deque[Path] = deque()
        self._importing: Iterator[Entry] | None = None
        self._quit = False
        self._thread: threading.Thread | None = None

    def ask(self, entry: "Entry") -> None:
        """``loaded`` will tell of it, unless much else is asked for afterwards; ask again then."""
        with self._changed:
            self._wanted[entry.id] = entry
            self._wanted.move_to_end(entry.id)
            if len(self._wanted) > _WANTED:
                self._wanted.popitem(last=False)
            self._wake()

    def take_in(self, paths: tuple[Path, ...]) -> None:
        """Import the results at ``paths``; ``imported`` and ``failed`` tell how that went."""
        with self._changed:
            self._paths.extend(paths)
            self._wake()

    def close(self, patience: float = 1.0) -> bool:
        """End the thread, what it has not come to undone; False if it is still busy after ``patience`` seconds."""
        with self._changed:
            self._quit = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(patience)
        return self._thread is None or not self._thread.is_alive()

    def _wake(self) -> None:
        if self._thread is None and not self._quit:
            self._thread = threading.Thread(target=self._work, name="mien-library", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    # What follows runs in the loader's own thread.

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._quit or self._wanted or self._paths or self._importing)
                if self._quit:
                    return
                entry = self._wanted.popitem()[1] if self._wanted else None
                if entry is None and self._importing is None:
                    self._importing = self._library.importing(self._paths.popleft())
            if entry is not None:
                self._load(entry)
            elif self._importing is not None and not self._take_one(self._importing):
                self._importing = None

    def _load(self, entry: "Entry") -> None:
        try:
            jpeg = self._library.thumbnail(entry.id)
        except MienError:
            jpeg = None
        image = QImage.fromData(jpeg) if jpeg else QImage()
        missing = bool(self._library.missing(entry))
        self.loaded.emit(Loaded(entry.id, None if image.isNull() else image, missing))

    def _take_one(self, importing: "Iterator[Entry]") -> bool:
        """Whether there may be more."""
        try:
            entry = next(importing, None)
        except MienError as error:
            self.failed.emit(str(error))
        except Exception as error:  # the thread's boundary: the page tells it
            traceback.print_exc(file=sys.stderr)
            self.failed.emit(f"{type(error).__name__}: {error}")
        else:
            if entry is not None:
                self.imported.emit(entry.id)
            return entry is not None
        return False
