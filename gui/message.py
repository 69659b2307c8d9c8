"""A few calm words in the middle of the view: what is happening, and what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.first_steps import Action, Screen
from gui.language import tr

_WIDTH = 440


class Message(QWidget):
    """A title, a line of detail, and buttons for what can be done now."""

    wanted = Signal(object)
    """The :class:`~gui.first_steps.Action` of a button that was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaximumWidth(_WIDTH)
        self._title = QLabel()
        self._detail = QLabel()
        self._title.setProperty("role", "title")
        self._detail.setProperty("role", "detail")
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = {action: self._button(action, *words) for action, words in _words().items()}
        self.open_file = self._buttons[Action.OPEN_FILE]
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for label in (self._title, self._detail):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(_WIDTH - 40)
            layout.addWidget(label)
        layout.addSpacing(6)
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        layout.addLayout(self._row)
        self.hide()

    def _button(self, action: Action, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.wanted.emit(action))
        return button

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def detail(self) -> str:
        return self._detail.text()

    @property
    def actions_offered(self) -> tuple[Action, ...]:
        """What there are buttons for, from left to right."""
        return self._offered

    def button(self, action: Action) -> QPushButton:
        """The button of ``action``, shown or not."""
        return self._buttons[action]

    def say(self, title: str, detail: str = "", *, offer_file: bool = False) -> None:
        """Show these words, and a button that opens a file if ``offer_file``."""
        self.show_screen(Screen(title, detail, (Action.OPEN_FILE,) if offer_file else ()))

    def show_screen(self, screen: Screen) -> None:
        """Show the words and the buttons of ``screen``."""
        self._title.setText(screen.title)
        self._detail.setText(screen.detail)
        self._detail.setVisible(bool(screen.detail))
        self._offer(screen.actions)
        self.setAccessibleName(screen.title)
        self.setAccessibleDescription(screen.detail)
        self.show()

    def _offer(self, actions: tuple[Action, ...]) -> None:
        self._offered = actions
        while self._row.count():
            self._row.takeAt(0)
        self._row.addStretch()
        before: QWidget | None = None
        for action in actions:
            button = self._buttons[action]
            self._row.addWidget(button)
            if before is not None:
                QWidget.setTabOrder(before, button)
            before = button
        self._row.addStretch()
        for action, button in self._buttons.items():
            button.setVisible(action in actions)


def _words() -> dict[Action, tuple[str, str]]:
    """What a button says, and what its tooltip does."""
    return {
        Action.TRY_AGAIN: (tr("Try again"), tr("Start the same source once more (Space)")),
        Action.OPEN_FILE: (tr("Open a file…"), tr("Open a video or a picture (Ctrl+O)")),
        Action.DEMO: (tr("Look at the demo"), tr("Drawn faces, to see how it works")),
        Action.SETTINGS: (tr("Settings…"), tr("Open the settings (Ctrl+,)")),
    }
