"""The choice of what is looked at: the cameras of this machine by name, and the file or stream that was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Signal

from gui.controls import Combo
from gui.language import tr

if TYPE_CHECKING:  # loads OpenCV, which the window does not wait for
    from realtime.sources import CameraDescription

SourceName = str | int | Path
"""What ``realtime.sources.open_source`` takes: a camera's number or name, a URL, a file or folder."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list, and what it opens."""

    text: str
    source: SourceName


class SourceChooser(Combo):
    """Lists cameras and, last, the other source that was opened; tells when the user chooses."""

    chosen = Signal(object)
    """A ``SourceName``."""
    opening = Signal()
    """The list is about to be looked at, and should be fresh."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(260)
        self.setAccessibleName(tr("Camera"))
        self.setToolTip(tr("Choose a camera"))
        self._cameras: tuple[Choice, ...] = ()
        self._other: Choice | None = None
        self._choices: tuple[Choice, ...] = ()
        self.activated.connect(self._choose)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The lines, from top to bottom."""
        return self._choices

    @property
    def source(self) -> SourceName | None:
        """What is chosen."""
        return self._choices[self.currentIndex()].source if self.currentIndex() >= 0 else None

    def show_cameras(self, cameras: "Sequence[CameraDescription]") -> None:
        """List these cameras; what is chosen stays so, though its camera be gone."""
        found = tuple(Choice(camera.name, camera.number) for camera in cameras)
        if found == self._cameras:  # looked at every few seconds: a list that is open stays as it is
            return
        self._cameras = found
        if self.source is not None:
            self.show_source(self.source)

    def show_source(self, source: SourceName) -> None:
        """Make ``source`` the chosen one, listing it if it is not there."""
        here = [choice for choice in self._cameras if _is(choice, source)]
        if not here:
            self._other = Choice(name_of(source), source)
        self._choices = (*self._cameras, *([self._other] if self._keeps_other() and self._other else []))
        self.clear()
        self.addItems([choice.text for choice in self._choices])
        self.setCurrentIndex(self._choices.index(here[0] if here else Choice(name_of(source), source)))

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.opening.emit()
        super().showPopup()

    def _keeps_other(self) -> bool:
        return self._other is not None and not any(_is(choice, self._other.source) for choice in self._cameras)

    def _choose(self, index: int) -> None:
        self.chosen.emit(self._choices[index].source)


def is_camera(source: SourceName) -> bool:
    """Whether ``source`` is the number of a camera."""
    return not isinstance(source, Path) and str(source).strip().isdecimal()


def name_of(source: SourceName) -> str:
    """A short name for ``source``: without folders, and without the password of a URL."""
    if is_camera(source):
        return tr("Camera {number}", number=source)
    if isinstance(source, str) and "://" in source:
        address = urlsplit(source)
        return f"{address.netloc.rpartition('@')[2]}{address.path}"
    return Path(str(source)).name or str(source)


def _is(choice: Choice, source: SourceName) -> bool:
    return str(choice.source) == str(source) or choice.text == source
