"""The prompts panel: the classes that a face is matched against, edited in place and applied as they are typed."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engines.errors import MienError
from gui.language import tr
from gui.prompt_row import PromptRow
from gui.prompt_words import problem_line, state_line
from gui.wording import Applied, Failed, Fetching, Missing, State, Words, Working
from realtime.palette import colors
from realtime.wording import Draft, DraftClass, Field

PAUSE_MS = 400
"""Without typing for so long, what was typed is applied."""

_WIDTH = 340
_MARGIN = 16

Ask = Callable[[QWidget], Path | None]


def ask_to_load(parent: QWidget) -> Path | None:
    """Let the user choose a prompts file."""
    name, _ = QFileDialog.getOpenFileName(parent, tr("Load expressions"), "", tr("Prompts files (*.toml)"))
    return Path(name) if name else None


def ask_to_save(parent: QWidget) -> Path | None:
    """Let the user name a prompts file, which may be there already."""
    name, _ = QFileDialog.getSaveFileName(parent, tr("Save expressions"), "words.toml", tr("Prompts files (*.toml)"))
    if not name:
        return None
    return Path(name) if Path(name).suffix else Path(f"{name}.toml")


class PromptsPanel(QWidget):
    """Lists the classes; what is typed is applied by itself, once it is valid, through ``words``."""

    failed = Signal(str)
    """A file could not be read or written: the one line that says why."""
    kept = Signal(str)
    """What :meth:`to_toml` says has changed."""

    def __init__(self, words: Words, *, ask_load: Ask = ask_to_load, ask_save: Ask = ask_to_save) -> None:
        super().__init__()
        self._words = words
        self._ask_load = ask_load
        self._ask_save = ask_save
        self._defaults: Draft | None = None
        self._draft: Draft | None = None
        self._valid: Draft | None = None
        self._before: Draft | None = None
        self._state: State | None = None
        self._held = False
        self.rows: list[PromptRow] = []
        self.add_button = QPushButton(tr("&Add"))
        self.load_button = QPushButton(tr("&Load…"))
        self.save_button = QPushButton(tr("&Save…"))
        self.defaults_button = QPushButton(tr("&Defaults"))
        self.undo_button = QPushButton(tr("&Undo"))
        self.fetch_button = QPushButton()
        self.status = QLabel()
        self._list = QWidget()
        self._list_layout = QVBoxLayout(self._list)
        self._scroll = QScrollArea()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._build()
        self._connect()
        self._look_over()

    @property
    def draft(self) -> Draft | None:
        """The classes as they stand in the fields, complete or not; None until the model's own are known."""
        return self._draft

    def preset(self, draft: Draft) -> None:
        """Show ``draft`` and apply it."""
        self._show(draft)
        self._edited(at_once=True)

    def load(self, path: Path) -> None:
        """Show and apply the classes of a prompts file; ``failed`` says if it cannot be read."""
        try:
            draft = Draft.load(path)
        except MienError as error:
            self.failed.emit(str(error))
            return
        self._replace(draft)

    def save(self, path: Path) -> None:
        """Write the classes to a prompts file; ``failed`` says if it cannot be written."""
        if self._draft is None or self._draft.problems():
            return
        try:
            self._draft.save(path)
        except MienError as error:
            self.failed.emit(str(error))
        else:
            self.status.setText(tr("Saved as {name}.", name=path.name))

    def to_toml(self) -> str:
        """The classes as they were last without problems, to be given to :meth:`from_toml`; empty: the model's own."""
        return "" if self._valid is None or self._valid == self._defaults else self._valid.to_toml()

    def from_toml(self, text: str) -> None:
        """Show and apply what :meth:`to_toml` gave; ``failed`` says if it is damaged, and nothing changes."""
        if not text:
            return
        try:
            self.preset(Draft.from_toml(text, tr("The list of expressions that was kept")))
        except MienError as error:
            self.failed.emit(str(error))

    def set_held(self, held: bool) -> None:
        """Apply nothing while a file is written, whose classes are fixed; edits wait until that has ended."""
        self._held = held
        self._words.hold(held)
        self._say()

    def add(self) -> None:
        """Add an empty class, ready to be named."""
        row = self._append(DraftClass())
        row.open()
        self._order_tabs()
        self._edited()
        row.name.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._words.open()

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add)
        self.load_button.clicked.connect(self._load)
        self.save_button.clicked.connect(self._save)
        self.defaults_button.clicked.connect(lambda: self._replace(self._defaults))
        self.undo_button.clicked.connect(lambda: self._replace(self._before))
        self.fetch_button.clicked.connect(self._fetch_or_cancel)
        self._timer.timeout.connect(self._apply)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._follow)
        self._words.opened.connect(self._know_defaults)
        self._words.state.connect(self._show_state)

    def _load(self) -> None:
        if path := self._ask_load(self):
            self.load(path)

    def _save(self) -> None:
        if path := self._ask_save(self):
            self.save(path)

    def _fetch_or_cancel(self) -> None:
        if self._words.fetching:
            self._words.cancel_fetch()
        else:
            self._words.fetch()

    def _know_defaults(self, defaults: Draft) -> None:
        self._defaults = defaults
        if self._draft is None:
            self._draft = self._valid = defaults
            self._state = Applied(defaults)
            self._show(defaults)
        self._look_over()

    def _replace(self, draft: Draft | None) -> None:
        """Show and apply ``draft``, if there is one; what it takes the place of can be had back."""
        if draft is not None:
            self._before = self._draft
            self.preset(draft)

    def _remove(self, row: PromptRow) -> None:
        self._before = self._draft
        place = self.rows.index(row)
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        after = self.rows[min(place, len(self.rows) - 1)].remove if self.rows else self.add_button
        after.setFocus()
        self._edited()

    def _show(self, draft: Draft) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for each in draft.classes:
            self._append(each)
        self._order_tabs()

    def _append(self, given: DraftClass) -> PromptRow:
        row = PromptRow(given)
        row.edited.connect(self._edited)
        row.removed.connect(lambda: self._remove(row))
        row.opened.connect(lambda: self._close_others(row))
        self.rows.append(row)
        self._list_layout.insertWidget(self._list_layout.count() - 1, row)
        return row

    def _close_others(self, row: PromptRow) -> None:
        for other in self.rows:
            if other is not row:
                other.open(False)

    def _follow(self) -> None:
        """Keep the class that is being edited in sight, where the list has grown around it."""
        focus = self.focusWidget()
        for row in self.rows:
            if focus is not None and row.isAncestorOf(focus):
                self._scroll.ensureWidgetVisible(row, 0, 0)

    def _edited(self, *, at_once: bool = False) -> None:
        self._draft = Draft(tuple(row.content for row in self.rows))
        self._timer.stop()
        if not self._draft.problems():
            self._valid = self._draft
            if at_once:
                self._apply()
            else:
                self._timer.start()
        self._look_over()

    def _apply(self) -> None:
        if self._valid is None:
            return
        self.kept.emit(self.to_toml())
        self._words.apply(self._valid)
        self._say()

    def _show_state(self, state: State) -> None:
        self._state = state
        self._say()

    def _look_over(self) -> None:
        """Show what is wrong with the draft, and everything else that follows from it."""
        draft = self._draft or Draft(())
        lines = {(each.index, each.field): problem_line(each.flaw) for each in draft.problems()}
        paint = dict(zip(draft.names, colors(draft.names), strict=True))
        for index, (row, each) in enumerate(zip(self.rows, draft.classes, strict=True)):
            row.show_problems(lines.get((index, Field.NAME), ""), lines.get((index, Field.DESCRIPTIONS), ""))
            row.show_color(QColor(*paint.get(each.name, (0, 0, 0))))
        self.add_button.setEnabled(self._draft is not None)
        self.save_button.setEnabled(self._draft is not None and not lines)
        self.defaults_button.setEnabled(self._defaults not in (None, self._draft))
        self.undo_button.setEnabled(self._before not in (None, self._draft))
        self._say()

    def _say(self) -> None:
        """The state line, and the button beside it where there is something to press."""
        state, wrong = self._state, self._draft is not None and bool(self._draft.problems())
        fetching = isinstance(state, Fetching)
        can_fetch = (isinstance(state, Missing) and not state.offline) or (isinstance(state, Failed) and state.fetch)
        self.status.setText(self._line())
        self.status.setProperty("role", "problem" if isinstance(state, Failed) and not wrong else "detail")
        self.fetch_button.setVisible(fetching or (can_fetch and not wrong))
        self.fetch_button.setText(tr("Cancel") if fetching else tr("&Fetch"))
        self.fetch_button.setToolTip(
            tr("Stop fetching; it can be begun again") if fetching else tr("Fetch what reads new descriptions, once")
        )
        self.fetch_button.setProperty("primary", not fetching)
        for widget in (self.status, self.fetch_button):
            widget.style().polish(widget)

    def _line(self) -> str:
        state = self._state
        problems = self._draft.problems() if self._draft else ()
        if problems and not isinstance(state, Fetching):
            of_list = [each for each in problems if each.field is Field.LIST]
            return problem_line(of_list[0].flaw) if of_list else tr("Not applied yet: an expression is unfinished.")
        if isinstance(state, Working) or (isinstance(state, Applied) and state.draft != self._draft):
            return tr("Changes are applied when the recording has ended.") if self._held else tr("Applying…")
        return state_line(state)

    def _order_tabs(self) -> None:
        stops = [self.add_button, *(stop for row in self.rows for stop in row.stops), self.fetch_button]
        stops += [self.load_button, self.save_button, self.defaults_button, self.undo_button]
        for one, after in pairwise(stops):
            self.setTabOrder(one, after)

    def _build(self) -> None:
        self.setMinimumWidth(_WIDTH)
        self.setAccessibleName(tr("Expressions"))
        title = QLabel(tr("Expressions"))
        title.setProperty("role", "heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.add_button)
        hint = QLabel(tr("A face is matched against these words. Describe each in English, a sentence a line."))
        hint.setProperty("role", "detail")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 12, _MARGIN, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(hint)
        layout.addWidget(self._build_list(), 1)
        layout.addLayout(self._build_foot())
        for label in (hint, self.status):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)

    def _build_list(self) -> QScrollArea:
        self._list_layout.setContentsMargins(0, 0, 8, 0)
        self._list_layout.setSpacing(2)
        self._list_layout.addStretch(1)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._scroll

    def _build_foot(self) -> QVBoxLayout:
        self.add_button.setToolTip(tr("Add an expression, such as “a bored face” (Alt+A)"))
        self.load_button.setToolTip(tr("Load a prompts file (Alt+L)"))
        self.save_button.setToolTip(tr("Save as a prompts file, also for the command line (Alt+S)"))
        self.defaults_button.setToolTip(tr("Back to the model's own expressions (Alt+D)"))
        self.undo_button.setToolTip(tr("Take back the last removal, loading or return to the defaults (Alt+U)"))
        self.status.setMinimumHeight(34)
        said = QHBoxLayout()
        said.addWidget(self.status, 1)
        said.addWidget(self.fetch_button)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.load_button, 0, 0)
        buttons.addWidget(self.save_button, 0, 1)
        buttons.addWidget(self.defaults_button, 1, 0)
        buttons.addWidget(self.undo_button, 1, 1)
        foot = QVBoxLayout()
        foot.setSpacing(10)
        foot.addLayout(said)
        foot.addLayout(buttons)
        return foot
