"""The row under a face's bars with which its own neutral is taken, kept and undone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.language import tr
from realtime.neutral import NeutralState

SECONDS = 3.0
"""How long a person looks neutral for it."""


class NeutralRow(QWidget):
    """Says how it stands with the selected face's own neutral, and offers the next step. It only shows what it is told.

    Every state takes the same room, so that nothing below it moves.
    """

    take_asked = Signal()
    undo_asked = Signal()
    keep_asked = Signal()
    give_asked = Signal()
    """The neutral that was kept is wanted for this face."""
    drop_asked = Signal()
    """The neutral that was kept is to be deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.state = NeutralState.NONE
        self._kept = False
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self.main_button = QPushButton()
        self.side_button = QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.main_button, 1)
        buttons.addWidget(self.side_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 8)
        layout.setSpacing(6)
        layout.addWidget(self._words)
        layout.addLayout(buttons)
        self.main_button.clicked.connect(self._main)
        self.side_button.clicked.connect(self._side)
        self.show_state(NeutralState.NONE)

    @property
    def words(self) -> str:
        """What the row says."""
        return self._words.text()

    def show_state(self, state: NeutralState, *, kept: bool = False) -> None:
        """Show ``state`` of the selected face; ``kept`` says whether a neutral was kept for another time."""
        if (state, kept) == (self.state, self._kept) and self._words.text():
            return
        self.state, self._kept = state, kept
        self._say()

    def _say(self) -> None:
        offers_kept = self._kept and self.state is NeutralState.NONE
        self.main_button.setEnabled(self.state is not NeutralState.TAKING)
        self.side_button.setVisible(offers_kept or self.state is NeutralState.TAKEN)
        if self.state is NeutralState.TAKING:
            self._words.setText(tr("Look neutral for three seconds…"))
            self.main_button.setText(tr("Taking it…"))
        elif self.state is NeutralState.TAKEN:
            self._words.setText(tr("Read against this person's own neutral."))
            self.main_button.setText(tr("Undo"))
            self.main_button.setToolTip(tr("Read this face as every other again (Ctrl+N)"))
            self.side_button.setText(tr("Delete kept") if self._kept else tr("Keep"))
            self.side_button.setToolTip(
                tr("Delete the neutral that was kept")
                if self._kept
                else tr("Keep it on this computer for another time; nothing is kept unless you ask")
            )
        else:
            self._words.setText(tr("Does a resting face read as a feeling?"))
            self.main_button.setText(tr("My neutral"))
            self.main_button.setToolTip(
                tr("Look neutral for three seconds; this face is then read against it (Ctrl+N)")
            )
            self.side_button.setText(tr("Use kept"))
            self.side_button.setToolTip(tr("Read this face against the neutral that was kept"))

    def _main(self) -> None:
        (self.undo_asked if self.state is NeutralState.TAKEN else self.take_asked).emit()

    def _side(self) -> None:
        if self.state is NeutralState.NONE:
            self.give_asked.emit()
        else:
            (self.drop_asked if self._kept else self.keep_asked).emit()
