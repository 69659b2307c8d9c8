"""The lines at the foot of the picture: how long each of them stays."""

from PySide6.QtCore import QObject, QTimer

from gui.first_steps import sentence
from gui.view import View

SHOWN_MS = 5000
"""Long enough to be read."""


class Notices(QObject):
    """Says lines on ``view``, the newest in the place of the one before, and takes them away again."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._view = view
        self._of_source = False
        self._waits = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_away)

    def say(self, line: str) -> None:
        """Say ``line`` for a while, whatever becomes of the picture."""
        self._show(line)

    def say_of_source(self, line: str) -> None:
        """Say ``line`` for a while, or until the source of which it speaks is gone."""
        self._show(line, of_source=True)

    def say_lost(self, line: str) -> None:
        """Say ``line`` over a picture that is no longer so, until there is another, and for a while then."""
        self._show(line, of_source=True, waits=True)

    def picture_came(self) -> None:
        """There is a picture again."""
        if self._waits:
            self._waits = False
            self._timer.start(SHOWN_MS)

    def source_went(self) -> None:
        """What was said of the source is said no longer."""
        if self._of_source:
            self._take_away()

    def set_seen(self, seen: bool) -> None:
        """Whether somebody can see the lines: a while is counted only then."""
        if not seen:
            self._timer.stop()
        elif self._view.notice and not self._waits:
            self._timer.start(SHOWN_MS)

    def _show(self, line: str, *, of_source: bool = False, waits: bool = False) -> None:
        self._of_source, self._waits = of_source, waits
        self._view.show_notice(sentence(line), stale=waits)
        if waits or not self._view.isVisible():
            self._timer.stop()
        else:
            self._timer.start(SHOWN_MS)

    def _take_away(self) -> None:
        self._timer.stop()
        self._of_source = self._waits = False
        self._view.show_notice("")
