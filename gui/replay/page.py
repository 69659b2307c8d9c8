"""A recording, played with what was read from it: picture, plot, faces, strongest moments, notes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.errors import MienError
from gui import theme
from gui.clock import elapsed
from gui.language import tr
from gui.marks import Mark
from gui.replay.asking import Ask, AskFiles
from gui.replay.deck import Deck
from gui.replay.layout import Parts
from gui.replay.notebook import Notebook
from gui.replay.player import Film, OpenVideo, Player, Wish
from gui.scene import Scene
from realtime.library import Entry, Library
from realtime.palette import colors
from realtime.replay import Copy, Moment, Recorded, Review, copies
from realtime.replay.review import after, before
from realtime.sources import open_source

_SETTLED_MS = 150
"""After so long without another size, the view has the one that it keeps."""


class ReplayPage(QWidget):
    """Shows one entry of the library at a time. It owns a thread: :meth:`shutdown` ends it.

    Times inside are those of the table; what a person sees is counted from the beginning of the video. With the
    keyboard: Space plays, N and Shift+N go from moment to moment, [ and ] mark a span, Ctrl+N writes a note, Ctrl+Z
    brings one back, Ctrl+E exports, Escape closes.
    """

    closed = Signal()
    """The user is done with it."""
    failed = Signal(str)
    """Something could not be done: the one line that says why. The page stays as it is."""
    notice = Signal(str)
    """Something was done that cannot be seen here: what."""

    def __init__(self, library: Library, *, open_video: OpenVideo = open_source, ask: Ask | None = None) -> None:
        super().__init__()
        self._library = library
        self._ask = ask or AskFiles()
        self._entry: Entry | None = None
        self._review: Review | None = None
        self._scene: Scene | None = None
        self.player = Player(open_video)
        self.parts = Parts()
        self.deck = Deck(self.parts.transport, self.parts.plot)
        # While the window is drawn larger, a picture for each of its sizes would only be late.
        self._settled = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self.deck.show_again)
        self.notebook = Notebook(self.parts.notes, self.parts.plot, lambda: self.deck.now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Replay"))
        self._connect()
        self._clear()

    def _connect(self) -> None:
        parts, player, notebook = self.parts, self.player, self.notebook
        parts.back_button.clicked.connect(self.close_recording)
        parts.export_table.triggered.connect(self.export_table)
        parts.export_notes.triggered.connect(self.export_notes)
        parts.missing.button.clicked.connect(self.locate)
        parts.view.picked.connect(self._choose)
        parts.view.resized.connect(self._resize)
        parts.plot.classes_switched.connect(self._show_moments)
        parts.faces.chosen.connect(self._choose)
        parts.faces.named.connect(self._name)
        parts.moments.picked.connect(self._go_to_moment)
        player.loaded.connect(self._show_recorded)
        player.opened.connect(self._show_film)
        player.shown.connect(self._show_scene)
        player.missing.connect(self._show_missing)
        player.unplayable.connect(self._show_unplayable)
        player.failed.connect(self._show_failure)
        notebook.picked.connect(self.go_to)
        notebook.failed.connect(self.failed)
        notebook.done.connect(self.setFocus)
        notebook.changed.connect(self._mark_notes)

    # What is open

    @property
    def entry(self) -> Entry | None:
        """What is shown, or about to be."""
        return self._entry

    @property
    def review(self) -> Review | None:
        """The entry's readings, names and notes; None until they are loaded."""
        return self._review

    @property
    def position(self) -> float:
        """Where the play-head stands, in seconds from the beginning."""
        return self.deck.now - self.deck.start

    def open(self, entry: Entry) -> None:
        """Show ``entry`` in the place of what is open."""
        self._open(entry, copies(entry))

    def close_recording(self) -> None:
        """Close what is open, and tell that by ``closed``."""
        self._clear()
        self.closed.emit()

    def shutdown(self, patience: float = 1.0) -> bool:
        """End every thread; False if one is still busy after ``patience`` seconds (it is then left to die)."""
        self._clear()
        self._settled.stop()
        return self.player.close(patience)

    def _open(self, entry: Entry, found: Sequence[Copy]) -> None:
        self._clear()
        self._entry = entry
        self.parts.title.setText(entry.title)
        date = QDateTime.fromSecsSinceEpoch(int(entry.date.timestamp()))
        self.parts.detail.setText(f"{QLocale().toString(date, 'd MMM yyyy, HH:mm')}  ·  {elapsed(entry.duration)}")
        if entry.table is None:
            self._show_failure(tr("{title} has no table: analyse the video to get one.", title=entry.title))
            return
        self.parts.view.message.say(tr("Opening…"), entry.title)
        self.player.open(Wish(entry.table, tuple(found)))

    def _clear(self) -> None:
        self.player.stop()
        self._entry = self._review = self._scene = None
        parts = self.parts
        parts.title.clear()
        parts.detail.clear()
        parts.transport.show()
        parts.missing.hide()
        parts.view.show_notice("")
        parts.view.show_scene(None)
        parts.plot.clear()
        self.deck.empty()
        parts.faces.show_faces((), ())
        parts.moments.show_moments((), (), 0.0)
        parts.export_button.setEnabled(False)
        self.notebook.show(None, 0.0)

    # What the player tells

    def _show_recorded(self, recorded: Recorded) -> None:
        if self._entry is None:
            return
        try:
            self._review = Review(recorded, self._entry, self._library)
        except MienError as error:
            self.player.stop()
            self._show_failure(str(error))
            return
        self.deck.start = recorded.start
        self.parts.faces.show_faces(recorded.faces, recorded.classes)
        self.parts.faces.show_names(self._review.names)
        self.parts.export_button.setEnabled(True)
        self.notebook.show(self._review, self.deck.start)
        self._show_face()
        self.deck.go_to(recorded.start)

    def _show_film(self, film: Film) -> None:
        self.parts.view.message.hide()
        self.deck.take(film)
        self.notebook.show(self._review, film.start)
        self._show_face()

    def _show_scene(self, scene: Scene) -> None:
        self._scene = scene
        self._paint_scene()
        self.deck.look()

    def _resize(self, width: int, height: int) -> None:
        self.player.set_viewport(width, height)
        self._settled.start()

    def _show_missing(self, path: Path | None) -> None:
        if path is None:
            line = tr("There is no video of this recording, only its table.")
        else:
            line = tr("The video {path} is not there. Plot and notes work without it.", path=path)
        self._show_without_film(line)
        self.parts.view.message.say(tr("No picture"), path.name if path else "")

    def _show_unplayable(self, line: str) -> None:
        if self.deck.film is not None:  # it breaks off: what was before that can be seen
            self.failed.emit(line)
            return
        self._show_without_film(line)
        self.parts.view.message.say(tr("No picture"))

    def _show_without_film(self, line: str) -> None:
        self.parts.transport.hide()
        self.parts.missing.say(line)

    def _show_failure(self, line: str) -> None:
        self.parts.view.message.say(tr("Cannot open"), line)
        self.failed.emit(line)

    def _mark_notes(self) -> None:
        ink = theme.look().ink
        self.parts.transport.show_marks([Mark(place - self.deck.start, ink) for place in self.notebook.places])

    # Faces and expressions

    def _choose(self, face_id: int) -> None:
        if self._review is not None and face_id != self._review.chosen and self._review.choose(face_id):
            self._show_face()

    def _name(self, face_id: int, name: str) -> None:
        if self._review is None:
            return
        try:
            self._review.name_face(face_id, name)
        except MienError as error:
            self.failed.emit(str(error))
        self.parts.faces.show_names(self._review.names)
        self._paint_scene()

    def _show_face(self) -> None:
        """The plot and the moments of the face that is chosen."""
        review = self._review
        if review is None:
            return
        recorded = review.recorded
        series = recorded.series(-1 if review.chosen is None else review.chosen)
        paint = [QColor(*rgb) for rgb in colors(recorded.classes)]
        self.parts.plot.set_series(
            series.times, series.probabilities, recorded.classes, paint, bounds=(self.deck.start, self._end)
        )
        self.parts.plot.set_origin(self.deck.start)
        self.parts.faces.select(review.chosen)
        self._show_moments()
        self._paint_scene()

    @property
    def _end(self) -> float:
        recorded = self._review.recorded.end if self._review else self.deck.start
        film = self.deck.film
        duration = film.playback.duration if film else None
        return max(recorded, self.deck.start + (duration or 0.0))

    def _show_moments(self) -> None:
        if self._review is not None:
            moments = self._review.moments(self.parts.plot.shown)
            self.parts.moments.show_moments(moments, self._review.recorded.classes, self.deck.start)

    def _paint_scene(self) -> None:
        if self._scene is None or self._review is None:
            return
        names = self._review.names
        faces = (replace(face, called=names.get(face.face_id, "")) for face in self._scene.faces)
        self.parts.view.show_scene(replace(self._scene, faces=tuple(faces)), self._review.chosen)

    # Time

    def go_to(self, time: float) -> None:
        """Put the play-head at ``time`` (seconds of the table), and the picture with it."""
        self.deck.go_to(time)

    def go_to_next(self, step: int) -> None:
        """Go to the next moment in the list (1), or the one before (-1)."""
        moments = self.parts.moments.moments
        found = after(moments, self.deck.now) if step > 0 else before(moments, self.deck.now)
        if found is not None:
            self._go_to_moment(found)

    def _go_to_moment(self, moment: Moment) -> None:
        self.parts.moments.mark(moment)
        self.go_to(moment.time)

    # Files

    def export_notes(self) -> None:
        """Write the notes to a file that is asked for."""
        self._export("notes", (".csv",), lambda review, path: review.export_notes(path))

    def export_table(self) -> None:
        """Write the table, with names and notes, to a file that is asked for."""

        def write(review: Review, path: Path) -> None:
            left = review.export_table(path)
            if left:
                self.failed.emit(tr("{count} notes are near no face, and so not in the table.", count=len(left)))

        self._export("notes", (".csv", ".parquet"), write)

    def _export(self, suffix: str, endings: Sequence[str], write: Callable[[Review, Path], None]) -> None:
        if self._review is None or self._entry is None or self._entry.table is None:
            return
        table = self._entry.table
        path = self._ask.save(self, table.with_name(f"{table.stem}.{suffix}{endings[0]}"), endings)
        if path is None:
            return
        try:
            write(self._review, path)
        except MienError as error:
            self.failed.emit(str(error))
        else:
            self.notice.emit(tr("Written: {path}", path=path))

    def locate(self) -> None:
        """Ask where the video is, and show it."""
        path = self._ask.video(self) if self._review is not None else None
        if path is None or self._review is None:
            return
        try:
            found = self._review.locate(path)
        except MienError as error:
            self.failed.emit(str(error))
        else:
            self._open(self._review.entry, found)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        what = self._what_does(event)
        if what is None:
            if self.deck.film is None or not self.parts.transport.take_key(event):
                super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            what()

    def _what_does(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return {
                Qt.Key.Key_N: self.notebook.write,
                Qt.Key.Key_Z: self.notebook.restore,
                Qt.Key.Key_E: self.parts.export_button.click,
            }.get(key)
        if key == Qt.Key.Key_Escape and self.window().isFullScreen():
            return None
        back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.deck.toggle,
            Qt.Key.Key_N: lambda: self.go_to_next(-1 if back else 1),
            Qt.Key.Key_BracketLeft: self.notebook.begin_span,
            Qt.Key.Key_BracketRight: self.notebook.end_span,
            Qt.Key.Key_Escape: self.notebook.forget_span if self.notebook.span else self.close_recording,
        }
        return keys.get(key)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self.deck.pause()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "notebook"):
            self.notebook.restyle()
            self._mark_notes()
